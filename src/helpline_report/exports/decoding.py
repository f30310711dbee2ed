"""Bytes of a file become UTF-8 with plain line ends, or the file is refused."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from helpline_report.exports.findings import Findings
from helpline_report.exports.shapes import MOJIBAKE

SIGNATURES = {
    b"PK\x03\x04": "a zip archive, such as a workbook (.xlsx)",
    b"\xd0\xcf\x11\xe0": "an old or encrypted workbook (.xls)",
    b"%PDF": "a PDF",
    b"<htm": "a web page",
    b"<!do": "a web page",
}
RESAVE = "export the file again as CSV in UTF-8"


def decode(raw: bytes, encodings: Sequence[str], findings: Findings) -> bytes | None:
    """The text of a file as UTF-8 bytes, without byte order mark, lines ending in a newline.

    None where the file is refused (B03, B04, B06, B07, B08); repairs are noted (B01 to B03, B31).
    """
    if not raw.strip():
        findings.refuse("B07", "the file is empty", next_step=RESAVE)
        return None
    kind = SIGNATURES.get(raw.lstrip()[:4].lower()) or SIGNATURES.get(raw[:4])
    if kind:
        findings.refuse("B08", f"the file is {kind}", expected="CSV", next_step=RESAVE)
        return None
    text = _as_utf8(_without_mark(raw, findings), encodings, findings)
    if text is None:
        return None
    if b"\0" in text:
        line = _line_of(text, text.index(b"\0"))
        findings.refuse("B06", "a NUL byte", line=line, next_step=RESAVE)
        return None
    return _plain_line_ends(text, findings)


def _without_mark(raw: bytes, findings: Findings) -> bytes:
    if raw.startswith(codecs.BOM_UTF8):
        findings.noted["B01"] += 1
        return raw[len(codecs.BOM_UTF8) :]
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        findings.noted["B02"] += 1
        return raw.decode("utf-16", errors="replace").encode()
    return raw


def _as_utf8(raw: bytes, encodings: Sequence[str], findings: Findings) -> bytes | None:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _from_windows(raw, error.start, encodings, findings)
    return raw


def _from_windows(
    raw: bytes, first: int, encodings: Sequence[str], findings: Findings
) -> bytes | None:
    line = _line_of(raw, first)
    if "windows-1252" not in encodings:
        findings.refuse(
            "B03",
            f"byte {first} is not UTF-8",
            line=line,
            next_step="if the system writes Windows-1252, add this line to the file in the "
            "layout: encodings: [utf-8, windows-1252]",
        )
        return None
    try:
        text = raw.decode("windows-1252")
    except UnicodeDecodeError as error:
        at = error.start
        what = f"byte {at} is neither UTF-8 nor Windows-1252"
        findings.refuse("B04", what, line=_line_of(raw, at), next_step=RESAVE)
        return None
    mixed = MOJIBAKE.search(text)
    if mixed is not None:
        # One byte a character in Windows-1252: a place in the text is a place in the file.
        at = mixed.start()
        findings.refuse(
            "B04",
            f"two encodings in one file: byte {at} is UTF-8, byte {first} (line {line}) is not",
            line=_line_of(raw, at),
            next_step=RESAVE,
        )
        return None
    findings.noted["B03"] += 1
    return text.encode()


def _plain_line_ends(text: bytes, findings: Findings) -> bytes:
    if b"\r" not in text:
        return text
    pairs = text.count(b"\r\n")
    returns, newlines = text.count(b"\r") - pairs, text.count(b"\n") - pairs
    if returns or (pairs and newlines):
        findings.noted["B31"] += 1
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _line_of(text: bytes, at: int) -> int:
    return text.count(b"\n", 0, at) + 1
