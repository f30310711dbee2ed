"""Who calls, and how the contact is handled: the fields of a contact, inside the year's totals."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from helpline_report.sample.quotas import assign, lifted
from helpline_report.sample.records import Contact
from helpline_report.sample.targets import Patterns, YearTotals

_NONE: Mapping[str, int] = {}


def give_problems(contacts: list[Contact], totals: YearTotals, rng: Random) -> None:
    """What each contact is mainly about; more of the campaign's problems in its month."""
    quotas = {code: problem.contacts for code, problem in totals.problems.items()}
    campaign = totals.campaign
    lifts = campaign.problems if campaign else _NONE
    rows = [
        lifted(quotas, lifts if campaign and contact.day.month == campaign.month else _NONE)
        for contact in contacts
    ]
    for contact, problem in zip(contacts, assign(rows, quotas, rng), strict=True):
        contact.problem = problem


def give_callers(contacts: list[Contact], totals: YearTotals, p: Patterns, rng: Random) -> None:
    """Role, age class and gender of who calls."""
    callers = totals.callers
    rows = [lifted(callers.role, p.role_by_problem[c.problem]) for c in contacts]
    for contact, role in zip(contacts, assign(rows, callers.role, rng), strict=True):
        contact.role = role
    rows = [lifted(callers.age_class, *_age_class_lifts(c, p)) for c in contacts]
    for contact, age_class in zip(contacts, assign(rows, callers.age_class, rng), strict=True):
        contact.age_class = age_class
    rows = [
        lifted(
            callers.gender,
            p.gender_by_role.get(c.role, _NONE),
            p.gender_by_problem.get(c.problem, _NONE) if c.role == "victim" else _NONE,
        )
        for c in contacts
    ]
    for contact, gender in zip(contacts, assign(rows, callers.gender, rng), strict=True):
        contact.gender = gender


def _age_class_lifts(contact: Contact, p: Patterns) -> list[Mapping[str, int]]:
    by_role = p.age_class_by_role[contact.role]
    if contact.role == "victim":
        return [by_role, p.age_class_of_victim[contact.problem]]
    return [by_role, p.age_class_by_problem.get(contact.problem, _NONE)]


def give_handling(contacts: list[Contact], totals: YearTotals, p: Patterns, rng: Random) -> None:
    """Advice or case, and whether the caller stayed anonymous; families are more often a case."""
    callers = totals.callers
    rows = [
        lifted(
            callers.handling,
            p.handling_by_role.get(c.role, _NONE),
            p.handling_by_problem.get(c.problem, _NONE),
            p.handling_of_families if len(c.persons) > 1 else _NONE,
        )
        for c in contacts
    ]
    for contact, handling in zip(contacts, assign(rows, callers.handling, rng), strict=True):
        contact.handling = handling
    rows = [
        lifted(
            callers.anonymity,
            p.anonymity_by_handling.get(c.handling, _NONE),
            p.anonymity_by_role.get(c.role, _NONE),
            p.anonymity_by_channel.get(c.channel, _NONE),
        )
        for c in contacts
    ]
    for contact, anonymity in zip(contacts, assign(rows, callers.anonymity, rng), strict=True):
        contact.anonymity = anonymity
