"""Lines of an export become blocks: told apart by comments, blank lines and headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from helpline_report.exports.web.heading import heading, is_ga4_name, is_header, is_total
from helpline_report.exports.web.model import Block, Line
from helpline_report.exports.web.periods import labelled_day, span, spans
from helpline_report.parameters.service import Kind, service, simple
from helpline_report.parameters.values import Period

COMMENT = "#"
# A cell that holds a number, a percentage, a duration or an amount: no name of a column.
MEASURED = re.compile(r"[^\W\d]{0,3}\W{0,3}\d[\d.,:\s%]*\W?")


@dataclass
class Sections:
    """The blocks of a file, and its comments, each with its line."""

    blocks: list[Block] = field(default_factory=list)
    comments: list[tuple[int, str]] = field(default_factory=list)
    kind: Kind = "ua"
    left_out: int = 0


@dataclass
class _Open:
    names: tuple[str, ...]
    line: int
    period: Period | None
    rows: list[Line] = field(default_factory=list)


class _Cutter:
    """Takes the lines of one file, top to bottom."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.found: list[_Open] = []
        self.comments: list[tuple[int, str]] = []
        self._pending: list[str] = []
        self._banner: Period | None = None
        self._open: _Open | None = None

    def take(self, line: Line) -> None:
        """Take one line."""
        if line.blank():
            self._open = None
        elif _is_comment(line, inside=self._open is not None):
            self._comment(line)
        elif self._open is not None and not is_header(line.cells, self.kind):
            self._open.rows.append(line)
        elif self.found and not self._pending and _is_row(line.cells):
            # A blank line between rows: they belong to the block above it.
            self._open = self.found[-1]
            self._open.rows.append(line)
        else:
            names = _trimmed(line.cells)
            self._open = _Open(names, line.number, self._period())
            self.found.append(self._open)
            self._pending = []

    def _comment(self, line: Line) -> None:
        text = ", ".join(cell for cell in line.cells if cell.strip())
        text = text.removeprefix(COMMENT).strip()
        self.comments.append((line.number, text))
        self._open = None
        self._pending.append(text)
        self._banner = span(text) or self._banner

    def _period(self) -> Period | None:
        """The period that the comments above say; the banner's where they say none."""
        days = [day for day in map(labelled_day, self._pending) if day is not None]
        if not days:
            return self._banner
        found = spans(days)
        return found[0] if len(found) == 1 else None


def _is_comment(line: Line, *, inside: bool) -> bool:
    """A row may begin with a hash too, where somebody's page is called so."""
    alone = not any(cell.strip() for cell in line.cells[1:])
    return line.cells[0].lstrip().startswith(COMMENT) and (alone or not inside)


def _is_row(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells[1:] if cell.strip()]
    return bool(filled) and any(MEASURED.fullmatch(cell) for cell in filled)


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    last = max((place for place, cell in enumerate(cells) if cell.strip()), default=-1)
    return tuple(cells[: last + 1])


def kind_of(lines: Iterable[Line]) -> Kind:
    """Which of the two services wrote a file: by labelled dates, or names that only one has."""
    for line in lines:
        first = line.cells[0].lstrip() if line.cells else ""
        if first.startswith(COMMENT) and labelled_day(first.removeprefix(COMMENT).strip()):
            return "ga4"
        if any(is_ga4_name(cell) or _grand(cell) for cell in line.cells):
            return "ga4"
    return "ua"


def _grand(text: str) -> bool:
    return simple(text) == simple(service().totals[0])


def cut(lines: Sequence[Line]) -> Sections:
    """The blocks of a file, each for one period, with its total rows apart."""
    kind = kind_of(lines)
    cutter = _Cutter(kind)
    for line in lines:
        cutter.take(line)
    found = Sections(comments=cutter.comments, kind=kind)
    for opened in cutter.found:
        whole = Block(opened.names, opened.line, opened.period, tuple(opened.rows))
        blocks, left_out = by_range(whole, kind, {})
        found.blocks += [with_totals(block, kind) for block in blocks]
        found.left_out += left_out
    return found


def by_range(block: Block, kind: Kind, known: dict[str, Period]) -> tuple[list[Block], int]:
    """A block for each period that a column of date ranges names, without that column.

    `known` are ranges by name. Rows of a change between two periods are of neither: the second
    number counts them.
    """
    columns = heading(block.names, kind).dimensions
    at = next((p for p, name in columns.items() if service().dimensions[name].range), None)
    if at is None:
        return [block], 0
    changes = {simple(text) for text in service().changes}
    apart: dict[str, list[Line]] = {}
    left_out = 0
    for row in block.rows:
        text = row.cells[at] if at < len(row.cells) else ""
        if simple(text) in changes:
            left_out += 1
        else:
            apart.setdefault(text, []).append(replace(row, cells=_without(row.cells, at)))
    names = _without(block.names, at)
    blocks = [
        Block(names, block.line, known.get(text) or span(text), tuple(rows))
        for text, rows in apart.items()
    ]
    return blocks, left_out


def _without(cells: Sequence[str], at: int) -> tuple[str, ...]:
    return (*cells[:at], *cells[at + 1 :])


def with_totals(block: Block, kind: Kind) -> Block:
    """The block with its total rows apart: no value in a dimension, or a label that says so."""
    dimensions = heading(block.names, kind).dimensions or {0: ""}
    rows: list[Line] = []
    totals: list[Line] = []
    for row in block.rows:
        is_sum = _is_total_row(row, dimensions, len(block.names))
        (totals if is_sum else rows).append(row)
    return replace(block, rows=tuple(rows), totals=tuple(totals))


def _is_total_row(row: Line, dimensions: Iterable[int], width: int) -> bool:
    cells = [row.cells[at].strip() for at in dimensions if at < len(row.cells)]
    labelled = any(is_total(cell) for cell in (*cells, *row.cells[width:]))
    return all(not cell or is_total(cell) for cell in cells) and (labelled or not any(cells))
