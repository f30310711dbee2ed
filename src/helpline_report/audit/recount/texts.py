"""The texts of an edition's exports as the reading of files gives them, as tables for SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpline_report.audit.recount.preamble import export_name
from helpline_report.audit.recount.untouched import Standing, Untouched, untouched
from helpline_report.audit.recount.web_traffic import WebFile, web_files
from helpline_report.exports.corrected_exports import CorrectedExports, correct_exports
from helpline_report.exports.export_files import Export, read_export
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import RowFile

LeftOut = Mapping[tuple[str, str], frozenset[int]]


@dataclass(frozen=True)
class Texts:
    """Tables of text by their name, how many rows each file has, and web analytics exports.

    A file that stands as it was written is read by the database itself.
    """

    edition: Edition
    tables: list[tuple[str, pd.DataFrame | Untouched]] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    web: list[WebFile] = field(default_factory=list)


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
    found.web.extend(web_files(project, edition, layouts))
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
    corrected = correct_exports(project, edition, given, exports)
    for export in corrected.exports:
        found.read[export.file] = export.rows.read
        lines = left_out.get((edition.edition, export.file), frozenset())
        if export.rows.table is not None:
            found.tables.append((files[export.file][0], _rows(export, corrected, lines)))


def _rows(export: Export, corrected: CorrectedExports, left_out: frozenset[int]) -> pd.DataFrame:
    """The texts of a file of rows, a column each, with where they stand."""
    table = export.rows.table
    assert table is not None  # noqa: S101 - the caller looked
    before = corrected.corrected_rows(export)
    touched = np.zeros(len(table), dtype=np.bool_) if before is None else before.copy()
    for lines in export.rows.mended.values():
        touched |= np.isin(table.lines, lines)
    texts = {name: column.series() for name, column in table.columns.items()}
    frame = pd.DataFrame({"physical_line": table.lines, "read_mended": touched, **texts})
    return frame[~np.isin(table.lines, [*left_out])] if left_out else frame
