"""Find the header of a grid, below title lines and in one row, and match it with the layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise

import numpy as np

from helpline_report.exports.findings import Findings
from helpline_report.exports.row_patterns import RowPatterns
from helpline_report.exports.shapes import plain, shape
from helpline_report.exports.text_tables import Grid
from helpline_report.parameters.row_layouts import RowFile

WITHIN = 20
# So many rows are looked through, to tell a header that stands too low from one that is missing.
SEARCHED = 1_000


def names_in(cells: Sequence[str], file: RowFile) -> set[str]:
    """The expected columns that are named in some cells, in their plain form."""
    return {plain(cell) for cell in cells} & {plain(name) for name in file.expected()}


def find_header(grid: Grid, file: RowFile, findings: Findings) -> int | None:
    """The row of the header, or the first row that holds something where no row names a column.

    None where it is refused: lines above it that may be rows, or too many (B15), names in two rows
    (B16). Title lines are noted (B15).
    """
    head = header_row(grid, file)
    above = np.flatnonzero(~grid.blank()[:head])
    line = int(grid.lines[head])
    if line > WITHIN and (above.size or head >= SEARCHED):
        findings.add(
            "B15", "below", line=line, rows=head if not above.size else above.size, most=WITHIN
        )
        return None
    if _is_split(grid, head, file, findings):
        return None
    patterns = RowPatterns.of(grid, head, file)
    for row in above:
        if not patterns.is_title(grid.cells(int(row))):
            findings.add("B15", "row", line=grid.lines[row])
            return None
    if above.size:
        findings.noted["B15"] += int(above.size)
    return head


def header_row(grid: Grid, file: RowFile) -> int:
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


def _is_split(grid: Grid, head: int, file: RowFile, findings: Findings) -> bool:
    """Whether the row above groups the columns of the header, or names stand in two rows (B16)."""
    cells = grid.cells(head)
    above = grid.cells(head - 1) if head else []
    below = grid.cells(head + 1) if head + 1 < len(grid.lines) else []
    groups = _are_groups(above)
    here = names_in(cells, file)
    others = (names_in(above, file) | names_in(below, file)) - here
    missing = len(here) < len({plain(name) for name in file.expected()})
    if not groups and not (others and missing and here):
        return False
    first = head - 1 if groups or names_in(above, file) else head
    findings.add("B16", "two_rows", line=grid.lines[first])
    return True


def _are_groups(cells: Sequence[str]) -> bool:
    """Whether cells are names of groups: with gaps between them, or the same again beside it."""
    filled = [at for at, cell in enumerate(cells) if cell.strip()]
    if len(filled) < 2:  # noqa: PLR2004 - one group is none
        return False
    gaps = filled[-1] - filled[0] >= len(filled)
    again = any(a and plain(a) == plain(b) for a, b in pairwise(cells))
    return gaps or again


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
    named = [known.get(plain(cell)) for cell in cells]
    if not any(named):
        names = ", ".join(expected)
        findings.add("B22", "no_header", line=line, columns=len(expected), names=names)
        return None
    before = len(findings.problems)
    _refuse_twice(cells, named, findings, line)
    _refuse_missing(cells, named, expected, findings, line=line)
    _refuse_extra(cells, named, expected, findings, line=line)
    if len(findings.problems) > before:
        return None
    others = sum(name is not None and cell != name for cell, name in zip(cells, named, strict=True))
    if others:
        findings.noted["B21"] += others
    return {name: named.index(name) for name in expected}


def _refuse_twice(
    cells: Sequence[str], named: list[str | None], findings: Findings, line: int
) -> None:
    first_of: dict[str, int] = {}
    for position, cell in enumerate(cells, start=1):
        name = named[position - 1]
        first = first_of.setdefault(plain(cell), position)
        if first < position and plain(cell):
            case = "named" if name else "unnamed"
            findings.add(
                "B20",
                case,
                line=line,
                column=name or "",
                name=name,
                shape=shape(cell),
                first=first,
                second=position,
            )


def _refuse_missing(
    cells: Sequence[str],
    named: list[str | None],
    expected: Sequence[str],
    findings: Findings,
    *,
    line: int,
) -> None:
    unnamed = {plain(cells[at]): at for at, name in enumerate(named) if name is None}
    for name in expected:
        if name not in named:
            close = get_close_matches(plain(name), list(unnamed), n=1, cutoff=0.6)
            hint = f", is it the column at position {unnamed[close[0]] + 1}?" if close else ""
            findings.add("B22", "missing", line=line, column=name, name=name, hint=hint)


def _refuse_extra(
    cells: Sequence[str],
    named: list[str | None],
    expected: Sequence[str],
    findings: Findings,
    *,
    line: int,
) -> None:
    original: Mapping[str, str] = {plain(name): name for name in expected}
    for position, cell in enumerate(cells, start=1):
        if named[position - 1] is None:
            close = get_close_matches(plain(cell), list(original), n=1)
            hint = f", the nearest is '{original[close[0]]}'" if close else ""
            findings.add("B23", line=line, position=position, shape=shape(cell), hint=hint)
