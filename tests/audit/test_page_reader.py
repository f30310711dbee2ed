"""How a page is read back: its numerals, what is missing, and who is blamed."""

import pytest

from helpline_report.audit.expectations import PAGE, Expectations, blame_file, parse_page
from helpline_report.audit.ledger_readings import PageReader
from helpline_report.audit.numerals import NumeralStyle, list_numerals
from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import Ledger
from tests.report.small_publication import Maker


def reader(page: str) -> PageReader:
    expected = Expectations(Ledger(edition="2017"), "nl")
    return PageReader(PAGE, parse_page(f"<html><body>{page}</body></html>"), expected)


@pytest.mark.parametrize(
    ("language", "value", "decimals", "text"),
    [("nl", 4812, 0, "4.812"), ("nl", -12.5, 0, "13"), ("en", 1.005, 2, "1.01")],
)
def test_a_number_is_rounded_half_up(language: str, value: float, decimals: int, text: str) -> None:
    """By its certain digits, since a float is a hair below 1.005; without its sign."""
    assert NumeralStyle(language).write(value, decimals) == text


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


@pytest.mark.parametrize("parts", ["value", "exact", "numerator", "low high"])
def test_a_hidden_figure_has_no_number(parts: str) -> None:
    """Whatever of it a cell of its trace shows."""
    of_page, make = reader(f"<td data-about='gone' data-parts='{parts}'>17.5</td>"), Maker()
    make.figure("gone", None, unit="percent")
    of_page.expected.figures |= make.figures
    assert [each.expected for each in of_page.check_numbers()] == ["no number"]


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


@pytest.mark.parametrize(
    ("name", "form", "text", "misread"),
    [
        ("flag", "", "ja", False),
        ("flag", "", "nee", True),
        ("flag", "finding", "niet dezelfde", True),
        ("rank", "", "tweede", False),
        ("rank", "", "derde", True),
        ("rank", "", "2", False),
        ("rank", "", "12", True),
        ("top", "mostly", "meestal", False),
        ("top", "mostly", "het vaakst", True),
    ],
)
def test_words_for_a_value(name: str, form: str, text: str, *, misread: bool) -> None:
    """A flag, a place in a ranking, and more than half are said in words."""
    of_page, make = reader("<p></p>"), Maker()
    make.figure("flag", 1, kind="flag", unit="flag", of=make.population(2016))
    make.figure("rank", 2, kind="rank", unit="rank", by=("channel",), code="plain")
    make.figure("top", "plain", kind="top", unit="label", numerator=6, denominator=10)
    of_page.expected.figures |= make.figures
    of_page.expected.values |= {"flag": 1, "rank": 2}
    assert bool(of_page.expected.check_prose(text, name, form)) is misread


# Numbers as a page writes them, rounded and grouped a second time


@pytest.mark.parametrize(
    ("numeral", "value", "options", "writes"),
    [
        ("86,4", 86.41, {}, True),
        ("86,5", 86.41, {}, False),
        ("4", -4, {}, False),
        ("4", -4, {"in_prose": True}, True),
        ("4,7", 4.7, {"signed": True}, False),
        ("+4,7", 4.7, {"signed": True}, True),
        ("−4,7", 4.7, {}, False),
        ("0,1", 0.02, {}, False),
        ("0,1", 0.02, {"in_prose": True}, True),
    ],
)
def test_what_a_numeral_writes(
    numeral: str, value: float, options: dict[str, bool], *, writes: bool
) -> None:
    """Prose may leave a sign out, and say 'less than 0.1'; a cell has its sign."""
    assert NumeralStyle("nl").writes(numeral, value, **options) is writes


def test_numerals_of_texts() -> None:
    """Without signs, and without zeros in front."""
    assert list_numerals("−4,7 % in 2017", "om 09 uur") == {"4,7", "2017", "9"}


def test_who_is_to_blame() -> None:
    """A file is blamed for what can't be read, and not for a machine without memory."""
    with pytest.raises(RefusedError, match=r"x\.csv: can't be read back"), blame_file("x.csv"):
        int("x")
    with pytest.raises(MemoryError), blame_file("x.csv"):
        raise MemoryError
