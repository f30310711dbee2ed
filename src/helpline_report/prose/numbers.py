"""Write a number: rounded half up first, then grouped and marked by the locale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache, lru_cache, reduce
from operator import getitem
from typing import Any

from babel import Locale
from babel.numbers import NumberPattern, parse_pattern

from helpline_report.prose.catalogue import catalogue

Number = int | float | Decimal

# A double holds fifteen decimal digits for certain. What lies behind them is noise of the division
# (0.285 × 100 is 28.499999999999996) and may not decide how a half is rounded.
CERTAIN_DIGITS = 15


@dataclass(frozen=True)
class Idiom:
    """A language, the locale in which its numbers and dates are written, and its words."""

    language: str
    locale: str

    @property
    def words(self) -> dict[str, Any]:
        """The catalogue of the language."""
        return catalogue(self.language)

    def say(self, key: str, **values: object) -> str:
        """The phrase of the catalogue at a dotted key, its values filled in."""
        phrase: Any = reduce(getitem, key.split("."), self.words)
        return str(phrase.format(**values))

    def join(self, parts: Sequence[str], word: str = "conjunction") -> str:
        """'a, b en c', with the conjunction or the disjunction before the last."""
        *rest, last = parts
        return f"{', '.join(rest)} {self.words[word]} {last}" if rest else last


def exact(value: Number) -> Decimal:
    """A number as a decimal, a float without the noise behind its certain digits."""
    if isinstance(value, float):
        return Decimal(f"{value:.{CERTAIN_DIGITS}g}")
    return Decimal(value)


def rounded(value: Number, decimals: int = 0) -> Decimal:
    """A number rounded half up, away from zero: 2.5 to 3, and -2.5 to -3."""
    return exact(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def floor(value: Number) -> int:
    """The whole number at or below a number."""
    return int(exact(value).to_integral_value(ROUND_FLOOR))


def number(idiom: Idiom, value: Number, decimals: int = 0, *, signed: bool = False) -> str:
    """A number with so many decimals: '4.812', '1,30', '−4'; `signed` writes a plus too."""
    half_up = rounded(value, decimals)
    grouped = _grouped(abs(half_up), decimals, idiom.locale)
    return _sign(idiom, half_up, signed=signed) + grouped


def plain_number(idiom: Idiom, value: Number) -> str:
    """A number of no unit: with two decimals, fewer where they are 0; a small one by two digits."""
    decimals = 2
    while 0 < abs(exact(value)) < Decimal(1).scaleb(1 - decimals):
        decimals += 1
    shortest = rounded(value, decimals).normalize()
    return number(idiom, value, max(0, -int(shortest.as_tuple().exponent)))


@lru_cache(maxsize=10_000)
def _grouped(value: Decimal, decimals: int, locale: str) -> str:
    """A number as a locale groups and marks it: a report says most of its numbers many times."""
    text: str = _pattern(decimals).apply(value, _locale(locale))
    return text


@cache
def _pattern(decimals: int) -> NumberPattern:
    return parse_pattern("#,##0" + ("." + "0" * decimals if decimals else ""))


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(name)


def percent(idiom: Idiom, value: Number, decimals: int = 2, *, signed: bool = False) -> str:
    """A percentage, given in percents: '86,41 %', with a no-break space."""
    half_up = rounded(value, decimals)
    text = idiom.say("percent", number=number(idiom, abs(half_up), decimals))
    return _sign(idiom, half_up, signed=signed) + text


def _sign(idiom: Idiom, value: Decimal, *, signed: bool) -> str:
    if value < 0:
        return idiom.say("minus")
    return idiom.say("plus") if signed and value > 0 else ""


def cardinal(idiom: Idiom, value: int) -> str:
    """A number in words up to twelve ('drie'), in digits above."""
    words: list[str] = idiom.words["cardinals"]
    return words[value] if 0 <= value < len(words) else number(idiom, value)


def ordinal(idiom: Idiom, value: int) -> str:
    """A place: 'vierde', or '21e' and '21st' where the catalogue has no word."""
    words: list[str] = idiom.words["ordinals"]
    if 1 <= value <= len(words):
        return words[value - 1]
    kind = _locale(idiom.locale).ordinal_form(value)
    return idiom.say(f"ordinal_digits.{kind}", number=number(idiom, value))


def raw(value: float | str | None) -> str:
    """A value for machines: a decimal point, no grouping, nothing rounded; a code as it is."""
    return "" if value is None else str(value)


def capitalised(text: str) -> str:
    """The text with its first letter as a capital, for the start of a sentence: '(Step)parents'."""
    first = 1 if text.startswith("(") else 0
    return text[:first] + text[first : first + 1].upper() + text[first + 1 :]
