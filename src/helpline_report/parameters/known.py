"""What somebody knows about the exports: faults that are known, and totals seen elsewhere."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from helpline_report.parameters.values import Text, Translated
from helpline_report.parameters.yaml import Closed

FaultCode = Annotated[str, Field(pattern=r"^B\d\d$")]


class Acknowledged(Closed):
    """A fault that stops a run unless it is known: which, in which file, in how many rows at most.

    `fault` is a code of `docs/faults.md`, or the name of something odd about the year
    (`silent_month`, `silent_code`, `empty_column`, `tenfold`); `about` says which month, code or
    column. More rows than `rows` stop the run again.
    """

    fault: FaultCode | Literal["silent_month", "silent_code", "empty_column", "tenfold"]
    file: Text | None = None
    about: Text | None = None
    rows: Annotated[int, Field(ge=1)] | None = None
    reason: Translated

    @model_validator(mode="after")
    def _reason_written(self) -> Self:
        """A line is pasted from a message; what stands there for the reason is none."""
        if "…" in (self.reason.nl.strip(), self.reason.en.strip()):
            raise ValueError("reason: say why in words, in place of '…'")
        return self


class ControlTotal(Closed):
    """A total that the registration system shows on its screen, and who saw it when.

    Of a `table` (perhaps only rows `where` fields have codes, or of one `month`), or of the rows
    of a `file`.
    """

    table: Literal["contacts", "persons", "followups"] | None = None
    file: Text | None = None
    where: dict[str, str | list[str]] = {}
    month: Annotated[str, Field(pattern=r"^\d{4}-\d\d$")] | None = None
    rows: Annotated[int, Field(ge=0)]
    seen: dt.date | None = None

    @model_validator(mode="after")
    def _of_one_thing(self) -> Self:
        if (self.table is None) == (self.file is None):
            raise ValueError("a control total is of a 'table' or of a 'file'")
        if self.file is not None and (self.where or self.month):
            raise ValueError("of a 'file' all rows count: 'where' and 'month' go with a 'table'")
        return self
