"""A population of website traffic as SQL: which rows of the reports it is, and which add up.

The table `traffic` has a row a figure of a report: what it measures, of which days (`grain`,
`start`, `end`), its codes (NULL where it isn't broken down by a field), and its `value`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from helpline_report.audit.sql_query import Looked
from helpline_report.figures.model import PopulationSpec
from helpline_report.parameters.web_layouts import TRAFFIC_DIMENSIONS

ADDITIVE = ("page_views", "sessions")
# A user has one gender, as the service sees it; the same user comes back on another device.
OF_A_USER = "user_gender"
TIMES = {"month": "strftime(\"start\", '%m')", "date": '"start"'}


def traffic_sql(spec: PopulationSpec) -> str:
    """A SELECT of the size of a population of traffic; NULL where its rows don't add up."""
    fields = _fields(spec)
    if spec.noun in ADDITIVE and not fields:
        return "\n".join([f"SELECT {_total(spec)}", *_rows(spec, _inside(spec), ())])
    return "\n".join([f"SELECT {_weight(spec)}", *_rows(spec, _grain(spec, fields), fields)])


def traffic_by(spec: PopulationSpec, by: Sequence[str]) -> str:
    """A SELECT of the sizes by the codes of some fields, most first."""
    fields = _fields(spec) | set(by)
    keys = ", ".join(f"{TIMES[name]} AS {name}" if name in TIMES else name for name in by)
    places = ", ".join(str(place) for place in range(1, len(by) + 1))
    lines = [f"SELECT {keys}, {_weight(spec)} AS number"]
    lines += _rows(spec, _grain(spec, fields), fields)
    return "\n".join([*lines, f"GROUP BY {places}", f"ORDER BY {len(by) + 1} DESC, {places}"])


def traffic_looked(spec: PopulationSpec) -> Looked | None:
    """A SELECT of the sizes for all codes of the fields of a population, and the codes of its own.

    None where it has a field of several codes, or looks at other rows for one of them.
    """
    codes = {condition.field: condition.codes for condition in spec.conditions}
    fields = sorted(codes)
    several = len(fields) < len(spec.conditions) or any(len(each) > 1 for each in codes.values())
    if not fields or several or ("month" in codes and len(fields) > 1):
        return None
    of_all = spec.model_copy(update={"conditions": ()})
    keys = ", ".join(TIMES.get(name, name) for name in fields)
    lines = [f"SELECT {keys}, {_weight(spec)} AS number"]
    lines += _rows(of_all, _grain(of_all, set(fields)), set(fields))
    lines.append(f"GROUP BY {keys}")
    return Looked("\n".join(lines), tuple(codes[name][0] for name in fields))


def traffic_maximum(spec: PopulationSpec, by: Sequence[str]) -> str:
    """A SELECT of the largest of the sizes by the codes of some fields."""
    counted = traffic_by(spec, by).rpartition("\nORDER BY")[0].replace("\n", "\n  ")
    return "\n".join(["SELECT coalesce(max(number), 0) FROM (", f"  {counted}", ") AS counted"])


def _fields(spec: PopulationSpec) -> set[str]:
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
    fields = _fields(spec)
    shared = sorted(fields - {OF_A_USER} - set(TIMES))
    if OF_A_USER not in fields:
        return "CASE WHEN count(*) = 1 THEN sum(value) END"
    if not shared:
        return "sum(value)"
    alone = " AND ".join(f"count(DISTINCT {name}) = 1" for name in shared)
    return f"CASE WHEN {alone} THEN sum(value) END"


def _grain(spec: PopulationSpec, fields: set[str]) -> Iterator[str]:
    """Rows of the whole period; of its days or months where it is broken down by these."""
    if "date" in fields:
        yield "grain = 'day'"
        yield from _inside(spec)
    elif "month" in fields:
        yield _months(spec, fields)
        yield from _inside(spec)
    else:
        yield "grain = 'year'"
        yield from _whole(spec)


def _months(spec: PopulationSpec, fields: set[str]) -> str:
    """Months as they stand; where there are none, the days of page views and sessions make them."""
    if spec.noun not in ADDITIVE:
        return "grain = 'month'"
    without = [c for c in spec.conditions if c.field != "month"]
    others = spec.model_copy(update={"conditions": tuple(without)})
    counted = [
        "SELECT CASE WHEN count(*) > 0 THEN 'month' ELSE 'day' END",
        *_rows(others, iter(["grain = 'month'", *_inside(spec)]), fields),
    ]
    return "grain = (\n    " + "\n    ".join(counted) + "\n  )"


def _whole(spec: PopulationSpec) -> Iterator[str]:
    yield f"\"start\" = DATE '{spec.period.start}'"
    yield f"\"end\" = DATE '{spec.period.end}'"


def _inside(spec: PopulationSpec) -> Iterator[str]:
    yield f"\"start\" >= DATE '{spec.period.start}'"
    yield f"\"end\" <= DATE '{spec.period.end}'"


def _rows(
    spec: PopulationSpec, days: Iterator[str], fields: Sequence[str] | set[str]
) -> Iterator[str]:
    """FROM and WHERE of the rows that are broken down by some fields and by no other."""
    tests = [f"measure = '{spec.noun}'", *days]
    for condition in spec.conditions:
        name = TIMES.get(condition.field, condition.field)
        codes = ", ".join("'" + code.replace("'", "''") + "'" for code in condition.codes)
        tests.append(f"{name} IN ({codes})" if len(condition.codes) > 1 else f"{name} = {codes}")
    tests += [
        f"{name} IS {'NOT NULL' if name in fields else 'NULL'}"
        for name in TRAFFIC_DIMENSIONS
        if name not in _fields(spec)
    ]
    yield "FROM traffic"
    for place, test in enumerate(tests):
        yield ("WHERE " if place == 0 else "  AND ") + test
