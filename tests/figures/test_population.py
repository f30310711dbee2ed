"""Populations: conditions, windows, and the same in the comparison year."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from helpline_report.errors import PopulationError
from helpline_report.figures.counting import mask
from helpline_report.figures.measures import size
from helpline_report.figures.model import Condition, Reason
from helpline_report.figures.population import Population, describe, noted
from helpline_report.figures.rates import change, rate_ratio
from helpline_report.figures.register import Register
from helpline_report.parameters.values import Period
from tests.figures.conftest import CONTACTS, PERSONS
from tests.figures.drawn import a_break, register, whole


def count_rows(population: Population) -> int:
    return int(mask(population).sum())


def refusal(error: pytest.ExceptionInfo[PopulationError]) -> str:
    return str(error.value)


def test_a_condition_is_kept_as_data(year: Register) -> None:
    """The field, the codes in the order of the list, and what the chapter wrote."""
    spec = whole(year).where(channel=["email", "phone"]).spec
    given = Condition(field="channel", codes=("phone", "email"), given=("email", "phone"))
    assert spec.conditions == (given,)


def test_a_group_stands_for_its_codes(year: Register) -> None:
    """`written` is e-mail and chat; the definition still says `written`."""
    written = whole(year).where(channel="written")
    condition = written.spec.condition("channel")
    assert condition == Condition(field="channel", codes=("email", "chat"), given=("written",))
    assert count_rows(written) == 2


def test_the_order_of_conditions_changes_nothing(year: Register) -> None:
    """Conditions are kept by the name of their field."""
    one = whole(year).where(role="victim").where(channel="phone")
    other = whole(year).where(channel="phone", role="victim")
    assert one.spec == other.spec
    assert count_rows(one) == 2


def test_persons_may_be_chosen_by_their_contact(year: Register) -> None:
    """A field of the table above is one of the row's own."""
    assert count_rows(whole(year, "persons").where(channel="phone")) == 4


def test_an_age_that_is_not_known_is_in_no_class(year: Register) -> None:
    """Minors are 4 and 9 years old; the person without an age is unknown."""
    persons = whole(year, "persons")
    assert count_rows(persons.where(age_class="minor")) == 2
    assert count_rows(persons.where(age_class="unknown")) == 1


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({"chanel": "phone"}, "there is no field 'chanel', did you mean 'channel'?"),
        ({"channel": "fone"}, "the field 'channel' has no code 'fone', did you mean 'phone'?"),
        (
            {"channel": "writen"},
            "the field 'channel' has no code 'writen', did you mean 'written'?",
        ),
        ({"month": "13"}, "the field 'month' has no code '13'; they go from 01 to 12"),
        ({"weekday": "8"}, "the field 'weekday' has no code '8'; they go from 1 to 7"),
        ({"hour": "nine"}, "the field 'hour' has no code 'nine'; they go from 00 to 23"),
        (
            {"date": "2016-03-01"},
            "the field 'date' has no code '2016-03-01', did you mean '2017-03-01'?",
        ),
        ({"channel": []}, "the condition on 'channel' names no code"),
        (
            {"problem": "child_abuse"},
            "'problem' is a field of persons, not of contacts: a row of contacts may have several\n"
            "  → count persons, or say contacts.having(persons.where(problem=…))",
        ),
        (
            {"device": "mobile"},
            "'device' is a field of traffic, and the rows of contacts don't hang on traffic",
        ),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(
    year: Register, conditions: dict[str, str], message: str
) -> None:
    """With the name that was meant, or the way to say it."""
    with pytest.raises(PopulationError) as error:
        whole(year).where(**conditions)
    assert refusal(error) == message


def test_a_field_has_one_condition(year: Register) -> None:
    """A second one is refused: it would be read as 'and' by one and as 'or' by another."""
    with pytest.raises(PopulationError) as error:
        whole(year).where(channel="phone").where(channel="email")
    assert refusal(error) == (
        "the field 'channel' has a condition already\n"
        "  → give all codes in one condition, as a list"
    )


def test_there_are_six_populations(year: Register) -> None:
    """Another noun is refused."""
    with pytest.raises(PopulationError) as error:
        whole(year, "callers")
    assert refusal(error) == (
        "there is no population 'callers'; "
        "there are: contacts, persons, followups, users, page_views, sessions"
    )


def test_having_counts_a_contact_once(year: Register) -> None:
    """Two abused children in one contact are one contact with an abused child."""
    abused = whole(year, "persons").where(problem="child_abuse")
    assert count_rows(abused) == 3
    assert count_rows(whole(year).having(abused)) == 2


def test_having_reaches_two_tables_down(year: Register) -> None:
    """Contacts with a follow-up that is a referral: a and b."""
    referred = whole(year, "followups").where(followup="referred")
    assert count_rows(whole(year).having(referred)) == 2
    assert count_rows(whole(year, "persons").having(referred)) == 2


def test_two_havings_may_be_met_by_two_persons(year: Register) -> None:
    """Contact a has a person of 4 years, and another one who is 9."""
    persons = whole(year, "persons")
    both = persons.where(form="sexual"), persons.where(form="physical", age_class="minor")
    assert count_rows(whole(year).having(both[0]).having(both[1])) == 1


def test_having_goes_downwards(year: Register) -> None:
    """Persons hang on contacts, and not the other way."""
    with pytest.raises(PopulationError) as error:
        whole(year, "persons").having(whole(year))
    assert refusal(error) == "contacts don't hang on persons"


def test_having_is_of_one_year(year: Register, before: Register) -> None:
    """Contacts of 2017 can't have persons of 2016."""
    with pytest.raises(PopulationError) as error:
        whole(year).having(whole(before, "persons"))
    assert refusal(error) == "both sides of 'having' are of one edition and one period"


def test_a_window_holds_its_first_and_its_last_day(year: Register) -> None:
    """From 3 January to 6 March: b, c and d."""
    assert count_rows(whole(year).during(dt.date(2017, 1, 3), dt.date(2017, 3, 6))) == 3


def test_a_window_goes_for_having_too(year: Register) -> None:
    """A window of contacts with a child is the contacts of that window."""
    child = whole(year).having(whole(year, "persons").where(problem="child_abuse"))
    window = child.during(dt.date(2017, 1, 1), dt.date(2017, 1, 31))
    assert count_rows(window) == 1
    assert window.spec.having[0].period == window.spec.period


def test_days_can_be_left_out(year: Register) -> None:
    """January and after, less 3 January."""
    left_out = Period(start=dt.date(2017, 1, 3), end=dt.date(2017, 1, 3))
    window = whole(year).during(dt.date(2017, 1, 1), dt.date(2017, 3, 31), without=left_out)
    assert count_rows(window) == 2


def test_a_window_lies_in_the_period(year: Register) -> None:
    """December of the year before is another edition's."""
    with pytest.raises(PopulationError) as error:
        whole(year).during(dt.date(2016, 12, 1), dt.date(2017, 1, 31))
    assert refusal(error) == "2016-12-01 to 2017-01-31 doesn't lie in the period of the edition"


def test_what_is_left_out_lies_in_the_window(year: Register) -> None:
    """Days that aren't there can't be left out: they would count as days not observed."""
    left_out = Period(start=dt.date(2017, 1, 1), end=dt.date(2017, 3, 1))
    with pytest.raises(PopulationError) as error:
        whole(year).during(dt.date(2017, 2, 1), dt.date(2017, 3, 1), without=left_out)
    assert refusal(error) == (
        "2017-01-01 to 2017-03-01 can't be left out: it doesn't lie in 2017-02-01 to 2017-03-01"
    )


def test_a_part_has_all_conditions_of_the_whole(year: Register) -> None:
    """And may have narrower ones, and more."""
    contacts = whole(year)
    written, email = contacts.where(channel="written"), contacts.where(channel="email")
    assert email.is_part_of(written)
    assert email.where(role="victim").is_part_of(email)
    assert not written.is_part_of(email)
    assert not contacts.where(role="victim").is_part_of(email)


def test_a_part_is_of_one_population_year_and_period(year: Register, before: Register) -> None:
    """Persons are no part of contacts, nor is 2016 of 2017, nor a month of the year."""
    contacts = whole(year)
    january = contacts.during(dt.date(2017, 1, 1), dt.date(2017, 1, 31))
    assert not whole(year, "persons").is_part_of(contacts)
    assert not whole(before).is_part_of(contacts)
    assert not january.is_part_of(contacts)
    assert january.where(role="victim").is_part_of(january)


def test_a_part_has_what_the_whole_is_having(year: Register) -> None:
    """Contacts with an abused child of 4 are a part of those with an abused child."""
    contacts, persons = whole(year), whole(year, "persons")
    abused = persons.where(problem="child_abuse")
    wide, narrow = contacts.having(abused), contacts.having(abused.where(age_class="minor"))
    assert narrow.is_part_of(wide)
    assert not wide.is_part_of(narrow)
    assert not contacts.is_part_of(wide)


def test_a_table_without_a_source_is_told() -> None:
    """No persons in any export: the population is there, and says why it can't be counted."""
    absent = whole(register(contacts=CONTACTS), "persons").absent
    assert absent is not None
    assert (absent.code, absent.about) == ("no_source", "persons")


def test_a_field_without_a_source_is_told() -> None:
    """Contacts without a channel: a condition on it can't be counted."""
    bare = register(contacts="nr | date\na | 01-02\n")
    absent = whole(bare).where(channel="phone").absent
    assert absent is not None
    assert (absent.code, absent.about) == ("no_field", "channel")


def test_a_population_describes_itself(year: Register) -> None:
    """As short code, for messages."""
    child = whole(year, "persons").where(problem="child_abuse")
    assert describe(whole(year).where(channel="written").having(child).spec) == (
        "contacts where channel=written, having (persons where problem=child_abuse "
        "[2017-01-01 – 2017-12-31]) [2017-01-01 – 2017-12-31]"
    )


def test_rows_can_be_explored(year: Register) -> None:
    """With the fields of the tables above them, typed, and no keys or lines."""
    persons = whole(year, "persons").where(channel="phone")
    frame = persons.df
    assert len(frame) == count_rows(persons)
    assert frame["age"].median() == 9
    assert frame["age"].isna().sum() == 1
    assert frame["problem"].cat.categories[0] == "child_abuse"
    assert frame["form:physical"].tolist() == [True, True, False, False]
    assert frame["age_class"].tolist() == ["minor", "minor", "adult", "unknown"]
    assert {"month", "weekday", "hour", "date", "helpline"} <= set(frame.columns)
    assert not {"line", "nr", "contact"} & set(frame.columns)


def test_rows_of_no_source_cant_be_explored(year: Register) -> None:
    """As they can't be counted."""
    with pytest.raises(PopulationError, match="no source gives"):
        _ = whole(year, "users").df


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
    figure = change("x", contacts)
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
        change("x", family, bridge=["context_starts"])
    assert str(error.value) == (
        "'x': 365 days against 184 are no change in percent\n"
        "  → use chapter.rate_ratio(…, exposure='calendar_day')"
    )
