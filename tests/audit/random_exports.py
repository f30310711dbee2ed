"""Random exports in the layout of the registration system: every label that it allows, and blanks.

Days are any day of the year, weekends and closed days too. What a label may be on which day the
code lists say: contexts are blank before 1 July 2016, and sport and leisure were one until 2017.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

LABELS = Path(__file__).with_name("labels.csv")
CONTEXTS_FROM = date(2016, 7, 1)
SPLIT_FROM = date(2017, 1, 1)
TOGETHER = "Sport en vrije tijd"
APART = ("Sport", "Vrije tijd")

CONTACTS = (
    *("contactnummer", "datum", "tijdstip", "hulplijn", "kanaal", "leeftijdsklasse"),
    *("geslacht", "anonimiteit", "hoedanigheid", "label"),
)
PERSONS = (
    *("persoonsnummer", "contactnummer", "geslacht", "leeftijd"),
    *("problematiek", "vorm", "context"),
)
FOLLOWUPS = ("persoonsnummer", "gevolggeving")
# The fields of a contact after its hour, in the order of the columns.
OF_CONTACTS = (
    *("helpline", "channel", "caller_age_class", "gender"),
    *("anonymity", "caller_role", "handling"),
)


@cache
def labels(field: str) -> list[str]:
    """The labels of a field in the order of its code list, a blank among them if it may be one."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return [row["label"] for row in csv.DictReader(file) if row["field"] == field]


def write_year(folder: Path, year: int, contacts: int, seed: int) -> None:
    """Write the three files of a year, with so many contacts."""
    random = Random(f"{seed}, {year}")
    days = [date(year, 1, 1) + timedelta(days=day) for day in range(365)]
    rows: list[Sequence[str]] = []
    persons: list[Sequence[str]] = []
    followups: list[Sequence[str]] = []
    for number in range(contacts):
        contact, day = f"C{year}-{number}", random.choice(days)
        rows.append(_contact(contact, day, random))
        # A file without rows is refused: the first contact has a person, and that one a follow-up.
        for _ in range(random.choice((0, 1, 1, 1, 2, 3)) if number else 1):
            person = f"P{year}-{len(persons)}"
            persons.append(_person(person, contact, day, random))
            kinds = random.choices(
                labels("followup"), k=random.choice((0, 1, 1, 2)) if number else 1
            )
            followups.extend((person, kind) for kind in kinds)
    random.shuffle(persons)
    write(folder / "contactnames.csv", CONTACTS, rows)
    write(folder / "gemelde_personen.csv", PERSONS, persons)
    write(folder / "gevolggevingen.csv", FOLLOWUPS, followups)


def _contact(number: str, day: date, random: Random) -> tuple[str, ...]:
    # Without the hour that the clock leaves out in a night of March: that waits for somebody.
    hour = f"{random.choice((0, 1, *range(3, 24))):02d}:{random.randrange(60):02d}"
    return (
        number,
        day.strftime("%d/%m/%Y"),
        random.choice((hour, hour, hour, "")),
        *(random.choice(labels(field)) for field in OF_CONTACTS),
    )


def _person(number: str, contact: str, day: date, random: Random) -> tuple[str, ...]:
    return (
        number,
        contact,
        random.choice(labels("gender")),
        random.choice((str(random.randrange(0, 121)), "")),
        random.choice(labels("problem")),
        random.choice(labels("form")),
        _context(day, random),
    )


def _context(day: date, random: Random) -> str:
    if day < CONTEXTS_FROM:
        return ""
    wrong = {"", TOGETHER} if day >= SPLIT_FROM else {"", *APART}
    return random.choice([label for label in labels("context") if label not in wrong])


def write(path: Path, header: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    """Write one file as the registration system does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def read(path: Path) -> list[dict[str, str]]:
    """The rows of one file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
