"""A small edition in which every label of a code and every referring site breaks out."""

import datetime as dt
from itertools import product
from pathlib import Path
from typing import Any

import nbformat.v4 as nb

from helpline_report.audit.pages import write_audit
from helpline_report.exports.cell_texts import plain
from helpline_report.figures.ledger import CellRecord, ChapterRecord, Ledger, Reference
from helpline_report.figures.model import Chart, Mark, ReportTable
from helpline_report.parameters.codelists import CodeList
from helpline_report.report.publication import Publication
from helpline_report.report.publish import publish
from tests.released import released
from tests.report import small_publication
from tests.report.labels import LABELS
from tests.report.small_publication import CAMPAIGN, LAYOUTS, Maker, cell, edition

FIELDS = {"channel": "contacts", "referrer": "traffic"}
WEEK = ("1", "2", "3", "4", "5")
NAMED = LABELS["script"] + LABELS["direction"]


def codes(field: str) -> list[str]:
    """The codes of a field: of an open list, what the tables make of each label."""
    return list(LABELS) if field == "channel" else [plain(label) for label in LABELS.values()]


def codelist(field: str) -> CodeList:
    """A list with the labels, or an open one, in which a label is its own code."""
    closed = field == "channel"
    words = {
        "name": {"nl": NAMED, "en": NAMED},
        "by": {"nl": f"per {NAMED}", "en": f"by {NAMED}"},
    }
    labels = LABELS if closed else {}
    return small_publication.codelist(field, FIELDS[field], labels, open=not closed, **words)


def make_ledger() -> Ledger:
    """Of each field a count of every label, the label as a figure, a chart and a table."""
    make = Maker()
    make.figure("contacts.total", 4812, numerator=4812)
    charts, tables = [], []
    for field, table in FIELDS.items():
        for at, (name, code) in enumerate(zip(LABELS, codes(field), strict=True), start=1):
            where = make.population(2017, **{field: code})
            where = where.model_copy(update={"table": table})
            make.figure(f"{field}.{name}", at * 100, numerator=at * 100, population=where)
            top: dict[str, Any] = {"kind": "top", "unit": "label", "by": (field,), "place": at}
            make.figure(f"{field}.top.{name}", code, **top)
        by = make.by(f"by_{field}", field, {c: 90 - at for at, c in enumerate(codes(field))})
        cells = dict.fromkeys(product(codes(field), WEEK), 7)
        make.tab(f"tab_{field}", cells, (field, "weekday"))
        charts += [
            Chart(id=f"{by}.chart", kind="bars", breakdown=by),
            Chart(id=f"tab_{field}.chart", kind="heatmap", breakdown=f"tab_{field}"),
        ]
        tables.append(ReportTable(id=f"{by}.table", breakdowns=(by,)))
    make.by("by_day", "date", {f"2017-06-{day:02d}": day for day in range(1, 31)})
    marks = (Mark(kind="campaign", id="spring"),)
    charts.append(Chart(id="by_day.chart", kind="daily", breakdown="by_day", marks=marks))
    parts = [("chart", item.id) for item in charts] + [("table", item.id) for item in tables]
    references = tuple(Reference.model_validate({"kind": k, "id": name}) for k, name in parts)
    cells_run = (
        CellRecord(id="count", figures=tuple(make.figures)),
        CellRecord(id="show", shows=references),
    )
    return Ledger(
        edition="2017",
        figures=make.figures,
        breakdowns=make.breakdowns,
        charts={item.id: item for item in charts},
        tables={item.id: item for item in tables},
        fields={"contacts": ("channel", "date"), "traffic": ("referrer",)},
        chapters=(ChapterRecord(name="labels", cells=cells_run),),
    )


def make_publication() -> Publication:
    """The edition, whose one chapter also says every label in a sentence."""
    sentences = [
        f"Van {{{{ {field}.top.{name} }}}} kwamen {{{{ {field}.{name} }}}}."
        for field in FIELDS
        for name in LABELS
    ]
    chapter = [
        cell("text", "title", "# Opschriften"),
        cell("text", "said", "\n\n".join(sentences)),
        cell("code", "count", "chapter.counts('by_channel', contacts, by='channel')"),
        cell("code", "show", "chapter.chart(by_channel)"),
    ]
    campaign = CAMPAIGN | {"name": {"nl": NAMED, "en": NAMED}, "start": dt.date(2017, 6, 5)}
    ledger = make_ledger()
    return Publication(
        edition=edition(2017, campaigns=[campaign]),
        comparison=None,
        codelists={field: codelist(field) for field in FIELDS},
        ledger=ledger,
        notebooks=released({"labels": nb.new_notebook(cells=chapter)}, ledger),
        version="0.1.0",
        files={"labels": "01_labels.ipynb"},
        layouts=LAYOUTS,
    )


def publish_labels(folder: Path) -> None:
    """Write the edition into a folder, with its audit."""
    write_audit(publish(make_publication(), folder).reader, folder)
