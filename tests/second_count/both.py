"""The tables of the first count and of the second, side by side, and where they differ."""

from collections.abc import Iterator
from typing import Any

import duckdb

from helpline_report.parameters.edition import Edition
from helpline_report.parameters.input_files import number_duplicate_names
from helpline_report.parameters.layouts import TRAFFIC_DIMENSIONS
from helpline_report.parameters.project import Project
from helpline_report.second_count.database import open_database
from helpline_report.second_count.sql import KEYS
from helpline_report.tables.dataset import Dataset, Table

Row = dict[str, Any]
UNKNOWN = -1


def differences(project: Project, edition: Edition, dataset: Dataset) -> list[str]:
    """What differs between a dataset and what SQL makes of the same exports; one line each."""
    left_out = {(edition.edition, file): lines for file, lines in dataset.left_out.items()}
    with open_database(project, [edition], left_out) as opened:
        differing = [*_files(opened, dataset)]
        for name, table in dataset.tables.items():
            first, second = list(_first(table)), list(_second(opened, table))
            if name == "traffic":
                first.sort(key=_in_order)
                second.sort(key=_in_order)
            differing += _unlike(name, first, second)
    return differing


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


def _own(table: Table) -> list[str]:
    """The fields that a table has of its own."""
    own = [name for name in table.frame.columns if name not in ("line", "file") and ":" not in name]
    return [*own, *sorted(table.multiple)]


def _first(table: Table) -> Iterator[Row]:
    """The rows of a table as they are counted by the chapters."""
    frame = table.frame
    above = None
    if table.parent is not None and table.parent_rows is not None:
        above = table.parent.frame["line"].to_numpy()[table.parent_rows]
    for place, row in enumerate(frame.to_dict("records")):
        values: Row = {"line": row["line"]}
        if above is not None:
            values["above"] = int(above[place])
        for name in _own(table):
            if name in table.multiple:
                values[name] = sorted(code for code in table.codes[name] if row[f"{name}:{code}"])
                continue
            value = row[name]
            if name in ("date", "start", "end"):
                value = value.date()
            values[name] = None if value == UNKNOWN or value != value else value  # noqa: PLR0124
        yield values


def _second(opened: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Row]:
    """The same rows as SQL has them."""
    if table.name == "traffic":
        columns = ", ".join(sorted(table.fields & set(TRAFFIC_DIMENSIONS)))
        asked = f'line, measure, grain, "start", "end", value{", " if columns else ""}{columns}'
        result = opened.execute(f"SELECT {asked} FROM traffic")  # noqa: S608 - no user's text
    else:
        # An hour is a code there, as every field is that figures are told by.
        own = ["TRY_CAST(hour AS INTEGER) AS hour" if f == "hour" else f for f in _own(table)]
        rows, above = table.name, ""
        if table.parent is not None:
            above, key = f", {table.parent.name}.line AS above", KEYS[table.parent.name]
            rows += f" JOIN {table.parent.name} USING ({key})"
        own = [f"{table.name}.{field}" if " " not in field else field for field in own]
        columns = ", ".join([f"{table.name}.line", *own])
        result = opened.execute(f"SELECT {columns}{above} FROM {rows} ORDER BY 1")  # noqa: S608
    names = [column[0] for column in result.description or ()]
    for values in result.fetchall():
        row = dict(zip(names, values, strict=True))
        yield {
            name: sorted(value) if isinstance(value, list) else value for name, value in row.items()
        }


def _files(opened: duckdb.DuckDBPyConnection, dataset: Dataset) -> Iterator[str]:
    """What became of the rows of each file."""
    balances = dataset.balances
    files = [(dataset.edition, item.file, dataset.public_name(item.file)) for item in balances]
    names = number_duplicate_names(files)
    asked = 'SELECT file, "table", read, used, repaired, excluded FROM files'
    second = {row[:2]: row[2:] for row in opened.execute(asked).fetchall()}
    for balance, name in zip(balances, names, strict=True):
        repaired, excluded = sum(balance.repaired.values()), sum(balance.excluded.values())
        first = (balance.read, balance.used, repaired, excluded)
        other = second.get((name, balance.table))
        if other != first:
            yield f"rows of {name} for {balance.table}: {first}, {other} by SQL"
