"""Tables in plain text: rows of a label and numbers, the words above them, and their totals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from helpline_report.audit.proofreading.document import Line, Row, Table
from helpline_report.audit.proofreading.no_counts import masked
from helpline_report.audit.proofreading.numerals import Numeral, find_numerals
from helpline_report.audit.proofreading.vocabulary import dutch

FEWEST_ROWS = 3
HEAD_LINES = 4
LONGEST_LABEL = 14
CELL = re.compile(r"[+\-−]?\d(?:[\d.,\N{NO-BREAK SPACE}]*\d)?(?:\s?%)?(?=\s|$)")
YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class _Parsed:
    """A line as a row: labels and cells in turn."""

    index: int
    shape: str
    labels: tuple[str, ...]
    cells: tuple[Numeral, ...]

    @property
    def is_total(self) -> bool:
        return is_total(self.labels[0])


def is_total(label: str) -> bool:
    """Whether a row of that label is the sum of those above it."""
    return label.casefold().strip(" :.*") in dutch().total_rows


def find_tables(
    lines: Sequence[Line], sections: Sequence[int], names: frozenset[str]
) -> tuple[tuple[Table, ...], set[int]]:
    """The tables among lines, and the numbers of the lines they stand on."""
    rows = [_parse(index, line.text, names) for index, line in enumerate(lines)]
    tables, taken = [], set[int]()
    at = 0
    while at < len(rows):
        run = _run(rows, lines, at)
        if len(run) >= FEWEST_ROWS:
            head = _head(lines, run[0].index, taken)
            taken |= {row.index for row in run} | set(head)
            tables.append(_table(lines, run, head, sections[run[0].index]))
            at = run[-1].index + 1
        else:
            at += 1
    return tuple(tables), taken


def _run(rows: Sequence[_Parsed | None], lines: Sequence[Line], at: int) -> list[_Parsed]:
    """Rows of one shape that follow each other, blank lines left aside, up to their total."""
    first = rows[at]
    if first is None or first.is_total:
        return []
    run = [first]
    for row, line in zip(rows[at + 1 :], lines[at + 1 :], strict=True):
        if row is None:
            if line.text.strip(" |:-+="):
                break
            continue
        if row.shape != first.shape:
            break
        run.append(row)
        if row.is_total:
            break
    return run


def _parse(index: int, text: str, names: frozenset[str]) -> _Parsed | None:
    """A line as a row, if it begins with a label and ends with a cell."""
    text = text.replace("|", "  ")
    seen = masked(text, names)
    shape, at = "", 0
    labels: list[str] = []
    cells: list[Numeral] = []
    for match in CELL.finditer(seen):
        if match.start() and not seen[match.start() - 1].isspace():
            continue
        label = text[at : match.start()].strip()
        found = find_numerals(match[0])
        if len(found) != 1:
            return None
        if label:
            shape, labels = shape + "L", [*labels, label]
        shape += "P" if found[0].is_share else "N"
        cells.append(found[0])
        at = match.end()
    if not labels or not shape.startswith("L") or text[at:].strip() or not _label(labels[0]):
        return None
    if any(not _label(label) for label in labels):
        return None
    return _Parsed(index, shape, tuple(labels), tuple(cells))


def _label(label: str) -> bool:
    short = len(label.split()) <= LONGEST_LABEL
    return bool(short and not re.search(r"[.;!?]\s|[,;(]$|\bn\s?=", label))


def _head(lines: Sequence[Line], first: int, taken: set[int]) -> list[int]:
    """The lines right above a table that name its columns: no sentence stands between."""
    found: list[int] = []
    index = first - 1
    while index >= 0 and first - index <= 2 * HEAD_LINES and len(found) < HEAD_LINES:
        text = lines[index].text.strip()
        if not text.strip("|:-+= "):
            index -= 1
            continue
        if text and (re.search(r"[.!?]$", text) or index in taken):
            break
        if text:
            found.append(index)
        index -= 1
    return _without_prose(lines, found[::-1])


def _without_prose(lines: Sequence[Line], found: list[int]) -> list[int]:
    """Lines of a head; a long line is prose, and so is what stands above it."""
    long = [index for index in found if len(lines[index].text.strip()) > 2 * 60]
    return [index for index in found if not long or index > long[-1]]


def _table(
    lines: Sequence[Line], run: Sequence[_Parsed], head: Sequence[int], section: int
) -> Table:
    rows = [Row(lines[row.index].place, row.labels[0], row.cells) for row in run]
    total = rows.pop() if run[-1].is_total else None
    caption = " ".join(lines[index].text.strip() for index in head)
    heads = _heads([lines[index].text for index in head], len(run[0].cells))
    return Table(rows[0].place, caption, heads, tuple(rows), total, section)


def _heads(above: Sequence[str], width: int) -> tuple[str, ...]:
    """A head a column, where the last line above gives as many; else none."""
    for text in reversed(above):
        years = YEAR.findall(text)
        if len(years) == width:
            return tuple(years)
        parts = re.split(r"\s{2,}|\t|\s*\|\s*", text.strip(" |"))
        if len(parts) == width + 1:
            return tuple(parts[1:])
        if len(parts) == width and text[:1].isspace():
            return tuple(parts)
    return ("",) * width
