"""Write what makes the tables of rows, from the texts of files and from the parameters, as SQL.

The texts of a file stand in a table `export_…`: the columns of the layout, the edition, the
physical line of each row, and whether the reading of the file mended it. A row of `contacts` has
the fields of its columns as codes; a row of `persons` and of `followups` has the fields of the rows
that it hangs on as well. `mended` says that a cell of the row isn't written as the layout says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout, names_of, public_name
from helpline_report.parameters.row_layouts import (
    PARENTS,
    ROW,
    UNKNOWN,
    RowFile,
    RowTable,
    TableLayout,
)
from helpline_report.second_count.cell_values import CELLS, CellValues, Texts, read_cells
from helpline_report.second_count.sql import (
    create_table,
    quote,
    quote_list,
    quote_name,
    write_where,
)

KEYS: dict[RowTable, str] = {"contacts": "contact", "persons": "person", "followups": "followup"}
# A key is a whole number: that of the edition, and ten digits for the line of the row.
LINES = 10_000_000_000
DERIVED = {
    "month": [f"{month:02d}" for month in range(1, 13)],
    "weekday": [str(day) for day in range(1, 8)],
    "hour": [*(f"{hour:02d}" for hour in range(24)), UNKNOWN],
}


@dataclass(frozen=True)
class RowExport:
    """A file of rows of an edition; `shown` is how the parameters write it, `public` its name."""

    edition: Edition
    label: str
    public: str
    folder: str
    written: str


@dataclass(frozen=True)
class RowSource:
    """The files of one layout, of one edition or of several, and the table of their texts."""

    texts: str
    suffix: str
    file: RowFile
    exports: tuple[RowExport, ...]


def row_sources(editions: Sequence[Edition], layouts: Mapping[str, Layout]) -> list[RowSource]:
    """The files of rows of some editions; files that one layout reads are one table of texts."""
    sources: list[RowSource] = []
    for edition in editions:
        for source in edition.sources:
            for file_id, file in layouts[source.layout].files.items():
                written = source.files.get(file_id, file.name)
                label = f"{source.folder.rstrip('/')}/{written}"
                public = public_name(file.name, written)
                export = RowExport(edition, label, public, source.folder, written)
                _add(sources, re.sub(r"[^a-z0-9]+", "_", file_id.lower()), file, export)
    return sources


def named_exports(sources: Sequence[RowSource]) -> Iterator[tuple[RowExport, RowTable, str]]:
    """Each file and table that it feeds, with the name that figures give the file."""
    exports = [
        (each, table)
        for source in sources
        for each in source.exports
        for table in source.file.tables
    ]
    files = [(each.edition.edition, each.label, each.public) for each, _ in exports]
    for (each, table), name in zip(exports, names_of(files), strict=True):
        yield each, table, name


def _add(sources: list[RowSource], name: str, file: RowFile, export: RowExport) -> None:
    for place, other in enumerate(sources):
        if other.file == file and export.edition not in [each.edition for each in other.exports]:
            sources[place] = replace(other, exports=(*other.exports, export))
            return
    taken = any(set(file.tables) & set(each.file.tables) for each in sources)
    suffix = f"_{len(sources)}" if taken else ""
    source = RowSource(f"export_{name}{suffix}", suffix, file, (export,))
    sources.append(source)


def fields_with_several(sources: Sequence[RowSource]) -> frozenset[str]:
    """The fields of which a row may have several codes."""
    tables = [table for source in sources for table in source.file.tables.values()]
    columns = [column for table in tables for column in table.columns.values()]
    several = {column.field for column in columns if column.several}
    return frozenset(several | {field for table in tables for field in table.flags})


def coded_fields(sources: Sequence[RowSource]) -> list[str]:
    """The fields that columns of codes give, each once."""
    tables = [table for source in sources for table in source.file.tables.values()]
    columns = [column for table in tables for column in table.columns.values()]
    fields = [column.field for column in columns if column.kind == "coded"]
    fields += [field for table in tables for field in table.flags]
    return list(dict.fromkeys(fields))


def row_tables(sources: Sequence[RowSource], lists: Mapping[str, CodeList]) -> Iterator[str]:
    """The statements that make them, those above before those below."""
    several = fields_with_several(sources)
    for table, key in KEYS.items():
        feeding = [source for source in sources if table in source.file.tables]
        if not feeding:
            continue
        yield _keys_table(feeding, table, key)
        selects = []
        for source in feeding:
            texts = Texts(source.texts, source.file, source.suffix, lists)
            values = list(read_cells(texts, table, source.file.tables[table], several))
            yield from (each.statement for each in values if each.statement)
            selects.append(_select(source, table, values))
        union = "\nUNION ALL BY NAME\n".join(selects)
        yield f"CREATE OR REPLACE TABLE {table} AS\n{union};"
        yield from (_count_numbered(source, table) for source in feeding if _number(source, table))


def _number(source: RowSource, table: RowTable) -> str:
    """The cell that says how many rows each row of a file is; empty where each is one."""
    number = source.file.tables[table].number
    return f"bare({CELLS}.{quote_name(number)})" if number else ""


def _count_numbered(source: RowSource, table: RowTable) -> str:
    """Each row that a number makes counts as one that was read."""
    more = f"sum({_number(source, table)}::INT - 1)"
    return (
        f"UPDATE rows_read SET rows = rows + coalesce((SELECT {more}\n"
        f"  FROM {source.texts} AS {CELLS} WHERE export_edition = edition), 0)\n"
        f'WHERE "table" = {quote(table)};'
    )


def _keys_table(sources: Sequence[RowSource], table: RowTable, key: str) -> str:
    """The keys of a table as they are written, each with its first row and its whole number.

    A key is `alone` where no other of its edition differs from it by case only.
    """
    rows = "\n    UNION ALL\n".join(
        f"    SELECT export_edition AS edition, export_line AS line,\n"
        f"      {_key(source.file, table)} AS key\n"
        f"    FROM {source.texts} AS {CELLS}"
        for source in sources
    )
    return (
        f"CREATE OR REPLACE TABLE {key}_keys AS\n"
        "SELECT *, count(*) OVER (PARTITION BY edition, small) = 1 AS alone\n"
        "FROM (\n"
        f"  SELECT edition, key, lower(key) AS small, min(line) AS line,\n"
        f"    any_value(number) * {LINES} + min(line) AS {key}\n"
        f"  FROM (\n{rows}\n  ) JOIN editions USING (edition)\n"
        "  GROUP BY ALL\n"
        ");"
    )


def _key(file: RowFile, table: RowTable) -> str:
    """The key of a row; one that has none has that of the row in its place, or else its line.

    A row that stands twice under its key counts once, and so does what hangs on it in its row.
    """
    layout = file.tables[table]
    if layout.key != ROW:
        key = f"bare({CELLS}.{quote_name(layout.key)})"
        # No key begins with a space.
        own = f"coalesce(nullif({key}, ''), ' row ' || {CELLS}.export_line)"
        return own if layout.blank_key else key
    if layout.parent == ROW:
        return _key(file, PARENTS[table])
    return f"{CELLS}.export_line::VARCHAR"


def _select(source: RowSource, table: RowTable, values: Sequence[CellValues]) -> str:
    """The rows of a table that stand in the files of one layout."""
    key, layout, above = KEYS[table], source.file.tables[table], PARENTS.get(table)
    own = f"{key}_keys"
    columns = [f"{own}.line"]
    # Nothing hangs on a follow-up; `followup` is the field that says what it was.
    columns += [f"{own}.{key}"] if table != "followups" else []
    mended = [f"{CELLS}.export_mended"]
    rows = [
        f"FROM {own}",
        f"JOIN {source.texts} AS {CELLS}",
        f"  ON export_edition = {own}.edition AND export_line = {own}.line",
    ]
    if layout.key != ROW:
        mended.append(_other_key(source.file, layout.key, own))
    if above is None:
        columns.append(f"{own}.edition")
    else:
        columns.append(f"{above}.* EXCLUDE (line, mended)")
        rows += _join_above(source.file, layout, above)
        if layout.parent not in (None, ROW):
            mended.append(_other_key(source.file, str(layout.parent), f"{KEYS[above]}_keys"))
    for each in values:
        columns += [f"{expression} AS {field}" for field, expression in each.fields.items()]
        mended += each.mended
        rows += [f"LEFT JOIN {each.table} ON {each.on}"] if each.table else []
    if number := _number(source, table):
        rows.append(f"CROSS JOIN unnest(range({number}::INT))")
        mended.append(f"NOT regexp_full_match({CELLS}.{quote_name(layout.number or '')}, '\\d+')")
    columns.append("coalesce(" + "\n    OR ".join(mended) + ", false) AS mended")
    if above is None:
        rows.append(f"JOIN editions ON editions.edition = {own}.edition")
        date = next(each.fields["date"] for each in values if "date" in each.fields)
        # Contacts of other days are another edition's, and so is what hangs on them.
        rows += write_where([f"{date} BETWEEN editions.first AND editions.last"])
    listed = ",\n  ".join(columns)
    return "\n".join([f"SELECT\n  {listed}", *rows])


def _other_key(file: RowFile, column: str, keys: str) -> str:
    """Whether a cell has its key in another form; a blank one that stands for its row has none."""
    cell = f"{CELLS}.{quote_name(column)}"
    other = f"{cell} <> {keys}.key"
    return f"({cell} <> '' AND {other})" if file.with_own_key(column) else other


def _join_above(file: RowFile, layout: TableLayout, above: RowTable) -> Iterator[str]:
    """The row that a row hangs on; its key may be written in other letters where it is alone."""
    keys = f"{KEYS[above]}_keys"
    column = str(layout.parent)
    of_row = column == ROW or file.with_own_key(column)
    parent = _key(file, above) if of_row else f"bare({CELLS}.{quote_name(column)})"
    yield f"JOIN {keys} ON {keys}.edition = {CELLS}.export_edition"
    yield f"  AND {keys}.small = lower({parent}) AND ({keys}.alone OR {keys}.key = {parent})"
    yield f"JOIN {above} ON {above}.{KEYS[above]} = {keys}.{KEYS[above]}"


def parameter_tables(
    editions: Sequence[Edition], lists: Mapping[str, CodeList], fields: Sequence[str]
) -> Iterator[str]:
    """The statements that make them; `fields` are those of which rows have codes.

    A code of a closed list is of a type of its own, `{field}_code`.
    """
    yield create_table(
        "editions",
        "edition VARCHAR, number INTEGER, first DATE, last DATE",
        [
            [each.edition, number, each.period.start, each.period.end]
            for number, each in enumerate(editions, start=1)
        ],
    )
    classes = editions[0].person_ages
    yield create_table(
        "age_classes",
        "code VARCHAR, first INTEGER, last INTEGER",
        [[item.code, item.start, item.to] for item in classes],
    )
    yield create_table(
        "codes",
        "field VARCHAR, code VARCHAR, parent VARCHAR",
        [[field, code.code, code.parent] for field in fields for code in lists[field].codes],
    )
    types = {field: lists[field].order for field in fields if not lists[field].open}
    types |= DERIVED | {"age_class": [*(item.code for item in classes), UNKNOWN]}
    for field, codes in types.items():
        listed = f"(SELECT code FROM codes WHERE field = {quote(field)})"
        values = listed if field in fields else quote_list(codes)
        yield f"CREATE OR REPLACE TYPE {field}_code AS ENUM {values};"
    yield _union("calendar", [_calendar(edition) for edition in editions])
    yield _union("helplines", [_helplines(edition) for edition in editions])
    yield create_table(
        "campaigns",
        'campaign VARCHAR, "start" DATE, "end" DATE, around_days INTEGER',
        [[item.id, item.start, item.end, item.around_days] for item in editions[0].campaigns],
    )


def _union(name: str, selects: Sequence[str]) -> str:
    union = "\nUNION ALL\n".join(selects)
    return f"CREATE OR REPLACE TABLE {name} AS\n{union};"


def _calendar(edition: Edition) -> str:
    """The days of an edition's period, and whether the helpline was open."""
    closed = [item.date for item in edition.calendar.closed]
    test = f"isodow(day) IN {quote_list(edition.calendar.working_days)}"
    test += f" AND day NOT IN {quote_list(closed)}" if closed else ""
    first, last = quote(edition.period.start), quote(edition.period.end)
    return (
        f"SELECT {quote(edition.edition)} AS edition, day::DATE AS date, {test} AS open\n"
        f"FROM generate_series({first}, {last}, INTERVAL 1 DAY) AS days(day)"
    )


def _helplines(edition: Edition) -> str:
    lines = quote(edition.helpline.lines)
    return f"SELECT {quote(edition.edition)} AS edition, unnest({lines}::VARCHAR[]) AS line"
