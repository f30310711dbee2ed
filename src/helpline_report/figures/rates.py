"""Comparisons of two populations: changes in percent, and ratios of rates, with intervals."""

from __future__ import annotations

import math
from typing import Any

from helpline_report.errors import PopulationError
from helpline_report.figures import intervals
from helpline_report.figures.clusters import clusters
from helpline_report.figures.comparison import noted
from helpline_report.figures.measures import observed, unavailable
from helpline_report.figures.model import Exposure, Figure, Interval, Reason
from helpline_report.figures.population import Population
from helpline_report.figures.released import NOT_RELEASED
from helpline_report.figures.sizes import clustered, comes_in_contacts, size


def change(name: str, now: Population, then: Population) -> Figure:
    """The change of a count against the comparison year, in percent.

    The interval says what the two counts support of a change in the world; page views and users
    have none.

    Raises:
        PopulationError: the two periods aren't equally long: a rate ratio is due.
    """
    made: dict[str, Any] = {"kind": "change", "unit": "percent change", "of": then.spec}
    made["breaks"] = noted(now, then)
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


def rate_ratio(name: str, now: Population, then: Population, *, exposure: str) -> Figure:
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
    made["breaks"] = noted(now, then)
    made["exposure"] = Exposure(unit=exposure, of=days[0], against=days[1])
    number, absent = size(now)
    before, absent_then = size(then)
    empty = None if before else Reason(code="zero_denominator")
    reason = absent or absent_then or (empty if min(days) else Reason(code="no_window"))
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


def _ratio_interval(
    now: Population,
    then: Population,
    events: tuple[int, int],
    exposures: tuple[float, float],
    none: float,
) -> Interval | None:
    if now.spec.table == "traffic" or comes_in_contacts(then):
        return None
    if not (clustered(now) and clustered(then)):
        low, high = intervals.exact_rate_ratio(events, exposures)
        method = "exact_conditional"
    elif min(events) == 0:
        # Nothing to scale a logarithm by: the contacts that hold such rows are compared instead.
        held = clusters(now).held, clusters(then).held
        low, high = intervals.exact_rate_ratio(held, exposures)
        method = "exact_conditional"
    else:
        low, high = intervals.clustered_rate_ratio(clusters(now), clusters(then), exposures)
        method = "log_normal_clustered"
    if math.isinf(high):
        return None
    if none == 0:
        low, high = 100 * (low - 1), 100 * (high - 1)
    return Interval.model_validate({"low": low, "high": high, "method": method, "none": none})


def supports_rise(name: str, ratio: Figure, *, gone: str | None = None) -> Figure:
    """1 if the lower bound of a rate ratio's interval is above 1, else 0.

    `gone` is an edition whose rows are gone: a ratio that has no interval for want of them supports
    nobody knows what.

    Raises:
        PopulationError: the figure is no rate ratio.
    """
    if ratio.kind != "rate_ratio":
        raise PopulationError(
            f"'{name}': '{ratio.id}' is no ratio of rates",
            next_step="make one: chapter.rate_ratio(…, exposure='open_day')",
        )
    made = ratio.model_dump(exclude={"id", "kind", "unit", "value"})
    supported = None
    compares = ratio.of is not None and ratio.of.edition == gone
    clustered_rows = ratio.population.table in ("persons", "followups")
    if ratio.status == "ok" and ratio.interval is None and compares and clustered_rows:
        made |= {"status": "unavailable", "reason": NOT_RELEASED}
        made |= {"id": name, "kind": "flag", "unit": "flag", "value": None}
        return Figure.model_validate(made)
    if ratio.status == "ok":
        supported = int(ratio.interval is not None and ratio.interval.low > 1)
    return Figure.model_validate(
        {**made, "id": name, "kind": "flag", "unit": "flag", "value": supported}
    )
