"""Propose closing days of a new year from those of the year before: each is a question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from helpline_report.parameters.edition import Calendar, ClosedDay
from helpline_report.parameters.values import Period, Translated

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Holiday:
    """A holiday: on the same day each year, or so many days from Easter Sunday."""

    nl: str
    en: str
    month: int = 0
    day: int = 0
    from_easter: int | None = None
    public: bool = True

    def on(self, year: int) -> dt.date:
        """Its day in a year."""
        if self.from_easter is None:
            return dt.date(year, self.month, self.day)
        sunday: dt.date = easter(year)
        return sunday + dt.timedelta(days=self.from_easter)


# The public holidays of Belgium, and what is often a closing day beside them.
HOLIDAYS = (
    Holiday("Nieuwjaar", "New Year's Day", 1, 1),
    Holiday("Goede Vrijdag", "Good Friday", from_easter=-2, public=False),
    Holiday("Paasmaandag", "Easter Monday", from_easter=1),
    Holiday("Dag van de Arbeid", "Labour Day", 5, 1),
    Holiday("Hemelvaart", "Ascension Day", from_easter=39),
    Holiday("Pinkstermaandag", "Whit Monday", from_easter=50),
    Holiday("feest van de Vlaamse Gemeenschap", "Flemish Community Day", 7, 11, public=False),
    Holiday("nationale feestdag", "National Day", 7, 21),
    Holiday("Onze-Lieve-Vrouw-Hemelvaart", "Assumption Day", 8, 15),
    Holiday("Allerheiligen", "All Saints' Day", 11, 1),
    Holiday("Allerzielen", "All Souls' Day", 11, 2, public=False),
    Holiday("Wapenstilstand", "Armistice Day", 11, 11),
    Holiday("Kerstmis", "Christmas Day", 12, 25),
    Holiday("tweede kerstdag", "Boxing Day", 12, 26, public=False),
)


@dataclass(frozen=True)
class ProposedDay:
    """A day, and the question that goes with it; `open_before`: the helpline was open last year."""

    date: dt.date
    reason: Translated
    question: str
    open_before: bool = False


def propose_days(
    calendar: Calendar, *, old: Period, new: Period, public: bool
) -> list[ProposedDay]:
    """Last year's closing days moved to the new year and, if `public`, other public holidays.

    Days on which the helpline is closed anyhow, by their weekday, are left out.
    """
    years = new.start.year - old.start.year
    proposed = [_moved(item, years) for item in calendar.closed]
    if public:
        proposed += _other_holidays(calendar, old, years)
    # Of two on one day the first stays, which is last year's.
    days = {item.date: item for item in reversed(proposed)}
    return [days[day] for day in sorted(days) if _is_open(day, calendar, new)]


def never_open(calendar: Calendar, *, old: Period, new: Period) -> list[str]:
    """Names (Dutch) of last year's closing days that now fall on a weekday without opening."""
    years = new.start.year - old.start.year
    moved = [_moved(item, years) for item in calendar.closed]
    return [item.reason.nl for item in moved if not _is_open(item.date, calendar, new)]


def _is_open(day: dt.date, calendar: Calendar, period: Period) -> bool:
    return day.isoweekday() in calendar.working_days and period.holds(day)


def _moved(item: ClosedDay, years: int) -> ProposedDay:
    holiday = _holiday(item)
    if holiday:
        day = holiday.on(item.date.year + years)
        question = f"closed in {item.date.year}. Closed again?"
    else:
        day = item.date + relativedelta(years=years)
        question = f"{item.date.isoformat()} was no holiday. Closed again, and on which day?"
    return _proposed(day, item.reason, f"{question} Else delete the line")


def _holiday(item: ClosedDay) -> Holiday | None:
    """Which holiday a closing day is: by its day and, where two fall on it, by its name."""
    same = [holiday for holiday in HOLIDAYS if holiday.on(item.date.year) == item.date]
    names = {item.reason.nl.casefold(), item.reason.en.casefold()}
    named = [holiday for holiday in same if names & {holiday.nl.casefold(), holiday.en.casefold()}]
    return next(iter((*named, *same)), None)


def _other_holidays(calendar: Calendar, old: Period, years: int) -> Iterator[ProposedDay]:
    """The public holidays on which the helpline wasn't closed the year before."""
    closed = {item.date for item in calendar.closed}
    for holiday in HOLIDAYS:
        before, day = holiday.on(old.start.year), holiday.on(old.start.year + years)
        if not holiday.public or before in closed:
            continue
        was_open = _is_open(before, calendar, old)
        question = (
            f"a public holiday on which the helpline was open in {before.year}. Closed now? Then "
            "take the # in front away"
            if was_open
            else f"in {before.year} it fell on a {WEEKDAYS[before.weekday()]}. Closed? Else delete "
            "the line"
        )
        reason = Translated(nl=holiday.nl, en=holiday.en)
        yield _proposed(day, reason, question, open_before=was_open)


def _proposed(
    day: dt.date, reason: Translated, question: str, *, open_before: bool = False
) -> ProposedDay:
    weekday = f"{reason.en}, a {WEEKDAYS[day.weekday()]}"
    return ProposedDay(day, reason, f"{weekday}; {question}", open_before)


def same_period(period: Period, years: int) -> Period:
    """The same period in another year: one that ends with February still does."""
    one_day, later = dt.timedelta(days=1), relativedelta(years=years)
    return Period(start=period.start + later, end=period.end + one_day + later - one_day)
