"""Learn what rows of a file look like, to tell a title or a footer from somebody's row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpline_report.exports.shapes import plain
from helpline_report.exports.text_tables import Grid
from helpline_report.parameters.row_layouts import RowFile

COMPARED = 20


@dataclass(frozen=True)
class CellPattern:
    """What some cells have in common: their kinds of characters and their least length.

    `every` are the kinds that each cell has, `any` those that one has: for the keys `C-1` and
    `C-23x` capitals, digits and a hyphen, and small letters besides.
    """

    every: frozenset[str]
    any: frozenset[str]
    shortest: int

    @classmethod
    def of(cls, cells: Sequence[str]) -> CellPattern:
        """The pattern of one cell or more."""
        kinds = [_kinds(cell) for cell in cells]
        shortest = min(len(cell.strip()) for cell in cells)
        return cls(frozenset.intersection(*kinds), frozenset.union(*kinds), shortest)

    def fits(self, cell: str) -> bool:
        """Whether a cell looks as these do."""
        return self.every <= _kinds(cell) <= self.any and len(cell.strip()) >= self.shortest

    def begins(self, cell: str) -> bool:
        """Whether a cell may be the beginning of one that looks as these do."""
        return _kinds(cell) <= self.any


@dataclass(frozen=True)
class RowPatterns:
    """The width of the rows below a header, and the pattern of the cells that identify them.

    Those cells are the keys or, in a file without keys, the dates; by their position (0-based).
    """

    width: int
    cells: dict[int, CellPattern]

    @classmethod
    def of(cls, grid: Grid, head: int, file: RowFile) -> RowPatterns:
        """The patterns of the first rows below the header: of half of them, as a footer is none."""
        names = grid.cells(head)
        due = {plain(name) for name in _identifying(file)}
        below = np.flatnonzero(~grid.blank())
        below = below[below > head]
        whole = below[grid.widths[below] == len(names)]
        below = whole if whole.size else below[:1]
        rows = [grid.cells(int(row)) for row in below[: min(COMPARED, (len(below) + 1) // 2)]]
        patterns = {}
        for at in (at for at, name in enumerate(names) if plain(name) in due):
            filled = [row[at] for row in rows if at < len(row) and row[at].strip()]
            if filled:
                patterns[at] = CellPattern.of(filled)
        return cls(len(names), patterns)

    def is_row(self, cells: Sequence[str]) -> bool:
        """Whether cells look like those of a row, whole or not: one that identifies rows does."""
        return any(
            at < len(cells) and pattern.fits(cells[at]) for at, pattern in self.cells.items()
        )

    def begins_row(self, cells: Sequence[str]) -> bool:
        """Whether a cell alone looks like the beginning of a row that was cut off within it."""
        return len(cells) == 1 and 0 in self.cells and self.cells[0].begins(cells[0])

    def is_title(self, cells: Sequence[str]) -> bool:
        """Whether cells are a title: few, or one alone, and none like those of a row."""
        filled = sum(bool(cell.strip()) for cell in cells)
        return (filled * 2 < self.width or filled == 1) and not self.is_row(cells)


def _identifying(file: RowFile) -> list[str]:
    keys = [name for table in file.tables.values() for name in table.key_columns()]
    return keys or [
        name
        for table in file.tables.values()
        for name, column in table.columns.items()
        if column.kind == "date"
    ]


def _kinds(text: str) -> frozenset[str]:
    return frozenset(map(_kind, text.strip()))


def _kind(character: str) -> str:
    if character.isdigit():
        return "9"
    if character.isalpha():
        return "A" if character.isupper() else "a"
    return character
