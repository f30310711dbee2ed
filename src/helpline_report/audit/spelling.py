"""Spell numbers, dates and periods as a language does, by the patterns of its catalogue.

What checks the words of an edition shares none with what writes them: only the catalogue, which is
data, and the calendar of the locale.
"""

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from string import Formatter
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date, get_day_names, get_month_names

from helpline_report.audit.numerals import NumeralStyle, round_half_up
from helpline_report.parameters.edition import AgeClass, Edition
from helpline_report.parameters.values import Period
from helpline_report.parameters.yaml import read_phrases

Number = int | float
Width = Literal["wide", "abbreviated"]
# The locale of a language that an edition names none for.
LOCALES = {"en": "en_GB"}
# The two lengths of a year.
YEARS = (365, 366)
STOP = "."


def find_locale(edition: Edition, language: str) -> str:
    """The locale in which the numbers of an edition are written in a language."""
    is_own = edition.locale.startswith(language)
    return edition.locale if is_own else LOCALES.get(language, language)


@lru_cache(maxsize=2_000)
def _split_pattern(pattern: str) -> tuple[tuple[str, str | None], ...]:
    """The texts of a pattern, each with the name of the value behind it."""
    return tuple((text, name) for text, name, *_ in Formatter().parse(pattern))


def list_blanks(pattern: str) -> Iterator[str]:
    """The names of the values that a pattern has room for, in its order."""
    return (name for _, name in _split_pattern(pattern) if name)


def fill_in(pattern: str, values: Mapping[str, object]) -> str:
    """A pattern with its values; behind one that ends with a full stop no other one stands.

    Raises:
        KeyError: a value isn't given.
    """
    written = ""
    for text, name in _split_pattern(pattern):
        is_double = written.endswith(STOP) and text.startswith(STOP)
        written += text[1:] if is_double and not text.startswith(2 * STOP) else text
        written += "" if name is None else str(values[name])
    return written


class Spelling:
    """How one language writes numbers, dates and periods; `words` is its catalogue of prose."""

    def __init__(self, language: str, locale: str) -> None:
        self.language, self.locale = language, locale
        self.style = NumeralStyle(locale)
        self.words: Mapping[str, Any] = read_phrases("helpline_report.prose", language)
        self._dates: dict[tuple[dt.date, str], str] = {}

    def pattern(self, key: str) -> Any:
        """What the catalogue has at a dotted key: a pattern, or several by their names.

        Raises:
            KeyError: it has nothing there.
        """
        place: Any = self.words
        for part in key.split("."):
            place = place[part]
        return place

    def write(self, key: str, **values: object) -> str:
        """The pattern of the catalogue at a dotted key, with its values."""
        return fill_in(str(self.pattern(key)), values)

    def list(self, items: Sequence[str], word: str = "conjunction") -> str:
        """Several things in a row: commas, and a word before the last."""
        if len(items) <= 1:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.words[word]} {items[-1]}"

    # Numbers

    def number(self, value: Number, decimals: int = 0, *, signed: bool = False) -> str:
        """A number with so many decimals; a plus stands before one that is `signed`."""
        return self._write_sign(value, decimals, signed=signed) + self.style.write(value, decimals)

    def percent(self, value: Number, decimals: int, *, signed: bool = False) -> str:
        """A percentage by its pattern, with its sign in front of all."""
        size = self.write("percent", number=self.style.write(value, decimals))
        return self._write_sign(value, decimals, signed=signed) + size

    def _write_sign(self, value: Number, decimals: int, *, signed: bool) -> str:
        shown = round_half_up(value, decimals)
        if shown == 0 or (shown > 0 and not signed):
            return ""
        return str(self.words["minus" if shown < 0 else "plus"])

    def cardinal(self, number: int) -> str:
        """A small number in a word, another one in digits."""
        known: Sequence[str] = self.words["cardinals"]
        return known[number] if number in range(len(known)) else self.number(number)

    def ordinal(self, place: int) -> str:
        """A place in a word, as far as the catalogue has words; else in digits."""
        known: Sequence[str] = self.words["ordinals"]
        if place - 1 in range(len(known)):
            return known[place - 1]
        kind = Locale.parse(self.locale).ordinal_form(place)
        return self.write(f"ordinal_digits.{kind}", number=self.number(place))

    # Days and periods

    def date(self, day: dt.date, pattern: str = "day") -> str:
        """A day by a pattern; the same few are asked for again and again."""
        if (day, pattern) not in self._dates:
            form = str(self.pattern(f"dates.{pattern}"))
            self._dates[day, pattern] = format_date(day, form, locale=self.locale)
        return self._dates[day, pattern]

    def month(self, number: int, width: Width = "wide") -> str:
        """A month, or its short name without the full stop."""
        context: Literal["stand-alone", "format"] = "stand-alone" if width == "wide" else "format"
        return str(get_month_names(width, context, self.locale)[number]).rstrip(STOP)

    def weekday(self, number: int, width: Width = "wide") -> str:
        """A weekday from 1 for Monday, or its short name; babel counts from 0."""
        context: Literal["stand-alone", "format"] = "stand-alone" if width == "wide" else "format"
        return str(get_day_names(width, context, self.locale)[number - 1]).rstrip(STOP)

    def name_period(self, period: Period) -> str:
        """The name of a calendar year, a month or a day; '' for any other period."""
        start, end = period.start, period.end
        if (start.day, start.month, end) == (1, 1, dt.date(start.year, 12, 31)):
            return str(start.year)
        days = calendar.monthrange(start.year, start.month)[1]
        if start.day == 1 and end == start.replace(day=days):
            return self.date(start, "month_year")
        return self.date(start) if start == end else ""

    def span(self, period: Period) -> str:
        """From the first to the last day; of the first only what the last has otherwise."""
        start, end = period.start, period.end
        if start == end:
            return self.date(start)
        first = self.date(start)
        if start.year == end.year:
            is_month = start.month == end.month
            first = str(start.day) if is_month else self.date(start, "day_month")
        return self.write("dates.span", start=first, end=self.date(end))

    def period(self, period: Period) -> str:
        """A period by its name, or by its first and last day."""
        return self.name_period(period) or self.span(period)

    def period_noun(self, period: Period) -> str:
        """The same, as a noun."""
        name = self.name_period(period)
        return name or self.write("dates.the_span", span=self.span(period))

    def within(self, period: Period) -> str:
        """The same, as when something is."""
        if period.start == period.end:
            return self.write("dates.on_day", day=self.date(period.start))
        name = self.name_period(period)
        return self.write("dates.within", period=name) if name else self.span(period)

    def year(self, period: Period) -> str:
        """What a report calls its year: one that begins in summer has two numbers."""
        start, end = period.start, period.end
        if start.year != end.year and period.days in YEARS:
            return f"{start.year}–{end.year}"
        if name := self.name_period(period):
            return name
        is_whole = start.day == 1 and (end + dt.timedelta(days=1)).day == 1
        if start.year != end.year:
            first = self.date(start, "month_year" if is_whole else "day")
        else:
            first = self.month(start.month) if is_whole else self.date(start, "day_month")
        return f"{first}–{self.date(end, 'month_year' if is_whole else 'day')}"

    def ages(self, ages: AgeClass) -> str:
        """A class of ages by its ends."""
        low, high = ages.start, ages.to
        if high is None:
            key = "onwards"
        elif low == high:
            key = "one"
        else:
            key = "between" if low else "up_to"
        return self.write(f"ages.{key}", start=low, end=high)
