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
DAY = (dt.date(2016, 2, 29) - dt.date(1970, 1, 1)).days
STAMP = DAY * 1440 + 9 * 60 + 15
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
    # As the layout writes them; without a day the first, without a leading zero the same.
    (make_date_reader("dd/mm/yyyy"), ["29/02/2016"], [DAY], ""),
    (make_date_reader("dd/mm/yyyy"), [" 29/02/2016\u00a0"], [DAY], "B61"),
    (make_date_reader("d-m-yy"), ["29-2-16"], [DAY], ""),
    (make_date_reader("yyyymm"), ["201602"], [DAY - 28], ""),
    (make_date_reader("yyyy"), ["2016"], [DAY - 59], ""),
    (make_time_reader("hh:mm", "unknown"), ["00:00", "9:05", ""], [0, 545, -1], ""),
    (make_time_reader("hh:mm:ss", None), ["09:30:59"], [570], ""),
    (make_time_reader("hhumm", None), ["9u30"], [570], ""),
    (make_stamp_reader("yyyy-mm-ddThh:mm:ssZ"), ["2016-02-29T09:15:59Z"], [STAMP], ""),
    (make_stamp_reader("m/d/yy h.mm"), ["2/29/16 9.15"], [STAMP], ""),
    (make_stamp_reader("dd/mm/yyyy hh:mm", 1900), ["42429,385416667"], [STAMP], "B44"),
]


@pytest.mark.parametrize(("read", "texts", "values", "repair"), READINGS)
def test_a_text_is_a_value(read: Any, texts: list[str], values: list[int], repair: str) -> None:
    """It is read as it stands, or mended and counted by the code of its fault."""
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
    (make_stamp_reader("dd/mm/yyyy hh:mm"), "02/03/2017", "B42"),
    (make_stamp_reader("yyyy-mm-ddThh:mm"), "2017-03-02T24:15 2017-02-30T09:15", "B46"),
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


# Any text, any number, any date


TWO_LABELS = make_label_reader({"Telefoon": "phone", "07": "other"}, None, ["phone", "other"])
MOMENTS = [
    *(make_date_reader("dd/mm/yyyy", serial) for serial in (None, 1900, 1904)),
    *(make_stamp_reader("dd/mm/yyyy hh:mm", serial) for serial in (None, 1900, 1904)),
]


@given(st.text(max_size=30))
def test_any_text_is_a_value_or_refused(text: str) -> None:
    """No text raises an exception, or gives another code, an unreal day or a number outside."""
    assert TWO_LABELS(text).fault or plain(text) in ("telefoon", "07")
    assert PLAIN(text).fault or -1 <= PLAIN(text).value <= 120
    for reader in MOMENTS:
        assert (reader(text).value == NO_DAY) == bool(reader(text).fault)
