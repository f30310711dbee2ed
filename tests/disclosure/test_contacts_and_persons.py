"""Contacts and their persons together give no small count away, though they are counted apart."""

from __future__ import annotations

import re

import pytest

from helpline_report.disclosure.release import release
from helpline_report.figures.breakdown import count_series, crosstab
from helpline_report.figures.measures import count
from helpline_report.figures.register import Register
from tests.figures.drawn import ledger_with, register, whole, with_threshold

PROBLEMS = ("child_abuse", "partner_violence", "elder_abuse")
THRESHOLD = 3


def drawn_from(groups: str) -> Register:
    """A register drawn as text: so many contacts of a channel, each with persons of problems."""
    contacts, persons = ["nr | date | channel"], ["contact | problem"]
    for several, channel, *problems in map(str.split, groups.split(",")):
        for number in range(len(contacts), len(contacts) + int(several)):
            contacts.append(f"{number} | 09-02 | {channel}")
            persons += [f"{number} | {problem}" for problem in problems]
    drawn = register(contacts="\n".join(contacts), persons="\n".join(persons))
    return with_threshold(drawn, THRESHOLD, coarser={})


# What is drawn, which figures there are, and those of them that give a small count away together.
TELLING = {
    "nine contacts without one problem, and eight persons of another": (
        "6 phone partner_violence, 1 phone partner_violence partner_violence, "
        "8 phone child_abuse, 1 phone elder_abuse",
        r"contacts|having\.partner_violence|persons\.problem.*",
        {"contacts", "having.partner_violence", "persons.problem.child_abuse"},
    ),
    "all contacts with a problem less those of one channel": (
        "5 email child_abuse, 3 email partner_violence, "
        "2 chat child_abuse child_abuse partner_violence, 3 chat child_abuse",
        r"contacts\..*|persons\..*|table.*|having\.child_abuse.*",
        {"contacts.email", "persons.channel.email", "persons.problem.partner_violence"}
        | {"having.child_abuse", "having.child_abuse.chat"},
    ),
    "one person at least of each contact of a channel, and all persons of the others": (
        "2 chat child_abuse, 4 email child_abuse, 2 email partner_violence, "
        "8 phone child_abuse, 2 phone elder_abuse, 2 phone partner_violence",
        r"contacts\..*|persons.*|table.*",
        {"contacts.email", "persons", "persons.channel.phone"},
    ),
    "persons in the place of contacts, where each has one alone": (
        "30 phone elder_abuse, 7 email elder_abuse, 2 chat elder_abuse",
        r"contacts.*|persons\.channel.*",
        {"contacts", "contacts.phone", "persons.channel.email"},
    ),
}


@pytest.mark.parametrize(("groups", "which", "tells"), TELLING.values(), ids=TELLING)
def test_contacts_with_a_kind_of_person_tell_no_others(
    groups: str, which: str, tells: set[str]
) -> None:
    """Contacts and their persons together would give a small count away: one of these is hidden."""
    year = drawn_from(groups)
    contacts, persons = whole(year), whole(year, "persons")
    figures = [
        count("contacts", contacts),
        count("persons", persons),
        *count_series("contacts", contacts, "channel")[1],
        *count_series("persons.channel", persons, "channel")[1],
        *count_series("persons.problem", persons, "problem")[1],
        *crosstab("table", persons, "channel", "problem")[1],
    ]
    for problem in PROBLEMS:
        having = contacts.having(persons.where(problem=problem))
        figures.append(count(f"having.{problem}", having))
        figures.append(count(f"having.{problem}.chat", having.where(channel="chat")))
    wanted = [figure for figure in figures if re.fullmatch(which, figure.id)]
    released = release(ledger_with(wanted), year).ledger.figures
    assert tells <= released.keys()
    assert not tells <= {name for name, figure in released.items() if figure.value is not None}
