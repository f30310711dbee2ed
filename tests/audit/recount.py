"""The exports loaded into DuckDB by the tests' own typing and codes, for the SQL of the audit."""

import csv
from collections.abc import Sequence
from pathlib import Path

import duckdb

from tests.audit.random_exports import CODES

TEXT = "read_csv(?, delim = ';', header = true, all_varchar = true, nullstr = '␀')"
COLUMNS = {
    "contacts": {
        "hulplijn": ("helpline", "helpline"),
        "kanaal": ("channel", "channel"),
        "leeftijdsklasse": ("caller_age_class", "caller_age_class"),
        "geslacht": ("caller_gender", "gender"),
        "anonimiteit": ("anonymity", "anonymity"),
        "hoedanigheid": ("caller_role", "caller_role"),
        "label": ("handling", "handling"),
    },
    "persons": {
        "geslacht": ("gender", "gender"),
        "problematiek": ("problem", "problem"),
        "vorm": ("form", "form"),
        "context": ("context", "context"),
    },
    "followups": {"gevolggeving": ("followup", "followup")},
}
OTHERS = {
    "contacts": (
        "contactnummer AS contact",
        "strptime(datum, '%d/%m/%Y')::DATE AS date",
        "TRY_CAST(left(tijdstip, 2) AS INTEGER) AS hour",
    ),
    "persons": (
        "persoonsnummer AS person",
        "contactnummer AS contact",
        "TRY_CAST(leeftijd AS INTEGER) AS age",
    ),
    "followups": ("persoonsnummer AS person",),
}
FILES = {
    "contacts": "contactnames.csv",
    "persons": "gemelde_personen.csv",
    "followups": "gevolggevingen.csv",
}


def load(folders: Sequence[Path]) -> duckdb.DuckDBPyConnection:
    """A database with the rows of some years: `contacts`, `persons` and `followups`."""
    database = duckdb.connect()
    with CODES.open(encoding="utf-8", newline="") as file:
        codes = [(row["field"], row["label"], row["code"]) for row in csv.DictReader(file)]
    database.execute("CREATE TABLE codes (field VARCHAR, label VARCHAR, code VARCHAR)")
    database.executemany("INSERT INTO codes VALUES (?, ?, ?)", codes)
    for table, file_name in FILES.items():
        for place, folder in enumerate(folders):
            made = f"INSERT INTO {table}" if place else f"CREATE TABLE {table} AS"
            query = f"{made} SELECT {_selected(table)} FROM {TEXT} AS export"  # noqa: S608 - see above
            database.execute(query, [str(folder / file_name)])
    return database


def _selected(table: str) -> str:
    """What a table takes from its file: the columns typed here, and the codes of its labels."""
    coded = (
        f"(SELECT code FROM codes WHERE field = '{of}' "  # noqa: S608 - names that stand above
        f"AND codes.label = coalesce(export.{column}, '')) AS {name}"
        for column, (name, of) in COLUMNS[table].items()
    )
    return ", ".join([*OTHERS[table], *coded])


def ask(database: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    """The rows that a query gives."""
    return database.execute(query).fetchall()
