"""Write every problem of a run to private files, and begin corrections for who mends exports."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from helpline_report.errors import ExportError, Problem
from helpline_report.exports.corrected_exports import key_column
from helpline_report.exports.corrections import COLUMNS
from helpline_report.exports.export_files import read_export
from helpline_report.exports.faults import FAULTS
from helpline_report.exports.text_tables import TextTable
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import load_layout
from helpline_report.parameters.project import Project
from helpline_report.private_files import private_folder, write_private
from helpline_report.report.open_data import harmless

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
    label = place.relative_to(project.root).as_posix()
    if place.is_file() and _filled_in(place.read_text(encoding="utf-8")):
        return f"  → {label} is filled in already, and stays as it is"
    private_folder(project.private)
    private_folder(folder.parent)
    write_private(place, _csv([COLUMNS, *lines]))
    return (
        f"  → what can't be mended in the source, correct in {label} ({len(lines)} begun; private: "
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
            label = f"{source.folder.rstrip('/')}/{written}"
            here = [item for item in problems if item.file == label and item.line and item.column]
            if not here:
                continue
            export = read_export(project.resolve(source.folder) / written, label, file)
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
            key = keys.value(row).strip()
        stands = table.columns[problem.column].value(row).strip()
        yield name, key or f"line {problem.line}", problem.column, stands, "", ""


PROBLEM_COLUMNS = ("file", "line", "cell", "column", "code", "what", "expected", "next_step")
TEMPLATES = Path(__file__).parent / "assets"


@contextmanager
def problems_kept(project: Project, edition: str) -> Iterator[None]:
    """Keep the problems of a reading in `.helpline/problems/<edition>/`, the last reading's alone.

    Raises:
        ExportError: the one that stopped the reading; it names the files that hold all of it.
        MachineError: the files can't be written.
    """
    folder = project.private / "problems" / edition
    try:
        yield
    except ExportError as error:
        private_folder(project.private)
        private_folder(folder.parent)
        write_private(folder / "problems.csv", problems_csv(error.problems))
        write_private(folder / "problems.html", problems_html(error, edition))
        begun = begin_corrections(project, _editions(project, edition), error.problems)
        asks = (*error.asks, *([begun] if begun else []))
        label = folder.relative_to(project.root).as_posix()
        report = f"{label}/problems.html and problems.csv (private: for who mends the exports)"
        raise ExportError(error.problems, error.counts, asks=asks, report=report) from None
    shutil.rmtree(folder, ignore_errors=True)


def _editions(project: Project, name: str) -> list[Edition]:
    """The edition and its comparison: the corrections of either may be begun."""
    if not project.parameters_file(name).is_file():
        return []
    edition = project.edition(name)
    return [edition, *([project.edition(edition.comparison)] if edition.comparison else [])]


def problems_csv(problems: Sequence[Problem]) -> str:
    """A line a problem; no field that a spreadsheet takes for a formula."""
    rows = ([_field(getattr(each, name)) for name in PROBLEM_COLUMNS] for each in problems)
    return _csv([PROBLEM_COLUMNS, *rows])


def _field(value: object) -> str:
    """One line of harmless text: a file or a column may be called anything."""
    return "".join(mark if mark.isprintable() else " " for mark in harmless(str(value or "")))


def _csv(rows: Iterable[Sequence[str]]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def problems_html(error: ExportError, edition: str) -> str:
    """One page, a table a code, with the words of the code and how many there are of it."""
    # Only where something is already wrong: a check loads no templates.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    by_code: dict[str, list[Problem]] = {}
    for problem in error.problems:
        by_code.setdefault(problem.code, []).append(problem)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("problems.html.j2").render(
        edition=edition,
        counts=error.counts,
        by_code=sorted(by_code.items()),
        faults=FAULTS,
        asks="\n".join(error.asks),
    )
