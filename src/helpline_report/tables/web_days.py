"""Which days the rows of a web analytics block are about, in whatever way a service writes them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from helpline_report.parameters.service import Dimension
from helpline_report.parameters.values import Period
from helpline_report.tables.values import EPOCH, date_reader

Span = tuple[dt.date, dt.date]

# Day first or month first is never taken for granted: the rows themselves have to decide.
WRITTEN = (
    "yyyymmdd",
    "yyyy-mm-dd",
    "yyyy-m-d",
    "d/m/yyyy",
    "m/d/yyyy",
    "d-m-yyyy",
    "d.m.yyyy",
    "d/m/yy",
    "m/d/yy",
    "d-m-yy",
    "d.m.yy",
)
MONTH = re.compile(r"(\d{4})[-/ ]?(\d{2})|(\d{1,2})", re.ASCII)
NTH = re.compile(r"\d{1,4}", re.ASCII)
MIDNIGHT = re.compile(r"[ T]00:00(:00)?$")


def spans_of(
    texts: Sequence[str], dimension: Dimension, period: Period
) -> list[Span | None] | None:
    """First and last day of each row; None for a row that isn't of the period.

    None for all where their form can't be told: no way of writing dates puts every row in the
    period, or two do and disagree.
    """
    if dimension.grain == "day" and not dimension.nth:
        return _days(texts, period)
    read = _reader(dimension, period)
    return [_within(read(text.strip()), period) for text in texts]


def _reader(dimension: Dimension, period: Period) -> Callable[[str], Span | None]:
    if dimension.nth:
        step = _nth_day if dimension.grain == "day" else _nth_month
        return lambda text: step(int(text), period) if NTH.fullmatch(text) else None
    if dimension.grain == "month":
        return lambda text: _month(text, period)
    return _year


def _nth_day(number: int, period: Period) -> Span | None:
    day = period.start + dt.timedelta(days=number)
    return day, day


def _nth_month(number: int, period: Period) -> Span | None:
    months = period.start.year * 12 + period.start.month - 1 + number
    return _whole_month(months // 12, months % 12 + 1)


def _month(text: str, period: Period) -> Span | None:
    found = MONTH.fullmatch(text)
    if found is None:
        return None
    if found[3] is not None:
        # A month without its year is one month only where the period lies in one year.
        one_year = period.start.year == period.end.year
        return _whole_month(period.start.year, int(found[3])) if one_year else None
    return _whole_month(int(found[1]), int(found[2]))


def _whole_month(year: int, month: int) -> Span | None:
    if not 1 <= month <= 12:  # noqa: PLR2004 - the months of a year
        return None
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, 1), dt.date(year, month, last)


def _year(text: str) -> Span | None:
    if not re.fullmatch(r"[12]\d{3}", text, re.ASCII):
        return None
    return dt.date(int(text), 1, 1), dt.date(int(text), 12, 31)


def _within(found: Span | None, period: Period) -> Span | None:
    """The part of a span that lies in the period, if any does."""
    if found is None or found[1] < period.start or found[0] > period.end:
        return None
    return max(found[0], period.start), min(found[1], period.end)


def _days(texts: Sequence[str], period: Period) -> list[Span | None] | None:
    """Days by the way of writing that puts each row on a day of the period."""
    cleaned = [MIDNIGHT.sub("", text.strip()) for text in texts]
    fitting: list[list[dt.date]] = []
    for written in WRITTEN:
        days = _read_all(cleaned, written)
        if days and all(period.holds(day) for day in days) and days not in fitting:
            fitting.append(days)
    if len(fitting) > 1:
        fitting = [days for days in fitting if _one_after_another(days)]
    if len(fitting) != 1:
        return None
    return [(day, day) for day in fitting[0]]


def _one_after_another(days: Sequence[dt.date]) -> bool:
    """As a day index is written, without a gap."""
    return all((after - before).days == 1 for before, after in pairwise(days))


def _read_all(texts: Sequence[str], written: str) -> list[dt.date] | None:
    read = date_reader(written)
    readings = [read(text) for text in texts]
    if any(reading.fault for reading in readings):
        return None
    return [EPOCH + dt.timedelta(days=reading.value) for reading in readings]
