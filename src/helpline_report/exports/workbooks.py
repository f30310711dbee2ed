"""Read the rows of a workbook, XLSX or ODS, of the one sheet that holds them, or refuse it."""

import datetime as dt
import io
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from helpline_report.exports import decoding, workbook_scan
from helpline_report.exports.cell_texts import plain
from helpline_report.exports.faults import FaultError, Findings
from helpline_report.exports.rows import Rows, find_header_row, read_rows
from helpline_report.exports.text_tables import (
    DATED,
    CellKind,
    Grid,
    WorkbookCell,
    collect_columns,
    get_value,
    make_column,
    put_values,
)
from helpline_report.exports.workbook_package import (
    open_package,
    refuse_active_ods,
    refuse_active_xlsx,
)
from helpline_report.parameters.row_layouts import RowFile

SAFE_DIGITS = 15  # a spreadsheet loses further digits of a number
SERIAL = re.compile(r"\d{5}([.,]\d+)?", re.ASCII)
HALF_SECOND = dt.timedelta(milliseconds=500)
SOME_DAY = dt.date(2000, 1, 1)
# The name of a stream in an OLE2 file, which says that it is an encrypted workbook.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ENDINGS = {decoding.XLSX_FILE: ".xlsx", decoding.ODS_FILE: ".ods", "text": ".csv"}


def open_sheets(raw: bytes, decimal: str = ".") -> list[workbook_scan.Worksheet]:
    """The sheets of a workbook in the order of its tabs, cells as text.

    Dates are written as ISO 8601, times as HH:MM:SS, numbers without grouping and with `decimal`,
    booleans as TRUE and FALSE. What is hidden, merged or filtered is read like the rest, and noted
    in its sheet.

    Raises:
        FaultError: B08 (no workbook, or encrypted), B09 (damaged), B11 (too large), B12 (macros,
            links), B16 (a table within a cell).
    """
    sheets = _scan_sheets(raw)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        for sheet in sheets:
            _read_cells(book, sheet, decimal)
    except CalamineError:
        raise FaultError("B09", "workbook") from None
    return sheets


def _scan_sheets(raw: bytes) -> list[workbook_scan.Worksheet]:
    if raw.startswith(decoding.OLE2) and ENCRYPTED in raw:
        raise FaultError("B08", "encrypted")
    if not raw.startswith(decoding.ZIP):
        kind = "an old workbook (.xls)" if raw.startswith(decoding.OLE2) else "no workbook"
        raise FaultError("B08", "no_workbook", kind=kind)
    package = open_package(raw)
    if "mimetype" in package and package.read("mimetype").strip() == decoding.ODS:
        refuse_active_ods(package)
        return workbook_scan.scan_ods(package)
    if "xl/workbook.bin" in package:
        raise FaultError("B08", "no_workbook", kind="a binary workbook (.xlsb)")
    if "[Content_Types].xml" not in package:
        raise FaultError("B08", "no_workbook", kind="a zip archive and no workbook")
    refuse_active_xlsx(package)
    return workbook_scan.scan_xlsx(package)


def _read_cells(book: CalamineWorkbook, sheet: workbook_scan.Worksheet, decimal: str) -> None:
    """Fill in the columns of a sheet; each distinct value is made a cell once."""
    values = book.get_sheet_by_index(sheet.number - 1)
    if values.name != sheet.name:
        raise FaultError("B09", "workbook")
    visible = book.sheets_metadata[sheet.number - 1].visible
    sheet.hidden = visible != SheetVisibleEnum.Visible
    (_, left), (bottom, right) = values.start or (0, 0), values.end or (-1, -1)
    height, width = max(sheet.height, bottom + 1), max(sheet.width, right + 1)
    rows = values.iter_rows() if values.start is not None else ()
    # A value goes with its type, since True and 1.0 are equal.
    typed = ([(type(value), value) for value in row] for row in rows)
    blank = np.zeros(height, dtype=np.int32)
    columns = [make_column([workbook_scan.NO_CELL], blank)] * width
    for at, column in enumerate(collect_columns(typed, right + 1 - left), start=left):
        cells = [make_cell(value, decimal) for _, value in column.categories]
        if any(len(cell.text) > workbook_scan.LONGEST for cell in cells):
            raise FaultError("B11", "cell")
        codes = blank.copy()
        # These include the blank rows above the first cell.
        codes[: bottom + 1] = column.codes.astype(np.int32) + 1
        columns[at] = make_column([workbook_scan.NO_CELL, *cells], codes)
    _put_marks(sheet, columns)
    filled = [np.flatnonzero(column.codes) for column in columns]
    sheet.columns = columns
    sheet.height = max((int(rows[-1]) + 1 for rows in filled if rows.size), default=0)
    sheet.width = max((at + 1 for at, rows in enumerate(filled) if rows.size), default=0)


def _put_marks(sheet: workbook_scan.Worksheet, columns: list[pd.Categorical]) -> None:
    """Put the cells that the scan marked in the place of those that calamine read wrongly."""
    changes = defaultdict[int, dict[int, WorkbookCell]](dict)
    for (row, at), mark in sheet.marks.items():
        cell = get_value(columns[at], row - 1)
        if mark is workbook_scan.IN_POWERS:
            if cell.kind == CellKind.NUMBER:
                changes[at][row - 1] = WorkbookCell(cell.text, CellKind.EXPONENT)
        elif mark is not workbook_scan.BELOW_ZERO or cell.kind in {*DATED, CellKind.TIME}:
            changes[at][row - 1] = mark
    for at, cells in changes.items():
        columns[at] = put_values(columns[at], cells)


def make_cell(value: object, decimal: str) -> WorkbookCell:
    """The cell of a value as calamine gives it, times to the second."""
    match value:
        case "":
            return workbook_scan.NO_CELL
        case str():
            return WorkbookCell(value.replace("\r\n", "\n").replace("\r", "\n"), CellKind.TEXT)
        case bool():
            return WorkbookCell(str(value).upper(), CellKind.BOOLEAN)
        case float():
            return WorkbookCell(write_number(value, decimal), CellKind.NUMBER)
        case dt.datetime():
            moment = (value + HALF_SECOND).replace(microsecond=0)
            if moment.time() == dt.time(0):
                return WorkbookCell(moment.date().isoformat(), CellKind.DATE)
            return WorkbookCell(moment.isoformat(" "), CellKind.MOMENT)
        case dt.date():
            return WorkbookCell(value.isoformat(), CellKind.DATE)
        case dt.time():
            moment = dt.datetime.combine(SOME_DAY, value, dt.UTC) + HALF_SECOND
            return WorkbookCell(f"{moment:%H:%M:%S}", CellKind.TIME)
        case dt.timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return WorkbookCell(f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}", CellKind.TIME)
    raise TypeError(type(value).__name__)


def write_number(value: float, decimal: str) -> str:
    """A number without exponent or grouping; whole where it is whole."""
    text = format(Decimal(f"{value:.{SAFE_DIGITS}g}"), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace(".", decimal)


def read_workbook(raw: bytes, name: str, file: RowFile, findings: Findings) -> Rows:
    """The rows of a workbook that is named `name`, of the one sheet that holds them.

    Refuses what `read_rows` does, and B16 (merged cells), B33 (something is hidden or filtered, or
    two sheets hold something).

    Raises:
        FaultError: what `open_sheets` raises, and B07 (no sheet holds anything), B08 (not what its
            name says), B33 (no such sheet).
    """
    _refuse_other_kind(raw, name)
    sheets = open_sheets(raw, file.numbers.decimal if file.numbers is not None else ".")
    sheet = _choose_sheet(sheets, file, findings)
    texts = [[cell.text for cell in column.categories] for column in sheet.columns]
    head = find_header_row(_make_grid(sheet, texts), file)
    kinds = list_column_kinds(file)
    expected = {plain(name): name for name in kinds}
    columns: dict[str, int] = {}
    for at, column in enumerate(sheet.columns[: sheet.width]):
        title = expected.get(plain(get_value(column, head).text))
        if title is not None and title not in columns:
            columns[title] = at
            shift, kind = sheet.serials_shift, kinds[title]
            texts[at] = [write_cell(cell, kind, file, shift) for cell in column.categories]

    def name_place(line: int, column: str) -> str:
        place = f"sheet {sheet.number}"
        if line and column in columns:
            place += f", cell {workbook_scan.write_column_letters(columns[column])}{line}"
        elif line:
            place += f", row {line}"
        return place

    findings.cell = name_place
    _refuse_unseen(sheet, head, findings)
    grid = _make_grid(sheet, texts)
    # Blanks at the end of a row aren't stored.
    widths = np.maximum(grid.widths, grid.widths[head])
    rows = read_rows(replace(grid, widths=widths), file, findings)
    if rows.table is None:
        return rows
    lines = rows.table.lines
    struck = lines[np.isin(lines, list(sheet.struck))]
    if struck.size:
        findings.ask("B79", "struck", rows=int(struck.size), lines=struck)
    cells = {title: sheet.columns[at][lines - 1] for title, at in columns.items()}
    table = replace(rows.table, cells=cells, serials_shift=sheet.serials_shift)
    return replace(rows, table=table)


def _refuse_other_kind(raw: bytes, name: str) -> None:
    """Refuse a file that is blank (B07), or isn't the kind of workbook that its name says (B08)."""
    if not raw.strip():
        raise FaultError("B07", "no_workbook")
    kinds = decoding.WORKBOOK_NAMES.items()
    due = next(kind for ending, kind in kinds if name.lower().endswith(ending))
    kind = decoding.find_workbook_kind(raw)
    if kind not in {due, decoding.OLD_FILE}:
        case = "other_workbook" if kind in ENDINGS else "no_such_workbook"
        raise FaultError("B08", case, kind=kind, due=due, ending=ENDINGS.get(kind, ""))


def _make_grid(sheet: workbook_scan.Worksheet, texts: Sequence[Sequence[str]]) -> Grid:
    """The rows of a sheet from its first to the last that holds anything."""
    widths = np.zeros(sheet.height, dtype=np.int32)
    columns = []
    for at, column in enumerate(sheet.columns):
        codes = column.codes[: sheet.height]
        widths[codes > 0] = at + 1
        columns.append(make_column(texts[at], codes))
    return Grid(np.arange(1, sheet.height + 1), widths, widths == 0, columns)


def _choose_sheet(
    sheets: Sequence[workbook_scan.Worksheet], file: RowFile, findings: Findings
) -> workbook_scan.Worksheet:
    """The sheet that the layout names, or else the only one that isn't empty."""
    chosen = [sheet for sheet in sheets if sheet.height]
    if file.sheet is not None:
        chosen = [sheet for sheet in sheets if sheet.name == file.sheet]
        if not chosen:
            raise FaultError("B33", "no_sheet", name=file.sheet, others=len(sheets))
    if not any(sheet.height for sheet in chosen):
        raise FaultError("B07", "no_cells")
    if len(chosen) > 1:
        for sheet in chosen:
            if sheet.hidden:
                findings.add("B33", "hidden_sheet", sheet=sheet.number, rows=sheet.height)
        numbers = ", ".join(str(sheet.number) for sheet in chosen)
        raise FaultError("B33", "sheets", number=len(chosen), sheets=numbers)
    if chosen[0].hidden:
        raise FaultError("B33", "hidden_sheet", sheet=chosen[0].number, rows=chosen[0].height)
    return chosen[0]


def _refuse_unseen(sheet: workbook_scan.Worksheet, head: int, findings: Findings) -> None:
    """Refuse hidden rows and columns, a filter (B33), and merged cells below titles (B16)."""
    if sheet.filtered:
        findings.add("B33", "filter")
    rows = _list_hidden(sheet.hidden_rows, 0 if sheet.filtered else sheet.height)
    if rows:
        findings.add("B33", "hidden", number=len(rows), noun="row", first=rows[0] + 1)
    columns = _list_hidden(sheet.hidden_columns, sheet.width)
    if columns:
        letters = workbook_scan.write_column_letters(columns[0])
        findings.add("B33", "hidden", number=len(columns), noun="column", first=letters)
    for top, bottom, area in sheet.merged:
        if bottom > head:
            findings.add("B16", "merged", line=top, area=area)


def _list_hidden(spans: Sequence[workbook_scan.Span], end: int) -> list[int]:
    """The places (from 0) below `end` that are in one of some spans, in order."""
    hidden = np.zeros(end, dtype=np.bool_)
    for start, last in spans:
        hidden[start : last + 1] = True
    places: list[int] = np.flatnonzero(hidden).tolist()
    return places


def list_column_kinds(file: RowFile) -> dict[str, str]:
    """The kind (`key`, `coded`, `date` …) of each column that a layout expects, by its name."""
    kinds: dict[str, str] = {}
    for table in file.tables.values():
        kinds |= dict.fromkeys(table.key_columns(), "key")
        kinds |= dict.fromkeys(table.value_columns(), "coded")
        kinds |= {name: column.kind for name, column in table.columns.items()}
        kinds |= {table.number: "integer"} if table.number else {}
    return kinds


def write_cell(cell: WorkbookCell, kind: str, file: RowFile, serials_shift: int) -> str:
    """The text of a cell in a column of some kind, in the form that the layout says.

    A date cell, for one, has no order of day and month: it gets the order that is then read.
    """
    text, cell_kind = cell
    serial = SERIAL.fullmatch(text) if cell_kind == CellKind.NUMBER and serials_shift else None
    if serial is not None and file.serial_dates is True:
        days = float(text.replace(",", ".")) + serials_shift
        moment = dt.datetime.combine(workbook_scan.USUAL_DAY_0, dt.time()) + dt.timedelta(days=days)
        text, cell_kind = make_cell(moment, "")
    day, _, clock = text.partition(" ")
    clock = text if cell_kind == CellKind.TIME else clock or "00:00:00"
    match kind:
        case "date" if cell_kind in DATED and file.dates is not None:
            return _write_date(day, file.dates)
        case "time" if cell_kind in {CellKind.TIME, *DATED}:
            return _write_time(clock, file.times)
        case "datetime" if cell_kind in DATED and file.stamps is not None:
            date, between, time = re.split("([ T])", file.stamps, maxsplit=1)
            return f"{_write_date(day, date)}{between}{_write_time(clock, time)}"
    return cell.text


def _write_date(iso: str, form: str) -> str:
    year, month, day = iso.split("-")
    parts = {"yyyy": year, "yy": year[2:], "mm": month, "m": month.lstrip("0")}
    parts |= {"dd": day, "d": day.lstrip("0")}
    return re.sub(r"dd?|mm?|yyyy|yy", lambda token: parts[token[0]], form)


def _write_time(clock: str, form: str) -> str:
    parts = dict(zip("hms", clock.split(":"), strict=True))
    # An 'h' after another 'h' isn't the hour, but the mark behind it: `9h30`.
    return re.sub("(?<!h)hh?|mm|ss", lambda token: parts[token[0][0]], form)
