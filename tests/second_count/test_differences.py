"""Where the two counts differ: formulas that share no code, and what is said of a difference."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline_report.errors import EXIT_REFUSED
from helpline_report.figures.breakdown import top
from helpline_report.figures.intervals import exact_rate_ratio
from helpline_report.figures.ledger import Ledger
from helpline_report.second_count.differences import (
    PRECISIONS,
    Difference,
    Recounted,
    compare_counts,
    list_rows,
    refuse,
)
from helpline_report.second_count.recount import compute_exact_interval, compute_value
from tests.figures.drawn import register, whole
from tests.prose.two_years import ratio, spec

PHONE = Difference(
    "contacts.share.phone", "numerator", 4158.0, 4157, "contacts", tuple(range(2, 9)), (11,)
)
MEAN = Difference("contacts.daily_mean", "value", 19.02, None, "contacts")


def test_a_difference_names_figure_values_and_rows() -> None:
    """Five rows of each side are told, and how many more there are."""
    error = refuse(Recounted(2, (PHONE, MEAN)), ".helpline/recount/2017.csv")
    assert error.exit_code == EXIT_REFUSED
    assert str(error) == (
        "the second count differs from the first in 2 place(s) of 2 figures; nothing was released\n"
        "  contacts.share.phone, numerator: 4158 by the chapters, 4157 by SQL; only the chapters "
        "count contacts of line 2, 3, 4, 5, 6 and 2 more; only SQL counts contacts of line 11\n"
        "  contacts.daily_mean, value: 19.02 by the chapters, nothing by SQL\n"
        "  → look at these rows: .helpline/recount/2017.csv names all of them. One of the two "
        "counts reads a code, a date or a condition wrongly; please report it"
    )


def test_many_differences_are_counted() -> None:
    """Twenty are told, and how many more there are."""
    error = refuse(Recounted(30, (MEAN,) * 23), "rows.csv")
    assert str(error).count("contacts.daily_mean") == 20
    assert "\n  and 3 more\n" in str(error)


def test_the_private_file_has_every_row() -> None:
    """A line a row, and a line for a difference that no row makes."""
    lines = list_rows((PHONE, MEAN)).splitlines()
    assert lines[0] == "figure,what,first_count,second_count,table,counted_by,line"
    assert lines[1] == "contacts.share.phone,numerator,4158,4157,contacts,chapters,2"
    assert lines[8] == "contacts.share.phone,numerator,4158,4157,contacts,sql,11"
    assert lines[9:] == ["contacts.daily_mean,value,19.02,nothing,contacts,,"]


def test_a_draw_that_one_count_lacks_is_a_difference() -> None:
    """The code and its number are right: which codes draw with it is compared too."""
    year = register(contacts="nr | date | channel\na | 01-02 | phone\nb | 01-03 | email")
    figure = top("top", whole(year), "channel").model_copy(update={"tied": ()})
    ledger, lists = Ledger(edition="2017", figures={"top": figure}), year.codelists
    numbers = {"top": {"value": figure.value, "tied": "email"}}
    recounted = compare_counts(ledger, numbers, [year.edition], lists)
    assert recounted.differences == (Difference("top", "tied", "", "email", "contacts"),)


# The second count's own formulas against those of the chapters, with which they share no code

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
