"""What the text of a cell stands for, as SQL expressions: codes, numbers, days and hours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from helpline_report.params.codelists import CodeList
from helpline_report.params.row_layouts import UNKNOWN, Column, DatedCode, Flags, RowFile

DATE_PARTS = {"dd": "%d", "d": "%-d", "mm": "%m", "m": "%-m", "yyyy": "%Y", "yy": "%y"}
CLOCK = re.compile(r"(?P<hour>hh?)(?P<mark>[:.uh])mm(?P<seconds>[:.]ss)?")
SINCE_1904 = 1904


def name(column: str) -> str:
    """A column of an export, as SQL writes a name."""
    return '"' + column.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text, as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def coded(column: str, layout: Column, day: str, *, opened: bool = False) -> str:
    """The code of a label, or the list of codes where a cell holds several; `day` is the row's.

    In a field that is `opened` a label without a code is its own.
    """
    if layout.separator is None:
        return _code(f"plain({name(column)})", layout, day, opened=opened)
    parts = f"string_split({name(column)}, {text(layout.separator)})"
    one = _code("plain(label)", layout, day, opened=opened)
    codes = f"list_transform({parts}, lambda label: {one})"
    found = f"list_distinct(list_filter({codes}, lambda code: code IS NOT NULL))"
    if layout.blank is None:
        return found
    return f"CASE WHEN plain({name(column)}) = '' THEN [{text(layout.blank)}] ELSE {found} END"


def _code(label: str, layout: Column, day: str, *, opened: bool) -> str:
    """A line for each label that the layout knows."""
    cases = [
        _case(label, given, one, day if len(codes) > 1 else "")
        for given, codes in layout.meanings().items()
        for one in codes
    ]
    cases += [
        f"WHEN {label} = plain({text(given)}) THEN {text(UNKNOWN)}" for given in layout.unknown
    ]
    if layout.blank is not None and layout.separator is None:
        cases.append(f"WHEN {label} = '' THEN {text(layout.blank)}")
    if opened:
        cases.append(f"WHEN {label} <> '' THEN {label}")
    return "CASE\n    " + "\n    ".join(cases) + "\n  END"


def _case(label: str, given: str, one: DatedCode, day: str) -> str:
    """A label's code; of a label that means several, one after another, by the day."""
    start, until = one.days
    dated = f" AND {day} BETWEEN DATE '{start}' AND DATE '{until}'" if day else ""
    return f"WHEN {label} = plain({text(given)}){dated} THEN {text(one.code)}"


def flagged(flags: Flags, codes: CodeList) -> str:
    """The codes whose column says yes, as a list."""
    yes = ", ".join(f"plain({text(given)})" for given in flags.yes)
    columns = {code: column for column, code in flags.columns.items()}
    held = ",\n    ".join(
        f"CASE WHEN plain({name(columns[code])}) IN ({yes}) THEN {text(code)} END"
        for code in codes.order
        if code in columns
    )
    return f"list_filter([\n    {held}\n  ], lambda code: code IS NOT NULL)"


def integer(file: RowFile, column: str, layout: Column) -> str:
    """A whole number; NULL where it is unknown, or lies outside of what is believed."""
    written = f"ltrim(bare({name(column)}), '''')"
    mark, decimal = (file.numbers.thousands, file.numbers.decimal) if file.numbers else ("", ".,")
    if mark:
        written = f"replace({written}, {text(mark)}, '')"
    written = f"regexp_replace({written}, '[{decimal}]0+$', '')"
    number = f"TRY_CAST({written} AS INTEGER)"
    unknown = "".join(
        f"WHEN plain({name(column)}) = plain({text(given)}) THEN NULL " for given in layout.unknown
    )
    inside = f"{number} BETWEEN {layout.low} AND {layout.high}"
    return f"CASE {unknown}WHEN {inside} THEN {number} END"


def when(file: RowFile, columns: Mapping[str, Column]) -> Iterator[tuple[str, str]]:
    """The day and, where the source gives it, the hour of a contact, by the helpline's clock."""
    by_kind = {column.kind: title for title, column in columns.items()}
    if "datetime" in by_kind:
        stamp = _stamp(file, by_kind["datetime"])
        yield f"({_local(file, stamp)})::DATE", "date"
        yield _hour(file, stamp), "hour"
        return
    day = _day(file, by_kind["date"])
    if "time" not in by_kind:
        yield day, "date"
        return
    time = _time(file, by_kind["time"], columns[by_kind["time"]].unknown)
    stamp = f"{day} + {time}"
    moved = f"coalesce(({_local(file, stamp)})::DATE, {day})"
    yield moved if file.written_zone != file.local_zone else day, "date"
    yield _hour(file, stamp), "hour"


def _day(file: RowFile, column: str) -> str:
    assert file.dates is not None  # noqa: S101 - a file with a date column says so
    cell = f"bare({name(column)})"
    written = f"try_strptime({cell}, {text(_date_format(file.dates))})::DATE"
    if file.serial_dates is False:
        return written
    first = "1904-01-01" if file.serial_dates == SINCE_1904 else "1899-12-30"
    return f"coalesce({written}, DATE '{first}' + TRY_CAST({cell} AS INTEGER))"


def _time(file: RowFile, column: str, unknown: list[str]) -> str:
    """A time as an interval since midnight; NULL where it is blank or unknown."""
    clock = CLOCK.fullmatch(file.times)
    assert clock is not None  # noqa: S101 - the layout's schema says so
    digits = r"(\d{2})" if clock["hour"] == "hh" else r"(\d{1,2})"
    seconds = r"[:.]\d{2}" if clock["seconds"] else ""
    pattern = text(rf"^{digits}[{clock['mark']}](\d{{2}}){seconds}$")
    cell = f"bare({name(column)})"
    parts = [f"TRY_CAST(regexp_extract({cell}, {pattern}, {place}) AS INTEGER)" for place in (1, 2)]
    whole = f"to_minutes(60 * {parts[0]} + {parts[1]})"
    if not unknown:
        return whole
    listed = ", ".join(f"plain({text(given)})" for given in unknown)
    return f"CASE WHEN plain({name(column)}) NOT IN ({listed}) THEN {whole} END"


def _stamp(file: RowFile, column: str) -> str:
    assert file.stamps is not None  # noqa: S101 - a file with stamps says so
    date, mark, time = re.split(r"([ T])", file.stamps, maxsplit=1)
    clock = CLOCK.match(time)
    assert clock is not None  # noqa: S101 - the layout's schema says so
    hour = "%H" if clock["hour"] == "hh" else "%-H"
    seconds = clock["seconds"][0] + "%S" if clock["seconds"] else ""
    zone = "Z" if time.endswith("Z") else ""
    written = f"{_date_format(date)}{mark}{hour}{clock['mark']}%M{seconds}{zone}"
    return f"try_strptime(bare({name(column)}), {text(written)})"


def _local(file: RowFile, stamp: str) -> str:
    """A stamp by the helpline's clock."""
    if file.written_zone == file.local_zone:
        return stamp
    return f"({stamp}) AT TIME ZONE {text(file.written_zone)} AT TIME ZONE {text(file.local_zone)}"


def _hour(file: RowFile, stamp: str) -> str:
    """The hour of a stamp; unknown where the helpline's clock skipped it."""
    if file.written_zone != file.local_zone:
        return f"hour({_local(file, stamp)})"
    zone = text(file.local_zone)
    there_and_back = f"({stamp}) AT TIME ZONE {zone} AT TIME ZONE {zone}"
    return f"CASE WHEN {there_and_back} = {stamp} THEN hour({stamp}) END"


def _date_format(written: str) -> str:
    parts = re.findall(r"dd?|mm?|yyyy|yy|[-/.]", written)
    return "".join(DATE_PARTS.get(part, part) for part in parts)
