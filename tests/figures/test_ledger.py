"""The ledger: to JSON and back, in one order, each id once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline_report.figures.breakdown import count_series, crosstab, share_series, top
from helpline_report.figures.ledger import (
    CellRecord,
    ChapterRecord,
    Ledger,
    Reference,
)
from helpline_report.figures.measures import count
from helpline_report.figures.model import Figure
from helpline_report.figures.register import Register
from helpline_report.figures.results import chart_of, table_of
from tests.figures.drawn import whole


@pytest.fixture
def ledger(year: Register) -> Ledger:
    """A chapter with a series, shares, a cross-table, a label and what can't be counted."""
    contacts, persons = whole(year), whole(year, "persons")
    series, figures = count_series("c", contacts, "channel")
    shares, more = share_series("s", persons, "form")
    tab, cells = crosstab("t", contacts, "role", "helpline")
    alone = [top("top", contacts, "channel"), count("fax", contacts.where(channel="fax"))]
    every = {figure.id: figure for figure in (*figures, *more, *cells, *alone)}
    shows = (Reference(kind="chart", id="c.chart"),)
    cell = CellRecord(id="count", figures=tuple(every), shows=shows)
    return Ledger(
        edition="2017",
        figures=every,
        series={series.id: series, shares.id: shares},
        crosstabs={tab.id: tab},
        charts={"c.chart": chart_of(series)},
        tables={"c.table": table_of([series, shares.model_copy(update={"by": "channel"})])},
        fields={"contacts": ("channel", "date")},
        chapters=(ChapterRecord(name="contacts", cells=(cell,)),),
    )


def test_json_gives_the_same_ledger_again(ledger: Ledger) -> None:
    """Nothing is lost on the way to the pages, or to next year."""
    assert Ledger.model_validate_json(ledger.to_json()) == ledger


def test_json_is_stable(ledger: Ledger) -> None:
    """The same text from the ledger that was read back, and from one put together backwards."""
    text = ledger.to_json()
    assert Ledger.model_validate_json(text).to_json() == text
    backwards = dict(reversed(ledger.figures.items()))
    assert ledger.model_copy(update={"figures": backwards}).to_json() == text


def test_json_has_a_line_a_figure_in_order(ledger: Ledger) -> None:
    """So that two editions can be compared line by line."""
    lines = ledger.to_json().splitlines()
    start = lines.index('"figures": {') + 1
    names = [line.split('"')[1] for line in lines[start : start + len(ledger.figures)]]
    assert names == sorted(ledger.figures)
    assert list(json.loads(ledger.to_json())) == sorted(json.loads(ledger.to_json()))


@settings(deadline=None, max_examples=50)
@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 10**12) | st.text())
def test_a_value_comes_back_as_it_was(value: float | str) -> None:
    """Every digit, and every letter."""
    period = {"start": "2017-01-01", "end": "2017-12-31"}
    population = {"table": "contacts", "noun": "contacts", "edition": "2017", "period": period}
    made = {"id": "x", "kind": "count", "unit": "count", "value": value, "population": population}
    figure = Figure.model_validate(made)
    again = Ledger.model_validate_json(Ledger(edition="2017", figures={"x": figure}).to_json())
    assert again.figures["x"].value == value


def test_a_figure_has_a_chapter_and_a_cell(ledger: Ledger) -> None:
    """Where it was computed."""
    assert ledger.origins() == dict.fromkeys(ledger.figures, ("contacts", "count"))


def test_a_ledger_knows_its_tables(ledger: Ledger) -> None:
    """Contacts were read, and no traffic."""
    assert ledger.table_available("contacts")
    assert not ledger.table_available("traffic")
