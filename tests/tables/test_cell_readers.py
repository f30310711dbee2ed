"""Texts of cells as values: labels, numbers, dates and times, and what is told of other texts."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.exports.cell_texts import plain
from helpline_report.parameters.row_layouts import Column, Numbers
from helpline_report.tables.cell_readers import (
    NO_DAY,
    CellReading,
    find_other_decimal_sign,
    make_date_reader,
    make_flag_reader,
    make_integer_reader,
    make_label_reader,
    make_open_label_reader,
    make_stamp_reader,
    make_time_reader,
)

COMMA, POINT = Numbers(thousands=".", decimal=","), Numbers(thousands=",", decimal=".")
SPACED = Numbers(thousands=" ", decimal=",")


def whole_numbers(low: int = 0, high: int = 10**7, **more: object) -> Column:
    """A column of whole numbers, as a layout has it; its field is none of the known ones."""
    column = {"field": "age", "kind": "integer", "from": 0, "to": 1, "outside": "refuse", **more}
    return Column.model_validate(column).model_copy(update={"low": low, "high": high})


WHOLE = {
    numbers: make_integer_reader(whole_numbers(), numbers) for numbers in (COMMA, POINT, SPACED)
}
AGES = make_integer_reader(whole_numbers(0, 110, outside="unknown", blank="unknown"))
LISTED = make_integer_reader(whole_numbers(0, 1000, unknown=["999", "-1", "onbekend"]))
LABELS = make_label_reader(
    {"Telefoon": "phone", "Teléx": "telex", "NA": "none"}, "none", ["phone", "telex", "none"]
)
FLAGS = make_flag_reader(["Si"], ["No"])
READINGS = [
    # What lies outside is unknown where the layout says so, and counted (B39).
    (AGES, ["0", "110", "007"], [0, 110, 7], ""),
    (AGES, [" 34 ", "34\u00a0", "'34", "34,0", "34.0"], [34] * 5, "B36"),
    (AGES, ["111", "-1"], [-1, -1], "B39"),
    (AGES, [""], [-1], ""),
    (AGES, ["  "], [-1], "B61"),
    # As a text, or as the same number; also within the range.
    (LISTED, ["999", "-1", "onbekend", "Onbekend ", "999,0"], [-1] * 5, "B39"),
    # Grouped by the locale, with zeros behind the comma, or with an apostrophe.
    (WHOLE[COMMA], ["1.234", "1.234.567", "12,0"], [1234, 1234567, 12], "B36"),
    (WHOLE[POINT], ["1,234", "12.00"], [1234, 12], "B36"),
    (WHOLE[SPACED], ["1 234", "1\u202f234"], [1234, 1234], "B36"),
    # Case, spaces and composed accents are mended; `NA` is a label where the layout says so.
    (LABELS, ["Telefoon", "NA", ""], [0, 2, 2], ""),
    (LABELS, ["TELEFOON ", "tele\u0301x", " "], [0, 1, 2], "B61"),
    (FLAGS, ["Si", "No"], [1, 0], ""),
    (FLAGS, ["SI"], [1], "B61"),
]


@pytest.mark.parametrize(("read", "texts", "values", "repair"), READINGS)
def test_a_text_is_a_value(read: Any, texts: list[str], values: list[int], repair: str) -> None:
    """As it stands, or mended and counted by the code of its fault."""
    assert [read(text) for text in texts] == [CellReading(value, repair=repair) for value in values]


PLAIN = make_integer_reader(whole_numbers(0, 120))
REFUSED = [
    (PLAIN, "121 -1", "B39"),
    (PLAIN, "3,5 1.5 1.234", "B35"),
    (PLAIN, "vier 1E05 ٣٤ 12,", "B36"),
    (PLAIN, "", "B36"),
    (WHOLE[POINT], "1.234 1.000", "B35"),
    (WHOLE[COMMA], "1.5 1,5 1.23", "B35"),
    (WHOLE[COMMA], "12.0", "B34"),
    (WHOLE[POINT], "12,0", "B34"),
    (make_label_reader({"Telefoon": "phone"}, None, ["phone"]), "Telefon", "B59"),
    (make_label_reader({"Telefoon": "phone"}, None, ["phone"]), "", "B59"),
    (make_label_reader({"07": "phone"}, None, ["phone"]), "7", "B41"),
    (FLAGS, "", "B63"),
    (make_open_label_reader({}, None, []), "", "B59"),
    (make_date_reader("dd/mm/yyyy"), "12/31/2017 2017-12-31 1/3/2017", "B42"),
    (make_date_reader("dd/mm/yyyy"), "", "B42"),
    (make_date_reader("dd/mm/yyyy"), "01/03/17", "B43"),
    (make_date_reader("dd/mm/yyyy"), "42795", "B44"),
    (make_date_reader("dd/mm/yyyy"), "29/02/2017 31/04/2017 00/01/2017", "B46"),
    (make_time_reader("hh:mm", None), "24:00 12:60", "B46"),
    (make_time_reader("hh:mm", None), "9", "B42"),
    (make_time_reader("hh:mm", None), "", "B42"),
]


@pytest.mark.parametrize(("read", "texts", "fault"), REFUSED)
def test_any_other_text_is_refused(read: Any, texts: str, fault: str) -> None:
    """Nothing is rounded, guessed or turned into 0; each with the code of what is wrong with it."""
    assert {read(text).fault for text in texts.split(" ")} == {fault}


@pytest.mark.parametrize(
    ("texts", "numbers", "other"),
    [
        (["12,0", "7", "8.0"], None, "8.0"),
        (["1.234", "12,0"], COMMA, ""),
        (["1.234", "12,0"], None, "12,0"),
        (["12,0", "13,0", "x,y"], None, ""),
    ],
)
def test_the_first_text_with_another_sign(
    texts: list[str], numbers: Numbers | None, other: str
) -> None:
    """B34: a sign that groups thousands is no decimal sign."""
    assert find_other_decimal_sign(texts, numbers) == other


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
    """A date and a time in one cell, as the layout writes them."""
    assert make_stamp_reader(written)(text) == CellReading(minutes("2017-03-02T09:15"))


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
    reading = make_stamp_reader("dd/mm/yyyy hh:mm")(text)
    assert (reading.fault, reading.case) == (fault, case)


@pytest.mark.parametrize(
    ("written", "text", "day"),
    [
        ("dd/mm/yyyy", "29/02/2016", dt.date(2016, 2, 29)),
        ("dd-mm-yy", "18-09-15", dt.date(2015, 9, 18)),
        ("yyyymm", "201712", dt.date(2017, 12, 1)),
        ("yyyy", "2017", dt.date(2017, 1, 1)),
    ],
)
def test_a_date_is_read_as_the_layout_writes_it(written: str, text: str, day: dt.date) -> None:
    """A format without a day is its first; spaces around a date are mended (B61)."""
    days = (day - dt.date(1970, 1, 1)).days
    assert make_date_reader(written)(text) == CellReading(days)
    assert make_date_reader(written)(f" {text}\u00a0") == CellReading(days, repair="B61")


@pytest.mark.parametrize(
    ("written", "text", "minute"),
    [
        ("hh:mm", "00:00", 0),
        ("hh:mm", "9:05", 545),
        ("hh:mm:ss", "09:30:00", 570),
        ("hhumm", "9u30", 570),
        ("hh.mm", "23.59", 1439),
    ],
)
def test_a_time_is_its_minute_of_the_day(written: str, text: str, minute: int) -> None:
    """As the layout writes it; a leading zero may be missing, a blank is what the layout says."""
    assert make_time_reader(written, None)(text) == CellReading(minute)
    assert make_time_reader(written, "unknown")("") == CellReading(-1)


# Any text, any number, any date


@given(st.text(max_size=30), st.sampled_from([None, 1900, 1904]))
def test_any_text_is_a_value_or_refused(text: str, serial: Any) -> None:
    """Never an exception, a number outside, another label's code, or a day that isn't one."""
    reading = make_label_reader({"Telefoon": "phone", "07": "other"}, None, ["phone", "other"])(
        text
    )
    assert reading.fault or plain(text) in ("telefoon", "07")
    reading = make_integer_reader(whole_numbers(0, 120), COMMA)(text)
    assert reading.fault or -1 <= reading.value <= 120
    for reader in (
        make_date_reader("dd/mm/yyyy", serial),
        make_stamp_reader("dd/mm/yyyy hh:mm", serial),
    ):
        assert (reader(text).value == NO_DAY) == bool(reader(text).fault)
