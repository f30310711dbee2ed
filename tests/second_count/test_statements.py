"""The SQL of a figure: text that an auditor reads as easily as an engine runs it."""

import duckdb
import pytest

from helpline_report.parameters.codelists import CodeList
from helpline_report.second_count.sql import Fields
from helpline_report.second_count.statements import count_population
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
def test_users_add_up_by_gender_and_not_by_device(
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
