"""Changes, means, ranks and maxima, a figure a code."""

from __future__ import annotations

import pytest

from helpline_report.errors import PopulationError
from helpline_report.figures.breakdown import (
    change_series,
    maximum_series,
    mean_series,
    rank_series,
)
from helpline_report.figures.model import Figure, Reason
from helpline_report.figures.register import Register
from tests.figures.conftest import CONTACTS, PERSONS
from tests.figures.drawn import a_break, register, whole


def values(figures: list[Figure]) -> dict[str, object]:
    return {figure.id: figure.value for figure in figures}


def test_each_code_is_compared_with_itself(year: Register) -> None:
    """Three contacts by telephone against two; chat was new, and no 0 before."""
    series, figures = change_series("x", whole(year), "channel")
    assert values(figures) == {"x.phone": 50.0, "x.email": 0.0, "x.chat": None, "x.unknown": None}
    assert figures[2].reason == Reason(code="not_registered", about="channel")
    assert (series.kind, series.unit) == ("change", "percent change")


def test_a_split_field_is_not_compared_code_by_code(before: Register) -> None:
    """Bridged or not."""
    codes = {"old": "sport_leisure", "new": ["sport", "leisure"]}
    split = a_break("b", "split", "2017-01-01", field="context", **codes)
    year = register(contacts=CONTACTS, persons=PERSONS, previous=before, breaks=[split])
    with pytest.raises(PopulationError, match="crosses a declared break: 'b'"):
        change_series("x", whole(year, "persons"), "context")
    with pytest.raises(PopulationError, match="can't be compared code by code"):
        change_series("x", whole(year, "persons"), "context", ["b"])


def test_each_code_has_its_mean_and_its_busiest_month(year: Register) -> None:
    """Of three contacts by telephone a year two were in January."""
    _, means = mean_series("m", whole(year), "channel", "month")
    assert values(means)["m.phone"] == 0.25
    _, maxima = maximum_series("b", whole(year), "channel", "month")
    assert values(maxima) == {"b.phone": 2, "b.email": 1, "b.chat": 1, "b.unknown": 0}


def test_each_code_has_its_place(year: Register) -> None:
    """One without rows has none."""
    _, figures = rank_series("r", whole(year), "channel")
    assert values(figures) == {"r.phone": 1, "r.email": 2, "r.chat": 3, "r.unknown": None}


@pytest.mark.parametrize("noun", ["contacts", "persons"])
def test_members_without_a_source_are_promised(noun: str) -> None:
    """A text that names one finds it unavailable, with its reason."""
    bare = whole(register(contacts="date\n01-02"), noun)
    reason = {
        "contacts": Reason(code="no_field", about="channel"),
        "persons": Reason(code="no_source", about="persons"),
    }[noun]
    made = [
        change_series("c", bare, "channel"),
        mean_series("m", bare, "channel", "month"),
        maximum_series("b", bare, "channel", "month"),
        rank_series("r", bare, "channel"),
    ]
    for series, figures in made:
        assert len(series.members) == 4
        assert {figure.reason for figure in figures} == {reason}
