"""Fill the persons of each contact and their follow-ups inside the totals of a year."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from helpline_report.sample.contacts import Contact, Person
from helpline_report.sample.quotas import (
    NEUTRAL,
    apportion,
    assign,
    assign_field,
    lifted,
    pick,
    settle,
)
from helpline_report.sample.year_totals import AgeBands, CampaignMonth, Patterns, YearTotals


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


Weigh = Callable[[Person], Mapping[str, int]]
_NONE: Mapping[str, int] = {}
_NO_AGE = 100


def give_forms(contacts: list[Contact], totals: YearTotals, p: Patterns, rng: Random) -> None:
    """The form of violence, alike within a family."""
    for problem, wanted in totals.problems.items():
        families = [_with_problem(contact, problem) for contact in contacts]
        done = Counter(person.form for family in families for person in family if person.form)
        open_families = [[x for x in family if not x.form] for family in families]
        quotas = {form: count - done[form] for form, count in wanted.forms.items()}
        weights = lifted(quotas)

        def weigh(_: Person, weights: Mapping[str, int] = weights) -> Mapping[str, int]:
            return weights

        _assign_alike(open_families, "form", quotas, weigh, bond=p.family_bond, rng=rng)


def give_contexts(contacts: list[Contact], totals: YearTotals, p: Patterns, rng: Random) -> None:
    """The context, alike within a family; not registered before the year began to."""
    for problem, wanted in totals.problems.items():
        families = []
        for contact in contacts:
            family = [x for x in _with_problem(contact, problem) if not x.context]
            if contact.day.month >= totals.context_from_month:
                families.append(family)
            else:
                for person in family:
                    person.context = "not_registered"
        quotas = apportion(sum(len(family) for family in families), wanted.contexts)

        def weigh(person: Person, quotas: Mapping[str, int] = quotas) -> Mapping[str, int]:
            return lifted(quotas, p.context_by_form.get(person.form, _NONE))

        _assign_alike(families, "context", quotas, weigh, bond=p.family_bond, rng=rng)


def _with_problem(contact: Contact, problem: str) -> list[Person]:
    return [person for person in contact.persons if person.problem == problem]


def _assign_alike(
    families: Sequence[list[Person]],
    field: str,
    quotas: Mapping[str, int],
    weigh: Weigh,
    *,
    bond: int,
    rng: Random,
) -> None:
    """Assign a field first to the first of each family, then to the others, mostly as the first."""
    first = [family[0] for family in families if family]
    assign_field(first, field, [weigh(x) for x in first], apportion(len(first), quotas), rng)
    done = Counter(getattr(person, field) for person in first)
    left = {code: count - done[code] for code, count in quotas.items()}
    others = [(x, family[0]) for family in families for x in family[1:]]
    rows = [lifted(weigh(x), {getattr(head, field): bond * 10}) for x, head in others]
    assign_field([person for person, _ in others], field, rows, left, rng)


def give_genders(contacts: list[Contact], totals: YearTotals, p: Patterns, rng: Random) -> None:
    """Gender; a victim who calls is the first person reported, of the caller's gender."""
    for contact in contacts:
        if contact.role == "victim":
            contact.persons[0].gender = contact.gender
    everyone = [person for contact in contacts for person in contact.persons]
    done = Counter(person.gender for person in everyone if person.gender)
    unset = [person for person in everyone if not person.gender]
    quotas = {code: count - done[code] for code, count in totals.person_gender.items()}
    rows = [
        lifted(quotas, p.gender_of_person[x.problem], p.gender_by_form.get(x.form, _NONE))
        for x in unset
    ]
    assign_field(unset, "gender", rows, quotas, rng)


def give_ages(contacts: list[Contact], totals: YearTotals, p: Patterns, rng: Random) -> None:
    """Age by problem; a victim who calls has an age of the caller's age class."""
    for contact in contacts:
        for place, person in enumerate(contact.persons):
            ages = _in_month(p.ages[person.problem], contact, person, totals.campaign)
            itself = place == 0 and contact.role == "victim"
            limits = p.ages_of_class.get(contact.age_class) if itself else None
            person.age = _age(ages, limits, rng)


def _in_month(
    ages: AgeBands, contact: Contact, person: Person, campaign: CampaignMonth | None
) -> AgeBands:
    """The bands of a problem, the upper ones likelier in the month of a campaign about it."""
    in_month = campaign and contact.day.month == campaign.month
    if not campaign or not in_month or person.problem != "partner_violence":
        return ages
    upper = len(ages.bands) - 2
    bands = [
        (low, high, weight * (campaign.oldest if place >= upper else 10))
        for place, (low, high, weight) in enumerate(ages.bands)
    ]
    return AgeBands(blank=ages.blank, bands=bands)


def _age(ages: AgeBands, limits: tuple[int, int] | None, rng: Random) -> int | None:
    if rng.randrange(_NO_AGE) < ages.blank:
        return None
    low, high = limits or (0, 120)
    bands = {
        (max(low, start), min(high, end)): weight
        for start, end, weight in ages.bands
        if start <= high and end >= low
    }
    if not bands:
        return None
    start, end = pick(rng, bands)
    return rng.randrange(start, end + 1)


EMPTY = "empty"
_ROUNDS = 6
_SCALE = 1000

Weighed = dict[str, int]


@dataclass(slots=True)
class _Slot:
    """A person, the weights of the kinds for them, and who stands before them in the contact."""

    person: Person
    weights: Weighed
    head: _Slot | None
    number: int = 0


def give_followups(contacts: list[Contact], totals: YearTotals, p: Patterns, rng: Random) -> None:
    """Numbers first, then kinds, to the totals of both; an empty follow-up stands alone."""
    slots = _slots(contacts, totals, p, rng)
    single = {place: s.weights[EMPTY] for place, s in enumerate(slots) if s.number == 1}
    for _ in range(totals.followups[EMPTY]):
        place = pick(rng, single)
        del single[place]
        slots[place].person.followups = [EMPTY]
    quotas = {kind: count for kind, count in totals.followups.items() if kind != EMPTY}
    filled = [slot for slot in slots if slot.person.followups != [EMPTY]]
    factors = dict.fromkeys(quotas, _SCALE)
    for _ in range(_ROUNDS):
        _draw_kinds(filled, factors, p.same_followups, rng)
        drawn = Counter(kind for slot in filled for kind in slot.person.followups)
        factors = {k: max(1, factors[k] * quotas[k] // max(1, drawn[k])) for k in quotas}
    _settle_kinds(filled, quotas, rng)
    order = {kind: place for place, kind in enumerate(totals.followups)}
    for slot in slots:
        slot.person.followups.sort(key=order.__getitem__)


def _slots(contacts: list[Contact], totals: YearTotals, p: Patterns, rng: Random) -> list[_Slot]:
    """A slot a person, with how many follow-ups they have: more in a case."""
    known: dict[tuple[str, str, str], Weighed] = {}
    quotas = {str(number): count for number, count in totals.followups_per_person.items()}
    slots, rows = [], []
    for contact in contacts:
        head = None
        for person in contact.persons:
            key = (person.problem, contact.handling, person.form)
            if key not in known:
                known[key] = lifted(
                    totals.followups,
                    p.followup_by_problem[person.problem],
                    p.followup_by_handling[contact.handling],
                    p.followup_by_form.get(person.form, _NONE),
                )
            slot = _Slot(person, known[key], head)
            head = head or slot
            slots.append(slot)
            by_handling = p.number_by_handling.get(contact.handling, _NONE)
            rows.append(lifted(quotas, by_handling, p.number_by_problem.get(person.problem, _NONE)))
    for slot, number in zip(slots, assign(rows, quotas, rng), strict=True):
        slot.number = int(number)
    return slots


def _draw_kinds(slots: list[_Slot], factors: Weighed, same: int, rng: Random) -> None:
    """Different kinds for each person; who stands beside another mostly gets the same."""
    cache: dict[int, Weighed] = {}
    for slot in slots:
        head = slot.head
        if head and len(head.person.followups) >= slot.number and rng.randrange(NEUTRAL) < same:
            kinds = head.person.followups[: slot.number]
            if EMPTY not in kinds and all(slot.weights[kind] for kind in kinds):
                slot.person.followups = list(kinds)
                continue
        key = id(slot.weights)
        if key not in cache:
            cache[key] = {kind: slot.weights[kind] * factors[kind] for kind in factors}
        left = dict(cache[key])
        slot.person.followups = []
        for _ in range(slot.number):
            kind = pick(rng, left)
            del left[kind]
            slot.person.followups.append(kind)


def _settle_kinds(slots: list[_Slot], quotas: Mapping[str, int], rng: Random) -> None:
    """Come to the totals, leaving the kinds of a person different."""
    places = [(slot, place) for slot in slots for place in range(slot.number)]
    values = [slot.person.followups[place] for slot, place in places]
    start = {id(slot): row for row, (slot, place) in enumerate(places) if place == 0}

    def weights_of(row: int) -> Mapping[str, int]:
        slot, place = places[row]
        first = start[id(slot)]
        others = {values[first + i] for i in range(slot.number) if i != place}
        return {k: 0 if k in others else w for k, w in slot.weights.items()}

    settle(values, quotas, weights_of, rng)
    for row, (slot, place) in enumerate(places):
        slot.person.followups[place] = values[row]
