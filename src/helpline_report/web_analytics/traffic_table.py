"""Make one table of the figures of all web analytics exports of an edition, each figure once."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from helpline_report.errors import list_first
from helpline_report.exports.cell_texts import bare_name, shape
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.layouts import TRAFFIC_DIMENSIONS, WebFolder
from helpline_report.parameters.web_service import service, simple
from helpline_report.web_analytics.block_figures import BlockReader, Subject, WebFigure, WebReport
from helpline_report.web_analytics.web_export import Block, WebExport

MEASURES = ("users", "page_views", "sessions")
# The words with which a line of a banner names a segment.
SEGMENT = {"segment", "segmenten", "segments"}
# How many tables of a file a message lists.
MOST_TABLES = 5
GRAINS = ("year", "month", "day")
# What the name of a copy has beside that of the file, both in letters and digits alone.
COPY = r"(?:kopie(?:van)?|copy(?:of)?|copie(?:de)?|\d)*"
NO_YEAR = (
    "the users of the whole period stand nowhere in the web analytics exports; those of months or "
    "days can't be added up, since who comes back counts once: export them as "
    "docs/web-analytics.md says"
)


def make_traffic(
    reports: Sequence[WebReport], lists: Mapping[str, CodeList]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """One table of the figures of all exports, and notes of what somebody may miss.

    The table has the columns `line` (int32), `file`, `measure` and `grain` (category), `start` and
    `end` (datetime64[s]), a category a dimension (NaN if a row isn't broken down by it) and `value`
    (int64). The outcomes of lines are in the report of their export.

    A figure that stands in two exports is used once (B52); if the two differ, the second is refused
    (B53). One that this year's report printed otherwise must be acknowledged (B69). Problems are in
    the findings of their export; the table isn't whole then.
    """
    first: dict[Subject, tuple[WebExport, WebFigure]] = {}
    _refuse_two_properties(reports)
    for item in reports:
        _read_figures(item, lists)
        new: list[WebFigure] = []
        for figure in item.figures:
            export, earlier = first.setdefault(figure.subject, (item.export, figure))
            if earlier is figure:
                new.append(figure)
            elif earlier.value != figure.value:
                findings, line = item.export.findings, figure.line
                findings.add("B53", "figure", line=line, other_file=export.file, other=earlier.line)
        again = {figure.line for figure in item.figures} - {figure.line for figure in new}
        item.outcomes |= dict.fromkeys(again, "excluded B52")
        for figure in new:
            for measure, printed in item.file.source.reported.items():
                if _is_of_year(figure.subject, measure) and figure.value != printed:
                    item.export.findings.ask("B69", rows=1, lines=[figure.line], column=measure)
    notes = [note for item in reports for note in item.notes]
    if first and not any(_is_of_year(subject, "users") for subject in first):
        notes.append(NO_YEAR)
    return _frame(list(first.values()), lists), tuple(notes)


def _is_of_year(subject: Subject, measure: str) -> bool:
    return (subject.measure, subject.grain, subject.codes) == (measure, "year", ())


def _frame(
    figures: Sequence[tuple[WebExport, WebFigure]], lists: Mapping[str, CodeList]
) -> pd.DataFrame:
    rows = [
        {
            **subject._asdict(),
            **dict(subject.codes),
            "file": export.file,
            "line": line,
            "value": value,
        }
        for export, (subject, value, line) in figures
    ]
    columns = ["line", "file", "measure", "grain", "start", "end", *TRAFFIC_DIMENSIONS, "value"]
    frame = pd.DataFrame(rows, columns=columns)
    orders: dict[str, Sequence[str]] = {name: lists[name].order for name in TRAFFIC_DIMENSIONS}
    orders |= {"file": frame["file"].unique().tolist(), "measure": MEASURES, "grain": GRAINS}
    for name, order in orders.items():
        unlisted = sorted(set(frame[name].dropna()) - set(order))
        codes = pd.Index([*order, *unlisted], dtype="str")
        frame[name] = pd.Categorical(frame[name], categories=codes)
    absent = [name for name in TRAFFIC_DIMENSIONS if frame[name].isna().all()]
    types = {"line": "int32", "start": "datetime64[s]", "end": "datetime64[s]", "value": "int64"}
    return frame.drop(columns=absent).astype(types)


def _read_figures(report: WebReport, lists: Mapping[str, CodeList]) -> None:
    """Read every figure of an export that the layout wants; what is wrong is in its findings.

    Refuses another property, time zone or period than the edition's (B68), a column that tells
    visitors apart (B65), what `BlockReader` refuses, and a file without a row that is used (B82).
    Sampled, thresholded and collapsed reports must be acknowledged (B66). Notes say what was left
    out that somebody may miss.
    """
    export = report.export
    if export.findings.problems or not _is_of_edition(report):
        return
    for block in _list_usable_blocks(report):
        BlockReader(report, lists, block).read()
    rows = len({figure.line for figure in report.figures})
    for concern, line in export.concerns.items() if rows else ():
        export.findings.ask("B66", concern, rows=rows, lines=[line])
    collapsed = [line for line, each in report.outcomes.items() if each == "excluded B66"]
    if collapsed:
        export.findings.ask("B66", "other", rows=len(collapsed), lines=collapsed)
    if report.outcomes and not report.figures and not export.findings.problems:
        understood = describe_blocks(report)
        export.findings.add("B82", "unused", rows=len(report.outcomes), understood=understood)


def describe_blocks(report: WebReport) -> str:
    """What was understood of an export: the tables in it, each with why no figure is made of it."""
    export = report.export
    tables = []
    for block in export.blocks:
        heading = block.heading
        metrics = [name.replace("_", " ") for name in heading.metrics.values()]
        by = [name.replace("_", " ") for name in heading.dimensions.values()]
        what = f"{', '.join(metrics) or 'nothing that is measured'}"
        what += f" by {' and '.join(by)}" if by else ""
        unknown = ", ".join(str(place + 1) for place in heading.unknown)
        what += f", and column {unknown} unknown" if unknown else ""
        if block.period != report.file.edition.period:
            days = block.period
            what += f", of {days.start} to {days.end}" if days else ", of no period"
        place = f"{export.file}:{block.line}: "
        reasons = [note.removeprefix(place) for note in report.notes if note.startswith(place)]
        reasons = reasons if not unknown else []
        where = f"line {block.line}: " if block.line else ""
        tables.append(f"{where}{what}{''.join(f' ({reason})' for reason in reasons)}")
    return "; ".join(line.strip() for line in list_first(tables, MOST_TABLES))


def _refuse_two_properties(reports: Sequence[WebReport]) -> None:
    """Refuse exports of a second property in one folder, unless the layout knows both (B68)."""
    first: dict[str, WebExport] = {}
    for export in (item.export for item in reports if not item.file.layout.properties):
        if export.property_ is not None:
            before = first.setdefault(export.file.rpartition("/")[0], export)
            if before.property_ != export.property_:
                export.findings.add("B68", "two_properties", other_file=before.file)


def _is_of_edition(report: WebReport) -> bool:
    """Whether an export is of the edition's property, view, time zone and period (B68, B77)."""
    export, layout, source = report.export, report.file.layout, report.file.source
    findings, period = export.findings, report.file.edition.period
    problems = findings.counted["B68"] + findings.counted["B77"]
    due = _due_banner(layout, bare_name(export.file))
    lines = {simple(line) for line in export.banner}
    for text in due:
        if simple(text) not in lines:
            findings.add("B77", "view", text=f"'{text}'")
    segments = {line for line in lines if line.partition(":")[0] in SEGMENT}
    if segments - {simple(text) for text in due}:
        findings.add("B77", "segment")
    names = [source.property_] if source.property_ else [*layout.properties]
    if names and export.property_ not in names:
        case = "no_property" if export.property_ is None else "other_property"
        findings.add("B68", case, names=" or ".join(f"'{name}'" for name in names))
    zone = source.time_zone
    if zone is not None and export.time_zone is not None and export.time_zone != zone:
        findings.add("B68", "time_zone", shape=shape(export.time_zone), zone=zone)
    if not any(block.period == period for block in export.blocks):
        dated = any(block.period for block in export.blocks)
        is_bare = not export.banner and any(block.line for block in export.blocks)
        undated = "no_banner" if is_bare else "no_period"
        findings.add("B68", "other_period" if dated else undated, period=period)
    return findings.counted["B68"] + findings.counted["B77"] == problems


def _due_banner(layout: WebFolder, name: str) -> list[str]:
    """The lines that a file's banner must have, by its name or that of the file it is a copy of."""
    names = [
        each
        for each in layout.names
        if re.fullmatch(rf"{COPY}{re.escape(bare_name(each))}{COPY}", name)
    ]
    return layout.banners.get(max(names, key=len), []) if names else []


def _list_usable_blocks(report: WebReport) -> list[Block]:
    """The blocks of the period whose columns say what the rows are."""
    export, layout, notes = report.export, report.file.layout, report.notes
    usable: list[Block] = []
    of_other_periods: list[Block] = []
    for block in export.blocks:
        heading = block.heading
        if heading.unknown:
            places = ", ".join(str(place + 1) for place in heading.unknown)
            what = "the table is" if heading.has_unknown_dimension else "what they measure is"
            notes.append(
                f"{export.file}:{block.line}: the name(s) of column {places} aren't known; {what} "
                "left out"
            )
        for place in heading.visitor_places if layout.visitors == "refuse" else ():
            title = heading.names[place]
            export.findings.add("B65", "visitors", line=block.line, column=title)
        # A day index under a table counts what the table counts: all visits, or some.
        first = export.blocks[0]
        below = export.kind == "ua" and block is not first and not first.heading.covers_all_visits
        if heading.metrics and not heading.has_unknown_dimension and not below:
            of_period = block.period == report.file.edition.period
            (usable if of_period else of_other_periods).append(block)
    names = {block.heading.names for block in usable}
    for block in of_other_periods:
        metrics, dimension = block.heading.metrics.values(), block.heading.only_dimension
        measured = any(name in layout.users or service().metrics[name].measure for name in metrics)
        wanted = dimension is None or dimension[2].grain or layout.field_of(dimension[1])
        if block.heading.names not in names and measured and wanted:
            notes.append(
                f"{export.file}:{block.line}: the table is of another period, and is left out"
            )
    return usable
