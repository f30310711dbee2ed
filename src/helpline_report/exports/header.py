"""Find the header of a grid and match it with the layout; learn what rows look like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any

import numpy as np

from helpline_report.exports.cell_texts import plain, shape
from helpline_report.exports.faults import Findings
from helpline_report.exports.text_tables import RowGrid
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


def _kinds(text: str) -> frozenset[str]:
    def kind(character: str) -> str:
        if character.isalpha():
            return "A" if character.isupper() else "a"
        return "9" if character.isdigit() else character

    return frozenset(map(kind, text.strip()))


@dataclass(frozen=True)
class RowPatterns:
    """The width of the rows below a header, and the pattern of the cells that identify them.

    Those cells are the keys or, in a file without keys, the dates; by their position (0-based).
    """

    width: int
    cells: dict[int, CellPattern]

    @classmethod
    def of(cls, grid: RowGrid, head: int, file: RowFile) -> RowPatterns:
        """The patterns of the first rows below the header: of half of them, as a footer is none."""
        tables = file.tables.values()
        dates = (
            name
            for table in tables
            for name, column in table.columns.items()
            if column.kind == "date"
        )
        due = {plain(key) for table in tables for key in table.key_columns()}
        due = due or {plain(name) for name in dates}
        names = grid.cells(head)
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
        return len(cells) == 1 and 0 in self.cells and _kinds(cells[0]) <= self.cells[0].any

    def is_title(self, cells: Sequence[str]) -> bool:
        """Whether cells are a title: few, or one alone, and none like those of a row."""
        filled = sum(bool(cell.strip()) for cell in cells)
        return (filled * 2 < self.width or filled == 1) and not self.is_row(cells)


WITHIN = 20
# So many rows are looked through, to tell a header that stands too low from one that is missing.
SEARCHED = 1_000


def is_ignored(cell: str, file: RowFile) -> bool:
    """Whether a column that no table takes is ignored, by its name or by a pattern."""
    return any(fnmatchcase(plain(cell), plain(pattern)) for pattern in file.ignored)


def names_in(cells: Sequence[str], file: RowFile) -> set[str]:
    """The expected columns that are named in some cells, in their plain form."""
    return {plain(cell) for cell in cells} & {plain(name) for name in file.expected()}


def find_header(grid: RowGrid, file: RowFile, findings: Findings) -> int | None:
    """The row of the header, or the first row that holds something where no row names a column.

    None where it is refused: lines above it that may be rows, or too many (B15), names in two rows
    (B16). Title lines are noted (B15).
    """
    head = header_row(grid, file)
    above = np.flatnonzero(~grid.blank()[:head])
    line = int(grid.lines[head])
    if line > WITHIN and (above.size or head >= SEARCHED):
        findings.add("B15", "below", line=line, rows=above.size or head, most=WITHIN)
        return None
    split = _first_of_two(grid, head, file)
    if split is not None:
        findings.add("B16", "two_rows", line=grid.lines[split])
        return None
    patterns = RowPatterns.of(grid, head, file)
    for row in above:
        if not patterns.is_title(grid.cells(int(row))):
            findings.add("B15", "row", line=grid.lines[row])
            return None
    if above.size:
        findings.noted["B15"] += int(above.size)
    return head


def header_row(grid: RowGrid, file: RowFile) -> int:
    """The row of a grid that is the best header, among the first rows."""
    upper = min(len(grid.lines), SEARCHED)
    if grid.blank()[:upper].all():
        return int(np.flatnonzero(~grid.blank())[0])
    return best_header((grid.cells(row) for row in range(upper)), file)


def best_header(rows: Iterable[Sequence[str]], file: RowFile) -> int:
    """The first row that names most of the columns, or else the one that names more than others.

    Where no row names any, it is the first that holds something; 0 where none does.
    """
    due = len({plain(name) for name in file.expected()})
    best, most = -1, 0
    for at, cells in enumerate(rows):
        named = len(names_in(cells, file))
        if named * 2 > due:
            return at
        if named > most or (best < 0 and any(map(str.strip, cells))):
            best, most = at, named
    return max(best, 0)


def _first_of_two(grid: RowGrid, head: int, file: RowFile) -> int | None:
    """The first row of a header of two: groups above its names, or names that stand in both."""
    above = grid.cells(head - 1) if head else []
    below = grid.cells(head + 1) if head + 1 < len(grid.lines) else []
    # Groups have gaps between them, or the same name again beside it; one group is none.
    filled = [at for at, cell in enumerate(above) if cell.strip()]
    gaps = len(filled) > 1 and filled[-1] - filled[0] >= len(filled)
    again = any(first and plain(first) == plain(second) for first, second in pairwise(above))
    groups = len(filled) > 1 and (gaps or again)
    here, named_above = names_in(grid.cells(head), file), names_in(above, file)
    others = (named_above | names_in(below, file)) - here
    missing = len(here) < len({plain(name) for name in file.expected()})
    if groups or (others and missing and here):
        return head - 1 if groups or named_above else head
    return None


def match_header(
    cells: Sequence[str], file: RowFile, findings: Findings, *, line: int
) -> dict[str, int] | None:
    """The position (0-based) of each expected column, in the order of the layout.

    None where the header is refused: B20 (a column twice), B22 (missing), B23 (too many). A name
    that differs in case, spaces or accents is repaired (B21). Cells are shown by their shape: where
    the header is missing, the first line is somebody's row.
    """
    expected = file.expected()
    known = {plain(name): name for name in (*file.ignored, *expected)}
    named = [known.get(plain(cell)) or (cell if is_ignored(cell, file) else None) for cell in cells]
    if not any(named):
        names = ", ".join(expected)
        findings.add("B22", "no_header", line=line, columns=len(expected), names=names)
        return None
    faults = list(_header_faults(cells, named, expected))
    for code, case, values in faults:
        findings.add(code, case, line=line, column=values.get("name") or "", **values)
    if faults:
        return None
    others = sum(name is not None and cell != name for cell, name in zip(cells, named, strict=True))
    if others:
        findings.noted["B21"] += others
    return {name: named.index(name) for name in expected}


def _header_faults(
    cells: Sequence[str], named: Sequence[str | None], expected: Sequence[str]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Names that stand twice (B20), are missing (B22) or unknown (B23), with the nearest."""
    first_of: dict[str, int] = {}
    for position, (cell, name) in enumerate(zip(cells, named, strict=True), start=1):
        first = first_of.setdefault(plain(cell), position)
        if first < position and plain(cell):
            values = {"name": name, "shape": shape(cell), "first": first, "second": position}
            yield "B20", "named" if name else "unnamed", values
    unnamed = {plain(cells[at]): at for at, name in enumerate(named) if name is None}
    for name in expected:
        if name not in named:
            close = get_close_matches(plain(name), list(unnamed), n=1, cutoff=0.6)
            hint = f", is it the column at position {unnamed[close[0]] + 1}?" if close else ""
            yield "B22", "missing", {"name": name, "hint": hint}
    original = {plain(name): name for name in expected}
    for position, (cell, name) in enumerate(zip(cells, named, strict=True), start=1):
        if name is None:
            close = get_close_matches(plain(cell), list(original), n=1)
            hint = f", the nearest is '{original[close[0]]}'" if close else ""
            yield "B23", "", {"position": position, "shape": shape(cell), "hint": hint}
