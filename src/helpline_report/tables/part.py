"""One table in the making: typed columns of the rows of one file, and what became of the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpline_report.exports.export_files import Export
from helpline_report.exports.findings import Findings
from helpline_report.exports.text_tables import TextTable
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import ROW, Column, RowFile, TableLayout
from helpline_report.tables.coded import DatedRows, add_coded, add_flags
from helpline_report.tables.columns import Cells, read_column
from helpline_report.tables.integers import Range, integer_reader, mixes_decimals
from helpline_report.tables.model import Rows
from helpline_report.tables.odd import ColumnKind
from helpline_report.tables.reading import Mask, Reader, Repairs, Values
from helpline_report.tables.stamps import Stamps, add_stamps
from helpline_report.tables.values import (
    Serial,
    date_reader,
    either,
    midnights,
    stamp_reader,
    time_reader,
)

# How the cells of a workbook that are dates and times are written out.
WORKBOOK_DATES, WORKBOOK_TIMES = "yyyy-mm-dd", "hh:mm"


@dataclass
class Part:
    """A table before its rows are chosen: `columns` as `Table.frame` has them, all rows.

    `parent_rows[i]` is the row, in the parent part, that row `i` hangs on; -1 where there is none.
    `first[i]` is the row in which the key of row `i` stands first; None where rows have no key.
    `misdated` are rows whose date was refused after it was read.
    """

    name: str
    export: Export
    text: TextTable
    file: RowFile
    repairs: Repairs
    columns: dict[str, pd.Series] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    multiple: set[str] = field(default_factory=set)
    codes: dict[str, frozenset[str]] = field(default_factory=dict)
    dated: list[DatedRows] = field(default_factory=list)
    excluded: dict[str, Mask] = field(default_factory=dict)
    parent: Part | None = None
    parent_rows: Rows | None = None
    first: Rows | None = None
    misdated: Mask = field(init=False)

    def __post_init__(self) -> None:
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

    def kept(self) -> Mask:
        """The rows that are left out for no reason."""
        kept = np.ones(len(self.text), dtype=np.bool_)
        for rows in self.excluded.values():
            kept &= ~rows
        return kept

    def exclude(self, code: str, rows: Mask) -> None:
        """Leave out rows that weren't left out already."""
        rows = rows & self.kept()
        if rows.any():
            self.excluded[code] = self.excluded.get(code, np.zeros_like(rows)) | rows

    def cells(self, column: str, kind: ColumnKind) -> Cells:
        """A column of the file, by its name."""
        return Cells(column, kind, self.text.columns[column], self.text.lines)

    def read(self, column: str, reader: Reader, kind: ColumnKind) -> Values:
        """The value of each row of a column; what can't be read is a problem of the file."""
        cells = self.cells(column, kind)
        return read_column(cells, reader, repairs=self.repairs, findings=self.findings)


def make_part(
    name: str, export: Export, text: TextTable, file: RowFile, lists: Mapping[str, CodeList]
) -> Part:
    """The typed columns of one table; what can't be typed is a problem of the file."""
    part = Part(name, export, text, file, Repairs(len(text)))
    for code, lines in export.rows.mended.items():
        part.repairs.add(code, np.isin(text.lines, lines))
    stamps = Stamps()
    for column_name, column in part.layout.columns.items():
        match column.kind:
            case "coded":
                add_coded(part, column_name, column, lists[column.field])
            case "integer":
                _add_integers(part, column_name, column)
            case _:
                _read_times(part, column_name, column, stamps)
        part.fields.update(column.fields())
    for field_name, flags in part.layout.flags.items():
        add_flags(part, field_name, flags, lists[field_name])
        part.fields.add(field_name)
    add_stamps(part, stamps)
    return part


def _add_integers(part: Part, name: str, column: Column) -> None:
    reader = integer_reader(Range.of(column), part.file.numbers)
    part.columns[column.field] = pd.Series(part.read(name, reader, "integer").astype(np.int16))
    cells = part.text.columns[name]
    mixed = mixes_decimals(cells.distinct, part.file.numbers)
    if mixed:
        part.findings.refuse(
            "B34",
            "decimal commas and decimal points stand in one column",
            line=int(part.text.lines[cells.first(cells.distinct.index(mixed))]),
            column=name,
            next_step="export it again as text, and open it nowhere in between",
        )


def _read_times(part: Part, name: str, column: Column, stamps: Stamps) -> None:
    """Read a column of dates, times, or both."""
    file = part.file
    match column.kind:
        case "date":
            assert file.dates is not None  # noqa: S101 - the layout's schema says so
            stamps.date_column = name
            stamps.days = part.read(name, date_reader(file.dates, _serial(file)), "date")
        case "time":
            stamps.time_column = name
            stamps.minutes = part.read(name, _times(part, column), "time")
        case "datetime":
            stamps.date_column = stamps.time_column = name
            stamps.set_both(part.read(name, _both(part), "datetime"))


def _serial(file: RowFile) -> Serial:
    if not file.serial_dates:
        return None
    return 1904 if file.serial_dates is not True else 1900


def _times(part: Part, column: Column) -> Reader:
    reader = time_reader(part.file.times, column.blank, column.unknown)
    return either(reader, time_reader(WORKBOOK_TIMES, None)) if _in_workbook(part) else reader


def _both(part: Part) -> Reader:
    file = part.file
    assert file.stamps is not None  # noqa: S101 - the layout's schema says so
    reader = stamp_reader(file.stamps, _serial(file))
    if not _in_workbook(part):
        return reader
    dates = file.dates or WORKBOOK_DATES
    whole = either(stamp_reader(f"{dates} {WORKBOOK_TIMES}"), midnights(date_reader(dates)))
    return either(reader, whole)


def _in_workbook(part: Part) -> bool:
    """Whether the rows stand in a workbook, whose cells of dates and times know what they are."""
    return part.findings.cell is not None
