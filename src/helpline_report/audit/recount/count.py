"""Every figure of a ledger counted again, and what differs."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpline_report.audit.of_years import own_queries
from helpline_report.audit.recount.answers import Answers
from helpline_report.audit.recount.arithmetic import Rows, value_of
from helpline_report.audit.recount.together import answered
from helpline_report.audit.sql import figure_sql, lines_sql
from helpline_report.audit.sql_conditions import Columns
from helpline_report.audit.sql_query import Query
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, PopulationSpec, Value
from helpline_report.parameters.codelists import CodeList

if TYPE_CHECKING:
    import duckdb

# Sums and quotients of whole numbers: the two counts differ by the rounding of one division.
PRECISION = 1e-12
PARTS = {
    "count": "numerator",
    "numerator": "numerator",
    "maximum": "numerator",
    "denominator": "denominator",
    "against": "denominator",
    "divisor": "denominator",
}

Lines = Callable[[PopulationSpec], Sequence[int]]


@dataclass(frozen=True)
class Difference:
    """A number that the two counts don't agree on, and the rows that only one of them counts.

    `what` is `value`, or what of the figure a statement gives; lines are physical ones, in the
    export of the table.
    """

    figure: str
    what: str
    first: Value | None
    second: Value | None
    table: str
    only_first: tuple[int, ...] = ()
    only_second: tuple[int, ...] = ()


@dataclass(frozen=True)
class Recounted:
    """How many figures were counted again, by how many statements, and what differs.

    `taken_over` are figures that stand, in part or in whole, on the released ledger of a year
    without rows, and `once` those that a chapter's own code made; none is among `figures`.
    """

    figures: int
    statements: int
    differences: tuple[Difference, ...]
    taken_over: int = 0
    once: int = 0


def count_again(
    database: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    columns: Columns,
    lines: Lines,
    years: Container[str] | None = None,
    *,
    answers: Answers | None = None,
) -> Recounted:
    """Count each figure that has a value again; `lines` are the rows of the first count.

    `years` are the editions that have rows; None for all. `answers` knows what statements gave in
    an earlier count of the same rows, and learns what is asked now.
    """
    asked = _Asked(database, Answers() if answers is None else answers)
    differences: list[Difference] = []
    every = [figure for figure in ledger.figures.values() if figure.status == "ok"]
    with_value = [figure for figure in every if figure.kind != "own"]
    due = [
        (figure, own_queries(figure_sql(figure, columns), figure, years))
        for figure in with_value
        if years is None or figure.population.edition in years
        # A flag on two rankings can't be told from one of them.
        if not (figure.by and figure.kind == "flag" and _stands_on_another(figure, years))
    ]
    whole = [figure for figure, _ in due if not _stands_on_another(figure, years)]
    there = {str(row[0]) for row in asked.of("SHOW TABLES")}
    found = [(figure, queries) for figure, queries in due if figure.population.table in there]
    asked.ask_together(query for _, queries in found for query in queries)
    for figure, queries in due:
        table = figure.population.table
        if table not in there:
            # No source that SQL can read gives it: what the chapters count, nobody can check.
            differences.append(Difference(figure.id, "value", figure.value, None, table))
            continue
        counted = {query.gives: asked.rows(query) for query in queries}
        if _stands_on_another(figure, years):
            counted |= _as_released(figure)
        differences += _differences(figure, counted, columns)
    told = tuple(_with_rows(item, ledger, asked, columns, lines) for item in differences)
    statements = len({query.text for _, queries in found for query in queries})
    once = len(every) - len(with_value)
    return Recounted(len(whole), statements, told, len(with_value) - len(whole), once)


def _stands_on_another(figure: Figure, years: Container[str] | None) -> bool:
    """Whether what a figure is compared with is of a year without rows."""
    return years is not None and figure.of is not None and figure.of.edition not in years


def _as_released(figure: Figure) -> dict[str, Rows]:
    """What the released ledger said of the other year, for the arithmetic that follows."""
    given: dict[str, Rows] = {"against": [(int(figure.denominator or 0),)]}
    if figure.exposure is not None:
        given["observed_against"] = [(int(figure.exposure.against or 0),)]
    return given


class _Asked:
    """Statements and their rows: many figures share a denominator, and many a scan."""

    def __init__(self, database: duckdb.DuckDBPyConnection, answers: Answers) -> None:
        self.database = database
        self.answers = answers

    def rows(self, query: Query) -> Rows:
        """The rows that a statement gives."""
        return self.of(query.text)

    def of(self, statement: str) -> Rows:
        """The rows that a statement gives, by its text."""
        return self.answers.of(statement, lambda: self.database.execute(statement).fetchall())

    def ask_together(self, queries: Iterable[Query]) -> None:
        """Count what is counted of the same rows and days in one scan."""
        new = [query for query in queries if not self.answers.known(query.text)]
        self.answers.given |= dict(answered(self.database, new))


def _differences(
    figure: Figure, counted: Mapping[str, Rows], columns: Columns
) -> Iterator[Difference]:
    """What of a figure the second count gives otherwise: its parts, else its value."""
    table = figure.population.table
    found = False
    for gives, first in _parts(figure, counted):
        second = counted[gives][0][0]
        number = 0 if second is None else int(str(second))
        if number != first:
            found = True
            yield Difference(figure.id, gives, first, number, table)
    if found:
        return
    value = value_of(figure, counted, _order(figure, columns))
    if not _same(figure.value, value):
        yield Difference(figure.id, "value", figure.value, value, table)


def _parts(figure: Figure, counted: Mapping[str, Rows]) -> Iterator[tuple[str, float | None]]:
    """The numbers of a figure that a statement gives as they stand."""
    for gives in counted:
        if gives in PARTS:
            yield gives, getattr(figure, PARTS[gives])
        elif gives == "observed" and figure.exposure is not None:
            yield gives, figure.exposure.of
        elif gives == "observed_against" and figure.exposure is not None:
            yield gives, figure.exposure.against


def _same(first: Value | None, second: Value | None) -> bool:
    if isinstance(first, str) or isinstance(second, str) or first is None or second is None:
        return first == second
    return math.isclose(first, second, rel_tol=PRECISION, abs_tol=PRECISION)


def _order(figure: Figure, columns: Columns) -> Sequence[str]:
    """The codes of the field of a ranking; months and weekdays stand in their own order."""
    codelist: CodeList | None = columns.codelists.get(figure.by[0]) if figure.by else None
    return codelist.order if codelist is not None else ()


def _with_rows(
    found: Difference, ledger: Ledger, asked: _Asked, columns: Columns, lines: Lines
) -> Difference:
    """The difference with the rows that make it, where rows do."""
    figure = ledger.figures[found.figure]
    spec = figure.of if found.what in ("denominator", "against") else figure.population
    if found.what not in PARTS or found.what == "divisor" or spec is None:
        return found
    if spec.table not in ("contacts", "persons", "followups"):
        return found
    rows = asked.database.execute(lines_sql(spec, columns)).fetchall()
    first, second = set(lines(spec)), {int(str(row[0])) for row in rows}
    return Difference(
        found.figure,
        found.what,
        found.first,
        found.second,
        spec.table,
        tuple(sorted(first - second)),
        tuple(sorted(second - first)),
    )
