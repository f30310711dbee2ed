"""The parts of a page that references name: charts, tables, headline figures, and so on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from helpline_report.charts.chart_figures import shown_by, why_not
from helpline_report.charts.drawing_steps import Drawings
from helpline_report.errors import ChapterError
from helpline_report.figures.ledger import CampaignEffects, Reference
from helpline_report.figures.model import Chart, Figure, Reason, Series
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.headlines import headline, told
from helpline_report.report.house import themes
from helpline_report.report.publication import Publication
from helpline_report.report.quality_parts import quality_views, reconciliation_views, revised_terms
from helpline_report.report.table_parts import (
    cell,
    crosstab_view,
    figures_view,
    interval_text,
    series_view,
    table_view,
)
from helpline_report.report.trend_parts import trend_views
from helpline_report.report.views import (
    CampaignView,
    CellView,
    ChartView,
    Highlight,
    HighlightsView,
    Left,
    RowView,
    TableView,
    Term,
    TermsView,
    View,
)


class Parts:
    """Resolves references from the released ledger, each of them once."""

    def __init__(self, publication: Publication, words: EditionWords) -> None:
        self.publication = publication
        self.ledger = publication.ledger
        self.words = words
        self.drawings = Drawings(
            self.ledger,
            words.writer,
            themes(publication),
            publication.plots,
            publication.steps,
        )
        self._resolved: dict[tuple[str, str], Sequence[View]] = {}

    def of(self, reference: Reference) -> Sequence[View]:
        """What stands in the page for a reference.

        Raises:
            ChapterError: the ledger doesn't know it.
        """
        key = (reference.kind, reference.id)
        if key not in self._resolved:
            self._resolved[key] = self._resolve(reference)
        return self._resolved[key]

    def _resolve(self, reference: Reference) -> Sequence[View]:
        makers: dict[str, Callable[[str], Sequence[View]]] = {
            "chart": self.chart,
            "table": self.table,
            "highlights": self.highlights,
            "campaigns": self.campaigns,
            "quality": self.quality,
            "missing": self.missing,
            "breaks": self.breaks,
            "trend": lambda _: trend_views(self.publication, self.words, self.drawings),
            "reconciliation": lambda _: reconciliation_views(self.publication, self.words),
        }
        try:
            views = makers[reference.kind](reference.id)
        except KeyError as error:
            what = f"the {reference.kind} '{reference.id}' isn't in the released ledger ({error})"
            raise ChapterError(what) from None
        # The totals of other years were printed, and not counted from these rows.
        if self.publication.synthetic and reference.kind != "trend":
            return [self._synthetic(view) for view in views]
        return views

    def _synthetic(self, view: View) -> View:
        """A view of rows about nobody: the source of a chart or a table says so."""
        if isinstance(view, CampaignView):
            return replace(view, table=replace(view.table, source=self._invented("")))
        if isinstance(view, ChartView | TableView):
            return replace(view, source=self._invented(view.source))
        return view

    def _invented(self, source: str) -> str:
        exports = self.words.say("part.source", source=self.words.say("part.source_rows"))
        return self.words.say("part.synthetic", source=source or exports)

    def chart(self, name: str) -> Sequence[View]:
        """A chart with its table, or a line that says why it can't be drawn."""
        chart = self.ledger.charts[name]
        table = self.chart_table(chart)
        reason = why_not(chart, self.ledger)
        if reason is not None or table is None:
            return [Left(self.words.writer.note(reason or Reason(code="no_rows")))]
        wide, narrow = self.drawings.of_chart(chart)
        notes = list(table.notes)
        if wide.left_out:
            notes.append(self.words.say("part.left_out_chart", count=str(wide.left_out)))
        found = headline(chart, self.ledger, self.words)
        shown = self.words.say("part.shown", caption=table.caption, subtitle=table.subtitle)
        view = ChartView(
            id=name,
            caption=found or table.caption,
            subtitle=shown if found else table.subtitle,
            source=self._source(chart),
            wide=wide,
            narrow=narrow,
            paper=wide.in_colours(self.drawings.themes[0].colours),
            table=table,
            notes=tuple(notes),
            number=self._told(chart),
        )
        return [view]

    def _told(self, chart: Chart) -> CellView | None:
        """The number of a chart's headline."""
        figure = told(chart, self.ledger, self.words)
        return CellView(self.words.value(figure), figure.id) if figure else None

    def _source(self, chart: Chart) -> str:
        """Where the figures of a chart come from: a register, or web statistics."""
        shown = shown_by(chart, self.ledger)
        helpline = self.publication.edition.helpline
        population = shown.population if shown else self.ledger.figures[chart.figures[0]].population
        key = "traffic" if population.table == "traffic" else "registered"
        source = self.words.say(f"part.source_{key}", name=helpline.name, website=helpline.website)
        return self.words.say("part.source", source=source)

    def chart_table(self, chart: Chart) -> TableView | None:
        """The table of what a chart shows."""
        if chart.crosstab is not None:
            return crosstab_view(
                chart.id, self.ledger.crosstabs[chart.crosstab], self.ledger, self.words
            )
        shown = shown_by(chart, self.ledger)
        if isinstance(shown, Series):
            against = self.ledger.series.get(chart.against or "")
            series = [shown, against] if against else [shown]
            return series_view(chart.id, series, self.ledger, self.words)
        figures = [self.ledger.figures[name] for name in chart.figures]
        made = figures_view(chart.id, figures, self.ledger, self.words) if figures else None
        return made and self._intervals_heading(made, figures)

    def _intervals_heading(self, table: TableView, figures: Sequence[Figure]) -> TableView:
        """What a chart of intervals shows; a single figure is named here, not in the drawing."""
        subtitle = self.words.say("part.intervals_subtitle")
        if len(figures) == 1:
            name = capital(self.words.name(figures[0]))
            subtitle = self.words.say("part.shown", caption=name, subtitle=subtitle)
        return replace(table, caption=self.words.say("part.intervals"), subtitle=subtitle)

    def table(self, name: str) -> Sequence[View]:
        """A table, or a line that says that it is empty."""
        found = table_view(self.ledger.tables[name], self.ledger, self.words)
        return [found or Left(self.words.writer.note(Reason(code="no_rows")))]

    def highlights(self, name: str) -> Sequence[View]:
        """Headline figures; those without a value are left out."""
        figures = [self.ledger.figures[item] for item in self.ledger.highlights[name].figures]
        items = tuple(self._highlight(item) for item in figures if item.value is not None)
        if not items:
            reason = next((item.reason for item in figures if item.reason), None)
            return [Left(self.words.writer.note(reason or Reason(code="no_rows")))]
        return [HighlightsView(name, items)]

    def _highlight(self, figure: Figure) -> Highlight:
        before = self.ledger.figures.get(f"{figure.id}.previous")
        told = None
        if before is not None and before.value is not None:
            year = self.words.period(before.population)
            text = self.words.say("page.before", value=self.words.value(before), year=year)
            told = CellView(text, before.id)
        name = capital(self.words.name(figure))
        return Highlight(CellView(self.words.value(figure), figure.id), name, told)

    def campaigns(self, name: str) -> Sequence[View]:
        """Each campaign with what was counted around it."""
        effects = self.ledger.campaigns[name].effects
        return [self._campaign(item) for item in effects] or [Left(self.words.say("campaign.none"))]

    def _campaign(self, effects: CampaignEffects) -> CampaignView:
        words = self.words
        declared = {item.id: item for item in self.publication.edition.campaigns}
        campaign = declared[effects.campaign]
        name = words.translated(campaign.name)
        rows = [self._effects(words.say("campaign.all"), effects, "")]
        if effects.target is not None and campaign.target is not None:
            target = words.translated(campaign.target.name)
            rows.append(self._effects(words.say("campaign.target", name=target), effects, "target"))
        table = TableView(
            id=f"campaign.{campaign.id}",
            caption=words.say("campaign.caption", name=name),
            subtitle=words.say("campaign.subtitle"),
            heads=tuple(
                capital(words.say(f"campaign.{key}"))
                for key in ("whom", "in", "around", "previous")
            ),
            rows=tuple(rows),
            numeric=(True, True, True),
        )
        period = words.days(campaign.start, campaign.end)
        goal, means = words.translated(campaign.goal), words.translated(campaign.means)
        return CampaignView(campaign.id, capital(name), period, goal, means, table)

    def _effects(self, head: str, effects: CampaignEffects, whom: str) -> RowView:
        names = (
            (effects.target, effects.target_around, effects.target_previous)
            if whom
            else (effects.contacts, effects.around, effects.previous)
        )
        return RowView(capital(head), tuple(self._with_interval(name) for name in names))

    def _with_interval(self, name: str | None) -> CellView:
        figure = self.ledger.figures.get(name or "")
        if figure is None:
            return CellView("–")
        interval = interval_text(figure, self.words)
        made = cell(figure, self.words)
        return CellView(f"{made.text} ({interval})" if interval else made.text, made.figure)

    def quality(self, name: str) -> Sequence[View]:
        """What became of the rows of each file, and why."""
        revised = tuple(revised_terms(self.publication, self.words))
        return quality_views(self.ledger.quality[name], self.ledger, self.words, revised)

    def missing(self, name: str) -> Sequence[View]:
        """Missing values of each field: how many, of how many, which share."""
        words = self.words
        rows = []
        for field, figure_id in self.ledger.missing[name].figures:
            figure = self.ledger.figures[figure_id]
            counts = [
                "" if number is None else words.number(number, "count")
                for number in (figure.numerator, figure.denominator)
            ]
            told = (CellView(count, about=figure.id) for count in counts)
            cells = (*told, cell(figure, words))
            rows.append(RowView(capital(words.writer.field(field)), cells))
        return [self._plain(name, "missing", ("field", "count", "of", "share"), rows)]

    def _plain(self, name: str, key: str, heads: Sequence[str], rows: list[RowView]) -> TableView:
        say = self.words.say
        return TableView(
            id=name,
            caption=say(f"{key}.caption"),
            subtitle=say(f"{key}.subtitle"),
            heads=tuple(capital(say(f"{key}.{head}")) for head in heads),
            rows=tuple(rows),
            numeric=tuple(True for _ in heads[1:]),
        )

    def breaks(self, name: str) -> Sequence[View]:
        """The declared breaks of this edition, in order of their dates."""
        declared = sorted(self.publication.edition.breaks, key=lambda item: (item.date, item.id))
        items = tuple(
            Term(
                capital(self.words.say("breaks.since", day=self.words.day(item.date))),
                capital(self.words.translated(item.note)).rstrip(".") + ".",
            )
            for item in declared
        )
        return [TermsView(name, items) if items else Left(self.words.say("breaks.none"))]
