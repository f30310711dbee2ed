"""What a table is: typed columns without keys, and the outcome of each row of its file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.util import hash_array

from helpline_report.errors import MachineError
from helpline_report.exports.corrections import Corrections
from helpline_report.exports.export_files import Export
from helpline_report.exports.text_tables import Mask
from helpline_report.parameters.values import Period, Translated

RowNumbers = npt.NDArray[np.int32]
Days = npt.NDArray[np.datetime64]
USED = "used"


class RowOutcomes:
    """The outcome of each row, as one categorical column.

    It is `used`, or a kind and the code of a fault: `repaired B61`, `excluded B49` (the row is left
    out), `faulty B46` (a draft leaves it out for a fault of its own). A row that was repaired for
    two faults has the lower code; a row that is left out stays left out.
    """

    def __init__(self, rows: int) -> None:
        self._categories = [USED]
        self._codes = np.zeros(rows, dtype=np.int8)

    def having(self, *outcomes: str) -> Mask:
        """The rows with one of some outcomes."""
        is_wanted = np.array([category in outcomes for category in self._categories])
        rows: Mask = is_wanted[self._codes]
        return rows

    def of_kind(self, *kinds: str) -> Mask:
        """The rows whose outcome is of one of some kinds."""
        return self.having(*(each for each in self._categories if each.split()[0] in kinds))

    def in_table(self) -> Mask:
        """The rows that make up the table: used or repaired."""
        return self.of_kind(USED, "repaired")

    def repair(self, code: str, rows: Mask) -> None:
        """Mark rows as repaired for a fault."""
        outcome = f"repaired {code}"
        later = [
            each for each in self._categories if each.startswith("repaired") and each > outcome
        ]
        self._set(outcome, rows & self.having(USED, *later))

    def leave_out(self, outcome: str, rows: Mask) -> None:
        """Leave out rows that weren't left out already."""
        self._set(outcome, rows & self.in_table())

    def _set(self, outcome: str, rows: Mask) -> None:
        if rows.any() and outcome not in self._categories:
            self._categories.append(outcome)
        if rows.any():
            self._codes[rows] = self._categories.index(outcome)

    def counts(self) -> dict[str, int]:
        """How many rows have each outcome."""
        counts = np.bincount(self._codes, minlength=len(self._categories)).tolist()
        counted = zip(self._categories, counts, strict=True)
        return {outcome: count for outcome, count in counted if count}


def count_by_code(counts: Mapping[str, int], *kinds: str) -> dict[str, int]:
    """How many rows have each code, of the outcomes of some kinds."""
    by_code: Counter[str] = Counter()
    for outcome, count in counts.items():
        kind, _, code = outcome.partition(" ")
        if kind in kinds:
            by_code[code] += count
    return {code: count for code, count in sorted(by_code.items()) if count}


Columns = pd.DataFrame | Mapping[str, pd.Series]
TABLES = ("contacts", "persons", "followups", "traffic")


def mask_rows(columns: Columns, field_name: str, codes: Collection[str]) -> Mask:
    """The rows to which one of these codes of a field applies, by the columns of a table."""
    if field_name not in columns:
        having = [columns[f"{field_name}:{code}"].to_numpy(dtype=np.bool_) for code in codes]
        rows: Mask = np.logical_or.reduce(having)
        return rows
    column = columns[field_name].cat
    # A row without a code has the place -1: it takes the last element.
    is_wanted = np.array([*(code in codes for code in column.categories), False], dtype=np.bool_)
    return is_wanted[column.codes.to_numpy()]


# A key in this form may be a count, a year or a code as well.
LIKE_A_COUNT = re.compile("[1-9][0-9]{0,6}|0[0-9]{0,3}")


@dataclass(frozen=True)
class KeyHashes:
    """The keys of a table's rows as hashes, in order, and the line of each.

    Keys themselves go no further than the tables. Hashes tell whether a text is a key, and whether
    two exports share a key, which is no fault if keys are `yearly`: numbered anew each year.
    `unambiguous` is how many different keys can't be mistaken for a count.
    """

    hashes: npt.NDArray[np.uint64]
    lines: RowNumbers
    yearly: bool = False
    unambiguous: int = 0

    @staticmethod
    def hash(texts: Sequence[str] | npt.NDArray[np.object_]) -> npt.NDArray[np.uint64]:
        """The hash of each text."""
        return hash_array(np.asarray(texts, dtype=object), categorize=False)

    def hold_any(self, texts: Sequence[str]) -> bool:
        """Whether one of the texts is a key; there must be a text."""
        wanted = self.hash(texts)
        first, end = (self.hashes.searchsorted(wanted, side) for side in ("left", "right"))
        return bool((first < end).any())


@dataclass(frozen=True)
class Table:
    """One table of one edition's period.

    `frame` has a default index and no key columns. Its columns, where the source gives them:

    - `line`: int32, the physical line in the source file (for the auditor, never a dimension);
    - contacts: `date` (datetime64[s], midnight), `hour` (int8, -1 where unknown);
    - persons: `age` (int16, -1 where unknown);
    - a field with one code a row: a `category` whose categories are the whole code list, in order;
    - a field with several codes a row (in `multiple`): a bool column `field:code` for every code;
    - traffic: `measure` (category: `users`, `page_views`, `sessions`), `grain` (category: `year`,
      `month`, `day`), `start` and `end` (datetime64[s]), one category column a dimension (NaN
      where the row isn't broken down by it), `value` (int64), `file` (category: the source file
      that `line` is a line of).

    `codes` are, of a coded field, the codes that the source can say: another code of the list isn't
    a zero, it isn't registered. `parent_rows[i]` is the row, in `parent`, of row `i`.
    """

    name: str
    frame: pd.DataFrame
    fields: frozenset[str]
    multiple: frozenset[str] = frozenset()
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    parent: Table | None = None
    parent_rows: RowNumbers | None = None
    keys: KeyHashes | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.frame)

    def has(self, field_name: str) -> bool:
        """Whether this table, or one above it, gives the field."""
        return self.owner(field_name) is not None

    def owner(self, field_name: str) -> Table | None:
        """The table, this one or one above it, that gives the field."""
        if field_name in self.fields:
            return self
        return self.parent.owner(field_name) if self.parent is not None else None

    def dates(self) -> npt.NDArray[np.datetime64]:
        """The date of the contact that each row hangs on: datetime64[s], one a row."""
        owner = self.owner("date")
        assert owner is not None  # noqa: S101 - contacts have dates
        return self.down(owner.frame["date"].to_numpy(), owner).astype("datetime64[s]", copy=False)

    def down(self, values: npt.NDArray[np.generic], owner: Table) -> npt.NDArray[np.generic]:
        """The values of the rows of `owner`, for the rows of this table that hang on them."""
        if owner is self:
            return values
        if self.parent is None or self.parent_rows is None:
            raise ValueError(f"{self.name} doesn't hang on {owner.name}")
        return self.parent.down(values, owner)[self.parent_rows]


@dataclass(frozen=True)
class FileBalance:
    """What became of the rows of one file: `outcomes` counts them, by the outcome of a row.

    An outcome is as in `RowOutcomes`. Excluded are blank rows (B32), total rows that were checked
    (B18), rows outside the period (B49), rows that stand twice (B52), rows that repeat a contact
    for each of its persons (`repeat`) and lines that a layout of web analytics leaves `unused`.
    `noted` counts what touched no row: a byte order mark (B01), an encoding (B03), a header cell
    (B21), contacts without a person (B56), an hour that the clock had twice (B48). `reasons` counts
    corrections by why they were made: of a cell (repaired: `corrected`), or of a row (excluded:
    `left_out`, and `hangs` for rows that hang on it).
    """

    file: str
    sha256: str
    table: str
    read: int
    outcomes: Mapping[str, int]
    noted: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def used(self) -> int:
        """The rows that stand in the table as the source wrote them."""
        return self.outcomes.get(USED, 0)

    @property
    def repaired(self) -> dict[str, int]:
        """The rows that stand in the table repaired, by the code of the fault."""
        return count_by_code(self.outcomes, "repaired")

    @property
    def excluded(self) -> dict[str, int]:
        """The rows that were left out, also by a draft, by the code of the fault."""
        return count_by_code(self.outcomes, "excluded", "faulty")

    @property
    def faulty(self) -> dict[str, int]:
        """Those among the excluded that a draft leaves out for a fault."""
        return count_by_code(self.outcomes, "faulty")


@dataclass(frozen=True)
class SettledFault:
    """Something that stops a run unless the parameters acknowledge it; a draft only lists it.

    `code` is a fault or the name of something odd about the year. `file` is the file as messages
    name it, `rows` how many of its rows; of an odd year there is no file, and `about` says which
    month, column or code (`2017-03`, `channel`, `channel.other`). `reason` says
    why it is acknowledged, and `by` who looked into it.
    """

    code: str
    file: str = ""
    rows: int = 0
    about: str = ""
    reason: Translated | None = None
    by: str = ""


@dataclass(frozen=True)
class Dataset:
    """The tables of one edition's period, and what became of the rows of each file.

    A table that no source gives isn't in `tables`. `waiting` are faults that a draft lists and that
    stop any other run. `corrections` are the files that mended rows. `notes` say what the exports
    lack and how to get it, and which codes one of two years lacks. `artefacts` are the fields and
    tables that an acknowledged or waiting fault distorts: no headline is about these. `left_out`
    has, by file, the lines of the rows that a draft left out, and `names` the name of each file in
    the edition. `exports` are the rows as they were read; a kept dataset has none.

    Raises:
        MachineError: the rows of a file don't add up: a fault of the program.
    """

    edition: str
    period: Period
    tables: Mapping[str, Table]
    balances: tuple[FileBalance, ...] = ()
    acknowledged: tuple[SettledFault, ...] = ()
    waiting: tuple[SettledFault, ...] = ()
    corrections: tuple[Corrections, ...] = ()
    left_out: Mapping[str, frozenset[int]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    artefacts: frozenset[str] = frozenset()
    exports: Sequence[Export] = field(default=(), repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "exports": ()}

    def public_name(self, file: str) -> str:
        """What an edition calls a file; '' for what is of no file."""
        return self.names.get(file) or file.rpartition("/")[2]

    def __post_init__(self) -> None:
        for balance in self.balances:
            if balance.read != sum(balance.outcomes.values()):
                raise MachineError(
                    f"the rows of {balance.table} don't add up: {balance.read} read, "
                    f"{balance.used} used, {sum(balance.repaired.values())} repaired, "
                    f"{sum(balance.excluded.values())} excluded",
                    where=balance.file,
                    next_step="this is a fault of the program: please report this line",
                )
