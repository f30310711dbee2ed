"""Make the database that the second count asks: every table of some editions, from their exports.

Both counts share the reading of files (bytes to rows of text, and corrections), nothing after it.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pandas as pd

from helpline_report.exports.corrected_exports import CorrectedExports, correct_exports
from helpline_report.exports.export_files import Export, read_export
from helpline_report.exports.text_tables import TextColumn
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout, load_layout
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import RowFile
from helpline_report.second_count.row_tables import RowSource, named_exports, row_sources
from helpline_report.second_count.sql import quote, quote_name, read_script
from helpline_report.second_count.table_statements import table_statements
from helpline_report.second_count.web_texts import read_web_files, text_tables
from helpline_report.second_count.web_traffic import TEXTS

LeftOut = Mapping[tuple[str, str], frozenset[int]]
# What doesn't fit is laid aside in a private folder, until the count is done.
MEMORY = "1200MB"
# A column whose texts seldom stand twice is kept as texts; of another each text is kept once.
OFTEN = 4


def open_database(
    project: Project, editions: Sequence[Edition], left_out: LeftOut | None = None
) -> duckdb.DuckDBPyConnection:
    """The tables of some editions, from their exports as they are corrected.

    `left_out` are the lines of the rows that a draft leaves out, by edition and file. Every table
    has the rows of all editions: `contacts`, `persons`, `followups`, `traffic` and `files`; and
    there are those of the parameters.

    Raises:
        CorrectionsError: corrections beside the exports that don't go with them.
    """
    database = _connect(project, editions[0].edition)
    layouts = load_layouts(project, editions)
    sources = row_sources(editions, layouts)
    read: dict[tuple[str, str], int] = {}
    for edition in editions:
        read |= _store_rows(database, project, edition, sources, left_out or {})
    _store_web(database, project, editions, layouts)
    database.register("rows_read", _rows_read(sources, read))
    database.execute(read_script("macros.sql"))
    for statement in table_statements(editions, layouts, project.codelists()):
        database.execute(statement)
    database.unregister("rows_read")
    for source in sources:
        database.execute(f"DROP TABLE IF EXISTS {source.texts}")
    return database


def load_layouts(project: Project, editions: Sequence[Edition]) -> dict[str, Layout]:
    """The layouts of the sources of some editions, by name."""
    return {
        source.layout: load_layout(project.layout_file(source.layout), project.root)
        for edition in editions
        for source in edition.sources
    }


def _connect(project: Project, edition: str) -> duckdb.DuckDBPyConnection:
    spilled = project.private / f"spilled-{edition}"
    # What a count that was killed left there; nobody else counts this year now.
    shutil.rmtree(spilled, ignore_errors=True)
    database = duckdb.connect(
        ":memory:",
        config={"threads": "2", "memory_limit": MEMORY, "temp_directory": spilled.as_posix()},
    )
    # What a long count shows are the names of things, and never a bar of its own.
    database.execute("SET enable_progress_bar = false")
    return database


def _store_rows(
    database: duckdb.DuckDBPyConnection,
    project: Project,
    edition: Edition,
    sources: Sequence[RowSource],
    left_out: LeftOut,
) -> dict[tuple[str, str], int]:
    """Store the rows of an edition's files; returns how many each has, by edition and file."""
    files: dict[str, RowSource] = {}
    exports = []
    for source in sources:
        for each in source.exports:
            if each.edition == edition:
                files[each.shown] = source
                path = project.resolve(each.folder) / each.written
                exports.append(read_export(path, each.shown, source.file))
    layouts: dict[str, RowFile] = {shown: source.file for shown, source in files.items()}
    corrected = correct_exports(project, edition, layouts, exports)
    for export in corrected.exports:
        lines = left_out.get((edition.edition, export.file), frozenset())
        if export.rows.table is not None:
            _insert_rows(database, files[export.file], edition, _rows(export, corrected, lines))
    return {(edition.edition, export.file): export.rows.read for export in corrected.exports}


def _insert_rows(
    database: duckdb.DuckDBPyConnection, source: RowSource, edition: Edition, rows: pd.DataFrame
) -> None:
    columns = ", ".join(
        f"{quote_name(title)}::VARCHAR AS {quote_name(title)}" for title in source.file.expected()
    )
    own = f"{quote(edition.edition)} AS export_edition, export_line, export_mended"
    select = f"SELECT {own}, {columns} FROM rows"
    database.register("rows", rows)
    database.execute(f"CREATE TABLE IF NOT EXISTS {source.texts} AS {select} LIMIT 0")
    database.execute(f"INSERT INTO {source.texts} BY NAME {select}")
    database.unregister("rows")


def _rows(export: Export, corrected: CorrectedExports, left_out: frozenset[int]) -> pd.DataFrame:
    """The texts of a file of rows, a column each, with where they stand."""
    table = export.rows.table
    assert table is not None  # noqa: S101 - the caller looked
    before = corrected.corrected_rows(export)
    touched = np.zeros(len(table), dtype=np.bool_) if before is None else before.copy()
    for lines in export.rows.mended.values():
        touched |= np.isin(table.lines, lines)
    texts = {name: _column(column) for name, column in table.columns.items()}
    frame = pd.DataFrame({"export_line": table.lines, "export_mended": touched, **texts})
    return frame[~np.isin(table.lines, [*left_out])] if left_out else frame


def _column(column: TextColumn) -> object:
    if len(column.distinct) * OFTEN < len(column):
        return column.series()
    return np.array(list(column.distinct), dtype=np.object_)[column.codes]


def _store_web(
    database: duckdb.DuckDBPyConnection,
    project: Project,
    editions: Sequence[Edition],
    layouts: Mapping[str, Layout],
) -> None:
    """Store the texts of the web analytics exports of all editions."""
    files = [file for edition in editions for file in read_web_files(project, edition, layouts)]
    for table, frame in text_tables(files).items():
        database.register("web_texts", frame)
        database.execute(f"CREATE TABLE {table} ({TEXTS[table]})")
        database.execute(f"INSERT INTO {table} SELECT * FROM web_texts")
        database.unregister("web_texts")


def _rows_read(sources: Sequence[RowSource], read: Mapping[tuple[str, str], int]) -> pd.DataFrame:
    """How many rows the reading found in each file, a row for each table that a file feeds."""
    rows = [
        (export.edition.edition, name, table, read[export.edition.edition, export.shown])
        for export, table, name in named_exports(sources)
    ]
    frame = pd.DataFrame(rows, columns=["edition", "file", "table", "rows"])
    return frame.astype({"edition": "str", "file": "str", "table": "str", "rows": "int64"})
