"""What stops a run: faults, totals, and what isn't acknowledged; what a draft leaves out."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline_report.errors import ExportError, MachineError, ParametersError
from helpline_report.parameters.acknowledgements import write_acknowledgement
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.yaml import read_yaml
from helpline_report.tables.dataset import Dataset, FileBalance
from helpline_report.tables.dataset_reader import load_dataset
from helpline_report.tables.refusals import find_superfluous
from helpline_report.tables.source_files import check_references, source_files
from tests.second_count.both import differences
from tests.tables.conftest import CONTACTS, FOLLOWUPS, PERSONS, drawn
from tests.tables.test_corrections import columns

# What stops a run unless the parameters say that it is known, and how that is said

REASON = {"nl": "vragen om raad", "en": "questions for advice"}
UNKNOWN = (
    "1 problem(s) in the exports; nothing was written.\n"
    "[B56] raw/contacts.csv:3: 1 contact(s) without a reported person{more}\n"
    "  → complete them in the source; or they are known, and count as contacts\n"
)


def say(desk: Any, **entry: object) -> None:
    """Have the parameters of a desk acknowledge one thing."""
    desk.said = {"acknowledged": [{"reason": REASON, **entry}] if entry else []}


def test_what_is_not_known_stops_the_run_with_the_line_to_add(desk: Any) -> None:
    """The whole message: which row, what to do, and what to paste."""
    say(desk)
    assert desk.message() == UNKNOWN.format(more="") + (
        "  → what is known, add to params/2017.yaml:\n"
        "    acknowledged:\n"
        '      - {fault: B56, file: contacts.csv, rows: 1, reason: {nl: "…", en: "…"}}'
    )


def test_an_edition_that_acknowledges_something_else_is_told_where_to_add(desk: Any) -> None:
    """A second key `acknowledged` would be an error of its own."""
    say(desk, fault="B58")
    assert desk.message() == UNKNOWN.format(more="") + (
        "  → what is known, add under 'acknowledged:' in params/2017.yaml:\n"
        '      - {fault: B56, file: contacts.csv, rows: 1, reason: {nl: "…", en: "…"}}'
    )


@pytest.mark.parametrize(
    "entry",
    [
        {"fault": "B56"},
        {"fault": "B56", "file": "contacts.csv"},
        {"fault": "B56", "file": "raw/contacts.csv"},
        {"fault": "B56", "rows": 1},
        {"fault": "B56", "rows": 12, "file": "contacts.csv"},
    ],
)
def test_what_is_known_is_counted_and_goes_with_its_reason(desk: Any, entry: Any) -> None:
    """In one file or in all, in any number of rows or in as many as are named."""
    say(desk, **entry)
    dataset = desk.load()
    (known,) = dataset.acknowledged
    assert (known.code, known.file, known.rows) == ("B56", "raw/contacts.csv", 1)
    assert known.reason.nl == "vragen om raad"
    assert desk.balance("contacts.csv").noted == {"B56": 1}


def test_more_rows_than_are_known_stop_the_run(desk: Any) -> None:
    """Somebody looked at one contact, and now there are two."""
    say(desk, fault="B56", rows=1)
    desk.put("persons.csv", "nr | contact | gender | age | context\n11 | 1 | Vrouw | 34 | School")
    desk.put("followups.csv", "person | followup\n11 | Advies")
    assert desk.problems() == [
        "[B56] raw/contacts.csv:3: 2 contact(s) without a reported person (lines 3, 4); 1 of them "
        "acknowledged\n"
        "  → complete them in the source; or they are known, and count as contacts"
    ]


@pytest.mark.parametrize("entry", [{"fault": "B56", "file": "persons.csv"}, {"fault": "B58"}])
def test_what_is_known_of_something_else_covers_nothing(desk: Any, entry: Any) -> None:
    """Of another file, or another fault."""
    say(desk, **entry)
    assert len(desk.problems()) == 1


def test_a_line_to_add_is_one_that_the_parameters_take(desk: Any) -> None:
    """With its reason written, it is what was asked for, whatever the file is called."""
    for name in ("contacts.csv", "a, b: {c}.csv", "2017-03-01", "yes", "'x'.csv", "# é.csv"):
        text = write_acknowledgement("B56", file=f"raw/{name}", about="2017-03", rows=12)
        (entry,) = yaml.safe_load(text.replace("…", "waarom"))
        assert entry == {
            "fault": "B56",
            "file": name,
            "about": "2017-03",
            "rows": 12,
            "reason": {"nl": "waarom", "en": "waarom"},
        }
        Edition.model_validate({**desk.edition.model_dump(by_alias=True), "acknowledged": [entry]})


def test_a_line_pasted_without_its_reason_is_no_reason(desk: Any) -> None:
    """Three dots say nothing to whoever reads the report."""
    say(desk, fault="B56", reason={"nl": "…", "en": "…"})
    with pytest.raises(ValueError, match="say why in words, in place of '…'"):
        _ = desk.edition


def test_what_speaks_of_nothing_is_superfluous(desk: Any) -> None:
    """It stops nothing, and is told."""
    said = [{"fault": "B56", "reason": REASON}, {"fault": "B58", "reason": REASON}]
    desk.said = {"acknowledged": said}
    superfluous = find_superfluous(desk.edition, desk.load().acknowledged)
    assert [entry.fault for entry in superfluous] == ["B58"]


def test_a_fault_that_is_refused_cannot_be_acknowledged(desk: Any) -> None:
    """Nor one that there isn't."""
    desk.said = {
        "acknowledged": [{"fault": "B53", "reason": REASON}, {"fault": "B99", "reason": REASON}]
    }
    with pytest.raises(ParametersError) as caught:
        desk.load()
    can = (
        "B42, B47, B49, B56, B58, B66, B69, B73, B74, B75, B76, B78, B79, silent_month, "
        "silent_days, silent_code, empty_column, tenfold can be"
    )
    assert str(caught.value) == (
        f"params/2017.yaml: B53 can't be acknowledged; {can}\n"
        f"params/2017.yaml: B99 isn't a fault; {can}"
    )


def test_a_persons_file_with_rows_refused_leaves_nobody_alone(desk: Any) -> None:
    """Whose person's row can't be read isn't a contact about nobody."""
    say(desk)
    desk.put(
        "persons.csv",
        "nr | contact | gender | age | context\n11 | 1 | Vrouw\n12 | 3 | Man | 1 | School",
    )
    assert all("[B56]" not in problem for problem in desk.problems())


# A draft leaves rows with faults out, with what hangs on them, and counts every one


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
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
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


# Totals that somebody saw on a screen, against the rows that the exports hold


def total(desk: Any, *totals: object, **more: object) -> None:
    """Give the parameters of a desk control totals."""
    desk.said = {**desk.said, "control_totals": list(totals), **more}


@pytest.mark.parametrize(
    "seen",
    [
        {"table": "contacts", "rows": 3},
        {"table": "contacts", "month": "2017-03", "rows": 2},
        {"table": "contacts", "where": {"channel": "phone"}, "rows": 1},
        {"table": "contacts", "where": {"channel": ["phone", "email"]}, "rows": 2},
        {"table": "persons", "where": {"gender": "female", "channel": "phone"}, "rows": 1},
        {"table": "persons", "month": "2017-12", "rows": 1},
        {"table": "followups", "where": {"followup": "advice"}, "month": "2017-03", "rows": 1},
        {"file": "persons.csv", "rows": 3},
        {"file": "raw/followups.csv", "rows": 3},
    ],
)
def test_a_total_that_agrees_stops_nothing(desk: Any, seen: Any) -> None:
    """Of a table, a month, a code, codes of the table above, or a file."""
    total(desk, seen)
    assert len(desk.load().tables) == 3


def test_a_table_with_another_total_is_refused(desk: Any) -> None:
    """B70: both totals, and what to do."""
    total(desk, {"table": "contacts", "rows": 4, "seen": "2018-01-05"})
    assert desk.message() == (
        "1 problem(s) in the exports; nothing was written.\n"
        "[B70] raw/contacts.csv: 3 contacts; expected 4, as was seen on 2018-01-05\n"
        "  → export again over the whole period; if the total was noted wrongly, correct it: "
        "control_totals.0 in params/2017.yaml"
    )


def test_a_part_of_a_table_is_named(desk: Any) -> None:
    """By its codes and its month."""
    where = {"channel": ["phone", "email"], "gender": "female"}
    total(desk, {"table": "persons", "where": where, "month": "2017-03", "rows": 2})
    assert desk.problems()[0].splitlines()[0] == (
        "[B70] raw/persons.csv: 1 persons with channel phone or email with gender female in "
        "2017-03; expected 2"
    )


@pytest.mark.parametrize(("rows", "code"), [(4, "B10"), (2, "B70")])
def test_a_file_with_fewer_rows_is_cut_off(desk: Any, rows: int, code: str) -> None:
    """B10 where rows are missing, B70 where there are too many."""
    total(desk, {"file": "followups.csv", "rows": rows})
    assert desk.problems()[0].splitlines()[0] == (
        f"[{code}] raw/followups.csv: 3 rows; expected {rows}"
    )


def test_blank_rows_are_no_rows_of_a_file(desk: Any) -> None:
    """The registration system doesn't count them."""
    desk.put("followups.csv", "person | followup\n\n11 | Advies\n\n13 | Andere")
    total(desk, {"file": "followups.csv", "rows": 2})
    assert len(desk.load().tables["followups"]) == 2


def test_rows_missing_are_told_beside_what_hangs_on_them(desk: Any) -> None:
    """A file of persons that was cut off: its total, and the follow-ups of nobody."""
    desk.put("persons.csv", "nr | contact | gender | age | context\n11 | 1 | Vrouw | 34 | School")
    total(desk, {"file": "persons.csv", "rows": 3})
    assert {problem[:5] for problem in desk.problems()} == {"[B10]", "[B55]"}


def test_totals_and_what_is_to_be_acknowledged_come_together(desk: Any) -> None:
    """One look mends everything."""
    desk.said = {"control_totals": [{"table": "contacts", "rows": 4}]}
    assert [problem[:5] for problem in desk.problems()] == ["[B70]", "[B56]"]


def test_a_draft_is_held_against_no_total_of_a_table(desk: Any) -> None:
    """It leaves rows out; of its files all rows were read."""
    total(desk, {"table": "contacts", "rows": 4}, draft=True)
    assert len(desk.load().tables) == 3
    total(desk, {"file": "contacts.csv", "rows": 4}, draft=True)
    assert len(desk.problems()) == 1


PARAMETERS = """\
control_totals:
  - {table: contacts, where: {chanel: phone}, rows: 1}
  - table: contacts
    where:
      channel: fone
    rows: 1
  - {table: contacts, where: {gender: female}, rows: 1}
  - {file: contact.csv, rows: 1}
  - {table: contacts, month: 2018-01, rows: 1}
  - {table: contacts, month: 2017-13, rows: 1}
"""


def test_a_total_of_what_there_is_not_is_told_with_its_line(desk: Any) -> None:
    """Fields, codes, files and months, each with the nearest name."""
    path = desk.root / "params" / "2017.yaml"
    path.write_text(PARAMETERS, encoding="utf-8")
    document = read_yaml(path, desk.root)
    total(desk, *document.data["control_totals"])
    lists = desk.project.codelists()
    with pytest.raises(ParametersError) as caught:
        check_references(
            desk.edition, source_files(desk.project, desk.edition, lists), lists, document
        )
    period = "doesn't lie in the period 2017-01-01 to 2017-12-31"
    assert str(caught.value).splitlines() == [
        "params/2017.yaml:2: 'chanel' is no coded field of contacts, did you mean 'channel'?",
        "params/2017.yaml:5: 'channel' has no code 'fone', did you mean 'phone'?",
        "params/2017.yaml:7: 'gender' is no coded field of contacts",
        "params/2017.yaml:8: no source has a file 'contact.csv', did you mean 'contacts.csv'?",
        f"params/2017.yaml:9: 2018-01 {period}",
        f"params/2017.yaml:10: 2017-13 {period}",
    ]


def test_a_table_that_no_source_gives_has_no_total(sample_edition: Any, desk: Any) -> None:
    """Without followups in any layout."""
    assert sample_edition.control_totals == []
    layout = desk.root / "params" / "layouts" / "small.yaml"
    text = layout.read_text(encoding="utf-8")
    desk.put_layout(text[: text.index("  followups:\n    name")])
    total(desk, {"table": "followups", "rows": 3})
    with pytest.raises(ParametersError) as caught:
        desk.load()
    assert str(caught.value) == "params/2017.yaml: no source gives the table 'followups'"
