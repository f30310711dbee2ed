"""A page that is read back: what parameters say, what is missing, and its title."""

import pytest

from helpline_report.audit.expectations import PAGE, Expectations, parse_page
from helpline_report.audit.read_back import PageReader
from helpline_report.figures.ledger import Ledger
from tests.report.small_publication import Maker


def reader(page: str) -> PageReader:
    expected = Expectations(Ledger(edition="2017"), "nl")
    return PageReader(PAGE, parse_page(f"<html><body>{page}</body></html>"), expected, {})


@pytest.mark.parametrize(
    ("name", "form", "text", "misread"),
    [
        ("gone", "noun", "niet getoond", []),
        ("gone", "noun", "niet 4", ["its value"]),
        ("there", "noun", "niet getoond", ["its value"]),
        ("there", "interval", "niet gepubliceerd", []),
        ("year.previous", "", "geen vergelijking", []),
        ("year.previous", "", "geen 2016", ["no number"]),
    ],
    ids=[
        *("a reason", "a number in its place", "a value that is there"),
        *("no interval", "no year before", "a year in its place"),
    ],
)
def test_what_is_missing_is_not_there(name: str, form: str, text: str, misread: list[str]) -> None:
    """A reason stands in the place of a value that the ledger hasn't got, without a number."""
    span = f"<span data-missing='{name}' data-form='{form}'>{text}</span>"
    of_page = reader(f"<table><tr><td>{span}</td></tr></table>")
    make = Maker()
    make.figure("there", 4)
    make.figure("gone", None)
    of_page.expected.figures |= make.figures
    assert [each.expected for each in of_page.check_numbers()] == misread
