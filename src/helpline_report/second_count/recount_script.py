"""Write the scripts that make all tables: the build runs them, and an auditor in DuckDB's shell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from helpline_report.exports.decoding import is_named_workbook
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout
from helpline_report.second_count.row_tables import (
    RowSource,
    files_table,
    named_exports,
    parameter_tables,
    row_sources,
    row_tables,
)
from helpline_report.second_count.sql import create_table, quote, read_script
from helpline_report.second_count.web_tables import read_web_csv, traffic_tables

SCRIPT = "recount.sql"
WEB_SCRIPT = "recount-web.sql"

HEAD = """
-- The tables that the statements of the traces count, made from the exports themselves.
--
-- Put the exports of each edition in a folder that is named after it ({folders}).
-- Start the DuckDB shell in the folder above, and run: .read {name}
-- After it, each statement of a trace runs as it stands{but}.
--
-- This is a second reading of the layouts: it shares no code with the chapters. That both counts
-- agree proves that codes, masks, joins and measures are computed without error. It doesn't prove
-- that a layout or a condition says the right thing: read those for themselves.
--
-- DuckDB reads UTF-8: save an export that is written otherwise in UTF-8 first, and take away what
-- stands above its header or below its rows. Corrections that lie beside the exports aren't made
-- here: make them in the exports first.
""".strip()

WEB_HEAD = """
-- The table of website traffic, made from the exports of web analytics as CSV. They stand in a
-- folder that is named after their layout, in that of their edition: {folders}.
-- Run {rows} first, then: .read {name}
""".strip()

WORKBOOK = """
-- {name} is a workbook: save its sheet beside it as {path}, in UTF-8, with dates and times
-- as the layout writes them.
""".strip()

ROWS_READ = 'edition VARCHAR, file VARCHAR, "table" VARCHAR, rows BIGINT'


def write_scripts(
    editions: Sequence[Edition], layouts: Mapping[str, Layout], lists: Mapping[str, CodeList]
) -> dict[str, str]:
    """The scripts by their names, as DuckDB's shell runs them; no path of a machine is in them.

    That of website traffic is there only if the editions have exports of it.
    """
    sources = row_sources(editions, layouts)
    web = [
        f"{edition.edition}/{source.layout}/"
        for edition in editions
        for source in edition.sources
        if layouts[source.layout].web is not None
    ]
    folders = ", ".join(f"{edition.edition}/" for edition in editions)
    but = f", and of website traffic after {WEB_SCRIPT}" if web else ""
    head = HEAD.format(folders=folders, name=SCRIPT, but=but)
    parts = [head, read_script("macros.sql"), *_read_rows(sources)]
    parts += _tables_of_rows(editions, sources, lists)
    scripts = {SCRIPT: parts}
    if web:
        head = WEB_HEAD.format(folders=", ".join(web), rows=SCRIPT, name=WEB_SCRIPT)
        made = traffic_tables(editions, layouts, lists)
        scripts[WEB_SCRIPT] = [head, *read_web_csv(editions, layouts), *made]
    return {name: "\n\n".join(parts) + "\n" for name, parts in scripts.items()}


def _read_rows(sources: Sequence[RowSource]) -> Iterator[str]:
    """The texts of the files of each layout, as DuckDB reads them itself, and how many rows."""
    named = list(named_exports(sources))
    names = {(each.edition.edition, each.label): name for _, each, _, name in named}
    for source in sources:
        selects = []
        for export in source.exports:
            edition = export.edition.edition
            path = f"{edition}/{names[edition, export.label]}"
            if is_named_workbook(path):
                text = path.rpartition(".")[0] + ".csv"
                yield WORKBOOK.format(name=path, path=text)
                path = text
            selects.append(
                f"SELECT {quote(edition)} AS export_edition,\n"
                "  row_number() OVER () + 1 AS export_line, false AS export_mended, *\n"
                f"FROM read_csv({quote(path)}, delim = {quote(source.file.delimiter)}, "
                "header = true,\n  all_varchar = true, nullstr = '␀', quote = '\"')"
            )
        union = "\nUNION ALL BY NAME\n".join(selects)
        yield f"CREATE OR REPLACE TABLE {source.texts} AS\n{union};"
    counted = "\nUNION ALL\n".join(
        f"SELECT {quote(export.edition.edition)}, {quote(name)}, {quote(table)}, count(*) "
        f"FROM {source.texts} WHERE export_edition = {quote(export.edition.edition)}"
        for source, export, table, name in named
    )
    yield "-- How many rows each file has: of a file with blank rows, the trace counts these too."
    yield create_table("rows_read", ROWS_READ, [])
    yield f"INSERT INTO rows_read\n{counted};"


def table_statements(
    editions: Sequence[Edition], layouts: Mapping[str, Layout], lists: Mapping[str, CodeList]
) -> Iterator[str]:
    """What makes all tables from the texts of the exports: the build and an auditor run it."""
    yield from _tables_of_rows(editions, row_sources(editions, layouts), lists)
    yield from traffic_tables(editions, layouts, lists)


def _tables_of_rows(
    editions: Sequence[Edition], sources: Sequence[RowSource], lists: Mapping[str, CodeList]
) -> Iterator[str]:
    yield from parameter_tables(editions, lists, sources)
    yield from row_tables(sources, lists)
    yield files_table([table for source in sources for table in source.file.tables])
