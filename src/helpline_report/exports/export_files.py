"""Read one export file, from its path to named columns of text, and check its cells."""

import hashlib
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpline_report.exports.cell_texts import is_mojibake, shape
from helpline_report.exports.decoding import decode, is_named_workbook
from helpline_report.exports.delimited_text import open_text
from helpline_report.exports.faults import FaultError, Findings
from helpline_report.exports.rows import Rows, read_rows
from helpline_report.exports.text_tables import (
    DATED,
    CellKind,
    Mask,
    TextTable,
    WorkbookCell,
    get_value,
)
from helpline_report.exports.workbooks import SAFE_DIGITS, list_column_kinds, read_workbook
from helpline_report.parameters.row_layouts import RowFile

# Five million contacts are 400 MB. A larger file is no year of a helpline, and would fill the
# memory: reading it takes some five times its size.
LARGEST = 2 * 2**30


@dataclass(frozen=True, kw_only=True)
class Export(Rows):
    """A file of rows as it was read: `file` is how messages name it.

    `reasons` counts the corrections of its rows by why they were made.
    """

    file: str
    layout: RowFile
    sha256: str
    findings: Findings
    reasons: Mapping[str, int] = field(default_factory=dict)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. What isn't a file isn't opened: reading a pipe would never end.

    Raises:
        FaultError: there is none or it can't be read (B00), or it is too large (B11).
    """
    try:
        status = path.stat()
        if status.st_size > LARGEST:
            raise FaultError("B11", "file", bytes=status.st_size, most=LARGEST)
        if stat.S_ISREG(status.st_mode):
            return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise FaultError("B00", "missing" if path.parent.is_dir() else "no_folder") from None
    except OSError as error:
        raise FaultError("B00", "unreadable", reason=error.strerror) from None
    raise FaultError("B00", "no_file")


def read_export(path: Path, label: str, file: RowFile) -> Export:
    """Read a file of rows by its layout; `label` is its name in messages.

    Its rows are separated and its columns are named. Cells are checked by `check_cells`, once
    corrections are made. Faults of the file are in the findings, and nothing is raised for them.
    """
    findings = Findings(label)
    raw, rows = b"", Rows()
    try:
        raw = read_bytes(path)
        rows = _read_rows(raw, path.name, file, findings)
    except FaultError as error:
        findings.add_error(error)
    sha256 = hashlib.sha256(raw).hexdigest()
    return Export(file=label, layout=file, sha256=sha256, findings=findings, **vars(rows))


def _read_rows(raw: bytes, name: str, file: RowFile, findings: Findings) -> Rows:
    if is_named_workbook(name):
        return read_workbook(raw, name, file, findings)
    grid = open_text(decode(raw, file.encodings, findings.noted), file, findings.noted)
    rows = read_rows(grid, file, findings)
    if not grid.unwrapped:
        return rows
    lines = np.array(grid.unwrapped, dtype=np.int32)
    # A header or a title that was unwrapped is no row.
    others = len(lines) - (int(np.isin(rows.table.lines, lines).sum()) if rows.table else 0)
    findings.noted.update({"B71": others} if others else {})
    return replace(rows, mended={"B71": lines})


MONTHS = 12
# A duration of days, shown as a time, is a moment of the first days that spreadsheets count.
FIRST_DATES, A_DAY = "1905", "24"
TIMED = {"date", "time", "datetime"}
DUE = {"integer": "whole numbers", "key": "keys"}
# Those that spreadsheets know, in English and in Dutch; another text isn't shown.
ERRORS = {
    *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"),
    *("#N/B", "#VERW!", "#WAARDE!", "#DEEL/0!", "#NAAM?", "#GETAL!", "#LEEG!"),
}


def check_cells(export: Export) -> Export:
    """The export without the rows that have a faulty cell; repairs of other rows are in `mended`.

    Refuses B05, B37, B38, B40, B41 and, if the dates of a column were read with day and month
    swapped, B42; repairs B36 and B45.
    """
    file, table, findings = export.layout, export.table, export.findings
    if table is None:
        return export
    _check_texts(table, findings)
    faulty = np.zeros(len(table), dtype=np.bool_)
    repaired: dict[str, Mask] = {}
    kinds = list_column_kinds(file)
    for name, cells in table.cells.items():
        kind = kinds[name]
        faulty |= _refuse_cells(name, kind, table, findings)
        codes = [_find_repair(cell, kind, table, file) for cell in cells.categories]
        for code in sorted(set(codes) - {""}):
            rows = np.array([each == code for each in codes])[cells.codes]
            if rows.any():
                repaired[code] = repaired.get(code, np.zeros_like(rows)) | rows
        if kind == "date" and _is_swapped(cells, file):
            findings.add("B42", "cells", column=name)
    mended = {code: table.lines[rows & ~faulty] for code, rows in repaired.items()}
    export = replace(export, mended={**export.mended, **mended})
    if faulty.any():
        return replace(export, table=None if faulty.all() else table.take(~faulty), whole=False)
    return export


def _check_texts(table: TextTable, findings: Findings) -> None:
    """Refuse the rows that hold a faulty text (B05), whatever the column and the kind of file."""
    for name, column in table.columns.items():
        foreign = np.flatnonzero(~column.categories.str.isascii()).tolist()
        lost = [at for at in foreign if is_mojibake(column.categories[at])]
        for row in np.flatnonzero(np.isin(column.codes, lost)).tolist() if lost else ():
            text = shape(get_value(column, row))
            findings.add("B05", line=table.lines[row], column=name, row=True, shape=text)


def _refuse_cells(name: str, kind: str, table: TextTable, findings: Findings) -> Mask:
    """Refuse the rows of a workbook whose cell in one column is faulty; returns which they are."""
    cells = table.cells[name]
    # If texts among the keys begin with a zero, a number among them lost its zeros.
    has_zeros = kind == "key" and any(
        cell.kind == CellKind.TEXT and cell.text.isdecimal() and cell.text.startswith("0")
        for cell in cells.unique()
        if len(cell.text) > 1
    )
    faults = [_find_fault(cell, kind, zeros=has_zeros) for cell in cells.categories]
    faulty: Mask = np.array([fault is not None for fault in faults])[cells.codes]
    for row in np.flatnonzero(faulty).tolist():
        code, case, values = faults[cells.codes[row]] or ("", "", {})
        findings.add(code, case, line=table.lines[row], column=name, row=True, **values)
    return faulty


def _find_fault(
    cell: WorkbookCell, kind: str, *, zeros: bool
) -> tuple[str, str, dict[str, Any]] | None:
    """The code, case and values of a cell's fault; `zeros`: keys of its column begin with zeros."""
    match cell.kind:
        case CellKind.FORMULA:
            return "B37", "", {}
        case CellKind.ERROR:
            return "B38", "cell", {"error": cell.text if cell.text in ERRORS else "no value"}
        case CellKind.DATE | CellKind.MOMENT | CellKind.TIME if kind not in TIMED:
            noun = "time" if cell.kind == CellKind.TIME else "date"
            return "B40", "cell", {"kind": noun, "due": DUE.get(kind, "labels")}
        case CellKind.DATE | CellKind.MOMENT if kind == "time" and cell.text < FIRST_DATES:
            return "B79", "duration", {}
        case CellKind.TIME if kind == "time" and cell.text.partition(":")[0] >= A_DAY:
            return "B79", "duration", {}
        case CellKind.EXPONENT if kind == "key":
            return "B41", "power", {"shape": shape(cell.text)}
        case CellKind.NUMBER if kind == "key" and len(cell.text) > SAFE_DIGITS:
            return "B41", "digits", {"digits": len(cell.text)}
        case CellKind.NUMBER if zeros:
            return "B41", "zeros", {"shape": shape(cell.text)}
    return None


def _find_repair(cell: WorkbookCell, kind: str, table: TextTable, file: RowFile) -> str:
    """The code of the repair that reading a cell of a column of some kind makes; '' if none."""
    as_text = cell.kind == CellKind.TEXT and any(map(str.isdigit, cell.text))
    if as_text and kind in {*TIMED, "integer"}:
        return "B36"
    serial = cell.kind == CellKind.NUMBER and file.serial_dates is True
    dated = cell.kind in DATED or serial
    return "B45" if dated and kind in {"date", "datetime"} and table.serials_shift else ""


def _is_swapped(column: pd.Categorical, file: RowFile) -> bool:
    """Whether a spreadsheet swapped day and month in a column wherever it could.

    Then dates with a day up to 12 are date cells, and are swapped; the others stayed text.
    """
    parts = re.findall("d+|[my]+|[-/.]", file.dates or "")
    digits = {"d": r"(\d+)", "m": r"\d+", "y": r"\d+"}
    pattern = re.compile("".join(digits.get(part[0], re.escape(part)) for part in parts))
    cells = column.unique()
    texts = [pattern.fullmatch(text.strip()) for text, kind in cells if kind == CellKind.TEXT]
    days = [int(match[1]) for match in texts if match is not None and match.groups()]
    real = [int(text[8:10]) for text, kind in cells if kind in DATED]
    return bool(days and real) and min(days) > MONTHS >= max(real)
