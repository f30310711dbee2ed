"""Find stretches of open days in which more days are without a contact than chance brings."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

# How much more than Poisson counts the contacts of days vary: as much as in the registers that are
# known to vary most. The days of one that varies less are without a contact less often.
SCATTER = 3.0
# By how many standard errors the mean of a weekday, and of a quiet month, is taken lower: where few
# of their days have contacts, these may be the busiest.
LOWER = 2
# A quiet month has less than this part of the contacts that a day of the year has.
QUIET = 0.5
# How often any stretch of a sound year is reported: once in a million years.
FALSE_ALARMS = 1e-6
# Where days with contacts have fewer of them, single days without any say nothing: only days one
# after another on which so many are due do. With the scatter above none come once in 3^20 times.
FEWEST_A_DAY, DUE_IN_RUN = 3, 40
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
        yield from _find_runs(numbers)
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


def _find_runs(numbers: pd.Series) -> Iterator[SilentStretch]:
    """Days one after another without contacts, where `DUE_IN_RUN` or more are due.

    Due is the mean of all days, or of the others of the same months if that is less: there are
    months in which hardly anybody calls.
    """
    months = pd.DatetimeIndex(numbers.index).to_period("M")
    for _, days in numbers.groupby((numbers > 0).cumsum()):
        run = pd.DatetimeIndex(days.index[days == 0])
        beside = numbers[months.isin(run.to_period("M"))].drop(run)
        each = numbers.mean() if beside.empty else min(numbers.mean(), beside.mean())
        if len(run) * each >= DUE_IN_RUN:
            yield SilentStretch(OPEN_DAYS, len(run), run, float(len(run) * each))


def _expect(numbers: pd.Series) -> pd.DataFrame:
    """How many contacts are `due` on each day, the `chance` of none, and whether it is `silent`.

    The mean of a day's month times the share of its weekday, both by the days that have contacts:
    days that are missing don't count as days on which few are due. These are distributed by a
    negative binomial whose variance is `SCATTER` times its mean, without its zeros.
    """
    silent = numbers == 0
    with_any = numbers.where(~silent)
    index = pd.DatetimeIndex(numbers.index)
    months, weekdays = (with_any.groupby(of) for of in (index.to_period("M"), index.day_of_week))
    mean = with_any.mean()
    by_month, by_weekday = (each.transform("mean").fillna(mean) for each in (months, weekdays))
    means = (by_month * by_weekday / mean).to_numpy()
    in_quiet = months.transform("sum").where(by_month < QUIET * mean, 0)
    # A weekday or month that is silent all year has no mean of its own, and none is taken lower.
    sums = (each.where(each > 0, np.inf) for each in (in_quiet, weekdays.transform("sum")))
    errors = np.sqrt(sum(SCATTER / each.to_numpy() for each in sums))
    safe = means * np.maximum(1 - LOWER * errors, 0)
    due = means * (1 - _chance_of_none(means))
    return pd.DataFrame({"due": due, "chance": _chance_of_none(safe), "silent": silent})


def _chance_of_none(means: Chances) -> Chances:
    """The chance of days without contacts, by the means of such days that have any."""
    chance = np.zeros(len(means))
    for _ in range(STEPS):
        chance = SCATTER ** (-means * (1 - chance) / (SCATTER - 1))
    return chance


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
