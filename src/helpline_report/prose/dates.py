"""Write dates, months, weekdays, periods and ages, by language and locale."""

from __future__ import annotations

import calendar
import datetime as dt
from functools import lru_cache

from babel.dates import format_date, get_day_names, get_month_names

from helpline_report.parameters.edition import AgeClass
from helpline_report.parameters.values import Period
from helpline_report.prose.numbers import Idiom


def date(idiom: Idiom, day: dt.date, pattern: str = "day") -> str:
    """A date by a pattern of the catalogue: '12 maart 2012', `day_month` '12 maart'."""
    return _written(day, idiom.say(f"dates.{pattern}"), idiom.locale)


@lru_cache(maxsize=10_000)
def _written(day: dt.date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


def month(idiom: Idiom, number: int) -> str:
    """A month, 1 for January: 'juni'."""
    return str(get_month_names("wide", "stand-alone", idiom.locale)[number])


def weekday(idiom: Idiom, number: int) -> str:
    """A weekday, 1 for Monday: 'maandag'."""
    return str(get_day_names("wide", "stand-alone", idiom.locale)[number - 1])


def _name(idiom: Idiom, period: Period) -> str:
    """A period that has a name: '2017', 'juni 2017', '12 maart 2017'; else nothing."""
    start = period.start
    if period.is_calendar_year:
        return str(start.year)
    last = calendar.monthrange(start.year, start.month)[1]
    if start.day == 1 and period.end == start.replace(day=last):
        return date(idiom, start, "month_year")
    return date(idiom, start) if period.days == 1 else ""


def span(idiom: Idiom, period: Period) -> str:
    """From which day to which: 'van 1 juli tot en met 31 december 2016'."""
    start, end = period.start, period.end
    if period.days == 1:
        return date(idiom, start)
    if start.year != end.year:
        first = date(idiom, start)
    else:
        first = date(idiom, start, "day_month") if start.month != end.month else str(start.day)
    return idiom.say("dates.span", start=first, end=date(idiom, end))


def period_words(idiom: Idiom, period: Period) -> str:
    """A period behind a comma: '2017', else 'van 1 juli tot en met 31 december 2016'."""
    return _name(idiom, period) or span(idiom, period)


def period_noun(idiom: Idiom, period: Period) -> str:
    """A period as a noun: '2017', else 'de periode van 1 juli tot en met 31 december 2016'."""
    name = _name(idiom, period)
    return name or idiom.say("dates.the_span", span=span(idiom, period))


def within(idiom: Idiom, period: Period) -> str:
    """When: 'in 2017', 'op 12 maart 2017', 'van 1 juli tot en met 31 december 2016'."""
    name = _name(idiom, period)
    if period.days == 1:
        return idiom.say("dates.on_day", day=name)
    return idiom.say("dates.within", period=name) if name else span(idiom, period)


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
