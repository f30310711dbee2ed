"""A file of many rows as a small table: few texts as one of them, keys as their numbers.

The file is read twice: first for what texts its cells have, then for its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from helpline_report.audit.recount.held import Held, Shape, shape_of
from helpline_report.audit.recount.untouched import Untouched
from helpline_report.audit.recount.writing import name
from helpline_report.parameters.row_layouts import RowFile

if TYPE_CHECKING:
    import duckdb

# A column of more texts than this is kept as these are: as one of them it would be no smaller.
FEW = 1 << 16
# A bit for each number between two keys says whether one stands twice.
MOST_BITS = 1 << 28


@dataclass
class Columns:
    """What is known of columns of keys: their shapes, and which hold no key twice.

    Those in `numbers` are kept as the numbers of their keys; `exports` are kept small.
    """

    exports: set[str] = field(default_factory=set)
    shapes: dict[tuple[str, str], Shape] = field(default_factory=dict)
    numbers: set[tuple[str, str]] = field(default_factory=set)
    unique: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True)
class Ends:
    """The first and the last of the keys of a column, and the shape that all may have."""

    first: str
    last: str
    shape: Shape | None


def below(table: str) -> str:
    """The table of rows in the order of their file, below the view that has their lines."""
    return f"rows_of_{table}"


def store_small(
    database: duckdb.DuckDBPyConnection,
    table: str,
    given: Untouched,
    file: RowFile,
    known: Columns,
) -> None:
    """Keep the rows of a file; what is seen of its keys is added to `known`."""
    ends, few = _first_look(database, table, given, file)
    shapes = {column: end.shape for column, end in ends.items() if end.shape is not None}
    _read(database, table, given, few, shapes)
    others = _of_other_shape(database, table, shapes)
    if others:
        shapes = {column: shape for column, shape in shapes.items() if column not in others}
        _read(database, table, given, few, shapes)
    database.execute(
        f"CREATE VIEW {table} AS SELECT rowid + 2 AS physical_line, false AS read_mended, *\n"
        f"FROM {below(table)}"
    )
    known.exports.add(table)
    known.shapes |= {(table, column): shape for column, shape in shapes.items()}
    known.numbers |= {(table, column) for column in shapes}
    known.unique |= {
        (table, column)
        for column, shape in shapes.items()
        if _is_unique(database, table, column, _numbers(ends[column], shape))
    }


def key_columns(file: RowFile) -> list[str]:
    """The columns of a file that hold keys."""
    found = [column for table in file.tables.values() for column in table.key_columns()]
    return list(dict.fromkeys(found))


def ends_sql(column: str) -> str:
    """The first and the last of the keys of a column, and the lengths that they are between."""
    cell = name(column)
    return f"[min({cell}), max({cell}), min(strlen({cell}))::VARCHAR, max(strlen({cell}))::VARCHAR]"


def ends_of(found: Sequence[str | None]) -> Ends | None:
    """What these four say; None where there is no key."""
    first, last, *lengths = found
    if first is None or last is None:
        return None
    return Ends(first, last, shape_of(first, last, [int(each or 0) for each in lengths]))


def _first_look(
    database: duckdb.DuckDBPyConnection, table: str, given: Untouched, file: RowFile
) -> tuple[dict[str, Ends], dict[str, str]]:
    """The ends of each column of keys, and the type of each column that has few texts."""
    keys, values = key_columns(file), list(_of_few(file))
    seen = name(f"seen in {table}")
    # A list of distinct texts would be made in the order of the rows, by one core.
    lists = ", ".join(f"map_keys(histogram({name(c)})) AS {name(c)}" for c in values)
    ends = "".join(f", {ends_sql(column)} AS {name(f'ends: {column}')}" for column in keys)
    database.execute(f"CREATE TEMP TABLE {seen} AS SELECT {lists}{ends} FROM {given.rows_sql()}")
    asked = [*(name(f"ends: {column}") for column in keys), *(f"len({name(c)})" for c in values)]
    row = one_row(database, f"SELECT {', '.join(asked)} FROM {seen}")
    found = {column: ends_of(row[place]) for place, column in enumerate(keys)}
    few = {}
    for column, texts in zip(values, row[len(keys) :], strict=True):
        if 0 < int(texts or 0) <= FEW:
            few[column] = name(f"{table}: {column}")
            of_them = f"SELECT unnest({name(column)}) AS one FROM {seen} ORDER BY one"
            database.execute(f"CREATE TYPE {few[column]} AS ENUM ({of_them})")
    database.execute(f"DROP TABLE {seen}")
    return {column: end for column, end in found.items() if end is not None}, few


def _of_few(file: RowFile) -> Iterator[str]:
    """The columns whose cells have few texts, unless somebody wrote into them what he liked."""
    for table in file.tables.values():
        yield from (title for title, item in table.columns.items() if item.kind != "datetime")
        yield from (title for flags in table.flags.values() for title in flags.columns)


def _read(
    database: duckdb.DuckDBPyConnection,
    table: str,
    given: Untouched,
    few: Mapping[str, str],
    shapes: Mapping[str, Shape],
) -> None:
    cells = ", ".join(f"{_kept(column, few, shapes)} AS {name(column)}" for column in given.wanted)
    database.execute(
        f"CREATE OR REPLACE TABLE {below(table)} AS SELECT {cells}\nFROM {given.rows_sql()}"
    )


def _kept(column: str, few: Mapping[str, str], shapes: Mapping[str, Shape]) -> str:
    """How a cell is kept; a key of another shape than its column's as none."""
    cell = name(column)
    if column in shapes:
        shape = shapes[column]
        return f"CASE WHEN {shape.fits(cell)} THEN {shape.number(cell)} END"
    return f"{cell}::{few[column]}" if column in few else cell


def _of_other_shape(
    database: duckdb.DuckDBPyConnection, table: str, shapes: Mapping[str, Shape]
) -> list[str]:
    """The columns in which a key has another shape."""
    if not shapes:
        return []
    tests = ", ".join(f"count(*) > count({name(column)})" for column in shapes)
    row = one_row(database, f"SELECT {tests} FROM {below(table)}")
    return [column for column, other in zip(shapes, row, strict=True) if other]


def _numbers(ends: Ends, shape: Shape) -> tuple[int, int]:
    return int(ends.first[-shape.digits :]), int(ends.last[-shape.digits :])


def _is_unique(
    database: duckdb.DuckDBPyConnection, table: str, column: str, ends: tuple[int, int]
) -> bool:
    """Whether no key of a column stands twice; where that would take much to see, it may."""
    if ends[1] - ends[0] >= MOST_BITS:
        return False
    bits = f"bit_count(bitstring_agg({name(column)}, {ends[0]}, {ends[1]}))"
    return bool(one_row(database, f"SELECT {bits} = count(*) FROM {below(table)}")[0])


def one_row(database: duckdb.DuckDBPyConnection, asked: str) -> tuple[Any, ...]:
    """The one row of a statement."""
    found: tuple[Any, ...]
    (found,) = database.execute(asked).fetchall()
    return found


def drop(database: duckdb.DuckDBPyConnection, table: str, held: Held) -> None:
    """Forget the texts of an export, however they were kept."""
    if table not in held.exports:
        database.execute(f"DROP TABLE IF EXISTS {table}")
        return
    database.execute(f"DROP VIEW {table}")
    database.execute(f"DROP TABLE {below(table)}")
