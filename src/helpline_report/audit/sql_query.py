"""A statement of a figure, and how many such statements are answered together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Holds:
    """A condition of a statement: its text, and as what it says of a row.

    It holds where the `expression`, written as text, is one of `among`; None stands for NULL.
    """

    text: str
    expression: str
    among: tuple[str | None, ...]


@dataclass(frozen=True)
class Counted:
    """A statement that counts rows, in parts: its FROM, the test of its days, its other tests.

    It gives one number; a number for each value of `by` (`ranking`); or the largest of them
    (`maximum`). `columns` are those that tests and `by` look at, in order.
    """

    rows: str
    days: str
    tests: tuple[Holds, ...]
    columns: tuple[str, ...]
    by: tuple[str, ...] = ()
    gives: Literal["number", "ranking", "maximum"] = "number"


@dataclass(frozen=True)
class Looked:
    """A statement that gives what one statement gives of each of some codes: last in the row.

    `codes` are those of the row that is meant; a row that isn't there gives nothing.
    """

    statement: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """One statement: what of the figure it gives (`numerator`, `against`, …), and its text.

    `counted` are the parts of one that counts rows by what stands in them alone, `looked` is one
    that gives what others give as well: many of those can be answered in one go.
    """

    gives: str
    text: str
    counted: Counted | None = None
    looked: Looked | None = None
