"""Parts of a page: charts by own functions, drawings that are kept, revised numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report.charts import drawing
from helpline_report.charts.chart_figures import why_not
from helpline_report.charts.drawing_steps import Drawing, Drawings
from helpline_report.charts.style import INK, SOURCE_SANS, WIDE
from helpline_report.figures.ledger import KnownFault, Ledger, Reference
from helpline_report.figures.model import Chart
from helpline_report.parameters.earlier_reports import OtherYears, PrintedYear
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication
from helpline_report.report.quality_parts import (
    quality_views,
    reconciliation_views,
    revised_terms,
)
from helpline_report.report.views import ChartView, TableView, TermsView
from helpline_report.steps import Steps
from tests.report.conftest import edition, printed

SOURCE = "def dots(df, ax):\n    ax.plot(df['short'], df['value'], 'o')\n"


def test_each_size_by_one_process(
    publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two charts are drawn wide, narrow and for paper, with a table each, by one process."""
    started: list[int] = []
    draw_jobs = drawing.draw_jobs

    def counted(*arguments: Any) -> Any:
        started.append(len(arguments[0]))
        return draw_jobs(*arguments)

    monkeypatch.setattr(drawing, "draw_jobs", counted)
    series = [chart.series for chart in publication.ledger.charts.values() if chart.series][:2]
    charts = {
        name: Chart(id=name, kind="own", function="plots.dots", series=one)
        for name, one in zip(("a.chart", "b.chart"), series, strict=True)
    }
    ledger = publication.ledger.model_copy(update={"charts": charts})
    own = replace(publication, ledger=ledger, plots={"plots": SOURCE})
    parts = Parts(EditionWords(own))
    for name in charts:
        (view,) = parts.of(Reference(kind="chart", id=name))
        assert isinstance(view, ChartView)
        assert (view.wide.width, view.narrow.width) == (680, 320)
        assert "var(--main)" in view.wide.svg
        assert "var(" not in view.paper.svg
        assert view.table.rows
    assert started == [4]


def test_its_source_is_signed_for(publication: Publication) -> None:
    """Another function is another content."""
    one, other = (replace(publication, plots={"plots": text}) for text in (SOURCE, "x = 1\n"))
    assert len({publication.content, one.content, other.content}) == 3


DOTS = "def dots(df, ax):\n    ax.plot(df['short'], df['value'], 'o')\n"
Drawn = Callable[[Drawings], int]


@pytest.fixture
def drawings(publication: Publication, tmp_path: Path) -> Drawings:
    """The charts of the small publication and one by a function, at the width of a page."""
    ledger = publication.ledger
    name = next(chart.series for chart in ledger.charts.values() if chart.series)
    own = Chart(id="own.chart", kind="own", function="plots.dots", series=name)
    ledger = ledger.model_copy(update={"charts": {**ledger.charts, own.id: own}})
    words = EditionWords(replace(publication, ledger=ledger))
    return Drawings(words, (WIDE,), {"plots": DOTS}, Steps(tmp_path / ".helpline/steps"))


def draw_all(drawings: Drawings) -> dict[str, tuple[Drawing, ...]]:
    return {
        chart.id: drawings.of_chart(chart)
        for chart in drawings.words.ledger.charts.values()
        if why_not(chart, drawings.words.ledger) is None
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
    words = drawings.words
    assert isinstance(words, EditionWords)
    return replace(drawings, words=EditionWords(replace(words.publication, ledger=ledger)))


def test_it_is_drawn_from_its_own_part_of_the_ledger(drawings: Drawings) -> None:
    """It looks as one that has the whole ledger to draw from."""
    for chart in drawings.words.ledger.charts.values():
        if chart.kind != "own" and why_not(chart, drawings.words.ledger) is None:
            whole = drawing.draw(chart, drawings.words, WIDE)
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
    ledger = drawings.words.ledger
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


@pytest.mark.long
def test_another_look_draws_all_of_them_again(drawings: Drawings, drawn: Drawn) -> None:
    """Other words, another size, colour or font; another function draws its own chart alone."""
    total = drawn(drawings)
    words = drawings.words
    assert isinstance(words, EditionWords)
    english = EditionWords(words.publication, "en")
    assert drawn(replace(drawings, words=english)) == total
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


REASON = {"nl": "acht werden later ingevoerd.", "en": "eight were entered later"}


def revised(name: str, value: str = "4804", **changes: Any) -> Any:
    """A figure that the ledger of 2016 said otherwise."""
    item = printed(name, "revised")
    update = {
        "value": value,
        "printed": value,
        "source": "Jaarverslag 2016",
        "edition": "2016",
        "released": True,
    }
    return item.model_copy(update={"printed": item.printed.model_copy(update=update | changes)})


def terms(publication: Publication, *reconciled: Any, **known: Any) -> list[tuple[str, str]]:
    """What the page says of them; `known` is what the parameters acknowledge."""
    entry = {"fault": "B69", "reason": REASON} | known
    made = replace(
        publication, edition=edition(2017, acknowledged=[entry]), reconciled=tuple(reconciled)
    )
    return [(item.term, item.text) for item in revised_terms(EditionWords(made))]


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (
            {"code": "B76", "about": "closed days"},
            "Contacten op ongewone dagen of uren (a.csv · dagen waarop de hulplijn dicht was): 30. "
            "Reden: nagekeken (An Peeters).",
        ),
        (
            {"code": "silent_code", "about": "channel.email 2017-08 to 2017-12"},
            "Code die stilviel (a.csv · email 2017-08–2017-12): 30. Reden: nagekeken (An Peeters).",
        ),
    ],
)
def test_what_was_acknowledged_by_whom_and_why(
    publication: Publication, fault: dict[str, str], text: str
) -> None:
    """In words that a reader knows, with no code of a field."""
    reason = {"nl": "nagekeken.", "en": "looked up."}
    more = {"edition": "2017", "file": "a.csv", "rows": 30, "reason": reason, "by": "An Peeters"}
    quality = publication.ledger.quality["quality"].model_copy(
        update={"known": (KnownFault.model_validate(fault | more),)}
    )
    (view,) = (
        each
        for each in quality_views(quality, EditionWords(publication))
        if isinstance(each, TermsView)
    )
    assert ("Bekend en aanvaard, 2017", text) in [(item.term, item.text) for item in view.entries]


def test_both_numbers_with_the_reason(publication: Publication) -> None:
    """What it was and what it is, as we write numbers, and why."""
    ((term, text),) = terms(publication, revised("contacts.total"), about="contacts.total")
    assert term == "Anders gepubliceerd, Jaarverslag 2016"
    assert text.endswith(": toen 4.804, nu 4.812. Reden: acht werden later ingevoerd.")


def test_the_first_few_are_named(publication: Publication) -> None:
    """The others stand in the reconciliation; a reason stands once."""
    many = [revised("contacts.total") for _ in range(5)]
    ((_, text),) = terms(publication, *many, rows=5)
    assert text.count("toen 4.804") == 3
    assert text.count("Reden: ") == 1
    assert "De andere staan bij de vergelijking met het gedrukte verslag." in text


def test_a_report_a_term(publication: Publication) -> None:
    """Numbers of two reports aren't mixed."""
    found = terms(
        publication, revised("contacts.total"), revised("contacts.total", source="Verslag 2015")
    )
    assert [term for term, _ in found] == [
        "Anders gepubliceerd, Jaarverslag 2016",
        "Anders gepubliceerd, Verslag 2015",
    ]


@pytest.mark.parametrize("changes", [{"released": False}])
def test_what_was_typed_over_is_no_revision(
    publication: Publication, changes: dict[str, Any]
) -> None:
    """Somebody else counted it: it has a verdict, and nothing to acknowledge."""
    assert terms(publication, revised("contacts.total", **changes), rows=1) == []


def test_the_reconciliation_writes_both_alike(publication: Publication) -> None:
    """In its table too, what a ledger said is written as what is counted now."""
    made = replace(publication, reconciled=(revised("contacts.total"),))
    table = reconciliation_views(EditionWords(made))[-1]
    assert isinstance(table, TableView)
    assert [cell.text for cell in table.rows[0].cells][:2] == ["4.804", "4.812"]
