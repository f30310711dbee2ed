"""A workbook that does, fetches or embeds something is refused before it is read (B12)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exports.workbook_files import (
    CONTENT,
    DAY,
    HEADER,
    MANIFEST,
    Raw,
    changed,
    edited,
    ods,
    ods_cell,
    read,
    texts,
    told,
    xlsx,
)

ROWS = [HEADER, ["k", DAY, "x"]]
XLSX, ODS = xlsx(ROWS), ods(ROWS)
PLAIN = "expected values only\n  → save it as a plain workbook that holds nothing but the rows"
SHEET, BOOK, TYPES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"


def _told(raw: bytes, folder: Path, name: str) -> list[str]:
    return [text.replace(name, "FILE") for text in told(read(raw, folder, name))]


DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]>'
RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="x" Type="http://x/{kind}" Target="http://127.0.0.1/a" '
    'TargetMode="External"/></Relationships>'
)
PARTS = [
    ({"xl/vbaProject.bin": b"x"}, "macros (VBA)"),
    ({"XL/VBAPROJECT.BIN": b"x"}, "macros (VBA)"),
    ({"xl/macrosheets/sheet1.xml": "<a/>"}, "macros (a macro sheet)"),
    ({"xl/dialogsheets/sheet1.xml": "<a/>"}, "macros (a dialog sheet)"),
    ({"xl/externalLinks/externalLink1.xml": "<a/>"}, "links to other files or programs"),
    ({"xl/connections.xml": "<a/>"}, "a connection to other data"),
    ({"xl/queryTables/queryTable1.xml": "<a/>"}, "a connection to other data"),
    ({"xl/embeddings/oleObject1.bin": b"x"}, "embedded objects"),
    ({"xl/activeX/activeX1.xml": "<a/>"}, "embedded objects (ActiveX)"),
    ({"customUI/customUI.xml": "<a/>"}, "a ribbon of its own"),
    (
        {"xl/worksheets/_rels/sheet1.xml.rels": RELATION.format(kind="image")},
        "links to other files or programs",
    ),
    ({"a/_rels/b.rels": RELATION.format(kind="oleObject")}, "embedded objects"),
    ({"xl\\embeddings\\a.bin": b"x"}, "embedded objects"),
]


@pytest.mark.parametrize(("parts", "what"), PARTS)
def test_an_active_part_is_refused(
    tmp_path: Path, parts: dict[str, str | bytes], what: str
) -> None:
    """B12: macros, links, connections and embedded objects, by the parts that hold them."""
    assert _told(changed(XLSX, parts), tmp_path, "a.xlsx") == [
        f"[B12] FILE: {what} in the workbook; {PLAIN}"
    ]


def test_a_workbook_for_macros_is_refused(tmp_path: Path) -> None:
    """B12: also where it holds none."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macros = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    assert _told(edited(XLSX, TYPES, kind, macros), tmp_path, "a.xlsm") == [
        f"[B12] FILE: macros (or room for them) in the workbook; {PLAIN}"
    ]


def test_a_link_that_a_reader_clicks_is_accepted(tmp_path: Path) -> None:
    """B12: a spreadsheet makes one of each address; it changes no value."""
    part = {"xl/worksheets/_rels/sheet1.xml.rels": RELATION.format(kind="hyperlink")}
    assert len(texts(read(changed(XLSX, part), tmp_path, "a.xlsx"))) == 1


@pytest.mark.parametrize("part", [SHEET, BOOK, "xl/styles.xml", "docProps/app.xml", "x/y.rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_every_part(tmp_path: Path, part: str, encoding: str) -> None:
    """B12: also in a part that nobody reads, and in an encoding that hides its letters."""
    text = f'<?xml version="1.0" encoding="{encoding}"?>{DOCTYPE}<a>&b;</a>'
    assert _told(changed(XLSX, {part: text.encode(encoding)}), tmp_path, "a.xlsx") == [
        f"[B12] FILE: a document type declaration (DOCTYPE) in the workbook; {PLAIN}"
    ]


def _entry(path: str, kind: str) -> bytes:
    entry = f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
    return changed(ODS, {"META-INF/manifest.xml": MANIFEST.format(entry="", entries=entry)})


DOCUMENT = "application/vnd.oasis.opendocument."
LISTENER = "<office:scripts><script:event-listener/></office:scripts>"
OUTSIDE = "table:formula=\"of:=['file:///a.ods'#$A.A1]\""
DDE, OLE = 'table:formula="of:=DDE(1;2;3)"', "<draw:frame><draw:object-ole/></draw:frame>"
DRAWN = "text drawn over a cell"
FILES, PROGRAMS = "links to other files", "links to other programs"


def _cell(inside: str) -> bytes:
    return ods([HEADER, [Raw(f"<table:table-cell>{inside}</table:table-cell>")]])


ACTIVE_ODS = [
    (changed(ODS, {"content.xml": DOCTYPE + CONTENT}), "a document type declaration (DOCTYPE)"),
    (changed(ODS, {"Basic/Standard/Module1.xml": "<a/>"}), "macros"),
    (changed(ODS, {"Scripts/python/a.py": "x"}), "macros"),
    (edited(ODS, "content.xml", "<office:scripts/>", LISTENER), "macros"),
    (ods(ROWS, after="<table:dde-links><table:dde-link/></table:dde-links>"), f"{PROGRAMS} (DDE)"),
    (ods([HEADER, "<table:table-source/>"]), FILES),
    (_cell("<table:cell-range-source/>"), FILES),
    (_cell(OLE), "embedded objects"),
    (_cell("<draw:frame><draw:text-box><text:p>m</text:p></draw:text-box></draw:frame>"), DRAWN),
    (_entry("Object 1/", f"{DOCUMENT}spreadsheet"), "embedded objects"),
    (ods([HEADER, [Raw(ods_cell(1, OUTSIDE))]]), f"{FILES} or programs"),
    (ods([HEADER, [Raw(ods_cell(1, DDE))]]), f"{FILES} or programs"),
]


@pytest.mark.parametrize(("raw", "what"), ACTIVE_ODS)
def test_an_active_ods_is_refused(tmp_path: Path, raw: bytes, what: str) -> None:
    """B12: macros, links, DDE and embedded objects."""
    assert _told(raw, tmp_path, "a.ods") == [f"[B12] FILE: {what} in the workbook; {PLAIN}"]


def test_a_chart_and_an_empty_library_are_accepted(tmp_path: Path) -> None:
    """B12: what an office program writes beside the rows of itself does nothing."""
    assert len(texts(read(_entry("Object 1/", f"{DOCUMENT}chart"), tmp_path, "a.ods"))) == 1
    raw = changed(ODS, {"Basic/script-lc.xml": "<a/>", "Basic/Standard/script-lb.xml": "<a/>"})
    assert len(texts(read(raw, tmp_path, "a.ods"))) == 1


def test_a_table_within_a_cell_is_refused(tmp_path: Path) -> None:
    """B16: OpenDocument allows it, and its rows would stand among those of the sheet."""
    cell = Raw('<table:table-cell><table:table table:is-sub-table="true"/></table:table-cell>')
    assert _told(ods([[cell]]), tmp_path, "a.ods") == [
        "[B16] FILE: sheet 1 has a table within a cell\n  → split the table into cells of the sheet"
    ]
