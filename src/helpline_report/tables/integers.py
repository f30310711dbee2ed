"""Whole numbers of a column, read by the file's locale and never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from helpline_report.exports.shapes import plain
from helpline_report.parameters.row_layouts import UNKNOWN, Column
from helpline_report.parameters.written import Numbers
from helpline_report.tables.reading import Reader, Reading
from helpline_report.tables.values import UNKNOWN_VALUE

WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
BROKEN = re.compile(r"-?\d+([.,' ]\d+)+", re.ASCII)
ZEROS = re.compile(r"(-?\d{1,9})[.,]0{1,2}", re.ASCII)
DECIMALS = re.compile(r"-?\d+([.,])\d+", re.ASCII)
SAY_NUMBERS = "correct it in the source, or say in the layout of the file how numbers are written"
SOURCE = "correct it in the source"


@dataclass(frozen=True)
class Range:
    """The numbers from `low` to `high`, and what lies outside and what stands for unknown."""

    low: int
    high: int
    outside_unknown: bool = False
    blank: str | None = None
    unknown: Sequence[str] = ()

    @classmethod
    def of(cls, column: Column) -> Range:
        """The range of a column of a layout."""
        assert column.low is not None  # noqa: S101 - the layout's schema says so
        assert column.high is not None  # noqa: S101
        outside = column.outside == UNKNOWN
        return cls(column.low, column.high, outside, column.blank, column.unknown)


def integer_reader(within: Range, numbers: Numbers | None = None) -> Reader:
    """A reader of whole numbers; -1 where unknown.

    Mended is a number that is written as text or with zeros behind the comma (B36), and what the
    layout lists as unknown, or takes for unknown as it lies outside (B39). Refused are the other
    decimal sign than the file's (B34), decimals (B35), anything else (B36), and what lies outside
    (B39).
    """
    expected = f"a whole number from {within.low} to {within.high}"
    unknowns = {plain(text) for text in within.unknown}
    unknown_numbers = {int(text) for text in within.unknown if WHOLE.fullmatch(text)}

    def read(text: str) -> Reading:
        trimmed = text.strip().removeprefix("'").strip()
        if not trimmed and within.blank is not None:
            return Reading(UNKNOWN_VALUE, repair="B61" if text else "")
        if plain(text) in unknowns:
            return Reading(UNKNOWN_VALUE, repair="B39")
        value = _whole(trimmed, numbers)
        if isinstance(value, Reading):
            return Reading(fault=value.fault, what=value.what, expected=expected,
                           next_step=value.next_step)  # fmt: skip
        if value in unknown_numbers:
            return Reading(UNKNOWN_VALUE, repair="B39")
        if within.low <= value <= within.high:
            plainly = WHOLE.fullmatch(text) is not None
            return Reading(value, repair="" if plainly else "B36")
        if within.outside_unknown:
            return Reading(UNKNOWN_VALUE, repair="B39")
        return Reading(
            fault="B39",
            what="is outside the range",
            expected=expected,
            next_step="correct it in the source, or say in the layout what it means: "
            "'unknown' lists it, 'outside: unknown' takes all",
        )

    return read


def _whole(text: str, numbers: Numbers | None) -> int | Reading:
    """The number that a text is without doubt, or a fault."""
    if WHOLE.fullmatch(text):
        return int(text)
    if numbers is not None:
        return _by_locale(text, numbers)
    zeros = ZEROS.fullmatch(text)
    if zeros is not None:
        return int(zeros[1])
    return _no_number(text)


def _by_locale(text: str, numbers: Numbers) -> int | Reading:
    spaced = re.sub(r"[\u00a0\u202f]", " ", text)
    whole, sign, decimals = spaced.partition(numbers.decimal)
    group = re.escape(numbers.thousands)
    grouped = re.fullmatch(rf"-?\d{{1,3}}({group}\d{{3}}){{1,2}}|-?\d{{1,9}}", whole, re.ASCII)
    # Three zeros behind the sign are a thousand to whoever writes the other sign.
    if grouped and decimals in {"", "0", "00"} and bool(sign) == bool(decimals):
        return int(whole.replace(numbers.thousands, ""))
    other = "." if numbers.decimal == "," else ","
    if re.fullmatch(rf"-?\d+{re.escape(other)}0{{1,2}}", spaced, re.ASCII):
        what = f"has a decimal {_sign(other)} where numbers have a {_sign(numbers.decimal)}"
        return Reading(fault="B34", what=what, next_step=SAY_NUMBERS)
    return _no_number(spaced)


def _sign(sign: str) -> str:
    return "comma" if sign == "," else "point"


def _no_number(text: str) -> Reading:
    if BROKEN.fullmatch(text):
        what = "is no whole number without doubt"
        return Reading(fault="B35", what=what, next_step=SAY_NUMBERS)
    return Reading(fault="B36", what="is no whole number", next_step=SOURCE)


def mixes_decimals(texts: Sequence[str], numbers: Numbers | None) -> str:
    """The first text with another decimal sign than a text before it (B34), or nothing."""
    seen = ""
    for text in texts:
        found = DECIMALS.fullmatch(text.strip())
        sign = found[1] if found and not _groups(text.strip(), numbers) else ""
        if sign and seen and sign != seen:
            return text
        seen = seen or sign
    return ""


def _groups(text: str, numbers: Numbers | None) -> bool:
    """Whether the sign in a text groups thousands."""
    if numbers is None or numbers.thousands not in text:
        return False
    return re.fullmatch(rf"-?\d{{1,3}}{re.escape(numbers.thousands)}\d{{3}}", text) is not None
