"""What became of the rows, and which values are missing."""

from __future__ import annotations

from dataclasses import replace

from helpline_report.figures.ledger import Missing, Quality
from helpline_report.figures.model import Figure
from helpline_report.figures.quality import missing_values, rows_of_files
from helpline_report.figures.register import Register
from helpline_report.tables.dataset import FileBalance
from tests.figures.drawn import register, saying

SHA = "0" * 64


def quality(*balances: FileBalance) -> tuple[Quality, dict[str, object]]:
    given = register(contacts="channel\nphone")
    given = replace(given, dataset=replace(given.dataset, balances=balances))
    made, figures = rows_of_files("q", given)
    return made, {figure.id: figure.value for figure in figures}


def missing(given: Register) -> tuple[Missing, list[Figure]]:
    return missing_values("m", given)


def test_every_row_that_was_read_is_accounted_for() -> None:
    """Ten rows: six as they were, three repaired, one left out."""
    outcomes = {"used": 6, "repaired B1": 2, "repaired B2": 1, "excluded B32": 1}
    balance = FileBalance("raw/Contacten 2017.csv", SHA, "contacts", 10, outcomes)
    made, figures = quality(balance)
    assert figures == {
        "q.contacten_2017.read": 10,
        "q.contacten_2017.used": 6,
        "q.contacten_2017.repaired": 3,
        "q.contacten_2017.excluded": 1,
    }
    assert made.files[0].file == "Contacten 2017.csv"


def test_a_file_of_two_tables_has_two_lines() -> None:
    """Told apart by the table."""
    one = FileBalance("raw/all.csv", SHA, "contacts", 2, {"used": 2})
    _, figures = quality(one, replace(one, table="persons"))
    assert "q.all.contacts.read" in figures
    assert "q.all.persons.read" in figures


def test_two_files_of_one_name_are_told_apart() -> None:
    """Each half-year in a folder of its own."""
    one = FileBalance("first/calls.csv", SHA, "contacts", 2, {"used": 2})
    _, figures = quality(one, replace(one, file="second/calls.csv", read=3, outcomes={"used": 3}))
    assert figures["q.calls.contacts.1.read"] == 2
    assert figures["q.calls.contacts.2.read"] == 3


def test_missing_values_are_a_share_of_the_rows() -> None:
    """One channel of four isn't known; fields without such a code have no line."""
    text = "channel | role\nphone | victim\nphone | victim\nemail | victim\nunknown | parent"
    codes = ("phone", "email", "unknown")
    made, figures = missing(saying(register(contacts=text), "contacts", "channel", *codes))
    assert made.figures == (("channel", "m.channel"),)
    assert (figures[0].value, figures[0].numerator) == (25.0, 1)


def test_a_source_that_cant_say_unknown_misses_nothing_that_can_be_counted() -> None:
    """It isn't 0 %, and has no line."""
    deaf = saying(register(contacts="channel\nphone"), "contacts", "channel", "phone")
    assert missing(deaf)[0].figures == ()
