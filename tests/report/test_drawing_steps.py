"""Drawings are kept: each is drawn again where something that it is drawn from is another thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from helpline_report.charts import drawing
from helpline_report.charts.chart_figures import why_not
from helpline_report.charts.drawing_steps import Drawing, Drawings
from helpline_report.charts.style import INK, SOURCE_SANS, WIDE
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart
from helpline_report.parameters.earlier_reports import OtherYears, PrintedYear
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication
from helpline_report.steps import Steps

DOTS = "def dots(df, ax):\n    ax.plot(df['short'], df['value'], 'o')\n"
Drawn = Callable[[Drawings], int]


@pytest.fixture
def drawings(publication: Publication, tmp_path: Path) -> Drawings:
    """The charts of the small publication and one by a function, at the width of a page."""
    ledger = publication.ledger
    name = next(chart.series for chart in ledger.charts.values() if chart.series)
    own = Chart(id="own.chart", kind="own", function="plots.dots", series=name)
    ledger = ledger.model_copy(update={"charts": {**ledger.charts, own.id: own}})
    writer = EditionWords(replace(publication, ledger=ledger)).writer
    return Drawings(ledger, writer, (WIDE,), {"plots": DOTS}, Steps(tmp_path / ".helpline/steps"))


def draw_all(drawings: Drawings) -> dict[str, tuple[Drawing, ...]]:
    return {
        chart.id: drawings.of_chart(chart)
        for chart in drawings.ledger.charts.values()
        if why_not(chart, drawings.ledger) is None
    }


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """How many charts of some drawings aren't kept."""
    calls: list[str] = []
    draw, draw_own = drawing.draw, drawing.draw_own
    monkeypatch.setattr(drawing, "draw", lambda *given: [calls.append("one"), draw(*given)][1])
    monkeypatch.setattr(
        drawing, "draw_own", lambda *given: [calls.extend(map(str, given[0])), draw_own(*given)][1]
    )

    def count(drawings: Drawings) -> int:
        calls.clear()
        draw_all(drawings)
        return len(calls)

    return count


def changed(drawings: Drawings, ledger: Ledger) -> Drawings:
    return replace(drawings, ledger=ledger, writer=replace(drawings.writer, ledger=ledger))


def test_it_is_drawn_from_its_own_part_of_the_ledger(drawings: Drawings) -> None:
    """It looks as one that has the whole ledger to draw from."""
    for chart in drawings.ledger.charts.values():
        if chart.kind != "own" and why_not(chart, drawings.ledger) is None:
            whole = drawing.draw(chart, drawings.ledger, drawings.writer, WIDE)
            assert drawings.of_chart(chart) == (whole,)


def test_what_is_kept_is_what_was_drawn(drawings: Drawings, drawn: Drawn) -> None:
    """Nothing is drawn twice, in this run or the next; without steps all of it is."""
    first = draw_all(drawings)
    assert drawn(replace(drawings)) == 0
    assert draw_all(replace(drawings)) == first
    assert drawn(replace(drawings, steps=None)) == len(first)


def test_a_number_draws_its_own_charts_again(drawings: Drawings, drawn: Drawn) -> None:
    """And no others."""
    draw_all(drawings)
    ledger = drawings.ledger
    name = next(
        member.figure
        for chart in ledger.charts.values()
        if chart.series and chart.kind != "own"
        for member in ledger.series[chart.series].members
        if ledger.figures[member.figure].value is not None
    )
    figure = ledger.figures[name]
    figure = figure.model_copy(update={"value": float(figure.number) + 1})
    other = ledger.model_copy(update={"figures": {**ledger.figures, name: figure}})
    assert 0 < drawn(changed(drawings, other)) < len(ledger.charts)


def test_another_look_draws_all_of_them_again(drawings: Drawings, drawn: Drawn) -> None:
    """Other words, another size, colour or font; another function draws its own chart alone."""
    total = drawn(drawings)
    english = replace(drawings.writer, language="en")
    assert drawn(replace(drawings, writer=english)) == total
    font = replace(SOURCE_SANS, regular=SOURCE_SANS.semibold)
    for theme in (replace(WIDE, text=16), replace(WIDE, colours=INK), replace(WIDE, font=font)):
        assert drawn(replace(drawings, themes=(theme,))) == total
    assert drawn(replace(drawings, plots={"plots": f"{DOTS}\n"})) == 1


def test_printed_totals(drawings: Drawings, monkeypatch: pytest.MonkeyPatch) -> None:
    """As any chart."""
    point = PrintedYear(
        id="trend.contacts.2015",
        year=2015,
        noun="contacts",
        value=4000,
        standing="final",
        source="2015",
    )
    printed = OtherYears(points=(point,), breaks=())
    first = drawings.of_trend("trend.contacts", printed, "words")
    monkeypatch.setattr(drawing, "draw_trend", None)
    assert drawings.of_trend("trend.contacts", printed, "words") == first
    with pytest.raises(TypeError):
        drawings.of_trend("trend.contacts", printed, "other words")
