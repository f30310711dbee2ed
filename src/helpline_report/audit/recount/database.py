"""A database of an edition's exports: their texts as they were read, and the tables made of them.

The reading of files (bytes to rows of text) is what both counts share; nothing after it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import pandas as pd

from helpline_report.audit.recount.files import fed, files_sql
from helpline_report.audit.recount.preamble import (
    Made,
    calendar_sql,
    helplines_sql,
    made_tables,
    table_sql,
)
from helpline_report.audit.recount.reports import Report, report_selects, traffic_sql
from helpline_report.audit.recount.texts import LeftOut, Texts, texts_of
from helpline_report.audit.recount.web import web_selects
from helpline_report.audit.recount.writing import MACROS, name
from helpline_report.exports.web.model import WebExport
from helpline_report.params.codelists import CodeList
from helpline_report.params.edition import Edition
from helpline_report.params.layouts import Layout, load_layout
from helpline_report.params.project import Project
from helpline_report.params.report_layouts import ReportFile

ORDER = ("contacts", "persons", "followups")
Web = Mapping[Report, WebExport]


def open_database(
    project: Project, editions: Sequence[Edition], left_out: LeftOut | None = None
) -> duckdb.DuckDBPyConnection:
    """The tables of some editions, from their exports as they are corrected.

    `left_out` are the lines of the rows that a draft leaves out, by edition and file. Every table
    has the rows of all editions: `contacts`, `persons`, `followups`, `traffic`, `files`, and
    `calendar`.
    """
    database = duckdb.connect(config={"threads": "2"})
    # What a long count shows are the names of things, and never a bar of its own.
    database.execute("SET enable_progress_bar = false")
    database.execute(MACROS)
    lists = project.codelists()
    layouts = {
        source.layout: load_layout(project.layout_file(source.layout), project.root)
        for edition in editions
        for source in edition.sources
    }
    found = [texts_of(project, edition, layouts, left_out or {}) for edition in editions]
    for texts in found:
        for table, frame in texts.tables:
            _store(database, table, frame)
    reports = [report for texts in found for report in texts.reports]
    database.register("rows_read", _rows_read(found, made_of(editions, layouts), reports))
    web = {report: export for texts in found for report, export in texts.web.items()}
    for statement in statements(editions, layouts, lists, reports, web):
        database.execute(statement)
    return database


def _store(database: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Keep texts as a table: every statement would else go through the categories of each column.

    A key has as many categories as the file has rows.
    """
    database.register("texts_as_read", frame)
    columns = ", ".join(
        f"CAST({name(column)} AS VARCHAR) AS {name(column)}" if kind == "category" else name(column)
        for column, kind in zip(map(str, frame.columns), frame.dtypes, strict=True)
    )
    database.execute(f"CREATE TABLE {table} AS SELECT {columns} FROM texts_as_read")
    database.unregister("texts_as_read")


def made_of(editions: Sequence[Edition], layouts: Mapping[str, Layout]) -> list[Made]:
    """Every table that files of rows of some editions feed."""
    return [made for edition in editions for made in made_tables(edition, layouts)]


def _rows_read(
    found: Sequence[Texts], made: Sequence[Made], reports: Sequence[Report]
) -> pd.DataFrame:
    """How many rows the reading found in each file."""
    read = {texts.edition.edition: texts.read for texts in found}
    files = {
        (item.edition, item.name): read[item.edition][item.shown] for item in fed(made, reports)
    }
    return pd.DataFrame(
        {
            "edition": pd.Series([edition for edition, _ in files], dtype="str"),
            "file": pd.Series([name for _, name in files], dtype="str"),
            "rows": pd.Series([*files.values()], dtype="int64"),
        }
    )


def statements(
    editions: Sequence[Edition],
    layouts: Mapping[str, Layout],
    lists: Mapping[str, CodeList],
    reports: Sequence[Report],
    web: Web,
) -> Iterator[str]:
    """The statements that make the tables of some editions from the texts of their exports.

    `web` are the exports of folders of web analytics, of which no layout says how they are written.
    """
    parts = {
        "calendar": [calendar_sql(edition) for edition in editions],
        "helplines": [helplines_sql(edition) for edition in editions],
    }
    made = made_of(editions, layouts)
    for table in sorted(made, key=lambda item: ORDER.index(item.name)):
        parts.setdefault(table.name, []).append(table_sql(table, lists))
    for part, selects in parts.items():
        yield f"CREATE OR REPLACE TABLE {part} AS\n" + "\nUNION ALL BY NAME\n".join(selects) + ";"
    selects = []
    for report in reports:
        if isinstance(report.layout, ReportFile):
            selects += report_selects(report, lists)
        elif report in web:
            selects += web_selects(report, web[report], lists)
    yield traffic_sql(selects)
    yield files_sql(fed(made, reports))
