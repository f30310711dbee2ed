"""Count the rows of a population: in all, by the codes of fields, and by contact.

What is counted of a table is counted of columns of small whole numbers: conditions, breakdowns and
cross-tables of all figures share them, since each is made once for a register.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.errors import PopulationError
from helpline_report.figures.model import Condition, PopulationSpec
from helpline_report.figures.register import DERIVED, UNKNOWN, Register
from helpline_report.parameters.values import Period
from helpline_report.tables.dataset import Mask, Rows, Table

if TYPE_CHECKING:
    from helpline_report.figures.population import Population

Codes = npt.NDArray[np.integer]

# Of derived fields, the one that they are worked out from, where it has another name.
SOURCES = {"month": "date", "weekday": "date", "age_class": "age"}


@dataclass(frozen=True, eq=False)
class CodeColumn:
    """A field with one code a row.

    `codes` holds for each row the place of its code in `names`, -1 where it has none; `places` are
    those places by name.
    """

    codes: Codes
    names: list[str]
    places: dict[str, int]


def column(register: Register, table: Table, field: str) -> CodeColumn:
    """A field with one code a row, for the rows of a table that has it or hangs on one that does.

    Raises:
        PopulationError: no source gives it, or a row may have several of its codes.
    """

    def make() -> CodeColumn:
        if field not in DERIVED and field in owner.multiple:
            raise PopulationError(f"a row may have several codes of '{field}': no single one a row")
        if owner is not table:
            above = column(register, owner, field)
            codes = cast("Codes", table.down(above.codes, owner))
            return CodeColumn(codes, above.names, above.places)
        codes, names = _own(register, table, field)
        codes.setflags(write=False)
        return CodeColumn(codes, names, {name: place for place, name in enumerate(names)})

    # A source may give classes in place of ages.
    owner = table.owner(field) or _owner(table, SOURCES.get(field, field))
    return register.once(("column", table.name, field), make)


def _owner(table: Table, field: str) -> Table:
    owner = table.owner(field)
    if owner is None:
        raise PopulationError(f"no source gives {table.name} the field '{field}'")
    return owner


def _own(register: Register, table: Table, field: str) -> tuple[Codes, list[str]]:
    """The same of the rows of the table that the field, or what it is derived from, is of."""
    if field not in DERIVED or (field == "age_class" and field in table.fields):
        values = table.frame[field].cat
        return values.codes.to_numpy(), list(values.categories)
    names = register.codes(field) or []
    match field:
        case "date":
            return _days(register, table), names
        case "month" | "weekday":
            return _of_days(register, table, field), names
        case "hour":
            hours = table.frame["hour"].to_numpy()
            return np.where(hours < 0, hours.dtype.type(24), hours), names
        case "age":
            ages = table.frame["age"].to_numpy()
            return np.where(ages < 0, ages.dtype.type(names.index(UNKNOWN)), ages), names
    return _age_classes(register, table), names


def _days(register: Register, table: Table) -> Codes:
    """The day of each row, counted from the first of the period."""
    first = np.datetime64(register.edition.period.start, "D")
    days = table.frame["date"].to_numpy().astype("datetime64[D]")
    return (days - first).astype(np.int16)


def _of_days(register: Register, table: Table, field: str) -> Codes:
    """The month or the weekday of each row: worked out for the days, and looked up for the rows."""
    dates, period = column(register, table, "date"), register.edition.period
    days = np.array(dates.names, dtype="datetime64[D]")
    if field == "weekday":
        # The first day of numpy's calendar was a Thursday.
        numbers = (days.astype(np.int64) + 3) % 7
    else:
        # Its first month was a January.
        months = days.astype("datetime64[M]").astype(np.int64)
        numbers = months - months[0] if period.repeats_months else months % 12
    return numbers.astype(np.min_scalar_type(-period.months))[dates.codes]


def _age_classes(register: Register, table: Table) -> Codes:
    """The class of each row's age: worked out for the ages that there are, and looked up."""
    classes = register.edition.person_ages
    ages = table.frame["age"].to_numpy()
    lowest = int(ages.min(initial=0))
    known = np.arange(lowest, int(ages.max(initial=0)) + 1)
    places = np.full(len(known), len(classes), dtype=np.min_scalar_type(-len(classes) - 2))
    for index, item in enumerate(classes):
        top = item.to if item.to is not None else known[-1]
        places[(known >= item.start) & (known <= top)] = index
    return np.asarray(places[ages.astype(np.intp) - lowest])


def has_several(table: Table, field: str) -> bool:
    """Whether a row of a table may have several codes of a field."""
    owner = table.owner(field)
    return owner is not None and field in owner.multiple


def coded_rows(register: Register, table: Table, field: str, code: str) -> Mask:
    """Which rows have one code of a field that may have several; not to be written to."""
    owner, name = _owner(table, field), f"{field}:{code}"

    def make() -> Mask:
        if name not in owner.frame:
            return np.zeros(len(table), dtype=np.bool_)
        own = owner.frame[name].to_numpy(dtype=np.bool_)
        rows = np.asarray(table.down(own, owner), dtype=np.bool_)
        rows.setflags(write=False)
        return rows

    return register.once(("rows", table.name, name), make)


def rows_frame(register: Register, table: Table) -> pd.DataFrame:
    """The fields of a table and of those above it, and derived ones; see `Population.df`.

    A field has the name by which a chapter knows it, and no row has a line or a key.
    """
    columns: dict[str, pd.Series] = {}
    owner: Table | None = table
    while owner is not None:
        for name in owner.frame.columns:
            if name == "line":
                continue
            values = owner.frame[name]
            if name in ("hour", "age"):
                values = values.astype("Int16").mask(values < 0)
            rows = rows_above(register, table, owner)
            columns[str(name)] = values.iloc[rows].reset_index(drop=True)
        owner = owner.parent
    for name in ("month", "weekday", "age_class"):
        if table.has(SOURCES[name]):
            codes = column(register, table, name)
            labels = pd.Categorical.from_codes(codes.codes, pd.Index(codes.names), ordered=True)
            columns[name] = pd.Series(labels)
    return pd.DataFrame(columns)


def rows_above(register: Register, table: Table, upper: Table) -> Rows:
    """For each row of a table, the row of the upper one on which it hangs."""

    def make() -> Rows:
        places = np.arange(len(upper), dtype=np.int32)
        return np.asarray(table.down(places, upper), dtype=np.int32)

    return register.once(("above", table.name, upper.name), make)


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
    rows = _period_mask(register, table, spec)
    for condition in spec.conditions:
        rows &= _condition_mask(register, table, condition)
    for lower in spec.having:
        rows &= _having_mask(register, table, lower)
    return rows


def _period_mask(register: Register, table: Table, spec: PopulationSpec) -> Mask:
    if spec.period == register.edition.period and spec.without is None:
        return np.ones(len(table), dtype=np.bool_)
    rows = _inside(register, table, spec.period)
    return rows & ~_inside(register, table, spec.without) if spec.without else rows


def _inside(register: Register, table: Table, period: Period) -> Mask:
    days = column(register, table, "date").codes
    first = register.edition.period.start
    return _between(days, (period.start - first).days, (period.end - first).days)


def _between(codes: Codes, first: int, last: int) -> Mask:
    if first == last:
        return np.asarray(codes == first, dtype=np.bool_)
    return np.asarray((codes >= first) & (codes <= last), dtype=np.bool_)


def _condition_mask(register: Register, table: Table, condition: Condition) -> Mask:
    rows = np.zeros(len(table), dtype=np.bool_)
    if has_several(table, condition.field):
        for code in condition.codes:
            rows |= coded_rows(register, table, condition.field, code)
        if condition.negated:
            for code in set(register.codes(condition.field) or ()) - set(condition.codes):
                rows &= ~coded_rows(register, table, condition.field, code)
        return rows
    coded = column(register, table, condition.field)
    places = sorted(coded.places[code] for code in condition.codes if code in coded.places)
    for first, last in _runs(places):
        rows |= _between(coded.codes, first, last)
    return rows


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ascending places as runs without a gap: the first and the last of each."""
    starts = [i for i, place in enumerate(places) if i == 0 or places[i - 1] < place - 1]
    for start, end in zip(starts, [*starts[1:], len(places)], strict=True):
        yield places[start], places[end - 1]


def _having_mask(register: Register, table: Table, lower: PopulationSpec) -> Mask:
    child = register.table(lower.table)
    if child is None:
        raise PopulationError(f"no source gives {lower.table}")
    rows = np.zeros(len(table), dtype=np.bool_)
    rows[rows_above(register, child, table)[_spec_mask(register, lower)]] = True
    return rows


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
        coded = column(register, table, by)
        # Rows without a code stand before the first place.
        tally = np.bincount(coded.codes[rows] + 1, minlength=len(coded.names) + 1)[1:]
        return dict(zip(coded.names, tally.tolist(), strict=True))

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
    tally: dict[tuple[str, ...], int] = {}
    for codes in product(*(register.codelists[field].order for field in several)):
        chosen, named = rows, dict(zip(several, codes, strict=True))
        for field, code in named.items():
            chosen = chosen & coded_rows(register, table, field, code)
        for names, number in _combinations(columns, chosen):
            named |= zip(single, names, strict=True)
            tally[tuple(named[field] for field in by)] = number
    return tally


def _combinations(
    columns: Sequence[CodeColumn], rows: Mask
) -> Iterator[tuple[tuple[str, ...], int]]:
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
    for number, *place in zip(numbers.tolist(), *digits, strict=True):
        if all(place):
            yield tuple(each.names[d - 1] for each, d in zip(columns, place, strict=True)), number


@dataclass(frozen=True)
class Clusters:
    """The contact on which each row of a population hangs, in ascending order."""

    contacts: Rows

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.contacts)

    @cached_property
    def number(self) -> int:
        """How many contacts hold one of the rows, or more."""
        return int(np.count_nonzero(self._sizes))

    @cached_property
    def squares(self) -> int:
        """The sum of the squares of how many rows each contact holds."""
        # A contact's rows stand beside each other: they are as many as lie between two changes.
        changes = np.flatnonzero(self.contacts[1:] != self.contacts[:-1])
        sizes = np.diff(changes, prepend=-1, append=self.rows - 1)
        return int(np.dot(sizes, sizes))

    def products(self, whole: Clusters) -> int:
        """The sum, over the contacts, of these rows times those of the whole of which they are."""
        return int(whole._sizes[self.contacts].sum())

    @cached_property
    def _sizes(self) -> npt.NDArray[np.int32]:
        """How many rows each contact holds, up to the last one that holds any."""
        return np.bincount(self.contacts).astype(np.int32)


def clusters(population: Population) -> Clusters:
    """The rows of a population by contact.

    Raises:
        PopulationError: the table doesn't hang on contacts.
    """

    def make() -> Clusters:
        return _of(_contacts(population)[mask(population)])

    return population.register.once(("clusters", population.spec), make)


def clusters_by(population: Population, by: str) -> Iterator[tuple[str, Clusters]]:
    """The same for the rows with each code of a field, code by code.

    Raises:
        PopulationError: the table doesn't hang on contacts.
    """
    table, register = table_of(population), population.register
    rows, above = mask(population), _contacts(population)
    if has_several(table, by):
        for code in register.codelists[by].order:
            yield code, _of(above[rows & coded_rows(register, table, by, code)])
        return
    coded = column(register, table, by)
    above, codes = above[rows], coded.codes[rows]
    for place, name in enumerate(coded.names):
        yield name, _of(above[codes == place])


def _contacts(population: Population) -> Rows:
    """The contact on which each row of the table hangs."""
    contacts = population.register.table("contacts")
    if contacts is None:
        raise PopulationError("no source gives contacts")
    return rows_above(population.register, table_of(population), contacts)


def _of(contacts: Rows) -> Clusters:
    ascending = bool(np.all(contacts[1:] >= contacts[:-1]))
    return Clusters(contacts if ascending else np.sort(contacts))


def lines_of(register: Register, spec: PopulationSpec) -> list[int]:
    """The lines of a population of rows, in the register that it is of, in order.

    Raises:
        PopulationError: no source gives its table.
    """
    of = register if spec.edition == register.edition.edition else register.previous
    table = (of or register).table(spec.table)
    if table is None:
        raise PopulationError(f"{spec.table} can't be counted: no source gives them")
    lines = table.frame["line"].to_numpy()[_spec_mask(of or register, spec)]
    return sorted(int(line) for line in lines)
