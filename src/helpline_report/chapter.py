"""What a notebook sees: a chapter that counts in the open, records what it counts, and shows it."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial, wraps
from html import escape
from pathlib import Path
from typing import Any, Concatenate, Literal, ParamSpec, overload

import IPython
import pandas as pd

from helpline_report.charts.chart_figures import ChartWords, explain_empty_chart
from helpline_report.charts.drawing_steps import draw_here
from helpline_report.charts.style import COLOURS
from helpline_report.edition_register import open_register
from helpline_report.errors import ChapterError, nearest
from helpline_report.figures import breakdown, measures, rates, results
from helpline_report.figures.arguments import (
    between,
    check_arguments,
    known,
    missing,
    named,
    not_,
)
from helpline_report.figures.ledger import RECORD_MIME, Campaigns, Highlights, Ledger, Reference
from helpline_report.figures.model import Chart, Figure, Mark, make_previous_name
from helpline_report.figures.population import Population
from helpline_report.figures.quality import count_file_rows, measure_missing
from helpline_report.figures.register import Register, count_left_out, is_draft
from helpline_report.figures.results import (
    BreakdownResult,
    ChartKind,
    FigureResult,
    PlotFunction,
    make_chart,
    make_flow,
    tabulate,
)
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import find_root
from helpline_report.parameters.yaml import make_error
from helpline_report.prose.writer import Writer

__all__ = ["Chapter", "between", "known", "missing", "named", "not_", "open_chapter"]

# How pandas writes the frame of a record.
TABLE: dict[str, Any] = {"index": False, "max_rows": 60, "float_format": "{:.10g}".format}
# The first line of the cell in which papermill sets what it was given.
INJECTED_CELL = "# Parameters\n"
Arguments = ParamSpec("Arguments")
MakeFrame = Callable[[], pd.DataFrame]


def open_chapter(
    name: str,
    edition: str | int,
    *,
    overrides: str | Sequence[str] = (),
    preview: bool = True,
) -> Chapter:
    """Open a chapter of an edition: read its tables, and those of its comparison year.

    The project is the folder of `HELPLINE_PROJECT`, or the nearest one with `params/` from the
    working folder upwards. Modules that lie beside its notebooks can be imported afterwards.

    Args:
        name: the chapter, as its figures and texts name it.
        edition: which of the project's `params/*.yaml`; papermill makes a number of a year.
        overrides: `key=value`, as `--set` gives them.
        preview: show figures, charts and tables where they stand; a build doesn't.

    Raises:
        ParametersError: there is no such project, or its parameters are wrong.
        ExportError: an export can't be used.
        ChapterError: papermill was given a name that the notebook has no parameter of.
    """
    _refuse_unknown_parameters(f"the chapter '{name}'")
    environment = dict(os.environ)
    root = find_root(environment, Path.cwd())
    # Modules beside the chapters can then be imported, wherever a chapter runs.
    notebooks = str(Project(root).notebooks)
    if notebooks not in sys.path:
        sys.path.append(notebooks)
    listed = [overrides] if isinstance(overrides, str) else list(overrides)
    register = open_register(Project(root, environment), str(edition), listed)
    return Chapter(name, register, preview=preview)


def _refuse_unknown_parameters(where: str) -> None:
    """Refuse what papermill gives under a name that the cell of the parameters doesn't set.

    It runs what it was given in a cell of its own behind that cell. A misspelt name would leave
    the default in force, and the chapter of another year would be made.
    """
    shell = IPython.get_ipython()
    cells = [] if shell is None else [cell for cell in shell.user_ns.get("In", []) if cell.strip()]
    injected = [number for number, cell in enumerate(cells) if cell.startswith(INJECTED_CELL)]
    if not injected or not injected[-1]:
        return
    due, names = (_list_assigned(cells[number]) for number in (injected[-1] - 1, injected[-1]))
    for name in sorted(names.keys() - due.keys()):
        values = {"name": name, "hint": nearest(name, [*due]), "names": ", ".join(sorted(due))}
        raise make_error(ChapterError, "unknown_parameter", where, **values)


def _list_assigned(cell: str) -> dict[str, None]:
    """The names that a cell sets, in its order."""
    nodes = [node for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Name)]
    return {node.id: None for node in nodes if isinstance(node.ctx, ast.Store)}


def recorded(
    make: Callable[Concatenate[str, Arguments], Figure],
) -> Callable[Concatenate[Chapter, str, Arguments], FigureResult]:
    """A method of a chapter that records the figure which a function makes."""

    @wraps(make)
    def method(
        self: Chapter, name: str, /, *arguments: Arguments.args, **named: Arguments.kwargs
    ) -> FigureResult:
        return self._figure(make(name, *arguments, **named))

    return method


@check_arguments
class Chapter:
    """Populations of one edition, and the figures that are made of them.

    Every call that names a figure records it under that name, once in the edition, and shows it
    where its cell stands. What it gives has a tidy frame of the same numbers, `.df`. A figure that
    a source can't give is recorded as unavailable, with its reason. With `preview` charts are
    drawn, and a cell may run again, as one does in JupyterLab: what it names is recorded anew; in a
    build `run.records` refuses two of one name.
    """

    def __init__(self, name: str, register: Register, *, preview: bool = False) -> None:
        self.name = name
        self.register = register
        self.preview = preview
        self._ledger = Ledger(edition=register.edition.edition)

    # Populations

    @overload
    def populations(self, names: str, /) -> Population: ...
    @overload
    def populations(self, first: str, second: str, /, *more: str) -> tuple[Population, ...]: ...
    def populations(self, *names: str) -> Population | tuple[Population, ...]:
        """All contacts, persons, followups, users, page_views or sessions of the period.

        Raises:
            PopulationError: there is no such population.
        """
        wholes = tuple(Population.whole(self.register, name) for name in names)
        return wholes[0] if len(wholes) == 1 else wholes

    def previous(self, population: Population, bridge: Sequence[str] = ()) -> Population:
        """The same population in the comparison year; `bridge` names the breaks it is carried over.

        Raises:
            PopulationError: a declared break is crossed without being named.
        """
        return population.previous(*bridge)

    def groups(self, field: str) -> dict[str, list[str]]:
        """The codes of a field that the edition counts together, by the name of each group."""
        return self.register.edition.groups.get(field, {})

    # Figures

    count = recorded(measures.count)
    share = recorded(measures.share)
    mean = recorded(measures.mean)
    monthly_mean = recorded(breakdown.monthly_mean)
    maximum = recorded(measures.maximum)
    open_days = recorded(measures.open_days)
    top = recorded(breakdown.top)
    quietest_working_day = recorded(breakdown.quietest_working_day)
    rank = recorded(breakdown.rank)
    same_top = recorded(breakdown.same_top)
    change = recorded(rates.change)
    rate_ratio = recorded(rates.rate_ratio)
    figure = recorded(measures.make_own_figure)

    def supports_rise(self, name: str, ratio: FigureResult) -> FigureResult:
        """1 if the interval of a rate ratio lies above 1, else 0."""
        return self._figure(rates.supports_rise(name, ratio.figure))

    # Series

    def counts(
        self,
        name: str,
        population: Population,
        *,
        by: str | tuple[str, str],
        against: Literal["previous"] | None = None,
        bridge: Sequence[str] = (),
    ) -> BreakdownResult:
        """Counts by the codes of a field; each is a figure `name.code`.

        By two fields it is a cross-table, of rows and columns: each is a figure `name.row.column`.
        `against="previous"` counts the comparison year too: `contacts.by_month` of that year is
        `contacts.previous.by_month`, and `problems` is `problems.previous`.

        Raises:
            PopulationError: a declared break of the field lies between the two years.
        """
        if not isinstance(by, str):
            if against is not None:
                raise make_error(ChapterError, "crossed_with_year", name=name)
            return self._breakdown(breakdown.crosstab(name, population, *by))
        now = breakdown.count_series(name, population, by)
        if against is None:
            return self._breakdown(now)
        then = population.previous(*bridge, by=(by,))
        before = breakdown.count_series(make_previous_name(name), then, by)
        return self._breakdown(now, breakdown.align_months(before, then.register, self.register))

    def shares(
        self,
        name: str,
        population: Population,
        *,
        by: str,
        of: Population | None = None,
        against: Literal["previous"] | None = None,
        bridge: Sequence[str] = (),
    ) -> BreakdownResult:
        """Shares of the codes of a field in the population; each is a figure `name.code`.

        `against="previous"` counts the comparison year too, as in `counts`.

        Raises:
            PopulationError: a declared break of the field lies between the two years.
        """
        now = breakdown.share_series(name, population, by, of)
        if against is None:
            return self._breakdown(now)
        then, whole = population.previous(*bridge, by=(by,)), of and of.previous(*bridge)
        before = breakdown.share_series(make_previous_name(name), then, by, whole)
        return self._breakdown(now, breakdown.align_months(before, then.register, self.register))

    def changes(
        self, name: str, population: Population, *, by: str, bridge: Sequence[str] = ()
    ) -> BreakdownResult:
        """The change in percent of each code against the comparison year.

        Raises:
            PopulationError: a declared break of the field lies between the two years.
        """
        return self._breakdown(rates.make_change_series(name, population, by, bridge))

    def means(
        self,
        name: str,
        population: Population,
        *,
        by: str,
        per: Literal["month", "open_day", "calendar_day"],
    ) -> BreakdownResult:
        """The count of each code divided by months or days."""
        make = partial(measures.mean, per=(per,))
        return self._breakdown(breakdown.make_series(name, population, by, "mean", make))

    def maxima(self, name: str, population: Population, *, by: str, over: str) -> BreakdownResult:
        """The most rows that each code has on one day, or in one other unit of `over`."""
        make = partial(measures.maximum, by=(over,))
        return self._breakdown(breakdown.make_series(name, population, by, "maximum", make))

    def ranks(self, name: str, population: Population, *, by: str) -> BreakdownResult:
        """The place of each code among the codes of its field; one without rows has none."""
        return self._breakdown(breakdown.rank_series(name, population, by))

    # What the page shows

    def chart(
        self,
        source: BreakdownResult,
        kind: ChartKind | PlotFunction | None = None,
        *,
        against: BreakdownResult | None = None,
        beside: Sequence[BreakdownResult] = (),
        marks: bool = False,
        most: int | None = None,
        name: str | None = None,
    ) -> None:
        """Show a series or a cross-table as a chart; `marks` adds campaigns and events.

        The year before stands behind a series that was counted with it, unless it is by day; the
        chart's table has the series of `beside` too. In the place of a kind stands a function
        `(df, ax)` of `notebooks/plots.py`: it draws the tidy frame of released numbers onto
        matplotlib axes, in each size. A second chart of one series needs a `name`.

        Raises:
            ChapterError: a kind that can't show this, a function of the notebook itself, a
                comparison or a table over another field, or a second chart without a name.
        """
        edition = self.register.edition
        marked: list[Mark] = []
        if marks:
            marked += [Mark(kind="campaign", id=campaign.id) for campaign in edition.campaigns]
            marked += [Mark(kind="event", id=event.id) for event in edition.events]
        before = against.breakdown if against else source.before
        others = [part for each in beside for part in each.parts]
        facts: dict[str, Any] = {"beside": others, "marks": marked, "most": most, "name": name}
        self._chart(make_chart(source.breakdown, kind, against=before, **facts))

    def flow(
        self,
        source: BreakdownResult,
        whole: FigureResult,
        *groups: FigureResult,
        beside: Sequence[BreakdownResult] = (),
    ) -> None:
        """Show counts as a flow: from the whole, by way of groups of codes, to each code.

        Its table has the series of `beside` too.

        Raises:
            ChapterError: counts that don't add up, figures that aren't of this whole, or a table
                over another field.
        """
        figures = [each.figure for each in (whole, *groups)]
        self._chart(make_flow(source.breakdown, figures, [each.breakdown for each in beside]))

    def intervals(self, name: str, *figures: FigureResult) -> None:
        """Show ratios or shares with their intervals.

        Raises:
            ChapterError: no figure is named.
        """
        if not figures:
            raise make_error(ChapterError, "empty_intervals", name=name)
        ids = tuple(each.figure.id for each in figures)
        self._chart(Chart(id=f"{name}.chart", kind="intervals", figures=ids))

    def table(self, *sources: BreakdownResult | FigureResult, most: int | None = None) -> None:
        """Show series of one field side by side, a cross-table, or figures below each other.

        The year before stands beside a series that was counted with it.

        Raises:
            ChapterError: nothing to show, or sources that don't go together.
        """
        parts = [part for source in sources for part in source.parts]
        table = tabulate(parts, most)
        frame = partial(pd.concat, [source.df for source in sources])
        self._show("table", table.id, frame, tables={table.id: table})

    def highlights(self, name: str, *figures: str) -> None:
        """Show headline figures, computed here or in another chapter, by name."""
        self._show("highlights", name, highlights={name: Highlights(id=name, figures=figures)})

    def campaigns(self, name: str, contacts: Population) -> None:
        """Each campaign's window against the days around it and against the year before."""
        counted = [
            rates.count_effects(name, contacts, campaign)
            for campaign in self.register.edition.campaigns
        ]
        self._record(figure for _, figures in counted for figure in figures)
        campaigns = Campaigns(id=name, effects=tuple(effects for effects, _ in counted))
        self._show("campaigns", name, campaigns={name: campaigns})

    def quality(self, name: str) -> None:
        """Rows read, used, repaired and excluded, for each file."""
        quality, figures = count_file_rows(name, self.register)
        self._record(figures)
        self._show("quality", name, quality={name: quality})

    def missing(self, name: str) -> None:
        """The share of missing values, for each field."""
        missing, figures = measure_missing(name, self.register)
        self._record(figures)
        self._show("missing", name, missing={name: missing})

    def breaks(self) -> None:
        """The breaks that the parameters declare."""
        self._show("breaks", "breaks")

    def trend(self) -> None:
        """Totals of other years that were printed, and that nobody counts here."""
        self._show("trend", "trend")

    def reconciliation(self) -> None:
        """What earlier reports printed, beside what is counted here."""
        self._show("reconciliation", "reconciliation")

    # What is recorded, and shown where its cell stands

    @cached_property
    def _words(self) -> Writer:
        """What puts the figures that were counted so far into words."""
        edition, before = self.register.edition, self.register.previous
        comparison = before.edition if before else None
        return Writer(self._ledger, edition, comparison, self.register.codelists, edition.language)

    def _figure(self, figure: Figure) -> FigureResult:
        frame = partial(results.frame_figures, [figure], self._words.definition)
        return FigureResult(self._record([figure], frame), frame, figure)

    def _breakdown(
        self, now: breakdown.BreakdownFigures, before: breakdown.BreakdownFigures | None = None
    ) -> BreakdownResult:
        (series, figures), (then, earlier) = now, before or (None, [])
        by_id = {each.id: each for each in (*figures, *earlier)}
        parts = {each.id: each for each in (series, then) if each is not None}
        frame = partial(results.frame_breakdowns, by_id, list(parts.values()), self._words.label)
        show = self._record(by_id.values(), frame, breakdowns=parts)
        return BreakdownResult(show, frame, series, then)

    def _chart(self, chart: Chart) -> None:
        self._show("chart", chart.id, charts={chart.id: chart})

    def _show(
        self, kind: str, name: str, frame: MakeFrame | None = None, **parts: Mapping[str, Any]
    ) -> None:
        """Record what the page shows here."""
        shows = Reference.model_validate({"kind": kind, "id": name})
        self._record([], frame, shows, **parts)

    def _record(
        self,
        figures: Iterable[Figure],
        frame: MakeFrame | None = None,
        shows: Reference | None = None,
        **parts: Mapping[str, Any],
    ) -> Callable[[], None]:
        """Record and show parts of the ledger; returns a function that shows them once more."""
        parts["figures"] = {figure.id: figure for figure in figures}
        for kind, items in parts.items():
            getattr(self._ledger, kind).update(items)
        fragment = Ledger.model_validate({"edition": self._ledger.edition, **parts})
        payload = {"ledger": fragment.model_dump(mode="json", exclude_defaults=True)}
        if shows:
            payload["shows"] = shows.model_dump(mode="json")
        _show_bundle({RECORD_MIME: payload, **self._preview(frame, shows)})
        cell = _running_cell()

        def show() -> None:
            # The cell that recorded it shows it already, also if its last line is the result.
            if cell is None or cell != _running_cell():
                _show_bundle(self._preview(frame, shows))

        return show

    def _preview(self, frame: MakeFrame | None, shows: Reference | None) -> dict[str, object]:
        """What a person sees of a record: `text/plain`, and with `preview` `text/html` as well."""
        if frame is not None:
            table = frame()
            text, html = table.to_string(**TABLE), table.to_html(border=0, **TABLE)
        else:
            text = f"{shows.kind} {shows.id}: shown in the report" if shows else ""
            html = f"<p>{escape(text)}</p>"
        if not self.preview:
            return {"text/plain": text}
        if shows is not None and shows.kind == "chart":
            html = _draw(self._words, self._ledger.charts[shows.id])
        if is_draft(self.register):
            rows = sum(item.rows for item in count_left_out(self.register))
            draft = f"DRAFT: {rows} row(s) are left out, for faults or with rows that have some"
            text, html = f"{draft}\n{text}", f"<p>{escape(draft)}</p>{html}"
        return {"text/plain": text, "text/html": html}


def _running_cell() -> int | None:
    """The number of the cell that runs; None outside of a notebook."""
    shell = IPython.get_ipython()
    return None if shell is None else int(shell.execution_count)


class _Bundle(dict[str, object]):
    """What a cell shows, by MIME type; a script, which has no cells, prints its text."""

    def __repr__(self) -> str:
        return str(self["text/plain"])


def _show_bundle(bundle: dict[str, object]) -> None:
    IPython.display.display(_Bundle(bundle), raw=True)  # type: ignore[no-untyped-call]


def _draw(writer: Writer, chart: Chart) -> str:
    """A chart as SVG, in the colours of paper: in a notebook there is no style sheet."""
    if reason := explain_empty_chart(chart, writer.ledger):
        return f"<p>{escape(f'{chart.id} can’t be drawn: {writer.reason(reason)}')}</p>"
    module, _, function = chart.function.partition(".")
    own = getattr(sys.modules[module], function) if function else None
    svg = draw_here(chart, ChartWords(writer), own).in_colours(COLOURS).svg
    # Where the fonts of the house aren't installed names are wider: they reach into the margin.
    return svg.replace("<svg ", '<svg style="overflow:visible;margin-left:3em" ', 1)
