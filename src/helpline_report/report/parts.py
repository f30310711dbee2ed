"""Make the parts of a page that references name: charts, tables, headline figures, and so on."""

from collections.abc import Sequence
from dataclasses import replace

from helpline_report.charts.chart_figures import explain_empty_chart
from helpline_report.charts.drawing_steps import Drawings
from helpline_report.errors import ChapterError
from helpline_report.figures.ledger import CampaignEffects, Reference
from helpline_report.figures.model import Figure, Reason, is_protected
from helpline_report.parameters.yaml import make_error
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.prose.vocabulary import Unavailable
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.figure_parts import (
    collect_break_notes,
    list_breakdowns,
    make_cell,
    make_chart_view,
    make_line,
    make_table_view,
    make_trend_views,
)
from helpline_report.report.house import themes
from helpline_report.report.quality_parts import make_quality_views, make_reconciliation_views
from helpline_report.report.views import (
    CampaignView,
    CellView,
    ChartView,
    Highlight,
    HighlightsView,
    Left,
    Note,
    Row,
    TableView,
    Term,
    TermsView,
    View,
)

# What a campaign's contacts are compared with.
EFFECTS = ("before", "after", "relative")


class Parts:
    """Resolves references from the released ledger, each of them once."""

    def __init__(self, words: EditionWords) -> None:
        self.publication = words.publication
        self.ledger = words.ledger
        self.words = words
        self.drawings = Drawings(
            words, themes(self.publication), self.publication.plots, self.publication.steps
        )
        self._resolved: dict[Reference, Sequence[View]] = {}

    def of(self, reference: Reference) -> Sequence[View]:
        """What stands in the page for a reference.

        Raises:
            ChapterError: the ledger doesn't know it.
        """
        if reference not in self._resolved:
            try:
                views = self._resolve(reference.kind, reference.id)
            except KeyError as error:
                about = {"kind": reference.kind, "id": reference.id, "error": error}
                places = (
                    f"{self.publication.notebook_file(chapter.name)}, cell '{cell.id}'"
                    for chapter in self.ledger.chapters
                    for cell in chapter.cells
                    if reference in cell.shows
                )
                raise make_error(ChapterError, "not_in_ledger", next(places, ""), **about) from None
            # The totals of other years were printed, and not counted from these rows.
            if self.publication.synthetic and reference.kind != "trend":
                views = [self._mark_synthetic(view) for view in views]
            self._resolved[reference] = views
        return self._resolved[reference]

    def _resolve(self, kind: str, name: str) -> Sequence[View]:
        match kind:
            case "chart":
                return self._make_chart(name)
            case "table":
                return self._make_table(name)
            case "highlights":
                return self._list_highlights(name)
            case "campaigns":
                effects = self.ledger.campaigns[name].effects
                none = Left(self.words.say("campaign.none"), "campaign.none")
                return [self._make_campaign(item) for item in effects] or [none]
            case "quality":
                return make_quality_views(self.ledger.quality[name], self.words)
            case "missing":
                return [self._make_missing(name)]
            case "breaks":
                return [self._list_breaks(name)]
            case "trend":
                return make_trend_views(self.words, self.drawings)
        return make_reconciliation_views(self.words)

    def _mark_synthetic(self, view: View) -> View:
        """A view of rows about nobody: the source of a chart or a table says so."""
        if isinstance(view, CampaignView):
            source = self.words.say("part.synthetic", source=view.table.source)
            return replace(view, table=replace(view.table, source=source))
        if isinstance(view, ChartView | TableView):
            source = self.words.say("part.synthetic", source=view.source or self.words.source(None))
            return replace(view, source=source)
        return view

    def _explain_absence(self, reason: Reason | None = None) -> Sequence[View]:
        return [make_line(reason or Reason(code="no_rows"), self.words)]

    def caption(self, reference: Reference) -> str:
        """What a chart or table is called; nothing is drawn."""
        parts = self.ledger.charts if reference.kind == "chart" else self.ledger.tables
        view = make_table_view(parts[reference.id], self.words)
        return view.caption if view else reference.id

    def _make_chart(self, name: str) -> Sequence[View]:
        chart = self.ledger.charts[name]
        table, reason = make_table_view(chart, self.words), explain_empty_chart(chart, self.ledger)
        if reason is not None or table is None:
            return self._explain_absence(reason)
        # On a phone a cross-table in squares gives way to its table.
        most = 1 if chart.kind == "heatmap" and table.is_short else None
        drawings = self.drawings.of_chart(chart, most)
        return [make_chart_view(chart, table, drawings, self.words)]

    def _make_table(self, name: str) -> Sequence[View]:
        """A table, or a line that says that it is empty, or that all of it is hidden."""
        table = self.ledger.tables[name]
        breakdowns = list_breakdowns(table, self.ledger)
        members = [member for cross in breakdowns if cross.is_crossed for member in cross.members]
        figures = [self.ledger.figures[member.figure] for member in members]
        if figures and all(map(is_protected, figures)):
            return self._explain_absence(figures[0].reason)
        view = make_table_view(table, self.words)
        return [view] if view else self._explain_absence()

    def _list_highlights(self, name: str) -> Sequence[View]:
        """Headline figures; those without a value are left out, and artefacts without a word."""
        entries, reasons = list[Highlight](), list[Reason | None]()
        for item in self.ledger.highlights[name].figures:
            try:
                if item not in self.ledger.figures:
                    self.words.writer.refuse_missing(item)
                figure = self.ledger.figures[item]
            except Unavailable as error:
                reasons.append(error.reason)
                continue
            if figure.value is None:
                reasons.append(figure.reason)
            elif not self.ledger.is_artefact(figure):
                entries.append(self._make_highlight(figure))
        if entries:
            return [HighlightsView(name, tuple(entries))]
        return self._explain_absence(reasons[0]) if reasons else []

    def _make_highlight(self, figure: Figure) -> Highlight:
        words, writer = self.words, self.words.writer
        before, beside = self.ledger.figures.get(f"{figure.id}.previous"), None
        if before is not None and before.value is not None:
            when = writer.idiom.within(before.population.period)
            text = words.say("page.before", value=writer.value(before), when=when)
            beside = CellView(text, before.id)
        name, part = words.name(figure), writer.population(figure.population, period=False)
        if figure.kind == "share" and figure.code is None and part in name:
            # Short beside a percent: 'contacts by phone'. The card says of what.
            name = part
        return Highlight(CellView(writer.value(figure), figure.id), capital(name), beside)

    def _make_campaign(self, effects: CampaignEffects) -> CampaignView:
        words, known = self.words, self.ledger.figures
        declared = {item.id: item for item in self.publication.edition.campaigns}
        campaign = declared[effects.campaign]
        each_row: dict[str, tuple[str, ...]] = {words.say("campaign.all"): ("contacts", *EFFECTS)}
        if effects.target is not None and campaign.target is not None:
            target = words.say("campaign.target", name=words.translated(campaign.target.name))
            each_row[target] = ("target", *(f"target_{key}" for key in EFFECTS))
        rows, counted = list[Row](), list[Figure]()
        for head, keys in each_row.items():
            cells = []
            for key in keys:
                if figure := known.get(getattr(effects, key) or ""):
                    cells.append(make_cell(figure, words, with_interval=True))
                    counted.append(figure)
                else:
                    cells.append(CellView("–", code="no_figure"))
            code = "target" if rows else "all"
            rows.append((CellView(capital(head), code=f"campaign={code}"), *cells))
        name = words.translated(campaign.name)
        with_interval = any(figure.interval for figure in counted)
        no_cause = Note(words.say("campaign.no_cause"), about="no_cause")
        notes = (no_cause, *collect_break_notes(counted, words))
        columns = ("whom", "in", *EFFECTS)
        table = TableView(
            id=self._place_campaign(effects),
            caption=words.say("campaign.caption", name=name),
            subtitle=words.say("campaign.subtitle" if with_interval else "campaign.ratios"),
            heads=words.titles(*(f"campaign.{key}" for key in columns)),
            rows=tuple(rows),
            numeric=(True,) * (1 + len(EFFECTS)),
            notes=tuple(note.text for note in notes),
            source=words.source(known[effects.contacts].population),
            columns=columns,
            notes_about=tuple(note.about for note in notes),
        )
        period = words.days(campaign.start, campaign.end)
        goal = (words.say("campaign.goal"), words.with_sources(campaign.goal))
        means = (words.say("campaign.means"), words.with_sources(campaign.means))
        anchor = table.id.replace(".", "-", 1)
        return CampaignView(campaign.id, anchor, capital(name), period, goal, means, table)

    def _place_campaign(self, effects: CampaignEffects) -> str:
        """Where a campaign stands: of a second chapter that shows it, by that one's figures."""
        shown = (each for campaigns in self.ledger.campaigns.values() for each in campaigns.effects)
        first = next(each for each in shown if each.campaign == effects.campaign)
        own = effects.contacts.removesuffix(".contacts")
        return f"campaign.{effects.campaign}" if first == effects else own

    def _make_missing(self, name: str) -> TableView:
        words, rows = self.words, []
        for field, figure_id in self.ledger.missing[name].figures:
            figure = self.ledger.figures[figure_id]
            numbers = {"numerator": figure.numerator, "denominator": figure.denominator}
            cells = [CellView(capital(words.writer.field(field)), code=f"field={field}")]
            for part, number in numbers.items():
                text = "" if number is None else words.number(number, "count")
                cells.append(CellView(text, about=figure.id, parts=part))
            cells.append(make_cell(figure, words))
            rows.append(tuple(cells))
        columns = ("field", "count", "of", "share")
        heads = words.titles(*(f"missing.{column}" for column in columns))
        caption, subtitle = words.say("missing.caption"), words.say("missing.subtitle")
        return TableView(name, caption, subtitle, heads, tuple(rows), (True,) * 3, columns=columns)

    def _list_breaks(self, name: str) -> View:
        words, terms = self.words, list[Term]()
        breaks = sorted(self.publication.edition.breaks, key=lambda item: (item.date, item.id))
        for item in breaks:
            since = capital(words.say("breaks.since", day=words.day(item.date)))
            terms.append((since, words.sentence(words.translated(item.note))))
        if not terms:
            return Left(words.say("breaks.none"), "breaks.none")
        about = tuple(f"break={item.id}" for item in breaks)
        return TermsView(name, words.say("breaks.caption"), tuple(terms), about)
