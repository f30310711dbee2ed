"""Compare two populations: changes in percent, ratios of rates with intervals, campaigns."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

from helpline_report.errors import PopulationError
from helpline_report.figures import intervals, measures
from helpline_report.figures.counting import clusters
from helpline_report.figures.ledger import CampaignEffects
from helpline_report.figures.measures import (
    clustered,
    comes_in_contacts,
    observed,
    size,
    unavailable,
)
from helpline_report.figures.model import Exposure, Figure, Interval, Reason
from helpline_report.figures.population import Population, crossed_breaks, noted
from helpline_report.figures.released import NOT_RELEASED
from helpline_report.parameters.edition import Campaign
from helpline_report.parameters.values import Period


def change(name: str, now: Population, then: Population) -> Figure:
    """The change of a count against the comparison year, in percent.

    The interval says what the two counts support of a change in the world; page views and users
    have none.

    Raises:
        PopulationError: the two periods aren't equally long: a rate ratio is due.
    """
    facts: dict[str, Any] = {"kind": "change", "unit": "percent change", "of": then.spec}
    facts["breaks"] = noted(now, then)
    number, absent = size(now)
    before, absent_then = size(then)
    reason = absent or absent_then or (None if before else Reason(code="zero_denominator"))
    if reason:
        return unavailable(name, now, reason, **facts)
    if abs(now.spec.period.days - then.spec.period.days) > 1:
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
        **facts,
    )


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
    facts: dict[str, Any] = {"kind": "rate_ratio", "unit": "ratio", "of": then.spec}
    facts["breaks"] = noted(now, then)
    facts["exposure"] = Exposure(unit=exposure, of=days[0], against=days[1])
    number, absent = size(now)
    before, absent_then = size(then)
    empty = None if before else Reason(code="zero_denominator")
    reason = absent or absent_then or (empty if min(days) else Reason(code="no_window"))
    if reason:
        return unavailable(name, now, reason, **facts)
    return Figure(
        id=name,
        value=(number / days[0]) / (before / days[1]),
        population=now.spec,
        numerator=number,
        denominator=before,
        interval=_ratio_interval(now, then, (number, before), days, none=1),
        **facts,
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
        contacts = clusters(now).number, clusters(then).number
        low, high = intervals.exact_rate_ratio(contacts, exposures)
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
    facts = ratio.model_dump(exclude={"id", "kind", "unit", "value"})
    value = None
    compares = ratio.of is not None and ratio.of.edition == gone
    comes_in_clusters = ratio.population.table in ("persons", "followups")
    if ratio.status == "ok" and ratio.interval is None and compares and comes_in_clusters:
        facts |= {"status": "unavailable", "reason": NOT_RELEASED}
    elif ratio.status == "ok":
        value = int(ratio.interval is not None and ratio.interval.low > 1)
    facts |= {"id": name, "kind": "flag", "unit": "flag", "value": value}
    return Figure.model_validate(facts)


Record = Callable[[Figure], None]


def effects(name: str, contacts: Population, campaign: Campaign, record: Record) -> CampaignEffects:
    """Count a campaign's window, and its rate per open day against two others.

    Against the days around it (as many on each side as the campaign says, as far as the period
    goes), and against the same window of the comparison year: for all contacts, and for those of
    the campaign's target group. What it shows proves no cause.
    """
    names = _names(f"{name}.{campaign.id}", contacts, campaign)
    for prefix, population in names.items():
        inside = population.during(campaign.start, campaign.end)
        record(measures.count(f"{prefix}.contacts", inside))
        record(_against_around(f"{prefix}.around", inside, population, campaign))
        record(_against_previous(f"{prefix}.previous", inside))
    own, *target = names
    return CampaignEffects(
        campaign=campaign.id,
        contacts=f"{own}.contacts",
        around=f"{own}.around",
        previous=f"{own}.previous",
        target=f"{target[0]}.contacts" if target else None,
        target_around=f"{target[0]}.around" if target else None,
        target_previous=f"{target[0]}.previous" if target else None,
    )


def _names(prefix: str, contacts: Population, campaign: Campaign) -> dict[str, Population]:
    populations = {prefix: contacts}
    if campaign.target:
        persons = Population.whole(contacts.register, "persons")
        conditions = {field: list(codes) for field, codes in campaign.target.persons.items()}
        try:
            target = contacts.having(persons.where(**conditions))
        except PopulationError as error:
            raise PopulationError(
                f"the target group of campaign '{campaign.id}': {error}"
            ) from None
        populations[f"{prefix}.target"] = target
    return populations


def _against_around(name: str, inside: Population, whole: Population, campaign: Campaign) -> Figure:
    """The window against the days before and after it, as far as the period goes."""
    period = whole.register.edition.period
    margin = dt.timedelta(days=campaign.around_days)
    start, end = max(period.start, campaign.start - margin), min(period.end, campaign.end + margin)
    around = whole.during(start, end, without=Period(start=campaign.start, end=campaign.end))
    return rate_ratio(name, inside, around, exposure=measures.OPEN_DAY)


def _against_previous(name: str, inside: Population) -> Figure:
    crossed = crossed_breaks(inside)
    if crossed:
        reason = Reason(code="break", about=crossed[0].id)
        return measures.unavailable(name, inside, reason, kind="rate_ratio", unit="ratio")
    return rate_ratio(name, inside, inside.previous(), exposure=measures.OPEN_DAY)
