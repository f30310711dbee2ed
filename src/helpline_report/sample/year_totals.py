"""Read the totals of a year and the patterns inside them from the YAML files in facts/."""

from datetime import date
from functools import cache
from importlib import resources
from random import Random
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

Counts = dict[str, int]
# Of a field: by what else a row says, the lifts of its codes.
Lifts = dict[str, dict[str, Counts]]

REFERENCE_YEARS = (2016, 2017)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProblemTotals(_Frozen):
    """A main problem: contacts mainly about it, persons who have it, their forms and contexts."""

    contacts: int
    persons: int
    forms: Counts
    contexts: Counts


class SectorCase(_Frozen):
    """Contacts that hold persons of one context, form and problem, and how many such persons."""

    context: str
    form: str
    problem: str
    contacts: int
    persons: int


class CampaignMonth(_Frozen):
    """A month in which some problems come up more, and older people with them."""

    month: int
    problems: Counts
    oldest: int


class Website(_Frozen):
    """What the web analytics service counted."""

    pageviews_by_month: list[int]
    users: int
    users_by_month: list[int]
    sites: Counts
    devices: Counts
    channels: Counts
    referrers: Counts
    children_referrers: Counts
    children_from: date | None = None
    gender: Counts


class AgeBands(_Frozen):
    """Age bands `(from, to, weight)`, and how many in a hundred have no age."""

    blank: int
    bands: list[tuple[int, int, int]]


class Patterns(_Frozen):
    """What goes with what, in lifts of which 10 is neutral."""

    weekdays: dict[str, list[int]]
    hours: dict[str, list[int]]
    helplines: Counts
    peak_helpline: str
    children_as_witness: int
    witness_problems: list[str]
    most_persons: int
    family_bond: int
    ages: dict[str, AgeBands]
    ages_of_class: dict[str, tuple[int, int]]
    sector_caller: int
    same_followups: int
    lifts: dict[str, Lifts]


class YearTotals(_Frozen):
    """Every total of one year; `callers` are the contacts with each code of each field."""

    year: int
    closed_days: frozenset[date]
    contacts_by_month: list[int]
    persons_by_month: list[int]
    daily_peak: int
    callers: dict[str, Counts]
    problems: dict[str, ProblemTotals]
    person_gender: Counts
    context_from_month: int
    sector_cases: list[SectorCase]
    followups_per_person: Counts
    followups: Counts
    campaign: CampaignMonth | None = None
    website: Website

    @property
    def contacts(self) -> int:
        """Contacts of the year."""
        return sum(self.contacts_by_month)

    @property
    def patterns(self) -> Patterns:
        """The patterns that all years share."""
        return read_patterns()


@cache
def read_year_totals(year: int) -> YearTotals:
    """The totals of a reference year; of 2017 for any other year."""
    known = year if year in REFERENCE_YEARS else max(REFERENCE_YEARS)
    return YearTotals.model_validate(_read(f"{known}.yaml"))


@cache
def read_patterns() -> Patterns:
    """The patterns that all years share."""
    return Patterns.model_validate(_read("patterns.yaml"))


@cache
def read_labels() -> dict[str, dict[str, str]]:
    """What the registration system writes: field → code → label."""
    read: dict[str, dict[str, str]] = _read("labels.yaml")
    return read


def _read(name: str) -> Any:
    text = resources.files(__package__).joinpath("facts", name).read_text(encoding="utf-8")
    return yaml.safe_load(text)


def open_stream(seed: int, year: int, step: str) -> Random:
    """The stream of one step of one year: the same on every platform and Python version."""
    return Random(f"{seed}/{year}/{step}")
