"""Keys as a spreadsheet or a slip left them: lost zeros, powers of ten, errors, personal data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helpline_report.exports.many_texts import ManyTexts
from helpline_report.exports.personal import LEAVE_OUT, NATIONAL_NUMBER, personal_key_kind
from helpline_report.exports.shapes import plain
from helpline_report.tables.labels import AS_TEXT
from helpline_report.tables.odd import ERROR, MONTH_NAME, told
from helpline_report.tables.reading import Reading

NATIONAL_DIGITS, SHORTEST_ACCOUNT, FEWEST_DIGITS = 11, 15, 9
SPREADSHEET_POWER = re.compile(r"\d([.,]\d+)?E\+\d+", re.ASCII)
POWER = re.compile(r"\d+E\d+", re.ASCII)
SIGNS_OF_PHONES = b" ./()-"
SAMPLE = 1_000

# What ends a key by accident: blanks of ASCII, as `str.strip` knows them.
SPACES = np.array([chr(byte).isspace() for byte in range(128)] + [False] * 128)
# What no key is without that somebody has to look at it: an address, an error of a spreadsheet.
LOOKED_AT = [ord("@"), ord("#")]

Places = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class _Bytes:
    """What is looked at of all keys at once: a register has millions of them.

    How many bytes and digits each has, and its first two bytes: 0 where it is too short.
    """

    lengths: Places
    digits: Places
    first: Bytes
    second: Bytes
    plain: bool

    @classmethod
    def of(cls, keys: Sequence[str]) -> _Bytes | None:
        """Those of some keys; None where one of them holds a newline. `plain`: none is odd."""
        if isinstance(keys, ManyTexts):
            if keys.bytes_held[ord("\n")]:
                return None
            odd = bool(keys.bytes_held[LOOKED_AT].any())
            return cls(keys.lengths(), keys.digits(), keys.first(), keys.first(1), not odd)
        data = np.frombuffer("\n".join([*keys, ""]).encode(), dtype=np.uint8)
        ends = np.flatnonzero(data == ord("\n"))
        if len(ends) != len(keys):
            return None
        counted = np.cumsum((data - np.uint8(ord("0"))) < 10, dtype=np.int32)  # noqa: PLR2004
        # A newline is no digit: what was counted up to it is of its key and of those before.
        digits = np.diff(counted[ends], prepend=0)
        starts = np.concatenate(([0], ends[:-1] + 1))
        lengths = ends - starts
        first, second = (
            np.where(lengths > at, data[np.minimum(starts + at, len(data) - 1)], 0).astype(np.uint8)
            for at in range(2)
        )
        return cls(lengths, digits, first, second, not np.isin(data, LOOKED_AT).any())


def untrimmed(keys: Sequence[str]) -> list[int]:
    """The places of keys that begin or end with a space of whatever kind."""
    if isinstance(keys, ManyTexts):
        if not (keys.bytes_held & SPACES).any():
            return []
        first, last = keys.edges()
        return np.flatnonzero(SPACES[first] | SPACES[last]).tolist()
    return [at for at, key in enumerate(keys) if key != key.strip()]


def one_case(key: str, other: str) -> bool:
    """Whether one of two keys has small letters alone, or capitals alone.

    Where both have either, as in keys drawn at random, capitals belong to a key.
    """
    return any(text in (text.lower(), text.upper()) for text in (key, other))


def odd_keys(keys: Sequence[str]) -> dict[int, Reading]:
    """The keys that are none, by their place, with what each looks like.

    Personal data (B65), an error (B38) or a date (B40) of a spreadsheet, a power of ten (B41), and
    a key that is shorter than those that begin with a zero (B41).
    """
    found = _Bytes.of(keys)
    candidates: Sequence[int] = range(len(keys))
    if found is not None and found.plain:
        candidates = _candidates(found, keys).tolist()
    odd = {at: reading for at in candidates if (reading := _odd(keys[at])) is not None}
    return odd | _powers(keys, candidates) | _shorter(found)


def _candidates(found: _Bytes, keys: Sequence[str]) -> Places:
    """The places of keys that are worth a closer look."""
    digits, lengths, first = found.digits, found.lengths, found.first
    others = lengths - digits
    digit = first - np.uint8(ord("0")) < 10  # noqa: PLR2004
    second = found.second | 32
    letters = (first | 32 >= ord("a")) & (second >= ord("a")) & (second <= ord("z"))
    account = letters & (lengths >= SHORTEST_ACCOUNT) & (digits >= FEWEST_DIGITS)
    phone = (first == ord("+")) | ((first == ord("0")) & (others > 0) & (digits >= FEWEST_DIGITS))
    # A power has a comma, an E and a sign; a month's name has three letters, and a hyphen.
    power = digit & (others > 0) & (others <= 3)  # noqa: PLR2004
    month = (digits > 0) & (digits <= 6) & (others >= 4) & (others <= 12)  # noqa: PLR2004
    odd = account | phone | power | month | _national(found, keys)
    return np.flatnonzero(odd)


def _national(found: _Bytes, keys: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Keys that could be national numbers.

    Of any numbers of eleven digits a few pass for one: where most don't, none is looked at.
    """
    digits, lengths = found.digits, found.lengths
    plain_ones = (digits == NATIONAL_DIGITS) & (lengths == NATIONAL_DIGITS)
    sample = np.flatnonzero(plain_ones)[:SAMPLE].tolist()
    passing = sum(personal_key_kind(keys[at]) == NATIONAL_NUMBER for at in sample)
    written_out = (digits == NATIONAL_DIGITS) & ~plain_ones & (found.first <= ord("9"))
    looked_at: npt.NDArray[np.bool_] = written_out
    return looked_at | plain_ones if 2 * passing >= len(sample) else looked_at


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


def _powers(keys: Sequence[str], candidates: Sequence[int]) -> dict[int, Reading]:
    """Keys that a spreadsheet made powers of ten; where letters belong to keys, `1E05` is one."""
    odd = [at for at in candidates if SPREADSHEET_POWER.fullmatch(keys[at].upper())]
    maybe = [at for at in candidates if POWER.fullmatch(keys[at].upper())]
    if maybe and sum(key.isdigit() for key in keys) == len(keys) - len(odd) - len(maybe):
        odd += maybe
    what = "a key that a spreadsheet turned into a power of ten"
    return dict.fromkeys(odd, told("B41", what, AS_TEXT, shown=False))


def _shorter(found: _Bytes | None) -> dict[int, Reading]:
    """Keys of digits that are shorter than the keys that begin with a zero, all of one length."""
    if found is None:
        return {}
    whole = (found.digits == found.lengths) & (found.lengths > 0)
    zeros = whole & (found.first == ord("0")) & (found.lengths > 1)
    if not zeros.any() or np.ptp(found.lengths[zeros]):
        return {}
    shorter = np.flatnonzero(whole & (found.lengths < found.lengths[zeros][0]))
    what = "a key that lost its leading zeros: others have them"
    return dict.fromkeys(shorter.tolist(), told("B41", what, AS_TEXT, shown=False))
