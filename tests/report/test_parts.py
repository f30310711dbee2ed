"""Parts of a page: charts with their headlines, totals of other years, tables, revised numbers."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report.audit.pages import write_audit
from helpline_report.charts import drawing
from helpline_report.charts.chart_figures import explain_empty_chart
from helpline_report.charts.drawing_steps import Drawing, Drawings
from helpline_report.charts.style import WIDE
from helpline_report.errors import ChapterError
from helpline_report.figures.ledger import Highlights, KnownFault, Ledger, Reference
from helpline_report.figures.model import Chart, Reason
from helpline_report.parameters.values import Period
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.figure_parts import find_headline, list_breakdowns
from helpline_report.report.open_data import make_trend_files
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication
from helpline_report.report.quality_parts import (
    list_revised_terms,
    make_quality_views,
    make_reconciliation_views,
)
from helpline_report.report.views import (
    ChartView,
    Left,
    TableView,
    TermsView,
)
from helpline_report.steps import Steps
from tests.cases import draw_cases
from tests.conftest import refusal
from tests.report.small_publication import Maker, change_ledger, edition, printed


def show(words: EditionWords, **what: Any) -> Sequence[Any]:
    """The parts of a page that a cell with this reference shows."""
    return Parts(words).of(Reference(**what))


@pytest.fixture(scope="module")
def few(publication: Publication) -> Publication:
    """The small publication with two charts: of a series, and of a cross-table."""
    charts = {name: publication.ledger.charts[name] for name in ("by_month.chart", "tab.chart")}
    return replace(change_ledger(publication, charts=charts), steps=None)


def test_the_source_of_a_function_is_signed_for(few: Publication) -> None:
    """Another function is another content."""
    assert replace(few, plots={"plots": "x = 1\n"}).content != few.content


def test_a_cross_table_beside_its_table_is_drawn_wide_alone(few: Publication) -> None:
    """A phone shows the table."""
    (view,) = show(EditionWords(few), kind="chart", id="tab.chart")
    assert view.table.is_short
    assert view.narrow is None


def test_what_is_kept_is_what_was_drawn(
    few: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never twice; another number draws each of them again."""

    def draw(name: str, ledger: Ledger = few.ledger) -> Sequence[Drawing]:
        words = EditionWords(replace(few, ledger=ledger))
        return Drawings(words, (WIDE,), {}, Steps(tmp_path)).of_chart(ledger.charts[name])

    first = {name: draw(name) for name in few.ledger.charts}
    monkeypatch.setattr(drawing, "draw", None)
    assert {name: draw(name) for name in few.ledger.charts} == first
    cell = few.ledger.figures["tab.1.9"]
    other = {cell.id: cell.model_copy(update={"value": float(cell.number) + 1})}
    ledger = few.ledger.model_copy(update={"figures": {**few.ledger.figures, **other}})
    for name in first:
        with pytest.raises(TypeError):
            draw(name, ledger)


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
    views = make_quality_views(quality, EditionWords(publication))
    (view,) = (each for each in views if isinstance(each, TermsView))
    assert ("Bekend en aanvaard, 2017", text) in view.entries


REASON = {"nl": "acht werden later ingevoerd.", "en": "eight were entered later"}


def revised(**changes: Any) -> Any:
    """The total of contacts, which the ledger of 2016 said otherwise."""
    item = printed("contacts.total", "revised")
    ledger = {"source": "Jaarverslag 2016", "edition": "2016", "released": True}
    update = {"value": "4804", "printed": "4804", **ledger, **changes}
    return item.model_copy(update={"printed": item.printed.model_copy(update=update)})


def terms(publication: Publication, *reconciled: Any, **known: Any) -> list[tuple[str, str]]:
    entry = {"fault": "B69", "reason": REASON} | known
    own = edition(2017, acknowledged=[entry])
    words = EditionWords(replace(publication, edition=own, reconciled=reconciled))
    return [term for _, term in list_revised_terms(words)]


def test_a_revised_number_says_both_with_the_reason(publication: Publication) -> None:
    """What it was and what it is, as we write numbers, and why; also in the reconciliation."""
    ((term, text),) = terms(publication, revised(), about="contacts.total")
    assert term == "Anders gepubliceerd, Jaarverslag 2016"
    assert text.endswith(": toen 4.804, nu 4.812. Reden: acht werden later ingevoerd.")
    words = EditionWords(replace(publication, reconciled=(revised(),)))
    table = make_reconciliation_views(words)[-1]
    assert isinstance(table, TableView)
    assert [cell.text for cell in table.rows[0]][1:3] == ["4.804", "4.812"]


def test_the_first_few_of_each_report_are_named(publication: Publication) -> None:
    """The others stand in the reconciliation; a reason stands once; reports aren't mixed."""
    many = [revised() for _ in range(5)]
    (_, text), (other, _) = terms(publication, *many, revised(source="Verslag 2015"), rows=6)
    assert text.count("toen 4.804") == 3
    assert text.count("Reden: ") == 1
    assert "De andere staan bij de vergelijking met het gedrukte verslag." in text
    assert other == "Anders gepubliceerd, Verslag 2015"


def test_a_number_that_no_chapter_counts_any_more_stands_as_it_was_published(
    publication: Publication,
) -> None:
    """Under the name of its figure, beside what is computed of it."""
    gone = revised(id="x.y").model_copy(update={"computed": "4812"})
    ((_, text),) = terms(publication, gone)
    assert text.startswith("x.y: toen 4804, nu 4812.")


def test_what_was_typed_over_is_no_revision(publication: Publication) -> None:
    """Somebody else counted it: it has a verdict, and nothing to acknowledge."""
    assert terms(publication, revised(released=False), rows=1) == []


def test_a_campaign_without_ratios_speaks_of_no_margin(publication: Publication) -> None:
    """As where all of them are hidden."""
    none, figures = {"interval": None}, publication.ledger.figures
    figures = {name: each.model_copy(update=none) for name, each in figures.items()}
    words = EditionWords(change_ledger(publication, figures=figures))
    (view,) = show(words, kind="campaigns", id="campaigns")
    assert view.table.subtitle == "verhouding per open dag"


def test_a_headline_names_a_period_that_is_no_calendar_year(publication: Publication) -> None:
    """Never '4.596 in van 1 juli 2015 …'."""
    before = publication.ledger.figures["contacts.total.previous"]
    period = Period(start=dt.date(2015, 7, 1), end=dt.date(2016, 6, 30))
    population = before.population.model_copy(update={"period": period})
    before = before.model_copy(update={"population": population})
    figures = {**publication.ledger.figures, before.id: before}
    words = EditionWords(change_ledger(publication, figures=figures))
    (view,) = show(words, kind="highlights", id="main")
    (beside,) = [entry.before for entry in view.entries if entry.value.figure == "contacts.total"]
    assert beside
    assert beside.text == "4.596 van 1 juli 2015 tot en met 30 juni 2016"


def test_headlines_leave_out_chapters_that_are_left_out(publication: Publication) -> None:
    """A figure of one is no headline; a misspelt one is refused with its cell."""

    def headlines(*figures: str) -> list[str]:
        elsewhere = ("followup.total", "followup.by")
        headline = {"main": Highlights(id="main", figures=figures)}
        update = {"highlights": headline, "elsewhere": elsewhere}
        words = EditionWords(change_ledger(publication, **update))
        (view,) = show(words, kind="highlights", id="main")
        if isinstance(view, Left):
            return [view.text]
        return [str(item.value.figure) for item in view.entries]

    assert headlines("contacts.total", "followup.total", "followup.by.plain") == ["contacts.total"]
    line = "Niet in dit verslag: het hoofdstuk dat dit telt, staat er niet in."
    assert headlines("followup.total") == [line]
    for misspelt in ("followup.totel", "contacts.totel"):
        assert refusal(ChapterError, headlines, "contacts.total", misspelt) == (
            "notebooks/01_summary.ipynb, cell 'show': the highlights 'main' isn't in the released "
            f"ledger ('{misspelt}')\n  → name what a chapter of the edition counts"
        )


# Headlines of charts, and the totals of other years with their breaks


def headline_of(
    publication: Publication, values: dict[str, int], by: str = "channel", **changes: Any
) -> str:
    """The headline of a chart of contacts by a field, with these values."""
    make = Maker()
    make.by("made", by, dict(values))
    series = make.breakdowns["made"].model_copy(update=changes)
    parts = {"figures": make.figures, "breakdowns": {"made": series}}
    chart = Chart(id="made.chart", kind="bars", breakdown="made")
    headline, figure = find_headline(chart, EditionWords(change_ledger(publication, **parts)))
    assert bool(headline) == (figure in make.figures)
    return headline


@pytest.mark.parametrize("artefact", ["2017.channel", "2017.contacts"])
def test_what_an_artefact_touches_is_no_headline(publication: Publication, artefact: str) -> None:
    """Acknowledged, it is counted and shown, and nothing stands out."""
    assert headline_of(publication, {"phone": 3, "email": 2}) != ""
    touched = change_ledger(publication, artefacts=(artefact,))
    assert headline_of(touched, {"phone": 3, "email": 2}) == ""


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


def trend_of(publication: Publication) -> Sequence[Any]:
    return show(EditionWords(publication), kind="trend", id="trend")


@pytest.fixture(scope="module")
def contacts(with_trend: Publication) -> Any:
    return trend_of(with_trend)[0]


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
    exhibits: list[Any] = [*ledger.charts.values(), *ledger.tables.values()]
    exhibit = next(each for each in exhibits if getattr(each, "kind", "table") == kind)
    name = list_breakdowns(exhibit, ledger)[0].members[0].figure
    update = {"value": None, "status": "suppressed", "reason": Reason(code="protected")}
    hidden = ledger.figures[name].model_copy(update=update)
    figures = {**ledger.figures, name: hidden}
    words = EditionWords(change_ledger(publication, figures=figures))
    what = "table" if kind == "table" else "chart"
    (view,) = show(words, kind=what, id=exhibit.id)
    reason = "een klein aantal, of een aantal waaruit een klein aantal af te leiden is."
    assert f"{begins} {reason}" in view.notes
