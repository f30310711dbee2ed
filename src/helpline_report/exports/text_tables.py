"""Hold the rows of a file by column: its grid of cells, and the table of its named columns."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

IntArray = npt.NDArray[np.signedinteger]
Lines = IntArray
Mask = npt.NDArray[np.bool_]


def collect_columns(rows: Iterable[Sequence[Any]], width: int) -> list[pd.Categorical]:
    """The first `width` columns of some rows, their distinct values in order of appearance."""
    columns = [(dict[Any, int](), array("i")) for _ in range(width)]
    for row in rows:
        for (places, codes), value in zip(columns, row, strict=True):
            codes.append(places.setdefault(value, len(places)))
    return [_make_categorical(places, np.array(codes)) for places, codes in columns]


def make_column(values: Sequence[Any], codes: IntArray) -> pd.Categorical:
    """A column whose codes are places in `values`; equal values become one category."""
    new_codes: dict[Any, int] = {}
    moved = [new_codes.setdefault(value, len(new_codes)) for value in values]
    return _make_categorical(new_codes, np.array(moved, dtype=np.int32)[codes])


def _make_categorical(values: Iterable[Any], codes: IntArray) -> pd.Categorical:
    # A cell of a workbook is a tuple, and one value all the same.
    return pd.Categorical.from_codes(codes, pd.Index([*values], tupleize_cols=False))


def make_distinct(texts: pd.Index, codes: IntArray) -> pd.Categorical:
    """A column whose codes are places in `texts`, which are known to be distinct.

    pandas would make an object of each to see that for itself: of keys there are millions. Its way
    around that isn't public, and may go.
    """
    make_dtype = getattr(pd.CategoricalDtype, "_from_fastpath", pd.CategoricalDtype)
    return pd.Categorical.from_codes(codes, dtype=make_dtype(texts))


def drop_unused(column: pd.Categorical) -> pd.Categorical:
    """The column without the values that no row has any more.

    Raises:
        ValueError: a row has no value, so its code is -1.
    """
    used = np.bincount(column.codes, minlength=len(column.categories)) > 0
    places = np.cumsum(used, dtype=np.int32) - np.int32(1)
    return make_distinct(column.categories[used], places[column.codes])


def put_values(column: pd.Categorical, values: Mapping[int, Any]) -> pd.Categorical:
    """The column with some values replaced, by their row."""
    categories = column.categories.tolist()
    codes = column.codes.astype(np.int32)
    codes[list(values)] = range(len(categories), len(categories) + len(values))
    return make_column([*categories, *values.values()], codes)


def get_value(column: pd.Categorical, row: int) -> Any:
    """The value of one row."""
    return column.categories[column.codes[row]]


def find_rows_where(column: pd.Categorical, test: Callable[[Any], bool]) -> Mask:
    """The rows whose value passes a test."""
    places = [at for at, value in enumerate(column.categories.tolist()) if test(value)]
    return np.isin(column.codes, places)


def find_rows_where_all(
    columns: Sequence[pd.Categorical], is_wanted: Callable[[int, str], bool], number: int
) -> Mask:
    """Which of `number` rows hold a wanted text in every column, which is named by its position.

    Columns with few distinct texts are looked at first: they rule out most rows.
    """
    rows = np.ones(number, dtype=np.bool_)
    for at in sorted(range(len(columns)), key=lambda at: len(columns[at].categories)):
        texts, codes = columns[at].categories, columns[at].codes
        places = np.flatnonzero(np.bincount(codes[rows])).tolist()
        rows &= np.isin(codes, [place for place in places if is_wanted(at, texts[place])])
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
    widths: IntArray
    blank: Mask
    columns: Sequence[pd.Categorical]
    cut_off: bool = False
    unwrapped: Sequence[int] = ()

    def cells(self, row: int) -> list[str]:
        """The cells of one row in the columns, by its place (0-based)."""
        return [get_value(column, row) for column in self.columns[: int(self.widths[row])]]


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


DATED = {CellKind.DATE, CellKind.MOMENT}


@dataclass(frozen=True)
class TextTable:
    """The rows of one file: named columns of text, and the physical line of each row.

    A column has its distinct texts as categories: a year of contacts has 365 dates and a dozen
    channels, so that checks and conversions cost the same for a thousand rows and for millions.
    If the file is a workbook, `cells` are the cells that the texts were made of. `serials_shift` is
    the number of days from the usual day 0 of dates to its own: 1462 where it counts from 1904.
    """

    columns: dict[str, pd.Categorical]
    lines: Lines
    cells: Mapping[str, pd.Categorical] = field(default_factory=dict)
    serials_shift: int = 0

    def __len__(self) -> int:
        return len(self.lines)

    def take(self, rows: Mask | IntArray) -> TextTable:
        """The table of some rows, by a mask or by their places."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        cells = {name: column[rows] for name, column in self.cells.items()}
        return TextTable(columns, self.lines[rows], cells, self.serials_shift)
