"""Propose closing days of a new year from those of the year before: each is a question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

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
        if self.from_easter is not None:
            return easter(year) + dt.timedelta(days=self.from_easter)
        return dt.date(year, self.month, self.day)


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
    days: dict[dt.date, ProposedDay] = {}
    for item in (
        *(_moved(item, years) for item in calendar.closed),
        *(_other_holidays(calendar, old, years) if public else ()),
    ):
        days.setdefault(item.date, item)
    return [days[day] for day in sorted(days) if _counts(day, calendar, new)]


def never_open(calendar: Calendar, *, old: Period, new: Period) -> list[str]:
    """Names (Dutch) of last year's closing days that now fall on a weekday without opening."""
    years = new.start.year - old.start.year
    moved = [_moved(item, years) for item in calendar.closed]
    return [item.reason.nl for item in moved if not _counts(item.date, calendar, new)]


def _counts(day: dt.date, calendar: Calendar, period: Period) -> bool:
    return day.isoweekday() in calendar.working_days and period.holds(day)


def _moved(item: ClosedDay, years: int) -> ProposedDay:
    holiday = _holiday(item)
    day = holiday.on(item.date.year + years) if holiday else same_day(item.date, years)
    question = (
        f"closed in {item.date.year}. Closed again? Else delete the line"
        if holiday
        else f"{item.date.isoformat()} was no holiday. Closed again, and on which day? Else delete "
        "the line"
    )
    return ProposedDay(day, item.reason, f"{_on_weekday(item.reason, day)}; {question}")


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
        reason = Translated(nl=holiday.nl, en=holiday.en)
        was_open = before.isoweekday() in calendar.working_days and old.holds(before)
        question = (
            f"a public holiday on which the helpline was open in {before.year}. Closed now? Then "
            "take the # in front away"
            if was_open
            else f"in {before.year} it fell on a {WEEKDAYS[before.weekday()]}. Closed? Else delete "
            "the line"
        )
        question = f"{_on_weekday(reason, day)}; {question}"
        yield ProposedDay(day, reason, question, open_before=was_open)


def _on_weekday(reason: Translated, day: dt.date) -> str:
    return f"{reason.en}, a {WEEKDAYS[day.weekday()]}"


def same_day(day: dt.date, years: int) -> dt.date:
    """The same day in another year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def same_period(period: Period, years: int) -> Period:
    """The same period in another year: one that ends with February still does."""
    one_day = dt.timedelta(days=1)
    end = same_day(period.end + one_day, years) - one_day
    return Period(start=same_day(period.start, years), end=end)


def easter(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar, by the algorithm of Meeus, Jones and Butcher."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, century_rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - moon + 15) % 30
    quarter, year_rest = divmod(rest, 4)
    weekday = (32 + 2 * century_rest + 2 * quarter - epact - year_rest) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return dt.date(year, month, day + 1)
