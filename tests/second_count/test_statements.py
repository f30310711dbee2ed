"""The SQL of a figure: text that an auditor reads as easily as an engine runs it."""

import datetime as dt

import duckdb
import pytest

from helpline_report.figures.model import Condition, Figure, PopulationSpec
from helpline_report.parameters.codelists import Code, CodeList
from helpline_report.parameters.values import Period
from helpline_report.second_count.sql import Fields, condition_test
from helpline_report.second_count.statements import (
    FILES,
    count_by,
    count_population,
    figure_queries,
)
from tests.audit.conftest import change, count, share, spec

FIELDS = {
    "channel": "contacts",
    "caller_role": "contacts",
    "problem": "persons",
    "form": "persons",
    "followup": "followups",
    "device": "traffic",
}


@pytest.fixture
def fields() -> Fields:
    """Some fields; `form` has several codes a row, and follow-ups have a group `referred`."""
    said = {"nl": "x", "en": "x"}
    lists = {
        field: CodeList.model_validate(
            {"field": field, "table": table, "name": said, "by": said, "where": said}
        )
        for field, table in FIELDS.items()
    }
    group = Code.model_validate({"code": "referred", **said})
    lists["followup"] = lists["followup"].model_copy(update={"groups": [group]})
    return Fields(lists, frozenset({"form"}))


def _having(lower: PopulationSpec, table: str = "contacts") -> PopulationSpec:
    return spec(table).model_copy(update={"having": (lower,)})


YEAR = "date BETWEEN DATE '2017-01-01' AND DATE '2017-12-31'"
WINDOW = Period(start=dt.date(2017, 6, 1), end=dt.date(2017, 6, 30))
HAVING = (
    "FROM contacts\nWHERE date BETWEEN DATE '2017-01-01' AND DATE '2017-12-31'\n"
    "  AND contact IN (\n    SELECT contact\n    {}\n  )"
)
POPULATIONS = {
    "conditions, a line each": (
        spec(channel=("phone", "email")),
        f"FROM contacts\nWHERE {YEAR}\n  AND channel IN ('phone', 'email')",
    ),
    "a follow-up has the date of the contact that it hangs on": (
        spec("followups", followup="advice"),
        f"FROM followups\nWHERE {YEAR}\n  AND followup = 'advice'",
    ),
    "a contact with two such persons counts once": (
        _having(spec("persons", problem="child_abuse")),
        HAVING.format("FROM persons\n    WHERE problem = 'child_abuse'"),
    ),
    "a follow-up knows its contact": (
        _having(spec("followups", followup="advice")),
        HAVING.format("FROM followups\n    WHERE followup = 'advice'"),
    ),
    "the days around a window are the period without it": (
        spec().model_copy(update={"without": WINDOW}),
        f"FROM contacts\nWHERE {YEAR}\n"
        "  AND date NOT BETWEEN DATE '2017-06-01' AND DATE '2017-06-30'",
    ),
}


@pytest.mark.parametrize(("population", "rows"), POPULATIONS.values(), ids=POPULATIONS)
def test_a_population(fields: Fields, population: PopulationSpec, rows: str) -> None:
    """Each is counted by one statement that reads from top to bottom."""
    assert count_population(population, fields) == f"SELECT count(*)\n{rows}"


@pytest.mark.parametrize(
    ("field", "codes", "test"),
    [
        ("month", ("01", "02"), "month IN ('01', '02')"),
        ("hour", ("09", "unknown"), "hour IN ('09', 'unknown')"),
        ("date", ("2017-01-02",), "date = '2017-01-02'"),
        ("age_class", ("young",), "age_class = 'young'"),
        ("age", ("18", "unknown"), "(age IS NULL OR age = '18')"),
        ("form", ("a", "b"), "list_has_any(form, ['a', 'b'])"),
        ("problem", ("it's",), "problem = 'it''s'"),
        ("problem", (), "false"),
        (
            "followup",
            ("advice", "referred"),
            "(followup = 'advice' OR followup IN "
            "(SELECT code FROM codes WHERE field = 'followup' AND parent = 'referred'))",
        ),
    ],
)
def test_each_kind_of_field(fields: Fields, field: str, codes: tuple[str, ...], test: str) -> None:
    """A group stands for the codes below it, and a quote in a code ends no string."""
    condition = Condition(field=field, codes=codes, given=codes)
    population = spec("persons").model_copy(update={"conditions": (condition,)})
    assert count_population(population, fields).splitlines()[-1] == f"  AND {test}"


def test_a_row_with_several_codes_counts_under_each(fields: Fields) -> None:
    """A breakdown by a field that holds several codes a row runs, and counts each."""
    database = duckdb.connect()
    database.execute(
        "CREATE TABLE persons AS "
        "SELECT DATE '2017-05-05' AS date, unnest([['a', 'b'], ['b']]) AS form"
    )
    query = count_by(spec("persons"), ("form",), fields)
    assert database.execute(query).fetchall() == [("b", 2), ("a", 1)]


OPEN_DAYS = """\
SELECT count(*)
FROM calendar
WHERE edition = '2017'
  AND date BETWEEN DATE '2017-01-01' AND DATE '2017-12-31'
  AND open"""
DAYS = OPEN_DAYS.removesuffix("\n  AND open")
LINES = "SELECT count(*)\n  FROM helplines\n  WHERE edition = '2017'"
MOST = """\
SELECT coalesce(max(number), 0) FROM (
  SELECT channel, date, count(*) AS number
  FROM contacts
  WHERE date BETWEEN DATE '2017-01-01' AND DATE '2017-12-31'
  GROUP BY 1, 2
) AS counted"""


def made(kind: str, population: PopulationSpec, **more: object) -> Figure:
    """A figure of a kind."""
    unit = kind if kind == "mean" else "count"
    given = {"id": "x", "kind": kind, "unit": unit, "value": 1, "population": population}
    return Figure.model_validate(given | more)


def mean(unit: str) -> Figure:
    """A mean of contacts per something."""
    return made("mean", spec(), exposure={"unit": unit, "of": 1})


FIGURES = {
    "a share": (
        share("x", (1, 2), spec(channel="phone"), spec()),
        "denominator",
        "SELECT count(*)",
    ),
    "a change": (change("x", (2, 1), spec(), spec(year=2016)), "against", "DATE '2016-01-01'"),
    "days vary": (change("x", (2, 1), spec(), spec(year=2016)), "dispersion", "greatest(1, "),
    "a maximum": (made("maximum", spec(), by=["channel", "date"]), "maximum", MOST),
    "open days": (made("count", spec("days")), "count", OPEN_DAYS),
    "open days times helplines": (
        mean("open_day × helpline"),
        "divisor",
        "SELECT (\n  {}\n) * (\n  {}\n)".format(OPEN_DAYS.replace("\n", "\n  "), LINES),
    ),
    "days": (mean("calendar_day"), "divisor", DAYS),
    "months": (mean("month"), "divisor", DAYS.replace("*", "DISTINCT strftime(date, '%Y-%m')")),
}


@pytest.mark.parametrize(("figure", "gives", "text"), FIGURES.values(), ids=FIGURES)
def test_a_statement_of_a_figure(fields: Fields, figure: Figure, gives: str, text: str) -> None:
    """What it gives of the figure, and what is counted."""
    queries = {query.gives: query.text for query in figure_queries(figure, fields)}
    assert text in queries[gives]


def test_users_of_the_year_are_no_sum(fields: Fields) -> None:
    """Users of one device are those of its row; rows by another field aren't added to them."""
    assert count_population(spec("users", device="mobile"), fields) == (
        "SELECT CASE WHEN count(*) = 1 THEN sum(value) END\n"
        "FROM traffic\n"
        "WHERE measure = 'users'\n"
        "  AND grain = 'year'\n"
        "  AND \"start\" = DATE '2017-01-01'\n"
        "  AND \"end\" = DATE '2017-12-31'\n"
        "  AND device = 'mobile'\n"
        "  AND site IS NULL\n"
        "  AND traffic_channel IS NULL\n"
        "  AND referrer IS NULL\n"
        "  AND user_gender IS NULL"
    )


@pytest.mark.parametrize(
    ("noun", "conditions", "counted"),
    [
        ("users", {"device": ("mobile", "tablet")}, None),
        ("users", {"user_gender": ("female", "male")}, 90),
        ("users", {"device": ("mobile", "tablet"), "user_gender": "male"}, None),
        ("users", {"device": "mobile", "user_gender": ("female", "male")}, 30),
        ("sessions", {"device": ("mobile", "tablet")}, 80),
        ("users", {}, 100),
        ("page_views", {}, 365),
        ("sessions", {}, None),
        ("page_views", {"month": "02"}, 1),
        ("sessions", {"month": "02"}, 7),
    ],
)
def test_what_adds_up(
    fields: Fields, noun: str, conditions: dict[str, str], counted: int | None
) -> None:
    """Users of both genders do, of two devices they don't; months do where they make the year."""
    database = duckdb.connect()
    dimensions = (
        "NULL::VARCHAR AS site, NULL::VARCHAR AS traffic_channel, NULL::VARCHAR AS referrer"
    )
    rows = """
        ('users', 'year', NULL, NULL, '2017-01-01', '2017-12-31', 100),
        ('users', 'year', 'mobile', NULL, '2017-01-01', '2017-12-31', 60),
        ('users', 'year', 'tablet', NULL, '2017-01-01', '2017-12-31', 50),
        ('users', 'year', NULL, 'female', '2017-01-01', '2017-12-31', 50),
        ('users', 'year', NULL, 'male', '2017-01-01', '2017-12-31', 40),
        ('users', 'year', 'mobile', 'female', '2017-01-01', '2017-12-31', 20),
        ('users', 'year', 'mobile', 'male', '2017-01-01', '2017-12-31', 10),
        ('users', 'year', 'tablet', 'male', '2017-01-01', '2017-12-31', 10),
        ('sessions', 'year', 'mobile', NULL, '2017-01-01', '2017-12-31', 50),
        ('sessions', 'year', 'tablet', NULL, '2017-01-01', '2017-12-31', 30),
        ('sessions', 'day', NULL, NULL, '2017-02-01', '2017-02-01', 3),
        ('sessions', 'day', NULL, NULL, '2017-02-02', '2017-02-02', 4),
        ('page_views', 'month', NULL, NULL, '2017-01-01', '2017-01-31', 364),
        ('page_views', 'month', NULL, NULL, '2017-02-01', '2017-12-31', 1),
        ('page_views', 'day', NULL, NULL, '2017-02-01', '2017-02-01', 9)
    """
    database.execute(
        f'CREATE TABLE traffic AS SELECT *, s::DATE AS "start", e::DATE AS "end", {dimensions} '  # noqa: S608
        f"FROM (VALUES {rows}) AS rows(measure, grain, device, user_gender, s, e, value)"
    )
    population = spec("users", **conditions).model_copy(update={"noun": noun})
    assert database.execute(count_population(population, fields)).fetchall() == [(counted,)]


def test_rows_of_a_file(fields: Fields) -> None:
    """What became of them stands in a table, a row a file and table that it feeds."""
    rows = {"table": "files", "noun": "rows"}
    population = spec(file="a.csv", fate="used", table="persons").model_copy(update=rows)
    (query,) = figure_queries(made("count", population), fields)
    assert (query.text, query.row, query.column) == (FILES, ("2017", "a.csv", "persons"), 4)


@pytest.mark.parametrize(
    ("code", "row"),
    [("phone", ("phone",)), ("referred", ())],
)
def test_a_member_of_a_series_is_a_row_of_one_statement(
    fields: Fields, code: str, row: tuple[str, ...]
) -> None:
    """A group has no row there: it is counted by itself."""
    table, by = ("contacts", "channel") if row else ("followups", "followup")
    figure = count("x", 1, spec(table, **{by: code})).model_copy(update={"by": (by,), "code": code})
    (query,) = figure_queries(figure, fields)
    assert query.row == row
    assert ("GROUP BY 1" in query.text) == bool(row)
    assert (f"{by} = '{code}'" in query.text) is False


@pytest.mark.parametrize(
    ("condition", "sql"),
    [
        (
            Condition(field="hour", codes=("09",), given=("09", "17"), form="between"),
            "hour BETWEEN '09' AND '17'",
        ),
        (
            Condition(field="date", codes=(), given=("2017-03-01", ""), form="between"),
            "date >= DATE '2017-03-01'",
        ),
        (
            Condition(
                field="hour", codes=("unknown",), given=("", "17"), form="between", negated=True
            ),
            "NOT (hour BETWEEN '00' AND '17')",
        ),
        (
            Condition(field="age", codes=(), given=("65", ""), form="between", negated=True),
            "NOT coalesce(age >= 65, false)",
        ),
        (
            Condition(field="channel", codes=("chat",), given=("phone", "email"), negated=True),
            "NOT (channel IN ('phone', 'email'))",
        ),
        (
            Condition(field="form", codes=("sexual",), given=("physical",), negated=True),
            "(len(form) > 0 AND NOT list_has_any(form, ['physical']))",
        ),
    ],
)
def test_spans_and_what_is_left_out(condition: Condition, sql: str, fields: Fields) -> None:
    """A span by its ends, and what is left out as it was written."""
    assert condition_test(condition, fields) == sql
