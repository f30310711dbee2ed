"""Dates and times together: in one cell or two, by whose clock, and at hours that there were."""

from __future__ import annotations

import datetime as dt
import re
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.tables.cell_readers import CellReading
from helpline_report.tables.date_columns import (
    NO_DAY,
    convert_zone,
    date_reader,
    never_and_twice,
    stamp_reader,
    time_reader,
)
from tests.tables.conftest import layout_of_contacts

ONE = "day: {field: date, kind: datetime}"
TWO = (
    "day: {field: date, kind: date}\n          "
    "time: {field: hour, kind: time, blank: unknown, unknown: ['99:99']}"
)


def lay_out(desk: Any, written: str, columns: str = ONE) -> None:
    """A layout of contacts alone, with dates and times written so."""
    desk.put_layout(layout_of_contacts(*written.split("\n"), columns=columns))


def minutes(text: str) -> int:
    """Minutes since 1970 of a wall's time."""
    return int((dt.datetime.fromisoformat(text) - dt.datetime(1970, 1, 1)).total_seconds()) // 60


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("dd/mm/yyyy hh:mm", "02/03/2017 09:15"),
        ("dd/mm/yyyy h:mm", "02/03/2017 9:15"),
        ("yyyy-mm-ddThh:mm:ssZ", "2017-03-02T09:15:59Z"),
        ("d-m-yyyy hhumm", "2-3-2017 9u15"),
        ("m/d/yy hh:mm:ss", "3/2/17 09:15:00"),
    ],
)
def test_a_stamp_is_its_minute(written: str, text: str) -> None:
    """A date and a time, as the layout writes them."""
    assert stamp_reader(written)(text) == CellReading(minutes("2017-03-02T09:15"))


@pytest.mark.parametrize(
    ("text", "fault", "case"),
    [
        ("31/04/2017 09:15", "B46", "day"),
        ("02/13/2017 09:15", "B42", "swapped"),
        ("02/03/2017 24:15", "B46", "time"),
        ("02/03/17 09:15", "B43", ""),
        ("42796.5", "B44", ""),
        ("02/03/2017", "B42", "form"),
        ("", "B42", "form"),
    ],
)
def test_any_other_stamp_is_refused(text: str, fault: str, case: str) -> None:
    """With the code of what is wrong with it."""
    reading = stamp_reader("dd/mm/yyyy hh:mm")(text)
    assert (reading.fault, reading.case) == (fault, case)


def test_a_serial_number_may_have_a_time() -> None:
    """B44: the part behind the point, or comma, is that of the day."""
    read = stamp_reader("dd/mm/yyyy hh:mm", 1900)
    assert read("42796,385416667") == CellReading(minutes("2017-03-02T09:15"), repair="B44")


def test_one_column_gives_date_and_hour(desk: Any) -> None:
    """The field `hour` comes with it."""
    lay_out(desk, "stamps: dd/mm/yyyy hh:mm")
    desk.put("contacts.csv", "nr | day\n1 | 02/03/2017 09:15\n2 | 31/12/2017 23:59")
    frame = desk.table("contacts").frame
    assert frame["date"].dt.strftime("%d/%m").tolist() == ["02/03", "31/12"]
    assert frame["hour"].tolist() == [9, 23]


def test_times_are_written_as_the_layout_says(desk: Any) -> None:
    """`9u30` is half past nine; what is listed as unknown is, and is counted."""
    lay_out(desk, "dates: dd/mm/yyyy\ntimes: hhumm", TWO)
    desk.put("contacts.csv", "nr|day|time\n1 | 02/03/2017 | 9u30\n2 | 31/12/2017 | 99:99")
    assert desk.column("contacts", "hour") == [9, -1]
    assert desk.balance("contacts.csv").repaired == {"B39": 1}


def test_utc_becomes_the_clock_of_brussels(desk: Any) -> None:
    """B51: an hour later in winter, two in summer; a date that changes is counted as mended."""
    lay_out(desk, "stamps: yyyy-mm-ddThh:mm:ssZ")
    desk.put(
        "contacts.csv",
        "nr | day\n1 | 2017-01-31T22:59:00Z\n2 | 2017-01-31T23:00:00Z\n3 | 2017-07-15T22:00:00Z",
    )
    frame = desk.table("contacts").frame
    assert frame["date"].dt.strftime("%d/%m").tolist() == ["31/01", "01/02", "16/07"]
    assert frame["hour"].tolist() == [23, 0, 0]
    assert desk.balance("contacts.csv").repaired == {"B51": 2}


def test_utc_in_two_columns_is_the_same(desk: Any) -> None:
    """A date whose time is unknown stays."""
    lay_out(desk, "dates: dd/mm/yyyy\ntime_zone: UTC", TWO)
    desk.put("contacts.csv", "nr|day|time\n1 | 31/01/2017 | 23:30\n2 | 31/01/2017 |")
    assert desk.column("contacts", "date") == ["2017-02-01 00:00:00", "2017-01-31 00:00:00"]
    assert desk.column("contacts", "hour") == [0, -1]


def test_another_helpline_has_another_clock(desk: Any) -> None:
    """The hour that Brussels left out is an hour like any other in Buenos Aires."""
    lay_out(desk, "dates: dd/mm/yyyy\nlocal_zone: America/Argentina/Buenos_Aires", TWO)
    desk.put("contacts.csv", "nr|day|time\n1 | 26/03/2017 | 02:30")
    assert desk.column("contacts", "hour") == [2]


def test_an_hour_that_did_not_exist_is_to_be_acknowledged(desk: Any) -> None:
    """B47: the clocks went from two to three."""
    lay_out(desk, "dates: dd/mm/yyyy", TWO)
    desk.put("contacts.csv", "nr|day|time\n1 | 26/03/2017 | 02:30\n2 | 31/12/2017 | 02:30")
    assert desk.problems() == [
        "[B47] raw/contacts.csv:2, column time: 1 time(s) in an hour that the clocks of "
        "Europe/Brussels left out: the date counts, the hour is unknown\n"
        "  → look up how the source sets its clock, then acknowledge it"
    ]


def test_the_date_counts_where_the_hour_did_not_exist(desk: Any) -> None:
    """B47: once it is acknowledged."""
    lay_out(desk, "dates: dd/mm/yyyy", TWO)
    desk.said["acknowledged"] = [{"fault": "B47", "rows": 1, "reason": {"nl": "x", "en": "x"}}]
    desk.put("contacts.csv", "nr|day|time\n1 | 26/03/2017 | 02:30\n2 | 31/12/2017 | 02:30")
    assert desk.column("contacts", "hour") == [-1, 2]
    assert desk.column("contacts", "date")[0] == "2017-03-26 00:00:00"
    assert desk.balance("contacts.csv").noted == {"B47": 1}


def test_an_hour_that_existed_twice_is_counted(desk: Any) -> None:
    """B48: which of the two doesn't matter."""
    lay_out(desk, "dates: dd/mm/yyyy", TWO)
    desk.put("contacts.csv", "nr|day|time\n1 | 29/10/2017 | 02:30\n2 | 31/12/2017 | 02:30")
    assert desk.column("contacts", "hour") == [2, 2]
    balance = desk.balance("contacts.csv")
    assert (balance.used, balance.noted) == (2, {"B48": 1})


def test_serial_numbers_are_dates_where_the_layout_says_so(desk: Any) -> None:
    """B44: counted; as 1904 counts them it is B45."""
    lay_out(desk, "dates: dd/mm/yyyy\nserial_dates: true", TWO)
    desk.put("contacts.csv", "nr|day|time\n1 | 42796 |\n2 | 31/12/2017 |")
    assert desk.column("contacts", "date")[0] == "2017-03-02 00:00:00"
    assert desk.balance("contacts.csv").repaired == {"B44": 1}
    lay_out(desk, "dates: dd/mm/yyyy\nserial_dates: 1904", TWO)
    desk.put("contacts.csv", "nr|day|time\n1 | 41334 |\n2 | 31/12/2017 |")
    assert desk.column("contacts", "date")[0] == "2017-03-02 00:00:00"
    assert desk.balance("contacts.csv").repaired == {"B45": 1}


def test_a_serial_number_is_refused_where_it_does_not(desk: Any) -> None:
    """B44: with the line to add to the layout."""
    lay_out(desk, "dates: dd/mm/yyyy", TWO)
    desk.put("contacts.csv", "nr|day|time\n1 | 42796 |\n2 | 31/12/2017 |")
    assert desk.problems() == [
        "[B44] raw/contacts.csv:2, column day: '99999' is a spreadsheet's serial number; expected "
        "dd/mm/yyyy\n"
        "  → export the dates as text, or say in the layout of the file: serial_dates: true"
    ]


@given(
    st.datetimes(min_value=dt.datetime(1980, 1, 1), max_value=dt.datetime(2037, 12, 31)),
    st.sampled_from(["Europe/Brussels", "Europe/London", "America/New_York", "Asia/Kathmandu"]),
)
def test_there_and_back_again(at: dt.datetime, zone: str) -> None:
    """An hour that there was once comes back from UTC as it was."""
    wall = np.array([minutes(at.isoformat(timespec="minutes"))], dtype=np.int64)
    never, twice = never_and_twice(wall, zone)
    if not never[0] and not twice[0]:
        assert convert_zone(convert_zone(wall, zone, "UTC"), "UTC", zone).tolist() == wall.tolist()


def test_a_year_has_one_hour_too_few_and_one_too_many() -> None:
    """Brussels, 2017: four quarters each."""
    wall = minutes("2017-01-01") + np.arange(0, 365 * 1440, 15)
    never, twice = never_and_twice(wall, "Europe/Brussels")
    assert (never.sum(), twice.sum()) == (4, 4)


# One cell: a date, a time


def told(reading: CellReading) -> tuple[str, str]:
    """The fault of a reading, and its case."""
    return reading.fault, reading.case


@pytest.mark.parametrize(
    ("written", "text", "day"),
    [
        ("dd/mm/yyyy", "02/03/2017", date(2017, 3, 2)),
        ("dd/mm/yyyy", "29/02/2016", date(2016, 2, 29)),
        ("yyyy-mm-dd", "2020-12-31", date(2020, 12, 31)),
        ("dd-mm-yy", "18-09-15", date(2015, 9, 18)),
        ("m/d/yy", "1/31/19", date(2019, 1, 31)),
        ("yyyymm", "201712", date(2017, 12, 1)),
        ("yyyymmdd", "20170131", date(2017, 1, 31)),
        ("yyyy", "2017", date(2017, 1, 1)),
    ],
)
def test_a_date_is_read_as_the_layout_writes_it(written: str, text: str, day: date) -> None:
    """Day first or month first is the layout's to say; a format without a day is its first."""
    assert date_reader(written)(text) == CellReading((day - date(1970, 1, 1)).days)


@pytest.mark.parametrize(
    ("text", "fault", "case"),
    [
        ("12/31/2017", "B42", "swapped"),
        ("2017-12-31", "B42", "form"),
        ("", "B42", "form"),
        ("1/3/2017", "B42", "form"),
        ("01/03/17", "B43", ""),
        ("42795", "B44", ""),
        ("29/02/2017", "B46", "day"),
        ("31/04/2017", "B46", "day"),
        ("00/01/2017", "B46", "day"),
    ],
)
def test_any_other_date_is_refused(text: str, fault: str, case: str) -> None:
    """Each with the code of what is wrong with it."""
    assert told(date_reader("dd/mm/yyyy")(text)) == (fault, case)


def test_spaces_around_a_date_are_mended() -> None:
    """B61: counted."""
    assert date_reader("dd/mm/yyyy")(" 02/01/1970\u00a0") == CellReading(1, repair="B61")


@pytest.mark.parametrize(
    ("written", "text", "minute"),
    [
        ("hh:mm", "00:00", 0),
        ("hh:mm", "9:05", 545),
        ("hh:mm", "23:59", 1439),
        ("hh:mm:ss", "09:30:00", 570),
        ("hhumm", "9u30", 570),
        ("hh.mm", "09.30", 570),
    ],
)
def test_a_time_is_its_minute_of_the_day(written: str, text: str, minute: int) -> None:
    """As the layout writes it; a leading zero may be missing."""
    assert time_reader(written, None)(text) == CellReading(minute)


@pytest.mark.parametrize(
    ("text", "fault"), [("24:00", "B46"), ("12:60", "B46"), ("9", "B42"), ("", "B42")]
)
def test_any_other_time_is_refused(text: str, fault: str) -> None:
    """A blank too, unless the layout says that it is unknown."""
    assert time_reader("hh:mm", None)(text).fault == fault
    assert time_reader("hh:mm", "unknown")("") == CellReading(-1)


@given(
    st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)),
    st.sampled_from(["dd/mm/yyyy", "d-m-yyyy", "m/d/yy", "yyyy-mm-dd", "yyyymmdd", "dd.mm.yy"]),
)
def test_any_date_is_read_back(day: date, written: str) -> None:
    """As each format writes it."""
    parts = {"dd": f"{day:%d}", "d": str(day.day), "mm": f"{day:%m}", "m": str(day.month)}
    parts |= {"yyyy": f"{day:%Y}", "yy": f"{day:%y}"}
    text = re.sub("dd?|mm?|yyyy|yy", lambda found: parts[found[0]], written)
    assert date_reader(written)(text) == CellReading((day - date(1970, 1, 1)).days)


@given(st.text(), st.sampled_from([None, 1900, 1904]))
def test_any_text_is_a_date_or_refused(text: str, serial: Any) -> None:
    """Never an exception; a date that can't be read is no day."""
    for reader in (date_reader("dd/mm/yyyy", serial), stamp_reader("dd/mm/yyyy hh:mm", serial)):
        reading = reader(text)
        assert (reading.value == NO_DAY) == bool(reading.fault)
