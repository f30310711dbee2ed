"""One file of open data: columns with their types, and rows of text that stays text."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from io import StringIO

from helpline_report.report.drafted import LEFT_OUT
from helpline_report.report.spreadsheets import harmless


@dataclass(frozen=True)
class DataFile:
    """One CSV file: its name, what it is, its columns with their types, and its rows.

    `heads` says of each column in words what it holds, and `units` in which unit.
    """

    name: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    description: str = ""
    heads: tuple[str, ...] = ()
    units: tuple[str, ...] = ()

    def of_draft(self, rows: int) -> DataFile:
        """The same file with a column that says of each line how many rows the draft left out."""
        columns = (*self.columns, (LEFT_OUT, "integer"))
        return replace(self, columns=columns, rows=tuple((*row, str(rows)) for row in self.rows))

    def text(self) -> str:
        """The file: UTF-8, a comma between fields, a line feed behind each line."""
        out = StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([name for name, _ in self.columns])
        for row in self.rows:
            fields = zip(row, self.columns, strict=True)
            writer.writerow([harmless(v) if kind == "string" else v for v, (_, kind) in fields])
        return out.getvalue()


def plain_number(value: float | str | None) -> str:
    """A value for machines: nothing rounded, whole numbers without a decimal point."""
    if value is None or isinstance(value, str):
        return value or ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
