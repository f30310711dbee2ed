"""Quotas come out exactly, and likely rows get likely codes."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.sample.quotas import QuotaError, apportion, assign, lift, pick, settle

weights = st.dictionaries(st.text(min_size=1), st.integers(1, 1000), min_size=1)


@given(st.integers(0, 100_000), weights)
def test_apportioned_shares_add_up(total: int, given_weights: dict[str, int]) -> None:
    """No unit is lost or made; each share is the exact one, rounded down or up."""
    shares, whole = apportion(total, given_weights), sum(given_weights.values())
    assert sum(shares.values()) == total
    for key, share in shares.items():
        assert 0 <= share - total * given_weights[key] // whole <= 1


def test_what_cant_be_is_not_drawn() -> None:
    """Ten is neutral, and so is a code that isn't named; a zero is never picked or shared."""
    assert lift({"a": 2, "b": 3}, {"a": 20}, {"b": 0}) == {"a": 400, "b": 0}
    rng = Random(1)
    assert {pick(rng, {"a": 0, "b": 1}) for _ in range(200)} == {"b"}
    with pytest.raises(QuotaError):
        apportion(1, {"a": 0})


@given(st.lists(st.sampled_from("abc"), min_size=1), st.integers(0, 1000))
def test_assigned_codes_meet_their_quotas(codes: list[str], seed: int) -> None:
    quotas = dict(Counter(codes))
    rows = [{"a": 1, "b": 1 + place % 3, "c": 5} for place in range(len(codes))]
    assert Counter(assign(rows, quotas, Random(seed))) == quotas


def test_assigned_codes_follow_the_weights() -> None:
    """Rows that lean to a code get it far more often; a weight of zero holds."""
    rows = [{"a": 90, "b": 10}] * 500 + [{"a": 10, "b": 90}] * 500
    assert assign(rows, {"a": 500, "b": 500}, Random(1))[:500].count("a") > 400
    rows = [{"a": 1, "b": 0}] * 50 + [{"a": 1, "b": 1}] * 50
    assert "b" not in assign(rows, {"a": 60, "b": 40}, Random(1))[:50]


def test_settling_changes_no_more_than_needed() -> None:
    """As many values change as there are too many; a row between two may have to move."""
    values = ["a"] * 7 + ["b"] * 3
    settle(values, {"a": 5, "b": 5}, lambda _: {"a": 1, "b": 1}, Random(1))
    assert (values[7:], values[:7].count("b")) == (["b"] * 3, 2)
    can_be = [{"a": 1, "b": 1}, {"a": 1, "b": 1}, {"b": 1, "c": 1}]
    values = ["a", "a", "b"]
    settle(values, {"a": 1, "b": 1, "c": 1}, can_be.__getitem__, Random(1))
    assert (sorted(values[:2]), values[2]) == (["a", "b"], "c")
