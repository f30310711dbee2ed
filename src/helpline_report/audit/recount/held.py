"""How the tables of a year are held: as the texts that they are, or small, where rows are millions.

Small means: a cell that is one of few texts, and a code, as one of them (DuckDB's ENUM), and a key
that is written as all others are as its number. To every statement a code is the text that it
stands for; of keys, statements ask no more than whether two are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from helpline_report.audit.recount.writing import name, text
from helpline_report.parameters.edition import Edition

# Of a number with more digits DuckDB's whole numbers may not hold the edition beside it.
MOST_DIGITS = 15
# What a pattern of GLOB reads as more than a character.
OF_PATTERNS = "*?[]\\"
SHORT, SHORT_DIGITS = 1 << 31, 9
DIGITS = "0123456789"


@dataclass(frozen=True)
class Shape:
    """How all keys of a column are written: the same text, which ends in no digit, then digits.

    So the text of a key and its number say the same, and two columns of one shape can be compared
    by their numbers.
    """

    prefix: str
    digits: int

    def fits(self, cell: str) -> str:
        """Whether a cell is written so, as SQL."""
        return f"{cell} GLOB {text(self.prefix + '[0-9]' * self.digits)}"

    def number(self, cell: str) -> str:
        """The number in a cell that is written so, as SQL."""
        kind = "INTEGER" if self.digits <= SHORT_DIGITS else "BIGINT"
        return f"substr({cell}, {len(self.prefix) + 1})::{kind}"

    def spelled(self, number: str) -> str:
        """The text of a key again, as SQL."""
        return f"{text(self.prefix)} || lpad(({number})::VARCHAR, {self.digits}, '0')"


# A row that has no key has its line: no cell has this shape, and no file more lines.
LINES = Shape("\n", 10)


def shape_of(first: str, last: str, lengths: Sequence[int]) -> Shape | None:
    """The shape that keys between two have at most: what these begin with is what all begin with.

    Whether each has it is still to be seen. None where no shape can be.
    """
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    prefix = first[:same].rstrip(DIGITS)
    digits = len(first) - len(prefix)
    if len({len(first), len(last), *lengths}) > 1 or not 0 < digits <= MOST_DIGITS:
        return None
    plainly = prefix.isascii() and not set(prefix) & set(OF_PATTERNS)
    return Shape(prefix, digits) if plainly else None


@dataclass(frozen=True)
class Numbered:
    """The keys of one table as numbers: their type, and what each edition adds to its own."""

    kind: str
    steps: Mapping[str, int]

    def key(self, edition: str, number: str) -> str:
        """The key of a row as SQL: an edition may number as another does."""
        return f"({self.steps[edition]} + {number})::{self.kind}"


def numbered(editions: Sequence[Edition], digits: int) -> Numbered:
    """Keys of so many digits, with room for each edition's."""
    steps = {each.edition: place * 10**digits for place, each in enumerate(editions)}
    return Numbered("INTEGER" if len(editions) * 10**digits < SHORT else "BIGINT", steps)


@dataclass(frozen=True)
class Held:
    """How tables are held; as nothing says otherwise, all of it is text.

    `exports` are those kept as small tables, `codes` types by field. Of columns of exports, by
    table and name: `numbers` stand there as the numbers of their keys, of `shapes` all keys have
    one shape, and in `unique` none stands twice. `keys` are the tables whose keys are numbers.
    """

    small: bool = False
    exports: frozenset[str] = frozenset()
    codes: Mapping[str, str] = field(default_factory=dict)
    numbers: frozenset[tuple[str, str]] = frozenset()
    shapes: Mapping[tuple[str, str], Shape] = field(default_factory=dict)
    unique: frozenset[tuple[str, str]] = frozenset()
    keys: Mapping[str, Numbered] = field(default_factory=dict)

    def edition(self, edition: str) -> str:
        """The edition of a row."""
        return f"{text(edition)}::editions" if self.small else text(edition)

    def line(self, line: str) -> str:
        """The physical line of a row."""
        return f"{line}::INTEGER" if self.small else line

    def hour(self, hour: str) -> str:
        """An hour of the day."""
        return f"({hour})::TINYINT" if self.small else hour

    def code(self, of_field: str, code: str) -> str:
        """A code of a field."""
        return f"({code})::{self.codes[of_field]}" if of_field in self.codes else code

    def number(self, export: str, column: str) -> str:
        """The number of the key in a column of one shape."""
        cell = f"{export}.{name(column)}"
        return (
            cell if (export, column) in self.numbers else self.shapes[export, column].number(cell)
        )

    def cell(self, export: str, column: str) -> str:
        """The text of a cell that holds a key."""
        cell = f"{export}.{name(column)}"
        if (export, column) not in self.numbers:
            return cell
        return f"({self.shapes[export, column].spelled(cell)})"


AS_TEXTS = Held()
