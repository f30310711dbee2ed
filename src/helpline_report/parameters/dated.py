"""Codes that are dated within the years that an edition compares, and that no break tells of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from helpline_report.parameters.codelists import Code, CodeList
from helpline_report.parameters.edition import Break, Edition
from helpline_report.parameters.layouts import Layout, load_layout
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import DatedCode, TableLayout

Changes = dict[tuple[str, str, dt.date], set[str]]


def undeclared(project: Project, edition: Edition, lists: Mapping[str, CodeList]) -> Iterator[str]:
    """What to add to `breaks`, for each day on which codes of a field begin or end.

    Looked at are the days after the first of the comparison year, or else of the edition.
    """
    before = project.edition(edition.comparison) if edition.comparison else edition
    declared = [*edition.breaks, *before.breaks]
    for (table, field, day), codes in sorted(_changes(project, edition, lists).items()):
        between = before.period.start < day <= edition.period.end
        if between and not any(_tells(item, table, field, day) for item in declared):
            yield _lines(field, day, sorted(codes))


def _changes(project: Project, edition: Edition, lists: Mapping[str, CodeList]) -> Changes:
    """The codes that begin or end, by table, field and day."""
    changes: Changes = {}
    for layout in _layouts(project, edition):
        for file in layout.files.values():
            for table, part in file.tables.items():
                for field, code in _dated(part, lists):
                    for day in _days(code):
                        changes.setdefault((table, field, day), set()).add(code.code)
    return changes


def _layouts(project: Project, edition: Edition) -> Iterator[Layout]:
    for name in dict.fromkeys(source.layout for source in edition.sources):
        path = project.layout_file(name)
        # One that isn't there is told of where the exports are looked for.
        if path.is_file():
            yield load_layout(path, project.root)


def _dated(
    part: TableLayout, lists: Mapping[str, CodeList]
) -> Iterator[tuple[str, Code | DatedCode]]:
    """The codes of a table that the layout or the code list dates, with their field."""
    given = {flags_of: set(flags.columns.values()) for flags_of, flags in part.flags.items()}
    for column in part.columns.values():
        if column.kind != "coded":
            continue
        given[column.field] = set(column.all_codes())
        for codes in column.codes.values():
            yield from ((column.field, code) for code in codes)
    for field, known in given.items():
        if field in lists:
            yield from ((field, code) for code in lists[field].codes if code.code in known)


def _days(code: Code | DatedCode) -> Iterator[dt.date]:
    if code.start is not None:
        yield code.start
    if code.until is not None and code.until < dt.date.max:
        yield code.until + dt.timedelta(days=1)


def _tells(item: Break, table: str, field: str, day: dt.date) -> bool:
    of_table = item.kind == "revision" and table in item.tables
    return item.date == day and (item.field == field or of_table)


def _lines(field: str, day: dt.date, codes: list[str]) -> str:
    return (
        f"breaks: the codes of '{field}' change on {day} ({', '.join(codes)}), and no break says "
        "so; add there, or say which code was split with 'kind: split':\n"
        f"      - id: {field}_{day:%Y_%m_%d}\n"
        "        kind: revision\n"
        f"        field: {field}\n"
        f"        date: {day}\n"
        "        note: {nl: …, en: …}"
    )
