"""Read the rows of a workbook, XLSX or ODS, of the one sheet that holds them, or refuse it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
from helpline_report.exports.heading import header_row
from helpline_report.exports.rows import NONE, Rows, read_rows
from helpline_report.exports.workbook_package import WorkbookError, encrypted
from helpline_report.exports.worksheet_checks import check_cells
from helpline_report.exports.worksheet_grid import SheetGrid
from helpline_report.exports.worksheet_scan import Span, column_letters
from helpline_report.exports.worksheets import RESAVE, Sheet, read_sheets
from helpline_report.parameters.row_layouts import RowFile

RENAME = {XLSX_FILE: "name it .xlsx", ODS_FILE: "name it .ods", "text": "name it .csv"}
SHOW = "show everything, and see whether it belongs to the export"
LISTED = 5


def read_workbook(raw: bytes, name: str, file: RowFile, findings: Findings) -> Rows:
    """The rows of a workbook that is named `name`, of the one sheet that holds them.

    Refuses what `open_sheets` and `read_rows` do, and B07 (no sheet holds anything), B08 (not what
    its name says), B16 (merged cells), B33 (something is hidden or filtered, or two sheets hold
    something) and what single cells may be (B37, B38, B40 to B42); mends B36 and B45.
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
    return check_cells(grid, read_rows(grid, file, findings), file, findings)


def _is_what_it_is_named(raw: bytes, name: str, findings: Findings) -> bool:
    """Refuse a file that isn't what its name says (B07, B08); what it holds, others look at."""
    if not raw.strip():
        findings.refuse("B07", "the file is empty", next_step=RESAVE)
        return False
    due = next(kind for ending, kind in WORKBOOK_NAMES.items() if name.lower().endswith(ending))
    found = workbook_kind(raw)
    if found in {due, OLD_FILE}:
        return True
    findings.refuse(
        "B08",
        f"the file is {found}",
        expected=f"{due}, as its name says",
        next_step=RENAME.get(found, RESAVE),
    )
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
    except WorkbookError as error:
        findings.refuse(error.code, error.what, expected=error.expected, next_step=error.next_step)
    return None


def _refuse_old(raw: bytes) -> None:
    if raw.startswith(OLE2) and ENCRYPTED in raw:
        raise encrypted()
    if not raw.startswith(ZIP):
        what = "an old workbook (.xls)" if raw.startswith(OLE2) else "no workbook"
        raise WorkbookError("B08", f"the file is {what}", next_step=RESAVE)


def _choose_sheet(sheets: Sequence[Sheet], file: RowFile, findings: Findings) -> Sheet | None:
    """The sheet that the layout names, or else the only one that holds anything.

    None where there is none (B07, B33) or more than one (B33), or where it is hidden (B33). Beside
    a sheet that the layout names, others may hold anything.
    """
    held = [sheet for sheet in sheets if sheet.height]
    if file.sheet is not None:
        held = [sheet for sheet in sheets if sheet.name == file.sheet]
        if not held:
            findings.refuse(
                "B33",
                f"the workbook has no sheet '{file.sheet}', but {len(sheets)} other(s)",
                next_step="name its sheet in the layout of the file: sheet",
            )
            return None
    if not any(sheet.height for sheet in held):
        findings.refuse("B07", "the workbook is empty", next_step="export the rows again")
        return None
    for sheet in held:
        if sheet.scan.hidden:
            what = f"sheet {sheet.number} is hidden and holds {sheet.height} row(s)"
            findings.refuse("B33", what, next_step=SHOW)
    if len(held) > 1:
        numbers = ", ".join(str(sheet.number) for sheet in held)
        findings.refuse(
            "B33",
            f"{len(held)} sheets hold something: {numbers}",
            expected="one",
            next_step="leave the others out, or name the one with the rows in the layout of the "
            "file: sheet",
        )
        return None
    return None if held[0].scan.hidden else held[0]


def _refuse_unseen(grid: SheetGrid, findings: Findings) -> None:
    """Refuse hidden rows and columns, a filter (B33), and merged cells below titles (B16)."""
    sheet, scan = grid.sheet, grid.sheet.scan
    if scan.filtered:
        findings.refuse("B33", "a filter hides rows", next_step="take the filter away")
    rows = _within(scan.hidden_rows, 1, sheet.height)
    if rows and not scan.filtered:
        findings.refuse("B33", _told("row", _joined(rows), str), next_step=SHOW)
    columns = _within(scan.hidden_columns, 0, sheet.width - 1)
    if columns:
        findings.refuse("B33", _told("column", _joined(columns), column_letters), next_step=SHOW)
    for area in scan.merged:
        if area.bottom > (grid.head or 0):
            findings.refuse(
                "B16",
                f"merged cells ({area})",
                line=area.top,
                expected="a value in each cell",
                next_step="split the merged cells, and fill in what each stands for",
            )


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


def _told(noun: str, spans: Sequence[Span], name: Callable[[int], str]) -> str:
    """`3 hidden rows: 4, 7 to 8`."""
    number = sum(last - first + 1 for first, last in spans)
    shown = [
        name(first) if first == last else f"{name(first)} to {name(last)}"
        for first, last in spans[:LISTED]
    ]
    more = " and more" if len(spans) > LISTED else ""
    return f"{number} hidden {noun}{'s' if number > 1 else ''}: {', '.join(shown)}{more}"
