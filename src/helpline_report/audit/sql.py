"""A population, or a figure, as SQL that an auditor can read and run on typed tables.

The tables are `contacts`, `persons`, `followups` and `traffic`, with the canonical fields as
columns. A person has the key `person` and the `contact` it was reported in; a follow-up has the
`person`. An unknown hour or age is NULL. `calendar` has the days, and whether the helpline was
`open`; `helplines` has the lines of an edition, and `files` what became of the rows of each file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from helpline_report.audit.sql_traffic import traffic_by, traffic_maximum, traffic_sql
from helpline_report.figures.model import Condition, Figure, PopulationSpec
from helpline_report.params.codelists import CodeList
from helpline_report.params.edition import AgeClass

DERIVED = {
    "month": "contacts",
    "weekday": "contacts",
    "hour": "contacts",
    "date": "contacts",
    "age_class": "persons",
}
# The column that a derived field is told from.
DATED = {"month": "date", "weekday": "date", "age_class": "age"}
KEYS = {"contacts": "contact", "persons": "person", "followups": "person"}
ABOVE = {"contacts": (), "persons": ("contacts",), "followups": ("persons", "contacts")}
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Columns:
    """Which table a field is a column of, and which fields hold several codes a row."""

    codelists: Mapping[str, CodeList]
    ages: Sequence[AgeClass]
    multiple: frozenset[str] = field(default_factory=frozenset)

    def table(self, name: str) -> str:
        """The table of a field."""
        return DERIVED[name] if name in DERIVED else self.codelists[name].table


@dataclass(frozen=True)
class Counted:
    """A statement that counts rows, in parts: its FROM, the test of its days, its other tests.

    `columns` are those that the other tests look at, in order.
    """

    rows: str
    days: str
    tests: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """One statement: what of the figure it gives (`numerator`, `against`, …), and its text.

    `counted` are the parts of one that counts rows by what stands in them alone: many of those can
    be counted in one go.
    """

    gives: str
    text: str
    counted: Counted | None = None


def figure_sql(figure: Figure, columns: Columns) -> tuple[Query, ...]:
    """The statements that recount a figure."""
    if figure.population.table == "files":
        return (Query("count", _rows_of_file(figure.population)),)
    if figure.population.table == "calendar":
        return (Query("count", _open_days(figure.population)),)
    match figure.kind:
        case "top" | "rank":
            return (Query("ranking", count_by(figure.population, figure.by, columns)),)
        case "maximum":
            return (Query("maximum", _maximum(figure, columns)),)
    if figure.kind == "flag" and figure.by:
        queries = [Query("ranking", count_by(figure.population, figure.by, columns))]
        if figure.of:
            queries.append(Query("ranking_before", count_by(figure.of, figure.by, columns)))
        return tuple(queries)
    if figure.of is None:
        gives = "count" if figure.kind == "count" else "numerator"
        return (_count(gives, figure.population, columns), *_exposures(figure))
    other = "denominator" if figure.kind == "share" else "against"
    numerator = _count("numerator", figure.population, columns)
    return (numerator, _count(other, figure.of, columns), *_exposures(figure))


def _count(gives: str, spec: PopulationSpec, columns: Columns) -> Query:
    text = count_sql(spec, columns)
    if spec.table == "traffic" or spec.having:
        return Query(gives, text)
    days, *tests = _tests(spec, columns)
    looked_at = {DATED.get(each.field, each.field) for each in spec.conditions}
    looked_at |= {"date"} if spec.without else set()
    rows = "\n".join(_from(spec, (), columns))
    return Query(gives, text, Counted(rows, days, tuple(tests), tuple(sorted(looked_at))))


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
    return f"SELECT count(*)\nFROM helplines\nWHERE edition = {_text(spec.edition)}"


def _open_days(spec: PopulationSpec) -> str:
    return "SELECT count(*)\n" + _days(spec) + "\n  AND open"


def _days(spec: PopulationSpec) -> str:
    return "\n".join(["FROM calendar", *_where(_dates(spec))])


def files_sql() -> str:
    """A SELECT of what became of the rows of each file, and of each table that it feeds."""
    return 'SELECT edition, file, "table", read, used, repaired, excluded\nFROM files'


def _rows_of_file(spec: PopulationSpec) -> str:
    """The rows of one file that were read, used, repaired or excluded."""
    codes = {condition.field: condition.codes[0] for condition in spec.conditions}
    tests = [f"edition = {_text(spec.edition)}", f"file = {_text(codes['file'])}"]
    if "table" in codes:
        tests.append(f'"table" = {_text(codes["table"])}')
    return "\n".join([f"SELECT {codes['fate']}", "FROM files", *_where(iter(tests))])


def count_sql(spec: PopulationSpec, columns: Columns) -> str:
    """A SELECT that counts a population."""
    if spec.table == "traffic":
        return traffic_sql(spec)
    return "SELECT count(*)\n" + _rows(spec, (), columns)


def count_by(spec: PopulationSpec, by: Sequence[str], columns: Columns) -> str:
    """A SELECT that counts a population by the codes of some fields, most first."""
    if spec.table == "traffic":
        return traffic_by(spec, by)
    keys = [_expression(name, columns) for name in by]
    named = ", ".join(
        f"{key} AS {name}" if key != name else key for key, name in zip(keys, by, strict=True)
    )
    rows = _rows(spec, by, columns)
    places = ", ".join(str(place) for place in range(1, len(by) + 1))
    order = f"ORDER BY {len(by) + 1} DESC, {places}"
    return f"SELECT {named}, count(*) AS number\n{rows}\nGROUP BY {places}\n{order}"


def _maximum(figure: Figure, columns: Columns) -> str:
    if figure.population.table == "traffic":
        return traffic_maximum(figure.population, figure.by)
    keys = ", ".join(_expression(name, columns) for name in figure.by)
    rows = _rows(figure.population, figure.by, columns)
    counted = "\n".join(["SELECT count(*) AS number", rows, f"GROUP BY {keys}"])
    return "\n".join(["SELECT coalesce(max(number), 0) FROM (", _indented(counted), ") AS counted"])


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
        yield _test(condition, columns)
    for lower in spec.having:
        yield _having(spec, lower, columns)


def _having(spec: PopulationSpec, lower: PopulationSpec, columns: Columns) -> str:
    """At least one row of a lower table hangs on the row."""
    key = KEYS[spec.table]
    lines = [f"SELECT {key}", f"FROM {lower.table}"]
    if lower.table == "followups" and spec.table == "contacts":
        lines.append("JOIN persons USING (person)")
    tests = [_test(condition, columns) for condition in lower.conditions]
    tests += [_having(lower, below, columns) for below in lower.having]
    lines += _where(iter(tests))
    return f"{key} IN (\n{_indented(chr(10).join(lines), 4)}\n  )"


def _test(condition: Condition, columns: Columns) -> str:
    name, codes = condition.field, condition.codes
    if name in columns.multiple:
        return f"list_has_any({name}, [{', '.join(_text(code) for code in codes)}])"
    match name:
        case "hour":
            return _either([_hour(code) for code in codes])
        case "age_class":
            return _either([_age(code, columns.ages) for code in codes])
    return _equals(_expression(name, columns), codes)


def _expression(name: str, columns: Columns) -> str:
    """A field as a column or as an expression over columns."""
    if name in columns.multiple:
        return f"one_{name}"
    match name:
        case "month":
            return "strftime(date, '%m')"
        case "weekday":
            return "isodow(date)::VARCHAR"
        case "age_class":
            cases = " ".join(
                f"WHEN {_age(a.code, columns.ages)} THEN '{a.code}'" for a in columns.ages
            )
            return f"CASE {cases} ELSE '{UNKNOWN}' END"
        case "date":
            return "date"
    return name


def _equals(expression: str, codes: Sequence[str]) -> str:
    if not codes:
        return "false"
    listed = ", ".join(_text(code) for code in codes)
    return f"{expression} = {listed}" if len(codes) == 1 else f"{expression} IN ({listed})"


def _hour(code: str) -> str:
    return "hour IS NULL" if code == UNKNOWN else f"hour = {int(code)}"


def _age(code: str, ages: Sequence[AgeClass]) -> str:
    found = next((item for item in ages if item.code == code), None)
    if found is None:
        return "age IS NULL"
    return (
        f"age >= {found.start}" if found.to is None else f"age BETWEEN {found.start} AND {found.to}"
    )


def _either(tests: Sequence[str]) -> str:
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _indented(text: str, spaces: int = 2) -> str:
    return "\n".join(" " * spaces + line for line in text.split("\n"))
