"""One file of open data: columns with their types, and rows of text that stays text."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from io import StringIO

from helpline_report.report.spreadsheets import harmless

# The last columns of every data file of a draft and of synthetic rows, and the keys in their
# description.
LEFT_OUT = "draft_left_out_rows"
ROWS, SYNTHETIC = "rows", "synthetic"


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

    def with_column(self, name: str, kind: str, value: str, head: str) -> DataFile:
        """The same file with a last column that says the same of each line."""
        missing = ("",) * (len(self.columns) - len(self.heads))
        return replace(
            self,
            columns=(*self.columns, (name, kind)),
            rows=tuple((*row, value) for row in self.rows),
            heads=(*self.heads, *missing, head),
        )

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
