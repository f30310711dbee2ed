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
from helpline_report.figures import results
from helpline_report.figures.breakdown import SeriesFigures
from helpline_report.figures.ledger import RECORD_MIME, Ledger, Reference
from helpline_report.figures.model import Chart, Crosstab, Figure
from helpline_report.figures.quality import is_draft, left_out
from helpline_report.figures.register import Register
from helpline_report.prose.rendering import TextGrid
from helpline_report.prose.writer import Writer

MOST_LINES = 60
SINGULAR = {"figures": "figure", "crosstabs": "cross-table", "charts": "chart", "tables": "table"}
Arguments = ParamSpec("Arguments")
CodeWords = Callable[[str], str]


def recorded(
    make: Callable[Concatenate[str, Arguments], Figure],
) -> Callable[Concatenate[Recorder, str, Arguments], results.FigureResult]:
    """A method of a chapter that records the figure which a function makes."""

    @wraps(make)
    def method(
        self: Recorder, name: str, /, *arguments: Arguments.args, **named: Arguments.kwargs
    ) -> results.FigureResult:
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

    def _figure(self, figure: Figure) -> results.FigureResult:
        frame = partial(results.frame_figures, [figure], self._words.definition)
        return results.FigureResult(self._record([figure]), frame, figure)

    def _series(
        self, now: SeriesFigures, before: SeriesFigures | None = None
    ) -> results.SeriesResult:
        (series, figures), (then, earlier) = now, before or (None, [])
        both = {each.id: each for each in (*figures, *earlier)}
        parts = {each.id: each for each in (series, then) if each is not None}
        frame = partial(results.frame_series, both, list(parts.values()), self._words.label)
        return results.SeriesResult(self._record(both.values(), series=parts), frame, series, then)

    def _crosstab(self, crosstab: Crosstab, figures: Sequence[Figure]) -> results.CrosstabResult:
        by_id = {each.id: each for each in figures}
        frame = partial(results.frame_crosstab, by_id, crosstab, self._words.label)
        show = self._record(figures, crosstabs={crosstab.id: crosstab})
        return results.CrosstabResult(show, frame, crosstab)

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
    labels: tuple[CodeWords, CodeWords]
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
        tab = crosstabs[0]
        cells = {(each.row, each.column): each.figure for each in tab.cells}
        labels = partial(writer.label, tab.rows), partial(writer.label, tab.columns)
        return _crossed(writer, tab.id, cells, labels)
    if series:
        cells = {(each.code, item.id): each.figure for item in series for each in item.members}
        heads = {item.id: f"{writer.caption(item)} ({item.population.edition})" for item in series}
        labels = partial(writer.label, series[0].by), heads.__getitem__
        return _crossed(writer, ", ".join(heads), cells, labels, most)
    rows = [[each.id, writer.shown(each), writer.definition(each)] for each in figures]
    return _limited((), rows, "")


def _crossed(
    writer: Writer,
    title: str,
    cells: Mapping[tuple[str, str], str],
    labels: tuple[CodeWords, CodeWords],
    most: int | None = None,
) -> TextGrid:
    """Figures by the codes of rows and of columns."""
    codes = list(dict.fromkeys(code for code, _ in cells))
    columns = list(dict.fromkeys(column for _, column in cells))
    figures, rows = writer.ledger.figures, []
    for code in codes[:most]:
        names = [cells.get((code, column)) for column in columns]
        rows.append([labels[0](code), *(writer.shown(figures[n]) if n else "–" for n in names)])
    return _limited(["", *map(labels[1], columns)], rows, title)


def _limited(heads: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> TextGrid:
    """The first of these rows, with how many there are more."""
    if not rows:
        return TextGrid(f"{title}: nothing was counted")
    rest = len(rows) - MOST_LINES
    more = [[f"and {rest} more"]] if rest > 0 else []
    return TextGrid(title, [*rows[:MOST_LINES], *more], heads)


def _chart(writer: Writer, name: str) -> str:
    chart = writer.ledger.charts[name]
    if reason := why_not(chart, writer.ledger):
        return f"<p>{escape(f'{name} can’t be drawn: {writer.reason(reason)}')}</p>"
    module, _, function = chart.function.partition(".")
    own = getattr(sys.modules[module], function) if function else None
    from helpline_report.charts.drawing import draw  # noqa: PLC0415 - no kernel of a build draws

    # In a notebook there is no style sheet: the colours of paper stand in the drawing itself.
    return draw(chart, ChartWords(writer), function=own).in_colours(COLOURS).svg
