"""Write the SQL that makes the tables of rows, from the texts of files and from the parameters.

The texts of a file are a table `export_…`: the columns of the layout, the edition, the line of each
row, and whether the reading of the file mended it. A row of `contacts` has the fields of its
columns as codes; a row of `persons` or `followups` has those of the rows that it hangs on as well.
`mended` says that a cell of the row isn't written as the layout says.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.input_files import InputFile, list_row_files, number_duplicate_names
from helpline_report.parameters.layouts import Layout
from helpline_report.parameters.row_layouts import PARENTS, ROW, UNKNOWN, RowFile, RowTable
from helpline_report.second_count.cell_values import (
    CELLS,
    CellValues,
    cell,
    read_cells,
    read_labels,
    read_number,
)
from helpline_report.second_count.sql import (
    KEYS,
    Fields,
    create_table,
    quote,
    quote_list,
    read_script,
)

DERIVED = {
    "month": [f"{month:02d}" for month in range(1, 13)],
    "weekday": [str(day) for day in range(1, 8)],
    "hour": [*(f"{hour:02d}" for hour in range(24)), UNKNOWN],
}


@dataclass(frozen=True)
class RowSource:
    """The files of one layout, of one edition or of several, and the table of their texts."""

    texts: str
    file: RowFile
    exports: tuple[InputFile[RowFile], ...]


def list_row_sources(editions: Sequence[Edition], layouts: Mapping[str, Layout]) -> list[RowSource]:
    """The files of rows of some editions; files that one layout reads are one table of texts."""
    sources: list[RowSource] = []
    for export in (file for edition in editions for file in list_row_files(edition, layouts)):
        edition, file = export.edition, export.layout
        for place, other in enumerate(sources):
            if other.file == file and edition not in [each.edition for each in other.exports]:
                sources[place] = replace(other, exports=(*other.exports, export))
                break
        else:
            name = re.sub(r"[^a-z0-9]+", "_", export.file_id.lower())
            taken = any(set(file.tables) & set(each.file.tables) for each in sources)
            suffix = f"_{len(sources)}" if taken else ""
            sources.append(RowSource(f"export_{name}{suffix}", file, (export,)))
    return sources


def name_exports(
    sources: Sequence[RowSource],
) -> Iterator[tuple[RowSource, InputFile[RowFile], RowTable, str]]:
    """Each file and table that it feeds, with the name that figures give the file."""
    fed = [
        (source, each, table)
        for source in sources
        for each in source.exports
        for table in source.file.tables
    ]
    files = [(each.edition.edition, each.label, each.public_name) for _, each, _ in fed]
    for of_table, name in zip(fed, number_duplicate_names(files), strict=True):
        yield (*of_table, name)


def list_fields(
    editions: Sequence[Edition], layouts: Mapping[str, Layout], lists: Mapping[str, CodeList]
) -> Fields:
    """The fields of the rows of some editions, which are those that have rows."""
    several = find_fields_with_several(list_row_sources(editions, layouts))
    dated = frozenset(each.edition for each in editions if each.period.repeats_months)
    return Fields(lists, several, frozenset(each.edition for each in editions), dated)


def find_fields_with_several(sources: Sequence[RowSource]) -> frozenset[str]:
    """The fields of which a row may have several codes."""
    tables = [table for source in sources for table in source.file.tables.values()]
    return frozenset[str]().union(*(table.with_several for table in tables))


def write_row_tables(sources: Sequence[RowSource], lists: Mapping[str, CodeList]) -> Iterator[str]:
    """The statements that make the tables of rows, upper tables first."""
    several = find_fields_with_several(sources)
    opened = frozenset(field for field, known in lists.items() if known.open)
    columns = [
        (source.texts, title, column)
        for source in sources
        for layout in source.file.tables.values()
        for title, column in layout.columns.items()
        if column.kind == "coded"
    ]
    yield from read_labels(columns, lists) if columns else ()
    for table in get_args(RowTable):
        feeds = [source for source in sources if table in source.file.tables]
        yield from _write_table(table, feeds, several, opened) if feeds else ()


def _write_table(
    table: RowTable, feeds: Sequence[RowSource], several: frozenset[str], opened: frozenset[str]
) -> Iterator[str]:
    """The statements that make one table of the files that feed it."""
    selects = []
    keys = [(each.texts, _key(each.file, table)) for each in feeds if has_key(each.file, table)]
    if keys:
        # The rows whose key stands in another row too, perhaps in another form.
        yield read_script("doubles.sql", key_name=KEYS[table], keys=keys)
    for source in feeds:
        values = list(read_cells(source.texts, source.file, table, several, opened))
        yield from (each.statement for each in values if each.statement)
        selects.append(_select(source, table, values))
    union = "\nUNION ALL BY NAME\n".join(selects)
    yield f"CREATE OR REPLACE TABLE {table} AS\n{union};"
    if table in PARENTS:
        # The rows are linked now; texts of keys take as much memory as all else.
        yield f"ALTER TABLE {PARENTS[table]} DROP key;"
    for source in feeds:
        number = _number(source, table)
        if number:
            # Each row that a number makes counts as one that was read.
            yield (
                f"UPDATE rows_read SET rows = rows + coalesce((SELECT sum({number} - 1)\n"
                f"  FROM {source.texts} AS {CELLS}\n"
                # A file may have a column called 'edition' too.
                f"  WHERE {CELLS}.export_edition = rows_read.edition), 0)\n"
                f'WHERE "table" = {quote(table)};'
            )


def _number(source: RowSource, table: RowTable) -> str:
    """The expression of how many rows each row of a file makes; '' if each makes one."""
    number = source.file.tables[table].number
    return f"{read_number(source.file, cell(number))}::INT" if number else ""


def has_key(file: RowFile, table: RowTable) -> bool:
    """Whether rows of a table have a key, of their own or of the row that they stand in."""
    layout = file.tables[table]
    if layout.key == ROW and layout.parent == ROW:
        return has_key(file, PARENTS[table])
    return layout.key != ROW


def _key(file: RowFile, table: RowTable) -> str:
    """The key of a row; without one, that of the row that it hangs on in its place, or its line.

    So rows that hang on a repeated row, in its place, count once as it does.
    """
    layout = file.tables[table]
    if layout.key != ROW:
        key = f"bare({cell(layout.key)})"
        # No key begins with a space.
        own = f"coalesce(nullif({key}, ''), ' row ' || {CELLS}.export_line)"
        return own if layout.blank_key else key
    if layout.parent == ROW:
        return _key(file, PARENTS[table])
    return f"{CELLS}.export_line::VARCHAR"


def _select(source: RowSource, table: RowTable, values: Sequence[CellValues]) -> str:
    """The rows of a table that stand in the files of one layout."""
    file, layout, above = source.file, source.file.tables[table], PARENTS.get(table)
    mended, parent = [f"{CELLS}.export_mended"], ""
    mended += [_is_repaired(file, layout.key)] if layout.key != ROW else []
    if above is not None:
        column = str(layout.parent)
        of_row = column == ROW or file.with_own_key(column)
        parent = _key(file, above) if of_row else f"bare({cell(column)})"
        mended += [_is_repaired(file, column, f"{above}.key")] if column != ROW else []
    mended += [test for each in values for test in each.mended]
    if layout.number:
        mended.append(f"NOT regexp_full_match({cell(layout.number)}, '\\d+')")
    return read_script(
        "rows.sql",
        export=source.texts,
        key=_key(file, table),
        key_name=KEYS[table],
        keyed=has_key(file, table),
        has_lower=table in PARENTS.values(),
        above=above,
        parent=parent,
        fields=_join_fields(values),
        joins=[each.join for each in values if each.join],
        mended=mended,
        number=_number(source, table),
    )


def _join_fields(values: Sequence[CellValues]) -> dict[str, str]:
    """The expression of each field; of one that several columns give each code once."""
    expressions: dict[str, list[str]] = {}
    for value in values:
        for name, expression in value.fields.items():
            expressions.setdefault(name, []).append(expression)
    joined = {}
    for name, each in expressions.items():
        lists = ", ".join(f"coalesce({codes}, [])" for codes in each)
        joined[name] = each[0] if len(each) == 1 else f"list_distinct(flatten([{lists}]))"
    return joined


def _is_repaired(file: RowFile, column: str, key: str = "") -> str:
    """A test whether a cell has its key in another form; a blank that may be a key has not."""
    other = f"{cell(column)} <> {key or f'bare({cell(column)})'}"
    return f"({cell(column)} <> '' AND {other})" if file.with_own_key(column) else other


def write_parameter_tables(
    editions: Sequence[Edition], lists: Mapping[str, CodeList], sources: Sequence[RowSource]
) -> Iterator[str]:
    """The statements of the tables of parameters; codes of a closed list are a `{field}_code`."""
    names = quote_list([each.edition for each in editions])
    yield f"CREATE OR REPLACE TYPE edition_code AS ENUM {names};"
    yield create_table(
        "editions",
        [
            [each.edition, number, each.period.start, each.period.end]
            for number, each in enumerate(editions, start=1)
        ],
    )
    classes = editions[0].person_ages
    yield create_table("age_classes", [[item.code, item.start, item.to] for item in classes])
    tables = [table for source in sources for table in source.file.tables.values()]
    columns = [column for table in tables for column in table.columns.values()]
    fields = [column.field for column in columns if column.kind == "coded"]
    fields = list(dict.fromkeys([*fields, *(field for table in tables for field in table.flags)]))
    groups = [
        [field, group, [code.code for code in lists[field].codes if code.parent == group]]
        for field in fields
        for group in dict.fromkeys(code.parent for code in lists[field].codes if code.parent)
    ]
    yield create_table("groups", groups)
    yield "CREATE OR REPLACE VIEW codes AS SELECT field, parent, unnest(codes) AS code FROM groups;"
    types = {field: lists[field].order for field in fields if not lists[field].open}
    types |= DERIVED | {"age_class": [*(item.code for item in classes), UNKNOWN]}
    yield "\n".join(
        f"CREATE OR REPLACE TYPE {field}_code AS ENUM {quote_list(codes)};"
        for field, codes in types.items()
    )
    yield read_script("calendar.sql", editions=editions)
    yield create_table(
        "helplines", [[each.edition, line] for each in editions for line in each.helpline.lines]
    )
