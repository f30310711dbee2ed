"""What a figure is: a number with its unit, population, numerator, denominator and reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from helpline_report.parameters.values import Period, rounded
from helpline_report.parameters.yaml import Closed

Value = int | float | str

Unit = Literal[
    "count",
    "percent",
    "percent change",
    "mean",
    "label",
    "month",
    "weekday",
    "rank",
    "flag",
    "ratio",
    "number",
]

Status = Literal["ok", "unavailable", "suppressed"]

Noun = Literal[
    "contacts", "persons", "followups", "users", "page_views", "sessions", "days", "rows"
]


class Condition(Closed):
    """One condition of a population: the field has one of these codes.

    `terms` are what the chapter wrote: codes and groups of codes, or in the form `between` the
    first and the last code, such as ("18", "25"), '' for no end. `codes` are the codes that they
    stand for, in the order of the code list. If it is `negated`, `terms` are excluded and `codes`
    are all others: a row with several codes has one of `codes`, and no excluded one.
    """

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    field: str
    codes: tuple[str, ...]
    # Ledgers are published with the key `given`.
    terms: tuple[str, ...] = Field(validation_alias="given", serialization_alias="given")
    form: Literal["codes", "between"] = "codes"
    negated: bool = False


class PopulationSpec(Closed):
    """What is counted, as data: a table, a period, conditions, and 'with at least one …'.

    `noun` is what the population counts; for traffic it is also the measure. `having` holds
    populations of a lower table: at least one of their rows hangs on the row that is counted.
    `without` is a window inside the period whose days are left out ('the days around it').
    """

    table: Literal["contacts", "persons", "followups", "traffic", "calendar", "files"]
    noun: Noun
    edition: str
    period: Period
    conditions: tuple[Condition, ...] = ()
    having: tuple[PopulationSpec, ...] = ()
    without: Period | None = None

    def condition(self, field: str) -> Condition | None:
        """The condition on `field`, if there is one."""
        return next((c for c in self.conditions if c.field == field), None)

    @property
    def fields(self) -> list[str]:
        """The fields of its conditions."""
        return [condition.field for condition in self.conditions]

    def days(self) -> list[dt.date]:
        """The days of the period, less those that are left out."""
        without = self.without
        days = self.period.each_day()
        return [day for day in days if without is None or not without.holds(day)]

    def list_nested(self) -> Iterator[PopulationSpec]:
        """This population, those in its `having`, those in theirs, and so on."""
        yield self
        for lower in self.having:
            yield from lower.list_nested()

    def all_contacts(self) -> PopulationSpec:
        """All contacts of its days."""
        update = {"table": "contacts", "noun": "contacts", "conditions": (), "having": ()}
        return self.model_copy(update=update)

    def update_each(self, change: Callable[[PopulationSpec], Mapping[str, Any]]) -> PopulationSpec:
        """The population with the updates of `change`, and so each population in its `having`."""
        having = tuple(lower.update_each(change) for lower in self.having)
        return self.model_copy(update={**change(self), "having": having})


# The decimals of a unit in prose, and how many the end of an interval has at most.
DECIMALS: Mapping[Unit, int] = {"percent": 0, "percent change": 1, "ratio": 2}
MOST_DECIMALS = 4


class Interval(Closed):
    """A confidence interval, in the unit of its figure; `method` names how it was made.

    `null_value` is what a comparison has without a difference: 1 for a ratio, 0 for a change.
    `dispersion` is φ of a comparison: how many times as much as Poisson counts the days vary.
    """

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    low: float
    high: float
    level: float = 0.95
    method: Literal[
        "wilson", "wilson_clustered", "exact_conditional", "log_normal", "log_normal_clustered"
    ]
    # Ledgers are published with the key `none`.
    null_value: float | None = Field(None, validation_alias="none", serialization_alias="none")
    dispersion: float | None = None

    @property
    def includes_null_value(self) -> bool:
        """Whether 'no difference' lies in the interval, by the most decimals of its ends."""
        low, high = self._written(self.low), self._written(self.high)
        return self.null_value is not None and low <= self.null_value <= high

    @property
    def supports_rise(self) -> bool:
        """Whether the interval lies above 'no difference', by the same decimals."""
        return self.null_value is not None and self._written(self.low) > self.null_value

    def _written(self, end: float) -> float:
        return float(rounded(end, MOST_DECIMALS))

    def count_decimals(self, end: float, decimals: int) -> int:
        """`decimals`, or more until an end isn't shown as 1 or 0, or as the other end: '0,996'."""
        low, high = rounded(self.low, decimals), rounded(self.high, decimals)
        is_vague = low == high or rounded(end, decimals) == self.null_value
        if not is_vague or decimals == MOST_DECIMALS:
            return decimals
        return self.count_decimals(end, decimals + 1)


class Exposure(Closed):
    """How long each side of a rate was observed, or what a mean is divided by.

    `own` is that of the figure's population, `other` that of what it is compared with. With the
    unit `rest_of_year` it is how many rows each side would have if its open days were as busy as
    those of the rest of its year.
    """

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    unit: str
    # Ledgers are published with the keys `of` and `against`.
    own: float = Field(validation_alias="of", serialization_alias="of")
    other: float | None = Field(None, validation_alias="against", serialization_alias="against")


class Reason(Closed):
    """Why a figure has no value: a code, and what it is about (a field, a break)."""

    code: Literal[
        "no_source",
        "no_field",
        "no_chapter",
        "no_comparison",
        "no_rows",
        "not_registered",
        "zero_denominator",
        "not_in_source",
        "not_released",
        "not_approved",
        "break",
        "no_window",
        "protected",
        "merged",
    ]
    about: str = ""


class Figure(Closed):
    """A named number that can answer for itself.

    `population` is what the numerator counts; `of` is the denominator's population (a share), or
    the population it is compared with (`change`, `ratio`, `flag`).

    A ranking is made over the field `by`, of the codes in `among` if there are any. `code` is the
    code that a figure of it is about, and `tied` are the others with as many rows. `place` is the
    rank of a `top`: 1 is the largest or, with `lowest`, the smallest. A `flag` is 1 or 0: whether
    both years have the same codes on top, `place` of them, or without `by` whether a rise is
    supported.

    A figure of the kind `own` is a number that the chapter's own code made of the population; `how`
    says what it is, in the words of its author.
    """

    id: str
    kind: Literal[
        "count", "share", "change", "mean", "maximum", "top", "rank", "flag", "rate_ratio", "own"
    ]
    unit: Unit
    value: Value | None
    status: Status = "ok"
    reason: Reason | None = None
    population: PopulationSpec
    of: PopulationSpec | None = None
    numerator: float | None = None
    denominator: float | None = None
    interval: Interval | None = None
    exposure: Exposure | None = None
    by: tuple[str, ...] = ()
    code: str | None = None
    place: int | None = None
    lowest: bool = False
    among: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    how: str = ""

    @model_validator(mode="after")
    def _empty_with_reason(self) -> Figure:
        if (self.value is None) == (self.status == "ok"):
            raise ValueError(f"{self.id}: a figure has a value, or a status that says why not")
        if self.status != "ok" and self.reason is None:
            raise ValueError(f"{self.id}: no reason")
        return self

    @property
    def number(self) -> float:
        """The value as a number.

        Raises:
            ValueError: it has none, or is a label.
        """
        if self.value is None or isinstance(self.value, str):
            raise ValueError(f"{self.id} is no number")
        return float(self.value)


def is_protected(figure: Figure | None) -> bool:
    """Whether a figure isn't shown since it would say something of few people."""
    return figure is not None and figure.reason is not None and figure.reason.code == "protected"


class Member(Closed):
    """A code of each field of a breakdown, and the figure that stands for them."""

    codes: tuple[str, ...]
    figure: str


BreakdownKind = Literal["count", "share", "change", "mean", "maximum", "rank"]


class Breakdown(Closed):
    """Figures of one population by the codes of one field (a series) or of two (a cross-table).

    They stand in the order of the codes, those of the first field first. `kind` is that of the
    figures; cross-tables are of counts. In an `overlapping` series a row can count under several
    codes. An `open` one has an open code list: a year has the codes of its own rows. `reason` says
    why there are no codes: no source gives the field, or there is no year to compare with.
    """

    id: str
    by: tuple[str, ...]
    unit: Unit = "count"
    members: tuple[Member, ...]
    population: PopulationSpec
    of: PopulationSpec | None = None
    kind: BreakdownKind = "count"
    overlapping: bool = False
    open: bool = False
    reason: Reason | None = None

    @property
    def is_crossed(self) -> bool:
        """Whether it is a cross-table."""
        return len(self.by) > 1

    @property
    def adds_up(self) -> bool:
        """Whether its figures are counts of a series, of which each row has one code."""
        return self.kind == "count" and not self.overlapping and not self.is_crossed


def make_previous_name(name: str) -> str:
    """The name of the same series in the comparison year: `contacts.previous.by_month`."""
    parts = name.split(".")
    place = next((at for at, part in enumerate(parts) if part.startswith("by_")), len(parts))
    return ".".join([*parts[:place], "previous", *parts[place:]])


class Mark(Closed):
    """A window or a day of the parameters that a chart marks: a campaign or an event, by id."""

    kind: Literal["campaign", "event"]
    id: str


class Chart(Closed):
    """A chart of the edition: which breakdown, drawn how. It holds no numbers.

    `columns`: upright, in the order of the codes (months), `against` behind in grey.
    `bars`: lying, ranked. `heatmap`: a cross-table. `daily`, `weeks`: a stroke a day or a week,
    with marks. `lines`: a line over the codes, and one of `against`.
    `intervals`: figures with their intervals around 'no difference'. `changes`: the same, of a
    series of changes, a code a line. `flow`: a series, from the whole by way of groups of codes to
    each code; `figures` are the whole and the groups. `own`: by `function` of a module in the
    folder of notebooks (`plots.lines`). Its table has the series of `beside` too.
    `trend`: the printed totals of the noun that its id ends with (`trend.contacts`).
    """

    id: str
    kind: Literal[
        "columns",
        "bars",
        "heatmap",
        "daily",
        "weeks",
        "lines",
        "intervals",
        "changes",
        "flow",
        "own",
        "trend",
    ]
    function: str = ""
    breakdown: str | None = None
    against: str | None = None
    figures: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    most: int | None = None

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """The breakdowns in its table."""
        return tuple(name for name in (self.breakdown, self.against, *self.beside) if name)


class ReportTable(Closed):
    """A table of the edition: series side by side over one field, a cross-table, or figures.

    It shows at most `most` rows.
    """

    id: str
    breakdowns: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    most: int | None = None


Exhibit = Chart | ReportTable
Key = tuple[object, ...]


def make_key(spec: PopulationSpec) -> Key:
    """What a population counts and when, whatever words were used for its codes."""
    having = frozenset(make_key(lower) for lower in spec.having)
    return (*_what(spec), having, spec.edition, spec.period, spec.without)


def make_undated_key(spec: PopulationSpec) -> Key:
    """What a population counts, whatever its edition and its period."""
    return (*_what(spec), frozenset(make_undated_key(lower) for lower in spec.having))


def _what(spec: PopulationSpec) -> Key:
    conditions = ((each.field, frozenset(each.codes), each.negated) for each in spec.conditions)
    return (spec.table, spec.noun, frozenset(conditions))
