"""All rows that a file has for one table: typed columns, keys, links, and the outcome of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from helpline_report.exports.cell_texts import find_personal_kind, is_free_text, plain, shape
from helpline_report.exports.export_files import Export
from helpline_report.exports.faults import Findings
from helpline_report.exports.text_tables import Mask, TextTable
from helpline_report.parameters.row_layouts import ROW, RowFile, TableLayout
from helpline_report.tables.cell_readers import CellReading, Reader, Values
from helpline_report.tables.dataset import Days, RowNumbers, RowOutcomes

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
WORDS_FOR_BLANK = frozenset({
    "na", "n/a", "n.a.", "nan", "null", "none", "nil", "leeg", "(leeg)", "blank", "(blank)", "geen",
    "nvt", "n.v.t.", "?", "-", "--", "/", ".",
})
# fmt: on
# The faults of texts that may be free text in place of labels.
UNKNOWN_TEXTS = ("B36", "B42", "B59", "B63")
# A row whose date was a spreadsheet's serial number, counted from 1900 and from 1904.
SERIAL_CODES = ("B44", "B45")


def diagnose_text(text: str, reading: CellReading, kind: ColumnKind) -> CellReading:
    """A faulty reading, with a more exact fault if the text looks like one of these.

    They are personal data (B65), an error of a spreadsheet (B38), a date (B40), a power of ten
    (B41), a number that stands for unknown (B39), and a word for blank (B62).
    """
    personal = find_personal_kind(text)
    if personal:
        return CellReading(fault="B65", case="cell", values={"personal": personal})
    plain_text = plain(text)
    if ERROR.fullmatch(plain_text):
        return CellReading(fault="B38", case="text")
    if kind in ("coded", "flag", "integer"):
        if MONTH_NAME.fullmatch(plain_text) or FULL_DATE.fullmatch(plain_text):
            return CellReading(fault="B40", case="text")
        if POWER.fullmatch(plain_text):
            return CellReading(fault="B41", case="text")
    if kind == "coded" and STANDS_FOR_UNKNOWN.fullmatch(plain_text):
        return replace(reading, fault="B39", case="label")
    if plain_text in WORDS_FOR_BLANK:
        return replace(reading, fault="B62", case="date" if kind == "datetime" else kind)
    return reading


@dataclass
class TableRows:
    """All rows of a file that feeds a table: `columns` as `Table.frame` has them.

    `parent_rows[i]` is the row of the parent that row `i` hangs on; -1 if there is none.
    `keys` are the keys as they are compared; `first[i]` is the first row with the key of row `i`.
    Both are None if rows have no key.
    `file_rows[i]` is the row of the file that row `i` is made of; None if all are the same rows.
    `minutes` are minutes of the day, -1 if the time is unknown; None if no column gives times.
    `serial` marks rows whose date was a serial number, by the code of that repair; `misdated` marks
    rows whose date was refused after it was read.
    """

    name: str
    export: Export
    text: TextTable
    columns: dict[str, pd.Series] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    multiple: set[str] = field(default_factory=set)
    codes: dict[str, frozenset[str]] = field(default_factory=dict)
    parent: TableRows | None = None
    parent_rows: RowNumbers | None = None
    keys: pd.Categorical | None = None
    first: RowNumbers | None = None
    file_rows: RowNumbers | None = None
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
    def file(self) -> RowFile:
        """How the file is written."""
        return self.export.layout

    @property
    def layout(self) -> TableLayout:
        """What the layout says of this table."""
        return self.file.tables[self.name]  # type: ignore[index]

    @property
    def repeats(self) -> bool:
        """Whether the file repeats a row of this table for each row of a table that hangs on it."""
        key = self.layout.key
        parents = {layout.parent for name, layout in self.file.tables.items() if name != self.name}
        return key != ROW and key in parents

    def title(self, field_name: str) -> str:
        """The title of the column that gives a field; '' if none does."""
        columns = self.layout.columns.items()
        return next((title for title, column in columns if field_name in column.fields()), "")

    def in_table(self) -> Mask:
        """The rows that aren't left out."""
        return self.outcomes.in_table()

    def parents_of(self, rows: Mask) -> Mask:
        """Which rows of the parent have at least one of some `rows` hanging on them."""
        assert self.parent is not None and self.parent_rows is not None  # noqa: PT018, S101 - linked
        parents = np.zeros(len(self.parent.text), dtype=np.bool_)
        parents[self.parent_rows[rows]] = True
        return parents

    def repair(self, code: str, rows: Mask) -> None:
        """Mark rows as repaired for a fault."""
        self.outcomes.repair(code, rows)
        if code in SERIAL_CODES:
            self.serial[code] = self.serial.get(code, np.zeros_like(rows)) | rows

    def read(self, column: str, reader: Reader, kind: ColumnKind) -> Values:
        """The value of each row of a column; each distinct text is read once.

        Rows whose text was mended are marked as repaired; those with a fault are refused.
        """
        cells = self.text.columns[column]
        readings = [reader(text) for text in cells.categories]
        for code in sorted({reading.repair for reading in readings if reading.repair}):
            repaired = np.array([reading.repair == code for reading in readings])
            self.repair(code, repaired[cells.codes])
        faulty = {place: reading for place, reading in enumerate(readings) if reading.fault}
        if faulty:
            self._refuse_cells(column, kind, faulty)
        values = np.array([reading.value for reading in readings], dtype=np.int64)
        of_rows: Values = values[cells.codes]
        return of_rows

    def _refuse_cells(self, name: str, kind: ColumnKind, faulty: Mapping[int, CellReading]) -> None:
        """Refuse the rows with a faulty text, which has a category; free text is one problem."""
        cells = self.text.columns[name]
        used = set(pd.unique(cells.codes).tolist())
        readings = {
            place: diagnose_text(cells.categories[place], reading, kind)
            for place, reading in faulty.items()
            if place in used
        }
        unknown = [place for place, reading in readings.items() if reading.fault in UNKNOWN_TEXTS]
        if self.refuse_free_text(name, unknown):
            for place in unknown:
                del readings[place]
        # Texts with the same message are one cause.
        causes: dict[str, list[int]] = {}
        for place, reading in readings.items():
            causes.setdefault(f"{reading} {shape(cells.categories[place])}", []).append(place)
        # The first row of each cause comes first, since findings hold a limited number of messages.
        for part in (slice(None, 1), slice(1, None)):
            for places in causes.values():
                reading, text = readings[places[0]], cells.categories[places[0]]
                lines = self.text.lines[np.isin(cells.codes, places)]
                values = {"shape": shape(text), **reading.values}  # noqa: PD011
                self.findings.add_rows(
                    reading.fault,
                    reading.case,
                    lines=lines[part],
                    column=name,
                    alike=len(lines),
                    **values,  # type: ignore[arg-type]
                )

    def refuse_free_text(self, name: str, places: Sequence[int]) -> bool:
        """Refuse a column whose categories in `places` are sentences (B65), once; whether so."""
        cells = self.text.columns[name]
        if not is_free_text([cells.categories[place] for place in places]):
            return False
        rows = np.isin(cells.codes, places)
        line, number = self.text.lines[rows.argmax()], int(rows.sum())
        self.findings.add("B65", "free_text", line=line, column=name, rows=number)
        return True

    def days(self) -> Days:
        """The day of the contact that each row hangs on; NaT if it hangs on none."""
        if self.parent is None:
            return self.columns["date"].to_numpy().astype("datetime64[D]")
        assert self.parent_rows is not None  # noqa: S101 - linked before
        days = self.parent.days()[self.parent_rows]
        days[self.parent_rows < 0] = np.datetime64("NaT", "D")
        return days
