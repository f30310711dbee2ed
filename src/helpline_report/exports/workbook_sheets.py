"""The one sheet of a workbook that holds the rows, and what in it nobody would see."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from helpline_report.exports.findings import Findings
from helpline_report.exports.sheet import Sheet, Span, column_letters, overlapping
from helpline_report.exports.sheet_grid import SheetGrid
from helpline_report.parameters.row_layouts import RowFile

SHOW = "show everything, and see whether it belongs to the export"
LISTED = 5


def choose_sheet(sheets: Sequence[Sheet], file: RowFile, findings: Findings) -> Sheet | None:
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
        if sheet.hidden:
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
    return None if held[0].hidden else held[0]


def refuse_unseen(grid: SheetGrid, findings: Findings) -> None:
    """Refuse hidden rows and columns, a filter (B33), and merged cells below titles (B16)."""
    sheet = grid.sheet
    if sheet.filtered:
        findings.refuse("B33", "a filter hides rows", next_step="take the filter away")
    rows = overlapping(sheet.hidden_rows, 1, sheet.height)
    if rows and not sheet.filtered:
        findings.refuse("B33", _told("row", _joined(rows), str), next_step=SHOW)
    columns = overlapping(sheet.hidden_columns, 0, sheet.width - 1)
    if columns:
        findings.refuse("B33", _told("column", _joined(columns), column_letters), next_step=SHOW)
    for area in sheet.merged:
        if area.bottom > (grid.head or 0):
            findings.refuse(
                "B16",
                f"merged cells ({area})",
                line=area.top,
                expected="a value in each cell",
                next_step="split the merged cells, and fill in what each stands for",
            )


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
