"""What checks the words of an edition says of each figure, series and part what writes it says.

Both read the same code lists, parameters and catalogues, and share no code.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, Literal

import pytest

from helpline_report.audit.alternative_meanings import derive_alternative
from helpline_report.audit.exhibits import Exhibits, TableMeaning
from helpline_report.audit.headlines import derive_headline
from helpline_report.audit.meanings import Meanings
from helpline_report.audit.part_meanings import OF_TRENDS
from helpline_report.audit.value_spellings import FORMS, ValueSpellings
from helpline_report.charts.alternatives import write_alternative
from helpline_report.charts.chart_figures import explain_empty_chart
from helpline_report.charts.frames import make_chart_frame
from helpline_report.errors import ProseError
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import (
    Breakdown,
    Chart,
    Condition,
    Exhibit,
    Figure,
    Interval,
    PopulationSpec,
    Reason,
)
from helpline_report.parameters.earlier_reports import read_trend
from helpline_report.parameters.project import Project
from helpline_report.parameters.values import LANGUAGES, Period
from helpline_report.prose.vocabulary import Unavailable
from helpline_report.prose.writer import Writer
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.figure_parts import find_headline, make_table_view, make_trend_views
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication
from helpline_report.report.views import (
    CampaignView,
    HighlightsView,
    TableView,
    TermsView,
    View,
)

# Values at which a rounding, a sign or a word changes.
EDGES: tuple[float, ...] = (
    *(0, 1, 2, -1, 0.004, 0.05, 0.5, 1.5, 2.5, 99.4, 99.5, 99.996, 100, -100, -99.97, -0.04),
    *(1e-5, 0.9951, 0.99996, 1.0049, 12, 13, 21, 22, 1234567),
)
# Codes of times and ages.
TIMES: Mapping[str, tuple[str, ...]] = {
    "month": ("03", "05"),
    "weekday": ("1", "7"),
    "hour": ("09", "17"),
    "age": ("18", "65"),
    "date": ("2017-03-01", "2017-03-05"),
    "age_class": ("unknown",),
}
SEEDS = range(8)


@pytest.fixture(params=LANGUAGES)
def translated(request: pytest.FixtureRequest, publication: Publication) -> Publication:
    """The sample's edition in each language, with its own steps left out."""
    return replace(publication, language=request.param, steps=None)


def words_of(publication: Publication) -> tuple[Writer, ValueSpellings]:
    """The words of who writes, and of who checks."""
    return EditionWords(publication).writer, Meanings(publication).words


def test_definitions_and_labels_of_the_sample(translated: Publication) -> None:
    """Of each figure, series and code of the sample's ledger."""
    writer, words = words_of(translated)
    ledger = translated.ledger
    for figure in ledger.figures.values():
        assert words.definition(figure) == writer.definition(figure)
        assert words.write_in_table(figure) == writer.cell_text(figure)
    for series in ledger.breakdowns.values():
        assert words.caption(series) == writer.caption(series)
        assert words.subtitle(series) == writer.subtitle(series)
        for member in series.members:
            for field, code in zip(series.by, member.codes, strict=True):
                assert words.label(field, code) == writer.label(field, code)


def spell(writer: Writer, figure: Figure, form: str) -> str | None:
    """What the writer makes of a figure by a form; None where it refuses."""
    try:
        return writer.value(figure, form or None)
    except (ProseError, Unavailable):
        return None


def vary(figure: Figure, draw: random.Random) -> Figure:
    """The figure with another value, other counts and another interval."""
    value = draw.choice([*EDGES, draw.random() * 10, draw.random() * 1e5])
    null = 0 if figure.unit == "percent change" else 1
    low = null + draw.choice([-1, -0.001, -1e-5, 0, 1e-5, 0.001, 0.5])
    interval = Interval(
        low=low,
        high=low + draw.choice([0, 1e-5, 0.001, 0.01, 1]),
        method="wilson",
        null_value=null if figure.unit != "percent" else None,
    )
    changes: dict[str, Any] = {
        "value": max(1, int(abs(value))) if figure.unit == "rank" else value,
        "numerator": draw.choice([0, 1, 2, 1234]),
        "denominator": draw.choice([0, 1, 3, 999]),
        "interval": draw.choice([None, interval, figure.interval]),
    }
    return figure.model_copy(update=changes)


def test_every_form_of_every_value(translated: Publication) -> None:
    """By each form that fits, of each figure of the sample and of values drawn at random."""
    writer, words = words_of(translated)
    draw = random.Random(33)
    spelled = 0
    for figure in translated.ledger.figures.values():
        is_number = figure.value is not None and figure.unit not in ("label", "month", "weekday")
        for each in [figure, *([vary(figure, draw)] if is_number else [])]:
            for form in ("", *FORMS, "Change", "Finding", "Noun"):
                text = spell(writer, each, form)
                if text is not None:
                    spelled += 1
                    assert words.spell(each, form) == text
    assert spelled > 5_000


# Populations drawn at random


def draw_population(draw: random.Random, publication: Publication) -> PopulationSpec:
    """A population with a few conditions: of codes, groups, spans and times; negated or not."""
    table = draw.choice(["contacts", "persons", "followups", "traffic", "files", "calendar"])
    noun = {"traffic": "users", "files": "rows", "calendar": "days"}.get(table, table)
    year = draw.choice([2016, 2017])
    start, end = draw.choice(
        [("01-01", "12-31"), ("03-01", "05-31"), ("06-01", "06-30"), ("02-03", "02-03")]
    )
    conditions = []
    above = {"persons": ("contacts",), "followups": ("contacts", "persons")}.get(table, ())
    for field, codelist in publication.codelists.items():
        if codelist.table in (table, *above) and codelist.order and draw.random() < 0.3:
            codes = tuple(draw.sample(codelist.order, min(len(codelist.order), 2)))
            negated = draw.random() < 0.3
            conditions.append(Condition(field=field, codes=codes, terms=codes, negated=negated))
    for field, codes in TIMES.items():
        if draw.random() < 0.2:
            is_span = len(codes) > 1 and draw.random() < 0.5
            terms = draw.choice([codes, ("", codes[-1])]) if is_span else codes
            form: Literal["codes", "between"] = "between" if is_span else "codes"
            conditions.append(Condition(field=field, codes=codes, terms=terms, form=form))
    spec = PopulationSpec.model_validate(
        {
            "table": table,
            "noun": noun,
            "edition": str(year),
            "period": {"start": f"{year}-{start}", "end": f"{year}-{end}"},
            "conditions": draw.sample(conditions, len(conditions)),
        }
    )
    if draw.random() < 0.2:
        without = Period.model_validate({"start": f"{year}-03-01", "end": f"{year}-03-31"})
        spec = spec.model_copy(update={"without": without})
    if table == "contacts" and draw.random() < 0.3:
        lower = spec.model_copy(update={"table": "persons", "noun": "persons", "conditions": ()})
        spec = spec.model_copy(update={"having": (lower,)})
    return spec


@pytest.mark.parametrize("seed", SEEDS)
def test_populations_drawn_at_random(seed: int, translated: Publication) -> None:
    """Conditions in every order, on every table, with spans, and with days that are left out."""
    writer, words = words_of(translated)
    draw = random.Random(seed)
    kinds = [figure for figure in translated.ledger.figures.values() if figure.value is not None]
    for _ in range(40):
        spec, other = (draw_population(draw, translated) for _ in range(2))
        assert words.population(spec) == writer.population(spec)
        figure = draw.choice(kinds)
        of = other if figure.of is not None else None
        drawn = figure.model_copy(update={"id": "x", "population": spec, "of": of})
        assert words.definition(drawn) == writer.definition(drawn)
        field = draw.choice(["month", "channel", "gender"])
        series = Breakdown.model_validate(
            {
                "id": "x",
                "by": (field,),
                "unit": draw.choice(["count", "percent"]),
                "kind": draw.choice(["count", "share", "change"]),
                "members": (),
                "population": spec,
                "of": other,
                "overlapping": draw.random() < 0.5,
            }
        )
        assert words.caption(series) == writer.caption(series)
        assert words.subtitle(series) == writer.subtitle(series)


# Charts, tables and other parts


def assert_same_table(view: TableView, meaning: TableMeaning) -> None:
    """A table is written as it is derived: heads, rows, cells, notes and source."""
    assert (view.caption, view.subtitle) == (meaning.caption, meaning.subtitle)
    assert view.source == meaning.source
    assert list(zip(view.columns, view.heads, strict=True)) == list(meaning.heads)
    assert list(zip(view.notes_about, view.notes, strict=True)) == list(meaning.notes)
    assert len(view.rows) == len(meaning.rows)
    for (head, *cells), row in zip(view.rows, meaning.rows, strict=True):
        assert (head.code, head.text) == (row.code, row.label)
        written = [(cell.text, cell.figure or cell.about or "", cell.parts) for cell in cells]
        assert written == [(cell.text, cell.figure, cell.parts) for cell in row.cells]
        addresses = ["" if cell.figure or cell.about else cell.address for cell in cells]
        assert addresses == [cell.target for cell in row.cells]


def hide_some(ledger: Ledger, draw: random.Random) -> Ledger:
    """The ledger with counts that aren't shown, weren't registered, are equal, zero or below it."""
    figures = dict(ledger.figures)
    reasons = [Reason(code="protected"), Reason(code="not_registered", about="channel")]
    for name, figure in figures.items():
        if figure.unit not in ("count", "percent", "percent change") or draw.random() < 0.5:
            continue
        reason = draw.choice(reasons)
        status = "suppressed" if reason.code == "protected" else "unavailable"
        gone = {"value": None, "status": status, "reason": reason}
        number = {"value": draw.choice([0, 1, 1, 7, 7.0, -3.5]), "numerator": 7, "denominator": 7}
        update = gone if draw.random() < 0.2 else number
        figures[name] = figure.model_copy(update=update)
    charts = {
        name: chart.model_copy(update={"most": draw.choice([None, 2, 4])})
        for name, chart in ledger.charts.items()
    }
    tables = {
        name: table.model_copy(update={"most": draw.choice([None, 2])})
        for name, table in ledger.tables.items()
    }
    return ledger.model_copy(update={"figures": figures, "charts": charts, "tables": tables})


def exhibits_of(publication: Publication) -> tuple[EditionWords, Exhibits]:
    return EditionWords(publication), Meanings(publication).exhibits


@pytest.mark.parametrize("seed", [None, *SEEDS])
def test_charts_and_tables(seed: int | None, translated: Publication) -> None:
    """Of the sample, and of its ledger with hidden, missing, equal and negative numbers."""
    ledger = translated.ledger
    if seed is not None:
        ledger = hide_some(ledger, random.Random(seed))
    words, exhibits = exhibits_of(replace(translated, ledger=ledger))
    shown: list[Exhibit] = [*ledger.charts.values(), *ledger.tables.values()]
    for exhibit in shown:
        view, meaning = make_table_view(exhibit, words), exhibits.derive_table(exhibit)
        assert (view is None) == (meaning is None)
        if view is not None and meaning is not None:
            assert_same_table(view, meaning)
        if isinstance(exhibit, Chart):
            is_empty = explain_empty_chart(exhibit, ledger) is not None
            assert (exhibits.explain_empty(exhibit) is not None) == is_empty
            if not is_empty:
                text = write_alternative(exhibit, make_chart_frame(exhibit, words), words)
                assert derive_alternative(exhibits, exhibit) == text
            text, figure = find_headline(exhibit, words)
            assert derive_headline(exhibits, exhibit) == (figure, text)


def list_views(publication: Publication, meanings: Meanings) -> Iterator[tuple[View, Any]]:
    """Each part of an edition beside what is derived of it."""
    parts = Parts(EditionWords(publication))
    references = dict.fromkeys(publication.ledger.references)
    for reference in (each for each in references if each.kind not in ("chart", "trend")):
        for view in parts.of(reference):
            match view:
                case HighlightsView():
                    yield view, meanings.list_highlights(view.id)
                case CampaignView():
                    yield view, meanings.campaigns[view.table.id]
                case TermsView():
                    yield view, meanings.list_terms(view.id)
                case TableView() if reference.kind != "table":
                    yield view, meanings.find_table(view.id)


def test_other_parts_of_the_sample(translated: Publication) -> None:
    """Headline figures, campaigns, missing values, quality, breaks and reconciliation."""
    made_up = translated.edition.model_copy(update={"rows": "public"})
    plain = replace(translated, edition=made_up)
    kinds = set()
    for view, meaning in list_views(plain, Meanings(plain)):
        kinds.add(view.kind)
        match view:
            case HighlightsView():
                for entry, each in zip(view.entries, meaning, strict=True):
                    before = entry.before
                    assert (entry.value.figure, entry.value.text) == (each.figure, each.value)
                    assert entry.name == each.name
                    shown = (before.figure, before.text) if before else ("", "")
                    assert shown == each.before
            case CampaignView():
                assert (view.name, view.period) == (meaning.name, meaning.period)
                assert (view.goal[1], view.means[1]) == (meaning.goal, meaning.means)
                assert_same_table(view.table, meaning.table)
            case TermsView():
                caption, terms = meaning
                entries = [
                    (about, *entry) for about, entry in zip(view.about, view.entries, strict=True)
                ]
                assert (view.caption, entries) == (caption, list(map(tuple, terms)))
            case TableView():
                assert_same_table(view, meaning)
    assert kinds == {"highlights", "campaign", "terms", "table"}


def test_other_years_of_the_sample(translated: Publication, repository: Path) -> None:
    """Totals that others printed, as chart and table, with the breaks between them."""
    trend_of = read_trend(Project(repository), translated.edition)
    ledger = translated.ledger.model_copy(update={"trend": trend_of})
    published = replace(translated, ledger=ledger)
    words, meanings = EditionWords(published), Meanings(published)
    views = make_trend_views(words, Parts(words).drawings)
    assert views
    for view, noun in zip(views, OF_TRENDS, strict=False):
        trend = meanings.trends[f"trend.{noun}"]
        assert (view.caption, view.subtitle) == (trend.caption, trend.subtitle)
        assert list(zip(view.notes_about, view.notes, strict=True)) == list(trend.notes)
        assert_same_table(view.table, trend.table)


# A catalogue that says it otherwise


@pytest.mark.parametrize(
    ("key", "pattern"),
    [
        ("percent", "{number} procent"),
        ("shares.about.over", "meer dan {number}"),
        ("minus", "-"),
        (
            "comparisons.change.more",
            "{change}, dat zijn {difference} {differing} meer dan {before}",
        ),
        ("definitions.share", "in {whole}: aandeel {part}"),
    ],
)
def test_a_catalogue_that_is_changed(
    key: str, pattern: str, publication: Publication, change_catalogue: Callable[[str, str], None]
) -> None:
    """Both spell by the pattern that stands there now."""
    change_catalogue(key, pattern)
    writer, words = words_of(replace(publication, steps=None))
    texts = set()
    for figure, form in product(publication.ledger.figures.values(), ("", "change", "about")):
        assert words.definition(figure) == writer.definition(figure)
        text = spell(writer, figure, form)
        if text is not None:
            texts.add(text)
            assert words.spell(figure, form) == text
    assert len(texts) > 100
