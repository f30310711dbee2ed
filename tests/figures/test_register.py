"""The tables of an edition with their code lists; and a year of which only its ledger is left."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report.errors import ParametersError
from helpline_report.figures.breakdown import count_codes, count_series, share_series
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.measures import count, maximum, mean, share
from helpline_report.figures.model import Breakdown, Figure, Reason
from helpline_report.figures.population import Population
from helpline_report.figures.rates import change, dispersion, rate_ratio, supports_rise
from helpline_report.figures.register import (
    NOT_RELEASED,
    Register,
    Released,
    is_above,
    open_released_year,
)
from helpline_report.parameters.project import Project
from tests.figures.drawn import register, whole
from tests.present import present

CONTACTS = """
nr | date  | channel
1  | 09-15 | phone
2  | 09-16 | email
3  | 09-16 | email
"""
PERSONS = """
contact | problem
1       | child_abuse
1       | child_abuse
2       | elder_abuse
"""


def test_derived_fields_have_codes_of_their_own(year: Register) -> None:
    """An open list has none; follow-ups hang on persons on contacts, traffic on nothing."""
    assert (year.codes("month") or [])[:2] == ["01", "02"]
    assert (year.codes("hour") or [])[-2:] == ["23", "unknown"]
    assert len(year.codes("date") or []) == 365
    assert year.codes("age_class") == ["minor", "adult", "older", "unknown"]
    assert year.codes("referrer") is None
    assert is_above("contacts", "followups")
    assert not is_above("persons", "contacts")
    assert not is_above("contacts", "traffic")


def ledger_of(year: str, **more: Any) -> str:
    return Ledger(edition=year, **more).to_json()


def year_of(number: int, previous: Register | None = None) -> Register:
    return register(number, contacts=CONTACTS, persons=PERSONS, previous=previous)


@pytest.fixture
def then() -> Register:
    """2016, while its rows are there."""
    return year_of(2016)


def without_rows(then: Register, *figures: Figure, series: tuple[Breakdown, ...] = ()) -> Register:
    """2017, compared with a year of which there is only a ledger with these figures."""
    ledger = Ledger(
        edition="2016",
        figures={figure.id: figure for figure in figures},
        breakdowns={item.id: item for item in series},
        fields={name: tuple(sorted(table.fields)) for name, table in then.dataset.tables.items()},
    )
    released = Released(ledger, "ledger.json", "0" * 64)
    nothing = replace(then.dataset, tables={})
    return year_of(2017, replace(then, dataset=nothing, released=released))


def test_a_count_is_what_the_ledger_says(then: Register) -> None:
    """Its population finds it, not its name; a count that isn't there or is hidden isn't 0."""
    email = count("calls", whole(then).where(channel="email"))
    hidden = {"value": None, "status": "suppressed", "reason": Reason(code="protected")}
    phone = count("p", whole(then).where(channel="phone")).model_copy(update=hidden)
    now = whole(without_rows(then, email, phone))
    assert count("x", now.where(channel="email").previous()).value == 2
    all_contacts = count("x", now.previous())
    assert (all_contacts.value, all_contacts.reason) == (None, NOT_RELEASED)
    assert count("x", now.where(channel="phone").previous()).reason == Reason(code="protected")


def test_a_field_that_no_source_gave_then_is_no_field(then: Register) -> None:
    """The ledger says which fields its sources gave, in a table or in one above it."""
    roles = CONTACTS.replace("channel", "channel | role").replace("\n", " | victim\n")
    roles = roles.replace(" | victim", "", 1).replace("role | victim", "role")
    earlier = without_rows(then).previous
    persons = whole(register(contacts=roles, persons=PERSONS, previous=earlier), "persons")
    assert persons.where(channel="phone").previous().absent is None
    no_field = Reason(code="no_field", about="role")
    assert persons.where(role="victim").previous().absent == no_field


def test_contacts_alone_have_an_interval_against_a_year_without_rows(then: Register) -> None:
    """Two counts make that of contacts, with φ of this year; persons come in contacts: none."""
    registered = without_rows(then, count("c", whole(then)), count("p", whole(then, "persons")))
    contacts, persons = whole(registered), whole(registered, "persons")
    figure = change("x", contacts)
    assert figure.value == change("x", whole(year_of(2017, then))).value
    assert present(figure.interval).method == "exact_conditional"
    assert present(figure.interval).dispersion == dispersion(whole(year_of(2017)))
    ratio = rate_ratio("x", persons, persons.previous(), exposure="open_day")
    for each in (ratio, change("x", persons)):
        assert (each.numerator, each.denominator, each.interval) == (3, 3, None)
    assert mean("x", persons.previous(), "contact").value == 1
    alone = whole(without_rows(then, count("p", whole(then, "persons"))), "persons")
    assert mean("x", alone.previous(), "contact").reason == NOT_RELEASED
    # It isn't a 0: that would say that the rows don't support a rise.
    rise = supports_rise("rise", ratio)
    assert (rise.value, rise.reason) == (None, NOT_RELEASED)


def test_a_share_of_persons_has_its_own_interval(then: Register) -> None:
    """The ledger made it from the rows; one from counts alone would be too narrow."""
    before = whole(then, "persons")
    part = before.where(problem="child_abuse")
    published = share("part", part, before)
    now = whole(without_rows(then, published), "persons")
    again = share("part", now.where(problem="child_abuse").previous(), now.previous())
    assert again == published
    assert present(again.interval).method == "wilson_clustered"
    now = whole(without_rows(then, count("a", part), count("b", before)), "persons")
    counted = share("x", now.where(problem="child_abuse").previous(), now.previous())
    assert (counted.numerator, counted.denominator, counted.interval) == (2, 3, None)


@pytest.mark.parametrize("make", [count_series, share_series])
def test_a_breakdown_is_a_series_of_the_ledger(then: Register, make: Any) -> None:
    """Counts by code, zeros included, or shares, whose numerators are counts; or nobody knows."""
    series, figures = make("by", whole(then), "channel")
    now = whole(without_rows(then, *figures, series=(series,)))
    assert count_codes(now.previous(), "channel") == count_codes(whole(then), "channel")
    lacking = whole(without_rows(then, *figures))
    assert count_codes(lacking.previous(), "channel") == ({}, NOT_RELEASED)


def test_a_maximum_is_the_same_one_or_none(then: Register) -> None:
    """The busiest day can't be made from counts."""
    busiest = maximum("busiest", whole(then), ("date",))
    now: Population = whole(without_rows(then, busiest))
    assert maximum("busiest", now.previous(), ("date",)) == busiest
    assert maximum("x", now.previous(), ("channel",)).reason == NOT_RELEASED


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (None, "there is no such ledger"),
        ("{}", "is no ledger of this version"),
        (ledger_of("2015"), "this is the ledger of '2015', and '2016' is compared with"),
        (
            ledger_of("2016", draft=True),
            "this is the ledger of a draft: nobody may compare with it",
        ),
        (
            ledger_of("2016", overrides=("title.nl=Anders",)),
            "this is the ledger of a what-if: nobody may compare with it",
        ),
    ],
)
def test_a_ledger_that_cannot_stand_for_the_year(
    tmp_path: Path, text: str | None, what: str
) -> None:
    """None, no ledger, another year's, a draft's: each is refused in its own words."""
    path = tmp_path / "ledger.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    project = Project(Path(__file__).parents[2])
    edition = project.edition("2017").model_copy(update={"comparison_ledger": str(path)})
    with pytest.raises(ParametersError) as error:
        open_released_year(project, edition)
    assert (error.value.what, error.value.where) == (what, str(path))
