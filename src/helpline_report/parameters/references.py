"""Check the names in parameters that lead elsewhere: layouts, codes, files, breaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from helpline_report.errors import ParametersError, nearest
from helpline_report.parameters.codelists import Code, CodeList
from helpline_report.parameters.edition import Break, Edition
from helpline_report.parameters.layouts import Layout, check_codes, load_layout
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import DatedCode, TableLayout

Changes = dict[tuple[str, str, dt.date], set[str]]


def find_undeclared_breaks(
    project: Project, edition: Edition, lists: Mapping[str, CodeList]
) -> Iterator[str]:
    """What to add to `breaks`, for each day on which codes of a field begin or end.

    Looked at are the days after the first of the comparison year, or else of the edition.
    """
    before = project.edition(edition.comparison) if edition.comparison else edition
    declared = [*edition.breaks, *before.breaks]
    for (table, field, day), codes in sorted(_changes(project, edition, lists).items()):
        between = before.period.start < day <= edition.period.end
        if between and not any(_tells(item, table, field, day) for item in declared):
            yield _break_lines(field, day, sorted(codes))


def _changes(project: Project, edition: Edition, lists: Mapping[str, CodeList]) -> Changes:
    """The codes that begin or end, by table, field and day."""
    changes: Changes = {}
    for layout in _read_layouts(project, edition):
        for file in layout.files.values():
            for table, part in file.tables.items():
                for field, code in _dated(part, lists):
                    for day in _days(code):
                        changes.setdefault((table, field, day), set()).add(code.code)
    return changes


def _read_layouts(project: Project, edition: Edition) -> Iterator[Layout]:
    for name in dict.fromkeys(source.layout for source in edition.sources):
        path = project.layout_file(name)
        # One that isn't there is told of where the exports are looked for.
        if path.is_file():
            yield load_layout(path, project.root)


def _dated(
    part: TableLayout, lists: Mapping[str, CodeList]
) -> Iterator[tuple[str, Code | DatedCode]]:
    """The codes of a table that the layout or the code list dates, with their field."""
    codes_of = {flags_of: set(flags.columns.values()) for flags_of, flags in part.flags.items()}
    for column in part.columns.values():
        if column.kind != "coded":
            continue
        codes_of[column.field] = set(column.all_codes())
        for codes in column.codes.values():
            yield from ((column.field, code) for code in codes)
    for field, known in codes_of.items():
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


def _break_lines(field: str, day: dt.date, codes: list[str]) -> str:
    return (
        f"breaks: the codes of '{field}' change on {day} ({', '.join(codes)}), and no break says "
        "so; add there, or say which code was split with 'kind: split':\n"
        f"      - id: {field}_{day:%Y_%m_%d}\n"
        "        kind: revision\n"
        f"        field: {field}\n"
        f"        date: {day}\n"
        "        note: {nl: …, en: …}"
    )


def check_names(project: Project, edition: Edition, codelists: Mapping[str, CodeList]) -> None:
    """Find names that lead nowhere before anything is read or run.

    Raises:
        ParametersError: with one line for each of them.
    """
    where = f"params/{edition.edition}.yaml"
    complaints = [
        *_layouts(project, edition),
        *_lines(edition, codelists),
        *_targets(edition, codelists),
        *(f"printed: there is no file '{p}'" for p in _absent(project, edition)),
        *find_undeclared_breaks(project, edition, codelists),
    ]
    if complaints:
        raise ParametersError("\n".join(f"{where}: {complaint}" for complaint in complaints))


def _layouts(project: Project, edition: Edition) -> Iterator[str]:
    known = sorted(path.stem for path in (project.root / "params" / "layouts").glob("*.yaml"))
    for place, source in enumerate(edition.sources):
        if source.layout not in known:
            close = nearest(source.layout, known) or f"; there are: {', '.join(known)}"
            yield f"sources.{place}.layout: there is no layout '{source.layout}'{close}"


def _lines(edition: Edition, codelists: Mapping[str, CodeList]) -> Iterator[str]:
    known = codelists["helpline"].order if "helpline" in codelists else []
    for line in edition.helpline.lines:
        if line not in known:
            yield f"helpline.lines: no helpline '{line}' in the code list{nearest(line, known)}"


def _targets(edition: Edition, codelists: Mapping[str, CodeList]) -> Iterator[str]:
    classes = [item.code for item in edition.person_ages]
    for campaign in edition.campaigns:
        for field, codes in (campaign.target.persons if campaign.target else {}).items():
            place = f"campaigns.{campaign.id}.target"
            codelist = codelists.get(field)
            if codelist is None and field != "age_class":
                yield f"{place}: there is no field '{field}'{nearest(field, list(codelists))}"
                continue
            known = list(codelist.by_code) if codelist else classes
            for code in codes:
                if code not in known:
                    yield f"{place}: '{field}' has no code '{code}'{nearest(code, known)}"


def _absent(project: Project, edition: Edition) -> list[str]:
    named = [*edition.printed, *([edition.trend.file] if edition.trend else [])]
    return [path for path in named if not project.resolve(path).is_file()]


def check_edition(project: Project, name: str, overrides: Sequence[str] = ()) -> None:
    """Check the parameters of an edition and its comparison, code lists and layouts.

    Raises:
        ParametersError: there is a mistake in one of them.
    """
    edition = project.edition(name, overrides)
    editions = [edition, project.edition(edition.comparison)] if edition.comparison else [edition]
    codelists = project.codelists()
    for each in editions:
        check_names(project, each, codelists)
    read = editions if edition.comparison_ledger is None else editions[:1]
    for layout in sorted({source.layout for each in read for source in each.sources}):
        check_codes(project.layout_file(layout), codelists, project.root)
