"""Write what the parameters say as tables: editions, codes, ages, calendar and campaigns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.row_layouts import UNKNOWN
from helpline_report.second_count.sql import create_table, quote, quote_list

DERIVED = {
    "month": [f"{month:02d}" for month in range(1, 13)],
    "weekday": [str(day) for day in range(1, 8)],
    "hour": [*(f"{hour:02d}" for hour in range(24)), UNKNOWN],
}


def parameter_tables(
    editions: Sequence[Edition], lists: Mapping[str, CodeList], fields: Sequence[str]
) -> Iterator[str]:
    """The statements that make them; `fields` are those of which rows have codes.

    A code of a closed list is of a type of its own, `{field}_code`.
    """
    yield create_table(
        "editions",
        "edition VARCHAR, number INTEGER, first DATE, last DATE",
        [
            [each.edition, number, each.period.start, each.period.end]
            for number, each in enumerate(editions, start=1)
        ],
    )
    classes = editions[0].person_ages
    yield create_table(
        "age_classes",
        "code VARCHAR, first INTEGER, last INTEGER",
        [[item.code, item.start, item.to] for item in classes],
    )
    yield create_table(
        "codes",
        "field VARCHAR, code VARCHAR, parent VARCHAR",
        [[field, code.code, code.parent] for field in fields for code in lists[field].codes],
    )
    types = {field: lists[field].order for field in fields if not lists[field].open}
    types |= DERIVED | {"age_class": [*(item.code for item in classes), UNKNOWN]}
    for field, codes in types.items():
        listed = f"(SELECT code FROM codes WHERE field = {quote(field)})"
        values = listed if field in fields else quote_list(codes)
        yield f"CREATE OR REPLACE TYPE {field}_code AS ENUM {values};"
    yield _union("calendar", [_calendar(edition) for edition in editions])
    yield _union("helplines", [_helplines(edition) for edition in editions])
    yield create_table(
        "campaigns",
        'campaign VARCHAR, "start" DATE, "end" DATE, around_days INTEGER',
        [[item.id, item.start, item.end, item.around_days] for item in editions[0].campaigns],
    )


def _union(name: str, selects: Sequence[str]) -> str:
    union = "\nUNION ALL\n".join(selects)
    return f"CREATE OR REPLACE TABLE {name} AS\n{union};"


def _calendar(edition: Edition) -> str:
    """The days of an edition's period, and whether the helpline was open."""
    closed = [item.date for item in edition.calendar.closed]
    test = f"isodow(day) IN {quote_list(edition.calendar.working_days)}"
    test += f" AND day NOT IN {quote_list(closed)}" if closed else ""
    first, last = quote(edition.period.start), quote(edition.period.end)
    return (
        f"SELECT {quote(edition.edition)} AS edition, day::DATE AS date, {test} AS open\n"
        f"FROM generate_series({first}, {last}, INTERVAL 1 DAY) AS days(day)"
    )


def _helplines(edition: Edition) -> str:
    lines = quote(edition.helpline.lines)
    return f"SELECT {quote(edition.edition)} AS edition, unnest({lines}::VARCHAR[]) AS line"
