"""A database of an edition's exports: their texts as they were read, and the tables made of them.

The reading of files (bytes to rows of text) is what both counts share; nothing after it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import numpy as np
import pandas as pd

from helpline_report.audit.recount.preamble import (
    MACROS,
    Made,
    calendar_sql,
    export_name,
    helplines_sql,
    made_tables,
    table_sql,
)
from helpline_report.exports.mended import corrected
from helpline_report.exports.read import Export, read_export
from helpline_report.params.codelists import CodeList
from helpline_report.params.edition import Edition
from helpline_report.params.layouts import Layout, load_layout
from helpline_report.params.project import Project
from helpline_report.params.row_layouts import RowFile

LeftOut = Mapping[tuple[str, str], frozenset[int]]


def open_database(
    project: Project, editions: Sequence[Edition], left_out: LeftOut | None = None
) -> duckdb.DuckDBPyConnection:
    """The tables of some editions, from their exports as they are corrected.

    `left_out` are the lines of the rows that a draft leaves out, by edition and file.
    Every table has the rows of all of them: `contacts`, `persons`, `followups` and `calendar`.
    """
    database = duckdb.connect(config={"threads": "2"})
    database.execute(MACROS)
    lists = project.codelists()
    layouts = {
        source.layout: load_layout(project.layout_file(source.layout), project.root)
        for edition in editions
        for source in edition.sources
    }
    for edition in editions:
        for name, texts in _texts(project, edition, layouts, left_out or {}):
            database.register(name, texts)
    for statement in statements(editions, layouts, lists):
        database.execute(statement)
    return database


def statements(
    editions: Sequence[Edition], layouts: Mapping[str, Layout], lists: Mapping[str, CodeList]
) -> Iterator[str]:
    """The statements that make the tables of some editions from the texts of their exports."""
    parts = {
        "calendar": [calendar_sql(edition) for edition in editions],
        "helplines": [helplines_sql(edition) for edition in editions],
    }
    made: list[Made] = [table for edition in editions for table in made_tables(edition, layouts)]
    for table in made:
        parts.setdefault(table.name, []).append(table_sql(table, lists))
    for name, selects in parts.items():
        yield f"CREATE OR REPLACE TABLE {name} AS\n" + "\nUNION ALL BY NAME\n".join(selects) + ";"


def _texts(
    project: Project, edition: Edition, layouts: Mapping[str, Layout], left_out: LeftOut
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The texts of each file of rows, by the name of its table."""
    exports: list[Export] = []
    files: dict[str, tuple[str, RowFile]] = {}
    for source in edition.sources:
        for file_id, file in layouts[source.layout].files.items():
            written = source.files.get(file_id, file.name)
            shown = f"{source.folder.rstrip('/')}/{written}"
            files[shown] = (export_name(edition.edition, file_id), file)
            exports.append(read_export(project.resolve(source.folder) / written, shown, file))
    given = {shown: file for shown, (_, file) in files.items()}
    for export in corrected(project, edition, given, exports).exports:
        table = export.rows.table
        lines = left_out.get((edition.edition, export.file), frozenset())
        if table is not None:
            yield files[export.file][0], table.take(~np.isin(table.lines, [*lines])).frame()
