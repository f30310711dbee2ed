"""The SQL of a figure: text that an auditor reads as easily as an engine runs it."""

import datetime as dt
from dataclasses import replace

import duckdb
import pytest

from helpline_report.audit.populations import as_data
from helpline_report.audit.sql import count_by, count_sql, figure_sql
from helpline_report.audit.sql_conditions import Columns, condition_sql
from helpline_report.figures.model import Condition, Figure, PopulationSpec
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import AgeClass
from helpline_report.parameters.values import Period
from tests.audit.conftest import change, share, spec

FIELDS = {
    "channel": "contacts",
    "caller_role": "contacts",
    "problem": "persons",
    "form": "persons",
    "followup": "followups",
    "device": "traffic",
}


@pytest.fixture
def columns() -> Columns:
    """Some fields, a class of ages below six and one above, and `form` with several codes a row."""
    said = {"nl": "x", "en": "x"}
    lists = {
        field: CodeList.model_validate(
            {"field": field, "table": table, "name": said, "by": said, "where": said}
        )
        for field, table in FIELDS.items()
    }
    ages = [
        AgeClass.model_validate({"code": "young", "from": 0, "to": 5, "label": said}),
        AgeClass.model_validate({"code": "older", "from": 6, "label": said}),
    ]
    return Columns(lists, ages, frozenset({"form"}))


def _having(lower: PopulationSpec, table: str = "contacts") -> PopulationSpec:
    return spec(table).model_copy(update={"having": (lower,)})


def test_a_population_of_contacts(columns: Columns) -> None:
    """Its period and its conditions, a line each."""
    assert count_sql(spec(channel=("phone", "email")), columns) == (
        "SELECT count(*)\n"
        "FROM contacts\n"
        "WHERE date BETWEEN DATE '2017-01-01' AND DATE '2017-12-31'\n"
        "  AND channel IN ('phone', 'email')"
    )


def test_a_population_below_contacts_joins_them(columns: Columns) -> None:
    """The date of a follow-up is that of the contact it hangs on."""
    assert count_sql(spec("followups", followup="advice"), columns) == (
        "SELECT count(*)\n"
        "FROM followups\n"
        "JOIN persons USING (person)\n"
        "JOIN contacts USING (contact)\n"
        "WHERE date BETWEEN DATE '2017-01-01' AND DATE '2017-12-31'\n"
        "  AND followup = 'advice'"
    )


def test_contacts_with_at_least_one_person(columns: Columns) -> None:
    """A contact with two such persons counts once."""
    text = count_sql(_having(spec("persons", problem="child_abuse")), columns)
    assert text.endswith(
        "  AND contact IN (\n"
        "    SELECT contact\n"
        "    FROM persons\n"
        "    WHERE problem = 'child_abuse'\n"
        "  )"
    )


def test_contacts_with_a_followup_two_tables_below(columns: Columns) -> None:
    """The way down goes by the persons."""
    text = count_sql(_having(spec("followups", followup="advice")), columns)
    assert "SELECT contact\n    FROM followups\n    JOIN persons USING (person)\n" in text


def test_days_that_are_left_out(columns: Columns) -> None:
    """The days around a window are the period without it."""
    window = Period(start=dt.date(2017, 6, 1), end=dt.date(2017, 6, 30))
    text = count_sql(spec().model_copy(update={"without": window}), columns)
    assert "  AND date NOT BETWEEN DATE '2017-06-01' AND DATE '2017-06-30'" in text


@pytest.mark.parametrize(
    ("field", "codes", "test"),
    [
        ("month", ("01", "02"), "strftime(date, '%m') IN ('01', '02')"),
        ("weekday", ("1",), "isodow(date)::VARCHAR = '1'"),
        ("hour", ("09",), "hour = 9"),
        ("hour", ("09", "unknown"), "(hour = 9 OR hour IS NULL)"),
        ("date", ("2017-01-02",), "date = '2017-01-02'"),
        ("age_class", ("young",), "age BETWEEN 0 AND 5"),
        ("age_class", ("older",), "age >= 6"),
        ("age_class", ("unknown",), "age IS NULL"),
        ("form", ("a", "b"), "list_has_any(form, ['a', 'b'])"),
        ("problem", ("it's",), "problem = 'it''s'"),
        ("problem", (), "false"),
    ],
)
def test_each_kind_of_field(
    columns: Columns, field: str, codes: tuple[str, ...], test: str
) -> None:
    """Derived fields are expressions, unknown is NULL, and a quote in a code ends no string."""
    condition = Condition(field=field, codes=codes, given=codes)
    population = spec("persons").model_copy(update={"conditions": (condition,)})
    assert count_sql(population, columns).splitlines()[-1] == f"  AND {test}"


def test_a_row_with_several_codes_counts_under_each(columns: Columns) -> None:
    """A breakdown by a field that holds several codes a row runs, and counts each."""
    database = duckdb.connect()
    database.execute("CREATE TABLE contacts AS SELECT 1 AS contact, DATE '2017-05-05' AS date")
    database.execute("CREATE TABLE persons AS SELECT 1 AS contact, ['a', 'b'] AS form")
    database.execute("INSERT INTO persons VALUES (1, ['b'])")
    query = count_by(spec("persons"), ("form",), columns)
    assert database.execute(query).fetchall() == [("b", 2), ("a", 1)]


def test_a_share_is_two_counts(columns: Columns) -> None:
    """Its numerator and its denominator."""
    figure = share("x", (1, 2), spec(channel="phone"), spec())
    assert [q.gives for q in figure_sql(figure, columns)] == ["numerator", "denominator"]


def test_a_change_is_a_count_of_each_year(columns: Columns) -> None:
    """The second query is of the year before."""
    queries = figure_sql(change("x", (2, 1), spec(), spec(year=2016)), columns)
    assert [query.gives for query in queries] == ["numerator", "against"]
    assert "DATE '2016-01-01'" in queries[1].text


def test_the_most_of_any_combination(columns: Columns) -> None:
    """A maximum counts each combination, and takes the highest."""
    figure = Figure.model_validate(
        {
            "id": "x",
            "kind": "maximum",
            "unit": "count",
            "value": 1,
            "population": spec(),
            "by": ["channel", "date"],
        }
    )
    assert figure_sql(figure, columns)[0].text == (
        "SELECT coalesce(max(number), 0) FROM (\n"
        "  SELECT count(*) AS number\n"
        "  FROM contacts\n"
        "  WHERE date BETWEEN DATE '2017-01-01' AND DATE '2017-12-31'\n"
        "  GROUP BY channel, date\n"
        ") AS counted"
    )


OPEN_DAYS = """\
SELECT count(*)
FROM calendar
WHERE date BETWEEN DATE '2017-01-01' AND DATE '2017-12-31'
  AND open"""


def test_open_days(columns: Columns) -> None:
    """They are counted from the calendar."""
    figure = Figure.model_validate(
        {"id": "x", "kind": "count", "unit": "count", "value": 253, "population": spec("days")}
    )
    assert [(q.gives, q.text) for q in figure_sql(figure, columns)] == [("count", OPEN_DAYS)]


def mean(unit: str) -> Figure:
    """A mean of contacts per something."""
    return Figure.model_validate(
        {
            "id": "x",
            "kind": "mean",
            "unit": "mean",
            "value": 1,
            "population": spec(),
            "exposure": {"unit": unit, "of": 1},
        }
    )


def test_what_a_mean_is_divided_by(columns: Columns) -> None:
    """Open days times helplines: each is counted for itself."""
    query = figure_sql(mean("open_day × helpline"), columns)[1]
    lines = "SELECT count(*)\n  FROM helplines\n  WHERE edition = '2017'"
    days = OPEN_DAYS.replace("\n", "\n  ")
    assert query.gives == "divisor"
    assert query.text == f"SELECT (\n  {days}\n) * (\n  {lines}\n)"


@pytest.mark.parametrize(
    ("unit", "counted"),
    [("calendar_day", "count(*)"), ("month", "count(DISTINCT strftime(date, '%Y-%m'))")],
)
def test_days_and_months(columns: Columns, unit: str, counted: str) -> None:
    """They are those of the calendar, within the period."""
    assert figure_sql(mean(unit), columns)[1].text == (
        f"SELECT {counted}\nFROM calendar\n"
        "WHERE date BETWEEN DATE '2017-01-01' AND DATE '2017-12-31'"
    )


def test_users_of_the_year_are_no_sum(columns: Columns) -> None:
    """Users of one device are those of its row; rows by another field aren't added to them."""
    assert count_sql(spec("users", device="mobile"), columns) == (
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
    columns: Columns, noun: str, conditions: dict[str, str], counted: int | None
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
    assert database.execute(count_sql(population, columns)).fetchall() == [(counted,)]


def test_rows_of_a_file(columns: Columns) -> None:
    """What became of them stands in a table, a row a file and table that it feeds."""
    population = spec(file="a.csv", fate="used", table="persons").model_copy(
        update={"table": "files", "noun": "rows"}
    )
    figure = Figure.model_validate(
        {"id": "x", "kind": "count", "unit": "count", "value": 1, "population": population}
    )
    assert figure_sql(figure, columns)[0].text == (
        "SELECT used\nFROM files\n"
        "WHERE edition = '2017'\n  AND file = 'a.csv'\n  AND \"table\" = 'persons'"
    )


@pytest.mark.parametrize(
    ("condition", "sql", "kept"),
    [
        (
            Condition(field="hour", codes=("09",), given=("09", "17"), form="between"),
            "hour BETWEEN 9 AND 17",
            "hour = 09 … 17",
        ),
        (
            Condition(field="date", codes=(), given=("2017-03-01", ""), form="between"),
            "date >= DATE '2017-03-01'",
            "date = 2017-03-01 …",
        ),
        (
            Condition(
                field="hour", codes=("unknown",), given=("", "17"), form="between", negated=True
            ),
            "NOT coalesce(hour <= 17, false)",
            "hour ≠ … 17",
        ),
        (
            Condition(field="channel", codes=("chat",), given=("phone", "email"), negated=True),
            "NOT (channel IN ('phone', 'email'))",
            "channel ∉ {phone, email}",
        ),
        (
            Condition(field="form", codes=("sexual",), given=("physical",), negated=True),
            "(len(form) > 0 AND NOT list_has_any(form, ['physical']))",
            "form ≠ physical",
        ),
    ],
)
def test_spans_and_what_is_left_out(
    condition: Condition, sql: str, kept: str, columns: Columns
) -> None:
    """A span by its ends, and what is left out as it was written."""
    open_list = {
        name: item.model_copy(update={"open": True}) for name, item in columns.codelists.items()
    }
    assert condition_sql(condition, replace(columns, codelists=open_list)).text == sql
    made = spec("persons").model_copy(update={"conditions": (condition,)})
    assert as_data(made)[-1] == kept
