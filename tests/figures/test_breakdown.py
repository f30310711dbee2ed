"""Series, cross-tables and rankings by the codes of a field."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from helpline_report.errors import PopulationError
from helpline_report.figures.breakdown import (
    beside,
    breakdown,
    count_series,
    crosstab,
    monthly_mean,
    quietest_working_day,
    rank,
    rank_series,
    same_top,
    share_series,
    top,
)
from helpline_report.figures.measures import share
from helpline_report.figures.model import Figure, Reason
from helpline_report.figures.population import Population
from helpline_report.figures.rates import change_series
from helpline_report.figures.register import Register
from tests.figures.conftest import CONTACTS, PERSONS
from tests.figures.drawn import a_break, register, saying, whole


def values(figures: list[Figure]) -> dict[str, object]:
    return {figure.id: figure.value for figure in figures}


def test_a_series_is_a_figure_a_code(year: Register) -> None:
    """Zeros stand; fax, which had been given up, doesn't."""
    series, figures = count_series("x", whole(year), "channel")
    assert values(figures) == {"x.phone": 3, "x.email": 1, "x.chat": 1, "x.unknown": 0}
    assert [member.code for member in series.members] == ["phone", "email", "chat", "unknown"]


def test_a_member_is_a_population_of_its_own(year: Register) -> None:
    """So that it can be recounted by itself."""
    _, figures = count_series("x", whole(year), "channel")
    assert figures[0].population == whole(year).where(channel="phone").spec


def test_a_code_with_rows_always_stands() -> None:
    """Somebody faxed in 2017 all the same."""
    late = register(contacts="nr | date | channel\na | 01-02 | fax")
    assert breakdown(whole(late), "channel")[0] == {
        "phone": 0,
        "email": 0,
        "chat": 0,
        "fax": 1,
        "unknown": 0,
    }


def test_a_code_that_the_source_cant_say_is_left_out(year: Register) -> None:
    """It is not registered, and no 0."""
    deaf = saying(year, "contacts", "role", "victim", "parent")
    assert breakdown(whole(deaf).where(channel="email"), "role")[0] == {"victim": 1, "parent": 0}


def test_a_helpline_of_another_edition_is_no_zero(year: Register) -> None:
    """The parameters name the helplines of this one: north and south."""
    assert list(breakdown(whole(year), "helpline")[0]) == ["north", "south"]


def test_a_condition_leaves_its_codes(year: Register) -> None:
    """Written contacts, by channel: e-mail and chat."""
    found = breakdown(whole(year).where(channel="written"), "channel")[0]
    assert found == {"email": 1, "chat": 1}


def test_a_condition_on_several_codes_leaves_its_own(year: Register) -> None:
    """The first person was abused in two ways; who asks for one is told of one."""
    sexual = whole(year, "persons").where(form="sexual")
    assert breakdown(sexual, "form")[0] == {"sexual": 2}


def test_months_and_days_are_those_of_the_period(year: Register) -> None:
    """A window of two months has two, and its days."""
    window = whole(year).during(dt.date(2017, 1, 31), dt.date(2017, 2, 1))
    assert breakdown(window, "month")[0] == {"01": 0, "02": 0}
    assert breakdown(window, "date")[0] == {"2017-01-31": 0, "2017-02-01": 0}


CONTACTS_THEN = """
nr | date       | channel
a  | 2015-12-03 | phone
b  | 2016-12-04 | phone
"""
CONTACTS_NOW = """
nr | date       | channel
a  | 2016-12-04 | phone
b  | 2017-06-01 | email
c  | 2017-12-05 | phone
d  | 2017-12-06 | phone
"""


@pytest.fixture
def thirteen() -> Register:
    """Thirteen months, compared with the thirteen months of which the last is their first."""
    then = {"start": "2015-12-01", "end": "2016-12-31"}
    now = {"start": "2016-12-01", "end": "2017-12-31"}
    before = register(2016, contacts=CONTACTS_THEN, period=then)
    return register(contacts=CONTACTS_NOW, previous=before, comparison="2016", period=now)


def test_two_decembers_are_two_months(thirteen: Register) -> None:
    """Codes are a year and a month, in the order of time; a month alone names none of them."""
    tally, _ = breakdown(whole(thirteen), "month")
    assert [*tally] == [
        f"{day:%Y-%m}" for day in pd.date_range("2016-12-01", periods=13, freq="MS")
    ]
    assert {code: number for code, number in tally.items() if number} == {
        "2016-12": 1,
        "2017-06": 1,
        "2017-12": 2,
    }
    busiest = top("x", whole(thirteen), "month")
    assert (busiest.value, busiest.unit) == ("2017-12", "label")
    with pytest.raises(PopulationError) as error:
        whole(thirteen).where(month=12)
    assert str(error.value) == "the field 'month' has no code '12'; they go from 2016-12 to 2017-12"


def test_the_same_december_a_year_before(thirteen: Register) -> None:
    """Each month is compared with itself a year before, and stands beside it."""
    _, changes = change_series("x", whole(thirteen), "month")
    assert {figure.id: figure.value for figure in changes if figure.value is not None} == {
        "x.2016-12": 0.0,
        "x.2017-12": 100.0,
    }
    then = whole(thirteen).previous()
    series, figures = beside(count_series("p", then, "month"), then.register, thirteen)
    assert [member.code for member in series.members] == [*breakdown(whole(thirteen), "month")[0]]
    assert (series.members[-1].figure, figures[-1].value) == ("p.2016-12", 1)


def test_unknown_hours_and_ages_stand_where_they_occur(year: Register) -> None:
    """One contact has no hour; no contact of the south lacks one."""
    assert breakdown(whole(year), "hour")[0]["unknown"] == 1
    assert "unknown" not in breakdown(whole(year).where(helpline="south"), "hour")[0]
    assert breakdown(whole(year, "persons"), "age_class")[0] == {
        "minor": 2,
        "adult": 1,
        "older": 1,
        "unknown": 1,
    }


@pytest.mark.parametrize(
    ("noun", "by", "message"),
    [
        ("contacts", "chanel", "there is no field 'chanel', did you mean 'channel'?"),
        ("users", "devise", "there is no field 'devise', did you mean 'device'?"),
        (
            "contacts",
            "problem",
            "'problem' is a field of persons, not of contacts: a row of contacts may have several\n"
            "  → count persons, or say contacts.having(persons.where(problem=…))",
        ),
        (
            "users",
            "channel",
            "'channel' is a field of contacts, and the rows of traffic don't hang on contacts",
        ),
    ],
)
def test_a_field_of_another_table_is_refused(
    year: Register, noun: str, by: str, message: str
) -> None:
    """It isn't 'not in the source': it makes no sense."""
    with pytest.raises(PopulationError) as error:
        breakdown(whole(year, noun), by)
    assert str(error.value) == message


def test_what_was_not_registered_has_no_zeros(before: Register) -> None:
    """Persons in sport in 2016, by problem: none of these is 0."""
    sport = whole(before, "persons").where(context="sport")
    assert breakdown(sport, "problem") == ({}, Reason(code="not_registered", about="context"))


@pytest.mark.parametrize(
    ("by", "codes"),
    [
        ("channel", "phone email chat unknown"),
        ("month", "01 02 03 04 05 06 07 08 09 10 11 12"),
        ("weekday", "1 2 3 4 5 6 7"),
        ("date", ""),
    ],
)
def test_members_without_a_source_are_promised(by: str, codes: str) -> None:
    """A text that names one finds it unavailable, with its reason."""
    nothing = register(persons="problem\nchild_abuse")
    series, figures = count_series("x", whole(nothing), by)
    assert [member.code for member in series.members] == codes.split()
    assert {figure.reason for figure in figures} <= {Reason(code="no_source", about="contacts")}


def test_ages_without_a_source_are_promised(year: Register) -> None:
    """As shares too."""
    ageless = register(contacts=CONTACTS, persons="contact | problem\na | child_abuse")
    _, figures = share_series("x", whole(ageless, "persons"), "age_class")
    assert values(figures) == {"x.minor": None, "x.adult": None, "x.older": None}
    assert figures[0].reason == Reason(code="no_field", about="age_class")
    assert year.codes("age_class") == ["minor", "adult", "older", "unknown"]


@pytest.mark.parametrize(
    ("noun", "by"),
    [
        ("contacts", "channel"),
        ("persons", "problem"),
        ("persons", "form"),
        ("followups", "age_class"),
    ],
)
def test_shares_are_those_of_each_code(year: Register, noun: str, by: str) -> None:
    """Counted in one go, the same as one by one, interval and all."""
    rows = whole(year, noun)
    series, figures = share_series("x", rows, by)
    alone = [
        share(f"x.{member.code}", rows.where(**{by: member.code}), rows).model_copy(
            update={"by": (by,), "code": member.code}
        )
        for member in series.members
    ]
    assert figures == alone


def test_shares_of_one_code_a_row_add_up(year: Register) -> None:
    """To 100 %."""
    _, figures = share_series("x", whole(year, "persons"), "problem")
    assert sum(figure.number for figure in figures) == pytest.approx(100)


def test_codes_of_one_row_overlap(year: Register) -> None:
    """Three, two and one of five persons: the series says that its members don't add up."""
    series, figures = share_series("x", whole(year, "persons"), "form")
    assert series.overlapping
    assert values(figures) == {"x.physical": 60.0, "x.sexual": 40.0, "x.emotional": 20.0}


def test_shares_may_be_of_a_wider_whole(year: Register) -> None:
    """Of all contacts, those that are written."""
    _, figures = share_series("x", whole(year).where(channel="written"), "channel", whole(year))
    assert values(figures) == {"x.email": 20.0, "x.chat": 20.0}


def test_shares_of_another_population_are_refused(year: Register) -> None:
    """Persons are no share of contacts."""
    with pytest.raises(PopulationError) as error:
        share_series("x", whole(year, "persons"), "problem", whole(year))
    assert str(error.value) == (
        "'x': persons [2017-01-01 – 2017-12-31] is no part of contacts [2017-01-01 – 2017-12-31]\n"
        "  → a share is one of rows of the same table, period and conditions"
    )


def test_a_cross_table_has_its_zeros(year: Register) -> None:
    """Roles by helpline: six cells."""
    tab, figures = crosstab("x", whole(year), "role", "helpline")
    assert values(figures) == {
        "x.victim.north": 2,
        "x.victim.south": 1,
        "x.parent.north": 1,
        "x.parent.south": 0,
        "x.perpetrator.north": 0,
        "x.perpetrator.south": 1,
    }
    assert figures[0].population == whole(year).where(role="victim", helpline="north").spec
    assert [(cell.row, cell.column) for cell in tab.cells[:2]] == [
        ("victim", "north"),
        ("victim", "south"),
    ]


def test_a_cross_table_without_a_field_is_empty(year: Register) -> None:
    """No follow-ups by device: that is refused; contacts without a role have no cells."""
    bare = register(contacts="nr | date | channel\na | 01-02 | phone")
    assert crosstab("x", whole(bare), "channel", "role")[0].cells == ()
    with pytest.raises(PopulationError) as error:
        crosstab("x", whole(year), "role", "role")
    assert str(error.value) == "'x': 'role' can't be crossed with itself"


def contacts(rows: str, *, year: int = 2017, before: Register | None = None) -> Population:
    """Contacts, `08-05 phone` each."""
    lines = [row.replace(" ", " | ") for row in rows.split(", ")]
    return whole(register(year, contacts="\n".join(["date | channel", *lines]), previous=before))


def said(figure: Figure) -> tuple[object, float | None, float | None]:
    return figure.value, figure.numerator, figure.denominator


def test_the_first_is_a_code_with_its_count(year: Register) -> None:
    """Telephone, three of five."""
    figure = top("x", whole(year), "channel")
    assert said(figure) == ("phone", 3, 5)
    assert (figure.unit, figure.code, figure.place) == ("label", "phone", 1)


def test_ties_go_to_the_first_code_of_the_list() -> None:
    """E-mail before chat, whatever row came first."""
    tied = contacts("08-05 chat, 08-06 email, 08-07 phone, 08-07 phone")
    assert top("x", tied, "channel", place=2).value == "email"
    assert top("x", tied, "channel", place=3).value == "chat"


def test_ties_go_to_the_earliest_month_and_weekday() -> None:
    """March before August; Monday before Friday."""
    tied = contacts("08-07 phone, 03-03 phone")
    month, weekday = top("x", tied, "month"), top("x", tied, "weekday")
    assert (month.value, month.unit) == (3, "month")
    assert (weekday.value, weekday.unit) == (1, "weekday")


def test_a_code_without_rows_is_in_no_place() -> None:
    """Where one channel was used there is no second."""
    assert top("x", contacts("08-05 phone"), "channel", place=2).reason == Reason(code="no_rows")


def test_the_quietest_working_day_may_have_none() -> None:
    """No contact on Tuesday to Friday: Tuesday, the earliest; Sunday is no working day."""
    monday = contacts("08-07 phone")
    figure = quietest_working_day("x", monday)
    assert said(figure) == (2, 0, 1)
    assert figure.lowest


def test_nothing_has_no_first(year: Register) -> None:
    """No rows, no top; and no field, no top."""
    nobody = whole(year).where(channel="phone", role="perpetrator")
    assert top("x", nobody, "month").reason == Reason(code="no_rows")
    assert quietest_working_day("x", nobody).reason == Reason(code="no_rows")
    bare = whole(register(contacts="nr | date\na | 01-02"))
    assert top("x", bare, "channel").reason == Reason(code="no_field", about="channel")


def test_a_rank_is_a_place(year: Register) -> None:
    """Telephone first, e-mail second before chat."""
    places = [
        rank("x", whole(year), by="channel", code=code) for code in ("phone", "email", "chat")
    ]
    assert [figure.value for figure in places] == [1, 2, 3]
    assert places[1].numerator == 1


def test_a_code_without_rows_has_no_rank(year: Register) -> None:
    """It isn't the last: it isn't there."""
    assert rank("x", whole(year), by="channel", code="unknown").reason == Reason(code="no_rows")


@pytest.mark.parametrize(
    ("by", "code", "message"),
    [
        ("channel", "fone", "'x': the field 'channel' has no code 'fone', did you mean 'phone'?"),
        ("weekday", "9", "'x': the field 'weekday' has no code '9'"),
    ],
)
def test_a_rank_of_no_code_is_refused(year: Register, by: str, code: str, message: str) -> None:
    """With the nearest one."""
    with pytest.raises(PopulationError) as error:
        rank("x", whole(year), by=by, code=code)
    assert str(error.value) == message


def test_the_same_first_two_in_another_order_are_the_same() -> None:
    """Telephone and e-mail, then e-mail and telephone."""
    then = contacts("08-05 email, 08-05 email, 08-05 phone, 08-05 phone, 08-05 phone", year=2016)
    now = contacts("08-05 email, 08-05 email, 08-05 phone", before=then.register)
    assert same_top("x", now, by="channel", length=2).value == 1
    assert same_top("x", now, by="channel", length=1).value == 0


def test_too_few_codes_have_no_first_three(year: Register) -> None:
    """And without another year there is nothing to be the same as."""
    now = contacts("08-05 email", before=contacts("08-05 email", year=2016).register)
    assert same_top("x", now, by="channel", length=2).reason == Reason(code="no_rows")
    alone = same_top("x", contacts("08-05 email"), by="channel", length=1)
    assert alone.reason == Reason(code="no_comparison")
    assert whole(year).previous().absent is None


def by_id(figures: list[Figure]) -> dict[str, object]:
    return {figure.id: figure.value for figure in figures}


def test_each_code_is_compared_with_itself(year: Register) -> None:
    """Three contacts by telephone against two; chat was new, and no 0 before."""
    series, figures = change_series("x", whole(year), "channel")
    assert by_id(figures) == {
        "x.phone": 50.0,
        "x.email": 0.0,
        "x.chat": None,
        "x.unknown": None,
    }
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


def test_each_code_has_its_place(year: Register) -> None:
    """One without rows has none."""
    _, figures = rank_series("r", whole(year), "channel")
    assert by_id(figures) == {
        "r.phone": 1,
        "r.email": 2,
        "r.chat": 3,
        "r.unknown": None,
    }


@pytest.mark.parametrize("noun", ["contacts", "persons"])
def test_members_without_a_source_are_promised_in_each_series(noun: str) -> None:
    """A text that names one finds it unavailable, with its reason."""
    bare = whole(register(contacts="date\n01-02"), noun)
    reason = {
        "contacts": Reason(code="no_field", about="channel"),
        "persons": Reason(code="no_source", about="persons"),
    }[noun]
    made = [
        change_series("c", bare, "channel"),
        rank_series("r", bare, "channel"),
    ]
    for series, figures in made:
        assert len(series.members) == 4
        assert {figure.reason for figure in figures} == {reason}


def test_the_mean_of_months_counts_each_of_them() -> None:
    """A user of two months is one of each; without one of the months there is no such mean."""
    months = "\n".join(f"users | {month:02d} | {100 + month}" for month in range(1, 13))
    year = register(traffic=f"measure | when | value\nusers | year | 600\n{months}")
    figure = monthly_mean("x", whole(year, "users"))
    assert (figure.value, figure.numerator, figure.denominator) == (106.5, 1278, 12)
    lacking = register(traffic=f"measure | when | value\nusers | year | 600\n{months[:-16]}")
    assert monthly_mean("x", whole(lacking, "users")).reason == Reason(
        code="not_in_source", about="users"
    )
