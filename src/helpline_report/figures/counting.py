"""Rows of a population counted: in all, by the codes of a field, and by clusters of contacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.errors import PopulationError
from helpline_report.figures.model import Condition, PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.params.edition import Period
from helpline_report.tables.model import Mask, Table

Indices = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]

UNKNOWN = "unknown"


def table_of(population: Population) -> Table:
    """The table that is counted.

    Raises:
        PopulationError: the population is absent; ask `absent` first.
    """
    table = population.register.table(population.spec.table)
    if table is None or population.absent:
        raise PopulationError(f"{population.spec.table} can't be counted: no source gives them")
    return table


def mask(population: Population) -> Mask:
    """Which rows of its table belong to the population: bool, one a row."""
    return _spec_mask(population.register, population.spec)


def _spec_mask(register: Register, spec: PopulationSpec) -> Mask:
    table = register.table(spec.table)
    if table is None:
        raise PopulationError(f"no source gives {spec.table}")
    found = _period_mask(register, table, spec)
    for condition in spec.conditions:
        found &= _condition_mask(register, table, condition)
    for lower in spec.having:
        found &= _having_mask(register, table, lower)
    return found


def _period_mask(register: Register, table: Table, spec: PopulationSpec) -> Mask:
    if spec.period == register.edition.period and spec.without is None:
        return np.ones(len(table), dtype=np.bool_)
    days = days_of(table)
    found = _inside(days, spec.period)
    return found & ~_inside(days, spec.without) if spec.without else found


def _inside(days: npt.NDArray[np.datetime64], period: Period) -> Mask:
    start, end = np.datetime64(period.start, "D"), np.datetime64(period.end, "D")
    return np.asarray((days >= start) & (days <= end), dtype=np.bool_)


def days_of(table: Table) -> npt.NDArray[np.datetime64]:
    """The day of each row's contact."""
    owner = table.owner("date")
    if owner is None:
        raise PopulationError(f"no source gives {table.name} a date")
    values = owner.frame["date"].to_numpy().astype("datetime64[D]")
    return np.asarray(table.down(values, owner), dtype="datetime64[D]")


def _condition_mask(register: Register, table: Table, condition: Condition) -> Mask:
    owner = table.owner(condition.field)
    if owner is not None and condition.field in owner.multiple:
        columns = [f"{condition.field}:{code}" for code in condition.codes]
        own = np.zeros(len(owner), dtype=np.bool_)
        for column in (c for c in columns if c in owner.frame):
            own |= owner.frame[column].to_numpy(dtype=np.bool_)
        return np.asarray(table.down(own, owner), dtype=np.bool_)
    codes, names = field_codes(register, table, condition.field)
    wanted = [index for index, name in enumerate(names) if name in condition.codes]
    return np.asarray(np.isin(codes, wanted), dtype=np.bool_)


def _having_mask(register: Register, table: Table, lower: PopulationSpec) -> Mask:
    child = register.table(lower.table)
    if child is None:
        raise PopulationError(f"no source gives {lower.table}")
    rows = rows_above(child, table)[_spec_mask(register, lower)]
    found = np.zeros(len(table), dtype=np.bool_)
    found[rows] = True
    return found


def rows_above(table: Table, upper: Table) -> Indices:
    """For each row of `table`, the row of `upper` on which it hangs."""
    return np.asarray(table.down(np.arange(len(upper)), upper), dtype=np.int64)


def field_codes(register: Register, table: Table, field: str) -> tuple[Indices, list[str]]:
    """A field with one code a row: an index a row (-1 where there is none), and the codes."""
    match field:
        case "month":
            months = days_of(table).astype("datetime64[M]").astype(np.int64) % 12
            return months, [f"{month:02d}" for month in range(1, 13)]
        case "weekday":
            weekdays = (days_of(table).astype(np.int64) + 3) % 7
            return weekdays, [str(day) for day in range(1, 8)]
        case "date":
            days = days_of(table)
            first = np.datetime64(register.edition.period.start, "D")
            return (days - first).astype(np.int64), _day_codes(register.edition.period)
        case "hour":
            return _hours(table)
        case "age_class":
            return _age_classes(register, table)
    return _coded(table, field)


def _day_codes(period: Period) -> list[str]:
    return [day.isoformat() for day in period.each_day()]


def _hours(table: Table) -> tuple[Indices, list[str]]:
    owner = _owner(table, "hour")
    hours = np.asarray(owner.frame["hour"].to_numpy(), dtype=np.int64)
    hours = np.where(hours < 0, 24, hours)
    codes = [f"{hour:02d}" for hour in range(24)] + [UNKNOWN]
    return np.asarray(table.down(hours, owner), dtype=np.int64), codes


def _age_classes(register: Register, table: Table) -> tuple[Indices, list[str]]:
    owner = _owner(table, "age")
    ages = np.asarray(owner.frame["age"].to_numpy(), dtype=np.int64)
    classes = register.edition.person_ages
    found = np.full(len(ages), len(classes), dtype=np.int64)
    for index, item in enumerate(classes):
        top = item.to if item.to is not None else np.iinfo(np.int64).max
        found[(ages >= item.start) & (ages <= top)] = index
    codes = [item.code for item in classes] + [UNKNOWN]
    return np.asarray(table.down(found, owner), dtype=np.int64), codes


def _coded(table: Table, field: str) -> tuple[Indices, list[str]]:
    owner = _owner(table, field)
    if field in owner.multiple:
        raise PopulationError(f"a row may have several codes of '{field}': no single one a row")
    column = owner.frame[field]
    codes = np.asarray(column.cat.codes.to_numpy(), dtype=np.int64)
    return np.asarray(table.down(codes, owner), dtype=np.int64), list(column.cat.categories)


def _owner(table: Table, field: str) -> Table:
    owner = table.owner(field)
    if owner is None:
        raise PopulationError(f"no source gives {table.name} the field '{field}'")
    return owner


def counts(population: Population, by: str) -> dict[str, int]:
    """How many rows have each code of `by`, zeros included, in the order of the codes."""
    table = table_of(population)
    rows = mask(population)
    owner = table.owner(by)
    if owner is not None and by in owner.multiple:
        return _multiple_counts(population, table, owner, rows, by)
    codes, names = field_codes(population.register, table, by)
    chosen = codes[rows]
    tally = np.bincount(chosen[chosen >= 0], minlength=len(names))
    return {name: int(number) for name, number in zip(names, tally, strict=True)}


def _multiple_counts(
    population: Population, table: Table, owner: Table, rows: Mask, by: str
) -> dict[str, int]:
    found = {}
    for code in population.register.codelists[by].order:
        column = f"{by}:{code}"
        values = owner.frame[column].to_numpy(dtype=np.bool_) if column in owner.frame else None
        own = np.zeros(len(owner), dtype=np.bool_) if values is None else values
        found[code] = int(np.count_nonzero(table.down(own, owner)[rows]))
    return found


def cross_counts(population: Population, by: Sequence[str]) -> Mapping[tuple[str, ...], int]:
    """How many rows have each combination of codes; combinations without rows are left out.

    A row with several codes of a field counts under each of them.
    """
    table = table_of(population)
    rows = np.flatnonzero(mask(population))
    frame = pd.DataFrame({"row": rows})
    for position, field in enumerate(by):
        frame = frame.merge(_pairs(population.register, table, field, rows, position), on="row")
    columns = list(range(len(by)))
    grouped = frame.groupby(columns, observed=True).size() if len(frame) else pd.Series(dtype=int)
    return {
        (key if isinstance(key, tuple) else (key,)): int(number) for key, number in grouped.items()
    }


def _pairs(
    register: Register, table: Table, field: str, rows: Indices, position: int
) -> pd.DataFrame:
    owner = table.owner(field)
    if owner is not None and field in owner.multiple:
        parts = []
        for code in register.codelists[field].order:
            column = f"{field}:{code}"
            if column in owner.frame:
                own = owner.frame[column].to_numpy(dtype=np.bool_)
                hits = rows[np.asarray(table.down(own, owner), dtype=np.bool_)[rows]]
                parts.append(pd.DataFrame({"row": hits, position: code}))
        return pd.concat(parts, ignore_index=True)
    codes, names = field_codes(register, table, field)
    chosen = codes[rows]
    labels = np.asarray(names, dtype=object)[chosen]
    return pd.DataFrame({"row": rows, position: labels})[chosen >= 0]


def clusters(population: Population) -> Counts:
    """How many rows of the population each contact of its register holds: one number a contact.

    Raises:
        PopulationError: the table doesn't hang on contacts.
    """
    table = table_of(population)
    contacts = population.register.table("contacts")
    if contacts is None:
        raise PopulationError("no source gives contacts")
    rows = rows_above(table, contacts)[mask(population)]
    return np.bincount(rows, minlength=len(contacts)).astype(np.int64)


def day_codes(start: dt.date, end: dt.date) -> list[str]:
    """The days of a window as codes."""
    return _day_codes(Period(start=start, end=end))
