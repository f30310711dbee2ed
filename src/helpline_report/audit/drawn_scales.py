"""Find the scale on which marks stand, and read the numbers that are written along it."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

from helpline_report.audit.numerals import round_half_up

# How many pixels a mark may lie off its place, which is written with two decimals.
NEAR = 0.05
# The scale is read from at most this many of the largest and of the smallest numbers.
REFERENCES = 3
# A number of an axis has so many decimals at most.
DECIMALS = 4
# How 12345.5 is spelled: what stands before it, between its thousands, before its decimals, behind.
SPELLED = re.compile(r"(\D*)12(\D?)345(\D)5(.*)", re.DOTALL)


class PlacedNumber(NamedTuple):
    """A number that something stands for, and the pixel that shows it along an axis."""

    name: str
    pixel: float
    value: float


@dataclass(frozen=True)
class Scale:
    """A straight line from numbers to pixels; `slope` is 0 where nothing tells how long 1 is.

    `outliers` are the numbers that don't lie on it. A logarithmic one takes the logarithm first.
    """

    start: float
    slope: float
    outliers: Sequence[PlacedNumber] = ()
    is_logarithmic: bool = False

    def find_pixel(self, value: float) -> float:
        """Where a number stands."""
        if self.is_logarithmic:
            value = math.log(value) if value > 0 else -math.inf
        return self.start + self.slope * value

    def find_value(self, pixel: float) -> float:
        """The number that stands at a pixel, of a scale that isn't logarithmic."""
        return (pixel - self.start) / self.slope


def fit_scale(
    placed: Iterable[PlacedNumber], *, near: float = NEAR, is_logarithmic: bool = False
) -> Scale:
    """The line on which most numbers lie.

    One is drawn through each of the smallest and each of the largest numbers. Equal numbers stand
    at one place, and those of nothing have no length: that is no scale.
    """
    measure = math.log if is_logarithmic else float
    numbers = [place._replace(value=measure(place.value)) for place in placed]
    ordered = sorted(numbers, key=lambda number: number.value)
    scales = [
        _draw_line(low, high, numbers, near)
        for low, high in product(ordered[:REFERENCES], ordered[-REFERENCES:])
    ]
    best = min(scales, key=lambda scale: len(scale.outliers), default=Scale(0, 0))
    return replace(best, is_logarithmic=is_logarithmic)


def _draw_line(
    low: PlacedNumber, high: PlacedNumber, numbers: Sequence[PlacedNumber], near: float
) -> Scale:
    rise = high.value - low.value
    slope = (high.pixel - low.pixel) / rise if rise > 0 else 0.0
    start = low.pixel - slope * low.value
    outliers = [
        number for number in numbers if abs(number.pixel - start - slope * number.value) > near
    ]
    return Scale(start, slope, outliers)


class AxisSpelling:
    """How the numbers of an axis are spelled, by the example of 12345.5."""

    def __init__(self, example: str) -> None:
        match = SPELLED.fullmatch(example)
        self.parts = match.groups() if match else ("", "", ".", "")

    def read(self, text: str) -> float | None:
        """The number that a text is the spelling of; None if it is that of none."""
        before, thousands, mark, after = self.parts
        if not (text.startswith(before) and text.endswith(after)):
            return None
        digits = text[len(before) : len(text) - len(after)]
        plain = digits.replace(thousands, "") if thousands else digits
        plain = plain.replace(mark, ".").replace("−", "-")
        if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
            return None
        value = float(plain)
        return value if digits.replace("−", "-") in self._spell(value) else None

    def _spell(self, value: float) -> set[str]:
        """A number with the decimals that it has; thousands may stand together below 10,000."""
        _, thousands, mark, _ = self.parts
        whole, _, fraction = f"{round_half_up(value, DECIMALS):,}".partition(".")
        rest = mark + fraction.rstrip("0") if fraction.rstrip("0") else ""
        grouped = whole.replace(",", thousands)
        return {grouped + rest, *([whole.replace(",", "") + rest] if abs(value) < 1e4 else ())}  # noqa: PLR2004
