"""Keys: rows that stand twice, rows that hang on nothing, and keys that are blank."""

from __future__ import annotations

from typing import Any

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
