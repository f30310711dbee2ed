"""Read what a printed number says: its decimals, its hedge, and the range that it leaves open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from helpline_report.figures.model import Figure
from helpline_report.figures.printed import PrintedFigure
from helpline_report.parameters.yaml import read_yaml
from helpline_report.prose.numbers import exact, rounded

CODES = ("label", "month", "weekday", "rank", "flag")

Agreement = Literal["exact", "rounded"]
# On which side of a printed number the true one lies.
Hedge = Literal["over", "under", "near", "above", "below"]

NUMBER = re.compile(r"\d[\d.,\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}']*")
LEADING_DIGITS = 2
HEDGES = Path(__file__).parent / "catalogue" / "hedges.yaml"
HALF = Decimal("0.5")


@cache
def read_hedges() -> Mapping[str, Hedge]:
    """What each hedge of a printed report means, in whichever language it was printed."""
    words = read_yaml(HEDGES).data
    return {word: hedge for hedge in get_args(Hedge) for word in words[hedge]}


class Bounds(NamedTuple):
    """The least and the most that a number can be; both may be it."""

    low: Decimal
    high: Decimal

    def excludes(self, other: Bounds) -> bool:
        """Whether no number lies in both."""
        return self.high < other.low or self.low > other.high


@dataclass(frozen=True)
class Print:
    """A printed number: its value, its unit, how many decimals it shows, and its hedge."""

    value: Decimal
    unit: str
    decimals: int
    hedge: Hedge | None

    @property
    def step(self) -> Decimal:
        """The place it was cut short at: the last decimal, or of a hedged count a round one."""
        round_one = self.hedge is not None and self.unit in ("count", "mean")
        if not round_one or self.value != int(self.value):
            return Decimal(1).scaleb(-self.decimals)
        digits = str(abs(int(self.value)))
        zeros = len(digits) - len(digits.rstrip("0"))
        return Decimal(10) ** max(0, min(zeros, len(digits) - LEADING_DIGITS))

    @property
    def bounds(self) -> Bounds:
        """The range of numbers that are printed like this."""
        value, step = self.value, self.step
        if self.hedge in ("over", "above"):
            return Bounds(value, value + step)
        if self.hedge in ("under", "below"):
            return Bounds(value - step, value)
        either_side = 0 if self.unit == "count" and self.hedge is None else step * HALF
        return Bounds(value - either_side, value + either_side)

    def fits(self, computed: Decimal) -> bool:
        """Whether a computed number may be printed like this."""
        value, step = self.value, self.step
        match self.hedge:
            case "over":
                return value <= computed < value + step
            case "above":
                return value < computed < value + step
            case "under":
                return value - step <= computed <= value
            case "below":
                return value - step <= computed < value
        if self.unit == "count" and self.hedge is None:
            return computed == value
        return rounded(computed / step) * step == value


def read_print(item: PrintedFigure) -> Print:
    """What a printed number says.

    Raises:
        ValueError: it is no number.
    """
    try:
        value = Decimal(item.value)
    except InvalidOperation:
        raise ValueError(f"'{item.id}' is no number") from None
    return Print(value, item.unit, _decimals(item.printed, value), _hedge(item.printed))


def _decimals(printed: str, value: Decimal) -> int:
    """The decimals of the number in the print that is `value`, whichever mark it has."""
    for token in NUMBER.findall(printed):
        for mark, grouping in ((",", r"[^\d,]"), (".", r"[^\d.]")):
            text = re.sub(grouping, "", token).strip(mark)
            whole, _, decimals = text.partition(mark)
            if mark not in decimals and Decimal(f"{whole or 0}.{decimals or 0}") == abs(value):
                return len(decimals)
    return max(0, -int(value.normalize().as_tuple().exponent))


def _hedge(printed: str) -> Hedge | None:
    """The longest hedge that begins the print, or stands right before its number."""
    text = printed.strip().casefold()
    before = r"^{0}(?!\w)|(?<!\w){0}\s*\d"
    hedges = read_hedges()
    words = [word for word in hedges if re.search(before.format(re.escape(word)), text)]
    return hedges[max(words, key=len)] if words else None


def recompute_value(figure: Figure) -> Decimal:
    """The value of a figure, made anew of its numerator and denominator where it has them.

    Raises:
        ValueError: it has no value, or is a label.
    """
    if figure.numerator is None or figure.denominator is None:
        return exact(figure.number)
    above, below = Decimal(figure.numerator), Decimal(figure.denominator)
    match figure.kind:
        case "share":
            return 100 * above / below
        case "change":
            return 100 * (above - below) / below
        case "mean":
            return above / below
        case "rate_ratio" | "flag" if figure.exposure and figure.exposure.against:
            return above * Decimal(figure.exposure.against) / (below * Decimal(figure.exposure.of))
    return exact(figure.number)


def judge_agreement(item: PrintedFigure, figure: Figure) -> Agreement | None:
    """Whether the print says what was computed: exactly, as a rounding of it, or not at all."""
    if item.unit in CODES:
        codes = str(figure.value), item.value
        computed_code, printed_code = (int(code) if code.isdigit() else code for code in codes)
        return "exact" if computed_code == printed_code else None
    number, computed = read_print(item), recompute_value(figure)
    if not number.fits(computed):
        return None
    whole = computed == computed.to_integral_value()
    return "rounded" if number.hedge or (number.decimals == 0 and not whole) else "exact"
