"""A worksheet as a grid: its cells as text, dates as the layout says that they are written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from helpline_report.exports.cells import DATED, Cell, CellColumn, Kind
from helpline_report.exports.shapes import plain
from helpline_report.exports.text_tables import Lines, Mask, TextColumn, TextTable
from helpline_report.exports.worksheet_scan import column_letters
from helpline_report.exports.worksheets import Sheet
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

    def __init__(self, sheet: Sheet, file: RowFile, head: int | None = None) -> None:
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


def write_cell(cell: Cell, kind: str, file: RowFile, serials_shift: int) -> str:
    """The text of a cell in a column of some kind, as the layout says that the source writes it.

    A date cell has no order of day and month: so it is written out in the one that is read.
    """
    text, held = cell
    day, _, clock = text.partition(" ")
    match kind:
        case "date" if held in DATED and file.dates is not None:
            return _date(day, file.dates)
        case "time" if held in {Kind.TIME, *DATED}:
            return _time(text if held == Kind.TIME else clock or MIDNIGHT, file.times)
        case "datetime" if held in DATED and file.stamps is not None:
            date, between, time = re.split("([ T])", file.stamps, maxsplit=1)
            zulu = "Z" if time.endswith("Z") else ""
            told = _time(clock or MIDNIGHT, time.removesuffix("Z"))
            return f"{_date(day, date)}{between}{told}{zulu}"
        case "date" | "datetime" if held == Kind.NUMBER and file.serial_dates is True:
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
