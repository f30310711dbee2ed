"""Changes, means, ranks and maxima of every code of a field, as series."""

from __future__ import annotations

from helpline_report.figures.model import Figure, Reason, Series
from helpline_report.figures.per_code import (
    change_series,
    maximum_series,
    mean_series,
    rank_series,
)
from helpline_report.figures.register import Register
from tests.figures.drawn import register, whole

BEFORE = """
date  | channel
03-01 | phone
03-02 | phone
03-03 | email
"""

NOW = """
date  | channel
03-01 | phone
03-01 | phone
03-02 | phone
03-03 | email
"""


def pair() -> Register:
    """Two years: two by telephone and one by e-mail, then three and one."""
    return register(2017, contacts=NOW, previous=register(2016, contacts=BEFORE))


def told(made: tuple[Series, list[Figure]]) -> dict[str, object]:
    """The values by the codes of the series' members."""
    series, figures = made
    by_id = {figure.id: figure.value for figure in figures}
    return {member.code: by_id[member.figure] for member in series.members}


def test_each_code_changes_against_itself() -> None:
    """Telephone from two to three is +50 %; e-mail stays one."""
    found = told(change_series("x", whole(pair()), "channel"))
    assert (found["phone"], found["email"]) == (50.0, 0.0)


def test_a_code_that_was_not_there_before_has_no_change() -> None:
    """Nobody wrote in the year before: nothing to divide by."""
    only = register(2016, contacts="date | channel\n03-01 | phone")
    _, figures = change_series("x", whole(register(2017, contacts=NOW, previous=only)), "channel")
    email = next(figure for figure in figures if figure.code == "email")
    assert email.reason == Reason(code="zero_denominator")


def test_a_mean_a_code_has_its_own_numerator() -> None:
    """Three by telephone over twelve months is a quarter a month."""
    assert told(mean_series("x", whole(pair()), "channel", "month"))["phone"] == 3 / 12


def test_a_maximum_a_code_is_over_its_own_rows() -> None:
    """Two by telephone on 1 March; never more than one e-mail a day."""
    found = told(maximum_series("x", whole(pair()), "channel", "date"))
    assert (found["phone"], found["email"]) == (2, 1)


def test_each_code_has_its_place() -> None:
    """Telephone first, e-mail second, and no place for a channel without contacts."""
    found = told(rank_series("x", whole(pair()), "channel"))
    assert (found["phone"], found["email"]) == (1, 2)
    assert {code for code, place in found.items() if place is None} == found.keys() - {
        "phone",
        "email",
    }


def test_a_series_says_what_is_told_of_each_code() -> None:
    """A column of changes is no column of counts."""
    series, _ = change_series("x", whole(pair()), "channel")
    assert (series.kind, series.unit, series.members[0].figure) == (
        "change",
        "percent change",
        "x.phone",
    )
