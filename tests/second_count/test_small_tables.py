"""What statements count in tables so small that it can be counted by hand.

The sample has no row of some kinds that a condition or a formula tells apart: open days without a
contact, ages in years, rows with several codes, contacts with many persons.
"""

import datetime as dt
from collections.abc import Iterator

import duckdb
import pytest

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Condition, Exposure, Figure, PopulationSpec
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.values import Period
from helpline_report.second_count.recount import compute_interval, recount_figures
from helpline_report.second_count.sql import Fields
from helpline_report.second_count.statements import count_by, count_population, list_queries
from tests.audit.computed_figures import change, share
from tests.prose.two_years import spec

TEXT = {"nl": "x", "en": "x"}
GROUP = {"code": "heavy", "nl": "Zwaar", "en": "Heavy"}
FORMS = [{"code": code, "nl": code, "en": code, "parent": "heavy"} for code in "bc"]
FORMS += [{"code": "a", "nl": "a", "en": "a"}]
TABLES = """
CREATE TABLE editions AS FROM (VALUES ('2017', 1), ('2016', 2)) AS rows(edition, number);
CREATE TABLE helplines AS FROM (VALUES ('2017', 'x'), ('2017', 'y'), ('2016', 'x'))
  AS rows(edition, line);
CREATE VIEW codes AS SELECT 'form' AS field, 'heavy' AS parent, unnest(['b', 'c']) AS code;
CREATE TABLE persons AS
SELECT *, CASE day WHEN 1 THEN DATE '2017-01-02' WHEN 2 THEN DATE '2017-01-03'
  ELSE DATE '2016-12-31' END AS date FROM (VALUES
  (1, 11, 1, 5, ['a', 'b'], 'm'),
  (2, 11, 1, 6, [], 'f'),
  (3, 11, 1, 11, ['c'], 'f'),
  (4, 12, 2, NULL, ['c', 'a'], 'm'),
  (5, 13, 2, 60, ['a'], 'f'),
  (6, 21, 3, 6, ['b'], 'm'),
  (7, 21, 3, 6, ['b'], 'f'),
  (8, 22, 3, 6, ['b'], 'm')
) AS rows(line, contact, day, age, form, gender);
"""


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """Five persons of 2017 who hang on three contacts, and three of 2016."""
    with duckdb.connect() as opened:
        opened.execute(TABLES)
        yield opened


@pytest.fixture
def fields() -> Fields:
    """The fields of the persons; a row may have several forms."""
    lists = {
        "field": "form",
        "table": "persons",
        "name": TEXT,
        "by": TEXT,
        "where": {"nl": "met {labels}", "en": "with {labels}"},
    }
    form = CodeList.model_validate({**lists, "codes": FORMS, "groups": [GROUP]})
    return Fields({"form": form}, frozenset({"form"}), frozenset({"2017", "2016"}))


def persons(condition: Condition | None = None, year: int = 2017) -> PopulationSpec:
    conditions = (condition,) if condition else ()
    return spec("persons", year).model_copy(update={"conditions": conditions})


def span(field: str, low: str, high: str) -> Condition:
    return Condition(field=field, codes=(), terms=(low, high), form="between")


def any_of(field: str, *codes: str, negated: bool = False) -> Condition:
    return Condition(field=field, codes=codes, terms=codes, negated=negated)


# Each person has a line, which says which one is counted.
COUNTED = {
    "both ends of a span of ages": (span("age", "5", "11"), [1, 2, 3]),
    "ages from one on": (span("age", "11", ""), [3, 5]),
    "ages up to one": (span("age", "", "6"), [1, 2]),
    "an unknown age": (any_of("age", "unknown"), [4]),
    "an unknown age and another": (any_of("age", "unknown", "60"), [4, 5]),
    "who is of another age has one or none": (any_of("age", "60", negated=True), [1, 2, 3, 4]),
    "who has a known age": (any_of("age", "unknown", negated=True), [1, 2, 3, 5]),
    "one of several codes": (any_of("form", "a"), [1, 4, 5]),
    "any of several codes": (any_of("form", "a", "b"), [1, 4, 5]),
    "a group of codes that a row has several of": (any_of("form", "heavy"), [1, 3, 4]),
    "a code beside a group": (any_of("form", "a", "heavy"), [1, 3, 4, 5]),
    "who has another code, and none of a group": (any_of("form", "heavy", negated=True), [5]),
    "who has another code, and not this one": (any_of("form", "c", negated=True), [1, 5]),
    "a span of days": (span("date", "2017-01-03", ""), [4, 5]),
    "no code": (any_of("gender"), []),
}


@pytest.mark.parametrize(("condition", "lines"), COUNTED.values(), ids=COUNTED)
def test_a_condition_counts_the_rows_that_it_says(
    database: duckdb.DuckDBPyConnection, fields: Fields, condition: Condition, lines: list[int]
) -> None:
    """It counts the rows that it says, at both its ends, and where a value is missing."""
    statement = count_population(persons(condition), fields)
    text = statement.replace("count(*)", "coalesce(list(line ORDER BY line), [])", 1)
    assert database.execute(text).fetchall() == [(lines,)]
    assert database.execute(statement).fetchall() == [(len(lines),)]


def test_a_year_has_its_last_day(database: duckdb.DuckDBPyConnection, fields: Fields) -> None:
    """Both its first and its last day are of it, and one of its windows is not."""
    year = persons(year=2016)
    assert database.execute(count_population(year, fields)).fetchall() == [(3,)]
    window = Period(start=dt.date(2017, 1, 3), end=dt.date(2017, 1, 5))
    around = persons().model_copy(update={"without": window})
    assert database.execute(count_population(around, fields)).fetchall() == [(3,)]


def test_two_codes_of_a_row_both_count(database: duckdb.DuckDBPyConnection, fields: Fields) -> None:
    """A row with two codes counts under both, and one without a code under none."""
    cells = database.execute(count_by(persons(), ("gender", "form"), fields)).fetchall()
    of_men = [("m", "a", 2), ("m", "b", 1), ("m", "c", 1)]
    assert sorted(cells) == [("f", "a", 1), ("f", "c", 1), *of_men]


def numbers_of(
    database: duckdb.DuckDBPyConnection, figure: Figure, fields: Fields
) -> dict[str, tuple[float, ...]]:
    queries = [each for each in list_queries(figure, fields) if each.gives != "dispersion"]
    rows = {each.gives: database.execute(each.text).fetchall()[0] for each in queries}
    return {gives: tuple(map(int, row)) for gives, row in rows.items()}


def test_rows_are_grouped_by_contact(database: duckdb.DuckDBPyConnection, fields: Fields) -> None:
    """Rows by contact: how many contacts, and sums of squares and products of their rows.

    In 2017 they are 3, 1 and 1, of which 2, 1 and 0 have a heavy form; in 2016 they are 2 and 1.
    """
    heavy = persons(any_of("form", "heavy"))
    assert numbers_of(database, share("x", (3, 5), heavy, persons()), fields) == {
        "numerator": (3,),
        "denominator": (5,),
        "clusters": (3, 9 + 1 + 1),
        "cluster_hits": (2, 4 + 1),
        "cluster_products": (2 * 3 + 1,),
    }
    changed = numbers_of(database, change("x", (5, 3), persons(), persons(year=2016)), fields)
    assert (changed["clusters"], changed["clusters_against"]) == ((3, 11), (2, 5))


def test_a_code_without_rows_has_an_interval(
    database: duckdb.DuckDBPyConnection, fields: Fields
) -> None:
    """It begins at 0; the series by gender has no row for the code."""
    nobody = persons(any_of("gender", "x"))
    figure = share("x", (0, 5), nobody, persons()).model_copy(update={"by": ("gender",)})
    ledger = Ledger(edition="2017", figures={"x": figure})
    numbers = recount_figures(database, ledger, fields)["x"]
    assert (numbers["numerator"], numbers["low"]) == (0, 0)


def test_the_wider_interval_of_contacts_and_days_is_taken() -> None:
    """Where rows of a contact hang together more than days vary, the interval is that of contacts.

    The logarithm of 5/3 has the variance 11/25 + 5/9.
    """
    figure = change("x", (5, 3), persons(), persons(year=2016))
    counted = {
        "numerator": (5,),
        "against": (3,),
        "dispersion": (1.0,),
        "clusters": (3, 11),
        "clusters_against": (2, 5),
    }
    low, high = compute_interval(figure, counted) or (0, 0)
    assert (round(low, 3), round(high, 3)) == (-76.42, 1078.031)


def test_what_is_counted_beside_rows(database: duckdb.DuckDBPyConnection, fields: Fields) -> None:
    """Days, open days, months and helplines, each of its own year."""
    database.execute(
        "CREATE TABLE calendar AS SELECT '2017' AS edition, day::DATE AS date, isodow(day) < 6 "
        "AS open FROM generate_series(DATE '2017-01-01', DATE '2017-02-01', INTERVAL 1 DAY) t(day)"
    )
    for unit, number in (("calendar_day", 32), ("open_day", 23), ("month", 2), ("helpline", 2)):
        spec_, exposure = persons(), Exposure(unit=unit, own=number)
        mean = Figure(id="x", kind="mean", unit="mean", value=1, population=spec_)
        figure = mean.model_copy(update={"exposure": exposure})
        assert numbers_of(database, figure, fields)["divisor"] == (number,)


# Tuesdays and Wednesdays: how many contacts an open day has, and φ of them. A cell of days that
# have m contacts on average adds the squares of what is more or less than m, over m.
DAYS_VARY = {
    "a day without contacts": ({"2017-05-02": 4, "2017-05-09": 0}, 4.0),
    "days that are alike vary less than Poisson": ({"2017-05-02": 3, "2017-05-09": 3}, 1.0),
    "one day of each weekday": ({"2017-05-02": 4, "2017-05-03": 9}, 1.0),
    "a weekday without contacts says nothing": (
        {"2017-05-02": 4, "2017-05-09": 0, "2017-05-03": 0, "2017-05-10": 0},
        4.0,
    ),
    "both years": ({"2017-05-02": 4, "2017-05-09": 0, "2016-05-03": 8, "2016-05-10": 8}, 4 / 2),
    "a month of two years of one period": (
        {"2017-12-05": 4, "2017-12-12": 0, "2017-01-03": 8, "2018-01-02": 2, "2018-01-09": 2},
        4 / 2,
    ),
    "two months": ({"2017-05-02": 4, "2017-05-09": 0, "2017-06-06": 4, "2017-06-13": 0}, 8 / 2),
}


@pytest.mark.parametrize(("contacts", "dispersion"), DAYS_VARY.values(), ids=DAYS_VARY)
def test_open_days_of_a_month_and_weekday_are_compared(
    database: duckdb.DuckDBPyConnection, fields: Fields, contacts: dict[str, int], dispersion: float
) -> None:
    """Open days of a month and weekday are compared; a closed one with contacts is not."""
    days = [(min(day[:4], "2017"), day, True, number) for day, number in contacts.items()] + [
        ("2017", "2017-05-16", False, 100)
    ]
    database.execute("CREATE TABLE calendar (edition VARCHAR, date DATE, open BOOLEAN)")
    database.execute("CREATE TABLE contacts (edition VARCHAR, date DATE)")
    for edition, day, is_open, number in days:
        database.execute("INSERT INTO calendar VALUES (?, ?, ?)", [edition, day, is_open])
        for _ in range(number):
            database.execute("INSERT INTO contacts VALUES (?, ?)", [edition, day])
    figure = change("x", (1, 1), spec(), spec(year=2016))
    query = next(each for each in list_queries(figure, fields) if each.gives == "dispersion")
    assert database.execute(query.text).fetchall() == [(dispersion,)]
