"""Profile an unknown file: its encoding, delimiter, header, footers and columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from helpline_report.errors import ExportError, UserError
from helpline_report.exports.cell_texts import is_mojibake, personal_kind, plain, shape
from helpline_report.exports.decoding import ZIP, decode
from helpline_report.exports.delimited_text import DELIMITERS, Row, iterate_rows
from helpline_report.exports.export_files import read_bytes
from helpline_report.exports.faults import FaultError, Findings
from helpline_report.exports.text_tables import TextColumn, column_of
from helpline_report.exports.workbooks import open_sheets
from helpline_report.setup.column_profiles import looks_like_value

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
class FileProfile:
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


def profile_file(path: Path) -> FileProfile:
    """Profile a file.

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
    profile = None
    if raw is not None:
        profile = (_workbook if raw.startswith(ZIP) else _text)(raw, findings)
    if profile is None:
        raise ExportError(findings.problems, findings.counted)
    return profile


def _text(raw: bytes, findings: Findings) -> FileProfile | None:
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
    return _of_rows(rows, findings, remarks, encoding=encoding, delimiter=delimiter)


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
            widths = Counter(len(cells) for _, cells in _filled(iterate_rows(text, delimiter)))
        except FaultError:
            continue
        width, rows = widths.most_common(1)[0]
        shares[delimiter] = (rows / widths.total() if width > 1 else 0.0, width)
    best = max(shares, key=lambda delimiter: shares[delimiter], default=";")
    share = shares[best][0] if shares else 0.0
    return (best, share) if share else (";", 1.0)


def _filled(rows: Iterable[Row]) -> list[Row]:
    """The rows with a cell that isn't blank."""
    return [(line, cells) for line, cells in rows if any(map(str.strip, cells))]


def _workbook(raw: bytes, findings: Findings) -> FileProfile | None:
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
    cells = [list(row) for row in largest.rows()]
    width = max((len(row) for row in cells), default=0)
    rows = [(at, row + [""] * (width - len(row))) for at, row in enumerate(cells, 1)]
    profile = _of_rows(rows, findings, remarks, encoding="utf-8", delimiter=None)
    return profile and replace(profile, sheet=largest.number, sheets=len(filled))


def _of_rows(
    every: Sequence[Row],
    findings: Findings,
    remarks: list[str],
    *,
    encoding: str,
    delimiter: str | None,
) -> FileProfile | None:
    """Tell titles, header, rows and footers apart; each row is its line and its cells."""
    filled = _filled(every)
    width = Counter(len(cells) for _, cells in filled).most_common(1)[0][0]
    head = _header(filled, width)
    line, header = filled[head]
    names = [" ".join(cell.split()) for cell in header]
    if not _named(names, findings, line):
        return None
    below = filled[head + 1 :]
    wide = [row for row in below if len(row[1]) == len(names)]
    rows = [row for row in wide if [cell.strip() for cell in row[1]] != names]
    body = _without_footer([cells for _, cells in rows])
    if not body:
        findings.add("B07", "no_rows", line=line)
        return None
    last = rows[len(body) - 1][0]
    under = [cells for at, cells in below if at > last]
    table = {name: column_of(cells[at] for cells in body) for at, name in enumerate(names)}
    if not _has_header(table, findings, line):
        return None
    again = len(wide) - len(rows)
    uneven = len(below) - again - len(body) - len(under)
    if head:
        remarks.append(f"{head} title line(s) above the header in line {line}")
    if again:
        remarks.append(f"the header {again} time(s) among the rows")
    if uneven > 0:
        remarks.append(f"{uneven} row(s) with another number of fields, not looked at")
    if any(is_mojibake(text) for column in table.values() for text in column.distinct):
        remarks.append("letters were lost in an earlier conversion, which is refused (B05)")
    return FileProfile(
        findings.file,
        encoding,
        delimiter,
        table,
        len(body),
        tuple(remarks),
        tuple(_footer(cells, len(body)) for cells in under),
    )


def _footer(cells: Sequence[str], rows: int) -> Footer:
    text = " ".join(cell.strip() for cell in cells if cell.strip())
    return Footer(shape(text), re.findall(r"\d+", text) == [str(rows)])


def _header(filled: Sequence[Row], width: int) -> int:
    """The first of the upper rows that is as wide as most, and more than half filled."""
    for at, (_, cells) in enumerate(filled[:WITHIN]):
        if len(cells) == width and sum(bool(cell.strip()) for cell in cells) * 2 > width:
            return at
    return 0


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


def _without_footer(rows: list[Sequence[str]]) -> list[Sequence[str]]:
    """The rows without those at the end that hold little, and nothing that looks like a row's."""
    known = [
        {_brief(cell) for cell in column if cell.strip()}
        for column in zip(*rows[:COMPARED], strict=True)
    ]
    end = len(rows)
    while end > 1:
        cells = rows[end - 1]
        filled = [at for at, cell in enumerate(cells) if cell.strip()]
        if len(filled) * 2 > len(cells) or any(_brief(cells[at]) in known[at] for at in filled):
            break
        end -= 1
    return rows[:end]


def _brief(text: str) -> str:
    return _AGAIN.sub(r"\1", shape(text.strip()))
