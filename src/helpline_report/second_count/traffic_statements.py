"""A population of website traffic as SQL: which rows of the reports it is, and which add up.

The table `traffic` has a row a figure of a report: what it measures, of which days (`grain`,
`start`, `end`), its codes (NULL where it isn't broken down by a field), and its `value`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from helpline_report.figures.model import PopulationSpec
from helpline_report.parameters.web_layouts import TRAFFIC_DIMENSIONS
from helpline_report.second_count.condition_tests import Fields, condition_test
from helpline_report.second_count.sql import indent, write_where

ADDITIVE = ("page_views", "sessions")
# A user has one gender, as the service sees it; the same user comes back on another device.
OF_A_USER = "user_gender"
TIMES = {"month": "strftime(\"start\", '%m')", "date": '"start"'}


def count_traffic(spec: PopulationSpec, fields: Fields) -> str:
    """A SELECT of the size of a population of traffic; NULL where its rows don't add up."""
    by = _conditioned(spec)
    if spec.noun in ADDITIVE and not by:
        return "\n".join([f"SELECT {_total(spec)}", *_rows(spec, _inside(spec), by, fields)])
    rows = _rows(spec, _grain(spec, by, fields), by, fields)
    return "\n".join([f"SELECT {_weight(spec)}", *rows])


def count_traffic_by(spec: PopulationSpec, by: Sequence[str], fields: Fields) -> str:
    """A SELECT of the sizes by the codes of some fields, most first."""
    known = _conditioned(spec) | set(by)
    keys = ", ".join(f"{TIMES[name]} AS {name}" if name in TIMES else name for name in by)
    places = ", ".join(str(place) for place in range(1, len(by) + 1))
    return "\n".join(
        [
            f"SELECT {keys}, {_weight(spec)} AS number",
            *_rows(spec, _grain(spec, known, fields), known, fields),
            f"GROUP BY {places}",
            f"ORDER BY {len(by) + 1} DESC, {places}",
        ]
    )


def count_traffic_maximum(spec: PopulationSpec, by: Sequence[str], fields: Fields) -> str:
    """A SELECT of the largest of the sizes by the codes of some fields."""
    counted = count_traffic_by(spec, by, fields).rpartition("\nORDER BY")[0]
    return f"SELECT coalesce(max(number), 0) FROM (\n{indent(counted)}\n) AS counted"


def _conditioned(spec: PopulationSpec) -> set[str]:
    return {condition.field for condition in spec.conditions}


def _total(spec: PopulationSpec) -> str:
    """The total of the whole period where it stands somewhere; else of its months, or its days.

    Months and days make the whole where they have all of its days.
    """
    days = spec.period.days
    whole = " AND ".join(("grain = 'year'", *_whole(spec)))
    parts = [f"sum(value) FILTER ({whole})"]
    parts += [
        f'CASE sum("end" - "start" + 1) FILTER (grain = \'{grain}\') '
        f"WHEN {days} THEN sum(value) FILTER (grain = '{grain}') END"
        for grain in ("month", "day")
    ]
    return "coalesce(\n  " + ",\n  ".join(parts) + "\n)"


def _weight(spec: PopulationSpec) -> str:
    """Page views and sessions add up; users do where none can be in two of the rows."""
    if spec.noun in ADDITIVE:
        return "sum(value)"
    fields = _conditioned(spec)
    shared = sorted(fields - {OF_A_USER} - set(TIMES))
    if OF_A_USER not in fields:
        return "CASE WHEN count(*) = 1 THEN sum(value) END"
    if not shared:
        return "sum(value)"
    alone = " AND ".join(f"count(DISTINCT {name}) = 1" for name in shared)
    return f"CASE WHEN {alone} THEN sum(value) END"


def _grain(spec: PopulationSpec, by: set[str], fields: Fields) -> Iterator[str]:
    """Rows of the whole period; of its days or months where it is broken down by these."""
    if "date" in by:
        yield "grain = 'day'"
        yield from _inside(spec)
    elif "month" in by:
        yield _months(spec, by, fields)
        yield from _inside(spec)
    else:
        yield "grain = 'year'"
        yield from _whole(spec)


def _months(spec: PopulationSpec, by: set[str], fields: Fields) -> str:
    """Months as they stand; where there are none, the days of page views and sessions make them."""
    if spec.noun not in ADDITIVE:
        return "grain = 'month'"
    without = tuple(each for each in spec.conditions if each.field != "month")
    others = spec.model_copy(update={"conditions": without})
    counted = [
        "SELECT CASE WHEN count(*) > 0 THEN 'month' ELSE 'day' END",
        *_rows(others, iter(["grain = 'month'", *_inside(spec)]), by, fields),
    ]
    return "grain = (\n" + indent("\n".join(counted), 4) + "\n  )"


def _whole(spec: PopulationSpec) -> Iterator[str]:
    yield f"\"start\" = DATE '{spec.period.start}'"
    yield f"\"end\" = DATE '{spec.period.end}'"


def _inside(spec: PopulationSpec) -> Iterator[str]:
    yield f"\"start\" >= DATE '{spec.period.start}'"
    yield f"\"end\" <= DATE '{spec.period.end}'"


def _rows(spec: PopulationSpec, days: Iterator[str], by: set[str], fields: Fields) -> Iterator[str]:
    """FROM and WHERE of the rows that are broken down by some fields and by no other."""
    tests = [f"measure = '{spec.noun}'", *days]
    tests += [
        condition_test(condition, fields, TIMES.get(condition.field, ""))
        for condition in spec.conditions
    ]
    tests += [
        f"{name} IS {'NOT NULL' if name in by else 'NULL'}"
        for name in TRAFFIC_DIMENSIONS
        if name not in _conditioned(spec)
    ]
    yield "FROM traffic"
    yield from write_where(tests)
