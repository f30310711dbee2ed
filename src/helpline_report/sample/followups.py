"""What was done for each reported person: one to four follow-ups of different kinds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from random import Random

from helpline_report.sample.quotas import NEUTRAL, assign, lifted, pick, settle
from helpline_report.sample.records import Contact, Person
from helpline_report.sample.targets import Patterns, YearTotals

EMPTY = "empty"
_ROUNDS = 6
_SCALE = 1000
_NONE: Mapping[str, int] = {}

Weighed = dict[str, int]


class _Slot:
    """A person, the weights of the kinds for them, and who stands before them in the contact."""

    __slots__ = ("head", "number", "person", "weights")

    def __init__(self, person: Person, weights: Weighed, head: _Slot | None) -> None:
        self.person = person
        self.weights = weights
        self.head = head
        self.number = 0


def give_followups(contacts: list[Contact], totals: YearTotals, p: Patterns, rng: Random) -> None:
    """Numbers first, then kinds, to the totals of both; an empty follow-up stands alone."""
    slots = _slots(contacts, totals, p)
    _give_numbers(contacts, slots, totals, p=p, rng=rng)
    _give_empty(slots, totals.followups[EMPTY], rng)
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


def _slots(contacts: list[Contact], totals: YearTotals, p: Patterns) -> list[_Slot]:
    known: dict[tuple[str, str, str], Weighed] = {}
    slots = []
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
    return slots


def _give_numbers(
    contacts: list[Contact],
    slots: list[_Slot],
    totals: YearTotals,
    *,
    p: Patterns,
    rng: Random,
) -> None:
    """How many follow-ups each person has: more in a case."""
    quotas = {str(number): count for number, count in totals.followups_per_person.items()}
    lifts = {
        field: {code: {str(n): lift for n, lift in by.items()} for code, by in table.items()}
        for field, table in (("h", p.number_by_handling), ("p", p.number_by_problem))
    }
    rows = [
        lifted(quotas, lifts["h"].get(contact.handling, _NONE), lifts["p"].get(x.problem, _NONE))
        for contact in contacts
        for x in contact.persons
    ]
    for slot, number in zip(slots, assign(rows, quotas, rng), strict=True):
        slot.number = int(number)


def _give_empty(slots: list[_Slot], count: int, rng: Random) -> None:
    single = {place: s.weights[EMPTY] for place, s in enumerate(slots) if s.number == 1}
    for _ in range(count):
        place = pick(rng, single)
        del single[place]
        slots[place].person.followups = [EMPTY]


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
        slot.person.followups = _distinct(cache[key], slot.number, rng)


def _distinct(weights: Weighed, number: int, rng: Random) -> list[str]:
    left = dict(weights)
    kinds = []
    for _ in range(number):
        kind = pick(rng, left)
        del left[kind]
        kinds.append(kind)
    return kinds


def _settle_kinds(slots: list[_Slot], quotas: Mapping[str, int], rng: Random) -> None:
    """Come to the totals, leaving the kinds of a person different."""
    places = [(slot, place) for slot in slots for place in range(slot.number)]
    values = [slot.person.followups[place] for slot, place in places]
    start = {}
    for row, (slot, place) in enumerate(places):
        if place == 0:
            start[id(slot)] = row

    def weights_of(row: int) -> Mapping[str, int]:
        slot, place = places[row]
        first = start[id(slot)]
        others = {values[first + i] for i in range(slot.number) if i != place}
        return {k: 0 if k in others else w for k, w in slot.weights.items()}

    settle(values, quotas, weights_of, rng)
    for row, (slot, place) in enumerate(places):
        slot.person.followups[place] = values[row]
