"""Read the days and times of a column, in the form in which its layout says they stand, as SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from helpline_report.parameters.row_layouts import Column, RowFile
from helpline_report.second_count.sql import is_any, quote

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
DAY, TIME = "day_cell", "time_cell"


@dataclass(frozen=True)
class Form:
    """A form of days, times or both: a pattern, and what of it stands where in SQL's own form."""

    pattern: str
    standard: str
    kind: str = "DATE"

    def value(self, cell: str) -> str:
        """The day, time or stamp in a cell; NULL where it has another form."""
        written = f"regexp_replace({cell}, {quote(f'^{self.pattern}$')}, {quote(self.standard)})"
        return f"TRY_CAST({written} AS {self.kind})"

    def fits(self, cell: str) -> str:
        """Whether a cell has this form to the letter."""
        return f"regexp_full_match({cell}, {quote(self.pattern)})"


@dataclass(frozen=True)
class Moment:
    """When a row was, by the cells of a column or two.

    `columns` are the columns by the names that the cells have in the expressions; `day` and `hour`
    are by the helpline's clock, and `mended` are tests whether a cell has another form.
    """

    columns: Mapping[str, str]
    day: str
    hour: str | None
    mended: Sequence[str]


def form_of_days(written: str) -> Form:
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


def form_of_times(written: str, before: int = 0) -> Form:
    """Times in a form such as `hh:mm` or `h.mm:ss`; `before` groups stand before them."""
    parts = re.fullmatch(r"hh?([:.uh])mm(?:([:.])ss)?", written)
    assert parts is not None  # noqa: S101 - the layout's schema says so
    seconds = rf"{re.escape(parts[2])}\d{{2}}" if parts[2] else ""
    pattern = rf"(\d{{1,2}}){re.escape(parts[1])}(\d{{2}}){seconds}"
    return Form(pattern, f"\\{before + 1}:\\{before + 2}", "TIME")


def form_of_stamps(written: str) -> Form:
    """Both in one cell, in a form such as `yyyy-mm-ddThh:mmZ`."""
    date, mark, time = re.split(r"([ T])", written, maxsplit=1)
    first = form_of_days(date)
    second = form_of_times(time.removesuffix("Z"), before=first.pattern.count("("))
    zulu = "Z" if time.endswith("Z") else ""
    pattern = f"{first.pattern}{mark}{second.pattern}{zulu}"
    return Form(pattern, f"{first.standard} {second.standard}", "TIMESTAMP")


def read_moment(file: RowFile, columns: Mapping[str, Column]) -> Moment | None:
    """The day and, where the source gives it, the hour of a row; None where it has no date."""
    by_kind = {column.kind: title for title, column in columns.items()}
    if "datetime" in by_kind:
        return _read_stamp(file, by_kind["datetime"])
    if "date" not in by_kind:
        return None
    form = form_of_days(file.dates or "")
    day = form.value(f"bare({DAY})")
    if file.serial_dates:
        day = f"coalesce({day}, {_serial_day(file)})"
    mended = [_has_other_form([form], DAY)]
    if "time" not in by_kind:
        return Moment({DAY: by_kind["date"]}, day, None, mended)
    cells = {DAY: by_kind["date"], TIME: by_kind["time"]}
    time, time_mended = _read_time(file, columns[by_kind["time"]])
    stamp = f"({day} + {time})"
    mended.append(time_mended)
    if file.written_zone != file.local_zone:
        local_day = f"coalesce(({_local(file, stamp)})::DATE, {day})"
        mended.append(f"{local_day} <> {day}")
        day = local_day
    return Moment(cells, day, _hour(file, stamp), mended)


def _read_stamp(file: RowFile, title: str) -> Moment:
    forms = _forms_of_stamps(file)
    stamp = _first_of(
        f"{form.value(f'bare({DAY})')}{'::TIMESTAMP' if form.kind == 'DATE' else ''}"
        for form in forms
    )
    if file.serial_dates:
        part = f"replace(regexp_extract(bare({DAY}), {quote(SERIAL)}, 2), ',', '.')"
        part = f"coalesce(TRY_CAST('0' || {part} AS DOUBLE), 0)"
        minutes = f"to_minutes(round({MINUTES} * {part})::INTEGER)"
        stamp = f"coalesce({stamp}, {_serial_day(file)} + {minutes})"
    mended = [_has_other_form(forms, DAY)]
    if file.written_zone != file.local_zone:
        mended.append(f"({_local(file, stamp)})::DATE <> ({stamp})::DATE")
    return Moment({DAY: title}, f"({_local(file, stamp)})::DATE", _hour(file, stamp), mended)


def _forms_of_stamps(file: RowFile) -> list[Form]:
    """The layout's, and those in which cells of a workbook are written out."""
    date, time = file.dates or OF_WORKBOOKS[0], OF_WORKBOOKS[1]
    forms = [
        form_of_stamps(file.stamps or ""),
        form_of_stamps(f"{date} {time}"),
        form_of_days(date),
    ]
    return list(dict.fromkeys(forms))


def _read_time(file: RowFile, column: Column) -> tuple[str, str]:
    """A time, NULL where it is blank or unknown; and whether it was mended."""
    forms = list(dict.fromkeys([form_of_times(file.times), form_of_times(OF_WORKBOOKS[1])]))
    time = _first_of(form.value(f"bare({TIME})") for form in forms)
    mended = _has_other_form(forms, TIME)
    if column.blank is not None:
        mended = f"({TIME} <> '' AND {mended})"
    if not column.unknown:
        return time, mended
    unknown = is_any([f"plain({TIME}) = plain({quote(text)})" for text in column.unknown])
    return f"CASE WHEN NOT {unknown} THEN {time} END", f"({unknown} OR {mended})"


def _first_of(values: Iterable[str]) -> str:
    listed = list(values)
    return listed[0] if len(listed) == 1 else f"coalesce({', '.join(listed)})"


def _has_other_form(forms: Sequence[Form], cell: str) -> str:
    """Whether a cell has none of the forms to the letter: spaces around it, a serial number."""
    return f"NOT ({' OR '.join(form.fits(cell) for form in forms)})"


def _serial_day(file: RowFile) -> str:
    """The day of a spreadsheet's serial number, counted from 1900 or from 1904."""
    number = f"TRY_CAST(regexp_extract(bare({DAY}), {quote(SERIAL)}, 1) AS INTEGER)"
    return f"(DATE '{ZERO[file.serial_dates]}' + {number})"


def _local(file: RowFile, stamp: str) -> str:
    """A stamp by the helpline's clock."""
    if file.written_zone == file.local_zone:
        return stamp
    return f"moved({stamp}, {quote(file.written_zone)}, {quote(file.local_zone)})"


def _hour(file: RowFile, stamp: str) -> str:
    """The hour of a stamp; NULL where the clock that it was written by left it out."""
    existed = f"existed({stamp}, {quote(file.written_zone)})"
    return f"CASE WHEN {existed} THEN hour({_local(file, stamp)}) END"
