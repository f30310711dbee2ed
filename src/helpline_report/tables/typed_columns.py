"""Type the columns of a file's rows by its layout: codes, whole numbers, dates and times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpline_report.exports.export_files import Export
from helpline_report.exports.text_tables import TextTable
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import Column, RowFile
from helpline_report.tables.cell_readers import (
    UNKNOWN_VALUE,
    Reader,
    Values,
    either,
    integer_reader,
    other_decimal_sign,
)
from helpline_report.tables.coded_fields import add_coded, add_flags
from helpline_report.tables.date_readers import (
    MINUTES_A_DAY,
    NO_DAY,
    Serial,
    convert_zone,
    date_reader,
    midnight_reader,
    never_and_twice,
    stamp_reader,
    time_reader,
)
from helpline_report.tables.table_rows import TableRows

# How the cells of a workbook that are dates and times are written out.
WORKBOOK_DATES, WORKBOOK_TIMES = "yyyy-mm-dd", "hh:mm"
MINUTES_AN_HOUR = 60


@dataclass
class _Stamps:
    """What the columns of dates and times give: days since 1970, and minutes of the day.

    A date that can't be read is `NO_DAY`, an unknown time -1.
    """

    days: Values | None = None
    minutes: Values | None = None
    time_column: str = ""


def type_rows(
    name: str, export: Export, text: TextTable, file: RowFile, lists: Mapping[str, CodeList]
) -> TableRows:
    """The typed columns of one table; what can't be typed is a problem of the file."""
    rows = TableRows(name, export, text, file)
    for code, lines in export.rows.mended.items():
        rows.repair(code, np.isin(text.lines, lines))
    stamps = _Stamps()
    for title, column in rows.layout.columns.items():
        match column.kind:
            case "coded":
                add_coded(rows, title, column, lists[column.field])
            case "integer":
                _add_integers(rows, title, column)
            case _:
                _read_stamps(rows, title, column, stamps)
        rows.fields.update(column.fields())
    for field, flags in rows.layout.flags.items():
        add_flags(rows, field, flags, lists[field])
        rows.fields.add(field)
    _add_stamps(rows, stamps)
    return rows


def _add_integers(rows: TableRows, title: str, column: Column) -> None:
    reader = integer_reader(column, rows.file.numbers)
    rows.columns[column.field] = pd.Series(rows.read(title, reader, "integer").astype(np.int16))
    cells = rows.text.columns[title]
    mixed = other_decimal_sign(cells.distinct, rows.file.numbers)
    if mixed:
        line = rows.text.lines[cells.first(cells.distinct.index(mixed))]
        rows.findings.add("B34", "column", line=line, column=title)


def _read_stamps(rows: TableRows, title: str, column: Column, stamps: _Stamps) -> None:
    """Read a column of dates, times, or both."""
    file = rows.file
    serial: Serial = None
    if file.serial_dates:
        serial = 1900 if file.serial_dates is True else 1904
    if column.kind == "date":
        stamps.days = rows.read(title, date_reader(file.dates or "", serial), "date")
        return
    stamps.time_column = title
    if column.kind == "time":
        stamps.minutes = rows.read(title, _time_reader(rows, column), "time")
        return
    values = rows.read(title, _stamp_reader(rows, serial), "datetime")
    readable = values != NO_DAY
    stamps.days = np.where(readable, values // MINUTES_A_DAY, NO_DAY)
    stamps.minutes = np.where(readable, values % MINUTES_A_DAY, UNKNOWN_VALUE)


def _time_reader(rows: TableRows, column: Column) -> Reader:
    reader = time_reader(rows.file.times, column.blank, column.unknown)
    return either(reader, time_reader(WORKBOOK_TIMES, None)) if _in_workbook(rows) else reader


def _stamp_reader(rows: TableRows, serial: Serial) -> Reader:
    file = rows.file
    reader = stamp_reader(file.stamps or "", serial)
    if not _in_workbook(rows):
        return reader
    dates = file.dates or WORKBOOK_DATES
    stamps = stamp_reader(f"{dates} {WORKBOOK_TIMES}")
    return either(reader, either(stamps, midnight_reader(date_reader(dates))))


def _in_workbook(rows: TableRows) -> bool:
    """Whether the rows stand in a workbook, whose cells of dates and times know what they are."""
    return rows.findings.cell is not None


def _add_stamps(rows: TableRows, stamps: _Stamps) -> None:
    """The columns `date` and `hour`, by the clock that the report counts by.

    Times by another clock are converted, and counted where the date changes (B51). An hour that the
    clock left out is unknown, and to be acknowledged (B47); one that it had twice is noted (B48).
    """
    if stamps.days is not None and stamps.minutes is not None:
        _convert_clock(rows, stamps.days, stamps.minutes, stamps.time_column)
    if stamps.days is not None:
        days = stamps.days.astype("datetime64[D]").astype("datetime64[s]")
        rows.columns["date"] = pd.Series(days)
    if stamps.minutes is not None:
        rows.columns["hour"] = pd.Series((stamps.minutes // MINUTES_AN_HOUR).astype(np.int8))


def _convert_clock(rows: TableRows, days: Values, minutes: Values, time_column: str) -> None:
    timed = np.flatnonzero((days != NO_DAY) & (minutes != UNKNOWN_VALUE))
    wall = days[timed] * MINUTES_A_DAY + minutes[timed]
    written, local = rows.file.written_zone, rows.file.local_zone
    never, twice = never_and_twice(wall, written)
    if never.any():
        lines = rows.text.lines[timed[never]]
        number = int(never.sum())
        rows.findings.ask("B47", rows=number, lines=lines, column=time_column, zone=written)
    if twice.any():
        rows.findings.noted["B48"] += int(twice.sum())
    if written != local:
        moved = convert_zone(wall, written, local)
        changed = np.zeros(len(days), dtype=np.bool_)
        changed[timed] = moved // MINUTES_A_DAY != days[timed]
        rows.repair("B51", changed)
        days[timed], minutes[timed] = moved // MINUTES_A_DAY, moved % MINUTES_A_DAY
    minutes[timed[never]] = UNKNOWN_VALUE
