"""How much a population holds, and the figures that are made of it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline_report.errors import PopulationError
from helpline_report.figures.measures import (
    count,
    exists,
    maximum,
    mean,
    observed,
    open_days,
    own_figure,
    share,
    size,
)
from helpline_report.figures.model import Interval, Reason
from helpline_report.figures.register import Register
from helpline_report.parameters.values import Period
from tests.figures.conftest import CONTACTS
from tests.figures.drawn import NAME, register, saying, whole


def test_a_code_that_had_rows_in_no_year_is_zero(year: Register) -> None:
    """Elder abuse could be registered, and wasn't."""
    assert size(whole(year, "persons").where(problem="elder_abuse")) == (0, None)


def test_a_code_that_didnt_exist_is_not_zero(year: Register, before: Register) -> None:
    """There was no fax in 2017, and no context 'sport' in 2016."""
    assert size(whole(year).where(channel="fax")) == _not_registered("channel")
    assert size(whole(before, "persons").where(context="sport")) == _not_registered("context")


def test_at_any_depth(before: Register) -> None:
    """Contacts with a person in sport: in 2016 nobody could say so."""
    sport = whole(before, "persons").where(context="sport")
    assert size(whole(before).having(sport)) == _not_registered("context")


def test_one_code_that_existed_is_enough(before: Register) -> None:
    """Sport, leisure, or both as one code: of 2016 there are two."""
    codes = ["sport", "leisure", "sport_leisure"]
    assert size(whole(before, "persons").where(context=codes)) == (2, None)


def test_a_code_exists_in_a_window_that_touches_its_days(year: Register) -> None:
    """Chat began on 1 July."""
    spring = whole(year).during(dt.date(2017, 1, 1), dt.date(2017, 6, 30))
    summer = whole(year).during(dt.date(2017, 6, 30), dt.date(2017, 7, 1))
    assert size(spring.where(channel="chat")) == _not_registered("channel")
    assert size(summer.where(channel="chat")) == (0, None)


def test_a_code_that_the_source_cant_say_is_not_zero(year: Register) -> None:
    """A system that knows telephone and e-mail has no number of chats."""
    deaf = saying(year, "contacts", "channel", "phone", "email")
    assert size(whole(deaf).where(channel="chat")) == _not_registered("channel")
    assert not exists(deaf, whole(deaf).spec, "channel", "chat")
    assert size(whole(deaf).where(channel="email")) == (1, None)


def test_a_class_of_ages_that_the_other_year_hasnt_is_not_zero(before: Register) -> None:
    """Classes were cut otherwise in 2017."""
    seniors = [{"code": "seniors", "from": 60, "label": {"nl": "x", "en": "x"}}]
    year = register(
        contacts=CONTACTS, persons="contact | age\na | 70", previous=before, person_ages=seniors
    )
    then = whole(year, "persons").where(age_class="seniors").previous()
    assert size(then) == _not_registered("age_class")


def _not_registered(field: str) -> tuple[int, Reason]:
    return 0, Reason(code="not_registered", about=field)


WHOLE_YEAR = "[2017-01-01 – 2017-12-31]"
HINT = "\n  → a share is one of rows of the same table, period and conditions"


def test_a_count_is_exact(year: Register) -> None:
    """It has no interval."""
    figure = count("x", whole(year))
    assert (figure.value, figure.numerator, figure.interval) == (5, 5, None)


def test_a_share_has_its_parts_and_an_interval(year: Register) -> None:
    """Three of five contacts by telephone, with Wilson's interval."""
    figure = share("x", whole(year).where(channel="phone"), whole(year))
    assert (figure.value, figure.numerator, figure.denominator) == (60.0, 3, 5)
    assert figure.of == whole(year).spec
    assert figure.interval is not None
    assert figure.interval.method == "wilson"


def test_a_share_of_persons_is_clustered(year: Register) -> None:
    """Persons come in contacts."""
    persons = whole(year, "persons")
    figure = share("x", persons.where(problem="child_abuse"), persons)
    assert isinstance(figure.interval, Interval)
    assert figure.interval.method == "wilson_clustered"


def test_a_share_across_populations_is_refused(year: Register) -> None:
    """The printed report calls a share of follow-ups one of persons."""
    advice = whole(year, "followups").where(followup="advice")
    with pytest.raises(PopulationError) as error:
        share("x", advice, whole(year, "persons"))
    assert str(error.value) == (
        f"'x': followups where followup=advice {WHOLE_YEAR} is no part of persons {WHOLE_YEAR}"
        + HINT
    )


def test_a_share_of_another_period_is_refused(year: Register) -> None:
    """January is no share of the year, without saying `where(month='01')`."""
    january = whole(year).during(dt.date(2017, 1, 1), dt.date(2017, 1, 31))
    with pytest.raises(PopulationError) as error:
        share("x", january, whole(year))
    assert str(error.value) == (
        f"'x': contacts [2017-01-01 – 2017-01-31] is no part of contacts {WHOLE_YEAR}" + HINT
    )
    assert share("x", whole(year).where(month="01"), whole(year)).value == 60.0


def test_a_share_of_other_conditions_is_refused(year: Register) -> None:
    """Victims are no part of those who call by telephone."""
    contacts = whole(year)
    with pytest.raises(PopulationError) as error:
        share("x", contacts.where(role="victim"), contacts.where(channel="phone"))
    assert str(error.value) == (
        f"'x': contacts where role=victim {WHOLE_YEAR} "
        f"is no part of contacts where channel=phone {WHOLE_YEAR}" + HINT
    )


def test_a_share_of_nobody_says_so(year: Register) -> None:
    """The denominator is 0."""
    none = whole(year).where(role="victim", channel="chat")
    figure = share("x", none.where(month="01"), none)
    assert (figure.value, figure.reason) == (None, Reason(code="zero_denominator"))


@pytest.mark.parametrize(
    ("noun", "conditions", "reason"),
    [
        ("persons", {}, Reason(code="no_source", about="persons")),
        ("contacts", {"role": "victim"}, Reason(code="no_field", about="role")),
        ("contacts", {"channel": "fax"}, Reason(code="not_registered", about="channel")),
    ],
)
def test_what_cant_be_counted_says_why(
    noun: str, conditions: dict[str, str], reason: Reason
) -> None:
    """In a count, a share, a mean and a maximum alike."""
    bare = register(contacts="nr | date | channel\na | 01-02 | phone")
    rows = whole(bare, noun)
    part = rows.where(**conditions)
    figures = [
        count("x", part),
        share("x", part, rows),
        mean("x", part, ("month",)),
        maximum("x", part, ("month",)),
    ]
    assert [(figure.value, figure.reason) for figure in figures] == [(None, reason)] * 4


def test_a_mean_divides_by_months_days_and_helplines(year: Register) -> None:
    """Five contacts; 12 months, 260 working days, two helplines, 365 days."""
    contacts = whole(year)
    assert mean("x", contacts, ("month",)).value == 5 / 12
    assert mean("x", contacts, ("open_day",)).value == 5 / 260
    assert mean("x", contacts, ("open_day", "helpline")).denominator == 520
    assert mean("x", contacts, ("calendar_day",)).value == 5 / 365


def test_a_mean_per_contact_divides_by_the_contacts_that_have_such_a_row() -> None:
    """Three persons in two contacts; the third contact has none."""
    contacts, persons = "nr\na\nb\nc", "contact | age\na | 7\na | 9\nb | 40"
    rows = whole(register(contacts=contacts, persons=persons), "persons")
    assert mean("x", rows, ("contact",)).value == 3 / 2
    assert mean("x", rows.where(age=range(18)), ("contact",)).denominator == 1


def test_a_mean_without_a_divisor_says_so() -> None:
    """No helplines, no mean per helpline."""
    helpline = {"name": "x", "full_name": NAME, "website": "x"}
    found = mean("x", whole(register(contacts=CONTACTS, helpline=helpline)), ("helpline",))
    assert found.reason == Reason(code="zero_denominator")


def test_a_maximum_is_of_combinations(year: Register) -> None:
    """On no day had a helpline more than one contact; in January the north had two."""
    assert maximum("x", whole(year), ("helpline", "date")).value == 1
    assert maximum("x", whole(year), ("helpline", "month")).value == 2


def test_a_maximum_of_nothing_is_none(year: Register) -> None:
    """No perpetrator called by telephone: the most is 0."""
    nobody = whole(year).where(role="perpetrator", channel="phone")
    assert maximum("x", nobody, ("month",)).value == 0


def test_users_are_not_counted_one_by_one() -> None:
    """The rows of traffic are totals: how many there are says nothing."""
    users = whole(register(traffic="measure | when | value\nusers | year | 9"), "users")
    with pytest.raises(PopulationError) as error:
        maximum("x", users, ("device",))
    assert str(error.value) == (
        "'x': users aren't counted one by one, and can't be crossed\n"
        "  → break them down by one field: chapter.counts(…, users, by=…)"
    )


def test_closed_days_are_not_open(year: Register) -> None:
    """260 weekdays, less the closing days of the parameters."""
    closed = [{"date": "2017-05-01", "reason": NAME}, {"date": "2017-05-06", "reason": NAME}]
    calendar = {"working_days": [1, 2, 3, 4, 5], "closed": closed}
    figure = open_days("x", whole(register(contacts=CONTACTS, calendar=calendar)))
    assert (figure.value, figure.population.table) == (259, "calendar")
    assert open_days("x", whole(year)).value == 260


def test_days_left_out_are_not_observed(year: Register) -> None:
    """February less its first week: 21 days, 15 of them open."""
    window = whole(year).during(
        dt.date(2017, 2, 1),
        dt.date(2017, 2, 28),
        without=Period(start=dt.date(2017, 2, 1), end=dt.date(2017, 2, 7)),
    )
    assert (observed(window, "calendar_day"), observed(window, "open_day")) == (21, 15)


def test_a_period_touches_months() -> None:
    """From 31 January to 1 March next year there are 15."""
    period = Period(start=dt.date(2017, 1, 31), end=dt.date(2018, 3, 1))
    assert period.months == 15


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(["phone", "email"]), min_size=1, max_size=40))
def test_doubled_rows_keep_their_share(channels: list[str]) -> None:
    """And narrow the interval."""
    one, two = (
        whole(register(contacts="\n".join(["channel", *channels * times]))) for times in (1, 2)
    )
    figures = [share("x", rows.where(channel="phone"), rows) for rows in (one, two)]
    assert figures[0].value == figures[1].value
    widths = [figure.interval.high - figure.interval.low for figure in figures if figure.interval]
    assert widths[1] < widths[0]


@pytest.mark.parametrize(
    ("value", "kept"), [(3, 3), (2.5, 2.5), (np.int64(3), 3), (np.float64(0.125), 0.125)]
)
def test_an_own_number_is_kept_as_it_is(year: Register, value: object, kept: float) -> None:
    """A whole number stays one, and a number of numpy is a number."""
    figure = own_figure("x", value, of=whole(year), how=" a median ")
    assert (figure.value, type(figure.value), figure.how) == (kept, type(kept), "a median")
    assert (figure.kind, figure.numerator, figure.population) == ("own", None, whole(year).spec)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), "the value of 'x' is no number \\(NaN\\)\n  → see that there are rows"),
        (float("inf"), "the value of 'x' is infinite"),
        ("12", "the value of 'x' is of the type str, and not a number"),
        (None, "of the type NoneType"),
        (pd.NA, "of the type NAType"),
        (True, "of the type bool"),
        (np.True_, "of the type bool"),
        ([1.0], "of the type list"),
        (pd.Series([1.0]), "of the type Series"),
        (1j, "of the type complex"),
        (2.5, "'x' is a count, and its value isn't whole"),
    ],
)
def test_what_is_no_number_is_refused(year: Register, value: object, message: str) -> None:
    """With its type, and never what it holds."""
    with pytest.raises(PopulationError, match=message):
        own_figure("x", value, of=whole(year), unit="count", how="a median")


def test_an_own_number_says_what_it_is(year: Register) -> None:
    """For a reader."""
    with pytest.raises(PopulationError, match="'x' doesn't say what it is"):
        own_figure("x", 1, of=whole(year), how=" ")


def test_an_own_number_of_rows_that_no_source_gives(year: Register) -> None:
    """It is unavailable, as any figure of them."""
    figure = own_figure("x", 1, of=whole(year, "users"), how="a median")
    assert figure.reason == Reason(code="no_source", about="traffic")
