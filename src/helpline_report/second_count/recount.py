"""Count every figure of a ledger again: its values and intervals, from the rows of SQL.

The formulas of intervals are those of docs/statistics.md, by another way than the chapters':
Wilson's as the roots of its equation, the exact one by quantiles of F instead of beta.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from statistics import NormalDist

import duckdb
from scipy.special import fdtri

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, Value
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.second_count.database import LinesLeftOut, ReadExports, open_database
from helpline_report.second_count.row_tables import list_fields
from helpline_report.second_count.sql import Fields
from helpline_report.second_count.statements import Query, list_queries

VALUE, TIED = "value", "tied"
TAIL = 0.025
Z = NormalDist().inv_cdf(1 - TAIL)
# The low end of an exact interval is 0 below the first number; above the second it has no high end.
LEAST, MOST = 1e-6, 1e6
# The least end above 1 that is written as more than 1,0000.
RISE = 1.00005
# Numbers for intervals alone, which aren't compared, have names that begin so.
SPREADS = ("cluster", "rest")
COMPARED = ("change", "rate_ratio", "flag")
# The numbers of each figure by what they are: `value`, `numerator`, `denominator`, …
CountedNumbers = Mapping[str, Mapping[str, Value | None]]
SqlRows = Sequence[tuple[object, ...]]
Ranking = list[tuple[str, int]]
Pair = tuple[float, float]
# The numbers of the row that each statement gives: of most statements one.
Counted = Mapping[str, tuple[float, ...]]


def recount_ledger(
    project: Project,
    editions: Sequence[Edition],
    ledger: Ledger,
    left_out: LinesLeftOut | None = None,
    exports: ReadExports | None = None,
) -> CountedNumbers:
    """Count every figure of a ledger again, from the exports.

    `editions` are those that have exports; `left_out` and `exports` are as in `open_database`.

    Raises:
        CorrectionsError: the corrections beside the exports don't go with them any more.
    """
    fields = list_fields(editions, project.layouts(editions), project.codelists_of(editions[0]))
    with open_database(project, editions, left_out, exports) as database:
        return recount_figures(database, ledger, fields)


def recount_figures(
    database: duckdb.DuckDBPyConnection, ledger: Ledger, fields: Fields
) -> CountedNumbers:
    """The numbers of each figure that has a value; none for one whose table no source gives."""
    answers = _Answers(database)
    tables = {str(row[0]) for row in answers.rows("SHOW TABLES")}
    numbers: dict[str, dict[str, Value | None]] = {}
    for figure in list_figures_due(ledger, fields.editions):
        is_there = figure.population.table in tables
        numbers[figure.id] = _recount_figure(figure, answers, fields) if is_there else {}
    return numbers


def list_figures_due(ledger: Ledger, editions: Collection[str]) -> list[Figure]:
    """The figures that the second count can count; `editions` are those with rows."""
    return [
        figure
        for figure in ledger.figures.values()
        if figure.status == "ok"
        and figure.kind != "own"
        and figure.population.edition in editions
        # A flag over a field says whether two years have the same codes on top.
        and not (figure.by and figure.kind == "flag" and lacks_comparison_rows(figure, editions))
    ]


class _Answers:
    """The rows of statements, each of which is run once: many figures are rows of one."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self._database = database
        self._rows: dict[str, SqlRows] = {}
        self._by_codes: dict[tuple[str, int], dict[tuple[str, ...], tuple[object, ...]]] = {}

    def rows(self, statement: str) -> SqlRows:
        """The rows that a statement gives."""
        if statement not in self._rows:
            self._rows[statement] = self._database.execute(statement).fetchall()
        return self._rows[statement]

    def of(self, query: Query) -> SqlRows:
        """The rows of a statement or, if the query names a row, the numbers of that row alone."""
        length = len(query.row)
        if not length:
            return self.rows(query.text)
        if (query.text, length) not in self._by_codes:
            by_codes = {tuple(map(str, row[:length])): row for row in self.rows(query.text)}
            self._by_codes[query.text, length] = by_codes
        row = self._by_codes[query.text, length].get(query.row)
        if row is None:
            return [(None, None)]  # the code has no rows
        return [row[length:] if query.column is None else (row[query.column],)]


def _recount_figure(figure: Figure, answers: _Answers, fields: Fields) -> dict[str, Value | None]:
    counted = {query.gives: answers.of(query) for query in list_queries(figure, fields)}
    numbers: dict[str, Value | None] = {
        gives: row[0]
        for gives, row in _read_numbers(counted).items()
        if not gives.startswith(SPREADS)
    }
    if lacks_comparison_rows(figure, fields.editions):
        # What the released ledger said of the other year, for the arithmetic that follows.
        exposure = figure.exposure.other if figure.exposure else None
        counted["against"] = [(int(figure.denominator or 0),)]
        counted["observed_against"] = [(int(exposure or 0),)]
    if figure.kind == "share" or (figure.kind in COMPARED and not figure.by):
        ends = compute_interval(figure, _read_numbers(counted)) or (None, None)
        numbers |= {"low": ends[0], "high": ends[1]}
    known = fields.lists.get(figure.by[0]) if figure.by else None
    order = known.order if known else ()
    if figure.by == ("month",):
        order = figure.population.period.month_codes()
    numbers[VALUE] = compute_value(figure, counted, order)
    if figure.kind in ("top", "rank"):
        counts = dict(rank_codes(figure, counted["ranking"], ()))
        others = counts.keys() - {figure.code}
        number = counts.get(str(figure.code), 0)
        numbers[TIED] = " ".join(sorted(code for code in others if counts[code] == number))
    return numbers


def lacks_comparison_rows(figure: Figure, editions: Collection[str]) -> bool:
    """Whether what a figure is compared with is of an edition without rows."""
    return figure.of is not None and figure.of.edition not in editions


def compute_value(
    figure: Figure, counted: Mapping[str, SqlRows], order: Sequence[str]
) -> Value | None:
    """The value that the counts give; None where they give none.

    `counted` are the rows of each of the figure's statements, by what they give; `order` the codes
    of the field that a ranking is over, in which ties are decided.
    """
    numbers = {gives: row[0] for gives, row in _read_numbers(counted).items()}
    rankings = [
        rank_codes(figure, rows, order) for gives, rows in counted.items() if "ranking" in gives
    ]
    match figure.kind:
        case "count" | "maximum":
            return numbers[figure.kind]
        case "share":
            return _divide(100 * numbers["numerator"], numbers["denominator"])
        case "change":
            now, then = numbers["numerator"], numbers["against"]
            return _divide(100 * (now - then), then)
        case "mean":
            total = sum(number for _, number in rankings[0]) if figure.by else numbers["numerator"]
            return _divide(total, numbers["divisor"])
        case "rate_ratio":
            days, days_then = numbers["observed"], numbers["observed_against"]
            below = numbers["against"] * days if days_then else 0
            return _divide(numbers["numerator"] * days_then, below)
        case "top":
            placed = rankings[0][(figure.place or 1) - 1 :]
            if not placed:
                return None
            return int(placed[0][0]) if figure.unit in ("month", "weekday") else placed[0][0]
        case "rank":
            codes = [code for code, _ in rankings[0]]
            return codes.index(figure.code) + 1 if figure.code in codes else None
        case "flag" if figure.by:
            first, first_before = (_find_first(each, figure.place) for each in rankings)
            return int(first == first_before)
        case _:  # a flag without a field: whether a rise is supported
            ends = compute_interval(figure, _read_numbers(counted))
            return int(ends is not None and ends[0] >= RISE)


def _read_numbers(counted: Mapping[str, SqlRows]) -> dict[str, tuple[float, ...]]:
    """The first row of each statement but rankings, as numbers: NULL, an empty sum, becomes 0."""
    numbers: dict[str, tuple[float, ...]] = {}
    for gives, rows in counted.items():
        if "ranking" not in gives:
            first = (each if isinstance(each, float) else int(str(each or 0)) for each in rows[0])
            numbers[gives] = tuple(first)
    return numbers


def _divide(above: float, below: float) -> float | None:
    return above / below if below else None


def rank_codes(figure: Figure, rows: SqlRows, order: Sequence[str]) -> Ranking:
    """Codes with their counts, most first, or least; ties in the order of the codes.

    Where the figure names the codes that take part, those without rows do too.
    """
    counts = {str(row[0]): int(str(row[1])) for row in rows}
    ranked = [(code, counts.get(code, 0)) for code in figure.among or counts]
    places = {code: place for place, code in enumerate(order)}
    sign = 1 if figure.lowest else -1
    return sorted(
        ranked, key=lambda item: (sign * item[1], places.get(item[0], len(places)), item[0])
    )


def _find_first(ranking: Ranking, place: int | None) -> set[str]:
    """The codes down to a place, and all that draw with the last of them."""
    least = min((number for _, number in ranking[:place]), default=0)
    return {code for code, number in ranking if number >= least}


def compute_interval(figure: Figure, counted: Counted) -> Pair | None:
    """The ends of a figure's interval in its unit; None where it has none.

    `counted` are the numbers of each of its statements, by what these give. A rise that is
    supported has the interval of its ratio.
    """
    if figure.population.table == "traffic":
        return None
    if figure.kind == "share":
        ends = _compute_share_interval(counted)
        return (100 * ends[0], 100 * ends[1]) if ends else None
    if figure.kind == "change":
        ends = _compute_ratio_interval(counted, (1, 1))
        return (100 * (ends[0] - 1), 100 * (ends[1] - 1)) if ends else None
    days = (counted["observed"][0], counted["observed_against"][0])
    if "rest" in counted:
        return _compute_interval_of_four(counted, days)
    return _compute_ratio_interval(counted, days)


def _compute_share_interval(counted: Counted) -> Pair | None:
    hits, trials = counted["numerator"][0], counted["denominator"][0]
    if not trials:
        return None
    share, effective_trials = hits / trials, trials
    if "clusters" in counted:
        contacts, squares = counted["clusters"]
        hit_squares, products = counted["cluster_hits"][1], counted["cluster_products"][0]
        # At a share of 0 or 1 no variance can be estimated: each contact counts once.
        effective_trials = contacts
        if 0 < share < 1 and contacts > 1:
            spread = hit_squares - 2 * share * products + share**2 * squares
            clustered_variance = contacts / (contacts - 1) * spread / trials**2
            independent_variance = share * (1 - share) / (trials - 1)
            # Rows of one contact are alike, and tell less than as many other rows would.
            shrinkage = independent_variance / clustered_variance if clustered_variance > 0 else 1
            effective_trials = trials * min(1, shrinkage)
    # The shares p for which (share - p)² is z² p (1 - p) / n.
    square, middle = 1 + Z**2 / effective_trials, 2 * share + Z**2 / effective_trials
    root = math.sqrt(max(0, middle**2 - 4 * square * share**2))
    return max(0, (middle - root) / (2 * square)), min(1, (middle + root) / (2 * square))


def _compute_ratio_interval(counted: Counted, days: Pair) -> Pair | None:
    """The exact interval of counts over φ, or if it is wider the one of contacts as clusters."""
    if "dispersion" not in counted or "against" not in counted:
        return None
    events = (counted["numerator"][0], counted["against"][0])
    (phi,) = counted["dispersion"]
    candidates = [compute_exact_interval((events[0] / phi, events[1] / phi), days)]
    if "clusters" in counted:
        if "clusters_against" not in counted:
            return None
        first, second = counted["clusters"], counted["clusters_against"]
        if min(events) > 0:
            variance = first[1] / events[0] ** 2 + second[1] / events[1] ** 2
            candidates.append(_compute_log_normal_interval(events, days, variance))
        else:
            candidates.append(compute_exact_interval((first[0], second[0]), days))
    widest = max(candidates, key=lambda ends: (ends[1] / ends[0] if ends[0] else math.inf, ends[1]))
    return None if math.isinf(widest[1]) else widest


def compute_exact_interval(events: Pair, days: Pair) -> Pair:
    """The exact interval of the ratio of two rates, by quantiles of F; docs/statistics.md.

    `events` are counts over φ, one of them above 0. The low end of their ratio is 0 below a
    millionth, and the high end is infinite above a million.
    """
    (now, then), scale = events, days[1] / days[0]
    low, high = 0.0, math.inf
    if now:
        low = now / (then + 1) * float(fdtri(2 * now, 2 * (then + 1), TAIL))
    if then:
        high = (now + 1) / then * float(fdtri(2 * (now + 1), 2 * then, 1 - TAIL))
    return low * scale if low >= LEAST else 0.0, high * scale if high <= MOST else math.inf


def _compute_log_normal_interval(events: Pair, days: Pair, variance: float) -> Pair:
    ratio = events[0] * days[1] / (events[1] * days[0])
    factor = math.exp(Z * math.sqrt(variance))
    return ratio / factor, ratio * factor


def _compute_interval_of_four(counted: Counted, days: Pair) -> Pair | None:
    """A window and its rest against those of the year before."""
    counts = [counted[name][0] for name in ("numerator", "rest", "against", "rest_against")]
    if min(counts) <= 0:
        return None
    (phi,) = counted["dispersion"]
    return _compute_log_normal_interval(
        (counts[0], counts[2]), days, phi * sum(1 / count for count in counts)
    )
