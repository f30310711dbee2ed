"""Read the rows of a workbook, XLSX or ODS, of the one sheet that holds them, or refuse it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    TextColumn,
    TextTable,
    WorkbookCell,
)
from helpline_report.exports.workbook_package import (
    Package,
    open_package,
    refuse_active_ods,
    refuse_active_xlsx,
)
from helpline_report.exports.workbook_scan import scan_ods, scan_xlsx
from helpline_report.exports.worksheets import (
    LONGEST,
    SheetScan,
    Span,
    Worksheet,
    column_letters,
    make_cell,
    write_number,
)
from helpline_report.parameters.row_layouts import RowFile

MIDNIGHT = "00:00:00"
DATE_TOKENS = re.compile(r"dd?|mm?|yyyy|yy")


@dataclass(frozen=True)
class SheetColumnLayout:
    """What the layout wants of one column: its name, and its kind (`key`, `coded`, `date` …)."""

    name: str
    kind: str


def column_layouts(file: RowFile) -> dict[str, SheetColumnLayout]:
    """The columns that a layout expects, by the plain form of their name."""
    kinds: dict[str, str] = {}
    for table in file.tables.values():
        kinds |= dict.fromkeys(table.key_columns(), "key")
        kinds |= dict.fromkeys(table.value_columns(), "coded")
        kinds |= {name: column.kind for name, column in table.columns.items()}
    return {plain(name): SheetColumnLayout(name, kind) for name, kind in kinds.items()}


class SheetGrid:
    """The rows of a sheet from its first to the last that holds anything, a `Grid`.

    Blanks at the end of a row aren't stored, so that each row counts as wide as the header at
    least. `head` is the row of the header (0-based), where the names of the columns stand.
    """

    cut_off = False

    def __init__(self, sheet: Worksheet, file: RowFile, head: int | None = None) -> None:
        self.sheet = sheet
        self.head = head
        self.lines: Lines = np.arange(1, sheet.height + 1, dtype=np.int64)
        self._file = file
        self._texts: dict[int, list[str]] = {}
        self.layouts: dict[int, SheetColumnLayout] = {}
        last = np.zeros(sheet.height, dtype=np.int64)
        for at, column in enumerate(sheet.columns):
            last[np.flatnonzero(column.codes[: sheet.height])] = at + 1
        self._blank: Mask = last == 0
        self.widths: Lines = last
        if head is not None:
            self._name_columns(self.cells(head), column_layouts(file))
            self.widths = np.maximum(last, last[head])

    def _name_columns(
        self, header: Sequence[str], expected: Mapping[str, SheetColumnLayout]
    ) -> None:
        for at, cell in enumerate(header):
            layout = expected.get(plain(cell))
            if layout is not None and layout not in self.layouts.values():
                self.layouts[at] = layout
                self._texts.pop(at, None)

    def texts(self, column: int) -> list[str]:
        """The distinct cells of a column as the layout says that they are written."""
        if column not in self._texts:
            layout = self.layouts.get(column)
            kind = layout.kind if layout is not None else ""
            shift = self.sheet.scan.serials_shift
            cells = self.sheet.columns[column].distinct
            self._texts[column] = [write_cell(cell, kind, self._file, shift) for cell in cells]
        return self._texts[column]

    def blank(self) -> Mask:
        """Rows that hold nothing."""
        return self._blank

    def cells(self, row: int) -> list[str]:
        """The texts of one row."""
        width = int(self.widths[row])
        return [self.texts(at)[self.sheet.columns[at].codes[row]] for at in range(width)]

    def columns(self, rows: Mask, width: int, wanted: Sequence[int]) -> dict[int, TextColumn]:
        """Columns (0-based) of some rows; `width` is the sheet's own."""
        del width
        return {at: self._column(at, rows) for at in wanted}

    def _column(self, column: int, rows: Mask) -> TextColumn:
        """One column of some rows; cells of another kind may be one text."""
        texts = self.texts(column)
        places: dict[str, int] = {}
        moved = [places.setdefault(text, len(places)) for text in texts]
        codes = np.array(moved, dtype=np.int32)[self.sheet.columns[column].codes[: len(rows)][rows]]
        return TextColumn(list(places), codes).compact()

    def with_cells(self, table: TextTable) -> TextTable:
        """A table of rows of this grid, with the cells that its texts were made of."""
        rows = table.lines - 1
        cells = {
            layout.name: CellColumn(column.distinct, column.codes[rows])
            for column, layout in (
                (self.sheet.columns[at], self.layouts[at]) for at in self.layouts
            )
        }
        return replace(table, cells=cells, serials_shift=self.sheet.scan.serials_shift)

    def place(self, line: int, column: str) -> str:
        """Where a row (from 1) and a named column are: 'sheet 1, cell C12'."""
        at = next((at for at, known in self.layouts.items() if known.name == column), None)
        sheet = f"sheet {self.sheet.number}"
        if not line:
            return sheet
        if at is None:
            return f"{sheet}, row {line}"
        return f"{sheet}, cell {column_letters(at)}{line}"


def write_cell(cell: WorkbookCell, kind: str, file: RowFile, serials_shift: int) -> str:
    """The text of a cell in a column of some kind, as the layout says that the source writes it.

    A date cell has no order of day and month: so it is written out in the one that is read.
    """
    text, cell_kind = cell
    day, _, clock = text.partition(" ")
    match kind:
        case "date" if cell_kind in DATED and file.dates is not None:
            return _date(day, file.dates)
        case "time" if cell_kind in {CellKind.TIME, *DATED}:
            return _time(text if cell_kind == CellKind.TIME else clock or MIDNIGHT, file.times)
        case "datetime" if cell_kind in DATED and file.stamps is not None:
            date, between, time = re.split("([ T])", file.stamps, maxsplit=1)
            zulu = "Z" if time.endswith("Z") else ""
            time_text = _time(clock or MIDNIGHT, time.removesuffix("Z"))
            return f"{_date(day, date)}{between}{time_text}{zulu}"
        case "date" | "datetime" if cell_kind == CellKind.NUMBER and file.serial_dates is True:
            return _shifted(text, serials_shift)
    return text


def _date(iso: str, form: str) -> str:
    year, month, day = iso.split("-")
    parts = {"yyyy": year, "yy": year[2:], "mm": month, "m": month.lstrip("0")}
    parts |= {"dd": day, "d": day.lstrip("0")}
    return DATE_TOKENS.sub(lambda token: parts[token[0]], form)


def _time(clock: str, form: str) -> str:
    hour, minute, second = clock.split(":")
    # The minutes' letters stand once in a form of time, and 'h' may stand between them: `hhhmm`.
    between = form.removeprefix("hh" if form.startswith("hh") else "h")[0]
    seconds = f"{form[-3]}{second}" if form.endswith("ss") else ""
    return f"{hour}{between}{minute}{seconds}"


def _shifted(serial: str, days: int) -> str:
    """A serial number as if counted from the usual day 0."""
    whole, rest = re.fullmatch(r"(\d*)(.*)", serial, re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{int(whole) + days}{rest}" if whole and days else serial


ENDINGS = {XLSX_FILE: ".xlsx", ODS_FILE: ".ods", "text": ".csv"}
BATCH = 4_096
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


def open_sheets(raw: bytes, findings: Findings, *, decimal: str = ".") -> list[Worksheet] | None:
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


def read_sheets(raw: bytes, *, decimal: str) -> list[Worksheet]:
    """The sheets of a workbook in the order of its tabs; charts are none.

    Raises:
        FaultError: B08 (no workbook, or encrypted), B09 (damaged), B11 (too large), B12 (macros,
            links), B16 (a table within a cell).
    """
    package = open_package(raw)
    is_ods = "mimetype" in package and package.read("mimetype").strip() == ODS
    scans = _scan_ods(package) if is_ods else _scan_xlsx(package)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        return [_sheet(book, scan, decimal) for scan in scans]
    except CalamineError as error:
        raise FaultError("B09", "workbook") from error


def _scan_ods(package: Package) -> list[SheetScan]:
    refuse_active_ods(package)
    return scan_ods(package)


def _scan_xlsx(package: Package) -> list[SheetScan]:
    if "xl/workbook.bin" in package:
        raise FaultError("B08", "no_workbook", kind="a binary workbook (.xlsb)")
    if "[Content_Types].xml" not in package:
        raise FaultError("B08", "no_workbook", kind="a zip archive and no workbook")
    refuse_active_xlsx(package)
    return scan_xlsx(package)


def _sheet(book: CalamineWorkbook, scan: SheetScan, decimal: str) -> Worksheet:
    """One sheet: its values, each distinct one made a cell once, and what the scan corrects."""
    values = book.get_sheet_by_index(scan.number - 1)
    if values.name != scan.name:
        raise FaultError("B09", "workbook")
    start, end = values.start or (0, 0), values.end or (-1, -1)
    height = max(scan.height, end[0] + 1)
    width = max(scan.width, end[1] + 1)
    builders = [ColumnBuilder[tuple[type, object]]() for _ in range(start[1], end[1] + 1)]
    rows = values.iter_rows() if values.start is not None else iter(())
    while batch := list(islice(rows, BATCH)):
        for builder, cells in zip(builders, zip(*batch, strict=True), strict=True):
            # A whole number and a yes are equal, so that a value goes with its type.
            builder.extend(zip(map(type, cells), cells, strict=True))
    blank = CodedColumn([NO_CELL], np.zeros(height, dtype=np.int32))
    columns = [blank] * width
    for at, builder in enumerate(builders, start=start[1]):
        columns[at] = _column(builder, start[0], height, decimal)
    _correct(columns, scan, decimal)
    last = max((int(np.flatnonzero(c.codes)[-1]) + 1 for c in columns if c.codes.any()), default=0)
    return Worksheet(scan, columns, last)


def _column(
    builder: ColumnBuilder[tuple[type, object]], first: int, height: int, decimal: str
) -> CellColumn:
    """A column whose values begin in the row `first` (from 0)."""
    values, places = builder.distinct(), builder.codes()
    cells = {NO_CELL: 0}
    moved = [cells.setdefault(make_cell(value, decimal), len(cells)) for _, value in values]
    if max(len(cell.text) for cell in cells) > LONGEST:
        raise FaultError("B11", "cell")
    codes = np.zeros(height, dtype=np.int32)
    codes[first : first + len(places)] = np.array(moved, dtype=np.int32)[places]
    return CodedColumn(list(cells), codes)


def _correct(columns: list[CellColumn], scan: SheetScan, decimal: str) -> None:
    """Put in place what a reader of values gets wrong, by row and column."""
    cells = dict(scan.cells)
    for row, column in scan.exponents:
        text, kind = _at(columns, row, column)
        if kind == CellKind.NUMBER:
            cells[row, column] = WorkbookCell(text, CellKind.EXPONENT)
    for (row, column), number in scan.negatives.items():
        # Shown as a time of day, a number below zero would be midnight.
        if _at(columns, row, column).kind == CellKind.TIME:
            cells[row, column] = WorkbookCell(write_number(float(number), decimal), CellKind.NUMBER)
    by_column: dict[int, dict[int, WorkbookCell]] = {}
    for (row, column), cell in cells.items():
        by_column.setdefault(column, {})[row - 1] = cell
    for at, changes in by_column.items():
        columns[at] = columns[at].put(changes)


def _at(columns: Sequence[CellColumn], row: int, column: int) -> WorkbookCell:
    if column >= len(columns) or row > len(columns[column].codes):
        return NO_CELL
    place: int = columns[column].codes[row - 1]
    return columns[column].distinct[place]
