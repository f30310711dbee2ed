"""Read delimited text into a grid, with csv or, where it is large, with pyarrow."""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from itertools import chain, islice

import numpy as np
import pandas as pd

from helpline_report.exports.faults import FaultError
from helpline_report.exports.rows import SEARCHED, WITHIN, find_best_header, find_expected_names
from helpline_report.exports.text_tables import (
    Grid,
    Lines,
    collect_columns,
    find_rows_where_all,
    make_distinct,
)
from helpline_report.parameters.row_layouts import RowFile

DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "vertical bar"}
# csv reads this many bytes in a second or two; a larger text is read by pyarrow, which is faster.
LARGE = 16 * 2**20
# The columns of the widest worksheet, and the bytes of a line in which names are looked for.
WIDEST, LOOKED_AT = 16_384, 100_000
# No row is as long as this. Cutting so long a line into cells takes many times its size.
LONGEST_LINE = 1 << 22
# Five million contacts have eleven million follow-ups. As many lines of ten columns each may be
# read.
MOST_LINES, MOST_CELLS = 25_000_000, 250_000_000
Row = tuple[int, list[str]]


def iterate_rows(text: bytes, delimiter: str) -> Iterator[Row]:
    """The rows of a text (UTF-8, lines ending in a newline), each with the line it begins on.

    A blank line is a row of one empty cell.

    Raises:
        FaultError: quotes are unbalanced (B09, B30), there are too many lines (B11), or a line or
            field is too long (B25).
    """
    _check_quotes(text, delimiter)
    _check_size(text, delimiter)
    lines = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline="\n")
    reader = csv.reader(lines, delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield line, cells or [""]
            line = reader.line_num + 1
    except csv.Error:
        raise FaultError("B25", "field", line=line, most=csv.field_size_limit()) from None


def _check_quotes(text: bytes, delimiter: str, *, first_line: int = 1) -> None:
    """Refuse a quote that neither opens nor closes a field nor is doubled inside one (B09, B30)."""
    border = re.escape(delimiter.encode())
    quoted = rb'(?<![^\n%b])"(?:[^"]++|"")*+"(?![^\n%b])' % (border, border)
    sound = re.compile(rb'(?:[^"]++|%b)*+' % quoted).match(text)
    end = sound.end() if sound is not None else 0
    if end < len(text):
        line = text.count(b"\n", 0, end) + first_line
        if text.rfind(b'"') == end and text.find(b"\n", end) < 0:
            raise FaultError("B09", "quote", line=line)
        raise FaultError("B30", "stray", line=line)


def _check_size(text: bytes, delimiter: str) -> None:
    """Refuse more lines and cells than any export has (B11), and longer lines (B25)."""
    lines = text.count(b"\n")
    if lines > MOST_LINES:
        raise FaultError("B11", "lines", lines=lines, most=MOST_LINES)
    cells = lines + text.count(delimiter.encode())
    if cells > MOST_CELLS:
        raise FaultError("B11", "fields", fields=cells, most=MOST_CELLS)
    for start in range(0, len(text) - LONGEST_LINE, LONGEST_LINE):
        if text.find(b"\n", start, start + LONGEST_LINE) < 0:
            line = text.count(b"\n", 0, start) + 1
            raise FaultError("B25", "line", line=line, most=LONGEST_LINE)


def open_text(text: bytes, file: RowFile, noted: Counter[str]) -> Grid:
    """The rows of a text.

    A first line `sep=;` is left out and noted (B14); rows that stand in quotes as a whole are
    unwrapped (B71).

    Raises:
        FaultError: they can't be told apart (B09, B13, B25, B30), or there are too many (B11).
    """
    unwrapped: list[int] = []
    _refuse_other_delimiter(text, file)
    rows = _skip_separator(iterate_rows(text, file.delimiter), noted)
    if b'"' in text:
        rows = _unwrap(rows, file, unwrapped)
    head = list(islice(rows, SEARCHED))
    header = find_best_header([cells for _, cells in head], file)
    width = len(head[header][1]) if head else 1
    grid = None
    simple = b'"' not in text and not noted["B14"]
    if len(text) > LARGE and simple and find_spec("pyarrow") is not None:
        grid = _read_large(text, file.delimiter, head[: header + 1], width)
    grid = grid or _read_rows(chain(head, rows), width)
    return replace(grid, cut_off=not text.endswith(b"\n"), unwrapped=unwrapped)


def _refuse_other_delimiter(text: bytes, file: RowFile) -> None:
    """Refuse a text if another delimiter than the layout's cuts out more names of columns (B13)."""
    first_lines = islice(io.BytesIO(text), WITHIN)
    lines = [line[:LOOKED_AT].decode(errors="ignore").replace('"', "") for line in first_lines]
    named = {
        delimiter: [len(find_expected_names(line.split(delimiter), file)) for line in lines]
        for delimiter in DELIMITERS
    }
    other = max(DELIMITERS, key=lambda delimiter: max(named[delimiter]))
    most = max(named[other])
    # One name may be a word of a title.
    if most > max(1, *named[file.delimiter]):
        line, due = named[other].index(most) + 1, DELIMITERS[file.delimiter]
        raise FaultError("B13", line=line, delimiter=DELIMITERS[other], due=due)


def _skip_separator(rows: Iterator[Row], noted: Counter[str]) -> Iterator[Row]:
    """The rows without a first line `sep=;`, as spreadsheets write and read it."""
    for line, cells in rows:
        if cells[0].lower().startswith("sep="):
            noted["B14"] += 1
            break
        yield line, cells
        if any(map(str.strip, cells)):
            break
    yield from rows


def _unwrap(rows: Iterator[Row], file: RowFile, unwrapped: list[int]) -> Iterator[Row]:
    """The rows; one in quotes as a whole is cut into cells. Refuses a field of whole rows (B30)."""
    delimiter, least = file.delimiter, len(file.expected())
    widths = array("i")
    # The line of the first field that holds whole rows, by how many cells these rows have.
    swallowed: dict[int, int] = {}
    for line, cells in rows:
        if delimiter in cells[0] and not any(cells[1:]):
            inner = list(csv.reader(io.StringIO(cells[0], newline=""), delimiter=delimiter))
            if len(inner) == 1 and len(inner[0]) >= least:
                _check_quotes(cells[0].encode(), delimiter, first_line=line)
                unwrapped.append(line)
                cells = inner[0]  # noqa: PLW2901 - the same row
        if any("\n" in cell for cell in cells):
            # It may hold whole rows: then all its lines have the same number of delimiters.
            parts = delimiter.join(cells).split("\n")
            numbers = {part.count(delimiter) + 1 for part in parts}
            if len(numbers) == 1:
                swallowed.setdefault(numbers.pop(), line)
        widths.append(len(cells))
        yield line, cells
    usual = int(np.bincount(widths).argmax()) if widths else 0
    if usual > 1 and usual in swallowed:
        raise FaultError("B30", "two_rows", line=swallowed[usual])


def _fit_row(line: int, cells: list[str], width: int) -> list[str]:
    if len(cells) > WIDEST:
        raise FaultError("B25", "widest", line=line, fields=len(cells), most=WIDEST)
    return [*cells[:width], *[""] * (width - len(cells))]


def _make_grid(
    lines: Lines, widths: Lines, columns: Sequence[pd.Categorical], filled: Sequence[int]
) -> Grid:
    """The grid of all rows; `filled` are the places of rows that have text beyond the columns."""
    blank = find_rows_where_all(columns, lambda _, text: not text.strip(), len(lines))
    blank[np.array(filled, dtype=np.int64)] = False
    return Grid(lines, widths, blank, columns)


def _read_rows(rows: Iterator[Row], width: int) -> Grid:
    lines, widths, filled = array("i"), array("i"), array("q")

    def fit_rows() -> Iterator[list[str]]:
        for place, (line, cells) in enumerate(rows):
            lines.append(line)
            widths.append(len(cells))
            if any(map(str.strip, cells[width:])):
                filled.append(place)
            yield cells if len(cells) == width else _fit_row(line, cells, width)

    columns = collect_columns(fit_rows(), width)
    numbers = [np.array(each, dtype=np.int32) for each in (lines, widths)]
    return _make_grid(numbers[0], numbers[1], columns, filled)


def _read_large(text: bytes, delimiter: str, head: Sequence[Row], width: int) -> Grid | None:
    """The grid of a text without quotes; None where a row below `head` isn't `width` cells wide."""
    import pyarrow as pa  # noqa: PLC0415 - an optional part
    from pyarrow import csv as arrow_csv  # noqa: PLC0415

    names = [str(at) for at in range(width)]
    column_types = dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string()))
    try:
        below = arrow_csv.read_csv(
            pa.BufferReader(text),
            read_options=arrow_csv.ReadOptions(
                block_size=LARGE, column_names=names, skip_rows=len(head)
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, quote_char=False, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=column_types, strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    fitted = [_fit_row(line, cells, width) for line, cells in head]
    filled = [at for at, (_, cells) in enumerate(head) if any(map(str.strip, cells[width:]))]
    texts = [pa.array(each, pa.string()).dictionary_encode() for each in zip(*fitted, strict=True)]
    # One list of distinct texts for all of the table.
    table = pa.concat_tables([pa.table(texts, names=names), below]).unify_dictionaries()
    widths = np.full(len(table), width, dtype=np.int32)
    widths[: len(head)] = [len(cells) for _, cells in head]
    columns = []
    for name in names:
        column = table[name].combine_chunks()
        # Distinct texts stay as bytes, a quarter of the memory.
        distinct = pd.Index(pd.array(column.dictionary, dtype="str"))
        columns.append(make_distinct(distinct, column.indices.to_numpy()))
    lines = np.arange(1, len(table) + 1, dtype=np.int32)
    return _make_grid(lines, widths, columns, filled)
