"""Scan the XML of worksheets for what a reader of values doesn't tell, or is too large."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import product

from helpline_report.exports.faults import FaultError
from helpline_report.exports.text_tables import (
    COLUMNS,
    NO_VALUE,
    CellKind,
    Span,
    WorkbookCell,
    Worksheet,
)
from helpline_report.exports.workbook_package import Attributes, End, Package, Start

# Texts of half a gigabyte: a reader of values keeps each as often as it stands.
TEXTS = 1 << 29
# The longest text of a cell is 32,767 characters.
LONGEST = 1 << 16
LETTERS = 26
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")


def column_letters(column: int) -> str:
    """`A` for column 0, `AA` for column 26."""
    before, letter = divmod(column, LETTERS)
    return (column_letters(before - 1) if before else "") + chr(ord("A") + letter)


def place_of(reference: str) -> Span:
    """Row (from 1) and column (from 0) of a reference such as `B12`."""
    parts = REFERENCE.fullmatch(reference)
    column = 0
    for letter in parts[1] if parts is not None else ():
        column = column * LETTERS + ord(letter) - ord("A") + 1
    if parts is None or column > COLUMNS:
        raise FaultError("B09", "workbook")
    return int(parts[2]), column - 1


BETWEEN_EPOCHS = 1_462  # from the first day of the 1900 system to that of the 1904 system
DIGITS = "0123456789"
TRUE = {"1", "true", "on"}
CRITERIA = ("filters", "customFilters", "dynamicFilter", "top10", "colorFilter", "iconFilter")
# Formats of powers of ten: built in (ECMA-376, part 1, 18.8.30), or by their code outside quotes.
EXPONENTS, QUOTED = {"11", "48"}, re.compile(r'"[^"]*"|\\.')
EXPONENT = re.compile(r"[0#?]E[+-]", re.IGNORECASE)


def _is_true(attributes: Attributes, name: str) -> bool:
    return attributes.get(name, "0") in TRUE


def scan_xlsx(package: Package) -> list[Worksheet]:
    """Scan every sheet of an XLSX workbook, in the order of its tabs; charts are none.

    Raises:
        FaultError: B09, B11, B12.
    """
    path = "xl/workbook.xml"
    if path not in package.related("", "/officeDocument").values():
        raise FaultError("B09", "workbook")
    properties: Attributes = {}
    tabs: list[Attributes] = []
    package.parse(path, {"workbookPr": properties.update, "sheet": tabs.append})
    shift = BETWEEN_EPOCHS if _is_true(properties, "date1904") else 0
    parts, book = package.related(path, "/worksheet"), _XlsxBook(package)
    sheets = []
    for number, tab in enumerate(tabs, start=1):
        part = parts.get(next((key for name, key in tab.items() if name.endswith(":id")), ""))
        if part is not None:
            hidden = tab.get("state", "visible") in {"hidden", "veryHidden"}
            sheet = Worksheet(number, tab.get("name", ""), hidden=hidden, serials_shift=shift)
            book.scan(part, sheet)
            sheets.append(sheet)
    return sheets


class _XlsxBook:
    """Takes the cells of sheets one after another.

    Rows and cells may leave out where they stand: then it is after the one before.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self._lengths, self._struck_texts = _shared_texts(package)
        # How many characters cells may still hold of shared texts.
        self._left = TEXTS
        self._exponents, self._struck = _cell_styles(package)
        self._sheet = Worksheet(0, "")
        self._row, self._column = 0, -1
        self._columns: dict[str, int] = {}
        self._type, self._in_value, self._is_struck = "", False, False

    def scan(self, part: str, sheet: Worksheet) -> None:
        """Scan the part that is the sheet, and the tables in it."""
        self._sheet, self._row, self._column, self._in_value = sheet, 0, -1, False
        # A filter has criteria; the buttons of one that has none hide nothing.
        criteria: dict[str, Start] = dict.fromkeys(
            CRITERIA, lambda _: setattr(sheet, "filtered", True)
        )
        starts = {
            "row": self._begin_row,
            "c": self._begin_cell,
            "f": self._formula,
            "v": self._value,
            "is": self._fill,
            "strike": self._strike,
            "sheetPr": self._properties,
            "col": self._hide_columns,
            "mergeCell": self._merge,
        }
        self._package.parse(part, {**starts, **criteria}, self._text)
        for table in self._package.related(part, "/table").values():
            self._package.parse(table, criteria)

    def _properties(self, attributes: Attributes) -> None:
        self._sheet.filtered |= _is_true(attributes, "filterMode")

    def _hide_columns(self, attributes: Attributes) -> None:
        if _is_true(attributes, "hidden") or float(attributes.get("width", "1")) == 0:
            span = int(attributes["min"]) - 1, int(attributes["max"]) - 1
            self._sheet.hidden_columns.append(span)

    def _merge(self, attributes: Attributes) -> None:
        first, _, last = attributes["ref"].partition(":")
        rows = [place_of(reference)[0] for reference in (first, last or first)]
        self._sheet.merged.append((rows[0], rows[1], attributes["ref"]))

    def _begin_row(self, attributes: Attributes) -> None:
        number = int(attributes["r"]) if "r" in attributes else self._row + 1
        if number <= self._row:
            raise FaultError("B09", "row_twice")
        self._row, self._column, self._in_value = number, -1, False
        if _is_true(attributes, "hidden") or float(attributes.get("ht", "1")) == 0:
            self._sheet.hidden_rows.append((number - 1, number - 1))

    def _begin_cell(self, attributes: Attributes) -> None:
        column = self._column + 1
        if "r" in attributes:
            letters = attributes["r"].rstrip(DIGITS)
            column = self._columns.get(letters, -1)
            if column < 0:
                column = self._columns[letters] = place_of(attributes["r"])[1]
            if attributes["r"] != f"{letters}{self._row}":
                raise FaultError("B09", "workbook")
        if column <= self._column:
            raise FaultError("B09", "cell_twice")
        self._column, self._in_value = column, False
        self._type = attributes.get("t", "n")
        self._is_struck = attributes.get("s") in self._struck
        if self._type == "n" and attributes.get("s") in self._exponents:
            self._sheet.exponents.add((self._row, column))
            self._sheet.check_faults()

    def _formula(self, _: Attributes) -> None:
        self._sheet.note_filled(self._row, self._column)
        self._sheet.cells[self._row, self._column] = NO_VALUE
        self._sheet.check_faults()

    def _fill(self, _: Attributes) -> None:
        self._sheet.note_filled(self._row, self._column)
        if self._is_struck:
            self._sheet.struck.add(self._row)

    def _strike(self, font: Attributes) -> None:
        """A part of a text that stands in the cell itself."""
        if _strikes(font):
            self._sheet.struck.add(self._row)

    def _value(self, attributes: Attributes) -> None:
        self._fill(attributes)
        self._in_value = True
        if self._type == "str":
            self._sheet.cells.pop((self._row, self._column), None)

    def _text(self, text: str) -> None:
        """Take the value of a cell, which stands in one piece."""
        if not self._in_value:
            return
        place = self._row, self._column
        if self._type == "e":
            self._sheet.cells[place] = WorkbookCell(text, CellKind.ERROR)
            self._sheet.check_faults()
            return
        if self._type == "s" and text.isdecimal() and int(text) < len(self._lengths):
            self._left -= self._lengths[int(text)]
            if self._left < 0:
                raise FaultError("B11", "texts")
            if int(text) in self._struck_texts:
                self._sheet.struck.add(self._row)
        elif self._type == "n" and text.startswith("-"):
            self._sheet.negatives[place] = text
            self._sheet.check_faults()
        self._sheet.cells.pop(place, None)


def _cell_styles(package: Package) -> tuple[set[str], set[str]]:
    """The styles of cells that show powers of ten, and of those that are struck through."""
    codes: dict[str, str] = {}
    strikes: list[bool] = []  # of each font
    styles: list[tuple[str, int]] = []  # the format and the font of each
    starts: dict[str, Start] = {
        # The formats of cells come before those of conditional formatting.
        "numFmt": lambda style: codes.setdefault(style["numFmtId"], style.get("formatCode", "")),
        "font": lambda _: strikes.append(False),
        "strike": lambda font: strikes.__setitem__(-1, _strikes(font)),
        # The styles before these are those that have names.
        "cellXfs": lambda _: styles.clear(),
        "xf": lambda style: styles.append(
            (style.get("numFmtId", "0"), int(style.get("fontId", "0")))
        ),
    }
    if "xl/styles.xml" in package:
        package.parse("xl/styles.xml", starts)
    exponents, struck = set(), set()
    for at, (number, font) in enumerate(styles):
        first = QUOTED.sub("", codes.get(number, "")).split(";")[0]
        if number in EXPONENTS or EXPONENT.search(first):
            exponents.add(str(at))
        if any(strikes[font : font + 1]):
            struck.add(str(at))
    return exponents, struck


def _strikes(font: Attributes) -> bool:
    return font.get("val", "1") in TRUE


def _shared_texts(package: Package) -> tuple[list[int], set[int]]:
    """How long each shared text is, and which of them are struck through, at least in part."""
    lengths: list[int] = []
    struck: set[int] = set()

    def add_length(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    starts: dict[str, Start] = {
        "si": lambda _: lengths.append(0),
        "strike": lambda font: struck.add(len(lengths) - 1) if _strikes(font) else None,
    }
    if "xl/sharedstrings.xml" in package:
        package.parse("xl/sharedStrings.xml", starts, add_length)
    return lengths, struck


USUAL_DAY_0 = dt.date(1899, 12, 30)
NUMBERS = {"float", "percentage", "currency"}
TYPES = {*NUMBERS, "date", "time", "boolean", "string"}
# A formula that looks into another file, or asks another program.
OUTSIDE = re.compile(r"'?(file|https?|ftp|smb):|\b(DDE|WEBSERVICE)\(", re.IGNORECASE)
OUTSIDE_ELEMENTS = {
    "office:dde-source": "links to other programs (DDE)",
    "table:dde-link": "links to other programs (DDE)",
    "table:table-source": "links to other files",
    "table:cell-range-source": "links to other files",
    "draw:object-ole": "embedded objects",
    "script:event-listener": "macros",
    "text:script": "macros",
}
DEFAULT_STYLE = "table:default-cell-style-name"
# What may stand in a cell and is no text of it: of a drawing a reader of values takes the text.
COMMENT = "office:annotation"
DRAWINGS = ("frame", "custom-shape", "rect", "ellipse", "caption", "line")


def scan_ods(package: Package) -> list[Worksheet]:
    """Scan every sheet of an ODS workbook, in the order of its tabs.

    Raises:
        FaultError: B09, B11, B12, B16.
    """
    book = _OdsBook()
    book.parse(package)
    for sheet in book.sheets:
        sheet.serials_shift = book.serials_shift
        sheet.filtered |= bool({sheet.name, ""}.intersection(book.filtered))
    return book.sheets


def _refuse(what: str, _: Attributes) -> None:
    raise FaultError("B12", active=what)


class _OdsBook:
    """Takes the styles, sheets, rows and cells of an ODS workbook one after another."""

    def __init__(self) -> None:
        self.sheets: list[Worksheet] = []
        self.filtered: list[str] = []
        self.serials_shift = 0
        self._range = ""
        self._style = ""
        self._hidden_styles: set[str] = set()
        # Formats of powers of ten, and the styles that have them.
        self._exponents: set[str] = set()
        self._exponential: set[str] = set()
        self._struck: set[str] = set()
        self._in_sheet, self._in_cell = False, False
        self._rows: Span = (0, 0)
        self._columns: Span = (-1, -1)
        self._row_style = ""
        self._column_styles: list[tuple[int, str]] = []
        self._kind = CellKind.EMPTY
        # How many comments and drawings are open, by their tag.
        self._apart = Counter[str]()
        self._left = TEXTS

    def parse(self, package: Package) -> None:
        """Scan the content of a workbook."""
        starts = {
            "style:style": self._begin_style,
            "style:table-properties": self._table_properties,
            "style:text-properties": self._text_properties,
            "number:number-style": self._begin_style,
            "number:scientific-number": lambda _: self._exponents.add(self._style),
            "table:table": self._begin_sheet,
            "table:table-column": self._begin_column,
            "table:table-row": self._begin_row,
            "table:table-cell": self._begin_cell,
            "table:covered-table-cell": self._begin_cell,
            "table:database-range": self._begin_range,
            "table:filter-condition": lambda _: self.filtered.append(self._range),
            "table:null-date": self._day_0,
            "text:span": self._begin_span,
            "text:s": lambda spaces: self._spend(int(spaces.get("text:c", "1"))),
        }
        outside = {name: partial(_refuse, what) for name, what in OUTSIDE_ELEMENTS.items()}
        tags = (COMMENT, *(f"draw:{drawing}" for drawing in DRAWINGS))
        apart = {tag: partial(self._count_apart, tag, 1) for tag in tags}
        ends: dict[str, End] = {tag: partial(self._count_apart, tag, -1) for tag in tags}
        ends["table:table"] = lambda: setattr(self, "_in_sheet", False)
        package.parse("content.xml", {**starts, **outside, **apart}, self._text, ends)

    def _begin_style(self, attributes: Attributes) -> None:
        self._style = attributes.get("style:name", "")
        if attributes.get("style:data-style-name") in self._exponents:
            self._exponential.add(self._style)

    def _table_properties(self, attributes: Attributes) -> None:
        if attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)

    def _text_properties(self, attributes: Attributes) -> None:
        if attributes.get("style:text-line-through-style", "none") != "none":
            self._struck.add(self._style)

    def _begin_sheet(self, attributes: Attributes) -> None:
        if self._in_sheet:
            raise FaultError("B16", "table", sheet=len(self.sheets))
        hidden = attributes.get("table:style-name") in self._hidden_styles
        number, name = len(self.sheets) + 1, attributes.get("table:name", "")
        self.sheets.append(Worksheet(number, name, hidden=hidden))
        self._in_sheet, self._in_cell = True, False
        self._rows, self._columns, self._column_styles = (0, 0), (-1, -1), []

    def _begin_range(self, attributes: Attributes) -> None:
        address = attributes.get("table:target-range-address", "")
        name = address.partition(":")[0].rpartition(".")[0].lstrip("$")
        self._range = name[1:-1].replace("''", "'") if name.startswith("'") else name

    def _day_0(self, attributes: Attributes) -> None:
        day_0 = dt.date.fromisoformat(attributes.get("table:date-value", "1899-12-30"))
        self.serials_shift = (day_0 - USUAL_DAY_0).days

    def _begin_column(self, attributes: Attributes) -> None:
        first = self._column_styles[-1][0] if self._column_styles else 0
        end = first + int(attributes.get("table:number-columns-repeated", "1"))
        if attributes.get("table:visibility", "visible") != "visible":
            self.sheets[-1].hidden_columns.append((first, end - 1))
        self._column_styles.append((end, attributes.get(DEFAULT_STYLE, "")))

    def _begin_row(self, attributes: Attributes) -> None:
        first, sheet = self._rows[1] + 1, self.sheets[-1]
        last = self._rows[1] + int(attributes.get("table:number-rows-repeated", "1"))
        self._rows, self._columns = (first, last), (-1, -1)
        self._kind, self._in_cell = CellKind.EMPTY, False
        self._row_style = attributes.get(DEFAULT_STYLE, "")
        visibility = attributes.get("table:visibility", "visible")
        if visibility != "visible":
            sheet.hidden_rows.append((first - 1, last - 1))
        sheet.filtered |= visibility == "filter"

    def _begin_cell(self, attributes: Attributes) -> None:
        sheet, get = self.sheets[-1], attributes.get
        self._in_cell = True
        top, first = self._rows[0], self._columns[1] + 1
        self._columns = first, self._columns[1] + int(get("table:number-columns-repeated", "1"))
        across, down = (int(get(f"table:number-{of}-spanned", "1")) for of in ("columns", "rows"))
        if across > 1 or down > 1:
            bottom, right = top + down - 1, column_letters(first + across - 1)
            area = f"{column_letters(first)}{top}:{right}{bottom}"
            sheet.merged.append((top, bottom, area))
        kind, formula = get("office:value-type"), get("table:formula")
        # By the style of the cell, or of its row, or of its column.
        styles = (style for end, style in self._column_styles if first < end)
        style = get("table:style-name") or self._row_style or next(styles, "")
        if kind is not None and style in self._struck:
            self._strike_rows()
        if formula is not None and OUTSIDE.search(formula):
            raise FaultError("B12", active="links to other files or programs")
        self._kind = CellKind.EMPTY
        if get("calcext:value-type") == "error":
            self._kind = CellKind.ERROR
            self._put(WorkbookCell("#", CellKind.ERROR))
        elif kind not in TYPES:
            # A reader of values passes over a text without a type.
            self._kind = CellKind.TEXT
            if formula is not None:
                self._put(NO_VALUE)
        elif kind in NUMBERS and style in self._exponential:
            sheet.exponents.update(self._places())
        if kind is not None:
            sheet.note_filled(self._rows[1], self._columns[1])
            self._spend(len(get("office:string-value", "")))

    def _begin_span(self, attributes: Attributes) -> None:
        if attributes.get("text:style-name") in self._struck and not self._apart.total():
            self._strike_rows()

    def _strike_rows(self) -> None:
        self.sheets[-1].struck.update(range(self._rows[0], self._rows[1] + 1))

    def _places(self) -> Iterator[Span]:
        """The places of a cell, which may be repeated."""
        sheet = self.sheets[-1]
        sheet.note_filled(self._rows[1], self._columns[1])
        rows, columns = (range(span[0], span[1] + 1) for span in (self._rows, self._columns))
        sheet.check_faults(len(rows) * len(columns))
        return product(rows, columns)

    def _put(self, cell: WorkbookCell) -> None:
        self.sheets[-1].cells.update(dict.fromkeys(self._places(), cell))

    def _count_apart(self, tag: str, more: int, _: Attributes | None = None) -> None:
        self._apart[tag] += more

    def _text(self, text: str) -> None:
        """Count the text of a cell, and take it where the cell is an error or has no type."""
        if not self.sheets or not text.strip():
            return
        self._spend(len(text))
        if self._apart[COMMENT]:
            return
        if self._in_cell and self._apart.total():
            raise FaultError("B12", active="text drawn over a cell")
        if self._kind != CellKind.EMPTY:
            before = self.sheets[-1].cells.get((self._rows[0], self._columns[0]))
            begun = before.text if before is not None and before.kind == CellKind.TEXT else ""
            self._put(WorkbookCell(begun + text, self._kind))

    def _spend(self, length: int) -> None:
        """Count a text as often as its cell is repeated.

        Raises:
            FaultError: B11, a text is too long, or all together are.
        """
        if length > LONGEST:
            raise FaultError("B11", "cell")
        rows, columns = (last - first + 1 for first, last in (self._rows, self._columns))
        self._left -= length * max(rows, 1) * max(columns, 1)
        if self._left < 0:
            raise FaultError("B11", "texts")
