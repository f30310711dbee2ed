"""Counts are named by the tables that they stand in, and merged by what the parameters can say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpline_report.disclosure.count_places import describe_places, list_merges, place_of
from helpline_report.figures.breakdown import count_series, crosstab
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.measures import count
from helpline_report.figures.model import Chart
from helpline_report.figures.register import Register
from tests.figures.drawn import ledger_with, register, whole, with_threshold


@pytest.fixture
def year() -> Register:
    """A register of one contact, with a threshold."""
    return with_threshold(
        register(contacts="nr | date | channel | role\n1 | 02-01 | email | victim")
    )


@pytest.fixture
def ledger(year: Register) -> Ledger:
    """A total, a series with a chart, and a cross-table."""
    contacts = whole(year)
    series, members = count_series("channels", contacts, "channel")
    table, cells = crosstab("lines", contacts, "role", "channel")
    charts = {"c": Chart(id="c", kind="bars", breakdown="channels")}
    return ledger_with([count("total", contacts), *members, *cells], series, table, charts=charts)


@pytest.mark.parametrize(
    ("count", "place"),
    [
        ("total", "total"),
        ("channels.email", "channels"),
        ("lines.victim.email", "lines"),
        ("that all of lines.victim.email have one channel", "lines"),
        ("contacts where role=victim [2017]", "contacts where role=victim [2017]"),
    ],
)
def test_where_a_count_stands(count: str, place: str, ledger: Ledger) -> None:
    """In a cross-table or a series, or alone; a part of a count where the count does."""
    assert place_of(ledger, count).id == place


def test_places_are_described_as_the_report_shows_them(ledger: Ledger, year: Register) -> None:
    """A chart by its name; at most three counts of each place."""
    names = ["total", *(f"channels.{code}" for code in ("phone", "email", "chat", "unknown"))]
    assert describe_places(ledger, names, year) == (
        "'total';\n  chart 'c' (x): channels.phone, channels.email, channels.chat and 1 more"
    )


def test_merges_of_one_table_come_first(ledger: Ledger, year: Register) -> None:
    """Then those of a field everywhere, and last a table that isn't published."""
    merges = [text for text, _ in list_merges(ledger, ["lines.victim.email"], year)]
    assert merges == [
        "by_groups: {lines: channel}",
        "disclosure: coarser: {date: week, hour: day_part, channel: parent}",
        "not_published: [lines]",
    ]


def test_a_field_that_is_counted_by_groups_can_not_be_merged_again(
    ledger: Ledger, year: Register
) -> None:
    """Nor one without groups."""
    merges = dict(list_merges(ledger, ["channels.email"], year))
    (edition,) = merges.values()
    assert list(list_merges(ledger, ["channels.email"], replace(year, edition=edition))) == []
