"""The rows of a grid: header found, lengths checked, named columns of text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpline_report.exports.findings import Findings
from helpline_report.exports.grid import Grid, Mask
from helpline_report.exports.header import match_header
from helpline_report.exports.shapes import is_mojibake, shape
from helpline_report.exports.text import TextTable
from helpline_report.params.row_layouts import RowFile

RESAVE = "export the file again; don't open and save it in a spreadsheet"


@dataclass(frozen=True)
class Rows:
    """What one file holds: the rows that can be read, and how many rows stand in it.

    `whole` is false where rows were refused: then a missing key says nothing.
    """

    table: TextTable | None
    read: int
    whole: bool


def read_rows(grid: Grid, file: RowFile, findings: Findings) -> Rows:
    """Read the expected columns of a grid; columns that the layout ignores go no further.

    Refuses B05, B07, B20, B22, B23 and B25 to B27; leaves out blank rows (B32); notes B21.
    """
    filled = np.flatnonzero(~grid.blank())
    if not filled.size:
        findings.refuse("B07", "the file is empty", next_step=RESAVE)
        return Rows(None, 0, whole=False)
    head = int(filled[0])
    cells = grid.cells(head)
    line = int(grid.lines[head])
    read = len(grid.lines) - head - 1
    if read == int(grid.blank()[head + 1 :].sum()):
        findings.refuse("B07", "a header and no rows", line=line, next_step=RESAVE)
        return Rows(None, 0, whole=False)
    positions = match_header(cells, file.expected(), file.ignored, findings, line=line)
    good = _sound_rows(grid, head, len(cells), findings)
    excluded = findings.excluded["B32"]
    if positions is None or not good.any():
        return Rows(None, read, whole=False)
    columns = grid.columns(good, len(cells), list(positions.values()))
    lines = grid.lines[good].astype(np.int32)
    table = TextTable({name: columns[at] for name, at in positions.items()}, lines)
    _refuse_mojibake(table, findings)
    return Rows(table, read, whole=len(table) + excluded == read)


def _sound_rows(grid: Grid, head: int, width: int, findings: Findings) -> Mask:
    """The data rows with as many fields as the header; the others are refused or left out."""
    fields = grid.widths
    blank = grid.blank()
    data = np.arange(len(fields)) > head
    if (data & blank).any():
        findings.excluded["B32"] += int((data & blank).sum())
    data &= ~blank
    longer, shorter = data & (fields > width), data & (fields < width)
    if longer.any() and bool((fields[data] == width + 1).all()):
        findings.refuse(
            "B27",
            f"all {int(data.sum())} rows have {width + 1} fields, the header has {width}",
            line=int(grid.lines[head]),
            next_step="export the file with a name for every column",
        )
        return data & ~longer
    _refuse_lengths(grid, longer, "B25", width, findings)
    _refuse_lengths(grid, shorter, "B26", width, findings)
    sound: Mask = data & (fields == width)
    return sound


def _refuse_lengths(grid: Grid, rows: Mask, code: str, width: int, findings: Findings) -> None:
    last = len(rows) - 1
    for row in np.flatnonzero(rows):
        cut = code == "B26" and row == last and grid.cut_off
        findings.refuse(
            "B09" if cut else code,
            f"{'the last row is cut off: ' if cut else ''}{grid.widths[row]} field(s)",
            line=int(grid.lines[row]),
            expected=f"{width}, as in the header",
            next_step=RESAVE,
            row=True,
        )


def _refuse_mojibake(table: TextTable, findings: Findings) -> None:
    for name, column in table.columns.items():
        if "".join(column.distinct).isascii():
            continue
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
