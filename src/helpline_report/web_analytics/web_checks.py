"""Read the figures of one export, and check that it is of this edition."""

from __future__ import annotations

from collections.abc import Sequence

from helpline_report.exports.shapes import shape
from helpline_report.parameters.service import service
from helpline_report.parameters.web_layouts import WebFolder
from helpline_report.web_analytics.block_figures import BlockReader, Expected, ExportFigures
from helpline_report.web_analytics.blocks import Block, Heading
from helpline_report.web_analytics.web_export import WebExport


def read_figures(export: WebExport, layout: WebFolder, expected: Expected) -> ExportFigures:
    """Every figure of an export that the layout wants; what is wrong is in its findings.

    Refuses another property, time zone or period than the edition's (B68), a column that names
    visitors (B65), and what `BlockReader` refuses. Sampled, thresholded and collapsed reports wait
    to be acknowledged (B66). Notes say what was left out that somebody may miss.
    """
    of_export = ExportFigures(outcomes={line.number: "excluded unused" for line in export.lines})
    if export.findings.problems or not _is_of_edition(export, layout, expected):
        return of_export
    for block, heading in _usable_blocks(export, layout, expected, of_export.notes):
        BlockReader(export, block, heading, layout, expected, of_export).read()
    rows = len({figure.line for figure in of_export.figures})
    for concern, line in export.concerns.items() if rows else ():
        export.findings.ask("B66", concern, rows=rows, lines=[line])
    collapsed = of_export.lines_with("excluded B66")
    if collapsed:
        export.findings.ask("B66", "other", rows=len(collapsed), lines=collapsed)
    if not of_export.figures and not export.findings.problems:
        of_export.notes.append(f"{export.file}: nothing in this export is wanted by the layout")
    return of_export


def refuse_two_properties(exports: Sequence[tuple[WebExport, WebFolder]]) -> None:
    """Refuse exports of a second property in one folder, unless the layout knows both (B68)."""
    first: dict[str, WebExport] = {}
    for export, layout in exports:
        if layout.properties or export.property_ is None:
            continue
        before = first.setdefault(export.file.rpartition("/")[0], export)
        if before.property_ != export.property_:
            export.findings.add("B68", "two_properties", other_file=before.file)


def _is_of_edition(export: WebExport, layout: WebFolder, expected: Expected) -> bool:
    findings, period = export.findings, expected.period
    problems = findings.counted["B68"]
    names = [expected.property_] if expected.property_ else [*layout.properties]
    if names and export.property_ not in names:
        case = "no_property" if export.property_ is None else "other_property"
        findings.add("B68", case, names=" or ".join(f"'{name}'" for name in names))
    zone = expected.time_zone or layout.time_zone
    if zone is not None and export.time_zone is not None and export.time_zone != zone:
        findings.add("B68", "time_zone", shape=shape(export.time_zone), zone=zone)
    if not any(block.period == period for block in export.blocks):
        dated = any(block.period for block in export.blocks)
        findings.add("B68", "other_period" if dated else "no_period", period=period)
    return findings.counted["B68"] == problems


def _usable_blocks(
    export: WebExport, layout: WebFolder, expected: Expected, notes: list[str]
) -> list[tuple[Block, Heading]]:
    """The blocks of the period whose columns say what the rows are."""
    usable: list[tuple[Block, Heading]] = []
    of_other_periods: list[tuple[Block, Heading]] = []
    headings = [Heading.of(block.names, export.kind) for block in export.blocks]
    for block, heading in zip(export.blocks, headings, strict=True):
        if heading.unknown:
            places = ", ".join(str(place + 1) for place in heading.unknown)
            what = "the table is" if heading.foreign else "what they measure is"
            notes.append(
                f"{export.file}:{block.line}: the name(s) of column {places} aren't known; {what} "
                "left out"
            )
        for place in heading.personal if layout.visitors == "refuse" else ():
            title = block.names[place]
            export.findings.add("B65", "visitors", line=block.line, column=title)
        # A day index under a table counts what the table counts: all visits, or some.
        below = export.kind == "ua" and block is not export.blocks[0] and not headings[0].whole
        if heading.metrics and not heading.foreign and not below:
            of_period = block.period == expected.period
            (usable if of_period else of_other_periods).append((block, heading))
    names = {block.names for block, _ in usable}
    for block, heading in of_other_periods:
        if block.names not in names and _is_wanted(heading, layout):
            notes.append(
                f"{export.file}:{block.line}: the table is of another period, and is left out"
            )
    return usable


def _is_wanted(heading: Heading, layout: WebFolder) -> bool:
    """Whether a table would give figures, were it of the period."""
    metrics = heading.metrics.values()
    dimension = heading.only_dimension
    return any(name in layout.users or service().metrics[name].measure for name in metrics) and (
        dimension is None
        or dimension[2].grain is not None
        or layout.field_of(dimension[1]) is not None
    )
