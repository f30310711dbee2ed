"""Read delimited text into rows and columns, with csv or, where it is large, with pyarrow."""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import numpy as np

from helpline_report.exports.faults import FaultError, Findings
from helpline_report.exports.header import SEARCHED, WITHIN, best_header, names_in
from helpline_report.exports.text_tables import (
    ColumnBuilder,
    Lines,
    Mask,
    TextColumn,
    narrowest,
    rows_where_all,
)
from helpline_report.parameters.row_layouts import RowFile

if TYPE_CHECKING:
    import pyarrow as pa


# So many bytes are read by csv in a second or two; pyarrow pays from there on.
LARGE = 16 * 2**20
BLOCK = 1 << 24
# So many distinct texts are held as such, of more the bytes.
FEW = 10_000


class ArrowTexts(Sequence[str]):
    """Many distinct texts, as bytes: a text is made when it is asked for."""

    def __init__(self, array: pa.StringArray) -> None:
        self._array = array

    def __len__(self) -> int:
        return len(self._array)

    def __getitem__(self, at: Any) -> Any:
        return self._array[at].to_pylist() if isinstance(at, slice) else self._array[at].as_py()

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), FEW):
            yield from self[start : start + FEW]


def read_columns(
    text: bytes,
    delimiter: str,
    *,
    width: int,
    above: int,
    take_other: Callable[[int, list[str]], None],
) -> list[TextColumn]:
    """The columns of all rows below the first `above` that have `width` cells.

    `take_other` is called with the place and the cells of each other row. A blank line is a row of
    blanks.
    """
    import pyarrow as pa  # noqa: PLC0415 - an optional part
    from pyarrow import csv  # noqa: PLC0415

    def invalid(row: Any) -> str:
        take_other(row.number - 1, row.text.split(delimiter))
        return "skip"

    names = [str(at) for at in range(width)]
    texts = pa.dictionary(pa.int32(), pa.string())
    table = csv.read_csv(
        pa.BufferReader(text),
        read_options=csv.ReadOptions(
            use_threads=False, block_size=BLOCK, column_names=names, skip_rows=above
        ),
        parse_options=csv.ParseOptions(
            delimiter=delimiter,
            quote_char=False,
            ignore_empty_lines=False,
            invalid_row_handler=invalid,
        ),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, texts), strings_can_be_null=False, check_utf8=False
        ),
    )
    columns = []
    for name in names:
        # One list of distinct texts for all blocks.
        column = table[name].unify_dictionaries().combine_chunks()
        distinct, codes = column.dictionary, column.indices.to_numpy()
        codes = codes.astype(narrowest(len(distinct)), copy=False)
        few = len(distinct) <= FEW
        columns.append(TextColumn(distinct.to_pylist() if few else ArrowTexts(distinct), codes))
    return columns


DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "vertical bar"}
# As wide as the widest worksheet; and so much of a line is looked at to find names in it.
WIDEST = 16_384
LOOKED_AT = 100_000
# No row is as long as this. What is that long costs many times its size to cut into cells.
LONGEST_LINE = 1 << 22
# Five million contacts have eleven million follow-ups.
MOST_LINES = 25_000_000
# Ten columns of so many lines. A cell takes four bytes at the least.
MOST_CELLS = 250_000_000
BATCH = 4_096
# Of rows with another number of cells, so many of the first and of the last stay at hand.
FIRST_OTHERS, LAST_OTHERS = 25_000, 100
Row = tuple[int, list[str]]


def check_quotes(text: bytes, delimiter: str, *, first_line: int = 1) -> None:
    """Check that each quote opens, closes or stands doubled in a whole field.

    `first_line` is the physical line on which the text begins.

    Raises:
        FaultError: B09 where the text ends within the field of its last quote, else B30.
    """
    border = re.escape(delimiter.encode())
    quoted = rb'(?<![^\n%b])"(?:[^"]++|"")*+"(?![^\n%b])' % (border, border)
    sound = re.compile(rb'(?:[^"]++|%b)*+' % quoted).match(text)
    end = sound.end() if sound is not None else 0
    if end == len(text):
        return
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


def iterate_rows(text: bytes, delimiter: str) -> Iterator[Row]:
    """The rows of a text (UTF-8, lines ending in a newline), each with the line it begins on.

    A blank line is a row of one empty cell.

    Raises:
        FaultError: quotes are unbalanced (B09, B30), there are too many lines (B11), or a line or
            field is too long (B25).
    """
    check_quotes(text, delimiter)
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


@dataclass(frozen=True)
class DelimitedText:
    """The rows of a text, a `RowGrid`.

    Rows below the header with as many cells as it has stand in columns: `table`. Of the others the
    first and the last are at hand, by their place. `unwrapped` are the lines of rows that stood in
    quotes as a whole.
    """

    lines: Lines
    widths: Lines
    in_table: Mask
    table: Sequence[TextColumn]
    others: Mapping[int, list[str]]
    blank_others: Sequence[int]
    cut_off: bool
    unwrapped: Lines

    @cached_property
    def _places(self) -> Lines:
        """The place in the columns of each row that stands there."""
        return np.cumsum(self.in_table, dtype=np.int32) - np.int32(1)

    def blank(self) -> Mask:
        """Rows that hold nothing but delimiters, spaces and empty quotes."""
        return self._blank

    @cached_property
    def _blank(self) -> Mask:
        blank = np.zeros(len(self.lines), dtype=np.bool_)
        blank[np.array(self.blank_others, dtype=np.int64)] = True
        number = int(self.in_table.sum())
        blank[self.in_table] = rows_where_all(self.table, lambda _, text: not text.strip(), number)
        return blank

    def cells(self, row: int) -> list[str]:
        """The cells of one row; none of a row that isn't at hand."""
        if not self.in_table[row]:
            return self.others.get(row, [])
        return [column.value(self._places[row]) for column in self.table]

    def columns(self, rows: Mask, width: int, wanted: Sequence[int]) -> dict[int, TextColumn]:
        """Columns (0-based) of some rows of the table; `width` is the table's own."""
        del width
        return {at: self.table[at].take(rows[self.in_table]).compact() for at in wanted}


def open_text(text: bytes, file: RowFile, findings: Findings) -> DelimitedText | None:
    """The rows of a text, or None where they can't be told apart (B09, B13, B25, B30).

    A first line `sep=;` is left out and noted (B14); rows that stand in quotes as a whole are
    unwrapped (B71).
    """
    try:
        _refuse_other_delimiter(text, file)
        return _RowCollector(text, file, findings).read()
    except FaultError as error:
        findings.add_error(error)
        return None


class _RowCollector:
    """Collects the rows of a text, as columns where they have as many cells as the header."""

    def __init__(self, text: bytes, file: RowFile, findings: Findings) -> None:
        self._text = text
        self._file = file
        self._findings = findings
        self._unwrapped: list[int] = []
        # The first line of a field that goes on over whole rows, by how many cells these have.
        self._swallowed: dict[int, int] = {}
        self._others: dict[int, list[str]] = {}
        self._last_others: deque[tuple[int, list[str]]] = deque(maxlen=LAST_OTHERS)
        self._blank_others = array("q")

    def read(self) -> DelimitedText:
        """The rows of the text."""
        text = self._text
        rows = self._without_separator(iterate_rows(text, self._file.delimiter))
        if b'"' in text:
            rows = self._unwrap(rows)
        head = list(islice(rows, SEARCHED))
        header = best_header([cells for _, cells in head], self._file)
        width = len(head[header][1]) if head else 1
        simple = b'"' not in text and not self._findings.noted["B14"]
        if len(text) > LARGE and simple and find_spec("pyarrow") is not None:
            lines, widths, table = self._read_large(head[: header + 1], width)
        else:
            lines, widths, table = self._read_rows(chain(head, rows), width, header)
        return DelimitedText(
            lines=lines,
            widths=widths,
            in_table=(widths == width) & (np.arange(len(widths)) > header),
            table=table,
            others=self._others | dict(self._last_others),
            blank_others=self._blank_others,
            cut_off=not text.endswith(b"\n"),
            unwrapped=np.array(self._unwrapped, dtype=np.int32),
        )

    def _read_rows(
        self, rows: Iterator[Row], width: int, header: int
    ) -> tuple[Lines, Lines, list[TextColumn]]:
        builders = [ColumnBuilder[str]() for _ in range(width)]
        lines, widths = array("i"), array("i")

        def rows_of_table() -> Iterator[list[str]]:
            for at, (line, cells) in enumerate(rows):
                lines.append(line)
                widths.append(len(cells))
                if len(cells) == width and at > header:
                    yield cells
                else:
                    self._take_other(at, line, cells)

        of_table = rows_of_table()
        while batch := list(islice(of_table, BATCH)):
            for builder, texts in zip(builders, zip(*batch, strict=True), strict=True):
                builder.extend(texts)
        # A quote that opens in one row and closes in another makes a field of rows.
        usual = int(np.bincount(widths).argmax()) if widths else 0
        if usual > 1 and usual in self._swallowed:
            raise FaultError("B30", "two_rows", line=self._swallowed[usual])
        columns = [TextColumn(each.distinct(), each.codes()) for each in builders]
        return np.array(lines, dtype=np.int32), np.array(widths, dtype=np.int32), columns

    def _read_large(self, head: Sequence[Row], width: int) -> tuple[Lines, Lines, list[TextColumn]]:
        """The rows of a large text without quotes, each of which is a line."""
        rows = self._text.count(b"\n") + (not self._text.endswith(b"\n"))
        widths = np.full(rows, width, dtype=np.int32)

        def take_other(at: int, cells: list[str]) -> None:
            widths[at] = len(cells)
            self._take_other(at, at + 1, cells)

        for at, (_, cells) in enumerate(head):
            take_other(at, cells)
        delimiter, above = self._file.delimiter, len(head)
        table = read_columns(self._text, delimiter, width=width, above=above, take_other=take_other)
        return np.arange(1, rows + 1, dtype=np.int32), widths, table

    def _without_separator(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows without a first line `sep=;`, as spreadsheets write and read it."""
        for line, cells in rows:
            if cells[0].lower().startswith("sep="):
                self._findings.noted["B14"] += 1
                break
            yield line, cells
            if any(map(str.strip, cells)):
                break
        yield from rows

    def _unwrap(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows, those that stand in quotes as a whole without these.

        Such a row has one cell, which holds as many cells as the layout expects at least.
        """
        delimiter, least = self._file.delimiter, len(self._file.expected())
        for line, cells in rows:
            if delimiter in cells[0] and not any(cells[1:]):
                inner = list(csv.reader(io.StringIO(cells[0], newline=""), delimiter=delimiter))
                if len(inner) == 1 and len(inner[0]) >= least:
                    check_quotes(cells[0].encode(), delimiter, first_line=line)
                    self._unwrapped.append(line)
                    cells = inner[0]  # noqa: PLW2901 - the same row
            if any("\n" in cell for cell in cells):
                # Each of its lines may have as many delimiters as rows have.
                parts = delimiter.join(cells).split("\n")
                numbers = {part.count(delimiter) + 1 for part in parts}
                if len(numbers) == 1:
                    self._swallowed.setdefault(numbers.pop(), line)
            yield line, cells

    def _take_other(self, at: int, line: int, cells: list[str]) -> None:
        """Take a row with another number of cells than the header."""
        if len(cells) > WIDEST:
            raise FaultError("B25", "widest", line=line, fields=len(cells), most=WIDEST)
        if not any(map(str.strip, cells)):
            self._blank_others.append(at)
        if len(self._others) < FIRST_OTHERS:
            self._others[at] = cells
        else:
            self._last_others.append((at, cells))


def _refuse_other_delimiter(text: bytes, file: RowFile) -> None:
    """Refuse a text whose columns have their names by another delimiter than is due (B13)."""
    first_lines = islice(io.BytesIO(text), WITHIN)
    lines = [line[:LOOKED_AT].decode(errors="ignore").replace('"', "") for line in first_lines]
    named = {
        delimiter: [len(names_in(line.split(delimiter), file)) for line in lines]
        for delimiter in DELIMITERS
    }
    other = max(DELIMITERS, key=lambda delimiter: max(named[delimiter]))
    most = max(named[other])
    # One may be a word.
    if most > max(1, *named[file.delimiter]):
        line, due = named[other].index(most) + 1, DELIMITERS[file.delimiter]
        raise FaultError("B13", line=line, delimiter=DELIMITERS[other], due=due)
