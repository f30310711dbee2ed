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
    tokens = set(TOKEN.findall(ledger.to_json()))
    keys: set[str] = set()
    tables = {str(row[0]) for row in database.execute("SHOW TABLES").fetchall()}
    for table, key in KEYS.items():
        if table in tables:
            rows = database.execute(f"SELECT DISTINCT {key} FROM {table}").fetchall()
            keys |= {str(row[0]).partition(":")[2] for row in rows}
    telling = {key for key in keys if len(key) >= TELLING or (key and not key.isdigit())}
    found = telling & tokens
    if found:
        raise RefusedError(
            f"{len(found)} key(s) of contacts or persons stand in what is released; nothing was",
            next_step="a code list holds the number of a contact or a person: take it out",
        )
    return Check(name="keys", passed=True, of=len(telling))
