"""Parse the days, months and years that the rows of a block are about, however they are written."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from itertools import pairwise

from helpline_report.parameters.service import Dimension
from helpline_report.parameters.values import Period

# Day first or month first is never taken for granted: the rows themselves have to decide.
DATE_FORMATS = {
    "%Y%m%d": r"\d{8}",
    "%Y-%m-%d": r"\d{4}-\d{1,2}-\d{1,2}",
    "%d/%m/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%m/%d/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%d-%m-%Y": r"\d{1,2}-\d{1,2}-\d{4}",
    "%d.%m.%Y": r"\d{1,2}\.\d{1,2}\.\d{4}",
    "%d/%m/%y": r"\d{1,2}/\d{1,2}/\d{2}",
    "%m/%d/%y": r"\d{1,2}/\d{1,2}/\d{2}",
    "%d-%m-%y": r"\d{1,2}-\d{1,2}-\d{2}",
    "%d.%m.%y": r"\d{1,2}\.\d{1,2}\.\d{2}",
}
MONTH = re.compile(r"(\d{4})[-/ ]?(\d{2})|(\d{1,2})", re.ASCII)
NTH = re.compile(r"\d{1,4}", re.ASCII)
YEAR = re.compile(r"[12]\d{3}", re.ASCII)
MIDNIGHT = re.compile(r"[ T]00:00(:00)?$")


def parse_block_periods(
    texts: Sequence[str], dimension: Dimension, period: Period
) -> list[Period | None] | None:
    """The days that each row is about; None for a row that isn't of the period.

    None for all where their form can't be told: no way of writing dates puts every row in the
    period, or two do and disagree.
    """
    if dimension.grain == "day" and not dimension.nth:
        days = _parse_days([MIDNIGHT.sub("", text.strip()) for text in texts], period)
        return None if days is None else [Period(start=day, end=day) for day in days]
    return [_within(_parse(text.strip(), dimension, period), period) for text in texts]


def _parse_days(texts: Sequence[str], period: Period) -> list[dt.date] | None:
    """Days by the one way of writing that puts each row on a day of the period.

    Where two do, the one by which days follow each other without a gap, as in a day index.
    """
    fitting: list[list[dt.date]] = []
    for written, pattern in DATE_FORMATS.items():
        if not all(re.fullmatch(pattern, text, re.ASCII) for text in texts):
            continue
        try:
            days = [dt.datetime.strptime(text, written).date() for text in texts]  # noqa: DTZ007
        except ValueError:
            continue
        if all(map(period.holds, days)) and days not in fitting:
            fitting.append(days)
    if len(fitting) > 1:
        one = dt.timedelta(days=1)
        fitting = [days for days in fitting if all(b - a == one for a, b in pairwise(days))]
    return fitting[0] if len(fitting) == 1 else None


def _parse(text: str, dimension: Dimension, period: Period) -> Period | None:
    """A day, month or year counted from the first of the period, or by its name."""
    start = period.start
    if dimension.nth:
        if not NTH.fullmatch(text):
            return None
        if dimension.grain == "day":
            day = start + dt.timedelta(days=int(text))
            return Period(start=day, end=day)
        months = start.year * 12 + start.month - 1 + int(text)
        return _month(months // 12, months % 12 + 1)
    if dimension.grain == "month":
        parts = MONTH.fullmatch(text)
        if parts is None:
            return None
        if parts[3] is None:
            return _month(int(parts[1]), int(parts[2]))
        # A month without its year is one month only where the period lies in one year.
        return _month(start.year, int(parts[3])) if start.year == period.end.year else None
    if not YEAR.fullmatch(text):
        return None
    return Period(start=dt.date(int(text), 1, 1), end=dt.date(int(text), 12, 31))


def _month(year: int, month: int) -> Period | None:
    if not (year and 1 <= month <= 12):  # noqa: PLR2004 - the months of a year
        return None
    last = calendar.monthrange(year, month)[1]
    return Period(start=dt.date(year, month, 1), end=dt.date(year, month, last))


def _within(days: Period | None, period: Period) -> Period | None:
    """The part of some days that lies in the period, if any does."""
    if days is None or days.start > period.end or days.end < period.start:
        return None
    return Period(start=max(days.start, period.start), end=min(days.end, period.end))
