"""Look for the key of a contact or a person in what is released."""

from __future__ import annotations

import re

import duckdb

from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import Check, Ledger

KEYS = ("contact_keys", "person_keys")
TOKEN = re.compile(r"[\w.-]+")
# A key of digits alone that is shorter may be a count as well: nobody could tell.
TELLING = 8


def search_keys(database: duckdb.DuckDBPyConnection, ledger: Ledger) -> tuple[int, int]:
    """How many keys of the exports tell who is meant, and how many of them stand in the ledger."""
    tables = {str(row[0]) for row in database.execute("SHOW TABLES").fetchall()}
    keys = " UNION ".join(f"SELECT key FROM {table}" for table in KEYS if table in tables)
    if not keys:
        return 0, 0
    # Millions of keys stay where they are; the few words of a ledger come to them.
    words = sorted(set(TOKEN.findall(ledger.to_json())))
    ((telling, found),) = database.execute(
        f"SELECT count(*), count(*) FILTER (key IN (SELECT unnest(?::VARCHAR[])))\nFROM ({keys})\n"
        f"WHERE length(key) >= {TELLING} OR (key <> '' AND NOT regexp_full_match(key, '\\d+'))",
        [words],
    ).fetchall()
    return int(telling), int(found)


def check_keys(telling: int, found: int) -> Check:
    """The check that no key stands in what is released.

    Raises:
        RefusedError: one does. The message doesn't say which.
    """
    if found:
        raise RefusedError(
            f"{found} key(s) of contacts or persons stand in what is released; nothing was",
            next_step="a code list holds the number of a contact or a person: take it out",
        )
    return Check(name="keys", passed=True, of=telling)
