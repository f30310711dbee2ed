"""Hold the rows of a file by column: its grid of cells, and the table of its named columns."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import islice
from typing import Generic, NamedTuple, Self, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

Codes = npt.NDArray[np.signedinteger]
Lines = npt.NDArray[np.signedinteger]
Mask = npt.NDArray[np.bool_]
Value = TypeVar("Value")
BATCH = 4_096


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
        """The column without distinct values that no row holds."""
        used = np.bincount(self.codes, minlength=len(self.distinct)) > 0
        places = np.flatnonzero(used)
        if used[: len(places)].all():
            return replace(self, distinct=self.distinct[: len(places)])
        codes = (np.cumsum(used, dtype=np.int32) - 1)[self.codes]
        return replace(self, distinct=[self.distinct[at] for at in places.tolist()], codes=codes)

    def holding(self, places: Sequence[int]) -> Mask:
        """The rows that hold one of some distinct values, by their places."""
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

    def put(self, values: Mapping[int, Value]) -> Self:
        """The column with some values replaced, by their row."""
        places = {value: place for place, value in enumerate(self.distinct)}
        codes = self.codes.copy()
        codes[list(values)] = [places.setdefault(value, len(places)) for value in values.values()]
        return replace(self, distinct=list(places), codes=codes)


TextColumn = CodedColumn[str]


def texts_of(column: TextColumn) -> pd.Series[str]:
    """The distinct texts of a column, to be looked at all at once."""
    texts = getattr(column.distinct, "arrow", column.distinct)
    return pd.Series(pd.array(texts, dtype="str"))


def collect_columns(rows: Iterable[Sequence[Value]], width: int) -> list[CodedColumn[Value]]:
    """The first `width` columns of some rows, their distinct values in order of appearance."""
    places = [defaultdict[Value, int]() for _ in range(width)]
    for of_column in places:
        # A value that is new gets the next place, without a step of Python for each cell.
        of_column.default_factory = of_column.__len__
    codes = [array("i") for _ in range(width)]
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        for of_column, of_rows, values in zip(places, codes, zip(*batch, strict=True), strict=True):
            of_rows.extend(map(of_column.__getitem__, values))
    numbers = (np.array(of_rows, dtype=np.int32) for of_rows in codes)
    return [CodedColumn(list(each), of_rows) for each, of_rows in zip(places, numbers, strict=True)]


def recode(values: Sequence[Value], codes: Codes) -> tuple[list[Value], Codes]:
    """Distinct values of some that may be equal, and codes that point at the first of them."""
    places: dict[Value, int] = {}
    moved = [places.setdefault(value, len(places)) for value in values]
    return list(places), np.array(moved, dtype=np.int32)[codes]


def make_column(texts: Iterable[str]) -> TextColumn:
    """The column of some texts, a row each."""
    every = list(texts)
    return TextColumn(*recode(every, np.arange(len(every))))


def find_rows_where_all(
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


@dataclass(frozen=True)
class Grid:
    """The rows of one delimited text or worksheet, top to bottom, blank ones too.

    `lines` is the physical line (1-based) of each row, or its number in the sheet; `widths` is how
    many cells it has, and `blank` whether these hold nothing. `columns` are as many as the header
    has, each with a text for every row, which is empty where the row has no such cell. `cut_off`
    says that the file ends within its last row, as one that was cut off would. `unwrapped` are the
    lines of rows that stood in quotes as a whole.
    """

    lines: Lines
    widths: Lines
    blank: Mask
    columns: Sequence[TextColumn]
    cut_off: bool = False
    unwrapped: Sequence[int] = ()

    def cells(self, row: int) -> list[str]:
        """The cells of one row in the columns, by its place (0-based)."""
        return [column.value(row) for column in self.columns[: int(self.widths[row])]]


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
