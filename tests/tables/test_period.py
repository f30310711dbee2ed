"""Rows outside the period, and codes on days when they didn't exist."""

from __future__ import annotations

from typing import Any

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
