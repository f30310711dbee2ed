"""Website traffic: weights that are chosen, and seldom added up."""

from __future__ import annotations

import datetime as dt

import pytest

from helpline_report.errors import PopulationError
from helpline_report.figures.breakdown import count_series, crosstab, share_series, top
from helpline_report.figures.counting import weight, weights
from helpline_report.figures.measures import share
from helpline_report.figures.model import Reason
from helpline_report.figures.population import Population
from helpline_report.parameters.values import Period
from tests.figures.drawn import register, whole

USERS = """
measure | when | device | referrer | value
users   | year |        |          | 100
users   | 01   |        |          | 70
users   | 02   |        |          | 60
users   | year | mobile |          | 55
users   | year | desktop|          | 45
users   | year | mobile | a.be     | 5
users   | year |        | b.be     | 8
users   | year |        | a.be     | 8
users   | year |        | c.be     | 9
"""


def traffic(text: str, noun: str = "users", **more: object) -> Population:
    return whole(register(traffic=text, **more), noun)  # type: ignore[arg-type]


def months(measure: str, number: int) -> str:
    lines = [f"{measure} | {month:02d} | 10" for month in range(1, number + 1)]
    return "\n".join(["measure | when | value", *lines])


def not_in_source(about: str) -> tuple[int, Reason]:
    return 0, Reason(code="not_in_source", about=about)


def test_the_year_stands_in_the_source() -> None:
    """100 users, and not the sum of anything."""
    assert weight(traffic(USERS)) == (100, None)


def test_users_of_months_are_never_added_up() -> None:
    """Who comes back in another month is the same user."""
    assert weight(traffic(months("users", 12))) == not_in_source("users")


def test_page_views_of_months_are() -> None:
    """Twelve times ten."""
    assert weight(traffic(months("page_views", 12), "page_views")) == (120, None)


def test_eleven_months_are_no_year() -> None:
    """A sum that lacks a month isn't the year's number."""
    assert weight(traffic(months("page_views", 11), "page_views")) == not_in_source("page_views")


def test_page_views_of_a_window_are_added_up_if_it_is_covered() -> None:
    """January and February; half of January isn't in the source."""
    views = traffic(months("page_views", 12), "page_views")
    assert weight(views.during(dt.date(2017, 1, 1), dt.date(2017, 2, 28))) == (20, None)
    half = views.during(dt.date(2017, 1, 1), dt.date(2017, 1, 15))
    assert weight(half) == not_in_source("page_views")


def test_users_of_a_window_are_not_zero() -> None:
    """The source gives none for March: that is no 0."""
    march = traffic(USERS).during(dt.date(2017, 3, 1), dt.date(2017, 3, 31))
    assert weight(march) == not_in_source("users")


def test_days_left_out_are_not_in_the_source() -> None:
    """A total can't be cut."""
    views = traffic(months("page_views", 12), "page_views")
    week = Period(start=dt.date(2017, 2, 1), end=dt.date(2017, 2, 7))
    year = views.during(dt.date(2017, 1, 1), dt.date(2017, 12, 31), without=week)
    assert weight(year) == not_in_source("page_views")


def test_a_block_is_chosen_by_exactly_its_dimensions() -> None:
    """55 mobile users: the 5 of one site are among them."""
    users = traffic(USERS)
    assert weight(users.where(device="mobile")) == (55, None)
    assert weight(users.where(device="mobile", referrer="a.be")) == (5, None)


def test_users_of_several_codes_are_never_added_up() -> None:
    """Who visits by telephone and by computer is a user of both; how many are, no source says.

    One code of the two that has users at all is all there is.
    """
    users = traffic(USERS)
    assert weight(users.where(device=["mobile", "desktop"])) == not_in_source("users")
    assert weight(users.where(device=["mobile", "tablet"])) == (55, None)
    both = weights(users.where(device=["mobile", "desktop"]), "referrer")
    assert both == ({"a.be": 5}, None)
    text = USERS + "users | year | desktop | a.be | 4\n"
    assert weights(traffic(text).where(device=["mobile", "desktop"]), "referrer") == (
        {},
        Reason(code="not_in_source", about="users"),
    )


def test_users_of_both_genders_are() -> None:
    """A user has one gender, as the service believes to know: the known ones are women and men."""
    text = "measure | when | user_gender | device | value\n"
    text += (
        "users | year | female | | 60\nusers | year | male | | 30\nusers | year | unknown | | 9\n"
    )
    users = traffic(
        text + "users | year | female | mobile | 5\nusers | year | female | desktop | 4\n"
    )
    known = users.where(user_gender=["female", "male"])
    assert weight(known) == (90, None)
    assert weight(known.where(device="mobile")) == (5, None)
    assert weight(known.where(device=["mobile", "desktop"])) == not_in_source("users")


def test_sessions_of_several_codes_are() -> None:
    """A session is on one device."""
    sessions = traffic(USERS.replace("users", "sessions"), "sessions")
    assert weight(sessions.where(device=["mobile", "desktop"])) == (100, None)


def test_a_code_without_a_row_in_its_block_is_zero() -> None:
    """Tablets were counted, and there were none; page views by device weren't."""
    assert weight(traffic(USERS).where(device="tablet")) == (0, None)
    views = traffic(months("page_views", 12).replace("value", "value"), "page_views")
    assert views.where(device="mobile").absent == Reason(code="no_field", about="device")
    assert weight(traffic(USERS, "page_views")) == not_in_source("page_views")


def test_users_by_month_are_those_of_each_month() -> None:
    """Months without a row are left out."""
    found = weights(traffic(USERS), "month")
    assert found == ({"01": 70, "02": 60}, None)


def test_page_views_of_days_make_months() -> None:
    """Two days of January."""
    text = "measure | when | value\npage_views | 01-01 | 3\npage_views | 01-31 | 4"
    assert weights(traffic(text, "page_views"), "month")[0] == {"01": 7}
    assert weights(traffic(text, "page_views"), "date")[0] == {
        "2017-01-01": 3,
        "2017-01-31": 4,
    }
    assert weights(traffic(text.replace("page_views", "users")), "month")[1] is not None


def test_codes_stand_in_the_order_of_the_list() -> None:
    """Mobile before desktop; sites, whose list is open, by their weight and then their name."""
    _, devices = count_series("x", traffic(USERS), "device")
    assert {figure.id: figure.value for figure in devices} == {"x.mobile": 55, "x.desktop": 45}
    series, _ = count_series("y", traffic(USERS), "referrer")
    assert [member.code for member in series.members] == ["c.be", "a.be", "b.be"]
    assert series.open
    assert top("z", traffic(USERS), "referrer", place=2).value == "a.be"


def test_a_share_of_users_has_no_interval() -> None:
    """55 of 100."""
    users = traffic(USERS)
    figure = share("x", users.where(device="mobile"), users)
    assert (figure.value, figure.interval) == (55.0, None)
    _, figures = share_series("y", users, "device")
    assert [figure.value for figure in figures] == [55.0, 45.0]


def test_a_block_that_isnt_in_the_source_promises_its_members() -> None:
    """Page views by device: unavailable, each."""
    _, figures = count_series("x", traffic(USERS, "page_views"), "device")
    assert {figure.id: figure.reason for figure in figures} == {
        f"x.{code}": Reason(code="not_in_source", about="device")
        for code in ("mobile", "desktop", "tablet")
    }


def test_totals_cant_be_crossed() -> None:
    """The rows of a source's totals aren't users."""
    with pytest.raises(PopulationError) as error:
        crosstab("x", traffic(USERS), "device", "referrer")
    assert str(error.value) == (
        "'x': users aren't counted one by one, and can't be crossed\n"
        "  → break them down by one field: chapter.counts(…, users, by=…)"
    )
