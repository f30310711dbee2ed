"""The fields of the reported persons: form, context, gender and age, inside the year's totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from random import Random

from helpline_report.sample.quotas import apportion, assign, lifted, pick
from helpline_report.sample.records import Contact, Person
from helpline_report.sample.targets import Ages, Campaign, Patterns, YearTotals

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
    values = assign([weigh(x) for x in first], apportion(len(first), quotas), rng)
    for person, value in zip(first, values, strict=True):
        setattr(person, field, value)
    left = {code: count - values.count(code) for code, count in quotas.items()}
    others = [(x, family[0]) for family in families for x in family[1:]]
    rows = [lifted(weigh(x), {getattr(head, field): bond * 10}) for x, head in others]
    for (person, _), value in zip(others, assign(rows, left, rng), strict=True):
        setattr(person, field, value)


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
    for person, gender in zip(unset, assign(rows, quotas, rng), strict=True):
        person.gender = gender


def give_ages(contacts: list[Contact], totals: YearTotals, p: Patterns, rng: Random) -> None:
    """Age by problem; a victim who calls has an age of the caller's age class."""
    for contact in contacts:
        for place, person in enumerate(contact.persons):
            ages = _in_month(p.ages[person.problem], contact, person, totals.campaign)
            itself = place == 0 and contact.role == "victim"
            limits = p.ages_of_class.get(contact.age_class) if itself else None
            person.age = _age(ages, limits, rng)


def _in_month(ages: Ages, contact: Contact, person: Person, campaign: Campaign | None) -> Ages:
    """The bands of a problem, the upper ones likelier in the month of a campaign about it."""
    if not campaign or contact.day.month != campaign.month:
        return ages
    if person.problem != "partner_violence":
        return ages
    upper = len(ages.bands) - 2
    bands = [
        (low, high, weight * (campaign.oldest if place >= upper else 10))
        for place, (low, high, weight) in enumerate(ages.bands)
    ]
    return Ages(blank=ages.blank, bands=bands)


def _age(ages: Ages, limits: tuple[int, int] | None, rng: Random) -> int | None:
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
