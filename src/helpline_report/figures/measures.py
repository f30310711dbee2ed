"""Figures made of populations: counts, shares, means and maxima, and numbers of one's own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np

from helpline_report.errors import PopulationError
from helpline_report.figures import counting, intervals, traffic
from helpline_report.figures.counting import Clusters, clusters
from helpline_report.figures.model import Exposure, Figure, Interval, PopulationSpec, Reason, Unit
from helpline_report.figures.population import Population, describe
from helpline_report.figures.register import DERIVED, Register
from helpline_report.figures.released import NOT_RELEASED


@dataclass(frozen=True)
class Sized:
    """How much a population holds, or why that can't be said; and the rows of each contact."""

    number: int
    absent: Reason | None = None
    clusters: Clusters | None = None


def size(population: Population) -> tuple[int, Reason | None]:
    """How many rows (or users, page views) a population holds, or why it can't be counted."""
    absent = why_uncounted(population)
    if absent:
        return 0, absent
    if population.register.released is not None:
        return population.register.released.size(population.spec)
    if population.spec.table == "traffic":
        return traffic.weight(population)
    return int(np.count_nonzero(counting.mask(population))), None


def sized(population: Population) -> Sized:
    """The same, with the rows of each contact where the rows come in contacts."""
    if not clustered(population):
        return Sized(*size(population))
    absent = why_uncounted(population)
    if absent:
        return Sized(0, absent)
    by_contact = clusters(population)
    return Sized(by_contact.rows, None, by_contact)


def comes_in_contacts(population: Population) -> bool:
    """Whether the rows are persons or follow-ups of whose contacts nothing is known any more.

    Counts of a released ledger are such: an interval that takes them for independent would be too
    narrow, so they have none.
    """
    gone = population.register.released is not None
    return gone and population.spec.table in ("persons", "followups")


def clustered(population: Population) -> bool:
    """Whether the rows are persons or follow-ups that hang on contacts."""
    with_contacts = population.register.table("contacts") is not None
    return with_contacts and population.spec.table in ("persons", "followups")


def why_uncounted(population: Population) -> Reason | None:
    """Why a population can't be counted: no source, no field, or codes that weren't registered."""
    if population.absent or population.spec.table == "traffic":
        return population.absent
    return _not_registered(population.register, population.spec)


def _not_registered(register: Register, spec: PopulationSpec) -> Reason | None:
    """A condition, at any depth, none of whose codes existed in the period."""
    for condition in spec.conditions:
        if not any(exists(register, spec, condition.field, code) for code in condition.codes):
            return Reason(code="not_registered", about=condition.field)
    reasons = (_not_registered(register, lower) for lower in spec.having)
    return next((reason for reason in reasons if reason), None)


def exists(register: Register, spec: PopulationSpec, field: str, code: str) -> bool:
    """Whether a code of a field exists on some day of the period, and the source can say it."""
    if field in DERIVED:
        return code in (register.codes(field) or [])
    table = register.table(spec.table)
    owner = table.owner(field) if table else None
    if owner is not None and field in owner.codes and code not in owner.codes[field]:
        return False
    item = register.codelists[field].by_code.get(code)
    if item is None:
        return register.codelists[field].open
    return (item.start is None or item.start <= spec.period.end) and (
        item.until is None or item.until >= spec.period.start
    )


OPEN_DAY = "open_day"
CALENDAR_DAY = "calendar_day"


def count(name: str, population: Population) -> Figure:
    """How many. What a register counts is exact; it has no interval."""
    number, absent = size(population)
    if absent:
        return unavailable(name, population, absent, kind="count", unit="count")
    return count_of(name, population.spec, number)


def count_of(name: str, spec: PopulationSpec, number: int, **facts: Any) -> Figure:
    """A count that is known."""
    facts |= {"kind": "count", "unit": "count", "value": number, "numerator": number}
    return Figure(id=name, population=spec, **facts)


def share(name: str, part: Population, whole: Population) -> Figure:
    """A part of a whole, in percent, with Wilson's interval.

    The rows of persons and follow-ups come in contacts, and the interval is clustered by contact;
    users and page views have none.

    Raises:
        PopulationError: the part is no part of the whole.
    """
    refuse_other_rows(name, part, whole)
    return share_of(name, part, whole, sized(part), sized(whole))


def refuse_other_rows(name: str, part: Population, whole: Population) -> None:
    """Refuse a part whose rows aren't, by its conditions, rows of the whole.

    Raises:
        PopulationError: they aren't.
    """
    if not part.is_part_of(whole):
        raise PopulationError(
            f"'{name}': {describe(part.spec)} is no part of {describe(whole.spec)}",
            next_step="a share is one of rows of the same table, period and conditions",
        )


def share_of(
    name: str, part: Population, whole: Population, hits: Sized, trials: Sized, **facts: Any
) -> Figure:
    """A part of a whole whose sizes are known."""
    facts |= {"kind": "share", "unit": "percent", "of": whole.spec}
    empty = None if trials.number else Reason(code="zero_denominator")
    reason = hits.absent or trials.absent or empty
    if reason:
        return unavailable(name, part, reason, **facts)
    return Figure(
        id=name,
        value=100 * hits.number / trials.number,
        population=part.spec,
        numerator=hits.number,
        denominator=trials.number,
        interval=_share_interval(part, whole, hits, trials),
        **facts,
    )


def _share_interval(
    part: Population, whole: Population, hits: Sized, trials: Sized
) -> Interval | None:
    if part.spec.table == "traffic":
        return None
    if comes_in_contacts(part):
        released = part.register.released
        return released.share_interval(part.spec, whole.spec) if released else None
    if hits.clusters is None or trials.clusters is None:
        return intervals.share_interval(hits.number, trials.number)
    return intervals.clustered_share_interval(hits.clusters, trials.clusters)


def observed(population: Population, exposure: str) -> int:
    """The days on which a population was observed: open days or calendar days.

    Raises:
        PopulationError: another exposure.
    """
    period, without = population.spec.period, population.spec.without
    days = [day for day in period.each_day() if without is None or not without.holds(day)]
    if exposure == CALENDAR_DAY:
        return len(days)
    if exposure == OPEN_DAY:
        return sum(map(population.register.edition.calendar.is_open, days))
    raise PopulationError(f"there is no exposure '{exposure}'; there are: open_day, calendar_day")


def mean(name: str, population: Population, per: Sequence[str]) -> Figure:
    """A count divided by months, open days, calendar days or helplines (or several of these).

    Per contact it is divided by the contacts that have such a row.

    Raises:
        PopulationError: an unknown divisor.
    """
    divisor = math.prod(_divisor(population, unit) for unit in per)
    facts: dict[str, Any] = {"kind": "mean", "unit": "mean"}
    facts["exposure"] = Exposure(unit=" × ".join(per), of=divisor)
    number, absent = size(population)
    reason = absent or (None if divisor else Reason(code="zero_denominator"))
    if reason:
        return unavailable(name, population, reason, **facts)
    return Figure(
        id=name,
        value=number / divisor,
        population=population.spec,
        numerator=number,
        denominator=divisor,
        **facts,
    )


def _divisor(population: Population, unit: str) -> int:
    edition, period = population.register.edition, population.spec.period
    match unit:
        case "month":
            return period.months
        case "helpline":
            return len(edition.helpline.lines)
        case "open_day" | "calendar_day":
            return observed(population, unit)
        case "contact":
            by_contact = sized(population).clusters
            return by_contact.number if by_contact else 0
    raise PopulationError(
        f"there is no mean per '{unit}'; there are: month, open_day, calendar_day, helpline, "
        "contact"
    )


def maximum(name: str, population: Population, by: Sequence[str]) -> Figure:
    """The most rows that any combination of codes holds: the busiest helpline and day.

    Raises:
        PopulationError: a field of another table, or a population that isn't counted by rows.
    """
    refuse_weights(name, population)
    for field in by:
        population.refuse_foreign(field)
    facts: dict[str, Any] = {"kind": "maximum", "unit": "count", "by": tuple(by)}
    reason = why_uncounted(population) or next(
        (
            Reason(code="no_field", about=field)
            for field in by
            if not population.register.gives(population.spec.table, field)
        ),
        None,
    )
    if reason:
        return unavailable(name, population, reason, **facts)
    if population.register.released is not None:
        figure = population.register.released.maximum(population.spec, tuple(by))
        if figure is None:
            return unavailable(name, population, NOT_RELEASED, **facts)
        return figure.model_copy(update={"id": name, "population": population.spec, "code": None})
    tally = counting.cross_counts(population, by)
    most = max(tally.values(), default=0)
    return Figure(id=name, value=most, population=population.spec, numerator=most, **facts)


def refuse_weights(name: str, population: Population) -> None:
    """Refuse traffic where single rows are counted.

    Raises:
        PopulationError: the population's rows are totals of a source.
    """
    if population.spec.table == "traffic":
        raise PopulationError(
            f"'{name}': {population.noun} aren't counted one by one, and can't be crossed",
            next_step=f"break them down by one field: chapter.counts(…, {population.noun}, by=…)",
        )


def open_days(name: str, population: Population) -> Figure:
    """The number of days of the population's period on which the helpline was open."""
    number = observed(population, OPEN_DAY)
    spec = population.spec.model_copy(
        update={"table": "calendar", "noun": "days", "conditions": (), "having": ()}
    )
    return count_of(name, spec, number)


def own_figure(name: str, value: object, population: Population, unit: Unit, how: str) -> Figure:
    """A number that a chapter's own code made of a population.

    Raises:
        PopulationError: it is no finite number, not whole where a count is due, or not explained.
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        raise PopulationError(
            f"the value of '{name}' is of the type {type(value).__name__}, and not a number",
            next_step="give one number: a mean() or median() of a column, or float(…) of a result",
        )
    if not math.isfinite(value):
        raise PopulationError(
            f"the value of '{name}' is {'no number (NaN)' if math.isnan(value) else 'infinite'}",
            next_step="see that there are rows to compute it of, and what divides by 0",
        )
    if not how.strip():
        raise PopulationError(
            f"'{name}' doesn't say what it is",
            next_step="say it in a phrase for the reader: how='mediaan van de leeftijd'",
        )
    whole = float(value).is_integer()
    if unit == "count" and not whole:
        raise PopulationError(
            f"'{name}' is a count, and its value isn't whole",
            next_step="give another unit: 'mean', 'number', 'ratio', 'percent'",
        )
    facts: dict[str, Any] = {"kind": "own", "unit": unit, "how": how.strip()}
    if population.absent:
        return unavailable(name, population, population.absent, **facts)
    number = int(value) if whole and isinstance(value, Integral) else float(value)
    return Figure(id=name, value=number, population=population.spec, **facts)


def unavailable(name: str, population: Population, reason: Reason, **facts: Any) -> Figure:
    """A figure without a value, and why."""
    return Figure(
        id=name,
        value=None,
        status="unavailable",
        reason=reason,
        population=population.spec,
        **facts,
    )
