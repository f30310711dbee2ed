"""A draft leaves rows with faults out, with what hangs on them, and counts every one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline_report.errors import ExportError, MachineError
from helpline_report.tables.dataset import Dataset, FileBalance
from helpline_report.tables.dataset_reader import load_dataset
from tests.second_count.both import differences
from tests.tables.conftest import CONTACTS, FOLLOWUPS, PERSONS, drawn
from tests.tables.test_corrections import columns


def draft_of(desk: Any) -> Dataset:
    """The tables of a draft."""
    return load_dataset(desk.project, desk.edition.model_copy(update={"draft": True}))


def refused(desk: Any) -> list[str]:
    """The message with which a draft is refused, line by line."""
    with pytest.raises(ExportError) as caught:
        draft_of(desk)
    return str(caught.value).splitlines()


def sizes(dataset: Dataset) -> list[int]:
    """How many contacts, persons and follow-ups there are."""
    return [len(dataset.tables[name]) for name in ("contacts", "persons", "followups")]


def test_a_sound_draft_is_the_build(desk: Any) -> None:
    """Without faults nothing is left out."""
    assert columns(draft_of(desk)) == columns(desk.load())
    assert [dict(balance.faulty) for balance in draft_of(desk).balances] == [{}, {}, {}]


def test_a_faulty_row_is_left_out_with_what_hangs_on_it(desk: Any) -> None:
    """A contact that can't be read takes its persons along, and these their follow-ups."""
    desk.put("contacts.csv", CONTACTS.replace("1  | 02/03/2017", "1  | 02/03/17"))
    dataset = draft_of(desk)
    assert sizes(dataset) == [2, 1, 1]
    assert [dict(balance.faulty) for balance in dataset.balances] == [
        {"B43": 1},
        {"hangs": 2},
        {"hangs": 2},
    ]
    assert [dict(balance.excluded) for balance in dataset.balances] == [
        {"B43": 1},
        {"hangs": 2},
        {"hangs": 2},
    ]


def test_a_row_with_two_faults_counts_once(desk: Any) -> None:
    """Under the first of its codes: the balance holds."""
    desk.put(
        "contacts.csv", CONTACTS.replace("2  | 02/03/2017 |       | E", "2 | 2/3/17 | 25:00 | x")
    )
    balance = draft_of(desk).balances[0]
    assert (balance.read, balance.used, dict(balance.faulty)) == (3, 2, {"B43": 1})


def test_a_row_that_cant_be_read_is_counted_too(desk: Any) -> None:
    """A row too short is in no table; what hangs on it can't be known, and is left out too."""
    desk.put(
        "contacts.csv", CONTACTS.replace("1  | 02/03/2017 | 09:15 | Telefoon", "1 | 02/03/2017")
    )
    dataset = draft_of(desk)
    assert sizes(dataset) == [2, 1, 1]
    assert dict(dataset.balances[0].faulty) == {"B26": 1}
    assert dict(dataset.balances[1].faulty) == {"hangs": 2}


def test_an_orphan_is_left_out(desk: Any) -> None:
    """A person without contact counts under the code of that fault."""
    desk.put("persons.csv", PERSONS.replace("13 | 3 ", "13 | 33"))
    assert [dict(balance.faulty) for balance in draft_of(desk).balances] == [
        {},
        {"B54": 1},
        {"hangs": 1},
    ]


def test_rows_left_out_otherwise_are_told_apart(desk: Any) -> None:
    """A row that stands twice is left out of every edition: no draft is needed for it."""
    desk.put("contacts.csv", CONTACTS + "2 | 02/03/2017 | | E-mail\n4 | 1/1/17 | | E-mail\n")
    balance = draft_of(desk).balances[0]
    assert dict(balance.excluded) == {"B43": 1, "B52": 1}
    assert dict(balance.faulty) == {"B43": 1}


def test_a_fault_of_a_whole_file_stops_a_draft(desk: Any) -> None:
    """A missing column is nobody's row; the rows that a draft would leave out aren't told."""
    desk.put("contacts.csv", CONTACTS.replace("channel", "kanaal").replace("09:15", "25:15"))
    told = refused(desk)
    assert not any("B46" in line for line in told)
    assert told[-1] == "A draft leaves out rows; what stands here is wrong with a file as a whole."


def test_a_file_of_mostly_faulty_rows_stops_a_draft(desk: Any) -> None:
    """Without most of its rows a file says nothing: it is the layout that is wrong."""
    desk.put("contacts.csv", CONTACTS.replace("/03/2017", "/03/17"))
    assert refused(desk) == [
        "1 problem(s) in the exports; nothing was written.",
        "[B43] raw/contacts.csv: 2 of 3 rows have a fault, too many to leave out",
        "  → see that it is the right file, and that the layout says how it is written",
        "A draft leaves out rows; what stands here is wrong with a file as a whole.",
    ]


def test_a_file_of_faulty_rows_alone_stops_a_draft(desk: Any) -> None:
    """Where no row can be read there is no table to leave rows out of."""
    desk.put("persons.csv", "nr | contact | gender | age | context\n11 | 1\n")
    assert refused(desk) == [
        "1 problem(s) in the exports; nothing was written.",
        "[B26] raw/persons.csv:2: 2 field(s); expected 5, as in the header",
        "  → export the file again; don't open and save it in a spreadsheet",
        "A draft leaves out rows; what stands here is wrong with a file as a whole.",
    ]


def test_a_correction_and_a_draft_go_together(desk: Any) -> None:
    """One fault is mended, the other is left out."""
    desk.put("contacts.csv", CONTACTS.replace("E-mail", "Emale").replace("23:59", "25:59"))
    (desk.root / "raw" / "corrections.csv").write_text(
        "file,key,column,stands,becomes,reason\ncontacts.csv,2,channel,Emale,E-mail,tikfout\n",
        encoding="utf-8",
    )
    dataset = draft_of(desk)
    balance = dataset.balances[0]
    assert (balance.used, dict(balance.repaired)) == (1, {"corrected": 1})
    assert dict(balance.faulty) == {"B46": 1}


def test_rows_that_dont_add_up_are_a_fault_of_the_program(desk: Any) -> None:
    """A balance that doesn't hold stops whoever makes a dataset of it."""
    sound = desk.load()
    wrong = FileBalance("raw/x.csv", "", "contacts", 3, {"used": 1, "excluded B32": 1})
    with pytest.raises(MachineError) as caught:
        Dataset(sound.edition, sound.period, sound.tables, (wrong,))
    assert str(caught.value) == (
        "raw/x.csv: the rows of contacts don't add up: 3 read, 1 used, 0 repaired, 1 excluded\n"
        "  → this is a fault of the program: please report this line"
    )


ONE_FILE = """\
layout: small
about: contacts, persons and follow-ups in one file
files:
  all:
    name: all.csv
    delimiter: ";"
    dates: dd/mm/yyyy
    tables:
      contacts: {key: nr, columns: {day: {field: date, kind: date}}}
      persons: {key: person, parent: nr, columns: {gender: {field: gender, codes: {Vrouw: female}}}}
      followups:
        key: row
        parent: person
        columns:
          followup:
            field: followup
            codes: {Advies: advice, Vroeger: {code: other, until: 2016-12-31}}
    ignored: {kind: tells rows apart}
"""


@pytest.mark.parametrize(
    ("faulty", "left"),
    [
        ({2}, ([6, 7], [6, 7], [6, 7])),
        ({3}, ([2, 6, 7], [2, 4, 6, 7], [2, 4, 5, 6, 7])),
        ({4}, ([2, 6, 7], [2, 6, 7], [2, 3, 6, 7])),
        ({5}, ([2, 6, 7], [2, 4, 6, 7], [2, 3, 4, 6, 7])),
        ({6}, ([2, 7], [2, 4, 7], [2, 3, 4, 5, 7])),
        ({3, 7}, ([2, 6], [2, 4, 6], [2, 4, 5, 6])),
    ],
)
def test_both_counts_of_a_file_of_three_tables_leave_out_the_same(
    desk: Any, faulty: set[int], left: tuple[list[int], ...]
) -> None:
    """A fault that the day of the contact shows (B60) takes its line along, for each table."""
    rows = ["1 | 11", "1 | 11", "1 | 12", "1 | 12", "2 | 13", "3 | 14"]
    labels = ["Vroeger" if line in faulty else "Advies" for line in range(2, 8)]
    kinds = ["A", "B", "A", "B", "A", "A"]
    lines = [
        f"{row} | 13/05/2017 | Vrouw | {label} | {kind}"
        for row, label, kind in zip(rows, labels, kinds, strict=True)
    ]
    desk.put_layout(ONE_FILE)
    desk.put("all.csv", "nr | person | day | gender | followup | kind\n" + "\n".join(lines))
    dataset = draft_of(desk)
    assert tuple(table.frame["line"].tolist() for table in dataset.tables.values()) == left
    assert differences(desk.project, desk.edition, dataset) == []


def test_what_repeats_a_row_that_is_left_out_is_left_out_too(desk: Any) -> None:
    """B52 beside B60: the second count doesn't take the second for the first."""
    row = "1 | 11 | 13/05/2017 | Vrouw | Vroeger | A"
    other = ["2 | 13 | 13/05/2017 | Vrouw | Advies | A", "3 | 14 | 13/05/2017 | Vrouw | Advies | A"]
    head = "nr | person | day | gender | followup | kind"
    for parent in ("nr", "row"):
        desk.put_layout(ONE_FILE.replace("parent: nr", f"parent: {parent}"))
        desk.put("all.csv", "\n".join([head, row, row, *other, other[0]]))
        dataset = draft_of(desk)
        assert sizes(dataset)[:2] == [2, 2]
        assert differences(desk.project, desk.edition, dataset) == []


FAULTY = {
    "contacts.csv": ("channel", "?"),
    "persons.csv": ("gender", "?"),
    "followups.csv": ("followup", "?"),
}
TABLES = {"contacts.csv": CONTACTS, "persons.csv": PERSONS, "followups.csv": FOLLOWUPS}
HANGS_ON = {"persons.csv": ("contacts.csv", 1), "followups.csv": ("persons.csv", 0)}


def rows_of(table: str, times: int) -> list[list[str]]:
    """The rows of a drawn table, several times over with keys of their own."""
    rows = [line.split(";") for line in drawn(table).splitlines()]
    keys = [at for at, name in enumerate(rows[0]) if name in ("nr", "contact", "person")]
    made = [rows[0]]
    for copy in range(times):
        made += [
            [f"{cell}-{copy}" if at in keys else cell for at, cell in enumerate(row)]
            for row in rows[1:]
        ]
    return made


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    faulty=st.fixed_dictionaries({name: st.sets(st.integers(1, 12), max_size=5) for name in FAULTY})
)
def test_a_draft_equals_the_build_without_the_faulty_rows(
    desk: Any, faulty: dict[str, set[int]]
) -> None:
    """Whichever rows are at fault: the tables are those of files that never held them."""
    files = {name: rows_of(table, 4) for name, table in TABLES.items()}
    sound: dict[str, list[list[str]]] = {}
    for name, rows in files.items():
        at = rows[0].index(FAULTY[name][0])
        sound[name] = [row for place, row in enumerate(rows) if place not in faulty[name]]
        for place in faulty[name]:
            rows[place][at] = FAULTY[name][1]
        above, key = HANGS_ON.get(name, ("", 0))
        if above:
            keys = {row[0] for row in sound[above][1:]}
            sound[name] = [rows[0], *(row for row in sound[name][1:] if row[key] in keys)]
    if any(len(rows) == 1 for rows in sound.values()):
        return
    for name, rows in files.items():
        write(desk, name, rows)
    draft = draft_of(desk)
    assert [sum(balance.faulty.values()) for balance in draft.balances] == [
        len(files[name]) - len(sound[name]) for name in TABLES
    ]
    for name, rows in sound.items():
        write(desk, name, rows)
    assert columns(draft) == columns(desk.load())


def write(desk: Any, name: str, rows: list[list[str]]) -> None:
    """Write rows as an export."""
    text = "".join(";".join(row) + "\n" for row in rows)
    (desk.root / "raw" / name).write_text(text, encoding="utf-8")
