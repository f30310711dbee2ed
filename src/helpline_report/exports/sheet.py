"""A worksheet: its cells by column, and what is merged, hidden or filtered in it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

from helpline_report.exports.cells import NO_CELL, Cell
from helpline_report.exports.package import damaged, too_large

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
    """One column from the first row on: its distinct cells, and each cell's place among them."""

    places: dict[Cell, int] = field(default_factory=lambda: {NO_CELL: 0})
    codes: array[int] = field(default_factory=lambda: array("i"))


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
        if not cell[0]:
            return
        held = self.by_column.get(column)
        if held is None:
            held = self.by_column[column] = SheetColumn()
        gap = row - 1 - len(held.codes)
        if gap:
            self._leave_blank(held, gap, row)
        places = held.places
        held.codes.append(places.setdefault(cell, len(places)))
        self.height = row

    def _leave_blank(self, column: SheetColumn, gap: int, row: int) -> None:
        if gap < 0:
            raise damaged("the workbook is damaged: a cell stands in it twice")
        self._places += gap
        if row > ROWS or self._places > PLACES:
            raise too_large(f"sheet {self.number} holds more cells than an export does")
        column.codes.frombytes(bytes(gap * column.codes.itemsize))

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
            texts = [text for text, _ in column.places]
            for row, code in enumerate(column.codes):
                if code:
                    cells = rows[row]
                    cells.extend([""] * (at - len(cells)))
                    cells.append(texts[code])
        return rows


def overlapping(spans: Iterable[Span], first: int, last: int) -> list[Span]:
    """The parts of spans that lie between two numbers, both included."""
    cut = [(max(start, first), min(end, last)) for start, end in spans]
    return [(start, end) for start, end in cut if start <= end]
