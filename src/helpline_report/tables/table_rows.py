"""The rows of a file for one table before they are chosen: typed columns, and an outcome a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from helpline_report.exports.cell_texts import is_free_text, personal_kind, plain, shape
from helpline_report.exports.export_files import Export
from helpline_report.exports.faults import KEPT, Findings
from helpline_report.exports.text_tables import Mask, TextTable
from helpline_report.parameters.row_layouts import ROW, DatedCode, RowFile, TableLayout
from helpline_report.tables.cell_readers import CellReading, Reader, Values
from helpline_report.tables.dataset import RowOutcomes, Rows

ColumnKind = Literal["coded", "flag", "integer", "date", "time", "datetime"]
MONTHS = "jan|feb|mrt|maa|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec"
MONTH_NAME = re.compile(
    rf"(\d{{1,4}}[-/. ]({MONTHS})[a-z]*\.?|({MONTHS})[a-z]*\.?[-/. ]\d{{1,4}})([-/. ]\d{{2,4}})?"
)
FULL_DATE = re.compile(
    r"(\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})([ t]\d{1,2}:\d\d.*)?", re.ASCII
)
ERROR = re.compile(r"#(n/[ab]|[a-zà-ÿ]+(/0)?[!?])|#{2,}")
POWER = re.compile(r"\d+([.,]\d+)?e[+-]?\d+", re.ASCII)
STANDS_FOR_UNKNOWN = re.compile(r"-1|-?9{2,4}|-?8{3,4}", re.ASCII)
# fmt: off
NOTHING = frozenset({
    "na", "n/a", "n.a.", "nan", "null", "none", "nil", "leeg", "(leeg)", "blank", "(blank)", "geen",
    "nvt", "n.v.t.", "?", "-", "--", "/", ".",
})
# fmt: on
# A text is taken for free text, and not for a mistyped label, where it is faulty in these ways.
UNKNOWN_TEXTS = ("B36", "B42", "B59", "B63")


def diagnose_text(text: str, reading: CellReading, kind: ColumnKind) -> CellReading:
    """A faulty reading, told as what the text looks like, or else as its reader told it.

    Personal data (B65), an error of a spreadsheet (B38), a date (B40), a power of ten (B41), a
    number that stands for unknown (B39), a text for nothing (B62).
    """
    personal = personal_kind(text)
    if personal:
        return CellReading(fault="B65", case="cell", values={"personal": personal})
    simple = plain(text)
    if ERROR.fullmatch(simple):
        return CellReading(fault="B38", case="text")
    if kind in ("coded", "flag", "integer"):
        if MONTH_NAME.fullmatch(simple) or FULL_DATE.fullmatch(simple):
            return CellReading(fault="B40", case="text")
        if POWER.fullmatch(simple):
            return CellReading(fault="B41", case="text")
    if kind == "coded" and STANDS_FOR_UNKNOWN.fullmatch(simple):
        return replace(reading, fault="B39", case="label")
    if simple in NOTHING:
        return replace(reading, fault="B62", case="date" if kind == "datetime" else kind)
    return reading


# A row whose date was a spreadsheet's serial number, counted from 1900 and from 1904.
SERIAL_CODES = ("B44", "B45")


@dataclass(frozen=True)
class DatedLabel:
    """The rows of a label that the layout dates, and what it means on which days.

    `places` are those of its codes in the field's list, one for each of `meanings`.
    """

    column: str
    field: str
    rows: Mask
    meanings: list[DatedCode]
    places: list[int]


@dataclass
class TableRows:
    """All rows of a file that feeds a table: `columns` as `Table.frame` has them.

    `parent_rows[i]` is the row, in the parent, that row `i` hangs on; -1 where there is none.
    `first[i]` is the row in which the key of row `i` stands first; None where rows have no key.
    `file_rows[i]` is the row of the file that row `i` is made of; None where it is row `i`.
    `minutes` are those of the day, -1 where the time is unknown; None where no column tells it.
    `serial` are rows whose date was a serial number, by the code of that repair; `misdated` those
    whose date was refused after it was read.
    """

    name: str
    export: Export
    text: TextTable
    file: RowFile
    columns: dict[str, pd.Series] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    multiple: set[str] = field(default_factory=set)
    codes: dict[str, frozenset[str]] = field(default_factory=dict)
    dated: list[DatedLabel] = field(default_factory=list)
    parent: TableRows | None = None
    parent_rows: Rows | None = None
    first: Rows | None = None
    file_rows: Rows | None = None
    minutes: Values | None = None
    serial: dict[str, Mask] = field(default_factory=dict)
    outcomes: RowOutcomes = field(init=False)
    misdated: Mask = field(init=False)

    def __post_init__(self) -> None:
        self.outcomes = RowOutcomes(len(self.text))
        self.misdated = np.zeros(len(self.text), dtype=np.bool_)

    @property
    def findings(self) -> Findings:
        """The findings of the file that the rows stand in."""
        return self.export.findings

    @property
    def layout(self) -> TableLayout:
        """What the layout says of this table."""
        return self.file.tables[self.name]  # type: ignore[index]

    @property
    def repeats(self) -> bool:
        """Whether a row stands again for each row of another table that hangs on it."""
        others = [other for name, other in self.file.tables.items() if name != self.name]
        key = self.layout.key
        return key != ROW and any(other.parent == key for other in others)

    def in_table(self) -> Mask:
        """The rows that aren't left out."""
        return self.outcomes.in_table()

    def repair(self, code: str, rows: Mask) -> None:
        """Mark rows as repaired for a fault."""
        self.outcomes.repair(code, rows)
        if code in SERIAL_CODES:
            self.serial[code] = self.serial.get(code, np.zeros_like(rows)) | rows

    def read(self, column: str, reader: Reader, kind: ColumnKind) -> Values:
        """The value of each row of a column, each distinct text read once.

        Rows whose text was mended are repaired, and each row with a fault is a problem of the file.
        """
        cells = self.text.columns[column]
        readings = [reader(text) for text in cells.distinct]
        for code in sorted({reading.repair for reading in readings if reading.repair}):
            places = [at for at, reading in enumerate(readings) if reading.repair == code]
            self.repair(code, cells.holding(places))
        faulty = {at: reading for at, reading in enumerate(readings) if reading.fault}
        if faulty:
            self._refuse_cells(column, kind, faulty)
        values = np.array([reading.value for reading in readings], dtype=np.int64)
        return values[cells.codes]

    def _refuse_cells(self, name: str, kind: ColumnKind, faulty: Mapping[int, CellReading]) -> None:
        """Refuse the rows whose text is faulty; a column of free text is one problem."""
        cells = self.text.columns[name]
        used = np.bincount(cells.codes, minlength=len(cells.distinct)) > 0
        readings = {
            place: diagnose_text(cells.distinct[place], reading, kind)
            for place, reading in faulty.items()
            if used[place]
        }
        unknown = [place for place, reading in readings.items() if reading.fault in UNKNOWN_TEXTS]
        if self.refuse_free_text(name, unknown):
            readings = {at: reading for at, reading in readings.items() if at not in unknown}
        alike: dict[tuple[str, str], list[int]] = {}
        for place, reading in readings.items():
            alike.setdefault((reading.fault, reading.case), []).append(place)
        for (code, case), group in sorted(alike.items(), key=lambda item: item[0][0]):
            rows = np.flatnonzero(cells.holding(group))
            messages = {
                place: {"shape": shape(cells.distinct[place]), **readings[place].values}  # noqa: PD011 - no frame
                for place in group
            }
            causes = [*map(repr, messages.values())]
            cause_of = np.zeros(len(cells.distinct), dtype=np.int32)
            cause_of[group] = [causes.index(cause) for cause in causes]
            of_row = cause_of[cells.codes[rows]]
            numbers = np.bincount(of_row)
            # The first row of each cause comes first: of many rows not all are carried.
            firsts = np.sort(np.unique(of_row, return_index=True)[1])
            rows = np.r_[rows[firsts], np.delete(rows, firsts)]
            values = [
                {**messages[place], "alike": numbers[cause_of[place]]}
                for place in cells.codes[rows[:KEPT]].tolist()
            ]
            lines = self.text.lines[rows]
            self.findings.add_rows(code, case, lines=lines, column=name, of_row=values.__getitem__)

    def refuse_free_text(self, name: str, places: Sequence[int]) -> bool:
        """Refuse a column that holds sentences where labels are due (B65): once."""
        cells = self.text.columns[name]
        if not is_free_text([cells.distinct[place] for place in places]):
            return False
        rows = cells.holding(places)
        line, number = self.text.lines[rows.argmax()], int(rows.sum())
        self.findings.add("B65", "free_text", line=line, column=name, rows=number)
        return True

    def days(self) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
        """The day of the contact that each row hangs on; NaT where it hangs on none."""
        if self.parent is None:
            return self.columns["date"].to_numpy().astype("datetime64[D]")
        assert self.parent_rows is not None  # noqa: S101 - linked before
        days = self.parent.days()[self.parent_rows]
        days[self.parent_rows < 0] = np.datetime64("NaT")
        return days
