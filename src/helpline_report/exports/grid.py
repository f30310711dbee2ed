"""A grid: rows of cells of text, whatever kind of file they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from helpline_report.exports.text import TextColumn

Lines = npt.NDArray[np.signedinteger]
Mask = npt.NDArray[np.bool_]


class Grid(Protocol):
    """The rows of one delimited text or worksheet, top to bottom, blank ones too.

    `lines` is the physical line (1-based) of each row, or its number in the sheet; `widths` is how
    many cells each has, as the file says it. A cell is text as it stands in the file. `cut_off`
    says that the file ends within its last row, as one that was cut off would; a worksheet never.
    """

    @property
    def lines(self) -> Lines:
        """The physical line (1-based) or the number in the sheet of each row."""
        ...

    @property
    def widths(self) -> Lines:
        """How many cells each row has."""
        ...

    @property
    def cut_off(self) -> bool:
        """Whether the file ends without ending its last row."""
        ...

    def blank(self) -> Mask:
        """Rows that hold nothing but empty cells."""
        ...

    def cells(self, row: int) -> list[str]:
        """The cells of one row, by its place in the grid (0-based)."""
        ...

    def columns(self, rows: Mask, width: int, wanted: Sequence[int]) -> dict[int, TextColumn]:
        """Columns (0-based) of some rows, each of which has `width` cells."""
        ...
