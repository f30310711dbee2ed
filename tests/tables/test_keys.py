"""Keys of rows, links between tables, and keys of two years."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.errors import ExportError
from helpline_report.parameters.values import Period
from helpline_report.tables.dataset import KeyHashes
from helpline_report.tables.keys import YearKeys, refuse_shared_keys
from tests.second_count.both import differences
from tests.tables.conftest import layout_of_contacts

# Keys: rows that stand twice, rows that hang on nothing, and keys that are blank

CONTACTS = "nr | day | time | channel\n"
PERSONS = "nr | contact | gender | age | context\n"


def test_a_row_twice_to_the_letter_is_one_row(desk: Any) -> None:
    """B52: the second is left out and counted; persons hang on the first."""
    desk.put(
        "contacts.csv",
        """
        nr | day        | time  | channel
        1  | 02/03/2017 | 09:15 | Telefoon
        1  | 02/03/2017 | 09:15 | Telefoon
        3  | 31/12/2017 |       |
""",
    )
    assert desk.column("contacts", "line") == [2, 4]
    assert desk.table("persons").parent_rows.tolist() == [0, 0, 1]
    assert desk.balance("contacts.csv").excluded == {"B52": 1}


def test_one_key_with_two_contents_is_refused_with_both_lines(desk: Any) -> None:
    """B53: which of the two is true, the program can't know."""
    desk.put(
        "contacts.csv",
        """
        nr | day        | time  | channel
        1  | 02/03/2017 | 09:15 | Telefoon
        3  | 31/12/2017 |       |
        1  | 02/03/2017 | 09:15 | E-mail
        """,
    )
    assert desk.problems() == [
        "[B53] raw/contacts.csv:4, column nr: the key of line 2 stands here with other contents; "
        "expected one row a key\n  → correct one of the two rows in the source"
    ]


def test_a_blank_key_is_refused(desk: Any) -> None:
    """B53: nothing could hang on it."""
    desk.put("persons.csv", f"{PERSONS} | 1 | Vrouw | 34 | School")
    desk.put("followups.csv", "person | followup\n11 | Advies")
    assert desk.problems()[1:] == [
        "[B53] raw/persons.csv:2, column nr: a person without a key\n"
        "  → give the row its key in the source"
    ]


def test_a_person_without_contact_is_refused(desk: Any) -> None:
    """B54: by its line, the key isn't shown."""
    desk.put("contacts.csv", f"{CONTACTS}1 | 02/03/2017 | | Telefoon")
    assert desk.problems() == [
        "[B54] raw/persons.csv:4, column contact: a person whose contact isn't in "
        "raw/contacts.csv\n  → export both files again, at one time and over one period"
    ]


def test_a_followup_without_person_is_refused(desk: Any) -> None:
    """B55: also where its key is blank."""
    desk.put("followups.csv", "person | followup\n | Advies\n11 | Advies")
    assert desk.problems() == [
        "[B55] raw/followups.csv:2, column person: a follow-up whose person isn't in "
        "raw/persons.csv\n  → export both files again, at one time and over one period"
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
        "leading zeros in raw/contacts.csv\n"
        "  → export it again as text, and open it nowhere in between"
    ]


def test_a_refused_row_leaves_no_orphans_to_tell_of(desk: Any) -> None:
    """A contact whose row is too short is one problem, not one for each of its persons too."""
    desk.put("contacts.csv", f"{CONTACTS}1 | 02/03/2017\n3 | 31/12/2017 | |")
    assert [problem[:5] for problem in desk.problems()] == ["[B26]"]


LEAVE_OUT = "leave it out of the export, and tell who answers for the register"
AS_TEXT = "export it again as text, and open it nowhere in between"


def of_keys(desk: Any, *keys: str) -> list[str]:
    """The problems with keys of contacts, without those of persons that hang on nothing."""
    rows = "".join(f"{key};13/05/2017;;\n" for key in keys)
    (desk.root / "raw" / "contacts.csv").write_text(f"nr;day;time;channel\n{rows}", "utf-8")
    orphans = ("[B54]", "[B55]")
    told = [problem for problem in desk.problems() if not problem.startswith(orphans)]
    return [problem.replace("raw/contacts.csv:", "").replace(", column nr", "") for problem in told]


def test_keys_that_lost_their_zeros_are_refused(desk: Any) -> None:
    """B41: where others of one length have them."""
    assert of_keys(desk, "00017", "00018", "19", "20019") == [
        f"[B41] 4: a key that lost its leading zeros: others have them\n  → {AS_TEXT}"
    ]


def test_keys_of_any_length_are_keys(desk: Any) -> None:
    """Numbers grow: 9 and 10 are no fault, and neither is 0."""
    desk.put(
        "contacts.csv", f"{CONTACTS}1 | 13/05/2017 | |\n3 | 13/05/2017 | |\n10 | 13/05/2017 | |"
    )
    assert len(desk.table("contacts")) == 3


def test_keys_that_became_powers_of_ten_are_refused(desk: Any) -> None:
    """B41: as a spreadsheet writes them, always."""
    assert of_keys(desk, "1,00E+05", "1E05", "100003") == [
        f"[B41] {line}: a key that a spreadsheet turned into a power of ten\n  → {AS_TEXT}"
        for line in (2, 3)
    ]


def test_letters_may_belong_to_keys(desk: Any) -> None:
    """B41: `1E05` among `1F05` is a key."""
    desk.put("contacts.csv", f"{CONTACTS}1E05 | 13/05/2017 | |\n1F05 | 13/05/2017 | |")
    assert {problem[:5] for problem in desk.problems()} == {"[B54]"}


def test_personal_data_as_a_key_is_refused(desk: Any) -> None:
    """B65: neither the key nor its shape is shown."""
    kinds = ["a national number", "an e-mail address", "a bank account number", "a phone number"]
    keys = ["85073003328", "naam@voorbeeld.be", "BE68539007547034", "0470/12.34.56"]
    assert of_keys(desk, *keys, "C2017-000001") == [
        f"[B65] {line}: a key that is {kind}\n  → {LEAVE_OUT}"
        for line, kind in enumerate(kinds, start=2)
    ]


def test_numbers_of_eleven_digits_may_pass_for_national_numbers_by_chance(desk: Any) -> None:
    """One in a hundred does: a column of them is a column of keys."""
    numbers = [str(number) for number in (85073003328, 85073003329, 85073003330, 85073003331)]
    rows = "".join(f"{number} | 13/05/2017 | |\n" for number in numbers)
    desk.put("contacts.csv", CONTACTS + rows)
    assert {problem[:5] for problem in desk.problems()} == {"[B54]"}


def test_an_error_of_a_spreadsheet_is_no_key(desk: Any) -> None:
    """B38, and a date is none either (B40)."""
    assert of_keys(desk, "#REF!", "3-jan", "C2017-000001") == [
        f"[B38] 2: a key that is an error of a spreadsheet\n  → {AS_TEXT}",
        f"[B40] 3: a key that a spreadsheet turned into a date\n  → {AS_TEXT}",
    ]


def test_more_than_twenty_persons_in_a_contact_are_to_be_acknowledged(desk: Any) -> None:
    """B58: twenty are not."""
    rows = [f"{100 + n} | 1 | Vrouw | 34 | School" for n in range(21)]
    rows += [f"{200 + n} | 2 | Vrouw | 34 | School" for n in range(20)]
    desk.put("persons.csv", PERSONS + "\n".join(rows))
    desk.put("followups.csv", "person | followup\n100 | Advies")
    assert desk.problems() == [
        "[B58] raw/contacts.csv:2: 1 contact(s) with more than 20 persons\n"
        "  → look it up: acknowledge it if it is true"
    ]


def orphans(desk: Any, lost: int, rows: int) -> list[str]:
    """What is said where so many persons of a contact are no longer in the file of contacts."""
    contacts = [f"{n} | 13/05/2017 | |" for n in range(lost, rows)]
    persons = [f"{n} | {n} | Vrouw | 34 | School" for n in range(rows)]
    desk.put("contacts.csv", CONTACTS + "\n".join(contacts))
    desk.put("persons.csv", PERSONS + "\n".join(persons))
    desk.put("followups.csv", f"person | followup\n{rows - 1} | Advies")
    return desk.message().splitlines()


def test_a_flood_of_persons_without_contact_means_a_file_that_is_cut_off(desk: Any) -> None:
    """B54: the first message says so."""
    assert orphans(desk, 21, 100) == [
        "21 problem(s) in the exports; nothing was written.",
        "[B54] raw/persons.csv:2 and 20 more rows, column contact: a person whose contact isn't in "
        "raw/contacts.csv",
        "  → export both files again, at one time and over one period; 21 of 100 rows hang on "
        "nothing: raw/contacts.csv may be cut off",
    ]


def test_a_few_persons_without_contact_are_slips(desk: Any) -> None:
    """B54: nineteen, or a tenth of all."""
    for lost, rows in ((19, 100), (20, 200)):
        assert not any("cut off" in line for line in orphans(desk, lost, rows))


# Capitals


def test_keys_that_differ_by_capitals_alone_are_refused(desk: Any) -> None:
    """B53: with both lines; whether they are one contact, the program can't know."""
    assert of_keys(desk, "C2017-000004", "C2017-000005", "c2017-000004") == [
        "[B53] 4: the key of line 2 stands here in other capitals; expected one way to write a "
        "key\n  → write the key one way in the source, or give each row its own"
    ]


def test_capitals_belong_to_keys_drawn_at_random(desk: Any) -> None:
    """Where either of two keys has both, they are two."""
    contacts = ["aBc | 13/05/2017 | |", "abC | 14/05/2017 | |"]
    desk.put("contacts.csv", CONTACTS + "\n".join(contacts))
    desk.put("persons.csv", f"{PERSONS}11 | abC | Vrouw | 34 | School\n13 | aBc | Man | | School")
    assert desk.table("persons").parent_rows.tolist() == [1, 0]


def capitals(desk: Any, *parents: str) -> None:
    """Persons that name their contacts so."""
    contacts = ["C1 | 13/05/2017 | |", "C2 | 14/05/2017 | |", "aB | 15/05/2017 | |"]
    desk.put("contacts.csv", CONTACTS + "\n".join(contacts))
    rows = [f"{11 + 2 * n} | {key} | Vrouw | 34 | School" for n, key in enumerate(parents)]
    desk.put("persons.csv", PERSONS + "\n".join(rows))


def test_capitals_of_the_key_of_a_contact_are_mended(desk: Any) -> None:
    """B61: where there is one such contact; both counts agree."""
    capitals(desk, "c2", "C1", "AB")
    assert desk.table("persons").parent_rows.tolist() == [1, 0, 2]
    assert desk.balance("persons.csv").repaired == {"B61": 2}
    assert differences(desk.project, desk.edition, desk.load()) == []


def test_capitals_that_belong_to_keys_are_not_mended(desk: Any) -> None:
    """B54: `Ab` isn't `aB`."""
    capitals(desk, "Ab", "C1")
    assert desk.problems() == [
        "[B54] raw/persons.csv:2, column contact: a person whose contact isn't in "
        "raw/contacts.csv\n  → export both files again, at one time and over one period"
    ]


# Two years side by side: a key that stands in both exports


def shared(now: Any, before: Any) -> None:
    """Hold the keys of two years against each other."""
    refuse_shared_keys(YearKeys.of_dataset(now), YearKeys.of_dataset(before))


def two_years(desk: Any, before: str, now: str) -> tuple[Any, Any]:
    """The tables of 2016 and of 2017."""
    desk.year = "2016"
    desk.put("contacts.csv", before)
    earlier = desk.load()
    desk.year = "2017"
    desk.put("contacts.csv", now)
    return desk.load(), earlier


def test_a_key_of_last_years_export_is_refused(desk: Any) -> None:
    """B57: by its line in this year's export, the key isn't shown."""
    desk.put_layout(layout_of_contacts())
    now, before = two_years(
        desk,
        "nr | day\n1 | 13/05/2016\n2 | 14/05/2016",
        "nr | day\n3 | 13/05/2017\n 2 | 14/05/2017",
    )
    with pytest.raises(ExportError) as caught:
        shared(now, before)
    assert [str(problem) for problem in caught.value.problems] == [
        "[B57] raw/contacts.csv:3: the key of this contact stands in the export of 2016 too\n"
        "  → see that each export is of its own year; if the system numbers anew each year, say in "
        "the layout of the table: numbered_yearly: true"
    ]


def test_rows_outside_the_period_share_keys_with_the_other_year(desk: Any) -> None:
    """An export that begins a day early holds contacts of the year before: they are left out."""
    desk.put_layout(layout_of_contacts())
    now, before = two_years(
        desk,
        "nr | day\n1 | 13/05/2016\n2 | 31/12/2016",
        "nr | day\n3 | 13/05/2017\n2 | 31/12/2016",
    )
    shared(now, before)


def test_a_system_that_numbers_anew_says_so(desk: Any) -> None:
    """Then keys of two years say nothing of each other."""
    desk.put_layout(layout_of_contacts(key="nr\n        numbered_yearly: true"))
    now, before = two_years(desk, "nr | day\n1 | 13/05/2016", "nr | day\n1 | 13/05/2017")
    shared(now, before)


def test_editions_whose_periods_overlap_share_rows(desk: Any) -> None:
    """The second half of a year beside the year: the same contacts, rightly."""
    desk.put_layout(layout_of_contacts())
    desk.put("contacts.csv", "nr | day\n1 | 13/05/2017")
    shared(desk.load(), desk.load())


def test_keys_are_kept_as_hashes_that_are_the_same_everywhere(desk: Any) -> None:
    """What is compared can't be read back, and doesn't depend on the process."""
    desk.put_layout(layout_of_contacts())
    desk.put("contacts.csv", "nr | day\nA1 | 13/05/2017\nB2 | 14/05/2017")
    keys = desk.table("contacts").keys
    assert keys.hashes.dtype == "uint64"
    assert keys.hashes.tolist() == [12510222629351566670, 10962442633850072797]
    assert keys.lines.tolist() == [2, 3]


HASHES = st.lists(st.integers(0, 20), unique=True)


@given(now=HASHES, before=HASHES)
def test_every_key_of_both_years_and_no_other(now: list[int], before: list[int]) -> None:
    """Of any keys those are found that stand in both years."""

    def year(number: int, hashes: list[int]) -> YearKeys:
        period = Period(start=dt.date(number, 1, 1), end=dt.date(number, 12, 31))
        lines = np.arange(2, len(hashes) + 2, dtype=np.int32)
        keys = KeyHashes(np.array(hashes, dtype=np.uint64), lines)
        return YearKeys(str(number), period, {"contacts": "contacts.csv"}, {"contacts": keys})

    due = [line for line, each in enumerate(now, start=2) if each in before]
    try:
        refuse_shared_keys(year(2017, now), year(2016, before))
    except ExportError as error:
        found = error.counts["B57"]
    else:
        found = 0
    assert found == len(due)
