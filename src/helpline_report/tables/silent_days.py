"""Find open days, or days of one weekday, one after another without a contact."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

# If so many contacts are due, none come once in 3^20 times, even where days vary three times as
# much as Poisson counts (negative binomial), as in the known registers that vary most.
DUE_IN_RUN = 40
OPEN_DAYS = "open days"


@dataclass(frozen=True)
class SilentStretch:
    """Days one after another without a contact, among the open days or those of one weekday.

    `days` says among which (`open days`, `Fridays`), `silent` are the days, and `due` is about how
    many contacts they should have.
    """

    days: str
    silent: pd.DatetimeIndex
    due: float


def find_silent_stretches(numbers: pd.Series) -> Iterator[SilentStretch]:
    """Find the stretches without a contact in which `DUE_IN_RUN` contacts are due.

    `numbers` are the contacts of each open day, in order, with the days as index. Stretches of one
    weekday are looked for in the days that are in no stretch of all open days.
    """
    weekdays = pd.DatetimeIndex(numbers.index).day_name() + "s"
    reported, total = pd.DatetimeIndex([]), numbers.sum()
    for name, days in [(OPEN_DAYS, numbers), *numbers.groupby(weekdays)]:
        left = days.drop(days.index.intersection(reported))
        for _, run in left[left == 0].groupby((left > 0).cumsum()):
            # A quick look first: by the mean of all other days too few contacts are due.
            if len(run) * total < DUE_IN_RUN * (len(numbers) - len(run)):
                continue
            silent = pd.DatetimeIndex(run.index)
            due = len(silent) * _expect(numbers, silent)
            if due >= DUE_IN_RUN:
                reported = reported.union(silent)
                yield SilentStretch(name, silent, due)


def _expect(numbers: pd.Series, silent: pd.DatetimeIndex) -> float:
    """How many contacts are due on each of some days: the least of three means of other open days.

    The means are of all, of those in the same months and of those on the same weekdays: in some
    months, or on some weekdays, hardly anybody calls.
    """
    others = numbers.drop(silent)
    index = pd.DatetimeIndex(others.index)
    of_months = others[index.to_period("M").isin(silent.to_period("M"))]
    of_weekdays = others[index.day_of_week.isin(silent.day_of_week)]
    parts = (others, of_months, of_weekdays)
    return min((float(part.mean()) for part in parts if not part.empty), default=0)
