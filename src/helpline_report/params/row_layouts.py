"""Layouts of files of rows: what each column means, and which tables the rows feed."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, model_validator

from helpline_report.params.values import Text
from helpline_report.params.written import DateFormat, FieldName, Numbers
from helpline_report.params.yaml import Closed

RowTable = Literal["contacts", "persons", "followups"]

ROW = "row"
UNKNOWN = "unknown"
FIXED_FIELDS = {"date": "date", "hour": "time", "age": "integer"}


class Column(Closed):
    """What one column gives.

    `coded`: a label a cell, `codes` says the code of each. `date`, `time` (HH:MM, of which the hour
    is kept) and `integer` (`from` and `to`, both allowed; `outside` says what lies outside is).
    `blank` is what an empty cell means: a code, or `unknown` for times and integers; without it an
    empty cell is refused.
    """

    field: FieldName
    kind: Literal["coded", "date", "time", "integer"] = "coded"
    codes: dict[str, str] = {}
    blank: str | None = None
    low: int | None = Field(default=None, alias="from")
    high: int | None = Field(default=None, alias="to")
    outside: Literal["refuse", "unknown"] | None = None

    @model_validator(mode="after")
    def _suits_its_kind(self) -> Self:
        fixed = FIXED_FIELDS.get(self.field)
        if (fixed or "coded") != self.kind:
            raise ValueError(f"the field '{self.field}' is of kind '{fixed or 'coded'}'")
        if (self.kind == "coded") != bool(self.codes):
            raise ValueError("a coded column has 'codes', and no other kind has")
        ranged = self.low is not None and self.high is not None and self.outside is not None
        if (self.kind == "integer") != ranged:
            raise ValueError("an integer has 'from', 'to' and 'outside', and no other kind has")
        if self.kind == "date" and self.blank is not None:
            raise ValueError("a date can't be blank")
        if self.kind in ("time", "integer") and self.blank not in (None, UNKNOWN):
            raise ValueError("a blank time or integer is 'unknown', or refused without 'blank'")
        return self


class Flags(Closed):
    """Yes and no columns that together give one field with several codes a row."""

    yes: list[str] = Field(min_length=1)
    no: list[str] = Field(min_length=1)
    columns: dict[str, str] = Field(min_length=1)


class TableLayout(Closed):
    """What one table takes from the rows of a file.

    `key` names the column that identifies a row, or is `row` where there is none. `parent` names
    the column with the key of the table above, or is `row`: the same row of the same file.
    """

    key: str = Field(min_length=1)
    parent: str | None = None
    columns: dict[str, Column] = {}
    flags: dict[FieldName, Flags] = {}

    @model_validator(mode="after")
    def _fields_once(self) -> Self:
        fields = [column.field for column in self.columns.values()] + list(self.flags)
        twice = sorted({name for name in fields if fields.count(name) > 1})
        if twice:
            raise ValueError(f"the field '{twice[0]}' from two columns")
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
    `(?P<rows>…)` must be the number of rows.
    """

    name: Text
    encodings: list[Literal["utf-8", "windows-1252"]] = ["utf-8"]
    delimiter: Literal[";", ",", "\t", "|"]
    sheet: Text | None = None
    footer: list[Text] = []
    dates: DateFormat | None = None
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
            if name == "contacts" and "date" not in kinds:
                raise ValueError("the contacts have no date")
            if "date" in kinds and self.dates is None:
                raise ValueError("a file with dates says how they are written: 'dates'")
        return self

    def expected(self) -> list[str]:
        """The columns that must stand in the file, keys first, each once."""
        tables = self.tables.values()
        names = [name for table in tables for name in table.key_columns()]
        names += [name for table in tables for name in table.value_columns()]
        return list(dict.fromkeys(names))
