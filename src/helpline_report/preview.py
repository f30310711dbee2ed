"""What a researcher sees in JupyterLab: figures, charts and tables where they stand."""

from __future__ import annotations

from html import escape

from helpline_report.figures.ledger import Ledger, Reference
from helpline_report.figures.model import Figure, Table
from helpline_report.figures.register import Register
from helpline_report.prose.writer import Writer

MOST_LINES = 60

Bundle = dict[str, object]


def preview(
    register: Register, ledger: Ledger, fragment: Ledger, shows: Reference | None
) -> Bundle:
    """The HTML of what a cell just recorded.

    Values of the rows themselves never stand in it: only figures, as the chapter computed them.
    """
    before = register.previous.edition if register.previous else None
    writer = Writer(ledger, register.edition, before, register.codelists, "en")
    if shows is None:
        return {"text/html": _lines(writer, list(fragment.figures.values()))}
    if shows.kind == "chart":
        return {"text/html": _chart(writer, ledger, shows.id)}
    if shows.kind == "table":
        return {"text/html": _table(writer, ledger, ledger.tables[shows.id])}
    text = f"{shows.kind} <code>{escape(shows.id)}</code>: shown in the report"
    return {"text/html": f"<p>{text}</p>"}


def _lines(writer: Writer, figures: list[Figure]) -> str:
    rows = [
        f"<tr><th style='text-align:left'><code>{escape(figure.id)}</code></th>"
        f"<td style='text-align:right'>{escape(writer.shown(figure))}</td>"
        f"<td style='text-align:left'>{escape(writer.definition(figure))}</td></tr>"
        for figure in figures[:MOST_LINES]
    ]
    rest = len(figures) - len(rows)
    more = f"<tr><td colspan='3'>and {rest} more</td></tr>" if rest > 0 else ""
    return f"<table>{''.join(rows)}{more}</table>"


def _chart(writer: Writer, ledger: Ledger, name: str) -> str:
    from helpline_report.charts.draw import draw  # noqa: PLC0415 - drawing is a second of imports

    drawing = draw(ledger.charts[name], ledger, writer)
    return drawing.svg


def _table(writer: Writer, ledger: Ledger, table: Table) -> str:
    names = list(table.figures)
    for series in table.series:
        names += [member.figure for member in ledger.series[series].members]
    if table.crosstab:
        names += [cell.figure for cell in ledger.crosstabs[table.crosstab].cells]
    return _lines(writer, [ledger.figures[name] for name in names])
