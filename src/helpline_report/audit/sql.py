"""A population, or a figure, as SQL that an auditor can read and run on typed tables.

The tables are `contacts`, `persons`, `followups` and `traffic`, with the canonical fields as
columns. A person has the key `person` and the `contact` it was reported in; a follow-up has the
`person`. An unknown hour or age is NULL. `calendar` has the days, and whether the helpline was
`open`; `helplines` has the lines of an edition, and `files` what became of the rows of each file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from helpline_report.audit.sql_conditions import (
    Columns,
    column_of,
    condition_sql,
    expression_of,
    text_of,
)
from helpline_report.audit.sql_query import Counted, Holds, Looked, Query
from helpline_report.audit.sql_traffic import (
    traffic_by,
    traffic_looked,
    traffic_maximum,
    traffic_sql,
)
from helpline_report.figures.model import Figure, PopulationSpec

KEYS = {"contacts": "contact", "persons": "person", "followups": "person"}
ABOVE = {"contacts": (), "persons": ("contacts",), "followups": ("persons", "contacts")}


def figure_sql(figure: Figure, columns: Columns) -> tuple[Query, ...]:
    """The statements that recount a figure; none for a number of a chapter's own code."""
    if figure.kind == "own":
        return ()
    if figure.population.table == "files":
        return (_rows_of_file(figure.population),)
    if figure.population.table == "calendar":
        return (Query("count", _open_days(figure.population)),)
    match figure.kind:
        case "top" | "rank":
            return (_ranking("ranking", figure.population, figure.by, columns),)
        case "maximum":
            return (_maximum(figure, columns),)
    if figure.kind == "flag" and figure.by:
        queries = [_ranking("ranking", figure.population, figure.by, columns)]
        if figure.of:
            queries.append(_ranking("ranking_before", figure.of, figure.by, columns))
        return tuple(queries)
    if figure.of is None:
        gives = "count" if figure.kind == "count" else "numerator"
        return (_count(gives, figure.population, columns), *_exposures(figure))
    other = "denominator" if figure.kind == "share" else "against"
    numerator = _count("numerator", figure.population, columns)
    return (numerator, _count(other, figure.of, columns), *_exposures(figure))


def _count(gives: str, spec: PopulationSpec, columns: Columns) -> Query:
    text = count_sql(spec, columns)
    if spec.table == "traffic":
        return Query(gives, text, looked=traffic_looked(spec))
    return Query(gives, text, _counted(spec, (), columns))


def _ranking(gives: str, spec: PopulationSpec, by: Sequence[str], columns: Columns) -> Query:
    counted = _counted(spec, by, columns) if len(by) == 1 else None
    text = count_by(spec, by, columns)
    return Query(gives, text, counted and replace(counted, gives="ranking"))


def _counted(spec: PopulationSpec, by: Sequence[str], columns: Columns) -> Counted | None:
    """The parts of a statement; of one that looks at other rows than those it counts, none."""
    if spec.table == "traffic" or spec.having or columns.multiple & set(by):
        return None
    days, *others = _dates(spec)
    tests = [Holds(other, other, ("true",)) for other in others]
    tests += [condition_sql(condition, columns) for condition in spec.conditions]
    looked_at = {column_of(each.field) for each in spec.conditions} | set(map(column_of, by))
    looked_at |= {"date"} if spec.without else set()
    return Counted(
        rows="\n".join(_from(spec, by, columns)),
        days=days,
        tests=tuple(tests),
        columns=tuple(sorted(looked_at)),
        by=tuple(expression_of(name, columns) for name in by),
    )


def lines_sql(spec: PopulationSpec, columns: Columns) -> str:
    """A SELECT of the physical lines, in their export, of the rows of a population."""
    return f"SELECT {spec.table}.line\n" + _rows(spec, (), columns)


def _exposures(figure: Figure) -> Iterator[Query]:
    """What a mean is divided by, and over how many days each side of a rate was observed."""
    if figure.exposure is None:
        return
    units = figure.exposure.unit.split(" × ")
    divided = figure.of is None
    yield Query("divisor" if divided else "observed", _exposure(figure.population, units))
    if figure.of is not None:
        yield Query("observed_against", _exposure(figure.of, units))


def _exposure(spec: PopulationSpec, units: Sequence[str]) -> str:
    counted = [_unit(spec, unit) for unit in units]
    if len(counted) == 1:
        return counted[0]
    return "SELECT " + " * ".join(f"(\n{_indented(text)}\n)" for text in counted)


def _unit(spec: PopulationSpec, unit: str) -> str:
    match unit:
        case "open_day":
            return _open_days(spec)
        case "calendar_day":
            return "SELECT count(*)\n" + _days(spec)
        case "month":
            return "SELECT count(DISTINCT strftime(date, '%Y-%m'))\n" + _days(spec)
    return f"SELECT count(*)\nFROM helplines\nWHERE edition = {text_of(spec.edition)}"


def _open_days(spec: PopulationSpec) -> str:
    return "SELECT count(*)\n" + _days(spec) + "\n  AND open"


def _days(spec: PopulationSpec) -> str:
    return "\n".join(["FROM calendar", *_where(_dates(spec))])


def files_sql() -> str:
    """A SELECT of what became of the rows of each file, and of each table that it feeds."""
    return 'SELECT edition, file, "table", read, used, repaired, excluded\nFROM files'


def _rows_of_file(spec: PopulationSpec) -> Query:
    """The rows of one file that were read, used, repaired or excluded."""
    codes = {condition.field: condition.codes[0] for condition in spec.conditions}
    of_file = {"edition": spec.edition, "file": codes["file"]}
    if "table" in codes:
        of_file['"table"'] = codes["table"]
    tests = [f"{name} = {text_of(code)}" for name, code in of_file.items()]
    text = "\n".join([f"SELECT {codes['fate']}", "FROM files", *_where(iter(tests))])
    of_all = f"SELECT {', '.join(of_file)}, {codes['fate']}\nFROM files"
    return Query("count", text, looked=Looked(of_all, tuple(of_file.values())))


def count_sql(spec: PopulationSpec, columns: Columns) -> str:
    """A SELECT that counts a population."""
    if spec.table == "traffic":
        return traffic_sql(spec)
    return "SELECT count(*)\n" + _rows(spec, (), columns)


def count_by(spec: PopulationSpec, by: Sequence[str], columns: Columns) -> str:
    """A SELECT that counts a population by the codes of some fields, most first."""
    if spec.table == "traffic":
        return traffic_by(spec, by)
    keys = [expression_of(name, columns) for name in by]
    named = ", ".join(
        f"{key} AS {name}" if key != name else key for key, name in zip(keys, by, strict=True)
    )
    rows = _rows(spec, by, columns)
    places = ", ".join(str(place) for place in range(1, len(by) + 1))
    order = f"ORDER BY {len(by) + 1} DESC, {places}"
    return f"SELECT {named}, count(*) AS number\n{rows}\nGROUP BY {places}\n{order}"


def _maximum(figure: Figure, columns: Columns) -> Query:
    spec = figure.population
    if spec.table == "traffic":
        return Query("maximum", traffic_maximum(spec, figure.by))
    keys = ", ".join(expression_of(name, columns) for name in figure.by)
    grouped = ["SELECT count(*) AS number", _rows(spec, figure.by, columns), f"GROUP BY {keys}"]
    within = _indented("\n".join(grouped))
    lines = ["SELECT coalesce(max(number), 0) FROM (", within, ") AS counted"]
    counted = _counted(spec, figure.by, columns)
    return Query("maximum", "\n".join(lines), counted and replace(counted, gives="maximum"))


def _rows(spec: PopulationSpec, by: Sequence[str], columns: Columns) -> str:
    """FROM, JOIN and WHERE of a population of rows."""
    return "\n".join([*_from(spec, by, columns), *_where(_tests(spec, columns))])


def _from(spec: PopulationSpec, by: Sequence[str], columns: Columns) -> Iterator[str]:
    yield f"FROM {spec.table}"
    wanted = {columns.table(condition.field) for condition in spec.conditions}
    wanted |= {columns.table(name) for name in by} | {"contacts"}
    for upper in ABOVE[spec.table]:
        if upper in wanted or upper == "persons":
            yield f"JOIN {upper} USING ({KEYS[upper]})"
    for name in by:
        if name in columns.multiple:
            yield f"CROSS JOIN unnest({name}) AS codes_of_{name}(one_{name})"


def _where(tests: Iterator[str]) -> Iterator[str]:
    for place, test in enumerate(tests):
        yield ("WHERE " if place == 0 else "  AND ") + test


def _dates(spec: PopulationSpec) -> Iterator[str]:
    period = spec.period
    yield f"date BETWEEN DATE '{period.start}' AND DATE '{period.end}'"
    if spec.without:
        left_out = spec.without
        yield f"date NOT BETWEEN DATE '{left_out.start}' AND DATE '{left_out.end}'"


def _tests(spec: PopulationSpec, columns: Columns) -> Iterator[str]:
    yield from _dates(spec)
    for condition in spec.conditions:
        yield condition_sql(condition, columns).text
    for lower in spec.having:
        yield _having(spec, lower, columns)


def _having(spec: PopulationSpec, lower: PopulationSpec, columns: Columns) -> str:
    """At least one row of a lower table hangs on the row."""
    key = KEYS[spec.table]
    lines = [f"SELECT {key}", f"FROM {lower.table}"]
    if lower.table == "followups" and spec.table == "contacts":
        lines.append("JOIN persons USING (person)")
    tests = [condition_sql(condition, columns).text for condition in lower.conditions]
    tests += [_having(lower, below, columns) for below in lower.having]
    lines += _where(iter(tests))
    return f"{key} IN (\n{_indented(chr(10).join(lines), 4)}\n  )"


def _indented(text: str, spaces: int = 2) -> str:
    return "\n".join(" " * spaces + line for line in text.split("\n"))
