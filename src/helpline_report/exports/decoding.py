"""Bytes of a file become UTF-8 with plain line ends, or the file is refused."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from helpline_report.exports.file_types import binary_kind, is_bare_utf_16, markup_kind
from helpline_report.exports.findings import Findings

PIECE = 1 << 20
RESAVE = "export the file again as CSV in UTF-8"
UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# Letters and signs of two to four bytes of UTF-8, such as Western European texts hold. In
# Windows-1252 the same bytes are a capital or a sign and then signs, which no text holds.
UTF_8 = re.compile(
    rb"[\xc2-\xc5][\x80-\xbf]|[\xe2\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}"
)


def decode(raw: bytes, encodings: Sequence[str], findings: Findings) -> bytes | None:
    """The text of a file as UTF-8 bytes, without byte order mark, lines ending in a newline.

    None where the file is refused (B02 to B04, B06 to B08); what is mended is noted (B01 to B03,
    B31).
    """
    if _is_no_text(binary_kind(raw), findings):
        return None
    marked = _without_mark(raw, findings)
    if marked is None or _is_no_text(markup_kind(marked), findings):
        return None
    text = _as_utf8(marked, encodings, findings)
    if text is None:
        return None
    if not text or text.isspace():
        findings.refuse("B07", "the file is empty", next_step=RESAVE)
        return None
    if b"\0" in text:
        line = _line_of(text, text.index(b"\0"))
        findings.refuse("B06", "a NUL byte", line=line, next_step=RESAVE)
        return None
    return _plain_line_ends(text, findings)


def _is_no_text(kind: str | None, findings: Findings) -> bool:
    if kind is not None:
        findings.refuse("B08", f"the file is {kind}", expected="CSV", next_step=RESAVE)
    return kind is not None


def _without_mark(raw: bytes, findings: Findings) -> bytes | None:
    if raw.startswith(codecs.BOM_UTF8):
        findings.noted["B01"] += 1
        return raw.removeprefix(codecs.BOM_UTF8)
    encoding = UTF_16.get(raw[:2])
    if encoding is not None:
        return _from_utf_16(raw[2:], encoding, findings)
    if is_bare_utf_16(raw):
        what = "the file is UTF-16 without a byte order mark, so it may be read in two ways"
        findings.refuse("B02", what, next_step=RESAVE)
        return None
    return raw


def _from_utf_16(raw: bytes, encoding: str, findings: Findings) -> bytes | None:
    """Strictly: half a character at the end, or in the middle, is a file that was damaged."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].decode(encoding).count("\n") + 1
        what = f"the file is UTF-16, and byte {error.start + 2} is no whole character of it"
        findings.refuse("B02", what, line=line, next_step=RESAVE)
        return None
    findings.noted["B02"] += 1
    return text.encode()


def _as_utf8(raw: bytes, encodings: Sequence[str], findings: Findings) -> bytes | None:
    if raw.isascii():
        return raw
    first = _first_of_another_encoding(raw)
    return raw if first is None else _from_windows(raw, first, encodings, findings)


def _first_of_another_encoding(raw: bytes) -> int | None:
    """The first byte that isn't UTF-8, piece by piece: a whole text would be in memory twice."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for low in range(0, len(raw), PIECE):
        begun = len(decoder.getstate()[0])
        try:
            decoder.decode(raw[low : low + PIECE], final=low + PIECE >= len(raw))
        except UnicodeDecodeError as error:
            return low - begun + error.start
    return None


def _from_windows(
    raw: bytes, first: int, encodings: Sequence[str], findings: Findings
) -> bytes | None:
    line = _line_of(raw, first)
    if findings.noted["B01"]:
        what = f"the file says that it is UTF-8, and byte {first + len(codecs.BOM_UTF8)} is not"
        findings.refuse("B04", what, line=line, next_step=RESAVE)
        return None
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
    mixed = UTF_8.search(raw)
    if mixed is not None:
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
    """The physical line (1-based) of a byte, by whichever line ends the text has."""
    before = text[:at]
    returns = before.count(b"\r")
    return before.count(b"\n") + returns - before.count(b"\r\n") + 1
