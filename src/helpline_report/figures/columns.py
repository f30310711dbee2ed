"""A field as small whole numbers, one a row of a table: each made once for a register.

What is counted of a table is counted of these: conditions, breakdowns and cross-tables of all
figures share them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.errors import PopulationError
from helpline_report.figures.register import DERIVED, UNKNOWN, Register
from helpline_report.tables.dataset import Mask, Rows, Table

Codes = npt.NDArray[np.integer]

# Of derived fields, the one that they are worked out from, where it has another name.
SOURCES = {"month": "date", "weekday": "date", "age_class": "age"}


@dataclass(frozen=True, eq=False)
class Column:
    """A field with one code a row.

    `codes` holds for each row the place of its code in `names`, -1 where it has none; `places` are
    those places by name.
    """

    codes: Codes
    names: list[str]
    places: dict[str, int]


def column(register: Register, table: Table, field: str) -> Column:
    """A field with one code a row, for the rows of a table that has it or hangs on one that does.

    Raises:
        PopulationError: no source gives it, or a row may have several of its codes.
    """

    def make() -> Column:
        if field not in DERIVED and field in owner.multiple:
            raise PopulationError(f"a row may have several codes of '{field}': no single one a row")
        if owner is not table:
            above = column(register, owner, field)
            codes = cast("Codes", table.down(above.codes, owner))
            return Column(codes, above.names, above.places)
        codes, names = _own(register, table, field)
        codes.setflags(write=False)
        return Column(codes, names, {name: place for place, name in enumerate(names)})

    owner = _owner(table, SOURCES.get(field, field))
    return register.once(("column", table.name, field), make)


def _owner(table: Table, field: str) -> Table:
    owner = table.owner(field)
    if owner is None:
        raise PopulationError(f"no source gives {table.name} the field '{field}'")
    return owner


def _own(register: Register, table: Table, field: str) -> tuple[Codes, list[str]]:
    """The same of the rows of the table that the field, or what it is derived from, is of."""
    if field not in DERIVED:
        values = table.frame[field].cat
        return values.codes.to_numpy(), list(values.categories)
    names = register.codes(field) or []
    match field:
        case "date":
            return _days(register, table), names
        case "month":
            return _of_days(register, table, "M", 12), names
        case "weekday":
            return _of_days(register, table, "D", 7), names
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


def _of_days(register: Register, table: Table, unit: str, cycle: int) -> Codes:
    """The month or the weekday of each row: worked out for the days, and looked up for the rows."""
    dates = column(register, table, "date")
    days = np.array(dates.names, dtype="datetime64[D]")
    # The first month of numpy's calendar is a January, and its first day was a Thursday.
    shift = 3 if unit == "D" else 0
    numbers = (days.astype(f"datetime64[{unit}]").astype(np.int64) + shift) % cycle
    return numbers.astype(np.int8)[dates.codes]


def _age_classes(register: Register, table: Table) -> Codes:
    """The class of each row's age: worked out for the ages that there are, and looked up."""
    classes = register.edition.person_ages
    ages = table.frame["age"].to_numpy()
    lowest = int(ages.min(initial=0))
    known = np.arange(lowest, int(ages.max(initial=0)) + 1)
    found = np.full(len(known), len(classes), dtype=np.min_scalar_type(-len(classes) - 2))
    for index, item in enumerate(classes):
        top = item.to if item.to is not None else known[-1]
        found[(known >= item.start) & (known <= top)] = index
    return np.asarray(found[ages.astype(np.intp) - lowest])


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
        found = np.asarray(table.down(own, owner), dtype=np.bool_)
        found.setflags(write=False)
        return found

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
