"""Keys of rows, links between tables, and keys of two years."""

from typing import Any

import pytest

from helpline_report.tables.keys import find_shared_keys
from tests.tables.conftest import layout_of_contacts

CONTACTS = "nr | day | time | channel\n"
PERSONS = "nr | contact | gender | age | context\n"
LEAVE_OUT = "leave it out of the export, and tell who answers for the register"
AS_TEXT = "export it again as text, and open it nowhere in between"
BOTH_AGAIN = "export the files again, at one time and over one period"


def test_a_key_that_says_two_things_or_nothing_is_refused(desk: Any) -> None:
    """B53: which of two is true, the program can't know, and on a blank nothing could hang."""
    rows = "1 | 02/03/2017 | 09:15 | Telefoon\n3 | 31/12/2017 | |\n1 | 02/03/2017 | 09:15 | E-mail"
    desk.put("contacts.csv", CONTACTS + rows)
    desk.put("persons.csv", f"{PERSONS} | 1 | Vrouw | 34 | School\n11 | 1 | Vrouw | 34 | School")
    desk.put("followups.csv", "person | followup\n11 | Advies")
    assert [problem for problem in desk.problems() if "[B56]" not in problem] == [
        "[B53] raw/contacts.csv:4, column nr: the key of line 2 stands here with something else in "
        "the column 'channel'; expected one row a key\n"
        "  → correct one of the two rows in the source",
        "[B53] raw/persons.csv:2, column nr: a person without a key\n"
        "  → give each row its key, also where merged cells left it on the first one alone; if "
        "such a row is one by itself, say in the layout of the table: blank_key: row",
    ]


def test_a_blank_key_is_no_repeat_of_another(desk: Any) -> None:
    """B53: each is told once, and isn't held against the first blank one."""
    desk.put("persons.csv", f"{PERSONS} | 1 | Vrouw | 34 | School\n | 1 | Man | 3 | School")
    assert [line.partition(" a person")[0] for line in desk.problems() if "[B53]" in line] == [
        "[B53] raw/persons.csv:2, column nr:",
        "[B53] raw/persons.csv:3, column nr:",
    ]


def test_a_row_that_hangs_on_nothing_is_refused(desk: Any) -> None:
    """B54, B55: by its line, the key isn't shown; also where it is blank."""
    desk.put("contacts.csv", f"{CONTACTS}1 | 02/03/2017 | | Telefoon")
    desk.put("followups.csv", "person | followup\n | Advies\n11 | Advies")
    assert desk.problems() == [
        "[B55] raw/followups.csv:2, column person: a follow-up without the key of the person\n"
        "  → give each row that key, also where merged cells left it on the first one alone",
        "[B54] raw/persons.csv:4, column contact: a person whose contact isn't in "
        f"raw/contacts.csv\n  → {BOTH_AGAIN}",
    ]


def test_spaces_around_keys_are_mended(desk: Any) -> None:
    """B61: `1` and ` 1` are one contact."""
    rows = "nr;contact;gender;age;context\n11; 1;Vrouw;34;School\n13;3 ;Vrouw;;School\n"
    (desk.root / "raw" / "persons.csv").write_text(rows, encoding="utf-8")
    assert desk.table("persons").parent_rows.tolist() == [0, 2]
    assert desk.balance("persons.csv").repaired == {"B61": 2}


def test_leading_zeros_are_part_of_a_key(desk: Any) -> None:
    """B41: `01` is another contact than `1`, and one of the two files lost a zero."""
    desk.put("persons.csv", f"{PERSONS}11 | 01 | Vrouw | 34 | School\n13 | 3 | Man | | School")
    assert desk.problems() == [
        "[B41] raw/persons.csv:2, column contact: a person whose contact has a key with other "
        f"leading zeros in raw/contacts.csv\n  → {AS_TEXT}"
    ]


def test_a_refused_row_leaves_no_orphans_to_tell_of(desk: Any) -> None:
    """A contact whose row is too short is one problem, not one for each of its persons too."""
    desk.put("contacts.csv", f"{CONTACTS}1 | 02/03/2017\n3 | 31/12/2017 | |")
    assert [problem[:5] for problem in desk.problems()] == ["[B26]"]


KEYS = {
    # Personal data: neither the key nor its shape is shown.
    "85073003328 naam@voorbeeld.be BE68539007547034 0470/12.34.56 C2017-000001": [
        f"[B65] {line}: a key that is {kind}\n  → {LEAVE_OUT}"
        for line, kind in enumerate(
            ("a national number", "an e-mail address", "a bank account number", "a phone number"), 2
        )
    ],
    # Numbers of eleven digits, of which a few pass for national numbers by chance.
    "85073003328 85073003329 85073003330 85073003331": [],
    # Keys of a spreadsheet.
    "#REF! 3-jan C2017-000001": [
        f"[B38] 2: a key that is an error of a spreadsheet\n  → {AS_TEXT}",
        f"[B40] 3: a key that a spreadsheet turned into a date\n  → {AS_TEXT}",
    ],
    "1,00E+05 1E05 100003": [
        f"[B41] {line}: a key that a spreadsheet turned into a power of ten\n  → {AS_TEXT}"
        for line in (2, 3)
    ],
    "00017 00018 19 20019": [
        f"[B41] 4: a key that lost its leading zeros: others have them\n  → {AS_TEXT}"
    ],
    "C-01 C-02 1E05": [
        f"[B41] 4: a key that a spreadsheet turned into a power of ten\n  → {AS_TEXT}"
    ],
    # Letters may belong to keys, capitals too; and numbers grow.
    "1E05 1F05": [],
    "aBc abC": [],
    "0 9 10": [],
}


@pytest.mark.parametrize("keys", KEYS)
def test_what_is_no_key_is_told_by_its_look(desk: Any, keys: str) -> None:
    """B38, B40, B41, B65."""
    rows = "".join(f"{key};13/05/2017;;\n" for key in keys.split())
    (desk.root / "raw" / "contacts.csv").write_text(f"nr;day;time;channel\n{rows}", "utf-8")
    orphans = ("[B54]", "[B55]")
    problems = [each for each in desk.problems() if not each.startswith(orphans)]
    place = ("raw/contacts.csv:", ", column nr")
    assert [each.replace(place[0], "").replace(place[1], "") for each in problems] == KEYS[keys]


def test_more_than_twenty_persons_in_a_contact_are_to_be_acknowledged(desk: Any) -> None:
    """B58: twenty are not."""
    rows = [f"{100 + n} | 1 | Vrouw | {n} | School" for n in range(21)]
    rows += [f"{200 + n} | 2 | Vrouw | {n} | School" for n in range(20)]
    desk.put("persons.csv", PERSONS + "\n".join(rows))
    desk.put("followups.csv", "person | followup\n100 | Advies")
    assert desk.problems() == [
        "[B58] raw/contacts.csv:2: 1 contact(s) with more than 20 persons\n"
        "  → look it up: acknowledge it if it is true"
    ]


# Two years side by side: a key that stands in both exports

SHARED = {
    "a key of last year": ("2 | 14/05/2016", " 2 | 14/05/2017", "nr", True),
    "a day too early in this year's export": ("2 | 31/12/2016", "2 | 31/12/2016", "nr", False),
    "a system that numbers anew": (
        "2 | 14/05/2016",
        "2 | 14/05/2017",
        "nr\n        numbered_yearly: true",
        False,
    ),
}


@pytest.mark.parametrize(("before", "now", "key", "shared"), SHARED.values(), ids=SHARED)
def test_a_key_of_both_years(desk: Any, before: str, now: str, key: str, *, shared: bool) -> None:
    """B57: by its line in this year's export, the key isn't shown; rows left out share theirs."""
    desk.put_layout(layout_of_contacts(key=key))
    years = []
    for year, row in (("2016", before), ("2017", now)):
        desk.year = year
        desk.put("contacts.csv", f"nr | day\n{year} | 13/05/{year}\n{row}")
        years.append(desk.load())
    # Of periods that overlap rows are rightly the same.
    assert [*find_shared_keys(years[1], years[1])] == []
    errors = find_shared_keys(years[1], years[0])
    problems = [str(problem) for error in errors for problem in error.problems]
    messages = [
        "[B57] raw/contacts.csv:3: the key of this contact stands in the export of 2016 too\n"
        "  → see that each export is of its own year; if the system numbers anew each year, "
        "say in the layout of the table: numbered_yearly: true"
    ]
    assert problems == (messages if shared else [])


def test_keys_are_kept_as_hashes_that_are_the_same_everywhere(desk: Any) -> None:
    """What is compared is in order, can't be read back, and doesn't depend on the process."""
    desk.put_layout(layout_of_contacts())
    desk.put("contacts.csv", "nr | day\nA1 | 13/05/2017\nB2 | 14/05/2017")
    keys = desk.table("contacts").keys
    assert keys.hashes.tolist() == [10962442633850072797, 12510222629351566670]
    assert keys.lines.tolist() == [3, 2]
