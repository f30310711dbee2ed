"""Keys, days and codes of the committed sample fit together."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

CLOSED = {
    2016: {(1, 1), (3, 28), (5, 5), (7, 21), (8, 15), (11, 1), (11, 11)},
    2017: {(4, 17), (5, 1), (5, 25), (7, 21), (8, 15), (11, 1), (12, 25)},
}
COLUMNS = {
    "contactnames.csv": "contactnummer;datum;tijdstip;hulplijn;kanaal;leeftijdsklasse;geslacht;"
    "anonimiteit;hoedanigheid;label",
    "gemelde_personen.csv": "persoonsnummer;contactnummer;geslacht;leeftijd;problematiek;vorm;"
    "context",
    "gevolggevingen.csv": "persoonsnummer;gevolggeving",
}
HELPLINES = {"Antwerpen", "Limburg", "Oost-Vlaanderen", "Vlaams-Brabant", "West-Vlaanderen"}


def year_of(exports: Any) -> int:
    """The year of a folder of exports."""
    return int(exports.folder.name)


def by_telephone(exports: Any) -> list[Any]:
    """The contacts by telephone."""
    return [row for row in exports.contacts if row["kanaal"] == "Telefoon"]


def test_columns_are_those_of_the_contract(exports: Any) -> None:
    """Each file starts with its header, in the order of the contract."""
    for name, header in COLUMNS.items():
        assert (exports.folder / name).read_text(encoding="utf-8").split("\n")[0] == header


def test_files_are_plain_utf8(exports: Any) -> None:
    """No byte order mark, no carriage return, a newline at the end."""
    for path in exports.folder.rglob("*.csv"):
        content = path.read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content
        assert content.endswith(b"\n")


def test_keys_are_unique_and_hold_the_year_and_a_number(exports: Any) -> None:
    """A key says nothing about a person, and is no key of another row or year."""
    year = year_of(exports)
    assert len(exports.contact_of) == len(exports.contacts)
    assert len(exports.person_of) == len(exports.persons)
    assert all(re.fullmatch(rf"C{year}-\d{{6}}", key) for key in exports.contact_of)
    assert all(re.fullmatch(rf"P{year}-\d{{6}}", key) for key in exports.person_of)


def test_rows_point_at_each_other_without_a_rest(exports: Any) -> None:
    """Every contact has a person and every person a follow-up, and the other way about."""
    assert {row["contactnummer"] for row in exports.persons} == set(exports.contact_of)
    assert {row["persoonsnummer"] for row in exports.followups} == set(exports.person_of)


def test_followups_of_a_person_are_of_different_kinds(exports: Any) -> None:
    """Nobody is referred twice to the same service."""
    pairs = [(row["persoonsnummer"], row["gevolggeving"]) for row in exports.followups]
    assert len(set(pairs)) == len(pairs)


def test_an_empty_followup_stands_alone(exports: Any) -> None:
    """Who has an empty follow-up has no other."""
    number = Counter(row["persoonsnummer"] for row in exports.followups)
    empty = [row for row in exports.followups if not row["gevolggeving"]]
    assert empty
    assert all(number[row["persoonsnummer"]] == 1 for row in empty)


def test_rows_are_of_the_year_in_order_of_time(exports: Any) -> None:
    """Contacts are written as they came."""
    moments = [(exports.day(row), row["tijdstip"]) for row in exports.contacts]
    assert moments == sorted(moments)
    assert {day.year for day, _ in moments} == {year_of(exports)}


def test_the_telephone_rings_on_exactly_the_open_days(exports: Any) -> None:
    """On each working day but the closed ones, and on no other, somebody called."""
    year = year_of(exports)
    days = {exports.day(row) for row in by_telephone(exports)}
    start, end = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    all_days = [date.fromordinal(n) for n in range(start, end + 1)]
    weekdays = {day for day in all_days if day.weekday() < 5}
    assert days == {day for day in weekdays if (day.month, day.day) not in CLOSED[year]}


def test_only_emails_come_at_any_hour(exports: Any) -> None:
    """No call before nine or from five; at weekends there are e-mails alone."""
    hours = {row["tijdstip"][:2] for row in by_telephone(exports)}
    assert hours == {f"{hour:02d}" for hour in range(9, 17)}
    weekend = [row for row in exports.contacts if exports.day(row).weekday() >= 5]
    assert {row["kanaal"] for row in weekend} == {"E-mail"}


def test_no_contact_at_an_hour_that_the_clock_skipped(exports: Any) -> None:
    """On the last Sunday of March there is no moment between two and three."""
    skipped = {2016: date(2016, 3, 27), 2017: date(2017, 3, 26)}[year_of(exports)]
    moments = {(exports.day(row), row["tijdstip"][:2]) for row in exports.contacts}
    assert (skipped, "02") not in moments


def test_there_are_five_helplines(exports: Any) -> None:
    """One for each Flemish province."""
    assert {row["hulplijn"] for row in exports.contacts} == HELPLINES


def test_contexts_start_in_july_2016(sample: Any) -> None:
    """Before, none was registered; sport and leisure were one code in 2016 and are two in 2017."""
    before, now = sample(2016), sample(2017)
    for row in before.persons:
        assert bool(row["context"]) == (before.day(row) >= date(2016, 7, 1))
    assert all(row["context"] for row in now.persons)
    labels = {"Sport", "Vrije tijd", "Sport en vrije tijd"}
    assert labels & {row["context"] for row in before.persons} == {"Sport en vrije tijd"}
    assert labels & {row["context"] for row in now.persons} == {"Sport", "Vrije tijd"}


def test_some_sector_contacts_hold_two_such_persons(sample: Any) -> None:
    """Who counts persons where contacts are asked for gets another number."""
    chosen = [row for row in sample(2017).persons if row["context"] == "Sport"]
    assert len({row["contactnummer"] for row in chosen}) < len(chosen)


def test_everybody_has_a_problem_and_a_form(exports: Any) -> None:
    """Main problem and form of violence are never blank."""
    assert all(row["problematiek"] and row["vorm"] for row in exports.persons)


def test_what_is_not_known_of_contacts_of_2017(sample: Any) -> None:
    """63 roles; 24 anonymities that weren't registered; other channels, and none registered."""
    contacts = sample(2017).contacts
    assert sum(row["hoedanigheid"] == "Onbekend" for row in contacts) == 63
    assert sum(not row["anonimiteit"] for row in contacts) == 24
    channels = Counter(row["kanaal"] for row in contacts)
    assert (channels["Andere"], channels[""]) == (12, 12)


def test_monday_is_busiest_and_thursday_quietest_by_far(sample: Any) -> None:
    """Not by a handful of contacts that a small change would turn."""
    exports = sample(2017)
    days = Counter(exports.day(row).weekday() for row in exports.contacts)
    monday, thursday = days.pop(0), days.pop(3)
    assert monday > max(days.values())
    assert thursday < min(days[day] for day in (1, 2, 4))
