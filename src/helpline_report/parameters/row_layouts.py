"""Layouts of files of rows: what each column means, and which tables the rows feed."""

from __future__ import annotations

import datetime as dt
import importlib.resources
import re
from itertools import pairwise
from typing import Annotated, Literal, Self

import tzdata
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from helpline_report.errors import nearest
from helpline_report.parameters.values import Text
from helpline_report.parameters.yaml import Closed

FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
DATE = r"(dd?|mm?|yyyy|yy)([-/.]?(dd?|mm?|yyyy|yy)){0,2}"
TIME = r"(hh[:.uh]|h[:.u])mm([:.]ss)?"


def _with_year(written: str) -> str:
    if "yy" not in written:
        raise ValueError(f"the dates '{written}' have no year")
    return written


DateFormat = Annotated[str, Field(pattern=rf"^{DATE}$"), AfterValidator(_with_year)]
TimeFormat = Annotated[str, Field(pattern=rf"^{TIME}$")]
StampFormat = Annotated[str, Field(pattern=rf"^{DATE}[ T]{TIME}Z?$"), AfterValidator(_with_year)]


class Numbers(Closed):
    """How whole numbers are grouped and where decimals begin."""

    thousands: Literal[".", ",", " ", "'"]
    decimal: Literal[",", "."]


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
ROW = "row"
UNKNOWN = "unknown"
FIXED_FIELDS: dict[str, tuple[Kind, ...]] = {
    "date": ("date", "datetime"),
    "hour": ("time",),
    "age": ("integer",),
}
FIXED_TABLES: dict[str, RowTable] = {"date": "contacts", "hour": "contacts", "age": "persons"}
YOUNGEST, OLDEST = 0, 150


class DatedCode(Closed):
    """A code that a label stands for, from and until a day, both counted."""

    code: str
    start: dt.date | None = Field(default=None, alias="from")
    until: dt.date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start and self.until and self.until < self.start:
            raise ValueError("'until' is before 'from'")
        return self

    @property
    def dated(self) -> bool:
        """Whether the label stands for the code on some days only."""
        return self.start is not None or self.until is not None

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """The first and the last day."""
        return self.start or dt.date.min, self.until or dt.date.max


def _as_meanings(value: object) -> object:
    """A code alone, or a dated one, is the only meaning of its label."""
    if isinstance(value, str):
        return [{"code": value}]
    return value if isinstance(value, list) else [value]


# What a label means, one code after another where there are several.
Meanings = Annotated[list[DatedCode], BeforeValidator(_as_meanings), Field(min_length=1)]


class Column(Closed):
    """What one column gives.

    `coded`: a label a cell, or several with a `separator` between them; `codes` says the code of
    each, and where a label means a code for a part of the time only, from when until when. `date`,
    `time` (of which the hour is kept), `datetime` (both) and `integer` (`from` and `to`, both
    allowed; `outside` says what lies outside is). `blank` is what an empty cell means: a code, or
    `unknown` for times and integers; without it an empty cell is refused (with a `separator` it is
    no code at all). `unknown` are texts that mean unknown: `999`, `onbekend`.
    """

    field: FieldName
    kind: Kind = "coded"
    codes: dict[str, Meanings] = {}
    separator: Literal[",", ";", "|", "/", "+", "\n"] | None = None
    blank: str | None = None
    unknown: list[Text] = []
    low: int | None = Field(default=None, alias="from")
    high: int | None = Field(default=None, alias="to")
    outside: Literal["refuse", "unknown"] | None = None

    @model_validator(mode="after")
    def _suits_its_kind(self) -> Self:
        fixed = FIXED_FIELDS.get(self.field, ("coded",))
        if self.kind not in fixed:
            kinds = " or ".join(f"'{kind}'" for kind in fixed)
            raise ValueError(f"the field '{self.field}' is of kind {kinds}")
        if (self.kind == "coded") != bool(self.codes):
            raise ValueError("a coded column has 'codes', and no other kind has")
        ranged = self.low is not None and self.high is not None and self.outside is not None
        if (self.kind == "integer") != ranged:
            raise ValueError("an integer has 'from', 'to' and 'outside', and no other kind has")
        if self.field == "age" and not YOUNGEST <= (self.low or 0) <= (self.high or 0) <= OLDEST:
            raise ValueError(f"ages are 'from' {YOUNGEST} or more, 'to' {OLDEST} at most")
        if self.kind in ("date", "datetime") and (self.blank is not None or self.unknown):
            raise ValueError("a date can't be blank" if self.blank else "a date can't be unknown")
        if self.kind in ("time", "integer") and self.blank not in (None, UNKNOWN):
            raise ValueError("a blank time or integer is 'unknown', or refused without 'blank'")
        return self

    @model_validator(mode="after")
    def _separable(self) -> Self:
        if self.separator is None:
            return self
        if self.kind != "coded":
            raise ValueError("'separator' goes with a coded column")
        split = [label for label in self.codes if self.separator in label]
        if split:
            raise ValueError(f"the label '{split[0]}' holds the separator")
        return self

    @model_validator(mode="after")
    def _one_meaning_a_day(self) -> Self:
        both = [text for text in self.unknown if text in self.codes]
        if both:
            raise ValueError(f"'{both[0]}' has a code and is 'unknown'")
        for label, codes in self.codes.items():
            spans = sorted(code.days for code in codes)
            if any(one[1] >= other[0] for one, other in pairwise(spans)):
                raise ValueError(f"the label '{label}' means two codes on one day")
            if len(codes) > 1 and self.separator is not None:
                raise ValueError(f"the label '{label}' has one code where cells hold several")
        return self

    def meanings(self) -> dict[str, list[DatedCode]]:
        """The codes of each label, with their days; more than one where they follow each other."""
        return dict(self.codes)

    def all_codes(self) -> list[str]:
        """Every code that a cell can give, each once."""
        codes = [code.code for meanings in self.codes.values() for code in meanings]
        codes += [self.blank] if self.blank and self.kind == "coded" else []
        codes += [UNKNOWN] if self.unknown and self.kind == "coded" else []
        return list(dict.fromkeys(codes))

    def fields(self) -> list[str]:
        """The fields that the column gives."""
        return ["date", "hour"] if self.kind == "datetime" else [self.field]


class Flags(Closed):
    """Yes and no columns that together give one field with several codes a row.

    What isn't in `yes` or `no` is refused: a blank too, unless `""` stands in one of them.
    """

    yes: list[str] = Field(min_length=1)
    no: list[str] = Field(min_length=1)
    columns: dict[str, str] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        both = sorted(set(self.yes) & set(self.no))
        if both:
            raise ValueError(f"'{both[0]}' is yes and no")
        return self


class TableLayout(Closed):
    """What one table takes from the rows of a file.

    `key` names the column that identifies a row, or is `row` where there is none. `parent` names
    the column with the key of the table above, or is `row`: the same row of the same file. In a
    system that is `numbered_yearly`, a key of last year's export is no fault.
    """

    key: str = Field(min_length=1)
    parent: str | None = None
    numbered_yearly: bool = False
    columns: dict[str, Column] = {}
    flags: dict[FieldName, Flags] = {}

    @model_validator(mode="after")
    def _fields_once(self) -> Self:
        fields = [name for column in self.columns.values() for name in column.fields()]
        fields += list(self.flags)
        twice = sorted({name for name in fields if fields.count(name) > 1})
        if twice:
            raise ValueError(f"the field '{twice[0]}' from two columns")
        if self.numbered_yearly and self.key == ROW:
            raise ValueError("rows without a key aren't 'numbered_yearly'")
        return self

    def key_columns(self) -> list[str]:
        """The columns that hold keys."""
        return [name for name in (self.key, self.parent) if name is not None and name != ROW]

    def value_columns(self) -> list[str]:
        """The columns that hold what the table gives, in the order of the layout."""
        flags = [column for group in self.flags.values() for column in group.columns]
        return [*self.columns, *flags]


class RowFile(Closed):
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
    delimiter: Literal[";", ",", "\t", "|"]
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
    ignored: dict[str, Text] = {}

    @model_validator(mode="after")
    def _footer_patterns(self) -> Self:
        for pattern in self.footer:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"'footer' has no regular expression: {error}") from None
        return self

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        values = [name for table in self.tables.values() for name in table.value_columns()]
        keys = {name for table in self.tables.values() for name in table.key_columns()}
        twice = sorted({n for n in values if values.count(n) > 1 or n in keys or n in self.ignored})
        if twice:
            raise ValueError(f"the column '{twice[0]}' means two things")
        for name, table in self.tables.items():
            if (name == "contacts") != (table.parent is None):
                raise ValueError("'persons' and 'followups' have a 'parent', 'contacts' has none")
            kinds = [column.kind for column in table.columns.values()]
            if name == "contacts" and not {"date", "datetime"} & set(kinds):
                raise ValueError("the contacts have no date")
            if "date" in kinds and self.dates is None:
                raise ValueError("a file with dates says how they are written: 'dates'")
            if "datetime" in kinds and self.stamps is None:
                raise ValueError("a file with dates and times in one cell says: 'stamps'")
        return self

    @model_validator(mode="after")
    def _fields_of_their_tables(self) -> Self:
        for name, table in self.tables.items():
            for title, column in table.columns.items():
                for field in column.fields():
                    owner = FIXED_TABLES.get(field, name)
                    if owner != name:
                        raise ValueError(
                            f"the column '{title}' of {name} gives '{field}', a field of {owner}"
                        )
        return self

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
