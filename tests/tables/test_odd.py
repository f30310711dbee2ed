"""What a cell looks like that no layout knows, told word for word and never with its value."""

from __future__ import annotations

from typing import Any

import pytest

CONTACTS = "nr | day | time | channel\n"
PERSONS = "nr | contact | gender | age | context\n"
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
