"""Parts of a page: charts by own functions, drawings that are kept, revised numbers."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report.charts import drawing
from helpline_report.charts.drawing_steps import Drawing, Drawings
from helpline_report.charts.style import WIDE
from helpline_report.errors import ChapterError
from helpline_report.figures.ledger import Highlights, KnownFault, Ledger, Reference
from helpline_report.parameters.values import Period
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication
from helpline_report.report.quality_parts import (
    list_revised_terms,
    make_quality_views,
    make_reconciliation_views,
)
from helpline_report.report.views import (
    CampaignView,
    ChartView,
    HighlightsView,
    Left,
    TableView,
    TermsView,
)
from helpline_report.steps import Steps
from tests.report.small_publication import edition, printed


@pytest.fixture(scope="module")
def few(publication: Publication) -> Publication:
    """The small publication with two charts: of a series, and of a cross-table."""
    charts = {name: publication.ledger.charts[name] for name in ("by_month.chart", "tab.chart")}
    ledger = publication.ledger.model_copy(update={"charts": charts})
    return replace(publication, ledger=ledger, steps=None)


def test_the_source_of_a_function_is_signed_for(few: Publication) -> None:
    """Another function is another content."""
    assert replace(few, plots={"plots": "x = 1\n"}).content != few.content


def test_a_cross_table_beside_its_table_is_drawn_wide_alone(few: Publication) -> None:
    """A phone shows the table."""
    (view,) = Parts(EditionWords(few)).of(Reference(kind="chart", id="tab.chart"))
    assert isinstance(view, ChartView)
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
    return [
        *list_revised_terms(EditionWords(replace(publication, edition=own, reconciled=reconciled)))
    ]


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


def test_what_was_typed_over_is_no_revision(publication: Publication) -> None:
    """Somebody else counted it: it has a verdict, and nothing to acknowledge."""
    assert terms(publication, revised(released=False), rows=1) == []


def test_a_campaign_without_ratios_speaks_of_no_margin(publication: Publication) -> None:
    """As where all of them are hidden."""
    ledger = publication.ledger
    none = {"interval": None}
    figures = {name: each.model_copy(update=none) for name, each in ledger.figures.items()}
    ledger = ledger.model_copy(update={"figures": figures})
    words = EditionWords(replace(publication, ledger=ledger))
    (view,) = Parts(words).of(Reference(kind="campaigns", id="campaigns"))
    assert isinstance(view, CampaignView)
    assert view.table.subtitle == "verhouding per open dag"


def test_a_headline_names_a_period_that_is_no_calendar_year(publication: Publication) -> None:
    """Never '4.596 in van 1 juli 2015 …'."""
    before = publication.ledger.figures["contacts.total.previous"]
    period = Period(start=dt.date(2015, 7, 1), end=dt.date(2016, 6, 30))
    population = before.population.model_copy(update={"period": period})
    before = before.model_copy(update={"population": population})
    figures = {**publication.ledger.figures, before.id: before}
    ledger = publication.ledger.model_copy(update={"figures": figures})
    words = EditionWords(replace(publication, ledger=ledger))
    (view,) = Parts(words).of(Reference(kind="highlights", id="main"))
    assert isinstance(view, HighlightsView)
    (beside,) = [entry.before for entry in view.entries if entry.value.figure == "contacts.total"]
    assert beside
    assert beside.text == "4.596 van 1 juli 2015 tot en met 30 juni 2016"


def test_headlines_leave_out_chapters_that_are_left_out(publication: Publication) -> None:
    """A figure of one is no headline; a misspelt one is refused with its cell."""

    def headlines(*figures: str) -> list[str]:
        elsewhere = {"followup.total": "", "followup.by": "channel"}
        headline = {"main": Highlights(id="main", figures=figures)}
        update = {"highlights": headline, "elsewhere": elsewhere}
        ledger = publication.ledger.model_copy(update=update)
        parts = Parts(EditionWords(replace(publication, ledger=ledger)))
        (view,) = parts.of(Reference(kind="highlights", id="main"))
        if isinstance(view, Left):
            return [view.text]
        assert isinstance(view, HighlightsView)
        return [str(item.value.figure) for item in view.entries]

    assert headlines("contacts.total", "followup.total", "followup.by.plain") == ["contacts.total"]
    line = "Niet in dit verslag: het hoofdstuk dat dit telt, staat er niet in."
    assert headlines("followup.total") == [line]
    for misspelt in ("followup.totel", "followup.by.plane", "followup.by", "contacts.totel"):
        with pytest.raises(ChapterError) as caught:
            headlines("contacts.total", misspelt)
        assert str(caught.value) == (
            "notebooks/01_summary.ipynb, cell 'show': the highlights 'main' isn't in the released "
            f"ledger ('{misspelt}')\n  → name what a chapter of the edition counts"
        )
