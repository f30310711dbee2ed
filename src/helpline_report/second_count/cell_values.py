"""Make a table of what the cells of each column mean: a column has a dozen texts, told once each.

`mended` says of a text that it isn't written as the layout writes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from helpline_report.exports.shapes import plain
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import UNKNOWN, Column, Flags, RowFile, TableLayout
from helpline_report.second_count.moments import Moment, read_moment
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
        elif column.kind == "coded" and column.separator is not None:
            yield _code_lists(texts, title, column)
        elif column.kind == "coded":
            yield _codes(texts, title, column, date, several=column.field in several)
    for name, flags in layout.flags.items():
        yield _flags(texts, name, flags)


def _moments(texts: Texts, table: str, moment: Moment) -> CellValues:
    cells = ", ".join(moment.columns)
    told = [f"{moment.day} AS date", f"({' OR '.join(moment.mended)}) AS mended"]
    fields = {
        "date": "date",
        "month": "strftime(date, '%m')::month_code",
        "weekday": "isodow(date)::VARCHAR::weekday_code",
    }
    if moment.hour is not None:
        told.append(f"{moment.hour} AS hour")
        fields["hour"] = f"coalesce(lpad(hour::VARCHAR, 2, '0'), '{UNKNOWN}')::hour_code"
    listed = ",\n  ".join(f"{text} AS {name}" for name, text in fields.items())
    inner = f"SELECT {cells},\n    " + ",\n    ".join(told)
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
        for label, meanings in column.meanings().items()
        if plain(label) not in unknown
    }
    if column.blank is not None and column.separator is None:
        labels[""] = [("", column.blank)]
    labels |= {text: [(text, UNKNOWN)] for text in column.unknown}
    return list(labels.items())


def _codes(texts: Texts, title: str, column: Column, date: str, *, several: bool) -> CellValues:
    """One code a cell; where labels mean one after another, by the day of the row."""
    table, opened = f"{column.field}_labels{texts.suffix}", texts.lists[column.field].open
    candidates = _candidates(column)
    dated = any(len(meanings) > 1 for _, meanings in candidates)
    forms = [plain(label) for label, _ in candidates]
    alike = len(set(forms)) < len(forms)
    columns = ["written", "code"]
    rows = [list(one[:2]) for _, meanings in candidates for one in meanings]
    if dated:
        columns += ["first", "last"]
        days = [
            one[2:] if len(meanings) > 1 else (None, None)
            for _, meanings in candidates
            for one in meanings
        ]
        rows = [[*row, *span] for row, span in zip(rows, days, strict=True)]
    if alike:
        columns.append("place")
        places = [at for at, (_, meanings) in enumerate(candidates) for _ in meanings]
        rows = [[*row, place] for row, place in zip(rows, places, strict=True)]
    layout = f"layout({', '.join(columns)})"
    code = "coalesce(code, nullif(plain(label), ''))" if opened else f"code::{column.field}_code"
    code = f"[{code}]" if several else code
    more = ", first, last" if dated else ""
    statement = (
        f"CREATE OR REPLACE TABLE {table} AS\n"
        f"SELECT label, {code} AS code, {_label_mended('label', column, opened=opened)} AS mended"
        f"{more}\nFROM {texts.distinct(label=title)}\n"
        f"LEFT JOIN {write_values(rows, layout)}\n"
        "ON plain(label) = plain(written)"
    )
    if alike:
        # Of labels that differ by case alone a cell means the one that it is to the letter.
        order = "place DESC" if opened else "label = written DESC, place DESC"
        statement += f"\nQUALIFY rank() OVER (PARTITION BY label ORDER BY {order}) = 1"
    on = f"{table}.label = {texts.cell(title)}"
    if dated:
        first, last = f"coalesce({table}.first, {date})", f"coalesce({table}.last, {date})"
        on += f"\n  AND {date} BETWEEN {first} AND {last}"
    return CellValues(
        {column.field: f"{table}.code"}, [f"{table}.mended"], table, on, statement + ";"
    )


def _label_mended(label: str, column: Column, *, opened: bool) -> str:
    """Whether a label has another form than the layout's, or is one that means unknown."""
    unknown = f"written IN {quote_list(column.unknown)}" if column.unknown else ""
    if opened:
        return f"coalesce({unknown}, false)" if unknown else "false"
    other = f"{label} <> written" + (f" OR {unknown}" if unknown else "")
    return f"coalesce({other}, true)"


def _code_lists(texts: Texts, title: str, column: Column) -> CellValues:
    """Several codes a cell, with a separator between their labels; each code once."""
    table, opened = f"{column.field}_labels{texts.suffix}", texts.lists[column.field].open
    rows = [one[:2] for _, meanings in _candidates(column) for one in meanings]
    code = "coalesce(code, nullif(plain(part), ''))" if opened else "code"
    codes = f"list(DISTINCT {code}) FILTER ({code} IS NOT NULL)"
    mended = _label_mended("part", column, opened=opened)
    parts = f"string_split(label, {quote(column.separator)})"
    none = f"[{quote(column.blank)}]" if column.blank is not None else "[]"
    statement = (
        f"CREATE OR REPLACE TABLE {table} AS\n"
        f"SELECT label, coalesce({codes}, {none}) AS code,\n"
        f"  bool_or(part <> '' AND {mended}) AS mended\n"
        f"FROM (\n  SELECT label, bare(unnest({parts})) AS part\n"
        f"  FROM {texts.distinct(label=title)}\n)\n"
        f"LEFT JOIN {write_values(rows, 'layout(written, code)')}\n"
        "ON plain(part) = plain(written)\nGROUP BY label;"
    )
    on = f"{table}.label = {texts.cell(title)}"
    return CellValues({column.field: f"{table}.code"}, [f"{table}.mended"], table, on, statement)


def _ages(texts: Texts, title: str, column: Column) -> CellValues:
    """A whole number and its class; unknown where it lies outside of what is believed."""
    table = f"{column.field}_labels{texts.suffix}"
    unknown = [f"plain(label) = plain({quote(text)})" for text in column.unknown]
    unknown += [f"number = {int(text)}" for text in column.unknown if text.isdecimal()]
    believed = f"number BETWEEN {column.low} AND {column.high}"
    believed += f" AND NOT {is_any(unknown)}" if unknown else ""
    blank = "label <> '' AND " if column.blank is not None else ""
    digits = "regexp_full_match(label, '-?\\d{1,9}')"
    statement = (
        f"CREATE OR REPLACE TABLE {table} AS\n"
        f"SELECT label, age, coalesce(code, '{UNKNOWN}')::age_class_code AS age_class,\n"
        f"  {blank}NOT ({digits} AND age IS NOT NULL) AS mended\n"
        "FROM (\n"
        f"  SELECT label, CASE WHEN {believed} THEN number END AS age\n"
        f"  FROM (SELECT label, {_number(texts.file)} AS number\n"
        f"    FROM {texts.distinct(label=title)})\n"
        ")\nLEFT JOIN age_classes ON age >= first AND (last IS NULL OR age <= last);"
    )
    fields = {"age": f"{table}.age", "age_class": f"{table}.age_class"}
    return CellValues(
        fields, [f"{table}.mended"], table, f"{table}.label = {texts.cell(title)}", statement
    )


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
