"""SQL that makes the tables of an edition from the text of its exports, by the layouts alone.

Nothing of `helpline_report.tables` is used: this is a second reading of the layouts, so that an
error in the first one shows. The texts of a file stand in a table `export_<edition>_<file>`, with
the `physical_line` of each row, and whether the file was `read_mended` there; what is made of
them are `contacts`, `persons` and `followups`. There `mended` says of a row that at least one of
its cells isn't written as the layout writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from helpline_report.audit.recount import cells
from helpline_report.audit.recount.days import Moment, moment
from helpline_report.audit.recount.held import AS_TEXTS, Held
from helpline_report.audit.recount.meanings import by_day, cells_of, meanings, told
from helpline_report.audit.recount.writing import bare, name, text
from helpline_report.parameters.called import called
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout
from helpline_report.parameters.row_layouts import ROW, RowFile, TableLayout

KEYS = {"contacts": "contact", "persons": "person", "followups": "followup"}
ABOVE = {"persons": "contacts", "followups": "persons"}


@dataclass(frozen=True)
class Made:
    """One table that a file feeds: the edition, the table of its texts, and its layout.

    `shown` is the file as the parameters write it, `called` what an edition calls it; `above` the
    layout of the table that it hangs on.
    """

    edition: Edition
    export: str
    shown: str
    called: str
    file: RowFile
    name: str
    above: TableLayout | None = None

    @property
    def layout(self) -> TableLayout:
        """The table's part of the layout of the file."""
        return self.file.tables[self.name]  # type: ignore[index]

    @property
    def same_row(self) -> bool:
        """Whether its rows hang on what stands in the same row."""
        return self.layout.parent == ROW

    @property
    def key_above(self) -> str | None:
        """The column with the key of the row above; of one in the same row, that row's own."""
        if self.layout.parent == ROW and self.above is not None:
            return self.above.key
        return self.layout.parent

    @cached_property
    def moment(self) -> Moment | None:
        """When a row was, where its file says so."""
        columns = self.layout.columns
        dated = {"date", "datetime"} & {column.kind for column in columns.values()}
        return moment(self.file, columns) if dated else None


def export_name(edition: str, file: str) -> str:
    """The name of the table that holds the texts of a file."""
    return "export_" + re.sub(r"[^a-z0-9]+", "_", f"{edition}_{file}".lower())


def made_tables(edition: Edition, layouts: Mapping[str, Layout]) -> list[Made]:
    """Every table that the files of an edition feed, those above before those below."""
    found: dict[str, Made] = {}
    for source in edition.sources:
        for file_id, file in layouts[source.layout].files.items():
            written = source.files.get(file_id, file.name)
            shown, name = f"{source.folder.rstrip('/')}/{written}", called(file.name, written)
            for table in file.tables:
                export = export_name(edition.edition, file_id)
                found[table] = Made(edition, export, shown, name, file, table)
    ordered = []
    for made in (found[table] for table in KEYS if table in found):
        above = found.get(ABOVE.get(made.name, ""))
        ordered.append(replace(made, above=above.layout if above else None))
    return ordered


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


def table_sql(made: Made, lists: Mapping[str, CodeList], held: Held = AS_TEXTS) -> str:
    """The rows of one table: its keys, its fields as codes, and whether a row was mended."""
    columns = [*_keys(made, held), *_fields(made, lists, held), (_mended(made, held), "mended")]
    listed = ",\n  ".join(f"{expression} AS {field}" for expression, field in columns)
    of_cells = "".join(
        f"\nJOIN ({told(meaning, made.export)}) AS told_{place} USING ({cells_of(meaning)})"
        for place, meaning in enumerate(
            meanings(made.file, made.layout, made.moment, lists, held), start=1
        )
    )
    rows = f"{made.export}{of_cells}{_keys_above(made, held)}"
    tests = [test for test in (_of_period(made), _once(made, held)) if test]
    where = "\nWHERE " + "\n  AND ".join(tests) if tests else ""
    return f"SELECT\n  {listed}\nFROM {rows}{where}"


def _has_key_above(made: Made, held: Held) -> bool:
    """Whether a column names the key of the row above, and may name it by other letters."""
    if made.above is None or made.above.key == ROW or made.same_row:
        return False
    return ABOVE[made.name] not in held.keys


def _keys_above(made: Made, held: Held) -> str:
    """The keys above by their small letters, where one alone is written so."""
    if not _has_key_above(made, held):
        return ""
    above, parent = ABOVE[made.name], made.layout.parent
    assert parent is not None  # noqa: S101 - the layout's schema says so
    key = KEYS[above]
    return (
        f"\nLEFT JOIN (SELECT lower({key}) AS small_key, min({key}) AS only_key FROM {above} "
        "GROUP BY ALL HAVING count(*) = 1) AS keys_above\n"
        f"ON keys_above.small_key = lower({_key(made, above, parent, held)})"
    )


def _of_period(made: Made) -> str:
    """Contacts of other days are another edition's, and so is what hangs on them."""
    if made.name != "contacts" or made.moment is None:
        return ""
    period = made.edition.period
    return f"{cells.DAY} BETWEEN DATE '{period.start}' AND DATE '{period.end}'"


def _keys(made: Made, held: Held) -> Iterator[tuple[str, str]]:
    """The edition, the physical line, the key of a row and that of the row it hangs on.

    A key holds the edition, since a registration system may number anew each year.
    """
    yield held.edition(made.edition.edition), "edition"
    yield held.line("physical_line"), "line"
    if made.name != "followups":
        yield _key(made, made.name, made.layout.key, held), KEYS[made.name]
    if made.name in ABOVE:
        yield _parent(made, held), KEYS[ABOVE[made.name]]


def _parent(made: Made, held: Held) -> str:
    """The key of the row above."""
    column = made.key_above
    assert column is not None  # noqa: S101 - the layout's schema says so
    key = _key(made, ABOVE[made.name], column, held)
    return f"coalesce(keys_above.only_key, {key})" if _has_key_above(made, held) else key


def _key(made: Made, table: str, column: str, held: Held) -> str:
    """The key of a row of a table, in a column of an export."""
    edition, line = made.edition.edition, f"{made.export}.physical_line"
    if table in held.keys:
        number = line if column == ROW else held.number(made.export, column)
        return held.keys[table].key(edition, number)
    cell = line if column == ROW else bare(held.cell(made.export, column))
    return f"{text(edition + ':')} || {cell}"


def _once(made: Made, held: Held) -> str:
    """A row that stands twice under its key counts once, and so does one in the same row as it."""
    key = made.above.key if made.same_row and made.above is not None else made.layout.key
    if made.layout.key != ROW:
        key = made.layout.key
    if key == ROW or (made.export, key) in held.unique:
        return ""
    cell = name(key) if (made.export, key) in held.shapes else bare(name(key))
    first = f"SELECT min(physical_line) FROM {made.export} GROUP BY {cell}"
    return f"{made.export}.physical_line IN ({first})"


def _fields(made: Made, lists: Mapping[str, CodeList], held: Held) -> Iterator[tuple[str, str]]:
    if made.moment is not None:
        yield cells.DAY, "date"
        if made.moment.hour is not None:
            yield cells.HOUR, "hour"
    for title, column in made.layout.columns.items():
        if column.kind == "coded" and by_day(column):
            opened = lists[column.field].open
            code = cells.coded(title, column, _day(made, held), opened=opened)
            yield held.code(column.field, code), column.field
        elif column.kind in ("coded", "integer"):
            yield cells.code(title), column.field
    for field, flags in made.layout.flags.items():
        yield cells.flagged(flags, lists[field]), field


def _mended(made: Made, held: Held) -> str:
    """Whether the file's reading mended the row, or one of its cells is in another form."""
    tests = ["read_mended", *_spaced_keys(made, held)]
    tests += [cells.WHEN_MENDED] if made.moment is not None else []
    columns = made.layout.columns.items()
    tests += [cells.mended(title) for title, item in columns if item.kind in ("coded", "integer")]
    for flags in made.layout.flags.values():
        tests += [cells.mended(title) for title in flags.columns]
    return "coalesce(\n    " + "\n    OR ".join(tests) + ", false)"


def _spaced_keys(made: Made, held: Held) -> Iterator[str]:
    """Keys with spaces around them; that of a row that has no key of its own isn't looked at."""
    keys = [made.layout.key]
    if made.above is not None and made.above.key != ROW and made.layout.parent is not None:
        keys.append(made.layout.parent)
    for key in dict.fromkeys(keys):
        if key != ROW and (made.export, key) not in held.shapes:
            yield f"{name(key)} <> {bare(name(key))}"
    if _has_key_above(made, held) and made.layout.parent is not None:
        yield f"keys_above.only_key <> {_key(made, ABOVE[made.name], made.layout.parent, held)}"


def _day(made: Made, held: Held) -> str:
    """The day of the contact that a row hangs on: a label may mean a code for a time only."""
    if made.moment is not None and made.name == "contacts":
        return cells.DAY
    above = _parent(made, held)
    if made.name == "persons":
        return f"(SELECT c.date FROM contacts AS c WHERE c.contact = {above})"
    return (
        "(SELECT c.date FROM contacts AS c JOIN persons AS p USING (contact) "
        f"WHERE p.person = {above})"
    )
