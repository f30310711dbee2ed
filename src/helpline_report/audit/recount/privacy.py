"""No key of a person or a contact stands in what is released."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import Check, Ledger

if TYPE_CHECKING:
    import duckdb

KEYS = {"contacts": "contact", "persons": "person"}
TOKEN = re.compile(r"[\w.-]+")
# A key of digits alone that is shorter may be a count as well: nobody could tell.
TELLING = 8


def no_keys(database: duckdb.DuckDBPyConnection, ledger: Ledger) -> Check:
    """Look for every key of the exports in the ledger; the check says how many there were.

    Raises:
        RefusedError: one of them stands in it. The message doesn't say which.
    """
    tokens = sorted(set(TOKEN.findall(ledger.to_json())))
    tables = {str(row[0]) for row in database.execute("SHOW TABLES").fetchall()}
    selects = [
        f"SELECT {key} AS key FROM {table}" for table, key in KEYS.items() if table in tables
    ]
    if not selects:
        return Check(name="keys", passed=True, of=0)
    # Millions of keys stay where they are; the few words of a ledger come to them.
    asked = (
        f"WITH written AS ({' UNION '.join(selects)}), keys AS (\n"
        "  SELECT DISTINCT substr(key, strpos(key, ':') + 1) AS key FROM written\n)\n"
        "SELECT count(*), count(*) FILTER (key IN (SELECT unnest(?::VARCHAR[]))) FROM keys\n"
        f"WHERE length(key) >= {TELLING} OR (key <> '' AND NOT regexp_full_match(key, '\\d+'))"
    )
    telling, found = database.execute(asked, [tokens]).fetchone() or (0, 0)
    if found:
        raise RefusedError(
            f"{found} key(s) of contacts or persons stand in what is released; nothing was",
            next_step="a code list holds the number of a contact or a person: take it out",
        )
    return Check(name="keys", passed=True, of=telling)
