"""How much a population holds, and the figures that are made of it."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpline_report.figures.measures import (
    count,
    count_days,
    make_own_figure,
    maximum,
    may_occur,
    mean,
    measure_size,
    open_days,
    share,
)
from helpline_report.figures.model import Reason
from helpline_report.figures.register import Register
from helpline_report.parameters.values import Period
from tests.figures.conftest import CONTACTS
from tests.figures.drawn import NAME, refusal, register, saying, whole, without
from tests.present import present

WHOLE_YEAR = "[2017-01-01 – 2017-12-31]"
HINT = "\n  → a share is one of rows of the same table, period and conditions"


def not_registered(field: str) -> tuple[int, Reason]:
    return 0, Reason(code="not_registered", about=field)


def test_a_code_that_didnt_exist_is_not_zero(year: Register, before: Register) -> None:
    """This holds at any depth. If one of the codes existed, the count is a number, perhaps 0."""
    persons = whole(before, "persons")
    assert measure_size(whole(year).where(channel="fax")) == not_registered("channel")
    assert measure_size(persons.where(context="sport")) == not_registered("context")
    sport = whole(before).having(persons.where(context="sport"))
    assert measure_size(sport) == not_registered("context")
    assert measure_size(persons.where(context=["sport", "leisure", "sport_leisure"])) == (2, None)
    assert measure_size(whole(year, "persons").where(problem="elder_abuse")) == (0, None)


def test_a_code_exists_where_its_days_and_its_source_say(year: Register) -> None:
    """Chat began on 1 July; a system that knows telephone and e-mail has no number of chats."""
    spring = whole(year).during(dt.date(2017, 1, 1), dt.date(2017, 6, 30))
    summer = whole(year).during(dt.date(2017, 6, 30), dt.date(2017, 7, 1))
    assert measure_size(spring.where(channel="chat")) == not_registered("channel")
    assert measure_size(summer.where(channel="chat")) == (0, None)
    deaf = saying(year, "contacts", "channel", "phone", "email")
    assert measure_size(whole(deaf).where(channel="chat")) == not_registered("channel")
    assert not may_occur(deaf, whole(deaf).spec, "channel", "chat")
    assert measure_size(whole(deaf).where(channel="email")) == (1, None)


def test_a_class_of_ages_that_the_other_year_hasnt_is_not_zero(before: Register) -> None:
    """Classes were cut otherwise in 2017."""
    seniors = [{"code": "seniors", "from": 60, "label": NAME}]
    rows: dict[str, Any] = {"contacts": CONTACTS, "persons": "contact | age\na | 70"}
    year = register(**rows, previous=before, person_ages=seniors)
    then = whole(year, "persons").where(age_class="seniors").previous()
    assert measure_size(then) == not_registered("age_class")


def test_a_share_has_its_parts_and_an_interval(year: Register) -> None:
    """Wilson's, for persons clustered by contact; a count is exact."""
    contacts, persons = whole(year), whole(year, "persons")
    figure = share("x", contacts.where(channel="phone"), contacts)
    assert (figure.value, figure.numerator, figure.denominator) == (60.0, 3, 5)
    assert (figure.of, present(figure.interval).method) == (contacts.spec, "wilson")
    clustered = share("x", persons.where(problem="child_abuse"), persons)
    assert present(clustered.interval).method == "wilson_clustered"
    alone = whole(register(persons="problem\nchild_abuse"), "persons")
    assert present(share("x", alone, alone).interval).method == "wilson"
    assert (count("x", contacts).value, count("x", contacts).interval) == (5, None)
    nobody = contacts.where(role="victim", channel="chat")
    empty = share("x", nobody.where(month="01"), nobody)
    assert (empty.value, empty.reason) == (None, Reason(code="zero_denominator"))


def test_a_share_across_populations_is_refused(year: Register) -> None:
    """The printed report calls a share of follow-ups one of persons; nor of other rows."""
    contacts, persons = whole(year), whole(year, "persons")
    advice = whole(year, "followups").where(followup="advice")
    assert refusal(share, "x", advice, persons) == (
        f"'x': followups where followup=advice {WHOLE_YEAR} is no part of persons {WHOLE_YEAR}"
        + HINT
    )
    january = contacts.during(dt.date(2017, 1, 1), dt.date(2017, 1, 31))
    assert refusal(share, "x", january, contacts) == (
        f"'x': contacts [2017-01-01 – 2017-01-31] is no part of contacts {WHOLE_YEAR}" + HINT
    )
    assert share("x", contacts.where(month="01"), contacts).value == 60.0
    victims, phone = contacts.where(role="victim"), contacts.where(channel="phone")
    assert "is no part of" in refusal(share, "x", victims, phone)


@pytest.mark.parametrize(
    ("noun", "conditions", "reason"),
    [
        ("persons", {}, Reason(code="no_source", about="persons")),
        ("contacts", {"role": "victim"}, Reason(code="no_field", about="role")),
        ("contacts", {"channel": "fax"}, Reason(code="not_registered", about="channel")),
    ],
)
def test_what_cant_be_counted_says_why(
    noun: str, conditions: dict[str, Any], reason: Reason
) -> None:
    """A count, a share, a mean and a maximum each give the reason."""
    rows = whole(register(contacts="nr | date | channel\na | 01-02 | phone"), noun)
    part = rows.where(**conditions)
    figures = [
        count("x", part),
        share("x", part, rows),
        mean("x", part, "month"),
        maximum("x", part, ("month",)),
    ]
    assert [(figure.value, figure.reason) for figure in figures] == [(None, reason)] * 4


def test_a_mean_divides_by_months_days_helplines_and_contacts(year: Register) -> None:
    """Five contacts; 12 months, 260 working days, two helplines, 365 days."""
    contacts, persons = whole(year), whole(year, "persons")
    assert mean("x", contacts, "month").value == 5 / 12
    assert mean("x", contacts, ("open_day", "helpline")).denominator == 520
    assert mean("x", contacts, "calendar_day").value == 5 / 365
    assert mean("x", persons, "contact").value == 1
    assert mean("x", persons.where(age=range(18)), "contact").denominator == 5
    assert mean("x", contacts, "contact").reason == Reason(code="zero_denominator")
    assert "by contacts alone" in refusal(mean, "x", persons, ("contact", "month"))
    no_lines = register(
        contacts=CONTACTS, helpline={"name": "x", "full_name": NAME, "website": "x"}
    )
    assert mean("x", whole(no_lines), "helpline").reason == Reason(code="zero_denominator")


def test_a_maximum_is_of_combinations(year: Register) -> None:
    """No helpline had two contacts on one day; a maximum without rows is 0."""
    assert maximum("x", whole(year), ("helpline", "date")).value == 1
    assert maximum("x", whole(year), ("helpline", "month")).value == 2
    nobody = whole(year).where(role="perpetrator", channel="phone")
    assert maximum("x", nobody, ("month",)).value == 0
    users = whole(register(traffic="measure | when | value\nusers | year | 9"), "users")
    assert refusal(maximum, "x", users, ("device",)).startswith(
        "'x': users aren't counted one by one, and can't be crossed"
    )


def test_closed_days_and_days_left_out_are_not_observed(year: Register) -> None:
    """260 weekdays less a closing day; February less its first week has 21, of which 15 open."""
    closed = [{"date": "2017-05-01", "reason": NAME}, {"date": "2017-05-06", "reason": NAME}]
    calendar = {"working_days": [1, 2, 3, 4, 5], "closed": closed}
    figure = open_days("x", whole(register(contacts=CONTACTS, calendar=calendar)))
    assert (figure.value, figure.population.table) == (259, "calendar")
    assert open_days("x", whole(year)).value == 260
    week = Period(start=dt.date(2017, 2, 1), end=dt.date(2017, 2, 7))
    window = without(whole(year).during(dt.date(2017, 2, 1), dt.date(2017, 2, 28)), week)
    assert (count_days(window, "calendar_day"), count_days(window, "open_day")) == (21, 15)


@pytest.mark.parametrize(
    ("value", "number"), [(3, 3), (2.5, 2.5), (np.int64(3), 3), (np.float64(0.125), 0.125)]
)
def test_an_own_number_stays_as_it_is(year: Register, value: object, number: float) -> None:
    """A whole number stays one, and a number of numpy is a number."""
    figure = make_own_figure("x", value, of=whole(year), how=" a median ")
    assert (figure.value, type(figure.value), figure.how) == (number, type(number), "a median")
    assert (figure.kind, figure.numerator, figure.population) == ("own", None, whole(year).spec)
    absent = make_own_figure("x", value, of=whole(year, "users"), how="a median")
    assert absent.reason == Reason(code="no_source", about="traffic")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), "the value of 'x' is no number (NaN)\n  → see that there are rows"),
        (float("inf"), "the value of 'x' is infinite, or too large"),
        (10**400, "the value of 'x' is infinite, or too large"),
        ("12", "the value of 'x' is of the type str, and not a number"),
        (pd.NA, "the value of 'x' is of the type NAType"),
        (True, "the value of 'x' is of the type bool"),
        (np.True_, "the value of 'x' is of the type bool"),
        (pd.Series([1.0]), "the value of 'x' is of the type Series"),
        (2.5, "'x' is a count, and its value isn't whole"),
    ],
)
def test_what_is_no_number_is_refused(year: Register, value: object, message: str) -> None:
    """With its type, and never what it holds; and a number that nothing explains."""
    contacts = whole(year)
    text = refusal(make_own_figure, "x", value, of=contacts, unit="count", how="a median")
    assert text.startswith(message)
    unexplained = refusal(make_own_figure, "x", 1, of=contacts, how=" ")
    assert unexplained.startswith("'x' doesn't say what it is")
