"""A ledger with a series of each sort, and a chart of each kind."""

import datetime as dt
from typing import Any

import pytest

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import (
    Chart,
    Condition,
    Interval,
    Mark,
    Reason,
)
from tests.report.small_publication import Maker

SPRING = Mark(kind="campaign", id="spring")


class ChartMaker(Maker):
    """Puts a ledger together."""

    def changes(self, name: str, intervals: dict[str, tuple[float, float] | None]) -> None:
        """Changes of 10 % by code, from 100 to 110, with these intervals; None has no value."""
        self.by(name, "kind", dict.fromkeys(intervals, None))
        facts: dict[str, Any] = {"kind": "change", "unit": "percent change"}
        self.breakdowns[name] = self.breakdowns[name].model_copy(update=facts)
        facts |= {"numerator": 110.0, "denominator": 100.0, "of": self.population(2016)}
        for code, ends in intervals.items():
            if ends is not None:
                low, high = ends
                interval = Interval(low=low, high=high, null_value=0, method="log_normal_clustered")
                self.figure(f"{name}.{code}", 10, interval=interval, **facts)

    def flow(
        self, name: str, values: dict[str, float | None], *, sent: float | None, whole: float | None
    ) -> None:
        """A series, its whole, and the group of the codes that begin with 'sent'."""
        self.by(name, "kind", values)
        codes = tuple(code for code in values if code.startswith("sent"))
        group = Condition(field="kind", codes=codes, terms=("sent",))
        narrow = self.population().model_copy(update={"conditions": (group,)})
        hidden = {"status": "suppressed", "reason": Reason(code="protected")}
        for one, value, of in (("whole", whole, self.population()), ("all_sent", sent, narrow)):
            more: dict[str, Any] = {"population": of, **(hidden if value is None else {})}
            self.figure(f"{name}.{one}", value, **more)

    def hide(self, name: str) -> None:
        """Hide a count: its value is small, or protects a small one."""
        hidden = {"value": None, "status": "suppressed", "reason": Reason(code="protected")}
        self.figures[name] = self.figures[name].model_copy(update=hidden)

    def ledger(self) -> Ledger:
        return Ledger(edition="2017", figures=self.figures, breakdowns=self.breakdowns)


@pytest.fixture
def make() -> ChartMaker:
    return ChartMaker()


def every_kind_of_chart() -> tuple[Ledger, list[Chart]]:
    """A ledger and a chart of each kind."""
    make = ChartMaker()
    make.by("m", "month", {f"{month:02d}": 100 + 7 * month for month in range(1, 13)})
    make.by("before", "month", {f"{month:02d}": 190 - 5 * month for month in range(1, 13)}, 2016)
    make.by("c", "channel", {"phone": 80, "email": 15, "chat": None})
    days = [dt.date(2017, 1, 1) + dt.timedelta(days=at) for at in range(365)]
    make.by("d", "date", {day.isoformat(): day.day for day in days})
    weeks = [dt.date(2017, 1, 2) + dt.timedelta(days=7 * at) for at in range(26)]
    make.by("w", "week", {week.isoformat(): 30 - at for at, week in enumerate(weeks)})
    make.tab("t", {(str(row), str(hour)): row * hour for row in range(1, 6) for hour in (9, 10)})
    interval = Interval(low=0.8, high=2.18, method="exact_conditional", null_value=1)
    of = make.population(2016)
    make.figure("r", 1.3, kind="rate_ratio", unit="ratio", interval=interval, of=of)
    make.changes("s", {"a": (2, 18), "b": (-3, 19)})
    make.flow("f", {"told": 5, "sent.a": 1, "sent.b": 3, "left": 2}, sent=4, whole=11)
    charts = [
        Chart(id="months", kind="columns", breakdown="m", against="before"),
        Chart(id="ranked", kind="bars", breakdown="m", against="before"),
        Chart(id="channels", kind="bars", breakdown="c"),
        Chart(id="days", kind="daily", breakdown="d", marks=(SPRING,)),
        Chart(id="per_week", kind="weeks", breakdown="w", marks=(SPRING,)),
        Chart(id="years", kind="lines", breakdown="m", against="before"),
        Chart(id="hours", kind="heatmap", breakdown="t"),
        Chart(id="ratios", kind="intervals", figures=("r",)),
        Chart(id="rises", kind="changes", breakdown="s"),
        Chart(id="sent", kind="flow", breakdown="f", figures=("f.whole", "f.all_sent")),
    ]
    return make.ledger(), charts
