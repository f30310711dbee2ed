"""Read dates and times as a layout says they are written, and tell the hours of a clock."""

from __future__ import annotations

import datetime as dt
import importlib.resources
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import tzdata

from helpline_report.exports.text_tables import Mask
from helpline_report.tables.cell_readers import (
    UNKNOWN_VALUE,
    CellReading,
    Reader,
    Values,
    unknown_reader,
)

EPOCH = dt.date(1970, 1, 1)
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
# Days that no clock need be known of lie outside.
CLOCKS = np.datetime64("1950-01-01", "m"), np.datetime64("2150-01-01", "m")
Serial = Literal[1900, 1904] | None
# The day that each system of serial numbers counts as 0; that of 1900 has a 29 February too many.
SERIAL_ZERO = {1900: dt.date(1899, 12, 30), 1904: dt.date(1904, 1, 1)}
SERIAL_REPAIR = {1900: "B44", 1904: "B45"}


def date_reader(written: str, serial: Serial = None) -> Reader:
    """A reader of dates: the value is days since 1970-01-01; a format without day is its first.

    A spreadsheet's serial number is mended (B44, B45) where it counts from `serial`. Refused:
    another form (B42), day and month the other way round (B42), a year of two digits (B43), a
    serial number (B44), a day that doesn't exist (B46).
    """
    pattern = re.compile(_date_pattern(written), re.ASCII)

    def read(text: str) -> CellReading:
        trimmed = text.strip()
        match = pattern.fullmatch(trimmed)
        if match is not None:
            return _day(match, written, repair="B61" if trimmed != text else "")
        number = SERIAL.fullmatch(trimmed)
        if number is not None and serial is not None:
            days = (SERIAL_ZERO[serial] - EPOCH).days + int(number[1])
            return CellReading(days, repair=SERIAL_REPAIR[serial])
        return _other_form(trimmed, written)

    return read


def time_reader(written: str, blank: str | None, unknown: Sequence[str] = ()) -> Reader:
    """A reader of times: the value is the minute of the day, or -1 where it is unknown.

    That is a blank where the layout says so, and what it lists as `unknown` (B39).
    """
    pattern = re.compile(_time_pattern(written), re.ASCII)

    def read(text: str) -> CellReading:
        trimmed = text.strip()
        if not trimmed and blank is not None:
            return CellReading(UNKNOWN_VALUE, repair="B61" if text else "")
        match = pattern.fullmatch(trimmed)
        if match is None:
            return CellReading(fault="B42", case="time", values={"written": written})
        return _minute(match, written, repair="B61" if trimmed != text else "")

    return unknown_reader(read, unknown)


def stamp_reader(written: str, serial: Serial = None) -> Reader:
    """A reader of a date and a time in one cell: the value is minutes since 1970-01-01 00:00.

    Refused is what `date_reader` and `time_reader` refuse.
    """
    date, between, time = re.split(r"([T ])", written.removesuffix("Z"))
    zulu = "Z" if written.endswith("Z") else ""
    pattern = re.compile(f"{_date_pattern(date)}{between}{_time_pattern(time)}{zulu}", re.ASCII)

    def read(text: str) -> CellReading:
        trimmed = text.strip()
        match = pattern.fullmatch(trimmed)
        if match is not None:
            day = _day(match, written, repair="B61" if trimmed != text else "")
            minute = _minute(match, written)
            if day.fault or minute.fault:
                return day if day.fault else replace(minute, value=NO_DAY)
            return replace(day, value=day.value * MINUTES_A_DAY + minute.value)
        number = SERIAL.fullmatch(trimmed)
        if number is not None and serial is not None:
            days = (SERIAL_ZERO[serial] - EPOCH).days + int(number[1])
            minutes = round(float((number[2] or "0").replace(",", ".")) * MINUTES_A_DAY)
            return CellReading(days * MINUTES_A_DAY + minutes, repair=SERIAL_REPAIR[serial])
        return _other_form(re.split("[ T]", trimmed, maxsplit=1)[0], written, key="stamps")

    return read


def _date_pattern(written: str) -> str:
    """The regular expression of a date format such as `dd/mm/yyyy`, with groups d, m and y."""
    parts = re.findall(r"dd?|mm?|yyyy|yy|[-/.]", written)
    return "".join(TOKENS.get(part, re.escape(part)) for part in parts)


def _time_pattern(written: str) -> str:
    """The regular expression of a time format such as `hh:mm:ss`: groups hour, minute, second."""
    parts = re.fullmatch(r"hh?([:.uh])mm(?:([:.])ss)?", written)
    assert parts is not None  # noqa: S101 - the layout's schema says so
    seconds = rf"{re.escape(parts[2])}(?P<second>\d{{2}})" if parts[2] else ""
    return rf"(?P<hour>\d{{1,2}}){re.escape(parts[1])}(?P<minute>\d{{2}}){seconds}"


def _day(match: re.Match[str], written: str, *, repair: str) -> CellReading:
    parts = match.groupdict()
    year = int(parts["y"]) + (0 if "yyyy" in written else 2000)
    month, day = int(parts.get("m") or 1), int(parts.get("d") or 1)
    try:
        return CellReading((dt.date(year, month, day) - EPOCH).days, repair=repair)
    except ValueError:
        if month > MONTHS >= day:
            return _no_date("B42", "swapped", written)
        return _no_date("B46", "day", written)


def _minute(match: re.Match[str], written: str, repair: str = "") -> CellReading:
    hour, minute, second = (
        int(match.groupdict().get(name) or 0) for name in ("hour", "minute", "second")
    )
    if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004 - the times of a day
        return CellReading(fault="B46", case="time", values={"written": written})
    return CellReading(60 * hour + minute, repair=repair)


def _other_form(text: str, written: str, key: str = "dates") -> CellReading:
    """What isn't a date as it is written; `key` of the layout says how dates are."""
    if SERIAL.fullmatch(text):
        return _no_date("B44", "", written)
    if "yyyy" in written and SHORT_YEAR.fullmatch(text):
        return _no_date("B43", "", written, key)
    return _no_date("B42", "form", written, key)


def _no_date(code: str, case: str, written: str, key: str = "dates") -> CellReading:
    return CellReading(NO_DAY, fault=code, case=case, values={"written": written, "key": key})


@cache
def load_zone(name: str) -> ZoneInfo:
    """A time zone from the package of zones, whatever the machine knows."""
    path = importlib.resources.files(tzdata).joinpath("zoneinfo", *name.split("/"))
    with path.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def never_and_twice(minutes: Values, name: str) -> tuple[Mask, Mask]:
    """Which minutes since 1970, by the clock of a zone, didn't exist, and which existed twice."""
    # A year has half a million minutes, and its contacts may be ten times as many.
    places, distinct = pd.factorize(minutes)
    wall, zone = _wall(distinct), load_zone(name)
    first = np.ones(len(wall), dtype=np.bool_)
    never = wall.tz_localize(zone, ambiguous=first, nonexistent="NaT")
    twice = wall.tz_localize(zone, ambiguous="NaT", nonexistent=pd.Timedelta(hours=1))
    return np.asarray(never.isna())[places], np.asarray(twice.isna())[places]


def convert_zone(minutes: Values, written: str, local: str) -> Values:
    """Minutes since 1970 by the clock of one zone, by that of another.

    Of an hour that existed twice the first is taken.
    """
    places, distinct = pd.factorize(minutes)
    wall, first = _wall(distinct), np.ones(len(distinct), dtype=np.bool_)
    stamps = wall.tz_localize(
        load_zone(written), ambiguous=first, nonexistent=pd.Timedelta(hours=1)
    )
    moved = stamps.tz_convert(load_zone(local)).tz_localize(None) - wall
    ahead = moved.to_numpy().astype("timedelta64[m]").astype(np.int64)
    values: Values = minutes + ahead[places]
    return values


def _wall(minutes: Values) -> pd.DatetimeIndex:
    """The wall of a clock; a date beyond the clocks that are known is refused elsewhere."""
    within = np.clip(minutes.astype("datetime64[m]"), *CLOCKS)
    return pd.DatetimeIndex(within.astype("datetime64[s]"))
