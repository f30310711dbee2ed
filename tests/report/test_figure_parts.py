"""Charts of a page: their headlines, and the totals of other years with breaks and hollow dots."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report.audit.pages import write_audit
from helpline_report.charts.chart_figures import explain_empty_chart
from helpline_report.figures.ledger import Ledger, Reference
from helpline_report.figures.model import Chart, Reason
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.figure_parts import list_breakdowns, write_headline
from helpline_report.report.open_data import make_trend_files
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication
from helpline_report.report.views import ChartView, TableView, View
from tests.cases import draw_cases
from tests.report.small_publication import Maker


def headline_of(
    publication: Publication, values: dict[str, int], by: str = "channel", **changes: Any
) -> str:
    """The headline of a chart of contacts by a field, with these values."""
    make = Maker()
    make.by("made", by, dict(values))
    series = make.breakdowns["made"].model_copy(update=changes)
    made = {"figures": make.figures, "breakdowns": {"made": series}}
    with_values = publication.ledger.model_copy(update=made)
    chart = Chart(id="made.chart", kind="bars", breakdown="made")
    return write_headline(chart, EditionWords(replace(publication, ledger=with_values)))


@pytest.mark.parametrize("artefact", ["2017.channel", "2017.contacts"])
def test_what_an_artefact_touches_is_no_headline(publication: Publication, artefact: str) -> None:
    """Acknowledged, it is counted and shown, and nothing stands out."""
    ledger = publication.ledger.model_copy(update={"artefacts": (artefact,)})
    assert headline_of(publication, {"phone": 3, "email": 2}) != ""
    assert headline_of(replace(publication, ledger=ledger), {"phone": 3, "email": 2}) == ""


# How it stands out: the counts by code, by which field or of which kind, and the headline.


@pytest.mark.parametrize(
    ("counts", "change", "text"),
    draw_cases("""
        first        | phone 5 mail 3       |           | Bovenaan: phone, met 5 contactnames
        a month      | 1 1 6 0              | by month | Januari was de drukste maand: 1 contactname
        a draw       | phone 5 mail 5       |           |
        ages unknown | unknown 5 age_60 3   | by age_class |
        ages known   | unknown 3 age_60 5   | by age_class | Het vaakst: age_60, met 5 contactnames
        one alone    | phone 5              |           |
        nothing      | phone 0 mail 0       |           |
        ranks        | phone 2 mail 1       | kind rank |
    """),
)
def test_names_what_stands_out(
    publication: Publication, counts: str, change: str, text: str
) -> None:
    """The highest category with its count; a month is busy; a draw or a rank has no first."""
    words = counts.split()
    values = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    changes = dict([change.split()]) if change else {}
    assert headline_of(publication, values, **changes) == text


def test_a_chart_of_changes_without_a_year_before_says_so(publication: Publication) -> None:
    """Not that no rows were there, of which it would have been made."""
    (series, *_), reason = publication.ledger.breakdowns.values(), Reason(code="no_comparison")
    empty = series.model_copy(update={"members": (), "reason": reason})
    ledger = Ledger.model_construct(**{**dict(publication.ledger), "breakdowns": {"made": empty}})
    assert (
        explain_empty_chart(Chart(id="made.chart", kind="changes", breakdown="made"), ledger)
        == reason
    )


def trend_of(publication: Publication) -> Sequence[View]:
    parts = Parts(EditionWords(publication))
    return parts.of(Reference(kind="trend", id="trend"))


@pytest.fixture(scope="module")
def contacts(with_trend: Publication) -> ChartView:
    view = trend_of(with_trend)[0]
    assert isinstance(view, ChartView)
    return view


def test_only_the_first_noun_is_drawn_at_once(with_trend: Publication) -> None:
    """The totals of another noun open when asked for."""
    views = [view for view in trend_of(with_trend) if isinstance(view, ChartView)]
    assert [(view.id, view.folded) for view in views] == [
        ("trend.contacts", False),
        ("trend.persons", True),
    ]


def test_what_is_said_of_the_totals(contacts: ChartView) -> None:
    """Two prints of one year are two rows, each with its source, and a note says so.

    Breaks are letters of the drawing with their notes; the alternative says every value.
    """
    rows = [tuple(cell.text for cell in row) for row in contacts.table.rows]
    assert [row for row in rows if row[0] == "2014"] == [
        ("2014", "4.852", "zoals gedrukt", "De Standaard"),
        ("2014", "4.676", "zoals gedrukt", "Metro"),
    ]
    assert [note for note in contacts.notes if note.startswith("Bronnen")] == [
        "Bronnen geven voor 2013 verschillende cijfers: 3.248 (De Standaard) en 3.250 (Metro).",
        "Bronnen geven voor 2014 verschillende cijfers: 4.852 (De Standaard) en 4.676 (Metro).",
    ]
    assert [note[:2] for note in contacts.notes[1:5]] == ["a:", "b:", "c:", "d:"]
    assert all(f">{letter}</text>" in contacts.wide.svg for letter in "abcd")
    assert "2019: 5.409 (voorlopig); 2019: 5.424 (voorlopig); 2020: 8.059;" in contacts.wide.alt


def test_a_title_is_quoted_in_its_language(with_trend: Publication) -> None:
    """In a translation, so that a screen reader says it as its own language does."""
    view = trend_of(replace(with_trend, language="en"))[0]
    assert isinstance(view, ChartView)
    assert {row[-1].language for row in view.table.rows} == {"nl"}


def test_totals_are_open_data(with_trend: Publication) -> None:
    """A file for each noun, whose columns have a title in each language."""
    dutch, english = (
        make_trend_files(EditionWords(replace(with_trend, language=each))) for each in ("nl", "en")
    )
    assert [file.name for file in dutch] == ["trend.contacts.csv", "trend.persons.csv"]
    assert [column.head for column in dutch[0].columns[1:3]] == ["jaar", "wat gedrukt werd"]
    assert [column.head for column in english[0].columns[1:3]] == ["year", "what was printed"]


def test_the_audit_says_that_nobody_counted_them(with_trend: Publication, tmp_path: Path) -> None:
    """Each total has a trace: printed, not counted; no link to a chapter that isn't there."""
    write_audit(ChapterReader(EditionWords(with_trend)), tmp_path)
    page = (tmp_path / "audit" / "other-years.html").read_text(encoding="utf-8")
    for point in with_trend.ledger.trend.points if with_trend.ledger.trend else ():
        assert f'id="{point.id}"' in page
    assert page.count("Gedrukt, niet geteld.") > 20
    assert "index.html#" not in page


@pytest.mark.parametrize(
    ("kind", "begins"),
    [
        ("bars", "Niet getoond:"),
        ("daily", "Waar een staaf ontbreekt:"),
        ("table", "Niet getoond:"),
    ],
)
def test_why_a_count_is_hidden(publication: Publication, kind: str, begins: str) -> None:
    """A note says it below the chart or table, as it does of a square."""
    ledger = publication.ledger
    exhibits = [*ledger.charts.values(), *ledger.tables.values()]
    exhibit = next(each for each in exhibits if getattr(each, "kind", "table") == kind)
    name = list_breakdowns(exhibit, ledger)[0].members[0].figure
    update = {"value": None, "status": "suppressed", "reason": Reason(code="protected")}
    hidden = ledger.figures[name].model_copy(update=update)
    ledger = ledger.model_copy(update={"figures": {**ledger.figures, name: hidden}})
    words = EditionWords(replace(publication, ledger=ledger))
    what = "table" if kind == "table" else "chart"
    (view,) = Parts(words).of(Reference(kind=what, id=exhibit.id))
    assert isinstance(view, ChartView | TableView)
    reason = "een klein aantal, of een aantal waaruit een klein aantal af te leiden is."
    assert f"{begins} {reason}" in view.notes
