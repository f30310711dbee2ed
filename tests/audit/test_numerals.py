"""Numbers as a page writes them, rounded and grouped a second time."""

import pytest

from helpline_report.audit.numerals import NumeralStyle, list_numerals


@pytest.mark.parametrize(
    ("language", "value", "decimals", "text"),
    [
        ("nl", 4812, 0, "4.812"),
        ("en", 4812, 0, "4,812"),
        ("nl", 86.409, 1, "86,4"),
        # Half up, by the certain digits: this float is a hair below 1.005.
        ("en", 1.005, 2, "1.01"),
        ("nl", -12.5, 0, "13"),
    ],
)
def test_a_number_is_written(language: str, value: float, decimals: int, text: str) -> None:
    """As the language groups and marks it, without its sign."""
    assert NumeralStyle(language).write(value, decimals) == text


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
