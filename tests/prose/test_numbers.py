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
NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (number(NL, 4812), "4.812"),
        (number(EN, 4812), "4,812"),
        (number(NL, 1234567), "1.234.567"),
        (number(NL, 1.3, 2), "1,30"),
        (number(NL, -4.7, 1), "−4,7"),
        (percent(NL, 86.409), f"86,41{NB}%"),
        (percent(EN, 86.409), "86.41%"),
        (percent(NL, -0.001, 1, signed=True), f"0,0{NB}%"),
        (percent(NL, 4.7, 1, signed=True), f"+4,7{NB}%"),
    ],
)
def test_numbers_are_written_as_a_locale_does(written: str, expected: str) -> None:
    """Grouped, with its mark of decimals, a real minus, and no minus zero.

    In Dutch no line ends between a number and its percent sign, and English sets it against it.
    """
    assert written == expected


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
    ("written", "expected"),
    [
        (cardinal(NL, 0), "nul"),
        (cardinal(NL, 1), "één"),
        (cardinal(NL, 12), "twaalf"),
        (cardinal(NL, 13), "13"),
        (ordinal(NL, 1), "eerste"),
        (ordinal(NL, 4), "vierde"),
        (ordinal(NL, 21), "21e"),
        (ordinal(EN, 3), "third"),
        (ordinal(EN, 13), "13th"),
        (ordinal(EN, 21), "21st"),
        (ordinal(EN, 22), "22nd"),
        (ordinal(EN, 113), "113th"),
    ],
)
def test_small_numbers_have_words(written: str, expected: str) -> None:
    """Up to twelve; above it a number is written in digits."""
    assert written == expected


def test_raw_values_are_not_rounded() -> None:
    """A value for machines keeps its digits and has a decimal point."""
    assert raw(86.40980881130507) == "86.40980881130507"


def test_a_capital_changes_the_first_letter_alone() -> None:
    """Names further on keep their capitals."""
    assert capitalised("een stijging in Antwerpen") == "Een stijging in Antwerpen"
