"""Make the database that the second count asks: every table of some editions, from their exports.

Both counts share the reading of files (bytes to rows of text, and corrections), nothing after it.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from helpline_report.exports.corrections import correct_exports
from helpline_report.exports.export_files import Export, read_export
from helpline_report.exports.text_tables import TextTable
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.input_files import list_web_files, number_duplicate_names
from helpline_report.parameters.layouts import Layout
from helpline_report.parameters.project import Project
from helpline_report.parameters.web_service import THOUSANDS
from helpline_report.second_count.recount_script import TEXTS, write_table_statements
from helpline_report.second_count.row_tables import RowSource, list_row_sources, name_exports
from helpline_report.second_count.sql import COLUMNS, quote, quote_name, read_script
from helpline_report.web_analytics.web_export import WebExport, read_web_export

LinesLeftOut = Mapping[tuple[str, str], frozenset[int]]
ReadExports = Mapping[str, Sequence[Export]]
# DuckDB writes what doesn't fit to a private folder until the count is done.
MEMORY = "1400MB"
# A column with more distinct texts is handed to DuckDB as Arrow, which it doesn't copy.
FEW = 10_000


def open_database(
    project: Project,
    editions: Sequence[Edition],
    left_out: LinesLeftOut | None = None,
    exports: ReadExports | None = None,
) -> duckdb.DuckDBPyConnection:
    """The tables of some editions, from their corrected exports.

    `left_out` are the lines that a draft leaves out, by edition and file; `exports`, by edition,
    those that were read and corrected already. The tables `contacts`, `persons`, `followups`,
    `traffic` and `files` have the rows of all editions; others hold the parameters.

    Raises:
        CorrectionsError: corrections beside the exports that don't go with them.
    """
    spilled = project.private / f"spilled-{editions[0].edition}"
    # A killed count may have left files there; nobody else counts this year now.
    shutil.rmtree(spilled, ignore_errors=True)
    database = duckdb.connect(
        ":memory:",
        config={"threads": "2", "memory_limit": MEMORY, "temp_directory": spilled.as_posix()},
    )
    database.execute("SET enable_progress_bar = false")
    layouts = project.layouts(editions)
    sources = list_row_sources(editions, layouts)
    views = {
        (file.edition.edition, file.label): f"{source.texts}_{file.edition.edition}"
        for source in sources
        for file in source.exports
    }
    read: dict[tuple[str, str], int] = {}
    for edition in editions:
        known = (exports or {}).get(edition.edition)
        for export in known or _read_exports(project, edition, sources):
            file = (edition.edition, export.file)
            lines = (left_out or {}).get(file, frozenset())
            database.register(views[file], _rows(export, lines))
            read[file] = export.read
    for source in sources:
        database.execute(_texts_view(source))
    for table, frame in _web_texts(project, editions, layouts).items():
        _insert(database, table, frame)
    rows = [
        (export.edition.edition, name, table, read[export.edition.edition, export.label])
        for _, export, table, name in name_exports(sources)
    ]
    frame = pd.DataFrame(rows, columns=["edition", "file", "table", "rows"])
    _insert(database, "rows_read", frame)
    database.execute(read_script("macros.sql"))
    for statement in write_table_statements(editions, layouts, project.codelists_of(editions[0])):
        database.execute(statement)
    return database


def _insert(database: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    database.register("frame", frame)
    database.execute(f"CREATE TABLE IF NOT EXISTS {table} ({COLUMNS[table]})")
    database.execute(f"INSERT INTO {table} BY NAME SELECT * FROM frame")
    database.unregister("frame")


def _read_exports(
    project: Project, edition: Edition, sources: Sequence[RowSource]
) -> Sequence[Export]:
    """The files of rows of an edition as they are corrected."""
    files = [each for source in sources for each in source.exports if each.edition == edition]
    exports = [read_export(file.path(project), file.label, file.layout) for file in files]
    return correct_exports(project, edition, exports)[0]


def _rows(export: Export, left_out: frozenset[int]) -> pd.DataFrame:
    """The texts of a file by column, with the line of each row and whether it was mended."""
    table, titles = export.table, export.layout.expected()
    if table is None:
        table = TextTable(dict.fromkeys(titles, pd.Categorical([])), np.array([], dtype=np.int32))
    mended = np.concatenate([np.empty(0, dtype=np.int32), *export.mended.values()])
    texts = {title: _texts(table.columns[title]) for title in titles}
    frame = pd.DataFrame(
        {"export_line": table.lines, "export_mended": np.isin(table.lines, mended), **texts}
    )
    return frame[~np.isin(table.lines, [*left_out])] if left_out else frame


def _texts(column: pd.Categorical) -> pd.Series:
    if len(column.categories) <= FEW or find_spec("pyarrow") is None:
        return pd.Series(column)
    import pyarrow as pa  # noqa: PLC0415 - an optional part

    distinct = pa.table({"texts": column.categories.array})["texts"].combine_chunks()
    texts = pa.DictionaryArray.from_arrays(column.codes, distinct)
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.chunked_array([texts])))


def _texts_view(source: RowSource) -> str:
    """The statement of a view of the texts of a layout's files, of all editions."""
    titles = [quote_name(title) for title in source.file.expected()]
    listed = "".join(f", {title}::VARCHAR AS {title}" for title in titles)
    union = "\nUNION ALL ".join(
        f"SELECT {quote(each.edition.edition)} AS export_edition, export_line, export_mended"
        f"{listed}\nFROM {quote_name(f'{source.texts}_{each.edition.edition}')}"
        for each in source.exports
    )
    return f"CREATE VIEW {source.texts} AS {union}"


def _web_texts(
    project: Project, editions: Sequence[Edition], layouts: Mapping[str, Layout]
) -> Mapping[str, pd.DataFrame]:
    """The texts of web analytics exports as `COLUMNS` has them, in the order of the parameters."""
    files = [file for each in editions for file in list_web_files(project, each, layouts)]
    names = number_duplicate_names(
        [(each.edition.edition, each.label, each.public_name) for each in files]
    )
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TEXTS}
    for place, (file, name) in enumerate(zip(files, names, strict=True)):
        export = read_web_export(file.path(project), file.label, file.layout)
        own = {"layout": file.layout.thousands} if file.layout.thousands else {}
        for table, row in _texts_of(export, file.source.layout, place, THOUSANDS | own):
            rows[table].append((file.edition.edition, name, *row))
    return {
        name: pd.DataFrame(
            rows[name], columns=[each.split()[0] for each in COLUMNS[name].split(", ")]
        )
        for name in TEXTS
    }


def _texts_of(
    export: WebExport, layout: str, place: int, thousands: Mapping[str, str]
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The rows of each table of texts, without edition and file."""
    yield "web_files", (place, sum(1 for _ in export.lines))
    for number, block in enumerate(export.blocks, start=1):
        heading, period = block.heading, block.period
        dimension = heading.only_dimension
        known = bool(heading.metrics) and not heading.has_unknown_dimension
        of_block = (place, layout, export.kind, number, export.property_ or "")
        days = (period.start, period.end) if period else (None, None)
        by = (dimension[1] if dimension else None, len(heading.dimensions))
        marks = [thousands[each] for each in sorted(heading.languages) if each in thousands]
        visits = (known, heading.covers_all_visits, bool(heading.visitor_places))
        yield "web_blocks", (*of_block, *days, *by, *visits, marks)
        for row in (*block.rows, *block.totals[:1]):
            label = row.cells[dimension[0]] if dimension and row.cells else ""
            of_row = (number, row.number, row.number, row in block.totals, label)
            for column, metric in heading.metrics.items():
                if column < len(row.cells):
                    yield "web_cells", (*of_row, column, metric, row.cells[column])
