"""Periods as comments, banners and columns of web analytics exports write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from helpline_report.parameters.service import service, simple
from helpline_report.parameters.values import Period

DIGITS = r"(\d{4})-?(\d{2})-?(\d{2})"
SPAN = re.compile(rf"(?<!\d){DIGITS}\s*[-–—]\s*{DIGITS}(?!\d)", re.ASCII)
LABELLED = re.compile(rf"^[^\d:]+:\s*{DIGITS}$", re.ASCII)
IN_WORDS = re.compile(r"([^\W\d]+)\.? (\d{1,2}), (\d{4})|(\d{1,2}) ([^\W\d]+)\.? (\d{4})")


def span(text: str) -> Period | None:
    """The period that a text gives: `20170101-20171231`, `1 jan. 2017 - 31 dec. 2017`."""
    found = SPAN.search(text)
    if found:
        return _period(_day(*found.groups()[:3]), _day(*found.groups()[3:]))
    days = [_in_words(*match.groups()) for match in IN_WORDS.finditer(text)]
    return _period(*days) if len(days) == 2 else None  # noqa: PLR2004 - a first and a last day


def labelled_day(text: str) -> dt.date | None:
    """The day of a comment such as `Start date: 20170101`, in any language."""
    found = LABELLED.match(text)
    return _day(*found.groups()) if found else None


def spans(days: Sequence[dt.date]) -> list[Period]:
    """The periods of first and last days, one after the other; none where one lacks its other."""
    if len(days) % 2:
        return []
    found = [_period(*days[at : at + 2]) for at in range(0, len(days), 2)]
    return [period for period in found if period is not None]


def _period(start: dt.date | None, end: dt.date | None) -> Period | None:
    return Period(start=start, end=end) if start and end and start <= end else None


def _in_words(*parts: str | None) -> dt.date | None:
    month, day = parts[0] or parts[4] or "", parts[1] or parts[3] or ""
    names = service().months
    places = [at for at, written in enumerate(names, start=1) if simple(month) in written]
    return _day(parts[2] or parts[5] or "", str(places[0]), day) if places else None


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
