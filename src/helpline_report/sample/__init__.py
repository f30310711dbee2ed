"""Generate synthetic exports of a helpline's registration and web analytics: nobody's life."""

from pathlib import Path
from random import Random

from helpline_report.sample import contacts as fields
from helpline_report.sample import registration
from helpline_report.sample.website import make_reports, write_report
from helpline_report.sample.year_totals import REFERENCE_YEARS, open_stream, read_year_totals

SEED = 1712
REFERENCE = [(year, SEED) for year in REFERENCE_YEARS]
ANALYTICS = "google-analytics"


def make_reference_contacts(year: int) -> list[fields.Contact]:
    """The contacts of 2016 or 2017 in order of time, in canonical codes."""
    totals = read_year_totals(year)

    def stream(step: str) -> Random:
        return open_stream(SEED, totals.year, step)

    contacts = fields.date_contacts(totals, stream("days"))
    fields.give_problems(contacts, totals, stream("problems"))
    callers, handling = ("role", "age_class", "gender"), ("handling", "anonymity")
    fields.give_callers(contacts, callers, totals, stream("callers"))
    fields.give_persons(contacts, totals, stream("families"))
    fields.give_sector_cases(contacts, totals, stream("sectors"))
    fields.give_callers(contacts, handling, totals, stream("handling"))
    fields.give_forms(contacts, totals, stream("forms"))
    fields.give_contexts(contacts, totals, stream("contexts"))
    fields.give_genders(contacts, totals, stream("genders"))
    fields.give_ages(contacts, totals, stream("ages"))
    fields.give_followups(contacts, totals, stream("followups"))
    return contacts


def generate(folder: Path, *, year: int, contacts: int | None = None, seed: int = SEED) -> None:
    """Write the exports of `year` into `folder` in the raw layout, over those that are there.

    Without `contacts`, 2016 and 2017 come out with the totals of the printed report. Otherwise, for
    any other year and with another `seed`, as many contacts as asked for (4812 unless said) in
    about those proportions. The web analytics keep the reference year's totals whatever `contacts`
    is. The same arguments give the same bytes.
    """
    totals = read_year_totals(year)
    number = contacts or sum(totals.contacts_by_month)
    reference = make_reference_contacts(year)
    is_reference = contacts is None and (year, seed) in REFERENCE
    occurrences = (
        map(registration.make_occurrence, reference)
        if is_reference
        else registration.scale_occurrences(reference, year=year, contacts=number, seed=seed)
    )
    (folder / ANALYTICS).mkdir(parents=True, exist_ok=True)
    registration.write_registration(folder, year=year, contacts=number, occurrences=occurrences)
    for report in make_reports(totals.website, year, open_stream(seed, year, "website")):
        write_report(folder / ANALYTICS, report)
