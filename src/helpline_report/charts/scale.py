"""Scales: from values to pixels, with round numbers for the marks on an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """A straight or a logarithmic scale from `low`…`high` to `start`…`end` (pixels)."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        """The place of a value."""
        low, high, at = self.low, self.high, value
        if self.logarithmic:
            low, high, at = math.log(low), math.log(high), math.log(max(value, low))
        return self.start + (at - low) / (high - low) * (self.end - self.start)


def from_zero(values: Sequence[float], start: float, end: float) -> Scale:
    """A scale that holds 0 and all values, and something above 0 where all of them are 0."""
    high = max([*values, 0])
    low = min([*values, 0])
    return Scale(low, high if high > low else low + 1, start, end)


def around(values: Sequence[float], start: float, end: float, *, logarithmic: bool) -> Scale:
    """A scale with a little air on both sides of the values; logarithmic for ratios."""
    usable = [value for value in values if not logarithmic or value > 0]
    low, high = min(usable), max(usable)
    if logarithmic:
        return Scale(low / 1.15, high * 1.15, start, end, logarithmic=True)
    air = (high - low) * 0.08 or 1
    return Scale(low - air, high + air, start, end)


def ticks(scale: Scale, most: int = 4) -> list[float]:
    """At most about `most` round values on a scale, in order."""
    if scale.logarithmic:
        return _logarithmic_ticks(scale, most)
    step = _step((scale.high - scale.low) / most)
    first = math.ceil(scale.low / step - 1e-9)
    last = math.floor(scale.high / step + 1e-9)
    return [round(count * step, 10) for count in range(first, last + 1)]


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= least - 1e-12)


def _logarithmic_ticks(scale: Scale, most: int) -> list[float]:
    first, last = math.floor(math.log10(scale.low)), math.ceil(math.log10(scale.high))
    for factors in ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,)):
        found = [
            factor * 10.0**power
            for power in range(first, last + 1)
            for factor in factors
            if scale.low <= factor * 10.0**power <= scale.high
        ]
        if len(found) <= most + 1:
            return found
    return found[:: math.ceil(len(found) / most)]
