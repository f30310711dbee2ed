"""Read the rows of a workbook, XLSX or ODS, of the one sheet that holds them, or refuse it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from helpline_report.exports.faults import FaultError
from helpline_report.exports.file_types import (
    ENCRYPTED,
    ODS_FILE,
    OLD_FILE,
    OLE2,
    WORKBOOK_NAMES,
    XLSX_FILE,
    ZIP,
    workbook_kind,
)
from helpline_report.exports.findings import Findings
from helpline_report.exports.header import header_row
from helpline_report.exports.rows import NONE, Rows, read_rows
from helpline_report.exports.worksheet_grid import SheetGrid
from helpline_report.exports.worksheet_scan import Span, column_letters
from helpline_report.exports.worksheets import Sheet, read_sheets
from helpline_report.parameters.row_layouts import RowFile

ENDINGS = {XLSX_FILE: ".xlsx", ODS_FILE: ".ods", "text": ".csv"}
LISTED = 5


def read_workbook(raw: bytes, name: str, file: RowFile, findings: Findings) -> Rows:
    """The rows of a workbook that is named `name`, of the one sheet that holds them.

    Refuses what `open_sheets` and `read_rows` do, and B07 (no sheet holds anything), B08 (not what
    its name says), B16 (merged cells), B33 (something is hidden or filtered, or two sheets hold
    something).
    """
    decimal = file.numbers.decimal if file.numbers is not None else "."
    if not _is_what_it_is_named(raw, name, findings):
        return NONE
    sheets = open_sheets(raw, findings, decimal=decimal)
    sheet = _choose_sheet(sheets, file, findings) if sheets is not None else None
    if sheet is None:
        return NONE
    findings.cell = lambda line, _: f"sheet {sheet.number}" + (f", row {line}" if line else "")
    bare = SheetGrid(sheet, file)
    grid = SheetGrid(sheet, file, header_row(bare, file))
    findings.cell = grid.place
    _refuse_unseen(grid, findings)
    rows = read_rows(grid, file, findings)
    return replace(rows, table=rows.table and grid.with_cells(rows.table))


def _is_what_it_is_named(raw: bytes, name: str, findings: Findings) -> bool:
    """Refuse a file that isn't what its name says (B07, B08); what it holds, others look at."""
    if not raw.strip():
        findings.add("B07", "no_workbook")
        return False
    due = next(kind for ending, kind in WORKBOOK_NAMES.items() if name.lower().endswith(ending))
    kind = workbook_kind(raw)
    if kind in {due, OLD_FILE}:
        return True
    case = "other_workbook" if kind in ENDINGS else "no_such_workbook"
    findings.add("B08", case, kind=kind, due=due, ending=ENDINGS.get(kind, ""))
    return False


def open_sheets(raw: bytes, findings: Findings, *, decimal: str = ".") -> list[Sheet] | None:
    """The sheets of a workbook in the order of its tabs, cells as text; None where it is refused.

    Dates are written as ISO 8601, times as HH:MM:SS, numbers without grouping and with `decimal`,
    booleans as TRUE and FALSE. Nothing is said of what is hidden, merged or filtered: each sheet
    knows.

    Refused: B08 (no workbook, or encrypted), B09 (damaged), B11 (too large), B12 (macros, links).
    """
    try:
        _refuse_old(raw)
        return read_sheets(raw, decimal=decimal)
    except FaultError as error:
        findings.add_error(error)
    return None


def _refuse_old(raw: bytes) -> None:
    if raw.startswith(OLE2) and ENCRYPTED in raw:
        raise FaultError("B08", "encrypted")
    if not raw.startswith(ZIP):
        kind = "an old workbook (.xls)" if raw.startswith(OLE2) else "no workbook"
        raise FaultError("B08", "no_workbook", kind=kind)


def _choose_sheet(sheets: Sequence[Sheet], file: RowFile, findings: Findings) -> Sheet | None:
    """The sheet that the layout names, or else the only one that holds anything.

    None where there is none (B07, B33) or more than one (B33), or where it is hidden (B33). Beside
    a sheet that the layout names, others may hold anything.
    """
    chosen = [sheet for sheet in sheets if sheet.height]
    if file.sheet is not None:
        chosen = [sheet for sheet in sheets if sheet.name == file.sheet]
        if not chosen:
            findings.add("B33", "no_sheet", name=file.sheet, others=len(sheets))
            return None
    if not any(sheet.height for sheet in chosen):
        findings.add("B07", "no_cells")
        return None
    for sheet in chosen:
        if sheet.scan.hidden:
            findings.add("B33", "hidden_sheet", sheet=sheet.number, rows=sheet.height)
    if len(chosen) > 1:
        numbers = ", ".join(str(sheet.number) for sheet in chosen)
        findings.add("B33", "sheets", number=len(chosen), sheets=numbers)
        return None
    return None if chosen[0].scan.hidden else chosen[0]


def _refuse_unseen(grid: SheetGrid, findings: Findings) -> None:
    """Refuse hidden rows and columns, a filter (B33), and merged cells below titles (B16)."""
    sheet, scan = grid.sheet, grid.sheet.scan
    if scan.filtered:
        findings.add("B33", "filter")
    rows = _within(scan.hidden_rows, 1, sheet.height)
    if rows and not scan.filtered:
        _refuse_hidden("row", _joined(rows), str, findings)
    columns = _within(scan.hidden_columns, 0, sheet.width - 1)
    if columns:
        _refuse_hidden("column", _joined(columns), column_letters, findings)
    for area in scan.merged:
        if area.bottom > (grid.head or 0):
            findings.add("B16", "merged", line=area.top, area=area)


def _within(spans: Sequence[Span], first: int, last: int) -> list[Span]:
    """The parts of spans that lie between two numbers, both included."""
    parts = [(max(start, first), min(end, last)) for start, end in spans]
    return [(start, end) for start, end in parts if start <= end]


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Spans in order, those that touch as one."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _refuse_hidden(
    noun: str, spans: Sequence[Span], name: Callable[[int], str], findings: Findings
) -> None:
    """Refuse hidden rows or columns: `3 hidden rows: 4, 7 to 8`."""
    number = sum(last - first + 1 for first, last in spans)
    listed = [
        name(first) if first == last else f"{name(first)} to {name(last)}"
        for first, last in spans[:LISTED]
    ]
    places = ", ".join(listed) + (" and more" if len(spans) > LISTED else "")
    plural = f"{noun}s" if number > 1 else noun
    findings.add("B33", "hidden", number=number, noun=plural, places=places)
