"""How dates, months, weekdays, hours and periods are written, by language and locale."""

from __future__ import annotations

import calendar
import datetime as dt
from functools import cache, lru_cache

from babel.dates import format_date, get_day_names, get_month_names

from helpline_report.parameters.edition import AgeClass
from helpline_report.parameters.values import Period
from helpline_report.prose.numbers import Idiom

JANUARY_FIRST = (1, 1)
DECEMBER_LAST = (12, 31)


def date(idiom: Idiom, day: dt.date, pattern: str = "") -> str:
    """A date: '12 maart 2012', or by another of Babel's patterns."""
    return _written(day, pattern or idiom.words.dates.day, idiom.locale)


@lru_cache(maxsize=10_000)
def _written(day: dt.date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


def day_month(idiom: Idiom, day: dt.date) -> str:
    """A day without its year: '12 maart'."""
    return date(idiom, day, idiom.words.dates.day_month)


def month_year(idiom: Idiom, day: dt.date) -> str:
    """The month of a day: 'maart 2012'."""
    return date(idiom, day, idiom.words.dates.month_year)


def month(idiom: Idiom, number: int) -> str:
    """A month, 1 for January: 'juni'."""
    return _months(idiom.locale)[number]


def weekday(idiom: Idiom, number: int) -> str:
    """A weekday, 1 for Monday: 'maandag'."""
    return _weekdays(idiom.locale)[number - 1]


@cache
def _months(locale: str) -> dict[int, str]:
    return dict(get_month_names("wide", "stand-alone", locale).items())


@cache
def _weekdays(locale: str) -> dict[int, str]:
    return dict(get_day_names("wide", "stand-alone", locale).items())


def is_calendar_year(period: Period) -> bool:
    """Whether a period is one calendar year."""
    start, end = period.start, period.end
    whole = (start.month, start.day) == JANUARY_FIRST and (end.month, end.day) == DECEMBER_LAST
    return whole and start.year == end.year


def is_month(period: Period) -> bool:
    """Whether a period is one calendar month."""
    start, end = period.start, period.end
    last = calendar.monthrange(end.year, end.month)[1]
    return (start.year, start.month) == (end.year, end.month) and (start.day, end.day) == (1, last)


def short_period(idiom: Idiom, period: Period) -> str | None:
    """A period that has a name: '2017', 'juni 2017', '12 maart 2017'; else None."""
    if is_calendar_year(period):
        return str(period.start.year)
    if is_month(period):
        return month_year(idiom, period.start)
    return date(idiom, period.start) if period.days == 1 else None


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
    return idiom.words.dates.span.format(start=first, end=date(idiom, end))


def period_words(idiom: Idiom, period: Period) -> str:
    """A period behind a comma: '2017', else 'van 1 juli tot en met 31 december 2016'."""
    return short_period(idiom, period) or span(idiom, period)


def period_noun(idiom: Idiom, period: Period) -> str:
    """A period as a noun: '2017', else 'de periode van 1 juli tot en met 31 december 2016'."""
    words = idiom.words.dates.the_span
    return short_period(idiom, period) or words.format(span=span(idiom, period))


def within(idiom: Idiom, period: Period) -> str:
    """When: 'in 2017', 'op 12 maart 2017', 'van 1 juli tot en met 31 december 2016'."""
    words, name = idiom.words.dates, short_period(idiom, period)
    if name is None:
        return span(idiom, period)
    if period.days == 1:
        return words.on_day.format(day=name)
    return words.within.format(period=name)


def year(period: Period) -> str:
    """The year of a period, or its two years: '2017', '2016–2017'."""
    first, last = period.start.year, period.end.year
    return str(first) if first == last else f"{first}–{last}"


def ages(idiom: Idiom, ages: AgeClass) -> str:
    """A class of ages: 'van 13 tot en met 17 jaar', 'vanaf 18 jaar'."""
    words = idiom.words.ages
    if ages.to is None:
        return words.onwards.format(start=ages.start)
    if ages.start == ages.to:
        return words.one.format(start=ages.start)
    pattern = words.up_to if ages.start == 0 else words.between
    return pattern.format(start=ages.start, end=ages.to)
