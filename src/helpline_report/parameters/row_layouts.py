"""Layouts of files of rows: what each column means, and which tables the rows feed."""

import datetime as dt
import importlib.resources
import re
import unicodedata
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Annotated, Literal, get_args

import tzdata
from pydantic import AfterValidator, BeforeValidator, Field

from helpline_report.errors import nearest
from helpline_report.parameters.values import Text
from helpline_report.parameters.yaml import CheckedModel, find_repeated, match_pattern

# A name is the same however its accents are composed.
ColumnName = Annotated[
    str, AfterValidator(partial(unicodedata.normalize, "NFC")), Field(min_length=1)
]
FieldName = Annotated[str, match_pattern(r"^[a-z][a-z0-9_]*$", "caller_role")]
DATE = r"(dd?|mm?|yyyy|yy)([-/.]?(dd?|mm?|yyyy|yy)){0,2}"
TIME = r"(hh[:.uh]|h[:.u])mm([:.]ss)?"


def _with_year(written: str) -> str:
    if "yy" not in written:
        raise ValueError(f"the dates '{written}' have no year")
    return written


# Access writes a date with midnight behind it, and a time with its day 0 before it.
MIDNIGHT = r"0?0:00(:00)?"
DAY_ZERO = r"(1899-12-30|30[-/.]12[-/.]1899|12[-/.]30[-/.]1899)"
DatePattern = match_pattern(rf"^{DATE}( {MIDNIGHT})?$", "dd/mm/yyyy")
DateFormat = Annotated[str, DatePattern, AfterValidator(_with_year)]
TimeFormat = Annotated[str, match_pattern(rf"^({DAY_ZERO} )?{TIME}$", "hh:mm")]
StampPattern = match_pattern(rf"^{DATE}[ T]{TIME}Z?$", "dd/mm/yyyy hh:mm")
StampFormat = Annotated[str, StampPattern, AfterValidator(_with_year)]


class Numbers(CheckedModel):
    """How whole numbers are grouped and where decimals begin."""

    thousands: Literal[".", ",", " ", "'"]
    decimal: Literal[",", "."]

    def _complaints(self) -> Iterator[str]:
        if self.thousands == self.decimal:
            yield "'thousands' and 'decimal' are one sign"


def _known_zone(name: str) -> str:
    listed = importlib.resources.files(tzdata) / "zones"
    zones = listed.read_text(encoding="utf-8").split()
    if name not in zones:
        raise ValueError(f"there is no time zone '{name}'{nearest(name, zones)}")
    return name


# The zones come from a package, so that a date is the same day on every machine.
ZoneName = Annotated[str, AfterValidator(_known_zone)]
RowTable = Literal["contacts", "persons", "followups"]
Kind = Literal["coded", "date", "time", "datetime", "integer"]
ROW_TABLES: tuple[RowTable, ...] = get_args(RowTable)
# The table that the rows of each hang on.
PARENTS: dict[str, RowTable] = {"persons": "contacts", "followups": "persons"}
ROW = "row"
UNKNOWN = "unknown"
FIXED_FIELDS: dict[str, tuple[Kind, ...]] = {
    "date": ("date", "datetime"),
    "hour": ("time",),
    "age": ("integer",),
}
# The tables of the fields that dates, times and ages give, and what some are worked out from.
DERIVED: dict[str, RowTable] = dict.fromkeys(("month", "weekday", "hour", "date"), "contacts")
DERIVED |= dict.fromkeys(("age", "age_class"), "persons")
SOURCE_FIELDS = {"month": "date", "weekday": "date", "age_class": "age"}
YOUNGEST, OLDEST = 0, 150
WORKBOOKS = (".xlsx", ".ods")


class DatedCode(CheckedModel):
    """A code that exists, or that a label stands for, from and until a day, both counted."""

    code: str
    start: dt.date | None = Field(default=None, alias="from")
    until: dt.date | None = None

    def _complaints(self) -> Iterator[str]:
        if self.start and self.until and self.until < self.start:
            yield "'until' is before 'from'"

    @property
    def dated(self) -> bool:
        """Whether it is so on some days only."""
        return self.start is not None or self.until is not None

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """The first and the last day."""
        return self.start or dt.date.min, self.until or dt.date.max


def _as_meanings(value: object) -> object:
    """Codes as they are written: one or several, each alone or with its days."""
    codes = value if isinstance(value, list) else [value]
    return [{"code": code} if isinstance(code, str) else code for code in codes]


RANGE = re.compile(r"(\d{1,4})\.\.(\d{1,4})", re.ASCII)


def _with_each_number(codes: object) -> object:
    """The labels with a range of whole numbers, `13..17`, written out."""
    if not isinstance(codes, dict):
        return codes
    labels: dict[object, object] = {}
    for label, code in codes.items():
        match = RANGE.fullmatch(label) if isinstance(label, str) else None
        numbers = range(int(match[1]), int(match[2]) + 1) if match else (label,)
        if not numbers:
            raise ValueError(f"the range '{label}' ends before it begins")
        for number in map(str, numbers) if match else (label,):
            if number in labels:
                raise ValueError(f"the label '{number}' stands twice")
            labels[number] = code
    return labels


# What a label means: several codes at once or, where they have days, one after another.
Meanings = Annotated[list[DatedCode], BeforeValidator(_as_meanings), Field(min_length=1)]


class Column(CheckedModel):
    """What one column gives.

    `coded`: a label a cell, or several with a `separator` between them; `codes` says the code or
    the codes of each, and where a label means a code for a part of the time only, from when until
    when; a label `13..17` is each of these numbers. `date`,
    `time` (of which the hour is kept), `datetime` (both) and `integer` (`from` and `to`, both
    allowed; `outside` says what lies outside is). `blank` is what an empty cell means: a code, or
    `unknown` for times and integers; without it an empty cell is refused (with a `separator` it is
    no code at all). `unknown` are texts that mean unknown: `999`, `onbekend`.
    """

    field: FieldName
    kind: Kind = "coded"
    codes: Annotated[dict[str, Meanings], BeforeValidator(_with_each_number)] = {}
    separator: Literal[",", ";", "|", "/", "+", "\n"] | None = None
    blank: str | None = None
    unknown: list[Text] = []
    low: int | None = Field(default=None, alias="from")
    high: int | None = Field(default=None, alias="to")
    outside: Literal["refuse", "unknown"] | None = None

    def _complaints(self) -> Iterator[str]:
        fixed = FIXED_FIELDS.get(self.field, ("coded",))
        if self.kind not in fixed:
            kinds = " or ".join(f"'{kind}'" for kind in fixed)
            yield f"the field '{self.field}' is of kind {kinds}"
            return
        coded, dated = self.kind == "coded", self.kind in ("date", "datetime")
        ranged = self.low is not None and self.high is not None and self.outside is not None
        low, high = self.low or 0, self.high or 0
        if coded != bool(self.codes):
            yield "a coded column has 'codes', and no other kind has"
        if ranged != (self.kind == "integer"):
            yield "an integer has 'from', 'to' and 'outside', and no other kind has"
        if self.field == "age" and not YOUNGEST <= low <= high <= OLDEST:
            yield f"ages are 'from' {YOUNGEST} or more, 'to' {OLDEST} at most"
        if dated and self.blank is not None:
            yield "a date can't be blank"
        if dated and self.unknown:
            yield "a date can't be unknown"
        if self.kind in ("time", "integer") and self.blank not in (None, UNKNOWN):
            yield "a blank time or integer is 'unknown', or refused without 'blank'"
        if self.separator is not None and not coded:
            yield "'separator' goes with a coded column"
        yield from self._complain_of_labels()

    def _complain_of_labels(self) -> Iterator[str]:
        for label, codes in self.codes.items():
            if label in self.unknown:
                yield f"'{label}' has a code and is 'unknown'"
            spans = sorted(code.days for code in codes if any(each.dated for each in codes))
            if any(one[1] >= other[0] for one, other in pairwise(spans)):
                yield f"the label '{label}' means two codes on one day"
            if self.separator is not None and self.separator in label:
                yield f"the label '{label}' holds the separator"
            if self.several and spans and len(codes) > 1:
                yield f"the label '{label}' has one code after another where cells hold several"

    @property
    def several(self) -> bool:
        """Whether a cell can give several codes: of several labels, or of one."""
        return self.separator is not None or bool(self.joint)

    @property
    def joint(self) -> dict[str, list[str]]:
        """The codes of each label that means several at once."""
        return {
            label: [code.code for code in codes]
            for label, codes in self.codes.items()
            if len(codes) > 1 and not any(code.dated for code in codes)
        }

    def all_codes(self) -> list[str]:
        """Every code that a cell can give, each once."""
        codes = [code.code for meanings in self.codes.values() for code in meanings]
        codes += [self.blank] if self.blank and self.kind == "coded" else []
        codes += [UNKNOWN] if self.unknown and self.kind == "coded" else []
        return list(dict.fromkeys(codes))

    def fields(self) -> list[str]:
        """The fields that the column gives."""
        return ["date", "hour"] if self.kind == "datetime" else [self.field]


class Flags(CheckedModel):
    """Yes and no columns that together give one field with several codes a row.

    What isn't in `yes` or `no` is refused: a blank too, unless `""` stands in one of them.
    """

    yes: list[str] = Field(min_length=1)
    no: list[str] = Field(min_length=1)
    columns: dict[ColumnName, str] = Field(min_length=1)

    def _complaints(self) -> Iterator[str]:
        for both in sorted(set(self.yes) & set(self.no)):
            yield f"'{both}' is yes and no"


class TableLayout(CheckedModel):
    """What one table takes from the rows of a file.

    `key` names the column that identifies a row, or is `row` where there is none. `parent` names
    the column with the key of the table above, or is `row`: the same row of the same file. Rows
    whose key is blank are refused, unless `blank_key` is `row`: then each is one by itself. In a
    system that is `numbered_yearly`, a key of last year's export is no fault. `number` names the
    column with how many persons a contact is about, in whose row they stand: each is a row then.
    `several` names the fields that several columns give: a row has the codes of each of them.
    """

    key: ColumnName
    blank_key: Literal["row"] | None = None
    parent: ColumnName | None = None
    numbered_yearly: bool = False
    number: ColumnName | None = None
    several: list[FieldName] = []
    columns: dict[ColumnName, Column] = {}
    flags: dict[FieldName, Flags] = {}

    def _complaints(self) -> Iterator[str]:
        fields = [name for column in self.columns.values() for name in column.fields()]
        yield from self._complain_of_several([*fields, *self.flags])
        if {"age", "age_class"} <= {*fields}:
            yield "ages and their classes: the parameters make classes of ages"
        if self.numbered_yearly and self.key == ROW:
            yield "rows without a key aren't 'numbered_yearly'"
        if self.blank_key and self.key == ROW:
            yield "rows without a key have no 'blank_key'"
        if self.number and (self.key, self.parent) != (ROW, ROW):
            yield "'number' goes with persons without a key in the rows of contacts: 'parent: row'"

    def _complain_of_several(self, fields: list[str]) -> Iterator[str]:
        """Fields that two columns give; each stands in `fields` once for each."""
        single = [*FIXED_FIELDS, "age_class"]
        for field in self.several:
            if field in single:
                yield f"'several': a row has one '{field}'"
            elif fields.count(field) <= 1:
                yield f"'several': no two columns give the field '{field}'"
        twice = find_repeated(field for field in fields if field not in self.several)
        if twice:
            step = (
                "" if twice in single else f"; if a row has the codes of each: 'several: [{twice}]'"
            )
            yield f"the field '{twice}' from two columns{step}"
        for column in self.columns.values():
            for label, codes in column.codes.items() if column.field in self.several else ():
                if len(codes) > 1 and any(code.dated for code in codes):
                    yield f"the label '{label}' has one code after another where rows hold several"

    @property
    def with_several(self) -> frozenset[str]:
        """The fields of which a row may have several codes."""
        columns = {column.field for column in self.columns.values() if column.several}
        return frozenset(columns.union(self.flags, self.several))

    def coded(self) -> dict[str, list[Column]]:
        """The coded columns of each field."""
        fields: dict[str, list[Column]] = {}
        for column in self.columns.values():
            if column.kind == "coded":
                fields.setdefault(column.field, []).append(column)
        return fields

    def codes_of(self, field: str) -> frozenset[str]:
        """Every code of a field that its columns can give."""
        codes = {code for column in self.coded().get(field, ()) for code in column.all_codes()}
        flags = self.flags[field].columns.values() if field in self.flags else ()
        return frozenset(codes.union(flags))

    def key_columns(self) -> list[str]:
        """The columns that hold keys."""
        return [name for name in (self.key, self.parent) if name is not None and name != ROW]

    def value_columns(self) -> list[str]:
        """The columns that hold what the table gives, in the order of the layout."""
        flags = [column for group in self.flags.values() for column in group.columns]
        return [*self.columns, *flags, *([self.number] if self.number else [])]


class RowFile(CheckedModel):
    """A file of rows, delimited text or a workbook: how it is written, and the tables it feeds.

    What the file is, its first bytes say. `sheet` names the worksheet where a workbook has several.
    `footer` are regular expressions of texts that may stand under the data, in one cell; a group
    `(?P<rows>…)` must be the number of rows. `dates`, `times` and `stamps` (date and time in one
    cell) say how they are written, `time_zone` by which clock; the report counts by that of
    `local_zone`. `serial_dates` says that dates may be a spreadsheet's serial numbers, counted from
    1900 (`true`) or from 1904 (`1904`).
    """

    name: Text
    encodings: list[Literal["utf-8", "windows-1252"]] = ["utf-8"]
    delimiter: Literal[";", ",", "\t", "|"] = ";"
    sheet: Text | None = None
    footer: list[Text] = []
    dates: DateFormat | None = None
    times: TimeFormat = "hh:mm"
    stamps: StampFormat | None = None
    serial_dates: bool | Literal[1904] = False
    time_zone: ZoneName | None = None
    local_zone: ZoneName = "Europe/Brussels"
    numbers: Numbers | None = None
    tables: dict[RowTable, TableLayout] = Field(min_length=1)
    ignored: dict[ColumnName, Text] = {}

    def _complaints(self) -> Iterator[str]:
        for pattern in self.footer:
            try:
                re.compile(pattern)
            except re.error as error:
                yield f"'footer' has no regular expression: {error}"
        values = [name for table in self.tables.values() for name in table.value_columns()]
        keys = {name for table in self.tables.values() for name in table.key_columns()}
        twice = find_repeated([*values, *(keys & set(values)), *self.ignored])
        is_text = not self.name.lower().endswith(WORKBOOKS)
        if is_text and "delimiter" not in self.model_fields_set:
            yield "a file of delimited text says what stands between its cells: 'delimiter'"
        if twice:
            yield f"the column '{twice}' means two things"
        for pattern in self.ignored:
            if not pattern.strip("*? "):
                yield f"'ignored': '{pattern}' is every column, also one that is new: name some"
        for name, table in self.tables.items():
            yield from self._complain_of_table(name, table)

    def _complain_of_table(self, name: RowTable, table: TableLayout) -> Iterator[str]:
        kinds = {column.kind for column in table.columns.values()}
        persons = self.tables.get("persons", table)
        if (name == "contacts") != (table.parent is None):
            yield "'persons' and 'followups' have a 'parent', 'contacts' has none"
        if name != "persons" and table.number is not None:
            yield "'number' is one of persons"
        if name == "followups" and table.parent == ROW and persons.number is not None:
            yield "what hangs on a number of persons hangs on none of them"
        if name == "contacts" and kinds.isdisjoint(("date", "datetime")):
            yield "the contacts have no date"
        if "date" in kinds and self.dates is None:
            yield "a file with dates says how they are written: 'dates'"
        if "datetime" in kinds and self.stamps is None:
            yield "a file with dates and times in one cell says: 'stamps'"
        for title, column in table.columns.items():
            for field in column.fields():
                owner = DERIVED.get(field, name)
                if owner != name:
                    yield f"the column '{title}' of {name} gives '{field}', a field of {owner}"

    def with_own_key(self, title: str) -> bool:
        """Whether rows that are blank in a column of keys are each one by itself."""
        return any(each.key == title and each.blank_key for each in self.tables.values())

    @property
    def written_zone(self) -> str:
        """The zone of the clock that dates and times were written by."""
        if self.time_zone is not None:
            return self.time_zone
        return "UTC" if self.stamps is not None and self.stamps.endswith("Z") else self.local_zone

    def expected(self) -> list[str]:
        """The columns that must stand in the file, keys first, each once."""
        tables = self.tables.values()
        names = [name for table in tables for name in table.key_columns()]
        names += [name for table in tables for name in table.value_columns()]
        return list(dict.fromkeys(names))
