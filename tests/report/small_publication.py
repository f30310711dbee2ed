"""A small publication made by hand: every kind of reference, hostile labels, missing figures."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import nbformat.v4 as nb
from nbformat import NotebookNode

from helpline_report.figures.ledger import (
    CampaignEffects,
    Campaigns,
    CellRecord,
    ChapterRecord,
    Highlights,
    Ledger,
    Missing,
    Quality,
    QualityFile,
    Reference,
)
from helpline_report.figures.model import (
    Breakdown,
    Chart,
    Figure,
    Interval,
    Mark,
    Member,
    PopulationSpec,
    Reason,
    ReportTable,
)
from helpline_report.figures.printed import PrintedFigure, Reconciled
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.earlier_reports import SignOff
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.help_numbers import HelpNumbers
from helpline_report.parameters.layouts import Layout
from helpline_report.report.publication import Publication
from tests.figures import drawn
from tests.prose.two_years import spec
from tests.released import released
from tests.report.labels import LABELS

# A few of the twenty, and letters that the fonts lack.
HOSTILE = {name: LABELS[name] for name in ("script", "typst", "formula", "template")} | {
    "far": "\N{GRINNING FACE} \N{HEBREW LETTER ALEF} \N{CJK UNIFIED IDEOGRAPH-4E2D}\x00",
    "plain": "telefoon",
}
MONTHS = (425, 401, 391, 345, 412, 521, 400, 395, 362, 400, 417, 343)


def edition(year: int, **changes: Any) -> Edition:
    """Parameters of a year, as few as there can be."""
    older = [{"code": "adult", "from": 18, "label": {"nl": "ouder", "en": "older"}}]
    values: dict[str, Any] = {
        "title": {"nl": f"Jaarverslag {year}", "en": f"Annual report {year}"},
        "helpline": {
            "name": "1712",
            "full_name": {"nl": "hulplijn voor geweld", "en": "helpline for violence"},
            "website": "www.1712.be",
        },
        "publisher": {"name": {"nl": "de hulplijn", "en": "the helpline"}, "licence": "CC-BY-4.0"},
        "sources": [{"layout": "registration", "folder": "data"}],
        "age_classes": older,
        "person_ages": older,
        "facts": {"phone": "1712"},
    }
    return drawn.edition(year, **values | changes)


SIGNED = SignOff(
    status="final",
    name="de stuurgroep",
    role="opdrachtgever",
    date=dt.date(2018, 3, 1),
    content="0" * 64,
)
# A layout of which nothing is read.
LAYOUTS = {"registration": Layout.model_construct(layout="x", about="", files={}, web=None)}
CAMPAIGN: dict[str, Any] = {
    "id": "spring",
    "name": {"nl": "lentecampagne <b>", "en": "spring campaign"},
    "goal": {"nl": "het nummer bekend maken", "en": "to make the number known"},
    "means": {"nl": "een filmpje", "en": "a video"},
    "start": dt.date(2017, 6, 1),
    "end": dt.date(2017, 6, 30),
}
EVENT = {
    "id": "metoo",
    "name": {"nl": "#MeToo", "en": "#MeToo"},
    "date": dt.date(2017, 10, 15),
    "source": "algemeen bekend",
}
BREAK = {
    "id": "renewed",
    "kind": "revision",
    "tables": ["contacts"],
    "date": dt.date(2017, 1, 1),
    "note": {"nl": "het systeem is <i>vernieuwd</i>", "en": "the system was renewed"},
}


def codelist(
    field: str = "channel",
    table: str = "contacts",
    labels: Mapping[str, str] = HOSTILE,
    **more: Any,
) -> CodeList:
    words = {
        "name": {"nl": "kanaal", "en": "channel"},
        "by": {"nl": "per kanaal", "en": "by channel"},
        "where": {"nl": "via {labels}", "en": "by {labels}"},
    }
    codes = [{"code": code, "nl": label, "en": label} for code, label in labels.items()]
    values = {"field": field, "table": table, "codes": codes, **words, **more}
    return CodeList.model_validate(values)


class Maker:
    """Collects the parts of a ledger."""

    def __init__(self) -> None:
        self.figures: dict[str, Figure] = {}
        self.breakdowns: dict[str, Breakdown] = {}

    def population(self, year: int = 2017, **where: str) -> PopulationSpec:
        return spec("contacts", year, **where)

    def figure(self, name: str, value: float | str | None, year: int = 2017, **more: Any) -> str:
        """A figure, or one that isn't there."""
        values: dict[str, Any] = {"kind": "count", "unit": "count"}
        values |= {"population": self.population(year)}
        if value is None:
            values |= {"status": "unavailable", "reason": Reason(code="not_registered", about="x")}
        self.figures[name] = Figure(id=name, value=value, **values | more)
        return name

    def by(self, name: str, field: str, values: dict[str, float | None], year: int = 2017) -> str:
        """A series, a figure a code."""
        members = tuple(
            Member(codes=(code,), figure=self.figure(f"{name}.{code}", value, year))
            for code, value in values.items()
        )
        self.breakdowns[name] = Breakdown(
            id=name, by=(field,), members=members, population=self.population(year)
        )
        return name

    def tab(
        self,
        name: str,
        values: Mapping[tuple[str, str], float | None],
        by: tuple[str, str] = ("weekday", "hour"),
    ) -> None:
        """A cross-table, a figure a cell."""
        cells = tuple(
            Member(codes=codes, figure=self.figure(".".join([name, *codes]), value))
            for codes, value in values.items()
        )
        population = self.population()
        self.breakdowns[name] = Breakdown(id=name, by=by, members=cells, population=population)


def ledger() -> Ledger:
    """Everything a page can show."""
    make = Maker()
    make.figure("contacts.total", 4812, numerator=4812, breaks=("renewed",))
    make.figure("contacts.total.previous", 4596, 2016, numerator=4596)
    make.figure(
        "contacts.share.phone",
        4158 / 4812 * 100,
        kind="share",
        unit="percent",
        numerator=4158,
        denominator=4812,
        population=make.population(channel="plain"),
        of=make.population(),
        interval=Interval(low=85.4, high=87.3, method="wilson"),
    )
    make.figure(
        "contacts.change", -4.5, kind="change", unit="percent change", of=make.population(2016)
    )
    make.figure("contacts.top", "formula", kind="top", unit="label", by=("channel",))
    make.figure("contacts.gone", None)
    ratio: dict[str, Any] = {"kind": "rate_ratio", "unit": "ratio", "of": make.population(2016)}
    for name, value, low, high in (("a", 1.3, 0.8, 2.18), ("b", 1.9, 1.2, 3.1)):
        interval = Interval(low=low, high=high, method="exact_conditional", null_value=1)
        make.figure(f"ratio.{name}", value, interval=interval, **ratio)
    months = [f"{month:02d}" for month in range(1, 13)]
    make.by("by_month", "month", dict(zip(months, MONTHS, strict=True)))
    make.by("by_month.previous", "month", dict(zip(months, (None, *MONTHS[1:]), strict=True)), 2016)
    make.by("by_channel", "channel", {code: 100 * at for at, code in enumerate(HOSTILE)})
    make.by("by_nothing", "channel", dict.fromkeys(HOSTILE, None))
    days = [dt.date(2017, 1, 1) + dt.timedelta(days=at) for at in range(365)]
    make.by("by_day", "date", {day.isoformat(): day.day % 7 for day in days})
    rows, columns = ("1", "2", "3", "4", "5"), ("9", "10", "11")
    make.tab("tab", {(row, hour): at * 10 for at, row in enumerate(rows) for hour in columns})
    numbers = {"read": 5, "used": 4, "repaired": 1, "excluded": 0}
    fates: Any = {fate: make.figure(f"quality.{fate}", count) for fate, count in numbers.items()}
    around = {"before": "ratio.a", "after": "ratio.a", "relative": "ratio.b"}
    effects = CampaignEffects(campaign="spring", contacts="contacts.total", **around)
    parts = CellRecord(id="show", shows=(_at("highlights", "main"),))
    return Ledger(
        edition="2017",
        figures=make.figures,
        breakdowns=make.breakdowns,
        charts={chart.id: chart for chart in charts()},
        tables={table.id: table for table in tables()},
        highlights={"main": Highlights(id="main", figures=("contacts.total", "contacts.gone"))},
        campaigns={"campaigns": Campaigns(id="campaigns", effects=(effects,))},
        quality={
            "quality": Quality(id="quality", files=(QualityFile(file="contactnames.csv", **fates),))
        },
        missing={"missing": Missing(id="missing", figures=(("channel", "contacts.share.phone"),))},
        fields={"contacts": ("channel", "date")},
        chapters=(
            ChapterRecord(name="summary", cells=(parts,)),
            ChapterRecord(name="contacts", cells=contact_cells(tuple(make.figures))),
        ),
    )


def _at(kind: str, name: str) -> Reference:
    return Reference.model_validate({"kind": kind, "id": name})


def charts() -> tuple[Chart, ...]:
    marks = (Mark(kind="campaign", id="spring"), Mark(kind="event", id="metoo"))
    return (
        Chart(
            id="by_month.chart", kind="columns", breakdown="by_month", against="by_month.previous"
        ),
        Chart(id="by_channel.chart", kind="bars", breakdown="by_channel", most=4),
        Chart(id="by_nothing.chart", kind="bars", breakdown="by_nothing"),
        Chart(id="by_day.chart", kind="daily", breakdown="by_day", marks=marks),
        Chart(id="tab.chart", kind="heatmap", breakdown="tab"),
        Chart(id="ratios.chart", kind="intervals", figures=("ratio.a", "ratio.b")),
    )


def tables() -> tuple[ReportTable, ...]:
    return (
        ReportTable(id="by_channel.table", breakdowns=("by_channel",)),
        ReportTable(id="by_month.table", breakdowns=("by_month", "by_month.previous")),
        ReportTable(id="tab.table", breakdowns=("tab",)),
        ReportTable(
            id="contacts.table", figures=("contacts.total", "contacts.share.phone", "contacts.gone")
        ),
    )


def contact_cells(figures: tuple[str, ...]) -> tuple[CellRecord, ...]:
    """One cell that counts, and one for each thing that a page can show."""
    parts = [("chart", chart.id) for chart in charts()]
    parts += [("table", table.id) for table in tables()]
    kinds = ("campaigns", "quality", "missing", "breaks", "reconciliation")
    parts += [(kind, kind) for kind in kinds]
    return (
        CellRecord(id="count", figures=figures),
        CellRecord(id="show", shows=tuple(_at(kind, name) for kind, name in parts)),
    )


def cell(kind: str, name: str, source: str, *tags: str) -> NotebookNode:
    make: Callable[..., NotebookNode] = nb.new_markdown_cell if kind == "text" else nb.new_code_cell
    node = make(source, metadata={"tags": list(tags)} if tags else {})
    node["id"] = name
    return node


def notebooks() -> dict[str, NotebookNode]:
    summary = [
        cell("text", "title", "# Samenvatting"),
        cell("code", "parameters", 'edition = "2017"', "parameters"),
        cell("text", "opening", "De hulplijn kreeg {{ contacts.total }} contactnames."),
        cell("code", "show", "chapter.highlights('main')"),
    ]
    contacts = [
        cell("text", "title", "# Contactnames"),
        cell(
            "text", "about", "## Via welk kanaal?\n\nVia de telefoon: {{ contacts.share.phone }}."
        ),
        cell("code", "count", "chapter.count('contacts.total', contacts)"),
        cell("text", "persons", "Over de personen.", "needs:persons"),
        cell("text", "persons-more", "Nog meer over de personen.", "needs:persons"),
        cell("code", "show", "chapter.chart(monthly)"),
    ]
    return {"summary": nb.new_notebook(cells=summary), "contacts": nb.new_notebook(cells=contacts)}


def printed(name: str, verdict: str) -> Reconciled:
    """A figure of an earlier report with its verdict."""
    figure = PrintedFigure(
        id=name,
        section="2.2",
        printed="4.812",
        value="4812",
        unit="count",
        population="contacts",
        claimed="contacts",
        source="jaarverslag",
    )
    computed = "4812" if name == "contacts.total" else ""
    values = {"printed": figure, "computed": computed, "verdict": verdict, "reason": "<b>omdat</b>"}
    return Reconciled.model_validate(values)


def change_ledger(publication: Publication, **changes: Any) -> Publication:
    """The publication with another ledger."""
    return replace(publication, ledger=publication.ledger.model_copy(update=changes))


def change_edition(publication: Publication, **changes: Any) -> Publication:
    """The publication with other parameters."""
    return replace(publication, edition=publication.edition.model_copy(update=changes))


def make_publication() -> Publication:
    """An edition that shows everything there is."""
    counted = ledger()
    numbers = [
        {"who": {"nl": "Bel 1712", "en": "Call 1712"}, "phone": "17 12"},
        {"who": {"nl": "Lees:", "en": "Read:"}, "address": "https://www.1712.be/"},
    ]
    return Publication(
        help=HelpNumbers.model_validate({"leave": "https://www.example.org/", "numbers": numbers}),
        edition=edition(2017, campaigns=[CAMPAIGN], events=[EVENT], breaks=[BREAK]),
        comparison=edition(2016),
        codelists={"channel": codelist()},
        ledger=counted,
        notebooks=released(notebooks(), counted),
        reconciled=(printed("contacts.total", "agrees"), printed("x.y", "wrong_population")),
        version="0.1.0",
        files={"summary": "01_summary.ipynb", "contacts": "02_contacts.ipynb"},
        layouts=LAYOUTS,
    )
