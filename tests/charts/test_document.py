"""docs/charts.md does what it says: its cells run, and its function draws."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from helpline_report.chapter import Chapter
from helpline_report.charts.drawing import draw_own
from helpline_report.charts.style import NARROW, WIDE
from helpline_report.figures.ledger import RECORD_MIME, Ledger
from helpline_report.prose.writer import Writer
from tests.charts.marks import texts
from tests.figures.drawn import register

CONTACTS = "nr | date  | channel\na  | 01-02 | phone\nb  | 02-03 | phone\nc  | 02-06 | email"


def test_its_cells_and_its_function(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chart of a kind, then a function and a chart by it, which is drawn for page and phone."""
    page = (repository / "docs" / "charts.md").read_text(encoding="utf-8")
    kind, function, own = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    plots = ModuleType("plots")
    exec(function, plots.__dict__)  # noqa: S102
    monkeypatch.setitem(sys.modules, "plots", plots)
    bundles: list[dict[str, dict[str, object]]] = []
    monkeypatch.setattr("IPython.display.display", lambda one, **_: bundles.append(one))
    year = register(contacts=CONTACTS, previous=register(2016, contacts=CONTACTS))
    chapter = Chapter("contacts", year, preview=True)
    cells = {"chapter": chapter, "contacts": chapter.populations("contacts")}
    exec(kind, cells)  # noqa: S102
    exec(own, cells)  # noqa: S102
    assert ["<svg" in str(one["text/html"]) for one in bundles] == [False, True, True]

    parts = [Ledger.model_validate(one[RECORD_MIME]["ledger"]) for one in bundles]
    figures, series = parts[0].figures, parts[0].series
    charts = [chart for part in parts[1:] for chart in part.charts.values()]
    assert [(chart.id, chart.kind, chart.function) for chart in charts] == [
        ("contacts.monthly.chart", "lines", ""),
        ("contacts.monthly.steps", "own", "plots.steps"),
    ]
    ledger = Ledger(edition="2017", figures=figures, series=series)
    writer = Writer(ledger, year.edition, None, year.codelists, "nl")
    drawn = draw_own([(charts[1], ledger, writer)], (WIDE, NARROW), {"plots": function})
    for drawing in drawn["contacts.monthly.steps"]:
        assert {"jan", "feb", "2017", "2016"} <= set(texts(drawing.svg))
