"""The rows of a file for one table before they are chosen: typed columns, and an outcome a row."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpline_report.exports.export_files import Export
from helpline_report.exports.findings import Findings
from helpline_report.exports.text_tables import Mask, TextTable
from helpline_report.parameters.row_layouts import ROW, DatedCode, RowFile, TableLayout
from helpline_report.tables.cell_faults import Cells, ColumnKind, refuse_cells
from helpline_report.tables.cell_readers import Reader, Values
from helpline_report.tables.dataset import Rows
from helpline_report.tables.row_outcomes import RowOutcomes

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

    def cells(self, column: str, kind: ColumnKind) -> Cells:
        """A column of the file, by its name."""
        return Cells(column, kind, self.text.columns[column], self.text.lines)

    def read(self, column: str, reader: Reader, kind: ColumnKind) -> Values:
        """The value of each row of a column, each distinct text read once.

        Rows whose text was mended are repaired, and each row with a fault is a problem of the file.
        """
        cells = self.cells(column, kind)
        readings = [reader(text) for text in cells.column.distinct]
        for code in sorted({reading.repair for reading in readings if reading.repair}):
            places = [at for at, reading in enumerate(readings) if reading.repair == code]
            self.repair(code, cells.column.holding(places))
        faulty = {at: reading for at, reading in enumerate(readings) if reading.fault}
        if faulty:
            refuse_cells(cells, faulty, self.findings)
        values = np.array([reading.value for reading in readings], dtype=np.int64)
        return values[cells.column.codes]

    def days(self) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
        """The day of the contact that each row hangs on; NaT where it hangs on none."""
        if self.parent is None:
            return self.columns["date"].to_numpy().astype("datetime64[D]")
        assert self.parent_rows is not None  # noqa: S101 - linked before
        days = self.parent.days()[self.parent_rows]
        days[self.parent_rows < 0] = np.datetime64("NaT")
        return days
