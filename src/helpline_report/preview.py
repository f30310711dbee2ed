"""Record what a cell computes, and show it where it stands: as text, as HTML, as a drawn chart."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial, wraps
from html import escape
from typing import Any, Concatenate, ParamSpec

from helpline_report.charts.chart_figures import ChartWords, why_not
from helpline_report.charts.style import COLOURS
from helpline_report.errors import ChapterError
from helpline_report.figures.breakdown import SeriesFigures
from helpline_report.figures.ledger import RECORD_MIME, Ledger, Reference
from helpline_report.figures.model import Chart, Crosstab, Figure, Series
from helpline_report.figures.quality import is_draft, left_out
from helpline_report.figures.register import Register
from helpline_report.figures.results import (
    CrosstabResult,
    FigureResult,
    SeriesResult,
    frame_crosstab,
    frame_figures,
    frame_series,
)
from helpline_report.prose.rendering import TextGrid
from helpline_report.prose.writer import Writer

MOST_LINES = 60
SINGULAR = {"figures": "figure", "crosstabs": "cross-table", "charts": "chart", "tables": "table"}
Arguments = ParamSpec("Arguments")


def recorded(
    make: Callable[Concatenate[str, Arguments], Figure],
) -> Callable[Concatenate[Recorder, str, Arguments], FigureResult]:
    """A method of a chapter that records the figure which a function makes."""

    @wraps(make)
    def method(
        self: Recorder, name: str, /, *arguments: Arguments.args, **named: Arguments.kwargs
    ) -> FigureResult:
        return self._figure(make(name, *arguments, **named))

    return method


class Recorder:
    """The ledger of one chapter as it grows; each addition is displayed where its cell stands.

    A chapter is one, and speaks to it by its private methods alone: a notebook sees what is
    counted. With `preview` charts are drawn, and a name may be recorded again: a cell ran once
    more.
    """

    def __init__(self, register: Register, *, preview: bool = False) -> None:
        self.register = register
        self.preview = preview
        self._ledger = Ledger(edition=register.edition.edition)

    @cached_property
    def _words(self) -> Writer:
        """What puts the figures that were counted so far into words."""
        edition, before = self.register.edition, self.register.previous
        comparison = before.edition if before else None
        return Writer(self._ledger, edition, comparison, self.register.codelists, edition.language)

    def _figure(self, figure: Figure) -> FigureResult:
        frame = partial(frame_figures, [figure], self._words.definition)
        return FigureResult(self._record([figure]), frame, figure)

    def _series(self, now: SeriesFigures, before: SeriesFigures | None = None) -> SeriesResult:
        (series, figures), (then, earlier) = now, before or (None, [])
        both = {each.id: each for each in (*figures, *earlier)}
        parts = {each.id: each for each in (series, then) if each is not None}
        frame = partial(frame_series, both, list(parts.values()), self._words.label)
        return SeriesResult(self._record(both.values(), series=parts), frame, series, then)

    def _crosstab(self, crosstab: Crosstab, figures: Sequence[Figure]) -> CrosstabResult:
        by_id = {each.id: each for each in figures}
        frame = partial(frame_crosstab, by_id, crosstab, self._words.label)
        show = self._record(figures, crosstabs={crosstab.id: crosstab})
        return CrosstabResult(show, frame, crosstab)

    def _chart(self, chart: Chart) -> None:
        self._show("chart", chart.id, charts={chart.id: chart})

    def _show(self, kind: str, name: str, **parts: Mapping[str, Any]) -> None:
        """Record what the page shows here."""
        self._record([], shows=Reference.model_validate({"kind": kind, "id": name}), **parts)

    def _record(
        self, figures: Iterable[Figure], shows: Reference | None = None, **parts: Mapping[str, Any]
    ) -> Callable[[], None]:
        """Record figures and other parts of the ledger, and give what shows them once more.

        Raises:
            ChapterError: one of the names stands already.
        """
        parts["figures"] = {figure.id: figure for figure in figures}
        for kind, items in parts.items():
            for name in () if self.preview else items:
                if name in getattr(self._ledger, kind):
                    step = "give the second a name of its own: chapter.chart(…, name='…')"
                    one = SINGULAR.get(kind, kind)
                    raise ChapterError(
                        f"the {one} '{name}' is computed twice; each id stands once",
                        next_step=step if kind == "charts" else "",
                    )
        for kind, items in parts.items():
            getattr(self._ledger, kind).update(items)
        fragment = Ledger.model_validate({"edition": self._ledger.edition, **parts})
        self._display(fragment, shows)
        return partial(self._display_elsewhere, fragment, shows, _running_cell())

    def _display(self, fragment: Ledger, shows: Reference | None) -> None:
        payload = {"ledger": fragment.model_dump(mode="json", exclude_defaults=True)}
        if shows:
            payload["shows"] = shows.model_dump(mode="json")
        _show_bundle({RECORD_MIME: payload, **self._preview(fragment, shows)})

    def _display_elsewhere(
        self, fragment: Ledger, shows: Reference | None, recorded_in: int | None
    ) -> None:
        """Show a record in another cell; in its own it stands already, as the last line too."""
        if recorded_in is None or recorded_in != _running_cell():
            _show_bundle(self._preview(fragment, shows))

    def _preview(self, fragment: Ledger, shows: Reference | None) -> dict[str, object]:
        return preview_record(self.register, self._words, fragment, shows, drawn=self.preview)


def _running_cell() -> int | None:
    """The number of the cell that runs; None outside of a notebook."""
    from IPython import get_ipython  # noqa: PLC0415 - only where a notebook runs

    shell = get_ipython()
    return None if shell is None else int(shell.execution_count)


def _show_bundle(bundle: dict[str, object]) -> None:
    from IPython import display  # noqa: PLC0415 - only where a notebook runs

    display.display(bundle, raw=True)  # type: ignore[no-untyped-call]


def preview_record(
    register: Register, writer: Writer, fragment: Ledger, shows: Reference | None, *, drawn: bool
) -> dict[str, object]:
    """What a person sees of a record: `text/plain`, and where `drawn` `text/html` as well.

    Values of rows never stand in it: only figures, as the chapter computed them.
    """
    grid, draft = _grid(writer, fragment, shows), ""
    if drawn and is_draft(register):
        rows = sum(item.rows for item in left_out(register))
        draft = f"DRAFT: {rows} row(s) are left out, for faults or with rows that have some"
    bundle: dict[str, object] = {"text/plain": "\n".join(filter(None, (draft, grid.text)))}
    if drawn:
        is_chart = shows is not None and shows.kind == "chart"
        html = _chart(writer, shows.id) if shows and is_chart else grid.html
        bundle["text/html"] = (f"<p>{escape(draft)}</p>" if draft else "") + html
    return bundle


def _grid(writer: Writer, fragment: Ledger, shows: Reference | None) -> TextGrid:
    ledger = writer.ledger
    crosstabs, series = list(fragment.crosstabs.values()), list(fragment.series.values())
    figures, most = list(fragment.figures.values()), None
    if shows is not None and shows.kind == "table":
        table = ledger.tables[shows.id]
        crosstabs = [ledger.crosstabs[table.crosstab]] if table.crosstab else []
        series, most = [ledger.series[name] for name in table.series], table.most
        figures = [ledger.figures[name] for name in table.figures]
    elif shows is not None and shows.kind == "chart":
        return TextGrid(f"{ledger.charts[shows.id].kind}: {shows.id}")
    elif shows is not None:
        return TextGrid(f"{shows.kind} {shows.id}: shown in the report")
    if crosstabs:
        return _crossed(writer, crosstabs[0])
    if series:
        return _beside(writer, series, most)
    rows = [[each.id, writer.shown(each), writer.definition(each)] for each in figures]
    return _limited((), rows, "")


def _beside(writer: Writer, series: Sequence[Series], most: int | None) -> TextGrid:
    """Series of one field side by side, a row a code."""
    by = series[0].by
    cells = {(each.code, item.id): each.figure for item in series for each in item.members}
    codes = list(dict.fromkeys(code for code, _ in cells))[:most]
    rows = [
        [writer.label(by, code), *(_value(writer, cells.get((code, item.id))) for item in series)]
        for code in codes
    ]
    heads = [f"{writer.caption(item)} ({item.population.edition})" for item in series]
    return _limited(["", *heads], rows, ", ".join(item.id for item in series))


def _crossed(writer: Writer, crosstab: Crosstab) -> TextGrid:
    cells = {(cell.row, cell.column): cell.figure for cell in crosstab.cells}
    columns = list(dict.fromkeys(column for _, column in cells))
    rows = [
        [writer.label(crosstab.rows, row), *(_value(writer, cells[row, each]) for each in columns)]
        for row in dict.fromkeys(row for row, _ in cells)
    ]
    heads = [writer.label(crosstab.columns, column) for column in columns]
    return _limited(["", *heads], rows, crosstab.id)


def _limited(heads: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> TextGrid:
    """The first of these rows, with how many there are more."""
    if not rows:
        return TextGrid(f"{title}: nothing was counted")
    rest = len(rows) - MOST_LINES
    more = [[f"and {rest} more"]] if rest > 0 else []
    return TextGrid(title, [*rows[:MOST_LINES], *more], heads)


def _value(writer: Writer, figure: str | None) -> str:
    return "–" if figure is None else writer.shown(writer.ledger.figures[figure])


def _chart(writer: Writer, name: str) -> str:
    chart = writer.ledger.charts[name]
    if reason := why_not(chart, writer.ledger):
        return f"<p>{escape(f'{name} can’t be drawn: {writer.reason(reason)}')}</p>"
    module, _, function = chart.function.partition(".")
    own = getattr(sys.modules[module], function) if function else None
    from helpline_report.charts.drawing import draw  # noqa: PLC0415 - no kernel of a build draws

    # In a notebook there is no style sheet: the colours of paper stand in the drawing itself.
    return draw(chart, ChartWords(writer), function=own).in_colours(COLOURS).svg
