"""Compare two populations: changes in percent, ratios of rates with intervals, campaigns."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from helpline_report.errors import PopulationError
from helpline_report.figures import intervals, measures
from helpline_report.figures.counting import clusters, column
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
from helpline_report.figures.register import Register
from helpline_report.figures.released import NOT_RELEASED
from helpline_report.parameters.edition import Campaign


def change(name: str, now: Population, then: Population) -> Figure:
    """The change of a count against the comparison year, in percent.

    The interval says what the two counts support of a change in the world, with φ of the days; page
    views and users have none.

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

    Contacts have the exact conditional interval with φ of the days, persons and follow-ups the
    wider of that one and of one that is clustered by contact, users and page views none.

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
    """The exact interval of counts over φ; of persons and follow-ups the clustered one if wider."""
    if now.spec.table == "traffic" or comes_in_contacts(then):
        return None
    phi = dispersion(now)
    limits = exact(events, exposures, phi)
    method = "exact_conditional"
    if clustered(now) and clustered(then):
        by_contact = clusters(now), clusters(then)
        if min(events):
            wider = intervals.clustered_rate_ratio(*by_contact, exposures)
            name = "log_normal_clustered"
        else:
            # Nothing to scale a logarithm by: the contacts that hold such rows are compared.
            numbers = by_contact[0].number, by_contact[1].number
            wider, name = exact(numbers, exposures, 1), method
        if _width(wider) > _width(limits):
            limits, method = wider, name
    if math.isinf(limits[1]):
        return None
    low, high = (100 * (limit - 1) for limit in limits) if none == 0 else limits
    facts = {"low": low, "high": high, "method": method, "none": none, "dispersion": phi}
    return Interval.model_validate(facts)


def exact(
    events: tuple[int, int], exposures: tuple[float, float], phi: float
) -> tuple[float, float]:
    """The exact interval of a ratio of rates whose days vary φ times as much as Poisson counts."""
    return intervals.exact_rate_ratio((events[0] / phi, events[1] / phi), exposures)


def _width(limits: tuple[float, float]) -> float:
    """How wide an interval is on the log scale; of two that begin at 0 the higher one is wider."""
    low, high = limits
    return high / low if low else high


def dispersion(population: Population) -> float:
    """φ of the days of a population's whole table, of its year and of the one before.

    Of each year the open days of a month that are the same weekday make a cell.
    """
    register, table = population.register, population.spec.table
    return register.once(("dispersion", table), lambda: _dispersion(register, table))


def _dispersion(register: Register, table: str) -> float:
    cells: dict[tuple[int, ...], int] = {}
    counts: list[tuple[int, int]] = []
    for place, each in enumerate((register, register.previous)):
        rows = each.table(table) if each is not None else None
        if each is None or rows is None:
            continue
        days = list(each.edition.period.each_day())
        of_day = np.bincount(column(each, rows, "date").codes, minlength=len(days))
        for day, number in zip(days, of_day.tolist(), strict=True):
            if each.edition.calendar.is_open(day):
                cell = (place, day.year, day.month, day.weekday())
                counts.append((number, cells.setdefault(cell, len(cells))))
    of_days = np.array(counts, dtype=np.int64).reshape(-1, 2)
    return intervals.estimate_dispersion(of_days[:, 0], of_days[:, 1])


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
    """Count a campaign's window, and its rate per open day against three others.

    Against the days before it and against the days after it (as many as the campaign says, as far
    as the period goes), and against the same window of the comparison year, each in proportion to
    the rest of its year: for all contacts, and for those of the campaign's target group. What it
    shows proves no cause.
    """
    margin, day = dt.timedelta(days=campaign.around_days), dt.timedelta(days=1)
    sides = {
        "before": (campaign.start - margin, campaign.start - day),
        "after": (campaign.end + day, campaign.end + margin),
    }
    names: dict[str, str] = {}
    for group, population in _groups(contacts, campaign).items():
        inside = population.during(campaign.start, campaign.end)
        prefix = ".".join(filter(None, (name, campaign.id, group)))
        names[group or "contacts"] = f"{prefix}.contacts"
        record(measures.count(f"{prefix}.contacts", inside))
        for side, days in sides.items():
            record(_against_days(f"{prefix}.{side}", inside, population, days))
        record(_against_rest(f"{prefix}.relative", inside, population))
        for key in (*sides, "relative"):
            names["_".join(filter(None, (group, key)))] = f"{prefix}.{key}"
    return CampaignEffects(campaign=campaign.id, **names)


def _groups(contacts: Population, campaign: Campaign) -> dict[str, Population]:
    """All contacts, and those of the target group where the campaign has one."""
    if campaign.target is None:
        return {"": contacts}
    persons = Population.whole(contacts.register, "persons")
    conditions = {field: list(codes) for field, codes in campaign.target.persons.items()}
    try:
        return {"": contacts, "target": contacts.having(persons.where(**conditions))}
    except PopulationError as error:
        message = f"the target group of campaign '{campaign.id}': {error}"
        raise PopulationError(message) from None


def _against_days(
    name: str, inside: Population, whole: Population, days: tuple[dt.date, dt.date]
) -> Figure:
    """The window against other days, as far as the period goes."""
    period = whole.register.edition.period
    start, end = max(period.start, days[0]), min(period.end, days[1])
    if start > end:
        reason = Reason(code="no_window")
        return unavailable(name, inside, reason, kind="rate_ratio", unit="ratio")
    return rate_ratio(name, inside, whole.during(start, end), exposure=measures.OPEN_DAY)


def _against_rest(name: str, inside: Population, whole: Population) -> Figure:
    """The window against that of the comparison year, each in proportion to the rest of its year.

    A year that is busier as a whole is no busier window. The four counts are independent.
    """
    facts: dict[str, Any] = {"kind": "rate_ratio", "unit": "ratio"}
    if crossed := crossed_breaks(whole):
        return unavailable(name, inside, Reason(code="break", about=crossed[0].id), **facts)
    sides = [(inside, whole), (inside.previous(), whole.previous())]
    counts: list[int] = []
    expected: list[float] = []
    for window, year in sides:
        rest = replace(year, spec=year.spec.model_copy(update={"without": window.spec.period}))
        days, other_days = (observed(each, measures.OPEN_DAY) for each in (window, rest))
        (number, absent), (others, absent_rest) = size(window), size(rest)
        no_days = None if days and other_days else Reason(code="no_window")
        none = None if others else Reason(code="zero_denominator")
        if reason := absent or absent_rest or no_days or none:
            return unavailable(name, inside, reason, of=sides[1][0].spec, **facts)
        counts += [number, others]
        expected.append(others * days / other_days)
    number, _, before, _ = counts
    facts |= {"of": sides[1][0].spec, "breaks": noted(whole, whole.previous())}
    facts["exposure"] = Exposure(unit="rest_of_year", of=expected[0], against=expected[1])
    if not before:
        return unavailable(name, inside, Reason(code="zero_denominator"), **facts)
    ratio = (number / expected[0]) / (before / expected[1])
    interval = None
    if number:
        phi = dispersion(inside)
        low, high = intervals.log_normal_ratio(ratio, tuple(counts), phi)
        interval = Interval(low=low, high=high, method="log_normal", none=1, dispersion=phi)
    return Figure(
        id=name,
        value=ratio,
        population=inside.spec,
        numerator=number,
        denominator=before,
        interval=interval,
        **facts,
    )
