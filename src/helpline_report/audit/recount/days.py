"""Days, times and stamps of an export as SQL, in the form in which the layout says they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from helpline_report.audit.recount.writing import bare, name, text
from helpline_report.parameters.row_layouts import Column, RowFile

DIGITS = {
    "dd": r"(\d{2})",
    "d": r"(\d{1,2})",
    "mm": r"(\d{2})",
    "m": r"(\d{1,2})",
    "yyyy": r"(\d{4})",
    "yy": r"(\d{2})",
}
SERIAL = r"^(\d{5})([.,]\d+)?$"
ZERO = {True: "1899-12-30", 1904: "1904-01-01"}
# How a cell of a workbook that is a date or a time is written out, whatever the layout says.
OF_WORKBOOKS = ("yyyy-mm-dd", "hh:mm")
MINUTES = 1440


@dataclass(frozen=True)
class Form:
    """A form of days, times or both: a pattern, and what of it stands where in SQL's own form."""

    pattern: str
    standard: str
    kind: str = "DATE"

    def value(self, cell: str) -> str:
        """The day, time or stamp in a cell; NULL where it has another form."""
        found = f"regexp_replace({cell}, {text(f'^{self.pattern}$')}, {text(self.standard)})"
        return f"TRY_CAST({found} AS {self.kind})"

    def fits(self, cell: str) -> str:
        """Whether a cell has this form to the letter."""
        return f"regexp_full_match({cell}, {text(self.pattern)})"


def days(written: str) -> Form:
    """Days in a form such as `dd/mm/yyyy`; a form without day or month is of the first."""
    parts = re.findall(r"dd?|mm?|yyyy|yy|[-/.]", written)
    places: dict[str, int] = {}
    for part in parts:
        if part in DIGITS:
            places[part[0]] = len(places) + 1
    year, month, day = (f"\\{places[unit]}" if unit in places else "01" for unit in "ymd")
    century = "" if "yyyy" in parts else "20"
    pattern = "".join(DIGITS.get(part, re.escape(part)) for part in parts)
    return Form(pattern, f"{century}{year}-{month}-{day}")


def times(written: str, before: int = 0) -> Form:
    """Times in a form such as `hh:mm` or `h.mm:ss`; `before` groups stand before them."""
    parts = re.fullmatch(r"hh?([:.uh])mm(?:([:.])ss)?", written)
    assert parts is not None  # noqa: S101 - the layout's schema says so
    seconds = rf"{re.escape(parts[2])}\d{{2}}" if parts[2] else ""
    pattern = rf"(\d{{1,2}}){re.escape(parts[1])}(\d{{2}}){seconds}"
    return Form(pattern, f"\\{before + 1}:\\{before + 2}", "TIME")


def stamps(written: str) -> Form:
    """Both in one cell, in a form such as `yyyy-mm-ddThh:mmZ`."""
    date, mark, time = re.split(r"([ T])", written, maxsplit=1)
    first = days(date)
    second = times(time.removesuffix("Z"), before=first.pattern.count("("))
    zulu = "Z" if time.endswith("Z") else ""
    pattern = f"{first.pattern}{mark}{second.pattern}{zulu}"
    return Form(pattern, f"{first.standard} {second.standard}", "TIMESTAMP")


@dataclass(frozen=True)
class Moment:
    """When a row was, by the cells of some columns.

    Its day and its hour are by the helpline's clock; `mended` are tests whether it was mended.
    """

    columns: tuple[str, ...]
    day: str
    hour: str | None
    mended: Sequence[str]


def moment(file: RowFile, columns: Mapping[str, Column]) -> Moment:
    """The day and, where the source gives it, the hour of a contact."""
    by_kind = {column.kind: title for title, column in columns.items()}
    if "datetime" in by_kind:
        return _of_stamp(file, by_kind["datetime"])
    forms = [days(file.dates or "")]
    cell = name(by_kind["date"])
    day = _either(f.value(bare(cell)) for f in forms)
    if file.serial_dates:
        day = f"coalesce({day}, {_serial_day(file, cell)})"
    mended = [_other_form(forms, cell)]
    if "time" not in by_kind:
        return Moment((by_kind["date"],), day, None, mended)
    title = by_kind["time"]
    both = (by_kind["date"], title)
    time, of_time = _time(file, title, columns[title])
    stamp = f"({day} + {time})"
    if file.written_zone == file.local_zone:
        return Moment(both, day, _hour(file, stamp), [*mended, of_time])
    moved = f"coalesce(({_local(file, stamp)})::DATE, {day})"
    changed = f"{moved} <> {day}"
    return Moment(both, moved, _hour(file, stamp), [*mended, of_time, changed])


def _of_stamp(file: RowFile, title: str) -> Moment:
    cell, forms = name(title), _forms_of_stamps(file)
    stamp = _either(
        f"{form.value(bare(cell))}{'::TIMESTAMP' if form.kind == 'DATE' else ''}" for form in forms
    )
    if file.serial_dates:
        part = f"round({MINUTES} * {_serial_part(cell)})::INTEGER"
        stamp = f"coalesce({stamp}, {_serial_day(file, cell)} + to_minutes({part}))"
    mended = [_other_form(forms, cell)]
    if file.written_zone != file.local_zone:
        mended.append(f"({_local(file, stamp)})::DATE <> ({stamp})::DATE")
    return Moment((title,), f"({_local(file, stamp)})::DATE", _hour(file, stamp), mended)


def _forms_of_stamps(file: RowFile) -> list[Form]:
    """The layout's, and those in which cells of a workbook are written out."""
    date, time = file.dates or OF_WORKBOOKS[0], OF_WORKBOOKS[1]
    found = [stamps(file.stamps or ""), stamps(f"{date} {time}"), days(date)]
    return list(dict.fromkeys(found))


def _time(file: RowFile, title: str, column: Column) -> tuple[str, str]:
    """A time, NULL where it is blank or unknown; and whether it was mended."""
    cell = name(title)
    forms = list(dict.fromkeys([times(file.times), times(OF_WORKBOOKS[1])]))
    time = _either(form.value(bare(cell)) for form in forms)
    mended = _other_form(forms, cell)
    if column.blank is not None:
        mended = f"({cell} <> '' AND {mended})"
    if not column.unknown:
        return time, mended
    listed = ", ".join(f"plain({text(given)})" for given in column.unknown)
    unknown = f"plain({cell}) IN ({listed})"
    return f"CASE WHEN NOT {unknown} THEN {time} END", f"({unknown} OR {mended})"


def _either(found: Iterator[str]) -> str:
    values = list(found)
    return values[0] if len(values) == 1 else f"coalesce({', '.join(values)})"


def _other_form(forms: Sequence[Form], cell: str) -> str:
    """Whether a cell has none of the forms to the letter: spaces around it, a serial number."""
    return "NOT (" + " OR ".join(form.fits(cell) for form in forms) + ")"


def _serial_day(file: RowFile, cell: str) -> str:
    """The day of a spreadsheet's serial number, counted from 1900 or from 1904."""
    number = f"TRY_CAST(regexp_extract({bare(cell)}, {text(SERIAL)}, 1) AS INTEGER)"
    return f"(DATE '{ZERO[file.serial_dates]}' + {number})"


def _serial_part(cell: str) -> str:
    """The part of the day behind the sign of a serial number."""
    part = f"replace(regexp_extract({bare(cell)}, {text(SERIAL)}, 2), ',', '.')"
    return f"coalesce(TRY_CAST('0' || {part} AS DOUBLE), 0)"


def _local(file: RowFile, stamp: str) -> str:
    """A stamp by the helpline's clock."""
    if file.written_zone == file.local_zone:
        return stamp
    return f"moved({stamp}, {text(file.written_zone)}, {text(file.local_zone)})"


def _hour(file: RowFile, stamp: str) -> str:
    """The hour of a stamp; unknown where the clock that it was written by left it out."""
    there = f"existed({stamp}, {text(file.written_zone)})"
    return f"CASE WHEN {there} THEN hour({_local(file, stamp)}) END"
