"""Count what a population holds: rows by the codes of fields and by contact, totals of traffic.

A field is a categorical column whose categories are its code list; a register makes each column
once. Traffic comes as totals of a measure (`users`, `page_views`, `sessions`) over a grain: the
whole period (`year`), a month or a day. The row that fits the conditions is looked up; rows are
added up only if that is valid.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.errors import PopulationError
from helpline_report.exports.text_tables import Mask
from helpline_report.figures.model import PopulationSpec, Reason
from helpline_report.figures.register import Register
from helpline_report.parameters.row_layouts import DERIVED, SOURCE_FIELDS
from helpline_report.tables.dataset import RowNumbers, Table

if TYPE_CHECKING:
    from helpline_report.figures.population import Population

Codes = npt.NDArray[np.integer]

# What traffic can be broken down by, without being a field of its reports.
TRAFFIC_DAYS = ("month", "date")
ADDITIVE = ("page_views", "sessions")
# A user has one value of these fields: users with different values are different users.
ONE_PER_USER = frozenset({"user_gender"})


def get_column(register: Register, table: Table, field: str) -> pd.Categorical[Any]:
    """A field with one code a row, for the rows of a table that has it or hangs on one that does.

    Raises:
        PopulationError: no source gives it.
    """
    owner = table.owner(field)
    if owner is None:
        # A source may give classes in place of ages. A table without rows is an owner too.
        owner = table.owner(SOURCE_FIELDS.get(field, field))
    if owner is None:
        raise PopulationError(f"no source gives {table.name} the field '{field}'")

    def make() -> pd.Categorical[Any]:
        if owner is not table:
            above = get_column(register, owner, field)
            codes = cast("Codes", table.down(above.codes, owner))
            return pd.Categorical.from_codes(codes, above.categories)
        if field not in DERIVED or (field == "age_class" and field in table.fields):
            return pd.Categorical(table.frame[field])
        names = register.codes(field) or []
        codes = _derive_codes(register, table, field, names)
        return pd.Categorical.from_codes(codes, pd.Index(names))

    return register.once(("column", table.name, field), make)


def _derive_codes(register: Register, table: Table, field: str, names: list[str]) -> Codes:
    """The place, in `names`, of each row's code of a field that is worked out from another one."""
    period = register.edition.period
    match field:
        case "date":
            days = table.frame["date"].to_numpy().astype("datetime64[D]")
            return np.asarray((days - np.datetime64(period.start, "D")).astype(np.int16))
        case "hour" | "age":
            # A negative number is unknown, which is the last code.
            numbers = table.frame[field].to_numpy()
            return np.where(numbers < 0, numbers.dtype.type(len(names) - 1), numbers)
        case "age_class":
            return _find_age_classes(register, table)
        case "month":
            codes = [period.month_code(day) for day in period.each_day()]
        case _:
            codes = [str(day.isoweekday()) for day in period.each_day()]
    of_day = np.array([*map(names.index, codes)])
    return np.asarray(of_day[get_column(register, table, "date").codes])


def _find_age_classes(register: Register, table: Table) -> Codes:
    """The place of each row's age class; the last place is that of unknown ages."""
    classes, ages = register.edition.person_ages, get_column(register, table, "age")
    unknown_age = len(ages.categories) - 1
    class_of_age = np.full(unknown_age + 1, len(classes), dtype=np.int8)
    for place, item in enumerate(classes):
        end = unknown_age if item.to is None else item.to + 1
        class_of_age[item.start : end] = place
    return np.asarray(class_of_age[ages.codes])


def has_code(register: Register, table: Table, field: str, codes: Collection[str]) -> Mask:
    """Which rows of a table have one of some codes of a field, perhaps beside other codes."""
    owner = table.owner(field)
    if owner is not None and field in owner.multiple:
        names = [f"{field}:{code}" for code in codes]
        flags = owner.frame[owner.frame.columns.intersection(names)].to_numpy(np.bool_)
        return cast("Mask", table.down(np.logical_or.reduce(flags, axis=1), owner))
    column = get_column(register, table, field)
    # Rows without a code have the place -1: they take the last element.
    is_wanted = np.append(column.categories.isin(list(codes)), False)
    return cast("Mask", is_wanted[column.codes])


def get_table(register: Register, name: str) -> Table:
    """A table whose rows are counted.

    Raises:
        PopulationError: no source gives it.
    """
    table = register.table(name)
    if table is None:
        raise PopulationError(f"{name} can't be counted: no source gives them")
    return table


def make_mask(population: Population) -> Mask:
    """Which rows of its table belong to the population: bool, one a row."""
    return _make_spec_mask(population.register, population.spec)


def _make_spec_mask(register: Register, spec: PopulationSpec) -> Mask:
    table = get_table(register, spec.table)
    rows = np.ones(len(table), dtype=np.bool_)
    if spec.period != register.edition.period or spec.without is not None:
        rows &= has_code(register, table, "date", [day.isoformat() for day in spec.days()])
    for condition in spec.conditions:
        rows &= has_code(register, table, condition.field, condition.codes)
        if condition.negated and register.has_several(table.name, condition.field):
            left_out = set(register.codes(condition.field) or ()) - set(condition.codes)
            rows &= ~has_code(register, table, condition.field, left_out)
    for lower in spec.having:
        above = find_rows_above(register, get_table(register, lower.table), table)
        having = np.zeros(len(table), dtype=np.bool_)
        having[above[_make_spec_mask(register, lower)]] = True
        rows &= having
    return rows


def find_rows_above(register: Register, table: Table, upper: Table) -> RowNumbers:
    """The row of the upper table on which each row of a table hangs."""
    places = np.arange(len(upper), dtype=np.int32)
    return register.once(
        ("above", table.name, upper.name), lambda: cast("RowNumbers", table.down(places, upper))
    )


def list_lines(register: Register, spec: PopulationSpec) -> list[int]:
    """The lines of a population of rows, in the register that it is of, in order.

    Raises:
        PopulationError: no source gives its table.
    """
    year = register
    if register.previous is not None and spec.edition != register.edition.edition:
        year = register.previous
    lines = get_table(year, spec.table).frame["line"].to_numpy()[_make_spec_mask(year, spec)]
    return sorted(lines.tolist())


def count_by_code(population: Population, by: str) -> dict[str, int]:
    """How many rows have each code of `by`, zeros included, in the order of the codes."""
    register = population.register
    table, rows = get_table(register, population.spec.table), make_mask(population)
    if register.has_several(table.name, by):
        return {
            code: int(np.count_nonzero(rows & has_code(register, table, by, [code])))
            for code in register.codelists[by].order
        }
    tally = get_column(register, table, by)[rows].value_counts()
    return {str(code): int(number) for code, number in tally.items()}


def count_crossed(population: Population, by: Sequence[str]) -> Mapping[tuple[str, ...], int]:
    """How many rows have each combination of codes; combinations without rows are left out.

    A row with several codes of a field counts under each of them.
    """
    register = population.register
    table = get_table(register, population.spec.table)
    rows: npt.NDArray[np.integer] = np.flatnonzero(make_mask(population))
    orders: list[list[str]] = []
    places: list[npt.NDArray[np.integer]] = []
    for field in by:
        if register.has_several(table.name, field):
            order = register.codelists[field].order
            flags = [has_code(register, table, field, [code])[rows] for code in order]
            at, place = np.nonzero(np.stack(flags, axis=1))
        else:
            column = get_column(register, table, field)
            order, codes = list(column.categories), column.codes[rows]
            at = np.flatnonzero(codes >= 0)
            place = codes[at].astype(np.int64)
        # A row is repeated for each of its codes of the field, also in the fields before this one.
        rows, places = rows[at], [*(each[at] for each in places), place]
        orders.append(order)
    shape = [len(order) for order in orders]
    cells, tally = np.unique(np.ravel_multi_index(places, shape), return_counts=True)
    pairs = zip(orders, np.unravel_index(cells, shape), strict=True)
    codes_by_field = [[order[at] for at in of_field] for order, of_field in pairs]
    return dict(zip(zip(*codes_by_field, strict=True), tally.tolist(), strict=True))


def group_by_contact(population: Population) -> RowNumbers:
    """The row of the contact on which each row of a population hangs, in the order of its table.

    Raises:
        PopulationError: there are no contacts.
    """
    register, names = population.register, (population.spec.table, "contacts")
    table, contacts = (get_table(register, name) for name in names)
    return find_rows_above(register, table, contacts)[make_mask(population)]


def explore_rows(population: Population) -> pd.DataFrame:
    """The fields of a table and of those above it, and derived ones; see `Population.df`.

    A field has the name by which a chapter knows it, and no row has a line or a key.
    """
    register = population.register
    table = get_table(register, population.spec.table)
    if table.name == "traffic":
        frame = _select(table.frame[table.frame["measure"] == population.noun], population)
        return frame.drop(columns=["line", "file"], errors="ignore").reset_index(drop=True)
    columns: dict[str, pd.Series] = {}
    owner: Table | None = table
    while owner is not None:
        rows = find_rows_above(register, table, owner)
        for name, values in owner.frame.drop(columns="line", errors="ignore").items():
            numbers = name in ("hour", "age")
            typed = values.astype("Int16").mask(values < 0) if numbers else values
            columns[str(name)] = typed.iloc[rows].reset_index(drop=True)
        owner = owner.parent
    for name, source in SOURCE_FIELDS.items():
        if table.has(source):
            columns[name] = pd.Series(get_column(register, table, name).as_ordered())
    return pd.DataFrame(columns)[make_mask(population)].reset_index(drop=True)


def sum_traffic(population: Population) -> tuple[int, Reason | None]:
    """The users, page views or sessions of a population, or why its source doesn't say them.

    Rows count that are broken down by exactly the fields of the conditions. If the source has no
    total, page views and sessions of months or days are added up. Users never are: somebody who
    comes back in another month, or on another device, is the same user.
    """
    fields = population.fields()
    totals = _select_grain(population, fields, "year")
    if len(totals):
        chosen = _select(totals, population)
        if _adds_up(population, chosen, fields):
            return int(chosen["value"].sum()), None
    elif population.noun in ADDITIVE and not fields:
        for grain in ("month", "day"):
            parts = _select_grain(population, fields, grain)
            # No day is in two of them.
            days = (parts["end"] - parts["start"]).dt.days + 1
            if days.sum() == population.spec.period.days:
                return int(parts["value"].sum()), None
    return 0, Reason(code="not_in_source", about=population.noun)


def sum_traffic_by(population: Population, by: str) -> tuple[dict[str, int], Reason | None]:
    """The same by the codes of a dimension, a month or a day; codes without rows are left out.

    Codes stand in the order of their list; of an open list the one with the most comes first.
    """
    fields, dated = population.fields(), by in TRAFFIC_DAYS
    if dated:
        grain = "month" if by == "month" else "day"
        rows = _select(_select_grain(population, fields, grain), population)
        if rows.empty and by == "month" and population.noun in ADDITIVE:
            rows = _select(_select_grain(population, fields, "day"), population)
        month_code = population.register.edition.period.month_code
        codes = rows["start"].map(month_code if by == "month" else lambda day: f"{day:%Y-%m-%d}")
    else:
        rows = _select(_select_grain(population, fields | {by}, "year"), population)
        codes = rows[by] if by in rows else rows["measure"]
    parts = {str(code): part for code, part in rows.groupby(codes, observed=True)}
    if rows.empty or not all(_adds_up(population, part, fields) for part in parts.values()):
        about = by if rows.empty and not dated else population.noun
        return {}, Reason(code="not_in_source", about=about)
    numbers = {code: int(part["value"].sum()) for code, part in sorted(parts.items())}
    codelist = population.register.codelists.get(by)
    if codelist is not None and codelist.open:
        return dict(sorted(numbers.items(), key=lambda item: -item[1])), None
    listed = [code for code in (codelist.order if codelist else ()) if code in numbers]
    return {code: numbers[code] for code in dict.fromkeys([*listed, *numbers])}, None


def _select_grain(population: Population, fields: set[str], grain: str) -> pd.DataFrame:
    """The rows of a grain, broken down by exactly some fields, that lie in the period.

    Those of the grain `year` cover exactly the period. A population with days left out has no
    rows: services give no such totals.
    """
    table, spec = get_table(population.register, population.spec.table), population.spec
    frame, dimensions = table.frame, set(table.fields) - {"measure", "grain"}
    start, end = pd.Timestamp(spec.period.start), pd.Timestamp(spec.period.end)
    chosen = (frame["measure"] == spec.noun) & (frame["grain"] == grain)
    chosen &= (frame["start"] >= start) & (frame["end"] <= end)
    if grain == "year":
        chosen &= (frame["start"] == start) & (frame["end"] == end)
    for field in dimensions:
        chosen &= frame[field].notna() == (field in fields)
    return frame[chosen & (fields <= dimensions and spec.without is None)]


def _select(rows: pd.DataFrame, population: Population) -> pd.DataFrame:
    for condition in population.spec.conditions if len(rows) else ():
        rows = rows[rows[condition.field].isin(condition.codes)]
    return rows


def _adds_up(population: Population, rows: pd.DataFrame, fields: set[str]) -> bool:
    """Whether rows may be added up.

    Users of different genders are different people; users of different devices may not be.
    """
    if population.noun in ADDITIVE or len(rows) <= 1:
        return True
    others = fields - ONE_PER_USER
    return others != fields and all(len(rows[field].unique()) == 1 for field in others)
