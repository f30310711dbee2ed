"""Write SQL that says what the distinct texts of each column mean.

`mended` says that a text isn't written as the layout writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from helpline_report.exports.cell_texts import plain
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import (
    UNKNOWN,
    Column,
    Flags,
    RowFile,
    RowTable,
    TableLayout,
)
from helpline_report.second_count.sql import (
    Literal,
    create_table,
    is_any,
    quote,
    quote_list,
    quote_name,
    read_script,
)

CELLS = "texts"
DIGITS = {"yyyy": 4, "yy": 2, "mm": 2, "dd": 2, "ss": 2}
SERIAL = r"^(\d{5})([.,]\d+)?$"
ZERO = {True: "1899-12-30", 1904: "1904-01-01"}
# How a cell of a workbook that is a date or a time is written out, whatever the layout says.
OF_WORKBOOKS = ("yyyy-mm-dd", "hh:mm")
MINUTES = 1440
DAY, TIME = "day_cell", "time_cell"


@dataclass(frozen=True)
class CellValues:
    """What the cells of one or more columns mean in each row.

    `fields` are expressions by field, `mended` are tests. `statement` makes the table that they
    look in, and `join` joins it; flags need none.
    """

    fields: Mapping[str, str]
    mended: Sequence[str]
    join: str = ""
    statement: str = ""


def cell(title: str) -> str:
    """A cell of a row."""
    return f"{CELLS}.{quote_name(title)}"


def read_labels(
    columns: Sequence[tuple[str, str, Column]], lists: Mapping[str, CodeList]
) -> Iterator[str]:
    """The statements that make `meanings`; coded `columns` have texts, title, layout."""
    rows: list[list[Literal]] = []
    more_labels: list[list[Literal]] = []
    for export, title, column in columns:
        unknown = {plain(text) for text in column.unknown}
        codes: dict[str, str] = {}
        for label, meanings in column.codes.items():
            # A text that means unknown has no other meaning.
            if plain(label) in unknown:
                continue
            if len(meanings) == 1:
                codes[label] = meanings[0].code
                continue
            for code in meanings:
                days = code.days if code.dated else (None, None)
                more_labels.append([export, title, label, code.code, *days, len(column.codes)])
        if column.blank is not None and column.separator is None:
            codes[""] = column.blank
        codes |= dict.fromkeys(column.unknown, UNKNOWN)
        blank = column.blank if column.separator else None
        is_open = lists[column.field].open
        rows.append([export, title, codes, column.unknown, is_open, column.separator, blank])
    yield create_table("columns", rows)
    yield create_table("more_labels", more_labels)
    texts = "\nUNION ALL\n".join(
        f"SELECT DISTINCT {quote(export)} AS export, {quote(title)} AS title, "
        f"{quote_name(title)} AS label FROM {export}"
        for export, title, _ in columns
    )
    yield f"CREATE OR REPLACE TABLE cell_texts AS\n{texts};"
    yield read_script("meanings.sql")


def read_cells(
    export: str, file: RowFile, table: RowTable, several: frozenset[str], opened: frozenset[str]
) -> Iterator[CellValues]:
    """What the cells of each column of one table mean.

    A label may mean another code by the date of its row. A field in `several` is a list of codes; a
    code of another field is of the field's own type, unless its list is `opened`.
    """
    layout = file.tables[table]
    moment = _moments(export, file, layout)
    if moment is not None:
        yield moment
    date = "moments.date" if moment else f"{'persons' if table == 'followups' else 'contacts'}.date"
    names: list[str] = []
    for title, column in layout.columns.items():
        if column.kind == "integer":
            yield _ages(export, file, title, column)
        elif column.kind == "coded":
            number = names.count(column.field) + 1
            names.append(column.field)
            name = f"of_{column.field}{f'_{number}' if number > 1 else ''}"
            join = f"LEFT JOIN meanings AS {name} ON {name}.export = {quote(export)} "
            join += f"AND {name}.title = {quote(title)}\n  AND {name}.label = {cell(title)}"
            if any(each.dated for meanings in column.codes.values() for each in meanings):
                ends = (f"coalesce({name}.{end}, {date})" for end in ("first", "last"))
                join += f"\n  AND {date} BETWEEN {' AND '.join(ends)}"
            code = f"{name}.codes"
            if column.field not in several:
                code += "[1]" if column.field in opened else f"[1]::{column.field}_code"
            yield CellValues({column.field: code}, [f"{name}.mended"], join)
    for field, flags in layout.flags.items():
        yield _flags(field, flags)


def _flags(field: str, flags: Flags) -> CellValues:
    yes = ", ".join(f"plain({quote(text)})" for text in flags.yes)
    tests: dict[str, list[str]] = {}
    for title, code in flags.columns.items():
        tests.setdefault(code, []).append(f"plain({cell(title)}) IN ({yes})")
    # Several columns may be of one code: any of them gives it, and once.
    codes = ",\n    ".join(
        f"CASE WHEN {is_any(each)} THEN {quote(code)} END" for code, each in tests.items()
    )
    written = quote_list([*flags.yes, *flags.no])
    return CellValues(
        {field: f"list_filter([\n    {codes}\n  ], lambda code: code IS NOT NULL)"},
        [f"{cell(title)} NOT IN {written}" for title in flags.columns],
    )


def _ages(export: str, file: RowFile, title: str, column: Column) -> CellValues:
    """An age and its class; unknown if the layout lists it so, or if it is outside its range."""
    unknown = [f"plain(label) = plain({quote(text)})" for text in column.unknown]
    unknown += [f"number = {int(text)}" for text in column.unknown if text.isdecimal()]
    believed = f"number BETWEEN {column.low} AND {column.high}"
    believed += f" AND NOT {is_any(unknown)}" if unknown else ""
    statement = read_script(
        "ages.sql",
        export=export,
        title=title,
        number=read_number(file, "label"),
        believed=believed,
        may_be_blank=column.blank is not None,
        unknown=UNKNOWN,
    )
    join = f"LEFT JOIN ages_of_{export} AS ages ON ages.label = {cell(title)}"
    fields = {"age": "ages.age", "age_class": "ages.age_class"}
    return CellValues(fields, ["ages.mended"], join, statement)


def read_number(file: RowFile, text: str) -> str:
    """The whole number in a text, as the file writes numbers; NULL if it is none."""
    marks, decimal = "", ".,"
    if file.numbers:
        marks, decimal = file.numbers.thousands, file.numbers.decimal
    marks = r" \x{A0}\x{202F}" if marks == " " else marks
    return f"whole_number({text}, {quote(f'[{marks}]' if marks else '$^')}, {quote(decimal)})"


@dataclass(frozen=True)
class Form:
    """A form of days, times or both: its pattern, and the replacement that makes SQL's own form."""

    pattern: str
    standard: str
    kind: str

    @classmethod
    def of(cls, written: str) -> Form:
        """The form that a layout writes as `dd/mm/yyyy`, `h.mm:ss` or `yyyy-mm-ddThh:mmZ`.

        One without day or month is of the first.
        """
        pattern, places = "", dict[str, int]()
        for part in re.findall(r"yyyy|yy|mm|m|dd|d|hh|h|ss|.", written):
            unit = "minute" if part == "mm" and "h" in places else part[0]
            if unit not in {"y", "m", "d", "h", "minute", "s"} or unit in places:
                pattern += re.escape(part)
                continue
            places[unit] = len(places) + 1
            # An hour has one digit or two, however it is written.
            digits = DIGITS.get(part)
            pattern += rf"(\d{{{digits}}})" if digits else r"(\d{1,2})"
        year, month, day = (f"\\{places[unit]}" if unit in places else "01" for unit in "ymd")
        date = f"{'' if 'yyyy' in written else '20'}{year}-{month}-{day}"
        time = f"\\{places['h']}:\\{places['minute']}" if "h" in places else ""
        if "y" not in places:
            return cls(pattern, time, "TIME")
        return cls(pattern, f"{date} {time}".strip(), "TIMESTAMP" if time else "DATE")

    def value(self, text: str) -> str:
        """The day, time or stamp in a cell; NULL where it has another form."""
        written = f"regexp_replace(bare({text}), {quote(f'^{self.pattern}$')}, "
        return f"TRY_CAST({written}{quote(self.standard)}) AS {self.kind})"


def _first_of(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"coalesce({', '.join(values)})"


def _has_other_form(forms: Sequence[Form], text: str) -> str:
    """Whether a cell has none of the forms to the letter: spaces around it, a serial number."""
    fits = (f"regexp_full_match({text}, {quote(form.pattern)})" for form in forms)
    return f"NOT ({' OR '.join(fits)})"


def _moments(export: str, file: RowFile, layout: TableLayout) -> CellValues | None:
    """The day and, if the source gives it, the hour of a row; None if it has no date.

    Both are by the helpline's clock. The hour is unknown if the source's clock left it out.
    """
    titles = {column.kind: title for title, column in layout.columns.items()}
    if titles.keys().isdisjoint(("date", "datetime")):
        return None
    stamped = "datetime" in titles
    cells = {DAY: titles["datetime" if stamped else "date"]}
    cells |= {TIME: titles["time"]} if "time" in titles else {}
    written = file.dates or OF_WORKBOOKS[0]
    forms = [written]
    if stamped:
        # Cells of a workbook are written in forms of their own.
        forms = list(dict.fromkeys([file.stamps or "", f"{written} {OF_WORKBOOKS[1]}", written]))
    days = [Form.of(form) for form in forms]
    values = [form.value(DAY) + ("::TIMESTAMP" if stamped else "") for form in days]
    if file.serial_dates:
        values.append(_read_serial(ZERO[file.serial_dates], timed=stamped))
    mended, time = [_has_other_form(days, DAY)], ""
    if TIME in cells and not stamped:
        time, other = _read_time(file, layout.columns[cells[TIME]])
        mended.append(other)
    has_hour = stamped or bool(time)
    is_moved = has_hour and file.written_zone != file.local_zone
    zones = f"{quote(file.written_zone)}, {quote(file.local_zone)}"
    statement = read_script(
        "moments.sql",
        export=export,
        cells=cells,
        stamped=stamped,
        value=_first_of(values),
        time=time,
        zone=file.written_zone,
        moved=is_moved,
        local=f"moved(moment, {zones})" if is_moved else "moment",
        mended=[*mended, *(["date <> day"] if is_moved else [])],
        unknown=UNKNOWN,
    )
    pairs = " AND ".join(f"moments.{name} = {cell(title)}" for name, title in cells.items())
    fields = ("date", "month", "weekday", *(["hour"] if has_hour else []))
    return CellValues(
        {name: f"moments.{name}" for name in fields},
        ["moments.mended"],
        f"LEFT JOIN moments_of_{export} AS moments ON {pairs}",
        statement,
    )


def _read_serial(zero: str, *, timed: bool) -> str:
    """The day, and the time if `timed`, of a spreadsheet's serial number; `zero` is day 0."""
    whole, part = (f"regexp_extract(bare({DAY}), {quote(SERIAL)}, {group})" for group in (1, 2))
    day = f"(DATE '{zero}' + TRY_CAST({whole} AS INTEGER))"
    share = f"coalesce(TRY_CAST('0' || replace({part}, ',', '.') AS DOUBLE), 0)"
    return f"{day} + to_minutes(round({MINUTES} * {share})::INTEGER)" if timed else day


def _read_time(file: RowFile, column: Column) -> tuple[str, str]:
    """A time, NULL if it is blank or unknown; and a test whether it was mended."""
    forms = [Form.of(form) for form in dict.fromkeys([file.times, OF_WORKBOOKS[1]])]
    time, mended = _first_of([form.value(TIME) for form in forms]), _has_other_form(forms, TIME)
    if column.blank is not None:
        mended = f"({TIME} <> '' AND {mended})"
    if not column.unknown:
        return time, mended
    unknown = is_any([f"plain({TIME}) = plain({quote(text)})" for text in column.unknown])
    return f"CASE WHEN NOT {unknown} THEN {time} END", f"({unknown} OR {mended})"
