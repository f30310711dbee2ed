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


@pytest.mark.parametrize(
    ("name", "form", "text", "misread"),
    [
        ("rise", "change", "4 meer (+4,0 %)", False),
        ("rise", "change", "4 minder (+4,0 %)", True),
        ("rise", "change", "evenveel (100)", True),
        ("fall", "change", "4,0 % minder", False),
        ("fall", "change", "4,0 % meer", True),
        ("fall", "change", "evenveel", True),
    ],
)
def test_a_rise_is_called_one(name: str, form: str, text: str, *, misread: bool) -> None:
    """More, fewer or as many stands beside a change as the figure says."""
    of_page, make = reader("<p></p>"), Maker()
    counts = {"numerator": 104, "denominator": 100}
    of = make.population(2016)
    make.figure("rise", 4, kind="change", unit="percent change", of=of, **counts)
    make.figure("fall", 0.96, kind="rate_ratio", unit="ratio", of=of)
    of_page.expected.figures |= make.figures
    of_page.expected.values |= {name: each.number for name, each in make.figures.items()}
    assert bool(of_page.expected.check_prose(text, name, form)) is misread
