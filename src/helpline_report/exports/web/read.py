"""One web analytics export, from its path to its blocks, whatever the service wrote it as."""

from __future__ import annotations

import hashlib
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from pathlib import Path

from helpline_report.exports.decoding import decode
from helpline_report.exports.delimited_text import DelimitedTextError, iterate_rows
from helpline_report.exports.findings import Findings
from helpline_report.exports.named import is_named_workbook
from helpline_report.exports.read import read_bytes
from helpline_report.exports.web.api import read_responses
from helpline_report.exports.web.banner import concerns_of, property_of
from helpline_report.exports.web.blocks import COMMENT, Sections, cut
from helpline_report.exports.web.model import Block, Line, WebExport
from helpline_report.exports.workbook import open_sheets
from helpline_report.parameters.web_layouts import WebFolder

DELIMITERS = (",", ";", "\t")
# Written in full, or as an address in a link writes it.
MAIL = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+\.[a-z]{2,}", re.IGNORECASE)


def read_web(path: Path, shown: str, layout: WebFolder) -> WebExport:
    """Read an export; `shown` is its name in messages.

    Nothing is raised for what is wrong with the file: it is in the findings.
    """
    findings = Findings(shown)
    raw = read_bytes(path, findings)
    sha256 = hashlib.sha256(raw or b"").hexdigest()
    if raw is not None and (raw.startswith(b"PK") or is_named_workbook(path.name)):
        return _sections(cut(_sheets(raw, findings)), sha256, findings)
    if raw is not None and raw.removeprefix(BOM_UTF8).lstrip()[:1] in (b"{", b"["):
        return _responses(raw, sha256, findings)
    text = decode(raw, layout.encodings, findings) if raw is not None else None
    if text is None:
        return WebExport(shown, sha256, "ga4", (), findings)
    return _sections(cut(list(_lines(text, findings))), sha256, findings)


def _responses(text: bytes, sha256: str, findings: Findings) -> WebExport:
    found = read_responses(text, findings)
    findings.cell = lambda line, _: f"row {line}" if line else ""
    _refuse_addresses(found.blocks, findings)
    return WebExport(
        findings.file,
        sha256,
        "ga4",
        tuple(found.blocks),
        findings,
        found.property_,
        found.time_zone,
        found.left_out,
        found.concerns,
    )


def _sheets(raw: bytes, findings: Findings) -> list[Line]:
    """The rows of all sheets, with a blank one between; what is hidden is read like the rest."""
    found: list[Line] = []
    places: dict[int, str] = {}
    for sheet in open_sheets(raw, findings, decimal=".") or []:
        for number, cells in enumerate([*sheet.rows(), []], start=1):
            at = len(found) + 1
            places[at] = f"sheet {sheet.number}, row {number}"
            found.append(Line(at, at, tuple(cells) or ("",)))
    findings.cell = lambda line, _: places.get(line, "")
    return found


def _sections(found: Sections, sha256: str, findings: Findings) -> WebExport:
    if not found.blocks and not findings.problems:
        step = "export the report again, as CSV"
        findings.refuse("B07", "there is no header and no row in the file", next_step=step)
    _refuse_addresses(found.blocks, findings)
    return WebExport(
        findings.file,
        sha256,
        found.kind,
        tuple(found.blocks),
        findings,
        property_of([comment for _, comment in found.comments]),
        None,
        found.left_out,
        concerns_of(found.comments),
    )


def _lines(text: bytes, findings: Findings) -> Iterator[Line]:
    """Every row of a delimited text, blank ones too, with the physical line on which it begins."""
    try:
        for line, cells in iterate_rows(text, _delimiter(text)):
            if line == 1 and cells[0].lower().startswith("sep="):
                findings.noted["B14"] += 1
            else:
                yield Line(line, line, tuple(cells))
    except DelimitedTextError as error:
        error.add_to(findings)


def _delimiter(text: bytes) -> str:
    """What separates the cells of the first line that is no comment."""
    for line in text.decode().splitlines():
        if line.strip(" ,;\t") and not line.lstrip('"').startswith((COMMENT, "sep=")):
            return max(DELIMITERS, key=line.count)
    return DELIMITERS[0]


def _refuse_addresses(blocks: Sequence[Block], findings: Findings) -> None:
    """Refuse rows that hold an e-mail address (B65): an address of a page or its title may."""
    for block in blocks:
        for row in (*block.rows, *block.totals):
            for place, cell in enumerate(row.cells):
                if MAIL.search(cell):
                    column = block.names[place] if place < len(block.names) else ""
                    findings.refuse(
                        "B65",
                        "an e-mail address stands here",
                        line=row.number,
                        column=column,
                        next_step="export the report without this column, and have the site keep "
                        "addresses out of its pages' addresses and titles",
                    )
