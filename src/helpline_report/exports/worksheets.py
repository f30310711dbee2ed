"""Worksheets: cells as text with their kind, column by column, from calamine and a scan."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

import numpy as np
import numpy.typing as npt
from python_calamine import CalamineError, CalamineWorkbook

from helpline_report.exports.decoding import ODS
from helpline_report.exports.faults import FaultError
from helpline_report.exports.text_tables import (
    NO_CELL,
    CellColumn,
    CellKind,
    CodedColumn,
    ColumnBuilder,
    WorkbookCell,
)
from helpline_report.exports.workbook_package import (
    Package,
    open_package,
    refuse_active_ods,
    refuse_active_xlsx,
)
from helpline_report.exports.workbook_scan import LONGEST, SheetScan, scan_ods, scan_xlsx

SAFE_DIGITS = 15  # a spreadsheet keeps so many digits of a number and loses the rest
HALF_SECOND, MIDNIGHT = dt.timedelta(milliseconds=500), dt.time(0)
SOME_DAY = dt.date(2000, 1, 1)


def make_cell(value: object, decimal: str) -> WorkbookCell:
    """The cell of a value as calamine gives it; numbers are written with `decimal`."""
    match value:
        case "":
            return NO_CELL
        case str():
            return WorkbookCell(value.replace("\r\n", "\n").replace("\r", "\n"), CellKind.TEXT)
        case bool():
            return WorkbookCell(str(value).upper(), CellKind.BOOLEAN)
        case float():
            return WorkbookCell(write_number(value, decimal), CellKind.NUMBER)
    return _cell_of_time(value)


def _cell_of_time(value: object) -> WorkbookCell:
    """A date, a time, both or a duration, to the second."""
    match value:
        case dt.datetime():
            moment = (value + HALF_SECOND).replace(microsecond=0)
            if moment.time() == MIDNIGHT:
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


Codes = npt.NDArray[np.int32]
BATCH = 4_096


@dataclass(frozen=True)
class Worksheet:
    """A worksheet: its cells by column (from 0), and what the scan says of it.

    `height` is the last row (from 1) that holds anything.
    """

    scan: SheetScan
    columns: list[CellColumn]
    height: int

    @property
    def number(self) -> int:
        """Its place in the workbook (from 1)."""
        return self.scan.number

    @property
    def width(self) -> int:
        """How many columns there are up to the last that holds anything."""
        return max(
            (at + 1 for at, column in enumerate(self.columns) if column.codes.any()), default=0
        )

    @property
    def name(self) -> str:
        """Its name, which may hold what a message must not."""
        return self.scan.name

    def rows(self) -> list[list[str]]:
        """The texts of all rows up to the last that holds anything, blanks at their ends left out.

        Row 1 of the sheet is the first.
        """
        rows: list[list[str]] = [[] for _ in range(self.height)]
        for at, column in enumerate(self.columns):
            for row in np.flatnonzero(column.codes[: self.height]).tolist():
                cells = rows[row]
                cells.extend([""] * (at - len(cells)))
                cells.append(column.distinct[column.codes[row]].text)
        return rows


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
