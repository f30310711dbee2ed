"""When the helpline is open."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from pydantic import Field, model_validator

from helpline_report.parameters.values import Period, Translated
from helpline_report.parameters.yaml import Closed


class ClosedDay(Closed):
    """A day on which the helpline was closed, and why."""

    date: dt.date
    reason: Translated


class Calendar(Closed):
    """When the helpline is open: named weekdays less named closing days."""

    working_days: list[Annotated[int, Field(ge=1, le=7)]] = Field(min_length=1)
    closed: list[ClosedDay] = []

    @model_validator(mode="after")
    def _days_once(self) -> Self:
        days = [item.date for item in self.closed]
        twice = sorted({day for day in days if days.count(day) > 1})
        if twice:
            raise ValueError(f"the closing day {twice[0]} stands twice")
        return self

    def is_open(self, day: dt.date) -> bool:
        """Whether the helpline was open on `day`."""
        return day.isoweekday() in self.working_days and all(c.date != day for c in self.closed)

    def open_days(self, period: Period) -> int:
        """The number of days of `period` on which the helpline was open."""
        return sum(self.is_open(day) for day in period.each_day())
