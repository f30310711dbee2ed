"""Arithmetic with printed numbers: every result is the range that the roundings leave open.

Each operation takes the least and the most that a printed number can stand for. A statement is
wrong only where no number lies both in what is printed and in what was computed.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

from helpline_report.audit.printing import Bounds

HUNDRED = Decimal(100)


def point(value: Decimal | int) -> Bounds:
    """A number that is known exactly."""
    return Bounds(Decimal(value), Decimal(value))


def total(parts: Iterable[Bounds]) -> Bounds:
    """A sum."""
    low, high = Decimal(0), Decimal(0)
    for part in parts:
        low, high = low + part.low, high + part.high
    return Bounds(low, high)


def minus(left: Bounds, right: Bounds) -> Bounds:
    """A difference."""
    return Bounds(left.low - right.high, left.high - right.low)


def over(left: Bounds, right: Bounds) -> Bounds:
    """A quotient of numbers that are not negative.

    Raises:
        ZeroDivisionError: the divisor may be 0.
    """
    if right.low <= 0:
        raise ZeroDivisionError
    return Bounds(left.low / right.high, left.high / right.low)


def share(part: Bounds, whole: Bounds) -> Bounds:
    """A part in a whole, in percent."""
    quotient = over(part, whole)
    return Bounds(HUNDRED * quotient.low, HUNDRED * quotient.high)


def part(percent: Bounds, whole: Bounds) -> Bounds:
    """So many percent of a whole; whole numbers, where there are any in the range."""
    low, high = percent.low * whole.low / HUNDRED, percent.high * whole.high / HUNDRED
    return whole_numbers(Bounds(low, high)) or Bounds(low, high)


def whole_numbers(bounds: Bounds) -> Bounds | None:
    """The whole numbers within a range, if there are any."""
    least = bounds.low.to_integral_value(ROUND_CEILING)
    most = bounds.high.to_integral_value(ROUND_FLOOR)
    return Bounds(least, most) if least <= most else None


def change(then: Bounds, now: Bounds) -> Bounds:
    """The growth from one number to another, in percent."""
    quotient = over(now, then)
    return Bounds(HUNDRED * (quotient.low - 1), HUNDRED * (quotient.high - 1))


def can_be_printed(percent: Decimal, decimals: int, whole: int) -> bool:
    """Whether some whole number out of `whole` is a percentage that prints like this.

    Source: N. J. L. Brown and J. A. J. Heathers, 'The GRIM test', Social Psychological and
    Personality Science 8 (2017) 363-369, for percentages.
    """
    place = Decimal(1).scaleb(-decimals)
    near = int(percent * whole / HUNDRED)
    return any(
        (HUNDRED * some / whole).quantize(place, rounding) == percent
        for some in range(max(0, near - 1), near + 3)
        for rounding in (ROUND_HALF_UP, ROUND_HALF_DOWN)
    )
