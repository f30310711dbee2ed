"""What rows of a file look like: so that a title or a footer is told from somebody's row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpline_report.exports.grid import Grid
from helpline_report.exports.shapes import plain, shape
from helpline_report.params.row_layouts import RowFile

AGAIN = re.compile(r"(.)\1+")
COMPARED = 20


@dataclass(frozen=True)
class Looks:
    """The width of the rows below a header, and the shapes of the cells that identify them.

    Those cells are the keys or, in a file without keys, the dates. `shapes` by position (0-based);
    `A9-9` for all keys of letters, digits, a hyphen and digits.
    """

    width: int
    shapes: dict[int, frozenset[str]]

    @classmethod
    def of(cls, grid: Grid, head: int, file: RowFile) -> Looks:
        """The looks of the first rows below the header."""
        cells = grid.cells(head)
        names = {plain(name) for name in _identifying(file)}
        positions = [at for at, cell in enumerate(cells) if plain(cell) in names]
        whole = np.flatnonzero((grid.widths == len(cells)) & ~grid.blank())
        rows = [grid.cells(int(row)) for row in whole[whole > head][:COMPARED]]
        shapes = {
            at: frozenset(_brief(row[at]) for row in rows if row[at].strip()) for at in positions
        }
        return cls(len(cells), shapes)

    def row(self, cells: Sequence[str]) -> bool:
        """Whether cells look like those of a row, whole or not: one that identifies rows does."""
        return any(
            at < len(cells) and cells[at].strip() and _brief(cells[at]) in shapes
            for at, shapes in self.shapes.items()
        )

    def begun(self, cells: Sequence[str]) -> bool:
        """Whether cells look like the beginning of a row that was cut off within its first cell."""
        return len(cells) == 1 and any(
            known.startswith(_brief(cells[0])) for known in self.shapes.get(0, ())
        )

    def title(self, cells: Sequence[str]) -> bool:
        """Whether cells are a title: few, or one alone, and none like those of a row."""
        filled = sum(bool(cell.strip()) for cell in cells)
        return (filled * 2 < self.width or filled == 1) and not self.row(cells)


def _identifying(file: RowFile) -> list[str]:
    keys = [name for table in file.tables.values() for name in table.key_columns()]
    return keys or [
        name
        for table in file.tables.values()
        for name, column in table.columns.items()
        if column.kind == "date"
    ]


def _brief(text: str) -> str:
    return AGAIN.sub(r"\1", shape(text.strip()).strip("'"))
