"""Numbers, dates, periods and ages as a locale writes them, and the catalogue of their words."""

import datetime as dt
import string
from decimal import Decimal
from pathlib import Path

import pytest

from helpline_report.parameters.edition import AgeClass
from helpline_report.parameters.values import LANGUAGES, Period, rounded
from helpline_report.prose.numbers import (
    Idiom,
    catalogue,
    fill_phrase,
)
from tests.cases import read_cases

CASES = read_cases(Path(__file__).with_name("numbers.yaml"))
NL, EN = Idiom("nl", "nl_BE"), Idiom("en", "en_GB")
NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("phrase", "value", "expected"),
    [
        ("Van {club}.", "Awel v.z.w.", "Van Awel v.z.w."),
        ("Van {club}. Dan.", "Awel v.z.w.", "Van Awel v.z.w. Dan."),
        ("Van {club}...", "Awel v.z.w.", "Van Awel v.z.w...."),
        ("'{club}'.", "1..5", "'1..5'."),
        ("{club}.", "../index.html", "../index.html."),
    ],
)
def test_a_phrase_ends_with_one_full_stop(phrase: str, value: str, expected: str) -> None:
    """Where a value that ends with one stands before it; values stay as they are."""
    assert fill_phrase(phrase, {"club": value}) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.5, 0, "1"),
        (-2.5, 0, "-3"),
        (86.405, 2, "86.41"),
        (0.285 * 100, 0, "29"),
        (1.005, 2, "1.01"),
    ],
)
def test_halves_round_up(value: float, decimals: int, expected: str) -> None:
    """A half rounds away from zero, whatever noise the division left behind it."""
    assert rounded(value, decimals) == Decimal(expected)


@pytest.mark.parametrize(("start", "end", "expected", "within", "year"), CASES["periods"])
def test_a_period_says_no_more_than_it_must(
    start: dt.date, end: dt.date, expected: str, within: str, year: str
) -> None:
    """What both ends share is said once; a year, a month or a day by its name.

    A year that runs over New Year names both; a part of a year isn't called that year.
    """
    span = Period(start=start, end=end)
    assert NL.period(span) == expected
    assert NL.within(span) == (within or expected)
    assert NL.period_noun(span) == (expected if within else f"de periode {expected}")
    assert NL.year(span) == year


@pytest.mark.parametrize(("start", "end", "expected"), CASES["ages"])
def test_classes_of_ages(start: int, end: int | None, expected: str) -> None:
    """Both ends are counted, and words say so."""
    ages = {"code": "a", "from": start, "to": end, "label": {"nl": "a", "en": "a"}}
    assert NL.ages(AgeClass.model_validate(ages)) == expected


def parts(value: object, path: str = "") -> dict[str, set[str]]:
    """What each phrase of a catalogue is filled in with, by its key."""
    if isinstance(value, dict):
        keys: dict[str, set[str]] = {}
        for key, inner in value.items():
            keys |= parts(inner, f"{path}.{key}")
        return keys
    if isinstance(value, list) and path.startswith((".shares", ".cardinals")):
        return {f"{path}.{len(value)}": set()}
    if path.startswith((".texts.ordinary", ".texts.adjective")):  # patterns
        return {path: set()}
    if isinstance(value, str):
        return {path: {name for _, name, _, _ in string.Formatter().parse(value) if name}}
    return {}


def test_languages_say_the_same() -> None:
    """What one language can say, the other can, and no phrase loses a number in translation."""
    dutch, english = (parts(catalogue(language)) for language in LANGUAGES)
    assert dutch == english
