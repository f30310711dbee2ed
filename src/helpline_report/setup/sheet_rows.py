"""Hold the rows of a file of which nothing is known, as a grid."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

import numpy as np

from helpline_report.exports.text_tables import Lines, Mask, TextColumn, column_of


class RowList:
    """The rows of a text or a sheet, a `Grid`; `lines` and `widths` have one entry a row."""

    cut_off = False

    def __init__(self, rows: Sequence[Sequence[str]], lines: Lines, widths: Lines) -> None:
        self._rows = rows
        self.lines = lines
        self.widths = widths

    @classmethod
    def of_sheet(cls, rows: Sequence[Sequence[str]]) -> RowList:
        """The rows of a sheet, from its first: all are as wide as the widest."""
        width = max((len(row) for row in rows), default=0)
        return cls(rows, np.arange(1, len(rows) + 1), np.full(len(rows), width))

    def blank(self) -> Mask:
        """Rows that hold nothing but spaces."""
        filled = (any(map(str.strip, row)) for row in self._rows)
        return ~np.fromiter(filled, dtype=np.bool_, count=len(self._rows))

    def cells(self, row: int) -> list[str]:
        """The texts of one row."""
        cells = list(self._rows[row])
        return cells + [""] * (int(self.widths[row]) - len(cells))

    def columns(self, rows: Mask, width: int, wanted: Sequence[int]) -> dict[int, TextColumn]:
        """Columns (0-based) of some rows."""
        del width
        chosen = list(compress(self._rows, rows))
        return {at: column_of(row[at] if at < len(row) else "" for row in chosen) for at in wanted}
