"""Propose closing days of a new year from those of the year before: each is a question."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from helpline_report.parameters.edition import Calendar, ClosedDay
from helpline_report.parameters.values import Period, Translated
from helpline_report.parameters.yaml import read_resource


class Holiday(NamedTuple):
    """A holiday: on the same month and day each year, or a number of days from Easter Sunday."""

    nl: str
    en: str
    day: int | Sequence[int]
    public: bool = True

    def on(self, year: int) -> dt.date:
        """Its day in a year."""
        if not isinstance(self.day, int):
            return dt.date(year, *self.day)
        sunday: dt.date = easter(year)
        return sunday + dt.timedelta(days=self.day)


HOLIDAYS = [Holiday(**each) for each in read_resource(__package__, "holidays.yaml").data["days"]]


@dataclass(frozen=True)
class ProposedDay:
    """A day, and the question that goes with it."""

    date: dt.date
    reason: Translated
    question: str


def propose_days(
    calendar: Calendar, *, old: Period, new: Period, public: bool
) -> list[ProposedDay]:
    """Last year's closing days moved to the new year and, if `public`, other public holidays.

    Days on which the helpline is closed anyhow, by their weekday, are left out.
    """
    years = new.start.year - old.start.year
    proposed = [_move(item, years) for item in calendar.closed]
    proposed += _other_holidays(calendar, old, years) if public else ()
    # Of two proposals for one day the first counts, which is last year's closing day.
    days = {item.date: item for item in reversed(proposed)}
    return [days[day] for day in sorted(days) if _is_open(day, calendar, new)]


def _is_open(day: dt.date, calendar: Calendar, period: Period) -> bool:
    return day.isoweekday() in calendar.working_days and period.holds(day)


def _move(item: ClosedDay, years: int) -> ProposedDay:
    """A closing day of last year: a holiday by the calendar, another day by its date."""
    same = [holiday for holiday in HOLIDAYS if holiday.on(item.date.year) == item.date]
    names = {item.reason.nl.casefold(), item.reason.en.casefold()}
    # If two holidays are on one day, the name tells them apart.
    same.sort(key=lambda holiday: names.isdisjoint((holiday.nl.casefold(), holiday.en.casefold())))
    if same:
        day = same[0].on(item.date.year + years)
        question = f"closed in {item.date.year}. Closed again?"
    else:
        day = item.date + relativedelta(years=years)
        question = f"{item.date.isoformat()} was no holiday. Closed again, and on which day?"
    return _propose(day, item.reason, f"{question} Else delete the line")


def _other_holidays(calendar: Calendar, old: Period, years: int) -> Iterator[ProposedDay]:
    """The public holidays that were on a weekday on which the helpline is closed."""
    closed = {item.date for item in calendar.closed}
    for holiday in HOLIDAYS:
        before = holiday.on(old.start.year)
        if not holiday.public or before in closed or _is_open(before, calendar, old):
            continue
        question = f"in {before.year} it fell on a {before:%A}. Closed? Else delete the line"
        day, reason = holiday.on(before.year + years), Translated(nl=holiday.nl, en=holiday.en)
        yield _propose(day, reason, question)


def _propose(day: dt.date, reason: Translated, question: str) -> ProposedDay:
    return ProposedDay(day, reason, f"{reason.en}, a {day:%A}; {question}")


def move_period(period: Period, years: int) -> Period:
    """The same period in another year: one that ends with February still does."""
    one_day, later = dt.timedelta(days=1), relativedelta(years=years)
    return Period(start=period.start + later, end=period.end + one_day + later - one_day)
