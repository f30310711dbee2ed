"""A worksheet of which nothing is known as a grid: its texts, as the workbook shows them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

import numpy as np
import pandas as pd

from helpline_report.exports.grid import Lines, Mask
from helpline_report.exports.text import TextColumn


class SheetRows:
    """The rows of a sheet, all as wide as the widest, a `Grid`."""

    cut_off = False

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self._rows = rows
        width = max((len(row) for row in rows), default=0)
        self.lines: Lines = np.arange(1, len(rows) + 1, dtype=np.int64)
        self.widths: Lines = np.full(len(rows), width, dtype=np.int64)

    def blank(self) -> Mask:
        """Rows that hold nothing but spaces."""
        filled = (any(cell.strip() for cell in row) for row in self._rows)
        return ~np.fromiter(filled, dtype=np.bool_, count=len(self._rows))

    def cells(self, row: int) -> list[str]:
        """The texts of one row."""
        cells = list(self._rows[row])
        return cells + [""] * (int(self.widths[row]) - len(cells))

    def columns(self, rows: Mask, width: int, wanted: Sequence[int]) -> dict[int, TextColumn]:
        """Columns (0-based) of some rows."""
        del width
        kept = list(compress(self._rows, rows))
        return {at: _column([row[at] if at < len(row) else "" for row in kept]) for at in wanted}


def _column(texts: Sequence[str]) -> TextColumn:
    codes, distinct = pd.factorize(np.array(texts, dtype=object))
    return TextColumn([str(text) for text in distinct], codes.astype(np.int32))
