"""Workbooks of tests: XLSX written by openpyxl, ODS written by hand, and changes to their parts."""

import copy
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from helpline_report.exports.export_files import Export, check_cells, read_export
from helpline_report.parameters.row_layouts import RowFile

Rows = Iterable[Sequence[object]]
HEADER = ["nr", "day", "channel"]
DAY = dt.date(2017, 3, 2)
CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"
 xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
 office:version="1.3"><office:scripts/><office:automatic-styles>{styles}</office:automatic-styles>
<office:body><office:spreadsheet>{before}{tables}{after}</office:spreadsheet></office:body>
</office:document-content>"""
MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/"
 manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{entry}
</manifest:file-entry>{entries}</manifest:manifest>"""
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def xlsx(rows: Rows, change: Callable[[Worksheet], object] | None = None) -> bytes:
    """A workbook of one sheet, changed by `change` before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    if change is not None:
        change(sheet)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xlsx_of(sheet_data: str, *, strings: str = "", rest: str = "", before: str = "") -> bytes:
    """A workbook whose only sheet has this XML for its rows, `before` them and after (`rest`)."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    part = f"<worksheet {space}>{before}<sheetData>{sheet_data}</sheetData>{rest}</worksheet>"
    shared = f"<sst {space}>{strings}</sst>"
    raw = changed(xlsx([]), {"xl/worksheets/sheet1.xml": part, "xl/sharedStrings.xml": shared})
    if not strings:
        return raw
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Type="{kind}" Target="sharedStrings.xml" Id="strings"/>'
    end = "</Relationships>"
    return edited(raw, "xl/_rels/workbook.xml.rels", end, relation + end)


def ods(
    rows: Rows = (),
    *,
    tables: str = "",
    styles: str = "",
    before: str = "",
    after: str = "",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """An ODS workbook of one sheet with these rows, or of these tables."""
    tables = tables or ods_table(rows)
    content = CONTENT.format(styles=styles, before=before, tables=tables, after=after)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", MANIFEST.format(entry="", entries=""))
    return changed(buffer.getvalue(), parts or {})


def ods_table(rows: Rows, *, name: str = "Sheet1", attributes: str = "", columns: str = "") -> str:
    """The XML of one sheet; a row may be XML already."""
    body = "".join(row if isinstance(row, str) else ods_row(row) for row in rows)
    return f'<table:table table:name="{name}" {attributes}>{columns}{body}</table:table>'


def ods_row(cells: Sequence[object], attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(map(ods_cell, cells))}</table:table-row>"


def ods_cell(value: object, attributes: str = "") -> str:
    """The XML of one cell, by the type of its value; XML in a `Raw` stands as it is."""
    kind, text = "", ""
    match value:
        case Raw():
            return value
        case bool():
            kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
        case str():
            kind, text = 'office:value-type="string"', _paragraphs(value)
        case int() | float():
            kind = f'office:value-type="float" office:value="{value!r}"'
        case dt.date():
            kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        case dt.time():
            duration = value.strftime("PT%HH%MM%SS")
            kind = f'office:value-type="time" office:time-value="{duration}"'
    return f"<table:table-cell {kind} {attributes}>{text}</table:table-cell>"


class Raw(str):
    """XML of a cell."""

    __slots__ = ()


def _paragraphs(text: str) -> str:
    lines = (escape(line).replace(" ", "<text:s/>") for line in text.split("\n"))
    return "".join(f"<text:p>{line}</text:p>" for line in lines)


def changed(raw: bytes, parts: Mapping[str, str | bytes | None]) -> bytes:
    """A workbook with some of its parts others, added or, where None, left out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            if info.filename not in parts:
                new.writestr(info, old.read(info), info.compress_type)
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def edited(raw: bytes, part: str, old: str, new: str) -> bytes:
    """A workbook with a text in one of its parts replaced, which must stand there."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        content = package.read(part).decode()
    assert old in content
    return changed(raw, {part: content.replace(old, new)})


LAYOUT = {
    "name": "contacts.csv",
    "delimiter": ";",
    "dates": "dd/mm/yyyy",
    "numbers": {"thousands": ".", "decimal": ","},
    "tables": {
        "contacts": {
            "key": "nr",
            "columns": {
                "day": {"field": "date", "kind": "date"},
                "channel": {"field": "channel", "codes": {"Telefoon": "phone"}},
            },
        }
    },
    "ignored": {"remark": "free text"},
}
HOUR = {"hour": {"field": "hour", "kind": "time", "blank": "unknown"}}
AGE = {"age": {"field": "age", "kind": "integer", "from": 0, "to": 110, "outside": "refuse"}}


def layout(columns: Mapping[str, object] | None = None, **changes: object) -> RowFile:
    """A layout that expects `nr` (the key), `day`, `channel` and more columns, less `remark`.

    An age is one of the person in the same row.
    """
    document: dict[str, Any] = copy.deepcopy(LAYOUT) | changes
    tables = document["tables"]
    ages = {name: column for name, column in (columns or {}).items() if name in AGE}
    others = {name: column for name, column in (columns or {}).items() if name not in AGE}
    tables["contacts"]["columns"] |= others
    if ages:
        tables["persons"] = {"key": "row", "parent": "row", "columns": ages}
    return RowFile.model_validate(document)


def read(raw: bytes, folder: Path, name: str, file: RowFile | None = None) -> Export:
    """Read a workbook under a name, which is what messages call it."""
    path = folder / name
    path.write_bytes(raw)
    file = file or layout()
    return check_cells(read_export(path, name, file))


WRITERS: list[tuple[Callable[[Rows], bytes], str]] = [
    (xlsx, "contacts.xlsx"),
    (ods, "contacts.ods"),
]
"""Both kinds of workbook: how one is written from rows, and its name."""
