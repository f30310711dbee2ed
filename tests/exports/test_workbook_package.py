"""A file that is no workbook, is damaged, too large or active is refused before it is read."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from string import ascii_uppercase

import pytest

from helpline_report.exports.faults import FaultError, Findings
from helpline_report.exports.workbook_package import open_package
from helpline_report.exports.workbooks import open_sheets
from tests.exports.conftest import texts, told
from tests.exports.workbook_files import (
    CONTENT,
    DAY,
    HEADER,
    MANIFEST,
    MIMETYPE,
    Raw,
    changed,
    edited,
    ods,
    ods_cell,
    ods_row,
    read,
    xlsx,
    xlsx_of,
)

# A file that is no workbook, is damaged, too large or active is refused before it is read

ROWS = [HEADER, ["k", DAY, "x"]]
XLSX, ODS = xlsx(ROWS), ods(ROWS)
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
RESAVE = "export the rows again as .xlsx, as .ods, or as CSV in UTF-8"
PLAIN = "expected values only → save it as a plain workbook that holds nothing but the rows"
AGAIN = "copy or export the file again"
ALONE = "export the rows alone, or as CSV in UTF-8"
SHEET, BOOK, TYPES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"


def _told(raw: bytes, folder: Path, name: str) -> list[str]:
    return [text.replace(name, "FILE") for text in told(read(raw, folder, name))]


# ---- B08: what a file is ----


MARKUP = b"<?xml version='1.0'?><Workbook/>"


@pytest.mark.parametrize(
    ("name", "raw", "what", "step"),
    [
        ("a.xlsx", ODS, "an ODS workbook; expected an XLSX workbook", "name it .ods"),
        ("a.ods", XLSX, "an XLSX workbook; expected an ODS workbook", "name it .xlsx"),
        ("a.xls", XLSX, "an XLSX workbook; expected an old workbook", "name it .xlsx"),
        ("a.xlsx", b"nr;day\n", "text; expected an XLSX workbook", "name it .csv"),
        ("a.XLS", b"\n <HTML><table>", "a web page; expected an old workbook", RESAVE),
        ("a.xls", MARKUP, "an XML document; expected an old workbook", RESAVE),
        ("a.ods", b"%PDF-1.7", "a PDF; expected an ODS workbook", RESAVE),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    tmp_path: Path, name: str, raw: bytes, what: str, step: str
) -> None:
    """B08: by its first bytes; renaming a file converts nothing."""
    assert _told(raw, tmp_path, name) == [
        f"[B08] FILE: the file is {what}, as its name says → {step}"
    ]


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx"])
def test_an_old_workbook_is_refused(tmp_path: Path, name: str) -> None:
    """B08: whatever it is called; its kind of file holds anything."""
    raw = OLE2 + "Workbook".encode("utf-16-le")
    told_ = f"[B08] FILE: the file is an old workbook (.xls) → {RESAVE}"
    assert _told(raw, tmp_path, name) == [told_]


OPEN = "save it without a password, in a folder that only those who need it can read"
ENTRY = '<manifest:encryption-data manifest:checksum="x"/>'
ENCRYPTED = MANIFEST.format(entry=ENTRY, entries="")


def _with_password_flag(raw: bytes) -> bytes:
    """The same zip, whose parts say that they are encrypted."""
    raw = bytearray(raw)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(signature)
        while at >= 0:
            raw[at + flags] |= 1
            at = raw.find(signature, at + 1)
    return bytes(raw)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.xlsx", OLE2 + "EncryptedPackage".encode("utf-16-le")),
        ("a.xlsx", _with_password_flag(XLSX)),
        (
            "a.ods",
            changed(ODS, {"META-INF/manifest.xml": ENCRYPTED, "content.xml": b"\x93\x12x"}),
        ),
    ],
)
def test_an_encrypted_workbook_is_refused(tmp_path: Path, name: str, raw: bytes) -> None:
    """B08: an encrypted XLSX begins like an old workbook; an encrypted ODS has readable parts."""
    assert _told(raw, tmp_path, name) == [f"[B08] FILE: the file is an encrypted workbook → {OPEN}"]


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({TYPES: None}, f"a zip archive and no workbook → {RESAVE}"),
        ({"xl/workbook.bin": b""}, f"a binary workbook (.xlsb) → {RESAVE}"),
    ],
)
def test_a_zip_that_holds_something_else_is_refused(
    tmp_path: Path, parts: dict[str, bytes | None], what: str
) -> None:
    """B08: a text document and a folder of files are zips too."""
    raw = changed(XLSX, parts)
    assert _told(raw, tmp_path, "a.xlsx") == [f"[B08] FILE: the file is {what}"]


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods", "a.xls"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    """B07: whatever it is called."""
    assert _told(b"", tmp_path, name) == [f"[B07] FILE: the file is empty → {RESAVE}"]


# ---- B09: whole ----


def _zipped(parts: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts:
            package.writestr(name, content)
    return buffer.getvalue()


def test_another_way_of_packing_is_refused(tmp_path: Path) -> None:
    """B09: a spreadsheet stores or deflates; other ways may unpack to anything."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as package:
        package.writestr(TYPES, "<Types/>")
    assert _told(buffer.getvalue(), tmp_path, "a.xlsx") == [
        f"[B09] FILE: the workbook is packed in a way that no spreadsheet knows → {AGAIN}"
    ]


def _damaged_within(raw: bytes) -> bytes:
    """The same zip with another byte in the middle of its sheet."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        at = package.getinfo(SHEET).header_offset + 30 + len(SHEET) + 40
    return raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :]


def _declared_smaller(raw: bytes) -> bytes:
    """The same zip, whose directory says that its sheet is ten bytes long."""
    at = raw.rindex(SHEET.encode())
    return raw[: at - 22] + struct.pack("<L", 10) + raw[at - 18 :]


DAMAGED = f"[B09] FILE: the workbook is damaged or cut off → {AGAIN}"


@pytest.mark.parametrize(
    "raw",
    [
        XLSX[: len(XLSX) // 2],
        XLSX[:-10],
        _damaged_within(XLSX),
        _declared_smaller(XLSX),
        changed(XLSX, {SHEET: "<worksheet>"}),
        changed(XLSX, {SHEET: b"\xff\xfe"}),
        changed(XLSX, {"xl/styles.xml": "x"}),
        changed(XLSX, {"_rels/.rels": '<Relationships xmlns="x"/>'}),
        xlsx_of('<row><c t="s"><v>9</v></c></row>'),
        xlsx_of('<row><c t="s"><v>x</v></c></row>'),
        xlsx_of('<row><c t="odd"><v>x</v></c></row>'),
        xlsx_of('<row r="x"/>'),
        xlsx_of('<row><c r="1A"/></row>'),
        xlsx_of('<row><c r="AAAA1"/></row>'),
        xlsx_of("<row/>", rest='<mergeCells><mergeCell ref="A"/></mergeCells>'),
    ],
)
def test_a_damaged_workbook_is_refused(tmp_path: Path, raw: bytes) -> None:
    """B09: cut off, another byte, a size that isn't so, a part that is none."""
    assert _told(raw, tmp_path, "a.xlsx") == [DAMAGED]


MISSING = f"[B09] FILE: a part of the workbook is missing → {AGAIN}"


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (changed(ODS, {"content.xml": None}), MISSING),
        (changed(ODS, {"META-INF/manifest.xml": None}), MISSING),
        (edited(ODS, "content.xml", "</office:body>", ""), DAMAGED),
        (ods([[Raw('<table:table-cell table:number-columns-repeated="x"/>')]]), DAMAGED),
    ],
)
def test_a_damaged_ods_is_refused(tmp_path: Path, raw: bytes, what: str) -> None:
    """B09: a part that is missing or broken."""
    assert _told(raw, tmp_path, "a.ods") == [what]


TWICE = '<c r="A1" t="str"><v>a</v></c>'


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (
            xlsx_of(f"<row>{TWICE}{TWICE}</row>"),
            "the workbook is damaged: a cell stands in it twice",
        ),
        (xlsx_of('<row r="2"/><row r="2"/>'), "the workbook is damaged: a row stands in it twice"),
        (
            _zipped([(TYPES, b""), (TYPES.lower(), b"")]),
            "the workbook holds a part twice",
        ),
    ],
)
def test_what_stands_twice_is_refused(tmp_path: Path, raw: bytes, what: str) -> None:
    """B09: programs differ in which of the two they read."""
    assert _told(raw, tmp_path, "a.xlsx") == [f"[B09] FILE: {what} → {AGAIN}"]


# ---- B11: size ----


def _refused(raw: bytes) -> str:
    findings = Findings("a.xlsx")
    assert open_sheets(raw, findings) is None
    return str(findings.problems[0]).replace("\n  → ", " → ")


def test_a_workbook_of_too_many_bytes_is_refused() -> None:
    """B11: by what its directory declares, before anything is unpacked."""
    with pytest.raises(FaultError, match="B11 inflated"):
        open_package(_zipped([("a", bytes(2**20)), ("b", b"1")]), inflated=2**20)


def test_a_workbook_of_too_many_parts_is_refused() -> None:
    """B11: a part costs, however small it is."""
    with pytest.raises(FaultError, match="B11 parts"):
        open_package(_zipped([(name, b"") for name in "abc"]), parts=2)


def test_a_bomb_is_refused() -> None:
    """B11: what shrank to a thousandth holds nothing that anybody registered."""
    raw = _zipped([(TYPES, bytes(2**25))])
    assert len(raw) < 2**18
    assert _refused(raw) == (
        f"[B11] a.xlsx: unpacked, the workbook is more than 250 times as large → {ALONE}"
    )


SPACE = '<text:s text:c="65000"/>'
SPACES = Raw(ods_cell("1").replace(">1<", f">{SPACE}{SPACE}<"))
LETTERS = [first + second for first in "ABC" for second in ascii_uppercase]
LAST = "".join(f'<c r="{letters}1048576" t="b"><v>1</v></c>' for letters in LETTERS)
END = 'table:number-columns-repeated="16384"'


@pytest.mark.parametrize(
    ("name", "raw", "what"),
    [
        (
            "a.ods",
            ods([ods_row([Raw(ods_cell("x", END))], 'table:number-rows-repeated="1048576"')]),
            "sheet 1 holds more cells than an export does",
        ),
        (
            "a.ods",
            ods(["<table:table-row table:number-rows-repeated='9999999999'/>", ["x"]]),
            "sheet 1 has more than 1048576 rows",
        ),
        (
            "a.ods",
            ods([[Raw(ods_cell(None, END)), "x"]]),
            "sheet 1 has more than 16384 columns",
        ),
        ("a.ods", ods([[SPACES]]), "a cell holds more text than a cell can"),
        (
            "a.xlsx",
            xlsx_of('<row r="1048577"><c><v>1</v></c></row>'),
            "sheet 1 has more than 1048576 rows",
        ),
        (
            "a.xlsx",
            xlsx_of(f'<row r="1048576">{LAST}</row>'),
            "sheet 1 holds more cells than an export does",
        ),
    ],
)
def test_a_sheet_that_unfolds_is_refused(tmp_path: Path, name: str, raw: bytes, what: str) -> None:
    """B11: a few bytes that say 'and so on' to the end of the sheet."""
    assert _told(raw, tmp_path, name) == [f"[B11] FILE: {what} → {ALONE}"]


def test_a_cell_of_megabytes_is_refused(tmp_path: Path) -> None:
    """B11: no cell holds more than 32 767 characters; it is seen while it is read."""
    raw = xlsx_of(f'<row><c t="str"><v>{"ab" * 2**22}</v></c></row>')
    assert _told(raw, tmp_path, "a.xlsx") == [
        f"[B11] FILE: a cell holds more text than a cell can → {ALONE}"
    ]


@pytest.mark.parametrize(
    ("name", "raw", "part"), [("a.xlsx", XLSX, SHEET), ("a.ods", ODS, "content.xml")]
)
def test_a_workbook_that_is_nested_without_end_is_refused(
    tmp_path: Path, name: str, raw: bytes, part: str
) -> None:
    """B11: each level costs; it is seen while it is read."""
    deep = changed(raw, {part: b"<a>" * 2_000_000})
    what = "the workbook is nested deeper than any that a spreadsheet writes"
    assert _told(deep, tmp_path, name) == [f"[B11] FILE: {what} → {ALONE}"]


def test_the_sheets_of_a_workbook_are_lists_of_rows() -> None:
    """Of every sheet, hidden or not: its number, its name, and its rows as texts."""
    findings = Findings("a.ods")
    sheets = open_sheets(ods(ROWS), findings, decimal=",")
    assert sheets is not None
    assert [(sheet.number, sheet.name, sheet.rows()) for sheet in sheets] == [
        (1, "Sheet1", [HEADER, ["k", "2017-03-02", "x"]])
    ]


def test_an_ods_is_told_by_its_first_part(tmp_path: Path) -> None:
    """A part that says so further on would let one file be read as two."""
    raw = changed(XLSX, {"mimetype": MIMETYPE})
    assert _told(raw, tmp_path, "a.xlsx") == [
        f"[B09] FILE: a part of the workbook is missing → {AGAIN}"
    ]


# A workbook that does, fetches or embeds something is refused before it is read (B12)

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
        "[B16] FILE: sheet 1 has a table within a cell → split the table into cells of the sheet"
    ]
