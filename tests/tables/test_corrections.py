"""Corrections beside the exports: applied to the text, held against what stands there, counted."""

import datetime as dt
from typing import Any

import pytest

from helpline_report.errors import CorrectionsError, ParametersError
from helpline_report.parameters.edition import Edition
from helpline_report.tables.dataset_reader import load_dataset
from tests.exports.workbook_files import Rows, xlsx
from tests.tables.conftest import CONTACTS, LAYOUT, PERSONS

HEAD = "file,key,column,stands,becomes,reason\n"
REASONS = (
    "typing_error, wrong_column, wrong_choice, wrong_date, filled_in_later, test_record, "
    "entered_twice, not_a_contact, export_error, agreed"
)
CANARY = "Zwijgmaar"


def put(desk: Any, *lines: str, head: str = HEAD) -> None:
    text = head + "".join(f"{line}\n" for line in lines)
    (desk.root / "raw" / "corrections.csv").write_text(text, encoding="utf-8")


def faults(desk: Any) -> list[str]:
    """The message with which corrections are refused, line by line."""
    with pytest.raises(CorrectionsError) as caught:
        desk.load()
    assert caught.value.exit_code == 2
    return str(caught.value).splitlines()


# Each correction: what stands in contacts.csv in place of 'E-mail', and the column afterwards.
MENDED = {
    # A cell by its key; a faulty value is no fault then, nor are letters lost before.
    "contacts.csv,2,channel,E-mail,Telefoon,wrong_choice": ("", "phone phone not_registered"),
    "contacts.csv,2,channel,Emale,E-mail,tikfout": ("Emale", "phone email not_registered"),
    "contacts.csv,2,channel,EÃ©mail,E-mail,export_error": ("EÃ©mail", "phone email not_registered"),
    # A blank cell, and one that is emptied; a row without a key by its line.
    "contacts.csv,3,channel,,Telefoon,filled_in_later": ("", "phone email phone"),
    "persons.csv,11,age,34,,agreed": ("", "-1 -1 0"),
    "followups.csv,line 3,followup,Andere,Advies,wrong_choice": ("", "advice advice empty"),
}


@pytest.mark.parametrize("line", MENDED)
def test_what_stands_becomes_what_the_correction_says(desk: Any, line: str) -> None:
    """It is typed like any value, never read as it stood, and counted by its reason."""
    (stands, values), (file, _, column, *_) = MENDED[line], line.split(",")
    desk.put("contacts.csv", CONTACTS.replace("E-mail", stands or "E-mail"))
    put(desk, line)
    mended = desk.column(file.removesuffix(".csv"), column)
    assert " ".join(map(str, mended)) == values
    balance = desk.balance(file)
    assert (balance.read, balance.used, dict(balance.repaired)) == (3, 2, {"corrected": 1})
    assert sum(balance.reasons.values()) == 1


def test_it_may_be_written_as_spreadsheets_write(desk: Any) -> None:
    """Semicolons, a byte order mark, other letters and spaces are all right; a parent key too."""
    desk.put("persons.csv", PERSONS.replace("13 | 3 ", "13 | 33"))
    head = "\ufeffReason;File;Key;Column;Stands;Becomes\n"
    put(
        desk,
        "Tikfout; followups.csv ; line 3;Followup;Andere;Advies",
        "typing_error;persons.csv;13;contact;33;3",
        head=head,
    )
    assert desk.column("followups", "followup") == ["advice", "advice", "empty"]
    assert desk.table("persons").parent_rows.tolist() == [0, 0, 2]


def test_a_cell_that_a_spreadsheet_spoilt_is_mended(desk: Any) -> None:
    """Corrections come before the checks of cells: an error that is corrected is none."""
    desk.put_layout(LAYOUT.replace("contacts.csv", "contacts.xlsx"))
    rows: Rows = [
        ["nr", "day", "time", "channel"],
        [1, "02/03/2017", "09:15", dt.date(2017, 1, 3)],
        [2, "02/03/2017", "", "#N/A"],
        [3, "31/12/2017", "23:59", ""],
    ]
    (desk.root / "raw" / "contacts.csv").unlink()
    (desk.root / "raw" / "contacts.xlsx").write_bytes(xlsx(rows))
    assert [problem[:5] for problem in desk.problems()] == ["[B40]", "[B38]"]
    put(
        desk,
        "contacts.xlsx,1,channel,2017-01-03,Telefoon,export_error",
        "contacts.xlsx,2,channel,#N/A,E-mail,export_error",
    )
    assert desk.column("contacts", "channel") == ["phone", "email", "not_registered"]
    # A correction to a label that the layout doesn't know is refused as if it stood there.
    put(desk, "contacts.xlsx,1,channel,2017-01-03,Telefon,export_error")
    assert any("[B59]" in problem and "'Aaaaaaa'" in problem for problem in desk.problems())


def test_a_row_is_left_out_with_what_hangs_on_it(desk: Any) -> None:
    """A test record goes with its persons and their follow-ups; each is counted."""
    put(desk, "contacts.csv,1,,,exclude,testregistratie")
    dataset = desk.load()
    assert [len(table) for table in dataset.tables.values()] == [2, 1, 1]
    excluded = [dict(balance.excluded) for balance in dataset.balances]
    assert excluded == [{"left_out": 1}, {"hangs": 2}, {"hangs": 2}]
    assert [dict(balance.reasons) for balance in dataset.balances] == [{"test_record": 1}, {}, {}]
    # Of two rows with a key the one on a line is left out; persons hang on the one that stays.
    desk.put("contacts.csv", CONTACTS + "1 | 02/03/2017 | 10:00 | E-mail\n")
    put(desk, "contacts.csv,1,,,exclude,entered_twice")
    assert faults(desk)[1:] == [
        "raw/corrections.csv:2: 2 rows of contacts.csv have this key",
        "  → address the row by its line: 'key' is then such as: line 123",
    ]
    put(desk, "contacts.csv,line 5,time,10:00,exclude,entered_twice")
    assert [len(table) for table in desk.load().tables.values()] == [3, 3, 3]


def test_declared_reasons_count_too(desk: Any) -> None:
    """The parameters declare further reasons, in both languages; a code means one thing."""
    data = desk.edition.model_dump(by_alias=True)
    words = {"moved": {"nl": "verhuisd naar een andere lijn", "en": "moved to another line"}}
    edition = Edition.model_validate({**data, "correction_reasons": words})
    put(desk, "contacts.csv,2,channel,E-mail,Telefoon,Verhuisd naar een andere lijn")
    assert dict(load_dataset(desk.project, edition).balances[0].reasons) == {"moved": 1}
    words = {"agreed": {"nl": "x", "en": "x"}}
    with pytest.raises(ValueError, match="correction_reasons: 'agreed' is built in"):
        Edition.model_validate({**data, "correction_reasons": words})


# A line of corrections, what is wrong with it, and what to do.
GIVE = f"give one of: {REASONS}; or declare it under 'correction_reasons'"
WRONG = f"""\
{CANARY}.csv,2,channel,E-mail,Telefoon,agreed
there is no such file here
  → the files of rows are: contacts.csv, persons.csv, followups.csv
contacts.csv,2,{CANARY},E-mail,Telefoon,agreed
contacts.csv has no such column
  → the columns are: nr, day, time, channel
contacts.csv,2,channel,{CANARY},Telefoon,agreed
something else stands in contacts.csv now
  → if the source was mended, take this line out; else look the record up again
contacts.csv,99,,,exclude,agreed
no row of contacts.csv has this key
  → if the source was mended, take this line out; else look the record up again
contacts.csv,2,channel,E-mail,Telefoon,{CANARY}
there is no such reason
  → {GIVE}
contacts.csv,2,channel,E-mail,Telefoon,
no reason is given
  → {GIVE}
contacts.csv,2,channel,E-mail,,
isn't filled in: 'becomes' and 'reason' are empty
  → say what it becomes and why, or take the line out
contacts.csv,2,channel,E-mail,E-mail,agreed
changes nothing: 'stands' and 'becomes' are the same
  → take the line out
contacts.csv,2,,,Telefoon,agreed
names no column
  → name it; to leave the whole row out, 'becomes' is exclude
contacts.csv,line 3,,,exclude,agreed
leaves out a row by its line, and says of no column what stands there
  → fill in 'column' and 'stands': another row may come to stand on that line
contacts.csv,line 99,channel,E-mail,Telefoon,agreed
no row begins on that line of contacts.csv
  → if the source was mended, take this line out; else look the record up again
contacts.csv,,channel,E-mail,Telefoon,agreed
says neither a key nor a line
  → give 'key', such as: line 123
followups.csv,11,followup,Advies,Andere,agreed
the rows of followups.csv have no key
  → address the row by its line: 'key' is then such as: line 123
contacts.csv,2,channel,E-mail,agreed
5 field(s), the header has 6
  → put quotes around a text with the delimiter in it
contacts.csv,2,channel,"E-mail,Telefoon,agreed
a quote that doesn't close
  → write a quote in a field twice: \""
contacts.csv,2,channel,{"x" * 140_000},Telefoon,agreed
a field with more text than a cell has
  → close each quote that opens one, and see that this is the right file
""".splitlines()


@pytest.mark.parametrize(
    ("line", "what", "step"),
    list(zip(WRONG[::3], WRONG[1::3], WRONG[2::3], strict=True)),
    ids=(what[:40] for what in WRONG[1::3]),
)
def test_what_is_wrong_with_a_line_is_told_with_it(
    desk: Any, line: str, what: str, step: str
) -> None:
    """File, line, what is wrong and what to do: never what stands in the line."""
    put(desk, line)
    heading = "1 fault(s) in the corrections; nothing was written."
    assert faults(desk) == [heading, f"raw/corrections.csv:2: {what}", step]


def test_a_file_that_would_fill_the_memory_is_refused(desk: Any) -> None:
    """Its size is looked at before it is read."""
    with (desk.root / "raw" / "corrections.csv").open("wb") as file:
        file.truncate(10_000_001)
    with pytest.raises(ParametersError, match="the file has 10,000,001 bytes; such a file has 10,"):
        desk.load()


def test_two_corrections_of_one_cell_are_refused(desk: Any) -> None:
    """One may be by key and one by line, or one may leave the row out."""
    put(
        desk,
        "contacts.csv,2,channel,E-mail,Telefoon,agreed",
        "contacts.csv,line 3,channel,E-mail,Andere,agreed",
        "contacts.csv,2,,,exclude,agreed",
    )
    assert [line for line in faults(desk) if line.startswith("raw")] == [
        "raw/corrections.csv:3: corrects what line 2 corrects too",
        "raw/corrections.csv:4: corrects what line 2 corrects too",
    ]


OTHER_COLUMNS = "these aren't the columns of a file of corrections"
HEADS = {
    "": "the file is empty",
    "file,key,column,stands,becomes\n": f"{OTHER_COLUMNS}: 'reason' is missing",
    f"{HEAD.strip()},{CANARY}\n": f"{OTHER_COLUMNS}: column 7 is none of them",
    f"{HEAD.strip()},reason\n": f"{OTHER_COLUMNS}: 'reason' stands twice",
}


@pytest.mark.parametrize("head", HEADS)
def test_a_header_that_isnt_one_is_told(desk: Any, head: str) -> None:
    """A column missing, unknown or twice."""
    put(desk, head=head)
    assert faults(desk)[1] == f"raw/corrections.csv:1: {HEADS[head]}"


def test_a_file_that_cant_be_used_is_told(desk: Any) -> None:
    """Another encoding, with its line."""
    path = desk.root / "raw" / "corrections.csv"
    path.write_bytes(HEAD.encode() + "contacts.csv,2,channel,é,x,agreed\n".encode("cp1252"))
    assert faults(desk)[1:] == [
        "raw/corrections.csv:2: this is no UTF-8",
        "  → save the file as 'CSV UTF-8'",
    ]
