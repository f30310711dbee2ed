"""Write numbers, dates and periods in a language, as its locale does.

A number is rounded half up first, then grouped and marked.
"""

import calendar
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, reduce
from operator import getitem
from typing import Any

from babel import Locale
from babel.dates import format_date, get_day_names, get_month_names
from babel.numbers import format_decimal

from helpline_report.parameters.edition import AgeClass
from helpline_report.parameters.values import Number, Period, exact, rounded
from helpline_report.parameters.yaml import read_phrases

# A text that begins with the address of a site.
ADDRESS = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b")

# Between a value and the full stop of its phrase; three are an ellipsis.
BEFORE_STOP = re.compile(r"(?<=\})(?=\.(?!\.))")


def catalogue(language: str) -> Any:
    """The words of a language (`nl` or `en`), as they stand in its file."""
    return read_phrases("helpline_report.prose", language)


@dataclass(frozen=True)
class Idiom:
    """A language, the locale in which its numbers and dates are written, and its words."""

    language: str
    locale: str

    @property
    def words(self) -> Any:
        """The catalogue of the language."""
        return catalogue(self.language)

    def phrase(self, key: str) -> str:
        """The phrase of the catalogue at a dotted key."""
        return str(reduce(getitem, key.split("."), self.words))

    def say(self, key: str, **values: object) -> str:
        """The same, its values filled in."""
        return fill_phrase(self.phrase(key), values)

    def join(self, parts: Sequence[str], word: str = "conjunction") -> str:
        """'a, b en c', with the conjunction or the disjunction before the last."""
        *rest, last = parts
        return f"{', '.join(rest)} {self.words[word]} {last}" if rest else last

    def date(self, day: dt.date, pattern: str = "day") -> str:
        """A date by a pattern of the catalogue: '12 maart 2012', `day_month` '12 maart'."""
        return format_date(day, self.say(f"dates.{pattern}"), locale=self.locale)

    def month(self, number: int) -> str:
        """A month, 1 for January: 'juni'."""
        return str(get_month_names("wide", "stand-alone", self.locale)[number])

    def weekday(self, number: int) -> str:
        """A weekday, 1 for Monday: 'maandag'."""
        return str(get_day_names("wide", "stand-alone", self.locale)[number - 1])

    def year(self, period: Period) -> str:
        """What a year is called: '2017', '2016–2017'; a period of other length by its ends.

        A quarter is 'januari–maart 2017': it is never called the year that it lies in.
        """
        start, end = period.start, period.end
        if start.year != end.year and period.days in (365, 366):
            return f"{start.year}–{end.year}"
        if name := self._name(period):
            return name
        whole = start.day == 1 and (end + dt.timedelta(days=1)).day == 1
        pattern = "month_year" if whole else "day"
        first = self.date(start, pattern)
        if start.year == end.year:
            first = self.month(start.month) if whole else self.date(start, "day_month")
        return f"{first}–{self.date(end, pattern)}"

    def _name(self, period: Period) -> str:
        """A period that has a name: '2017', 'juni 2017', '12 maart 2017'; else nothing."""
        start = period.start
        if period.is_calendar_year:
            return str(start.year)
        last = calendar.monthrange(start.year, start.month)[1]
        if start.day == 1 and period.end == start.replace(day=last):
            return self.date(start, "month_year")
        return self.date(start) if period.days == 1 else ""

    def span(self, period: Period) -> str:
        """From which day to which: 'van 1 juli tot en met 31 december 2016'."""
        start, end = period.start, period.end
        if period.days == 1:
            return self.date(start)
        if start.year != end.year:
            first = self.date(start)
        else:
            first = self.date(start, "day_month") if start.month != end.month else str(start.day)
        return self.say("dates.span", start=first, end=self.date(end))

    def period(self, period: Period) -> str:
        """A period behind a comma: '2017', else 'van 1 juli tot en met 31 december 2016'."""
        return self._name(period) or self.span(period)

    def period_noun(self, period: Period) -> str:
        """A period as a noun: '2017', else 'de periode van 1 juli tot en met 31 december 2016'."""
        return self._name(period) or self.say("dates.the_span", span=self.span(period))

    def within(self, period: Period) -> str:
        """When: 'in 2017', 'op 12 maart 2017', 'van 1 juli tot en met 31 december 2016'."""
        name = self._name(period)
        if period.days == 1:
            return self.say("dates.on_day", day=name)
        return self.say("dates.within", period=name) if name else self.span(period)

    def ages(self, ages: AgeClass) -> str:
        """A class of ages: 'van 13 tot en met 17 jaar', 'vanaf 18 jaar'."""
        key = "up_to" if ages.start == 0 else "between"
        if ages.to is None or ages.start == ages.to:
            key = "one" if ages.to is not None else "onwards"
        return self.say(f"ages.{key}", start=ages.start, end=ages.to)


def fill_phrase(phrase: str, values: Mapping[str, object]) -> str:
    """A phrase with its values; one that ends with a full stop, 'v.z.w.', has no other behind it.

    Raises:
        KeyError: a value in it isn't given.
    """
    text = ""
    for part in BEFORE_STOP.split(phrase):
        filled = part.format(**values)
        text += filled.removeprefix(".") if text.endswith(".") else filled
    return text


def number(idiom: Idiom, value: Number, decimals: int = 0, *, signed: bool = False) -> str:
    """A number with this many decimals: '4.812', '1,30', '−4'; `signed` writes a plus too."""
    half_up = rounded(value, decimals)
    grouped = _group_digits(abs(half_up), decimals, idiom.locale)
    return _sign(idiom, half_up, signed=signed) + grouped


@lru_cache(maxsize=8192)
def _group_digits(value: Decimal, decimals: int, locale: str) -> str:
    """The digits of a number of a locale: the same number is written in many places."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, pattern, locale))


def _sign(idiom: Idiom, value: Decimal, *, signed: bool) -> str:
    if value < 0:
        return idiom.say("minus")
    return idiom.say("plus") if signed and value > 0 else ""


def plain_number(idiom: Idiom, value: Number) -> str:
    """A number of no unit: with two decimals, fewer where they are 0; a small one by two digits."""
    decimals = 2
    while 0 < abs(exact(value)) < Decimal(1).scaleb(1 - decimals):
        decimals += 1
    shortest = rounded(value, decimals).normalize()
    return number(idiom, value, max(0, -int(shortest.as_tuple().exponent)))


def percent(idiom: Idiom, value: Number, decimals: int = 2, *, signed: bool = False) -> str:
    """A percentage, given in percents: '86,41 %', with a no-break space."""
    half_up = rounded(value, decimals)
    text = idiom.say("percent", number=number(idiom, abs(half_up), decimals))
    return _sign(idiom, half_up, signed=signed) + text


def cardinal(idiom: Idiom, value: int) -> str:
    """A number in words up to twelve ('drie'), in digits above."""
    words = idiom.words["cardinals"]
    return str(words[value]) if 0 <= value < len(words) else number(idiom, value)


def ordinal(idiom: Idiom, value: int) -> str:
    """A place: 'vierde', or '21e' and '21st' where the catalogue has no word."""
    words = idiom.words["ordinals"]
    if 1 <= value <= len(words):
        return str(words[value - 1])
    kind = Locale.parse(idiom.locale).ordinal_form(value)
    return idiom.say(f"ordinal_digits.{kind}", number=number(idiom, value))


def raw(value: float | str | None) -> str:
    """A value for machines: a decimal point, no grouping, nothing rounded; a code as it is."""
    return "" if value is None else str(value)


def capitalised(text: str) -> str:
    """The text with its first letter as a capital, for the start of a sentence: '(Step)parents'.

    The address of a site stays as it is written: 'awel.be'.
    """
    if ADDRESS.match(text):
        return text
    first = 1 if text.startswith("(") else 0
    return text[:first] + text[first : first + 1].upper() + text[first + 1 :]
