"""The first, the last, and the place of one; ties."""

from __future__ import annotations

import pytest

from helpline_report.errors import PopulationError
from helpline_report.figures.breakdown import rank, same_top, top
from helpline_report.figures.model import Figure, Reason
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from tests.figures.drawn import register, whole


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
    figure = top("x", monday, "weekday", lowest=True, among=["1", "2", "3", "4", "5"])
    assert said(figure) == (2, 0, 1)
    assert figure.lowest


def test_the_fewest_tie_in_the_order_of_the_list() -> None:
    """Parent and perpetrator have one each, and parent stands first; not by the alphabet."""
    roles = register(contacts="role\nvictim\nperpetrator\nparent\nvictim")
    assert top("x", whole(roles), "role", lowest=True).value == "parent"
    channels = contacts("08-05 phone, 08-05 email, 08-05 chat, 08-05 unknown")
    assert top("x", channels, "channel", lowest=True).value == "phone"


def test_nothing_has_no_first(year: Register) -> None:
    """No rows, no top; and no field, no top."""
    nobody = whole(year).where(channel="phone", role="perpetrator")
    assert top("x", nobody, "month").reason == Reason(code="no_rows")
    assert top("x", nobody, "weekday", lowest=True).reason == Reason(code="no_rows")
    bare = whole(register(contacts="nr | date\na | 01-02"))
    assert top("x", bare, "channel").reason == Reason(code="no_field", about="channel")


def test_a_rank_is_a_place(year: Register) -> None:
    """Telephone first, e-mail second before chat."""
    places = [rank("x", whole(year), "channel", code) for code in ("phone", "email", "chat")]
    assert [figure.value for figure in places] == [1, 2, 3]
    assert places[1].numerator == 1


def test_a_code_without_rows_has_no_rank(year: Register) -> None:
    """It isn't the last: it isn't there."""
    assert rank("x", whole(year), "channel", "unknown").reason == Reason(code="no_rows")


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
        rank("x", whole(year), by, code)
    assert str(error.value) == message


def test_the_same_first_two_in_another_order_are_the_same() -> None:
    """Telephone and e-mail, then e-mail and telephone."""
    then = contacts("08-05 email, 08-05 email, 08-05 phone, 08-05 phone, 08-05 phone", year=2016)
    now = contacts("08-05 email, 08-05 email, 08-05 phone")
    assert same_top("x", now, then, "channel", 2).value == 1
    assert same_top("x", now, then, "channel", 1).value == 0


def test_too_few_codes_have_no_first_three(year: Register) -> None:
    """And without another year there is nothing to be the same as."""
    now = contacts("08-05 email")
    assert same_top("x", now, now, "channel", 2).reason == Reason(code="no_rows")
    alone = same_top("x", now, now.previous(), "channel", 1)
    assert alone.reason == Reason(code="no_comparison")
    assert whole(year).previous().absent is None
