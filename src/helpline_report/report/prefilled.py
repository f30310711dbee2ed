"""A file of corrections begun from the problems of a run, to be filled in beside the exports.

It holds what stands in the faulty cells: it is private, and lies nowhere else.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from helpline_report.errors import Problem
from helpline_report.exports.corrected_exports import key_column
from helpline_report.exports.corrections import COLUMNS
from helpline_report.exports.export_files import read_export
from helpline_report.exports.text_tables import TextTable
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import load_layout
from helpline_report.parameters.project import Project
from helpline_report.private_files import private_folder, write_private

NAME = "corrections.csv"


def begin_corrections(
    project: Project, editions: Sequence[Edition], problems: Sequence[Problem]
) -> str:
    """Write the begun corrections of a run's problems; returns the line that says so, or nothing.

    A file that somebody began to fill in stays as it is.

    Raises:
        MachineError: it can't be written.
    """
    lines = list(
        dict.fromkeys(line for each in editions for line in _lines(project, each, problems))
    )
    if not lines:
        return ""
    folder = project.private / "problems" / editions[0].edition
    place = folder / NAME
    shown = place.relative_to(project.root).as_posix()
    if place.is_file() and _filled_in(place.read_text(encoding="utf-8")):
        return f"  → {shown} is filled in already, and stays as it is"
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(lines)
    private_folder(project.private)
    private_folder(folder.parent)
    write_private(place, out.getvalue())
    return (
        f"  → what can't be mended in the source, correct in {shown} ({len(lines)} begun; private: "
        "it holds values) and put that beside the exports"
    )


def _filled_in(text: str) -> bool:
    rows = csv.DictReader(StringIO(text))
    return any(row.get("becomes") or row.get("reason") for row in rows)


def _lines(
    project: Project, edition: Edition, problems: Sequence[Problem]
) -> Iterator[tuple[str, ...]]:
    """A line for each problem of one cell: file, key or line, column, what stands there."""
    for source in edition.sources:
        layout = load_layout(project.layout_file(source.layout), project.root)
        for file_id, file in layout.files.items():
            written = source.files.get(file_id, file.name)
            shown = f"{source.folder.rstrip('/')}/{written}"
            here = [item for item in problems if item.file == shown and item.line and item.column]
            if not here:
                continue
            export = read_export(project.resolve(source.folder) / written, shown, file)
            yield from _of_file(written, export.rows.table, key_column(file), here)


def _of_file(
    name: str, table: TextTable | None, key_name: str | None, problems: Sequence[Problem]
) -> Iterator[tuple[str, ...]]:
    if table is None:
        return
    rows = {int(line): row for row, line in enumerate(table.lines)}
    keys = table.columns[key_name] if key_name is not None else None
    for problem in problems:
        row = rows.get(problem.line)
        if row is None or problem.column not in table.columns:
            continue
        key = ""
        if keys is not None and (keys.codes == keys.codes[row]).sum() == 1:
            key = keys.text(row).strip()
        stands = table.columns[problem.column].text(row).strip()
        yield name, key or f"line {problem.line}", problem.column, stands, "", ""
