"""Closing days of a new year, proposed from those of the year before: each is a question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from helpline_report.parameters.edition import Calendar, ClosedDay
from helpline_report.parameters.values import Period, Translated
from helpline_report.setup.feasts import FEASTS, Feast, feasts_on

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Proposed:
    """A day, and the question that goes with it; `open_before`: the helpline was open last year."""

    date: dt.date
    reason: Translated
    question: str
    open_before: bool = False


def propose(calendar: Calendar, *, old: Period, new: Period, public: bool) -> list[Proposed]:
    """Last year's closing days moved to the new year and, if `public`, other public holidays.

    Days on which the helpline is closed anyhow, by their weekday, are left out.
    """
    years = new.start.year - old.start.year
    found: dict[dt.date, Proposed] = {}
    for item in (_moved(item, years) for item in calendar.closed):
        found.setdefault(item.date, item)
    for item in _holidays(calendar, old, years) if public else ():
        found.setdefault(item.date, item)
    return [found[day] for day in sorted(found) if _counts(day, calendar, new)]


def never_open(calendar: Calendar, *, old: Period, new: Period) -> list[str]:
    """Names (Dutch) of last year's closing days that now fall on a weekday without opening."""
    years = new.start.year - old.start.year
    moved = [_moved(item, years) for item in calendar.closed]
    return [item.reason.nl for item in moved if not _counts(item.date, calendar, new)]


def _counts(day: dt.date, calendar: Calendar, period: Period) -> bool:
    return day.isoweekday() in calendar.working_days and period.holds(day)


def _moved(item: ClosedDay, years: int) -> Proposed:
    feast = _feast(item)
    if feast is not None:
        day = feast.on(item.date.year + years)
        question = (
            f"{_day(item.reason, day)}; closed in {item.date.year}. Closed again? Else delete the "
            "line"
        )
        return Proposed(day, item.reason, question)
    day = same_day(item.date, years)
    question = (
        f"{_day(item.reason, day)}; {item.date.isoformat()} was no holiday. Closed again, and on "
        "which day? Else delete the line"
    )
    return Proposed(day, item.reason, question)


def _feast(item: ClosedDay) -> Feast | None:
    """Which feast a closing day is: by its day and, where two fall on it, by its name."""
    found = feasts_on(item.date)
    names = {item.reason.nl.casefold(), item.reason.en.casefold()}
    named = [f for f in found if names & {f.nl.casefold(), f.en.casefold()}]
    return next(iter((*named, *found)), None)


def _holidays(calendar: Calendar, old: Period, years: int) -> Iterator[Proposed]:
    closed = {item.date for item in calendar.closed}
    for feast in FEASTS:
        before = feast.on(old.start.year)
        if not feast.public or before in closed:
            continue
        day = feast.on(old.start.year + years)
        reason = Translated(nl=feast.nl, en=feast.en)
        shown = _day(reason, day)
        if before.isoweekday() in calendar.working_days and old.holds(before):
            question = (
                f"{shown}; a public holiday on which the helpline was open in {before.year}. "
                "Closed now? Then take the # in front away"
            )
            yield Proposed(day, reason, question, open_before=True)
        else:
            weekend = f"in {before.year} it fell on a {WEEKDAYS[before.weekday()]}"
            question = f"{shown}; {weekend}. Closed? Else delete the line"
            yield Proposed(day, reason, question)


def _day(reason: Translated, day: dt.date) -> str:
    return f"{reason.en}, a {WEEKDAYS[day.weekday()]}"


def same_day(day: dt.date, years: int) -> dt.date:
    """The same day in another year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def same_period(period: Period, years: int) -> Period:
    """The same period in another year: one that ends with February still does."""
    after = same_day(period.end + dt.timedelta(days=1), years)
    end = after - dt.timedelta(days=1)
    return Period(start=same_day(period.start, years), end=end)
