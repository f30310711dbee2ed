"""A campaign's window against the days around it, and against the year before."""

from __future__ import annotations

from typing import Any

import pytest

from helpline_report.errors import PopulationError
from helpline_report.figures.ledger import CampaignEffects
from helpline_report.figures.model import Figure, Reason
from helpline_report.figures.rates import effects
from helpline_report.figures.register import Register
from tests.figures.drawn import NAME, a_break, register, whole

CONTACTS = """
nr | date
a  | 05-31
b  | 06-01
c  | 06-15
d  | 06-30
e  | 07-03
f  | 12-01
"""
PERSONS = """
contact | age | problem
b       | 80  | child_abuse
c       | 20  | partner_violence
e       | 70  | child_abuse
"""


def declared(**more: Any) -> list[dict[str, Any]]:
    texts = {"name": NAME, "goal": NAME, "means": NAME}
    days = {"start": "2017-06-01", "end": "2017-06-30", "around_days": 10}
    return [{"id": "june", **texts, **days, **more}]


def target(**codes: list[str]) -> dict[str, Any]:
    return {"name": NAME, "persons": codes}


def found(given: Register) -> tuple[CampaignEffects, dict[str, Figure]]:
    figures: list[Figure] = []
    made = effects("m", whole(given), given.edition.campaigns[0], figures.append)
    return made, {figure.id: figure for figure in figures}


def test_a_window_is_counted_beside_the_days_around_it() -> None:
    """Three contacts in the 22 open days of June, two in the 14 around it."""
    _, figures = found(register(contacts=CONTACTS, campaigns=declared()))
    around = figures["m.june.around"]
    assert figures["m.june.contacts"].value == 3
    assert around.exposure is not None
    assert (around.exposure.of, around.exposure.against) == (22, 14)
    assert around.value == pytest.approx((3 / 22) / (2 / 14))


def test_around_goes_no_further_than_the_period() -> None:
    """A campaign in December has days before it alone."""
    december = declared(start="2017-12-11", end="2017-12-31", around_days=28)
    _, figures = found(register(contacts=CONTACTS, campaigns=december))
    around = figures["m.june.around"]
    assert around.of is not None
    assert str(around.of.period.end) == "2017-12-31"
    assert around.denominator == 1


def test_the_year_before_is_the_same_window() -> None:
    """June of 2016."""
    before = register(2016, contacts=CONTACTS)
    _, figures = found(register(contacts=CONTACTS, campaigns=declared(), previous=before))
    previous = figures["m.june.previous"]
    assert previous.of is not None
    assert (str(previous.of.period.start), str(previous.of.period.end)) == (
        "2016-06-01",
        "2016-06-30",
    )
    assert (previous.value, previous.exposure) != (None, None)


def test_without_a_year_before_there_is_no_comparison() -> None:
    """Told in the figure, and in no error."""
    _, figures = found(register(contacts=CONTACTS, campaigns=declared()))
    assert figures["m.june.previous"].reason == Reason(code="no_comparison")


def test_the_target_group_is_counted_too() -> None:
    """One contact about somebody who is older, in June; one in the days around it."""
    campaigns = declared(target=target(age_class=["older"]))
    made, figures = found(register(contacts=CONTACTS, persons=PERSONS, campaigns=campaigns))
    assert made.target == "m.june.target.contacts"
    assert figures["m.june.target.contacts"].value == 1
    assert figures["m.june.target.around"].denominator == 1


def test_without_a_target_group_there_is_none() -> None:
    """And no figures of it."""
    made, figures = found(register(contacts=CONTACTS, campaigns=declared()))
    assert (made.target, made.target_around, made.target_previous) == (None, None, None)
    assert len(figures) == 3


def test_a_comparison_across_a_break_names_the_break() -> None:
    """The problem is registered otherwise since 2017: the target group can't be compared."""
    split = a_break(
        "problems",
        "split",
        "2017-01-01",
        field="problem",
        old="elder_abuse",
        new=["child_abuse", "partner_violence"],
    )
    given = register(
        contacts=CONTACTS,
        persons=PERSONS,
        campaigns=declared(target=target(problem=["child_abuse"])),
        previous=register(2016, contacts=CONTACTS, persons=PERSONS),
        breaks=[split],
    )
    _, figures = found(given)
    reason = Reason(code="break", about="problems")
    assert figures["m.june.target.previous"].reason == reason
    assert figures["m.june.previous"].value is not None


def test_a_target_group_that_isnt_there_is_refused() -> None:
    """With the campaign's name."""
    campaigns = declared(target=target(age_class=["oldr"]))
    with pytest.raises(PopulationError) as error:
        found(register(contacts=CONTACTS, persons=PERSONS, campaigns=campaigns))
    assert str(error.value) == (
        "the target group of campaign 'june': "
        "the field 'age_class' has no code 'oldr', did you mean 'older'?"
    )
