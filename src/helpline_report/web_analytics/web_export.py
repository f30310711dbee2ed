"""Read one web analytics export, whatever the service wrote it as, and cut it into blocks.

A block is a header with its rows, its totals and their period.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from helpline_report.parameters.values import Period
from helpline_report.parameters.web_service import (
    SERVICE_LANGUAGES,
    Dimension,
    Headers,
    Kind,
    ServiceLanguage,
    index_names,
    service,
    simple,
)
from helpline_report.web_analytics.other_services import (
    FIRST_ROWS,
    find_other_service,
    find_service_of_json,
)

COMMENT = "#"
# What stands for a label that held personal data.
WITHHELD = "(withheld)"
DAY = r"(\d{4})-?(\d{2})-?(\d{2})"
SPAN = re.compile(rf"(?<!\d){DAY}\s*[-–—]\s*{DAY}(?!\d)", re.ASCII)
LABELLED_DAY = re.compile(rf"^[^\d:]+:\s*{DAY}$", re.ASCII)
RULE = re.compile(r"[-=*\s]*")
# A cell with a number, a percentage, a duration or an amount: it can't be the name of a column.
MEASURED = re.compile(r"[^\W\d]{0,3}\W{0,3}\d[\d.,:\s%]*\W?")
DELIMITERS = (",", ";", "\t")
AT_IN_A_LINK = re.compile("%40")
Json = Mapping[str, Any]


@dataclass(frozen=True)
class WebLine:
    """A row of cells of text; `number` is its physical line, or its place in the file."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class BlockHeading:
    """The names of a header, and its dimensions and metrics by the place of their column (0-based).

    `unknown` are the places of columns whose names the catalogue of the service lacks. `languages`
    are those in which all other names are written.
    """

    names: tuple[str, ...]
    dimensions: Mapping[int, str]
    metrics: Mapping[int, str]
    unknown: tuple[int, ...]
    languages: frozenset[ServiceLanguage]

    @classmethod
    def of(cls, names: Sequence[str], kind: Kind, headers: Headers = ()) -> BlockHeading:
        """The columns of a header; one without a name counts as unknown.

        `headers` are names that a layout adds to those of the service.
        """
        dimensions: dict[int, str] = {}
        metrics: dict[int, str] = {}
        languages: frozenset[ServiceLanguage] = frozenset(SERVICE_LANGUAGES)
        catalogues = (index_names(group, kind, headers) for group in ("dimensions", "metrics"))
        for columns, catalogue in zip((dimensions, metrics), catalogues, strict=True):
            for place, name in enumerate(names):
                entry = catalogue.get(simple(name))
                if entry is not None and place not in dimensions:
                    columns[place] = entry[0]
                    languages &= entry[1]
        named = dimensions.keys() | metrics.keys()
        unknown = tuple(place for place in range(len(names)) if place not in named)
        return cls(tuple(names), dimensions, metrics, unknown, languages)

    @property
    def has_unknown_dimension(self) -> bool:
        """Whether an unknown column is a dimension: those come before the metrics."""
        edge = min(self.metrics, default=max(self.dimensions, default=len(self.unknown)) + 1)
        return any(place < edge for place in self.unknown)

    @property
    def covers_all_visits(self) -> bool:
        """Whether every visit is in the rows, so that a total is one of all visits."""
        entries = [service().dimensions[name] for name in self.dimensions.values()]
        return not self.has_unknown_dimension and all(each.whole or each.grain for each in entries)

    @property
    def visitor_places(self) -> list[int]:
        """The places of dimensions that tell visitors apart."""
        catalogue = service().dimensions
        return [at for at, name in self.dimensions.items() if catalogue[name].personal]

    @property
    def only_dimension(self) -> tuple[int, str, Dimension] | None:
        """The place, the name and the properties of the dimension, where there is one alone."""
        if len(self.dimensions) != 1:
            return None
        ((place, name),) = self.dimensions.items()
        return place, name, service().dimensions[name]


@dataclass(frozen=True)
class Block:
    """A header and the rows under it; `period` is None if the file gives none, or several."""

    heading: BlockHeading
    line: int
    period: Period | None
    rows: tuple[WebLine, ...]
    totals: tuple[WebLine, ...] = ()


@dataclass(frozen=True)
class WebExport:
    """One file, by its name in messages, and what stands in it.

    It may say neither its property nor its time zone. `banner` are its comments. `concerns` are
    reasons for which its figures are no counts (`sampled`, `thresholded`, `collapsed`), each with
    the line that says so.
    """

    kind: Kind = "ga4"
    blocks: tuple[Block, ...] = ()
    property_: str | None = None
    time_zone: str | None = None
    banner: tuple[str, ...] = ()
    concerns: Mapping[str, int] = field(default_factory=dict)
    file: str = ""
    sha256: str = ""
    findings: Findings = field(default_factory=lambda: Findings(""))

    @property
    def lines(self) -> Iterator[WebLine]:
        """The rows and total rows of all blocks."""
        for block in self.blocks:
            yield from (*block.rows, *block.totals)


def read_web_export(path: Path, label: str, layout: WebFolder) -> WebExport:
    """Read an export; `label` is its name in messages.

    Labels with personal data (a source, the address of a page) are withheld here. Faults of the
    file are in the findings, and nothing is raised for them.
    """
    findings = Findings(label)
    raw, export = b"", WebExport()
    try:
        raw = read_bytes(path)
        export = _read(raw, path.name, layout, findings)
    except FaultError as error:
        findings.add_error(error)
    blocks = tuple(map(_withhold_personal, export.blocks))
    sha256 = hashlib.sha256(raw).hexdigest()
    return replace(export, blocks=blocks, file=label, sha256=sha256, findings=findings)


def _withhold_personal(block: Block) -> Block:
    """Withhold each label that holds personal data (B80); cells of metrics stay."""
    heading = block.heading
    with_medium = {at for at, name in heading.dimensions.items() if service().dimensions[name].only}

    def withhold(at: int, cell: str) -> str:
        if at in heading.metrics or not find_personal_kind(AT_IN_A_LINK.sub("@", cell)):
            return cell
        # The medium of 'source / medium' stays: it says whether the layout wants the row.
        medium = cell.rpartition("/")[2]
        stays = at in with_medium and not find_personal_kind(AT_IN_A_LINK.sub("@", medium))
        return f"{WITHHELD} / {medium.strip()}" if stays else WITHHELD

    rows = []
    for row in block.rows:
        cells = tuple(withhold(at, cell) for at, cell in enumerate(row.cells))
        rows.append(replace(row, cells=cells))
    return replace(block, rows=tuple(rows))


def _read(raw: bytes, name: str, layout: WebFolder, findings: Findings) -> WebExport:
    """What stands in a file, whose kind its first bytes and its name tell."""
    if raw.startswith(b"PK") or is_named_workbook(name):
        lines = _read_sheets(raw, findings)
    elif raw.removeprefix(BOM_UTF8).lstrip()[:1] in (b"{", b"["):
        findings.cell = lambda line, _: f"row {line}" if line else ""
        return _read_responses(raw, findings)
    else:
        lines = list(_read_rows(decode(raw, layout.encodings, findings.noted), findings))
    other = find_other_service(line.cells for line in lines[:FIRST_ROWS])
    if other is not None:
        raise FaultError("B82", "other_service", name=other.name, read=other.read)
    export = cut_blocks(lines, layout.added_names)
    if not export.blocks:
        raise FaultError("B07", "no_blocks")
    return export


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
    # The delimiter is the most frequent one in the first line that is no comment.
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


def _read_responses(text: bytes, findings: Findings) -> WebExport:
    """The reports of a file: responses, alone or with their requests."""
    other = find_service_of_json(text)
    if other is not None:
        raise FaultError("B82", "other_service", name=other.name, read=other.read)
    try:
        document = json.loads(text.removeprefix(BOM_UTF8))
    except (ValueError, RecursionError):
        raise FaultError("B09", "no_json") from None
    property_, time_zone, numbers = None, None, count(1)
    blocks: list[Block] = []
    concerns: dict[str, int] = {}
    try:
        for item in document if isinstance(document, list) else [document]:
            response = item.get("response", item) if isinstance(item, dict) else item
            if not isinstance(response, dict) or "metricHeaders" not in response:
                continue
            request, metadata = item.get("request") or {}, response.get("metadata") or {}
            property_ = request.get("property") or property_
            time_zone = metadata.get("timeZone") or time_zone
            block = _read_response(request, response, numbers, findings)
            blocks.append(block)
            has_labels = bool(response.get("dimensionHeaders"))
            reasons = {
                "sampled": metadata.get("samplingMetadatas"),
                "thresholded": metadata.get("subjectToThresholding"),
                "collapsed": has_labels and metadata.get("dataLossFromOtherRow"),
            }
            line = min((row.number for row in (*block.rows, *block.totals)), default=0)
            for name in (name for name, is_so in reasons.items() if is_so):
                concerns.setdefault(name, line)
    except (KeyError, TypeError, AttributeError, IndexError):
        raise FaultError("B22", "broken_response") from None
    if not blocks:
        raise FaultError("B22", "no_response")
    return WebExport("ga4", tuple(blocks), property_, time_zone, concerns=concerns)


def _read_response(
    request: Json, response: Json, numbers: Iterator[int], findings: Findings
) -> Block:
    """The block of one response, its rows numbered."""

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
    # Without dimensions there is one row, which has no label, and isn't a total row.
    if not dimensions:
        return Block(heading, 0, period, rows, totals)
    return set_totals_apart(Block(heading, 0, period, (*rows, *totals)))


def cut_blocks(lines: Sequence[WebLine], headers: Headers = ()) -> WebExport:
    """The blocks of a file, each of one period, with its total rows apart.

    `headers` are names of columns that a layout adds to those of the service.
    """
    kind = _find_kind(lines)
    blocks: list[tuple[Block, list[WebLine]]] = []
    is_in_block, banner_period = False, None
    comments: dict[int, str] = {}
    remarks: list[str] = []  # the comments since the last header
    for line in lines:
        filled = [cell for cell in line.cells if cell.strip()]
        # Among rows it is a comment only if its other cells are blank: a page may be called '#'.
        may_be_comment = not is_in_block or not any(cell.strip() for cell in line.cells[1:])
        if not filled:
            is_in_block = False
        elif line.cells[0].lstrip().startswith(COMMENT) and may_be_comment:
            is_in_block = False
            text = ", ".join(filled).removeprefix(COMMENT).strip()
            comments[line.number] = text
            remarks.append(text)
            banner_period = parse_period(text) or banner_period
        elif is_in_block and not _is_header(line.cells, kind, headers):
            blocks[-1][1].append(line)
        elif blocks and not remarks and any(MEASURED.fullmatch(c.strip()) for c in line.cells[1:]):
            # A blank line stood between rows: these belong to the block above it.
            is_in_block = True
            blocks[-1][1].append(line)
        else:
            width = max(at for at, cell in enumerate(line.cells, start=1) if cell.strip())
            heading = BlockHeading.of(line.cells[:width], kind, headers)
            period = _find_block_period(remarks, banner_period)
            blocks.append((Block(heading, line.number, period, ()), []))
            is_in_block, remarks = True, []
    return WebExport(
        kind,
        tuple(set_totals_apart(replace(block, rows=tuple(rows))) for block, rows in blocks),
        _find_property([*comments.values()]),
        banner=tuple(comments.values()),
        concerns=_find_concerns(comments),
    )


def _find_block_period(remarks: Sequence[str], banner: Period | None) -> Period | None:
    """The period that labelled days above a header give or, without these, that of the banner."""
    days = [day for day in map(parse_labelled_day, remarks) if day is not None]
    if not days:
        return banner
    return _period(*days) if len(days) == 2 else None  # noqa: PLR2004 - a first and a last day


def _find_concerns(comments: Mapping[int, str]) -> dict[str, int]:
    concerns: dict[str, int] = {}
    for number, comment in comments.items():
        for concern in ("sampled", "thresholded"):
            if any(word in simple(comment) for word in getattr(service(), concern)):
                concerns.setdefault(concern, number)
    return concerns


def _find_property(comments: Sequence[str]) -> str | None:
    """The property that the banner names: by that word, or in its first line."""
    words = {simple(word) for word in service().property}
    for comment in comments:
        word, _, name = comment.partition(":")
        if simple(word) in words and name.strip():
            return name.strip()
    lines = [comment for comment in comments if not RULE.fullmatch(comment)]
    has_period = any(map(parse_period, lines)) and not any(map(parse_labelled_day, lines))
    return lines[0] if has_period and not parse_period(lines[0]) else None


def _is_header(cells: Sequence[str], kind: Kind, headers: Headers) -> bool:
    """Whether each cell names a column, first a dimension, and one names a metric."""
    heading = BlockHeading.of(cells, kind, headers)
    named = len(heading.dimensions) + len(heading.metrics)
    filled = sum(bool(cell.strip()) for cell in cells)
    return 0 in heading.dimensions and bool(heading.metrics) and named == filled


def _find_kind(lines: Sequence[WebLine]) -> Kind:
    """The service that wrote a file: GA4 has labelled days, and names of its own."""
    only_ga4 = index_names("metrics", "ga4").keys() - index_names("metrics", "ua").keys()
    only_ga4 |= {simple(service().totals[0])}
    for line in lines:
        first = line.cells[0].lstrip() if line.cells else ""
        if first.startswith(COMMENT) and parse_labelled_day(first.removeprefix(COMMENT).strip()):
            return "ga4"
        if only_ga4 & {simple(cell) for cell in line.cells}:
            return "ga4"
    return "ua"


def set_totals_apart(block: Block) -> Block:
    """The block with its total rows apart: their dimensions are blank, or a word for a total."""
    places = list(block.heading.dimensions) or [0]
    words = {simple(word) for word in service().totals}
    rows: list[WebLine] = []
    totals: list[WebLine] = []
    for row in block.rows:
        cells = [row.cells[at].strip() for at in places if at < len(row.cells)]
        is_total = all(not cell or simple(cell) in words for cell in cells)
        (totals if is_total else rows).append(row)
    return replace(block, rows=tuple(rows), totals=tuple(totals))


def parse_period(text: str) -> Period | None:
    """The period that a text gives: `20170101-20171231`, `2017-01-01 - 2017-12-31`."""
    match = SPAN.search(text)
    return _period(_day(*match.groups()[:3]), _day(*match.groups()[3:])) if match else None


def parse_labelled_day(text: str) -> dt.date | None:
    """The day of a comment such as `Start date: 20170101`, in any language."""
    match = LABELLED_DAY.match(text)
    return _day(*match.groups()) if match else None


def _period(start: dt.date | None, end: dt.date | None) -> Period | None:
    return Period(start=start, end=end) if start and end and start <= end else None


def _day(*parts: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat("-".join(parts))
    except ValueError:
        return None
