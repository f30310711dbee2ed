"""A database of an edition's exports: their texts as they were read, and the tables made of them.

The reading of files (bytes to rows of text) is what both counts share; nothing after it is.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence

import duckdb
import pandas as pd

from helpline_report.audit.recount.files import fed, files_sql
from helpline_report.audit.recount.held import AS_TEXTS, Held
from helpline_report.audit.recount.holding import held_small
from helpline_report.audit.recount.plainly import with_plain_forms
from helpline_report.audit.recount.preamble import (
    Made,
    calendar_sql,
    helplines_sql,
    made_tables,
    table_sql,
)
from helpline_report.audit.recount.reports import Report, report_selects, traffic_sql
from helpline_report.audit.recount.small import Columns, drop, store_small
from helpline_report.audit.recount.texts import LeftOut, Texts, texts_of
from helpline_report.audit.recount.untouched import Standing, Untouched
from helpline_report.audit.recount.web import web_selects
from helpline_report.audit.recount.writing import MACROS, name
from helpline_report.exports.web.model import WebExport
from helpline_report.params.codelists import CodeList
from helpline_report.params.edition import Edition
from helpline_report.params.layouts import Layout, load_layout
from helpline_report.params.project import Project
from helpline_report.params.report_layouts import ReportFile

# What doesn't fit is laid aside in a private folder, until the count is done.
MEMORY = "1200MB"
ORDER = ("contacts", "persons", "followups")
# From how many rows on it pays to look at the cells of a file before they are stored.
MANY = 100_000
Web = Mapping[Report, WebExport]


def open_database(
    project: Project,
    editions: Sequence[Edition],
    left_out: LeftOut | None = None,
    standing: Standing | None = None,
    *,
    lists: Mapping[str, CodeList] | None = None,
) -> duckdb.DuckDBPyConnection:
    """The tables of some editions, from their exports as they are corrected.

    `left_out` are the lines of the rows that a draft leaves out, by edition and file; `standing`
    the files of which their reading left all rows as they are. Every table has the rows of all
    editions: `contacts`, `persons`, `followups`, `traffic`, `files`, and `calendar`.
    """
    # DuckDB makes one folder, and none above it.
    spilled = project.private / f"spilled-{editions[0].edition}"
    # What a count that was killed left there; nobody else counts this year now.
    shutil.rmtree(spilled, ignore_errors=True)
    memory = {"memory_limit": MEMORY, "temp_directory": spilled.as_posix()}
    database = duckdb.connect(config={"threads": "2", **memory})
    # What a long count shows are the names of things, and never a bar of its own.
    database.execute("SET enable_progress_bar = false")
    database.execute(MACROS)
    lists = project.codelists() if lists is None else lists
    layouts = {
        source.layout: load_layout(project.layout_file(source.layout), project.root)
        for edition in editions
        for source in edition.sources
    }
    found = [
        texts_of(project, edition, layouts, left_out=left_out or {}, standing=standing or {})
        for edition in editions
    ]
    reports = [report for texts in found for report in texts.reports]
    made = made_of(editions, layouts)
    database.register("rows_read", _rows_read(found, made, reports))
    web = {report: export for texts in found for report, export in texts.web.items()}
    texts = {table: given for one in found for table, given in one.tables}
    held = _stored(database, editions, made, lists, texts)
    left = list(made)
    parts, made_by = zip(
        *statements(editions, layouts, lists, reports, web, held=held), strict=True
    )
    for part, statement in zip(parts, with_plain_forms(database, made_by), strict=True):
        database.execute(statement)
        # A year of millions is held as texts no longer than it takes to make tables of it.
        done = {item.export for item in left if item.name == part}
        left = [item for item in left if item.name != part]
        for table in sorted(done - {item.export for item in left}):
            drop(database, table, held)
    return database


def _stored(
    database: duckdb.DuckDBPyConnection,
    editions: Sequence[Edition],
    made: Sequence[Made],
    lists: Mapping[str, CodeList],
    texts: dict[str, pd.DataFrame | Untouched],
) -> Held:
    """Store all texts; says how the tables that are made of them are held."""
    feeds = {item.export: item for item in made}
    many = any(_rows(given) >= MANY for table, given in texts.items() if table in feeds)
    known = Columns()
    for table in list(texts):
        given = texts.pop(table)
        if table in feeds and isinstance(given, Untouched) and given.rows >= MANY:
            store_small(database, table, given, feeds[table].file, known)
        else:
            _store(database, table, given)
    return held_small(database, editions, made, lists, known) if many else AS_TEXTS


def _rows(given: pd.DataFrame | Untouched) -> int:
    return given.rows if isinstance(given, Untouched) else len(given)


def _store(
    database: duckdb.DuckDBPyConnection, table: str, given: pd.DataFrame | Untouched
) -> None:
    """Keep texts as a table: every statement would else read them, or their categories, again."""
    if isinstance(given, Untouched):
        database.execute(f"CREATE TABLE {table} AS {given.sql()}")
        return
    database.register("texts_as_read", given)
    columns = ", ".join(
        f"CAST({name(column)} AS VARCHAR) AS {name(column)}" if kind == "category" else name(column)
        for column, kind in zip(map(str, given.columns), given.dtypes, strict=True)
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
