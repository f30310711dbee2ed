"""The exports of which every row stands as it was written."""

from dataclasses import replace

import pytest

from helpline_report.figures.register import Register
from helpline_report.figures.rows import as_they_stand
from helpline_report.tables.dataset import FileBalance

WHOLE = FileBalance("data/contacts.csv", "0", "contacts", 3, {"used": 3})


def with_balance(register: Register, **changes: object) -> Register:
    """The register, with one file of three rows."""
    balance = replace(WHOLE, **changes)  # type: ignore[arg-type]
    return replace(register, dataset=replace(register.dataset, balances=(balance,)), previous=None)


def test_a_file_that_is_whole(year: Register) -> None:
    """Nothing was found in it."""
    assert as_they_stand(with_balance(year)) == {("2017", "data/contacts.csv"): WHOLE}


def test_rows_that_the_year_leaves_out(year: Register) -> None:
    """A row of another year, or one that stands twice, is a row of the file."""
    found = with_balance(year, outcomes={"used": 1, "excluded B49": 1, "excluded B52": 1})
    assert ("2017", "data/contacts.csv") in as_they_stand(found)


@pytest.mark.parametrize(
    "changes",
    [
        {"outcomes": {"used": 2, "excluded B18": 1}},
        {"outcomes": {"used": 2, "excluded B32": 1}},
        {"outcomes": {"used": 2, "repaired B71": 1}},
        {"outcomes": {"used": 2, "repaired corrected": 1}},
        {"outcomes": {"used": 2, "excluded left_out": 1}},
        {"noted": {"B01": 1}},
        {"noted": {"B31": 1}},
        {"reasons": {"typo": 1}},
    ],
)
def test_a_file_that_was_touched(year: Register, changes: dict[str, object]) -> None:
    """A total row, a blank one, a row unwrapped or corrected, a mark, or line ends: it isn't."""
    assert as_they_stand(with_balance(year, **changes)) == {}


def test_two_tables_of_one_file(year: Register) -> None:
    """Where one of them says that it was touched, it was."""
    touched = replace(WHOLE, table="persons", noted={"B21": 1})
    dataset = replace(year.dataset, balances=(WHOLE, touched))
    assert as_they_stand(replace(year, dataset=dataset, previous=None)) == {}
