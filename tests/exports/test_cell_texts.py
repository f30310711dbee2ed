"""The shape and the plain form of a text, and personal data in it."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.exports.cell_texts import (
    is_mojibake,
    personal_key_kind,
    personal_kind,
    plain,
    shape,
)

# What a message may show of a value, and when two labels are the same


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


# Personal data by its form: what must be seen, and what must not be taken for it


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("85073003328", "a national number"),
        ("85.07.30-033.28", "a national number"),
        ("nr 85 07 30 033 28", "a national number"),
        ("0470123456", "a phone number"),
        ("0470/12.34.56", "a phone number"),
        ("bel 02 123 45 67 na vijf", "a phone number"),
        ("+32 470 12 34 56", "a phone number"),
        ("0032470123456", "a phone number"),
        ("voornaam.naam@voorbeeld.be", "an e-mail address"),
        ("voornaam.naam\u200e@\u2066voorbeeld.be", "an e-mail address"),
        ("04\x0070123456", "a phone number"),
        ("BE68539007547034", "a bank account number"),
        ("be68 5390 0754 7034", "a bank account number"),
        ("NL91 ABNA 0417 1643 00", "a bank account number"),
    ],
)
def test_personal_data_is_seen(text: str, kind: str) -> None:
    """Written in one go or in groups, alone or in a sentence."""
    assert personal_kind(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "85073003329",
        "BE68539007547035",
        "BE685390075470",
        "XX68539007547034",
        "02/03/2017",
        "04/02/2017 09:15",
        "2017-03-02T09:15:00",
        "1712",
        "112",
        "Verwezen naar VK",
        "C2017-001809",
        "P2017-000001",
        "12345678",
        "1234567890",
        "0,50",
        "@home",
    ],
)
def test_what_only_looks_a_bit_like_it_is_not(text: str) -> None:
    """A check number that doesn't fit, a date, the numbers of the reference."""
    assert personal_kind(text) == ""


@pytest.mark.parametrize("key", ["0470123456", "021234567", "00012345", "0000001234567"])
def test_digits_in_a_row_are_a_key(key: str) -> None:
    """Eight to ten digits are a number of the system, and no phone."""
    assert personal_key_kind(key) == ""


@given(st.uuids(version=4), st.booleans())
def test_a_key_drawn_at_random_is_nobodys_number(key: UUID, hyphens: bool) -> None:  # noqa: FBT001
    """Of thousands of them some hold by chance what would pass for a phone or an account."""
    assert personal_key_kind(str(key) if hyphens else key.hex) == ""


@pytest.mark.parametrize(
    "key",
    [
        "56363b4b-e779-4470-bb7d-ae0495918694",
        "c917da95-47a4-4763-a00e-be717cd28414",
        "6708ff2b-a762-4c41-ac02-87022955062e",
    ],
)
def test_a_key_that_once_passed_for_a_number_is_a_key(key: str) -> None:
    """What passes by its form and by its check number."""
    assert personal_key_kind(key) == ""


def test_an_account_number_as_a_key_is_seen() -> None:
    """Though it is written with the letters of a random key."""
    assert personal_key_kind("BE68539007547034") == "a bank account number"


@given(
    born=st.dates(),
    serial=st.integers(1, 997),
    dotted=st.booleans(),
)
def test_every_national_number_is_seen(born: object, serial: int, dotted: bool) -> None:  # noqa: FBT001
    """With and without dots, of whoever was born before and after 2000."""
    digits = f"{born:%y%m%d}{serial:03d}"
    century = "2" if f"{born:%Y}" >= "2000" else ""
    number = f"{digits}{97 - int(century + digits) % 97:02d}"
    if dotted:
        number = f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}"
    assert personal_kind(number) == "a national number"


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    """Never an exception."""
    assert isinstance(personal_kind(text), str)
