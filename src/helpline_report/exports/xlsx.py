"""XLSX workbooks (ECMA-376): their sheets, and the cells of each."""

from __future__ import annotations

import posixpath

from helpline_report.exports.cells import BETWEEN_EPOCHS, Kind, Serials, Written
from helpline_report.exports.number_formats import kind_of
from helpline_report.exports.package import (
    Attributes,
    Elements,
    Package,
    UnfitError,
    active,
    damaged,
)
from helpline_report.exports.sheet import Sheet
from helpline_report.exports.xlsx_cells import MAIN, Runs, Shared, note_filters, sheet_elements

RELATIONS = {"http://schemas.openxmlformats.org/package/2006/relationships": ""}
TYPES = {"http://schemas.openxmlformats.org/package/2006/content-types": ""}
# Of a part's path, what says that a workbook does, fetches or embeds something.
ACTIVE = {
    "vbaproject": "macros (VBA)",
    "xl/macrosheets/": "macros (a macro sheet)",
    "xl/dialogsheets/": "macros (a dialog sheet)",
    "xl/externallinks/": "links to other files or programs",
    "xl/connections.xml": "a connection to other data",
    "xl/querytables/": "a connection to other data",
    "xl/embeddings/": "embedded objects",
    "xl/activex/": "embedded objects (ActiveX)",
    "customui/": "a ribbon of its own",
}
# Of a relation's type, what says the same wherever its part stands.
ACTIVE_TYPES = {
    "/vbaProject": "macros (VBA)",
    "/xlMacrosheet": "macros (a macro sheet)",
    "/xlIntlMacrosheet": "macros (a macro sheet)",
    "/dialogsheet": "macros (a dialog sheet)",
    "/externalLink": "links to other files or programs",
    "/connections": "a connection to other data",
    "/queryTable": "a connection to other data",
    "/oleObject": "embedded objects",
    "/package": "embedded objects",
    "/control": "embedded objects (ActiveX)",
}
TRUE = {"1", "true", "on"}


def read_xlsx(package: Package, written: Written) -> list[Sheet]:
    """The worksheets of a workbook, in the order of its tabs.

    Raises:
        UnfitError: B08, B09, B11, B12.
    """
    _refuse_active(package)
    book = _Book(package, written)
    return [book.sheet(number) for number in book.worksheets()]


def _refuse_active(package: Package) -> None:
    for name in package.names():
        for mark, what in ACTIVE.items():
            if name.startswith(mark) or (mark == "vbaproject" and mark in name):
                raise active(f"{what} in the workbook")
        if name.endswith(".rels"):
            _refuse_relations(package, name)
    types = Elements(TYPES)
    found: list[str] = []
    types.on("Override", lambda attributes: found.append(attributes.get("ContentType", "")))
    types.on("Default", lambda attributes: found.append(attributes.get("ContentType", "")))
    package.parse("[Content_Types].xml", types)
    if any("macroenabled" in kind.casefold() for kind in found):
        raise active("macros (or room for them) in the workbook")
    if any("sheet.binary" in kind.casefold() for kind in found):
        step = "save it as .xlsx, or export the rows as CSV in UTF-8"
        raise UnfitError("B08", "the file is a binary workbook (.xlsb)", next_step=step)


def _refuse_relations(package: Package, name: str) -> None:
    """Refuse what a part relates to outside the workbook, but for links that a reader clicks."""
    for kind, _, mode in _relations(package, name).values():
        what = next((what for end, what in ACTIVE_TYPES.items() if kind.endswith(end)), None)
        if what is None and mode.casefold() == "external" and not kind.endswith("/hyperlink"):
            what = "links to other files or programs"
        if what is not None:
            raise active(f"{what} in the workbook")


def _relations(package: Package, name: str) -> dict[str, tuple[str, str, str]]:
    """The relations of a part: type, target and mode, by their id."""
    found: dict[str, tuple[str, str, str]] = {}
    elements = Elements(RELATIONS)

    def relation(attributes: Attributes) -> None:
        kind, target = attributes.get("Type", ""), attributes.get("Target", "")
        found[attributes.get("Id", "")] = (kind, target, attributes.get("TargetMode", ""))

    elements.on("Relationship", relation)
    package.parse(name, elements)
    return found


def _related(package: Package, part: str, ending: str) -> dict[str, str]:
    """The parts that a part relates to by a type with this ending, by the relation's id."""
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations not in package:
        return {}
    return {
        key: posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        for key, (kind, target, _) in _relations(package, relations).items()
        if kind.endswith(ending)
    }


class _Book:
    """The parts that the sheets of a workbook share."""

    def __init__(self, package: Package, written: Written) -> None:
        self.package = package
        self.since_1904 = False
        self._entries: list[tuple[str, str, str]] = []
        found = list(_related(package, "", "/officeDocument").values())
        if not found:
            raise damaged()
        self.part = found[0]
        self._read_workbook()
        self._parts = _related(package, self.part, "/worksheet")
        serials = Serials(written, since_1904=self.since_1904)
        self.shared = Shared(self._shared_strings(), self._styles(), serials, written)

    def worksheets(self) -> list[int]:
        """The numbers of the tabs that are worksheets, from 1; charts are none."""
        return [at for at, (_, _, key) in enumerate(self._entries, 1) if key in self._parts]

    def sheet(self, number: int) -> Sheet:
        """Read one worksheet."""
        name, state, key = self._entries[number - 1]
        sheet = Sheet(number, name, hidden=state in {"hidden", "veryHidden"})
        sheet.serials_shift = BETWEEN_EPOCHS if self.since_1904 else 0
        part = self._parts[key]
        self.package.parse(part, sheet_elements(sheet, self.shared))
        for table in _related(self.package, part, "/table").values():
            elements = Elements(MAIN)
            note_filters(elements, sheet)
            self.package.parse(table, elements)
        return sheet

    def _read_workbook(self) -> None:
        elements = Elements(MAIN)

        def properties(attributes: Attributes) -> None:
            self.since_1904 = attributes.get("date1904", "0") in TRUE

        def sheet(attributes: Attributes) -> None:
            key = next((value for name, value in attributes.items() if name.endswith(" id")), "")
            name, state = attributes.get("name", ""), attributes.get("state", "visible")
            self._entries.append((name, state, key))

        elements.on("workbookPr", properties)
        elements.on("sheet", sheet)
        self.package.parse(self.part, elements)

    def _shared_strings(self) -> list[str]:
        parts = list(_related(self.package, self.part, "/sharedStrings").values())
        strings: list[str] = []
        if parts:
            elements = Elements(MAIN)
            runs = Runs(elements)
            elements.on("si", runs.begin, lambda: strings.append(runs.whole()))
            self.package.parse(parts[0], elements)
        return strings

    def _styles(self) -> dict[str, Kind]:
        """The kind of a number by the style of its cell."""
        parts = list(_related(self.package, self.part, "/styles").values())
        if not parts:
            return {}
        elements = Elements(MAIN)
        codes: dict[int, str] = {}
        formats: list[int] = []
        within: list[bool] = []

        def number_format(attributes: Attributes) -> None:
            # The formats of cells come before those of conditional formatting.
            codes.setdefault(int(attributes["numFmtId"]), attributes.get("formatCode", ""))

        def style(attributes: Attributes) -> None:
            if within:
                formats.append(int(attributes.get("numFmtId", "0")))

        elements.on("numFmt", number_format)
        elements.on("cellXfs", lambda _: within.append(True), within.clear)
        elements.on("xf", style)
        self.package.parse(parts[0], elements)
        return {str(at): kind_of(one, codes.get(one)) for at, one in enumerate(formats)}
