"""No key of a person or a contact stands in what is released."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpline_report.audit.recount.answers import Answers
from helpline_report.audit.recount.arithmetic import Rows
from helpline_report.audit.recount.held import LINES, Shape
from helpline_report.audit.recount.small import one_row
from helpline_report.audit.recount.writing import text
from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import Check, Ledger

if TYPE_CHECKING:
    import duckdb

KEYS = {"contacts": "contact", "persons": "person"}
TOKEN = re.compile(r"[\w.-]+")
# A key of digits alone that is shorter may be a count as well: nobody could tell.
TELLING = 8

# A table, an edition, and what was added to its numbers.
Numbers = tuple[str, str, int]


def no_keys(
    database: duckdb.DuckDBPyConnection, ledger: Ledger, answers: Answers | None = None
) -> Check:
    """Look for every key of the exports in the ledger; the check says how many there were.

    `answers` knows what an earlier look at the same exports for the same words gave.

    Raises:
        RefusedError: one of them stands in it. The message doesn't say which.
    """
    tokens = sorted(set(TOKEN.findall(ledger.to_json())))
    words = hashlib.sha256("\n".join(tokens).encode()).hexdigest()

    def look() -> Rows:
        tables = {str(row[0]) for row in database.execute("SHOW TABLES").fetchall()}
        looked = _numbers if "key_shapes" in tables else _texts
        return [looked(database, sorted(tables & KEYS.keys()), tokens)]

    asked = Answers() if answers is None else answers
    telling, found = (int(str(each)) for each in asked.of(f"keys among the words {words}", look)[0])
    if found:
        raise RefusedError(
            f"{found} key(s) of contacts or persons stand in what is released; nothing was",
            next_step="a code list holds the number of a contact or a person: take it out",
        )
    return Check(name="keys", passed=True, of=telling)


def _texts(
    database: duckdb.DuckDBPyConnection, tables: Sequence[str], tokens: Sequence[str]
) -> tuple[int, int]:
    """How many keys tell, and how many of them are among the tokens."""
    selects = [f"SELECT {KEYS[table]} AS key FROM {table}" for table in tables]
    if not selects:
        return 0, 0
    # Millions of keys stay where they are; the few words of a ledger come to them.
    asked = (
        f"WITH written AS ({' UNION '.join(selects)}), keys AS (\n"
        "  SELECT DISTINCT substr(key, strpos(key, ':') + 1) AS key FROM written\n)\n"
        "SELECT count(*), count(*) FILTER (key IN (SELECT unnest(?::VARCHAR[]))) FROM keys\n"
        f"WHERE length(key) >= {TELLING} OR (key <> '' AND NOT regexp_full_match(key, '\\d+'))"
    )
    ((telling, found),) = database.execute(asked, [tokens]).fetchall()
    return telling, found


def _numbers(
    database: duckdb.DuckDBPyConnection, tables: Sequence[str], tokens: Sequence[str]
) -> tuple[int, int]:
    """The same of keys that are numbers: those of one shape are counted together."""
    of_shape: dict[Shape, list[Numbers]] = {}
    shapes = 'SELECT "table", edition, prefix, digits, step FROM key_shapes ORDER BY ALL'
    for table, edition, prefix, digits, step in database.execute(shapes).fetchall():
        if table in tables:
            of_shape.setdefault(Shape(prefix, digits), []).append((table, edition, step))
    telling = found = 0
    for shape, numbers in of_shape.items():
        lowest = 0
        if not shape.prefix.strip() and (shape == LINES or shape.digits < TELLING):
            lowest = 10 ** (TELLING - 1)
        counts = one_row(database, _count_numbers(numbers, lowest, _written(shape, tokens)))
        telling, found = telling + counts[0], found + counts[1]
    return telling, found


def _written(shape: Shape, tokens: Sequence[str]) -> list[int]:
    """The numbers of the tokens that are keys of a shape."""
    digits = r"[1-9]\d*" if shape == LINES else rf"[0-9]{{{shape.digits}}}"
    key = re.compile(rf"{re.escape(shape.prefix.strip())}({digits})", re.ASCII)
    return [int(found[1]) for found in map(key.fullmatch, tokens) if found]


def _count_numbers(numbers: Sequence[Numbers], lowest: int, written: Sequence[int]) -> str:
    """How many keys of one shape tell, and how many of them are written somewhere.

    No row stands twice in a table; the same key may stand in two tables, or two editions.
    """
    selects = [
        f"SELECT {KEYS[table]} - {step} AS number FROM {table} WHERE edition = {text(edition)}"
        for table, edition, step in numbers
    ]
    among = f"FILTER (number IN ({', '.join(map(str, written))}))" if written else "FILTER (false)"
    rows = " UNION ".join(selects)
    return f"SELECT count(*), count(*) {among} FROM ({rows}) WHERE number >= {lowest}"
