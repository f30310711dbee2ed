"""The preamble that an auditor runs in the DuckDB shell before the statements of the trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from helpline_report.audit.recount.files import Fed, fed
from helpline_report.audit.recount.preamble import Made
from helpline_report.audit.recount.reports import Report, reports_of
from helpline_report.audit.recount.statements import made_of, statements
from helpline_report.audit.recount.writing import MACROS, name, text
from helpline_report.exports.named import is_named_workbook
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout
from helpline_report.parameters.report_layouts import Block, ReportFile

PREAMBLE = "recount.sql"

HEAD = """
-- The tables that the statements of the trace count, made from the exports themselves.
--
-- Put the exports of each edition in a folder that is named after it ({folders}), without folders
-- in it, start the DuckDB shell in the folder above, and run: .read {name}
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

# A line is cut at its marks but for those in quotes; no cell of a report runs over two lines.
READING = r"""
CREATE OR REPLACE MACRO lines_of(path) AS TABLE
  SELECT generate_subscripts(lines, 1) AS line, unnest(lines) AS written
  FROM (SELECT string_split(replace(coalesce((SELECT content FROM read_text(path)),
    error('there is no file ' || path)), chr(13), ''), chr(10)) AS lines);
CREATE OR REPLACE MACRO cells_of(written, mark) AS
  list_transform(
    regexp_extract_all(written || mark, '("(?:[^"]|"")*"|[^' || mark || ']*)' || mark, 1),
    lambda cell: replace(regexp_replace(cell, '^"(.*)"$', '\1'), '""', '"'));
""".strip()

ANY_FORM = """
-- The web analytics exports of {edition} may be of any form: a workbook, or JSON, or several tables
-- in one file, which DuckDB doesn't take apart by itself. Their figures aren't in `traffic` below.
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
    reports = [report for edition in editions for report in reports_of(edition, layouts)]
    files = fed(made, reports)
    parts = [HEAD.format(folders=folders, name=PREAMBLE), MACROS, READING]
    parts += _exports(made, files)
    for report in reports:
        parts += _report(report)
    parts.append(_rows_read(made, reports, files))
    for edition in editions:
        if any(layouts[source.layout].web is not None for source in edition.sources):
            parts.append(ANY_FORM.format(edition=edition.edition))
    parts += [made for _, made in statements(editions, layouts, lists, reports, {})]
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


def _report(report: Report) -> Iterator[str]:
    """The lines of a report, and the rows of each of its blocks."""
    layout = report.layout
    assert isinstance(layout, ReportFile)  # noqa: S101 - others aren't listed without a folder
    path = f"{report.edition.edition}/{report.name}"
    yield (
        f"CREATE OR REPLACE TABLE {report.table} AS\n"
        f"SELECT line, cells_of(written, {text(layout.delimiter)}) AS cells "
        f"FROM lines_of({text(path)})\n"
        "WHERE len(list_filter(cells, lambda cell: bare(cell) <> '')) > 0;"
    )
    for place, block in enumerate(layout.blocks, start=1):
        yield _block(report, place, block, [other.column for other in layout.blocks])


def _block(report: Report, place: int, block: Block, starts: Sequence[str]) -> str:
    """The rows below the header of one block, up to that of the next; the last is the total."""
    begins = f"plain(cells[1]) = plain({text(block.column)})"
    any_begins = ", ".join(f"plain({text(start)})" for start in starts)
    columns = ",\n  ".join(
        f"cells[list_position(names, plain({text(column)}))] AS {name(column)}"
        for column in block.expected()
    )
    return (
        f"CREATE OR REPLACE TABLE {report.block_table(place)} AS\n"
        "WITH header AS (\n"
        "  SELECT line AS header_line, list_transform(cells, lambda said: plain(said)) AS names\n"
        f"  FROM {report.table} WHERE {begins} ORDER BY line LIMIT 1\n"
        "), below AS (\n"
        f"  SELECT min(line) AS next_header FROM {report.table}, header\n"
        f"  WHERE line > header_line AND plain(cells[1]) IN ({any_begins})\n"
        ")\n"
        "SELECT line AS physical_line, line AS row_place, bare(cells[1]) = '' AS is_total,\n"
        f"  {columns}\n"
        f"FROM {report.table}, header, below\n"
        "WHERE line > header_line AND (next_header IS NULL OR line < next_header);"
    )


def _rows_read(made: Sequence[Made], reports: Sequence[Report], files: Sequence[Fed]) -> str:
    """How many rows each file has, as DuckDB reads it: rows that are blank aren't among them."""
    names = {(file.edition, file.shown): file.name for file in files}
    counted: dict[tuple[str, str], list[str]] = {}
    for item in made:
        counted[item.edition.edition, item.shown] = [item.export]
    for report in reports:
        assert isinstance(report.layout, ReportFile)  # noqa: S101 - see _report
        blocks = range(1, len(report.layout.blocks) + 1)
        key = (report.edition.edition, report.shown)
        counted[key] = [report.block_table(place) for place in blocks]
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
