"""The numbers in a text that count or share something, and the range each print leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from helpline_report.audit.catalogue import Hedge, hedges
from helpline_report.audit.printing import Bounds
from helpline_report.audit.proofreading.no_counts import masked
from helpline_report.audit.proofreading.vocabulary import dutch, either

Unit = Literal["count", "percent"]

HALF = Decimal("0.5")
ROUND_FROM = 1000
HUNDRED = Decimal(100)
# How far a hedge may lead from the number beside it. They are wide on purpose: 'ruim 400' of 437
# is no mistake.
LOOSE = {"near": Decimal("0.07"), "over": Decimal("0.1"), "under": Decimal("0.1")}
ABOVE, BELOW = Decimal("1.3"), Decimal("0.7")
FRACTION = Decimal("2.5")

GROUP = r"[. \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]"
DIGITS = rf"\d{{1,3}}(?:{GROUP}\d{{3}})+(?:,\d+)?|\d+,\d+|\d+\.\d{{1,2}}(?=\s?(?:%|procent))|\d+"
PERCENT = r"\s?(?:%|procent\b|pct\b)"


@dataclass(frozen=True)
class Numeral:
    """A printed number: `text[start:end]` holds it with its hedge and its percent sign.

    `decimals` says at which place it was cut short: 2 of '86,41', -5 of '1,2 miljoen'.
    """

    value: Decimal
    unit: Unit
    decimals: int
    start: int
    end: int
    hedge: Hedge | None = None
    signed: bool = False
    fraction: bool = False

    @property
    def step(self) -> Decimal:
        """The unit of the last printed digit."""
        return Decimal(1).scaleb(-self.decimals)

    @property
    def is_share(self) -> bool:
        """Whether it is a percentage or a fraction."""
        return self.unit == "percent"

    def bounds(self, *, exact: bool = False) -> Bounds:
        """The numbers that may be printed so; with `exact` a round count isn't taken as rounded."""
        value, step = self.value, self.step
        if self.hedge is not None:
            return self._hedged(value, step)
        if self.fraction:
            return Bounds(value - FRACTION, value + FRACTION)
        if self.unit == "percent" or self.decimals:
            return Bounds(value - step * HALF, value + step * HALF)
        if exact:
            return Bounds(value, value)
        rounded = _round_step(value)
        return Bounds(value - rounded * HALF, value + rounded * HALF)

    def _hedged(self, value: Decimal, step: Decimal) -> Bounds:
        loose = step if self.unit == "percent" else abs(value) * LOOSE["near"]
        match self.hedge:
            case "over":
                wide = step * 3 * HALF if self.unit == "percent" else abs(value) * LOOSE["over"]
                return Bounds(value - step * HALF, value + max(wide, step))
            case "under":
                wide = step * 5 * HALF if self.unit == "percent" else abs(value) * LOOSE["under"]
                return Bounds(value - max(wide, step), value + step * HALF)
            case "above":
                return Bounds(value, max(value * ABOVE, value + step))
            case "below":
                return Bounds(value * BELOW, value)
        return Bounds(value - max(loose, step), value + max(loose, step))


def _round_step(value: Decimal) -> Decimal:
    """A count in prose with two noughts at its end may be a rounded one."""
    whole = int(abs(value))
    if whole < ROUND_FROM or whole % 100:
        return Decimal(0)
    digits = str(whole)
    return Decimal(10) ** min(len(digits) - len(digits.rstrip("0")), len(digits) - 2)


def find_numerals(text: str, names: frozenset[str] = frozenset()) -> list[Numeral]:
    """The numbers of a text that count or share something, in order.

    Dates, years, hours, telephone numbers, ages, places in a list and references to a chapter are
    no counts. `names` are numbers that are a name throughout the document.
    """
    seen = masked(text, names)
    found = [*_digits(seen), *_fractions(seen), *_words(seen)]
    found.sort(key=lambda item: item.start)
    return found


def _digits(text: str) -> Iterator[Numeral]:
    scales = "|".join(dutch().scales)
    pattern = (
        rf"(?<![\w.,/])(?P<sign>[+\-−]\s?)?(?P<number>{DIGITS})(?![\w/]|[.,]\d)"
        rf"(?:\s(?P<scale>{scales})\b)?(?P<percent>{PERCENT})?"
    )
    for match in re.finditer(pattern, text, re.IGNORECASE):
        whole, _, part = _plain(match["number"]).partition(".")
        value, decimals = Decimal(f"{whole}.{part}" if part else whole), len(part)
        if match["scale"]:
            power = dutch().scales[match["scale"].casefold()]
            value, decimals = value.scaleb(power), decimals - power
        sign = (match["sign"] or "").strip()
        hedge, start = _hedge(text, match.start())
        yield Numeral(
            -value if sign in {"-", "−"} else value,
            "percent" if match["percent"] else "count",
            decimals,
            start,
            match.end(),
            hedge,
            signed=bool(sign),
        )


def _plain(number: str) -> str:
    """Digits with a decimal point, and no grouping."""
    if "," in number:
        return re.sub(GROUP, "", number).replace(",", ".")
    return number if re.fullmatch(r"\d+\.\d{1,2}", number) else re.sub(GROUP, "", number)


def _fractions(text: str) -> Iterator[Numeral]:
    words = dutch()
    place = r"(?!\s+(?:plaats|keer|maal|jaar|editie|partij|partijen))"
    for match in re.finditer(either(tuple(words.fractions)) + place, text, re.IGNORECASE):
        said = re.sub(r"\s+", " ", match[0].casefold())
        hedge, start = _hedge(text, match.start())
        value = Decimal(str(words.fractions[said]))
        yield Numeral(value, "percent", 0, start, match.end(), hedge, fraction=True)


def _words(text: str) -> Iterator[Numeral]:
    words = dutch()
    taken = re.compile(either(tuple(words.fractions)), re.IGNORECASE)
    spans = [match.span() for match in taken.finditer(text)]
    for match in re.finditer(either(tuple(words.words)), text, re.IGNORECASE):
        if any(start <= match.start() < end for start, end in spans):
            continue
        if re.match(r"\s+(?:of|op|tot|à)\s", text[match.end() :]):
            continue
        value = Decimal(words.words[match[0].casefold()])
        hedge, start = _hedge(text, match.start())
        yield Numeral(value, "count", 0, start, match.end(), hedge)


def _hedge(text: str, start: int) -> tuple[Hedge | None, int]:
    match = _hedges().search(text[max(0, start - 30) : start])
    if match is None:
        return None, start
    said = re.sub(r"\s+", " ", match[1].casefold())
    return hedges()[said], start - len(match[0])


@cache
def _hedges() -> re.Pattern[str]:
    known = [word for word in hedges() if word not in dutch().no_hedges]
    ordered = sorted(known, key=len, reverse=True)
    body = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)
    return re.compile(rf"(?<!\w)({body})\s+$", re.IGNORECASE)
