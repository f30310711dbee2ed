"""The statements that make tables of an edition's texts: the database and an auditor run them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from helpline_report.audit.recount.files import fed, files_sql
from helpline_report.audit.recount.held import AS_TEXTS, Held
from helpline_report.audit.recount.preamble import (
    Made,
    calendar_sql,
    helplines_sql,
    made_tables,
    table_sql,
)
from helpline_report.audit.recount.reports import Report, report_selects, traffic_sql
from helpline_report.audit.recount.web import web_selects
from helpline_report.exports.web.model import WebExport
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout
from helpline_report.parameters.report_layouts import ReportFile

ORDER = ("contacts", "persons", "followups")
Web = Mapping[Report, WebExport]


def made_of(editions: Sequence[Edition], layouts: Mapping[str, Layout]) -> list[Made]:
    """Every table that files of rows of some editions feed."""
    return [made for edition in editions for made in made_tables(edition, layouts)]


def statements(
    editions: Sequence[Edition],
    layouts: Mapping[str, Layout],
    lists: Mapping[str, CodeList],
    reports: Sequence[Report],
    web: Web,
    *,
    held: Held = AS_TEXTS,
) -> Iterator[tuple[str, str]]:
    """The tables of some editions, and the statement that makes each from the texts of exports.

    `web` are the exports of folders of web analytics, of which no layout says how they are written.
    `held` says how the tables are held; the published preamble has texts.
    """
    parts = {
        "calendar": [calendar_sql(edition) for edition in editions],
        "helplines": [helplines_sql(edition) for edition in editions],
    }
    made = made_of(editions, layouts)
    for table in sorted(made, key=lambda item: ORDER.index(item.name)):
        parts.setdefault(table.name, []).append(table_sql(table, lists, held))
    for part, selects in parts.items():
        union = "\nUNION ALL BY NAME\n".join(selects)
        yield part, f"CREATE OR REPLACE TABLE {part} AS\n{union};"
    selects = []
    for report in reports:
        if isinstance(report.layout, ReportFile):
            selects += report_selects(report, lists)
        elif report in web:
            selects += web_selects(report, web[report], lists)
    yield "traffic", traffic_sql(selects)
    yield "files", files_sql(fed(made, reports))
