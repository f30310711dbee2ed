"""A page that is read back: what parameters say, what is missing, and its title."""

import pytest

from helpline_report.audit.expectations import Expectations, parse_page
from helpline_report.audit.page_reader import PAGE, PageReader
from helpline_report.figures.ledger import Ledger
from tests.report.small_publication import Maker


def reader(page: str) -> PageReader:
    """The reader of a page."""
    expected = Expectations(Ledger(edition="2017"), "nl")
    return PageReader(PAGE, parse_page(f"<html><body>{page}</body></html>"), expected, {})


def test_what_a_parameter_says_is_always_the_same() -> None:
    """It is what the audit has, where that isn't a date; else what it says first."""
    anchor = "<span data-source='parameters' data-parameter='{}' data-form=''>{}</span>".format
    names = ("campaign.spring.start", "campaign.spring.name")
    for start, name, other in (
        ("1 mei", "lente", []),
        ("2 mei", "lente", ["1mei"]),
        ("1 mei", "herfst", ["lente"]),
    ):
        texts = ("1 mei", "lente", start, name)
        spans = " ".join(anchor(*each) for each in zip(names * 2, texts, strict=True))
        of_page = reader(f"<p>{spans}</p>")
        of_page.expected.parameters = {
            "campaigns.spring.start": "2017-05-01",
            "campaigns.spring.name": "[lente](<bron:een boek>)",
        }
        assert [each.expected for each in of_page.read_facts()] == other


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
    assert [each.expected for each in of_page.read_numbers()] == misread


@pytest.mark.parametrize(
    ("page", "title", "misread"),
    [
        ("<title>Verslag: alles</title><h1>Verslag</h1>", "Verslag", []),
        ("<title>Verslag</title><h1>Verlsag</h1>", "Verslag", ["Verlsag"]),
        ("<title>Verslag</title>", "Verslag", [""]),
        ("<title>Verslag</title><h1>Verslag</h1>", "", ["Verslag", "Verslag"]),
    ],
)
def test_the_title(page: str, title: str, misread: list[str]) -> None:
    """It stands in the head and over the page, and the parameters have one."""
    of_page = reader(page)
    of_page.expected.parameters = {"title": title} if title else {}
    assert [each.text for each in of_page.read_parameters()] == misread
