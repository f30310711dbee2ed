"""Who is reported in a contact: one person, or several of a family, month by month."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from helpline_report.sample.quotas import assign, pick
from helpline_report.sample.records import Contact, Person
from helpline_report.sample.targets import Patterns, YearTotals


def give_persons(contacts: list[Contact], totals: YearTotals, p: Patterns, rng: Random) -> None:
    """One person a contact, then the others, to the persons of each month and problem."""
    places: dict[tuple[int, str], list[Contact]] = defaultdict(list)
    for contact in contacts:
        contact.persons = [Person(problem=contact.problem)]
        places[contact.day.month, contact.problem].append(contact)
    for month, problem in _others(contacts, totals, rng):
        contact = _place(places, month, problem, p=p, rng=rng)
        contact.persons.append(Person(problem=problem))


def _others(contacts: list[Contact], totals: YearTotals, rng: Random) -> list[tuple[int, str]]:
    """Month and problem of every person beyond the first of a contact."""
    quotas = {code: problem.persons - problem.contacts for code, problem in totals.problems.items()}
    months = [
        month
        for month, persons in enumerate(totals.persons_by_month, start=1)
        for _ in range(persons - totals.contacts_by_month[month - 1])
    ]
    present: dict[int, dict[str, int]] = defaultdict(dict)
    for contact in contacts:
        counts = present[contact.day.month]
        counts[contact.problem] = counts.get(contact.problem, 0) + 1
    rows = [
        {code: quotas[code] * present[month].get(code, 0) for code in quotas} for month in months
    ]
    return list(zip(months, assign(rows, quotas, rng), strict=True))


def _place(
    places: dict[tuple[int, str], list[Contact]],
    month: int,
    problem: str,
    *,
    p: Patterns,
    rng: Random,
) -> Contact:
    """A contact of the month that has room; some children stand beside violence between adults."""
    home = problem
    if problem == "child_abuse" and rng.randrange(100) < p.children_as_witness:
        homes = {code: len(places[month, code]) for code in p.witness_problems}
        home = pick(rng, homes)
    room = [c for c in places[month, home] if len(c.persons) < p.most_persons]
    return room[rng.randrange(len(room))]


def give_sector_cases(
    contacts: list[Contact], totals: YearTotals, p: Patterns, rng: Random
) -> None:
    """Set context and form of the contacts that must lie in sport or leisure, and only there."""
    taken: set[int] = set()
    for case in totals.sector_cases:
        pairs = case.persons - case.contacts
        for size, wanted in ((2, pairs), (1, case.contacts - pairs)):
            for _ in range(wanted):
                place = pick(
                    rng,
                    {
                        number: p.sector_caller if contact.role == case.context else 1
                        for number, contact in enumerate(contacts)
                        if number not in taken
                        and contact.problem == case.problem
                        and len(contact.kin) == size
                        and contact.day.month >= totals.context_from_month
                    },
                )
                taken.add(place)
                for person in contacts[place].kin:
                    person.context, person.form = case.context, case.form
