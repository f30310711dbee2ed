"""Worksheets: cells as text with their kind, and what a scan says of a sheet."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from helpline_report.exports.faults import FaultError
from helpline_report.exports.text_tables import (
    NO_CELL,
    CellColumn,
    CellKind,
    WorkbookCell,
)

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
SAFE_DIGITS = 15  # a spreadsheet keeps so many digits of a number and loses the rest
HALF_SECOND, MIDNIGHT = dt.timedelta(milliseconds=500), dt.time(0)
SOME_DAY = dt.date(2000, 1, 1)


def make_cell(value: object, decimal: str) -> WorkbookCell:
    """The cell of a value as calamine gives it; numbers are written with `decimal`."""
    match value:
        case "":
            return NO_CELL
        case str():
            return WorkbookCell(value.replace("\r\n", "\n").replace("\r", "\n"), CellKind.TEXT)
        case bool():
            return WorkbookCell(str(value).upper(), CellKind.BOOLEAN)
        case float():
            return WorkbookCell(write_number(value, decimal), CellKind.NUMBER)
    return _cell_of_time(value)


def _cell_of_time(value: object) -> WorkbookCell:
    """A date, a time, both or a duration, to the second."""
    match value:
        case dt.datetime():
            moment = (value + HALF_SECOND).replace(microsecond=0)
            if moment.time() == MIDNIGHT:
                return WorkbookCell(moment.date().isoformat(), CellKind.DATE)
            return WorkbookCell(moment.isoformat(" "), CellKind.MOMENT)
        case dt.date():
            return WorkbookCell(value.isoformat(), CellKind.DATE)
        case dt.time():
            moment = dt.datetime.combine(SOME_DAY, value, dt.UTC) + HALF_SECOND
            return WorkbookCell(f"{moment:%H:%M:%S}", CellKind.TIME)
        case dt.timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return WorkbookCell(f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}", CellKind.TIME)
    raise TypeError(type(value).__name__)


def write_number(value: float, decimal: str) -> str:
    """A number without exponent or grouping; whole where it is whole."""
    text = format(Decimal(f"{value:.{SAFE_DIGITS}g}"), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace(".", decimal)


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
    cells: dict[Span, WorkbookCell] = field(default_factory=dict)
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


@dataclass(frozen=True)
class Worksheet:
    """A worksheet: its cells by column (from 0), and what the scan says of it.

    `height` is the last row (from 1) that holds anything.
    """

    scan: SheetScan
    columns: list[CellColumn]
    height: int

    @property
    def number(self) -> int:
        """Its place in the workbook (from 1)."""
        return self.scan.number

    @property
    def width(self) -> int:
        """How many columns there are up to the last that holds anything."""
        return max(
            (at + 1 for at, column in enumerate(self.columns) if column.codes.any()), default=0
        )

    @property
    def name(self) -> str:
        """Its name, which may hold what a message must not."""
        return self.scan.name

    def rows(self) -> list[list[str]]:
        """The texts of all rows up to the last that holds anything, blanks at their ends left out.

        Row 1 of the sheet is the first.
        """
        rows: list[list[str]] = [[] for _ in range(self.height)]
        for at, column in enumerate(self.columns):
            for row in np.flatnonzero(column.codes[: self.height]).tolist():
                cells = rows[row]
                cells.extend([""] * (at - len(cells)))
                cells.append(column.distinct[column.codes[row]].text)
        return rows
