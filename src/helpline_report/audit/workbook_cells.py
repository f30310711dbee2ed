"""Read the cells of a workbook: its sheets, texts, numbers, their formats, links and foot lines."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

from lxml import etree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
TITLE = "{http://purl.org/dc/elements/1.1/}title"
# A format that no workbook needs to define, by the number that stands for it.
BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    37: "(#,##0_);(#,##0)",
    49: "@",
}
# A character that XML can't hold, as a workbook writes it.
ESCAPED = re.compile(r"_x([0-9A-F]{4})_")


class SpreadsheetCell(NamedTuple):
    """A cell: its column from 0, and its text, or its number and how that is written.

    A link to another place of the workbook has a `target`.
    """

    column: int
    text: str
    number: float | None = None
    format: str = ""
    target: str = ""


class WorkbookSheet(NamedTuple):
    """A sheet: its name, its foot line in print, and the cells of each row that has any."""

    name: str
    foot: str
    rows: Sequence[Sequence[SpreadsheetCell]]


class WorkbookContent(NamedTuple):
    """A workbook: its title, and its sheets in their order."""

    title: str
    sheets: Sequence[WorkbookSheet]


def read_workbook_cells(path: Path) -> WorkbookContent:
    """What a workbook holds, as a spreadsheet would show it.

    Raises:
        Exception: of `zipfile` or `lxml`, or a KeyError, where it is damaged.
    """
    with ZipFile(path) as archive:

        def parse(name: str) -> etree._Element:
            return etree.fromstring(archive.read(name))

        strings = "xl/sharedStrings.xml"
        has_strings = strings in archive.namelist()
        texts = [_read_text(item) for item in parse(strings)] if has_strings else []
        formats = _list_formats(parse("xl/styles.xml"))
        links = {item.get("Id"): item.get("Target") for item in parse("xl/_rels/workbook.xml.rels")}
        sheets = []
        for sheet in parse("xl/workbook.xml").iterfind(f"{MAIN}sheets/{MAIN}sheet"):
            content = parse(_find_part(str(links[sheet.get(RELATION)])))
            foot = content.findtext(f"{MAIN}headerFooter/{MAIN}oddFooter", "")
            targets = {
                link.get("ref"): str(link.get("location"))
                for link in content.iterfind(f"{MAIN}hyperlinks/{MAIN}hyperlink")
            }
            rows = [*_read_rows(content, texts, formats, targets)]
            sheets.append(WorkbookSheet(str(sheet.get("name")), foot, rows))
        title = parse("docProps/core.xml").findtext(TITLE, "")
    return WorkbookContent(title, sheets)


def _find_part(target: str) -> str:
    """The name of a part of a workbook that a relation leads to."""
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _read_text(item: etree._Element) -> str:
    text = "".join(each.text or "" for each in item.iter(f"{MAIN}t"))
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _list_formats(styles: etree._Element) -> list[str]:
    """How each style of cells writes its numbers."""
    own = {
        int(item.get("numFmtId", "0")): str(item.get("formatCode"))
        for item in styles.iterfind(f"{MAIN}numFmts/{MAIN}numFmt")
    }
    numbers = [
        int(item.get("numFmtId", "0")) for item in styles.iterfind(f"{MAIN}cellXfs/{MAIN}xf")
    ]
    return [own.get(number) or BUILT_IN.get(number, f"format {number}") for number in numbers]


def _read_rows(
    sheet: etree._Element,
    texts: Sequence[str],
    formats: Sequence[str],
    targets: Mapping[str | None, str],
) -> Iterator[Sequence[SpreadsheetCell]]:
    columns: dict[str, int] = {}
    for row in sheet.iterfind(f"{MAIN}sheetData/{MAIN}row"):
        cells = []
        for cell in row:
            place, kind = str(cell.get("r")), cell.get("t", "n")
            letters, target = place.rstrip("0123456789"), targets.get(place, "")
            column = columns.get(letters, -1)
            if column < 0:
                column = columns[letters] = _count_column(letters)
            # A cell of a formula has that before its value.
            value = cell[0].text if len(cell) == 1 else None
            if kind == "s":
                cells.append(SpreadsheetCell(column, texts[int(value or "")], target=target))
            elif kind == "inlineStr":
                cells.append(SpreadsheetCell(column, _read_text(cell), target=target))
            elif kind == "n" and value is not None:
                style = formats[int(cell.get("s", "0"))]
                cells.append(SpreadsheetCell(column, value, float(value), style, target))
            else:
                # Nothing, or a kind of cell that no sheet of an edition has.
                stands = "".join(each.tag.removeprefix(MAIN) for each in cell)
                cells.append(SpreadsheetCell(column, stands, target=target))
        if cells:
            yield cells


def _count_column(letters: str) -> int:
    """The number of a column from 0: 27 of 'AB'."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
