"""Texts of cells as values, and what is told of those that are none."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.exports.cell_texts import plain
from helpline_report.parameters.row_layouts import Numbers
from helpline_report.tables.cell_readers import (
    CellReading,
    flag_reader,
    integer_reader,
    label_reader,
    open_label_reader,
    other_decimal_sign,
)
from tests.tables.conftest import integer_column

# Dates, times, numbers and labels as the layout says they are written, and no other way


def told(reading: CellReading) -> tuple[str, str]:
    """The fault of a reading, and its case."""
    return reading.fault, reading.case


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


# Whole numbers by the file's locale: what is plainly whole is mended, anything else refused

COMMA, POINT = Numbers(thousands=".", decimal=","), Numbers(thousands=",", decimal=".")
SPACED = Numbers(thousands=" ", decimal=",")
WIDE = integer_column(0, 1_000_000)
PERSONS = "nr | contact | gender | age | context\n"


@pytest.mark.parametrize(
    ("numbers", "text", "value"),
    [
        (COMMA, "1.234", 1234),
        (POINT, "1,234", 1234),
        (SPACED, "1 234", 1234),
        (SPACED, "1\u202f234", 1234),
        (COMMA, "1.234.567", 1234567),
        (COMMA, "12,0", 12),
        (POINT, "12.00", 12),
        (None, "12,0", 12),
        (None, "12.0", 12),
        (None, "'12", 12),
    ],
)
def test_a_number_as_text_is_mended(numbers: Numbers | None, text: str, value: int) -> None:
    """B36: grouped by the locale, with zeros behind the comma, or with an apostrophe."""
    wide = integer_column(0, 10_000_000)
    assert integer_reader(wide, numbers)(text) == CellReading(value, repair="B36")


@pytest.mark.parametrize(
    ("numbers", "text", "fault"),
    [
        (None, "1.234", "B35"),
        (POINT, "1.234", "B35"),
        (COMMA, "1.5", "B35"),
        (COMMA, "1,5", "B35"),
        (COMMA, "12.0", "B34"),
        (POINT, "12,0", "B34"),
        (POINT, "1.000", "B35"),
        (COMMA, "1.23", "B35"),
        (COMMA, "12 jaar", "B36"),
        (None, "12,", "B36"),
    ],
)
def test_what_is_not_plainly_whole_is_refused(
    numbers: Numbers | None, text: str, fault: str
) -> None:
    """Nothing is rounded, and no point is guessed to group thousands."""
    assert integer_reader(WIDE, numbers)(text).fault == fault


@pytest.mark.parametrize("text", ["999", "-1", "onbekend", "Onbekend ", "999,0"])
def test_what_the_layout_lists_is_unknown(text: str) -> None:
    """B39: as a text, or as the same number; also within the range."""
    within = integer_column(0, 1000, unknown=["999", "-1", "onbekend"])
    assert integer_reader(within)(text) == CellReading(-1, repair="B39")


@pytest.mark.parametrize("numbers", [None, COMMA, POINT, SPACED])
@given(number=st.integers(0, 999_999_999))
def test_any_number_is_itself(numbers: Numbers | None, number: int) -> None:
    """As digits, whatever the locale."""
    assert integer_reader(integer_column(0, 10**9), numbers)(str(number)) == CellReading(number)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """Never an exception, and never a number that lies outside."""
    reading = integer_reader(integer_column(0, 120), COMMA)(text)
    assert reading.fault or -1 <= reading.value <= 120


@given(number=st.integers(1000, 999_999))
def test_a_grouped_number_is_itself_in_its_own_locale_alone(number: int) -> None:
    """`1.234` is 1234 where points group, and refused where they don't."""
    text = f"{number:,}".replace(",", ".")
    assert integer_reader(WIDE, COMMA)(text).value == number
    assert integer_reader(WIDE, POINT)(text).fault
    assert integer_reader(WIDE)(text).fault == "B35"


@pytest.mark.parametrize(
    ("texts", "numbers", "found"),
    [
        (["12,0", "7", "8.0"], None, "8.0"),
        (["12.0", "8,5"], None, "8,5"),
        (["1.234", "12,0"], COMMA, ""),
        (["1.234", "12,0"], None, "12,0"),
        (["12,0", "13,0", "x,y"], None, ""),
    ],
)
def test_the_first_text_with_another_sign_is_found(
    texts: list[str], numbers: Numbers | None, found: str
) -> None:
    """B34: a sign that groups thousands is no decimal sign."""
    assert other_decimal_sign(texts, numbers) == found


def test_a_column_that_mixes_decimal_signs_is_refused_once(desk: Any) -> None:
    """B34: each number alone would pass."""
    desk.put(
        "persons.csv", f"{PERSONS}11 | 1 | Vrouw | 34,0 | School\n13 | 3 | Man | 12.0 | School"
    )
    assert desk.problems() == [
        "[B34] raw/persons.csv:3, column age: decimal commas and decimal points stand in one column"
        "\n  → export it again as text, and open it nowhere in between"
    ]


# What a cell looks like that no layout knows, told word for word and never with its value

CONTACTS = "nr | day | time | channel\n"
AS_TEXT = "export it again as text, and open it nowhere in between"
LEAVE_OUT = "leave it out of the export, and tell who answers for the register"
ADD_CODE = "say in the layout what it means: give it a code under 'codes'"
EXPECTED = "; expected Telefoon, E-mail, Andere"
DATE = "is a date where none is due: a spreadsheet made it of a code or number"


def of_channel(desk: Any, text: str) -> str:
    """The one problem with a text in the column `channel`, without its place."""
    desk.put("contacts.csv", f"{CONTACTS}1 | 02/03/2017 | | {text}\n3 | 31/12/2017 | |")
    (problem,) = desk.problems()
    return problem.replace("raw/contacts.csv:2, column channel: ", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3-jan", f"[B40] '9-aaa' {DATE}\n  → {AS_TEXT}"),
        ("jan/03", f"[B40] 'aaa/99' {DATE}\n  → {AS_TEXT}"),
        ("03/01/2017", f"[B40] '99/99/9999' {DATE}\n  → {AS_TEXT}"),
        ("2017-01-03 00:00:00", f"[B40] '9999-99-99 99:99:99' {DATE}\n  → {AS_TEXT}"),
        (
            "#N/B",
            "[B38] '#A/A' is an error of a spreadsheet\n  → mend the formula, or export it as text",
        ),
        (
            "#VERW!",
            "[B38] '#AAAA!' is an error of a spreadsheet\n"
            "  → mend the formula, or export it as text",
        ),
        (
            "1E05",
            f"[B41] '9A99' is a number with a power of ten: a spreadsheet made it\n  → {AS_TEXT}",
        ),
        (
            "999",
            f"[B39] '999' is no label of this column{EXPECTED}\n"
            "  → if it means unknown, list it under 'unknown' in the layout",
        ),
        ("NULL", f"[B62] 'AAAA' is no label of this column{EXPECTED}\n  → {ADD_CODE}"),
        ("n.v.t.", f"[B62] 'a.a.a.' is no label of this column{EXPECTED}\n  → {ADD_CODE}"),
        ("Leeg", f"[B62] 'Aaaa' is no label of this column{EXPECTED}\n  → {ADD_CODE}"),
        ("jan@voorbeeld.be", f"[B65] a cell holds an e-mail address\n  → {LEAVE_OUT}"),
        ("0470 12 34 56", f"[B65] a cell holds a phone number\n  → {LEAVE_OUT}"),
        ("85.07.30-033.28", f"[B65] a cell holds a national number\n  → {LEAVE_OUT}"),
        ("BE68 5390 0754 7034", f"[B65] a cell holds a bank account number\n  → {LEAVE_OUT}"),
    ],
)
def test_a_label_that_is_none_is_told_by_its_look(desk: Any, text: str, message: str) -> None:
    """With the step that goes with it; of personal data not even the shape is told."""
    assert of_channel(desk, text) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3-jan", f"[B40] '9-aaa' {DATE}\n  → {AS_TEXT}"),
        (
            "n.v.t.",
            "[B62] 'a.a.a.' is no whole number; expected a whole number from 0 to 110\n"
            "  → say in the layout what it means: list it under 'unknown'",
        ),
        (
            "#REF!",
            "[B38] '#AAA!' is an error of a spreadsheet\n"
            "  → mend the formula, or export it as text",
        ),
        (
            "1E+05",
            f"[B41] '9A+99' is a number with a power of ten: a spreadsheet made it\n  → {AS_TEXT}",
        ),
    ],
)
def test_a_number_that_is_none_is_told_by_its_look(desk: Any, text: str, message: str) -> None:
    """The same for whole numbers."""
    desk.put("persons.csv", f"{PERSONS}11 | 1 | Vrouw | {text} | School\n13 | 3 | Man | | School")
    assert desk.problems() == [message.replace("] ", "] raw/persons.csv:2, column age: ", 1)]


def test_personal_data_in_a_column_of_dates_is_told_as_such(desk: Any) -> None:
    """B65: whatever the column is for."""
    desk.put("contacts.csv", f"{CONTACTS}1 | 0470/12.34.56 | | \n3 | 31/12/2017 | |")
    assert desk.problems() == [
        f"[B65] raw/contacts.csv:2, column day: a cell holds a phone number\n  → {LEAVE_OUT}"
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
    """B62: `NA` with a code is a label like any other, and touches no count of repairs."""
    layout = desk.root / "params" / "layouts" / "small.yaml"
    text = layout.read_text(encoding="utf-8")
    desk.put_layout(text.replace("Andere: other}", '"NA": not_registered, "NULL": other}', 1))
    desk.put(
        "contacts.csv",
        f"{CONTACTS}1 | 02/03/2017 | | NA\n2 | 02/03/2017 | | NULL\n3 | 31/12/2017 | |",
    )
    contacts = desk.table("contacts").frame
    assert contacts["channel"].tolist() == ["not_registered", "other", "not_registered"]
    assert desk.balance("contacts.csv").repaired == {}


def test_what_the_layout_lists_as_unknown_is_the_code_unknown(desk: Any) -> None:
    """B39: of a coded column too, and counted."""
    layout = desk.root / "params" / "layouts" / "small.yaml"
    text = layout.read_text(encoding="utf-8")
    desk.put_layout(text.replace("{field: gender,", "{field: gender, unknown: [999, '?'],"))
    desk.put("persons.csv", f"{PERSONS}11 | 1 | 999 | 34 | School\n13 | 3 | ? | | School")
    assert desk.column("persons", "gender") == ["unknown", "unknown"]
    assert desk.balance("persons.csv").repaired == {"B39": 2}


def test_a_label_without_its_zeros_is_told_as_such(desk: Any) -> None:
    """B41: `07` is a label of the layout, `7` what a spreadsheet made of it."""
    layout = desk.root / "params" / "layouts" / "small.yaml"
    text = layout.read_text(encoding="utf-8")
    desk.put_layout(text.replace("{Telefoon: phone,", '{"07": phone,', 1))
    assert of_channel(desk, "7") == (
        "[B41] '9' is a label of the layout without its leading zeros; expected 07, E-mail, Andere"
        f"\n  → {AS_TEXT}"
    )


def test_a_column_that_no_layout_lists_is_looked_at(desk: Any) -> None:
    """B65: beside B23, so that it isn't listed without a thought."""
    rows = "".join(
        f"{n} | 13/05/2017 | | Telefoon | {who} | ze belde al {n} keer over haar buren\n"
        for n, who in enumerate(["85.07.30-033.28", *["x"] * 24], start=1)
    )
    desk.put("contacts.csv", f"nr | day | time | channel | who | why\n{rows}")
    told = [problem for problem in desk.problems() if "[B23]" not in problem]
    assert told == [
        "[B65] raw/contacts.csv:2: the column at position 5 holds a national number in 1 row(s)\n"
        f"  → {LEAVE_OUT}",
        "[B65] raw/contacts.csv:2: the column at position 6 holds free text in 25 row(s)\n"
        f"  → {LEAVE_OUT}",
    ]
