"""The rows of a delimited export: header found, lengths checked, named columns of text."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helpline_report.exports.findings import Findings
from helpline_report.exports.header import match_header
from helpline_report.exports.shapes import is_mojibake, may_be_mojibake, shape
from helpline_report.exports.structure import Structure, scan
from helpline_report.exports.text import TextTable, parse

DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "vertical bar"}
RESAVE = "export the file again; don't open and save it in a spreadsheet"

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """What one file holds: the rows that can be read, and how many rows stand in it.

    `whole` is false where rows were refused: then a missing key says nothing.
    """

    table: TextTable | None
    read: int
    whole: bool


def read_rows(
    text: bytes,
    delimiter: str,
    expected: Sequence[str],
    ignored: Mapping[str, str],
    findings: Findings,
) -> Rows:
    """Read the expected columns of a delimited text; ignored columns go no further.

    Refuses B07, B13, B20, B22, B23, B25 to B27 and B30; leaves out blank rows (B32); notes B14
    and B21.
    """
    refused = Rows(None, 0, whole=False)
    structure = scan(text, delimiter)
    if structure.open_quote is not None:
        findings.refuse(
            "B30",
            "a quote that doesn't open and close a field",
            line=structure.open_quote,
            expected='quotes around a whole field, and two ("") for one inside it',
            next_step=RESAVE,
        )
        return refused
    head = _header_row(text, structure, findings)
    cells = _cells(text, structure, head, delimiter)
    line = int(structure.lines[head])
    if _other_delimiter(cells, delimiter, expected, findings, line):
        return refused
    read = len(structure.starts) - head - 1
    if read == int(structure.blank()[head + 1 :].sum()):
        findings.refuse("B07", "a header and no rows", line=line, next_step=RESAVE)
        return refused
    positions = match_header(cells, expected, ignored, findings, line=line)
    good = _sound_rows(structure, head, len(cells), findings)
    excluded = findings.excluded["B32"]
    if positions is None or not good.any():
        return Rows(None, read, whole=False)
    columns = parse(_body(text, structure, good), delimiter, len(cells), list(positions.values()))
    lines = structure.lines[good].astype(np.int32)
    table = TextTable({name: columns[at] for name, at in positions.items()}, lines)
    if may_be_mojibake(text):
        _refuse_mojibake(table, findings)
    return Rows(table, read, whole=len(table) + excluded == read)


def _header_row(text: bytes, structure: Structure, findings: Findings) -> int:
    """The first row that isn't blank, nor `sep=;` as a spreadsheet writes it."""
    filled = np.flatnonzero(~structure.blank())
    head = int(filled[0])
    start, end = structure.starts[head], structure.ends[head]
    if text[start:end].lower().startswith(b"sep=") and filled.size > 1:
        findings.noted["B14"] += 1
        return int(filled[1])
    return head


def _cells(text: bytes, structure: Structure, row: int, delimiter: str) -> list[str]:
    start, end = structure.starts[row], structure.ends[row]
    return next(csv.reader([text[start:end].decode()], delimiter=delimiter))


def _other_delimiter(
    cells: list[str], delimiter: str, expected: Sequence[str], findings: Findings, line: int
) -> bool:
    if len(cells) > 1 or len(expected) < 2:  # noqa: PLR2004 - one cell where two are due
        return False
    others = {other: cells[0].count(other) for other in DELIMITERS if other != delimiter}
    found = max(others, key=lambda other: others[other])
    if not others[found]:
        return False
    findings.refuse(
        "B13",
        f"the columns are separated by a {DELIMITERS[found]}",
        line=line,
        expected=f"a {DELIMITERS[delimiter]}",
        next_step=f"export with a {DELIMITERS[delimiter]}, or say delimiter: in the layout",
    )
    return True


def _sound_rows(structure: Structure, head: int, width: int, findings: Findings) -> Mask:
    """The data rows with as many fields as the header; the others are refused or left out."""
    fields = structure.fields
    blank = structure.blank()
    data = np.arange(len(fields)) > head
    if (data & blank).any():
        findings.excluded["B32"] += int((data & blank).sum())
    data &= ~blank
    longer, shorter = data & (fields > width), data & (fields < width)
    if longer.any() and bool((fields[data] == width + 1).all()):
        findings.refuse(
            "B27",
            f"all {int(data.sum())} rows have {width + 1} fields, the header has {width}",
            line=int(structure.lines[head]),
            next_step="export the file with a name for every column",
        )
        return data & ~longer
    _refuse_lengths(structure, longer, "B25", width, findings)
    _refuse_lengths(structure, shorter, "B26", width, findings)
    sound: Mask = data & (fields == width)
    return sound


def _refuse_lengths(
    structure: Structure, rows: Mask, code: str, width: int, findings: Findings
) -> None:
    last = len(rows) - 1
    for row in np.flatnonzero(rows):
        cut = code == "B26" and row == last and not structure.ends_in_newline
        findings.refuse(
            "B09" if cut else code,
            f"{'the last row is cut off: ' if cut else ''}{structure.fields[row]} field(s)",
            line=int(structure.lines[row]),
            expected=f"{width}, as in the header",
            next_step=RESAVE,
            row=True,
        )


def _body(text: bytes, structure: Structure, good: Mask) -> bytes:
    """The sound rows, one after another; consecutive rows are copied together."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(np.int8)))
    runs = zip(edges[0::2], edges[1::2] - 1, strict=True)
    return b"\n".join(text[structure.starts[a] : structure.ends[b]] for a, b in runs) + b"\n"


def _refuse_mojibake(table: TextTable, findings: Findings) -> None:
    for name, column in table.columns.items():
        broken = [at for at, text in enumerate(column.distinct) if is_mojibake(text)]
        for row in np.flatnonzero(np.isin(column.codes, broken)):
            shown = shape(column.distinct[column.codes[row]])
            findings.refuse(
                "B05",
                f"letters were lost in an earlier conversion: {shown}",
                line=int(table.lines[row]),
                column=name,
                row=True,
                next_step="export the file again, and open it nowhere in between",
            )
