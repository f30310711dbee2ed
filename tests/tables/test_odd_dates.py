"""What the dates of a whole file give away, and what single dates far from the period are."""

from __future__ import annotations

from typing import Any

import pytest

LAYOUT = """\
layout: small
about: contacts alone
files:
  contacts:
    name: contacts.csv
    delimiter: ";"
    dates: dd/mm/yyyy
    serial_dates: {serial}
    tables:
      contacts: {key: row, columns: {day: {field: date, kind: date}}}
"""
MANY = ["13/05/2017"] * 200


def put(desk: Any, *days: str, serial: str = "true") -> None:
    """Contacts on some days, in a layout of contacts alone."""
    desk.put_layout(LAYOUT.replace("{serial}", serial))
    desk.put("contacts.csv", "day\n" + "\n".join(days))


@pytest.mark.parametrize(
    "days", [["02/03/2017", "04/05/2017"], ["01/01/2017", "01/02/2017", "01/03/2017"]]
)
def test_dates_that_could_all_be_either_are_to_be_acknowledged(desk: Any, days: list[str]) -> None:
    """B42: months could be days; also the first of each month, which could be days of January."""
    put(desk, *days)
    assert desk.problems() == [
        f"[B42] raw/contacts.csv, column day: {len(days)} date(s), all of which could be read "
        "with day and month the other way round\n"
        "  → compare a few with the source: correct the layout, or acknowledge it"
    ]


@pytest.mark.parametrize(
    "days",
    [
        ["02/03/2017", "04/05/2017", "13/05/2017"],
        ["02/03/2017", "02/03/2017"],
        ["02/02/2017", "03/03/2017"],
    ],
    ids=["a day above twelve", "one day", "the same either way"],
)
def test_dates_that_can_only_be_one_are_accepted(desk: Any, days: list[str]) -> None:
    """Nothing to ask."""
    put(desk, *days)
    assert len(desk.table("contacts")) == len(days)


def test_a_month_alone_can_only_be_one(desk: Any) -> None:
    """With day and month the other way round the dates would lie outside the period."""
    desk.said["period"] = {"start": "2017-03-01", "end": "2017-03-31"}
    put(desk, "02/03/2017", "04/03/2017", "05/03/2017")
    assert len(desk.table("contacts")) == 3


def test_serial_numbers_of_two_systems_are_refused(desk: Any) -> None:
    """B45: half of them lie in the period only as 1904 counts."""
    put(desk, "42796", "42797", "41334", "41335")
    assert desk.problems() == [
        "[B45] raw/contacts.csv:4, column day: 2 of 4 serial numbers lie in the period only if "
        "they count from another year than the layout says; expected serial numbers that count "
        "from one year, 1900 or 1904\n"
        "  → two files were put together: export the dates as text"
    ]


def test_serial_numbers_of_the_other_system_are_refused(desk: Any) -> None:
    """B45: with the line that is right."""
    put(desk, "41334", "41335")
    assert desk.problems()[0].endswith("  → say in the layout of the file: serial_dates: 1904")
    put(desk, "42796", "42797", serial="1904")
    assert desk.problems()[0].endswith("  → say in the layout of the file: serial_dates: true")


@pytest.mark.parametrize(
    "day", ["01/01/1900", "30/12/1899", "01/01/1970", "01/01/0001", "01/01/2019", "31/12/9999"]
)
def test_a_date_far_from_the_period_is_refused(desk: Any, day: str) -> None:
    """B50: it stands for something else."""
    put(desk, *MANY, day)
    assert desk.problems() == [
        "[B50] raw/contacts.csv:202, column day: a date so far from the period that it stands for "
        "something else; expected dates from 2017-01-01 to 2017-12-31\n"
        "  → correct the date in the source"
    ]


@pytest.mark.parametrize("day", ["31/12/2016", "01/01/2018", "31/12/2018", "01/06/1998"])
def test_a_date_near_the_period_is_left_out(desk: Any, day: str) -> None:
    """B49: one in two hundred."""
    put(desk, *MANY, day)
    assert desk.balance("contacts.csv").excluded == {"B49": 1}


def test_the_export_of_another_year_is_told_once(desk: Any) -> None:
    """B49, however far that year is."""
    put(desk, "13/05/2012", "14/05/2031", "15/05/2031", "16/05/2031")
    assert [problem[:51] for problem in desk.problems()] == [
        "[B49] raw/contacts.csv: 4 of 4 contacts lie outside"
    ]


def test_one_contact_outside_is_no_other_export(desk: Any) -> None:
    """B49: in a small file one is more than one in a hundred."""
    put(desk, "13/05/2017", "14/05/2017", "01/01/2018")
    assert desk.balance("contacts.csv").excluded == {"B49": 1}
