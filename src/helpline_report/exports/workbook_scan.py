"""Scan the XML of worksheets for what calamine doesn't say, and refuse sheets too large to read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

import numpy as np
import pandas as pd

from helpline_report.exports.faults import FaultError
from helpline_report.exports.text_tables import CellKind, WorkbookCell, get_value
from helpline_report.exports.workbook_package import (
    ACTIVE_ELEMENTS,
    LINKS,
    Attributes,
    Package,
    Start,
)

ROWS, COLUMNS = 1_048_576, 16_384
# The largest number of cells up to the last row and column, since calamine keeps a place for each
# of them, and the largest number of cells that may be marked.
PLACES, MOST_MARKS = 24_000_000, 1_000_000
# Half a gigabyte of texts: calamine keeps each text once for every cell that holds it.
TEXTS = 1 << 29
# The longest text of a cell is 32,767 characters.
LONGEST = 1 << 16
LETTERS = 26
NO_CELL = WorkbookCell("", CellKind.EMPTY)
# A formula without a value. Its text isn't blank, so that its row isn't taken for a blank one.
NO_VALUE = WorkbookCell("=", CellKind.FORMULA)
# The mark of a number shown as a power of ten, and that of a negative number: calamine reads a time
# below zero as one above zero. The first counts only if it reads a number there, the second only if
# it reads a date or time.
IN_POWERS, BELOW_ZERO = WorkbookCell("", CellKind.EXPONENT), WorkbookCell("-", CellKind.ERROR)
Span = tuple[int, int]


@dataclass
class Worksheet:
    """A worksheet: what the scan says of it, and its cells by column, once they are read.

    `number` is its place in the workbook (from 1); messages use it, since a name may be personal.
    `hidden_rows` and `hidden_columns` are spans of places from 0, first and last included. `merged`
    are the first and last row (from 1) and the range of merged cells. `marks` are cells that
    calamine reads wrongly, by row (from 1) and column (from 0). `serials_shift` is the number of
    days from the usual day 0 of dates to its own. `height` is the last row (from 1) that isn't
    empty. `struck` are rows (from 1) with a cell that is struck through.
    """

    number: int
    name: str
    hidden: bool = False
    filtered: bool = False
    merged: list[tuple[int, int, str]] = field(default_factory=list)
    hidden_rows: list[Span] = field(default_factory=list)
    hidden_columns: list[Span] = field(default_factory=list)
    serials_shift: int = 0
    marks: dict[Span, WorkbookCell] = field(default_factory=dict)
    struck: set[int] = field(default_factory=set)
    height: int = 0
    width: int = 0
    columns: list[pd.Categorical] = field(default_factory=list)
    characters: int = 0

    def note_cell(self, row: int, column: int) -> None:
        """Note that a cell isn't empty; B11 if it lies beyond the size that a sheet may have."""
        if row <= self.height and column < self.width:
            return
        self.height, self.width = max(self.height, row), max(self.width, column + 1)
        if row > ROWS:
            raise FaultError("B11", "rows", sheet=self.number, most=ROWS)
        if self.width > COLUMNS:
            raise FaultError("B11", "columns", sheet=self.number, most=COLUMNS)
        if self.height * self.width > PLACES:
            raise FaultError("B11", "cells", sheet=self.number)

    def mark(self, rows: Sequence[int], columns: Sequence[int], cell: WorkbookCell) -> None:
        """Mark cells that calamine reads wrongly; B11 if there are too many of them."""
        self.note_cell(rows[-1], columns[-1])
        if len(self.marks) + len(rows) * len(columns) > MOST_MARKS:
            raise FaultError("B11", "errors", sheet=self.number)
        self.marks.update({(row, column): cell for row in rows for column in columns})

    def count_characters(self, characters: int) -> None:
        """Count characters of its texts; B11 if there are more than an export can have."""
        self.characters += characters
        if self.characters > TEXTS:
            raise FaultError("B11", "texts")

    def rows(self) -> list[list[str]]:
        """The texts of all rows, from row 1 of the sheet, without blanks at the end of a row."""
        rows: list[list[str]] = [[] for _ in range(self.height)]
        for at, column in enumerate(self.columns):
            for row in np.flatnonzero(column.codes[: self.height]).tolist():
                rows[row] += [""] * (at - len(rows[row]))
                rows[row].append(get_value(column, row).text)
        return rows


def write_column_letters(column: int) -> str:
    """`A` for column 0, `AA` for column 26."""
    before, letter = divmod(column, LETTERS)
    return (write_column_letters(before - 1) if before else "") + chr(ord("A") + letter)


@cache
def _column_of(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * LETTERS + ord(letter) - ord("A") + 1
    if not re.fullmatch("[A-Z]{1,7}", letters):
        raise FaultError("B09", "workbook")
    return column - 1


BETWEEN_EPOCHS = 1_462  # from the first day of the 1900 system to that of the 1904 system
TRUE, DIGITS = {"1", "true", "on"}, "0123456789"
REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?([1-9][0-9]{0,6})")
# A filter hides rows only if it has one of these criteria.
CRITERIA = ("filters", "customFilters", "dynamicFilter", "top10", "colorFilter", "iconFilter")
# Formats of powers of ten: built in (ECMA-376, part 1, 18.8.30), or by their code outside quotes.
EXPONENTS, QUOTED = {"11", "48"}, re.compile(r'"[^"]*"|\\.')
EXPONENT = re.compile(r"[0#?]E[+-]", re.IGNORECASE)


def scan_xlsx(package: Package) -> list[Worksheet]:
    """Scan every sheet of an XLSX workbook, in the order of its tabs, without charts' sheets.

    Raises:
        FaultError: B09, B11, B12.
    """
    path = "xl/workbook.xml"
    if path not in package.related("", "/officeDocument").values():
        raise FaultError("B09", "workbook")
    properties: Attributes = {}
    tabs: list[Attributes] = []
    package.parse(path, {"workbookPr": properties.update, "sheet": tabs.append})
    shift = BETWEEN_EPOCHS if properties.get("date1904") in TRUE else 0
    parts, lengths = package.related(path, "/worksheet"), _read_text_lengths(package)
    exponents, struck = _read_styles(package)
    sheets = []
    for number, tab in enumerate(tabs, start=1):
        part = parts.get(next((key for name, key in tab.items() if name.endswith(":id")), ""))
        if part is not None:
            sheet = Worksheet(number, tab.get("name", ""), serials_shift=shift)
            _XlsxSheet(sheet, lengths, exponents, struck).scan(package, part)
            sheets.append(sheet)
    return sheets


def _read_text_lengths(package: Package) -> list[int]:
    """The lengths of the shared texts, to which cells refer by their place."""
    lengths: list[int] = []

    def add_length(text: str, _: Sequence[str]) -> None:
        if lengths:
            lengths[-1] += len(text)

    if "xl/sharedStrings.xml" in package:
        starts = {"si": lambda _: lengths.append(0)}
        package.parse("xl/sharedStrings.xml", starts, add_length)
    return lengths


def _read_styles(package: Package) -> tuple[set[str], set[str]]:
    """The styles of cells that show powers of ten, and those that strike a cell through."""
    codes: dict[str, str] = {}
    strikes: list[bool] = []  # of each font
    styles: list[Attributes] = []
    starts: dict[str, Start] = {
        # The formats of cells come before those of conditional formatting.
        "numFmt": lambda each: codes.setdefault(each["numFmtId"], each.get("formatCode", "")),
        "font": lambda _: strikes.append(False),
        "strike": lambda font: strikes.__setitem__(-1, font.get("val", "1") in TRUE),
        # What comes before are the named styles, to which no cell refers.
        "cellXfs": lambda _: styles.clear(),
        "xf": styles.append,
    }
    if "xl/styles.xml" in package:
        package.parse("xl/styles.xml", starts)
    exponents, struck = set[str](), set[str]()
    for at, style in enumerate(styles):
        number, font = style.get("numFmtId", "0"), int(style.get("fontId", "0"))
        first = QUOTED.sub("", codes.get(number, "")).split(";")[0]
        if number in EXPONENTS or EXPONENT.search(first):
            exponents.add(str(at))
        if any(strikes[font : font + 1]):
            struck.add(str(at))
    return exponents, struck


class _XlsxSheet:
    """Takes the rows and cells of a sheet; one without a place of its own follows the last one."""

    def __init__(
        self, sheet: Worksheet, lengths: Sequence[int], exponents: set[str], struck: set[str]
    ) -> None:
        self._sheet, self._lengths = sheet, lengths
        self._exponents, self._struck = exponents, struck
        self._row, self._column, self._type, self._style = 0, -1, "", ""

    def scan(self, package: Package, part: str) -> None:
        """Scan the part that is the sheet, and the tables in it."""

        def filter_rows(*_: object) -> bool:
            self._sheet.filtered = True
            return True

        criteria: dict[str, Start] = dict.fromkeys(CRITERIA, filter_rows)
        starts: dict[str, Start] = {
            "row": self._begin_row,
            "c": self._begin_cell,
            "f": lambda _: self._mark(NO_VALUE),
            "v": self._begin_value,
            "sheetPr": lambda each: each.get("filterMode") in TRUE and filter_rows(),
            "col": self._begin_columns,
            "mergeCell": self._merge,
        }
        package.parse(part, {**starts, **criteria}, self._take_text)
        for table in package.related(part, "/table").values():
            package.parse(table, criteria)

    def _mark(self, cell: WorkbookCell) -> None:
        self._sheet.mark((self._row,), (self._column,), cell)

    def _begin_columns(self, columns: Attributes) -> None:
        if columns.get("hidden") in TRUE or float(columns.get("width", "1")) == 0:
            span = int(columns["min"]) - 1, int(columns["max"]) - 1
            self._sheet.hidden_columns.append(span)

    def _merge(self, area: Attributes) -> None:
        first, _, last = area["ref"].partition(":")
        places = [REFERENCE.fullmatch(reference) for reference in (first, last or first)]
        top, bottom = (int(place[1]) if place is not None else 0 for place in places)
        if not top or not bottom:
            raise FaultError("B09", "workbook")
        self._sheet.merged.append((top, bottom, area["ref"]))

    def _begin_row(self, row: Attributes) -> None:
        number = int(row["r"]) if "r" in row else self._row + 1
        if number <= self._row:
            raise FaultError("B09", "twice")
        self._row, self._column = number, -1
        if row.get("hidden") in TRUE or float(row.get("ht", "1")) == 0:
            self._sheet.hidden_rows.append((number - 1, number - 1))

    def _begin_cell(self, cell: Attributes) -> None:
        column = self._column + 1
        if "r" in cell:
            letters = cell["r"].rstrip(DIGITS)
            column = _column_of(letters)
            if cell["r"] != f"{letters}{self._row}":
                raise FaultError("B09", "workbook")
        if column >= COLUMNS:
            raise FaultError("B11", "columns", sheet=self._sheet.number, most=COLUMNS)
        if column <= self._column:
            raise FaultError("B09", "twice")
        self._column, self._type, self._style = column, cell.get("t", "n"), cell.get("s", "")

    def _begin_value(self, _: Attributes) -> None:
        self._sheet.note_cell(self._row, self._column)
        if self._type == "str":  # a formula that gives an empty text has a value
            self._sheet.marks.pop((self._row, self._column), None)

    def _take_text(self, text: str, elements: Sequence[str]) -> None:
        """Take the value of a cell (`v`), or a part of its text (`t`)."""
        element = elements[-1].rpartition(":")[2]
        if element not in ("v", "t") or not text.strip():
            return
        if self._style in self._struck:
            self._sheet.struck.add(self._row)
        if element == "t":
            self._sheet.note_cell(self._row, self._column)
            return
        self._sheet.marks.pop((self._row, self._column), None)
        if self._type == "e":
            self._mark(WorkbookCell(text, CellKind.ERROR))
        elif self._type == "n" and text.startswith("-"):
            self._mark(BELOW_ZERO)
        elif self._type == "n" and self._style in self._exponents:
            self._mark(IN_POWERS)
        elif self._type == "s" and text.isdecimal() and int(text) < len(self._lengths):
            self._sheet.count_characters(self._lengths[int(text)])


USUAL_DAY_0 = dt.date(1899, 12, 30)
NUMBERS = {"float", "percentage", "currency"}
TYPES = {*NUMBERS, "date", "time", "boolean", "string"}
# A formula that looks into another file, or asks another program.
OUTSIDE = re.compile(r"'?(file|https?|ftp|smb):|\b(DDE|WEBSERVICE)\(", re.IGNORECASE)
CELLS = {"table:table-cell", "table:covered-table-cell"}


def scan_ods(package: Package) -> list[Worksheet]:
    """Scan every sheet of an ODS workbook, in the order of its tabs.

    Raises:
        FaultError: B09, B11, B12, B16.
    """
    return _OdsBook().scan(package)


def _refuse(what: str, _: Attributes) -> None:
    raise FaultError("B12", active=what)


class _OdsBook:
    """Takes the styles, sheets, rows and cells of an ODS workbook one after another."""

    def __init__(self) -> None:
        self._sheets: list[Worksheet] = []
        self._filtered: set[str] = set()
        self._range = ""
        # The name of the style or format that has begun; the formats of powers of ten; the styles
        # with such a format, which may have the same names; the styles that strike a text through.
        self._style, self._formats, self._exponents = "", set[str](), set[str]()
        self._striking, self._serials_shift = set[str](), 0
        # The styles of cells that have none of their own, by column.
        self._column_styles = dict[int, str]()
        # The rows (from 1) and columns (from 0) for which the current cell stands.
        self._rows, self._columns, self._column_end = range(1), range(0), 0
        self._has_no_value = False

    def scan(self, package: Package) -> list[Worksheet]:
        """Scan the content of a workbook."""
        starts: dict[str, Start] = {
            "style:style": self._begin_style,
            "number:number-style": self._begin_style,
            "number:scientific-number": lambda _: self._formats.add(self._style),
            "style:text-properties": self._take_text_style,
            "table:null-date": self._take_day_0,
            "table:table": self._begin_sheet,
            "table:table-column": self._begin_column,
            "table:table-row": self._begin_row,
            **dict.fromkeys(CELLS, self._begin_cell),
            "table:database-range": self._begin_range,
            "table:filter-condition": lambda _: self._filtered.add(self._range),
            "text:s": lambda spaces: self._count_characters(int(spaces.get("text:c", "1"))),
            **{name: partial(_refuse, what) for name, what in ACTIVE_ELEMENTS.items()},
        }
        package.parse("content.xml", starts, self._take_text)
        for sheet in self._sheets:
            sheet.filtered |= bool({sheet.name, ""} & self._filtered)
            sheet.serials_shift = self._serials_shift
        return self._sheets

    def _begin_style(self, style: Attributes) -> None:
        self._style = style.get("style:name", "")
        if style.get("style:data-style-name") in self._formats:
            self._exponents.add(self._style)

    def _take_day_0(self, day_0: Attributes) -> None:
        day = dt.date.fromisoformat(day_0.get("table:date-value", "1899-12-30"))
        self._serials_shift = (day - USUAL_DAY_0).days

    def _take_text_style(self, properties: Attributes) -> None:
        if properties.get("style:text-line-through-style", "none") != "none":
            self._striking.add(self._style)

    def _begin_sheet(self, table: Attributes) -> None:
        if table.get("table:is-sub-table") == "true":
            raise FaultError("B16", "table", sheet=len(self._sheets))
        self._sheets.append(Worksheet(len(self._sheets) + 1, table.get("table:name", "")))
        self._rows, self._columns, self._column_end = range(1), range(0), 0
        self._column_styles.clear()

    def _begin_range(self, area: Attributes) -> None:
        address = area.get("table:target-range-address", "")
        name = address.partition(":")[0].rpartition(".")[0].lstrip("$")
        self._range = name[1:-1].replace("''", "'") if name.startswith("'") else name

    def _begin_column(self, column: Attributes) -> None:
        first = self._column_end
        self._column_end += int(column.get("table:number-columns-repeated", "1"))
        if column.get("table:visibility", "visible") != "visible":
            self._sheets[-1].hidden_columns.append((first, self._column_end - 1))
        style = column.get("table:default-cell-style-name", "")
        styled = range(first, min(self._column_end, COLUMNS))
        self._column_styles.update(dict.fromkeys(styled, style))

    def _begin_row(self, row: Attributes) -> None:
        first, repeated = self._rows.stop, int(row.get("table:number-rows-repeated", "1"))
        self._rows, self._columns = range(first, first + repeated), range(0)
        visibility, sheet = row.get("table:visibility", "visible"), self._sheets[-1]
        if visibility != "visible":
            sheet.hidden_rows.append((first - 1, first + repeated - 2))
        sheet.filtered |= visibility == "filter"

    def _begin_cell(self, cell: Attributes) -> None:
        sheet, get = self._sheets[-1], cell.get
        top, first = self._rows.start, self._columns.stop
        self._columns = range(first, first + int(get("table:number-columns-repeated", "1")))
        across, down = (int(get(f"table:number-{of}-spanned", "1")) for of in ("columns", "rows"))
        if across > 1 or down > 1:
            bottom, right = top + down - 1, write_column_letters(first + across - 1)
            area = f"{write_column_letters(first)}{top}:{right}{bottom}"
            sheet.merged.append((top, bottom, area))
        kind, formula = get("office:value-type"), get("table:formula")
        if formula is not None and OUTSIDE.search(formula):
            raise FaultError("B12", active=LINKS)
        is_error = get("calcext:value-type") == "error"
        # calamine skips a cell without a type.
        self._has_no_value = is_error or kind not in TYPES
        if is_error or (formula is not None and kind not in TYPES):
            self._mark(WorkbookCell("#", CellKind.ERROR) if is_error else NO_VALUE)
        if kind is not None:
            sheet.note_cell(self._rows[-1], self._columns[-1])
            self._count_characters(len(get("office:string-value", "")))
            style = get("table:style-name") or self._column_styles.get(first)
            if style in self._striking:
                sheet.struck.update(self._rows)
            if kind in NUMBERS and style in self._exponents:
                self._mark(IN_POWERS)

    def _mark(self, cell: WorkbookCell) -> None:
        self._sheets[-1].mark(self._rows, self._columns, cell)

    def _take_text(self, text: str, elements: Collection[str]) -> None:
        """Count the text of a cell, and take it where the cell is an error or has no type."""
        if not self._sheets or not text.strip():
            return
        self._count_characters(len(text))
        if "office:annotation" in elements or not CELLS.intersection(elements):
            return
        # calamine takes the text of a drawing for that of the cell below it.
        if any(element.startswith("draw:") for element in elements):
            raise FaultError("B12", active="text drawn over a cell")
        if self._has_no_value:
            self._mark(WorkbookCell(text, CellKind.ERROR))

    def _count_characters(self, length: int) -> None:
        """Count a text as often as its cell is repeated; B11 where it is too long."""
        if length > LONGEST:
            raise FaultError("B11", "cell")
        if self._sheets:
            times = max(len(self._rows), 1) * max(len(self._columns), 1)
            self._sheets[-1].count_characters(length * times)
