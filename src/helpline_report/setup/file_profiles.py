"""Profile an unknown file: its encoding, delimiter, header, footers and columns."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpline_report.errors import ExportError, UserError
from helpline_report.exports.cell_texts import find_personal_kind, plain, shape
from helpline_report.exports.decoding import ZIP, decode
from helpline_report.exports.delimited_text import DELIMITERS, Row, iterate_rows
from helpline_report.exports.export_files import read_bytes
from helpline_report.exports.faults import FaultError, Findings
from helpline_report.exports.rows import TOTAL
from helpline_report.exports.text_tables import collect_columns
from helpline_report.exports.workbooks import open_sheets

WITHIN = 20
COMPARED = 200
REMARKS = {
    "B03": "not UTF-8: Windows-1252 is a guess, so look whether accents read right below",
    "B02": "UTF-16, which is read as it says",
    "B01": "UTF-8, with a byte order mark",
}
READ_BY_LAYOUT = "the layout 'web-analytics' reads it, under any name: docs/web-analytics.md"
_ANALYTICS = re.compile(rb'\s*(# -{4,}|[{\[].{0,400}"(dimension|metric)Headers")', re.DOTALL)
_AGAIN = re.compile(r"(.)\1+")
# A date, a number, a code or an address rather than the name of a column.
_VALUE = re.compile(r"[\d\s.,:/+-]*\d[\d\s.,:/+-]*|.*@.*|\d+\D.*\d+.*", re.ASCII)


@dataclass(frozen=True)
class FileProfile:
    """A file of rows: how it is written, its columns by name, remarks for the user.

    `delimiter` is '' for a workbook; of its `sheets` that aren't empty, the one numbered `sheet`
    was read. `footers` are shapes.
    """

    name: str
    columns: dict[str, pd.Categorical]
    rows: int
    remarks: tuple[str, ...]
    footers: tuple[str, ...]
    encoding: str = "utf-8"
    delimiter: str = ""
    sheet: int = 0
    sheets: int = 1


def profile_file(path: Path) -> FileProfile:
    """Profile a file.

    Raises:
        ExportError: the file can't be read, or its rows can't be separated, with the codes of any
            export.
        UserError: it is a report of a web analytics service.
    """
    findings = Findings(path.name)
    try:
        raw = read_bytes(path)
        if _ANALYTICS.match(raw.removeprefix(b"\xef\xbb\xbf")):
            what = "a report of a web analytics service, and no file of rows"
            raise UserError(what, where=path.name, next_step=READ_BY_LAYOUT)
        profile_content = _profile_workbook if raw.startswith(ZIP) else _profile_text
        return profile_content(raw, findings)
    except FaultError as error:
        findings.add_error(error)
    raise ExportError(findings.problems, findings.counted)


def _profile_text(raw: bytes, findings: Findings) -> FileProfile:
    text = decode(raw, ("utf-8", "windows-1252"), findings.noted)
    notes = [next((remark for code, remark in REMARKS.items() if findings.noted[code]), "UTF-8")]
    if text.lower().startswith(b"sep="):
        notes.append("a first line 'sep=', which is left out")
        text = text.partition(b"\n")[2]
    delimiter, share = _guess_delimiter(text)
    rows = list(iterate_rows(text, delimiter))
    unwrapped = list(_unwrap_rows(rows, delimiter))
    notes.append(f"{DELIMITERS[delimiter]}s: {share:.0%} of the rows have as many fields")
    if unwrapped != rows:
        notes.append("rows in quotes as a whole, which a reading takes away (B29)")
    encoding = "windows-1252" if findings.noted["B03"] else "utf-8"
    return _profile_rows(unwrapped, findings, notes, encoding=encoding, delimiter=delimiter)


def _guess_delimiter(text: bytes) -> tuple[str, float]:
    """The delimiter that gives the most rows the same number of fields, and their share."""
    best, score = ";", (0.0, 0)
    for delimiter in DELIMITERS:
        try:
            unwrapped = _unwrap_rows(iterate_rows(text, delimiter), delimiter)
            widths = Counter(len(cells) for _, cells in _list_filled(unwrapped))
        except FaultError:
            continue
        width, rows = widths.most_common(1)[0]
        if width > 1 and (rows / widths.total(), width) > score:
            best, score = delimiter, (rows / widths.total(), width)
    return best, score[0] or 1.0


def _unwrap_rows(rows: Iterable[Row], delimiter: str) -> Iterator[Row]:
    """The rows; one that is quoted as a whole is cut into its cells."""
    for line, cells in rows:
        whole = delimiter in cells[0] and not any(cells[1:])
        yield line, next(csv.reader([cells[0]], delimiter=delimiter)) if whole else cells


def _list_filled(rows: Iterable[Row]) -> list[Row]:
    return [(line, cells) for line, cells in rows if any(map(str.strip, cells))]


def _profile_workbook(raw: bytes, findings: Findings) -> FileProfile:
    filled = [sheet for sheet in open_sheets(raw) if sheet.height]
    if not filled:
        raise FaultError("B07", "no_cells")
    largest = max(filled, key=lambda sheet: (not sheet.hidden, sheet.height, -sheet.number))
    cells = largest.rows()
    width = max((len(row) for row in cells), default=0)
    rows = [(at, row + [""] * (width - len(row))) for at, row in enumerate(cells, 1)]
    return _profile_rows(rows, findings, ["a workbook"], sheet=largest.number, sheets=len(filled))


def _profile_rows(
    all_rows: Sequence[Row], findings: Findings, remarks: Sequence[str], **written: Any
) -> FileProfile:
    """Tell titles, header, rows and footers apart; `written` are values of `FileProfile`."""
    filled, head = _find_header(_list_filled(all_rows))
    line, header = filled[head]
    names = [" ".join(cell.split()) for cell in header]
    for position, name in enumerate(names):
        if not name:
            findings.add("B22", "no_name", line=line, position=position + 1)
        elif plain(name) in map(plain, names[:position]):
            findings.add("B20", "unknown", line=line, shape=shape(name))
    below = filled[head + 1 :]
    rows = [cells for _, cells in below if len(cells) == len(names)]
    plain_names = [plain(name) for name in names]
    body = [cells for cells in rows if [plain(cell) for cell in cells] != plain_names]
    end = _find_end(body)
    if findings.problems:
        raise ExportError(findings.problems, findings.counted)
    if not end:
        raise FaultError("B07", "no_rows", line=line)
    last = next(at for at in range(len(below), 0, -1) if below[at - 1][1] is body[end - 1])
    lines_below = [" ".join(filter(None, map(str.strip, cells))) for _, cells in below[last:]]
    footers = [text for text in lines_below if not TOTAL.match(text)]
    table = dict(zip(names, collect_columns(body[:end], len(names)), strict=True))
    for name, column in table.items():
        # A file without a header would show somebody's row.
        is_value = _VALUE.fullmatch(name) or find_personal_kind(name)
        if is_value or plain(name) in map(plain, column.categories):
            raise FaultError("B22", "value", line=line, shape=shape(name))
    repeated_headers = len(rows) - len(body)
    uneven = last - end - repeated_headers
    notes = {
        f"{head} title line(s) above the header in line {line}": head,
        f"the header {repeated_headers} time(s) among the rows": repeated_headers,
        "a total row under the data, which is left out": len(footers) < len(lines_below),
        f"{uneven} row(s) with another number of fields, not looked at": uneven > 0,
    }
    return FileProfile(
        name=findings.file,
        columns=table,
        rows=end,
        remarks=(*remarks, *(note for note, is_so in notes.items() if is_so)),
        footers=tuple(map(shape, footers)),
        **written,
    )


def _find_header(filled: list[Row]) -> tuple[list[Row], int]:
    """The rows without columns that are blank throughout at their end; which row is the header.

    It is the first row that is as wide as most rows, and more than half filled.
    """
    width = Counter(len(cells) for _, cells in filled).most_common(1)[0][0]
    upper = enumerate(cells for _, cells in filled[:WITHIN])
    wide = (at for at, cells in upper if len(cells) == width and _share_filled(cells) > 1 / 2)
    head = next(wide, 0)
    # A spreadsheet writes columns without a name or a value for cells that were once filled.
    last = max(at for _, cells in filled[head:] for at, cell in enumerate(cells) if cell.strip())
    if len(filled[head][1]) == width > last + 1:
        filled = [(line, cells[: last + 1]) for line, cells in filled]
    return filled, head


def _share_filled(cells: Sequence[str]) -> float:
    return sum(bool(cell.strip()) for cell in cells) / len(cells)


def _find_end(rows: Sequence[Sequence[str]]) -> int:
    """The number of rows above the footers: totals and rows of few cells unlike those of a row."""
    # The forms of the upper rows alone: the last rows may be footers.
    upper = rows[: min(COMPARED, (len(rows) + 1) // 2)]
    forms = [
        {_form(cell) for cell in column if cell.strip()} for column in zip(*upper, strict=True)
    ]
    end = len(rows)
    while end > 1:
        cells = rows[end - 1]
        pairs = zip(cells, forms, strict=True)
        like_rows = any(_form(cell) in known for cell, known in pairs if cell.strip())
        first = next(filter(str.strip, cells))
        # A total row may look like a row; it is one if its label is a label of rows above.
        if TOTAL.match(first.strip()) and not any(first in row for row in rows[: end - 1]):
            like_rows = False
        if like_rows or (_share_filled(cells) > 1 / 2 and not any(map(TOTAL.match, cells))):
            break
        end -= 1
    return end


def _form(text: str) -> str:
    """The shape of a text, whatever its length."""
    return _AGAIN.sub(r"\1", shape(text.strip()))
