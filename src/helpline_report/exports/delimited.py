"""Delimited text as a grid: its delimiter checked, its quotes balanced, its rows found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from helpline_report.exports.cutting import cut
from helpline_report.exports.fields import fields_of
from helpline_report.exports.findings import Findings
from helpline_report.exports.grid import Lines, Mask
from helpline_report.exports.heading import WITHIN, names_in
from helpline_report.exports.structure import Structure, scan
from helpline_report.exports.text import TextColumn, parse
from helpline_report.exports.wrapped import unwrap
from helpline_report.parameters.row_layouts import RowFile

DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "vertical bar"}
# As wide as the widest worksheet; and so much of a line is looked at to find names in it.
WIDEST = 16_384
LOOKED_AT = 100_000
RESAVE = "export the file again; don't open and save it in a spreadsheet"


@dataclass(frozen=True)
class DelimitedText:
    """The rows of a text (UTF-8, lines ending in a newline), a `Grid`.

    `mended` are the lines of rows that were mended, by the code of the fault.
    """

    text: bytes
    delimiter: str
    structure: Structure
    mended: Mapping[str, Lines] = field(default_factory=dict)

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
        """Rows that hold nothing but delimiters, spaces and empty quotes."""
        return self._blank

    @cached_property
    def _blank(self) -> Mask:
        blank = self.structure.blank()
        for row in self.structure.perhaps_blank(self.text, self.delimiter):
            blank[row] = not any(cell.strip() for cell in self.cells(row))
        return blank

    def cells(self, row: int) -> list[str]:
        """The fields of one row."""
        start, end = self.structure.starts[row], self.structure.ends[row]
        return fields_of(self.text[start:end].decode(), self.delimiter)

    def columns(self, rows: Mask, width: int, wanted: Sequence[int]) -> dict[int, TextColumn]:
        """Columns (0-based) of some rows, each of which has `width` fields."""
        starts, ends = self.structure.starts[rows], self.structure.ends[rows]
        found = cut(self.text, starts, ends, delimiter=self.delimiter, width=width, wanted=wanted)
        return found or parse(self._body(rows), self.delimiter, width, list(wanted))

    def _body(self, rows: Mask) -> bytes:
        """Some rows, one after another; consecutive rows are copied together."""
        edges = np.flatnonzero(np.diff(np.concatenate(([False], rows, [False])).astype(np.int8)))
        runs = zip(edges[0::2], edges[1::2] - 1, strict=True)
        starts, ends = self.structure.starts, self.structure.ends
        return b"\n".join(self.text[starts[a] : ends[b]] for a, b in runs) + b"\n"


def open_text(text: bytes, file: RowFile, findings: Findings) -> DelimitedText | None:
    """The grid of a text, or None where its rows can't be told apart (B09, B13, B30).

    A first line `sep=;` is left out and noted (B14); rows wrapped in quotes are mended (B71).
    """
    if _other_delimiter(text, file, findings):
        return None
    structure = scan(text, file.delimiter)
    mended = {}
    if structure.open_quote is None:
        unwrapped = unwrap(text, structure, file.delimiter, len(file.expected()))
        if unwrapped is not None:
            text, mended["B71"] = unwrapped
            structure = scan(text, file.delimiter)
    if structure.open_quote is not None:
        _refuse_open_quote(structure, findings)
        return None
    if _too_wide(structure, findings) or _swallows_rows(text, structure, file.delimiter, findings):
        return None
    return DelimitedText(
        text, file.delimiter, _without_separator(text, structure, findings), mended
    )


def _without_separator(text: bytes, structure: Structure, findings: Findings) -> Structure:
    """The rows without a first line `sep=;`, as spreadsheets write and read it."""
    filled = ~structure.blank()
    first = int(filled.argmax())
    start = int(structure.starts[first])
    if not filled.any() or text[start : start + 4].lower() != b"sep=":
        return structure
    findings.noted["B14"] += 1
    return structure.after(first)


def _refuse_open_quote(structure: Structure, findings: Findings) -> None:
    cut = structure.ends_in_quote
    what = "a quote that doesn't open and close a field"
    if cut:
        what = "the file is cut off: its last quote stays open"
    _refuse_quote("B09" if cut else "B30", what, structure.open_quote or 0, findings)


def _refuse_quote(code: str, what: str, line: int, findings: Findings) -> None:
    findings.refuse(
        code,
        what,
        line=line,
        expected='quotes around a whole field, and two ("") for one inside it',
        next_step=RESAVE,
    )


def _too_wide(structure: Structure, findings: Findings) -> bool:
    """Whether a row has more fields than any table: then lines lost their ends, or it is none."""
    row = int(structure.fields.argmax())
    if structure.fields[row] > WIDEST:
        findings.refuse(
            "B25",
            f"{structure.fields[row]} field(s) in one row",
            line=int(structure.lines[row]),
            expected=f"{WIDEST} at most",
            next_step=RESAVE,
        )
    return bool(structure.fields[row] > WIDEST)


def _swallows_rows(text: bytes, structure: Structure, delimiter: str, findings: Findings) -> bool:
    """Whether a quote that opens in one row closes in another, as if all between were one field.

    Such a row has several lines, of which each would be a row by itself.
    """
    if b'"' not in text:
        return False
    due = int(np.bincount(structure.fields).argmax()) - 1
    rows = [*np.flatnonzero(np.diff(structure.lines) > 1), len(structure.lines) - 1]
    for row in rows:
        lines = text[structure.starts[row] : structure.ends[row]].split(b"\n")
        if due and len(lines) > 1 and all(line.count(delimiter.encode()) == due for line in lines):
            line = int(structure.lines[row])
            _refuse_quote(
                "B30", "a quote that opens in one row and closes in another", line, findings
            )
            return True
    return False


def _first_lines(text: bytes) -> list[bytes]:
    """The first lines of a text, which may be all that it has."""
    end = 0
    for _ in range(WITHIN):
        end = text.find(b"\n", end) + 1
        if not end:
            return text.split(b"\n")
    return text[: end - 1].split(b"\n")


def _start(line: bytes) -> str:
    return line[:LOOKED_AT].decode(errors="ignore").replace('"', "")


def _other_delimiter(text: bytes, file: RowFile, findings: Findings) -> bool:
    """Whether the names of the columns are told apart by another delimiter than is due."""
    lines = [_start(line) for line in _first_lines(text)]
    named = {
        delimiter: [len(names_in(line.split(delimiter), file)) for line in lines]
        for delimiter in DELIMITERS
    }
    found = max(DELIMITERS, key=lambda delimiter: max(named[delimiter]))
    most = max(named[found])
    if most < 2 or most <= max(named[file.delimiter]):  # noqa: PLR2004 - one may be a word
        return False
    due = DELIMITERS[file.delimiter]
    findings.refuse(
        "B13",
        f"the columns are separated by a {DELIMITERS[found]}",
        line=named[found].index(most) + 1,
        expected=f"a {due}",
        next_step=f"export with a {due}, or say delimiter: in the layout",
    )
    return True
