"""From a file to lines: plain text and PDF."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

from helpline_report.audit.proofreading.document import Line
from helpline_report.audit.proofreading.pdf_lines import runs_on, spaced
from helpline_report.errors import UserError, to_read

PDF = b"%PDF-"
SIGNATURES = {b"PK\x03\x04": "a zipped document", b"\xd0\xcf\x11\xe0": "an old Office document"}
STEP = "save it as PDF or as plain text (UTF-8), and read that"
LARGEST = 50_000_000


def read_bytes(path: Path) -> bytes:
    """What a file holds.

    Raises:
        UserError: there is none, it is a folder, too large, or can't be read.
    """
    if path.is_dir():
        raise UserError("this is a folder", where=path.name, next_step="name a file in it")
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise UserError(
                f"larger than {LARGEST // 1_000_000} MB", where=path.name, next_step=STEP
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise UserError("there is no such file", where=path.name) from None
    except OSError as error:
        raise UserError(
            f"can't be read ({error.strerror})", where=path.name, next_step=to_read(error)
        ) from None


def is_html(content: bytes) -> bool:
    """Whether a file begins as a page does."""
    start = content[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html"))


def lines_of(content: bytes, name: str) -> list[Line]:
    """The lines of a text or a PDF.

    Raises:
        UserError: it is neither, is encrypted or damaged, or holds no text.
    """
    for start, kind in SIGNATURES.items():
        if content.startswith(start):
            raise UserError(f"this is {kind}, no text and no PDF", where=name, next_step=STEP)
    lines = _pdf_lines(content, name) if content.startswith(PDF) else _text_lines(content, name)
    if not any(line.text.strip() for line in lines):
        what = "a scan, perhaps: it holds no text" if content.startswith(PDF) else "it is empty"
        raise UserError(what, where=name, next_step=STEP)
    return lines


def _text_lines(content: bytes, name: str) -> list[Line]:
    text = decoded(content, name)
    rows = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ").split("\n")
    return [Line(number, row) for number, row in enumerate(rows, 1)]


def decoded(content: bytes, name: str) -> str:
    """Text of UTF-8, or of Windows-1252 where it can't be that.

    Raises:
        UserError: it is no text.
    """
    if b"\x00" in content:
        raise UserError("this is no text", where=name, next_step=STEP)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("windows-1252")
    except UnicodeDecodeError as error:
        what = f"byte {error.start} is neither UTF-8 nor Windows-1252"
        raise UserError(what, where=name, next_step=STEP) from None


def _pdf_lines(content: bytes, name: str) -> list[Line]:
    try:
        return list(_pages(content))
    except PermissionError:
        step = "save it without a password"
        raise UserError("it is encrypted", where=name, next_step=step) from None
    except Exception:  # noqa: BLE001 - a damaged PDF breaks its reader in any way it likes
        raise UserError("a damaged PDF", where=name, next_step=STEP) from None


def _pages(content: bytes) -> Iterator[Line]:
    """The lines of each page.

    Raises:
        PermissionError: it can't be opened without a password.
    """
    from pypdf import PdfReader  # noqa: PLC0415 - half a second that a text needn't wait for

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise PermissionError
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text(extraction_mode="layout").replace("\N{SOFT HYPHEN}", "-")
        rows = text.split("\n")
        yield from spaced([Line(at, row, number) for at, row in enumerate(rows, 1)])
        if not runs_on(rows):
            yield Line(len(rows) + 1, "", number)
