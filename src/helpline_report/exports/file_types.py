"""Tell what kind of file something is, by its name and by its first bytes."""

from __future__ import annotations

import re
from pathlib import Path

from helpline_report.parameters.edition import Source

XLSX_FILE, ODS_FILE, OLD_FILE = "an XLSX workbook", "an ODS workbook", "an old workbook"
WORKBOOK_NAMES = {
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xltx", ".xltm"), XLSX_FILE),
    ".ods": ODS_FILE,
    ".xls": OLD_FILE,
}
WEB_NAMES = (".csv", ".tsv", ".json", ".xlsx", ".ods")
ZIP, OLE2 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
# The name of a stream in an OLE2 file, which says what it is.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
BINARY = {
    ZIP: "a zip archive, such as a workbook (.xlsx)",
    b"PK\x05\x06": "an empty zip archive",
    b"\xd0\xcf\x11\xe0": "an old or encrypted workbook (.xls)",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file (.gz)",
    b"7z\xbc\xaf": "a compressed file (.7z)",
    b"Rar!": "a compressed file (.rar)",
    b"SQLite format 3": "a database",
    b"PAR1": "a Parquet file",
    b"{\\rtf": "a text document (.rtf)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
MARKUP = [
    (
        re.compile(rb"<(!doctype\s+html|html|head|body|table|div|meta|script|!--)", re.IGNORECASE),
        "a web page",
    ),
    (re.compile(rb"<[?!a-z]", re.IGNORECASE), "an XML document"),
    (re.compile(rb'\{\s*["}]|\[\s*["\[{]'), "a JSON document"),
]
LOOKED_AT = 4_096


def binary_kind(raw: bytes) -> str | None:
    """What a file is that holds no text; None where it may be text."""
    return next((kind for start, kind in BINARY.items() if raw.startswith(start)), None)


def markup_kind(text: bytes) -> str | None:
    """What a text is that holds no rows of fields, whatever blanks it begins with."""
    start = text[:LOOKED_AT].lstrip()
    return next((kind for pattern, kind in MARKUP if pattern.match(start)), None)


def is_bare_utf_16(raw: bytes) -> bool:
    """Whether a file is UTF-16 that doesn't say so: of each two bytes, one is mostly NUL."""
    start = raw[:LOOKED_AT]
    first, second = start[0::2].count(0), start[1::2].count(0)
    low, high = sorted((first, second))
    return low == 0 and high * 2 > len(start) // 2


def workbook_kind(raw: bytes) -> str:
    """What a file is that may be a workbook: one of some kind, or anything else."""
    if raw.startswith(ZIP):
        return ODS_FILE if ODS in raw[:LOOKED_AT] else XLSX_FILE
    if raw.startswith(OLE2):
        return OLD_FILE
    return binary_kind(raw) or markup_kind(raw) or "text"


def is_named_workbook(name: str) -> bool:
    """Whether a file's name says that it is a workbook, of a kind that can be read or not."""
    return name.lower().endswith(tuple(WORKBOOK_NAMES))


def web_exports_in(folder: Path, source: Source) -> list[str]:
    """The web analytics exports in a folder, whatever they are called; none where there is none."""
    return sorted(
        path.name
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.suffix.lower() in WEB_NAMES
        and not path.name.startswith((".", "~$"))
        and path.name != source.corrections
    )
