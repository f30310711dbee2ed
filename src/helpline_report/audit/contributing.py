"""The rows that a figure is made of, for somebody who has the exports and may see them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence

from helpline_report.exports.export_files import Export, read_export
from helpline_report.figures.model import Figure, PopulationSpec
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import load_layout
from helpline_report.parameters.project import Project

Lines = Callable[[PopulationSpec], Sequence[int]]


def row_exports(project: Project, editions: Sequence[Edition]) -> dict[tuple[str, str], Export]:
    """Every export of rows of some editions, by edition and table."""
    found: dict[tuple[str, str], Export] = {}
    for edition in editions:
        for source in edition.sources:
            layout = load_layout(project.layout_file(source.layout), project.root)
            for file_id, file in layout.files.items():
                written = source.files.get(file_id, file.name)
                export = read_export(project.resolve(source.folder) / written, written, file)
                found |= {(edition.edition, table): export for table in file.tables}
    return found


def contributing_rows(
    figure: Figure, lines: Lines, exports: Mapping[tuple[str, str], Export]
) -> str:
    """The rows of a figure's numerator and of what it is compared with, as CSV.

    `exports` are the files by edition and table. A column `part` says which of the two a row
    belongs to; `file` and `line` say where it stands. The texts are those of the export: this is
    for a private file.
    """
    specs = {"numerator": figure.population, "of": figure.of}
    told = {
        part: (exports[spec.edition, spec.table], lines(spec))
        for part, spec in specs.items()
        if spec is not None and (spec.edition, spec.table) in exports
    }
    columns = list(dict.fromkeys(name for export, _ in told.values() for name in _columns(export)))
    text = io.StringIO()
    writer = csv.DictWriter(text, ["part", "file", "line", *columns], lineterminator="\n")
    writer.writeheader()
    for part, (export, wanted) in told.items():
        for row in _rows(export, wanted):
            writer.writerow({"part": part, "file": export.file, **row})
    return text.getvalue()


def _columns(export: Export) -> list[str]:
    return list(export.rows.table.columns) if export.rows.table is not None else []


def _rows(export: Export, wanted: Sequence[int]) -> Iterator[dict[str, object]]:
    table = export.rows.table
    if table is None:
        return
    places = {int(line): place for place, line in enumerate(table.lines)}
    for line in wanted:
        place = places[line]
        texts = {name: column.text(place) for name, column in table.columns.items()}
        yield {"line": line, **texts}
