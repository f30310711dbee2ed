"""What stands under the data: a total row, a footer, a stray cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from helpline_report.exports.findings import Findings
from helpline_report.exports.looks import Looks
from helpline_report.exports.text_tables import Grid, Mask
from helpline_report.parameters.row_layouts import RowFile

# So many rows under the data are looked at; more are no footer, but rows of something else.
LOOKED_AT = 50
TOTAL = re.compile(
    r"(?:(?:algemeen|grand|general|sub|eind)[\s-]*)?"
    r"(?:totaal|totalen|total|totals|totale|totaux|som|somme|sum|gesamt\w*|summe|insgesamt)\b",
    re.IGNORECASE,
)
GROUPED = re.compile(r"\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+|\d+", re.ASCII)
MARKS = re.compile(r"[.,' \u00a0\u202f]")


@dataclass
class Below:
    """Rows under the data by their place in the grid, and what they say of the rows above.

    `rows` says which rows of the grid they are; `totals` and `counts` are numbers of rows that
    total rows and footers give, with their line.
    """

    rows: Mask
    totals: list[tuple[int, int]] = field(default_factory=list)
    counts: list[tuple[int, int]] = field(default_factory=list)

    def check(self, number: int, findings: Findings) -> None:
        """Refuse totals that aren't the number of rows (B18), and footers that say more or less."""
        for line, total in self.totals:
            if total != number:
                findings.refuse(
                    "B18",
                    "a total row with another number than that of the rows above it",
                    line=line,
                    expected=f"{number}",
                    next_step="export the file again, whole and without a total row",
                )
        for line, count in self.counts:
            if count != number:
                findings.refuse(
                    "B10" if number < count else "B70",
                    f"the footer says {count} row(s), and {number} stand above it",
                    line=line,
                    next_step="export the file again, whole",
                )


def take_below(grid: Grid, head: int, looks: Looks, file: RowFile, findings: Findings) -> Below:
    """Tell the rows under the data from the data, from the last row upwards.

    Leaves out total rows (B18) and footers that the layout knows (B19); refuses any other footer
    (B19), a stray cell (B32) and a total row without a number (B18).
    """
    below = Below(np.zeros(len(grid.lines), dtype=np.bool_))
    for row in _upwards(grid, head):
        cells = grid.cells(row)
        if _goes_on(grid, row, looks) or not _take(
            below, cells, int(grid.lines[row]), looks=looks, file=file, findings=findings
        ):
            break
        below.rows[row] = True
    return below


def _upwards(grid: Grid, head: int) -> Iterator[int]:
    filled = np.flatnonzero(~grid.blank())
    yield from (int(row) for row in filled[filled > head][: -LOOKED_AT - 1 : -1])


def _goes_on(grid: Grid, row: int, looks: Looks) -> bool:
    """Whether a row is the rest of the one above it, which a newline broke."""
    above, here = int(grid.widths[row - 1]), int(grid.widths[row])
    return 1 < above < looks.width and above + here == looks.width + 1


def _take(
    below: Below,
    cells: Sequence[str],
    line: int,
    *,
    looks: Looks,
    file: RowFile,
    findings: Findings,
) -> bool:
    """Take one row, unless it is data."""
    filled = [(at, cell.strip()) for at, cell in enumerate(cells) if cell.strip()]
    at, text = filled[0]
    if len(filled) == 1:
        for pattern in file.footer:
            found = re.fullmatch(pattern, text)
            if found is not None:
                _take_footer(below, found, line, findings)
                return True
    if looks.row(cells):
        return False
    if any(TOTAL.match(cell) for _, cell in filled):
        _take_total(below, [cell for _, cell in filled], line, findings)
        return True
    if len(filled) > 1 and len(cells) >= looks.width:
        return False
    if looks.begun(cells):
        return False
    stray = len(filled) == 1 and at > 0
    findings.refuse(
        "B32" if stray else "B19",
        "a stray cell under the data" if stray else "a footer that the layout doesn't know",
        line=line,
        row=True,
        next_step="leave it out of the export"
        + ("" if stray else ", or give its pattern in the layout under 'footer'"),
    )
    return True


def _take_footer(below: Below, found: re.Match[str], line: int, findings: Findings) -> None:
    findings.excluded["B19"] += 1
    said = found.groupdict().get("rows")
    if said is None:
        return
    count = _number(said)
    if count is None:
        findings.refuse("B19", "a footer whose 'rows' is no number", line=line)
    else:
        below.counts.append((line, count))


def _take_total(below: Below, cells: Sequence[str], line: int, findings: Findings) -> None:
    """A total row; its numbers may stand in the cell of its label: `Totaal: 4.812`."""
    findings.excluded["B18"] += 1
    texts = [TOTAL.sub("", cell, count=1).strip(" :=") for cell in cells]
    numbers = [number for number in map(_number, texts) if number is not None]
    if not numbers:
        what = "a total row without a number of rows"
        findings.refuse("B18", what, line=line, next_step="export the file without it")
    below.totals += [(line, number) for number in numbers]


def _number(text: str) -> int | None:
    """A whole number, perhaps with marks between its thousands."""
    return int(MARKS.sub("", text)) if GROUPED.fullmatch(text) else None
