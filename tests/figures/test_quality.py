"""What became of the rows, and which values are missing."""

from dataclasses import replace

import pytest

from helpline_report.figures.quality import count_file_rows, measure_missing
from helpline_report.tables.dataset import FileBalance
from tests.figures.drawn import register, saying

ONE = FileBalance("first/calls.csv", "0" * 64, "contacts", 2, {"used": 2})


def quality(*balances: FileBalance) -> dict[str, object]:
    registered = register(contacts="channel\nphone")
    registered = replace(registered, dataset=replace(registered.dataset, balances=balances))
    figures = count_file_rows("q", registered)[1]
    return {figure.id: figure.value for figure in figures}


def test_every_row_that_was_read_is_accounted_for() -> None:
    """Ten rows: six as they were, three repaired, one left out."""
    outcomes = {"used": 6, "repaired B1": 2, "repaired B2": 1, "excluded B32": 1}
    balance = FileBalance("raw/Contacten 2017.csv", "0" * 64, "contacts", 10, outcomes)
    assert quality(balance) == {
        "q.contacten_2017.read": 10,
        "q.contacten_2017.used": 6,
        "q.contacten_2017.repaired": 3,
        "q.contacten_2017.excluded": 1,
    }


@pytest.mark.parametrize(
    ("other", "names"),
    [
        (replace(ONE, table="persons"), ("q.calls.contacts.read", "q.calls.persons.read")),
        (replace(ONE, file="b/calls.csv"), ("q.calls.contacts.1.read", "q.calls.contacts.2.read")),
    ],
    ids=["two tables", "two files of one name"],
)
def test_what_has_one_name_is_told_apart(other: FileBalance, names: tuple[str, str]) -> None:
    """The name is followed by the table, or else by a number."""
    assert [name for name in quality(ONE, other) if name.endswith("read")] == list(names)


def test_missing_values_are_a_share_of_the_rows() -> None:
    """One channel of four isn't known; what a source can't say misses nothing, and isn't 0 %."""
    text = "channel | role\nphone | victim\nphone | victim\nemail | victim\nunknown | parent"
    contacts = register(contacts=text)
    missing, figures = measure_missing(
        "m", saying(contacts, "contacts", "channel", "phone", "email", "unknown")
    )
    assert missing.figures == (("channel", "m.channel"),)
    assert (figures[0].value, figures[0].numerator) == (25.0, 1)
    deaf = saying(register(contacts="channel\nphone"), "contacts", "channel", "phone")
    assert measure_missing("m", deaf)[0].figures == ()
