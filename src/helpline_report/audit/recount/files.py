"""SQL that says what became of the rows of each file, and of each table that it feeds.

How many rows were read, the reading of the files says (`rows_read`); which of them are kept, and
which were mended, is what the second count makes of their texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpline_report.audit.recount.preamble import Made
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
    """A file of rows that feeds a table.

    `shown` is the file as the parameters write it, `name` how figures name it.
    """

    edition: str
    shown: str
    table: str
    name: str


def fed(made: Sequence[Made]) -> list[Fed]:
    """The tables that files of rows feed."""
    names = names_of([(item.edition.edition, item.shown, item.called) for item in made])
    return [
        Fed(item.edition.edition, item.shown, item.name, name)
        for item, name in zip(made, names, strict=True)
    ]


def files_sql(files: Sequence[Fed]) -> str:
    """The table of files: rows read, used as they stand, repaired, and left out."""
    fed_tables = {"traffic", *(item.table for item in files)}
    kept = "\n  UNION ALL\n".join(_kept(table) for table in JOINS if table in fed_tables)
    return (
        'CREATE OR REPLACE TABLE files AS\nSELECT edition, file, "table", read, used, repaired,\n'
        "  read - used - repaired AS excluded\nFROM (\n"
        '  SELECT edition, file, "table", rows AS read,\n'
        "    coalesce(as_they_stand, 0) AS used, coalesce(mended, 0) AS repaired\n"
        f"  FROM ({_named(files)})\n"
        "  LEFT JOIN (\n  FROM rows_read UNION ALL SELECT edition, file, rows FROM web_files\n"
        f"  ) USING (edition, file)\n  LEFT JOIN (\n{kept}\n  ) AS kept "
        'USING (edition, "table", place)\n);'
    )


def _named(files: Sequence[Fed]) -> str:
    """The files and the tables that they feed."""
    rows = [f"({text(item.edition)}, {text(item.name)}, {text(item.table)}, 0)" for item in files]
    web = """SELECT edition, file, 'traffic' AS "table", place FROM web_files"""
    if not rows:
        return web
    values = ",\n    ".join(rows)
    fed_files = f'(VALUES\n    {values}\n  ) AS fed(edition, file, "table", place)'
    return f"SELECT * FROM {fed_files}\n  UNION ALL {web}"


def _kept(table: str) -> str:
    """The rows that are in a table, or from which at least one figure of it is."""
    counted, place = ("DISTINCT row_place", "file_place") if table == "traffic" else ("*", "0")
    return (
        f'  SELECT {table}.edition, {text(table)} AS "table", {place} AS place,\n'
        f"    count({counted}) FILTER (NOT {table}.mended) AS as_they_stand,\n"
        f"    count({counted}) FILTER ({table}.mended) AS mended\n"
        f"  FROM {table}{JOINS[table]}\n  GROUP BY ALL"
    )
