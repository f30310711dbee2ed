"""The rows and cells of an ODS workbook, put into the sheet that they stand in."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from helpline_report.exports.cells import (
    NO_CELL,
    NO_VALUE,
    Cell,
    Kind,
    Serials,
    Written,
    iso_cell,
)
from helpline_report.exports.ods_text import Paragraphs
from helpline_report.exports.package import Attributes, Elements, active, too_large
from helpline_report.exports.sheet import COLUMNS, PLACES, ROWS, Area, Sheet

OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
TABLE, OFFICE = (f"{OASIS}{name}:1.0 " for name in ("table", "office"))
EXTENDED = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
REPEATED_COLUMNS, REPEATED_ROWS = f"{TABLE}number-columns-repeated", f"{TABLE}number-rows-repeated"
SPANNED_COLUMNS, SPANNED_ROWS = f"{TABLE}number-columns-spanned", f"{TABLE}number-rows-spanned"
VALUE_TYPE, DEFAULT_STYLE = f"{OFFICE}value-type", f"{TABLE}default-cell-style-name"
VISIBILITY, STYLE_NAME = f"{TABLE}visibility", f"{TABLE}style-name"
# A formula that looks into another file, or asks another program.
OUTSIDE = re.compile(r"'?(file|https?|ftp|smb):|\b(DDE|WEBSERVICE)\(", re.IGNORECASE)
NUMBERS = {"float", "percentage", "currency"}


class Cells:
    """Takes rows and cells one after another; those that are repeated are put again.

    `exponential` are the styles of cells that show numbers as `1E+05`.
    """

    def __init__(self, elements: Elements, written: Written, exponential: AbstractSet[str]) -> None:
        self._written = written
        self._serials = Serials(written)
        self._exponential = exponential
        self._paragraphs = Paragraphs(elements)
        self._sheet = Sheet(0, "")
        self._row = self._next_row = 1
        self._column = self._columns = 0
        self._repeated = 1
        self._put: list[tuple[int, int, Cell]] = []
        self._attributes: Attributes = {}
        self._row_style = ""
        self._column_styles: list[tuple[int, str]] = []
        elements.on("table:table-column", self._begin_column)
        elements.on("table:table-row", self._begin_row, self._end_row)
        elements.on("table:table-cell", self._begin_cell, self._end_cell)
        elements.on("table:covered-table-cell", self._begin_cell, self._end_cell)

    def begin_sheet(self, sheet: Sheet) -> None:
        """Begin a sheet."""
        self._sheet = sheet
        self._next_row = 1
        self._columns = 0
        self._column_styles = []

    def _begin_column(self, attributes: Attributes) -> None:
        number = int(attributes.get(REPEATED_COLUMNS, "1"))
        first, self._columns = self._columns, self._columns + number
        if attributes.get(VISIBILITY, "visible") != "visible":
            self._sheet.hidden_columns.append((first, self._columns - 1))
        self._column_styles.append((self._columns, attributes.get(DEFAULT_STYLE, "")))

    def _begin_row(self, attributes: Attributes) -> None:
        self._row, self._column = self._next_row, 0
        self._repeated = int(attributes.get(REPEATED_ROWS, "1"))
        self._next_row += self._repeated
        self._row_style = attributes.get(DEFAULT_STYLE, "")
        self._put.clear()
        visibility = attributes.get(VISIBILITY, "visible")
        if visibility != "visible":
            self._sheet.hidden_rows.append((self._row, self._next_row - 1))
        self._sheet.filtered |= visibility == "filter"

    def _end_row(self) -> None:
        if not self._put:
            return
        places = self._repeated * sum(columns for _, columns, _ in self._put)
        if self._next_row - 1 > ROWS or places > PLACES:
            raise too_large(f"sheet {self._sheet.number} holds more cells than an export does")
        for row in range(self._row, self._next_row):
            for first, columns, cell in self._put:
                for column in range(first, first + columns):
                    self._sheet.put(row, column, cell)

    def _begin_cell(self, attributes: Attributes) -> None:
        self._attributes = attributes
        self._paragraphs.begin()

    def _end_cell(self) -> None:
        get = self._attributes.get
        first = self._column
        columns = int(get(REPEATED_COLUMNS, "1"))
        self._column += columns
        across, down = int(get(SPANNED_COLUMNS, "1")), int(get(SPANNED_ROWS, "1"))
        if across > 1 or down > 1:
            area = Area(self._row, first, self._row + down - 1, first + across - 1)
            self._sheet.merged.append(area)
        cell = self._cell(first)
        if cell[0]:
            if self._column > COLUMNS:
                raise too_large(f"sheet {self._sheet.number} has more than {COLUMNS} columns")
            self._put.append((first, columns, cell))

    def _cell(self, column: int) -> Cell:
        get = self._attributes.get
        formula, kind, text = get(f"{TABLE}formula"), get(VALUE_TYPE), self._paragraphs.whole()
        if formula is not None and OUTSIDE.search(formula):
            raise active("links to other files or programs in the workbook")
        if get(EXTENDED) == "error":
            return text or "#", Kind.ERROR
        if kind in NUMBERS:
            shown = Kind.EXPONENT if self._style(column) in self._exponential else Kind.NUMBER
            return self._serials.cell(get(f"{OFFICE}value", ""), shown)
        match kind:
            case "date" | "time":
                return iso_cell(get(f"{OFFICE}{kind}-value", ""), self._written)
            case "boolean":
                return get(f"{OFFICE}boolean-value", "").upper(), Kind.BOOLEAN
            case "string":
                return get(f"{OFFICE}string-value", text), Kind.TEXT
            case None if formula is not None:
                return NO_VALUE
        return (text, Kind.TEXT) if text else NO_CELL

    def _style(self, column: int) -> str:
        """The style of a cell: its own, that of its row, or that of its column."""
        own = self._attributes.get(STYLE_NAME) or self._row_style
        if own:
            return own
        return next((style for end, style in self._column_styles if column < end), "")
