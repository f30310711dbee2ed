"""Write the exports of the registration system, of a reference year or of a year of any size."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import NamedTuple

from helpline_report.sample.contacts import (
    Contact,
    Person,
    draw_minute,
    find_rhythm,
    sum_hours,
    weigh_days,
)
from helpline_report.sample.quotas import apportion
from helpline_report.sample.year_totals import open_stream, read_labels, read_year_totals

_HEADERS = {
    "contactnames.csv": "contactnummer;datum;tijdstip;hulplijn;kanaal;leeftijdsklasse;geslacht;"
    "anonimiteit;hoedanigheid;label",
    "gemelde_personen.csv": "persoonsnummer;contactnummer;geslacht;leeftijd;problematiek;vorm;"
    "context",
    "gevolggevingen.csv": "persoonsnummer;gevolggeving",
}
_BUFFER = 1 << 20
_DIGITS = 6
_PERSONS_A_CONTACT = 7


class Occurrence(NamedTuple):
    """A contact to be written: when and where, the rest of its row, and of the rows below it."""

    day: date
    minute: int
    helpline: str
    row: str
    persons: tuple[tuple[str, tuple[str, ...]], ...]


def make_occurrence(contact: Contact) -> Occurrence:
    """A contact as it is written, in Dutch labels."""
    names = read_labels()

    def write(item: Contact | Person, *fields: str) -> list[str]:
        return [names[field][getattr(item, field)] for field in fields]

    row = write(contact, "channel", "age_class", "gender", "anonymity", "role", "handling")
    persons = []
    for person in contact.persons:
        age = "" if person.age is None else str(person.age)
        cells = [*write(person, "gender"), age, *write(person, "problem", "form", "context")]
        followups = tuple(names["followup"][kind] for kind in person.followups)
        persons.append((";".join(cells), followups))
    when_and_where = contact.day, contact.minute, contact.helpline
    return Occurrence(*when_and_where, ";".join(row), tuple(persons))


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
        for place, (day, minute, helpline, rest, persons) in enumerate(occurrences, start=1):
            key = contact_key % place
            written = f"{day:%d/%m}/{day.year};{minute // 60:02d}:{minute % 60:02d}"
            write_contact(f"{key};{written};{helpline};{rest}\n")
            for row, followups in persons:
                number += 1
                person = person_key % number
                write_person(f"{person};{key};{row}\n")
                for followup in followups:
                    write_followup(f"{person};{followup}\n")


def scale_occurrences(
    reference: list[Contact], *, year: int, contacts: int, seed: int
) -> Iterator[Occurrence]:
    """`contacts` contacts in order of time, in about the proportions of the reference.

    Holds the reference and one day, never the year. The helpline is closed at weekends and on the
    closed days of 2016 and 2017; of another year it knows no closed days.
    """
    rng = open_stream(seed, year, f"scaled/{contacts}")
    totals = read_year_totals(year)
    pools: dict[tuple[int, str], list[Occurrence]] = defaultdict(list)
    for contact in reference:
        pools[contact.day.month, find_rhythm(contact.channel)].append(make_occurrence(contact))
    pools = dict(sorted(pools.items()))
    steps = sum_hours(totals.patterns.hours)
    lines = [line for line, weight in totals.patterns.helplines.items() for _ in range(weight)]
    closed = totals.closed_days if totals.year == year else frozenset[date]()
    weights = weigh_days(year, closed, totals.patterns, rng)
    counts: dict[date, dict[str, int]] = defaultdict(dict)
    by_place = apportion(contacts, {place: len(pool) for place, pool in pools.items()})
    for (month, rhythm), count in by_place.items():
        for day, share in apportion(count, weights[month, rhythm]).items():
            counts[day][rhythm] = share
    # The contacts of a month are dealt without repeats until all have had their turn.
    left: dict[tuple[int, str], list[Occurrence]] = defaultdict(list)

    def deal(place: tuple[int, str]) -> Occurrence:
        if not left[place]:
            left[place] = list(pools[place])
            rng.shuffle(left[place])
        return left[place].pop()

    for day, rhythms in sorted(counts.items()):
        drawn = [
            (draw_minute(day, rhythm, steps[rhythm], rng), deal((day.month, rhythm)))
            for rhythm, count in rhythms.items()
            for _ in range(count)
        ]
        drawn.sort(key=lambda one: one[0])
        for minute, case in drawn:
            helpline = lines[int(rng.random() * len(lines))]
            yield case._replace(day=day, minute=minute, helpline=helpline)
