"""Write the script that makes all tables: the build runs it, and an auditor in the DuckDB shell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from helpline_report.exports.decoding import is_named_workbook
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout
from helpline_report.second_count.row_tables import (
    KEYS,
    RowSource,
    coded_fields,
    named_exports,
    parameter_tables,
    row_sources,
    row_tables,
)
from helpline_report.second_count.sql import create_table, quote, read_script
from helpline_report.second_count.web_tables import read_web_csv, traffic_tables

SCRIPT = "recount.sql"

HEAD = """
-- The tables that the statements of the traces count, made from the exports themselves.
--
-- Put the exports of each edition in a folder that is named after it ({folders}). Web analytics
-- exports, as CSV, stand in a folder in it that is named after their layout{web}.
-- Start the DuckDB shell in the folder above, and run: .read {name}
-- After it, each statement of a trace runs as it stands.
--
-- This is a second reading of the layouts: it shares no code with the chapters. That both counts
-- agree proves that codes, masks, joins and measures are computed without error. It doesn't prove
-- that a layout or a condition says the right thing: read those for themselves.
--
-- DuckDB reads UTF-8: save an export that is written otherwise in UTF-8 first, and take away what
-- stands above its header or below its rows. Corrections that lie beside the exports aren't made
-- here: make them in the exports first.
""".strip()

WORKBOOK = """
-- {name} is a workbook: save its sheet beside it as {path}, in UTF-8, with dates and times
-- as the layout writes them.
""".strip()

ROWS_READ = 'edition VARCHAR, file VARCHAR, "table" VARCHAR, rows BIGINT'


def write_script(
    editions: Sequence[Edition], layouts: Mapping[str, Layout], lists: Mapping[str, CodeList]
) -> str:
    """The whole script, as a file that DuckDB's shell runs; no path of a machine is in it."""
    sources = row_sources(editions, layouts)
    web = [
        f"{edition.edition}/{source.layout}/"
        for edition in editions
        for source in edition.sources
        if layouts[source.layout].web is not None
    ]
    folders = ", ".join(f"{edition.edition}/" for edition in editions)
    head = HEAD.format(folders=folders, name=SCRIPT, web=f" ({', '.join(web)})" if web else "")
    parts = [head, read_script("macros.sql"), *_read_rows(sources)]
    parts += read_web_csv(editions, layouts)
    parts += table_statements(editions, layouts, lists)
    return "\n\n".join(parts) + "\n"


def _read_rows(sources: Sequence[RowSource]) -> Iterator[str]:
    """The texts of the files of each layout, as DuckDB reads them itself, and how many rows."""
    names = {(each.edition.edition, each.label): name for each, _, name in named_exports(sources)}
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
    yield "-- How many rows each file has: of a file with blank rows, the trace counts these too."
    yield create_table("rows_read", ROWS_READ, [])
    for export, table, name in named_exports(sources):
        texts = next(each.texts for each in sources if export in each.exports)
        edition = quote(export.edition.edition)
        yield (
            f"INSERT INTO rows_read SELECT {edition}, {quote(name)}, {quote(table)}, count(*)\n"
            f"FROM {texts} WHERE export_edition = {edition};"
        )


def table_statements(
    editions: Sequence[Edition], layouts: Mapping[str, Layout], lists: Mapping[str, CodeList]
) -> Iterator[str]:
    """What makes all tables from the texts of the exports: the build and an auditor run it."""
    sources = row_sources(editions, layouts)
    yield from parameter_tables(editions, lists, coded_fields(sources))
    yield from row_tables(sources, lists)
    yield from traffic_tables(editions, layouts, lists)
    yield _files_table(sources)


def _files_table(sources: Sequence[RowSource]) -> str:
    """What became of the rows of each file: how many were read, used, repaired and left out.

    How many there are the reading of the file says, in `rows_read` and `web_files`.
    """
    tables = {table for source in sources for table in source.file.tables}
    counts = [
        f"  SELECT edition, '{table}' AS \"table\", 0 AS place,\n"
        "    count(*) FILTER (NOT mended) AS used, count(*) FILTER (mended) AS repaired\n"
        f"  FROM {table} GROUP BY edition"
        for table in KEYS
        if table in tables
    ]
    counts.append(
        "  SELECT edition, 'traffic' AS \"table\", file_place AS place,\n"
        "    count(DISTINCT row_place) FILTER (NOT mended) AS used,\n"
        "    count(DISTINCT row_place) FILTER (mended) AS repaired\n"
        "  FROM traffic GROUP BY edition, file_place"
    )
    union = "\n  UNION ALL\n".join(counts)
    return (
        "CREATE OR REPLACE TABLE files AS\n"
        'SELECT edition, file, "table", rows AS read, coalesce(used, 0) AS used,\n'
        "  coalesce(repaired, 0) AS repaired, rows - coalesce(used + repaired, 0) AS excluded\n"
        "FROM (\n"
        '  SELECT edition, file, "table", 0 AS place, rows FROM rows_read\n'
        "  UNION ALL\n"
        "  SELECT edition, file, 'traffic' AS \"table\", place, rows FROM web_files\n"
        f') LEFT JOIN (\n{union}\n) AS rows_kept USING (edition, "table", place);'
    )
