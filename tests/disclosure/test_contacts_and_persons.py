"""Contacts and their persons together give no small count away, though they are counted apart."""

from __future__ import annotations

import random
import re

import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import LinearConstraint, milp

from helpline_report.disclosure.release import release
from helpline_report.errors import RefusedError
from helpline_report.figures.breakdown import count_series, crosstab
from helpline_report.figures.counting import group_by_contact, make_mask
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.measures import count
from helpline_report.figures.model import PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from tests.figures.drawn import ledger_with, register, whole, with_threshold

CHANNELS = ("phone", "email", "chat")
PROBLEMS = ("child_abuse", "partner_violence", "elder_abuse")
THRESHOLD = 3


# What a reader doesn't know: the contacts of each channel, and its persons of each problem.
UNKNOWNS = [(channel, problem) for channel in CHANNELS for problem in ("", *PROBLEMS)]
CONTACTS = np.array([not problem for _, problem in UNKNOWNS])
OF_CHANNEL = np.array([[channel == each for channel, _ in UNKNOWNS] for each in CHANNELS])
# Each contact is about one person or more.
AT_LEAST_ONE = LinearConstraint(OF_CHANNEL * np.where(CONTACTS, -1, 1), 0, np.inf)
AT_MOST = LinearConstraint(OF_CHANNEL * np.where(CONTACTS, -100, 1), -np.inf, 0)


def among(spec: PopulationSpec) -> npt.NDArray[np.float64]:
    """Which of the unknowns add up to the count of a population."""
    wanted = {each.field: each.codes for each in spec.conditions}
    channels, problems = wanted.get("channel", CHANNELS), wanted.get("problem", PROBLEMS)
    parts = ("",) if spec.table == "contacts" else problems
    return np.array([float(c in channels and p in parts) for c, p in UNKNOWNS])


def drawn_year(draw: random.Random) -> Register:
    """A register in which contacts of some channels have one person each, others up to three."""
    alone = {channel: draw.random() < 0.6 for channel in CHANNELS}
    contacts, persons = ["nr | date | channel"], ["contact | problem"]
    for number in range(draw.randint(14, 40)):
        channel = draw.choices(CHANNELS, [3, 2, 1])[0]
        contacts.append(f"{number} | 09-02 | {channel}")
        several = 1 if alone[channel] else draw.randint(1, 3)
        problems = draw.choices(PROBLEMS, [4, 2, 1], k=several)
        persons += [f"{number} | {problem}" for problem in problems]
    drawn = register(contacts="\n".join(contacts), persons="\n".join(persons))
    return with_threshold(drawn, THRESHOLD, coarser={})


def counted(year: Register, draw: random.Random) -> Ledger:
    """Tables of its contacts and persons, some of them by chance."""
    contacts, persons = whole(year), whole(year, "persons")
    table, cells = crosstab("table", persons, "channel", "problem")
    figures = [*cells, *count_series("contacts.by_channel", contacts, "channel")[1]]
    by_chance = (
        count_series("persons.by_channel", persons, "channel")[1],
        count_series("persons.by_problem", persons, "problem")[1],
        [count("persons", persons)],
    )
    figures += [each for some in by_chance if draw.random() < 0.75 for each in some]
    return ledger_with(figures, table)


def known_too_closely(seed: int) -> list[str]:
    """The small counts that can't be 0, or can't be large, for who tries all numbers."""
    draw = random.Random(seed)
    year = drawn_year(draw)
    ledger = counted(year, draw)
    try:
        released = release(ledger, year).ledger.figures
    except RefusedError:
        return []
    shown = [name for name in released if released[name].value is not None]
    numbers = [released[name].number for name in shown]
    lines = np.array([among(released[name].population) for name in shown])
    constraints = [LinearConstraint(lines, numbers, numbers), AT_LEAST_ONE, AT_MOST]
    bad = []
    for name in small_counts(ledger, year):
        inside = among(ledger.figures[name].population)
        exist = [
            milp(
                np.zeros(len(UNKNOWNS)),
                constraints=[*constraints, LinearConstraint(inside, *ends)],
                integrality=np.ones(len(UNKNOWNS)),
            ).success
            for ends in ((0, 0), (THRESHOLD, np.inf))
        ]
        if name in shown or not all(exist):
            bad.append(name)
    return bad


def small_counts(ledger: Ledger, year: Register) -> list[str]:
    """The counts of rows that come from fewer contacts than the threshold."""
    names = []
    for name, figure in ledger.figures.items():
        population = Population(year, figure.population)
        every = group_by_contact(Population.whole(year, figure.population.table))
        if 0 < len(np.unique(every[make_mask(population)])) < THRESHOLD:
            names.append(name)
    return names


@pytest.mark.parametrize("seed", range(20))
def test_contacts_say_nothing_of_their_persons(seed: int) -> None:
    """Where a channel has as many persons as contacts, each contact is about one of them."""
    assert known_too_closely(seed) == []


@pytest.mark.long
@pytest.mark.parametrize("first", range(20, 420, 100))
def test_many_registers_say_nothing_of_their_persons(first: int) -> None:
    assert [seed for seed in range(first, first + 100) if known_too_closely(seed)] == []


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
        r"contacts\..*|persons.*|table.*|having\.child_abuse.*",
        {"contacts.email", "persons.channel.email", "persons.problem.partner_violence"}
        | {"having.child_abuse", "having.child_abuse.chat"},
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
