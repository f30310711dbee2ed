"""The SQL of a figure: text that an auditor reads as easily as an engine runs it."""

import datetime as dt

import duckdb
import pytest

from helpline_report.figures.model import PopulationSpec
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.values import Period
from helpline_report.second_count.sql import Fields
from helpline_report.second_count.statements import count_by, count_population
from tests.prose.two_years import spec

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
    """Some fields; `form` has several codes a row."""
    text = {"nl": "x", "en": "x"}
    lists = {
        field: CodeList.model_validate(
            {
                "field": field,
                "table": table,
                "name": text,
                "by": text,
                "where": {"nl": "met {labels}", "en": "with {labels}"},
            }
        )
        for field, table in FIELDS.items()
    }
    return Fields(lists, frozenset({"form"}), frozenset({"2017", "2016"}))


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
    "a quote in a code ends no string, and no code is no row": (
        spec("persons", problem="it's", form=()),
        f"FROM persons\nWHERE {YEAR}\n  AND false\n  AND problem = 'it''s'",
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


def test_a_row_with_several_codes_counts_under_each(fields: Fields) -> None:
    """A breakdown by a field that holds several codes a row runs, and counts each."""
    database = duckdb.connect()
    database.execute(
        "CREATE TABLE persons AS "
        "SELECT DATE '2017-05-05' AS date, unnest([['a', 'b'], ['b']]) AS form"
    )
    query = count_by(spec("persons"), ("form",), fields)
    assert database.execute(query).fetchall() == [("b", 2), ("a", 1)]


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
