"""What the kinds of cells say of a column: a code made a date, an error, a number as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from helpline_report.exports.cells import SAFE_DIGITS, Cell, Kind
from helpline_report.exports.findings import Findings
from helpline_report.exports.rows import Rows
from helpline_report.exports.shapes import shape
from helpline_report.exports.text_tables import Mask
from helpline_report.exports.worksheet_grid import DATED, SheetGrid
from helpline_report.parameters.row_layouts import RowFile

MONTHS = 12
TIMED = {"date", "time", "datetime"}
ANEW = "export the rows again, and don't open and save them in a spreadsheet"
Fault = tuple[str, str]
# Those that spreadsheets know, in English and in Dutch; another text isn't shown.
ERRORS = {
    *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"),
    *("#N/B", "#VERW!", "#WAARDE!", "#DEEL/0!", "#NAAM?", "#GETAL!", "#LEEG!"),
}


def check_cells(grid: SheetGrid, rows: Rows, file: RowFile, findings: Findings) -> Rows:
    """The rows without those that a cell puts at fault, and what was mended in the others.

    Refuses B37, B38, B40, B41 and, where a column's dates were read with day and month swapped,
    B42; mends B36 and B45. Only columns that the layout expects are looked at.
    """
    table = rows.table
    if table is None:
        return rows
    held = np.zeros(len(grid.lines), dtype=np.bool_)
    held[table.lines - 1] = True
    faulty = np.zeros(len(grid.lines), dtype=np.bool_)
    mended: dict[str, Mask] = {}
    for at, layout in sorted(grid.layouts.items()):
        column = _Column(grid, at, held)
        faulty |= column.refuse(_faults(column, layout.kind), layout.name, findings)
        for code, mends in _mends(layout.kind, grid.sheet.scan.serials_shift, file).items():
            lines = column.rows([mends(cell) for cell in column.distinct])
            if lines.any():
                mended[code] = mended.get(code, np.zeros_like(held)) | lines
        if layout.kind == "date":
            _refuse_swapped(column, layout.name, file, findings)
    found = {code: grid.lines[lines & ~faulty] for code, lines in mended.items()}
    rows = replace(rows, mended={**rows.mended, **found})
    if not faulty.any():
        return rows
    sound = ~faulty[table.lines - 1]
    return replace(rows, table=table.take(sound) if sound.any() else None, whole=False)


class _Column:
    """The cells of one column in the rows that are held, by their distinct values."""

    def __init__(self, grid: SheetGrid, at: int, held: Mask) -> None:
        self._lines = grid.lines
        self._held = held
        column = grid.sheet.columns[at]
        self.distinct = column.distinct
        self._codes = column.codes[: grid.sheet.height]
        self._used = np.zeros(len(self.distinct), dtype=np.bool_)
        self._used[self._codes[held]] = True

    def cells(self) -> list[Cell]:
        """The distinct cells that stand in these rows."""
        return [self.distinct[place] for place in np.flatnonzero(self._used)]

    def rows(self, wanted: Sequence[bool]) -> Mask:
        """The rows whose cell is wanted; `wanted` is said of each distinct cell."""
        places = np.array(wanted, dtype=np.bool_) & self._used
        return places[self._codes] & self._held

    def refuse(self, faults: Sequence[Fault | None], name: str, findings: Findings) -> Mask:
        """Refuse each cell that has a fault; the rows of these cells."""
        rows = self.rows([fault is not None for fault in faults])
        for row in np.flatnonzero(rows):
            code, what = faults[self._codes[row]] or ("", "")
            line = int(self._lines[row])
            findings.refuse(code, what, line=line, column=name, next_step=STEPS[code], row=True)
        return rows


DUE = {"integer": "whole numbers", "key": "keys"}
STEPS = {
    "B37": "open the workbook, let it calculate, save it",
    "B38": "correct the cell, or export the rows again",
    "B40": f"{ANEW}; or write the cells as text",
    "B41": f"{ANEW}; or write the cells as text",
}


def _faults(column: _Column, kind: str) -> list[Fault | None]:
    """What is wrong with each distinct cell of a column of some kind."""
    zeros = kind == "key" and any(_has_zeros(cell) for cell in column.cells())
    return [_fault(cell, kind, zeros=zeros) for cell in column.distinct]


def _fault(cell: Cell, kind: str, *, zeros: bool) -> Fault | None:
    text, held = cell
    match held:
        case Kind.FORMULA:
            return "B37", "a formula without a stored value"
        case Kind.ERROR:
            shown = text if text in ERRORS else "no value"
            return "B38", f"an error of the spreadsheet ({shown})"
        case Kind.DATE | Kind.MOMENT | Kind.TIME if kind not in TIMED:
            what = "time" if held == Kind.TIME else "date"
            return "B40", f"a {what} cell, where the layout has {DUE.get(kind, 'labels')}"
        case Kind.EXPONENT if kind == "key":
            return "B41", f"a number shown in powers of ten ({shape(text)})"
        case Kind.NUMBER if kind == "key" and len(text) > SAFE_DIGITS:
            return "B41", f"a number of {len(text)} digits, of which a spreadsheet keeps 15"
        case Kind.NUMBER if zeros:
            return "B41", f"a number among texts with leading zeros ({shape(text)})"
    return None


def _has_zeros(cell: Cell) -> bool:
    text, kind = cell
    return kind == Kind.TEXT and text.isdecimal() and len(text) > 1 and text.startswith("0")


def _mends(kind: str, shift: int, file: RowFile) -> dict[str, Callable[[Cell], bool]]:
    """Of a column of some kind, which cells were mended by being read, by the code of the fault."""
    mends: dict[str, Callable[[Cell], bool]] = {}
    if kind in {*TIMED, "integer"}:
        mends["B36"] = _is_number_as_text
    if kind in {"date", "datetime"} and shift:
        serials = {Kind.NUMBER} if file.serial_dates is True else set()
        mends["B45"] = lambda cell: cell[1] in DATED | serials
    return mends


def _is_number_as_text(cell: Cell) -> bool:
    return cell[1] == Kind.TEXT and any(character.isdigit() for character in cell[0])


def _refuse_swapped(column: _Column, name: str, file: RowFile, findings: Findings) -> None:
    """Refuse a column whose dates a spreadsheet took for month and day wherever it could.

    Then those with a day up to 12 are date cells, swapped, and the others stayed text.
    """
    parts = re.findall("d+|[my]+|[-/.]", file.dates or "")
    digits = {"d": r"(\d+)", "m": r"\d+", "y": r"\d+"}
    pattern = re.compile("".join(digits.get(part[0], re.escape(part)) for part in parts))
    texts = [pattern.fullmatch(text.strip()) for text, kind in column.cells() if kind == Kind.TEXT]
    days = [int(found[1]) for found in texts if found is not None and found.groups()]
    real = [int(text[8:10]) for text, kind in column.cells() if kind in DATED]
    if days and real and min(days) > MONTHS >= max(real):
        findings.refuse(
            "B42",
            "date cells with days up to 12, and texts with days from 13: a spreadsheet took day "
            "for month in the first",
            column=name,
            next_step=ANEW,
        )
