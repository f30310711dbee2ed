"""A contact and the persons reported in it, while a year is being made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True)
class Person:
    """A reported person, in canonical codes; `age` None is not registered."""

    problem: str
    gender: str = ""
    age: int | None = None
    form: str = ""
    context: str = ""
    followups: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Contact:
    """A contact with the helpline; `problem` is what it is mainly about."""

    day: date
    channel: str
    minute: int = 0
    helpline: str = ""
    problem: str = ""
    role: str = ""
    age_class: str = ""
    gender: str = ""
    anonymity: str = ""
    handling: str = ""
    persons: list[Person] = field(default_factory=list)

    @property
    def kin(self) -> list[Person]:
        """The persons whose problem is what the contact is mainly about."""
        return [person for person in self.persons if person.problem == self.problem]
