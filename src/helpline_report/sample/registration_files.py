"""Write the three files of the registration system, row by row as the contacts come."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TextIO

from helpline_report.sample.records import Contact, Person
from helpline_report.sample.targets import labels

CONTACTS = "contactnames.csv"
PERSONS = "gemelde_personen.csv"
FOLLOWUPS = "gevolggevingen.csv"

_HEADERS = {
    CONTACTS: "contactnummer;datum;tijdstip;hulplijn;kanaal;leeftijdsklasse;geslacht;anonimiteit;"
    "hoedanigheid;label",
    PERSONS: "persoonsnummer;contactnummer;geslacht;leeftijd;problematiek;vorm;context",
    FOLLOWUPS: "persoonsnummer;gevolggeving",
}
_BUFFER = 1 << 20
_DIGITS = 6
_PERSONS_A_CONTACT = 7


@dataclass(frozen=True, slots=True)
class Case:
    """What a contact is about, written out: the rest of its row, and of the rows below it."""

    row: str
    persons: tuple[tuple[str, tuple[str, ...]], ...]


class Occurrence(NamedTuple):
    """A contact to be written: when, where, and what it is about."""

    day: str
    time: str
    helpline: str
    case: Case


def written_case(contact: Contact) -> Case:
    """The part of a contact's rows that holds no key, day, time or helpline, in Dutch labels."""
    names = labels()
    fields = ("channel", "age_class", "gender", "anonymity", "role", "handling")
    row = ";".join(names[field][getattr(contact, field)] for field in fields)
    return Case(row, tuple(_written_person(person) for person in contact.persons))


def _written_person(person: Person) -> tuple[str, tuple[str, ...]]:
    names = labels()
    age = "" if person.age is None else str(person.age)
    fields = ("problem", "form", "context")
    codes = [names[field][getattr(person, field)] for field in fields]
    row = ";".join([names["gender"][person.gender], age, *codes])
    return row, tuple(names["followup"][kind] for kind in person.followups)


def occurrence(contact: Contact) -> Occurrence:
    """A contact as it is written."""
    hour, minute = divmod(contact.minute, 60)
    return Occurrence(
        day=f"{contact.day:%d/%m}/{contact.day.year}",
        time=f"{hour:02d}:{minute:02d}",
        helpline=contact.helpline,
        case=written_case(contact),
    )


def write_registration(
    folder: Path, *, year: int, contacts: int, occurrences: Iterable[Occurrence]
) -> None:
    """Write the rows as they come; `contacts`, how many there will be, sets the width of keys."""
    with ExitStack() as stack:
        files = [stack.enter_context(_opened(folder, name)) for name in _HEADERS]
        _write_rows(
            files,
            occurrences,
            contact_key=f"C{year}-%0{max(_DIGITS, len(str(contacts)))}d",
            person_key=f"P{year}-%0{max(_DIGITS, len(str(contacts * _PERSONS_A_CONTACT)))}d",
        )


def _opened(folder: Path, name: str) -> TextIO:
    file = (folder / name).open("w", encoding="utf-8", newline="\n", buffering=_BUFFER)
    file.write(_HEADERS[name] + "\n")
    return file


def _write_rows(
    files: list[TextIO], occurrences: Iterable[Occurrence], *, contact_key: str, person_key: str
) -> None:
    write_contact, write_person, write_followup = (file.write for file in files)
    number = 0
    for place, (day, time, helpline, case) in enumerate(occurrences, start=1):
        key = contact_key % place
        write_contact(f"{key};{day};{time};{helpline};{case.row}\n")
        for row, followups in case.persons:
            number += 1
            person = person_key % number
            write_person(f"{person};{key};{row}\n")
            for followup in followups:
                write_followup(f"{person};{followup}\n")
