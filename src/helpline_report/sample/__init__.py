"""Generate synthetic exports of a helpline's registration and web analytics: nobody's life."""

from pathlib import Path

from helpline_report.errors import UserError
from helpline_report.sample import contacts as fields
from helpline_report.sample.registration import occurrence, scale_occurrences, write_registration
from helpline_report.sample.website import reports, write_report
from helpline_report.sample.year_totals import (
    REFERENCE_YEARS,
    patterns,
    read_year_totals,
    stream,
)

SEED = 1712
ANALYTICS = "google-analytics"
_YEARS = range(1900, 2100)


def make_reference_contacts(year: int, seed: int) -> list[fields.Contact]:
    """The contacts of 2016 or 2017 in order of time, in canonical codes."""
    totals, p = read_year_totals(year), patterns()
    contacts = fields.date_contacts(totals, p, stream(seed, totals.year, "days"))
    fields.give_problems(contacts, totals, stream(seed, totals.year, "problems"))
    callers, handling = ("role", "age_class", "gender"), ("handling", "anonymity")
    fields.give_callers(contacts, callers, totals, p, stream(seed, totals.year, "callers"))
    fields.give_persons(contacts, totals, p, stream(seed, totals.year, "families"))
    fields.give_sector_cases(contacts, totals, p, stream(seed, totals.year, "sectors"))
    fields.give_callers(contacts, handling, totals, p, stream(seed, totals.year, "handling"))
    fields.give_forms(contacts, totals, p, stream(seed, totals.year, "forms"))
    fields.give_contexts(contacts, totals, p, stream(seed, totals.year, "contexts"))
    fields.give_genders(contacts, totals, p, stream(seed, totals.year, "genders"))
    fields.give_ages(contacts, totals, p, stream(seed, totals.year, "ages"))
    fields.give_followups(contacts, totals, p, stream(seed, totals.year, "followups"))
    return contacts


def generate(folder: Path, *, year: int, contacts: int | None = None, seed: int = SEED) -> None:
    """Write the exports of `year` into `folder` in the raw layout, over those that are there.

    Without `contacts`, 2016 and 2017 come out with the totals of the printed report. Otherwise,
    and for any other year, as many contacts as asked for (4812 unless said) in about those
    proportions. The web analytics keep the reference year's totals whatever `contacts` is.
    The same arguments give the same bytes. Raises `UserError` for a number or year that can't be.
    """
    if year not in _YEARS:
        raise UserError(f"no exports can be made of the year {year}", next_step="Give four digits.")
    if contacts is not None and contacts < 1:
        raise UserError(f"{contacts} contacts make no year", next_step="Ask for one or more.")
    totals = read_year_totals(year)
    number = contacts or totals.contacts
    reference = make_reference_contacts(year, seed)
    is_reference = contacts is None and year in REFERENCE_YEARS
    occurrences = (
        map(occurrence, reference)
        if is_reference
        else scale_occurrences(reference, year=year, contacts=number, seed=seed)
    )
    (folder / ANALYTICS).mkdir(parents=True, exist_ok=True)
    write_registration(folder, year=year, contacts=number, occurrences=occurrences)
    for report in reports(totals.website, year, stream(seed, year, "website")):
        write_report(folder / ANALYTICS, report)
