"""Read one web analytics export into blocks, whatever the service wrote it as."""

import hashlib
import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from helpline_report.exports.cell_texts import find_personal_kind
from helpline_report.exports.decoding import decode, is_named_workbook
from helpline_report.exports.delimited_text import iterate_rows
from helpline_report.exports.export_files import read_bytes
from helpline_report.exports.faults import FaultError, Findings
from helpline_report.exports.workbooks import open_sheets
from helpline_report.parameters.layouts import WebFolder
from helpline_report.parameters.web_service import service
from helpline_report.web_analytics.blocks import (
    COMMENT,
    WITHHELD,
    Block,
    BlockHeading,
    Content,
    WebLine,
    cut_blocks,
    parse_period,
    set_totals_apart,
)

DELIMITERS = (",", ";", "\t")
AT_IN_A_LINK = re.compile("%40")
Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class WebExport(Content):
    """One file, by its name in messages, and what stands in it."""

    file: str
    sha256: str
    findings: Findings

    @property
    def lines(self) -> Iterator[WebLine]:
        """The rows and total rows of all blocks."""
        for block in self.blocks:
            yield from (*block.rows, *block.totals)


def read_web_export(path: Path, label: str, layout: WebFolder) -> WebExport:
    """Read an export; `label` is its name in messages.

    A label that holds personal data (a source, the address of a page) is withheld here, so that it
    goes no further. Nothing is raised for what is wrong with the file: it is in the findings.
    """
    findings = Findings(label)
    raw, content = b"", Content()
    try:
        raw = read_bytes(path)
        content = _read(raw, path.name, layout, findings)
    except FaultError as error:
        findings.add_error(error)
    blocks = tuple(map(_withhold_personal, content.blocks))
    sha256 = hashlib.sha256(raw).hexdigest()
    values = vars(replace(content, blocks=blocks))
    return WebExport(file=label, sha256=sha256, findings=findings, **values)


def _withhold_personal(block: Block) -> Block:
    """Withhold each label that holds personal data (B80); cells of metrics stay."""
    heading = block.heading
    with_medium = {at for at, name in heading.dimensions.items() if service().dimensions[name].only}

    def withhold(at: int, cell: str) -> str:
        if at in heading.metrics or not find_personal_kind(AT_IN_A_LINK.sub("@", cell)):
            return cell
        # 'source / medium': whether the layout wants the row is told by the medium, so it stays.
        _, _, medium = cell.rpartition("/")
        keeps = at in with_medium and not find_personal_kind(AT_IN_A_LINK.sub("@", medium))
        return f"{WITHHELD} / {medium.strip()}" if keeps else WITHHELD

    rows = (
        replace(row, cells=tuple(withhold(at, cell) for at, cell in enumerate(row.cells)))
        for row in block.rows
    )
    return replace(block, rows=tuple(rows))


def _read(raw: bytes, name: str, layout: WebFolder, findings: Findings) -> Content:
    """What stands in a file, by its first bytes and its name."""
    if raw.startswith(b"PK") or is_named_workbook(name):
        lines = _read_sheets(raw, findings)
    elif raw.removeprefix(BOM_UTF8).lstrip()[:1] in (b"{", b"["):
        findings.cell = lambda line, _: f"row {line}" if line else ""
        return _read_responses(raw, findings)
    else:
        lines = list(_read_rows(decode(raw, layout.encodings, findings.noted), findings))
    content = cut_blocks(lines)
    if not content.blocks:
        raise FaultError("B07", "no_blocks")
    return content


def _read_sheets(raw: bytes, findings: Findings) -> list[WebLine]:
    """The rows of all sheets, with a blank one between; what is hidden is read like the rest."""
    lines: list[WebLine] = []
    places: dict[int, str] = {}
    for sheet in open_sheets(raw):
        for row, cells in enumerate([*sheet.rows(), []], start=1):
            lines.append(WebLine(len(lines) + 1, tuple(cells) or ("",)))
            places[len(lines)] = f"sheet {sheet.number}, row {row}"
    findings.cell = lambda line, _: places.get(line, "")
    return lines


def _read_rows(text: bytes, findings: Findings) -> Iterator[WebLine]:
    """Every row of a delimited text, blank ones too, by the physical line on which it begins."""
    # What separates the cells of the first line that is no comment.
    delimiter = DELIMITERS[0]
    for line in text.decode().splitlines():
        if line.strip(" ,;\t") and not line.lstrip('"').startswith((COMMENT, "sep=")):
            delimiter = max(DELIMITERS, key=line.count)
            break
    for number, cells in iterate_rows(text, delimiter):
        if number == 1 and cells[0].lower().startswith("sep="):
            findings.noted["B14"] += 1
        else:
            yield WebLine(number, tuple(cells))


def _read_responses(text: bytes, findings: Findings) -> Content:
    """The reports of a file: responses, alone or with their requests."""
    try:
        document = json.loads(text.removeprefix(BOM_UTF8))
    except (ValueError, RecursionError):
        raise FaultError("B09", "no_json") from None
    numbers = count(1)
    try:
        contents = [
            _read_response(request, response, numbers, findings)
            for request, response in _pair_responses(document)
        ]
    except (KeyError, TypeError, AttributeError, IndexError):
        raise FaultError("B22", "broken_response") from None
    if not contents:
        raise FaultError("B22", "no_response")
    concerns: dict[str, int] = {}
    for content in reversed(contents):
        concerns |= content.concerns
    return Content(
        blocks=tuple(block for content in contents for block in content.blocks),
        property_=next((c.property_ for c in reversed(contents) if c.property_), None),
        time_zone=next((c.time_zone for c in reversed(contents) if c.time_zone), None),
        concerns=concerns,
    )


def _pair_responses(document: Any) -> Iterator[tuple[Json, Json]]:
    """Every response with its request; an empty one where it stands alone."""
    for item in document if isinstance(document, list) else [document]:
        response = item.get("response", item) if isinstance(item, dict) else item
        if isinstance(response, dict) and "metricHeaders" in response:
            yield item.get("request") or {}, response


def _read_response(
    request: Json, response: Json, numbers: Iterator[int], findings: Findings
) -> Content:
    """The blocks of one response, its rows numbered."""

    def read_row(row: Json) -> WebLine:
        values = [*row.get("dimensionValues", []), *row["metricValues"]]
        return WebLine(next(numbers), tuple(str(item.get("value", "")) for item in values))

    dimensions = [item["name"] for item in response.get("dimensionHeaders", [])]
    metrics = [item["name"] for item in response["metricHeaders"]]
    rows = tuple(map(read_row, response.get("rows", [])))
    totals = tuple(map(read_row, response.get("totals", [])))
    if int(response.get("rowCount", len(rows))) > len(rows):
        findings.add("B10", "response", rows=len(rows), total=int(response["rowCount"]))
    spans = request.get("dateRanges") or []
    days = [f"{span['startDate']} - {span['endDate']}" for span in spans]
    period = parse_period(days[0]) if len(days) == 1 else None
    heading = BlockHeading.of([*dimensions, *metrics], "ga4")
    block = Block(heading, 0, period, (*rows, *totals))
    # Without dimensions there is one row, which has no label: it isn't a total row.
    as_given = replace(block, rows=rows, totals=totals)
    block = set_totals_apart(block) if dimensions else as_given
    metadata = response.get("metadata") or {}
    concerns = {
        "sampled": metadata.get("samplingMetadatas"),
        "thresholded": metadata.get("subjectToThresholding"),
        "collapsed": metadata.get("dataLossFromOtherRow") and dimensions,
    }
    line = rows[0].number if rows else 0
    return Content(
        blocks=(block,),
        property_=request.get("property"),
        time_zone=metadata.get("timeZone"),
        concerns={concern: line for concern, says_so in concerns.items() if says_so},
    )
