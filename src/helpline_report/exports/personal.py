"""Personal data that no export should hold, known by its form alone (B65)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpline_report.exports.shapes import NO_WIDTH

NATIONAL_NUMBER = "a national number"
PHONE = "a phone number"
EMAIL = "an e-mail address"
ACCOUNT = "a bank account number"
LEAVE_OUT = "leave it out of the export, and tell who answers for the register"
MANY_TEXTS, LONG, WORDS = 20, 20, 3

MODULUS = 97
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_ACCOUNT = re.compile(
    r"(?<!\w)[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?(?!\w)",
    re.IGNORECASE | re.ASCII,
)
# How many characters an account number has, by the country that it begins with.
_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FO FK GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
# What a system draws at random as a key: digits and the letters a to f, sixteen or more.
RANDOM_KEY = re.compile(r"(?=.*[a-f])[0-9a-f-]{16,36}", re.IGNORECASE | re.ASCII)
_NATIONAL = re.compile(
    r"(?<!\d)(\d\d)[. ]?(\d\d)[. ]?(\d\d)[-. ]?(\d{3})[-. ]?(\d\d)(?!\d)", re.ASCII
)
_DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}", re.ASCII)
_ABROAD = re.compile(r"(?<!\w)(?:\+|00)[1-9][\d ./()-]{7,16}\d(?!\d)", re.ASCII)
_AT_HOME = re.compile(r"(?<![\d.,/-])0[1-9]\d{0,2}(?:[ ./-]{0,2}\d{2,3}){3,4}(?!\d)", re.ASCII)
# A landline has nine digits, a mobile ten, and ten digits begin with 04.
_DIGITS_AT_HOME = re.compile(r"0[1-9]\d{7}|04\d{8}", re.ASCII)


def personal_kind(text: str) -> str:
    """Which kind of personal data `text` holds, or nothing; no unseen character hides it."""
    text = text.translate(NO_WIDTH)
    if _EMAIL.search(text):
        return EMAIL
    if any(_is_account(found[0]) for found in _ACCOUNT.finditer(text)):
        return ACCOUNT
    if any(_is_national(found) for found in _NATIONAL.finditer(text)):
        return NATIONAL_NUMBER
    return PHONE if _holds_phone(text) else ""


def personal_key_kind(key: str) -> str:
    """The same of a key: digits in a row are a number of the system, and no phone.

    A key drawn at random holds any digits by chance, but not a whole account number.
    """
    kind, bare = personal_kind(key), key.strip()
    # The countries that begin with these letters have account numbers of digits alone.
    if kind and RANDOM_KEY.fullmatch(bare) and not bare[2:].isdigit():
        return ""
    return "" if kind == PHONE and key.strip().isalnum() else kind


def _is_account(text: str) -> bool:
    compact = text.replace(" ", "").upper()
    if _LENGTHS.get(compact[:2]) != len(compact):
        return False
    turned = compact[4:] + compact[:4]
    digits = "".join(str(int(character, 36)) for character in turned)
    return int(digits) % MODULUS == 1


def _is_national(found: re.Match[str]) -> bool:
    """A birth date (of a bis number the month is 20 or 40 higher), a serial, and a check number."""
    year, month, day, serial, check = found.groups()
    if int(month) % 20 > 12 or int(month) > 52 or int(day) > 31:  # noqa: PLR2004 - a calendar's
        return False
    number = year + month + day + serial
    # Whoever was born from 2000 on has a 2 before the number when its check number is made.
    return int(check) in {MODULUS - int(before + number) % MODULUS for before in ("", "2")}


def _holds_phone(text: str) -> bool:
    if _DATE.search(text):
        return False
    if _ABROAD.search(text):
        return True
    found = (re.sub(r"\D", "", match[0]) for match in _AT_HOME.finditer(text))
    return any(_DIGITS_AT_HOME.fullmatch(digits) for digits in found)


def is_free_text(unknown: Sequence[str]) -> bool:
    """Whether the texts that a column holds beyond its labels are sentences, and many."""
    if len(unknown) < MANY_TEXTS:
        return False
    sentences = sum(len(text) >= LONG and len(text.split()) >= WORDS for text in unknown)
    return 2 * sentences >= len(unknown)
