"""Show what a cell recorded where it stands: as text, as HTML, and as a drawn chart."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from html import escape

from helpline_report.charts.chart_figures import ChartWords, why_not
from helpline_report.charts.style import COLOURS
from helpline_report.figures.ledger import Ledger, Reference
from helpline_report.figures.model import Crosstab, Figure, ReportTable, Series
from helpline_report.figures.quality import is_draft, left_out
from helpline_report.figures.register import Register
from helpline_report.prose.text_grid import TextGrid
from helpline_report.prose.writer import Writer

MOST_LINES = 60


def preview_record(
    register: Register,
    writer: Writer,
    fragment: Ledger,
    shows: Reference | None,
    *,
    drawn: bool,
) -> dict[str, object]:
    """What a person sees of a record: `text/plain`, and where `drawn` `text/html` as well.

    Values of rows never stand in it: only figures, as the chapter computed them.
    """
    grid = _grid(writer, fragment, shows)
    draft = _draft(register) if drawn else ""
    bundle: dict[str, object] = {"text/plain": "\n".join(filter(None, (draft, grid.text)))}
    if drawn:
        chart = shows is not None and shows.kind == "chart"
        html = _chart(writer, shows.id) if chart and shows else grid.html
        bundle["text/html"] = (f"<p>{escape(draft)}</p>" if draft else "") + html
    return bundle


def _draft(register: Register) -> str:
    if not is_draft(register):
        return ""
    rows = sum(item.rows for item in left_out(register))
    return f"DRAFT: {rows} row(s) are left out, for faults or with rows that have some"


def _grid(writer: Writer, fragment: Ledger, shows: Reference | None) -> TextGrid:
    ledger = writer.ledger
    if shows is not None and shows.kind == "table":
        return _table(writer, ledger, ledger.tables[shows.id])
    if shows is not None and shows.kind == "chart":
        chart = ledger.charts[shows.id]
        return TextGrid(f"{chart.kind}: {shows.id}")
    if shows is not None:
        return TextGrid(f"{shows.kind} {shows.id}: shown in the report")
    if fragment.crosstabs:
        return _crossed(writer, ledger, *fragment.crosstabs.values())
    if fragment.series:
        return _beside(writer, ledger, list(fragment.series.values()))
    return _lines(writer, list(fragment.figures.values()))


def _table(writer: Writer, ledger: Ledger, table: ReportTable) -> TextGrid:
    if table.crosstab is not None:
        return _crossed(writer, ledger, ledger.crosstabs[table.crosstab])
    if table.figures:
        return _lines(writer, [ledger.figures[name] for name in table.figures])
    return _beside(writer, ledger, [ledger.series[name] for name in table.series], table.most)


def _beside(
    writer: Writer, ledger: Ledger, series: Sequence[Series], most: int | None = None
) -> TextGrid:
    """Series of one field side by side, a row a code."""
    columns = [{m.code: ledger.figures[m.figure] for m in item.members} for item in series]
    codes = list(dict.fromkeys(code for column in columns for code in column))
    rows = [
        [writer.label(series[0].by, code), *(_value(writer, each.get(code)) for each in columns)]
        for code in codes[:most]
    ]
    heads = [f"{writer.caption(item)} ({item.population.edition})" for item in series]
    return _counted(["", *heads], rows, ", ".join(item.id for item in series))


def _crossed(writer: Writer, ledger: Ledger, crosstab: Crosstab) -> TextGrid:
    cells = {(cell.row, cell.column): ledger.figures[cell.figure] for cell in crosstab.cells}
    columns = list(dict.fromkeys(cell.column for cell in crosstab.cells))
    rows = [
        [
            writer.label(crosstab.rows, row),
            *(_value(writer, cells.get((row, column))) for column in columns),
        ]
        for row in dict.fromkeys(cell.row for cell in crosstab.cells)
    ]
    heads = [writer.label(crosstab.columns, column) for column in columns]
    return _counted(["", *heads], rows, crosstab.id)


def _lines(writer: Writer, figures: Sequence[Figure]) -> TextGrid:
    rows = [[each.id, writer.shown(each), writer.definition(each)] for each in figures]
    return _counted((), rows, "")


def _counted(heads: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> TextGrid:
    """The first of these rows, with how many there are more."""
    if not rows:
        return TextGrid(f"{title}: nothing was counted")
    rest = len(rows) - MOST_LINES
    more = [[f"and {rest} more"]] if rest > 0 else []
    return TextGrid(title, [*rows[:MOST_LINES], *more], heads)


def _value(writer: Writer, figure: Figure | None) -> str:
    return "–" if figure is None else writer.shown(figure)


def _chart(writer: Writer, name: str) -> str:
    ledger = writer.ledger
    reason = why_not(ledger.charts[name], ledger)
    if reason is not None:
        return f"<p>{escape(f'{name} can’t be drawn: {writer.reason(reason)}')}</p>"
    chart = ledger.charts[name]
    module, _, function = chart.function.partition(".")
    own = getattr(sys.modules[module], function) if function else None
    from helpline_report.charts.drawing import draw  # noqa: PLC0415 - no kernel of a build draws

    # In a notebook there is no style sheet: the colours of paper stand in the drawing itself.
    return draw(chart, ChartWords(writer), function=own).in_colours(COLOURS).svg
