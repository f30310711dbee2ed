"""Make intervals from published counts, and from how rows vary in steps that tell nobody's rows."""

from __future__ import annotations

import math

from helpline_report.figures.intervals import Z, exact_rate_ratio, wilson
from helpline_report.figures.model import Figure, Interval

# The steps of φ, and the smallest ones of how much more rows in clusters vary than single ones.
STEP = 0.1
# What is left of a number after the rounding of floats.
EXACT = 6


def coarsen_interval(figure: Figure, threshold: int) -> Figure:
    """The figure with an interval from which nothing follows that its counts don't say.

    An interval with all its digits gives φ away, and how many rows share a contact, as a whole
    number. So φ is rounded up, and so is the design effect, in steps of as many pairs of rows in
    one contact as no small count has. What can't be made so has no interval.
    """
    interval, first, second = figure.interval, figure.numerator, figure.denominator
    if interval is None or first is None or second is None:
        return figure
    phi = interval.dispersion and math.ceil(round(interval.dispersion / STEP, EXACT)) * STEP
    phi = phi and round(phi, 1)
    limits = _limits(figure, interval, (first, second), phi or 1, threshold)
    if limits is None:
        return figure.model_copy(update={"interval": None})
    low, high = limits
    if figure.kind == "change":
        low, high = 100 * (low - 1), 100 * (high - 1)
    coarse = interval.model_copy(update={"low": low, "high": high, "dispersion": phi})
    # A flag says whether the interval lies above 'no difference'.
    value = int(low > 1) if figure.kind == "flag" else figure.value
    return figure.model_copy(update={"interval": coarse, "value": value})


def _limits(
    figure: Figure, interval: Interval, counts: tuple[float, float], phi: float, threshold: int
) -> tuple[float, float] | None:
    """The limits of the interval; those of a change are those of its ratio."""
    first, second = counts
    ends = (interval.low, interval.high)
    if figure.kind == "change":
        ends = (1 + interval.low / 100, 1 + interval.high / 100)
    of = figure.exposure
    exposures = (of.of, of.against or 1) if of else (1.0, 1.0)
    if interval.method == "wilson":
        return ends
    if interval.method == "wilson_clustered":
        share = first / second
        # What is left of the product of both limits says how many single rows vary as much.
        sides = [(1 - share, 1 - end / 100) for end in ends]
        if first == second:
            sides = [(share, end / 100) for end in ends]
        inverse = math.prod(exact / end for exact, end in sides)
        effect = second * (inverse - 1) / Z**2
        rows = second / _step_up(effect, min(first, second - first) or second, threshold)
        low, high = wilson(share * rows, rows)
        return 100 * low, 100 * high
    if interval.method == "exact_conditional":
        if figure.population.table != "contacts" and not min(counts):
            return None
        return exact_rate_ratio((first / phi, second / phi), exposures)
    ratio, spread = math.sqrt(ends[0] * ends[1]), math.log(ends[1] / ends[0]) / 2
    if interval.method == "log_normal":
        spread *= math.sqrt(phi / (interval.dispersion or 1))
    else:
        single = 1 / first + 1 / second
        effect = (spread / Z) ** 2 / single
        spread = Z * math.sqrt(_step_up(effect, min(counts), threshold) * single)
    return ratio / math.exp(spread), ratio * math.exp(spread)


def _step_up(effect: float, rows: float, threshold: int) -> float:
    """A design effect, rounded up: each pair of so many rows in one contact adds 2 / rows to it."""
    step = max(STEP, 2 * (threshold + 1) / rows)
    return 1 + step * (math.floor(round((effect - 1) / step, EXACT)) + 1)
