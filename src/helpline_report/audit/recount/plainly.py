"""The plain forms of labels told once, and not each time that a statement is planned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpline_report.audit.recount.writing import text

if TYPE_CHECKING:
    import duckdb

# A label in its plain form; or a text or a name, in which such a thing may stand as it is.
OF_LABEL = re.compile(r"""plain\('((?:[^']|'')*)'\)|'(?:[^']|'')*'|"(?:[^"]|"")*\"""")


def with_plain_forms(database: duckdb.DuckDBPyConnection, statements: Sequence[str]) -> list[str]:
    """The statements with each `plain('a label')` as the text that the database says it is."""
    found = {match[1] for each in statements for match in OF_LABEL.finditer(each)} - {None}
    labels = sorted(label.replace("''", "'") for label in found)
    asked = "SELECT label, plain(label) FROM (SELECT unnest(?::VARCHAR[]) AS label)"
    plain = dict(database.execute(asked, [labels]).fetchall())

    def told(match: re.Match[str]) -> str:
        label = match[1]
        return match[0] if label is None else text(plain[label.replace("''", "'")])

    return [OF_LABEL.sub(told, each) for each in statements]
