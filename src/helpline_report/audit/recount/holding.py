"""How the tables of some editions can be held small: what their layouts and their keys allow.

Codes are of a type by the layouts. The keys of a table are numbers where, in each year, all columns
that hold them have one shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from helpline_report.audit.recount.held import LINES, Held, Numbered, Shape, numbered
from helpline_report.audit.recount.preamble import ABOVE, Made
from helpline_report.audit.recount.small import Columns, ends_of, ends_sql, one_row
from helpline_report.audit.recount.writing import name, text
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.row_layouts import ROW

if TYPE_CHECKING:
    import duckdb


def held_small(
    database: duckdb.DuckDBPyConnection,
    editions: Sequence[Edition],
    made: Sequence[Made],
    lists: Mapping[str, CodeList],
    known: Columns,
) -> Held:
    """How the tables are held, after a look at the keys of the exports that are stored."""
    _make_type(database, "editions", [each.edition for each in editions])
    codes = _code_types(made, lists)
    for of_field, texts in codes.items():
        _make_type(database, _type(of_field), texts)
    _look_at_keys(database, made, known)
    return Held(
        small=True,
        exports=frozenset(known.exports),
        codes={of_field: _type(of_field) for of_field in codes},
        numbers=frozenset(known.numbers),
        shapes=known.shapes,
        unique=frozenset(known.unique),
        keys=_numbered(database, editions, _shapes_of_years(made, known)),
    )


def _make_type(database: duckdb.DuckDBPyConnection, called: str, texts: Iterable[str]) -> None:
    database.execute(f"CREATE TYPE {called} AS ENUM ({', '.join(map(text, texts))})")


def _type(of_field: str) -> str:
    return name(f"codes of {of_field}")


def _code_types(made: Sequence[Made], lists: Mapping[str, CodeList]) -> dict[str, list[str]]:
    """The codes that cells can give, by field: where each gives one, of a list that isn't open."""
    columns = [column for item in made for column in item.layout.columns.values()]
    coded = [column for column in columns if column.kind == "coded"]
    several = {column.field for column in coded if column.separator is not None}
    several |= {of_field for item in made for of_field in item.layout.flags}
    found: dict[str, dict[str, None]] = {}
    for column in coded:
        if column.field not in several and not lists[column.field].open:
            found.setdefault(column.field, {}).update(dict.fromkeys(column.all_codes()))
    return {of_field: list(codes) for of_field, codes in found.items()}


def _look_at_keys(
    database: duckdb.DuckDBPyConnection, made: Sequence[Made], known: Columns
) -> None:
    """See which shape the keys have of the columns that aren't known yet."""
    columns = {column for item in made for _, column in _holding(item) if column[1] != ROW}
    for export, column in sorted(columns - known.shapes.keys()):
        ends = ends_of(one_row(database, f"SELECT {ends_sql(column)} FROM {export}")[0])
        if ends is None or ends.shape is None:
            continue
        fits = ends.shape.fits(name(column))
        if one_row(database, f"SELECT bool_and({fits}) FROM {export}")[0]:
            known.shapes[export, column] = ends.shape


def _shapes_of_years(
    made: Sequence[Made], known: Columns
) -> dict[tuple[str, str], set[Shape | None]]:
    """The shapes of the keys of each table in each edition; None where a column has none."""
    found: dict[tuple[str, str], set[Shape | None]] = {}
    for item in made:
        for table, column in _holding(item):
            shape = LINES if column[1] == ROW else known.shapes.get(column)
            found.setdefault((table, item.edition.edition), set()).add(shape)
    return found


def _numbered(
    database: duckdb.DuckDBPyConnection,
    editions: Sequence[Edition],
    shapes: Mapping[tuple[str, str], set[Shape | None]],
) -> dict[str, Numbered]:
    """The tables of which the keys are numbers: all of them, or none; `key_shapes` says how."""
    of_years = {key: next(iter(each)) for key, each in shapes.items() if len(each) == 1}
    sure = {key: shape for key, shape in of_years.items() if shape is not None}
    if sure.keys() < shapes.keys():
        return {}
    found = {
        table: numbered(
            editions, max(shape.digits for key, shape in sure.items() if key[0] == table)
        )
        for table in {table for table, _ in sure}
    }
    rows = ", ".join(
        f"({text(table)}, {text(edition)}, {text(shape.prefix)}, {shape.digits}, "
        f"{found[table].steps[edition]})"
        for (table, edition), shape in sure.items()
    )
    columns = '"table", edition, prefix, digits, step'
    database.execute(f"CREATE TABLE key_shapes AS FROM (VALUES {rows}) AS of_keys({columns})")
    return found


def _holding(made: Made) -> Iterator[tuple[str, tuple[str, str]]]:
    """The columns of an export that hold keys, each with the table that these are of."""
    if made.name != "followups":
        yield made.name, (made.export, made.layout.key)
    if made.name in ABOVE and made.key_above is not None:
        yield ABOVE[made.name], (made.export, made.key_above)
