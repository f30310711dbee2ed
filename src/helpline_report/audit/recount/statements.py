"""The statements that make tables of an edition's texts: the database and an auditor run them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from helpline_report.audit.recount.files import fed, files_sql
from helpline_report.audit.recount.held import AS_TEXTS, Held
from helpline_report.audit.recount.preamble import (
    Made,
    calendar_sql,
    helplines_sql,
    made_tables,
    table_sql,
)
from helpline_report.audit.recount.web_traffic import layout_tables, traffic_statement
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout

ORDER = ("contacts", "persons", "followups")


def made_of(editions: Sequence[Edition], layouts: Mapping[str, Layout]) -> list[Made]:
    """Every table that files of rows of some editions feed."""
    return [made for edition in editions for made in made_tables(edition, layouts)]


def statements(
    editions: Sequence[Edition],
    layouts: Mapping[str, Layout],
    lists: Mapping[str, CodeList],
    *,
    held: Held = AS_TEXTS,
) -> Iterator[tuple[str, str]]:
    """The tables of some editions, and the statement that makes each from the texts of exports.

    `held` says how the tables are held; the published preamble has texts.
    """
    parts = {
        "calendar": [calendar_sql(edition) for edition in editions],
        "helplines": [helplines_sql(edition) for edition in editions],
    }
    made = made_of(editions, layouts)
    for table in sorted(made, key=lambda item: ORDER.index(item.name)):
        parts.setdefault(table.name, []).append(table_sql(table, lists, held))
    for part, selects in parts.items():
        union = "\nUNION ALL BY NAME\n".join(selects)
        yield part, f"CREATE OR REPLACE TABLE {part} AS\n{union};"
    yield "web", layout_tables(editions, layouts, lists)
    yield "traffic", traffic_statement()
    yield "files", files_sql(fed(made))
