"""What a researcher sees in JupyterLab: figures, charts and tables where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from helpline_report.figures.ledger import Ledger, Reference
from helpline_report.figures.model import Crosstab, Figure, Series, Table
from helpline_report.figures.quality import is_draft, left_out
from helpline_report.figures.register import Register
from helpline_report.prose.writer import Writer

LANGUAGE = "en"
MOST_LINES = 60

Bundle = dict[str, object]


def preview(
    register: Register, ledger: Ledger, fragment: Ledger, shows: Reference | None
) -> Bundle:
    """The HTML of what a cell just recorded.

    Values of the rows themselves never stand in it: only figures, as the chapter computed them.
    """
    bundle = _bundle(register, ledger, fragment, shows)
    return _as_draft(bundle, register) if is_draft(register) else bundle


def _as_draft(bundle: Bundle, register: Register) -> Bundle:
    rows = sum(item.rows for item in left_out(register))
    told = _line(f"DRAFT: {rows} row(s) are left out, for faults or with rows that have some")
    return {"text/html": f"{told}{bundle['text/html']}"}


def _bundle(
    register: Register, ledger: Ledger, fragment: Ledger, shows: Reference | None
) -> Bundle:
    before = register.previous.edition if register.previous else None
    writer = Writer(ledger, register.edition, before, register.codelists, LANGUAGE)
    if shows is None:
        return {"text/html": _lines(writer, list(fragment.figures.values()))}
    if shows.kind == "chart":
        return {"text/html": _chart(writer, ledger, shows.id)}
    if shows.kind == "table":
        return {"text/html": _table(writer, ledger, ledger.tables[shows.id])}
    told = f"<p>{shows.kind} <code>{escape(shows.id)}</code>: shown in the report</p>"
    figures = list(fragment.figures.values())
    return {"text/html": told + (_lines(writer, figures) if figures else "")}


def _chart(writer: Writer, ledger: Ledger, name: str) -> str:
    # Drawing is a second of imports.
    from helpline_report.charts.draw import draw, why_not  # noqa: PLC0415
    from helpline_report.charts.style import PAPER  # noqa: PLC0415

    reason = why_not(ledger.charts[name], ledger)
    if reason is not None:
        return _line(f"{name} can't be drawn: {writer.reason(reason)}")
    # In a notebook there is no style sheet: the colours of paper stand in the drawing itself.
    return draw(ledger.charts[name], ledger, writer, PAPER).svg


def _table(writer: Writer, ledger: Ledger, table: Table) -> str:
    if table.crosstab is not None:
        return _crossed(writer, ledger, ledger.crosstabs[table.crosstab])
    if table.figures:
        return _lines(writer, [ledger.figures[name] for name in table.figures])
    series = [ledger.series[name] for name in table.series]
    columns = [{m.code: ledger.figures[m.figure] for m in item.members} for item in series]
    codes = list(dict.fromkeys(code for column in columns for code in column))
    rows = [
        (writer.label(series[0].by, code), [column.get(code) for column in columns])
        for code in codes[: table.most]
    ]
    return _grid(writer, [_caption(writer, item) for item in series], rows)


def _caption(writer: Writer, series: Series) -> str:
    return f"{writer.caption(series)} ({series.population.edition})"


def _crossed(writer: Writer, ledger: Ledger, crosstab: Crosstab) -> str:
    cells = {(cell.row, cell.column): ledger.figures[cell.figure] for cell in crosstab.cells}
    columns = list(dict.fromkeys(cell.column for cell in crosstab.cells))
    rows = [
        (writer.label(crosstab.rows, row), [cells.get((row, column)) for column in columns])
        for row in dict.fromkeys(cell.row for cell in crosstab.cells)
    ]
    return _grid(writer, [writer.label(crosstab.columns, column) for column in columns], rows)


def _grid(
    writer: Writer, heads: Sequence[str], rows: Sequence[tuple[str, list[Figure | None]]]
) -> str:
    if not rows:
        return _line("the table has no rows: nothing was counted")
    top = "".join(f"<th>{escape(head)}</th>" for head in ("", *heads))
    lines = [
        _row(label, ["–" if figure is None else writer.shown(figure) for figure in figures])
        for label, figures in rows[:MOST_LINES]
    ]
    return f"<table><tr>{top}</tr>{''.join(lines)}{_more(len(rows), len(heads) + 1)}</table>"


def _lines(writer: Writer, figures: Sequence[Figure]) -> str:
    rows = [
        _row(figure.id, [writer.shown(figure), writer.definition(figure)])
        for figure in figures[:MOST_LINES]
    ]
    if not rows:
        return _line("nothing was counted")
    return f"<table>{''.join(rows)}{_more(len(figures), 3)}</table>"


def _row(head: str, cells: Iterable[str]) -> str:
    inside = "".join(f"<td style='text-align:left'>{escape(cell)}</td>" for cell in cells)
    return f"<tr><th style='text-align:left'>{escape(head)}</th>{inside}</tr>"


def _more(number: int, columns: int) -> str:
    rest = number - MOST_LINES
    return f"<tr><td colspan='{columns}'>and {rest} more</td></tr>" if rest > 0 else ""


def _line(text: str) -> str:
    return f"<p>{escape(text)}</p>"
