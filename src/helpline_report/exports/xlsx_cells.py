"""The part of an XLSX workbook that is one worksheet: its cells, merged, hidden and filtered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpline_report.exports.cells import (
    NO_CELL,
    NO_VALUE,
    Cell,
    Kind,
    Serials,
    Written,
    iso_cell,
)
from helpline_report.exports.package import Attributes, Elements, damaged, too_large
from helpline_report.exports.sheet import ROWS, Area, Sheet, column_number

MAIN = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "",
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "",
}
ESCAPED = re.compile(r"_x(?!0000)([0-9A-Fa-f]{4})_")
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
SPACE = "http://www.w3.org/XML/1998/namespace space"
DIGITS = "0123456789"
TRUE = {"1", "true"}
CRITERIA = ("filters", "customFilters", "dynamicFilter", "top10", "colorFilter", "iconFilter")


@dataclass(frozen=True)
class Shared:
    """What the sheets of a workbook share: texts, the kind of a number by its style, dates."""

    strings: Sequence[str]
    kinds: Mapping[str, Kind]
    serials: Serials
    written: Written


def unescaped(text: str) -> str:
    """A text without the escapes of control characters; a newline is one character."""
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        # Half a character is escaped by itself; without its other half it is none.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


class Runs:
    """A text of one or several runs; how it is pronounced is no part of it.

    Spaces around a run are of the text only where it says that they are.
    """

    def __init__(self, elements: Elements) -> None:
        self._elements = elements
        self._runs: list[str] = []
        self._spoken = False
        self._kept = False
        elements.on("t", self._begin_run, self._run)
        elements.on("rPh", self._speak, self._hush)

    def begin(self, _: Attributes | None = None) -> None:
        """Begin a text."""
        self._runs.clear()

    def whole(self) -> str:
        """The text since it began."""
        return unescaped("".join(self._runs))

    def _begin_run(self, attributes: Attributes) -> None:
        self._kept = attributes.get(SPACE) == "preserve"

    def _run(self) -> None:
        if self._spoken:
            return
        text = "".join(self._elements.text)
        self._runs.append(text if self._kept else text.strip(" \t\r\n"))

    def _speak(self, _: Attributes) -> None:
        self._spoken = True

    def _hush(self) -> None:
        self._spoken = False


def note_filters(elements: Elements, sheet: Sheet) -> None:
    """Note a filter that has criteria; the buttons of one that has none hide nothing."""

    def criterion(_: Attributes) -> None:
        sheet.filtered = True

    for name in CRITERIA:
        elements.on(name, criterion)


def sheet_elements(sheet: Sheet, shared: Shared) -> Elements:
    """What puts the cells of a worksheet's part into `sheet`."""
    elements = Elements(MAIN)
    note_filters(elements, sheet)
    elements.on("sheetPr", lambda attributes: _properties(attributes, sheet))
    elements.on("col", lambda attributes: _column(attributes, sheet))
    elements.on("mergeCell", lambda attributes: sheet.merged.append(_area(attributes["ref"])))
    cells = _Cells(sheet, shared, elements)
    elements.on("row", cells.row)
    elements.on("c", cells.begin, cells.end)
    elements.on("f", cells.formula)
    elements.on("v", None, cells.value)
    return elements


def _properties(attributes: Attributes, sheet: Sheet) -> None:
    sheet.filtered |= attributes.get("filterMode", "0") in TRUE


def _column(attributes: Attributes, sheet: Sheet) -> None:
    if attributes.get("hidden", "0") in TRUE or float(attributes.get("width", "1")) == 0:
        sheet.hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))


def _area(reference: str) -> Area:
    first, _, last = reference.replace("$", "").partition(":")
    start, end = REFERENCE.fullmatch(first), REFERENCE.fullmatch(last or first)
    if start is None or end is None:
        raise damaged()
    left, right = column_number(start[1]), column_number(end[1])
    return Area(int(start[2]), left, int(end[2]), right)


class _Cells:
    """Takes the cells of a sheet one after another.

    Rows and cells may leave out where they stand: then it is after the one before.
    """

    def __init__(self, sheet: Sheet, shared: Shared, elements: Elements) -> None:
        self._sheet = sheet
        self._shared = shared
        self._text = elements.text
        self._inline = Runs(elements)
        self._letters: dict[str, int] = {}
        self._row = 0
        self._column = -1
        self._type = ""
        self._style = ""
        self._raw: str | None = None
        self._is_formula = False

    def row(self, attributes: Attributes) -> None:
        """Begin a row."""
        number = int(attributes["r"]) if "r" in attributes else self._row + 1
        if number <= self._row:
            raise damaged("the workbook is damaged: a row stands in it twice")
        if number > ROWS:
            raise too_large(f"sheet {self._sheet.number} has more than {ROWS} rows")
        self._row, self._column = number, -1
        if attributes.get("hidden", "0") in TRUE or float(attributes.get("ht", "1")) == 0:
            self._sheet.hidden_rows.append((number, number))

    def begin(self, attributes: Attributes) -> None:
        """Begin a cell."""
        get = attributes.get
        reference = get("r")
        column = self._column + 1 if reference is None else self._place(reference)
        if column <= self._column:
            raise damaged("the workbook is damaged: a cell stands in it twice")
        self._column = column
        self._type, self._style = get("t", "n"), get("s", "0")
        self._raw, self._is_formula = None, False
        self._inline.begin()

    def _place(self, reference: str) -> int:
        letters = reference.rstrip(DIGITS)
        column = self._letters.get(letters)
        if column is None:
            column = self._letters[letters] = column_number(letters)
        return column

    def formula(self, _: Attributes) -> None:
        """The cell holds a formula."""
        self._is_formula = True

    def value(self) -> None:
        """The cell's stored value ends."""
        self._raw = "".join(self._text)

    def end(self) -> None:
        """End a cell."""
        self._sheet.put(self._row, self._column, self._cell())

    def _cell(self) -> Cell:
        raw, kind = self._raw, self._type
        if kind == "inlineStr":
            return self._inline.whole(), Kind.TEXT
        if kind == "str" and raw is not None:
            return unescaped(raw), Kind.TEXT
        if not raw:
            return NO_VALUE if self._is_formula else NO_CELL
        match kind:
            case "s":
                place = int(raw)
                if not 0 <= place < len(self._shared.strings):
                    raise damaged()
                return self._shared.strings[place], Kind.TEXT
            case "n":
                shown = self._shared.kinds.get(self._style, Kind.NUMBER)
                return self._shared.serials.cell(raw, shown)
            case "b":
                return ("TRUE" if raw.strip() in TRUE else "FALSE"), Kind.BOOLEAN
            case "e":
                return raw, Kind.ERROR
            case "d":
                return iso_cell(raw, self._shared.written)
        raise damaged()
