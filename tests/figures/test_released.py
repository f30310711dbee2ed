"""A comparison year of which there is only its released ledger: what it says, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from helpline_report.errors import ParametersError
from helpline_report.figures.breakdown import breakdown, count_series, share_series
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.measures import count, maximum, share
from helpline_report.figures.model import Figure, Reason, Series
from helpline_report.figures.population import Population
from helpline_report.figures.rates import change, dispersion, rate_ratio, supports_rise
from helpline_report.figures.register import NOT_RELEASED, Register, Released, read_released
from tests.figures.drawn import register, whole

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
ROLES = """
nr | date  | channel | role
1  | 09-15 | phone   | victim
2  | 09-16 | email   | parent
"""


def year(number: int, previous: Register | None = None) -> Register:
    return register(number, contacts=CONTACTS, persons=PERSONS, previous=previous)


def ledger_of(then: Register, *made: Figure, series: tuple[Series, ...] = ()) -> Ledger:
    """A released ledger of a year with these figures, and the fields that its sources gave."""
    fields = {name: tuple(sorted(table.fields)) for name, table in then.dataset.tables.items()}
    return Ledger(
        edition=then.edition.edition,
        figures={figure.id: figure for figure in made},
        series={item.id: item for item in series},
        fields=fields,
    )


def without_rows(ledger: Ledger) -> Register:
    """This year, compared with a year of which there is only a ledger."""
    then = year(2016)
    nothing = replace(then.dataset, tables={})
    released = Released(ledger, "ledger.json", "0" * 64)
    return year(2017, replace(then, dataset=nothing, released=released))


def test_a_count_is_what_the_ledger_says() -> None:
    """The population is looked for as data; the name of the figure doesn't matter."""
    then = year(2016)
    held = count("calls", whole(then).where(channel="email"))
    now = whole(without_rows(ledger_of(then, held)))
    assert count("x", now.where(channel="email").previous()).value == 2


def test_what_the_ledger_lacks_is_not_zero() -> None:
    """A population that no figure counted has no value, and says why."""
    then = year(2016)
    now = whole(without_rows(ledger_of(then, count("all", whole(then)))))
    figure = count("x", now.where(channel="phone").previous())
    assert (figure.value, figure.reason) == (None, NOT_RELEASED)


def test_a_reason_of_that_year_holds_on() -> None:
    """What its own edition couldn't count has the reason that it gave."""
    then = year(2016)
    held = Figure(
        id="all",
        kind="count",
        unit="count",
        value=None,
        status="unavailable",
        reason=Reason(code="protected"),
        population=whole(then).spec,
    )
    figure = count("x", whole(without_rows(ledger_of(then, held))).previous())
    assert figure.reason == Reason(code="protected")


def test_a_field_that_no_source_gave_then_is_no_field() -> None:
    """The ledger says which fields its sources gave, in a table or in one above it."""
    then = year(2016)
    earlier = without_rows(ledger_of(then)).previous
    persons = whole(register(2017, contacts=ROLES, persons=PERSONS, previous=earlier), "persons")
    assert persons.where(channel="phone").previous().absent is None
    no_field = Reason(code="no_field", about="role")
    assert persons.where(role="victim").previous().absent == no_field


def test_contacts_have_the_exact_interval_of_their_counts() -> None:
    """Two counts make it, with φ of the days of this year: those of the other are gone."""
    then = year(2016)
    now = whole(without_rows(ledger_of(then, count("all", whole(then)))))
    figure = change("x", now)
    assert figure.value == change("x", whole(year(2017, then))).value
    assert figure.interval is not None
    assert figure.interval.method == "exact_conditional"
    assert figure.interval.dispersion == dispersion(whole(year(2017)))


@pytest.mark.parametrize("kind", ["change", "rate_ratio"])
def test_persons_have_no_interval(kind: str) -> None:
    """They come in contacts, which the ledger doesn't tell: a value, and no wrong interval."""
    then = year(2016)
    now = whole(without_rows(ledger_of(then, count("all", whole(then, "persons")))), "persons")
    figure = (
        rate_ratio("x", now, now.previous(), exposure="open_day")
        if kind == "rate_ratio"
        else change("x", now)
    )
    assert (figure.value is None, figure.numerator, figure.denominator) == (False, 3, 3)
    assert figure.interval is None


def test_nobody_knows_whether_a_ratio_without_interval_supports_a_rise() -> None:
    """It isn't a 0: that would say that the rows don't support one."""
    then = year(2016)
    now = whole(without_rows(ledger_of(then, count("all", whole(then, "persons")))), "persons")
    ratio = rate_ratio("x", now, now.previous(), exposure="open_day")
    figure = supports_rise("rise", ratio)
    assert (figure.value, figure.reason) == (None, NOT_RELEASED)


def test_a_share_of_persons_keeps_its_own_interval() -> None:
    """That of the ledger was made from the rows; one from counts alone would be too narrow."""
    then = whole(year(2016), "persons")
    held = share("part", then.where(problem="child_abuse"), then)
    now = whole(without_rows(ledger_of(then.register, held)), "persons")
    part = now.where(problem="child_abuse").previous()
    assert share("part", part, now.previous()) == held
    assert held.interval is not None
    assert held.interval.method == "wilson_clustered"


def test_a_share_of_persons_that_is_no_figure_has_no_interval() -> None:
    """Both counts are there, and the interval can't be made of them."""
    then = whole(year(2016), "persons")
    held = (count("a", then.where(problem="child_abuse")), count("b", then))
    now = whole(without_rows(ledger_of(then.register, *held)), "persons")
    figure = share("x", now.where(problem="child_abuse").previous(), now.previous())
    assert (figure.numerator, figure.denominator, figure.interval) == (2, 3, None)


def test_a_breakdown_is_a_series_of_the_ledger() -> None:
    """Counts by code, zeros included, as that year's edition had them."""
    then = whole(year(2016))
    series, figures = count_series("by", then, "channel")
    now = whole(without_rows(ledger_of(then.register, *figures, series=(series,))))
    assert breakdown(now.previous(), "channel") == breakdown(then, "channel")


def test_a_breakdown_may_be_one_of_shares() -> None:
    """Their numerators are the counts."""
    then = whole(year(2016))
    series, figures = share_series("by", then, "channel")
    now = whole(without_rows(ledger_of(then.register, *figures, series=(series,))))
    assert breakdown(now.previous(), "channel") == breakdown(then, "channel")


def test_a_breakdown_that_the_ledger_lacks_has_a_reason() -> None:
    """It isn't empty: nobody knows."""
    then = whole(year(2016))
    now = whole(without_rows(ledger_of(then.register, count("all", then))))
    assert breakdown(now.previous(), "channel") == ({}, NOT_RELEASED)


def test_a_maximum_is_the_same_one_or_none() -> None:
    """The busiest day can't be made from counts."""
    then = whole(year(2016))
    held = maximum("busiest", then, ("date",))
    now: Population = whole(without_rows(ledger_of(then.register, held)))
    assert maximum("busiest", now.previous(), ("date",)) == held
    assert maximum("x", now.previous(), ("channel",)).reason == NOT_RELEASED


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (None, "there is no such ledger"),
        ("{}", "is no ledger of this version"),
        (
            Ledger(edition="2015").to_json(),
            "this is the ledger of '2015', and '2016' is compared with",
        ),
        (
            Ledger(edition="2016", draft=True).to_json(),
            "this is the ledger of a draft: nobody may compare with it",
        ),
    ],
)
def test_a_ledger_that_cannot_stand_for_the_year(
    tmp_path: Path, made: str | None, said: str
) -> None:
    """None, no ledger, another year's, a draft's: each is refused in its own words."""
    path = tmp_path / "ledger.json"
    if made is not None:
        path.write_text(made, encoding="utf-8")
    with pytest.raises(ParametersError) as error:
        read_released(path, "old/ledger.json", "2016")
    assert (error.value.what, error.value.where) == (said, "old/ledger.json")
