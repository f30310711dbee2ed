"""Read the rows of a workbook, XLSX or ODS, of the one sheet that holds them, or refuse it."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook

from helpline_report.exports.cell_texts import plain
from helpline_report.exports.decoding import (
    ENCRYPTED,
    ODS,
    ODS_FILE,
    OLD_FILE,
    OLE2,
    WORKBOOK_NAMES,
    XLSX_FILE,
    ZIP,
    workbook_kind,
)
from helpline_report.exports.faults import FaultError, Findings
from helpline_report.exports.header import header_row
from helpline_report.exports.rows import NONE, Rows, read_rows
from helpline_report.exports.text_tables import (
    DATED,
    NO_CELL,
    CellColumn,
    CellKind,
    CodedColumn,
    ColumnBuilder,
    Lines,
    Mask,
    Span,
    TextColumn,
    TextTable,
    WorkbookCell,
    Worksheet,
    recode,
)
from helpline_report.exports.workbook_package import (
    open_package,
    refuse_active_ods,
    refuse_active_xlsx,
)
from helpline_report.exports.workbook_scan import (
    LONGEST,
    column_letters,
    scan_ods,
    scan_xlsx,
)
from helpline_report.parameters.row_layouts import RowFile

BATCH = 4_096
SAFE_DIGITS = 15  # a spreadsheet keeps so many digits of a number and loses the rest
HALF_SECOND = dt.timedelta(milliseconds=500)
SOME_DAY = dt.date(2000, 1, 1)


def open_sheets(raw: bytes, findings: Findings, *, decimal: str = ".") -> list[Worksheet] | None:
    """The sheets of a workbook in the order of its tabs, cells as text; None where it is refused.

    Dates are written as ISO 8601, times as HH:MM:SS, numbers without grouping and with `decimal`,
    booleans as TRUE and FALSE. Nothing is said of what is hidden, merged or filtered: each sheet
    knows.

    Refused: B08 (no workbook, or encrypted), B09 (damaged), B11 (too large), B12 (macros, links),
    B16 (a table within a cell).
    """
    try:
        return _read_sheets(raw, decimal)
    except FaultError as error:
        findings.add_error(error)
    except CalamineError:
        findings.add("B09", "workbook")
    return None


def _read_sheets(raw: bytes, decimal: str) -> list[Worksheet]:
    if raw.startswith(OLE2) and ENCRYPTED in raw:
        raise FaultError("B08", "encrypted")
    if not raw.startswith(ZIP):
        kind = "an old workbook (.xls)" if raw.startswith(OLE2) else "no workbook"
        raise FaultError("B08", "no_workbook", kind=kind)
    package = open_package(raw)
    if "mimetype" in package and package.read("mimetype").strip() == ODS:
        refuse_active_ods(package)
        sheets = scan_ods(package)
    else:
        if "xl/workbook.bin" in package:
            raise FaultError("B08", "no_workbook", kind="a binary workbook (.xlsb)")
        if "[Content_Types].xml" not in package:
            raise FaultError("B08", "no_workbook", kind="a zip archive and no workbook")
        refuse_active_xlsx(package)
        sheets = scan_xlsx(package)
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    for sheet in sheets:
        _read_cells(book, sheet, decimal)
    return sheets


def _read_cells(book: CalamineWorkbook, sheet: Worksheet, decimal: str) -> None:
    """Fill in the columns of a sheet, each distinct value made a cell once."""
    values = book.get_sheet_by_index(sheet.number - 1)
    if values.name != sheet.name:
        raise FaultError("B09", "workbook")
    (top, left), end = values.start or (0, 0), values.end or (-1, -1)
    height, width = max(sheet.height, end[0] + 1), max(sheet.width, end[1] + 1)
    builders = [ColumnBuilder[tuple[type, object]]() for _ in range(left, end[1] + 1)]
    rows = values.iter_rows() if values.start is not None else iter(())
    while batch := list(islice(rows, BATCH)):
        for builder, texts in zip(builders, zip(*batch, strict=True), strict=True):
            # A whole number and a yes are equal, so that a value goes with its type.
            builder.extend(zip(map(type, texts), texts, strict=True))
    columns = [CodedColumn([NO_CELL], np.zeros(height, dtype=np.int32)) for _ in range(width)]
    for at, builder in enumerate(builders, start=left):
        cells = [make_cell(value, decimal) for _, value in builder.distinct()]
        if any(len(cell.text) > LONGEST for cell in cells):
            raise FaultError("B11", "cell")
        codes = np.zeros(height, dtype=np.int32)
        codes[top : top + len(builder.codes())] = builder.codes() + 1
        columns[at] = CodedColumn(*recode([NO_CELL, *cells], codes))
    _correct(columns, sheet, decimal)
    filled = [np.flatnonzero(column.codes) for column in columns]
    sheet.columns = columns
    sheet.height = max((int(rows[-1]) + 1 for rows in filled if rows.size), default=0)
    sheet.width = max((at + 1 for at, rows in enumerate(filled) if rows.size), default=0)


def _correct(columns: list[CellColumn], sheet: Worksheet, decimal: str) -> None:
    """Put in place what a reader of values gets wrong."""
    cells = dict(sheet.cells)
    for row, column in sheet.exponents:
        text, kind = _cell_at(columns, row, column)
        if kind == CellKind.NUMBER:
            cells[row, column] = WorkbookCell(text, CellKind.EXPONENT)
    for (row, column), number in sheet.negatives.items():
        # Shown as a time of day, a number below zero would be midnight.
        if _cell_at(columns, row, column).kind == CellKind.TIME:
            cells[row, column] = WorkbookCell(write_number(float(number), decimal), CellKind.NUMBER)
    by_column: dict[int, dict[int, WorkbookCell]] = {}
    for (row, column), cell in cells.items():
        by_column.setdefault(column, {})[row - 1] = cell
    for at, changes in by_column.items():
        columns[at] = columns[at].put(changes)


def _cell_at(columns: Sequence[CellColumn], row: int, column: int) -> WorkbookCell:
    if column >= len(columns) or row > len(columns[column]):
        return NO_CELL
    return columns[column].value(row - 1)


def make_cell(value: object, decimal: str) -> WorkbookCell:
    """The cell of a value as calamine gives it, times to the second."""
    match value:
        case "":
            return NO_CELL
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


ENDINGS = {XLSX_FILE: ".xlsx", ODS_FILE: ".ods", "text": ".csv"}
LISTED = 5


def read_workbook(raw: bytes, name: str, file: RowFile, findings: Findings) -> Rows:
    """The rows of a workbook that is named `name`, of the one sheet that holds them.

    Refuses what `open_sheets` and `read_rows` do, and B07 (no sheet holds anything), B08 (not what
    its name says), B16 (merged cells), B33 (something is hidden or filtered, or two sheets hold
    something).
    """
    if not raw.strip():
        findings.add("B07", "no_workbook")
        return NONE
    due = next(kind for ending, kind in WORKBOOK_NAMES.items() if name.lower().endswith(ending))
    kind = workbook_kind(raw)
    if kind not in {due, OLD_FILE}:
        case = "other_workbook" if kind in ENDINGS else "no_such_workbook"
        findings.add("B08", case, kind=kind, due=due, ending=ENDINGS.get(kind, ""))
        return NONE
    decimal = file.numbers.decimal if file.numbers is not None else "."
    sheets = open_sheets(raw, findings, decimal=decimal)
    sheet = _choose_sheet(sheets, file, findings) if sheets is not None else None
    if sheet is None:
        return NONE
    grid = SheetGrid(sheet, file)
    findings.cell = grid.place
    head = header_row(grid, file)
    grid.name_columns(head)
    _refuse_unseen(sheet, head, findings)
    rows = read_rows(grid, file, findings)
    lines = rows.table.lines if rows.table is not None else np.empty(0, dtype=np.int64)
    struck = lines[np.isin(lines, list(sheet.struck))]
    if struck.size:
        findings.ask("B79", "struck", rows=int(struck.size), lines=struck)
    return replace(rows, table=rows.table and grid.with_cells(rows.table))


def _choose_sheet(
    sheets: Sequence[Worksheet], file: RowFile, findings: Findings
) -> Worksheet | None:
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
        if sheet.hidden:
            findings.add("B33", "hidden_sheet", sheet=sheet.number, rows=sheet.height)
    if len(chosen) > 1:
        numbers = ", ".join(str(sheet.number) for sheet in chosen)
        findings.add("B33", "sheets", number=len(chosen), sheets=numbers)
        return None
    return None if chosen[0].hidden else chosen[0]


def _refuse_unseen(sheet: Worksheet, head: int, findings: Findings) -> None:
    """Refuse hidden rows and columns, a filter (B33), and merged cells below titles (B16)."""
    if sheet.filtered:
        findings.add("B33", "filter")
    else:
        rows = _join_spans(sheet.hidden_rows, sheet.height)
        _refuse_hidden("row", rows, lambda row: str(row + 1), findings)
    columns = _join_spans(sheet.hidden_columns, sheet.width)
    _refuse_hidden("column", columns, column_letters, findings)
    for top, bottom, area in sheet.merged:
        if bottom > head:
            findings.add("B16", "merged", line=top, area=area)


def _join_spans(spans: Sequence[Span], size: int) -> list[Span]:
    """The parts of spans below `size` in order, those that touch as one."""
    # One more at each end, so that every span has two edges.
    inside = np.zeros(size + 2, dtype=np.int8)
    for first, last in spans:
        inside[first + 1 : min(last + 2, size + 1)] = 1
    edges = np.flatnonzero(np.diff(inside)).tolist()
    return [(first, end - 1) for first, end in zip(edges[::2], edges[1::2], strict=True)]


def _refuse_hidden(
    noun: str, spans: Sequence[Span], name: Callable[[int], str], findings: Findings
) -> None:
    """Refuse hidden rows or columns: `3 hidden rows: 4, 7 to 8`."""
    if not spans:
        return
    number = sum(last - first + 1 for first, last in spans)
    listed = [
        name(first) if first == last else f"{name(first)} to {name(last)}"
        for first, last in spans[:LISTED]
    ]
    places = ", ".join(listed) + (" and more" if len(spans) > LISTED else "")
    plural = f"{noun}s" if number > 1 else noun
    findings.add("B33", "hidden", number=number, noun=plural, places=places)


def column_kinds(file: RowFile) -> dict[str, str]:
    """The kind (`key`, `coded`, `date` …) of each column that a layout expects, by its name."""
    kinds: dict[str, str] = {}
    for table in file.tables.values():
        kinds |= dict.fromkeys(table.key_columns(), "key")
        kinds |= dict.fromkeys(table.value_columns(), "coded")
        kinds |= {name: column.kind for name, column in table.columns.items()}
        kinds |= {table.number: "integer"} if table.number else {}
    return kinds


class SheetGrid:
    """The rows of a sheet from its first to the last that holds anything, a `RowGrid`.

    Blanks at the end of a row aren't stored, so that each row counts as wide as the header at
    least, once the columns have their names.
    """

    cut_off = False

    def __init__(self, sheet: Worksheet, file: RowFile) -> None:
        self._sheet = sheet
        self._file = file
        self._texts: dict[int, list[str]] = {}
        self._names: dict[int, str] = {}
        self.lines: Lines = np.arange(1, sheet.height + 1, dtype=np.int64)
        self.widths: Lines = np.zeros(sheet.height, dtype=np.int64)
        for at, column in enumerate(sheet.columns):
            self.widths[np.flatnonzero(column.codes[: sheet.height])] = at + 1
        self._blank: Mask = self.widths == 0

    def name_columns(self, head: int) -> None:
        """Name the columns by the header in the row `head` (0-based)."""
        expected = {plain(name): name for name in column_kinds(self._file)}
        for at, cell in enumerate(self.cells(head)):
            name = expected.get(plain(cell))
            if name is not None and name not in self._names.values():
                self._names[at] = name
        self._texts = {}
        self.widths = np.maximum(self.widths, self.widths[head])

    def texts(self, column: int) -> list[str]:
        """The distinct cells of a column as the layout says that they are written."""
        if column not in self._texts:
            kind = column_kinds(self._file).get(self._names.get(column, ""), "")
            shift, cells = self._sheet.serials_shift, self._sheet.columns[column].distinct
            self._texts[column] = [write_cell(cell, kind, self._file, shift) for cell in cells]
        return self._texts[column]

    def blank(self) -> Mask:
        """Rows that hold nothing."""
        return self._blank

    def cells(self, row: int) -> list[str]:
        """The texts of one row."""
        width = int(self.widths[row])
        return [self.texts(at)[self._sheet.columns[at].codes[row]] for at in range(width)]

    def columns(self, rows: Mask, width: int, wanted: Sequence[int]) -> dict[int, TextColumn]:
        """Columns (0-based) of some rows; `width` is the sheet's own."""
        del width
        codes = {at: self._sheet.columns[at].codes[: len(rows)][rows] for at in wanted}
        return {at: TextColumn(*recode(self.texts(at), codes[at])).compact() for at in wanted}

    def with_cells(self, table: TextTable) -> TextTable:
        """A table of rows of this grid, with the cells that its texts were made of."""
        rows = table.lines - 1
        columns = {name: self._sheet.columns[at] for at, name in self._names.items()}
        cells = {
            name: CellColumn(column.distinct, column.codes[rows])
            for name, column in columns.items()
        }
        return replace(table, cells=cells, serials_shift=self._sheet.serials_shift)

    def place(self, line: int, column: str) -> str:
        """Where a row (from 1) and a named column are: 'sheet 1, cell C12'."""
        at = next((at for at, name in self._names.items() if name == column), None)
        cell = f"row {line}" if at is None else f"cell {column_letters(at)}{line}"
        return f"sheet {self._sheet.number}" + (f", {cell}" if line else "")


MIDNIGHT = "00:00:00"
DATE_TOKENS = re.compile(r"dd?|mm?|yyyy|yy")


def write_cell(cell: WorkbookCell, kind: str, file: RowFile, serials_shift: int) -> str:
    """The text of a cell in a column of some kind, as the layout says that the source writes it.

    A date cell has no order of day and month: so it is written out in the one that is read.
    """
    text, cell_kind = cell
    day, _, clock = text.partition(" ")
    match kind:
        case "date" if cell_kind in DATED and file.dates is not None:
            return _write_date(day, file.dates)
        case "time" if cell_kind in {CellKind.TIME, *DATED}:
            return _write_time(text if cell_kind == CellKind.TIME else clock, file.times)
        case "datetime" if cell_kind in DATED and file.stamps is not None:
            date, between, time = re.split("([ T])", file.stamps, maxsplit=1)
            zulu = "Z" if time.endswith("Z") else ""
            time_text = _write_time(clock, time.removesuffix("Z"))
            return f"{_write_date(day, date)}{between}{time_text}{zulu}"
        case "date" | "datetime" if cell_kind == CellKind.NUMBER and file.serial_dates is True:
            # A serial number counts from the usual day 0.
            whole, point, rest = re.fullmatch(r"(\d*)(\D?)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
            return f"{int(whole) + serials_shift}{point}{rest}" if whole else text
    return text


def _write_date(iso: str, form: str) -> str:
    year, month, day = iso.split("-")
    parts = {"yyyy": year, "yy": year[2:], "mm": month, "m": month.lstrip("0")}
    parts |= {"dd": day, "d": day.lstrip("0")}
    return DATE_TOKENS.sub(lambda token: parts[token[0]], form)


def _write_time(clock: str, form: str) -> str:
    hour, minute, second = (clock or MIDNIGHT).split(":")
    # The minutes' letters stand once in a form of time, and 'h' may stand between them: `hhhmm`.
    between = form.removeprefix("hh" if form.startswith("hh") else "h")[0]
    seconds = f"{form[-3]}{second}" if form.endswith("ss") else ""
    return f"{hour}{between}{minute}{seconds}"
