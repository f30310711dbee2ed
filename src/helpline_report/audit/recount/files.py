"""SQL that says what became of the rows of each file, and of each table that it feeds.

How many rows were read, the reading of the files says (`rows_read`); which of them are kept, and
which were mended, is what the second count makes of their texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpline_report.audit.recount.preamble import Made
from helpline_report.audit.recount.reports import Report
from helpline_report.audit.recount.writing import text
from helpline_report.figures.file_names import names_of

JOINS = {
    "contacts": "",
    "persons": " JOIN contacts USING (contact)",
    "followups": " JOIN persons USING (person) JOIN contacts USING (contact)",
    "traffic": "",
}


@dataclass(frozen=True)
class Fed:
    """A file that feeds a table; `place` is that of a report among those of its edition.

    `shown` is the file as the parameters write it, `name` how figures name it.
    """

    edition: str
    shown: str
    table: str
    name: str
    place: int = 0


def fed(made: Sequence[Made], reports: Sequence[Report]) -> list[Fed]:
    """The tables that files of rows feed, then the reports."""
    found = [(item.edition.edition, item.shown, item.name, 0) for item in made]
    found += [(item.edition.edition, item.shown, "traffic", item.place) for item in reports]
    called = [*(item.called for item in made), *(item.name for item in reports)]
    files = zip(found, called, strict=True)
    names = names_of([(edition, shown, name) for (edition, shown, _, _), name in files])
    return [
        Fed(edition, shown, table, name, place)
        for (edition, shown, table, place), name in zip(found, names, strict=True)
    ]


def files_sql(files: Sequence[Fed]) -> str:
    """The table of files: rows read, used as they stand, repaired, and left out."""
    selects = "\nUNION ALL\n".join([_none(), *(_kept(item) for item in files)])
    return (
        'CREATE OR REPLACE TABLE files AS\nSELECT edition, file, "table", read, used, repaired,\n'
        f"  read - used - repaired AS excluded\nFROM (\n{selects}\n);"
    )


def _none() -> str:
    """No row, of the right types."""
    names = ", ".join(f"''::VARCHAR AS {name}" for name in ("edition", "file", '"table"'))
    numbers = ", ".join(f"0::BIGINT AS {name}" for name in ("read", "used", "repaired"))
    return f"SELECT {names}, {numbers} WHERE false"


def _kept(item: Fed) -> str:
    """The rows of a file that are in a table, or that at least one figure of it is from."""
    edition, name = text(item.edition), text(item.name)
    counted, rows = "*", f"FROM {item.table}{JOINS[item.table]}"
    where = f"WHERE {item.table}.edition = {edition}"
    if item.table == "traffic":
        counted = "DISTINCT row_place"
        where += f" AND file_place = {item.place}"
    return (
        f'SELECT {edition} AS edition, {name} AS file, {text(item.table)} AS "table",\n'
        f"  (SELECT rows FROM rows_read WHERE edition = {edition} AND file = {name}) AS read,\n"
        f"  count({counted}) FILTER (NOT {item.table}.mended) AS used,\n"
        f"  count({counted}) FILTER ({item.table}.mended) AS repaired\n{rows}\n{where}"
    )
