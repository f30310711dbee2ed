"""The second count of registers that are drawn as text: one drawing is counted by both."""

from dataclasses import replace
from itertools import chain
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.parameters.layouts import TRAFFIC_DIMENSIONS, Layout
from helpline_report.second_count.differences import Difference, compare_counts
from helpline_report.second_count.recount import recount_figures
from helpline_report.second_count.row_tables import list_fields, write_parameter_tables
from helpline_report.second_count.sql import KEYS, Fields, create_table
from helpline_report.second_count.statements import count_population
from helpline_report.tables.dataset import Table
from tests.present import present

# The layout that drawn years name.
NO_FILES = {"x": Layout.model_construct(layout="x", about="", files={})}


def find_differences(of: Register, *figures: Figure) -> tuple[Difference, ...]:
    """What the second count gives otherwise of some figures."""
    named = {figure.id: figure for figure in figures}
    assert len(named) == len(figures)
    ledger = Ledger(edition=of.edition.edition, figures=named)
    numbers = recount_figures(_open(of), ledger, _fields(of))
    editions = [year.edition for year in _years(of)]
    return compare_counts(ledger, numbers, editions, of.codelists).differences


def recount_rows(population: Population) -> int:
    """How many rows of a population SQL counts; of traffic what they add up to."""
    statement = count_population(population.spec, _fields(population.register))
    ((number,),) = _open(population.register).execute(statement).fetchall()
    return int(number or 0)


def _years(of: Register) -> list[Register]:
    return [of, *([of.previous] if of.previous else [])]


def _fields(of: Register) -> Fields:
    fields = list_fields([year.edition for year in _years(of)], NO_FILES, of.codelists)
    several = chain.from_iterable(table.multiple for table in of.dataset.tables.values())
    return replace(fields, several=frozenset(several))


def _open(of: Register) -> duckdb.DuckDBPyConnection:
    return of.once("drawn for SQL", lambda: _fill(of, duckdb.connect()))


def _fill(of: Register, database: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    years, groups = _years(of), []
    for statement in write_parameter_tables([year.edition for year in years], of.codelists, ()):
        database.execute(statement)
    for field, known in of.codelists.items():
        for group in known.groups:
            codes = [each.code for each in known.codes if each.parent == group.code]
            groups.append([field, group.code, codes])
    database.execute(create_table("groups", groups))
    for name in dict.fromkeys(chain.from_iterable(year.dataset.tables for year in years)):
        frames = [_flatten(table, year) for year in years if (table := year.table(name))]
        database.register("drawn", pd.concat(frames, ignore_index=True))
        database.execute(f"CREATE TABLE {name} AS FROM drawn")
    return database


def _flatten(table: Table, year: Register) -> pd.DataFrame:
    """The rows of a table with the columns of the tables above it, as SQL has them."""
    columns: dict[str, Any] = {"edition": year.edition.edition}
    if table.parent is not None:
        above = _flatten(table.parent, year).iloc[present(table.parent_rows)]
        columns = {name: above[name].tolist() for name in map(str, above)}
    if table.name in KEYS:
        # Keys of two years differ.
        columns[KEYS[table.name]] = table.frame["line"] + 1000 * int(year.edition.edition)
    else:
        columns |= dict.fromkeys(TRAFFIC_DIMENSIONS)
    for name in table.multiple:
        codes = year.codelists[name].order
        flags = table.frame[[f"{name}:{code}" for code in codes]].to_numpy()
        columns[name] = [np.compress(row, codes).tolist() for row in flags]
    for field, values in table.frame.items():
        match str(field).partition(":"):
            case "date", *_:
                columns |= {"date": values.dt.date, "weekday": values.dt.strftime("%u")}
                columns["month"] = values.dt.strftime("%m")
            case (("start" | "end" as day), *_):
                columns[day] = values.dt.date
            case "hour", *_:
                columns["hour"] = [f"{hour:02d}" if hour >= 0 else "unknown" for hour in values]
            case "age", *_:
                columns["age"] = [None if age < 0 else int(age) for age in values]
                classes = {item.start: item.code for item in year.edition.person_ages}
                below = [[code for at, code in classes.items() if at <= age] for age in values]
                columns["age_class"] = [codes[-1] if codes else "unknown" for codes in below]
            case field, "", _:
                columns[field] = values.astype(object).where(values.notna(), None)
    return pd.DataFrame(columns)
