"""A ledger with a series of each sort, and plain words for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import (
    Chart,
    Condition,
    Crosstab,
    CrosstabCell,
    Figure,
    Interval,
    Mark,
    Member,
    PopulationSpec,
    Reason,
    Series,
)
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Campaign
from helpline_report.parameters.values import Period

CAMPAIGN = Campaign.model_validate(
    {
        "id": "spring",
        "name": {"nl": "lentecampagne", "en": "spring campaign"},
        "goal": {"nl": "doel", "en": "goal"},
        "means": {"nl": "middelen", "en": "means"},
        "start": dt.date(2017, 5, 1),
        "end": dt.date(2017, 5, 31),
    }
)


@dataclass(frozen=True)
class Labels:
    """A writer to whom codes are their own labels."""

    edition: Any = field(default_factory=lambda: SimpleNamespace(campaigns=[CAMPAIGN], events=[]))
    codelists: dict[str, CodeList] = field(default_factory=dict)
    language: str = "nl"
    ledger: Any = None
    idiom: Any = field(default_factory=lambda: SimpleNamespace(locale="nl_BE"))

    def label(self, _field: str, code: str) -> str:
        """The code itself."""
        return code

    def shown(self, figure: Figure, /) -> str:
        """The value itself."""
        return "niets" if figure.value is None else str(figure.value).replace(".", ",")

    def definition(self, figure: Figure, /) -> str:
        """The figure by its name."""
        return f"cijfer {figure.id}"

    def caption(self, shown: Series | Crosstab) -> str:
        """The series by its name."""
        return f"opschrift {shown.id}"

    def period(self, period: Period) -> str:
        """The year."""
        return str(period.start.year)


def population(year: int = 2017) -> PopulationSpec:
    period = Period(start=dt.date(year, 1, 1), end=dt.date(year, 12, 31))
    return PopulationSpec(table="contacts", noun="contacts", edition=str(year), period=period)


def figure(name: str, value: float | None, **more: Any) -> Figure:
    values: dict[str, Any] = {"kind": "count", "unit": "count", "population": population()}
    if value is None:
        values |= {"status": "unavailable", "reason": Reason(code="not_registered", about="x")}
    return Figure(id=name, value=value, **values | more)


class Maker:
    """Puts a ledger together."""

    def __init__(self) -> None:
        self.figures: dict[str, Figure] = {}
        self.series: dict[str, Series] = {}
        self.crosstabs: dict[str, Crosstab] = {}

    def by(self, name: str, by: str, values: dict[str, float | None], year: int = 2017) -> None:
        """A series."""
        for code, value in values.items():
            self.figures[f"{name}.{code}"] = figure(f"{name}.{code}", value)
        members = tuple(Member(code=code, figure=f"{name}.{code}") for code in values)
        self.series[name] = Series(
            id=name, by=by, unit="count", members=members, population=population(year)
        )

    def tab(self, name: str, values: dict[tuple[str, str], float | None]) -> None:
        """A cross-table."""
        cells = []
        for (row, column), value in values.items():
            one = f"{name}.{row}.{column}"
            self.figures[one] = figure(one, value)
            cells.append(CrosstabCell(row=row, column=column, figure=one))
        self.crosstabs[name] = Crosstab(
            id=name, rows="weekday", columns="hour", cells=tuple(cells), population=population()
        )

    def changes(self, name: str, intervals: dict[str, tuple[float, float] | None]) -> None:
        """Changes of 10 % by code, from 100 to 110, with these intervals; None has no value."""
        self.by(
            name, "kind", {code: None if ends is None else 10 for code, ends in intervals.items()}
        )
        update = {"kind": "change", "unit": "percent change"}
        self.series[name] = self.series[name].model_copy(update=update)
        for code, ends in intervals.items():
            if ends is not None:
                method = "log_normal_clustered"
                interval = Interval(low=ends[0], high=ends[1], none=0, method=method)
                update = {"interval": interval, "numerator": 110.0, "denominator": 100.0}
                one = f"{name}.{code}"
                update |= {"kind": "change"}
                self.figures[one] = self.figures[one].model_copy(update=update)

    def flow(
        self, name: str, values: dict[str, float | None], *, sent: float | None, whole: float | None
    ) -> None:
        """A series, its whole, and the group of the codes that begin with 'sent'."""
        self.by(name, "kind", values)
        everything = population()
        codes = tuple(code for code in values if code.startswith("sent"))
        group = Condition(field="kind", codes=codes, given=("sent",))
        narrow = everything.model_copy(update={"conditions": (group,)})
        hidden = {"status": "suppressed", "reason": Reason(code="protected")}
        for one, value, of in (("whole", whole, everything), ("all_sent", sent, narrow)):
            more = {"population": of} | (hidden if value is None else {})
            self.figures[f"{name}.{one}"] = figure(f"{name}.{one}", value, **more)

    def ledger(self) -> Ledger:
        """What was put together."""
        return Ledger(
            edition="2017", figures=self.figures, series=self.series, crosstabs=self.crosstabs
        )


@pytest.fixture
def labels() -> Labels:
    return Labels()


@pytest.fixture
def make() -> Maker:
    return Maker()


SPRING = Mark(kind="campaign", id="spring")


def ratio(name: str, value: float, low: float, high: float) -> Figure:
    interval = Interval(low=low, high=high, method="exact_conditional", none=1)
    return figure(name, value, kind="rate_ratio", unit="ratio", interval=interval)


def every_kind_of_chart() -> tuple[Ledger, list[Chart]]:
    """A ledger and a chart of each kind."""
    make = Maker()
    make.by("m", "month", {f"{month:02d}": 100 + 7 * month for month in range(1, 13)})
    make.by("before", "month", {f"{month:02d}": 190 - 5 * month for month in range(1, 13)}, 2016)
    make.by("c", "channel", {"phone": 80, "email": 15, "chat": None})
    days = [dt.date(2017, 1, 1) + dt.timedelta(days=at) for at in range(365)]
    make.by("d", "date", {day.isoformat(): day.day for day in days})
    make.by("w", "week", {f"2017-W{week:02d}": 30 - week for week in range(1, 27)})
    make.tab("t", {(str(row), str(hour)): row * hour for row in range(1, 6) for hour in (9, 10)})
    make.figures["r"] = ratio("r", 1.3, 0.8, 2.18)
    make.changes("s", {"a": (2, 18), "b": (-3, 19)})
    make.flow("f", {"told": 5, "sent.a": 1, "sent.b": 3, "left": 2}, sent=4, whole=11)
    charts = [
        Chart(id="months", kind="columns", series="m", against="before"),
        Chart(id="ranked", kind="bars", series="m", against="before"),
        Chart(id="channels", kind="bars", series="c"),
        Chart(id="days", kind="daily", series="d", marks=(SPRING,)),
        Chart(id="per_week", kind="weeks", series="w", marks=(SPRING,)),
        Chart(id="years", kind="lines", series="m", against="before"),
        Chart(id="hours", kind="heatmap", crosstab="t"),
        Chart(id="ratios", kind="intervals", figures=("r",)),
        Chart(id="rises", kind="changes", series="s"),
        Chart(id="sent", kind="flow", series="f", figures=("f.whole", "f.all_sent")),
    ]
    return make.ledger(), charts
