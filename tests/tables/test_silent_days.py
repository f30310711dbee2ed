"""Stretches of open days without contacts: what a sound year never has, and what is found."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from helpline_report.tables.plausibility import find_silent_stretches

HOLIDAYS = ["2017-04-17", "2017-05-01", "2017-05-25", "2017-07-21", "2017-08-15", "2017-11-01"]


def draw_year(mean: float, scatter: float, seed: int, *, by_week: bool = False) -> pd.Series:
    """The contacts of each open day of a year with seasons and weekdays of its own.

    It is closed on Sundays and holidays. Days, or whole weeks, vary `scatter` times as much as
    Poisson counts.
    """
    chance = np.random.default_rng(seed)
    days = pd.date_range("2017-01-01", "2017-12-31").difference(pd.DatetimeIndex(HOLIDAYS))
    days = days[days.day_of_week < 6]
    due = chance.uniform(0.7, 1.3, 12)[days.month - 1]
    due = due * chance.uniform(0.6, 1.4, 7)[days.day_of_week]
    due *= mean / due.mean()
    if scatter > 1 and by_week:
        busy = chance.gamma(mean / (scatter - 1), (scatter - 1) / mean, 53)
        due = due * busy[days.day_of_year // 7]
    elif scatter > 1:
        due = chance.gamma(due / (scatter - 1), scatter - 1)
    return pd.Series(chance.poisson(due), index=days)


@pytest.mark.parametrize("varying", ["days", "weeks"])
@pytest.mark.parametrize("scatter", [1, 2, 3])
def test_sound_years_of_few_contacts_have_none(scatter: float, varying: str) -> None:
    """Three a day, of 40 years each; days vary by themselves, or whole weeks do."""
    by_week = varying == "weeks"
    years = [draw_year(3, scatter, seed, by_week=by_week) for seed in range(40)]
    assert [seed for seed, year in enumerate(years) if [*find_silent_stretches(year)]] == []


Silence = Callable[[pd.DatetimeIndex], npt.NDArray[np.bool_]]
STRETCHES: dict[str, tuple[Silence, list[str]]] = {
    "a week": (
        lambda days: (days >= "2017-03-06") & (days <= "2017-03-11"),
        ["6 open days, 2017-03-06 to 2017-03-11"],
    ),
    "each Friday": (lambda days: days.day_of_week == 4, ["51 Fridays, 2017-01-06 to 2017-12-29"]),
    "a week, and Mondays of two months": (
        lambda days: (
            ((days.day_of_week == 0) & days.month.isin([5, 6]))
            | ((days >= "2017-10-02") & (days <= "2017-10-07"))
        ),
        ["6 open days, 2017-10-02 to 2017-10-07", "8 Mondays, 2017-05-08 to 2017-06-26"],
    ),
    "two days": (lambda days: days.isin(days[100:102]), []),
}


@pytest.mark.parametrize(("silence", "expected"), STRETCHES.values(), ids=STRETCHES)
def test_what_is_missing_is_found(silence: Silence, expected: list[str]) -> None:
    """The days and what they lack are named, in a year of some 19 contacts a day."""
    numbers = draw_year(19, 1.5, 1712)
    numbers[silence(pd.DatetimeIndex(numbers.index))] = 0
    stretches = [
        f"{len(silent)} {days}, {silent[0]:%Y-%m-%d} to {silent[-1]:%Y-%m-%d}"
        for days, silent, _ in find_silent_stretches(numbers)
    ]
    assert stretches == expected


@pytest.mark.parametrize(
    ("a_day", "few", "part", "place"),
    [(4, 0.2, "day_of_week", 5), (14, 0.15, "month", 8)],
    ids=["Saturdays", "an August"],
)
def test_days_on_which_hardly_anybody_calls_are_sound(
    a_day: int, few: float, part: str, place: int
) -> None:
    """Saturdays, or an August, on which almost nobody calls aren't missing."""
    for seed in range(30):
        numbers, chance = draw_year(a_day, 3, seed), np.random.default_rng(seed)
        quiet = chance.poisson(chance.gamma(few, 2, len(numbers)))
        numbers = numbers.where(getattr(numbers.index, part) != place, quiet)
        assert [*find_silent_stretches(numbers)] == [], seed


@pytest.mark.parametrize("busy", [1.0, 0.4])
def test_what_is_due_is_what_is_missing(busy: float) -> None:
    """Or less, though the days that are missing don't tell it; of a quiet weekday too."""
    numbers = draw_year(19, 1.5, 1712)
    is_friday = numbers.index.day_of_week == 4
    numbers = numbers.where(~is_friday, (numbers * busy).round())
    fridays = is_friday & (numbers.index.month < 7)
    missing = numbers[fridays].sum()
    ((_, _, due),) = find_silent_stretches(numbers.where(~fridays, 0))
    assert 0.6 * missing < due < 1.1 * missing


@pytest.mark.parametrize(
    ("first", "last", "due"), [("2017-01-12", "2017-02-20", [58]), ("2017-01-12", "2017-02-06", [])]
)
def test_of_one_or_two_contacts_a_day_only_long_runs_are_found(
    first: str, last: str, due: list[int]
) -> None:
    """Forty contacts must be due in a run; single days say nothing."""
    numbers = draw_year(2, 1, 1712)
    numbers[10::7] = 0
    numbers[(numbers.index >= first) & (numbers.index <= last)] = 0
    assert [round(each) for _, _, each in find_silent_stretches(numbers)] == due
    assert [*find_silent_stretches(numbers[:0])] == []


def test_a_month_of_two_contacts_is_sound_where_others_have_fifty() -> None:
    """What is due in its other days is what these two days had."""
    numbers = draw_year(2, 1, 1712) * 0 + 2
    numbers[numbers.index.month == 8] = 0
    numbers[["2017-08-01", "2017-08-31"]] = 1
    assert [*find_silent_stretches(numbers)] == []
