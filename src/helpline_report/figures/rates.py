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
from helpline_report.figures.register import NOT_RELEASED
from helpline_report.parameters.edition import Campaign
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
    nouns = population.noun, against.noun
    if nouns[0] != nouns[1]:
        raise PopulationError(f"'{name}': {nouns[0]} against {nouns[1]} is no ratio of rates")
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
    facts |= {"of": then.spec, "breaks": list_breaks(now, then)}
    (number, absent), (before, absent_then) = map(measures.measure_size, (now, then))
    empty = None if before else measures.NO_DENOMINATOR
    if reason := absent or absent_then or (empty if min(days) else NO_WINDOW):
        return measures.make_unavailable(name, now, reason, **facts)
    value, none = (number / days[0]) / (before / days[1]), 1
    if facts["kind"] == "change":
        lengths = now.spec.period.days, then.spec.period.days
        if abs(lengths[0] - lengths[1]) > 1:
            values = {"name": f"'{name}'", "days": lengths[0], "against": lengths[1]}
            raise make_error(PopulationError, "unequal_periods", **values)
        value, none = 100 * (number - before) / before, 0
    interval = _ratio_interval(now, then, (number, before), days, none)
    facts |= {"numerator": number, "denominator": before, "interval": interval}
    return Figure(id=name, value=value, population=now.spec, **facts)


def _ratio_interval(
    now: Population, then: Population, events: tuple[int, int], days: tuple[int, int], none: int
) -> Interval | None:
    """The exact interval of counts over φ; of persons and follow-ups the clustered one if wider.

    Of persons and follow-ups whose contacts are gone none is known: it would be too narrow.
    """
    gone = then.register.released is not None and measures.comes_in_contacts(then)
    if now.spec.table == "traffic" or gone:
        return None
    phi = dispersion(now)
    exact = intervals.exact_rate_ratio((events[0] / phi, events[1] / phi), days)
    candidates = [("exact_conditional", exact)]
    if measures.is_clustered(now) and measures.is_clustered(then):
        sides = group_by_contact(now), group_by_contact(then)
        if min(events):
            wider = intervals.clustered_rate_ratio(*sides, days)
            candidates.append(("log_normal_clustered", wider))
        else:
            # Nothing to scale a logarithm by: the contacts that hold such rows are compared.
            numbers = sides[0].number, sides[1].number
            candidates.append(("exact_conditional", intervals.exact_rate_ratio(numbers, days)))
    method, limits = max(candidates, key=lambda each: (_width(each[1]), each[1][1]))
    low, high = (100 * (limit - 1) for limit in limits) if none == 0 else limits
    facts = {"low": low, "high": high, "method": method, "none": none, "dispersion": phi}
    return None if math.isinf(high) else Interval.model_validate(facts)


def _width(limits: tuple[float, float]) -> float:
    """How wide an interval is on the log scale."""
    low, high = limits
    return high / low if low else math.inf


def dispersion(population: Population) -> float:
    """φ of the days of a population's whole table, of its year and of the one before.

    Of each year the open days of a month that are the same weekday make a cell.
    """
    register, table = population.register, population.spec.table

    def estimate() -> float:
        counts: list[int] = []
        cells: list[tuple[object, ...]] = []
        for each in filter(None, (register, register.previous)):
            rows, days = each.table(table), list(each.edition.period.each_day())
            if rows is None:
                continue
            of_day = np.bincount(get_column(each, rows, "date").codes, minlength=len(days))
            for day, number in zip(days, of_day.tolist(), strict=True):
                if each.edition.calendar.is_open(day):
                    counts.append(number)
                    cells.append((each is register, day.year, day.month, day.weekday()))
        places = {cell: place for place, cell in enumerate(dict.fromkeys(cells))}
        of_days = np.array([places[cell] for cell in cells], np.int64)
        return intervals.estimate_dispersion(np.array(counts, np.int64), of_days)

    return register.once(("dispersion", table), estimate)


def supports_rise(name: str, ratio: Figure) -> Figure:
    """1 if the interval of a rate ratio, as it is written, lies above 1, else 0.

    Of persons and follow-ups whose contacts are gone nobody knows it: their ratio has no interval.

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


def effects(
    name: str, contacts: Population, campaign: Campaign
) -> tuple[CampaignEffects, list[Figure]]:
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
    groups = {"": contacts}
    if campaign.target is not None:
        conditions = {field: list(codes) for field, codes in campaign.target.persons.items()}
        try:
            persons = Population.whole(contacts.register, "persons").where(**conditions)
            groups["target"] = contacts.having(persons)
        except PopulationError as error:
            message = f"the target group of campaign '{campaign.id}': {error}"
            raise PopulationError(message) from None
    names: dict[str, str] = {}
    figures: list[Figure] = []
    for group, population in groups.items():
        inside = population.during(campaign.start, campaign.end)
        prefix = ".".join(filter(None, (name, campaign.id, group)))
        figures.append(measures.count(f"{prefix}.contacts", inside))
        for side, days in sides.items():
            figures.append(_against_days(f"{prefix}.{side}", inside, population, days))
        figures.append(_against_rest(f"{prefix}.relative", inside, population))
        names[group or "contacts"] = f"{prefix}.contacts"
        for key in (*sides, "relative"):
            names["_".join(filter(None, (group, key)))] = f"{prefix}.{key}"
    return CampaignEffects(campaign=campaign.id, **names), figures


def _against_days(
    name: str, inside: Population, whole: Population, days: tuple[dt.date, dt.date]
) -> Figure:
    """The window against other days, as far as the period goes."""
    period = whole.register.edition.period
    start, end = max(period.start, days[0]), min(period.end, days[1])
    if start > end:
        return measures.make_unavailable(name, inside, NO_WINDOW, **RATIO)
    return rate_ratio(name, inside, whole.during(start, end), exposure="open_day")


def _against_rest(name: str, inside: Population, whole: Population) -> Figure:
    """The window against that of the comparison year, each in proportion to the rest of its year.

    A year that is busier as a whole is no busier window. The four counts are independent.
    """
    if crossed := find_crossed_breaks(whole):
        broken = Reason(code="break", about=crossed[0].id)
        return measures.make_unavailable(name, inside, broken, **RATIO)
    then = inside.previous()
    facts: dict[str, Any] = RATIO | {"of": then.spec}
    counts: list[int] = []
    expected: list[float] = []
    for window, year in ((inside, whole), (then, whole.previous())):
        rest = replace(year, spec=year.spec.model_copy(update={"without": window.spec.period}))
        days, other_days = (measures.count_days(each, "open_day") for each in (window, rest))
        (number, absent), (others, absent_rest) = map(measures.measure_size, (window, rest))
        empty = None if others else measures.NO_DENOMINATOR
        if reason := absent or absent_rest or (empty if days and other_days else NO_WINDOW):
            return measures.make_unavailable(name, inside, reason, **facts)
        counts += [number, others]
        expected.append(others * days / other_days)
    number, _, before, _ = counts
    facts["breaks"] = list_breaks(whole, whole.previous())
    facts["exposure"] = Exposure(unit="rest_of_year", own=expected[0], other=expected[1])
    if not before:
        return measures.make_unavailable(name, inside, measures.NO_DENOMINATOR, **facts)
    ratio = (number / expected[0]) / (before / expected[1])
    if number:
        phi = dispersion(inside)
        low, high = intervals.log_normal_ratio(ratio, tuple(counts), phi)
        ends = {"low": low, "high": high, "method": "log_normal", "none": 1, "dispersion": phi}
        facts["interval"] = Interval.model_validate(ends)
    facts |= {"numerator": number, "denominator": before}
    return Figure(id=name, value=ratio, population=inside.spec, **facts)
