"""Write the exports of the registration system, of a reference year or of a year of any size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import NamedTuple

from helpline_report.sample.contacts import (
    Contact,
    Person,
    hour_steps,
    minute_of,
    schedule,
    year_weights,
)
from helpline_report.sample.quotas import apportion
from helpline_report.sample.year_totals import labels, patterns, stream, year_totals

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

    def write(item: Contact | Person, *fields: str) -> list[str]:
        return [names[field][getattr(item, field)] for field in fields]

    row = write(contact, "channel", "age_class", "gender", "anonymity", "role", "handling")
    persons = []
    for person in contact.persons:
        age = "" if person.age is None else str(person.age)
        cells = [*write(person, "gender"), age, *write(person, "problem", "form", "context")]
        followups = tuple(names["followup"][kind] for kind in person.followups)
        persons.append((";".join(cells), followups))
    return Case(";".join(row), tuple(persons))


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
    contact_key = f"C{year}-%0{max(_DIGITS, len(str(contacts)))}d"
    person_key = f"P{year}-%0{max(_DIGITS, len(str(contacts * _PERSONS_A_CONTACT)))}d"
    with ExitStack() as stack:
        writers = []
        for name, header in _HEADERS.items():
            file = (folder / name).open("w", encoding="utf-8", newline="\n", buffering=_BUFFER)
            writers.append(stack.enter_context(file).write)
            writers[-1](f"{header}\n")
        write_contact, write_person, write_followup = writers
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


Place = tuple[int, str]


@dataclass(slots=True)
class _Pool:
    """The cases of one month and rhythm, dealt without repeats until all have had their turn."""

    cases: list[Case] = field(default_factory=list)
    left: list[Case] = field(default_factory=list)

    def deal(self, rng: Random) -> Case:
        if not self.left:
            self.left = list(self.cases)
            rng.shuffle(self.left)
        return self.left.pop()


def scaled_occurrences(
    reference: list[Contact], *, year: int, contacts: int, seed: int
) -> Iterator[Occurrence]:
    """`contacts` contacts in order of time, in about the proportions of the reference.

    Holds the reference and one day, never the year. The helpline is closed at weekends and on the
    closed days of 2016 and 2017; of another year it knows no closed days.
    """
    rng = stream(seed, year, f"scaled/{contacts}")
    pools: dict[Place, _Pool] = defaultdict(_Pool)
    for contact in reference:
        pools[contact.day.month, schedule(contact.channel)].cases.append(written_case(contact))
    pools = dict(sorted(pools.items()))
    steps = hour_steps(patterns().hours)
    lines = [line for line, weight in patterns().helplines.items() for _ in range(weight)]
    for day, counts in _days(pools, year=year, contacts=contacts, rng=rng).items():
        written = f"{day:%d/%m}/{day.year}"
        drawn = [
            (minute_of(day, rhythm, steps[rhythm], rng), pools[day.month, rhythm].deal(rng))
            for rhythm, count in counts.items()
            for _ in range(count)
        ]
        drawn.sort(key=lambda one: one[0])
        for minute, case in drawn:
            time = f"{minute // 60:02d}:{minute % 60:02d}"
            yield Occurrence(written, time, lines[int(rng.random() * len(lines))], case)


def _days(
    pools: dict[Place, _Pool], *, year: int, contacts: int, rng: Random
) -> dict[date, dict[str, int]]:
    """How many contacts of each rhythm fall on each day of the year."""
    totals = year_totals(year)
    closed = totals.closed_days if totals.year == year else frozenset[date]()
    weights = year_weights(year, closed, patterns(), rng)
    by_place = apportion(contacts, {place: len(pool.cases) for place, pool in pools.items()})
    days: dict[date, dict[str, int]] = defaultdict(dict)
    for (month, rhythm), count in by_place.items():
        for day, share in apportion(count, weights[month, rhythm]).items():
            days[day][rhythm] = share
    return dict(sorted(days.items()))
