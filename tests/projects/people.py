"""What a helpline registered, as plain objects: contacts, the persons in them, their follow-ups."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# The codes of a row by field: one of most fields, none or several of others.
Codes = dict[str, tuple[str, ...]]


@dataclass
class Followup:
    """Something that was done for a person."""

    codes: Codes


@dataclass
class Person:
    """A person whom a contact is about; an age that isn't known is None."""

    codes: Codes
    age: int | None = None
    followups: list[Followup] = field(default_factory=list)


@dataclass
class Contact:
    """A contact, by the clock that the report counts by; a time that isn't known is None."""

    day: dt.date
    minute: int | None
    codes: Codes
    persons: list[Person] = field(default_factory=list)
    # The moment by all clocks; the export writes it by the clock of the system.
    moment: dt.datetime | None = None


@dataclass
class Year:
    """All that a helpline registered in the period of an edition.

    `fields` are those that its exports give, by table; `several` are the fields of which a row may
    have several codes. `classes` are the ages of the persons' classes: code, first and last.
    """

    name: str
    start: dt.date
    end: dt.date
    contacts: list[Contact]
    fields: dict[str, list[str]]
    several: list[str]
    working_days: list[int]
    closed: list[dt.date]
    lines: list[str]
    classes: list[tuple[str, int, int | None]]
    rows: dict[str, int] = field(default_factory=dict)

    def days(self) -> Iterator[dt.date]:
        """Each day of the period."""
        day = self.start
        while day <= self.end:
            yield day
            day += dt.timedelta(days=1)


def write_truth(years: Mapping[str, Year], path: Path) -> None:
    """Write years beside the exports, to the last person."""
    truth = {name: _plain(year) for name, year in years.items()}
    path.write_text(json.dumps(truth, ensure_ascii=False, default=str), "utf-8")


def _plain(year: Year) -> dict[str, Any]:
    values = dict(vars(year))
    values["contacts"] = [
        {
            "day": contact.day,
            "minute": contact.minute,
            "codes": contact.codes,
            "persons": [
                {
                    "codes": person.codes,
                    "age": person.age,
                    "followups": [followup.codes for followup in person.followups],
                }
                for person in contact.persons
            ],
        }
        for contact in year.contacts
    ]
    return values


def read_truth(path: Path) -> dict[str, Year]:
    """The years that `write_truth` wrote."""
    years: dict[str, Year] = {}
    for name, values in json.loads(path.read_text("utf-8")).items():
        contacts = [
            Contact(
                day=dt.date.fromisoformat(contact["day"]),
                minute=contact["minute"],
                codes=_codes(contact["codes"]),
                persons=[
                    Person(
                        codes=_codes(person["codes"]),
                        age=person["age"],
                        followups=[Followup(_codes(each)) for each in person["followups"]],
                    )
                    for person in contact["persons"]
                ],
            )
            for contact in values["contacts"]
        ]
        days = {each: dt.date.fromisoformat(values[each]) for each in ("start", "end")}
        closed = [dt.date.fromisoformat(each) for each in values["closed"]]
        classes = [(code, first, last) for code, first, last in values["classes"]]
        more = {"contacts": contacts, "closed": closed, "classes": classes}
        years[name] = Year(**(values | days | more))
    return years


def _codes(values: dict[str, list[str]]) -> Codes:
    return {name: tuple(codes) for name, codes in values.items()}
