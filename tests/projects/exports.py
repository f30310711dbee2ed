"""Draw what a helpline registered, and write it as the exports of its system."""

import csv
import datetime as dt
import io
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl

from tests.projects.columns import Cells, CodedColumn
from tests.projects.people import Codes, Contact, Followup, Person, Year
from tests.projects.systems import File, System

# The share of the files of which each cell stands in quotes.
QUOTED = 0.3


def draw_contacts(
    random: Random, system: System, size: int, first: dt.date, last: dt.date
) -> list[Contact]:
    """Contacts that a system can write, with their persons and follow-ups."""
    weights = {
        id(column): [random.random() ** 2 + 0.01 for _ in column.codes]
        for table in system.tables
        for column in system.coded(table)
    }
    busy = [random.random() + 0.05 for _ in range(7)]
    contacts: list[Contact] = []
    for _ in range(size):
        day, minute, moment = _draw_moment(random, system, first, last, busy)
        codes = _draw_codes(random, system.coded("contacts"), weights, day)
        contact = Contact(day, minute, codes, moment=moment)
        # A file of a header alone is refused: the first contact has somebody in it.
        contact.persons = _draw_persons(random, system, weights, day, first=not contacts)
        contacts.append(contact)
    return contacts


def _draw_moment(
    random: Random, system: System, first: dt.date, last: dt.date, busy: list[float]
) -> tuple[dt.date, int | None, dt.datetime]:
    """A moment of the period, as the report counts it."""
    clock, zone = system.clock, ZoneInfo(system.clock.local)
    days = (last - first).days + 1
    while True:
        day = first + dt.timedelta(days=random.randrange(days))
        if random.random() > busy[day.weekday()]:
            continue
        minute = min(max(int(random.gauss(13 * 60, 200)), 0), 24 * 60 - 1)
        here = dt.datetime.combine(day, dt.time(minute // 60, minute % 60), zone)
        moment = here.astimezone(ZoneInfo("UTC"))
        # An hour that the clocks leave out is no time of anybody.
        if moment.astimezone(zone).replace(tzinfo=None) != here.replace(tzinfo=None):
            continue
        if clock.fits(moment):
            known = clock.has_time and not (clock.knows_none and random.random() < 0.1)
            return day, minute if known else None, moment


def _draw_codes(
    random: Random, columns: list[CodedColumn], weights: dict[int, list[float]], day: dt.date
) -> Codes:
    codes: Codes = {}
    for column in columns:
        known = {
            code: weight
            for code, weight in zip(column.codes, weights[id(column)], strict=True)
            if code not in column.dates or _holds(column.dates[code], day)
        }
        if column.several:
            number = min(random.choice((0, 1, 1, 1, 2, 3)), len(known), column.most)
            own = {*random.choices([*known], [*known.values()], k=number)} if number else set()
            codes[column.field] = tuple(each for each in column.codes if each in own)
        else:
            codes[column.field] = (random.choices([*known], [*known.values()])[0],)
    return codes


def _holds(days: tuple[dt.date, dt.date], day: dt.date) -> bool:
    return days[0] <= day <= days[1]


def _draw_persons(
    random: Random, system: System, weights: dict[int, list[float]], day: dt.date, *, first: bool
) -> list[Person]:
    numbers: dict[str, tuple[int, ...]] = {
        "apart": (0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4),
        "repeated": (1, 1, 1, 2, 3),
        "same row": (1,),
        "number": (1, 1, 1, 1, 2, 3, 5, 0),
        "contacts": (0,),
    }
    number = random.choice(numbers[system.arrangement])
    number = max(number, 1) if first and system.arrangement != "contacts" else number
    if system.arrangement == "number":
        one = _draw_person(random, system, weights, day)
        return [Person(dict(one.codes), one.age) for _ in range(number)]
    return [
        _draw_person(random, system, weights, day, first=first and not at) for at in range(number)
    ]


def _draw_person(
    random: Random,
    system: System,
    weights: dict[int, list[float]],
    day: dt.date,
    *,
    first: bool = False,
) -> Person:
    person = Person(_draw_codes(random, system.coded("persons"), weights, day))
    if system.ages is not None:
        knows_none = system.ages.knows_none and random.random() < 0.2
        person.age = None if knows_none else min(int(abs(random.gauss(30, 20))), system.ages.oldest)
    if system.followups:
        number = 1 if system.followups == "same row" else random.choice((0, 1, 1, 1, 2, 3))
        number = max(number, 1) if first else number
        columns = system.coded("followups")
        person.followups = [
            Followup(_draw_codes(random, columns, weights, day)) for _ in range(number)
        ]
    return person


def fill_files(random: Random, system: System, year: Year) -> None:
    """Write the rows of a year into the files of its system."""
    prefix = "" if system.yearly else f"{year.name[:4]}-"
    rows: dict[str, list[Cells]] = {name: [] for name in system.files}
    numbers = {"contacts": 0, "persons": 0, "followups": 0}

    def key(table: str) -> str:
        numbers[table] += 1
        return f"{prefix}{numbers[table]:05d}"

    for contact in year.contacts:
        own = {system.keys["contacts"]: key("contacts")}
        may_be_blank = not contact.persons or system.arrangement == "repeated"
        arranged = system.arrangement in ("apart", "repeated")
        if system.blank_keys and arranged and may_be_blank and len(contact.persons) < 2:
            own = {system.keys["contacts"]: random.choice((*own.values(), ""))}
        own |= system.clock.write(random, contact.moment or dt.datetime.min, contact.minute)
        own |= _write_codes(random, system.coded("contacts"), contact.codes, contact.day)
        people = [
            (person, _write_person(random, system, person, contact.day, key("persons")))
            for person in contact.persons
        ]
        if system.arrangement == "number":
            cells = people[0][1] if people else _write_anybody(random, system, contact.day)
            cells[system.keys["persons"]] = str(len(people))
            rows["contacts"].append(own | cells)
        elif system.arrangement in ("repeated", "same row"):
            rows["contacts"] += [own | cells for _, cells in people]
        else:
            rows["contacts"].append(own)
        for person, cells in people if system.arrangement == "apart" else ():
            above = {system.keys["contacts"]: own[system.keys["contacts"]]}
            rows["persons"].append(above | cells)
            for followup in person.followups if system.followups == "own" else ():
                below = _write_codes(random, system.coded("followups"), followup.codes, contact.day)
                below[system.keys["persons"]] = cells[system.keys["persons"]]
                rows["followups"].append({system.keys["followups"]: key("followups")} | below)
    for name, file in system.files.items():
        file.rows = rows[name]
        _repeat_rows(random, file)
        year.rows[name] = len(file.rows)


def _write_person(random: Random, system: System, person: Person, day: dt.date, key: str) -> Cells:
    cells = {system.keys["persons"]: key}
    cells |= _write_codes(random, system.coded("persons"), person.codes, day)
    if system.ages is not None:
        cells |= system.ages.write(random, person.age)
    if system.followups == "same row":
        codes = person.followups[0].codes
        cells |= _write_codes(random, system.coded("followups"), codes, day)
    return cells


def _write_anybody(random: Random, system: System, day: dt.date) -> Cells:
    """What stands beside a number of persons that is none: it is of nobody."""
    codes: Codes = {
        each.field: () if each.several else (_any_code(random, each),)
        for each in system.coded("persons")
    }
    age = None if system.ages and system.ages.knows_none else 30
    return _write_person(random, system, Person(codes, age), day, "")


def _any_code(random: Random, column: CodedColumn) -> str:
    """A code that there is on each day."""
    return random.choice([code for code in column.codes if code not in column.dates])


def _write_codes(random: Random, columns: list[CodedColumn], codes: Codes, day: dt.date) -> Cells:
    cells: Cells = {}
    for column in columns:
        cells |= column.write(random, codes[column.field], day)
    return cells


def _repeat_rows(random: Random, file: File) -> None:
    """Let a row stand there twice, to the letter: it has a key, and counts once."""
    tables = file.layout["tables"]
    keyed = [part["key"] for part in tables.values() if part["key"] != "row"]
    if len(keyed) == len(tables) == 1 and file.rows and random.random() < 0.2:
        row = random.choice(file.rows)
        if row.get(keyed[0]):
            file.rows.insert(random.randint(0, len(file.rows)), dict(row))


def write_file(random: Random, file: File, folder: Path) -> None:
    """Write a file of an export."""
    path = folder / file.name
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        sheet: Any = book.active
        sheet.append(file.titles)
        for row in file.rows:
            sheet.append([row.get(title, "x") or None for title in file.titles])
        for cells in sheet.iter_rows():
            for cell in cells:
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
        book.save(path)
        return
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if random.random() < QUOTED else csv.QUOTE_MINIMAL
    end = random.choice(("\n", "\r\n"))
    form: Any = {"delimiter": file.delimiter, "quoting": quoting, "lineterminator": end}
    writer = csv.writer(text, **form)
    writer.writerow(file.titles)
    writer.writerows([[row.get(title, "x") for title in file.titles] for row in file.rows])
    path.write_bytes(text.getvalue().encode(file.encoding))
