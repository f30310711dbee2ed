"""Fields as whole numbers, one a row: each made once, and never written to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from helpline_report.errors import PopulationError
from helpline_report.figures.counting import column, counts, cross_counts, rows_above
from helpline_report.figures.register import Register
from helpline_report.tables.dataset import Table
from tests.figures.drawn import whole


def table(given: Register, name: str) -> Table:
    found = given.table(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("month", ["01", "01", "01", "03", "08"]),
        ("weekday", ["1", "2", "2", "1", "6"]),
        ("date", ["2017-01-02", "2017-01-03", "2017-01-03", "2017-03-06", "2017-08-05"]),
        ("hour", ["09", "09", "14", "unknown", "23"]),
        ("channel", ["phone", "phone", "email", "phone", "chat"]),
    ],
)
def test_each_row_has_the_place_of_its_code(year: Register, field: str, codes: list[str]) -> None:
    """Of the fields that are worked out too."""
    made = column(year, table(year, "contacts"), field)
    assert [made.names[place] for place in made.codes] == codes
    assert [made.places[code] for code in codes] == made.codes.tolist()


def test_ages_have_classes(year: Register) -> None:
    """4, 9, 40, no age, and 70."""
    made = column(year, table(year, "persons"), "age_class")
    classes = [made.names[place] for place in made.codes]
    assert classes == ["minor", "minor", "adult", "unknown", "older"]


def test_a_row_without_a_code_has_no_place(year: Register) -> None:
    """It stands before the first."""
    old = table(year, "contacts")
    blank = replace(
        old, frame=old.frame.assign(channel=old.frame["channel"].where([True] * 4 + [False]))
    )
    other = replace(year, dataset=replace(year.dataset, tables={"contacts": blank}))
    assert column(other, blank, "channel").codes.tolist() == [0, 0, 1, 0, -1]
    assert sum(counts(whole(other), "channel").values()) == 4
    assert sum(cross_counts(whole(other), ("helpline", "channel")).values()) == 4


def test_a_lower_row_has_the_code_of_the_row_above(year: Register) -> None:
    """Each follow-up that of its person's contact: a twice, then b and d."""
    followups = table(year, "followups")
    made = column(year, followups, "channel")
    assert [made.names[place] for place in made.codes] == ["phone"] * 4
    assert rows_above(year, followups, table(year, "contacts")).tolist() == [0, 0, 1, 3]


def test_a_column_is_made_once(year: Register) -> None:
    """For all figures of a register."""
    contacts = table(year, "contacts")
    assert column(year, contacts, "month") is column(year, contacts, "month")


def test_a_register_of_other_tables_makes_its_own(year: Register) -> None:
    """What was made of the old tables isn't taken for what the new ones hold."""
    assert column(year, table(year, "contacts"), "channel").codes.tolist() == [0, 0, 1, 0, 2]
    old = table(year, "contacts")
    backwards = replace(old, frame=old.frame.iloc[::-1].reset_index(drop=True))
    other = replace(year, dataset=replace(year.dataset, tables={"contacts": backwards}))
    assert column(other, backwards, "channel").codes.tolist() == [2, 0, 1, 0, 0]


def test_nobody_writes_to_a_column(year: Register) -> None:
    """It may be the table itself."""
    codes = column(year, table(year, "contacts"), "channel").codes
    with pytest.raises(ValueError, match="read-only"):
        codes[0] = 1


def test_a_column_takes_little_room(year: Register) -> None:
    """A byte a row, and two for days: there are millions of rows."""
    contacts = table(year, "contacts")
    assert {column(year, contacts, name).codes.dtype for name in ("month", "weekday")} == {
        np.dtype(np.int8)
    }
    assert column(year, contacts, "date").codes.dtype == np.int16


def test_a_field_with_several_codes_is_no_column(year: Register) -> None:
    """Which of them would it hold?"""
    with pytest.raises(PopulationError) as error:
        column(year, table(year, "persons"), "form")
    assert str(error.value) == "a row may have several codes of 'form': no single one a row"
