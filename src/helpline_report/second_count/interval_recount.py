"""Compute the interval of a figure anew, from the numbers that its statements give.

The formulas are those of docs/statistics.md, written by another way than the chapters': Wilson's as
the roots of its equation, the exact one by quantiles of F instead of the beta distribution.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist

from scipy.special import fdtri

from helpline_report.figures.model import Figure

TAIL = 0.025
Z = NormalDist().inv_cdf(1 - TAIL)

Ends = tuple[float, float]
# The numbers of a row of a statement: of most statements one.
Numbers = Mapping[str, tuple[float, ...]]


def compute_interval(figure: Figure, counted: Numbers) -> Ends | None:
    """The ends of a figure's interval in its unit; None where it has none.

    `counted` are the numbers of each of its statements, by what these give. A rise that is
    supported has the interval of its ratio.
    """
    if figure.population.table == "traffic":
        return None
    if figure.kind == "share":
        ends = _share(counted)
        return (100 * ends[0], 100 * ends[1]) if ends else None
    if figure.kind == "change":
        ends = _ratio(counted, (1, 1))
        return (100 * (ends[0] - 1), 100 * (ends[1] - 1)) if ends else None
    days = (counted["observed"][0], counted["observed_against"][0])
    return _ratio_of_four(counted, days) if "rest" in counted else _ratio(counted, days)


def _share(counted: Numbers) -> Ends | None:
    hits, trials = counted["numerator"][0], counted["denominator"][0]
    if not trials:
        return None
    share, effective = hits / trials, trials
    if "clusters" in counted:
        contacts, squares = counted["clusters"]
        hit_squares, products = counted["cluster_hits"]
        effective = contacts
        if 0 < share < 1 and contacts > 1:
            spread = hit_squares - 2 * share * products + share**2 * squares
            variance = contacts / (contacts - 1) * spread / trials**2
            rows = share * (1 - share) / (trials - 1)
            effective = trials * min(1, rows / variance) if variance > 0 else trials
    # The shares p for which (share - p)² is z² p (1 - p) / n.
    square, middle = 1 + Z**2 / effective, 2 * share + Z**2 / effective
    root = math.sqrt(max(0, middle**2 - 4 * square * share**2))
    return max(0, (middle - root) / (2 * square)), min(1, (middle + root) / (2 * square))


def _ratio(counted: Numbers, days: Ends) -> Ends | None:
    """The exact interval of counts over φ, or if it is wider the one of contacts as clusters."""
    if "dispersion" not in counted or "against" not in counted:
        return None
    events = (counted["numerator"][0], counted["against"][0])
    (phi,) = counted["dispersion"]
    candidates = [_exact((events[0] / phi, events[1] / phi), days)]
    if "clusters" in counted:
        if "clusters_against" not in counted:
            return None
        first, second = counted["clusters"], counted["clusters_against"]
        if min(events) > 0:
            variance = first[1] / events[0] ** 2 + second[1] / events[1] ** 2
            candidates.append(_spread(events, days, variance))
        else:
            candidates.append(_exact((first[0], second[0]), days))
    low, high = max(candidates, key=lambda ends: ends[1] / ends[0] if ends[0] else ends[1])
    return None if math.isinf(high) else (low, high)


def _exact(events: Ends, days: Ends) -> Ends:
    (one, other), scale = events, days[1] / days[0]
    low = one / (other + 1) * float(fdtri(2 * one, 2 * (other + 1), TAIL)) if one else 0
    if not other:
        return low * scale, math.inf
    high = (one + 1) / other * float(fdtri(2 * (one + 1), 2 * other, 1 - TAIL))
    return low * scale, high * scale


def _spread(events: Ends, days: Ends, variance: float) -> Ends:
    ratio = events[0] * days[1] / (events[1] * days[0])
    factor = math.exp(Z * math.sqrt(variance))
    return ratio / factor, ratio * factor


def _ratio_of_four(counted: Numbers, days: Ends) -> Ends | None:
    """A window and its rest against those of the year before."""
    counts = [counted[name][0] for name in ("numerator", "rest", "against", "rest_against")]
    if min(counts) <= 0:
        return None
    (phi,) = counted["dispersion"]
    return _spread((counts[0], counts[2]), days, phi * sum(1 / count for count in counts))
