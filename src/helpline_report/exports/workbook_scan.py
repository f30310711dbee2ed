"""Scan the XML of worksheets for what a reader of values doesn't tell, or is too large."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import product

from helpline_report.exports.faults import FaultError
from helpline_report.exports.text_tables import NO_VALUE, CellKind, WorkbookCell
from helpline_report.exports.workbook_package import Attributes, End, Package, Start
from helpline_report.exports.worksheets import (
    FAULTY,
    LONGEST,
    ROWS,
    TEXTS,
    Area,
    SheetScan,
    Span,
    place_of,
)

BETWEEN_EPOCHS = 1_462  # from the first day of the 1900 system to that of the 1904 system
DIGITS = "0123456789"
TRUE = {"1", "true", "on"}
CRITERIA = ("filters", "customFilters", "dynamicFilter", "top10", "colorFilter", "iconFilter")
# Formats of powers of ten: built in (ECMA-376, part 1, 18.8.30), or by their code outside quotes.
EXPONENTS, QUOTED = {"11", "48"}, re.compile(r'"[^"]*"|\\.')
EXPONENT = re.compile(r"[0#?]E[+-]", re.IGNORECASE)


def scan_xlsx(package: Package) -> list[SheetScan]:
    """Scan every sheet of an XLSX workbook, in the order of its tabs; charts are none.

    Raises:
        FaultError: B09, B11, B12.
    """
    book = "xl/workbook.xml"
    if book not in package.related("", "/officeDocument").values():
        raise FaultError("B09", "workbook")
    shift = 0
    tabs: list[Attributes] = []

    def properties(attributes: Attributes) -> None:
        nonlocal shift
        shift = BETWEEN_EPOCHS if attributes.get("date1904", "0") in TRUE else 0

    package.parse(book, {"workbookPr": properties, "sheet": tabs.append})
    parts, budget = package.related(book, "/worksheet"), _Texts(package)
    scans = []
    for number, tab in enumerate(tabs, start=1):
        key = next((value for name, value in tab.items() if name.endswith(":id")), "")
        if key in parts:
            hidden = tab.get("state", "visible") in {"hidden", "veryHidden"}
            scan = SheetScan(number, tab.get("name", ""), hidden=hidden, serials_shift=shift)
            _XlsxSheet(scan, budget).parse(package, parts[key])
            scans.append(scan)
    return scans


class _Texts:
    """How long the shared texts of an XLSX workbook are, and which styles show powers of ten."""

    def __init__(self, package: Package) -> None:
        self.lengths: list[int] = []
        self.exponents: set[str] = set()
        self._left = TEXTS
        if "xl/sharedstrings.xml" in package:
            package.parse("xl/sharedStrings.xml", {"si": self._begin}, self._add)
        if "xl/styles.xml" in package:
            self._read_styles(package)

    def _begin(self, _: Attributes) -> None:
        self.lengths.append(0)

    def _add(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)

    def _read_styles(self, package: Package) -> None:
        codes: dict[str, str] = {}
        formats: list[str] = []
        in_cells = False

        def number_format(attributes: Attributes) -> None:
            # The formats of cells come before those of conditional formatting.
            codes.setdefault(attributes["numFmtId"], attributes.get("formatCode", ""))

        def begin_styles(_: Attributes) -> None:
            nonlocal in_cells
            in_cells = True

        def end_styles(_: Attributes) -> None:
            nonlocal in_cells
            in_cells = False

        def style(attributes: Attributes) -> None:
            if in_cells:
                formats.append(attributes.get("numFmtId", "0"))

        starts = {"numFmt": number_format, "xf": style, "cellXfs": begin_styles}
        package.parse("xl/styles.xml", {**starts, "cellStyles": end_styles, "dxfs": end_styles})
        for at, number in enumerate(formats):
            code = QUOTED.sub("", codes.get(number, "")).split(";")[0]
            if number in EXPONENTS or EXPONENT.search(code):
                self.exponents.add(str(at))

    def spend(self, place: str) -> None:
        """Count a cell that holds a shared text.

        Raises:
            FaultError: B11, all texts together are too long.
        """
        if place.isdecimal() and int(place) < len(self.lengths):
            self._left -= self.lengths[int(place)]
        if self._left < 0:
            raise FaultError("B11", "texts")


class _XlsxSheet:
    """Takes the cells of a sheet one after another.

    Rows and cells may leave out where they stand: then it is after the one before.
    """

    def __init__(self, scan: SheetScan, texts: _Texts) -> None:
        self._scan = scan
        self._texts = texts
        self._row = 0
        self._column = -1
        self._columns: dict[str, int] = {}
        self._type = ""
        self._in_value = False

    def parse(self, package: Package, part: str) -> None:
        """Scan the part that is the sheet, and the tables in it."""
        criteria: dict[str, Start] = dict.fromkeys(CRITERIA, self._criterion)
        starts = {
            "row": self._begin_row,
            "c": self._begin_cell,
            "f": self._formula,
            "v": self._value,
            "is": self._inline,
            "sheetPr": self._properties,
            "col": self._hide_columns,
            "mergeCell": self._merge,
        }
        package.parse(part, {**starts, **criteria}, self._text)
        for table in package.related(part, "/table").values():
            package.parse(table, criteria)

    def _criterion(self, _: Attributes) -> None:
        """A filter has criteria; the buttons of one that has none hide nothing."""
        self._scan.filtered = True

    def _properties(self, attributes: Attributes) -> None:
        self._scan.filtered |= attributes.get("filterMode", "0") in TRUE

    def _hide_columns(self, attributes: Attributes) -> None:
        if attributes.get("hidden", "0") in TRUE or float(attributes.get("width", "1")) == 0:
            span = int(attributes["min"]) - 1, int(attributes["max"]) - 1
            self._scan.hidden_columns.append(span)

    def _merge(self, attributes: Attributes) -> None:
        first, _, last = attributes["ref"].partition(":")
        self._scan.merged.append(Area(*place_of(first), *place_of(last or first)))

    def _begin_row(self, attributes: Attributes) -> None:
        number = int(attributes["r"]) if "r" in attributes else self._row + 1
        if number <= self._row:
            raise FaultError("B09", "row_twice")
        if number > ROWS:
            raise FaultError("B11", "rows", sheet=self._scan.number, most=ROWS)
        self._row, self._column, self._in_value = number, -1, False
        if attributes.get("hidden", "0") in TRUE or float(attributes.get("ht", "1")) == 0:
            self._scan.hidden_rows.append((number, number))

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
        if self._type == "n" and attributes.get("s") in self._texts.exponents:
            self._scan.exponents.add((self._row, column))
            self._scan.note_faults()

    def _formula(self, _: Attributes) -> None:
        self._scan.note_filled(self._row, self._column)
        self._scan.cells[self._row, self._column] = NO_VALUE
        self._scan.note_faults()

    def _value(self, _: Attributes) -> None:
        self._scan.note_filled(self._row, self._column)
        self._in_value = True
        if self._type == "str":
            self._scan.cells.pop((self._row, self._column), None)

    def _inline(self, _: Attributes) -> None:
        self._scan.note_filled(self._row, self._column)

    def _text(self, text: str) -> None:
        """Take the value of a cell, which stands in one piece."""
        if not self._in_value:
            return
        place = self._row, self._column
        match self._type:
            case "s":
                self._texts.spend(text)
            case "e":
                self._scan.cells[place] = WorkbookCell(text, CellKind.ERROR)
                self._scan.note_faults()
                return
            case "n" if text.startswith("-"):
                self._scan.negatives[place] = text
                self._scan.note_faults()
        self._scan.cells.pop(place, None)


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
DRAWN = (
    "draw:frame",
    "draw:custom-shape",
    "draw:rect",
    "draw:ellipse",
    "draw:caption",
    "draw:line",
)


def scan_ods(package: Package) -> list[SheetScan]:
    """Scan every sheet of an ODS workbook, in the order of its tabs.

    Raises:
        FaultError: B09, B11, B12, B16.
    """
    book = _OdsBook()
    book.parse(package)
    for scan in book.scans:
        scan.serials_shift = book.serials_shift
        scan.filtered |= any(of in {scan.name, ""} for of in book.filtered)
    return book.scans


def _refuse(what: str) -> Start:
    def refuse(_: Attributes) -> None:
        raise FaultError("B12", active=what)

    return refuse


def _repeated(attributes: Attributes, of: str) -> int:
    return int(attributes.get(f"table:number-{of}-repeated", "1"))


class _OdsBook:
    """Takes the styles, sheets, rows and cells of an ODS workbook one after another."""

    def __init__(self) -> None:
        self.scans: list[SheetScan] = []
        self.filtered: list[str] = []
        self.serials_shift = 0
        self._range = ""
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._exponents: set[str] = set()
        self._exponential: set[str] = set()
        self._in_sheet = False
        self._rows: Span = (0, 0)
        self._columns: Span = (-1, -1)
        self._row_style = ""
        self._column_styles: list[tuple[int, str]] = []
        self._kind = CellKind.EMPTY
        # How many comments and drawings are open, by their tag.
        self._apart = Counter[str]()
        self._in_cell = False
        self._left = TEXTS

    def parse(self, package: Package) -> None:
        """Scan the content of a workbook."""
        starts = {
            "style:style": self._begin_style,
            "style:table-properties": self._table_properties,
            "number:number-style": self._begin_number_style,
            "number:scientific-number": self._exponent,
            "table:table": self._begin_sheet,
            "table:table-column": self._begin_column,
            "table:table-row": self._begin_row,
            "table:table-cell": self._begin_cell,
            "table:covered-table-cell": self._begin_cell,
            "table:database-range": self._begin_range,
            "table:filter-condition": self._filter,
            "table:null-date": self._day_0,
            "text:s": self._spaces,
        }
        outside = {name: _refuse(what) for name, what in OUTSIDE_ELEMENTS.items()}
        apart = {tag: partial(self._begin_apart, tag) for tag in (COMMENT, *DRAWN)}
        ends: dict[str, End] = {tag: partial(self._end_apart, tag) for tag in apart}
        ends["table:table"] = self._end_sheet
        package.parse("content.xml", {**starts, **outside, **apart}, self._text, ends)

    def _begin_style(self, attributes: Attributes) -> None:
        self._style = attributes.get("style:name", "")
        if attributes.get("style:data-style-name") in self._exponents:
            self._exponential.add(self._style)

    def _table_properties(self, attributes: Attributes) -> None:
        if attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)

    def _begin_number_style(self, attributes: Attributes) -> None:
        self._style = attributes.get("style:name", "")

    def _exponent(self, _: Attributes) -> None:
        self._exponents.add(self._style)

    def _begin_sheet(self, attributes: Attributes) -> None:
        if self._in_sheet:
            raise FaultError("B16", "table", sheet=len(self.scans))
        self._in_sheet = True
        hidden = attributes.get("table:style-name") in self._hidden_styles
        number, name = len(self.scans) + 1, attributes.get("table:name", "")
        self.scans.append(SheetScan(number, name, hidden=hidden))
        self._rows, self._columns, self._column_styles = (0, 0), (-1, -1), []
        self._in_cell = False

    def _end_sheet(self) -> None:
        self._in_sheet = False

    def _begin_range(self, attributes: Attributes) -> None:
        address = attributes.get("table:target-range-address", "")
        name = address.partition(":")[0].rpartition(".")[0].lstrip("$")
        if name.startswith("'"):
            name = name[1:-1].replace("''", "'")
        self._range = name

    def _filter(self, _: Attributes) -> None:
        self.filtered.append(self._range)

    def _day_0(self, attributes: Attributes) -> None:
        day_0 = dt.date.fromisoformat(attributes.get("table:date-value", "1899-12-30"))
        self.serials_shift = (day_0 - USUAL_DAY_0).days

    def _begin_column(self, attributes: Attributes) -> None:
        first = self._column_styles[-1][0] if self._column_styles else 0
        end = first + _repeated(attributes, "columns")
        if attributes.get("table:visibility", "visible") != "visible":
            self.scans[-1].hidden_columns.append((first, end - 1))
        self._column_styles.append((end, attributes.get(DEFAULT_STYLE, "")))

    def _begin_row(self, attributes: Attributes) -> None:
        first = self._rows[1] + 1
        self._rows = first, self._rows[1] + _repeated(attributes, "rows")
        self._columns, self._kind, self._in_cell = (-1, -1), CellKind.EMPTY, False
        self._row_style = attributes.get(DEFAULT_STYLE, "")
        visibility = attributes.get("table:visibility", "visible")
        if visibility != "visible":
            self.scans[-1].hidden_rows.append(self._rows)
        self.scans[-1].filtered |= visibility == "filter"

    def _begin_cell(self, attributes: Attributes) -> None:
        scan, get = self.scans[-1], attributes.get
        self._in_cell = True
        first = self._columns[1] + 1
        self._columns = first, self._columns[1] + _repeated(attributes, "columns")
        across, down = (int(get(f"table:number-{of}-spanned", "1")) for of in ("columns", "rows"))
        if across > 1 or down > 1:
            top = self._rows[0]
            scan.merged.append(Area(top, first, top + down - 1, first + across - 1))
        kind, formula = get("office:value-type"), get("table:formula")
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
        elif kind in NUMBERS and self._style_of(first, get("table:style-name")):
            scan.exponents.update(self._places())
        if kind is not None:
            scan.note_filled(self._rows[1], self._columns[1])
            self._spend(len(get("office:string-value", "")))

    def _style_of(self, column: int, own: str | None) -> bool:
        """Whether a cell shows powers of ten: by its own style, its row's or its column's."""
        styles = (style for end, style in self._column_styles if column < end)
        return (own or self._row_style or next(styles, "")) in self._exponential

    def _places(self) -> Iterator[Span]:
        """The places of a cell, which may be repeated.

        Raises:
            FaultError: B11.
        """
        scan = self.scans[-1]
        scan.note_filled(self._rows[1], self._columns[1])
        rows = range(self._rows[0], self._rows[1] + 1)
        columns = range(self._columns[0], self._columns[1] + 1)
        if len(scan.cells) + len(scan.exponents) + len(rows) * len(columns) > FAULTY:
            raise FaultError("B11", "errors", sheet=scan.number)
        return product(rows, columns)

    def _put(self, cell: WorkbookCell) -> None:
        self.scans[-1].cells.update(dict.fromkeys(self._places(), cell))

    def _begin_apart(self, tag: str, _: Attributes) -> None:
        self._apart[tag] += 1

    def _end_apart(self, tag: str) -> None:
        self._apart[tag] -= 1

    def _spaces(self, attributes: Attributes) -> None:
        self._spend(int(attributes.get("text:c", "1")))

    def _text(self, text: str) -> None:
        """Count the text of a cell, and take it where the cell is an error or has no type."""
        if not self.scans or not text.strip():
            return
        self._spend(len(text))
        if self._apart[COMMENT]:
            return
        if self._in_cell and self._apart.total():
            raise FaultError("B12", active="text drawn over a cell")
        if self._kind != CellKind.EMPTY:
            before = self.scans[-1].cells.get((self._rows[0], self._columns[0]))
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
