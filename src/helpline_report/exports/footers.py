"""Tell what stands under the data from the data: a total row, a footer, a stray cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from helpline_report.exports.findings import Findings
from helpline_report.exports.row_patterns import RowPatterns
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


class Footers:
    """The rows under the data, taken from the last one upwards, and what they say of those above.

    `rows` says which rows of the grid they are. Total rows (B18) and footers that the layout knows
    (B19) are left out; any other footer (B19), a stray cell (B32) and a total row without a number
    (B18) are refused.
    """

    def __init__(
        self, grid: Grid, head: int, patterns: RowPatterns, file: RowFile, findings: Findings
    ) -> None:
        self.rows: Mask = np.zeros(len(grid.lines), dtype=np.bool_)
        self._patterns = patterns
        self._file = file
        self._findings = findings
        # Numbers of rows that total rows and footers give, with their line.
        self._totals: list[tuple[int, int]] = []
        self._counts: list[tuple[int, int]] = []
        for row in _upwards(grid, head):
            cells = grid.cells(row)
            if self._goes_on(grid, row) or not self._take(cells, int(grid.lines[row])):
                break
            self.rows[row] = True

    def check(self, number: int) -> None:
        """Refuse totals that aren't the number of rows (B18), and footers that say more or less."""
        for line, total in self._totals:
            if total != number:
                self._findings.add("B18", "wrong", line=line, rows=number)
        for line, count in self._counts:
            if count != number:
                code = "B10" if number < count else "B70"
                self._findings.add(code, "footer", line=line, count=count, rows=number)

    def _goes_on(self, grid: Grid, row: int) -> bool:
        """Whether a row is the rest of the one above it, which a newline broke."""
        above, here = int(grid.widths[row - 1]), int(grid.widths[row])
        return 1 < above < self._patterns.width and above + here == self._patterns.width + 1

    def _take(self, cells: Sequence[str], line: int) -> bool:
        """Take one row, unless it is data."""
        filled = [(at, cell.strip()) for at, cell in enumerate(cells) if cell.strip()]
        if not filled:
            return False
        at, text = filled[0]
        known = [re.fullmatch(pattern, text) for pattern in self._file.footer]
        footer = next((match for match in known if match is not None), None)
        if len(filled) == 1 and footer is not None:
            self._take_footer(footer, line)
            return True
        if self._patterns.is_row(cells):
            return False
        if any(TOTAL.match(cell) for _, cell in filled):
            self._take_total([cell for _, cell in filled], line)
            return True
        whole = len(filled) > 1 and len(cells) >= self._patterns.width
        if whole or self._patterns.begins_row(cells):
            return False
        code, case = ("B32", "stray") if len(filled) == 1 and at > 0 else ("B19", "unknown")
        self._findings.add(code, case, line=line, row=True)
        return True

    def _take_footer(self, footer: re.Match[str], line: int) -> None:
        self._findings.excluded["B19"] += 1
        text = footer.groupdict().get("rows")
        if text is None:
            return
        count = _number(text)
        if count is None:
            self._findings.add("B19", "no_number", line=line)
        else:
            self._counts.append((line, count))

    def _take_total(self, cells: Sequence[str], line: int) -> None:
        """A total row; its numbers may stand in the cell of its label: `Totaal: 4.812`."""
        self._findings.excluded["B18"] += 1
        texts = [TOTAL.sub("", cell, count=1).strip(" :=") for cell in cells]
        numbers = [number for number in map(_number, texts) if number is not None]
        if not numbers:
            self._findings.add("B18", "no_number", line=line)
        self._totals += [(line, number) for number in numbers]


def _upwards(grid: Grid, head: int) -> Iterator[int]:
    filled = np.flatnonzero(~grid.blank())
    yield from (int(row) for row in filled[filled > head][: -LOOKED_AT - 1 : -1])


def _number(text: str) -> int | None:
    """A whole number, perhaps with marks between its thousands."""
    return int(MARKS.sub("", text)) if GROUPED.fullmatch(text) else None
