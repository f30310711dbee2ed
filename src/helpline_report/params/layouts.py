"""Layouts: what the files, columns and labels of one system's exports mean, read from YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from helpline_report.errors import ParametersError, nearest
from helpline_report.params.codelists import CodeList
from helpline_report.params.edition import Identifier, Text
from helpline_report.params.yaml import Closed, Document, KeyPath, read_yaml, validate

FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
DateFormat = Annotated[str, Field(pattern=r"^(dd?|mm?|yyyy|yy)([-/.]?(dd?|mm?|yyyy|yy)){0,2}$")]
RowTable = Literal["contacts", "persons", "followups"]
MeasureName = Literal["users", "page_views", "sessions"]
Grain = Literal["year", "month", "day"]

ROW = "row"
UNKNOWN = "unknown"
FIXED_FIELDS = {"date": "date", "hour": "time", "age": "integer"}
TRAFFIC_DIMENSIONS = ("site", "device", "traffic_channel", "referrer", "user_gender")


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
    """A file of rows: how it is written, and the tables that it feeds."""

    name: Text
    encodings: list[Literal["utf-8", "windows-1252"]] = ["utf-8"]
    delimiter: Literal[";", ",", "\t", "|"]
    dates: DateFormat | None = None
    tables: dict[RowTable, TableLayout] = Field(min_length=1)
    ignored: dict[str, Text] = {}

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


class Numbers(Closed):
    """How whole numbers are grouped and where decimals begin."""

    thousands: Literal[".", ",", " ", "'"]
    decimal: Literal[",", "."]


class Measure(Closed):
    """One measure of a block, and what its total row is.

    `sum`: the rows are exclusive and add up to it. `distinct`: users who come back are counted
    once in the total, which lies between the largest row and the sum.
    """

    measure: MeasureName
    total: Literal["sum", "distinct"]


class Block(Closed):
    """A block of a web analytics report: a header, rows and a total row.

    The rows are broken down by `dimension` (a field, whose labels are `codes`) or by time (`dates`
    says how). With `total_is_year` the total row is kept as the figure of the whole period. A block
    that is `unused`, for the reason given, is checked like any other and its rows are left out.
    """

    column: Text
    grain: Grain
    dates: DateFormat | None = None
    dimension: FieldName | None = None
    codes: dict[str, str] = {}
    measures: dict[str, Measure] = Field(min_length=1)
    ignored: dict[str, Text] = {}
    total_is_year: bool = False
    unused: Text | None = None

    @model_validator(mode="after")
    def _one_first_column(self) -> Self:
        if (self.dates is None) == (self.dimension is None):
            raise ValueError("a block has either 'dates' or a 'dimension'")
        if self.dimension is not None and self.grain != "year":
            raise ValueError("a block by dimension is of the whole period: its grain is 'year'")
        if self.dimension is not None and self.dimension not in TRAFFIC_DIMENSIONS:
            close = nearest(self.dimension, list(TRAFFIC_DIMENSIONS))
            raise ValueError(f"there is no dimension '{self.dimension}'{close}")
        names = [item.measure for item in self.measures.values()]
        if len(set(names)) < len(names):
            raise ValueError("two columns give the same measure")
        return self

    def expected(self) -> list[str]:
        """The columns that must stand in the block's header."""
        return [self.column, *self.measures]


class ReportFile(Closed):
    """A report of a web analytics service: a banner of comments, then blocks.

    `period` is how the banner writes the first and last day; `where` holds of every row.
    """

    name: Text
    encodings: list[Literal["utf-8", "windows-1252"]] = ["utf-8"]
    delimiter: Literal[";", ",", "\t"]
    comment: Text = "#"
    period: DateFormat
    numbers: Numbers
    where: dict[FieldName, str] = {}
    blocks: list[Block] = Field(min_length=1)

    @model_validator(mode="after")
    def _blocks_told_apart(self) -> Self:
        first = [block.column for block in self.blocks]
        if len(set(first)) < len(first):
            raise ValueError("two blocks begin with the same column")
        return self


class Layout(Closed):
    """The exports of one system: files of rows, and reports of web analytics, by a short name."""

    layout: Identifier
    about: Text
    files: dict[Identifier, RowFile] = {}
    reports: dict[Identifier, ReportFile] = {}

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.files and not self.reports:
            raise ValueError("a layout has 'files' or 'reports'")
        both = sorted(set(self.files) & set(self.reports))
        if both:
            raise ValueError(f"'{both[0]}' is a file and a report")
        return self


def load_layout(path: Path, root: Path | None = None) -> Layout:
    """Read one layout; `root` is the folder that messages show paths from.

    Raises:
        ParametersError: no such file, or one that the schema refuses.
    """
    return _layout(read_yaml(path, root))


def _layout(document: Document) -> Layout:
    layout, stem = validate(Layout, document), document.path.stem
    if layout.layout != stem:
        raise ParametersError(
            f"the file is named '{stem}' and says it is layout '{layout.layout}'",
            where=document.place(("layout",)),
        )
    return layout


def check_codes(path: Path, lists: Mapping[str, CodeList], root: Path | None = None) -> Layout:
    """Read one layout and hold its fields and codes against the code lists.

    Raises:
        ParametersError: with one line for each field or code that no list knows.
    """
    document = read_yaml(path, root)
    layout = _layout(document)
    complaints = [
        f"{document.place(place)}: {complaint}"
        for place, table, field, codes in _coded(layout)
        for complaint in _complaints(lists, table, field, codes)
    ]
    if complaints:
        raise ParametersError("\n".join(complaints))
    return layout


def _coded(layout: Layout) -> Iterator[tuple[KeyPath, str, str, list[str]]]:
    """Every place of a layout that names codes: where, of which table and field, which."""
    for file_id, file in layout.files.items():
        for table, part in file.tables.items():
            at: KeyPath = ("files", file_id, "tables", table)
            for name, column in part.columns.items():
                if column.kind == "coded":
                    blank = [] if column.blank is None else [column.blank]
                    codes = [*column.codes.values(), *blank]
                    yield (*at, "columns", name), table, column.field, codes
            for field, flags in part.flags.items():
                yield (*at, "flags", field), table, field, list(flags.columns.values())
    for report_id, report in layout.reports.items():
        for field, code in report.where.items():
            yield ("reports", report_id, "where", field), "traffic", field, [code]
        for index, block in enumerate(report.blocks):
            if block.dimension is not None:
                at = ("reports", report_id, "blocks", index)
                yield at, "traffic", block.dimension, list(block.codes.values())


def _complaints(
    lists: Mapping[str, CodeList], table: str, field: str, codes: list[str]
) -> Iterator[str]:
    known = [name for name, item in lists.items() if item.table == table]
    if field not in known:
        yield f"the table '{table}' has no field '{field}'{nearest(field, known)}"
        return
    order = lists[field].order
    for code in dict.fromkeys(codes):
        if code not in order and not lists[field].open:
            yield f"the field '{field}' has no code '{code}'{nearest(code, order)}"
