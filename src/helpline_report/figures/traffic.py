"""Website traffic counted by weight, knowing which numbers can't be added up."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from helpline_report.errors import PopulationError
from helpline_report.figures.model import Reason
from helpline_report.figures.register import Register
from helpline_report.parameters.values import Period
from helpline_report.tables.dataset import Table

if TYPE_CHECKING:
    from helpline_report.figures.population import Population

# A measure, a grain, and the fields by which rows are broken down.
Block = tuple[str, str, frozenset[str]]

DERIVED = ("month", "date")
ADDITIVE = ("page_views", "sessions")
# What a user has one of, as the service sees it: users of several codes of it are different users.
OF_A_USER = frozenset({"user_gender"})


@dataclass(frozen=True)
class Total:
    """A number that a source gives: of some days, and of one code of each field it's about."""

    start: dt.date
    end: dt.date
    codes: Mapping[str, str]
    value: int


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
    whole = _of_the_whole(population, fields)
    if whole:
        chosen = _chosen(whole, population)
        if _adds_up(population, chosen, fields):
            return _sum(chosen), None
        return 0, Reason(code="not_in_source", about=population.noun)
    if population.noun in ADDITIVE and not fields:
        for grain in ("month", "day"):
            parts = _within(population, fields, grain)
            if _days(parts) == population.spec.period.days:
                return _sum(parts), None
    return 0, Reason(code="not_in_source", about=population.noun)


def _of_the_whole(population: Population, fields: set[str]) -> list[Total]:
    """The rows about the whole period; a calendar year of which it has a part is another thing."""
    period = population.spec.period
    rows = _within(population, fields, "year")
    return [row for row in rows if (row.start, row.end) == (period.start, period.end)]


def _adds_up(population: Population, rows: Sequence[Total], fields: set[str]) -> bool:
    """Whether rows may be added up: users of several devices may be the same people."""
    if population.noun in ADDITIVE or len(rows) <= 1:
        return True
    shared = fields - OF_A_USER
    return shared != fields and all(
        len({row.codes[field] for row in rows}) == 1 for field in shared
    )


def _sum(rows: Sequence[Total]) -> int:
    return sum(row.value for row in rows)


def _days(rows: Sequence[Total]) -> int:
    """The days that rows are about; none is in two of them."""
    return sum((row.end - row.start).days + 1 for row in rows)


def traffic_rows(population: Population) -> pd.DataFrame:
    """The rows of the reports that say something of a population; see `Population.df`.

    Raises:
        PopulationError: no source gives them.
    """
    table = population.register.table("traffic")
    if table is None:
        raise PopulationError("traffic can't be counted: no source gives it")
    frame = table.frame[table.frame["measure"] == population.noun]
    for condition in population.spec.conditions:
        frame = frame[frame[condition.field].isin(condition.codes)]
    return frame.drop(columns=["line", "file"], errors="ignore").reset_index(drop=True)


def weights(population: Population, by: str) -> Weighed:
    """The same by the codes of a dimension, a month or a day; codes without rows are left out."""
    fields = {condition.field for condition in population.spec.conditions}
    if by in DERIVED:
        rows = _rows(population, fields, "month" if by == "month" else "day")
        if not rows and by == "month" and population.noun in ADDITIVE:
            rows = _rows(population, fields, "day")
        absent = Reason(code="not_in_source", about=population.noun)
    else:
        rows = _chosen(_of_the_whole(population, fields | {by}), population)
        absent = Reason(code="not_in_source", about=by)
    if not rows:
        return Weighed({}, absent)
    parts, period = defaultdict[str, list[Total]](list), population.register.edition.period
    for row in rows:
        parts[_code(row, by, period)].append(row)
    if not all(_adds_up(population, part, fields) for part in parts.values()):
        return Weighed({}, Reason(code="not_in_source", about=population.noun))
    return Weighed({code: _sum(part) for code, part in sorted(parts.items())})


def _code(row: Total, by: str, period: Period) -> str:
    if by in DERIVED:
        return period.month_code(row.start) if by == "month" else row.start.isoformat()
    return row.codes[by]


def _rows(population: Population, fields: set[str], grain: str) -> list[Total]:
    return _chosen(_within(population, fields, grain), population)


def _chosen(rows: Sequence[Total], population: Population) -> list[Total]:
    wanted = {condition.field: condition.codes for condition in population.spec.conditions}
    return [
        row for row in rows if all(row.codes[field] in codes for field, codes in wanted.items())
    ]


def _within(population: Population, fields: set[str], grain: str) -> list[Total]:
    """The rows of a block that lie in the period; of days left out, no source knows anything."""
    blocks = population.register.once("traffic", lambda: _blocks(population.register))
    if population.spec.without is not None:
        return []
    period = population.spec.period
    rows = blocks.get((population.noun, grain, frozenset(fields)), [])
    return [row for row in rows if period.start <= row.start and row.end <= period.end]


def _blocks(register: Register) -> Mapping[Block, list[Total]]:
    """The rows of each measure and grain that are broken down by exactly the same fields."""
    table = register.table("traffic")
    blocks = defaultdict[Block, list[Total]](list)
    for measure, grain, row in _totals(table) if table is not None else ():
        blocks[measure, grain, frozenset(row.codes)].append(row)
    return dict(blocks)


def _totals(table: Table) -> Iterator[tuple[str, str, Total]]:
    frame, fields = table.frame, dimensions(table)
    codes = {field: _codes(frame[field]) for field in fields}
    rows = zip(
        frame["measure"],
        frame["grain"],
        frame["start"].dt.date,
        frame["end"].dt.date,
        frame["value"].tolist(),
        strict=True,
    )
    for place, (measure, grain, start, end, value) in enumerate(rows):
        about = {field: code for field in fields if (code := codes[field][place]) is not None}
        yield measure, grain, Total(start, end, about, value)


def _codes(column: pd.Series) -> list[str | None]:
    """The code of each row; None where it isn't broken down by the field."""
    names = [*column.cat.categories, None]
    return [names[place] for place in column.cat.codes]


def dimensions(table: Table) -> list[str]:
    """The fields by which rows of the table may be broken down."""
    return sorted(table.fields - {"measure", "grain"})
