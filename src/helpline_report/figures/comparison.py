"""The same population in the comparison year, across the breaks that were declared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from helpline_report.errors import PopulationError
from helpline_report.figures.model import Condition, PopulationSpec, Reason
from helpline_report.figures.register import Register
from helpline_report.parameters.edition import Break
from helpline_report.parameters.values import Period

if TYPE_CHECKING:
    from helpline_report.figures.population import Population


def previous(population: Population, bridge: Sequence[str], by: Sequence[str]) -> Population:
    """See `Population.previous`."""
    now = population.register
    then = now.previous
    if then is None:
        return replace(population, absent=population.absent or Reason(code="no_comparison"))
    crossed = crossed_breaks(population, by)
    _all_named(crossed, bridge)
    spec = shifted = _shifted(population.spec, now, then)
    for item in crossed:
        spec = _bridged(spec, item, by)
    absent = _absence(population, spec, then)
    late = next((b for b in crossed if b.kind == "starts" and b.date > shifted.period.end), None)
    if late is not None:
        absent = absent or Reason(code="break", about=late.id)
    return replace(population, register=then, spec=spec, absent=absent)


def crossed_breaks(population: Population, by: Sequence[str] = ()) -> list[Break]:
    """The breaks of fields that lie between this population and its comparison year."""
    now, then = population.register, population.register.previous
    if then is None:
        return []
    start = _shifted(population.spec, now, then).period.start
    return [
        item
        for item in _between(now, start, population.spec.period.end)
        if item.kind != "revision" and _touches(item, population, by)
    ]


def noted(now: Population, then: Population) -> tuple[str, ...]:
    """The ids of all breaks, bridged ones and revisions, that lie between two populations."""
    if then.absent:
        return ()
    start = min(now.spec.period.start, then.spec.period.start)
    if then.register is now.register.previous:
        start = min(start, _shifted(now.spec, now.register, then.register).period.start)
    end = max(now.spec.period.end, then.spec.period.end)
    found = [item for item in _between(now.register, start, end) if _touches(item, now)]
    return tuple(item.id for item in sorted(found, key=lambda item: item.kind == "revision"))


def _between(now: Register, start: dt.date, end: dt.date) -> list[Break]:
    """The breaks of these days that the edition declares, or the one it is compared with."""
    declared = {item.id: item for item in now.edition.breaks}
    for item in now.previous.edition.breaks if now.previous else ():
        declared.setdefault(item.id, item)
    return [item for item in declared.values() if start < item.date <= end]


def _touches(item: Break, population: Population, by: Sequence[str] = ()) -> bool:
    """Whether a break is one of a field, or else of a table, that the population is made of."""
    if item.field is not None and item.field in population.fields() | set(by):
        return True
    whole = item.field is None or item.kind == "revision"
    return whole and not set(item.tables).isdisjoint(_tables(population.spec))


def _tables(spec: PopulationSpec) -> set[str]:
    return {spec.table}.union(*(_tables(lower) for lower in spec.having))


def _all_named(crossed: list[Break], bridge: Sequence[str]) -> None:
    """A bridge is a permission: naming a break that another edition declares does no harm."""
    unnamed = [item for item in crossed if item.id not in bridge]
    if unnamed:
        names = ", ".join(
            f"'{item.id}' ({item.date}: {item.note.in_language('en')})" for item in unnamed
        )
        ids = ", ".join(f'"{item.id}"' for item in crossed)
        raise PopulationError(
            f"the comparison crosses a declared break: {names}",
            next_step=f"say that it is bridged: chapter.previous(…, bridge=[{ids}]), "
            "or don't compare",
        )


def _shifted(spec: PopulationSpec, now: Register, then: Register) -> PopulationSpec:
    whole = spec.period == now.edition.period
    years = then.edition.period.start.year - now.edition.period.start.year
    period = then.edition.period if whole else _other_year(spec.period, years)
    without = _other_year(spec.without, years) if spec.without else None
    return spec.model_copy(
        update={
            "edition": then.edition.edition,
            "period": period,
            "without": without,
            "conditions": tuple(_same_days(each, years, then) for each in spec.conditions),
            "having": tuple(_shifted(lower, now, then) for lower in spec.having),
        }
    )


def _other_year(period: Period, years: int) -> Period:
    return Period(start=_same_day(period.start, years), end=_same_day(period.end, years))


def _same_days(condition: Condition, years: int, then: Register) -> Condition:
    """A condition on days moved to the other year; a span has the leap day of that year."""
    if condition.field != "date":
        return condition
    given = tuple(code and _moved(code, years) for code in condition.given)
    if condition.form == "codes" and not condition.negated:
        codes = tuple(dict.fromkeys(_moved(code, years) for code in condition.codes))
        return condition.model_copy(update={"codes": codes, "given": codes})
    days = then.codes("date") or []
    meant = set(given)
    if condition.form == "between":
        low, high = given
        meant = {day for day in days if (low or day) <= day <= (high or day)}
    codes = tuple(day for day in days if (day in meant) != condition.negated)
    return condition.model_copy(update={"codes": codes, "given": given})


def _moved(code: str, years: int) -> str:
    return _same_day(dt.date.fromisoformat(code), years).isoformat()


def _same_day(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _bridged(spec: PopulationSpec, item: Break, by: Sequence[str]) -> PopulationSpec:
    if item.kind == "starts":
        return _from_day(spec, item.date)
    if item.field in by:
        raise PopulationError(
            f"'{item.field}' can't be compared code by code across the break '{item.id}': "
            f"'{item.old}' became {', '.join(item.new)}"
        )
    return _with_old_code(spec, item)


def _from_day(spec: PopulationSpec, day: dt.date) -> PopulationSpec:
    start = max(spec.period.start, min(day, spec.period.end))
    period = Period(start=start, end=spec.period.end)
    having = tuple(_from_day(lower, day) for lower in spec.having)
    return spec.model_copy(update={"period": period, "having": having})


def _with_old_code(spec: PopulationSpec, item: Break) -> PopulationSpec:
    conditions = tuple(_old_condition(c, item) for c in spec.conditions)
    having = tuple(_with_old_code(lower, item) for lower in spec.having)
    return spec.model_copy(update={"conditions": conditions, "having": having})


def _old_condition(condition: Condition, item: Break) -> Condition:
    if condition.field != item.field or item.old is None:
        return condition
    parts = set(item.new) & set(condition.codes)
    if not parts:
        return _without_old_code(condition, item.old)
    if parts != set(item.new):
        raise PopulationError(
            f"{', '.join(sorted(parts))} alone can't be compared across the break '{item.id}': "
            f"before {item.date} it was part of '{item.old}'",
            next_step=f"take {', '.join(item.new)} together",
        )
    others = (code for code in condition.codes if code not in {item.old, *parts})
    codes = (item.old, *others)
    given = condition.given if condition.negated else codes
    return condition.model_copy(update={"codes": codes, "given": given})


def _without_old_code(condition: Condition, old: str) -> Condition:
    """Where all parts of an old code are left out, the old code is left out as well."""
    if not condition.negated or old not in condition.codes:
        return condition
    codes = tuple(code for code in condition.codes if code != old)
    return condition.model_copy(update={"codes": codes, "given": (*condition.given, old)})


def _absence(population: Population, spec: PopulationSpec, then: Register) -> Reason | None:
    if not then.holds(spec.table):
        return Reason(code="no_source", about=spec.table)
    for field in sorted(population.fields()):
        owner = then.field_table(field)
        table = spec.table if spec.table == "traffic" else owner
        if not then.gives(table, field):
            return Reason(code="no_field", about=field)
    return None
