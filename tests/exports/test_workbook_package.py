"""A file that is no workbook, is damaged, too large or active is refused before it is read."""

import io
import struct
import zipfile
from pathlib import Path
from string import ascii_uppercase

import pytest

from helpline_report.exports.faults import FaultError
from helpline_report.exports.workbook_package import open_package
from tests.exports.conftest import messages, texts
from tests.exports.workbook_files import (
    CONTENT,
    DAY,
    HEADER,
    MANIFEST,
    MIMETYPE,
    Raw,
    Rows,
    changed,
    edited,
    ods,
    ods_cell,
    ods_row,
    read,
    xlsx,
    xlsx_of,
)

ROWS: Rows = [HEADER, ["k", DAY, "x"]]
XLSX, ODS = xlsx(ROWS), ods(ROWS)
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
RESAVE = "export the rows again as .xlsx, as .ods, or as CSV in UTF-8"
SHEET, BOOK, TYPES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"


def _problem(raw: bytes, folder: Path, name: str) -> str:
    """The code and the words of the one problem, which has a next step."""
    (problem,) = read(raw, folder, name).findings.problems
    assert problem.next_step
    return f"{problem.code}: {problem.what}"


OLD_BOOK, LOCKED_BOOK = (
    OLE2 + name.encode("utf-16-le") for name in ("Workbook", "EncryptedPackage")
)
NO_BOOK, BINARY = (changed(XLSX, part) for part in ({TYPES: None}, {"xl/workbook.bin": b""}))
OTHERS = [
    ("a.xlsx", ODS, "an ODS workbook", "XLSX", "name it .ods"),
    ("a.xls", XLSX, "an XLSX workbook", "old", "name it .xlsx"),
    ("a.xlsx", b"nr;day\n", "text", "XLSX", "name it .csv"),
    ("a.XLS", b"\n <HTML>", "a web page", "old", RESAVE),
    ("a.ods", b"%PDF-1.7", "a PDF", "ODS", RESAVE),
    ("a.xlsx", OLD_BOOK, "an old workbook (.xls)", "", RESAVE),
    ("a.xlsx", NO_BOOK, "a zip archive and no workbook", "", RESAVE),
    ("a.xlsx", BINARY, "a binary workbook (.xlsb)", "", RESAVE),
]


@pytest.mark.parametrize(
    ("name", "raw", "what", "due", "step"), OTHERS, ids=[case[2] for case in OTHERS]
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    tmp_path: Path, name: str, raw: bytes, what: str, *, due: str, step: str
) -> None:
    """B08: by its first bytes; renaming a file converts nothing."""
    expected = f"; expected an {due} workbook, as its name says" if due else ""
    assert messages(read(raw, tmp_path, name)) == [
        f"[B08] {name}: the file is {what}{expected} → {step}"
    ]


ENTRY = '<manifest:encryption-data manifest:checksum="x"/>'
ENCRYPTED = MANIFEST.format(entry=ENTRY, entries="")


def _set_password_flag(raw: bytes) -> bytes:
    """The same zip, whose parts say that they are encrypted."""
    flagged = bytearray(raw)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = flagged.find(signature)
        while at >= 0:
            flagged[at + flags] |= 1
            at = flagged.find(signature, at + 1)
    return bytes(flagged)


def _zip(parts: list[tuple[str, bytes]], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as package:
        for name, content in parts:
            package.writestr(name, content)
    return buffer.getvalue()


def _damage_sheet(raw: bytes) -> bytes:
    """The same zip with another byte in the middle of its sheet."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        at = package.getinfo(SHEET).header_offset + 30 + len(SHEET) + 40
    return raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :]


def _declare_smaller(raw: bytes) -> bytes:
    """The same zip, whose directory says that its sheet is ten bytes long."""
    at = raw.rindex(SHEET.encode())
    return raw[: at - 22] + struct.pack("<L", 10) + raw[at - 18 :]


LOCKED = "B08: the file is an encrypted workbook"
DAMAGED = "B09: the workbook is damaged or cut off"
MISSING = "B09: a part of the workbook is missing"
TWICE = '<c r="A1" t="str"><v>a</v></c>'
BROKEN = [
    ("a.xlsx", b"", "B07: the file is empty"),
    ("a.xlsx", LOCKED_BOOK, LOCKED),
    ("a.xlsx", _set_password_flag(XLSX), LOCKED),
    ("a.ods", changed(ODS, {"META-INF/manifest.xml": ENCRYPTED, "content.xml": b"\x93x"}), LOCKED),
    (
        "a.xlsx",
        _zip([(TYPES, b"<Types/>")], zipfile.ZIP_LZMA),
        "B09: the workbook is packed in a way that no spreadsheet knows",
    ),
    *(
        ("a.xlsx", raw, DAMAGED)
        for raw in (
            XLSX[: len(XLSX) // 2],
            XLSX[:-10],
            _damage_sheet(XLSX),
            _declare_smaller(XLSX),
            changed(XLSX, {SHEET: "<worksheet>"}),
            changed(XLSX, {SHEET: b"\xff\xfe"}),
            changed(XLSX, {"xl/styles.xml": "x"}),
            changed(XLSX, {"_rels/.rels": '<Relationships xmlns="x"/>'}),
            xlsx_of('<row><c t="s"><v>9</v></c></row>'),
            xlsx_of('<row><c t="odd"><v>x</v></c></row>'),
            xlsx_of('<row r="x"/>'),
            xlsx_of('<row><c r="1A"/></row>'),
            xlsx_of("<row/>", rest='<mergeCells><mergeCell ref="A"/></mergeCells>'),
        )
    ),
    ("a.ods", changed(ODS, {"content.xml": None}), MISSING),
    ("a.ods", changed(ODS, {"META-INF/manifest.xml": None}), MISSING),
    # An ODS is told by its first part: one further on would let one file be read as two.
    ("a.xlsx", changed(XLSX, {"mimetype": MIMETYPE}), MISSING),
    ("a.ods", edited(ODS, "content.xml", "</office:body>", ""), DAMAGED),
    ("a.ods", ods([[Raw('<table:table-cell table:number-columns-repeated="x"/>')]]), DAMAGED),
    # Programs differ in which of the two they read.
    (
        "a.xlsx",
        xlsx_of(f"<row>{TWICE}{TWICE}</row>"),
        "B09: the workbook is damaged: a row or a cell stands in it twice",
    ),
    (
        "a.xlsx",
        xlsx_of('<row r="2"/><row r="2"/>'),
        "B09: the workbook is damaged: a row or a cell stands in it twice",
    ),
    (
        "a.xlsx",
        _zip([(TYPES, b""), (TYPES.lower(), b"")]),
        "B09: the workbook holds a part twice",
    ),
]


@pytest.mark.parametrize(("name", "raw", "what"), BROKEN)
def test_a_workbook_that_is_not_whole_is_refused(
    tmp_path: Path, name: str, raw: bytes, what: str
) -> None:
    """B07, B08, B09: it is empty, locked, cut off or changed, or one of its parts is missing."""
    assert _problem(raw, tmp_path, name) == what


def test_a_workbook_of_too_many_bytes_or_parts_is_refused() -> None:
    """B11: by what its directory declares, before anything is unpacked."""
    with pytest.raises(FaultError, match="B11 inflated"):
        open_package(_zip([("a", bytes(2**20)), ("b", b"1")]), inflated=2**20)
    with pytest.raises(FaultError, match="B11 parts"):
        open_package(_zip([(name, b"") for name in "abc"]), parts=2)


SPACE = '<text:s text:c="65000"/>'
SPACES = Raw(ods_cell("1").replace(">1<", f">{SPACE}{SPACE}<"))
LETTERS = [first + second for first in "ABC" for second in ascii_uppercase]
LAST = "".join(f'<c r="{letters}1048576" t="b"><v>1</v></c>' for letters in LETTERS)
END = 'table:number-columns-repeated="16384"'
ROWS_REPEATED = 'table:number-rows-repeated="1048576"'
BEYOND = "<table:table-row table:number-rows-repeated='9999999999'/>"
MOST_CELLS = "sheet 1 holds more cells than an export does"
MOST_ROWS = "sheet 1 has more than 1,048,576 rows"
MOST_COLUMNS = "sheet 1 has more than 16,384 columns"
LONG = "a cell holds more text than a cell can"
DEEP = "the workbook is nested deeper than any that a spreadsheet writes"


@pytest.mark.parametrize(
    ("name", "raw", "what"),
    [
        (
            "a.xlsx",
            _zip([(TYPES, bytes(2**25))]),
            "unpacked, the workbook is more than 250 times as large",
        ),
        ("a.ods", ods([ods_row([Raw(ods_cell("x", END))], ROWS_REPEATED)]), MOST_CELLS),
        ("a.ods", ods([BEYOND, ["x"]]), MOST_ROWS),
        ("a.ods", ods([[Raw(ods_cell(None, END)), "x"]]), MOST_COLUMNS),
        ("a.ods", ods([[SPACES]]), LONG),
        ("a.xlsx", xlsx_of('<row r="1048577"><c><v>1</v></c></row>'), MOST_ROWS),
        ("a.xlsx", xlsx_of('<row><c r="AAAA1"/></row>'), MOST_COLUMNS),
        ("a.xlsx", xlsx_of(f'<row r="1048576">{LAST}</row>'), MOST_CELLS),
        ("a.xlsx", xlsx_of(f'<row><c t="str"><v>{"ab" * 2**22}</v></c></row>'), LONG),
        ("a.xlsx", changed(XLSX, {SHEET: b"<a>" * 2_000_000}), DEEP),
        ("a.ods", changed(ODS, {"content.xml": b"<a>" * 2_000_000}), DEEP),
    ],
)
def test_a_workbook_that_unfolds_is_refused(
    tmp_path: Path, name: str, raw: bytes, what: str
) -> None:
    """B11: a zip bomb, a few bytes that repeat a cell to the end of the sheet, a very long cell."""
    assert _problem(raw, tmp_path, name) == f"B11: {what}"


# A workbook that does, fetches or embeds something is refused before it is read (B12)

DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]>'
RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="x" Type="http://x/{kind}" Target="http://127.0.0.1/a" '
    'TargetMode="External"/></Relationships>'
)
PLAIN_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_KIND = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
DOCUMENT = "application/vnd.oasis.opendocument."


def _entry(path: str, kind: str) -> bytes:
    entry = f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
    return changed(ODS, {"META-INF/manifest.xml": MANIFEST.format(entry="", entries=entry)})


def _cell(inside: str) -> bytes:
    return ods([HEADER, [Raw(f"<table:table-cell>{inside}</table:table-cell>")]])


LISTENER = "<office:scripts><script:event-listener/></office:scripts>"
OUTSIDE = "table:formula=\"of:=['file:///a.ods'#$A.A1]\""
TEXT_BOX = "<draw:frame><draw:text-box><text:p>m</text:p></draw:text-box></draw:frame>"
LINKS, FILES = "links to other files or programs", "links to other files"
RELS = "xl/worksheets/_rels/sheet1.xml.rels"
DOCUMENT_TYPE = "a document type declaration (DOCTYPE)"
HIDDEN_TYPE = f'<?xml version="1.0" encoding="utf-16"?>{DOCTYPE}<a>&b;</a>'.encode("utf-16")
ACTIVE = [
    (changed(XLSX, {"XL/VBAPROJECT.BIN": b"x"}), "macros (VBA)"),
    (changed(XLSX, {"xl/macrosheets/sheet1.xml": "<a/>"}), "macros (a macro sheet)"),
    (changed(XLSX, {"xl/dialogsheets/sheet1.xml": "<a/>"}), "macros (a dialog sheet)"),
    (changed(XLSX, {"xl/externalLinks/externalLink1.xml": "<a/>"}), LINKS),
    (changed(XLSX, {"xl/connections.xml": "<a/>"}), "a connection to other data"),
    (changed(XLSX, {"xl/queryTables/queryTable1.xml": "<a/>"}), "a connection to other data"),
    (changed(XLSX, {"xl\\embeddings\\a.bin": b"x"}), "embedded objects"),
    (changed(XLSX, {"xl/activeX/activeX1.xml": "<a/>"}), "embedded objects (ActiveX)"),
    (changed(XLSX, {"customUI/customUI.xml": "<a/>"}), "a ribbon of its own"),
    (changed(XLSX, {RELS: RELATION.format(kind="image")}), LINKS),
    (changed(XLSX, {"a/_rels/b.rels": RELATION.format(kind="oleObject")}), "embedded objects"),
    (edited(XLSX, TYPES, PLAIN_KIND, MACRO_KIND), "macros (or room for them)"),
    *((changed(XLSX, {part: HIDDEN_TYPE}), DOCUMENT_TYPE) for part in (SHEET, BOOK, "x/y.rels")),
    (changed(ODS, {"content.xml": DOCTYPE + CONTENT}), DOCUMENT_TYPE),
    (changed(ODS, {"Basic/Standard/Module1.xml": "<a/>"}), "macros"),
    (edited(ODS, "content.xml", "<office:scripts/>", LISTENER), "macros"),
    (ods(ROWS, after="<table:dde-link/>"), "links to other programs (DDE)"),
    (ods([HEADER, "<table:table-source/>"]), FILES),
    (_cell("<draw:frame><draw:object-ole/></draw:frame>"), "embedded objects"),
    (_cell(TEXT_BOX), "text drawn over a cell"),
    (_entry("Object 1/", f"{DOCUMENT}spreadsheet"), "embedded objects"),
    (ods([HEADER, [Raw(ods_cell(1, OUTSIDE))]]), LINKS),
    (ods([HEADER, [Raw(ods_cell(1, 'table:formula="of:=DDE(1;2;3)"'))]]), LINKS),
]


@pytest.mark.parametrize(("raw", "what"), ACTIVE)
def test_an_active_workbook_is_refused(tmp_path: Path, raw: bytes, what: str) -> None:
    """B12: macros, links, connections, embedded objects, a document type in whatever part."""
    name = "a.ods" if b"opendocument.spreadsheet" in raw[:200] else "a.xlsm"
    assert messages(read(raw, tmp_path, name)) == [
        f"[B12] {name}: {what} in the workbook; expected values only → save it as a plain "
        "workbook that holds nothing but the rows"
    ]


def test_what_does_nothing_is_accepted(tmp_path: Path) -> None:
    """B12: links to click, and parts that an office program writes by itself."""
    empty = {"Basic/script-lc.xml": "<a/>", "Basic/Standard/script-lb.xml": "<a/>"}
    for name, raw in (
        ("a.xlsx", changed(XLSX, {RELS: RELATION.format(kind="hyperlink")})),
        ("a.ods", _entry("Object 1/", f"{DOCUMENT}chart")),
        ("a.ods", changed(ODS, empty)),
    ):
        assert len(texts(read(raw, tmp_path, name))) == 1


def test_a_table_within_a_cell_is_refused(tmp_path: Path) -> None:
    """B16: OpenDocument allows it, and its rows would stand among those of the sheet."""
    raw = _cell('<table:table table:is-sub-table="true"/>')
    assert _problem(raw, tmp_path, "a.ods") == "B16: sheet 1 has a table within a cell"
