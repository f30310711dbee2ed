"""Type the columns of a file's rows by its layout: codes, flags, whole numbers, dates and times."""

import datetime as dt
import importlib.resources
from collections.abc import Mapping
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import tzdata

from helpline_report.exports.cell_texts import plain
from helpline_report.exports.export_files import Export
from helpline_report.exports.text_tables import Mask, TextTable, find_rows_where
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import OLDEST, UNKNOWN, Column, Flags
from helpline_report.tables import cell_readers
from helpline_report.tables.cell_readers import MINUTES_A_DAY, NO_DAY, UNKNOWN_VALUE, Values
from helpline_report.tables.dataset import Days, mask_rows
from helpline_report.tables.table_rows import TableRows

# Times outside these years are taken as the nearest of them: time zones aren't needed there.
CLOCKS = np.datetime64("1950-01-01", "m"), np.datetime64("2150-01-01", "m")


def type_rows(
    name: str, export: Export, text: TextTable, lists: Mapping[str, CodeList]
) -> TableRows:
    """Type the columns of one table; a cell that can't be typed is a problem of the file."""
    rows = TableRows(name, export, text)
    if rows.layout.number is not None:
        rows = _repeat_rows(rows, rows.layout.number)
    for code, lines in export.mended.items():
        rows.repair(code, np.isin(rows.text.lines, lines))
    for title, column in rows.layout.columns.items():
        if column.kind == "coded":
            _add_coded(rows, title, column, lists[column.field])
        elif column.kind == "integer":
            _add_integers(rows, title, column)
        rows.fields.update(column.fields())
    for field, flags in rows.layout.flags.items():
        _add_flags(rows, field, flags, lists[field])
    _add_dates_and_times(rows)
    return rows


def _repeat_rows(rows: TableRows, title: str) -> TableRows:
    """A row for each person of a contact, by the number in the column `title`; one if faulty."""
    bounds = {"from": 0, "to": OLDEST, "outside": "refuse"}
    column = Column.model_validate({"field": "age", "kind": "integer", **bounds})
    reader = cell_readers.make_integer_reader(column, rows.file.numbers)
    cells = rows.text.columns[title]
    readings = [reader(text) for text in cells.categories]
    values = np.array([1 if reading.fault else reading.value for reading in readings])
    numbers = values[cells.codes]
    for lines in rows.findings.faulty.values():
        numbers[np.isin(rows.text.lines, lines)] = 1
    places = np.repeat(np.arange(len(rows.text), dtype=np.int32), numbers)
    text = rows.text.take(places)
    repeated = TableRows(rows.name, rows.export, text, file_rows=places)
    repeated.read(title, reader, "integer")
    return repeated


def _add_coded(rows: TableRows, name: str, column: Column, codes: CodeList) -> None:
    """Add a column of categories or, if a cell can have several codes, one of bool per code."""
    # A label that means several codes at once is read as a code of its own, `+` and the label.
    joint = {f"+{label}": meant for label, meant in column.joint.items()}
    blank, is_one_of_several = column.blank, column.field in rows.layout.several
    if is_one_of_several and blank is None and column.separator is None:
        # An empty cell of one of several columns is no code.
        blank, joint["+"] = "+", []
    order = [*codes.order, *joint]
    labels = {label: meanings[0].code for label, meanings in column.codes.items()}
    labels |= {label: f"+{label}" for label in column.joint}
    make_reader = (
        cell_readers.make_open_label_reader if codes.open else cell_readers.make_label_reader
    )
    reader = make_reader(labels, blank, order)
    if codes.open:
        order += [code for code in column.all_codes() if code not in order]
        # An open list takes any label; sentences are free text, and no labels.
        texts = rows.text.columns[name].categories
        unlisted = [place for place, text in enumerate(texts) if text and text not in labels]
        rows.refuse_free_text(name, unlisted)
    if column.unknown:
        reader = cell_readers.make_unknown_reader(reader, column.unknown, order.index(UNKNOWN))
    if column.several or is_one_of_several:
        place = order.index(blank) if blank is not None else None
        several_reader, sets = cell_readers.make_several_reader(reader, column.separator, place)
        values = rows.read(name, several_reader, "coded")
        codes_of_place = [joint.get(code, [code]) for code in order]
        code_sets = [{code for place in each for code in codes_of_place[place]} for each in sets]
        order = [code for code in order if code not in joint]
        for code in order:
            # Cells that can't be read have the value -1: they take the last element.
            has_code = np.array([*(code in each for each in code_sets), False])
            _give_code(rows, column.field, code, has_code[values])
    else:
        values = rows.read(name, reader, "coded").astype(np.int32)
        index = pd.Index(order, dtype="str")
        rows.columns[column.field] = pd.Series(pd.Categorical.from_codes(values, categories=index))
    known = order if codes.open else column.all_codes()
    rows.codes[column.field] = rows.codes.get(column.field, frozenset()).union(known)


def _add_flags(rows: TableRows, field: str, flags: Flags, codes: CodeList) -> None:
    """Add a column of bool per code of the list, in its order; one without a flag is all False."""
    reader = cell_readers.make_flag_reader(flags.yes, flags.no)
    for code in codes.order:
        _give_code(rows, field, code, np.zeros(len(rows.text), dtype=np.bool_))
    for title, code in flags.columns.items():
        _give_code(rows, field, code, rows.read(title, reader, "flag") == 1)
    rows.codes[field] = rows.codes.get(field, frozenset()).union(flags.columns.values())
    rows.fields.add(field)


def _give_code(rows: TableRows, field: str, code: str, has_code: Mask) -> None:
    """Give rows a code of a field with several codes, beside what other columns gave them."""
    name = f"{field}:{code}"
    before = rows.columns[name].to_numpy() if name in rows.columns else False
    rows.columns[name] = pd.Series(has_code | before)
    rows.multiple.add(field)


def _add_integers(rows: TableRows, title: str, column: Column) -> None:
    reader = cell_readers.make_integer_reader(column, rows.file.numbers)
    rows.columns[column.field] = pd.Series(rows.read(title, reader, "integer").astype(np.int16))
    cells = rows.text.columns[title]
    mixed = cell_readers.find_other_decimal_sign(cells.categories.tolist(), rows.file.numbers)
    if mixed:
        line = rows.text.lines[(cells == mixed).argmax()]
        rows.findings.add("B34", "column", line=line, column=title)


def apply_dated_labels(rows: TableRows, lists: Mapping[str, CodeList]) -> None:
    """Give rows with a dated label the code that it means on the day of their contact.

    A row with a label, or a code, that didn't exist on that day is refused (B60).
    """
    days = rows.days()
    for title, column in rows.layout.columns.items():
        for label, meanings in column.codes.items():
            if any(code.dated for code in meanings):
                _apply_dated_label(rows, days, title, label)
    for field in sorted(rows.fields & lists.keys()):
        for code in (each for each in lists[field].codes if each.dated):
            first, last = map(np.datetime64, code.days)
            has_code = mask_rows(rows.columns, field, {code.code}) & rows.in_table()
            rows.findings.add_rows(
                "B60",
                "code",
                lines=rows.text.lines[has_code & ((days < first) | (days > last))],
                column=rows.title(field) or field,
                spans=_span(code.start, code.until),
            )


def _apply_dated_label(rows: TableRows, days: Days, title: str, label: str) -> None:
    """Give the rows with one label the code of their day; a row without such a code is refused."""
    layout = rows.layout.columns[title]

    def holds(text: str) -> bool:
        parts = [text] if layout.separator is None else text.split(layout.separator)
        return any(plain(part) == plain(label) for part in parts)

    meanings = layout.codes[label]
    remaining: Mask = find_rows_where(rows.text.columns[title], holds)
    remaining &= rows.in_table() & ~np.isnat(days)
    for meaning in meanings:
        first, last = (np.datetime64(day) for day in meaning.days)
        inside = remaining & (days >= first) & (days <= last)
        if len(meanings) > 1:
            rows.columns[layout.field][inside] = meaning.code
        remaining &= ~inside
    spans = " or ".join(_span(code.start, code.until) for code in meanings)
    lines = rows.text.lines[remaining]
    rows.findings.add_rows("B60", "label", lines=lines, column=title, spans=spans)


def _span(start: dt.date | None, until: dt.date | None) -> str:
    first = f" from {start}" if start else ""
    last = f" until {until}" if until else ""
    return f"it{first}{last} only"


def _add_dates_and_times(rows: TableRows) -> None:
    """Add the columns `date` and `hour`, by the helpline's clock, and the minutes of the day."""
    days, minutes, time_column, file = None, None, "", rows.file
    serial: cell_readers.Serial = 1900 if file.serial_dates is True else (file.serial_dates or None)
    for title, column in rows.layout.columns.items():
        if column.kind == "date":
            days = rows.read(title, cell_readers.make_date_reader(file.dates or "", serial), "date")
        elif column.kind == "time":
            reader = cell_readers.make_time_reader(file.times, column.blank, column.unknown)
            time_column, minutes = title, rows.read(title, reader, "time")
        elif column.kind == "datetime":
            reader = cell_readers.make_stamp_reader(file.stamps or "", serial)
            values = rows.read(title, reader, "datetime")
            time_column, is_read = title, values != NO_DAY
            days = np.where(is_read, values // MINUTES_A_DAY, NO_DAY)
            minutes = np.where(is_read, values % MINUTES_A_DAY, UNKNOWN_VALUE)
    if days is not None and minutes is not None:
        _convert_clock(rows, days, minutes, time_column)
    if days is not None:
        rows.columns["date"] = pd.Series(days.astype("datetime64[D]").astype("datetime64[s]"))
    if minutes is not None:
        rows.minutes = minutes
        rows.columns["hour"] = pd.Series((minutes // 60).astype(np.int8))


def _convert_clock(rows: TableRows, days: Values, minutes: Values, time_column: str) -> None:
    """Convert times to the helpline's clock, in place; a date that changes is a repair (B51)."""
    timed = np.flatnonzero((days != NO_DAY) & (minutes != UNKNOWN_VALUE))
    wall = days[timed] * MINUTES_A_DAY + minutes[timed]
    written, local = rows.file.written_zone, rows.file.local_zone
    moved, never, twice = convert_zone(wall, written, local)
    if never.any():
        lines = rows.text.lines[timed[never]]
        rows.findings.ask("B47", rows=len(lines), lines=lines, column=time_column, zone=written)
    if twice.any():
        rows.findings.noted["B48"] += int(twice.sum())
    if written != local:
        changed = np.zeros(len(days), dtype=np.bool_)
        changed[timed] = moved // MINUTES_A_DAY != days[timed]
        rows.repair("B51", changed)
        days[timed], minutes[timed] = moved // MINUTES_A_DAY, moved % MINUTES_A_DAY
    minutes[timed[never]] = UNKNOWN_VALUE


@cache
def _load_zone(name: str) -> ZoneInfo:
    """A time zone from the package tzdata, and not from the machine."""
    path = importlib.resources.files(tzdata).joinpath("zoneinfo", *name.split("/"))
    with path.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def convert_zone(minutes: Values, written: str, local: str) -> tuple[Values, Mask, Mask]:
    """Convert minutes since 1970 from the clock of the zone `written` to that of `local`.

    Returns the minutes, and masks of those that the first clock never showed (they are read as an
    hour later) and of those that it showed twice (the first time is taken). Dates outside `CLOCKS`
    are refused elsewhere.
    """
    # Each minute is converted once: a year has half a million, and perhaps ten times as many rows.
    places, distinct = pd.factorize(minutes)
    within = np.clip(distinct.astype("datetime64[m]"), *CLOCKS)
    wall, zone = pd.DatetimeIndex(within.astype("datetime64[s]")), _load_zone(written)
    first, an_hour_on = np.ones(len(wall), dtype=np.bool_), pd.Timedelta(hours=1)
    never = wall.tz_localize(zone, ambiguous=first, nonexistent="NaT").isna()
    twice = wall.tz_localize(zone, ambiguous="NaT", nonexistent=an_hour_on).isna()
    stamps = wall.tz_localize(zone, ambiguous=first, nonexistent=an_hour_on)
    moved = stamps.tz_convert(_load_zone(local)).tz_localize(None) - wall
    ahead = moved.to_numpy().astype("timedelta64[m]").astype(np.int64)
    return minutes + ahead[places], np.asarray(never)[places], np.asarray(twice)[places]
