"""The same population in the year before, across the breaks that were declared."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from helpline_report.errors import PopulationError
from helpline_report.figures.measures import size
from helpline_report.figures.model import Reason
from helpline_report.figures.population import Population, noted
from helpline_report.figures.rates import change, rate_ratio
from helpline_report.figures.register import Register
from tests.figures.conftest import CONTACTS, PERSONS
from tests.figures.drawn import a_break, register, whole

STARTS = a_break("context_starts", "starts", "2016-07-01", field="context")
SPLIT = a_break(
    "split", "split", "2017-01-01", field="context", old="sport_leisure", new=["sport", "leisure"]
)
RENEWED = a_break("renewed", "revision", "2016-07-01", tables=["contacts", "persons"])


def after(before: Register, *breaks: dict[str, Any]) -> Register:
    """2017 with declared breaks."""
    return register(contacts=CONTACTS, persons=PERSONS, previous=before, breaks=list(breaks))


def days(population: Population) -> tuple[str, str]:
    return str(population.spec.period.start), str(population.spec.period.end)


def test_conditions_go_to_the_other_year_as_they_are(year: Register) -> None:
    """Contacts by telephone of victims: two of 2017, two of 2016."""
    now = whole(year).where(channel="phone", role="victim")
    then = now.previous()
    assert then.spec.conditions == now.spec.conditions
    assert days(then) == ("2016-01-01", "2016-12-31")
    assert (size(now), size(then)) == ((2, None), (2, None))


def test_a_window_goes_to_the_same_days(year: Register) -> None:
    """1 March to 1 September: of 2016 there are two contacts."""
    then = whole(year).during(dt.date(2017, 3, 1), dt.date(2017, 9, 1)).previous()
    assert days(then) == ("2016-03-01", "2016-09-01")
    assert size(then) == (2, None)


def test_the_29th_of_february_has_the_28th_beside_it() -> None:
    """A window that ends on the day that the other year hasn't ends on the day before."""
    leap = register(2020, contacts=CONTACTS, previous=register(2019, contacts=CONTACTS))
    then = whole(leap).during(dt.date(2020, 2, 1), dt.date(2020, 2, 29)).previous()
    assert days(then) == ("2019-02-01", "2019-02-28")


def test_a_day_named_in_a_condition_goes_along(year: Register) -> None:
    """1 March 2017 is compared with 1 March 2016."""
    then = whole(year).where(date="2017-03-01").previous()
    assert then.spec.conditions[0].codes == ("2016-03-01",)
    assert size(then) == (1, None)


def test_without_a_comparison_year_there_is_none() -> None:
    """The population says so, and stops nothing."""
    then = whole(register(contacts=CONTACTS)).previous()
    assert size(then) == (0, Reason(code="no_comparison"))


def test_a_table_or_field_that_the_other_year_lacks_is_told() -> None:
    """Follow-ups weren't exported in 2016, and roles weren't in 2015."""
    table = register(contacts=CONTACTS, persons=PERSONS, previous=register(2016, contacts=CONTACTS))
    assert whole(table, "persons").previous().absent == Reason(code="no_source", about="persons")
    bare = register(2016, contacts="nr | date\na | 01-02\n")
    field = register(contacts=CONTACTS, previous=bare)
    absent = whole(field).where(role="victim").previous().absent
    assert absent == Reason(code="no_field", about="role")


def test_a_break_without_a_bridge_is_refused(before: Register) -> None:
    """With the break's note, and how to say that it is bridged."""
    with pytest.raises(PopulationError) as error:
        whole(after(before, STARTS), "persons").where(context="family").previous()
    assert str(error.value) == (
        "the comparison crosses a declared break: "
        "'context_starts' (2016-07-01: note of context_starts)\n"
        "  → say that it is bridged: "
        'chapter.previous(…, bridge=["context_starts"]), or don\'t compare'
    )


def test_a_break_of_another_field_stops_nothing(before: Register) -> None:
    """Problems are compared whatever happened to contexts."""
    now = whole(after(before, STARTS, SPLIT), "persons").where(problem="child_abuse")
    assert size(now.previous()) == (2, None)


def test_a_break_deep_inside_is_crossed_too(before: Register) -> None:
    """Contacts with a person whose context is the family."""
    year = after(before, STARTS)
    family = whole(year).having(whole(year, "persons").where(context="family"))
    with pytest.raises(PopulationError, match="crosses a declared break: 'context_starts'"):
        family.previous()


def test_a_start_shortens_the_period(before: Register) -> None:
    """Where contexts are registered from July on, July to December is compared."""
    family = whole(after(before, STARTS), "persons").where(context="family")
    then = family.previous("context_starts")
    assert days(then) == ("2016-07-01", "2016-12-31")
    assert size(then) == (0, None)


def test_windows_on_one_side_of_a_break_dont_cross_it(before: Register) -> None:
    """From August on contexts were registered in both years."""
    family = whole(after(before, STARTS), "persons").where(context="family")
    window = family.during(dt.date(2017, 8, 1), dt.date(2017, 12, 31))
    assert size(window.previous()) == (0, None)


def test_a_window_before_the_start_cant_be_compared(before: Register) -> None:
    """In June 2016 no context was registered: that is no 0, bridged or not."""
    family = whole(after(before, STARTS), "persons").where(context="family")
    window = family.during(dt.date(2017, 6, 1), dt.date(2017, 6, 30))
    then = window.previous("context_starts")
    assert size(then) == (0, Reason(code="break", about="context_starts"))


def test_a_table_may_start_too(before: Register) -> None:
    """A break that names tables and no field is crossed by whatever counts their rows."""
    starts = a_break("persons_start", "starts", "2016-07-01", tables=["persons"])
    year = after(before, starts)
    assert size(whole(year).previous()) == (4, None)
    with pytest.raises(PopulationError, match="crosses a declared break: 'persons_start'"):
        whole(year, "persons").previous()


def test_the_parts_of_a_split_are_compared_together(before: Register) -> None:
    """Sport and leisure of 2017 with the one code of 2016."""
    both = whole(after(before, SPLIT), "persons").where(context=["sport", "leisure"])
    then = both.previous("split")
    condition = then.spec.condition("context")
    assert condition is not None
    assert condition.codes == ("sport_leisure",)
    assert (size(both), size(then)) == ((2, None), (2, None))


def test_a_part_of_a_split_is_refused(before: Register) -> None:
    """Sport alone has nothing to be compared with."""
    sport = whole(after(before, SPLIT), "persons").where(context="sport")
    with pytest.raises(PopulationError) as error:
        sport.previous("split")
    assert str(error.value) == (
        "sport alone can't be compared across the break 'split': "
        "before 2017-01-01 it was part of 'sport_leisure'\n"
        "  → take sport, leisure together"
    )


def test_codes_beside_a_split_cross_it_unharmed(before: Register) -> None:
    """The family is the family in both years, once the break is named."""
    family = whole(after(before, SPLIT), "persons").where(context="family")
    assert size(family.previous("split")) == (1, None)


def test_a_split_field_is_not_compared_code_by_code(before: Register) -> None:
    """A breakdown by context would set sport against nothing."""
    with pytest.raises(PopulationError) as error:
        whole(after(before, SPLIT), "persons").previous("split", by=("context",))
    assert str(error.value) == (
        "'context' can't be compared code by code across the break 'split': "
        "'sport_leisure' became sport, leisure"
    )


def test_a_bridge_that_isnt_there_does_no_harm(year: Register) -> None:
    """A bridge is a permission: another edition may declare the break."""
    assert size(whole(year).previous("split")) == (4, None)


def test_a_break_that_only_the_earlier_edition_declares_counts() -> None:
    """What was declared once needn't be repeated by the next edition."""
    declared = register(2016, contacts=CONTACTS, persons=PERSONS, breaks=[STARTS])
    family = whole(after(declared), "persons").where(context="family")
    with pytest.raises(PopulationError, match="crosses a declared break: 'context_starts'"):
        family.previous()


def test_a_revision_is_noted_on_the_figure(before: Register) -> None:
    """It stops nothing, and stands with the number."""
    contacts = whole(after(before, RENEWED))
    figure = change("x", contacts, contacts.previous())
    assert (figure.value, figure.breaks) == (25.0, ("renewed",))


def test_bridged_breaks_are_noted_before_revisions(before: Register) -> None:
    """All that lies between the two years."""
    both = whole(after(before, RENEWED, STARTS, SPLIT), "persons").where(
        context=["sport", "leisure"]
    )
    then = both.previous("context_starts", "split")
    figure = rate_ratio("x", both, then, exposure="calendar_day")
    assert figure.breaks == ("context_starts", "split", "renewed")


def test_nothing_lies_between_two_windows_of_one_year(before: Register) -> None:
    """A campaign against the days around it carries no note of the year before."""
    year = whole(after(before, RENEWED))
    inside = year.during(dt.date(2017, 3, 1), dt.date(2017, 3, 31))
    around = year.during(dt.date(2017, 2, 1), dt.date(2017, 4, 30), without=inside.spec.period)
    assert noted(inside, around) == ()


def test_unequal_periods_are_no_change_in_percent() -> None:
    """Twelve months against six: a ratio of rates is due."""
    autumn = register(
        2016, contacts="nr | date\na | 09-01\n", persons="contact | context\na | family\n"
    )
    family = whole(after(autumn, STARTS), "persons").where(context="family")
    with pytest.raises(PopulationError) as error:
        change("x", family, family.previous("context_starts"))
    assert str(error.value) == (
        "'x': 365 days against 184 are no change in percent\n"
        "  → use chapter.rate_ratio(…, exposure='calendar_day')"
    )
