"""Dates, times, numbers and labels as the layout says they are written, and no other way."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.exports.cell_texts import plain
from helpline_report.tables.cell_readers import (
    CellReading,
    flag_reader,
    integer_reader,
    label_reader,
    open_label_reader,
)
from helpline_report.tables.date_columns import NO_DAY, date_reader, stamp_reader, time_reader
from tests.tables.conftest import integer_column


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


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("0", CellReading(0)),
        ("110", CellReading(110)),
        ("007", CellReading(7)),
        (" 34 ", CellReading(34, repair="B36")),
        ("34\u00a0", CellReading(34, repair="B36")),
        ("'34", CellReading(34, repair="B36")),
        ("34,0", CellReading(34, repair="B36")),
        ("34.0", CellReading(34, repair="B36")),
        ("111", CellReading(-1, repair="B39")),
        ("-1", CellReading(-1, repair="B39")),
        ("", CellReading(-1)),
        ("  ", CellReading(-1, repair="B61")),
    ],
)
def test_a_whole_number_in_its_range(text: str, reading: CellReading) -> None:
    """What lies outside is unknown where the layout says so, and counted (B39)."""
    assert (
        integer_reader(integer_column(0, 110, outside="unknown", blank="unknown"))(text) == reading
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("121", "B39"),
        ("-1", "B39"),
        ("3,5", "B35"),
        ("1.5", "B35"),
        ("vier", "B36"),
        ("1E05", "B36"),
        ("", "B36"),
        ("٣٤", "B36"),
    ],
)
def test_any_other_number_is_refused(text: str, fault: str) -> None:
    """Nothing is rounded, guessed or turned into 0."""
    assert integer_reader(integer_column(0, 120))(text).fault == fault


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Telefoon", CellReading(0)),
        ("TELEFOON ", CellReading(0, repair="B61")),
        ("tele\u0301x", CellReading(1, repair="B61")),
        ("", CellReading(2)),
        (" ", CellReading(2, repair="B61")),
    ],
)
def test_a_label_is_the_place_of_its_code(text: str, reading: CellReading) -> None:
    """Case, spaces and composed accents are mended and counted (B61)."""
    labels = {"Telefoon": "phone", "Teléx": "telex"}
    assert label_reader(labels, "none", ["phone", "telex", "none"])(text) == reading


def test_an_unknown_label_is_refused_with_the_nearest() -> None:
    """B59: what was expected is listed where the list is short."""
    reading = label_reader({"Telefoon": "phone", "Andere": "other"}, None, ["phone", "other"])(
        "Telefon"
    )
    assert told(reading) == ("B59", "label")
    assert reading.values["hint"] == ", did you mean 'Telefoon'?"
    assert reading.values["labels"] == "Telefoon, Andere"


def test_a_blank_without_a_code_is_refused() -> None:
    """B59: never missing by accident."""
    reading = label_reader({"Telefoon": "phone"}, None, ["phone"])("")
    assert told(reading) == ("B59", "label")


def test_texts_that_look_missing_are_labels() -> None:
    """B62: `NA` is somebody's label or nobody's, by the layout."""
    assert label_reader({"NA": "phone"}, None, ["phone"])("NA") == CellReading(0)


def test_flags_are_yes_or_no() -> None:
    """Case is mended (B61); anything else is refused (B63)."""
    read = flag_reader(["Si"], ["No"])
    assert [read(text) for text in ("Si", "No")] == [CellReading(1), CellReading(0)]
    assert read("SI") == CellReading(1, repair="B61")
    assert told(read("")) == ("B63", "")


def test_an_open_field_takes_any_label() -> None:
    """A label without a code is its own, in plain form."""
    order = ["unknown"]
    read = open_label_reader({"(not set)": "unknown"}, None, order)
    assert [read(text).value for text in ("(not set)", "Awel.BE ", "awel.be")] == [0, 1, 1]
    assert order == ["unknown", "awel.be"]


def test_a_column_that_is_unknown_by_the_layout_is_used(desk: Any) -> None:
    """Ages above the layout's range are unknown, and their rows count as repaired."""
    desk.put("persons.csv", "nr | contact | gender | age | context\n11 | 1 | Vrouw | 127 | School")
    desk.put("followups.csv", "person | followup\n11 | Advies")
    assert desk.column("persons", "age") == [-1]
    assert desk.balance("persons.csv").repaired == {"B39": 1}


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


@given(st.text(max_size=30))
def test_any_text_is_a_label_or_refused(text: str) -> None:
    """Never an exception, and never the code of another label."""
    reading = label_reader({"Telefoon": "phone", "07": "other"}, None, ["phone", "other"])(text)
    assert reading.fault or plain(text) in ("telefoon", "07")


@given(st.sampled_from(["Verwaarlozing", "Geëngageerd", "Vrije tijd"]), st.randoms())
def test_what_differs_by_accident_is_the_same_label(label: str, random: Any) -> None:
    """B61: case, spaces of any kind, and the way an accent is composed."""
    changed = "".join(random.choice((c.lower(), c.upper())) for c in label)
    changed = random.choice(("", " ", "\u00a0")) + changed.replace(" ", "\u00a0  ")
    changed = unicodedata.normalize(random.choice(("NFC", "NFD")), changed)
    reading = label_reader({label: "phone"}, None, ["phone"])(changed)
    assert (reading.value, reading.fault) == (0, "")
