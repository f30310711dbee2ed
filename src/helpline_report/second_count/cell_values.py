"""Make a table of what the cells of each column mean: a column has a dozen texts, told once each.

`mended` says of a text that it isn't written as the layout writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from helpline_report.exports.cell_texts import plain
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import UNKNOWN, Column, Flags, RowFile, TableLayout
from helpline_report.second_count.sql import (
    Literal,
    is_any,
    quote,
    quote_list,
    quote_name,
    write_values,
)

Candidate = tuple[Literal, ...]
CELLS = "texts"
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
class CellValues:
    """What the cells of a column, or of a few, stand for in each row.

    `fields` are expressions by field and `mended` are tests. `statement` makes the `table` that
    they look in, which a row is joined with `on`; flags have none.
    """

    fields: Mapping[str, str]
    mended: Sequence[str]
    table: str = ""
    on: str = ""
    statement: str = ""


@dataclass(frozen=True)
class Texts:
    """The table of the texts of a file: its name, the file's layout, and a suffix of its own."""

    table: str
    file: RowFile
    suffix: str = ""
    lists: Mapping[str, CodeList] = field(default_factory=dict)

    def cell(self, column: str) -> str:
        """A cell of a row."""
        return f"{CELLS}.{quote_name(column)}"

    def distinct(self, **columns: str) -> str:
        """The distinct texts of some columns, by the names that they get."""
        listed = ", ".join(f"{quote_name(title)} AS {name}" for name, title in columns.items())
        return f"(SELECT DISTINCT {listed} FROM {self.table})"

    def look_up(self, title: str, fields: Mapping[str, str], name: str, select: str) -> CellValues:
        """What the cells of a column stand for, by a table of its labels that `select` makes."""
        table = f"{name}_labels{self.suffix}"
        return CellValues(
            {field: f"{table}.{column}" for field, column in fields.items()},
            [f"{table}.mended"],
            table,
            f"{table}.label = {self.cell(title)}",
            f"CREATE OR REPLACE TABLE {table} AS\n{select};",
        )


def read_cells(
    texts: Texts, table: str, layout: TableLayout, several: frozenset[str]
) -> Iterator[CellValues]:
    """What the cells of each column of one table stand for.

    A label may mean another code by the `date` of its row. A field in `several` is a list of codes.
    """
    moment = read_moment(texts.file, layout.columns)
    date = f"{table}_moments{texts.suffix}.date"
    if moment is not None:
        yield _moments(texts, f"{table}_moments{texts.suffix}", moment)
    else:
        date = {"persons": "contacts.date", "followups": "persons.date"}[table]
    for title, column in layout.columns.items():
        if column.kind == "integer":
            yield _ages(texts, title, column)
        elif column.kind == "coded" and column.several:
            yield _code_lists(texts, title, column)
        elif column.kind == "coded":
            yield _codes(texts, title, column, date, several=column.field in several)
    for name, flags in layout.flags.items():
        yield _flags(texts, name, flags)


def _moments(texts: Texts, table: str, moment: Moment) -> CellValues:
    cells = ", ".join(moment.columns)
    columns = [f"{moment.day} AS date", f"({' OR '.join(moment.mended)}) AS mended"]
    fields = {
        "date": "date",
        "month": "strftime(date, '%m')::month_code",
        "weekday": "isodow(date)::VARCHAR::weekday_code",
    }
    if moment.hour is not None:
        columns.append(f"{moment.hour} AS hour")
        fields["hour"] = f"coalesce(lpad(hour::VARCHAR, 2, '0'), '{UNKNOWN}')::hour_code"
    listed = ",\n  ".join(f"{text} AS {name}" for name, text in fields.items())
    inner = f"SELECT {cells},\n    " + ",\n    ".join(columns)
    statement = (
        f"CREATE OR REPLACE TABLE {table} AS\n"
        f"SELECT {cells}, mended,\n  {listed}\n"
        f"FROM (\n  {inner}\n  FROM {texts.distinct(**moment.columns)}\n);"
    )
    pairs = [f"{table}.{cell} = {texts.cell(title)}" for cell, title in moment.columns.items()]
    return CellValues(
        {name: f"{table}.{name}" for name in fields},
        [f"{table}.mended"],
        table,
        " AND ".join(pairs),
        statement,
    )


def _candidates(column: Column) -> list[tuple[str, list[Candidate]]]:
    """Each label that the layout knows, with its codes; what means unknown wins over others."""
    unknown = {plain(text) for text in column.unknown}
    labels: dict[str, list[Candidate]] = {
        label: [(label, one.code, *one.days) for one in meanings]
        for label, meanings in column.codes.items()
        if plain(label) not in unknown
    }
    if column.blank is not None and column.separator is None:
        labels[""] = [("", column.blank)]
    labels |= {text: [(text, UNKNOWN)] for text in column.unknown}
    return list(labels.items())


def _codes(texts: Texts, title: str, column: Column, date: str, *, several: bool) -> CellValues:
    """One code a cell; where labels mean one after another, by the day of the row."""
    opened = texts.lists[column.field].open
    candidates = _candidates(column)
    dated = any(len(meanings) > 1 for _, meanings in candidates)
    forms = [plain(label) for label, _ in candidates]
    alike = len(set(forms)) < len(forms)
    rows = []
    for place, (_, meanings) in enumerate(candidates):
        for label, code, *days in meanings:
            span = (days if len(meanings) > 1 else [None, None]) if dated else []
            rows.append([label, code, *span, *([place] if alike else [])])
    more = ", first, last" if dated else ""
    layout = f"layout(written, code{more}{', place' if alike else ''})"
    code = "coalesce(code, nullif(plain(label), ''))" if opened else f"code::{column.field}_code"
    code = f"[{code}]" if several else code
    select = (
        f"SELECT label, {code} AS code, {_label_mended('label', column, opened=opened)} AS mended"
        f"{more}\nFROM {texts.distinct(label=title)}\n"
        f"LEFT JOIN {write_values(rows, layout)}\n"
        "ON plain(label) = plain(written)"
    )
    if alike:
        # Of labels that differ by case alone a cell means the one that it is to the letter.
        order = "place DESC" if opened else "label = written DESC, place DESC"
        select += f"\nQUALIFY rank() OVER (PARTITION BY label ORDER BY {order}) = 1"
    values = texts.look_up(title, {column.field: "code"}, column.field, select)
    if not dated:
        return values
    first, last = (f"coalesce({values.table}.{end}, {date})" for end in ("first", "last"))
    return replace(values, on=f"{values.on}\n  AND {date} BETWEEN {first} AND {last}")


def _label_mended(label: str, column: Column, *, opened: bool) -> str:
    """Whether a label has another form than the layout's, or is one that means unknown."""
    unknown = f"written IN {quote_list(column.unknown)}" if column.unknown else ""
    if opened:
        return f"coalesce({unknown}, false)" if unknown else "false"
    other = f"{label} <> written" + (f" OR {unknown}" if unknown else "")
    return f"coalesce({other}, true)"


def _code_lists(texts: Texts, title: str, column: Column) -> CellValues:
    """Several codes a cell, of labels with a separator between them or of one; each code once."""
    opened = texts.lists[column.field].open
    rows = [one[:2] for _, meanings in _candidates(column) for one in meanings]
    code = "coalesce(code, nullif(plain(part), ''))" if opened else "code"
    codes = f"list(DISTINCT {code}) FILTER ({code} IS NOT NULL)"
    mended = _label_mended("part", column, opened=opened)
    split = f"bare(unnest(string_split(label, {quote(column.separator)})))"
    part = "label" if column.separator is None else split
    none = f"[{quote(column.blank)}]" if column.blank is not None else "[]"
    select = (
        f"SELECT label, coalesce({codes}, {none}) AS code,\n"
        f"  bool_or(part <> '' AND {mended}) AS mended\n"
        f"FROM (\n  SELECT label, {part} AS part\n"
        f"  FROM {texts.distinct(label=title)}\n)\n"
        f"LEFT JOIN {write_values(rows, 'layout(written, code)')}\n"
        "ON plain(part) = plain(written)\nGROUP BY label"
    )
    return texts.look_up(title, {column.field: "code"}, column.field, select)


def _ages(texts: Texts, title: str, column: Column) -> CellValues:
    """A whole number and its class; unknown where it lies outside of what is believed."""
    unknown = [f"plain(label) = plain({quote(text)})" for text in column.unknown]
    unknown += [f"number = {int(text)}" for text in column.unknown if text.isdecimal()]
    believed = f"number BETWEEN {column.low} AND {column.high}"
    believed += f" AND NOT {is_any(unknown)}" if unknown else ""
    blank = "label <> '' AND " if column.blank is not None else ""
    digits = "regexp_full_match(label, '-?\\d{1,9}')"
    select = (
        f"SELECT label, age, coalesce(code, '{UNKNOWN}')::age_class_code AS age_class,\n"
        f"  {blank}NOT ({digits} AND age IS NOT NULL) AS mended\n"
        "FROM (\n"
        f"  SELECT label, CASE WHEN {believed} THEN number END AS age\n"
        f"  FROM (SELECT label, {_number(texts.file)} AS number\n"
        f"    FROM {texts.distinct(label=title)})\n"
        ")\nLEFT JOIN age_classes ON age >= first AND (last IS NULL OR age <= last)"
    )
    return texts.look_up(title, {"age": "age", "age_class": "age_class"}, column.field, select)


def _number(file: RowFile) -> str:
    written = "bare(ltrim(bare(label), ''''))"
    mark, decimal = (file.numbers.thousands, file.numbers.decimal) if file.numbers else ("", ".,")
    if mark == " ":
        written = f"regexp_replace({written}, '[ \\x{{A0}}\\x{{202F}}]', '', 'g')"
    elif mark:
        written = f"replace({written}, {quote(mark)}, '')"
    return f"TRY_CAST(regexp_replace({written}, '[{decimal}]0+$', '') AS INTEGER)"


def _flags(texts: Texts, name: str, flags: Flags) -> CellValues:
    """The codes whose column says yes, as a list."""
    yes = ", ".join(f"plain({quote(text)})" for text in flags.yes)
    codes = ",\n    ".join(
        f"CASE WHEN plain({texts.cell(column)}) IN ({yes}) THEN {quote(code)} END"
        for column, code in flags.columns.items()
    )
    written = quote_list([*flags.yes, *flags.no])
    return CellValues(
        {name: f"list_filter([\n    {codes}\n  ], lambda code: code IS NOT NULL)"},
        [f"{texts.cell(column)} NOT IN {written}" for column in flags.columns],
    )


@dataclass(frozen=True)
class MomentForm:
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


def form_of_days(written: str) -> MomentForm:
    """Days in a form such as `dd/mm/yyyy`; a form without day or month is of the first."""
    parts = re.findall(r"dd?|mm?|yyyy|yy|[-/.]", written)
    places: dict[str, int] = {}
    for part in parts:
        if part in DIGITS:
            places[part[0]] = len(places) + 1
    year, month, day = (f"\\{places[unit]}" if unit in places else "01" for unit in "ymd")
    century = "" if "yyyy" in parts else "20"
    pattern = "".join(DIGITS.get(part, re.escape(part)) for part in parts)
    return MomentForm(pattern, f"{century}{year}-{month}-{day}")


def form_of_times(written: str, before: int = 0) -> MomentForm:
    """Times in a form such as `hh:mm` or `h.mm:ss`; `before` groups stand before them."""
    parts = re.fullmatch(r"hh?([:.uh])mm(?:([:.])ss)?", written)
    assert parts is not None  # noqa: S101 - the layout's schema says so
    seconds = rf"{re.escape(parts[2])}\d{{2}}" if parts[2] else ""
    pattern = rf"(\d{{1,2}}){re.escape(parts[1])}(\d{{2}}){seconds}"
    return MomentForm(pattern, f"\\{before + 1}:\\{before + 2}", "TIME")


def form_of_stamps(written: str) -> MomentForm:
    """Both in one cell, in a form such as `yyyy-mm-ddThh:mmZ`."""
    date, mark, time = re.split(r"([ T])", written, maxsplit=1)
    first = form_of_days(date)
    second = form_of_times(time.removesuffix("Z"), before=first.pattern.count("("))
    zulu = "Z" if time.endswith("Z") else ""
    pattern = f"{first.pattern}{mark}{second.pattern}{zulu}"
    return MomentForm(pattern, f"{first.standard} {second.standard}", "TIMESTAMP")


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


def _forms_of_stamps(file: RowFile) -> list[MomentForm]:
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


def _has_other_form(forms: Sequence[MomentForm], cell: str) -> str:
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
