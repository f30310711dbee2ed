"""The tables of the first count and of the second, side by side, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

import duckdb

from helpline_report.audit.recount import database
from helpline_report.audit.recount.database import open_database
from helpline_report.audit.recount.untouched import AsRead
from helpline_report.figures.file_names import names_of
from helpline_report.figures.register import Register
from helpline_report.figures.rows import as_they_stand
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.web_layouts import TRAFFIC_DIMENSIONS
from helpline_report.tables.model import Dataset, Table

Row = dict[str, Any]
FROM = {
    "contacts": "contacts",
    "persons": "persons JOIN contacts USING (contact)",
    "followups": "followups JOIN persons USING (person) JOIN contacts USING (contact)",
}
OWN = ("edition", "contact", "person", "mended", "line")
UNKNOWN = -1


@contextmanager
def held_small(*, small: bool = True) -> Iterator[None]:
    """Tables are held as those of millions of rows are, however few there are."""
    with patch.object(database, "MANY", 0) if small else nullcontext():
        yield


def standing_of(register: Register) -> dict[tuple[str, str], AsRead]:
    """The files of which their reading left all rows as they are, as a build knows them."""
    found = as_they_stand(register).items()
    return {file: AsRead(item.sha256, item.read) for file, item in found}


def differences(
    project: Project, edition: Edition, dataset: Dataset, *, small: bool = False
) -> list[str]:
    """What differs between a dataset and what SQL makes of the same exports; one line each.

    Held `small`, the database reads those files itself that stand as they are.
    """
    left_out = {(edition.edition, file): lines for file, lines in dataset.left_out.items()}
    register = Register(edition, dataset, project.codelists())
    standing = standing_of(register) if small else None
    with (
        held_small(small=small),
        open_database(project, [edition], left_out, standing) as opened,
    ):
        found = [*_files(opened, dataset)]
        for name, table in dataset.tables.items():
            first, second = list(_first(table)), list(_second(opened, table))
            if name == "traffic":
                first.sort(key=_in_order)
                second.sort(key=_in_order)
            found += _unlike(name, first, second)
    return found


def _in_order(row: Row) -> list[str]:
    return [f"{name} {value}" for name, value in sorted(row.items()) if value is not None]


def _unlike(name: str, first: list[Row], second: list[Row]) -> Iterator[str]:
    if len(first) != len(second):
        yield f"{name}: {len(first)} rows, {len(second)} by SQL"
    for one, other in zip(first, second, strict=False):
        for column in sorted(one.keys() | other.keys()):
            if one.get(column) != other.get(column):
                where = f"{name} of line {one['line']}, {column}"
                yield f"{where}: {one.get(column)!r}, {other.get(column)!r} by SQL"


def _first(table: Table) -> Iterator[Row]:
    """The rows of a table as they are counted by the chapters."""
    frame = table.frame
    above = None
    if table.parent is not None and table.parent_rows is not None:
        above = table.parent.frame["line"].to_numpy()[table.parent_rows]
    for place, row in enumerate(frame.to_dict("records")):
        made: Row = {"line": row["line"]}
        if above is not None:
            made["above"] = int(above[place])
        for name in table.multiple:
            codes = table.codes[name]
            made[name] = sorted(code for code in codes if row[f"{name}:{code}"])
        for name in frame.columns:
            if name in ("line", "file") or ":" in name:
                continue
            value = row[name]
            if name in ("date", "start", "end"):
                value = value.date()
            made[name] = None if value == UNKNOWN or value != value else value  # noqa: PLR0124
        yield made


def _second(opened: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Row]:
    """The same rows as SQL has them."""
    if table.name == "traffic":
        columns = ", ".join(sorted(table.fields & set(TRAFFIC_DIMENSIONS)))
        asked = f'line, measure, grain, "start", "end", value{", " if columns else ""}{columns}'
        found = opened.execute(f"SELECT {asked} FROM traffic")  # noqa: S608 - no user's text
    else:
        of = f"{table.name}.*"
        parent = table.parent.name if table.parent else ""
        above = f", {parent}.line AS above" if parent else ""
        rows = f"FROM {FROM[table.name]} ORDER BY {table.name}.line"
        found = opened.execute(f"SELECT {of}{above} {rows}")
    names = [column[0] for column in found.description or ()]
    for values in found.fetchall():
        row = dict(zip(names, values, strict=True))
        line = row["line"]
        made = {name: row[name] for name in names if name not in OWN}
        yield {"line": line} | {
            name: sorted(value) if isinstance(value, list) else value
            for name, value in made.items()
        }


def _files(opened: duckdb.DuckDBPyConnection, dataset: Dataset) -> Iterator[str]:
    """What became of the rows of each file."""
    balances = dataset.balances
    files = [(dataset.edition, item.file, dataset.called(item.file)) for item in balances]
    names = names_of(files)
    asked = 'SELECT file, "table", read, used, repaired, excluded FROM files'
    second = {row[:2]: row[2:] for row in opened.execute(asked).fetchall()}
    for balance, name in zip(balances, names, strict=True):
        repaired, excluded = sum(balance.repaired.values()), sum(balance.excluded.values())
        first = (balance.read, balance.used, repaired, excluded)
        other = second.get((name, balance.table))
        if other != first:
            yield f"rows of {name} for {balance.table}: {first}, {other} by SQL"
