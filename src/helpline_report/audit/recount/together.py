"""Many statements answered by few: each of these gives what several figures ask of the same rows.

The conditions that a statement is written from are here asked of numbers by their values: how many
rows have each combination of the values that conditions look at, and which of them these mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from helpline_report.audit.recount.arithmetic import Rows
from helpline_report.audit.sql_query import Counted, Query

if TYPE_CHECKING:
    import duckdb

JOINED = "rows_joined"
Values = tuple[str | None, ...]


@dataclass(frozen=True)
class _Numbers:
    """How many rows have each combination of the values of some expressions."""

    places: Mapping[str, int]
    found: Sequence[tuple[Values, int]]

    @cached_property
    def _sums(self) -> dict[tuple[int, ...], dict[Values, int]]:
        return {}

    def of(self, counted: Counted) -> Rows:
        """What a statement gives that counts these rows."""
        if counted.gives == "number":
            return [(self._number(counted),)]
        sums: dict[Values, int] = {}
        by = [self.places[expression] for expression in counted.by]
        tests = [(self.places[test.expression], set(test.among)) for test in counted.tests]
        for values, number in self.found:
            if all(values[place] in among for place, among in tests):
                key = tuple(values[place] for place in by)
                sums[key] = sums.get(key, 0) + number
        if counted.gives == "maximum":
            return [(max(sums.values(), default=0),)]
        return [(*key, number) for key, number in sums.items()]

    def _number(self, counted: Counted) -> int:
        """The sum over all combinations that the tests mean."""
        places = tuple(self.places[test.expression] for test in counted.tests)
        if len(set(places)) < len(places):
            return sum(
                number
                for values, number in self.found
                if all(values[self.places[t.expression]] in t.among for t in counted.tests)
            )
        sums = self._summed(places)
        meant = product(*(dict.fromkeys(test.among) for test in counted.tests))
        return sum(sums.get(values, 0) for values in meant)

    def _summed(self, places: tuple[int, ...]) -> Mapping[Values, int]:
        """The numbers by the values in some places alone."""
        if places not in self._sums:
            sums: dict[Values, int] = {}
            for values, number in self.found:
                key = tuple(values[place] for place in places)
                sums[key] = sums.get(key, 0) + number
            self._sums[places] = sums
        return self._sums[places]


def answered(
    database: duckdb.DuckDBPyConnection, queries: Iterable[Query]
) -> Iterator[tuple[str, Rows]]:
    """The text of each statement that others can be answered with, and its rows."""
    given = list(queries)
    yield from _looked(database, given)
    of_rows: dict[str, list[tuple[str, Counted]]] = {}
    for query in given:
        if query.counted is not None:
            of_rows.setdefault(query.counted.rows, []).append((query.text, query.counted))
    for rows, asked in of_rows.items():
        yield from _counted(database, rows, asked)


def _looked(
    database: duckdb.DuckDBPyConnection, queries: Sequence[Query]
) -> Iterator[tuple[str, Rows]]:
    """The rows of statements that give what one gives of all codes, each by its codes."""
    known: dict[str, dict[Values, object]] = {}
    for query in queries:
        if query.looked is None:
            continue
        statement = query.looked.statement
        if statement not in known:
            found = database.execute(statement).fetchall()
            known[statement] = {tuple(map(str, codes)): given for *codes, given in found}
        yield query.text, [(known[statement].get(query.looked.codes),)]


def _counted(
    database: duckdb.DuckDBPyConnection, rows: str, asked: Sequence[tuple[str, Counted]]
) -> Iterator[tuple[str, Rows]]:
    """The rows of statements that count the same rows; rows of several tables are joined once."""
    if "\nJOIN " in rows:
        columns = sorted({column for _, counted in asked for column in counted.columns} | {"date"})
        made = f"CREATE OR REPLACE TEMP TABLE {JOINED} AS SELECT {', '.join(columns)}\n{rows}"
        database.execute(made)
        rows = f"FROM {JOINED}"
    together: dict[tuple[str, tuple[str, ...]], list[tuple[str, Counted]]] = {}
    for text, counted in asked:
        together.setdefault((counted.days, counted.columns), []).append((text, counted))
    for (days, columns_), group in together.items():
        numbers = _numbers(database, rows, days, columns_, [counted for _, counted in group])
        yield from ((text, numbers.of(counted)) for text, counted in group)


def _numbers(
    database: duckdb.DuckDBPyConnection,
    rows: str,
    days: str,
    columns: Sequence[str],
    asked: Sequence[Counted],
) -> _Numbers:
    """The rows of some days by what is asked of their columns.

    What is asked is told of each combination of values, and not of each of millions of rows.
    """
    expressions = list(
        dict.fromkeys(
            expression
            for counted in asked
            for expression in (*counted.by, *(test.expression for test in counted.tests))
        )
    )
    listed = "".join(f"{column}, " for column in columns)
    grouped = f"\nGROUP BY {', '.join(columns)}" if columns else ""
    of_values = f"SELECT {listed}count(*) AS number\n{rows}\nWHERE {days}{grouped}"
    told = "".join(f"({expression})::VARCHAR, " for expression in expressions)
    asked_of = f"SELECT {told}sum(number) FROM (\n{of_values}\n) AS counted GROUP BY ALL"
    places = {expression: place for place, expression in enumerate(expressions)}
    found = database.execute(asked_of).fetchall()
    return _Numbers(places, [(values[:-1], int(values[-1] or 0)) for values in found])
