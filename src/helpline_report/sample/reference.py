"""A reference year: every contact, with the persons and follow-ups that come to its totals."""

from __future__ import annotations

from helpline_report.sample import callers, families, followups, persons
from helpline_report.sample.days import dated_contacts
from helpline_report.sample.records import Contact
from helpline_report.sample.seeds import stream
from helpline_report.sample.targets import patterns, year_totals


def reference_contacts(year: int, seed: int) -> list[Contact]:
    """The contacts of 2016 or 2017 in order of time, in canonical codes."""
    totals, p = year_totals(year), patterns()
    contacts = dated_contacts(totals, p, stream(seed, totals.year, "days"))
    callers.give_problems(contacts, totals, stream(seed, totals.year, "problems"))
    callers.give_callers(contacts, totals, p, stream(seed, totals.year, "callers"))
    families.give_persons(contacts, totals, p, stream(seed, totals.year, "families"))
    families.give_sector_cases(contacts, totals, p, stream(seed, totals.year, "sectors"))
    callers.give_handling(contacts, totals, p, stream(seed, totals.year, "handling"))
    persons.give_forms(contacts, totals, p, stream(seed, totals.year, "forms"))
    persons.give_contexts(contacts, totals, p, stream(seed, totals.year, "contexts"))
    persons.give_genders(contacts, totals, p, stream(seed, totals.year, "genders"))
    persons.give_ages(contacts, totals, p, stream(seed, totals.year, "ages"))
    followups.give_followups(contacts, totals, p, stream(seed, totals.year, "followups"))
    return contacts
