"""What a message may show of a value, and when two labels are the same."""

from __future__ import annotations

import pytest

from helpline_report.exports.cell_texts import is_mojibake, plain, shape


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("31/12/2017", "'99/99/9999'"),
        ("Élan vital", "'Aaaa aaaaa'"),
        ("  ", "blank"),
        ("12 €", "'99 ?'"),
        ("a" * 30, f"'{'a' * 24}…'"),
    ],
)
def test_a_shape_tells_the_kind_of_characters_only(text: str, shown: str) -> None:
    """Digits, letters and case; never which digit or letter, and never how long a text is."""
    assert shape(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "TELEFOON",
        " telefoon\u00a0",
        "tele\u200bfoon",
        "Telefoon",
        "telefoon\u200e",
        "\u202etelefoon\u2069",
        "tele\x07foon\x9b",
    ],
)
def test_labels_that_differ_by_accident_are_the_same(text: str) -> None:
    """Case, spaces of any kind, characters without width, marks of direction and controls."""
    assert plain(text) == "telefoon"


def test_composed_and_decomposed_accents_are_the_same() -> None:
    """One letter with its accent, or a letter and an accent after it."""
    assert plain("justitie\u0308le") == plain("justitiële")


def test_an_accent_is_a_difference() -> None:
    """A letter without its accent is another spelling: the layout lists it."""
    assert plain("Cordoba") != plain("Córdoba")


@pytest.mark.parametrize("text", ["VerwaarlozingÃ©", "l\u2019hÃ´pital", "caf\ufffd", "Ã¨ve"])
def test_lost_letters_are_seen(text: str) -> None:
    """UTF-8 read as Windows-1252, and the sign of a letter that couldn't be read."""
    assert is_mojibake(text)


@pytest.mark.parametrize("text", ["justitiële", "Línea", "São", "US$\u00a00,00", "ÂME"])
def test_accents_are_no_lost_letters(text: str) -> None:
    """Words of several languages as they are."""
    assert not is_mojibake(text)
