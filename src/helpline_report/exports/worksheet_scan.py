"""Scan the XML of worksheets for what a reader of values doesn't tell, and for what is too large.

That is: errors, formulas without a stored value, numbers shown in powers of ten, what is merged,
hidden or filtered, from which day dates count; and how much the cells unfold to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from helpline_report.exports.cells import Cell
from helpline_report.exports.faults import FaultError

ROWS, COLUMNS = 1_048_576, 16_384
# A reader of values keeps a place for each cell of a sheet up to its last row and column, and each
# text as often as it stands: ten columns of the longest sheet, and texts of half a gigabyte.
PLACES, TEXTS = 24_000_000, 1 << 29
# So many cells of a workbook may be at fault.
FAULTY = 1_000_000
LETTERS = 26
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
# The longest text of a cell is 32,767 characters.
LONGEST = 1 << 16

Span = tuple[int, int]


class Area(NamedTuple):
    """A block of cells, first and last included; rows from 1, columns from 0."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        first = f"{column_letters(self.left)}{self.top}"
        return f"{first}:{column_letters(self.right)}{self.bottom}"


@dataclass
class SheetScan:
    """What a worksheet says beside its values.

    `number` is its place in the workbook (from 1): a name may hold what a message must not. Rows
    count from 1, columns from 0; spans include first and last. `cells` are those that a reader of
    values gets wrong, by row and column; `exponents` the places of numbers shown in powers of ten;
    `negatives` numbers below zero as they are stored. `serials_shift` is the number of days from
    the usual day 0 of dates.
    """

    number: int
    name: str
    hidden: bool = False
    filtered: bool = False
    merged: list[Area] = field(default_factory=list)
    hidden_rows: list[Span] = field(default_factory=list)
    hidden_columns: list[Span] = field(default_factory=list)
    serials_shift: int = 0
    cells: dict[Span, Cell] = field(default_factory=dict)
    exponents: set[Span] = field(default_factory=set)
    negatives: dict[Span, str] = field(default_factory=dict)
    height: int = 0
    width: int = 0

    def note_filled(self, row: int, column: int) -> None:
        """Note that a cell holds something.

        Raises:
            FaultError: B11, a cell beyond the end of any sheet, or a sheet of too many places.
        """
        if row <= self.height and column < self.width:
            return
        self.height, self.width = max(self.height, row), max(self.width, column + 1)
        if row > ROWS:
            raise FaultError("B11", "rows", sheet=self.number, most=ROWS)
        if self.width > COLUMNS:
            raise FaultError("B11", "columns", sheet=self.number, most=COLUMNS)
        if self.height * self.width > PLACES:
            raise FaultError("B11", "cells", sheet=self.number)

    def note_faults(self) -> None:
        """Refuse a sheet that is made of faults.

        Raises:
            FaultError: B11.
        """
        if len(self.cells) + len(self.exponents) + len(self.negatives) > FAULTY:
            raise FaultError("B11", "errors", sheet=self.number)


def column_letters(column: int) -> str:
    """`A` for column 0, `AA` for column 26."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters


def place_of(reference: str) -> Span:
    """Row (from 1) and column (from 0) of a reference such as `B12`."""
    parts = REFERENCE.fullmatch(reference)
    if parts is None:
        raise FaultError("B09", "workbook")
    column = 0
    for letter in parts[1]:
        column = column * LETTERS + ord(letter) - ord("A") + 1
    if column > COLUMNS:
        raise FaultError("B09", "workbook")
    return int(parts[2]), column - 1
