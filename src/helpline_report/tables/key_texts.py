"""Keys as a spreadsheet or a slip left them: lost zeros, powers of ten, errors, personal data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helpline_report.exports.shapes import plain
from helpline_report.tables.labels import AS_TEXT
from helpline_report.tables.odd import ERROR, LEAVE_OUT, MONTH_NAME, told
from helpline_report.tables.personal import NATIONAL_NUMBER, personal_key_kind
from helpline_report.tables.reading import Reading

NATIONAL_DIGITS, SHORTEST_ACCOUNT, FEWEST_DIGITS = 11, 15, 9
SPREADSHEET_POWER = re.compile(r"\d([.,]\d+)?E\+\d+", re.ASCII)
POWER = re.compile(r"\d+E\d+", re.ASCII)
ODD_BYTES = b"@#"
SIGNS_OF_PHONES = b" ./()-"
LETTERS_OF_POWERS = b"eE"

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Bytes:
    """Keys as one run of bytes, looked at all at once: a register has millions of them."""

    data: npt.NDArray[np.uint8]
    starts: Places
    ends: Places

    @classmethod
    def of(cls, keys: Sequence[str]) -> _Bytes | None:
        """The bytes of keys; None where one of them holds a newline."""
        data = np.frombuffer("\n".join([*keys, ""]).encode(), dtype=np.uint8)
        ends = np.flatnonzero(data == ord("\n"))
        if len(ends) != len(keys):
            return None
        return cls(data, np.concatenate(([0], ends[:-1] + 1)), ends)

    @property
    def lengths(self) -> Places:
        """How many bytes each has."""
        return self.ends - self.starts

    def count(self, wanted: npt.NDArray[np.bool_]) -> Places:
        """How many of some bytes each holds."""
        before = np.concatenate(([0], np.cumsum(wanted, dtype=np.int64)))
        counted: Places = before[self.ends] - before[self.starts]
        return counted

    def among(self, few: bytes) -> Places:
        """How many of a few bytes each holds."""
        return self.count(np.isin(self.data, np.frombuffer(few, dtype=np.uint8)))

    def digits(self) -> Places:
        """How many digits each holds."""
        return self.count((self.data >= ord("0")) & (self.data <= ord("9")))


def untrimmed(keys: Sequence[str]) -> list[int]:
    """The places of keys that begin or end with a space of whatever kind."""
    found = _Bytes.of(keys)
    candidates: Sequence[int] = range(len(keys))
    if found is not None:
        some = found.lengths > 0
        first = found.data[found.starts]
        last = found.data[np.maximum(found.ends - 1, 0)]
        odd = (first <= ord(" ")) | (last <= ord(" ")) | (first > 127) | (last > 127)  # noqa: PLR2004
        candidates = np.flatnonzero(odd & some).tolist()
    return [at for at in candidates if keys[at] != keys[at].strip()]


def odd_keys(keys: Sequence[str]) -> dict[int, Reading]:
    """The keys that are none, by their place, with what each looks like.

    Personal data (B65), an error (B38) or a date (B40) of a spreadsheet, a power of ten (B41), and
    a key that is shorter than those that begin with a zero (B41).
    """
    found = _Bytes.of(keys)
    candidates = range(len(keys)) if found is None else _candidates(found).tolist()
    odd = {at: reading for at in candidates if (reading := _odd(keys[at])) is not None}
    national = [at for at, reading in odd.items() if NATIONAL_NUMBER in reading.what]
    eleven = [at for at in candidates if _is_eleven_digits(keys[at])]
    # Of any numbers of eleven digits a few pass for national numbers: where that is chance, let be.
    chance = (
        {at for at in national if keys[at].isdigit()} if 2 * len(national) < len(eleven) else ()
    )
    odd = {at: reading for at, reading in odd.items() if at not in chance}
    return odd | _powers(keys, candidates) | _shorter(found)


def _is_eleven_digits(key: str) -> bool:
    return len(key) == NATIONAL_DIGITS and key.isdigit()


def _candidates(keys: _Bytes) -> Places:
    digits, lengths = keys.digits(), keys.lengths
    first = keys.data[keys.starts]
    letter = (first | 32 >= ord("a")) & (first | 32 <= ord("z"))
    phone = np.isin(first, np.frombuffer(b"0+", dtype=np.uint8)) & (digits >= FEWEST_DIGITS)
    phone &= (keys.among(SIGNS_OF_PHONES) > 0) | (first == ord("+"))
    digit = (first >= ord("0")) & (first <= ord("9"))
    power = digit & (lengths - digits <= 3) & (keys.among(LETTERS_OF_POWERS) == 1)  # noqa: PLR2004
    month = (digits <= 6) & (lengths - digits >= 4)  # noqa: PLR2004 - 3-jan, jan/2017
    odd = (
        (keys.among(ODD_BYTES) > 0)
        | (digits == NATIONAL_DIGITS)
        | (letter & (lengths >= SHORTEST_ACCOUNT) & (digits >= FEWEST_DIGITS))
        | phone
        | power
        | month
    )
    return np.flatnonzero(odd)


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
    odd = [at for at in candidates if SPREADSHEET_POWER.fullmatch(keys[at])]
    maybe = [at for at in candidates if POWER.fullmatch(keys[at])]
    if maybe and sum(key.isdigit() for key in keys) == len(keys) - len(odd) - len(maybe):
        odd += maybe
    what = "a key that a spreadsheet turned into a power of ten"
    return dict.fromkeys(odd, told("B41", what, AS_TEXT, shown=False))


def _shorter(found: _Bytes | None) -> dict[int, Reading]:
    """Keys of digits that are shorter than the keys that begin with a zero, all of one length."""
    if found is None:
        return {}
    whole = (found.digits() == found.lengths) & (found.lengths > 0)
    zeros = whole & (found.data[found.starts] == ord("0")) & (found.lengths > 1)
    lengths = Counter(found.lengths[zeros].tolist())
    if len(lengths) != 1:
        return {}
    shorter = np.flatnonzero(whole & (found.lengths < next(iter(lengths))))
    what = "a key that lost its leading zeros: others have them"
    return dict.fromkeys(shorter.tolist(), told("B41", what, AS_TEXT, shown=False))
