"""Which numbers of a Dutch text count something, and which numbers each may stand for."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.audit.proofreading.no_counts import named_numbers
from helpline_report.audit.proofreading.numerals import find_numerals
from helpline_report.prose.numbers import Idiom, number


def found(text: str) -> list[str]:
    """The numbers of a text as they stand there."""
    return [text[item.start : item.end] for item in find_numerals(text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Er waren 4.812 oproepen, 86,41 % telefonisch.", ["4.812", "86,41 %"]),
        ("ruim 62% en ongeveer 8,6 procent", ["ruim 62%", "ongeveer 8,6 procent"]),
        ("12 000 leden en 1,2 miljoen euro", ["12 000", "1,2 miljoen"]),
        ("een derde van de leden, de helft van de rest", ["een derde", "de helft"]),
        ("op de derde plaats", []),
        ("zes maanden en twaalf dagen", ["zes", "twaalf"]),
        ("(n=4.596)", ["4.596"]),
    ],
)
def test_numbers_are_found_with_their_hedge_and_sign(text: str, numbers: list[str]) -> None:
    """A count or a share keeps its hedge, its percent sign and its scale."""
    assert found(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "op 12 maart 2012, in 2016 en in 2015-2019",
        "van 9 tot 17u, om 9.30 uur",
        "het nummer 106, tel. 02 123 45 67",
        "kinderen (-12 jaar), 18 tot en met 29 jaar, 60 jaar of ouder, 65+",
        "zie punt 2.2. en tabel 4",
        "www.1712.be en zelfmoord1813.be",
        "op de 4e plaats, website2",
        "2.4.1. Wie belt waarover",
        "1 op 4",
        "Jan-17",
    ],
)
def test_what_is_no_count_is_left_alone(text: str) -> None:
    """Dates, hours, telephone numbers, ages, references and addresses count nothing."""
    assert found(text) == []


def test_a_number_that_is_a_name_is_one_everywhere() -> None:
    """What a text once calls a telephone number is no count elsewhere."""
    text = "Bel het telefoonnummer 1234. Een 1234-medewerker luistert."
    names = named_numbers(text)
    assert names == {"1234"}
    assert find_numerals("1234 kreeg 50 oproepen", names)[0].value == 50


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("4.812", "4812", "4812"),
        ("48.000", "47500", "48500"),
        ("86,41 %", "86.405", "86.415"),
        ("ruim 62 %", "61.5", "63.5"),
        ("1,2 miljoen", "1150000", "1250000"),
        ("meer dan 40 %", "40", "52.0"),
        ("bijna 400", "360.0", "400.5"),
    ],
)
def test_a_print_leaves_a_range_open(text: str, low: str, high: str) -> None:
    """Half a unit of the last digit; a round count may be rounded; a hedge is taken widely."""
    (item,) = find_numerals(text)
    assert item.bounds() == (Decimal(low), Decimal(high))


@given(st.integers(min_value=0, max_value=99_999_999))
def test_a_count_is_read_as_it_is_written(value: int) -> None:
    """Whatever the writer of the pages prints, the proofreader reads the same number."""
    text = f"Er waren {number(Idiom('nl', 'nl_BE'), value)} oproepen."
    (item,) = find_numerals(text)
    assert item.value == value
    assert item.bounds().low <= value <= item.bounds().high


@given(st.decimals(min_value=0, max_value=100, allow_nan=False, places=6))
def test_a_rounded_percentage_holds_what_it_was_rounded_from(value: Decimal) -> None:
    """A percentage with two decimals is never called wrong for the number it was rounded from."""
    text = f"{number(Idiom('nl', 'nl_BE'), value, 2)} % van de oproepen"
    (item,) = find_numerals(text)
    assert item.bounds().low <= value <= item.bounds().high
