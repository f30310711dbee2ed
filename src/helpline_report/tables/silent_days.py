"""Find stretches of open days in which more days are without a contact than chance brings."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

# How much more than Poisson counts the contacts of days vary: as much as in the registers that are
# known to vary most. The days of one that varies less are without a contact less often.
SCATTER = 3.0
# By how many standard errors the mean of a weekday is taken lower: where few of its days have
# contacts, these may be its busiest.
LOWER = 2
# How often any stretch of a sound year is reported: once in a million years.
FALSE_ALARMS = 1e-6
# Where days with contacts have fewer of them, days without any say nothing.
FEWEST_A_DAY = 3
# Steps to the chance of a day without contacts; more change nothing that matters.
STEPS = 100
OPEN_DAYS = "open days"

Chances = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SilentStretch:
    """Days without a contact, all within a stretch of `length` open days or days of one weekday.

    `days` says of which (`open days`, `Fridays`), `silent` are the days, and `due` is how many
    contacts they should have.
    """

    days: str
    length: int
    silent: pd.DatetimeIndex
    due: float


def find_silent_stretches(numbers: pd.Series) -> Iterator[SilentStretch]:
    """Find the stretches that chance brings about once in a million years, the unlikeliest first.

    `numbers` are the contacts of each open day, in order, with the days as index. A stretch goes
    from one day without contacts to another, of all open days or of those of one weekday: so a
    week, each Friday of a quarter and single days here and there are found alike. The chance of a
    stretch is multiplied by the number of stretches that there are.
    """
    if not numbers.sum() >= FEWEST_A_DAY * max(1, (numbers > 0).sum()):
        return
    days = _expect(numbers)
    while not days.empty:
        weekdays = pd.DatetimeIndex(days.index).day_name() + "s"
        sequences = {OPEN_DAYS: days, **dict(iter(days.groupby(weekdays)))}
        tries = sum(len(each) * (len(each) + 1) / 2 for each in sequences.values())
        unlikeliest = {name: _find_unlikeliest(each) for name, each in sequences.items()}
        name = max(unlikeliest, key=lambda each: unlikeliest[each][0])
        evidence, stretch = unlikeliest[name]
        if evidence < np.log(tries / FALSE_ALARMS):
            return
        silent = stretch[stretch["silent"]]
        of_silent = pd.DatetimeIndex(silent.index)
        yield SilentStretch(name, len(stretch), of_silent, float(silent["due"].sum()))
        days = days.drop(of_silent)


def _expect(numbers: pd.Series) -> pd.DataFrame:
    """How many contacts are `due` on each day, the `chance` of none, and whether it is `silent`.

    The mean of a day's month times the share of its weekday, both by the days that have contacts:
    days that are missing don't count as days on which few are due. These are distributed by a
    negative binomial whose variance is `SCATTER` times its mean, without its zeros.
    """
    silent = numbers == 0
    with_any = numbers.where(~silent)
    index = pd.DatetimeIndex(numbers.index)
    mean = with_any.mean()
    by_month, by_weekday = (
        with_any.groupby(each).transform("mean").fillna(mean)
        for each in (index.to_period("M"), index.day_of_week)
    )
    means = (by_month * by_weekday / mean).to_numpy()
    sums = with_any.groupby(index.day_of_week).transform("sum").to_numpy()
    # A weekday that is silent all year has no mean of its own, and none is taken lower.
    lower = 1 - LOWER * np.sqrt(SCATTER / np.where(sums > 0, sums, np.inf))
    safe = means * np.maximum(lower, 0)
    chance = np.zeros(len(numbers))
    for _ in range(STEPS):
        chance = SCATTER ** (-safe * (1 - chance) / (SCATTER - 1))
    return pd.DataFrame({"due": means * (1 - chance), "chance": chance, "silent": silent})


def _find_unlikeliest(days: pd.DataFrame) -> tuple[float, pd.DataFrame]:
    """The stretch with the most days without contacts for its chances, and how unlikely it is.

    That is the negative logarithm of Hoeffding's limit to the chance of as many: n times the
    relative entropy of the share of such days to the mean of their chances. Where more of the days
    outside the stretch are without contacts, theirs is the chance.

    Source: W. Hoeffding, 'Probability inequalities for sums of bounded random variables', Journal
    of the American Statistical Association 58 (1963) 13-30, theorem 1.
    """
    places = np.flatnonzero(days["silent"])
    if not places.size:
        return 0.0, days[:0]
    sums = np.concatenate([[0.0], np.cumsum(days["chance"])])
    # A row for each first day, a column for each last one.
    length = places - places[:, None] + 1
    silent = np.arange(len(places)) - np.arange(len(places))[:, None] + 1
    outside = len(days) - length, len(places) - silent
    rate = np.divide(outside[1], outside[0], out=np.zeros(length.shape), where=outside[0] > 0)
    expected = np.maximum(sums[places + 1] - sums[places][:, None], length * rate)
    is_more = (silent > expected) & (length > 0)
    evidence = np.zeros(length.shape)
    evidence[is_more] = _entropy(silent[is_more], expected[is_more])
    evidence[is_more] += _entropy((length - silent)[is_more], (length - expected)[is_more])
    first, last = np.unravel_index(int(evidence.argmax()), evidence.shape)
    return float(evidence[first, last]), days[places[first] : places[last] + 1]


def _entropy(numbers: Chances, expected: Chances) -> Chances:
    """Each number times the logarithm of its ratio to what is expected; 0 of no number."""
    return numbers * np.log(np.where(numbers > 0, numbers / expected, 1.0))
