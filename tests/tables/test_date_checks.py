"""Rows outside the period, codes on days without them, and what the dates of a file give away."""

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tables.conftest import layout_of_contacts

PERSONS = "nr | contact | gender | age | context\n"
MANY = ["13/05/2017"] * 200
YEAR = [dt.date(2017, 1, 1) + dt.timedelta(days=days) for days in range(365)]


def put(desk: Any, *days: str, serial: str = "true") -> None:
    """Contacts on some days, in a layout of contacts alone."""
    desk.put_layout(layout_of_contacts("dates: dd/mm/yyyy", f"serial_dates: {serial}", key="row"))
    desk.put("contacts.csv", "day\n" + "\n".join(days))


def test_rows_outside_the_period_are_left_out_with_what_hangs_on_them(desk: Any) -> None:
    """B49: the contact, its persons and their follow-ups, each counted; the last day is inside."""
    rows = "".join(f"{100 + n} | 02/03/2017 | | Telefoon\n" for n in range(98))
    head = "nr | day | time | channel\n3 | 01/01/2018 | |\n1 | 02/03/2017 | |"
    desk.put("contacts.csv", f"{head}\n2 | 31/12/2017 | |\n{rows}")
    dataset = desk.load()
    sizes = [len(dataset.tables[name]) for name in ("contacts", "persons", "followups")]
    assert sizes == [100, 2, 2]
    assert dataset.tables["persons"].parent_rows.tolist() == [0, 0]
    assert [balance.excluded for balance in dataset.balances] == [{"B49": 1}] * 3


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
    desk.parameters["acknowledged"] = [{"fault": "B49", "rows": 3, "reason": reason}]
    balance = desk.balance("contacts.csv")
    assert (balance.excluded, dict(balance.noted)) == ({"B49": 3}, {})
    # The export of another year is told once, however far that year is.
    for days in ([*MANY[:2], *["31/12/2016"] * 3], ["13/05/2012", *["14/05/2031"] * 3]):
        put(desk, *days)
        number = sum("2017" not in day for day in days)
        assert desk.problems() == [
            f"[B49] raw/contacts.csv: {number} of {len(days)} contacts lie outside the period; "
            "expected dates from 2017-01-01 to 2017-12-31\n"
            "  → name the export of this period in the parameters, or change the period"
        ]


@pytest.mark.parametrize("day", ["31/12/2016", "31/12/2018", "01/01/1997"])
def test_a_date_near_the_period_is_left_out(desk: Any, day: str) -> None:
    """B49: one in two hundred; in a small file too, where one is more than one in a hundred."""
    for days in (MANY, ["13/05/2017", "14/05/2017"]):
        put(desk, *days, day)
        assert desk.balance("contacts.csv").excluded == {"B49": 1}


@pytest.mark.parametrize(
    "day", ["01/01/1900", "01/01/1970", "01/01/0001", "31/12/1996", "01/01/2019"]
)
def test_a_date_far_from_the_period_is_refused(desk: Any, day: str) -> None:
    """B50: it stands for something else."""
    put(desk, *MANY, day)
    assert desk.problems() == [
        "[B50] raw/contacts.csv:202, column day: a date so far from the period that it stands for "
        "something else; expected dates from 2017-01-01 to 2017-12-31\n"
        "  → correct the date in the source"
    ]


def test_a_date_that_cannot_be_read_lies_in_no_period(desk: Any) -> None:
    """One problem, told once."""
    desk.put("contacts.csv", "nr | day | time | channel\n1 | 2/3/17 | |\n3 | 02/03/2017 | |")
    assert [problem[:5] for problem in desk.problems()] == ["[B43]"]


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
    # Contexts weren't registered in the first half of 2016: blank until 30 June, then not.
    desk.year = "2016"
    rows = "nr | day | time | channel\n1 | 30/06/2016 | |\n3 | 01/07/2016 | |"
    desk.put("contacts.csv", rows)
    desk.put("persons.csv", f"{PERSONS}11 | 1 | Vrouw | 34 |\n13 | 3 | Man | | Sport en vrije tijd")
    assert desk.column("persons", "context") == ["not_registered", "sport_leisure"]


# What the dates of a whole file give away


@pytest.mark.parametrize(
    ("days", "is_asked"),
    [
        (["02/03/2017", "12/05/2017"], True),
        # The first of each month could be days of January.
        (["01/01/2017", "01/02/2017", "01/03/2017"], True),
        (["02/03/2017", "04/05/2017", "13/05/2017"], False),
        (["02/03/2017", "02/03/2017"], False),
        (["02/02/2017", "03/03/2017"], False),
    ],
)
def test_dates_that_could_all_be_either_are_to_be_acknowledged(
    desk: Any, days: list[str], *, is_asked: bool
) -> None:
    """B42: months could be days, unless one day is above twelve or all are the same either way."""
    put(desk, *days)
    if not is_asked:
        assert len(desk.table("contacts")) == len(days)
        return
    assert desk.problems() == [
        f"[B42] raw/contacts.csv, column day: {len(days)} date(s), all of which could be read "
        "with day and month the other way round\n"
        "  → compare a few with the source: correct the layout, or acknowledge it"
    ]
    # With day and month the other way round the dates would lie outside this period.
    desk.parameters["period"] = {"start": "2017-03-01", "end": "2017-03-31"}
    put(desk, "02/03/2017", "04/03/2017", "05/03/2017")
    assert len(desk.table("contacts")) == 3


def test_serial_numbers_of_another_system_are_refused(desk: Any) -> None:
    """B45: some of them, or all, lie in the period only as the other system counts."""
    put(desk, "42796", "42797", "41334", "41335")
    assert desk.problems() == [
        "[B45] raw/contacts.csv:4, column day: 2 of 4 serial numbers lie in the period only if "
        "they count from another year than the layout says; expected serial numbers that count "
        "from one year, 1900 or 1904\n"
        "  → two files were put together: export the dates as text"
    ]
    put(desk, "41334", "41335")
    assert desk.problems()[0].endswith("  → say in the layout of the file: serial_dates: 1904")
    put(desk, "42796", "42797", serial="1904")
    assert desk.problems()[0].endswith("  → say in the layout of the file: serial_dates: true")


def month_first(day: dt.date) -> str:
    """A date as a spreadsheet leaves it that takes the month to come first, where it can."""
    return f"{day:%m/%d/%Y}" if day.day <= 12 else f"{day:%d/%m/%Y}"


def entered_late() -> list[dt.date]:
    """Four contacts a day, of which one in a hundred stands elsewhere."""
    days, chance = sorted(YEAR * 4)[:-1], random.Random(2)
    for _ in range(len(days) // 100):
        days.insert(chance.randrange(len(days)), days.pop(chance.randrange(len(days))))
    return days


@pytest.mark.parametrize(
    ("days", "line", "number"),
    [(YEAR, 3, 132), (YEAR[::-1], 22, 132), (entered_late(), 6, 528)],
    ids=["oldest first", "newest first", "some entered late"],
)
def test_days_that_a_spreadsheet_took_for_months_are_refused(
    desk: Any, days: list[dt.date], line: int, number: int
) -> None:
    """B42: where the day is 12 or less; the others tell by their order."""
    put(desk, *map(month_first, days))
    assert desk.problems() == [
        f"[B42] raw/contacts.csv:{line}, column day: {number} of {len(days)} dates are out of the "
        "order of the others, and in it with day and month the other way round; expected dates of "
        "one form\n  → export it again as text, and open it nowhere in between"
    ]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    days=st.lists(st.sampled_from(YEAR), min_size=1, max_size=400),
    moves=st.lists(st.tuples(st.integers(0, 399), st.integers(0, 399)), max_size=40),
    month=st.integers(0, 12),
    seed=st.integers(0, 1000),
)
def test_dates_in_order_or_in_none_are_accepted(
    desk: Any, days: list[dt.date], moves: list[tuple[int, int]], month: int, seed: int
) -> None:
    """They may be few, of few days or months, and partly out of order."""
    if month:
        days = [day.replace(month=month, day=min(day.day, 28)) for day in days]
    days = sorted(days)
    for old, new in moves:
        days.insert(new % len(days), days.pop(old % len(days)))
    if seed % 2:
        random.Random(seed).shuffle(days)
    known = {"fault": "B42", "reason": {"nl": "nagekeken", "en": "looked up"}}
    could = len(set(days)) > 1 and all(day.day <= 12 for day in days)
    could = could and any(day.day != day.month for day in days)
    desk.parameters["acknowledged"] = [known] if could else []
    put(desk, *[f"{day:%d/%m/%Y}" for day in days])
    assert len(desk.table("contacts")) == len(days)
