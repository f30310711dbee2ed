"""A report as a proofreader sees it: sections of paragraphs of sentences, and tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from helpline_report.audit.proofreading.numerals import Numeral


@dataclass(frozen=True)
class Line:
    """One line of a file, with the page it stands on where there are pages (both 1-based)."""

    number: int
    text: str
    page: int = 0

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.page, self.number)


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: a line of the file, or of a page of it."""

    page: int
    line: int

    def __str__(self) -> str:
        return f"bladzijde {self.page}, regel {self.line}" if self.page else f"regel {self.line}"


@dataclass(frozen=True)
class Sentence:
    """A sentence without its line ends; `places[i]` is where the i-th letter stands."""

    text: str
    places: tuple[Place, ...] = field(repr=False)

    def place(self, at: int) -> Place:
        """Where a letter of it stands."""
        return self.places[min(at, len(self.places) - 1)]


@dataclass(frozen=True)
class Paragraph:
    """Sentences that stand together, under one heading."""

    sentences: tuple[Sentence, ...]
    section: int


@dataclass(frozen=True)
class Row:
    """One row of a table; a cell without a number is None."""

    place: Place
    label: str
    cells: tuple[Numeral | None, ...]


@dataclass(frozen=True)
class Table:
    """A table: the words above it, a head a column, its rows, and its row of totals if any."""

    place: Place
    caption: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row | None
    section: int

    @property
    def width(self) -> int:
        """The number of columns of cells."""
        return len(self.rows[0].cells) if self.rows else 0

    def column(self, index: int) -> list[Numeral]:
        """The numbers of a column, without its total."""
        cells = (row.cells[index] for row in self.rows)
        return [cell for cell in cells if cell is not None]

    def total_of(self, index: int) -> Numeral | None:
        """The total of a column."""
        return self.total.cells[index] if self.total else None


@dataclass(frozen=True)
class Document:
    """All that was read of a report."""

    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...]
    names: frozenset[str] = frozenset()

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence, in order."""
        for paragraph in self.paragraphs:
            yield from paragraph.sentences
