"""Hold the rows of a file as named columns of text, and the cells of a worksheet by column."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Generic, NamedTuple, Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.exports.faults import FaultError

Codes = npt.NDArray[np.signedinteger]
Lines = npt.NDArray[np.signedinteger]
Mask = npt.NDArray[np.bool_]
Value = TypeVar("Value")


@dataclass(frozen=True)
class CodedColumn(Generic[Value]):
    """One column: its distinct values, and for each row the place of its value among them.

    A year of contacts has 365 dates and a dozen channels: checks and conversions look at the
    distinct texts, and cost the same for a thousand rows and for millions.
    """

    distinct: Sequence[Value]
    codes: Codes

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: Mask | Lines) -> Self:
        """The column of some rows; its distinct values stay, also those that no row holds."""
        return replace(self, codes=self.codes[rows])

    def compact(self) -> Self:
        """The column without distinct values that no row holds, its codes as narrow as can be."""
        used = np.bincount(self.codes, minlength=len(self.distinct)) > 0
        if used.all():
            return self
        places = np.flatnonzero(used).tolist()
        codes = (np.cumsum(used) - 1)[self.codes].astype(narrowest(len(places)))
        return replace(self, distinct=[self.distinct[place] for place in places], codes=codes)

    def used(self) -> list[Value]:
        """The distinct values that a row holds."""
        return [self.distinct[place] for place in np.unique(self.codes)]

    def holding(self, places: Sequence[int]) -> Mask:
        """The rows that hold one of some distinct values, by their places."""
        if not len(places):
            return np.zeros(len(self), dtype=np.bool_)
        wanted = np.zeros(len(self.distinct), dtype=np.bool_)
        wanted[list(places)] = True
        rows: Mask = wanted[self.codes]
        return rows

    def rows_where(self, test: Callable[[Value], bool]) -> Mask:
        """The rows whose value passes a test."""
        return self.holding([at for at, value in enumerate(self.distinct) if test(value)])

    def value(self, row: int) -> Value:
        """The value of one row."""
        return self.distinct[int(self.codes[row])]

    def first(self, place: int) -> int:
        """The first row that holds the distinct value at `place`."""
        return int((self.codes == place).argmax())

    def put(self, values: Mapping[int, Value]) -> Self:
        """The column with some values replaced, by their row."""
        places = {value: place for place, value in enumerate(self.distinct)}
        codes = self.codes.astype(np.int32)
        codes[list(values)] = [places.setdefault(value, len(places)) for value in values.values()]
        return replace(self, distinct=list(places), codes=codes)


class TextColumn(CodedColumn[str]):
    """A column of text."""

    def series(self) -> pd.Series[str]:
        """The texts, a row each, as a pandas category."""
        texts = pd.Index(list(self.distinct), dtype="str")
        return pd.Series(pd.Categorical.from_codes(self.codes, categories=texts))


class CellKind(IntEnum):
    """What a spreadsheet holds in a cell, by its type and by how it shows it.

    `EXPONENT` is a number shown as `1E+05`, `MOMENT` a date with a time, `FORMULA` a formula
    without a stored value.
    """

    EMPTY = 0
    TEXT = 1
    NUMBER = 2
    EXPONENT = 3
    DATE = 4
    TIME = 5
    MOMENT = 6
    BOOLEAN = 7
    ERROR = 8
    FORMULA = 9


class WorkbookCell(NamedTuple):
    """A cell: its text and its kind; dates are written as ISO 8601, times as HH:MM:SS."""

    text: str
    kind: CellKind


CellColumn = CodedColumn[WorkbookCell]
DATED = {CellKind.DATE, CellKind.MOMENT}
NO_CELL = WorkbookCell("", CellKind.EMPTY)
# Not blank, so that its row is none: it is refused where the layout wants its column.
NO_VALUE = WorkbookCell("=", CellKind.FORMULA)


ROWS, COLUMNS = 1_048_576, 16_384
# A reader of values keeps a place for each cell of a sheet up to its last row and column: ten
# columns of the longest sheet.
PLACES = 24_000_000
# So many cells of a sheet may be at fault.
FAULTY = 1_000_000
Span = tuple[int, int]


@dataclass
class Worksheet:
    """A worksheet: what the scan says of it, and its cells by column, once they are read.

    `number` is its place in the workbook (from 1): a name may hold what a message must not. Rows
    and columns of the hidden count from 0, their spans include first and last. `merged` are the
    first and last row (from 1) and the range of merged cells. By row (from 1) and column (from 0),
    `cells` are those that a reader of values gets wrong, `exponents` the places of numbers shown in
    powers of ten, `negatives` numbers below zero as they are stored. `serials_shift` is the number
    of days from the usual day 0 of dates. `height` is the last row (from 1) that holds anything.
    `struck` are rows (from 1) with a cell that is struck through, at least in part.
    """

    number: int
    name: str
    hidden: bool = False
    filtered: bool = False
    merged: list[tuple[int, int, str]] = field(default_factory=list)
    hidden_rows: list[Span] = field(default_factory=list)
    hidden_columns: list[Span] = field(default_factory=list)
    serials_shift: int = 0
    cells: dict[Span, WorkbookCell] = field(default_factory=dict)
    exponents: set[Span] = field(default_factory=set)
    negatives: dict[Span, str] = field(default_factory=dict)
    struck: set[int] = field(default_factory=set)
    height: int = 0
    width: int = 0
    columns: list[CellColumn] = field(default_factory=list)

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

    def check_faults(self, more: int = 0) -> None:
        """Refuse a sheet that is made of faults, were there so many more.

        Raises:
            FaultError: B11.
        """
        if len(self.cells) + len(self.exponents) + len(self.negatives) + more > FAULTY:
            raise FaultError("B11", "errors", sheet=self.number)

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


class ColumnBuilder(Generic[Value]):
    """Collects the values of a column: distinct ones, in order of appearance, and their places."""

    def __init__(self) -> None:
        self._places: defaultdict[Value, int] = defaultdict()
        # A value that is new gets the next place, without a step of Python for each cell.
        self._places.default_factory = self._places.__len__
        self._codes = array("i")

    def extend(self, values: Iterable[Value]) -> None:
        """Add the values of some rows."""
        self._codes.extend(map(self._places.__getitem__, values))

    def distinct(self) -> list[Value]:
        """The distinct values."""
        return list(self._places)

    def codes(self) -> Codes:
        """The place of each row's value among them."""
        codes = np.frombuffer(self._codes, dtype=np.int32)
        return codes.astype(narrowest(len(self._places)))


def recode(values: Sequence[Value], codes: Codes) -> tuple[list[Value], Codes]:
    """Distinct values of some that may be equal, and codes that point at the first of them."""
    places: dict[Value, int] = {}
    moved = [places.setdefault(value, len(places)) for value in values]
    return list(places), np.array(moved, dtype=np.int32)[codes]


def column_of(texts: Iterable[str]) -> TextColumn:
    """The column of some texts, a row each."""
    every = list(texts)
    return TextColumn(*recode(every, np.arange(len(every))))


def narrowest(texts: int) -> type[np.signedinteger]:
    """The narrowest whole numbers that can number so many texts."""
    return next(kind for kind in (np.int8, np.int16, np.int32) if texts <= np.iinfo(kind).max + 1)


def rows_where_all(
    columns: Sequence[TextColumn], is_wanted: Callable[[int, str], bool], number: int
) -> Mask:
    """Which of `number` rows hold a wanted text in every column, which is named by its position.

    Columns of few texts are looked at first: they leave few rows whose keys are looked at.
    """
    rows = np.ones(number, dtype=np.bool_)
    for at in sorted(range(len(columns)), key=lambda at: len(columns[at].distinct)):
        used = np.bincount(columns[at].codes[rows], minlength=len(columns[at].distinct))
        places = np.flatnonzero(used).tolist()
        wanted = [place for place in places if is_wanted(at, columns[at].distinct[place])]
        rows &= columns[at].holding(wanted)
        if not rows.any():
            break
    return rows


class RowGrid(Protocol):
    """The rows of one delimited text or worksheet, top to bottom, blank ones too.

    `lines` is the physical line (1-based) of each row, or its number in the sheet; `widths` is how
    many cells each has, as the file says it. A cell is text as it stands in the file. `cut_off`
    says that the file ends within its last row, as one that was cut off would; a worksheet never.
    """

    @property
    def lines(self) -> Lines:
        """The physical line (1-based) or the number in the sheet of each row."""

    @property
    def widths(self) -> Lines:
        """How many cells each row has."""

    @property
    def cut_off(self) -> bool:
        """Whether the file ends without ending its last row."""

    def blank(self) -> Mask:
        """Rows that hold nothing but empty cells."""

    def cells(self, row: int) -> list[str]:
        """The cells of one row, by its place in the grid (0-based)."""

    def columns(self, rows: Mask, width: int, wanted: Sequence[int]) -> dict[int, TextColumn]:
        """Columns (0-based) of some rows, each of which has `width` cells."""


@dataclass(frozen=True)
class TextTable:
    """The rows of one file: named columns of text, and the physical line of each row.

    Of a workbook, `cells` are the cells that these texts were made of, and `serials_shift` is the
    number of days from the usual day 0 of dates to its own.
    """

    columns: dict[str, TextColumn]
    lines: Lines
    cells: Mapping[str, CellColumn] = field(default_factory=dict)
    serials_shift: int = 0

    def __len__(self) -> int:
        return len(self.lines)

    def take(self, rows: Mask | Lines) -> TextTable:
        """The table of some rows, by a mask or by their places."""
        columns = {name: column.take(rows) for name, column in self.columns.items()}
        cells = {name: column.take(rows) for name, column in self.cells.items()}
        return TextTable(columns, self.lines[rows], cells, self.serials_shift)
