"""Count every figure of a ledger again, and hold the two counts against each other."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, PopulationSpec, Value
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.second_count.comparisons import Lists, describe_comparisons
from helpline_report.second_count.database import LeftOut, load_layouts, open_database
from helpline_report.second_count.interval_recount import compute_interval
from helpline_report.second_count.row_tables import KEYS, fields_with_several, row_sources
from helpline_report.second_count.sql import Fields, dated_months
from helpline_report.second_count.statements import Query, queries_of_years, select_lines

# Sums and quotients of whole numbers: the two counts differ by the rounding of one division.
PRECISION = 1e-12
# Quantiles of two distributions, and sums of many quotients.
PRECISIONS = {"low": 1e-7, "high": 1e-7, "dispersion": 1e-9}
VALUE, COMPARISON = "value", "comparison"
# What statements give for an interval alone; it isn't compared as it stands.
SPREADS = ("cluster", "rest")
COMPARED = ("change", "rate_ratio", "flag")
KEY_TABLES = ("contact_keys", "person_keys")
TOKEN = re.compile(r"[\w.-]+")
# A key of digits alone that is shorter may be a count as well: nobody could tell.
TELLING = 8
# The numbers of each figure by what they are: `value`, `numerator`, `denominator`, …
Numbers = Mapping[str, Mapping[str, Value | None]]
Lines = Callable[[PopulationSpec], Sequence[int]]
Rows = Sequence[tuple[object, ...]]
Ranking = list[tuple[str, int]]


@dataclass(frozen=True)
class SecondCount:
    """What the second count gives of a ledger, by itself: it can be kept, and compared later.

    `keys` are those of contacts and persons that tell who is meant, `keys_released` those of them
    that stand in the ledger.
    """

    numbers: Numbers
    keys: int
    keys_released: int


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
    """How many figures were counted again, and what differs.

    `taken_over` are figures that stand, in part or in whole, on the released ledger of a year
    without rows, and `once` those that a chapter's own code made; none is among `figures`.
    """

    figures: int
    differences: tuple[Difference, ...]
    taken_over: int = 0
    once: int = 0


def count_twice(
    project: Project,
    editions: Sequence[Edition],
    ledger: Ledger,
    left_out: LeftOut | None = None,
) -> SecondCount:
    """Count every figure of a ledger again, from the exports.

    `editions` are those that have exports; `left_out` are the rows that a draft leaves out.

    Raises:
        CorrectionsError: the corrections beside the exports don't go with them any more.
    """
    with open_database(project, editions, left_out) as database:
        numbers = count_figures(database, ledger, fields_of(project, editions), years_of(editions))
        keys, released = search_keys(database, ledger)
    return SecondCount(numbers, keys, released)


def find_lines(
    project: Project,
    editions: Sequence[Edition],
    ledger: Ledger,
    recounted: Recounted,
    *,
    lines: Lines,
    left_out: LeftOut | None = None,
) -> Recounted:
    """The differences with the rows that make them; `lines` are those of the first count."""
    fields, differences = fields_of(project, editions), list[Difference]()
    with open_database(project, editions, left_out) as database:
        for each in recounted.differences:
            figure, against = ledger.figures[each.figure], each.what in ("denominator", "against")
            spec = figure.of if against else figure.population
            of_rows = against or each.what in ("count", "numerator", "maximum")
            first, second = set[int](), set[int]()
            if of_rows and spec is not None and spec.table in KEYS:
                first = set(lines(spec))
                rows = database.execute(select_lines(spec, fields)).fetchall()
                second = {int(row[0]) for row in rows}
            only = (tuple(sorted(first - second)), tuple(sorted(second - first)))
            differences.append(replace(each, only_first=only[0], only_second=only[1]))
    return replace(recounted, differences=tuple(differences))


def fields_of(project: Project, editions: Sequence[Edition]) -> Fields:
    """The fields of rows, by the code lists and layouts of some editions."""
    sources = row_sources(editions, load_layouts(project, editions))
    lists = project.codelists_of(editions[0])
    return Fields(lists, fields_with_several(sources), dated_months(editions))


def years_of(editions: Sequence[Edition]) -> frozenset[str]:
    """The editions by their name."""
    return frozenset(each.edition for each in editions)


def count_figures(
    database: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    fields: Fields,
    years: frozenset[str] | None = None,
) -> Numbers:
    """The numbers of each figure that has a value, from the tables of a database.

    `years` are the editions that have rows; None for all. Of a figure whose table no source gives,
    there are none.
    """
    answers = _Answers(database)
    tables = {str(row[0]) for row in answers.rows("SHOW TABLES")}
    numbers: dict[str, dict[str, Value | None]] = {}
    for figure in figures_due(ledger, years):
        numbers[figure.id] = {}
        if figure.population.table in tables:
            queries = queries_of_years(figure, fields, years)
            numbers[figure.id] = _count_figure(figure, queries, answers, fields, years)
    return numbers


def figures_due(ledger: Ledger, years: Collection[str] | None) -> list[Figure]:
    """The figures of which the second count can say something."""
    return [
        figure
        for figure in ledger.figures.values()
        if figure.status == "ok"
        and figure.kind != "own"
        and (years is None or figure.population.edition in years)
        # A flag on two rankings can't be told from one of them.
        and not (figure.by and figure.kind == "flag" and _stands_on_another(figure, years))
    ]


def compare_counts(
    ledger: Ledger, numbers: Numbers, editions: Sequence[Edition] = (), lists: Lists | None = None
) -> Recounted:
    """What the second count gives otherwise than the first one.

    `editions` are those that have rows; with the code `lists` they say what each comparison must be
    about. Without any that isn't looked at.
    """
    years = years_of(editions) if editions else None
    due = figures_due(ledger, years)
    whole = sum(not _stands_on_another(figure, years) for figure in due)
    with_value = [figure for figure in ledger.figures.values() if figure.status == "ok"]
    once = sum(figure.kind == "own" for figure in with_value)
    differences = [each for figure in due for each in _differences(figure, numbers[figure.id])]
    differences += [
        Difference(name, COMPARISON, first, second, ledger.figures[name].population.table)
        for name, first, second in (
            describe_comparisons(ledger, editions, lists or {}) if editions else ()
        )
        if first != second
    ]
    return Recounted(whole, tuple(differences), len(with_value) - once - whole, once)


class _Answers:
    """The rows of statements, each asked once: many figures are rows of one."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self._database = database
        self._rows: dict[str, Rows] = {}
        self._by_codes: dict[tuple[str, int], dict[tuple[str, ...], tuple[object, ...]]] = {}

    def rows(self, statement: str) -> Rows:
        """The rows that a statement gives."""
        if statement not in self._rows:
            self._rows[statement] = self._database.execute(statement).fetchall()
        return self._rows[statement]

    def of(self, query: Query) -> Rows:
        """The rows of a statement; of one that gives a row a code, the number of the one meant."""
        length = len(query.row)
        if not length:
            return self.rows(query.text)
        if (query.text, length) not in self._by_codes:
            rows = {tuple(map(str, row[:length])): row for row in self.rows(query.text)}
            self._by_codes[query.text, length] = rows
        row = self._by_codes[query.text, length].get(query.row)
        if row is None:
            # A code without rows: whatever the statement gives of it is nothing.
            return [(None, None)]
        return [row[length:] if query.column is None else (row[query.column],)]


def _count_figure(
    figure: Figure,
    queries: Sequence[Query],
    answers: _Answers,
    fields: Fields,
    years: Collection[str] | None,
) -> dict[str, Value | None]:
    counted = {query.gives: answers.of(query) for query in queries}
    numbers: dict[str, Value | None] = {
        gives: row[0] for gives, row in _numbers(counted).items() if not gives.startswith(SPREADS)
    }
    if _stands_on_another(figure, years):
        # What the released ledger said of the other year, for the arithmetic that follows.
        exposure = figure.exposure.against if figure.exposure else None
        counted["against"] = [(int(figure.denominator or 0),)]
        counted["observed_against"] = [(int(exposure or 0),)]
    if figure.kind == "share" or (figure.kind in COMPARED and not figure.by):
        ends = compute_interval(figure, _numbers(counted)) or (None, None)
        numbers |= {"low": ends[0], "high": ends[1]}
    known = fields.lists.get(figure.by[0]) if figure.by else None
    numbers[VALUE] = compute_value(figure, counted, known.order if known else ())
    return numbers


def _stands_on_another(figure: Figure, years: Collection[str] | None) -> bool:
    """Whether what a figure is compared with is of a year without rows."""
    return years is not None and figure.of is not None and figure.of.edition not in years


def _differences(figure: Figure, numbers: Mapping[str, Value | None]) -> Iterator[Difference]:
    """What of a figure the second count gives otherwise: its parts, else its value."""
    table, interval = figure.population.table, figure.interval
    if not numbers:
        # No source that SQL can read gives it: what the chapters count, nobody can check.
        yield Difference(figure.id, VALUE, figure.value, None, table)
        return
    exposure = figure.exposure
    counted: dict[str, Value | None] = {
        **dict.fromkeys(("count", "numerator", "maximum"), figure.numerator),
        **dict.fromkeys(("denominator", "against", "divisor"), figure.denominator),
        **({"observed": exposure.of, "observed_against": exposure.against} if exposure else {}),
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        **({"dispersion": interval.dispersion} if interval else {}),
    }
    parts = [
        Difference(figure.id, gives, first, numbers[gives], table)
        for gives, first in counted.items()
        if gives in numbers and not _same(first, numbers[gives], PRECISIONS.get(gives, PRECISION))
    ]
    yield from parts
    if interval is not None:
        # The interval holds the value; that of a flag holds the ratio that it is about.
        value = interval.low if figure.kind == "flag" else figure.number
        above, below = figure.numerator, figure.denominator
        if figure.kind == "flag" and exposure and exposure.against and below and above is not None:
            value = above * exposure.against / (below * exposure.of)
        slack = 1e-9 * max(1, abs(value))
        if not interval.low - slack <= value <= interval.high + slack:
            text = f"{interval.low} to {interval.high}"
            yield Difference(figure.id, "interval", text, "an interval that holds the value", table)
    if not parts and not _same(figure.value, numbers[VALUE]):
        yield Difference(figure.id, VALUE, figure.value, numbers[VALUE], table)


def _same(first: Value | None, second: Value | None, precision: float = PRECISION) -> bool:
    if isinstance(first, str) or isinstance(second, str) or first is None or second is None:
        return first == second
    return math.isclose(first, second, rel_tol=precision, abs_tol=precision)


def compute_value(
    figure: Figure, counted: Mapping[str, Rows], order: Sequence[str]
) -> Value | None:
    """The value that the counts give; None where they give none.

    `counted` are the rows of each of the figure's statements, by what they give; `order` the codes
    of the field that a ranking is over, in which ties are decided.
    """
    numbers = {gives: row[0] for gives, row in _numbers(counted).items()}
    rankings = [rank_codes(rows, order) for gives, rows in counted.items() if "ranking" in gives]
    match figure.kind:
        case "count" | "maximum":
            return numbers[figure.kind]
        case "share":
            return _ratio(100 * numbers["numerator"], numbers["denominator"])
        case "change":
            now, then = numbers["numerator"], numbers["against"]
            return _ratio(100 * (now - then), then)
        case "mean":
            summed = sum(number for _, number in rankings[0]) if figure.by else None
            return _ratio(numbers["numerator"] if summed is None else summed, numbers["divisor"])
        case "rate_ratio":
            days, days_then = numbers["observed"], numbers["observed_against"]
            return _ratio(numbers["numerator"] * days_then, days_then and numbers["against"] * days)
        case "top":
            return _top(figure, rankings[0])
        case "rank":
            codes = [code for code, _ in rankings[0]]
            return codes.index(figure.code) + 1 if figure.code in codes else None
    if figure.by:
        # Whether the same codes stand on top in both periods.
        one, other = ({code for code, _ in each[: figure.place]} for each in rankings)
        return int(one == other)
    # Whether a rise is supported.
    ends = compute_interval(figure, _numbers(counted))
    return int(ends is not None and ends[0] > 1)


def _numbers(counted: Mapping[str, Rows]) -> dict[str, tuple[float, ...]]:
    """The numbers of statements that give a row of them; an empty sum is no number at all."""
    return {
        gives: tuple(
            value if isinstance(value, float) else int(str(value or 0)) for value in rows[0]
        )
        for gives, rows in counted.items()
        if "ranking" not in gives
    }


def _ratio(above: float, below: float) -> float | None:
    return above / below if below else None


def rank_codes(rows: Rows, order: Sequence[str]) -> Ranking:
    """Codes with their counts, most first; ties in the order of the codes."""
    places = {code: place for place, code in enumerate(order)}
    counts = [(str(row[0]), int(str(row[1]))) for row in rows]
    return sorted(counts, key=lambda item: (-item[1], places.get(item[0], len(places)), item[0]))


def _top(figure: Figure, ranking: Ranking) -> Value | None:
    if figure.among:
        counts = dict(ranking)
        ranking = [(code, counts.get(code, 0)) for code in figure.among]
    ranking = sorted(ranking, key=lambda item: item[1] if figure.lowest else -item[1])
    place = (figure.place or 1) - 1
    if place >= len(ranking):
        return None
    code = ranking[place][0]
    return int(code) if figure.unit in ("month", "weekday") else code


def search_keys(database: duckdb.DuckDBPyConnection, ledger: Ledger) -> tuple[int, int]:
    """How many keys of the exports tell who is meant, and how many of them stand in the ledger."""
    tables = {str(row[0]) for row in database.execute("SHOW TABLES").fetchall()}
    keys = " UNION ".join(f"SELECT key FROM {table}" for table in KEY_TABLES if table in tables)
    if not keys:
        return 0, 0
    # Millions of keys stay where they are; the few words of a ledger come to them.
    words = sorted(set(TOKEN.findall(ledger.to_json())))
    ((telling, released),) = database.execute(
        f"SELECT count(*), count(*) FILTER (key IN (SELECT unnest(?::VARCHAR[])))\nFROM ({keys})\n"
        f"WHERE length(key) >= {TELLING} OR (key <> '' AND NOT regexp_full_match(key, '\\d+'))",
        [words],
    ).fetchall()
    return int(telling), int(released)
