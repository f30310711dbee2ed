"""An unknown file as it is seen: encoding, delimiter, header, and the columns of its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpline_report.errors import ExportError, UserError
from helpline_report.exports.cell_texts import is_mojibake, personal_kind, plain, shape
from helpline_report.exports.decoding import ZIP, decode
from helpline_report.exports.delimited_text import (
    DELIMITERS,
    Row,
    iterate_rows,
)
from helpline_report.exports.export_files import read_bytes
from helpline_report.exports.faults import FaultError, Findings
from helpline_report.exports.text_tables import Grid, Mask, TextColumn
from helpline_report.exports.workbooks import open_sheets
from helpline_report.setup.sheet_rows import RowList
from helpline_report.setup.writing import looks_like_value

WITHIN = 20
COMPARED = 200

_ANALYTICS = re.compile(rb'\s*(# -{4,}|[{\[].{0,400}"(dimension|metric)Headers")', re.DOTALL)
_AGAIN = re.compile(r"(.)\1+")


@dataclass(frozen=True)
class Footer:
    """A text under the data, by its shape; `rows` where its one number is that of the rows."""

    shape: str
    rows: bool


@dataclass(frozen=True)
class SeenFile:
    """A file of rows: how it is written, its columns by name, and what was noticed.

    `delimiter` is None for a workbook; `sheets` is how many worksheets hold something, of which
    the one numbered `sheet` was read. Footers are told by their shape.
    """

    name: str
    encoding: str
    delimiter: str | None
    columns: dict[str, TextColumn]
    rows: int
    remarks: tuple[str, ...]
    footers: tuple[Footer, ...] = ()
    sheet: int = 0
    sheets: int = 1


def see(path: Path) -> SeenFile:
    """Look at a file.

    Raises:
        ExportError: the file can't be read, or its rows can't be told apart, with the codes of any
            export.
        UserError: it is a report of a web analytics service.
    """
    findings = Findings(path.name)
    raw = read_bytes(path, findings)
    if raw is not None and _ANALYTICS.match(raw.removeprefix(b"\xef\xbb\xbf")):
        raise UserError(
            "a report of a web analytics service, and no file of rows",
            where=path.name,
            next_step="the layout 'web-analytics' reads it, under any name: docs/web-analytics.md",
        )
    found = _seen(raw, findings) if raw is not None else None
    if found is None:
        raise ExportError(findings.problems, findings.counted)
    return found


def _seen(raw: bytes, findings: Findings) -> SeenFile | None:
    if raw.startswith(ZIP):
        return _workbook(raw, findings)
    text = decode(raw, ("utf-8", "windows-1252"), findings)
    if text is None:
        return None
    remarks = [_encoding_remark(findings)]
    encoding = "windows-1252" if findings.noted["B03"] else "utf-8"
    if text.lower().startswith(b"sep="):
        remarks.append("a first line 'sep=', which is left out")
        text = text.partition(b"\n")[2]
    delimiter, share = _delimiter(text)
    try:
        rows = list(iterate_rows(text, delimiter))
    except FaultError as error:
        findings.add_error(error)
        return None
    remarks.append(f"{DELIMITERS[delimiter]}s: {share:.0%} of the rows have as many fields")
    cells = [cells for _, cells in rows]
    lines = np.array([line for line, _ in rows])
    grid = RowList(cells, lines, np.array([len(row) for row in cells]))
    return _of_grid(grid, findings, remarks, encoding=encoding, delimiter=delimiter)


def _encoding_remark(findings: Findings) -> str:
    if findings.noted["B03"]:
        return "not UTF-8: Windows-1252 is a guess, so look whether accents read right below"
    if findings.noted["B02"]:
        return "UTF-16, which is read as it says"
    return "UTF-8, with a byte order mark" if findings.noted["B01"] else "UTF-8"


def _delimiter(text: bytes) -> tuple[str, float]:
    """The delimiter by which most rows have the same number of fields, more than one."""
    shares: dict[str, tuple[float, int]] = {}
    for delimiter in DELIMITERS:
        try:
            widths = Counter(_filled_widths(iterate_rows(text, delimiter)))
        except FaultError:
            continue
        width, rows = widths.most_common(1)[0]
        shares[delimiter] = (rows / widths.total() if width > 1 else 0.0, width)
    if not shares:
        return ";", 1.0
    found = max(shares, key=lambda delimiter: shares[delimiter])
    share = shares[found][0]
    return (found, share) if share else (";", 1.0)


def _filled_widths(rows: Iterable[Row]) -> Iterator[int]:
    """How many cells each row has that isn't blank."""
    return (len(cells) for _, cells in rows if any(map(str.strip, cells)))


def _workbook(raw: bytes, findings: Findings) -> SeenFile | None:
    sheets = open_sheets(raw, findings)
    if sheets is None:
        return None
    filled = [sheet for sheet in sheets if sheet.height]
    if not filled:
        findings.add("B07", "no_cells")
        return None
    largest = max(filled, key=lambda sheet: (not sheet.scan.hidden, sheet.height, -sheet.number))
    remarks = ["a workbook"]
    scan = largest.scan
    if scan.hidden_rows or scan.hidden_columns or scan.filtered:
        remarks.append("rows or columns are hidden in it, and such a workbook is refused")
    grid = RowList.of_sheet(largest.rows())
    seen = _of_grid(grid, findings, remarks, encoding="utf-8", delimiter=None)
    if seen is None:
        return None
    return SeenFile(**{**vars(seen), "sheet": largest.number, "sheets": len(filled)})


def _of_grid(
    grid: Grid, findings: Findings, remarks: list[str], *, encoding: str, delimiter: str | None
) -> SeenFile | None:
    filled = np.flatnonzero(~grid.blank())
    width = Counter(grid.widths[filled].tolist()).most_common(1)[0][0]
    head = _header(grid, filled, width)
    names = [" ".join(cell.split()) for cell in grid.cells(head)]
    line = int(grid.lines[head])
    if not _named(names, findings, line):
        return None
    below = filled[filled > head]
    rows, again = _rows(grid, below, names)
    body, under = _without_footer(grid, rows)
    last = int(body[-1]) if body.size else head
    under += [int(row) for row in below[below > last] if int(row) not in under]
    if not body.size:
        findings.add("B07", "no_rows", line=line)
        return None
    mask: Mask = np.isin(np.arange(len(grid.lines)), body)
    columns = grid.columns(mask, len(names), range(len(names)))
    table = {name: columns[at] for at, name in enumerate(names)}
    if not _has_header(table, findings, line):
        return None
    titles = int((filled < head).sum())
    remarks += _counts(titles, again, below.size - again - body.size - len(under), line)
    if any(is_mojibake(text) for column in table.values() for text in column.distinct):
        remarks.append("letters were lost in an earlier conversion, which is refused (B05)")
    footers = tuple(_footer(grid.cells(row), int(body.size)) for row in sorted(under))
    return SeenFile(
        findings.file, encoding, delimiter, table, int(body.size), tuple(remarks), footers
    )


def _footer(cells: Sequence[str], rows: int) -> Footer:
    text = " ".join(cell.strip() for cell in cells if cell.strip())
    return Footer(shape(text), re.findall(r"\d+", text) == [str(rows)])


def _header(grid: Grid, filled: np.ndarray[tuple[int], np.dtype[np.int64]], width: int) -> int:
    """The first of the upper rows that is as wide as most, and more than half filled."""
    for row in filled[:WITHIN]:
        cells = grid.cells(int(row))
        if len(cells) == width and sum(bool(cell.strip()) for cell in cells) * 2 > width:
            return int(row)
    return int(filled[0])


def _named(names: Sequence[str], findings: Findings, line: int) -> bool:
    """Whether every column has a name of its own."""
    for position, name in enumerate(names):
        if not name:
            findings.add("B22", "no_name", line=line, position=position + 1)
        elif plain(name) in [plain(other) for other in names[:position]]:
            findings.add("B20", "unknown", line=line, shape=shape(name))
    return not findings.problems


def _has_header(table: dict[str, TextColumn], findings: Findings, line: int) -> bool:
    """Whether the names aren't values: a file without a header would show somebody's row."""
    for name, column in table.items():
        is_value = looks_like_value(name) or personal_kind(name)
        if is_value or plain(name) in {plain(text) for text in column.distinct}:
            findings.add("B22", "value", line=line, shape=shape(name))
            return False
    return True


def _rows(
    grid: Grid, below: np.ndarray[tuple[int], np.dtype[np.int64]], names: Sequence[str]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], int]:
    """The rows as wide as the header, and how many times the header stands among them again."""
    wide = below[grid.widths[below] == len(names)]
    # Of a column's texts, one is its name where the header is repeated: looked at once a column.
    mask: Mask = np.isin(np.arange(len(grid.lines)), wide)
    if not wide.size:
        return wide, 0
    columns = grid.columns(mask, len(names), range(len(names)))
    same = np.ones(wide.size, dtype=np.bool_)
    for at, name in enumerate(names):
        named = [place for place, text in enumerate(columns[at].distinct) if text.strip() == name]
        same &= np.isin(columns[at].codes, named)
    return wide[~same], int(same.sum())


def _without_footer(
    grid: Grid, rows: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], list[int]]:
    """The rows without those at the end that hold little, and nothing that looks like a row's."""
    known: list[set[str]] = []
    for row in rows[:COMPARED]:
        for at, cell in enumerate(grid.cells(int(row))):
            known += [set()] if at == len(known) else []
            known[at] |= {_brief(cell)} if cell.strip() else set()
    under: list[int] = []
    while rows.size > len(under) + 1:
        row = int(rows[-1 - len(under)])
        cells = grid.cells(row)
        filled = [at for at, cell in enumerate(cells) if cell.strip()]
        if len(filled) * 2 > len(cells) or any(_brief(cells[at]) in known[at] for at in filled):
            break
        under.insert(0, row)
    return rows[: rows.size - len(under)], under


def _brief(text: str) -> str:
    return _AGAIN.sub(r"\1", shape(text.strip()))


def _counts(titles: int, again: int, uneven: int, line: int) -> list[str]:
    told = []
    if titles:
        told.append(f"{titles} title line(s) above the header in line {line}")
    if again:
        told.append(f"the header {again} time(s) among the rows")
    if uneven > 0:
        told.append(f"{uneven} row(s) with another number of fields, not looked at")
    return told
