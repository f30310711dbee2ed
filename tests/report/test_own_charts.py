"""Charts by functions of a project's own, as the pages have them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from helpline_report.charts import drawing
from helpline_report.figures.ledger import Reference
from helpline_report.figures.model import Chart
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication
from helpline_report.report.views import ChartView

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
    parts = Parts(own, EditionWords(own))
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
