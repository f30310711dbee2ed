"""Look at the text of a cell: its shape, its plain form, personal data in it."""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePath

from stdnum import iban

from helpline_report.parameters.values import UNSEEN

SHAPE_LENGTH = 24
NO_WIDTH = dict.fromkeys((*map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), *UNSEEN))
# What bytes of UTF-8 look like when they are read as Windows-1252, or as an older code page (`é`
# becomes a line or a root sign), and the character that stands for a letter that was lost.
MOJIBAKE = re.compile(
    "[ÂÃÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â[€‚]|ï»¿|ðŸ|[├√][^\x00-\x7f]|\ufffd"
)


def shape(text: str) -> str:
    """The shape of a value: `9` for digits, `A` and `a` for letters, the rest as it stands.

    Never the value: a name typed in the wrong column must not reach a message or a log.
    """

    def mark(character: str) -> str:
        if character.isdigit():
            return "9"
        if character.isalpha():
            return "A" if character.isupper() else "a"
        if character.isascii() and character.isprintable():
            return character
        return " " if character.isspace() else "?"

    if not text.strip():
        return "blank"
    drawn = "".join(map(mark, text[:SHAPE_LENGTH]))
    return f"'{drawn}{'…' if len(text) > SHAPE_LENGTH else ''}'"


def plain(text: str) -> str:
    """A label without what differs by accident.

    That is: case, spaces at the ends and their kind, characters without width, and the way an
    accent is composed.
    """
    composed = unicodedata.normalize("NFC", text.translate(NO_WIDTH))
    return " ".join(composed.split()).casefold()


def bare_name(name: str) -> str:
    """The letters and digits of a file's name without its suffix, whatever their case."""
    return "".join(filter(str.isalnum, plain(PurePath(name).stem)))


def is_mojibake(text: str) -> bool:
    """Whether letters of `text` were lost when a program read them in the wrong encoding."""
    return not text.isascii() and MOJIBAKE.search(text) is not None


NATIONAL_NUMBER = "a national number"
PHONE = "a phone number"
EMAIL = "an e-mail address"
ACCOUNT = "a bank account number"
FREE_TEXT = "free text"
MANY_TEXTS, LONG, WORDS = 20, 20, 3
MODULUS = 97
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_ACCOUNT = re.compile(
    r"(?<!\w)[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?(?!\w)",
    re.IGNORECASE | re.ASCII,
)
# A key drawn at random: sixteen or more digits and letters from a to f.
RANDOM_KEY = re.compile(r"(?=.*[a-f])[0-9a-f-]{16,36}", re.IGNORECASE | re.ASCII)
_NATIONAL = re.compile(
    r"(?<!\d)(\d\d)[. ]?(\d\d)[. ]?(\d\d)[-. ]?(\d{3})[-. ]?(\d\d)(?!\d)", re.ASCII
)
_DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}", re.ASCII)
_ABROAD = re.compile(r"(?<!\w)(?:\+|00)[1-9][\d ./()-]{7,16}\d(?!\d)", re.ASCII)
_AT_HOME = re.compile(r"(?<![\d.,/-])0[1-9]\d{0,2}(?:[ ./-]{0,2}\d{2,3}){3,4}(?!\d)", re.ASCII)
# A landline has nine digits, a mobile ten, and ten digits begin with 04.
_DIGITS_AT_HOME = re.compile(r"0[1-9]\d{7}|04\d{8}", re.ASCII)


def find_personal_kind(text: str) -> str:
    """The kind of personal data in `text`, or ''; characters without width don't hide it."""
    text = text.translate(NO_WIDTH)
    if _EMAIL.search(text):
        return EMAIL
    # An IBAN by its country, length and check number, of whatever bank.
    if any(iban.is_valid(match[0], check_country=False) for match in _ACCOUNT.finditer(text)):
        return ACCOUNT
    if any(_is_national(match) for match in _NATIONAL.finditer(text)):
        return NATIONAL_NUMBER
    return PHONE if _holds_phone(text) else ""


def find_personal_key_kind(key: str) -> str:
    """The kind of personal data in a key, or ''.

    Digits alone are a number of the system, and no phone. A key drawn at random holds digits by
    chance, but not a whole account number.
    """
    kind, bare = find_personal_kind(key), key.strip()
    # An account number that begins with letters from a to f goes on with digits alone.
    if kind and RANDOM_KEY.fullmatch(bare) and not bare[2:].isdigit():
        return ""
    return "" if kind == PHONE and key.strip().isalnum() else kind


def _is_national(match: re.Match[str]) -> bool:
    """Whether a number has a birth date, a serial and a check number, whatever day it is today."""
    year, month, day, serial, check = match.groups()
    if int(month) % 20 > 12 or int(month) > 52 or int(day) > 31:  # noqa: PLR2004 - a calendar's
        return False
    number = year + month + day + serial
    # For births from 2000 on the check number is computed with a 2 before the number.
    return int(check) in {MODULUS - int(before + number) % MODULUS for before in ("", "2")}


def _holds_phone(text: str) -> bool:
    if _DATE.search(text):
        return False
    if _ABROAD.search(text):
        return True
    numbers = (re.sub(r"\D", "", match[0]) for match in _AT_HOME.finditer(text))
    return any(_DIGITS_AT_HOME.fullmatch(number) for number in numbers)


def is_free_text(unknown: Sequence[str]) -> bool:
    """Whether the texts that a column holds beyond its labels are sentences, and many."""
    if len(unknown) < MANY_TEXTS:
        return False
    sentences = sum(len(text) >= LONG and len(text.split()) >= WORDS for text in unknown)
    return 2 * sentences >= len(unknown)
