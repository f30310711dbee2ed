"""The figures of one web analytics export, chosen by what a block measures and for which period."""

from __future__ import annotations

from collections.abc import Sequence

from helpline_report.exports.findings import Findings
from helpline_report.exports.web.model import Block, WebExport
from helpline_report.parameters.service import service
from helpline_report.parameters.web_layouts import WebFolder
from helpline_report.tables.entries import Entries, Setting
from helpline_report.tables.web_block import BlockReader
from helpline_report.tables.web_claims import (
    acknowledge_concerns,
    acknowledge_other,
    refuse_other_property,
    refuse_other_time_zone,
)
from helpline_report.tables.web_columns import Columns, columns_of


def web_entries(export: WebExport, layout: WebFolder, setting: Setting) -> Entries:
    """Every figure of an export that the layout wants; what is wrong is in its findings.

    Refuses another property, time zone or period than the edition's (B68), a column that names
    visitors (B65), and what `BlockReader` refuses. Sampled, thresholded and collapsed reports wait
    to be acknowledged (B66). Notes say what was left out that somebody may miss.
    """
    entries = Entries()
    if export.findings.problems or not _of_this_edition(export, layout, setting):
        return entries
    for block, columns in _used(export, layout, setting, entries):
        BlockReader(export, block, columns, layout, setting, entries).read()
    figures = len({entry.at for entry in entries.found})
    acknowledge_concerns(export.findings, export.concerns, figures)
    acknowledge_other(export.findings, _lines_of(export, entries.collapsed))
    _notes(export, entries)
    return entries


def refuse_two_properties(exports: Sequence[tuple[WebExport, object]]) -> None:
    """Refuse exports of a second property in one folder, unless the layout knows both (B68)."""
    first: dict[str, WebExport] = {}
    for export, layout in exports:
        known = isinstance(layout, WebFolder) and layout.properties
        if known or export.property_ is None:
            continue
        before = first.setdefault(export.file.rpartition("/")[0], export)
        if before.property_ != export.property_:
            export.findings.refuse(
                "B68",
                f"another property than that of {before.file}",
                expected="exports of one property",
                next_step="move it to a folder of its own; where both belong to the helpline, name "
                "them under 'properties' in the layout, with what each is about",
            )


def _of_this_edition(export: WebExport, layout: WebFolder, setting: Setting) -> bool:
    findings, period = export.findings, setting.period
    before = findings.counted["B68"]
    expected = [setting.property_] if setting.property_ else list(layout.properties)
    refuse_other_property(findings, export.property_, expected)
    zone = setting.time_zone or layout.time_zone
    refuse_other_time_zone(findings, export.time_zone, zone)
    if not any(block.period == period for block in export.blocks):
        known = any(block.period for block in export.blocks)
        findings.refuse(
            "B68",
            f"the export {'is of another period' if known else 'names no period'}",
            expected=f"{period.start} to {period.end}",
            next_step="export the report over the edition's period, and no shorter or longer one",
        )
    return findings.counted["B68"] == before


def _used(
    export: WebExport, layout: WebFolder, setting: Setting, entries: Entries
) -> list[tuple[Block, Columns]]:
    """The blocks of the period whose columns say what the rows are; others are counted unused."""
    found: list[tuple[Block, Columns]] = []
    elsewhen: list[tuple[Block, Columns]] = []
    main: Columns | None = None
    for block in export.blocks:
        columns = columns_of(block, export.kind)
        main = main or columns
        _note_unknown(export, block, columns, entries)
        if columns.personal and layout.visitors == "refuse":
            _refuse_visitors(block, columns, export.findings)
        # A day index under a table counts what the table counts: all visits, or some.
        partial = export.kind == "ua" and block is not export.blocks[0] and not main.whole
        wanted = columns.metrics and not columns.foreign and not partial
        if wanted and block.period == setting.period:
            found.append((block, columns))
            continue
        entries.unused |= {row.at for row in (*block.rows, *block.totals)}
        if wanted:
            elsewhen.append((block, columns))
    _note_elsewhen(export, layout, elsewhen, {block.names for block, _ in found}, entries)
    return found


def _note_elsewhen(
    export: WebExport,
    layout: WebFolder,
    elsewhen: Sequence[tuple[Block, Columns]],
    in_period: set[tuple[str, ...]],
    entries: Entries,
) -> None:
    """Tell tables that would be wanted and are of another period, unless they are a comparison."""
    for block, columns in elsewhen:
        metrics = columns.metrics.values()
        counts = any(name in layout.users or service().metrics[name].measure for name in metrics)
        by = columns.one
        of_use = by is None or by[2].grain is not None or layout.field_of(by[1]) is not None
        if counts and of_use and block.names not in in_period:
            entries.notes.append(
                f"{export.file}:{block.line}: the table is of another period, and is left out"
            )


def _refuse_visitors(block: Block, columns: Columns, findings: Findings) -> None:
    for place, (_, dimension) in columns.dimensions.items():
        if dimension.personal:
            findings.refuse(
                "B65",
                "the column identifies visitors",
                line=block.line,
                column=block.names[place],
                next_step="export the report without it, or say in the layout: visitors: "
                "totals_only",
            )


def _note_unknown(export: WebExport, block: Block, columns: Columns, entries: Entries) -> None:
    if not columns.unknown:
        return
    places = ", ".join(str(place + 1) for place in columns.unknown)
    what = f"{export.file}:{block.line}: the name(s) of column {places} aren't known"
    left_out = "the table is left out" if columns.foreign else "what they measure is left out"
    entries.notes.append(f"{what}; {left_out}")


def _lines_of(export: WebExport, places: set[int]) -> Sequence[int]:
    rows = (row for block in export.blocks for row in block.rows)
    return [row.number for row in rows if row.at in places]


def _notes(export: WebExport, entries: Entries) -> None:
    if not entries.found and not export.findings.problems:
        entries.notes.append(f"{export.file}: nothing in this export is wanted by the layout")
