"""The preamble that an auditor runs in the DuckDB shell before the statements of the trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from helpline_report.audit.recount.files import Fed, fed
from helpline_report.audit.recount.preamble import Made
from helpline_report.audit.recount.statements import made_of, statements
from helpline_report.audit.recount.web_traffic import csv_statements
from helpline_report.audit.recount.writing import MACROS, text
from helpline_report.exports.file_types import is_named_workbook
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout

PREAMBLE = "recount.sql"

HEAD = """
-- The tables that the statements of the trace count, made from the exports themselves.
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

# A line is cut at its marks but for those in quotes.
READING = r"""
CREATE OR REPLACE MACRO cells_of(written, mark) AS
  list_transform(
    regexp_extract_all(written || mark, '("(?:[^"]|"")*"|[^' || mark || ']*)' || mark, 1),
    lambda cell: replace(regexp_replace(cell, '^"(.*)"$', '\1'), '""', '"'));
""".strip()

WORKBOOK = """
-- {name} is a workbook: save its sheet beside it as {path}, in UTF-8, with dates and times
-- as the layout writes them.
""".strip()


def script(
    editions: Sequence[Edition], layouts: Mapping[str, Layout], lists: Mapping[str, CodeList]
) -> str:
    """The whole preamble, as a file that DuckDB's shell runs; no path of a machine is in it."""
    folders = ", ".join(f"{edition.edition}/" for edition in editions)
    made = made_of(editions, layouts)
    files = fed(made)
    web = [
        f"{edition.edition}/{source.layout}/"
        for edition in editions
        for source in edition.sources
        if layouts[source.layout].web is not None
    ]
    named = f" ({', '.join(web)})" if web else ""
    parts = [HEAD.format(folders=folders, name=PREAMBLE, web=named), MACROS, READING]
    parts += _exports(made, files)
    parts += [_rows_read(made, files), csv_statements(editions, layouts)]
    parts += [statement for _, statement in statements(editions, layouts, lists)]
    return "\n\n".join(parts) + "\n"


def _exports(made: Sequence[Made], files: Sequence[Fed]) -> Iterator[str]:
    """The texts of each file of rows, as DuckDB reads them itself."""
    names = {(file.edition, file.shown): file.name for file in files}
    for item in {item.export: item for item in made}.values():
        edition = item.edition.edition
        written = names[edition, item.shown]
        path = f"{edition}/{written}"
        if is_named_workbook(written):
            path = path.rpartition(".")[0] + ".csv"
            yield WORKBOOK.format(name=f"{edition}/{written}", path=path)
        yield (
            f"CREATE OR REPLACE TABLE {item.export} AS\n"
            "SELECT row_number() OVER () + 1 AS physical_line, false AS read_mended, *\n"
            f"FROM read_csv({text(path)}, delim = {text(item.file.delimiter)}, header = true,\n"
            "  all_varchar = true, nullstr = '␀', quote = '\"');"
        )


def _rows_read(made: Sequence[Made], files: Sequence[Fed]) -> str:
    """How many rows each file has, as DuckDB reads it: rows that are blank aren't among them."""
    names = {(file.edition, file.shown): file.name for file in files}
    counted: dict[tuple[str, str], list[str]] = {}
    for item in made:
        counted[item.edition.edition, item.shown] = [item.export]
    none = "SELECT ''::VARCHAR AS edition, ''::VARCHAR AS file, 0::BIGINT AS rows WHERE false"
    selects = [
        f"SELECT {text(key[0])}, {text(names[key])}, "
        + " + ".join(f"(SELECT count(*) FROM {table})" for table in tables)
        for key, tables in counted.items()
    ]
    return (
        "-- How many rows each file has: of a file with blank rows, the trace counts these too.\n"
        "CREATE OR REPLACE TABLE rows_read AS\n" + "\nUNION ALL ".join([none, *selects]) + ";"
    )
