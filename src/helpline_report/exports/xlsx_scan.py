"""Scan the worksheets of an XLSX workbook (ECMA-376), cell by cell."""

from __future__ import annotations

import re

from helpline_report.exports.cells import NO_VALUE, Cell, Kind
from helpline_report.exports.faults import FaultError
from helpline_report.exports.workbook_package import Attributes, Package, Start
from helpline_report.exports.worksheet_scan import ROWS, TEXTS, Area, SheetScan, place_of

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
                self._scan.cells[place] = Cell(text, Kind.ERROR)
                self._scan.note_faults()
                return
            case "n" if text.startswith("-"):
                self._scan.negatives[place] = text
                self._scan.note_faults()
        self._scan.cells.pop(place, None)
