"""Record what a cell computes, and show it where it stands: as text, as HTML, as a drawn chart."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial, wraps
from html import escape
from typing import Any, Concatenate, ParamSpec

import IPython
import pandas as pd

from helpline_report.charts.chart_figures import ChartWords, explain_empty_chart
from helpline_report.charts.drawing_steps import draw_here
from helpline_report.charts.style import COLOURS
from helpline_report.figures import results
from helpline_report.figures.breakdown import BreakdownFigures
from helpline_report.figures.ledger import RECORD_MIME, Ledger, Reference
from helpline_report.figures.model import Chart, Figure
from helpline_report.figures.register import Register, count_left_out, is_draft
from helpline_report.prose.writer import Writer

# How pandas writes the frame of a record.
TABLE: dict[str, Any] = {"index": False, "max_rows": 60, "float_format": "{:.10g}".format}
Arguments = ParamSpec("Arguments")
MakeFrame = Callable[[], pd.DataFrame]


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

    `Chapter` inherits it. All its methods are private, so that a notebook sees only what counts.
    With `preview` charts are drawn, and a cell that runs once more may record a name again; in a
    build `run.records` refuses two of one name.
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
        return results.FigureResult(self._record([figure], frame), frame, figure)

    def _breakdown(
        self, now: BreakdownFigures, before: BreakdownFigures | None = None
    ) -> results.BreakdownResult:
        (breakdown, figures), (then, earlier) = now, before or (None, [])
        by_id = {each.id: each for each in (*figures, *earlier)}
        parts = {each.id: each for each in (breakdown, then) if each is not None}
        frame = partial(results.frame_breakdowns, by_id, list(parts.values()), self._words.label)
        show = self._record(by_id.values(), frame, breakdowns=parts)
        return results.BreakdownResult(show, frame, breakdown, then)

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
