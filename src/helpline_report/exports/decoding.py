"""Turn the bytes of a file into UTF-8 with plain line ends, or refuse the file."""

import codecs
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from helpline_report.exports.faults import FaultError
from helpline_report.parameters.yaml import read_resource

XLSX_FILE, ODS_FILE, OLD_FILE = "an XLSX workbook", "an ODS workbook", "an old workbook"
WORKBOOK_NAMES = {
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xltx", ".xltm"), XLSX_FILE),
    ".ods": ODS_FILE,
    ".xls": OLD_FILE,
}
ZIP, OLE2 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
# The kinds of files that hold no rows as text: by their first bytes, or by how their text begins.
_KINDS: Mapping[str, Mapping[str, str]] = read_resource(__package__, "file_kinds.yaml").data
BINARY = {start.encode("latin-1"): kind for start, kind in _KINDS["first_bytes"].items()}
MARKUP = {pattern.encode(): kind for pattern, kind in _KINDS["markup"].items()}
START = 4_096  # bytes in which the kind of a file is looked for
UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# Letters and signs of two to four bytes of UTF-8, such as Western European texts hold. In
# Windows-1252 the same bytes are a capital or a sign and then signs, which no text holds.
UTF_8 = re.compile(
    rb"[\xc2-\xc5][\x80-\xbf]|[\xe2\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}"
)


def find_foreign_kind(raw: bytes) -> str:
    """The kind of a file that holds no rows as text; '' if it may hold some."""
    binary = (kind for start, kind in BINARY.items() if raw.startswith(start))
    start = raw[:START].lstrip()
    markup = (kind for pattern, kind in MARKUP.items() if re.match(pattern, start))
    return next(binary, "") or next(markup, "")


def find_workbook_kind(raw: bytes) -> str:
    """The kind of a file that its name calls a workbook."""
    if raw.startswith(ZIP):
        return ODS_FILE if ODS in raw[:START] else XLSX_FILE
    return OLD_FILE if raw.startswith(OLE2) else find_foreign_kind(raw) or "text"


def is_named_workbook(name: str) -> bool:
    """Whether a file's name says that it is a workbook, even of a kind that can't be read."""
    return name.lower().endswith(tuple(WORKBOOK_NAMES))


def decode(raw: bytes, encodings: Sequence[str], noted: Counter[str]) -> bytes:
    """The text of a file as UTF-8 bytes, without byte order mark, lines ending in a newline.

    What is mended is noted (B01 to B03, B31).

    Raises:
        FaultError: B02 to B04, B06 to B08.
    """
    text = raw if find_foreign_kind(raw) else _remove_mark(raw, noted)
    if kind := find_foreign_kind(text):
        raise FaultError("B08", "no_text", kind=kind)
    try:
        if not text.isascii():
            text.decode()
    except UnicodeDecodeError as error:
        text = _decode_windows(text, error.start, encodings, noted)
    if not text or text.isspace():
        raise FaultError("B07", "no_text")
    if b"\0" in text:
        raise FaultError("B06", line=_find_line(text, text.index(b"\0")))
    if b"\r" not in text:
        return text
    pairs = text.count(b"\r\n")
    returns, newlines = text.count(b"\r") - pairs, text.count(b"\n") - pairs
    if returns or (pairs and newlines):
        noted["B31"] += 1
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _remove_mark(raw: bytes, noted: Counter[str]) -> bytes:
    """The text of a file without byte order mark: UTF-16 as UTF-8, other bytes as they are."""
    if raw.startswith(codecs.BOM_UTF8):
        noted["B01"] += 1
        return raw.removeprefix(codecs.BOM_UTF8)
    encoding = UTF_16.get(raw[:2])
    if encoding is None:
        # In UTF-16 every second byte is mostly NUL.
        start = raw[:START]
        low, high = sorted((start[0::2].count(0), start[1::2].count(0)))
        if low == 0 and high * 2 > len(start) // 2:
            raise FaultError("B02", "bare")
        return raw
    try:
        text = raw[2:].decode(encoding)
    except UnicodeDecodeError as error:
        # Half a character at the end, or in the middle: the file was damaged.
        line = raw[2 : error.start + 2].decode(encoding).count("\n") + 1
        raise FaultError("B02", "half", line=line, byte=error.start + 2) from None
    noted["B02"] += 1
    return text.encode()


def _decode_windows(raw: bytes, first: int, encodings: Sequence[str], noted: Counter[str]) -> bytes:
    """The text of a file in Windows-1252, whose byte `first` is no UTF-8."""
    line = _find_line(raw, first)
    if noted["B01"]:
        raise FaultError("B04", "marked", line=line, byte=first + len(codecs.BOM_UTF8))
    try:
        text = raw.decode("windows-1252")
    except UnicodeDecodeError as error:
        line = _find_line(raw, error.start)
        raise FaultError("B04", "neither", line=line, byte=error.start) from None
    mixed = UTF_8.search(raw)
    if mixed is not None:
        at = mixed.start()
        places = {"line": _find_line(raw, at), "byte": at, "other": first, "other_line": line}
        raise FaultError("B04", "mixed", **places)
    if "windows-1252" not in encodings:
        raise FaultError("B03", line=line, byte=first)
    noted["B03"] += 1
    return text.encode()


def _find_line(text: bytes, at: int) -> int:
    """The physical line (1-based) of a byte, by whichever line ends the text has."""
    before = text[:at]
    returns = before.count(b"\r")
    return before.count(b"\n") + returns - before.count(b"\r\n") + 1
