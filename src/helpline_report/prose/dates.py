"""Write dates, months, weekdays, periods and ages, by language and locale."""

from __future__ import annotations

import calendar
import datetime as dt
from functools import cache, lru_cache

from babel.dates import format_date, get_day_names, get_month_names

from helpline_report.parameters.edition import AgeClass
from helpline_report.parameters.values import Period
from helpline_report.prose.numbers import Idiom


def date(idiom: Idiom, day: dt.date, pattern: str = "day") -> str:
    """A date: '12 maart 2012', or by another pattern of the catalogue."""
    return _written(day, idiom.say(f"dates.{pattern}"), idiom.locale)


@lru_cache(maxsize=10_000)
def _written(day: dt.date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


def day_month(idiom: Idiom, day: dt.date) -> str:
    """A day without its year: '12 maart'."""
    return date(idiom, day, "day_month")


def month_year(idiom: Idiom, day: dt.date) -> str:
    """The month of a day: 'maart 2012'."""
    return date(idiom, day, "month_year")


@cache
def month(idiom: Idiom, number: int) -> str:
    """A month, 1 for January: 'juni'."""
    return str(get_month_names("wide", "stand-alone", idiom.locale)[number])


@cache
def weekday(idiom: Idiom, number: int) -> str:
    """A weekday, 1 for Monday: 'maandag'."""
    return str(get_day_names("wide", "stand-alone", idiom.locale)[number - 1])


def is_calendar_year(period: Period) -> bool:
    """Whether a period is one calendar year."""
    year = period.start.year
    return (period.start, period.end) == (dt.date(year, 1, 1), dt.date(year, 12, 31))


def short_period(idiom: Idiom, period: Period) -> str | None:
    """A period that has a name: '2017', 'juni 2017', '12 maart 2017'; else None."""
    start = period.start
    if is_calendar_year(period):
        return str(start.year)
    last = calendar.monthrange(start.year, start.month)[1]
    if start.day == 1 and period.end == start.replace(day=last):
        return month_year(idiom, start)
    return date(idiom, start) if period.days == 1 else None


def span(idiom: Idiom, period: Period) -> str:
    """From which day to which: 'van 1 juli tot en met 31 december 2016'."""
    start, end = period.start, period.end
    if period.days == 1:
        return date(idiom, start)
    if start.year != end.year:
        first = date(idiom, start)
    elif start.month != end.month:
        first = day_month(idiom, start)
    else:
        first = str(start.day)
    return idiom.say("dates.span", start=first, end=date(idiom, end))


def period_words(idiom: Idiom, period: Period) -> str:
    """A period behind a comma: '2017', else 'van 1 juli tot en met 31 december 2016'."""
    return short_period(idiom, period) or span(idiom, period)


def period_noun(idiom: Idiom, period: Period) -> str:
    """A period as a noun: '2017', else 'de periode van 1 juli tot en met 31 december 2016'."""
    name = short_period(idiom, period)
    return name or idiom.say("dates.the_span", span=span(idiom, period))


def within(idiom: Idiom, period: Period) -> str:
    """When: 'in 2017', 'op 12 maart 2017', 'van 1 juli tot en met 31 december 2016'."""
    name = short_period(idiom, period)
    if name is None:
        return span(idiom, period)
    if period.days == 1:
        return idiom.say("dates.on_day", day=name)
    return idiom.say("dates.within", period=name)


def year(period: Period) -> str:
    """The year of a period, or its two years: '2017', '2016–2017'."""
    first, last = period.start.year, period.end.year
    return str(first) if first == last else f"{first}–{last}"


def ages(idiom: Idiom, ages: AgeClass) -> str:
    """A class of ages: 'van 13 tot en met 17 jaar', 'vanaf 18 jaar'."""
    if ages.to is None:
        key = "onwards"
    elif ages.start == ages.to:
        key = "one"
    else:
        key = "up_to" if ages.start == 0 else "between"
    return idiom.say(f"ages.{key}", start=ages.start, end=ages.to)
