"""Website traffic counted by weight, knowing which numbers can't be added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import compress

import numpy as np
import pandas as pd

from helpline_report.figures.model import Reason
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.tables.model import Table

# A measure, a grain, and the fields by which rows are broken down.
Block = tuple[str, str, frozenset[str]]

DERIVED = ("month", "date")
ADDITIVE = ("page_views", "sessions")
# What a user has one of, as the service sees it: users of several codes of it are different users.
OF_A_USER = frozenset({"user_gender"})


@dataclass(frozen=True)
class Weighed:
    """Numbers by code, or the reason why the source doesn't hold them."""

    numbers: dict[str, int]
    absent: Reason | None = None


def weight(population: Population) -> tuple[int, Reason | None]:
    """The users, page views or sessions of a population.

    The rows are those broken down by exactly the fields of the conditions. Where the total stands
    nowhere, page views and sessions of months or days are added up; users never are: a person who
    comes back in another month, or on another device, is the same user.
    """
    fields = {condition.field for condition in population.spec.conditions}
    rows = _of_the_whole(population, fields)
    if rows is not None and len(rows):
        chosen = _chosen(rows, population)
        if _adds_up(population, chosen, fields):
            return int(chosen["value"].sum()), None
        return 0, Reason(code="not_in_source", about=population.noun)
    if population.noun in ADDITIVE and not fields:
        for grain in ("month", "day"):
            parts = _within(population, fields, grain)
            if parts is not None and _days(parts) == population.spec.period.days:
                return int(parts["value"].sum()), None
    return 0, Reason(code="not_in_source", about=population.noun)


def _of_the_whole(population: Population, fields: set[str]) -> pd.DataFrame | None:
    """The rows about the whole period; a calendar year of which it has a part is another thing."""
    rows = _within(population, fields, "year")
    if rows is None:
        return None
    period = population.spec.period
    start, end = np.datetime64(period.start, "s"), np.datetime64(period.end, "s")
    return rows[(rows["start"] == start) & (rows["end"] == end)]


def _adds_up(population: Population, rows: pd.DataFrame, fields: set[str]) -> bool:
    """Whether rows may be added up: users of several devices may be the same people."""
    if population.noun in ADDITIVE or len(rows) <= 1:
        return True
    shared = fields - OF_A_USER
    return shared != fields and all(len(rows[field].unique()) == 1 for field in shared)


def _days(rows: pd.DataFrame) -> int:
    """The days that rows are about; none is in two of them."""
    return int(((rows["end"] - rows["start"]).dt.days + 1).sum())


def weights(population: Population, by: str) -> Weighed:
    """The same by the codes of a dimension, a month or a day; codes without rows are left out."""
    fields = {condition.field for condition in population.spec.conditions}
    if by in DERIVED:
        rows = _rows(population, fields, "month" if by == "month" else "day")
        if (rows is None or not len(rows)) and by == "month" and population.noun in ADDITIVE:
            rows = _rows(population, fields, "day")
        if rows is None or not len(rows):
            return Weighed({}, Reason(code="not_in_source", about=population.noun))
        pattern = "%m" if by == "month" else "%Y-%m-%d"
        keys = rows["start"].dt.strftime(pattern)
    else:
        whole = _of_the_whole(population, fields | {by})
        rows = None if whole is None else _chosen(whole, population)
        if rows is None or not len(rows):
            return Weighed({}, Reason(code="not_in_source", about=by))
        keys = rows[by].astype(str)
    twice = rows[keys.duplicated(keep=False)]
    if not all(_adds_up(population, own, fields) for _, own in twice.groupby(keys, observed=True)):
        return Weighed({}, Reason(code="not_in_source", about=population.noun))
    summed = rows.groupby(keys, observed=True)["value"].sum()
    return Weighed({str(code): int(number) for code, number in summed.items()})


def _rows(population: Population, fields: set[str], grain: str) -> pd.DataFrame | None:
    rows = _within(population, fields, grain)
    return None if rows is None else _chosen(rows, population)


def _chosen(rows: pd.DataFrame, population: Population) -> pd.DataFrame:
    for condition in population.spec.conditions:
        rows = rows[rows[condition.field].isin(condition.codes)]
    return rows


def _within(population: Population, fields: set[str], grain: str) -> pd.DataFrame | None:
    """The rows of a block that lie in the period; of days left out, no source knows anything."""
    blocks = population.register.once("traffic", lambda: _blocks(population.register))
    rows = blocks.get((population.noun, grain, frozenset(fields)))
    if rows is None or population.spec.without is not None:
        return None
    start = np.datetime64(population.spec.period.start, "s")
    end = np.datetime64(population.spec.period.end, "s")
    return rows[(rows["start"] >= start) & (rows["end"] <= end)]


def _blocks(register: Register) -> Mapping[Block, pd.DataFrame]:
    """The rows of each measure and grain that are broken down by exactly the same fields."""
    table = register.table("traffic")
    if table is None:
        return {}
    fields = dimensions(table)
    keys = [
        (measure, grain, frozenset(compress(fields, held)))
        for measure, grain, held in zip(
            table.frame["measure"],
            table.frame["grain"],
            table.frame[fields].notna().to_numpy(),
            strict=True,
        )
    ]
    places = defaultdict[Block, list[int]](list)
    for place, key in enumerate(keys):
        places[key].append(place)
    return {key: table.frame.iloc[rows] for key, rows in places.items()}


def dimensions(table: Table) -> list[str]:
    """The fields by which rows of the table may be broken down."""
    return sorted(table.fields - {"measure", "grain"})
