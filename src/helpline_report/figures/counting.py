"""Rows of a population counted: in all, by the codes of a field, and by several fields."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from helpline_report.errors import PopulationError
from helpline_report.figures.columns import (
    Codes,
    Column,
    coded_rows,
    column,
    has_several,
    rows_above,
)
from helpline_report.figures.model import Condition, PopulationSpec
from helpline_report.figures.register import Register
from helpline_report.parameters.values import Period
from helpline_report.tables.dataset import Mask, Table

if TYPE_CHECKING:
    from helpline_report.figures.population import Population

# Combinations of codes that are counted in a row of places, one each; of more, those that occur.
MOST_PLACES = 1_000_000


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
    found = _inside(register, table, spec.period)
    return found & ~_inside(register, table, spec.without) if spec.without else found


def _inside(register: Register, table: Table, period: Period) -> Mask:
    days = column(register, table, "date").codes
    first = register.edition.period.start
    return _between(days, (period.start - first).days, (period.end - first).days)


def _between(codes: Codes, first: int, last: int) -> Mask:
    if first == last:
        return np.asarray(codes == first, dtype=np.bool_)
    return np.asarray((codes >= first) & (codes <= last), dtype=np.bool_)


def _condition_mask(register: Register, table: Table, condition: Condition) -> Mask:
    found = np.zeros(len(table), dtype=np.bool_)
    if has_several(table, condition.field):
        for code in condition.codes:
            found |= coded_rows(register, table, condition.field, code)
        if condition.negated:
            for code in set(register.codes(condition.field) or ()) - set(condition.codes):
                found &= ~coded_rows(register, table, condition.field, code)
        return found
    made = column(register, table, condition.field)
    places = sorted(made.places[code] for code in condition.codes if code in made.places)
    for first, last in _runs(places):
        found |= _between(made.codes, first, last)
    return found


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ascending places as runs without a gap: the first and the last of each."""
    starts = [i for i, place in enumerate(places) if i == 0 or places[i - 1] < place - 1]
    for start, end in zip(starts, [*starts[1:], len(places)], strict=True):
        yield places[start], places[end - 1]


def _having_mask(register: Register, table: Table, lower: PopulationSpec) -> Mask:
    child = register.table(lower.table)
    if child is None:
        raise PopulationError(f"no source gives {lower.table}")
    found = np.zeros(len(table), dtype=np.bool_)
    found[rows_above(register, child, table)[_spec_mask(register, lower)]] = True
    return found


def counts(population: Population, by: str) -> dict[str, int]:
    """How many rows have each code of `by`, zeros included, in the order of the codes."""
    table, register = table_of(population), population.register

    def make() -> dict[str, int]:
        rows = mask(population)
        if has_several(table, by):
            return {
                code: int(np.count_nonzero(rows & coded_rows(register, table, by, code)))
                for code in register.codelists[by].order
            }
        made = column(register, table, by)
        # Rows without a code stand before the first place.
        tally = np.bincount(made.codes[rows] + 1, minlength=len(made.names) + 1)[1:]
        return dict(zip(made.names, tally.tolist(), strict=True))

    return dict(register.once(("counts", population.spec, by), make))


def cross_counts(population: Population, by: Sequence[str]) -> Mapping[tuple[str, ...], int]:
    """How many rows have each combination of codes; combinations without rows are left out.

    A row with several codes of a field counts under each of them.
    """
    table, register = table_of(population), population.register
    rows = mask(population)
    several = [field for field in by if has_several(table, field)]
    single = [field for field in by if field not in several]
    columns = [column(register, table, field) for field in single]
    found: dict[tuple[str, ...], int] = {}
    for codes in product(*(register.codelists[field].order for field in several)):
        chosen, named = rows, dict(zip(several, codes, strict=True))
        for field, code in named.items():
            chosen = chosen & coded_rows(register, table, field, code)
        for names, number in _combinations(columns, chosen):
            named |= zip(single, names, strict=True)
            found[tuple(named[field] for field in by)] = number
    return found


def _combinations(columns: Sequence[Column], rows: Mask) -> Iterator[tuple[tuple[str, ...], int]]:
    """The combinations of codes that some rows have, and how many rows have each."""
    shape = tuple(len(each.names) + 1 for each in columns)
    # Each combination is a whole number; as its first digit, rows without a code have 0.
    combined = np.zeros(int(np.count_nonzero(rows)), dtype=np.int64)
    for each, width in zip(columns, shape, strict=True):
        combined *= width
        combined += each.codes[rows]
        combined += 1
    if math.prod(shape) <= MOST_PLACES:
        numbers = np.bincount(combined)
        places = np.flatnonzero(numbers)
        numbers = numbers[places]
    else:
        places, numbers = np.unique(combined, return_counts=True)
    digits = [digit.tolist() for digit in np.unravel_index(places, (1, *shape))[1:]]
    for number, *held in zip(numbers.tolist(), *digits, strict=True):
        if all(held):
            yield tuple(each.names[d - 1] for each, d in zip(columns, held, strict=True)), number
