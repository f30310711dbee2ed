"""Rows that are longer or shorter than the header, and what made them so."""

from __future__ import annotations

import numpy as np

from helpline_report.exports.findings import Findings
from helpline_report.exports.looks import Looks
from helpline_report.exports.text_tables import Grid, Mask

RESAVE = "export the file again; don't open and save it in a spreadsheet"
# Of so many short rows it is told what made them so; each costs a look at its cells.
LOOKED_AT = 10_000


def sound_rows(grid: Grid, data: Mask, head: int, looks: Looks, findings: Findings) -> Mask:
    """The rows of `data` that have as many cells as the header; the others are refused.

    One name less than cells in each row is one problem (B27). Short rows that together make a row
    were broken by a newline in a field (B28); the last row may be cut off (B09).
    """
    widths, width = grid.widths, looks.width
    longer, shorter = data & (widths > width), data & (widths < width)
    if longer.any() and bool((widths[data] == width + 1).all()):
        findings.refuse(
            "B27",
            f"all {int(data.sum())} rows have {width + 1} fields, the header has {width}",
            line=int(grid.lines[head]),
            next_step="export the file with a name for every column",
        )
        return data & ~longer
    if shorter.any() and grid.cut_off and shorter[-1]:
        _refuse_cut_off(grid, width, findings)
        shorter[-1] = False
    _refuse_broken(grid, shorter, data, looks, findings)
    _refuse_lengths(grid, longer, "B25", width, findings)
    _refuse_lengths(grid, shorter, "B26", width, findings)
    sound: Mask = data & (widths == width)
    return sound


def _refuse_cut_off(grid: Grid, width: int, findings: Findings) -> None:
    findings.refuse(
        "B09",
        f"the last row is cut off: {grid.widths[-1]} field(s)",
        line=int(grid.lines[-1]),
        expected=f"{width}, as in the header",
        next_step=RESAVE,
        row=True,
    )


def _refuse_broken(grid: Grid, shorter: Mask, data: Mask, looks: Looks, findings: Findings) -> None:
    """Refuse rows that a newline broke, at their first line; takes them out of `shorter`."""
    for row in np.flatnonzero(shorter)[:LOOKED_AT]:
        if not shorter[row]:
            continue
        first = _beginning(grid, int(row), data, looks)
        if first is not None:
            _refuse_newline(grid, first, findings)
            shorter[[first, first + 1]] = False


def _beginning(grid: Grid, row: int, data: Mask, looks: Looks) -> int | None:
    """The first of two rows that were one, of which `row` is one that is short; None for others.

    Two rows whose fields make one row, the second no row by its look; or one field alone below a
    whole row, which was that row's last and no beginning of another.
    """
    widths, due = grid.widths, looks.width
    goes_on = row + 1 < len(data) and data[row + 1] and widths[row] + widths[row + 1] == due + 1
    begun = widths[row] > 1 or looks.begun(grid.cells(row))
    if goes_on and begun and not looks.row(grid.cells(row + 1)):
        return row
    alone = row > 0 and data[row - 1] and widths[row - 1] == due and not begun
    return row - 1 if alone else None


def _refuse_newline(grid: Grid, first: int, findings: Findings) -> None:
    line, next_line = int(grid.lines[first]), int(grid.lines[first + 1])
    findings.refuse(
        "B28",
        f"a newline in a field without quotes: the row goes on in line {next_line}",
        line=line,
        expected="quotes around a field with a newline",
        next_step=RESAVE,
        row=True,
    )
    findings.faulty["B28"].append(next_line)


def _refuse_lengths(grid: Grid, rows: Mask, code: str, width: int, findings: Findings) -> None:
    for row in np.flatnonzero(rows):
        findings.refuse(
            code,
            f"{grid.widths[row]} field(s)",
            line=int(grid.lines[row]),
            expected=f"{width}, as in the header",
            next_step=RESAVE,
            row=True,
        )
