"""Write the statements that count a figure again: SQL that an auditor can read and run.

The tables are those of `recount_script`. The members of a series are rows of one statement. The
table `traffic` has a row for each figure of a web report: its measure, its days (`grain`, `start`,
`end`), its codes (NULL if it isn't broken down by a field), and its `value`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import indent

from helpline_report.figures.model import Condition, Figure, PopulationSpec
from helpline_report.parameters.layouts import TRAFFIC_DIMENSIONS
from helpline_report.second_count.sql import (
    KEYS,
    Fields,
    quote,
    read_script,
    write_condition,
    write_where,
)

# What the statements about the comparison year of a figure give.
OF_ANOTHER = ("against", "observed_against", "ranking_before", "clusters_against")
FILES = 'SELECT edition, file, "table", read, used, repaired, excluded\nFROM files'
OUTCOMES = ("read", "used", "repaired", "excluded")
ADDITIVE = ("page_views", "sessions")
# The service gives each user one gender; a user may have several devices.
ONE_PER_USER = "user_gender"
TIMES = ("month", "date")


@dataclass(frozen=True)
class Query:
    """One statement: which number of the figure it gives (`numerator`, `against`, …), and its text.

    If it gives a row for each code, `row` are the codes in the first columns of the figure's row;
    the numbers are in the columns behind them, or in `column`.
    """

    gives: str
    text: str
    row: tuple[str, ...] = ()
    column: int | None = None


def list_queries(figure: Figure, fields: Fields) -> tuple[Query, ...]:
    """The statements that count a figure again, as far as its editions have rows.

    There are none for a number of a chapter's own code.
    """
    if figure.kind == "own" or figure.population.edition not in fields.editions:
        return ()
    queries = _list_all_queries(figure, fields)
    if figure.of is None or figure.of.edition in fields.editions:
        return queries
    # Persons and follow-ups have no interval without the contacts of both years.
    clustered = figure.population.table in ("persons", "followups")
    left_out = (*OF_ANOTHER, *(("dispersion", "clusters") if clustered else ()))
    return tuple(query for query in queries if query.gives not in left_out)


def _list_all_queries(figure: Figure, fields: Fields) -> tuple[Query, ...]:
    spec, by = figure.population, figure.by
    if spec.table == "files":
        # The rows of one file that were read, used, repaired or left out.
        codes = {condition.field: condition.terms[0] for condition in spec.conditions}
        row = (spec.edition, codes["file"], *([codes["table"]] if "table" in codes else []))
        return (Query("count", FILES, row, 3 + OUTCOMES.index(codes["fate"])),)
    if spec.table == "calendar":
        return (Query("count", _count_unit(spec, "open_day", fields)),)
    if figure.kind == "maximum":
        counted = indent(count_by(spec, by, fields).rpartition("\nORDER BY")[0], "  ")
        text = f"SELECT coalesce(max(number), 0) FROM (\n{counted}\n) AS counted"
        return (Query("maximum", text),)
    exposures = _list_exposures(figure, fields)
    if by and figure.kind in ("top", "rank", "mean", "flag"):
        ranking = Query("ranking", count_by(spec, by, fields))
        if figure.kind == "flag" and figure.of:
            return (ranking, Query("ranking_before", count_by(figure.of, by, fields)))
        return (ranking, *(exposures if figure.kind == "mean" else ()))
    if not by and figure.code is not None:
        # One member of a series differs from the others in a code.
        named = [each.field for each in spec.conditions if each.terms == (figure.code,)]
        by = tuple(named[:1])
    if figure.of is None:
        gives = "count" if figure.kind == "count" else "numerator"
        return (_count(gives, spec, by, fields), *exposures)
    other = "denominator" if figure.kind == "share" else "against"
    counts = (_count("numerator", spec, by, fields), _count(other, figure.of, by, fields))
    return (*counts, *exposures, *_list_spreads(figure, by, fields))


def _count(gives: str, spec: PopulationSpec, by: Sequence[str], fields: Fields) -> Query:
    """The number of a population, from the statement of its series if it is in one."""
    row = _find_series_row(spec, by, fields)
    if not row or (spec.table == "traffic" and len(by) > 1):
        return Query(gives, count_population(spec, fields))
    return Query(gives, count_series(spec, by, fields), row)


def _find_series_row(spec: PopulationSpec, by: Sequence[str], fields: Fields) -> tuple[str, ...]:
    """The code of each field by which a population is a row of a series; empty if it is none."""
    codes = []
    for name in by:
        condition = spec.condition(name)
        if condition is None or condition.negated or condition.form != "codes":
            return ()
        code, *others = condition.terms
        if others or code in fields.groups(name):
            return ()
        codes.append(code)
    return tuple(codes)


def _list_spreads(figure: Figure, by: Sequence[str], fields: Fields) -> Iterator[Query]:
    """What an interval needs beside the counts: rows by contact, and how much days vary."""
    spec, of = figure.population, figure.of
    if of is None or spec.table == "traffic":
        return
    clustered = spec.table in ("persons", "followups")
    if figure.kind == "share":
        if clustered:
            yield _count_clusters("clusters", of, (), fields)
            yield _count_clusters("cluster_hits", spec, by, fields)
            yield _pair_clusters(spec, of, by, fields)
        return
    # φ: Pearson's over the open days of a month and weekday, of a year and of the one before.
    of_days = read_script("dispersion.sql", table=spec.table, edition=spec.edition)
    yield Query("dispersion", of_days)
    if figure.exposure is not None and figure.exposure.unit == "rest_of_year":
        yield Query("rest", count_rest(spec, fields))
        yield Query("rest_against", count_rest(of, fields))
    if clustered:
        yield _count_clusters("clusters", spec, by, fields)
        yield _count_clusters("clusters_against", of, by, fields)


def _drop_conditions(spec: PopulationSpec, by: Sequence[str]) -> PopulationSpec:
    others = tuple(each for each in spec.conditions if each.field not in by)
    return spec.model_copy(update={"conditions": others})


def _count_clusters(gives: str, spec: PopulationSpec, by: Sequence[str], fields: Fields) -> Query:
    """The number of contacts with rows of a population, and the sum of squares of these rows."""
    row = _find_series_row(spec, by, fields)
    by = by if row else ()
    contacts = _list_contacts(_drop_conditions(spec, by), by, fields, "count(*) AS n")
    return Query(gives, _sum_by(by, "count(*), sum(n * n)", f"{contacts} AS contacts"), row)


def _pair_clusters(
    spec: PopulationSpec, of: PopulationSpec, by: Sequence[str], fields: Fields
) -> Query:
    """The number of pairs of a row that counts and a row of the whole, of the same contact."""
    row = _find_series_row(spec, by, fields)
    by = by if row else ()
    hits = _list_contacts(_drop_conditions(spec, by), by, fields)
    wholes = _list_contacts(of, (), fields)
    pairs = f"{hits} AS hits\nJOIN {wholes} AS wholes USING (contact)"
    return Query("cluster_products", _sum_by(by, "count(*)", pairs), row)


def _list_contacts(
    spec: PopulationSpec, by: Sequence[str], fields: Fields, number: str = ""
) -> str:
    """The contact and the codes of each row of a population; with `number`, grouped by them."""
    keys = [_write_key(spec, field, fields) for field in by]
    columns = ["contact", *keys, *([number] if number else [])]
    lines = [f"SELECT {', '.join(columns)}", *_select_rows(spec, by, fields)]
    lines += ["GROUP BY ALL"] if number else []
    return "(\n" + indent("\n".join(lines), "  ") + "\n)"


def _sum_by(by: Sequence[str], sums: str, rows: str) -> str:
    text = f"SELECT {', '.join([*by, sums])}\nFROM {rows}"
    return text + ("\nGROUP BY ALL" if by else "")


def _write_column(spec: PopulationSpec, name: str, fields: Fields) -> str:
    """The expression of a field's codes: months, and days of traffic, are made from a date."""
    traffic, dated = spec.table == "traffic", spec.edition in fields.dated_months
    day = '"start"' if traffic else "date"
    if name == "month" and (traffic or dated):
        return f"strftime({day}, '{'%Y-%m' if dated else '%m'}')"
    return day if name == "date" else name


def _write_key(spec: PopulationSpec, name: str, fields: Fields) -> str:
    """A field as a column of a statement that counts by it."""
    column = f"one_{name}" if name in fields.several else _write_column(spec, name, fields)
    return column if column == name else f"{column} AS {name}"


def _write_test(spec: PopulationSpec, condition: Condition, fields: Fields) -> str:
    return write_condition(condition, fields, _write_column(spec, condition.field, fields))


def count_by(spec: PopulationSpec, by: Sequence[str], fields: Fields) -> str:
    """A SELECT that counts a population by the codes of some fields, most first."""
    size, rows = "count(*)", _select_rows(spec, by, fields)
    if spec.table == "traffic":
        size, rows = _sum_values(spec), _select_traffic(spec, by, fields)
    keys = ", ".join(_write_key(spec, name, fields) for name in by)
    places = ", ".join(str(place) for place in range(1, len(by) + 1))
    order = f"ORDER BY {len(by) + 1} DESC, {places}"
    return "\n".join([f"SELECT {keys}, {size} AS number", *rows, f"GROUP BY {places}", order])


def count_series(spec: PopulationSpec, by: Sequence[str], fields: Fields) -> str:
    """A SELECT that counts by every code of some fields: conditions on these choose rows of it."""
    return count_by(_drop_conditions(spec, by), by, fields)


def count_population(spec: PopulationSpec, fields: Fields) -> str:
    """A SELECT that counts a population; of traffic NULL where its rows don't add up."""
    if spec.table != "traffic":
        return "\n".join(["SELECT count(*)", *_select_rows(spec, (), fields)])
    size = _sum_values(spec)
    if spec.noun in ADDITIVE and not spec.conditions:
        size = _sum_total(spec)
    return "\n".join([f"SELECT {size}", *_select_traffic(spec, (), fields)])


def select_lines(spec: PopulationSpec, fields: Fields) -> str:
    """A SELECT of the physical lines, in their export, of the rows of a population."""
    return "\n".join(["SELECT line", *_select_rows(spec, (), fields)])


def _list_exposures(figure: Figure, fields: Fields) -> list[Query]:
    """What a mean is divided by, and over how many days each side of a rate was observed."""
    if figure.exposure is None:
        return []
    units = figure.exposure.unit.split(" × ")
    gives = "divisor" if figure.of is None else "observed"
    queries = [Query(gives, _count_units(figure.population, units, fields))]
    if figure.of is not None:
        queries.append(Query("observed_against", _count_units(figure.of, units, fields)))
    return queries


def _count_units(spec: PopulationSpec, units: Sequence[str], fields: Fields) -> str:
    counted = [_count_unit(spec, unit, fields) for unit in units]
    if len(counted) == 1:
        return counted[0]
    return "SELECT " + " * ".join(f"(\n{indent(text, '  ')}\n)" for text in counted)


def _count_unit(spec: PopulationSpec, unit: str, fields: Fields) -> str:
    of_edition = f"edition = {quote(spec.edition)}"
    days = "\n".join(["FROM calendar", *write_where([of_edition, *_test_dates(spec)])])
    match unit:
        case "open_day":
            return f"SELECT count(*)\n{days}\n  AND open"
        case "calendar_day":
            return f"SELECT count(*)\n{days}"
        case "month":
            return f"SELECT count(DISTINCT strftime(date, '%Y-%m'))\n{days}"
        case "contact":
            return "\n".join(["SELECT count(*)", *_select_rows(spec.all_contacts(), (), fields)])
        case "rest_of_year":
            # How many rows a window would have if its days were as busy as the rest of its year.
            window = f"date BETWEEN {quote(spec.period.start)} AND {quote(spec.period.end)}"
            return (
                f"SELECT (\n{indent(count_rest(spec, fields), '  ')}\n) * (\n"
                f"  SELECT count(*) FILTER ({window}) / count(*) FILTER (NOT {window})\n"
                f"  FROM calendar\n  WHERE {of_edition} AND open\n)"
            )
    return f"SELECT count(*)\nFROM helplines\nWHERE {of_edition}"


def count_rest(spec: PopulationSpec, fields: Fields) -> str:
    """A SELECT that counts a population on all days of its year but those of its window."""
    window = f"date NOT BETWEEN {quote(spec.period.start)} AND {quote(spec.period.end)}"
    tests = [f"edition = {quote(spec.edition)}", window, *_test_conditions(spec, fields)]
    return "\n".join(["SELECT count(*)", f"FROM {spec.table}", *write_where(tests)])


def _select_rows(spec: PopulationSpec, by: Sequence[str], fields: Fields) -> Iterator[str]:
    """FROM and WHERE of the rows of a population."""
    yield f"FROM {spec.table}"
    for name in by:
        if name in fields.several:
            yield f"CROSS JOIN unnest({name}) AS codes_of_{name}(one_{name})"
    tests = [*_test_edition(spec, fields), *_test_dates(spec), *_test_conditions(spec, fields)]
    yield from write_where(tests)


def _test_dates(spec: PopulationSpec) -> Iterator[str]:
    yield f"date BETWEEN {quote(spec.period.start)} AND {quote(spec.period.end)}"
    if spec.without:
        yield f"date NOT BETWEEN {quote(spec.without.start)} AND {quote(spec.without.end)}"


def _test_edition(spec: PopulationSpec, fields: Fields) -> list[str]:
    """Days tell years apart, unless a month stands in two of them."""
    return [f"edition = {quote(spec.edition)}"] if fields.dated_months else []


def _test_conditions(spec: PopulationSpec, fields: Fields) -> Iterator[str]:
    """The conditions, and that at least one row of each lower table hangs on the row."""
    for condition in spec.conditions:
        yield _write_test(spec, condition, fields)
    key = KEYS.get(spec.table, "")
    for lower in spec.having:
        tests = write_where(_test_conditions(lower, fields))
        lines = "\n".join([f"SELECT {key}", f"FROM {lower.table}", *tests])
        yield f"{key} IN (\n{indent(lines, '    ')}\n  )"


def _select_traffic(spec: PopulationSpec, by: Sequence[str], fields: Fields) -> Iterator[str]:
    """FROM and WHERE of the rows that are broken down by some fields and by no other.

    They are of the whole period, or of its days or months where these are asked for. Page views and
    sessions may be added up: of days where there are no months, and of both for the whole period.
    """
    conditioned = {condition.field for condition in spec.conditions}
    asked = conditioned | set(by)
    first, last = quote(spec.period.start), quote(spec.period.end)
    inside = [f'"start" >= {first}', f'"end" <= {last}']
    days = ["grain = 'year'", f'"start" = {first}', f'"end" = {last}']
    if "date" in asked:
        days = ["grain = 'day'", *inside]
    elif "month" in asked:
        days = ["grain = 'month'", *inside]
    elif spec.noun in ADDITIVE and not asked:
        days = inside
    conditions = [_write_test(spec, each, fields) for each in spec.conditions]
    nulls = [
        f"{name} IS {'NOT NULL' if name in asked else 'NULL'}"
        for name in TRAFFIC_DIMENSIONS
        if name not in conditioned
    ]

    def rows(tests: Sequence[str]) -> list[str]:
        measured = [f"measure = '{spec.noun}'", *_test_edition(spec, fields)]
        return ["FROM traffic", *write_where([*measured, *tests, *nulls])]

    if "month" in asked and "date" not in asked and spec.noun in ADDITIVE:
        without_month = _drop_conditions(spec, ["month"]).conditions
        others = [_write_test(spec, each, fields) for each in without_month]
        grain = "SELECT CASE WHEN count(*) > 0 THEN 'month' ELSE 'day' END"
        counted = "\n".join([grain, *rows([*days, *others])])
        days = [f"grain = (\n{indent(counted, '    ')}\n  )", *inside]
    yield from rows([*days, *conditions])


def _sum_total(spec: PopulationSpec) -> str:
    """The total of the whole period if the source gives it; else of its months, or its days."""
    first, last = quote(spec.period.start), quote(spec.period.end)
    parts = [
        f'sum(value) FILTER (grain = \'year\' AND "start" = {first} AND "end" = {last})',
        *(
            f'CASE sum("end" - "start" + 1) FILTER (grain = \'{grain}\') '
            f"WHEN {spec.period.days} THEN sum(value) FILTER (grain = '{grain}') END"
            for grain in ("month", "day")
        ),
    ]
    return "coalesce(\n  " + ",\n  ".join(parts) + "\n)"


def _sum_values(spec: PopulationSpec) -> str:
    """The sum of values; NULL for users if one of them can be in two of the rows."""
    if spec.noun in ADDITIVE:
        return "sum(value)"
    fields = {condition.field for condition in spec.conditions}
    if ONE_PER_USER not in fields:
        return "CASE WHEN count(*) = 1 THEN sum(value) END"
    shared = sorted(fields - {ONE_PER_USER} - set(TIMES))
    alone = " AND ".join(f"count(DISTINCT {name}) = 1" for name in shared)
    return f"CASE WHEN {alone} THEN sum(value) END" if shared else "sum(value)"
