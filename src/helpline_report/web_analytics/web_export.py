"""Read one web analytics export into blocks, whatever the service wrote it as."""

from __future__ import annotations

import hashlib
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from helpline_report.exports.cell_texts import personal_kind
from helpline_report.exports.decoding import decode, is_named_workbook
from helpline_report.exports.delimited_text import iterate_rows
from helpline_report.exports.export_files import read_bytes
from helpline_report.exports.faults import FaultError, Findings
from helpline_report.exports.workbooks import open_sheets
from helpline_report.parameters.layouts import WebFolder
from helpline_report.parameters.web_service import Kind, service
from helpline_report.web_analytics.blocks import (
    COMMENT,
    WITHHELD,
    Block,
    BlockHeading,
    Sections,
    WebLine,
    cut_blocks,
)
from helpline_report.web_analytics.responses import Responses, read_responses

DELIMITERS = (",", ";", "\t")
AT_IN_A_LINK = re.compile("%40")


@dataclass(frozen=True)
class WebExport:
    """One file; `property_` and `time_zone` are as it says them, and it may say neither.

    `banner` are the lines in which it says what it is.

    `concerns` are what it says of itself that makes its figures something else than a count, with
    the line that says so: `sampled`, `thresholded`, `collapsed`. `comparing` counts rows that
    compare two periods.
    """

    file: str
    sha256: str
    findings: Findings
    kind: Kind = "ga4"
    blocks: tuple[Block, ...] = ()
    property_: str | None = None
    time_zone: str | None = None
    comparing: int = 0
    banner: tuple[str, ...] = ()
    concerns: Mapping[str, int] = field(default_factory=dict)

    @property
    def lines(self) -> Iterator[WebLine]:
        """The rows and total rows of all blocks."""
        for block in self.blocks:
            yield from (*block.rows, *block.totals)


def read_web_export(path: Path, shown: str, layout: WebFolder) -> WebExport:
    """Read an export; `shown` is its name in messages.

    A label that holds personal data (a source, the address of a page) is withheld here, so that it
    goes no further. Nothing is raised for what is wrong with the file: it is in the findings.
    """
    findings = Findings(shown)
    raw = read_bytes(path, findings)
    content = _read(raw, path.name, layout, findings) if raw is not None else Responses()
    return WebExport(
        shown,
        hashlib.sha256(raw or b"").hexdigest(),
        findings,
        content.kind,
        tuple(_without_personal(block, content.kind) for block in content.blocks),
        content.property_,
        content.time_zone,
        content.comparing,
        tuple(content.comments.values()) if isinstance(content, Sections) else (),
        content.concerns,
    )


def _without_personal(block: Block, kind: Kind) -> Block:
    """A block in whose labels nobody is named (B80): numbers stand in columns that are measured."""
    heading = BlockHeading.of(block.names, kind)
    only = {at for at, name in heading.dimensions.items() if service().dimensions[name].only}

    def withhold(at: int, cell: str) -> str:
        if at in heading.metrics or not personal_kind(AT_IN_A_LINK.sub("@", cell)):
            return cell
        # Of 'source / medium' the medium says whether the row is wanted.
        _, _, medium = cell.rpartition("/")
        keeps = at in only and not personal_kind(AT_IN_A_LINK.sub("@", medium))
        return f"{WITHHELD} / {medium.strip()}" if keeps else WITHHELD

    rows = (
        replace(row, cells=tuple(withhold(at, cell) for at, cell in enumerate(row.cells)))
        for row in block.rows
    )
    return replace(block, rows=tuple(rows))


def _read(raw: bytes, name: str, layout: WebFolder, findings: Findings) -> Sections | Responses:
    """What stands in a file, by its first bytes and its name."""
    if raw.startswith(b"PK") or is_named_workbook(name):
        lines = _sheets(raw, findings)
    elif raw.removeprefix(BOM_UTF8).lstrip()[:1] in (b"{", b"["):
        findings.cell = lambda line, _: f"row {line}" if line else ""
        return read_responses(raw, findings)
    else:
        text = decode(raw, layout.encodings, findings)
        lines = list(_rows(text, findings)) if text is not None else []
    sections = cut_blocks(lines)
    if not sections.blocks and not findings.problems:
        findings.add("B07", "no_blocks")
    return sections


def _sheets(raw: bytes, findings: Findings) -> list[WebLine]:
    """The rows of all sheets, with a blank one between; what is hidden is read like the rest."""
    lines: list[WebLine] = []
    places: dict[int, str] = {}
    for sheet in open_sheets(raw, findings, decimal=".") or []:
        for row, cells in enumerate([*sheet.rows(), []], start=1):
            lines.append(WebLine(len(lines) + 1, tuple(cells) or ("",)))
            places[len(lines)] = f"sheet {sheet.number}, row {row}"
    findings.cell = lambda line, _: places.get(line, "")
    return lines


def _rows(text: bytes, findings: Findings) -> Iterator[WebLine]:
    """Every row of a delimited text, blank ones too, by the physical line on which it begins."""
    try:
        for number, cells in iterate_rows(text, _delimiter(text)):
            if number == 1 and cells[0].lower().startswith("sep="):
                findings.noted["B14"] += 1
            else:
                yield WebLine(number, tuple(cells))
    except FaultError as error:
        findings.add_error(error)


def _delimiter(text: bytes) -> str:
    """What separates the cells of the first line that is no comment."""
    for line in text.decode().splitlines():
        if line.strip(" ,;\t") and not line.lstrip('"').startswith((COMMENT, "sep=")):
            return max(DELIMITERS, key=line.count)
    return DELIMITERS[0]
