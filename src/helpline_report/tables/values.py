"""Dates, times and whole numbers, read as the layout says they are written and no other way."""

from __future__ import annotations

import datetime as dt
import re

from helpline_report.tables.reading import Reader, Reading

EPOCH = dt.date(1970, 1, 1)
UNKNOWN_VALUE = -1
# A date that can't be read is no day at all (numpy's NaT), so it lies in and outside no period.
NO_DAY = -(2**63)
TOKENS = {
    "dd": r"(?P<d>\d{2})",
    "d": r"(?P<d>\d{1,2})",
    "mm": r"(?P<m>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "yyyy": r"(?P<y>\d{4})",
    "yy": r"(?P<y>\d{2})",
}
SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}", re.ASCII)
SERIAL = re.compile(r"\d{5}", re.ASCII)
TIME = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
BROKEN = re.compile(r"\d+[.,]\d+", re.ASCII)
MONTHS = 12


def date_pattern(written: str) -> str:
    """The regular expression of a date format such as `dd/mm/yyyy`, with groups d, m and y."""
    parts = re.findall(r"dd?|mm?|yyyy|yy|[-/.]", written)
    return "".join(TOKENS.get(part, re.escape(part)) for part in parts)


def date_reader(written: str) -> Reader:
    """A reader of dates: the value is days since 1970-01-01; a format without day is its first.

    Refused: another form (B42), day and month the other way round (B42), a year of two digits
    (B43), a spreadsheet's serial number (B44), a day that doesn't exist (B46).
    """
    pattern = re.compile(date_pattern(written), re.ASCII)
    short = "yyyy" not in written

    def read(text: str) -> Reading:
        trimmed = text.strip()
        found = pattern.fullmatch(trimmed)
        if found is None:
            code, what = _other_form(trimmed, short=short)
            return Reading(NO_DAY, fault=code, what=what, expected=written, next_step=_step(code))
        parts = {name: int(number) for name, number in found.groupdict().items()}
        year = parts["y"] + (2000 if short else 0)
        month, day = parts.get("m", 1), parts.get("d", 1)
        try:
            days = (dt.date(year, month, day) - EPOCH).days
        except ValueError:
            swapped = month > MONTHS >= day
            code = "B42" if swapped else "B46"
            what = "has day and month swapped" if swapped else "is a day that doesn't exist"
            return Reading(NO_DAY, fault=code, what=what, expected=written, next_step=_step(code))
        return Reading(days, repair="B61" if trimmed != text else "")

    return read


def _other_form(text: str, *, short: bool) -> tuple[str, str]:
    if not short and SHORT_YEAR.fullmatch(text):
        return "B43", "has a year of two digits"
    if SERIAL.fullmatch(text):
        return "B44", "is a spreadsheet's serial number"
    return "B42", "is no date of this form"


def _step(code: str) -> str:
    if code == "B46":
        return "correct the date in the source"
    return "export the dates as the layout says, or say 'dates' in the layout as they are"


def hour_reader(blank: str | None) -> Reader:
    """A reader of HH:MM: the value is the hour, 0 to 23, or -1 where a blank is unknown."""

    def read(text: str) -> Reading:
        trimmed = text.strip()
        if not trimmed and blank is not None:
            return Reading(UNKNOWN_VALUE, repair="B61" if text else "")
        found = TIME.fullmatch(trimmed)
        if found is None:
            return Reading(fault="B42", what="is no time of this form", expected="HH:MM")
        hour, minute = int(found[1]), int(found[2])
        if hour > 23 or minute > 59:  # noqa: PLR2004 - the hours of a day
            return Reading(fault="B46", what="is a time that doesn't exist", expected="HH:MM")
        return Reading(hour, repair="B61" if trimmed != text else "")

    return read


def integer_reader(low: int, high: int, *, outside_unknown: bool, blank: str | None) -> Reader:
    """A reader of whole numbers from `low` to `high`; -1 where unknown.

    What lies outside is unknown and counted as mended, or refused (B39); refused also: decimals
    (B35), an error of a spreadsheet (B38), anything else (B36).
    """
    expected = f"a whole number from {low} to {high}"

    def read(text: str) -> Reading:
        trimmed = text.strip()
        if not trimmed and blank is not None:
            return Reading(UNKNOWN_VALUE, repair="B61" if text else "")
        if not WHOLE.fullmatch(trimmed):
            return Reading(fault=_no_number(trimmed), what="is no whole number", expected=expected)
        value = int(trimmed)
        if low <= value <= high:
            return Reading(value, repair="B61" if trimmed != text else "")
        if outside_unknown:
            return Reading(UNKNOWN_VALUE, repair="B39")
        return Reading(
            fault="B39",
            what="is outside the range",
            expected=expected,
            next_step="correct it in the source, or say in the layout: outside: unknown",
        )

    return read


def _no_number(text: str) -> str:
    if text.startswith("#"):
        return "B38"
    return "B35" if BROKEN.fullmatch(text) else "B36"
