"""Where the header of a grid stands: below title lines, and in one row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from helpline_report.exports.findings import Findings
from helpline_report.exports.looks import Looks
from helpline_report.exports.shapes import plain
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
    filled = np.flatnonzero(~grid.blank())
    head = header_row(grid, file)
    above = filled[filled < head]
    line = int(grid.lines[head])
    if line > WITHIN and (above.size or head >= SEARCHED):
        findings.refuse(
            "B15",
            f"the header stands below {above.size} other rows",
            line=line,
            expected=f"it within {WITHIN} lines",
            next_step="leave out what stands above the header",
        )
        return None
    if _is_split(grid, head, file, findings):
        return None
    looks = Looks.of(grid, head, file)
    for row in above:
        if not looks.title(grid.cells(int(row))):
            findings.refuse(
                "B15",
                "a row above the header, which is no title",
                line=int(grid.lines[row]),
                next_step="put the header first, above all rows",
            )
            return None
    if above.size:
        findings.noted["B15"] += int(above.size)
    return head


def header_row(grid: Grid, file: RowFile) -> int:
    """The row of a grid that is the best header, among the first rows."""
    upper = range(min(len(grid.lines), SEARCHED))
    if grid.blank()[upper.start : upper.stop].all():
        return int(np.flatnonzero(~grid.blank())[0])
    return best_row((grid.cells(row) for row in upper), file)


def best_row(rows: Iterable[Sequence[str]], file: RowFile) -> int:
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
    groups = _groups(above)
    here = names_in(cells, file)
    others = (names_in(above, file) | names_in(below, file)) - here
    missing = len(here) < len({plain(name) for name in file.expected()})
    if not groups and not (others and missing and here):
        return False
    findings.refuse(
        "B16",
        "a header of two rows, or of merged cells",
        line=int(grid.lines[head - 1 if groups or names_in(above, file) else head]),
        expected="one row with a name for each column",
        next_step="export without groups of columns and without merged cells",
    )
    return True


def _groups(cells: Sequence[str]) -> bool:
    """Whether cells are names of groups: with gaps between them, or the same again beside it."""
    filled = [at for at, cell in enumerate(cells) if cell.strip()]
    if len(filled) < 2:  # noqa: PLR2004 - one group is none
        return False
    gaps = filled[-1] - filled[0] >= len(filled)
    again = any(a and plain(a) == plain(b) for a, b in pairwise(cells))
    return gaps or again
