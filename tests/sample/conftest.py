"""The committed sample as rows of text, read with nothing of the project."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest

Row = dict[str, str]

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@dataclass(frozen=True)
class Exports:
    """One year of the sample; persons and follow-ups know the rows that they belong to."""

    folder: Path
    contacts: list[Row]
    persons: list[Row]
    followups: list[Row]
    contact_of: dict[str, Row] = field(repr=False)
    person_of: dict[str, Row] = field(repr=False)

    def caller(self, person: Row) -> Row:
        return self.contact_of[person["contactnummer"]]

    def day(self, row: Row) -> date:
        """The day of a contact, or of the contact of a person."""
        contact = row if "datum" in row else self.caller(row)
        return datetime.strptime(contact["datum"], "%d/%m/%Y").date()


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@cache
def read_exports(folder: Path) -> Exports:
    contacts = rows_of(folder / "contactnames.csv")
    persons = rows_of(folder / "gemelde_personen.csv")
    return Exports(
        folder=folder,
        contacts=contacts,
        persons=persons,
        followups=rows_of(folder / "gevolggevingen.csv"),
        contact_of={row["contactnummer"]: row for row in contacts},
        person_of={row["persoonsnummer"]: row for row in persons},
    )


@pytest.fixture(scope="session")
def sample() -> Callable[[int], Exports]:
    return lambda year: read_exports(SAMPLE / str(year))


@pytest.fixture(scope="session")
def reader() -> Callable[[Path], Exports]:
    """The exports of any folder."""
    return read_exports


@pytest.fixture(params=[2016, 2017])
def exports(request: pytest.FixtureRequest) -> Exports:
    return read_exports(SAMPLE / str(request.param))
