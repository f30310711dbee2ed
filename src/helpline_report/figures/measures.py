"""Figures made of populations: counts, shares, changes, means, maxima and rate ratios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from helpline_report.errors import PopulationError
from helpline_report.figures import counting, intervals, traffic
from helpline_report.figures.comparison import crossed_breaks, revisions
from helpline_report.figures.model import Exposure, Figure, Interval, Reason
from helpline_report.figures.population import Population, describe
from helpline_report.params.edition import Period

MONTHS = "month"
OPEN_DAY = "open_day"
CALENDAR_DAY = "calendar_day"
HELPLINE = "helpline"


def size(population: Population) -> tuple[int, Reason | None]:
    """How many rows (or users, page views) a population holds, or why it can't be counted."""
    if population.absent:
        return 0, population.absent
    if population.spec.table == "traffic":
        return traffic.weight(population)
    not_yet = _not_registered(population)
    if not_yet:
        return 0, not_yet
    return int(np.count_nonzero(counting.mask(population))), None


def _not_registered(population: Population) -> Reason | None:
    """A condition none of whose codes existed in the period: not registered, which is not 0."""
    for condition in population.spec.conditions:
        codelist = population.register.codelists.get(condition.field)
        if codelist is None or not condition.codes:
            continue
        if not any(exists(population, condition.field, code) for code in condition.codes):
            return Reason(code="not_registered", about=condition.field)
    return None


def exists(population: Population, field: str, code: str) -> bool:
    """Whether a code of a field exists on some day of the period, and the source can say it."""
    if not _can_be_said(population, field, code):
        return False
    codelist = population.register.codelists.get(field)
    item = codelist.by_code.get(code) if codelist else None
    if item is None:
        return True
    period = population.spec.period
    return (item.start is None or item.start <= period.end) and (
        item.until is None or item.until >= period.start
    )


def _can_be_said(population: Population, field: str, code: str) -> bool:
    table = population.register.table(population.spec.table)
    owner = table.owner(field) if table else None
    return owner is None or field not in owner.codes or code in owner.codes[field]


def count(name: str, population: Population, *, breaks: Sequence[str] = ()) -> Figure:
    """How many. What a register counts is exact; it has no interval."""
    number, absent = size(population)
    made: dict[str, Any] = {"kind": "count", "unit": "count", "breaks": tuple(breaks)}
    if absent:
        return unavailable(name, population, absent, **made)
    return Figure(id=name, value=number, population=population.spec, numerator=number, **made)


def share(name: str, part: Population, whole: Population) -> Figure:
    """A part of a whole, in percent, with Wilson's interval.

    The rows of persons and follow-ups come in contacts, and the interval is clustered by contact;
    users and page views have none.

    Raises:
        PopulationError: the part is no part of the whole.
    """
    if not part.is_part_of(whole):
        raise PopulationError(
            f"'{name}': {describe(part.spec)} is no part of {describe(whole.spec)}",
            next_step="a share is one of rows of the same table, period and conditions",
        )
    hits, absent = size(part)
    trials, absent_whole = size(whole)
    made: dict[str, Any] = {"kind": "share", "unit": "percent", "of": whole.spec}
    reason = absent or absent_whole or (None if trials else Reason(code="zero_denominator"))
    if reason:
        return unavailable(name, part, reason, **made)
    return Figure(
        id=name,
        value=100 * hits / trials,
        population=part.spec,
        numerator=hits,
        denominator=trials,
        interval=_share_interval(part, whole, hits, trials),
        **made,
    )


def _share_interval(part: Population, whole: Population, hits: int, trials: int) -> Interval | None:
    match part.spec.table:
        case "traffic":
            return None
        case "contacts":
            return intervals.share_interval(hits, trials)
    if part.register.table("contacts") is None:
        return intervals.share_interval(hits, trials)
    return intervals.clustered_share_interval(counting.clusters(part), counting.clusters(whole))


def change(name: str, now: Population, then: Population) -> Figure:
    """The change of a count against the comparison year, in percent.

    The interval says what the two counts support of a change in the world; page views and users
    have none.

    Raises:
        PopulationError: the two periods aren't equally long: a rate ratio is due.
    """
    made: dict[str, Any] = {"kind": "change", "unit": "percent change", "of": then.spec}
    made["breaks"] = _noted(now)
    number, absent = size(now)
    before, absent_then = size(then)
    reason = absent or absent_then or (None if before else Reason(code="zero_denominator"))
    if reason:
        return unavailable(name, now, reason, **made)
    if not _equally_long(now, then):
        raise PopulationError(
            f"'{name}': {now.spec.period.days} days against {then.spec.period.days} are no change "
            "in percent",
            next_step="use chapter.rate_ratio(…, exposure='calendar_day')",
        )
    ratio = _ratio_interval(now, then, (number, before), (1, 1), none=0)
    return Figure(
        id=name,
        value=100 * (number - before) / before,
        population=now.spec,
        numerator=number,
        denominator=before,
        interval=ratio,
        **made,
    )


def _equally_long(now: Population, then: Population) -> bool:
    return abs(now.spec.period.days - then.spec.period.days) <= 1


def _noted(now: Population) -> tuple[str, ...]:
    found = [*crossed_breaks(now), *revisions(now)]
    return tuple(item.id for item in found)


def rate_ratio(
    name: str, now: Population, then: Population, *, exposure: str, breaks: Sequence[str] = ()
) -> Figure:
    """The ratio of two rates by day, each count over the days on which it was observed.

    Contacts have the exact conditional interval, persons and follow-ups one that is clustered by
    contact, users and page views none.

    Raises:
        PopulationError: an unknown exposure, or two different nouns.
    """
    if now.noun != then.noun:
        raise PopulationError(f"'{name}': {now.noun} against {then.noun} is no ratio of rates")
    days = observed(now, exposure), observed(then, exposure)
    made: dict[str, Any] = {"kind": "rate_ratio", "unit": "ratio", "of": then.spec}
    made["breaks"] = tuple(dict.fromkeys((*breaks, *_noted(now))))
    made["exposure"] = Exposure(unit=exposure, of=days[0], against=days[1])
    number, absent = size(now)
    before, absent_then = size(then)
    reason = absent or absent_then or (None if before else Reason(code="zero_denominator"))
    if not reason and min(days) <= 0:
        reason = Reason(code="no_window")
    if reason:
        return unavailable(name, now, reason, **made)
    return Figure(
        id=name,
        value=(number / days[0]) / (before / days[1]),
        population=now.spec,
        numerator=number,
        denominator=before,
        interval=_ratio_interval(now, then, (number, before), days, none=1),
        **made,
    )


def observed(population: Population, exposure: str) -> int:
    """The days on which a population was observed: open days or calendar days.

    Raises:
        PopulationError: another exposure.
    """
    spec = population.spec
    if exposure == CALENDAR_DAY:
        return spec.period.days - (spec.without.days if spec.without else 0)
    if exposure == OPEN_DAY:
        calendar = population.register.edition.calendar
        left_out = calendar.open_days(spec.without) if spec.without else 0
        return calendar.open_days(spec.period) - left_out
    raise PopulationError(f"there is no exposure '{exposure}'; there are: open_day, calendar_day")


def _ratio_interval(
    now: Population,
    then: Population,
    events: tuple[int, int],
    exposures: tuple[float, float],
    none: float,
) -> Interval | None:
    if now.spec.table == "traffic":
        return None
    if now.spec.table == "contacts" or now.register.table("contacts") is None:
        low, high = intervals.exact_rate_ratio(events, exposures)
        method = "exact_conditional"
    elif min(events) == 0:
        return None
    else:
        sizes = counting.clusters(now), counting.clusters(then)
        low, high = intervals.clustered_rate_ratio(*sizes, exposures)
        method = "log_normal_clustered"
    if math.isinf(high):
        return None
    if none == 0:
        low, high = 100 * (low - 1), 100 * (high - 1)
    return Interval.model_validate({"low": low, "high": high, "method": method, "none": none})


def supports_rise(name: str, ratio: Figure) -> Figure:
    """1 if the lower bound of a rate ratio's interval is above 1, else 0."""
    made = ratio.model_dump(exclude={"id", "kind", "unit", "value"})
    supported = None
    if ratio.status == "ok":
        supported = int(ratio.interval is not None and ratio.interval.low > 1)
    return Figure.model_validate(
        {**made, "id": name, "kind": "flag", "unit": "flag", "value": supported}
    )


def mean(name: str, population: Population, per: Sequence[str]) -> Figure:
    """A count divided by months, open days, calendar days or helplines (or several of these).

    Raises:
        PopulationError: an unknown divisor.
    """
    divisor = math.prod(_divisor(population, unit) for unit in per)
    made: dict[str, Any] = {"kind": "mean", "unit": "mean"}
    made["exposure"] = Exposure(unit=" × ".join(per), of=divisor)
    number, absent = size(population)
    reason = absent or (None if divisor else Reason(code="zero_denominator"))
    if reason:
        return unavailable(name, population, reason, **made)
    return Figure(
        id=name,
        value=number / divisor,
        population=population.spec,
        numerator=number,
        denominator=divisor,
        **made,
    )


def _divisor(population: Population, unit: str) -> int:
    edition, period = population.register.edition, population.spec.period
    match unit:
        case "month":
            return months_in(period)
        case "helpline":
            return len(edition.helpline.lines)
        case "open_day" | "calendar_day":
            return observed(population, unit)
    raise PopulationError(
        f"there is no mean per '{unit}'; there are: month, open_day, calendar_day, helpline"
    )


def months_in(period: Period) -> int:
    """The number of calendar months that a period touches."""
    start, end = period.start, period.end
    return (end.year - start.year) * 12 + end.month - start.month + 1


def maximum(name: str, population: Population, by: Sequence[str]) -> Figure:
    """The most rows that any combination of codes holds: the busiest helpline and day."""
    made: dict[str, Any] = {"kind": "maximum", "unit": "count", "by": tuple(by)}
    reason = population.absent or next(
        (
            Reason(code="no_field", about=field)
            for field in by
            if not population.register.gives(population.spec.table, field)
        ),
        None,
    )
    if reason:
        return unavailable(name, population, reason, **made)
    found = counting.cross_counts(population, by)
    most = max(found.values(), default=0)
    return Figure(id=name, value=most, population=population.spec, numerator=most, **made)


def open_days(name: str, population: Population) -> Figure:
    """The number of days of the population's period on which the helpline was open."""
    number = observed(population, OPEN_DAY)
    spec = population.spec.model_copy(
        update={"table": "calendar", "noun": "days", "conditions": (), "having": ()}
    )
    return Figure(
        id=name, kind="count", unit="count", value=number, population=spec, numerator=number
    )


def unavailable(name: str, population: Population, reason: Reason, **made: Any) -> Figure:
    """A figure without a value, and why."""
    return Figure(
        id=name,
        value=None,
        status="unavailable",
        reason=reason,
        population=population.spec,
        **made,
    )
