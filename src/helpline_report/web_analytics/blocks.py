"""Cut the lines of a web analytics export into blocks: a header, rows, totals and their period."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from helpline_report.parameters.values import Period
from helpline_report.parameters.web_service import (
    LANGUAGES,
    Dimension,
    Kind,
    Language,
    index_names,
    service,
    simple,
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


@dataclass(frozen=True)
class WebLine:
    """A row of cells of text; `number` is its physical line, or its place in the file."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class BlockHeading:
    """The names of a header, and its dimensions and metrics by the place of their column (0-based).

    `unknown` are the places of columns that the service's catalogue doesn't have. `languages` are
    those in which all other names are written.
    """

    names: tuple[str, ...]
    dimensions: Mapping[int, str]
    metrics: Mapping[int, str]
    unknown: tuple[int, ...]
    languages: frozenset[Language]

    @classmethod
    def of(cls, names: Sequence[str], kind: Kind) -> BlockHeading:
        """The columns of a header; one without a name counts as unknown."""
        dimensions: dict[int, str] = {}
        metrics: dict[int, str] = {}
        languages: frozenset[Language] = frozenset(LANGUAGES)
        for columns, catalogue in (
            (dimensions, index_names("dimensions", kind)),
            (metrics, index_names("metrics", kind)),
        ):
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
        """Whether an unknown column stands among the dimensions, which stand before metrics."""
        edge = min(self.metrics, default=max(self.dimensions, default=len(self.unknown)) + 1)
        return any(place < edge for place in self.unknown)

    @property
    def covers_all_visits(self) -> bool:
        """Whether every visit is in the rows, so that a total is one of all visits."""
        entries = [service().dimensions[name] for name in self.dimensions.values()]
        return not self.has_unknown_dimension and all(each.whole or each.grain for each in entries)

    @property
    def visitor_places(self) -> list[int]:
        """The places of dimensions by which a row is one visitor."""
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
    """A header and the rows under it; `period` is None where nothing says which, or two do."""

    heading: BlockHeading
    line: int
    period: Period | None
    rows: tuple[WebLine, ...]
    totals: tuple[WebLine, ...] = ()


@dataclass(frozen=True)
class Content:
    """What stands in an export; it may say neither its property nor its time zone.

    `banner` are the lines in which it says what it is. `concerns` are what it says of itself that
    makes its figures something else than a count, with the line that says so: `sampled`,
    `thresholded`, `collapsed`.
    """

    kind: Kind = "ga4"
    blocks: tuple[Block, ...] = ()
    property_: str | None = None
    time_zone: str | None = None
    banner: tuple[str, ...] = ()
    concerns: Mapping[str, int] = field(default_factory=dict)


def cut_blocks(lines: Sequence[WebLine]) -> Content:
    """The blocks of a file, each of one period, with its total rows apart."""
    kind = _find_kind(lines)
    blocks: list[tuple[BlockHeading, int, Period | None, list[WebLine]]] = []
    rows: list[WebLine] | None = None
    comments: dict[int, str] = {}
    remarks: list[str] = []
    banner_period: Period | None = None
    for line in lines:
        filled = [cell for cell in line.cells if cell.strip()]
        # Among rows it is a comment only if its other cells are blank: a page may be called '#'.
        may_be_comment = rows is None or not any(cell.strip() for cell in line.cells[1:])
        if not filled:
            rows = None
        elif line.cells[0].lstrip().startswith(COMMENT) and may_be_comment:
            rows = None
            text = ", ".join(filled).removeprefix(COMMENT).strip()
            comments[line.number] = text
            remarks.append(text)
            banner_period = parse_period(text) or banner_period
        elif rows is not None and not _is_header(line.cells, kind):
            rows.append(line)
        elif blocks and not remarks and any(MEASURED.fullmatch(c.strip()) for c in line.cells[1:]):
            # A blank line between rows: they belong to the block above it.
            rows = blocks[-1][-1]
            rows.append(line)
        else:
            width = max(at for at, cell in enumerate(line.cells, start=1) if cell.strip())
            days = [day for day in map(parse_labelled_day, remarks) if day is not None]
            period = banner_period if not days else _period(*days) if len(days) == 2 else None  # noqa: PLR2004 - a first and a last day
            rows = []
            heading = BlockHeading.of(line.cells[:width], kind)
            blocks.append((heading, line.number, period, rows))
            remarks = []
    concerns: dict[str, int] = {}
    for at, comment in comments.items():
        for concern in ("sampled", "thresholded"):
            if any(word in simple(comment) for word in getattr(service(), concern)):
                concerns.setdefault(concern, at)
    return Content(
        kind,
        tuple(set_totals_apart(Block(*block[:-1], tuple(block[-1]))) for block in blocks),
        _find_property([*comments.values()]),
        banner=tuple(comments.values()),
        concerns=concerns,
    )


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


def _is_header(cells: Sequence[str], kind: Kind) -> bool:
    """Whether each cell names a column, first a dimension, and one names a metric."""
    heading = BlockHeading.of(cells, kind)
    named = len(heading.dimensions) + len(heading.metrics)
    filled = sum(bool(cell.strip()) for cell in cells)
    return 0 in heading.dimensions and bool(heading.metrics) and named == filled


def _find_kind(lines: Sequence[WebLine]) -> Kind:
    """Which of the two services wrote a file: by labelled days, or names that only one has."""
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
    """The block with its total rows apart: no value in a dimension, or a label that says so."""
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
