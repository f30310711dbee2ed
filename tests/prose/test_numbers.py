from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.prose.numbers import (
    Idiom,
    capitalised,
    cardinal,
    number,
    ordinal,
    percent,
    plain_number,
    raw,
    rounded,
)

NL, EN = Idiom("nl", "nl_BE"), Idiom("en", "en_GB")


def test_thousands_are_grouped_as_belgium_does() -> None:
    """A point groups thousands in Dutch."""
    assert number(NL, 4812) == "4.812"


def test_thousands_are_grouped_as_britain_does() -> None:
    """A comma groups thousands in English."""
    assert number(EN, 4812) == "4,812"


def test_millions_are_grouped_twice() -> None:
    """Each group of three digits is set apart."""
    assert number(NL, 1234567) == "1.234.567"


def test_decimals_stand_behind_a_comma() -> None:
    """A comma marks decimals in Dutch, and trailing zeros stand."""
    assert number(NL, 1.3, 2) == "1,30"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (37, "37"),
        (12.5, "12,5"),
        (4812.126, "4.812,13"),
        (0.1, "0,1"),
        (0.00321, "0,0032"),
        (-0.00321, "−0,0032"),
        (0, "0"),
        (100.0, "100"),
    ],
)
def test_a_number_of_no_unit_has_two_decimals_at_most(value: float, written: str) -> None:
    """A small one is written with two digits, so that it isn't read as nothing."""
    assert plain_number(NL, value) == written


def test_percent_has_a_no_break_space() -> None:
    """A line never ends between a number and its percent sign."""
    assert percent(NL, 86.409) == "86,41\N{NO-BREAK SPACE}%"


def test_english_percent_has_no_space() -> None:
    """English sets the sign against the number."""
    assert percent(EN, 86.409) == "86.41%"


def test_negative_numbers_have_a_minus() -> None:
    """The minus is a minus, not a hyphen."""
    assert number(NL, -4.7, 1) == "−4,7"


def test_what_rounds_to_zero_has_no_sign() -> None:
    """There is no minus zero."""
    assert percent(NL, -0.001, 1, signed=True) == "0,0\N{NO-BREAK SPACE}%"


def test_signed_numbers_have_a_plus() -> None:
    """A change upwards shows that it is one."""
    assert percent(NL, 4.7, 1, signed=True) == "+4,7\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (346.5, 0, "347"),
        (86.405, 2, "86.41"),
        (0.285 * 100, 0, "29"),
        (1.005, 2, "1.01"),
    ],
)
def test_halves_round_up(value: float, decimals: int, expected: str) -> None:
    """A half rounds away from zero, whatever noise the division left behind it."""
    assert rounded(value, decimals) == Decimal(expected)


@given(
    st.decimals(min_value=-(10**8), max_value=10**8, places=4, allow_nan=False),
    st.integers(min_value=0, max_value=3),
)
def test_a_float_rounds_as_the_decimal_it_was_written_as(value: Decimal, decimals: int) -> None:
    """Rounding a float agrees with decimal arithmetic on its digits."""
    step = Decimal(1).scaleb(-decimals)
    assert rounded(float(value), decimals) == value.quantize(step, ROUND_HALF_UP)


@given(st.integers(min_value=0, max_value=5000), st.integers(min_value=1, max_value=5000))
def test_a_share_rounds_as_its_fraction(hits: int, trials: int) -> None:
    """The percentage of two counts rounds as the exact fraction does."""
    hits = min(hits, trials)
    exact = (2 * 10000 * hits + trials) // (2 * trials)
    assert rounded(100 * hits / trials, 2) == Decimal(exact).scaleb(-2)


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_writing_a_whole_number_loses_no_digit(value: int) -> None:
    """Without its marks a written number is the number."""
    assert int(number(NL, value).replace(".", "").replace("−", "-")) == value


@pytest.mark.parametrize(
    ("value", "expected"), [(0, "nul"), (1, "één"), (12, "twaalf"), (13, "13")]
)
def test_numbers_up_to_twelve_have_words(value: int, expected: str) -> None:
    """From thirteen on a number is written in digits."""
    assert cardinal(NL, value) == expected


@pytest.mark.parametrize(("value", "expected"), [(1, "eerste"), (4, "vierde"), (21, "21e")])
def test_places_have_words(value: int, expected: str) -> None:
    """A place is a word where the catalogue has one."""
    assert ordinal(NL, value) == expected


def test_raw_values_are_not_rounded() -> None:
    """A value for machines keeps its digits and has a decimal point."""
    assert raw(86.40980881130507) == "86.40980881130507"


def test_a_capital_changes_the_first_letter_alone() -> None:
    """Names further on keep their capitals."""
    assert capitalised("een stijging in Antwerpen") == "Een stijging in Antwerpen"
