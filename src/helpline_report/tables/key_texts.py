"""Keys as a spreadsheet or a slip left them: lost zeros, powers of ten, errors, personal data."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpline_report.exports.personal_data import LEAVE_OUT, NATIONAL_NUMBER, personal_key_kind
from helpline_report.exports.shapes import plain
from helpline_report.tables.labels import AS_TEXT
from helpline_report.tables.odd import ERROR, MONTH_NAME, told
from helpline_report.tables.reading import Reading

NATIONAL_DIGITS = 11
SPREADSHEET_POWER = re.compile(r"\d([.,]\d+)?E\+\d+", re.ASCII)
POWER = re.compile(r"\d+E\d+", re.ASCII)
# A key without any of these is none that somebody has to look at.
SUSPECT = re.compile(r"[@#+./\s]|[^\x00-\x7f]|\d{9}|^\d.*\D|[a-z]{3}", re.IGNORECASE)


def untrimmed(keys: Sequence[str]) -> list[int]:
    """The places of keys that begin or end with a space of whatever kind."""
    return [at for at, key in enumerate(keys) if key != key.strip()]


def one_case(key: str, other: str) -> bool:
    """Whether one of two keys has small letters alone, or capitals alone.

    Where both have either, as in keys drawn at random, capitals belong to a key.
    """
    return any(text in (text.lower(), text.upper()) for text in (key, other))


def odd_keys(keys: Sequence[str]) -> dict[int, Reading]:
    """The keys that are none, by their place, with what each looks like.

    Personal data (B65), an error (B38) or a date (B40) of a spreadsheet, a power of ten (B41), and
    a key that is shorter than those that begin with a zero (B41). Of any numbers of eleven digits
    a few pass for national numbers: where most don't, none is one.
    """
    suspects = [at for at, key in enumerate(keys) if SUSPECT.search(key)]
    odd = {at: reading for at in suspects if (reading := _odd(keys[at])) is not None}
    numbers = [at for at in suspects if len(keys[at]) == NATIONAL_DIGITS and keys[at].isdigit()]
    passing = {at for at in numbers if personal_key_kind(keys[at]) == NATIONAL_NUMBER}
    if 2 * len(passing) < len(numbers):
        odd = {at: reading for at, reading in odd.items() if at not in passing}
    return odd | _powers(keys, suspects) | _shorter(keys)


def _odd(key: str) -> Reading | None:
    personal = personal_key_kind(key)
    if personal:
        return told("B65", f"a key that is {personal}", LEAVE_OUT, shown=False)
    simple = plain(key)
    if ERROR.fullmatch(simple):
        return told("B38", "a key that is an error of a spreadsheet", AS_TEXT, shown=False)
    if MONTH_NAME.fullmatch(simple):
        return told("B40", "a key that a spreadsheet turned into a date", AS_TEXT, shown=False)
    return None


def _powers(keys: Sequence[str], suspects: Sequence[int]) -> dict[int, Reading]:
    """Keys that a spreadsheet made powers of ten; where letters belong to keys, `1E05` is one."""
    odd = [at for at in suspects if SPREADSHEET_POWER.fullmatch(keys[at].upper())]
    maybe = [at for at in suspects if POWER.fullmatch(keys[at].upper())]
    if maybe and sum(key.isdigit() for key in keys) == len(keys) - len(odd) - len(maybe):
        odd += maybe
    what = "a key that a spreadsheet turned into a power of ten"
    return dict.fromkeys(odd, told("B41", what, AS_TEXT, shown=False))


def _shorter(keys: Sequence[str]) -> dict[int, Reading]:
    """Keys of digits that are shorter than the keys that begin with a zero, all of one length."""
    numbers = [at for at, key in enumerate(keys) if key.isdecimal()]
    lengths = {len(keys[at]) for at in numbers if keys[at][0] == "0" and len(keys[at]) > 1}
    if len(lengths) != 1:
        return {}
    shorter = [at for at in numbers if len(keys[at]) < min(lengths)]
    what = "a key that lost its leading zeros: others have them"
    return dict.fromkeys(shorter, told("B41", what, AS_TEXT, shown=False))
