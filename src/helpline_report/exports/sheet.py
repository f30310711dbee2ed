"""A worksheet: its cells by column, and what is merged, hidden or filtered in it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from helpline_report.exports.cells import Cell, Kind
from helpline_report.exports.grid import Lines, Mask
from helpline_report.exports.package import damaged, too_large
from helpline_report.exports.text import TextColumn

ROWS, COLUMNS = 1_048_576, 16_384
# Places in the columns that hold anything: ten columns of the longest sheet are ten million.
PLACES = 64_000_000
LETTERS = 26

Span = tuple[int, int]


def column_letters(column: int) -> str:
    """`A` for column 0, `AA` for column 26."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_number(letters: str) -> int:
    """0 for column `A`; ValueError for what is no column."""
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(letters)
        number = number * LETTERS + ord(letter) - ord("A") + 1
    if not 0 < number <= COLUMNS:
        raise ValueError(letters)
    return number - 1


@dataclass(frozen=True)
class Area:
    """A block of cells, first and last included; rows from 1, columns from 0."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        first = f"{column_letters(self.left)}{self.top}"
        return f"{first}:{column_letters(self.right)}{self.bottom}"


@dataclass
class SheetColumn:
    """One column from the first row on: distinct texts, and each cell's text and kind."""

    texts: dict[str, int] = field(default_factory=lambda: {"": 0})
    codes: array[int] = field(default_factory=lambda: array("i"))
    kinds: bytearray = field(default_factory=bytearray)


@dataclass
class Sheet:
    """A worksheet that is read from top to bottom, cell by cell.

    `number` is its place in the workbook (from 1): a name may hold what a message must not.
    `hidden` says that the sheet itself is; hidden rows (from 1) and columns (from 0) are spans,
    first and last included. `serials_shift` is the number of days from the usual day 0 of dates.
    """

    number: int
    name: str
    hidden: bool = False
    filtered: bool = False
    merged: list[Area] = field(default_factory=list)
    hidden_rows: list[Span] = field(default_factory=list)
    hidden_columns: list[Span] = field(default_factory=list)
    serials_shift: int = 0
    height: int = 0
    by_column: dict[int, SheetColumn] = field(default_factory=dict)
    _places: int = 0

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Set the cell of a row (from 1) and column (from 0), below those that are set already.

        Raises:
            UnfitError: the sheet is longer, or holds more, than any sheet.
        """
        text, kind = cell
        if not text:
            return
        held = self.by_column.get(column)
        if held is None:
            held = self.by_column[column] = SheetColumn()
        gap = row - 1 - len(held.codes)
        if gap:
            self._leave_blank(held, gap, row)
        texts = held.texts
        held.codes.append(texts.setdefault(text, len(texts)))
        held.kinds.append(kind)
        self.height = row

    def _leave_blank(self, column: SheetColumn, gap: int, row: int) -> None:
        if gap < 0:
            raise damaged("the workbook is damaged: a cell stands in it twice")
        self._places += gap
        if row > ROWS or self._places > PLACES:
            raise too_large(f"sheet {self.number} holds more cells than an export does")
        column.codes.frombytes(bytes(gap * column.codes.itemsize))
        column.kinds.extend(bytes(gap))

    @property
    def width(self) -> int:
        """How many columns there are up to the last that holds anything."""
        return max(self.by_column, default=-1) + 1

    def rows(self) -> list[list[str]]:
        """The texts of all rows up to the last that holds anything, blanks at their ends left out.

        Row 1 of the sheet is the first.
        """
        rows: list[list[str]] = [[] for _ in range(self.height)]
        for at in sorted(self.by_column):
            column = self.by_column[at]
            texts = list(column.texts)
            for row, code in enumerate(column.codes):
                if code:
                    cells = rows[row]
                    cells.extend([""] * (at - len(cells)))
                    cells.append(texts[code])
        return rows


class SheetGrid:
    """The rows of a sheet from its first to the last that holds anything, a `Grid`.

    Blanks at the end of a row aren't stored, so that each row counts as `width` wide at least.
    """

    cut_off = False

    def __init__(self, sheet: Sheet, width: int) -> None:
        self.sheet = sheet
        self.lines: Lines = np.arange(1, sheet.height + 1, dtype=np.int64)
        last = np.zeros(sheet.height, dtype=np.int64)
        for at in sorted(sheet.by_column):
            last[np.flatnonzero(self._codes(at))] = at + 1
        self._blank: Mask = last == 0
        self.widths: Lines = np.maximum(last, width)

    def _codes(self, column: int) -> npt.NDArray[np.int32]:
        """The places of a column's texts, a row each."""
        codes = np.zeros(self.sheet.height, dtype=np.int32)
        held = self.sheet.by_column.get(column)
        if held is not None:
            codes[: len(held.codes)] = np.frombuffer(held.codes, dtype=np.int32)
        return codes

    def kinds(self, column: int) -> npt.NDArray[np.uint8]:
        """The `Kind` of a column's cells, a row each."""
        kinds = np.full(self.sheet.height, Kind.EMPTY, dtype=np.uint8)
        held = self.sheet.by_column.get(column)
        if held is not None:
            kinds[: len(held.kinds)] = np.frombuffer(held.kinds, dtype=np.uint8)
        return kinds

    def blank(self) -> Mask:
        """Rows that hold nothing."""
        return self._blank

    def cells(self, row: int) -> list[str]:
        """The texts of one row."""
        return [self._text(row, column) for column in range(int(self.widths[row]))]

    def _text(self, row: int, column: int) -> str:
        held = self.sheet.by_column.get(column)
        if held is None or row >= len(held.codes):
            return ""
        # The few rows that are looked at one by one stand at the top or hold little.
        code = held.codes[row]
        return next(text for text, place in held.texts.items() if place == code)

    def columns(self, rows: Mask, width: int, wanted: Sequence[int]) -> dict[int, TextColumn]:
        """Columns (0-based) of some rows; `width` is given by the sheet."""
        del width
        return {at: self._column(at, rows) for at in wanted}

    def _column(self, column: int, rows: Mask) -> TextColumn:
        """One column of some rows: the texts that stand in these, in the order of the sheet."""
        held = self.sheet.by_column.get(column)
        texts = list(held.texts) if held is not None else [""]
        codes = self._codes(column)[rows]
        used = np.zeros(len(texts), dtype=np.bool_)
        used[codes] = True
        places = (np.cumsum(used) - 1).astype(np.int32)
        return TextColumn([texts[at] for at in np.flatnonzero(used)], places[codes])


def overlapping(spans: Iterable[Span], first: int, last: int) -> list[Span]:
    """The parts of spans that lie between two numbers, both included."""
    cut = [(max(start, first), min(end, last)) for start, end in spans]
    return [(start, end) for start, end in cut if start <= end]
