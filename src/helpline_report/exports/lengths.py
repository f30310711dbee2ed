"""Rows that are longer or shorter than the header, and what made them so."""

from __future__ import annotations

import numpy as np

from helpline_report.exports.findings import Findings
from helpline_report.exports.grid import Grid, Mask

RESAVE = "export the file again; don't open and save it in a spreadsheet"


def sound_rows(grid: Grid, data: Mask, head: int, width: int, findings: Findings) -> Mask:
    """The rows of `data` that have `width` cells; the others are refused.

    One name less than cells in each row is one problem (B27). Short rows that together make a row
    were broken by a newline in a field (B28); the last row may be cut off (B09).
    """
    widths = grid.widths
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
    _refuse_broken(grid, shorter, data, width, findings)
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


def _refuse_broken(grid: Grid, shorter: Mask, data: Mask, width: int, findings: Findings) -> None:
    """Refuse rows that a newline broke, at their first line; takes them out of `shorter`.

    Two short rows whose fields make one row; or one field alone below a whole row, which was that
    row's last.
    """
    widths = grid.widths
    row = 0
    short = np.flatnonzero(shorter)
    while row < short.size:
        first = int(short[row])
        second = int(short[row + 1]) if row + 1 < short.size else -1
        if second == first + 1 and widths[first] + widths[second] == width + 1:
            _refuse_newline(grid, first, second, findings)
            shorter[[first, second]] = False
            row += 1
        elif widths[first] == 1 and first and data[first - 1] and widths[first - 1] == width:
            _refuse_newline(grid, first - 1, first, findings)
            shorter[first] = False
        row += 1


def _refuse_newline(grid: Grid, first: int, second: int, findings: Findings) -> None:
    line, next_line = int(grid.lines[first]), int(grid.lines[second])
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
