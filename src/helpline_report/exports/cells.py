"""Cells of a worksheet: of which kind each is, and its text as a delimited export would have it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache

DAY = 86_400
LAST_SERIAL = 2_958_465  # 31 December 9999, the last day that spreadsheets know
LEAP_BUG = 60  # 29 February 1900, which spreadsheets believe in
BETWEEN_EPOCHS = 1_462  # from the first day of the 1900 system to that of the 1904 system
SAFE_DIGITS = 15  # a spreadsheet keeps so many digits of a number and loses the rest
DATE_TOKENS = re.compile(r"dd?|mm?|yyyy|yy")


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


Cell = tuple[str, Kind]
NO_CELL: Cell = ("", Kind.EMPTY)
# Not blank, so that its row is none: it is refused where the layout wants its column.
NO_VALUE: Cell = ("=", Kind.FORMULA)


@dataclass(frozen=True)
class Written:
    """How dates and decimals are written out: as the layout says that the source writes them."""

    dates: str = "yyyy-mm-dd"
    decimal: str = "."

    def date(self, year: int, month: int, day: int) -> str:
        """A date, which need not exist."""
        parts = {
            "dd": f"{day:02}",
            "d": str(day),
            "mm": f"{month:02}",
            "m": str(month),
            "yyyy": f"{year:04}",
            "yy": f"{year % 100:02}",
        }
        return DATE_TOKENS.sub(lambda found: parts[found[0]], self.dates)

    def number(self, raw: str) -> str:
        """A number without exponent or grouping; whole where it is whole; `raw` if it is none."""
        if raw.isdecimal() and raw.isascii() and len(raw) <= SAFE_DIGITS:
            return raw.lstrip("0") or "0"
        try:
            value = float(raw)
        except ValueError:
            return raw
        if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
            return raw
        text = format(Decimal(f"{value:.{SAFE_DIGITS}g}"), "f")
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        text = "0" if text == "-0" else text
        return text.replace(".", self.decimal)

    def moment(self, day: dt.date, seconds: int) -> Cell:
        """A date, with its time where that isn't midnight."""
        text = self.date(day.year, day.month, day.day)
        if not seconds:
            return text, Kind.DATE
        return f"{text} {clock(seconds)}", Kind.MOMENT


def clock(seconds: int) -> str:
    """HH:MM:SS of seconds since midnight; whole days are left out."""
    return f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


class Serials:
    """Numbers that a spreadsheet shows as dates or times, written out.

    `since_1904`: day 0 is 1 January 1904 and not 31 December 1899.
    """

    def __init__(self, written: Written, *, since_1904: bool = False) -> None:
        self._written = written
        self._shift = BETWEEN_EPOCHS if since_1904 else 0
        self.cell = lru_cache(maxsize=1 << 16)(self._cell)

    def _cell(self, raw: str, kind: Kind) -> Cell:
        """The cell of a number that is shown as `kind`."""
        number: Cell = (self._written.number(raw), kind)
        if kind in {Kind.NUMBER, Kind.EXPONENT}:
            return number
        try:
            value = float(raw)
        except ValueError:
            return raw, Kind.TEXT
        if not 0 <= value <= LAST_SERIAL:
            return number[0], Kind.NUMBER
        days, seconds = divmod(round(value * DAY), DAY)
        if kind == Kind.TIME or (not days and seconds and not self._shift):
            return clock(seconds), Kind.TIME
        return self._dated(days + self._shift, seconds)

    def _dated(self, serial: int, seconds: int) -> Cell:
        if serial == 0:
            return self._written.date(1900, 1, 0), Kind.DATE
        if serial == LEAP_BUG:
            return self._written.date(1900, 2, 29), Kind.DATE
        epoch = dt.date(1899, 12, 30 if serial > LEAP_BUG else 31)
        try:
            return self._written.moment(epoch + dt.timedelta(days=serial), seconds)
        except OverflowError:
            return str(serial), Kind.NUMBER


ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?Z?)?", re.ASCII)
ISO_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?Z?", re.ASCII)
DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S", re.ASCII)


def iso_cell(raw: str, written: Written) -> Cell:
    """The cell of a date, a time, both or a duration in the form of ISO 8601."""
    found = ISO.fullmatch(raw)
    if found is not None:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        try:
            return written.moment(dt.date(year, month, day), (hour * 60 + minute) * 60 + second)
        except ValueError:
            return written.date(year, month, day), Kind.DATE
    found = ISO_TIME.fullmatch(raw) or DURATION.fullmatch(raw)
    if found is not None:
        hour, minute, second = (int(part or 0) for part in found.groups())
        return clock((hour * 60 + minute) * 60 + second), Kind.TIME
    return raw, Kind.TEXT
