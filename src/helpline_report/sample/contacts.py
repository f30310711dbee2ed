"""Fill the fields of contacts, persons and follow-ups inside the totals of a year."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from random import Random
from typing import Any

from helpline_report.sample.quotas import (
    NEUTRAL,
    apportion,
    assign,
    assign_field,
    lift,
    pick,
    settle,
)
from helpline_report.sample.year_totals import Counts, Facts, Lifts

EMAIL, OFFICE = "email", "office"
EMPTY = "empty"
_MARCH, _SATURDAY, _SUNDAY = 3, 5, 6
_LAST_SUNDAY_FROM, _SKIPPED_HOUR = 25, 2
_NO_AGE = 100
_ROUNDS, _SCALE = 6, 1000


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
    def side_and_problem(self) -> str:
        """The problem, and whether a victim calls or somebody else: `victim.elder_abuse`."""
        return f"{'victim' if self.role == 'victim' else 'other'}.{self.problem}"

    @property
    def size(self) -> str:
        """Whether the contact is about several persons."""
        return "several" if len(self.persons) > 1 else "one"

    def with_problem(self, problem: str) -> list[Person]:
        """The persons who have a problem."""
        return [person for person in self.persons if person.problem == problem]


Contacts = list[Contact]


def weigh(base: Counts, lifts: Lifts, *items: Contact | Person) -> Counts:
    """The weights of the codes of a field, lifted by what the first of some items says."""
    weights = base
    for name, by_code in lifts.items():
        code = next(getattr(item, name) for item in items if hasattr(item, name))
        weights = lift(weights, by_code.get(code, {}))
    return weights


def days_of_month(year: int, month: int) -> list[date]:
    """Every day of a month."""
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def find_rhythm(channel: str) -> str:
    """The rhythm of a channel: e-mails are written at any hour."""
    return EMAIL if channel == "email" else OFFICE


def weigh_days(
    year: int, closed: Collection[date], patterns: Facts, rng: Random
) -> dict[tuple[int, str], dict[date, int]]:
    """The weight of each day of a month, by month and rhythm: by its weekday, and by chance."""
    weights = {}
    for month in range(1, 13):
        for rhythm, weekdays in patterns.weekdays.items():
            days = days_of_month(year, month)
            if rhythm == OFFICE:
                days = [day for day in days if day.weekday() < _SATURDAY and day not in closed]
            weights[month, rhythm] = {
                day: weekdays[day.weekday()] * rng.randrange(60, 141) for day in days
            }
    return weights


def draw_minute(day: date, rhythm: str, steps: Sequence[int], rng: Random) -> int:
    """The minute of the day at which a contact comes, by the running totals of the hours."""
    hour = bisect_right(steps, rng.randrange(steps[-1]))
    # On the last Sunday of March there is no hour between two and three in Brussels.
    last = day.month == _MARCH and day.day >= _LAST_SUNDAY_FROM and day.weekday() == _SUNDAY
    if rhythm == EMAIL and hour == _SKIPPED_HOUR and last:
        hour += 1
    return hour * 60 + rng.randrange(60)


def sum_hours(hours: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """Running totals of the weights of the hours, by rhythm."""
    return {rhythm: list(accumulate(weights)) for rhythm, weights in hours.items()}


def date_contacts(totals: Facts, rng: Random) -> list[Contact]:
    """The contacts of a year in order of time, with day, minute, channel and helpline."""
    steps = sum_hours(totals.patterns.hours)
    weights = weigh_days(totals.year, totals.closed_days, totals.patterns, rng)
    # The telephone takes what other channels leave of each month.
    by_month = dict(enumerate(totals.contacts_by_month, start=1))
    few = {code: count for code, count in totals.callers["channel"].items() if code != "phone"}
    channels = {code: apportion(count, by_month) for code, count in few.items()}
    phone = {
        month: count - sum(channels[code][month] for code in few)
        for month, count in by_month.items()
    }
    contacts = [
        Contact(day=pick(rng, weights[month, find_rhythm(channel)]), channel=channel)
        for channel, months in {"phone": phone, **channels}.items()
        for month, count in months.items()
        for _ in range(count)
    ]
    for contact in contacts:
        rhythm = find_rhythm(contact.channel)
        contact.minute = draw_minute(contact.day, rhythm, steps[rhythm], rng)
    contacts.sort(key=lambda contact: (contact.day, contact.minute))
    _give_helplines(contacts, totals.daily_peak, totals.patterns, rng)
    return contacts


def _give_helplines(contacts: Contacts, peak: int, patterns: Facts, rng: Random) -> None:
    """Share the contacts among the helplines; one of them takes exactly `peak` on one day."""
    taken: Counter[tuple[date, str]] = Counter()
    for contact in contacts:
        room = {
            line: weight
            for line, weight in patterns.helplines.items()
            if taken[contact.day, line] < peak - 1
        }
        contact.helpline = pick(rng, room)
        taken[contact.day, contact.helpline] += 1
    per_day = Counter(contact.day for contact in contacts)
    busiest = max(per_day, key=lambda day: (per_day[day], -day.toordinal()))
    missing = peak - taken[busiest, patterns.peak_helpline]
    others = [c for c in contacts if c.day == busiest and c.helpline != patterns.peak_helpline]
    for contact in rng.sample(others, missing):
        contact.helpline = patterns.peak_helpline


def give_problems(contacts: Contacts, totals: Facts, rng: Random) -> None:
    """Give each contact its main problem; a campaign's problems are likelier in its month."""
    quotas = {code: problem["contacts"] for code, problem in totals.problems.items()}
    campaign = totals.campaign or {"month": 0, "problems": {}}
    rows = [
        lift(quotas, campaign["problems"] if each.day.month == campaign["month"] else {})
        for each in contacts
    ]
    assign_field(contacts, "problem", rows, quotas, rng)


def give_callers(contacts: Contacts, fields: Sequence[str], totals: Facts, rng: Random) -> None:
    """Give contacts fields of the caller, or of how the contact was handled."""
    for name in fields:
        quotas = totals.callers[name]
        rows = [weigh(quotas, totals.patterns.lifts[name], contact) for contact in contacts]
        assign_field(contacts, name, rows, quotas, rng)


def give_persons(contacts: Contacts, totals: Facts, rng: Random) -> None:
    """Give each contact one person, then further ones, up to the totals of months and problems."""
    patterns = totals.patterns
    places: dict[tuple[int, str], list[Contact]] = defaultdict(list)
    for contact in contacts:
        contact.persons = [Person(problem=contact.problem)]
        places[contact.day.month, contact.problem].append(contact)
    problems = totals.problems.items()
    quotas = {code: problem["persons"] - problem["contacts"] for code, problem in problems}
    months = [
        month
        for month, persons in enumerate(totals.persons_by_month, start=1)
        for _ in range(persons - totals.contacts_by_month[month - 1])
    ]
    rows = [
        {code: quotas[code] * len(places.get((month, code), ())) for code in quotas}
        for month in months
    ]
    for month, problem in zip(months, assign(rows, quotas, rng), strict=True):
        home = problem
        # Some children are reported with violence between adults.
        if problem == "child_abuse" and rng.randrange(100) < patterns.children_as_witness:
            home = pick(rng, {code: len(places[month, code]) for code in patterns.witness_problems})
        room = [c for c in places[month, home] if len(c.persons) < patterns.most_persons]
        room[rng.randrange(len(room))].persons.append(Person(problem=problem))


def give_sector_cases(contacts: Contacts, totals: Facts, rng: Random) -> None:
    """Set context and form of the contacts that must lie in sport or leisure, and only there."""
    taken: set[int] = set()
    for case in totals.sector_cases:
        problem, pairs = case["problem"], case["persons"] - case["contacts"]
        for size, wanted in ((2, pairs), (1, case["contacts"] - pairs)):
            for _ in range(wanted):
                weights = {
                    number: totals.patterns.sector_caller if contact.role == case["context"] else 1
                    for number, contact in enumerate(contacts)
                    if number not in taken
                    and contact.problem == problem
                    and len(contact.with_problem(problem)) == size
                    and contact.day.month >= totals.context_from_month
                }
                place = pick(rng, weights)
                taken.add(place)
                for person in contacts[place].with_problem(problem):
                    person.context, person.form = case["context"], case["form"]


def give_forms(contacts: Contacts, totals: Facts, rng: Random) -> None:
    """Give persons a form of violence, mostly the same within a family."""
    for problem, wanted in totals.problems.items():
        families = [contact.with_problem(problem) for contact in contacts]
        done = Counter(person.form for family in families for person in family if person.form)
        unset = [[person for person in family if not person.form] for family in families]
        quotas = {form: count - done[form] for form, count in wanted["forms"].items()}
        _assign_alike(unset, "form", quotas, totals.patterns, rng)


def give_contexts(contacts: Contacts, totals: Facts, rng: Random) -> None:
    """Give persons a context, mostly the same within a family; none before it was registered."""
    for problem, wanted in totals.problems.items():
        families = []
        for contact in contacts:
            family = [person for person in contact.with_problem(problem) if not person.context]
            if contact.day.month >= totals.context_from_month:
                families.append(family)
            else:
                for person in family:
                    person.context = "not_registered"
        quotas = apportion(sum(map(len, families)), wanted["contexts"])
        _assign_alike(families, "context", quotas, totals.patterns, rng)


def _assign_alike(
    families: Sequence[list[Person]], name: str, quotas: Counts, patterns: Facts, rng: Random
) -> None:
    """Assign a field first to the first of each family, then to the others, mostly as the first."""
    lifts = patterns.lifts.get(name, {})
    first = [family[0] for family in families if family]
    rows = [weigh(quotas, lifts, person) for person in first]
    assign_field(first, name, rows, apportion(len(first), quotas), rng)
    done = Counter(getattr(person, name) for person in first)
    left = {code: count - done[code] for code, count in quotas.items()}
    others = [(person, family[0]) for family in families for person in family[1:]]
    rows = [
        lift(weigh(quotas, lifts, person), {getattr(head, name): patterns.family_bond * 10})
        for person, head in others
    ]
    assign_field([person for person, _ in others], name, rows, left, rng)


def give_genders(contacts: Contacts, totals: Facts, rng: Random) -> None:
    """Give persons a gender; a victim who calls is the first person, of the caller's gender."""
    for contact in contacts:
        if contact.role == "victim":
            contact.persons[0].gender = contact.gender
    everyone = [person for contact in contacts for person in contact.persons]
    done = Counter(person.gender for person in everyone if person.gender)
    unset = [person for person in everyone if not person.gender]
    quotas = {code: count - done[code] for code, count in totals.person_gender.items()}
    rows = [weigh(quotas, totals.patterns.lifts["person_gender"], person) for person in unset]
    assign_field(unset, "gender", rows, quotas, rng)


def give_ages(contacts: Contacts, totals: Facts, rng: Random) -> None:
    """Give persons an age by their problem; a victim who calls has one of the caller's age class.

    In the month of a campaign the upper bands are likelier.
    """
    campaign = totals.campaign
    for contact in contacts:
        in_month = campaign and contact.day.month == campaign["month"]
        for place, person in enumerate(contact.persons):
            ages = totals.patterns.ages[person.problem]
            if in_month and person.problem == "partner_violence":
                upper = len(ages["bands"]) - 2
                bands = [
                    (low, high, weight * (campaign["oldest"] if at >= upper else 10))
                    for at, (low, high, weight) in enumerate(ages["bands"])
                ]
                ages = {**ages, "bands": bands}
            itself = place == 0 and contact.role == "victim"
            limits = totals.patterns.ages_of_class.get(contact.age_class) if itself else None
            person.age = _draw_age(ages, limits or (0, 120), rng)


def _draw_age(ages: Mapping[str, Any], limits: Sequence[int], rng: Random) -> int | None:
    if rng.randrange(_NO_AGE) < ages["blank"]:
        return None
    low, high = limits
    bands = {
        (max(low, start), min(high, end)): weight
        for start, end, weight in ages["bands"]
        if start <= high and end >= low
    }
    if not bands:
        return None
    start, end = pick(rng, bands)
    return rng.randrange(start, end + 1)


@dataclass(slots=True)
class _Slot:
    """A person, the weights of the kinds for them, and who stands before them in the contact."""

    person: Person
    weights: Counts
    head: _Slot | None
    number: int = 0


def give_followups(contacts: Contacts, totals: Facts, rng: Random) -> None:
    """Give persons numbers, then kinds, of follow-ups; an empty follow-up is the only one."""
    slots: list[_Slot] = []
    rows, patterns = [], totals.patterns
    for contact in contacts:
        head = None
        for person in contact.persons:
            weights = weigh(totals.followups, patterns.lifts["followup"], person, contact)
            slots.append(_Slot(person, weights, head))
            head = head or slots[-1]
            rows.append(
                weigh(totals.followups_per_person, patterns.lifts["number"], person, contact)
            )
    numbers = assign(rows, totals.followups_per_person, rng)
    for slot, number in zip(slots, numbers, strict=True):
        slot.number = int(number)
    single = {place: slot.weights[EMPTY] for place, slot in enumerate(slots) if slot.number == 1}
    for _ in range(totals.followups[EMPTY]):
        place = pick(rng, single)
        del single[place]
        slots[place].person.followups = [EMPTY]
    quotas = {kind: count for kind, count in totals.followups.items() if kind != EMPTY}
    filled = [slot for slot in slots if slot.person.followups != [EMPTY]]
    factors = dict.fromkeys(quotas, _SCALE)
    for _ in range(_ROUNDS):
        for slot in filled:
            slot.person.followups = _draw_kinds(slot, factors, patterns.same_followups, rng)
        drawn = Counter(kind for slot in filled for kind in slot.person.followups)
        factors = {k: max(1, factors[k] * quotas[k] // max(1, drawn[k])) for k in quotas}
    _settle_kinds(filled, quotas, rng)
    order = {kind: place for place, kind in enumerate(totals.followups)}
    for slot in slots:
        slot.person.followups.sort(key=order.__getitem__)


def _draw_kinds(slot: _Slot, factors: Counts, same: int, rng: Random) -> list[str]:
    """Draw different kinds for a person; mostly those of the first person of the contact."""
    head = slot.head
    if head and len(head.person.followups) >= slot.number and rng.randrange(NEUTRAL) < same:
        kinds = head.person.followups[: slot.number]
        if EMPTY not in kinds and all(slot.weights[kind] for kind in kinds):
            return list(kinds)
    left = {kind: slot.weights[kind] * factor for kind, factor in factors.items()}
    drawn = []
    for _ in range(slot.number):
        drawn.append(pick(rng, left))
        del left[drawn[-1]]
    return drawn


def _settle_kinds(slots: list[_Slot], quotas: Counts, rng: Random) -> None:
    """Change kinds until their totals are right; those of a person stay different."""
    places = [(slot, place) for slot in slots for place in range(slot.number)]
    values = [slot.person.followups[place] for slot, place in places]
    start = {id(slot): row for row, (slot, place) in enumerate(places) if place == 0}

    def weights_of(row: int) -> Counts:
        slot, place = places[row]
        first = start[id(slot)]
        others = {values[first + i] for i in range(slot.number) if i != place}
        return {k: 0 if k in others else w for k, w in slot.weights.items()}

    settle(values, quotas, weights_of, rng)
    for row, (slot, place) in enumerate(places):
        slot.person.followups[place] = values[row]
