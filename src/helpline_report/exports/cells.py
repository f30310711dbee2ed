"""Turn the values of a worksheet into cells: text, as a delimited export has it, and its kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

SAFE_DIGITS = 15  # a spreadsheet keeps so many digits of a number and loses the rest
HALF_SECOND, MIDNIGHT = dt.timedelta(milliseconds=500), dt.time(0)
SOME_DAY = dt.date(2000, 1, 1)


class Kind(IntEnum):
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


class Cell(NamedTuple):
    """A cell: its text and its kind; dates are written as ISO 8601, times as HH:MM:SS."""

    text: str
    kind: Kind


DATED = {Kind.DATE, Kind.MOMENT}
NO_CELL = Cell("", Kind.EMPTY)
# Not blank, so that its row is none: it is refused where the layout wants its column.
NO_VALUE = Cell("=", Kind.FORMULA)


@dataclass(frozen=True)
class CellColumn:
    """One column: its distinct cells, and for each row the place of its cell among them."""

    distinct: Sequence[Cell]
    codes: npt.NDArray[np.int32]

    def take(self, rows: npt.NDArray[np.bool_]) -> CellColumn:
        """The column of some rows."""
        return CellColumn(self.distinct, self.codes[rows])

    def used(self) -> list[Cell]:
        """The distinct cells that a row holds."""
        return [self.distinct[place] for place in np.unique(self.codes)]

    def rows_where(self, test: Callable[[Cell], bool]) -> npt.NDArray[np.bool_]:
        """The rows whose cell passes a test."""
        rows: npt.NDArray[np.bool_] = np.array([test(cell) for cell in self.distinct])[self.codes]
        return rows

    def put(self, cells: Mapping[int, Cell]) -> CellColumn:
        """The column with some cells replaced, by their row."""
        places = {cell: place for place, cell in enumerate(self.distinct)}
        codes = self.codes.copy()
        codes[list(cells)] = [places.setdefault(cell, len(places)) for cell in cells.values()]
        return CellColumn(list(places), codes)


def make_cell(value: object, decimal: str) -> Cell:
    """The cell of a value as calamine gives it; numbers are written with `decimal`."""
    match value:
        case "":
            return NO_CELL
        case str():
            return Cell(value.replace("\r\n", "\n").replace("\r", "\n"), Kind.TEXT)
        case bool():
            return Cell(str(value).upper(), Kind.BOOLEAN)
        case float():
            return Cell(write_number(value, decimal), Kind.NUMBER)
    return _cell_of_time(value)


def _cell_of_time(value: object) -> Cell:
    """A date, a time, both or a duration, to the second."""
    match value:
        case dt.datetime():
            moment = (value + HALF_SECOND).replace(microsecond=0)
            if moment.time() == MIDNIGHT:
                return Cell(moment.date().isoformat(), Kind.DATE)
            return Cell(moment.isoformat(" "), Kind.MOMENT)
        case dt.date():
            return Cell(value.isoformat(), Kind.DATE)
        case dt.time():
            moment = dt.datetime.combine(SOME_DAY, value, dt.UTC) + HALF_SECOND
            return Cell(f"{moment:%H:%M:%S}", Kind.TIME)
        case dt.timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return Cell(f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}", Kind.TIME)
    raise TypeError(type(value).__name__)


def write_number(value: float, decimal: str) -> str:
    """A number without exponent or grouping; whole where it is whole."""
    text = format(Decimal(f"{value:.{SAFE_DIGITS}g}"), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace(".", decimal)
