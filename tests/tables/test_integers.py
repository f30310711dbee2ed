"""Whole numbers by the file's locale: what is plainly whole is mended, anything else refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.parameters.row_layouts import Numbers
from helpline_report.tables.cell_readers import CellReading, integer_reader, other_decimal_sign
from tests.tables.conftest import integer_column

COMMA, POINT = Numbers(thousands=".", decimal=","), Numbers(thousands=",", decimal=".")
SPACED = Numbers(thousands=" ", decimal=",")
WIDE = integer_column(0, 1_000_000)
PERSONS = "nr | contact | gender | age | context\n"


@pytest.mark.parametrize(
    ("numbers", "text", "value"),
    [
        (COMMA, "1.234", 1234),
        (POINT, "1,234", 1234),
        (SPACED, "1 234", 1234),
        (SPACED, "1\u202f234", 1234),
        (COMMA, "1.234.567", 1234567),
        (COMMA, "12,0", 12),
        (POINT, "12.00", 12),
        (None, "12,0", 12),
        (None, "12.0", 12),
        (None, "'12", 12),
    ],
)
def test_a_number_as_text_is_mended(numbers: Numbers | None, text: str, value: int) -> None:
    """B36: grouped by the locale, with zeros behind the comma, or with an apostrophe."""
    wide = integer_column(0, 10_000_000)
    assert integer_reader(wide, numbers)(text) == CellReading(value, repair="B36")


@pytest.mark.parametrize(
    ("numbers", "text", "fault"),
    [
        (None, "1.234", "B35"),
        (POINT, "1.234", "B35"),
        (COMMA, "1.5", "B35"),
        (COMMA, "1,5", "B35"),
        (COMMA, "12.0", "B34"),
        (POINT, "12,0", "B34"),
        (POINT, "1.000", "B35"),
        (COMMA, "1.23", "B35"),
        (COMMA, "12 jaar", "B36"),
        (None, "12,", "B36"),
    ],
)
def test_what_is_not_plainly_whole_is_refused(
    numbers: Numbers | None, text: str, fault: str
) -> None:
    """Nothing is rounded, and no point is guessed to group thousands."""
    assert integer_reader(WIDE, numbers)(text).fault == fault


@pytest.mark.parametrize("text", ["999", "-1", "onbekend", "Onbekend ", "999,0"])
def test_what_the_layout_lists_is_unknown(text: str) -> None:
    """B39: as a text, or as the same number; also within the range."""
    within = integer_column(0, 1000, unknown=["999", "-1", "onbekend"])
    assert integer_reader(within)(text) == CellReading(-1, repair="B39")


@pytest.mark.parametrize("numbers", [None, COMMA, POINT, SPACED])
@given(number=st.integers(0, 999_999_999))
def test_any_number_is_itself(numbers: Numbers | None, number: int) -> None:
    """As digits, whatever the locale."""
    assert integer_reader(integer_column(0, 10**9), numbers)(str(number)) == CellReading(number)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """Never an exception, and never a number that lies outside."""
    reading = integer_reader(integer_column(0, 120), COMMA)(text)
    assert reading.fault or -1 <= reading.value <= 120


@given(number=st.integers(1000, 999_999))
def test_a_grouped_number_is_itself_in_its_own_locale_alone(number: int) -> None:
    """`1.234` is 1234 where points group, and refused where they don't."""
    text = f"{number:,}".replace(",", ".")
    assert integer_reader(WIDE, COMMA)(text).value == number
    assert integer_reader(WIDE, POINT)(text).fault
    assert integer_reader(WIDE)(text).fault == "B35"


@pytest.mark.parametrize(
    ("texts", "numbers", "found"),
    [
        (["12,0", "7", "8.0"], None, "8.0"),
        (["12.0", "8,5"], None, "8,5"),
        (["1.234", "12,0"], COMMA, ""),
        (["1.234", "12,0"], None, "12,0"),
        (["12,0", "13,0", "x,y"], None, ""),
    ],
)
def test_the_first_text_with_another_sign_is_found(
    texts: list[str], numbers: Numbers | None, found: str
) -> None:
    """B34: a sign that groups thousands is no decimal sign."""
    assert other_decimal_sign(texts, numbers) == found


def test_a_column_that_mixes_decimal_signs_is_refused_once(desk: Any) -> None:
    """B34: each number alone would pass."""
    desk.put(
        "persons.csv", f"{PERSONS}11 | 1 | Vrouw | 34,0 | School\n13 | 3 | Man | 12.0 | School"
    )
    assert desk.problems() == [
        "[B34] raw/persons.csv:3, column age: decimal commas and decimal points stand in one column"
        "\n  → export it again as text, and open it nowhere in between"
    ]
