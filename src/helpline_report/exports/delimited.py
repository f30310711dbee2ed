"""Delimited text as a grid: its delimiter checked, its quotes balanced, its rows found."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpline_report.exports.findings import Findings
from helpline_report.exports.grid import Lines, Mask
from helpline_report.exports.structure import Structure, scan
from helpline_report.exports.text import TextColumn, parse
from helpline_report.params.row_layouts import RowFile

DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "vertical bar"}
RESAVE = "export the file again; don't open and save it in a spreadsheet"


@dataclass(frozen=True)
class DelimitedText:
    """The rows of a text (UTF-8, lines ending in a newline), a `Grid`."""

    text: bytes
    delimiter: str
    structure: Structure

    @property
    def lines(self) -> Lines:
        """The physical line of each row."""
        return self.structure.lines

    @property
    def widths(self) -> Lines:
        """How many fields each row has."""
        return self.structure.fields

    @property
    def cut_off(self) -> bool:
        """Whether the text ends within a line."""
        return not self.structure.ends_in_newline

    def blank(self) -> Mask:
        """Rows that hold nothing but delimiters."""
        return self.structure.blank()

    def cells(self, row: int) -> list[str]:
        """The fields of one row."""
        start, end = self.structure.starts[row], self.structure.ends[row]
        fields = [self.text[start:end].decode()]
        return next(csv.reader(fields, delimiter=self.delimiter), [])

    def columns(self, rows: Mask, width: int, wanted: Sequence[int]) -> dict[int, TextColumn]:
        """Columns (0-based) of some rows, each of which has `width` fields."""
        return parse(self._body(rows), self.delimiter, width, list(wanted))

    def _body(self, rows: Mask) -> bytes:
        """Some rows, one after another; consecutive rows are copied together."""
        edges = np.flatnonzero(np.diff(np.concatenate(([False], rows, [False])).astype(np.int8)))
        runs = zip(edges[0::2], edges[1::2] - 1, strict=True)
        starts, ends = self.structure.starts, self.structure.ends
        return b"\n".join(self.text[starts[a] : ends[b]] for a, b in runs) + b"\n"


def open_text(text: bytes, file: RowFile, findings: Findings) -> DelimitedText | None:
    """The grid of a text, or None where its rows can't be told apart (B13, B30); notes B14."""
    structure = scan(text, file.delimiter)
    if structure.open_quote is not None:
        findings.refuse(
            "B30",
            "a quote that doesn't open and close a field",
            line=structure.open_quote,
            expected='quotes around a whole field, and two ("") for one inside it',
            next_step=RESAVE,
        )
        return None
    filled = np.flatnonzero(~structure.blank())
    first = int(filled[0])
    start, end = structure.starts[first], structure.ends[first]
    if text[start:end].lower().startswith(b"sep=") and filled.size > 1:
        findings.noted["B14"] += 1
        structure = structure.after(first)
        first = int(np.flatnonzero(~structure.blank())[0])
    grid = DelimitedText(text, file.delimiter, structure)
    if _other_delimiter(grid.cells(first), file, findings, int(grid.lines[first])):
        return None
    return grid


def _other_delimiter(cells: list[str], file: RowFile, findings: Findings, line: int) -> bool:
    if len(cells) > 1 or len(file.expected()) < 2:  # noqa: PLR2004 - one cell where two are due
        return False
    others = {other: cells[0].count(other) for other in DELIMITERS if other != file.delimiter}
    found = max(others, key=lambda other: others[other])
    if not others[found]:
        return False
    due = DELIMITERS[file.delimiter]
    findings.refuse(
        "B13",
        f"the columns are separated by a {DELIMITERS[found]}",
        line=line,
        expected=f"a {due}",
        next_step=f"export with a {due}, or say delimiter: in the layout",
    )
    return True
