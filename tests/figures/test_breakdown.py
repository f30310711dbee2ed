"""Figures by the codes of a field, and by two fields."""

from __future__ import annotations

import datetime as dt

import pytest

from helpline_report.errors import PopulationError
from helpline_report.figures.breakdown import breakdown, count_series, crosstab, share_series
from helpline_report.figures.measures import share
from helpline_report.figures.model import Figure, Reason
from helpline_report.figures.register import Register
from tests.figures.conftest import CONTACTS
from tests.figures.drawn import register, saying, whole


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
