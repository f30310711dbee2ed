"""ODS workbooks (OpenDocument 1.2 and 1.3): their sheets, and the cells of each."""

from __future__ import annotations

import datetime as dt

from helpline_report.exports.cells import Written
from helpline_report.exports.ods_cells import Cells
from helpline_report.exports.package import (
    Attributes,
    Elements,
    Package,
    Start,
    UnfitError,
    active,
    damaged,
    encrypted,
)
from helpline_report.exports.sheet import Sheet

OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = {
    f"{OASIS}{name}:1.0": f"{name}:"
    for name in ("office", "table", "text", "style", "number", "drawing", "script", "manifest")
}
SPACES |= {f"{OASIS}datastyle:1.0": "number:"}
TABLE, STYLE, OFFICE = (f"{OASIS}{name}:1.0 " for name in ("table", "style", "office"))
MANIFEST = f"{OASIS}manifest:1.0 "
USUAL_DAY_0 = dt.date(1899, 12, 30)
CHART = "application/vnd.oasis.opendocument.chart"
OUTSIDE = {
    "office:dde-source": "links to other programs (DDE)",
    "table:dde-link": "links to other programs (DDE)",
    "table:table-source": "links to other files",
    "table:cell-range-source": "links to other files",
    "drawing:object-ole": "embedded objects",
    "script:event-listener": "macros",
    "text:script": "macros",
}
SCRIPTS = ("basic/", "scripts/", "dialogs/")
# An office program writes these, empty, where there is no macro.
NO_SCRIPTS = ("script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml")


def read_ods(package: Package, written: Written) -> list[Sheet]:
    """The sheets of a workbook, in the order of its tabs.

    Raises:
        UnfitError: B08, B09, B11, B12, B16.
    """
    _refuse_active(package)
    book = _Book(written)
    package.parse("content.xml", book.elements)
    for sheet in book.sheets:
        sheet.serials_shift = book.serials_shift
        sheet.filtered |= any(of in {sheet.name, ""} for of in book.filtered)
    return book.sheets


def _refuse_active(package: Package) -> None:
    kinds: dict[str, str] = {}
    manifest = Elements(SPACES)

    def entry(attributes: Attributes) -> None:
        path = attributes.get(f"{MANIFEST}full-path", "")
        kinds[path] = attributes.get(f"{MANIFEST}media-type", "")

    def encryption(_: Attributes) -> None:
        raise encrypted()

    manifest.on("manifest:file-entry", entry)
    manifest.on("manifest:encryption-data", encryption)
    package.parse("META-INF/manifest.xml", manifest)
    for name in package.names():
        if name.startswith(SCRIPTS) and not name.endswith((*NO_SCRIPTS, "/")):
            raise active("macros in the workbook")
    for path, kind in kinds.items():
        document = path.endswith("/") and path != "/" and "opendocument" in kind
        if document and kind != CHART:
            raise active("embedded objects in the workbook")


class _Book:
    """Reads the content of a workbook: its sheets, and what is said of all of them."""

    def __init__(self, written: Written) -> None:
        self.sheets: list[Sheet] = []
        self.filtered: list[str] = []
        self.serials_shift = 0
        self._range = ""
        self._style = ""
        self._hidden: set[str] = set()
        self._exponents: set[str] = set()
        self._exponential: set[str] = set()
        self._depth = 0
        elements = self.elements = Elements(SPACES)
        self._cells = Cells(elements, written, self._exponential)
        for name, what in OUTSIDE.items():
            elements.on(name, _refuse(what))
        elements.on("style:style", self._begin_style)
        elements.on("style:table-properties", self._table_properties)
        elements.on("number:number-style", self._begin_number_style)
        elements.on("number:scientific-number", self._exponent)
        elements.on("table:table", self._begin_sheet, self._end_sheet)
        elements.on("table:database-range", self._begin_range)
        elements.on("table:filter-condition", self._filter)
        elements.on("table:null-date", self._day_0)

    def _begin_style(self, attributes: Attributes) -> None:
        self._style = attributes.get(f"{STYLE}name", "")
        if attributes.get(f"{STYLE}data-style-name") in self._exponents:
            self._exponential.add(self._style)

    def _table_properties(self, attributes: Attributes) -> None:
        if attributes.get(f"{TABLE}display") == "false":
            self._hidden.add(self._style)

    def _begin_number_style(self, attributes: Attributes) -> None:
        self._style = attributes.get(f"{STYLE}name", "")

    def _exponent(self, _: Attributes) -> None:
        self._exponents.add(self._style)

    def _begin_sheet(self, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > 1:
            raise UnfitError("B16", f"sheet {len(self.sheets)} has a table within a cell")
        hidden = attributes.get(f"{TABLE}style-name") in self._hidden
        sheet = Sheet(len(self.sheets) + 1, attributes.get(f"{TABLE}name", ""), hidden=hidden)
        self.sheets.append(sheet)
        self._cells.begin_sheet(sheet)

    def _end_sheet(self) -> None:
        self._depth -= 1

    def _begin_range(self, attributes: Attributes) -> None:
        address = attributes.get(f"{TABLE}target-range-address", "")
        name = address.partition(":")[0].rpartition(".")[0].lstrip("$")
        if name.startswith("'"):
            name = name[1:-1].replace("''", "'")
        self._range = name

    def _filter(self, _: Attributes) -> None:
        self.filtered.append(self._range)

    def _day_0(self, attributes: Attributes) -> None:
        try:
            day_0 = dt.date.fromisoformat(attributes.get(f"{TABLE}date-value", "1899-12-30"))
        except ValueError:
            raise damaged() from None
        self.serials_shift = (day_0 - USUAL_DAY_0).days


def _refuse(what: str) -> Start:
    def found(_: Attributes) -> None:
        raise active(f"{what} in the workbook")

    return found
