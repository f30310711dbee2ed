"""What stops a run: faults, totals, and what isn't acknowledged; what a draft leaves out."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from helpline_report.errors import ExportError, MachineError, ParametersError
from helpline_report.parameters.acknowledgements import write_acknowledgement
from helpline_report.parameters.edition import Edition
from helpline_report.tables.dataset import Dataset, FileBalance
from helpline_report.tables.dataset_reader import load_dataset
from helpline_report.tables.source_files import check_references, find_sources
from tests.conftest import refusal
from tests.second_count.both import differences
from tests.tables.conftest import CONTACTS, FOLLOWUPS, LAYOUT, ONE_FILE, PERSONS

# What stops a run unless the parameters say that it is known, and how that is said

REASON = {"nl": "vragen om raad", "en": "questions for advice"}


def say(desk: Any, *entries: Mapping[str, object]) -> None:
    """Have the parameters of a desk acknowledge some things."""
    desk.parameters = {"acknowledged": [{"reason": REASON, **entry} for entry in entries]}


def test_what_is_not_known_stops_the_run_with_the_line_to_add(desk: Any) -> None:
    """The whole message: which row, what to do, and what to paste, and below which key."""
    unknown = (
        "1 problem(s) in the exports; nothing was written.\n"
        "[B56] raw/contacts.csv:3: 1 contact(s) without a reported person\n"
        "  → complete them in the source; if they count as contacts alone, acknowledge it\n"
    )
    line = '      - {fault: B56, file: contacts.csv, rows: 1, reason: {nl: "…", en: "…"}}'
    say(desk)
    where = "  → what is known, add to params/2017.yaml:\n    acknowledged:\n"
    assert desk.message() == f"{unknown}{where}{line}"
    # What is known of another fault, or of another file, covers nothing.
    where = "  → what is known, add under 'acknowledged:' in params/2017.yaml:\n"
    for entry in ({"fault": "B58"}, {"fault": "B56", "file": "persons.csv"}):
        say(desk, entry)
        assert desk.message() == f"{unknown}{where}{line}"


@pytest.mark.parametrize(
    "entry",
    [
        {"fault": "B56"},
        {"fault": "B56", "file": "raw/contacts.csv", "rows": 1},
        {"fault": "B56", "rows": 12, "file": "contacts.csv"},
    ],
)
def test_what_is_known_is_counted_and_goes_with_its_reason(desk: Any, entry: Any) -> None:
    """It may be known of one file or of all, of any number of rows or of as many as named."""
    say(desk, entry)
    (known,) = desk.load().acknowledged
    assert (known.code, known.file, known.rows) == ("B56", "raw/contacts.csv", 1)
    assert known.reason.nl == "vragen om raad"
    assert desk.balance("contacts.csv").noted == {"B56": 1}


def test_more_rows_than_are_known_stop_the_run(desk: Any) -> None:
    """Somebody looked at one contact, and now there are two."""
    say(desk, {"fault": "B56", "rows": 1})
    desk.put("persons.csv", "nr | contact | gender | age | context\n11 | 1 | Vrouw | 34 | School")
    desk.put("followups.csv", "person | followup\n11 | Advies")
    assert desk.problems() == [
        "[B56] raw/contacts.csv:3: 2 contact(s) without a reported person (lines 3, 4); 1 of them "
        "acknowledged\n"
        "  → complete them in the source; if they count as contacts alone, acknowledge it"
    ]
    # Whose person's row can't be read isn't a contact about nobody.
    rows = "11 | 1 | Vrouw\n12 | 3 | Man | 1 | School"
    desk.put("persons.csv", f"nr | contact | gender | age | context\n{rows}")
    assert all("[B56]" not in problem for problem in desk.problems())


def test_a_line_to_add_is_one_that_the_parameters_take(desk: Any) -> None:
    """With its reason written, whatever the file is called; three dots are no reason."""
    for name in ("contacts.csv", "a, b: {c}.csv", "2017-03-01", "yes", "'x'.csv", "# é.csv"):
        text = write_acknowledgement("B56", file=f"raw/{name}", about="2017-03", rows=12)
        (entry,) = yaml.safe_load(text.replace("…", "waarom"))
        reason = {"nl": "waarom", "en": "waarom"}
        about = {"about": "2017-03", "rows": 12}
        assert entry == {"fault": "B56", "file": name, **about, "reason": reason}
        Edition.model_validate({**desk.edition.model_dump(by_alias=True), "acknowledged": [entry]})
    say(desk, {"fault": "B56", "reason": {"nl": "…", "en": "…"}})
    with pytest.raises(ValueError, match="say why in words, in place of '…'"):
        _ = desk.edition


def test_a_fault_that_is_refused_cannot_be_acknowledged(desk: Any) -> None:
    """An unknown fault can't either; the message has the nearest one."""
    say(desk, {"fault": "B53"}, {"fault": "silent_mnth"})
    can = (
        "B10, B42, B47, B49, B56, B58, B66, B69, B73, B74, B75, B76, B78, B79, "
        "silent_month, silent_days, silent_code, empty_column, tenfold, exchanged can be"
    )
    assert refusal(ParametersError, desk.load) == (
        f"params/2017.yaml: acknowledged.fault: B53 can't be acknowledged; {can}\n"
        f"params/2017.yaml: acknowledged.fault: silent_mnth isn't a fault, did you "
        f"mean 'silent_month'?; {can}"
    )


# A draft leaves rows with faults out, with what hangs on them, and counts every one


def draft_of(desk: Any) -> Dataset:
    return load_dataset(desk.project, desk.edition.model_copy(update={"draft": True}))


def change(*replacements: tuple[str, str]) -> dict[str, str]:
    """The small exports with some texts replaced, each in the one that holds it."""
    tables = {"contacts.csv": CONTACTS, "persons.csv": PERSONS, "followups.csv": FOLLOWUPS}
    for old, new in replacements:
        (name,) = (name for name, table in tables.items() if old in table)
        tables[name] = tables[name].replace(old, new)
    return tables


FIRST = "1  | 02/03/2017 | 09:15 | Telefoon"
TWICE = "3  | 31/12/2017 | 23:59 |"
DRAFTS: dict[str, tuple[dict[str, str], list[int], list[dict[str, int]]]] = {
    "nothing": (change(), [3, 3, 3], [{}, {}, {}]),
    "a contact takes its persons along, and these their follow-ups": (
        change((FIRST, FIRST.replace("2017", "17"))),
        [2, 1, 1],
        [{"B43": 1}, {"hangs": 2}, {"hangs": 2}],
    ),
    "a row with two faults counts under the first of its codes": (
        change((FIRST, "1 | 2/3/17 | 25:00 | x")),
        [2, 1, 1],
        [{"B43": 1}, {"hangs": 2}, {"hangs": 2}],
    ),
    "a row too short is in no table": (
        change((FIRST, "1 | 02/03/2017")),
        [2, 1, 1],
        [{"B26": 1}, {"hangs": 2}, {"hangs": 2}],
    ),
    "an orphan": (change(("13 | 3 ", "13 | 33")), [3, 2, 2], [{}, {"B54": 1}, {"hangs": 1}]),
    # A row that stands twice is left out of every edition: no draft is needed for it.
    "beside a row that stands twice": (
        change((TWICE, f"{TWICE}\n{TWICE}\n4 | 1/1/17 | | E-mail")),
        [3, 3, 3],
        [{"B43": 1}, {}, {}],
    ),
}


@pytest.mark.parametrize(("tables", "sizes", "faulty"), DRAFTS.values(), ids=DRAFTS)
def test_a_draft_leaves_out_what_is_at_fault(
    desk: Any, tables: dict[str, str], sizes: list[int], faulty: list[dict[str, int]]
) -> None:
    """With what hangs on it; the balance counts each row once."""
    for name, table in tables.items():
        desk.put(name, table)
    dataset = draft_of(desk)
    assert [len(dataset.tables[name]) for name in ("contacts", "persons", "followups")] == sizes
    assert [dict(balance.faulty) for balance in dataset.balances] == faulty
    twice = {"B52": 1} if tables["contacts.csv"].count(TWICE) > 1 else {}
    assert dict(dataset.balances[0].excluded) == {**faulty[0], **twice}


STOPS: dict[str, tuple[dict[str, str], list[str]]] = {
    # The rows that a draft would leave out aren't told.
    "a column missing": (
        change(("channel", "kanaal"), ("09:15", "25:15")),
        ["[B22] raw/contacts.csv:1, column channel", "[B23] raw/contacts.csv:1"],
    ),
    "mostly faulty rows": (
        change(("/03/2017", "/03/17")),
        [
            "[B43] raw/contacts.csv: 2 of 3 rows have a fault, too many to leave out",
            "  → see that it is the right file, and that the layout says how it is written",
        ],
    ),
    "no row that can be read": (
        {"persons.csv": "nr | contact | gender | age | context\n11 | 1\n"},
        [
            "[B26] raw/persons.csv:2: 2 field(s); expected 5, as in the header",
            "  → export the file again; don't open and save it in a spreadsheet",
        ],
    ),
}


@pytest.mark.parametrize(("tables", "lines"), STOPS.values(), ids=STOPS)
def test_a_faulty_file_stops_a_draft(desk: Any, tables: dict[str, str], lines: list[str]) -> None:
    """A fault of a whole file, or of most of its rows: then it is the layout that is wrong."""
    for name, table in tables.items():
        desk.put(name, table)
    message = refusal(ExportError, draft_of, desk).splitlines()
    for line in lines:
        assert any(each.startswith(line) for each in message), line
    assert not any("B46" in line for line in message)


def test_a_correction_and_a_draft_go_together(desk: Any) -> None:
    """One fault is mended, the other is left out."""
    desk.put("contacts.csv", CONTACTS.replace("E-mail", "Emale").replace("23:59", "25:59"))
    lines = "file,key,column,stands,becomes,reason\ncontacts.csv,2,channel,Emale,E-mail,tikfout\n"
    (desk.root / "raw" / "corrections.csv").write_text(lines, encoding="utf-8")
    balance = draft_of(desk).balances[0]
    assert (balance.used, dict(balance.repaired)) == (1, {"corrected": 1})
    assert dict(balance.faulty) == {"B46": 1}


def test_rows_that_dont_add_up_are_a_fault_of_the_program(desk: Any) -> None:
    """A balance that doesn't hold stops whoever makes a dataset of it."""
    sound = desk.load()
    wrong = FileBalance("raw/x.csv", "", "contacts", 3, {"used": 1, "excluded B32": 1})
    assert refusal(MachineError, Dataset, sound.edition, sound.period, sound.tables, (wrong,)) == (
        "raw/x.csv: the rows of contacts don't add up: 3 read, 1 used, 0 repaired, 1 excluded\n"
        "  → this is a fault of the program: please report this line"
    )


THREE_TABLES = """\
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
        ({3, 7}, ([2, 6], [2, 4, 6], [2, 4, 5, 6])),
    ],
)
def test_both_counts_of_a_file_of_three_tables_leave_out_the_same(
    desk: Any, faulty: set[int], left: tuple[list[int], ...]
) -> None:
    """A fault that the day of the contact shows (B60) takes its line along, for each table."""
    rows = ["1 | 11", "1 | 11", "1 | 12", "1 | 12", "2 | 13", "3 | 14"]
    lines = [
        f"{row} | 13/05/2017 | Vrouw | {'Vroeger' if line in faulty else 'Advies'} | {kind}"
        for line, (row, kind) in enumerate(zip(rows, "ABABAA", strict=True), start=2)
    ]
    desk.put_layout(ONE_FILE + THREE_TABLES)
    desk.put("both.csv", "nr | person | day | gender | followup | kind\n" + "\n".join(lines))
    dataset = draft_of(desk)
    assert tuple(table.frame["line"].tolist() for table in dataset.tables.values()) == left
    assert differences(desk.project, desk.edition, dataset) == []


def test_what_repeats_a_row_that_is_left_out_is_left_out_too(desk: Any) -> None:
    """B52 beside B60: the second count doesn't take the second for the first."""
    row = "1 | 11 | 13/05/2017 | Vrouw | Vroeger | A"
    other = ["2 | 13 | 13/05/2017 | Vrouw | Advies | A", "3 | 14 | 13/05/2017 | Vrouw | Advies | A"]
    head = "nr | person | day | gender | followup | kind"
    for parent in ("nr", "row"):
        desk.put_layout(ONE_FILE + THREE_TABLES.replace("parent: nr", f"parent: {parent}"))
        desk.put("both.csv", "\n".join([head, row, row, *other, other[0]]))
        dataset = draft_of(desk)
        assert [len(dataset.tables[name]) for name in ("contacts", "persons")] == [2, 2]
        assert differences(desk.project, desk.edition, dataset) == []


def test_a_repeat_of_a_row_that_a_draft_leaves_out_goes_too(desk: Any) -> None:
    """B52 beside B60 in a file of one table: its fault is that of the first row alone."""
    desk.put_layout(LAYOUT.replace("Telefoon: phone", "Telefoon: {code: phone, until: 2016-12-31}"))
    desk.put("contacts.csv", CONTACTS + FIRST + "\n")
    dataset = draft_of(desk)
    assert dataset.left_out["raw/contacts.csv"] == {2, 5}
    assert differences(desk.project, desk.edition, dataset) == []


# Totals that somebody saw on a screen, against the rows that the exports hold


def see(desk: Any, *totals: object, **more: object) -> None:
    """Give the parameters of a desk control totals."""
    desk.parameters = {**desk.parameters, "control_totals": list(totals), **more}


def test_totals_that_agree_stop_nothing(desk: Any) -> None:
    """They are of a table, month, code, codes of the table above, or file without blank rows."""
    desk.put("followups.csv", "person | followup\n\n11 | Advies\n11 | Andere\n\n13 |")
    where = {"gender": "female", "channel": "phone"}
    see(
        desk,
        {"table": "contacts", "rows": 3},
        {"table": "contacts", "month": "2017-03", "rows": 2},
        {"table": "contacts", "where": {"channel": ["phone", "email"]}, "rows": 2},
        {"table": "persons", "where": where, "rows": 1},
        {"table": "followups", "where": {"followup": "advice"}, "month": "2017-03", "rows": 1},
        {"file": "persons.csv", "rows": 3},
        {"file": "raw/followups.csv", "rows": 3},
    )
    assert len(desk.load().tables) == 3


def test_another_total_is_refused(desk: Any) -> None:
    """B70, and B10 where rows of a file are missing: what was seen, when, of which part."""
    where = {"channel": ["phone", "email"], "gender": "female"}
    see(
        desk,
        {"table": "contacts", "rows": 4, "seen": "2018-01-05"},
        {"table": "persons", "where": where, "month": "2017-03", "rows": 2},
    )
    step = "  → export again over the whole period; if the total was noted wrongly, correct it: "
    assert desk.problems() == [
        "[B70] raw/contacts.csv: 3 contacts; expected 4, as was seen on 2018-01-05\n"
        f"{step}control_totals.0 in params/2017.yaml",
        "[B70] raw/persons.csv: 1 persons with channel phone or email with gender female in "
        f"2017-03; expected 2\n{step}control_totals.1 in params/2017.yaml",
    ]
    # One look mends everything: what is to be acknowledged stands beside them.
    desk.parameters = {}
    see(desk, {"file": "followups.csv", "rows": 4}, {"file": "persons.csv", "rows": 2})
    assert [problem[:33] for problem in desk.problems()] == [
        "[B56] raw/contacts.csv:3: 1 conta",
        "[B10] raw/followups.csv: 3 rows; ",
        "[B70] raw/persons.csv: 3 rows; ex",
    ]
    # A draft leaves rows out; of its files all rows were read.
    see(desk, {"table": "contacts", "rows": 4}, draft=True)
    assert len(desk.load().tables) == 3
    see(desk, {"file": "contacts.csv", "rows": 4}, draft=True)
    assert "[B10]" in desk.message()


TOTALS = """\
  - {table: contacts, where: {chanel: phone}, rows: 1}
  - table: contacts
    where:
      channel: fone
    rows: 1
  - {table: contacts, where: {gender: female}, rows: 1}
  - {file: contact.csv, rows: 1}
  - {table: contacts, month: 2018-01, rows: 1}
  - {table: contacts, month: 2017-13, rows: 1}
  - {table: followups, rows: 3}
"""


def test_a_total_of_what_there_is_not_is_told_with_its_key(desk: Any) -> None:
    """Fields, codes, files, months and tables, each with the nearest name."""
    see(desk, *yaml.safe_load(TOTALS))
    text = (desk.root / "params" / "layouts" / "small.yaml").read_text(encoding="utf-8")
    desk.put_layout(text[: text.index("  followups:\n    name")])
    lists = desk.project.codelists()
    files = find_sources(desk.project, desk.edition, lists)
    message = refusal(ParametersError, check_references, desk.edition, files, lists)
    where, period = "params/2017.yaml: control_totals.", "doesn't lie in the period 2017-01-01"
    assert message.replace(where, "").splitlines() == [
        "where.chanel: 'chanel' is no coded field of contacts, did you mean 'channel'?",
        "where.channel: 'channel' has no code 'fone', did you mean 'phone'?",
        "where.gender: 'gender' is no coded field of contacts",
        "file: no source has a file 'contact.csv', did you mean 'contacts.csv'?",
        f"month: 2018-01 {period} to 2017-12-31",
        f"month: 2017-13 {period} to 2017-12-31",
        "table: no source gives the table 'followups'",
    ]
