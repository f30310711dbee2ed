"""Dates and times, read as the layout says they are written and no other way."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from helpline_report.exports.shapes import plain
from helpline_report.tables.reading import Reader, Reading

EPOCH = dt.date(1970, 1, 1)
UNKNOWN_VALUE = -1
# A date that can't be read is no day at all (numpy's NaT), so it lies in and outside no period.
NO_DAY = -(2**63)
MINUTES_A_DAY = 1440
TOKENS = {
    "dd": r"(?P<d>\d{2})",
    "d": r"(?P<d>\d{1,2})",
    "mm": r"(?P<m>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "yyyy": r"(?P<y>\d{4})",
    "yy": r"(?P<y>\d{2})",
}
SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}", re.ASCII)
SERIAL = re.compile(r"(\d{5})([.,]\d+)?", re.ASCII)
MONTHS = 12

Serial = Literal[1900, 1904] | None
# The day that each system of serial numbers counts as 0; that of 1900 has a 29 February too many.
SERIAL_ZERO = {1900: dt.date(1899, 12, 30), 1904: dt.date(1904, 1, 1)}
SERIAL_REPAIR = {1900: "B44", 1904: "B45"}


def date_pattern(written: str) -> str:
    """The regular expression of a date format such as `dd/mm/yyyy`, with groups d, m and y."""
    parts = re.findall(r"dd?|mm?|yyyy|yy|[-/.]", written)
    return "".join(TOKENS.get(part, re.escape(part)) for part in parts)


def time_pattern(written: str) -> str:
    """The regular expression of a time format such as `hh:mm:ss`: groups hour, minute, second."""
    parts = re.fullmatch(r"hh?([:.uh])mm(?:([:.])ss)?", written)
    assert parts is not None  # noqa: S101 - the layout's schema says so
    seconds = rf"{re.escape(parts[2])}(?P<second>\d{{2}})" if parts[2] else ""
    return rf"(?P<hour>\d{{1,2}}){re.escape(parts[1])}(?P<minute>\d{{2}}){seconds}"


def date_reader(written: str, serial: Serial = None) -> Reader:
    """A reader of dates: the value is days since 1970-01-01; a format without day is its first.

    A spreadsheet's serial number is mended (B44, B45) where it counts from `serial`. Refused:
    another form (B42), day and month the other way round (B42), a year of two digits (B43), a
    serial number (B44), a day that doesn't exist (B46).
    """
    pattern = re.compile(date_pattern(written), re.ASCII)
    short = "yyyy" not in written

    def read(text: str) -> Reading:
        trimmed = text.strip()
        found = pattern.fullmatch(trimmed)
        if found is None:
            return _other_form(trimmed, written, serial)
        return _day(found, written, repair="B61" if trimmed != text else "", short=short)

    return read


def _day(found: re.Match[str], written: str, *, repair: str, short: bool) -> Reading:
    parts = found.groupdict()
    year = int(parts["y"]) + (2000 if short else 0)
    month, day = int(parts.get("m") or 1), int(parts.get("d") or 1)
    try:
        return Reading((dt.date(year, month, day) - EPOCH).days, repair=repair)
    except ValueError:
        swapped = month > MONTHS >= day
        code = "B42" if swapped else "B46"
        what = "has day and month swapped" if swapped else "is a day that doesn't exist"
        return Reading(NO_DAY, fault=code, what=what, expected=written, next_step=_step(code))


def _other_form(text: str, written: str, serial: Serial) -> Reading:
    found = SERIAL.fullmatch(text)
    if found is not None and serial is not None:
        zero = (SERIAL_ZERO[serial] - EPOCH).days
        return Reading(zero + int(found[1]), repair=SERIAL_REPAIR[serial])
    code, what = "B42", "is no date of this form"
    if found is not None:
        code, what = "B44", "is a spreadsheet's serial number"
    elif "yyyy" in written and SHORT_YEAR.fullmatch(text):
        code, what = "B43", "has a year of two digits"
    return Reading(NO_DAY, fault=code, what=what, expected=written, next_step=_step(code))


def _step(code: str) -> str:
    if code == "B46":
        return "correct the date in the source"
    if code == "B44":
        return "export the dates as text, or say in the layout of the file: serial_dates: true"
    return "export the dates as the layout says, or say 'dates' in the layout as they are"


def time_reader(written: str, blank: str | None, unknown: Sequence[str] = ()) -> Reader:
    """A reader of times: the value is the minute of the day, or -1 where it is unknown.

    That is a blank where the layout says so, and what it lists as `unknown` (B39).
    """
    pattern = re.compile(time_pattern(written), re.ASCII)
    unknowns = {plain(text) for text in unknown}

    def read(text: str) -> Reading:
        trimmed = text.strip()
        if not trimmed and blank is not None:
            return Reading(UNKNOWN_VALUE, repair="B61" if text else "")
        if plain(text) in unknowns:
            return Reading(UNKNOWN_VALUE, repair="B39")
        found = pattern.fullmatch(trimmed)
        if found is None:
            what, step = "is no time of this form", "say in the layout how they are: 'times'"
            return Reading(fault="B42", what=what, expected=written, next_step=step)
        minute = _minute(found)
        if minute is None:
            what = "is a time that doesn't exist"
            return Reading(fault="B46", what=what, expected=written)
        return Reading(minute, repair="B61" if trimmed != text else "")

    return read


def _minute(found: re.Match[str]) -> int | None:
    parts = found.groupdict()
    hour, minute = int(parts["hour"]), int(parts["minute"])
    if hour > 23 or minute > 59 or int(parts.get("second") or 0) > 59:  # noqa: PLR2004 - a day's
        return None
    return 60 * hour + minute


def stamp_reader(written: str, serial: Serial = None) -> Reader:
    """A reader of a date and a time in one cell: the value is minutes since 1970-01-01 00:00.

    Refused is what `date_reader` and `time_reader` refuse.
    """
    cut = max(written.find("T"), written.find(" "))
    date, time, between = written[:cut], written[cut + 1 :].removesuffix("Z"), written[cut]
    zulu = "Z" if written.endswith("Z") else ""
    pattern = re.compile(f"({date_pattern(date)}){between}({time_pattern(time)}){zulu}", re.ASCII)
    short = "yyyy" not in date

    def read(text: str) -> Reading:
        trimmed = text.strip()
        found = pattern.fullmatch(trimmed)
        if found is None:
            return _other_stamp(trimmed, written, serial)
        day = _day(found, written, repair="B61" if trimmed != text else "", short=short)
        if day.fault:
            return day
        minute = _minute(found)
        if minute is None:
            what = "is a time that doesn't exist"
            return Reading(NO_DAY, fault="B46", what=what, expected=written)
        return Reading(day.value * MINUTES_A_DAY + minute, repair=day.repair)

    return read


def _other_stamp(text: str, written: str, serial: Serial) -> Reading:
    found = SERIAL.fullmatch(text)
    if found is not None and serial is not None:
        zero = (SERIAL_ZERO[serial] - EPOCH).days
        part = float((found[2] or "0").replace(",", "."))
        minutes = (zero + int(found[1])) * MINUTES_A_DAY + round(part * MINUTES_A_DAY)
        return Reading(minutes, repair=SERIAL_REPAIR[serial])
    told = _other_form(text.split(" ", 1)[0].split("T", 1)[0], written, None)
    step = told.next_step.replace("'dates'", "'stamps'")
    return Reading(NO_DAY, fault=told.fault, what=told.what, expected=written, next_step=step)


def either(first: Reader, second: Reader) -> Reader:
    """A reader of what one of two can read; what neither can, is told as the first tells it."""

    def read(text: str) -> Reading:
        reading = first(text)
        if not reading.fault:
            return reading
        other = second(text)
        return reading if other.fault else other

    return read


def midnights(dates: Reader) -> Reader:
    """A reader of stamps that are dates alone, as a workbook writes those of midnight."""

    def read(text: str) -> Reading:
        reading = dates(text)
        days = reading.value
        return reading if reading.fault else replace(reading, value=days * MINUTES_A_DAY)

    return read
