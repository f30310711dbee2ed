"""Compare two populations: changes in percent, ratios of rates with intervals, campaigns."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from helpline_report.errors import PopulationError
from helpline_report.figures import breakdown, intervals, measures
from helpline_report.figures.counting import get_column, group_by_contact
from helpline_report.figures.ledger import CampaignEffects
from helpline_report.figures.model import Exposure, Figure, Interval, Reason
from helpline_report.figures.population import Population, find_crossed_breaks, list_breaks
from helpline_report.figures.register import NOT_RELEASED, list_years
from helpline_report.parameters.edition import Campaign, Target
from helpline_report.parameters.yaml import make_error

NO_WINDOW = Reason(code="no_window")
RATIO: dict[str, Any] = {"kind": "rate_ratio", "unit": "ratio"}


def change(name: str, population: Population, *, bridge: Sequence[str] = ()) -> Figure:
    """The change of a count against the comparison year, in percent.

    The interval says what the two counts support of a change in the world, with φ of the days; page
    views and users have none.

    Raises:
        PopulationError: a declared break lies between the two years and isn't bridged, or the two
            periods aren't equally long: a rate ratio is due.
    """
    facts = {"kind": "change", "unit": "percent change"}
    return _compare(name, population, population.previous(*bridge), facts)


def make_change_series(
    name: str, population: Population, by: str, bridge: Sequence[str] = ()
) -> breakdown.BreakdownFigures:
    """The change in percent of each code against the same code in the comparison year.

    Raises:
        PopulationError: a declared break of the field lies between the two years.
    """
    then = population.previous(*bridge, by=(by,))
    make = partial(change, bridge=bridge)
    return breakdown.make_series(name, population, by, "change", make, absent=then.absent)


def rate_ratio(
    name: str, population: Population, against: Population, *, exposure: measures.ObservedDays
) -> Figure:
    """The ratio of two rates by day, each count over the days on which it was observed.

    Contacts have the exact conditional interval with φ of the days, persons and follow-ups the
    wider of that one and of one that is clustered by contact, users and page views none.

    Raises:
        PopulationError: two different nouns.
    """
    if population.noun != against.noun:
        nouns = f"{population.noun} against {against.noun}"
        raise PopulationError(f"'{name}': {nouns} is no ratio of rates")
    days = measures.count_days(population, exposure), measures.count_days(against, exposure)
    facts = RATIO | {"exposure": Exposure(unit=exposure, own=days[0], other=days[1])}
    return _compare(name, population, against, facts, days)


def _compare(
    name: str,
    now: Population,
    then: Population,
    facts: dict[str, Any],
    days: tuple[int, int] = (1, 1),
) -> Figure:
    """The change or, by `facts`, the ratio of rates of two populations over `days` of each."""
    facts |= {"of": then.spec, "breaks": list_breaks(now, then)}
    number, absent = measures.measure_size(now)
    number_then, absent_then = measures.measure_size(then)
    no_ratio = None if number_then else measures.NO_DENOMINATOR
    reason = absent or absent_then or (no_ratio if min(days) else NO_WINDOW)
    if reason:
        return measures.make_unavailable(name, now, reason, **facts)
    if facts["kind"] == "change":
        length, length_then = now.spec.period.days, then.spec.period.days
        if abs(length - length_then) > 1:
            values = {"name": f"'{name}'", "days": length, "against": length_then}
            raise make_error(PopulationError, "unequal_periods", **values)
        value, null_value = 100 * (number - number_then) / number_then, 0
    else:
        value, null_value = (number / days[0]) / (number_then / days[1]), 1
    interval = _ratio_interval(now, then, (number, number_then), days, null_value)
    facts |= {"numerator": number, "denominator": number_then, "interval": interval}
    return Figure(id=name, value=value, population=now.spec, **facts)


def _ratio_interval(
    now: Population,
    then: Population,
    events: tuple[int, int],
    days: tuple[int, int],
    null_value: int,
) -> Interval | None:
    """The exact interval of counts over φ; of persons and follow-ups the clustered one if wider.

    With a `null_value` of 0 it is one of the change in percent. Persons and follow-ups have none if
    only the released ledger of their contacts is left: it would be too narrow.
    """
    without_contacts = then.register.released is not None and measures.comes_in_contacts(then)
    if now.spec.table == "traffic" or without_contacts:
        return None
    phi = dispersion(now)
    exact = intervals.exact_rate_ratio((events[0] / phi, events[1] / phi), days)
    candidates = [("exact_conditional", exact)]
    if measures.is_clustered(now) and measures.is_clustered(then):
        clusters, clusters_then = group_by_contact(now), group_by_contact(then)
        if min(events):
            wider = intervals.clustered_rate_ratio(clusters, clusters_then, days)
            candidates.append(("log_normal_clustered", wider))
        else:
            # A ratio of 0 has no logarithm: the numbers of contacts with such rows are compared.
            contacts, contacts_then = (len(np.unique(each)) for each in (clusters, clusters_then))
            ends = intervals.exact_rate_ratio((contacts, contacts_then), days)
            candidates.append(("exact_conditional", ends))
    method, (low, high) = max(candidates, key=lambda each: (_width(each[1]), each[1][1]))
    if null_value == 0:
        low, high = 100 * (low - 1), 100 * (high - 1)
    facts = {"low": low, "high": high, "method": method, "none": null_value, "dispersion": phi}
    return None if math.isinf(high) else Interval.model_validate(facts)


def _width(limits: tuple[float, float]) -> float:
    """The width of an interval of a ratio: its high end divided by its low end."""
    low, high = limits
    return high / low if low else math.inf


def dispersion(population: Population) -> float:
    """φ of the days of a population's whole table, of its year and of the one before.

    The open days of a month that are the same weekday make a cell.
    """
    register, table = population.register, population.spec.table

    def estimate() -> float:
        counts, cells, numbers = list[int](), list[int](), dict[tuple[object, ...], int]()
        for year in list_years(register):
            rows, days = year.table(table), list(year.edition.period.each_day())
            if rows is None:
                continue
            by_day = np.bincount(get_column(year, rows, "date").codes, minlength=len(days))
            for day, number in zip(days, by_day.tolist(), strict=True):
                if year.edition.calendar.is_open(day):
                    cell = (year is register, day.year, day.month, day.weekday())
                    counts.append(number)
                    cells.append(numbers.setdefault(cell, len(numbers)))
        return intervals.estimate_dispersion(np.array(counts, np.int64), np.array(cells, np.int64))

    return register.once(("dispersion", table), estimate)


def supports_rise(name: str, ratio: Figure) -> Figure:
    """1 if the interval of a rate ratio, as it is written, lies above 1, else 0.

    It is unavailable if the ratio has no interval, since the contacts of its rows are gone.

    Raises:
        PopulationError: the figure is no rate ratio.
    """
    if ratio.kind != "rate_ratio":
        raise PopulationError(
            f"'{name}': '{ratio.id}' is no ratio of rates",
            next_step="make one: chapter.rate_ratio(…, exposure='open_day')",
        )
    facts = ratio.model_dump() | {"id": name, "kind": "flag", "unit": "flag", "value": None}
    in_contacts = ratio.population.table in ("persons", "followups")
    if ratio.status == "ok" and ratio.interval is None and in_contacts:
        facts |= {"status": "unavailable", "reason": NOT_RELEASED}
    elif ratio.status == "ok":
        facts["value"] = int(ratio.interval is not None and ratio.interval.supports_rise)
    return Figure.model_validate(facts)


def count_effects(
    name: str, contacts: Population, campaign: Campaign
) -> tuple[CampaignEffects, list[Figure]]:
    """Count a campaign's window, and compare its rate per open day with three other rates.

    These are of the days before it, of the days after it (as many as the campaign says, as far as
    the period goes), and of the same window of the comparison year, each in proportion to the rest
    of its year: for all contacts, and for those of the campaign's target group. What they show
    proves no cause.
    """
    period = contacts.register.edition.period
    margin, day = dt.timedelta(days=campaign.around_days), dt.timedelta(days=1)
    sides = {
        "before": (campaign.start - margin, campaign.start - day),
        "after": (campaign.end + day, campaign.end + margin),
    }
    groups = {"": contacts}
    if campaign.target is not None:
        groups["target"] = _select_target(contacts, campaign, campaign.target)
    names: dict[str, str] = {}
    figures: list[Figure] = []
    for group, population in groups.items():
        inside = population.during(campaign.start, campaign.end)
        prefix = ".".join(filter(None, (name, campaign.id, group)))
        figures.append(measures.count(f"{prefix}.contacts", inside))
        for side, (first, last) in sides.items():
            # As far as the period goes.
            start, end = max(period.start, first), min(period.end, last)
            figure = f"{prefix}.{side}"
            if start > end:
                figures.append(measures.make_unavailable(figure, inside, NO_WINDOW, **RATIO))
            else:
                others = population.during(start, end)
                figures.append(rate_ratio(figure, inside, others, exposure="open_day"))
        figures.append(_compare_with_rest(f"{prefix}.relative", inside, population))
        names[group or "contacts"] = f"{prefix}.contacts"
        for key in (*sides, "relative"):
            names["_".join(filter(None, (group, key)))] = f"{prefix}.{key}"
    return CampaignEffects(campaign=campaign.id, **names), figures


def _select_target(contacts: Population, campaign: Campaign, target: Target) -> Population:
    """The contacts with a person of a campaign's target group."""
    conditions = {field: list(codes) for field, codes in target.persons.items()}
    try:
        return contacts.having(Population.whole(contacts.register, "persons").where(**conditions))
    except PopulationError as error:
        message = f"the target group of campaign '{campaign.id}': {error}"
        raise PopulationError(message) from None


def _compare_with_rest(name: str, inside: Population, whole: Population) -> Figure:
    """The window over that of the comparison year, each in proportion to the rest of its year.

    So a year that is busier as a whole doesn't make its window busier. The four counts are
    independent.
    """
    crossed = find_crossed_breaks(whole)
    if crossed:
        reason = Reason(code="break", about=crossed[0].id)
        return measures.make_unavailable(name, inside, reason, **RATIO)
    then, whole_then = inside.previous(), whole.previous()
    facts: dict[str, Any] = RATIO | {"of": then.spec}
    counts, expected = list[int](), list[float]()
    for window, year in ((inside, whole), (then, whole_then)):
        rest = replace(year, spec=year.spec.model_copy(update={"without": window.spec.period}))
        days, other_days = (measures.count_days(each, "open_day") for each in (window, rest))
        number, absent = measures.measure_size(window)
        others, absent_rest = measures.measure_size(rest)
        no_ratio = None if others else measures.NO_DENOMINATOR
        unavailable = absent or absent_rest or (no_ratio if days and other_days else NO_WINDOW)
        if unavailable:
            return measures.make_unavailable(name, inside, unavailable, **facts)
        counts += [number, others]
        expected.append(others * days / other_days)
    number, number_then = counts[0], counts[2]
    facts["breaks"] = list_breaks(whole, whole_then)
    facts["exposure"] = Exposure(unit="rest_of_year", own=expected[0], other=expected[1])
    if not number_then:
        return measures.make_unavailable(name, inside, measures.NO_DENOMINATOR, **facts)
    ratio = (number / expected[0]) / (number_then / expected[1])
    if number:
        phi = dispersion(inside)
        low, high = intervals.log_normal_ratio(ratio, tuple(counts), phi)
        ends = {"low": low, "high": high, "method": "log_normal", "none": 1, "dispersion": phi}
        facts["interval"] = Interval.model_validate(ends)
    facts |= {"numerator": number, "denominator": number_then}
    return Figure(id=name, value=ratio, population=inside.spec, **facts)
