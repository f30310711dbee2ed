"""The shape and the plain form of a text, and personal data in it."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.exports.cell_texts import (
    find_personal_key_kind,
    find_personal_kind,
    is_mojibake,
    plain,
    shape,
)


def test_a_shape_tells_the_kind_of_characters_only() -> None:
    """Digits, letters and case; never which digit or letter, and never how long a text is."""
    texts = ("31/12/2017", "Élan vital", "  ", "12 €", "a" * 30)
    due = ["'99/99/9999'", "'Aaaa aaaaa'", "blank", "'99 ?'", f"'{'a' * 24}…'"]
    assert [*map(shape, texts)] == due


def test_labels_that_differ_by_accident_are_the_same() -> None:
    """They differ in case, spaces, characters without width, marks of direction or controls."""
    texts = ("TELEFOON", " telefoon\u00a0", "tele\u200bfoon", "telefoon\u200e")
    assert {*map(plain, (*texts, "\u202etelefoon\u2069", "tele\x07foon\x9b"))} == {"telefoon"}
    assert plain("justitie\u0308le") == plain("justitiële")
    assert plain("Cordoba") != plain("Córdoba")


def test_text_in_a_wrong_encoding_is_recognised() -> None:
    """UTF-8 read as Windows-1252, and the sign of a letter that couldn't be read."""
    assert all(map(is_mojibake, ("VerwaarlozingÃ©", "l\u2019hÃ´pital", "caf\ufffd", "Ã¨ve")))
    assert not any(map(is_mojibake, ("justitiële", "Línea", "São", "US$\u00a00,00", "ÂME")))


PERSONAL = {
    "a national number": ("85073003328", "85.07.30-033.28", "nr 85 07 30 033 28"),
    "a phone number": (
        *("0470123456", "0470/12.34.56", "bel 02 123 45 67 na vijf", "+32 470 12 34 56"),
        *("0032470123456", "04\x0070123456"),
    ),
    "an e-mail address": ("voornaam.naam@voorbeeld.be", "voornaam.naam\u200e@\u2066voorbeeld.be"),
    "a bank account number": (
        *("BE68539007547034", "be68 5390 0754 7034", "NL91 ABNA 0417 1643 00"),
    ),
    "": (
        *("85073003329", "BE68539007547035", "BE685390075470", "XX68539007547034", "@home", "112"),
        *("02/03/2017", "04/02/2017 09:15", "2017-03-02T09:15:00", "1712", "Verwezen naar VK"),
        *("C2017-001809", "P2017-000001", "12345678", "1234567890", "0,50"),
    ),
}


@pytest.mark.parametrize("kind", PERSONAL)
def test_personal_data_is_seen_and_what_only_looks_like_it_is_not(kind: str) -> None:
    """It may be written in groups or in a sentence; its check digits tell it from other numbers."""
    assert {find_personal_kind(text) for text in PERSONAL[kind]} == {kind}


@given(st.uuids(version=4), st.booleans())
def test_a_key_drawn_at_random_is_nobodys_number(key: UUID, hyphens: bool) -> None:  # noqa: FBT001
    """By chance, a few of thousands of such keys hold what looks like a phone or an account."""
    assert find_personal_key_kind(str(key) if hyphens else key.hex) == ""


def test_only_account_numbers_are_personal_keys() -> None:
    """Digits alone are a number of the system. The other keys were once taken for personal ones."""
    keys = (
        *("0470123456", "021234567", "00012345", "0000001234567"),
        "56363b4b-e779-4470-bb7d-ae0495918694",
        "c917da95-47a4-4763-a00e-be717cd28414",
        "6708ff2b-a762-4c41-ac02-87022955062e",
    )
    assert {*map(find_personal_key_kind, keys)} == {""}
    assert find_personal_key_kind("BE68539007547034") == "a bank account number"


@given(born=st.dates(), serial=st.integers(1, 997), dotted=st.booleans())
def test_every_national_number_is_seen(born: object, serial: int, dotted: bool) -> None:  # noqa: FBT001
    """With dots and without, for people born before 2000 and after."""
    digits = f"{born:%y%m%d}{serial:03d}"
    century = "2" if f"{born:%Y}" >= "2000" else ""
    number = f"{digits}{97 - int(century + digits) % 97:02d}"
    if dotted:
        number = f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}"
    assert find_personal_kind(number) == "a national number"


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    assert isinstance(find_personal_kind(text), str)
