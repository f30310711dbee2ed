"""The second count's own formulas against those of the chapters, with which they share no code."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline_report.figures.intervals import exact_rate_ratio
from helpline_report.second_count.differences import PRECISIONS
from helpline_report.second_count.recount import compute_exact_interval, compute_value
from tests.audit.computed_figures import ratio
from tests.prose.two_years import spec

# Counts over φ: nothing, a few, a part of one, and up to a hundred million.
COUNTS = st.one_of(st.integers(0, 50), st.floats(-4, 8).map(lambda power: 10.0**power))
DAYS = st.integers(1, 366)


@settings(max_examples=500, deadline=None)
@given(COUNTS, COUNTS, DAYS, DAYS)
def test_both_say_alike_where_an_interval_ends(
    first: float, second: float, days: int, days_before: int
) -> None:
    """0 below a millionth and no high end above a million, however far apart the counts are."""
    if first + second:
        lengths = (float(days), float(days_before))
        ends = exact_rate_ratio((first, second), lengths)
        for one, other in zip(ends, compute_exact_interval((first, second), lengths), strict=True):
            precision = PRECISIONS["low"]
            assert one == other or math.isclose(one, other, rel_tol=precision, abs_tol=precision)
        low, high = (end * days / days_before for end in ends)
        assert low == 0 or low >= 0.999e-6
        assert high <= 1.001e6 or math.isinf(high)


@pytest.mark.parametrize(("now", "rises"), [(1_002_822, 0), (1_002_826, 1)])
def test_a_rise_goes_by_the_interval_as_it_is_written(now: int, rises: int) -> None:
    """A low end of 1.000047 is written as 1,0000, which is no rise; 1.000051 is 1,0001."""
    flag = ratio(("flag", "flag"), "rise", (now, 1_000_000), spec(), spec(year=2016))
    counts = {"numerator": now, "against": 1_000_000, "observed": 365, "observed_against": 365}
    counted = {gives: [(number,)] for gives, number in {**counts, "dispersion": 1.0}.items()}
    assert compute_value(flag, counted, ()) == rises
