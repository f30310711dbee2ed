"""Measure populations: counts, shares, means and maxima, and numbers of a chapter's own code."""

import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any, Literal

import numpy as np

from helpline_report.errors import PopulationError
from helpline_report.figures import counting, intervals
from helpline_report.figures.counting import group_by_contact
from helpline_report.figures.model import (
    Exposure,
    Figure,
    Interval,
    PopulationSpec,
    Reason,
    make_key,
)
from helpline_report.figures.population import Population, describe
from helpline_report.figures.register import NOT_RELEASED, Register
from helpline_report.parameters.row_layouts import DERIVED
from helpline_report.parameters.yaml import make_error

Per = Literal["month", "open_day", "calendar_day", "helpline", "contact"]
ObservedDays = Literal["open_day", "calendar_day"]
OwnUnit = Literal["count", "mean", "number", "percent", "percent change", "ratio"]

NO_DENOMINATOR = Reason(code="zero_denominator")


def measure_size(population: Population) -> tuple[int, Reason | None]:
    """How many rows (or users, page views) a population holds, or why it can't be counted."""
    absent = explain_uncounted(population)
    if absent:
        return 0, absent
    if population.register.released is not None:
        return population.register.released.size(population.spec)
    if population.spec.table == "traffic":
        return counting.sum_traffic(population)
    return int(np.count_nonzero(counting.make_mask(population))), None


def comes_in_contacts(population: Population) -> bool:
    """Whether the rows are persons or follow-ups, which come in contacts."""
    return population.spec.table in ("persons", "followups")


def is_clustered(population: Population) -> bool:
    """Whether the rows come in contacts whose rows are there: a released ledger has no rows."""
    return comes_in_contacts(population) and population.register.table("contacts") is not None


def explain_uncounted(population: Population) -> Reason | None:
    """Why a population can't be counted: no source, no field, or codes that weren't registered."""
    if population.absent or population.spec.table == "traffic":
        return population.absent
    for part in population.spec.list_nested():
        for condition in part.conditions:
            field, register = condition.field, population.register
            if not any(may_occur(register, part, field, code) for code in condition.codes):
                return Reason(code="not_registered", about=field)
    return None


def may_occur(register: Register, spec: PopulationSpec, field: str, code: str) -> bool:
    """Whether a code of a field exists on some day of the period, and the source can say it."""
    if field in DERIVED:
        return code in (register.codes(field) or [])
    table = register.table(spec.table)
    owner, codelist = table.owner(field) if table else None, register.codelists[field]
    if owner is not None and field in owner.codes and code not in owner.codes[field]:
        # Whether anybody has a code of an open list may be what is hidden.
        return codelist.open and register.is_protected
    item, period = codelist.by_code.get(code), spec.period
    if item is None:
        return codelist.open
    first, last = item.days
    return first <= period.end and last >= period.start


def make_unavailable(name: str, population: Population, reason: Reason, **facts: Any) -> Figure:
    """A figure without a value, and why."""
    facts |= {"status": "unavailable", "reason": reason, "population": population.spec}
    return Figure(id=name, value=None, **facts)


def count(name: str, population: Population) -> Figure:
    """How many. What a register counts is exact; it has no interval."""
    number, absent = measure_size(population)
    if absent:
        return make_unavailable(name, population, absent, kind="count", unit="count")
    return count_of(name, population.spec, number)


def count_of(name: str, spec: PopulationSpec, number: int, **facts: Any) -> Figure:
    """A count that is known."""
    facts |= {"kind": "count", "unit": "count", "value": number, "numerator": number}
    return Figure(id=name, population=spec, **facts)


def share(name: str, part: Population, of: Population) -> Figure:
    """A part of a whole of the same population, in percent, with Wilson's interval.

    The rows of persons and follow-ups come in contacts, and the interval is clustered by contact;
    users and page views have none.

    Raises:
        PopulationError: the part is no part of the whole.
    """
    refuse_other_rows(name, part, of)
    return share_of(name, part, of)


def refuse_other_rows(name: str, part: Population, whole: Population) -> None:
    """Refuse a part whose rows aren't, by its conditions, rows of the whole."""
    if not part.is_part_of(whole):
        described = {"part": describe(part.spec), "whole": describe(whole.spec)}
        raise make_error(PopulationError, "no_part", name=name, **described)


def share_of(name: str, part: Population, whole: Population) -> Figure:
    """The share of a part that is known to be one of the whole."""
    facts: dict[str, Any] = {"kind": "share", "unit": "percent", "of": whole.spec}
    hits, absent = measure_size(part)
    trials, absent_whole = measure_size(whole)
    reason = absent or absent_whole or (None if trials else NO_DENOMINATOR)
    if reason:
        return make_unavailable(name, part, reason, **facts)
    facts |= {"numerator": hits, "denominator": trials}
    facts["interval"] = _share_interval(part, whole, hits, trials)
    return Figure(id=name, value=100 * hits / trials, population=part.spec, **facts)


def _share_interval(part: Population, whole: Population, hits: int, trials: int) -> Interval | None:
    if part.spec.table == "traffic":
        return None
    if is_clustered(part):
        return intervals.clustered_share_interval(group_by_contact(part), group_by_contact(whole))
    released = part.register.released
    if released is not None and comes_in_contacts(part):
        # The interval of clustered rows can't be computed from counts.
        shares = released.list_figures("share", part.spec)
        same = [each for each in shares if each.of and make_key(each.of) == make_key(whole.spec)]
        return same[0].interval if same else None
    return intervals.share_interval(hits, trials)


def count_days(population: Population, exposure: ObservedDays) -> int:
    """The days on which a population was observed."""
    days, is_open = population.spec.days(), population.register.edition.calendar.is_open
    return len(days) if exposure == "calendar_day" else sum(map(is_open, days))


def mean(name: str, population: Population, per: Per | Sequence[Per]) -> Figure:
    """A count divided by months, open days, calendar days or helplines (or several of these).

    Per contact it is divided by all contacts of its period, whether they have such a row or not,
    and by nothing else.

    Raises:
        PopulationError: per contact and per something else.
    """
    units: Sequence[Per] = (per,) if isinstance(per, str) else per
    if "contact" in units and len(units) > 1:
        raise PopulationError(f"'{name}': a mean by contact is divided by contacts alone")
    divisors = [_divisor(population, unit) for unit in units]
    divisor = math.prod(number for number, _ in divisors)
    facts: dict[str, Any] = {"kind": "mean", "unit": "mean"}
    facts["exposure"] = Exposure(unit=" × ".join(units), own=divisor)
    number, absent = measure_size(population)
    absent = absent or next((reason for _, reason in divisors if reason), None)
    reason = absent or (None if divisor else NO_DENOMINATOR)
    if reason:
        return make_unavailable(name, population, reason, **facts)
    facts |= {"numerator": number, "denominator": divisor}
    return Figure(id=name, value=number / divisor, population=population.spec, **facts)


def _divisor(population: Population, unit: Per) -> tuple[int, Reason | None]:
    match unit:
        case "month":
            return population.spec.period.months, None
        case "helpline":
            return len(population.register.edition.helpline.lines), None
        case "contact":
            if not comes_in_contacts(population):
                return 0, NO_DENOMINATOR
            return measure_size(Population(population.register, population.spec.all_contacts()))
    return count_days(population, unit), None


def maximum(name: str, population: Population, by: Sequence[str]) -> Figure:
    """The most rows that any combination of codes holds: the busiest helpline and day.

    Raises:
        PopulationError: a field of another table, one of an open list where small counts are
            hidden, or a population that isn't counted by rows.
    """
    refuse_traffic(name, population)
    for field in by:
        population.refuse_foreign(field)
        refuse_open_list(population, field)
    register, spec = population.register, population.spec
    facts: dict[str, Any] = {"kind": "maximum", "unit": "count", "by": tuple(by)}
    missing = [field for field in by if not register.gives(spec.table, field)]
    no_field = Reason(code="no_field", about=missing[0]) if missing else None
    reason = explain_uncounted(population) or no_field
    if reason:
        return make_unavailable(name, population, reason, **facts)
    if register.released is not None:
        maxima = register.released.list_figures("maximum", spec)
        for same in (each for each in maxima if each.by == tuple(by)):
            return same.model_copy(update={"id": name, "population": spec, "code": None})
        return make_unavailable(name, population, NOT_RELEASED, **facts)
    most = max(counting.count_crossed(population, by).values(), default=0)
    return Figure(id=name, value=most, population=spec, numerator=most, **facts)


def refuse_traffic(name: str, population: Population) -> None:
    """Refuse traffic where single rows are counted: its rows are totals of a source."""
    if population.spec.table == "traffic":
        raise make_error(PopulationError, "traffic_crossed", name=name, noun=population.noun)


def refuse_open_list(population: Population, field: str) -> None:
    """Refuse to count people by a field whose codes are those that somebody has."""
    register, is_traffic = population.register, population.spec.table == "traffic"
    if register.is_protected and not is_traffic and register.codes(field) is None:
        raise make_error(PopulationError, "open_list", field=field)


def open_days(name: str, population: Population) -> Figure:
    """The number of days of the population's period on which the helpline was open."""
    update = {"table": "calendar", "noun": "days", "conditions": (), "having": ()}
    spec = population.spec.model_copy(update=update)
    return count_of(name, spec, count_days(population, "open_day"))


def make_own_figure(
    name: str, value: object, *, of: Population, unit: OwnUnit = "number", how: str
) -> Figure:
    """A number that you computed yourself: a median, a test of scipy.

    Nobody counts it a second time, and the audit says so; of confidential rows it is published
    where the parameters approve it by its name (`approved_figures`).

    Args:
        name: its name, as of any figure.
        value: one finite number.
        of: the rows that it was computed of.
        unit: how it is written.
        how: what it is, in a phrase that readers see ('mediaan van de leeftijd').

    Raises:
        PopulationError: it is no finite number, not whole where a count is due, or not explained.
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        raise make_error(PopulationError, "own_type", name=name, type=type(value).__name__)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        what = "no number (NaN)" if math.isnan(number) else "infinite, or too large"
        raise make_error(PopulationError, "own_infinite", name=name, what=what)
    if not how.strip():
        raise make_error(PopulationError, "own_unexplained", name=name)
    if unit == "count" and not number.is_integer():
        raise make_error(PopulationError, "own_count", name=name)
    facts: dict[str, Any] = {"kind": "own", "unit": unit, "how": how.strip()}
    if of.absent:
        return make_unavailable(name, of, of.absent, **facts)
    whole = int(value) if isinstance(value, Integral) else number
    return Figure(id=name, value=whole, population=of.spec, **facts)
