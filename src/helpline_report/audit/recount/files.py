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

NONE_KEPT = """  SELECT '' AS edition, '' AS "table", 0 AS place, 0 AS as_they_stand, 0 AS mended"""


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
    tables = [table for table in JOINS if table in {item.table for item in files}]
    kept = "\n  UNION ALL\n".join([_kept(table) for table in tables] or [NONE_KEPT])
    return (
        'CREATE OR REPLACE TABLE files AS\nSELECT edition, file, "table", read, used, repaired,\n'
        "  read - used - repaired AS excluded\nFROM (\n"
        '  SELECT edition, file, "table", rows AS read,\n'
        "    coalesce(as_they_stand, 0) AS used, coalesce(mended, 0) AS repaired\n"
        f"  FROM ({_named(files)})\n"
        f"  LEFT JOIN rows_read USING (edition, file)\n  LEFT JOIN (\n{kept}\n  ) AS kept "
        'USING (edition, "table", place)\n);'
    )


def _named(files: Sequence[Fed]) -> str:
    """The files and the tables that they feed."""
    rows = [
        f"({text(item.edition)}, {text(item.name)}, {text(item.table)}, {item.place})"
        for item in files
    ]
    of_none = "" if rows else "WHERE false"
    values = ",\n    ".join(rows or ["('', '', '', 0)"])
    return (
        f'SELECT * FROM (VALUES\n    {values}\n  ) AS fed(edition, file, "table", place) {of_none}'
    ).rstrip()


def _kept(table: str) -> str:
    """The rows that are in a table, or from which at least one figure of it is."""
    counted, place = ("DISTINCT row_place", "file_place") if table == "traffic" else ("*", "0")
    return (
        f'  SELECT {table}.edition, {text(table)} AS "table", {place} AS place,\n'
        f"    count({counted}) FILTER (NOT {table}.mended) AS as_they_stand,\n"
        f"    count({counted}) FILTER ({table}.mended) AS mended\n"
        f"  FROM {table}{JOINS[table]}\n  GROUP BY ALL"
    )
