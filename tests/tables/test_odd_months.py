"""A field that goes unknown in the middle of the year stops the run; chance doesn't."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline_report.parameters.edition import Break
from helpline_report.parameters.project import Project
from helpline_report.tables.code_tallies import Tally, tally_fields
from helpline_report.tables.dataset_reader import load_dataset
from helpline_report.tables.plausibility import empty_months
from tests.tables.conftest import REPOSITORY

NAME = {"nl": "x", "en": "x"}


def put(desk: Any, *empty: int, each: int = 40, filled: float = 1.0, seed: int = 0) -> None:
    """So many contacts a month, each with a person; no channel in some months, nor elsewhere."""
    chance = random.Random(seed)
    contacts, persons = [], []
    for month in range(1, 13):
        for _ in range(each):
            blank = month in empty or chance.random() >= filled
            number, day = len(contacts), f"{chance.randint(1, 28):02}/{month:02}/2017"
            contacts.append(f"{number} | {day} | 09:15 | {'' if blank else 'Telefoon'}")
            persons.append(f"{number} | {number} | Vrouw | {'' if blank else 34} | School")
    desk.put("contacts.csv", "\n".join(["nr | day | time | channel", *contacts]))
    desk.put("persons.csv", "\n".join(["nr | contact | gender | age | context", *persons]))
    desk.put("followups.csv", "person | followup\n1 | Advies")
    desk.said = {}


def test_a_field_that_goes_blank_in_july_stops_the_run(desk: Any) -> None:
    """The whole message, with the lines that say that it is known; a field of persons too."""
    put(desk, 7, 8, 9, 10, 11, 12)
    assert desk.year_message() == (
        "2 problem(s) in the exports; nothing was written.\n"
        "[empty_column] raw/contacts.csv: channel is blank or unknown in 240 of 240 rows of "
        "2017-07 to 2017-12; in other months in 0 of 240\n"
        "[empty_column] raw/persons.csv: age is blank or unknown in 240 of 240 rows of "
        "2017-07 to 2017-12; in other months in 0 of 240\n"
        "  → export the column again; declare a break, or acknowledge it with the reason\n"
        "  → what is known, add to params/2017.yaml:\n"
        "    acknowledged:\n"
        "      - {fault: empty_column, file: contacts.csv, about: channel 2017-07 to 2017-12, "
        "reason: {nl: …, en: …}}\n"
        "      - {fault: empty_column, file: persons.csv, about: age 2017-07 to 2017-12, "
        "reason: {nl: …, en: …}}"
    )


def found(desk: Any, breaks: tuple[Break, ...] = (), missing: int | None = None) -> list[str]:
    """What is odd about the channel; so many of a hundred were blank the year before, if any."""
    lists = desk.project.codelists()
    before = None
    if missing is not None:
        before = {"channel": Tally("contacts", "channel", 100, {}, missing)}
    return [
        item.about
        for item in empty_months(desk.load(), lists, breaks, before)
        if item.about.startswith("channel")
    ]


def test_months_apart_are_told_apart(desk: Any) -> None:
    """Each is to be acknowledged by itself."""
    put(desk, 3, 7, 8)
    assert found(desk) == ["channel 2017-03", "channel 2017-07 to 2017-08"]


def test_what_is_known(desk: Any) -> None:
    """It stands with its reason among what is acknowledged."""
    put(desk, 3)
    known = {"fault": "empty_column", "reason": NAME}
    desk.said = {
        "acknowledged": [
            {**known, "about": "channel 2017-03"},
            {**known, "about": "age 2017-03"},
        ]
    }
    acknowledged = desk.years().now.dataset.acknowledged
    assert [item.about for item in acknowledged] == ["channel 2017-03", "age 2017-03"]


def test_a_field_that_was_mostly_blank_is_not_odd(desk: Any) -> None:
    """In the other months, or last year."""
    put(desk, 3, filled=0.4)
    assert found(desk) == []
    put(desk, 3, filled=0.9)
    assert found(desk, missing=60) == []
    assert found(desk, missing=50) == ["channel 2017-03"]


def test_a_month_of_few_rows_is_not_odd(desk: Any) -> None:
    """Nineteen filled rows due are too few to say something."""
    put(desk, 3, each=19)
    assert found(desk) == []
    put(desk, 3, each=20)
    assert found(desk) == ["channel 2017-03"]


@pytest.mark.parametrize(
    ("said", "empty"),
    [
        ({"kind": "starts", "date": "2017-03-01"}, (1, 2)),
        ({"kind": "revision", "date": "2017-11-15"}, (11, 12)),
    ],
)
def test_a_declared_break_explains_it(
    desk: Any, said: dict[str, str], empty: tuple[int, ...]
) -> None:
    """A field that starts, or that was revised."""
    put(desk, *empty)
    change = Break.model_validate({"id": "x", "note": NAME, "field": "channel", **said})
    assert found(desk) != []
    assert found(desk, (change,)) == []


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(each=st.integers(1, 60), filled=st.floats(0, 1), seed=st.integers(0, 10**6))
def test_blanks_at_random_are_not_odd(desk: Any, each: int, filled: float, seed: int) -> None:
    """However many there are."""
    put(desk, each=each, filled=filled, seed=seed)
    assert found(desk) == []


@pytest.mark.parametrize("year", ["2017", "2016"])
def test_the_sample_is_not_odd(year: str) -> None:
    """With the breaks that its parameters declare, held against itself and alone."""
    project = Project(REPOSITORY)
    edition, lists = project.edition(year), project.codelists()
    dataset = load_dataset(project, edition)
    for before in (None, tally_fields(dataset, lists, edition.breaks, {})):
        assert list(empty_months(dataset, lists, edition.breaks, before)) == []
