"""Both counts of tables so small that they can be counted by hand.

The sample has no row of some kinds that a condition or a formula tells apart: open days without a
contact, ages in years, rows with several codes, contacts with many persons.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from helpline_report.figures.breakdown import (
    count_series,
    crosstab,
    rank_series,
    share_series,
    top,
)
from helpline_report.figures.measures import Per, maximum, mean, open_days
from helpline_report.figures.model import Figure
from helpline_report.figures.population import Population
from helpline_report.figures.rates import (
    change,
    dispersion,
    make_change_series,
    rate_ratio,
    supports_rise,
)
from helpline_report.figures.register import Register
from tests.figures.conftest import before as before  # noqa: PLC0414 - a fixture
from tests.figures.conftest import year as year  # noqa: PLC0414 - a fixture
from tests.figures.drawn import NAME, register, whole
from tests.second_count.drawn_tables import find_differences

UNITS: tuple[Per, ...] = ("month", "open_day", "calendar_day", "helpline", "contact")


def figures_by(noun: str, rows: Population, by: str) -> Iterator[Figure]:
    """What is told of rows by the codes of a field."""
    name = f"{noun}.{by}"
    for series in (count_series, share_series, rank_series, make_change_series):
        if (noun, series) != ("followups", make_change_series):
            yield from series(f"{name}.{series.__name__}", rows, by)[1]
    yield maximum(f"{name}.maximum", rows, (by, "helpline"))
    for place in (1, 2):
        yield top(f"{name}.top.{place}", rows, by, place)


@pytest.mark.parametrize(
    ("noun", "fields"),
    [
        ("contacts", ("channel", "month", "weekday", "hour", "helpline", "role")),
        ("persons", ("channel", "weekday", "problem", "form", "age_class")),
        ("followups", ("channel", "followup", "age_class")),
    ],
)
def test_figures_of_every_kind(year: Register, noun: str, fields: tuple[str, ...]) -> None:
    """Their values and intervals: of codes without rows, of draws, and of families too."""
    rows = whole(year, noun)
    figures = [each for by in fields for each in figures_by(noun, rows, by)]
    figures += crosstab("crossed", rows, fields[0], fields[-1])[1]
    figures += [mean(unit, rows, unit) for unit in UNITS]
    figures += [open_days("open", rows)]
    if noun != "followups":
        ratio = rate_ratio("ratio", rows, rows.previous(), exposure="open_day")
        figures += [ratio, supports_rise("rise", ratio), change("change", rows)]
    assert find_differences(year, *figures) == ()
    assert sum(figure.status == "ok" for figure in figures) > 0.5 * len(figures)


TUESDAYS = ["2017-05-02", "2017-05-09", "2017-05-16", "2017-05-23", "2017-05-30"]
LONG = {"period": {"start": "2016-12-01", "end": "2017-12-31"}}
# How many contacts came on some days, in two years, and φ of them: of days of one month and weekday
# with m contacts on average, the squares of what is more or less than m, over m and the other days.
DAYS_VARY: dict[str, tuple[dict[str, int], dict[str, int], dict[str, Any], float]] = {
    "one of five Tuesdays": ({"2017-05-02": 4}, {}, {}, 16 / 4),
    "days that are alike vary less than Poisson": (dict.fromkeys(TUESDAYS, 3), {}, {}, 1.0),
    "two months": ({"2017-05-02": 4, "2017-06-06": 4}, {}, {}, (16 + 12) / (4 + 3)),
    "both years": (
        {"2017-05-02": 4},
        dict.fromkeys(["2016-05-03", "2016-05-10", "2016-05-17", "2016-05-24", "2016-05-31"], 8),
        {},
        16 / (4 + 4),
    ),
    "a closed day says nothing": (
        {"2017-05-16": 99, "2017-05-02": 4},
        {},
        {"calendar": {"working_days": [2], "closed": [{"date": "2017-05-16", "reason": NAME}]}},
        12 / 3,
    ),
    "a month that the period has twice": (
        {"2016-12-06": 8, "2017-12-05": 4},
        {},
        LONG,
        (24 + 12) / (3 + 3),
    ),
}


@pytest.mark.parametrize(("now", "then", "more", "phi"), DAYS_VARY.values(), ids=DAYS_VARY)
def test_open_days_of_a_month_and_weekday_are_compared(
    now: dict[str, int], then: dict[str, int], more: dict[str, Any], phi: float
) -> None:
    """By both counts, and by hand."""
    texts = [
        "\n".join(["date", *(day for day, number in days.items() for _ in range(number))])
        for days in (then or {"2016-05-07": 20}, now)
    ]
    contacts = whole(
        register(contacts=texts[1], previous=register(2016, contacts=texts[0]), **more)
    )
    assert dispersion(contacts) == pytest.approx(phi)
    ratio = rate_ratio("ratio", contacts, contacts.previous(), exposure="open_day")
    assert ratio.interval is not None
    assert find_differences(contacts.register, ratio) == ()
