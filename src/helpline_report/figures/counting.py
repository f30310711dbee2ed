"""Rows of a population counted: in all, by the codes of a field, and by clusters of contacts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.errors import PopulationError
from helpline_report.figures.model import Condition, PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.register import DERIVED, Register
from helpline_report.params.values import Period
from helpline_report.tables.model import Mask, Table

Indices = npt.NDArray[np.int64]
Codes = npt.NDArray[np.integer]
Counts = npt.NDArray[np.int64]


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
        found = np.zeros(len(table), dtype=np.bool_)
        for code in condition.codes:
            found |= _coded_rows(table, owner, condition.field, code)
        return found
    owner, codes, names = _own_codes(register, table, condition.field)
    # The last stands for rows without a code, whose place is -1.
    wanted = np.array([*(name in condition.codes for name in names), False], dtype=np.bool_)
    return np.asarray(table.down(wanted[codes], owner), dtype=np.bool_)


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


def field_codes(register: Register, table: Table, field: str) -> tuple[Codes, list[str]]:
    """A field with one code a row: an index a row (-1 where there is none), and the codes."""
    owner, codes, names = _own_codes(register, table, field)
    return np.asarray(table.down(codes, owner)), names


def _own_codes(register: Register, table: Table, field: str) -> tuple[Table, Codes, list[str]]:
    """The same for the rows of the table that the field is of, and that table."""
    if field not in DERIVED:
        return _coded(table, field)
    names = register.codes(field) or []
    if field == "hour":
        owner = _owner(table, "hour")
        hours = owner.frame["hour"].to_numpy()
        return owner, np.where(hours < 0, hours.dtype.type(24), hours), names
    if field == "age_class":
        owner = _owner(table, "age")
        return owner, _age_classes(register, owner), names
    owner = _owner(table, "date")
    days = days_of(owner)
    match field:
        case "month":
            return owner, days.astype("datetime64[M]").astype(np.int64) % 12, names
        case "weekday":
            return owner, (days.astype(np.int64) + 3) % 7, names
    first = np.datetime64(register.edition.period.start, "D")
    return owner, (days - first).astype(np.int64), names


def _age_classes(register: Register, owner: Table) -> Codes:
    ages = owner.frame["age"].to_numpy()
    classes = register.edition.person_ages
    found = np.full(len(ages), len(classes), dtype=np.int16)
    for index, item in enumerate(classes):
        top = item.to if item.to is not None else np.iinfo(np.int64).max
        found[(ages >= item.start) & (ages <= top)] = index
    return found


def _coded(table: Table, field: str) -> tuple[Table, Codes, list[str]]:
    owner = _owner(table, field)
    if field in owner.multiple:
        raise PopulationError(f"a row may have several codes of '{field}': no single one a row")
    column = owner.frame[field].cat
    return owner, column.codes.to_numpy(), list(column.categories)


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
    return {
        code: int(np.count_nonzero(_coded_rows(table, owner, by, code)[rows]))
        for code in population.register.codelists[by].order
    }


def _coded_rows(table: Table, owner: Table, field: str, code: str) -> Mask:
    """Which rows have one code of a field that may have several."""
    column = f"{field}:{code}"
    if column not in owner.frame:
        return np.zeros(len(table), dtype=np.bool_)
    own = owner.frame[column].to_numpy(dtype=np.bool_)
    return np.asarray(table.down(own, owner), dtype=np.bool_)


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
        parts = [
            pd.DataFrame(
                {"row": rows[_coded_rows(table, owner, field, code)[rows]], position: code}
            )
            for code in register.codelists[field].order
        ]
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
    above, contacts = _contact_rows(population)
    return _tally(above[mask(population)], contacts)


def clusters_by(population: Population, by: str) -> Iterator[tuple[str, Counts]]:
    """The same for the rows with each code of a field, code by code.

    Raises:
        PopulationError: the table doesn't hang on contacts.
    """
    table, rows = table_of(population), mask(population)
    above, contacts = _contact_rows(population)
    owner = table.owner(by)
    if owner is not None and by in owner.multiple:
        for code in population.register.codelists[by].order:
            yield code, _tally(above[rows & _coded_rows(table, owner, by, code)], contacts)
        return
    codes, names = field_codes(population.register, table, by)
    above, codes = above[rows], codes[rows]
    for place, name in enumerate(names):
        yield name, _tally(above[codes == place], contacts)


def _contact_rows(population: Population) -> tuple[Indices, int]:
    """The contact on which each row of the table hangs, and how many contacts there are."""
    contacts = population.register.table("contacts")
    if contacts is None:
        raise PopulationError("no source gives contacts")
    return rows_above(table_of(population), contacts), len(contacts)


def _tally(rows: Indices, length: int) -> Counts:
    return np.bincount(rows, minlength=length).astype(np.int64)
