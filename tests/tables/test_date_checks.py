"""Rows outside the period, codes on days without them, and what the dates of a file give away."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tables.conftest import layout_of_contacts

# Rows outside the period, and codes on days when they didn't exist

PERSONS = "nr | contact | gender | age | context\n"


def a_hundred(last: str) -> str:
    """A hundred contacts on one day, and one on another."""
    rows = "".join(f"{100 + n} | 02/03/2017 | | Telefoon\n" for n in range(99))
    return f"nr | day | time | channel\n1 | 02/03/2017 | |\n3 | {last} | |\n{rows}"


def test_rows_outside_the_period_are_left_out_with_what_hangs_on_them(desk: Any) -> None:
    """B49: the contact, its persons and their follow-ups, each counted in its own file."""
    desk.put("contacts.csv", a_hundred("01/01/2018"))
    tables = desk.load().tables
    assert [len(tables[name]) for name in ("contacts", "persons", "followups")] == [100, 2, 2]
    assert tables["persons"].parent_rows.tolist() == [0, 0]
    for name in ("contacts.csv", "persons.csv", "followups.csv"):
        assert desk.balance(name).excluded == {"B49": 1}
        assert desk.balance(name).balances


def test_the_last_day_is_in_the_period(desk: Any) -> None:
    """Both ends count."""
    desk.put("contacts.csv", a_hundred("31/12/2017"))
    assert desk.balance("contacts.csv").excluded == {}


def test_more_than_one_in_a_hundred_outside_is_refused(desk: Any) -> None:
    """B49: this is the export of another year."""
    desk.year = "2018"
    assert desk.problems()[0] == (
        "[B49] raw/contacts.csv: 3 of 3 contacts lie outside the period; expected dates from "
        "2018-01-01 to 2018-12-31\n"
        "  → name the export of this period in the parameters, or change the period"
    )


def test_a_code_on_a_day_when_it_did_not_exist_is_refused(desk: Any) -> None:
    """B60: the day is that of the contact; neither label nor code is shown."""
    desk.put("persons.csv", f"{PERSONS}11 | 1 | Vrouw | 34 | Sport en vrije tijd\n13 | 3 | Man | |")
    step = "correct the row in the source, or the dates of the code in its code list"
    assert desk.problems() == [
        "[B60] raw/persons.csv:2, column context: what stands here didn't exist on the day of the "
        f"contact; expected it from 2016-07-01 until 2016-12-31 only\n  → {step}",
        "[B60] raw/persons.csv:3, column context: what stands here didn't exist on the day of the "
        f"contact; expected it until 2016-06-30 only\n  → {step}",
    ]


def test_a_blank_is_its_code_while_the_code_exists(desk: Any) -> None:
    """Contexts weren't registered in the first half of 2016: blank until 30 June, then not."""
    desk.year = "2016"
    desk.put(
        "contacts.csv",
        """
        nr | day        | time | channel
        1  | 30/06/2016 |      |
        3  | 01/07/2016 |      |
        """,
    )
    desk.put("persons.csv", f"{PERSONS}11 | 1 | Vrouw | 34 |\n13 | 3 | Man | | Sport en vrije tijd")
    assert desk.column("persons", "context") == ["not_registered", "sport_leisure"]


def test_a_date_that_cannot_be_read_lies_in_no_period(desk: Any) -> None:
    """One problem, told once."""
    desk.put("contacts.csv", "nr | day | time | channel\n1 | 2/3/17 | |\n3 | 02/03/2017 | |")
    assert [problem[:5] for problem in desk.problems()] == ["[B43]"]


# What the dates of a whole file give away, and what single dates far from the period are

MANY = ["13/05/2017"] * 200


def put(desk: Any, *days: str, serial: str = "true") -> None:
    """Contacts on some days, in a layout of contacts alone."""
    desk.put_layout(layout_of_contacts("dates: dd/mm/yyyy", f"serial_dates: {serial}", key="row"))
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


YEAR = [dt.date(2017, 1, 1) + dt.timedelta(days=days) for days in range(365)]
FOUND = (
    "[B42] raw/contacts.csv:{line}, column day: {found} of {rows} dates are out of the order of "
    "the others, and in it with day and month the other way round; expected dates of one form\n"
    "  → export it again as text, and open it nowhere in between"
)


def month_first(day: dt.date) -> str:
    """A date as a spreadsheet leaves it that takes the month to come first, where it can."""
    return f"{day:%m/%d/%Y}" if day.day <= 12 else f"{day:%d/%m/%Y}"


def written(days: list[dt.date]) -> list[str]:
    """Dates as they should be."""
    return [f"{day:%d/%m/%Y}" for day in days]


def keyed(desk: Any, keys: list[int], days: list[str]) -> None:
    """Contacts with keys."""
    desk.put_layout(layout_of_contacts("dates: dd/mm/yyyy", "serial_dates: true"))
    rows = [f"{key} | {day}" for key, day in zip(keys, days, strict=True)]
    desk.put("contacts.csv", "nr | day\n" + "\n".join(rows))


@pytest.mark.parametrize("step", [1, -1], ids=["oldest first", "newest first"])
def test_days_that_a_spreadsheet_took_for_months_are_refused(desk: Any, step: int) -> None:
    """B42: where the day is 12 or less; the others tell by their order."""
    put(desk, *[month_first(day) for day in YEAR[::step]])
    line = 3 if step == 1 else 22
    assert desk.problems() == [FOUND.format(line=line, found=132, rows=365)]


def test_swapped_days_are_found_by_the_order_of_the_keys(desk: Any) -> None:
    """B42: the rows themselves are in none; 9 comes before 10."""
    order = random.Random(1).sample(range(365), 365)
    keyed(desk, order, [month_first(YEAR[at]) for at in order])
    line = next(
        line
        for line, key in enumerate(order, start=2)
        if YEAR[key].day <= 12 and YEAR[key].day != YEAR[key].month
    )
    assert desk.problems() == [FOUND.format(line=line, found=132, rows=365)]


def test_swapped_days_are_found_though_some_were_entered_late(desk: Any) -> None:
    """B42: one contact in a hundred stands elsewhere."""
    days = sorted(YEAR * 4)[:-1]
    chance = random.Random(2)
    for _ in range(len(days) // 100):
        days.insert(chance.randrange(len(days)), days.pop(chance.randrange(len(days))))
    put(desk, *[month_first(day) for day in days])
    assert desk.problems() == [FOUND.format(line=6, found=528, rows=1459)]


DAYS = st.lists(st.sampled_from(YEAR), min_size=1, max_size=400)
QUIET = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def accepted(desk: Any, days: list[dt.date]) -> bool:
    """Whether no date is out of order; that every date could be either is another question."""
    known = {"fault": "B42", "reason": {"nl": "nagekeken", "en": "looked up"}}
    could = len(set(days)) > 1 and all(day.day <= 12 for day in days)
    could = could and any(day.day != day.month for day in days)
    desk.said["acknowledged"] = [known] if could else []
    put(desk, *written(days))
    return len(desk.table("contacts")) == len(days)


@QUIET
@given(days=DAYS, moves=st.lists(st.tuples(st.integers(0, 399), st.integers(0, 399)), max_size=40))
def test_dates_in_order_or_nearly_are_accepted(
    desk: Any, days: list[dt.date], moves: list[tuple[int, int]]
) -> None:
    """Of any number, of however few days or months, wherever some of them stand."""
    days = sorted(days)
    for old, new in moves:
        days.insert(new % len(days), days.pop(old % len(days)))
    assert accepted(desk, days)


@QUIET
@given(days=DAYS, month=st.integers(0, 12), seed=st.integers(0, 1000))
def test_dates_in_no_order_are_accepted(
    desk: Any, days: list[dt.date], month: int, seed: int
) -> None:
    """A shuffled file says nothing about its dates; also where all are of one month."""
    if month:
        days = [day.replace(month=month, day=min(day.day, 28)) for day in days]
    random.Random(seed).shuffle(days)
    assert accepted(desk, days)


def test_months_of_another_period_are_left_out_if_the_parameters_say_why(desk: Any) -> None:
    """B49: more than one contact in a hundred is to be acknowledged; most of them is refused."""
    put(desk, *MANY, *["31/12/2016"] * 3)
    assert desk.problems() == [
        "[B49] raw/contacts.csv:202: 3 of 203 contact(s) outside the period 2017-01-01 to "
        "2017-12-31; they are left out of each figure (lines 202, 203, 204)\n"
        "  → export the period alone, or change it; if the export holds other months too, "
        "acknowledge it"
    ]
    reason = {"nl": "het systeem exporteert vanaf november", "en": "it exports from November on"}
    desk.said["acknowledged"] = [{"fault": "B49", "rows": 3, "reason": reason}]
    balance = desk.balance("contacts.csv")
    assert (balance.excluded, dict(balance.noted)) == ({"B49": 3}, {})
    put(desk, *MANY[:2], *["31/12/2016"] * 3)
    assert desk.problems()[0].startswith("[B49] raw/contacts.csv: 3 of 5 contacts lie outside")
