"""The texts of an edition's exports as the reading of files gives them, as tables for SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from helpline_report.audit.recount.preamble import export_name
from helpline_report.audit.recount.reports import Report, reports_of
from helpline_report.audit.recount.untouched import Standing, Untouched, untouched
from helpline_report.audit.recount.web import column_names
from helpline_report.exports.mended import Corrected, corrected
from helpline_report.exports.named import web_exports_in
from helpline_report.exports.read import Export, read_export
from helpline_report.exports.reports import BlockText, read_report
from helpline_report.exports.web.model import Block, Line, WebExport
from helpline_report.exports.web.read import read_web
from helpline_report.parameters.edition import Edition, Source
from helpline_report.parameters.layouts import Layout
from helpline_report.parameters.project import Project
from helpline_report.parameters.report_layouts import ReportFile
from helpline_report.parameters.row_layouts import RowFile

LeftOut = Mapping[tuple[str, str], frozenset[int]]


@dataclass(frozen=True)
class Texts:
    """Tables of text by their name, how many rows each file has, and the reports of an edition.

    A file that stands as it was written is read by the database itself.
    """

    edition: Edition
    tables: list[tuple[str, pd.DataFrame | Untouched]] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)
    web: dict[Report, WebExport] = field(default_factory=dict)


def texts_of(
    project: Project,
    edition: Edition,
    layouts: Mapping[str, Layout],
    *,
    left_out: LeftOut,
    standing: Standing,
) -> Texts:
    """The texts of every file that an edition's sources name; `standing` are those untouched.

    Raises:
        CorrectionsError: corrections beside the exports that don't go with them.
    """
    found = Texts(edition)
    _add_rows(project, layouts, found, left_out=left_out, standing=standing)

    def in_folder(source: Source) -> list[str]:
        return web_exports_in(project.resolve(source.folder), source)

    for report in reports_of(edition, layouts, in_folder):
        found.reports.append(report)
        _add_report(project.resolve(report.source.folder) / report.written, report, found)
    return found


def _add_rows(
    project: Project,
    layouts: Mapping[str, Layout],
    found: Texts,
    *,
    left_out: LeftOut,
    standing: Standing,
) -> None:
    edition = found.edition
    exports: list[Export] = []
    files: dict[str, tuple[str, RowFile]] = {}
    for source in edition.sources:
        for file_id, file in layouts[source.layout].files.items():
            written = source.files.get(file_id, file.name)
            shown = f"{source.folder.rstrip('/')}/{written}"
            path = project.resolve(source.folder) / written
            table = export_name(edition.edition, file_id)
            as_it_stands = untouched(path, file, standing.get((edition.edition, shown)))
            if as_it_stands is not None:
                found.read[shown] = as_it_stands.rows
                found.tables.append((table, as_it_stands))
                continue
            files[shown] = (table, file)
            exports.append(read_export(path, shown, file))
    given = {shown: file for shown, (_, file) in files.items()}
    mended = corrected(project, edition, given, exports)
    for export in mended.exports:
        found.read[export.file] = export.rows.read
        lines = left_out.get((edition.edition, export.file), frozenset())
        if export.rows.table is not None:
            found.tables.append((files[export.file][0], _rows(export, mended, lines)))


def _rows(export: Export, mended: Corrected, left_out: frozenset[int]) -> pd.DataFrame:
    """The texts of a file of rows, a column each, with where they stand."""
    table = export.rows.table
    assert table is not None  # noqa: S101 - the caller looked
    before = mended.mended(export.file)
    touched = np.zeros(len(table), dtype=np.bool_) if before is None else before.copy()
    for lines in export.rows.mended.values():
        touched |= np.isin(table.lines, lines)
    texts = {name: column.series() for name, column in table.columns.items()}
    frame = pd.DataFrame({"physical_line": table.lines, "read_mended": touched, **texts})
    return frame[~np.isin(table.lines, [*left_out])] if left_out else frame


def _add_report(path: Path, report: Report, found: Texts) -> None:
    layout = report.layout
    if isinstance(layout, ReportFile):
        read = read_report(path, report.shown, layout)
        found.read[report.shown] = read.read
        for place, block in enumerate(layout.blocks, start=1):
            frame = _block(read.blocks[block.column])
            found.tables.append((report.block_table(place), frame))
        return
    export = read_web(path, report.shown, layout)
    found.read[report.shown] = export.read
    found.web[report] = export
    for place, block_of_web in enumerate(export.blocks, start=1):
        found.tables.append((report.block_table(place), _web_block(block_of_web)))


def _block(block: BlockText) -> pd.DataFrame:
    """The rows of a block and its total row below them."""
    total = block.total or {}
    lines = [*block.lines, *([block.total_line] if total else [])]
    columns: dict[str, object] = {
        "physical_line": lines,
        "row_place": lines,
        "is_total": [place >= len(block.lines) for place in range(len(lines))],
    }
    for name, texts in block.columns.items():
        columns[name] = pd.Series([*texts, *([total[name]] if total else [])], dtype="str")
    return pd.DataFrame(columns)


def _web_block(block: Block) -> pd.DataFrame:
    """The rows of a block and its first total row, with the period that it is of."""
    rows: Sequence[Line] = [*block.rows, *block.totals[:1]]
    period = block.period
    columns: dict[str, object] = {
        "physical_line": [row.number for row in rows],
        "row_place": [row.at for row in rows],
        "is_total": [place >= len(block.rows) for place in range(len(rows))],
        "period_start": pd.Series([period and period.start] * len(rows), dtype="datetime64[s]"),
        "period_end": pd.Series([period and period.end] * len(rows), dtype="datetime64[s]"),
    }
    for place, name in enumerate(column_names(block)):
        texts = [row.cells[place] if place < len(row.cells) else "" for row in rows]
        columns[name] = pd.Series(texts, dtype="str")
    return pd.DataFrame(columns)
