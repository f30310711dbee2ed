"""Confidence intervals for shares and rate ratios, from counts and from clusters of contacts."""

import math
from itertools import count

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from helpline_report.figures.model import Figure, Interval
from helpline_report.tables.dataset import RowNumbers

LEVEL = 0.95
# The standard deviations on each side of a normal interval.
Z = 1.959963984540054
# An exact interval of a ratio of counts begins at 0 below a millionth, and has no end above a
# million (docs/statistics.md).
FURTHEST = 1e6
# φ goes up in steps of this size, a design effect in steps of this size or more.
STEP = 0.1
# Ends of intervals that differ by less are equal.
EXACT = 1e-9


def wilson(hits: float, trials: float) -> tuple[float, float]:
    """Wilson's score interval of a share, as shares between 0 and 1.

    `trials`, which are more than 0, may be an effective number, and then needn't be whole.

    Source: E. B. Wilson, 'Probable inference, the law of succession, and statistical inference',
    Journal of the American Statistical Association 22 (1927) 209-212.
    """
    share = hits / trials
    centre = share + Z * Z / (2 * trials)
    spread = Z * math.sqrt(share * (1 - share) / trials + Z * Z / (4 * trials * trials))
    scale = 1 + Z * Z / trials
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def share_interval(hits: int, trials: int) -> Interval:
    """The interval of a share whose rows are independent, in percent."""
    low, high = wilson(hits, trials)
    return Interval(low=100 * low, high=100 * high, method="wilson")


def clustered_share_interval(hits: RowNumbers, trials: RowNumbers) -> Interval:
    """The interval of a share whose rows come in clusters, in percent.

    `trials` are the numbers of the clusters, one a row, and `hits` those of some of the rows. The
    variance of the ratio estimator, beside the one of as many independent rows, gives an effective
    number of rows, never above the real one; Wilson's interval is taken for it. Where every or no
    row counts the effective number is that of the clusters. With one row a cluster it is Wilson's
    interval of the rows.

    Source: N. Dean and M. Pagano, 'Evaluating confidence interval methods for binomial proportions
    in clustered surveys', Journal of Survey Statistics and Methodology 3 (2015) 484-503.
    """
    sizes = np.bincount(trials)
    hit_sizes = np.bincount(hits, minlength=len(sizes))
    clusters, total, hit = int(np.count_nonzero(sizes)), len(trials), len(hits)
    share = float(hit) / total
    effective = float(clusters)
    if 0 < share < 1 and clusters > 1:
        # Whole numbers as long as they are added up: their sum is the same in any order of rows.
        squares = total**2 * int(hit_sizes @ hit_sizes) - 2 * total * hit * int(hit_sizes @ sizes)
        squares += hit**2 * int(sizes @ sizes)
        variance = clusters / (clusters - 1) * (squares / total**4)
        independent = share * (1 - share) / (total - 1)
        effective = total * min(1.0, independent / variance) if variance else float(total)
    low, high = wilson(share * effective, effective)
    return Interval(low=100 * low, high=100 * high, method="wilson_clustered")


def estimate_dispersion(counts: npt.NDArray[np.int64], cells: npt.NDArray[np.int64]) -> float:
    """How many times as much as Poisson counts the counts of days vary: Pearson's φ, at least 1.

    `counts` are rows, one a day, and `cells` the number of each day's cell, in which all days are
    taken for alike. Cells without rows say nothing. Cells can't see days that vary together (a
    whole month that is busier).

    Source: P. McCullagh and J. A. Nelder, Generalized Linear Models, 2nd edition (1989), 4.5.2 and
    6.2.3.
    """
    days = np.bincount(cells)
    sums, squares = np.zeros_like(days), np.zeros_like(days)
    np.add.at(sums, cells, counts)
    np.add.at(squares, cells, counts**2)
    filled = sums > 0
    days, sums, squares = days[filled], sums[filled], squares[filled]
    freedom = int((days - 1).sum())
    if not freedom:
        return 1.0
    return max(1.0, math.fsum(days * squares / sums - sums) / freedom)


def exact_rate_ratio(
    events: tuple[float, float], exposures: tuple[float, float]
) -> tuple[float, float]:
    """The exact interval of the ratio of two Poisson rates, conditional on their sum.

    One of the counts at least, and both exposures, are above 0. Given the sum, the first count is
    binomial; its Clopper-Pearson limits become limits of the ratio. A low limit of the ratio
    of counts is 0 if it is below a millionth, and a high limit is infinite if it is above a million
    or the second count is 0. Counts of days that vary more are divided by φ first, and then needn't
    be whole.

    Source: J. Przyborowski and H. Wilenski, 'Homogeneity of results in testing samples from Poisson
    series', Biometrika 31 (1940) 313-323; C. J. Clopper and E. S. Pearson, Biometrika 26 (1934).
    """
    first, second = events
    tail = (1 - LEVEL) / 2
    low = float(betaincinv(first, second + 1, tail)) if first else 0.0
    high = float(betaincinv(first + 1, second, 1 - tail)) if second else 1.0
    low, high = low / (1 - low), high / (1 - high) if high < 1 else math.inf
    scale = exposures[1] / exposures[0]
    return (
        low * scale if low >= 1 / FURTHEST else 0.0,
        high * scale if high <= FURTHEST else math.inf,
    )


def clustered_rate_ratio(
    first: RowNumbers, second: RowNumbers, exposures: tuple[float, float]
) -> tuple[float, float]:
    """The interval of the ratio of two rates of rows that come in clusters, none without rows.

    `first` and `second` are the numbers of the clusters, one a row. How many clusters there are is
    taken as Poisson, so that a sum of rows has the variance of a compound Poisson sum, the sum of
    squares; the interval is normal on the log scale.

    Source: W. Feller, An Introduction to Probability Theory and Its Applications I (1968), XII.2,
    with the delta method.
    """
    variance = sum(int(np.sum(np.bincount(e) ** 2)) / len(e) ** 2 for e in (first, second))
    ratio = (len(first) / exposures[0]) / (len(second) / exposures[1])
    spread = math.exp(Z * math.sqrt(variance))
    return ratio / spread, ratio * spread


def log_normal_ratio(
    ratio: float, counts: tuple[int, ...], dispersion: float
) -> tuple[float, float]:
    """The interval of a ratio of products of independent counts above 0, normal on the log scale.

    Source: B. Woolf, 'On estimating the relation between blood group and disease', Annals of Human
    Genetics 19 (1955) 251-253; the variance is multiplied by `dispersion`.
    """
    spread = math.exp(Z * math.sqrt(dispersion * sum(1 / count for count in counts)))
    return ratio / spread, ratio * spread


def coarsen_interval(figure: Figure, pairs: int) -> Figure:
    """The figure with an interval that tells no more than its counts do.

    With all its digits an interval gives φ away, and how many rows share a contact, as a whole
    number. So φ is rounded up. The design effect (how many times as much rows vary as single ones)
    is rounded up in steps of so many `pairs` of rows in one contact, and the interval grows. An
    interval that can't be made so is left out.
    """
    interval, first, second = figure.interval, figure.numerator, figure.denominator
    if interval is None or first is None or second is None or interval.method == "wilson":
        return figure
    phi = interval.dispersion and round(STEP * math.ceil(round(interval.dispersion / STEP, 6)), 1)
    shift, scale = {"share": (0, 100), "change": (1, 100)}.get(figure.kind, (0, 1))
    ends = interval.low / scale + shift, interval.high / scale + shift
    in_contacts = figure.population.table != "contacts" and figure.kind != "share"
    if in_contacts:
        # Which of two intervals is the wider would say how many rows share a contact.
        interval = interval.model_copy(update={"method": "exact_conditional"})
    low, high = _widen(figure, interval, ends, phi or 1, effect=1)
    if math.isinf(high) or (in_contacts and not min(first, second)):
        return figure.model_copy(update={"interval": None})
    if in_contacts:
        ends = min(low, ends[0]), max(high, ends[1])
        interval = interval.model_copy(update={"method": "log_normal_clustered"})
    if interval.method.endswith("clustered"):
        others = second - first if figure.kind == "share" else second
        rows = min(first, others) or second
        # Each pair of rows in one contact adds 2 / rows to the design effect.
        step = max(STEP, 2 * (pairs + 1) / rows)
        for number in count(1):
            low, high = _widen(figure, interval, ends, phi or 1, effect=1 + step * number)
            if low < ends[0] + EXACT and ends[1] - EXACT < high:
                break
    low, high = scale * (low - shift), scale * (high - shift)
    coarse = interval.model_copy(update={"low": low, "high": high, "dispersion": phi})
    # A flag says whether the interval lies above 'no difference'.
    value = int(coarse.supports_rise) if figure.kind == "flag" else figure.value
    return figure.model_copy(update={"interval": coarse, "value": value})


def _widen(
    figure: Figure, interval: Interval, ends: tuple[float, float], phi: float, *, effect: float
) -> tuple[float, float]:
    """The ends of an interval, whose own are `ends`, with another φ and a design effect."""
    first, second = figure.numerator or 0, figure.denominator or 0
    if figure.kind == "share":
        return wilson(first / effect, second / effect)
    of = figure.exposure
    exposures = (of.own, of.other or 1) if of else (1.0, 1.0)
    if interval.method == "exact_conditional":
        return exact_rate_ratio((first / phi, second / phi), exposures)
    if interval.method == "log_normal_clustered":
        ratio = first / exposures[0] / (second / exposures[1])
        spread = Z * math.sqrt(effect * (1 / first + 1 / second))
    else:
        ratio = math.sqrt(ends[0] * ends[1])
        spread = math.log(ends[1] / ends[0]) / 2 * math.sqrt(phi / (interval.dispersion or 1))
    return ratio / math.exp(spread), ratio * math.exp(spread)
