"""The preamble that an auditor runs in the DuckDB shell before the statements of the trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from helpline_report.audit.recount.database import statements
from helpline_report.audit.recount.preamble import MACROS, export_name
from helpline_report.params.codelists import CodeList
from helpline_report.params.edition import Edition
from helpline_report.params.layouts import Layout
from helpline_report.params.row_layouts import RowFile

PREAMBLE = "recount.sql"

HEAD = """
-- The tables that the statements of the trace count, made from the exports themselves.
--
-- Put the exports of each edition in a folder that is named after it ({folders}), start the DuckDB
-- shell in the folder above, and run: .read {name}
-- After it, each statement of a trace runs as it stands.
--
-- This is a second reading of the layouts: it shares no code with the chapters. That both counts
-- agree proves that codes, masks, joins and measures are computed without error. It doesn't prove
-- that a layout or a condition says the right thing: read those for themselves.
--
-- DuckDB reads UTF-8: save an export that is written otherwise in UTF-8 first.
""".strip()


def script(
    editions: Sequence[Edition], layouts: Mapping[str, Layout], lists: Mapping[str, CodeList]
) -> str:
    """The whole preamble of an edition and its comparison: macros, texts of exports, tables."""
    folders = " and ".join(f"{edition.edition}/" for edition in editions)
    parts = [HEAD.format(folders=folders, name=PREAMBLE), MACROS]
    parts += _exports(editions, layouts)
    parts += statements(editions, layouts, lists)
    return "\n\n".join(parts) + "\n"


def _exports(editions: Sequence[Edition], layouts: Mapping[str, Layout]) -> Iterator[str]:
    """The texts of each export, as DuckDB reads them itself."""
    for edition in editions:
        for source in edition.sources:
            for file_id, file in layouts[source.layout].files.items():
                written = source.files.get(file_id, file.name).rpartition("/")[2]
                yield _export(export_name(edition.edition, file_id), edition.edition, written, file)


def _export(name: str, folder: str, written: str, file: RowFile) -> str:
    path = _text(f"{folder}/{written}")
    return (
        f"CREATE OR REPLACE TABLE {name} AS\n"
        f"SELECT row_number() OVER () + 1 AS line, * FROM read_csv({path},\n"
        f"  delim = {_text(file.delimiter)}, header = true, all_varchar = true, "
        "nullstr = '␀', quote = '\"');"
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
