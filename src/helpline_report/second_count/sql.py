"""Write names, values, tables of values and tests as SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files

WIDTH = 98
# A value that SQL can be given as it is; a sequence is a list there, and a mapping a MAP.
Literal = str | int | bool | dt.date | None | Sequence["Literal"] | Mapping[str, "Literal"]


def read_script(name: str) -> str:
    """A script of SQL of this package, by its file name."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8").strip()


def quote_name(column: str) -> str:
    """A name of a column of an export, in quotes."""
    return '"' + column.replace('"', '""') + '"'


def quote(value: Literal) -> str:
    """A value as a literal."""
    match value:
        case None:
            return "NULL"
        case bool() | int():
            return str(value).lower()
        case dt.date():
            return f"DATE '{value.isoformat()}'"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case Mapping():
            pairs = ", ".join(f"{quote(key)}: {quote(item)}" for key, item in value.items())
            return f"MAP {{{pairs}}}"
    return "[" + ", ".join(map(quote, value)) + "]"


def quote_list(values: Iterable[Literal]) -> str:
    """Values in brackets, for `IN`."""
    return "(" + ", ".join(map(quote, values)) + ")"


def write_values(rows: Sequence[Sequence[Literal]], alias: str) -> str:
    """A table of literals, for FROM; `alias` names it and its columns: `layout(written, code)`.

    Of no rows it is a table of one row of NULL.
    """
    width = alias.count(",") + 1
    return f"(VALUES\n{_write_rows(rows or [[None] * width])}\n) AS {alias}"


def create_table(name: str, columns: str, rows: Sequence[Sequence[Literal]]) -> str:
    """A table of literals; `columns` are names with their types."""
    created = f"CREATE OR REPLACE TABLE {name} ({columns});"
    return f"{created}\nINSERT INTO {name} VALUES\n{_write_rows(rows)};" if rows else created


def _write_rows(rows: Sequence[Sequence[Literal]]) -> str:
    """Rows of literals, as many a line as it has room for."""
    lines = [""]
    for row in rows:
        written = f" {quote_list(row)},"
        if len(lines[-1]) + len(written) > WIDTH and lines[-1]:
            lines.append("")
        lines[-1] += written
    return "\n".join(f" {line}" for line in lines).removesuffix(",")


def write_where(tests: Iterable[str]) -> Iterator[str]:
    """The lines of WHERE, a test a line."""
    for place, test in enumerate(tests):
        yield ("WHERE " if place == 0 else "  AND ") + test


def indent(text: str, spaces: int = 2) -> str:
    """A text moved to the right."""
    return "\n".join(" " * spaces + line for line in text.split("\n"))


def is_any(tests: Sequence[str]) -> str:
    """A test that holds where one of some does; of none, one that never holds."""
    if not tests:
        return "false"
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"
