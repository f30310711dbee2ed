"""Texts of cells as values, by the layout of their column; and what is told of other texts."""

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
from tests.tables.conftest import layout_of_contacts

# Dates and times, by the clock that the report counts by

ONE = "day: {field: date, kind: datetime}"
TWO = (
    "day: {field: date, kind: date}\n          "
    "time: {field: hour, kind: time, blank: unknown, unknown: ['99:99']}"
)
DAYS, BUENOS_AIRES = "dates: dd/mm/yyyy", "local_zone: America/Argentina/Buenos_Aires"
STAMPS = "2017-01-31T22:59:00Z\n2017-01-31T23:00:00Z\n2017-07-15T22:00:00Z"
CLOCKS = [
    # `9u30` is half past nine; what is listed as unknown is, and is counted.
    (("times: hhumm", TWO), "02/03/2017|9u30\n31/12/2017|99:99", "02/03 9, 31/12 -1", {"B39": 1}),
    # UTC: an hour later in winter, two in summer; a date that changes is counted as mended.
    (("stamps: yyyy-mm-ddThh:mm:ssZ", ONE), STAMPS, "31/01 23, 01/02 0, 16/07 0", {"B51": 2}),
    # A date whose time is unknown stays.
    (("time_zone: UTC", TWO), "31/01/2017|23:30\n31/01/2017|", "01/02 0, 31/01 -1", {"B51": 1}),
    # Of an hour that a clock showed twice, the first counts.
    (("time_zone: America/New_York", TWO), "05/11/2017|01:30", "05/11 6", {}),
    # The hour that Brussels left out is an hour like any other in Buenos Aires.
    ((BUENOS_AIRES, TWO), "26/03/2017|02:30", "26/03 2", {}),
    # Serial numbers, as either system of spreadsheets counts them.
    (("serial_dates: true", TWO), "42796|\n31/12/2017|", "02/03 -1, 31/12 -1", {"B44": 1}),
    (("serial_dates: 1904", TWO), "41334|\n31/12/2017|", "02/03 -1, 31/12 -1", {"B45": 1}),
]


def put_times(desk: Any, written: tuple[str, str], rows: str) -> None:
    lines = [written[0]] if written[1] == ONE else [*dict.fromkeys([DAYS, written[0]])]
    desk.put_layout(layout_of_contacts(*lines, columns=written[1]))
    head = "nr | day" if written[1] == ONE else "nr | day | time"
    lines = [f"{number} | {row}" for number, row in enumerate(rows.splitlines(), start=1)]
    desk.put("contacts.csv", "\n".join([head, *lines]))


@pytest.mark.parametrize(("written", "rows", "moments", "repaired"), CLOCKS)
def test_dates_and_hours_are_those_of_the_helpline(
    desk: Any, written: tuple[str, str], rows: str, moments: str, repaired: dict[str, int]
) -> None:
    """B39, B44, B45, B51: as the layout says they are written, and by its clock."""
    put_times(desk, written, rows)
    frame = desk.table("contacts").frame
    days = frame["date"].dt.strftime("%d/%m")
    moments_read = [f"{day} {hour}" for day, hour in zip(days, frame["hour"], strict=True)]
    assert ", ".join(moments_read) == moments
    assert desk.balance("contacts.csv").repaired == repaired


def test_an_hour_that_did_not_exist(desk: Any) -> None:
    """B47: to be acknowledged; then the date counts. B48: one that existed twice is noted."""
    written = ("dates: dd/mm/yyyy", TWO)
    put_times(desk, written, "26/03/2017 | 02:30\n29/10/2017 | 02:30")
    assert desk.problems() == [
        "[B47] raw/contacts.csv:2, column time: 1 time(s) in an hour that the clocks of "
        "Europe/Brussels left out: the date counts, the hour is unknown\n"
        "  → look up how the source sets its clock, then acknowledge it"
    ]
    desk.parameters["acknowledged"] = [
        {"fault": "B47", "rows": 1, "reason": {"nl": "x", "en": "x"}}
    ]
    frame = desk.table("contacts").frame
    assert frame["hour"].tolist() == [-1, 2]
    assert frame["date"].dt.strftime("%d/%m").tolist() == ["26/03", "29/10"]
    balance = desk.balance("contacts.csv")
    assert (balance.used, balance.noted) == (2, {"B47": 1, "B48": 1})


def test_a_serial_number_is_refused_where_no_layout_says_so(desk: Any) -> None:
    """B44: with the line to add to the layout."""
    put_times(desk, ("dates: dd/mm/yyyy", TWO), "42796 |\n31/12/2017 |")
    assert desk.problems() == [
        "[B44] raw/contacts.csv:2, column day: '99999' is a spreadsheet's serial number; expected "
        "dd/mm/yyyy\n"
        "  → export the dates as text, or say in the layout of the file: serial_dates: true"
    ]


# What a cell looks like that no layout knows, told word for word and never with its value

CONTACTS = "nr | day | time | channel\n"
PERSONS = "nr | contact | gender | age | context\n"
AS_TEXT = "export it again as text, and open it nowhere in between"
LEAVE_OUT = "leave it out of the export, and tell who answers for the register"
FORMULA = "mend the formula, or export it as text"
DATE = "is a date where none is due: a spreadsheet made it of a code or number"
POWER = "is a number with a power of ten: a spreadsheet made it"
NO_LABEL = "is no label of this column; expected Telefoon, E-mail, Andere"
OF_LABELS = {
    "3-jan": f"[B40] '9-aaa' {DATE}\n  → {AS_TEXT}",
    "03/01/2017": f"[B40] '99/99/9999' {DATE}\n  → {AS_TEXT}",
    "2017-01-03 00:00:00": f"[B40] '9999-99-99 99:99:99' {DATE}\n  → {AS_TEXT}",
    "#VERW!": f"[B38] '#AAAA!' is an error of a spreadsheet\n  → {FORMULA}",
    "1E05": f"[B41] '9A99' {POWER}\n  → {AS_TEXT}",
    "999": f"[B39] '999' {NO_LABEL}\n"
    "  → if it means unknown, list it under 'unknown' in the layout",
    "n.v.t.": f"[B62] 'a.a.a.' {NO_LABEL}\n"
    "  → say in the layout what it means: give it a code under 'codes'",
    "jan@voorbeeld.be": f"[B65] a cell holds an e-mail address\n  → {LEAVE_OUT}",
    "0470 12 34 56": f"[B65] a cell holds a phone number\n  → {LEAVE_OUT}",
    "85.07.30-033.28": f"[B65] a cell holds a national number\n  → {LEAVE_OUT}",
    "BE68 5390 0754 7034": f"[B65] a cell holds a bank account number\n  → {LEAVE_OUT}",
}
OF_NUMBERS = {
    "3-jan": f"[B40] '9-aaa' {DATE}\n  → {AS_TEXT}",
    "n.v.t.": "[B62] 'a.a.a.' is no whole number; expected a whole number from 0 to 110\n"
    "  → say in the layout what it means: list it under 'unknown'",
    "#REF!": f"[B38] '#AAA!' is an error of a spreadsheet\n  → {FORMULA}",
    "1E+05": f"[B41] '9A+99' {POWER}\n  → {AS_TEXT}",
}


def test_a_text_that_is_no_value_is_told_by_its_look(desk: Any) -> None:
    """With the step that goes with it; of personal data not even the shape is told."""
    rows = "".join(f"{n} | 02/03/2017 | | {text}\n" for n, text in enumerate(OF_LABELS, start=1))
    desk.put("contacts.csv", f"{CONTACTS}{rows}98 | 0470/12.34.56 | |\n99 | 31/12/2017 | |")
    rows = "".join(f"{n} | 99 | Vrouw | {age} | School\n" for n, age in enumerate(OF_NUMBERS, 11))
    desk.put("persons.csv", f"{PERSONS}{rows}")
    desk.put("followups.csv", "person | followup\n11 | Advies")
    messages = [*OF_LABELS.values(), f"[B65] a cell holds a phone number\n  → {LEAVE_OUT}"]
    places = [f"raw/contacts.csv:{2 + n}, column channel" for n in range(len(OF_LABELS))]
    places += [f"raw/contacts.csv:{2 + len(OF_LABELS)}, column day"]
    messages += OF_NUMBERS.values()
    places += [f"raw/persons.csv:{2 + n}, column age" for n in range(len(OF_NUMBERS))]
    assert desk.problems() == [
        message.replace("] ", f"] {place}: ", 1)
        for message, place in zip(messages, places, strict=True)
    ]


def test_a_column_of_sentences_is_one_problem(desk: Any) -> None:
    """B65: not a thousand unknown labels."""
    rows = [f"{n} | 02/03/2017 | | ze belde al {n} keer over haar buren" for n in range(1, 40)]
    rows.append("77 | 31/12/2017 | | Telefon")
    desk.put("contacts.csv", CONTACTS + "\n".join(rows))
    assert [problem for problem in desk.problems() if "[B54]" not in problem] == [
        f"[B65] raw/contacts.csv:2, column channel: free text in 40 row(s)\n  → {LEAVE_OUT}"
    ]


def test_a_text_for_nothing_is_what_the_layout_says(desk: Any) -> None:
    """B62, B39: `NA` with a code is a label, and what is listed as unknown is that code."""
    desk.change_layout("Andere: other}", '"NA": not_registered, "NULL": other}')
    desk.change_layout("{field: gender,", "{field: gender, unknown: [999, '?'],")
    rows = "1 | 02/03/2017 | | NA\n2 | 02/03/2017 | | NULL\n3 | 31/12/2017 | |"
    desk.put("contacts.csv", CONTACTS + rows)
    desk.put("persons.csv", f"{PERSONS}11 | 1 | 999 | 127 | School\n13 | 3 | ? | | School")
    assert desk.column("contacts", "channel") == ["not_registered", "other", "not_registered"]
    assert desk.column("persons", "gender") == ["unknown", "unknown"]
    assert desk.column("persons", "age") == [-1, -1]
    assert desk.balance("contacts.csv").repaired == {}
    assert desk.balance("persons.csv").repaired == {"B39": 2}


def test_what_a_spreadsheet_did_to_a_column(desk: Any) -> None:
    """B41: `07` is a label, `7` what is left of it. B34: each of two numbers alone would pass."""
    desk.change_layout("{Telefoon: phone,", '{"07": phone,')
    desk.put("contacts.csv", f"{CONTACTS}1 | 02/03/2017 | | 7\n3 | 31/12/2017 | |")
    rows = "11 | 1 | Vrouw | 34,0 | School\n13 | 3 | Man | 12.0 | School"
    desk.put("persons.csv", PERSONS + rows)
    assert desk.problems() == [
        "[B41] raw/contacts.csv:2, column channel: '9' is a label of the layout without its "
        f"leading zeros; expected 07, E-mail, Andere\n  → {AS_TEXT}",
        "[B34] raw/persons.csv:3, column age: decimal commas and decimal points stand in one column"
        f"\n  → {AS_TEXT}",
    ]


def test_a_column_that_no_layout_lists_is_looked_at(desk: Any) -> None:
    """B65: beside B23, so that it isn't listed without a thought."""
    rows = "".join(
        f"{n} | 13/05/2017 | | Telefoon | {who} | ze belde al {n} keer over haar buren\n"
        for n, who in enumerate(["85.07.30-033.28", *["x"] * 24], start=1)
    )
    desk.put("contacts.csv", f"nr | day | time | channel | who | why\n{rows}")
    assert [problem for problem in desk.problems() if "[B23]" not in problem] == [
        "[B65] raw/contacts.csv:2: the column at position 5 holds a national number in 1 row(s)\n"
        f"  → {LEAVE_OUT}",
        "[B65] raw/contacts.csv:2: the column at position 6 holds free text in 25 row(s)\n"
        f"  → {LEAVE_OUT}",
    ]


# Labels, numbers, dates and times, read from one text

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
    (make_stamp_reader("dd/mm/yyyy hh:mm", 1900), ["42429.3854166"], [STAMP], "B44"),
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
    (make_date_reader("dd/mm/yyyy"), "29/02/2017 31/04/2017 00/01/2017 31/13/2017", "B46"),
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
