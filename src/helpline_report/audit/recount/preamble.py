"""SQL that makes the tables of an edition from the text of its exports, by the layouts alone.

Nothing of `helpline_report.tables` is used: this is a second reading of the layouts, so that an
error in the first one shows. The texts of a file stand in a table `export_<edition>_<file>`, with
the physical `line` of each row; what is made of them are `contacts`, `persons` and `followups`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from helpline_report.audit.recount.cells import coded, flagged, integer, name, text, when
from helpline_report.params.codelists import CodeList
from helpline_report.params.edition import Edition
from helpline_report.params.layouts import Layout
from helpline_report.params.row_layouts import ROW, RowFile, TableLayout

KEYS = {"contacts": "contact", "persons": "person", "followups": "followup"}
ABOVE = {"persons": "contact", "followups": "person"}

# A label without what differs by accident: case, kinds of space, characters without width, accents.
MACROS = r"""
CREATE OR REPLACE MACRO plain(label) AS
  lower(trim(regexp_replace(regexp_replace(nfc_normalize(label),
    '[\x{200B}\x{200C}\x{200D}\x{2060}\x{FEFF}\x{00AD}]', '', 'g'),
    '[\s\p{Z}]+', ' ', 'g')));
CREATE OR REPLACE MACRO bare(cell) AS
  regexp_replace(cell, '^[\s\p{Z}]+|[\s\p{Z}]+$', '', 'g');
""".strip()


@dataclass(frozen=True)
class Made:
    """One table that a file feeds: the edition, the table of its texts, and its layout."""

    edition: Edition
    export: str
    file: RowFile
    name: str

    @property
    def layout(self) -> TableLayout:
        """The table's part of the layout of the file."""
        return self.file.tables[self.name]  # type: ignore[index]


def export_name(edition: str, file: str) -> str:
    """The name of the table that holds the texts of a file."""
    return "export_" + re.sub(r"[^a-z0-9]+", "_", f"{edition}_{file}".lower())


def made_tables(edition: Edition, layouts: Mapping[str, Layout]) -> Iterator[Made]:
    """Every table that the files of an edition feed."""
    for source in edition.sources:
        for file_id, file in layouts[source.layout].files.items():
            for table in file.tables:
                yield Made(edition, export_name(edition.edition, file_id), file, table)


def calendar_sql(edition: Edition) -> str:
    """The days of an edition's period, and whether the helpline was open."""
    weekdays = ", ".join(str(day) for day in edition.calendar.working_days)
    closed = ", ".join(f"DATE '{item.date}'" for item in edition.calendar.closed)
    test = f"isodow(day) IN ({weekdays})" + (f" AND day NOT IN ({closed})" if closed else "")
    return (
        f"SELECT {text(edition.edition)} AS edition, day::DATE AS date, {test} AS open\n"
        f"FROM generate_series(DATE '{edition.period.start}', DATE '{edition.period.end}', "
        "INTERVAL 1 DAY) AS days(day)"
    )


def helplines_sql(edition: Edition) -> str:
    """The lines of the helpline of an edition."""
    lines = ", ".join(text(line) for line in edition.helpline.lines)
    return f"SELECT {text(edition.edition)} AS edition, unnest([{lines}]::VARCHAR[]) AS line"


def table_sql(made: Made, lists: Mapping[str, CodeList]) -> str:
    """The rows of one table: its keys, and its fields as codes."""
    columns = [*_keys(made), *_fields(made, lists)]
    listed = ",\n  ".join(f"{expression} AS {field}" for expression, field in columns)
    return f"SELECT\n  {listed}\nFROM {made.export}{_of_period(made)}{_once(made)}"


def _of_period(made: Made) -> str:
    """Contacts of other days are another edition's, and so is what hangs on them."""
    if made.name != "contacts":
        return ""
    period = made.edition.period
    return f"\nWHERE date BETWEEN DATE '{period.start}' AND DATE '{period.end}'"


def _keys(made: Made) -> Iterator[tuple[str, str]]:
    """The edition, the physical line, the key of a row and that of the row it hangs on.

    A key holds the edition, since a registration system may number anew each year.
    """
    edition, layout = made.edition.edition, made.layout
    yield text(edition), "edition"
    yield "line", "line"
    if made.name != "followups":
        yield _key(edition, layout.key), KEYS[made.name]
    if made.name in ABOVE:
        assert layout.parent is not None  # noqa: S101 - the layout's schema says so
        yield _key(edition, layout.parent), ABOVE[made.name]


def _key(edition: str, column: str) -> str:
    of_row = "line" if column == ROW else f"bare({name(column)})"
    return f"{text(edition + ':')} || {of_row}"


def _once(made: Made) -> str:
    """A row that stands twice under its key counts once."""
    if made.layout.key == ROW:
        return ""
    key = f"bare({name(made.layout.key)})"
    return f"\nQUALIFY row_number() OVER (PARTITION BY {key} ORDER BY line) = 1"


def _fields(made: Made, lists: Mapping[str, CodeList]) -> Iterator[tuple[str, str]]:
    columns = made.layout.columns
    if {"date", "datetime"} & {column.kind for column in columns.values()}:
        yield from when(made.file, columns)
    for title, column in columns.items():
        if column.kind == "integer":
            yield integer(made.file, title, column), column.field
        elif column.kind == "coded":
            opened = lists[column.field].open
            yield coded(title, column, _day(made), opened=opened), column.field
    for field, flags in made.layout.flags.items():
        yield flagged(flags, lists[field]), field


def _day(made: Made) -> str:
    """The day of the contact that a row hangs on: a label may mean a code for a time only."""
    if made.name == "contacts":
        return "date"
    assert made.layout.parent is not None  # noqa: S101 - the layout's schema says so
    above = _key(made.edition.edition, made.layout.parent)
    if made.name == "persons":
        return f"(SELECT c.date FROM contacts AS c WHERE c.contact = {above})"
    return (
        "(SELECT c.date FROM contacts AS c JOIN persons AS p USING (contact) "
        f"WHERE p.person = {above})"
    )
