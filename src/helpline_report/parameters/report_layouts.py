"""Layouts of web analytics reports: what their blocks measure, of what and for when."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from helpline_report.errors import nearest
from helpline_report.parameters.values import Text
from helpline_report.parameters.written import DateFormat, FieldName, Numbers
from helpline_report.parameters.yaml import Closed

MeasureName = Literal["users", "page_views", "sessions"]
Grain = Literal["year", "month", "day"]

TRAFFIC_DIMENSIONS = ("site", "device", "traffic_channel", "referrer", "user_gender")


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
        added_up = any(m.measure == "users" and m.total == "sum" for m in self.measures.values())
        if self.total_is_year and added_up:
            raise ValueError(
                "users don't add up to those of the year, since who comes back counts once: their "
                "total is 'distinct'"
            )
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
