"""Rows counted by the codes of fields and by contact, and totals of website traffic chosen."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd

from helpline_report.figures.breakdown import count_series, crosstab, share_series, top
from helpline_report.figures.counting import (
    count_by_code,
    count_crossed,
    group_by_contact,
    sum_traffic,
    sum_traffic_by,
)
from helpline_report.figures.measures import share
from helpline_report.figures.model import Reason
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.parameters.values import Period
from tests.figures.drawn import refusal, register, whole, without
from tests.second_count.drawn_tables import find_differences, recount_rows


def test_open_lists_cross_without_a_place_for_each_combination(year: Register) -> None:
    """All combinations of three long lists would need more memory than a machine has."""
    fields, rows = ("helpline", "channel", "role"), [0, 0, 99_999, 1, 2]
    of_many = pd.Categorical.from_codes(rows, pd.Index(map(str, range(100_000))))
    old = year.dataset.tables["contacts"]
    long = replace(old, frame=old.frame.assign(**dict.fromkeys(fields, of_many)))
    other = replace(year, dataset=replace(year.dataset, tables={"contacts": long}))
    tally = count_crossed(whole(other), fields)
    assert tally == {("0",) * 3: 2, ("1",) * 3: 1, ("2",) * 3: 1, ("99999",) * 3: 1}


def test_what_cant_be_counted_is_refused() -> None:
    """No source gives the rows, or the contacts on which they hang."""
    bare, no_source = register(persons="problem\nchild_abuse"), "can't be counted: no source"
    assert refusal(count_by_code, whole(bare), "channel").startswith(f"contacts {no_source}")
    assert refusal(group_by_contact, whole(bare, "persons")).startswith(f"contacts {no_source}")


def test_classes_of_ages_of_nobody_are_counted() -> None:
    """The gate asks it of copies without a person: a table without rows gives its fields too."""
    of = register(contacts="nr\na", persons="contact | age_class\na | minor")
    persons = of.dataset.tables["persons"]
    nobody = replace(persons, frame=persons.frame[:0], parent_rows=np.zeros(0, np.int32))
    empty = replace(
        of, dataset=replace(of.dataset, tables={**of.dataset.tables, "persons": nobody})
    )
    every = {"minor": 0, "adult": 0, "older": 0, "unknown": 0}
    assert count_by_code(whole(empty, "persons"), "age_class") == every


# Website traffic

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
GENDERS = """
measure | when | user_gender | device  | value
users   | year | female      |         | 60
users   | year | male        |         | 30
users   | year | unknown     |         | 9
users   | year | female      | mobile  | 5
users   | year | female      | desktop | 4
"""
DAYS = "measure | when | value\npage_views | 01-01 | 3\npage_views | 01-31 | 4"
WEEK = Period(start=dt.date(2017, 2, 1), end=dt.date(2017, 2, 7))


def traffic(text: str, noun: str = "users") -> Population:
    return whole(register(traffic=text), noun)


def months(measure: str, number: int) -> Population:
    lines = [f"{measure} | {month:02d} | 10" for month in range(1, number + 1)]
    return traffic("\n".join(["measure | when | value", *lines]), measure)


def of_days(population: Population, *days: str) -> Population:
    return population.during(*(dt.date.fromisoformat(f"2017-{day}") for day in days))


def test_totals_are_chosen_and_seldom_added_up() -> None:
    """What the source doesn't give is no 0."""

    def total(population: Population) -> int | None:
        number, reason = sum_traffic(population)
        assert reason in (None, Reason(code="not_in_source", about=population.noun))
        total = number if reason is None else None
        assert recount_rows(population) == (total or 0)
        return total

    users, views = traffic(USERS), months("page_views", 12)
    assert total(users) == 100
    # Page views of months are added up where all are there, users never are.
    assert (total(months("users", 12)), total(views)) == (None, 120)
    assert total(months("page_views", 11)) is None
    assert total(of_days(views, "01-01", "02-28")) == 20
    assert total(of_days(views, "01-01", "01-15")) is None
    assert total(of_days(users, "03-01", "03-31")) is None
    assert sum_traffic(without(views, WEEK))[1] is not None
    assert total(traffic(USERS, "page_views")) is None
    # Of exactly these dimensions; who visits by telephone and by computer is a user of both.
    assert total(users.where(device="mobile")) == 55
    assert total(users.where(device="mobile", referrer="a.be")) == 5
    assert total(users.where(device=["mobile", "desktop"])) is None
    assert total(users.where(device=["mobile", "tablet"])) == 55
    assert total(users.where(device="tablet")) == 0
    # A user has one gender, and a session is on one device.
    known = traffic(GENDERS).where(user_gender=["female", "male"])
    assert (total(known), total(known.where(device="mobile"))) == (90, 5)
    assert total(known.where(device=["mobile", "desktop"])) is None
    sessions = traffic(USERS.replace("users", "sessions"), "sessions")
    assert total(sessions.where(device=["mobile", "desktop"])) == 100


def test_days_of_page_views_make_months_and_those_of_users_do_not() -> None:
    """Months without a row are left out; page views of days make months, users never do."""
    assert sum_traffic_by(traffic(USERS), "month") == ({"01": 70, "02": 60}, None)
    assert sum_traffic_by(traffic(DAYS, "page_views"), "month") == ({"01": 7}, None)
    for views in (traffic(DAYS, "page_views"), months("page_views", 12)):
        assert find_differences(views.register, *count_series("views", views, "month")[1]) == ()
    of_day = {"2017-01-01": 3, "2017-01-31": 4}
    assert sum_traffic_by(traffic(DAYS, "page_views"), "date") == (of_day, None)
    no_users = (dict[str, int](), Reason(code="not_in_source", about="users"))
    assert sum_traffic_by(traffic(DAYS.replace("page_views", "users")), "month") == no_users
    both = traffic(USERS).where(device=["mobile", "desktop"])
    assert sum_traffic_by(both, "referrer") == ({"a.be": 5}, None)
    more = traffic(USERS + "users | year | desktop | a.be | 4\n")
    assert sum_traffic_by(more.where(device=["mobile", "desktop"]), "referrer") == no_users


def test_codes_of_traffic_are_in_the_order_of_their_list() -> None:
    """Codes in the order of the list, of an open list by weight and name; no intervals."""
    users = traffic(USERS)
    devices = count_series("x", users, "device")[1]
    assert {figure.id: figure.value for figure in devices} == {"x.mobile": 55, "x.desktop": 45}
    series, _ = count_series("y", users, "referrer")
    assert [member.codes[0] for member in series.members] == ["c.be", "a.be", "b.be"]
    assert series.open
    assert top("z", users, "referrer", place=2).value == "a.be"
    figure = share("s", users.where(device="mobile"), users)
    assert (figure.value, figure.interval) == (55.0, None)
    assert [each.value for each in share_series("y", users, "device")[1]] == [55.0, 45.0]
    views = count_series("x", traffic(USERS, "page_views"), "device")[1]
    no_device = Reason(code="not_in_source", about="device")
    codes = ("mobile", "desktop", "tablet")
    assert {each.id: each.reason for each in views} == {f"x.{code}": no_device for code in codes}
    assert refusal(crosstab, "x", users, "device", "referrer") == (
        "'x': users aren't counted one by one, and can't be crossed\n"
        "  → break them down by one field: chapter.counts(…, users, by=…)"
    )
