"""Write every problem of a run to private files, and begin corrections for who mends exports."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from io import StringIO

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
            key = keys.value(row).strip()
        stands = table.columns[problem.column].value(row).strip()
        yield name, key or f"line {problem.line}", problem.column, stands, "", ""


PROBLEM_COLUMNS = ("file", "line", "cell", "column", "code", "what", "expected", "next_step")
HEADINGS = ("file", "place", "column", "what is wrong", "expected", "what to do")

STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1b1b; background: #fff }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin: 2.5rem 0 .25rem }
table { border-collapse: collapse; width: 100%; margin: .75rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0;
  border-bottom: 1px solid #ccc; overflow-wrap: anywhere }
pre { background: #f3f3f3; padding: .75rem; white-space: pre-wrap }
"""


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
        shown = folder.relative_to(project.root).as_posix()
        kept = f"{shown}/problems.html and problems.csv (private: for who mends the exports)"
        raise ExportError(error.problems, error.counts, asks=asks, kept=kept) from None
    shutil.rmtree(folder, ignore_errors=True)


def _editions(project: Project, name: str) -> list[Edition]:
    """The edition and its comparison: the corrections of either may be begun."""
    if not project.parameters_file(name).is_file():
        return []
    edition = project.edition(name)
    earlier = [project.edition(edition.comparison)] if edition.comparison else []
    return [edition, *earlier]


def problems_csv(problems: Sequence[Problem]) -> str:
    """A line a problem; no field that a spreadsheet takes for a formula."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(PROBLEM_COLUMNS)
    for problem in problems:
        writer.writerow([_field(str(getattr(problem, name) or "")) for name in PROBLEM_COLUMNS])
    return out.getvalue()


def _field(text: str) -> str:
    """One line of harmless text: a file or a column may be called anything."""
    return "".join(mark if mark.isprintable() else " " for mark in harmless(text))


def problems_html(error: ExportError, edition: str) -> str:
    """One page, a table a code, with the words of the code and how many there are of it."""
    title = f"Problems in the exports of {escape(edition)}"
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{title}</title>",
        f"<style>\n{STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{title}</h1>",
        f"<p>{error.counts.total()} problem(s). Nothing was written.</p>",
        "<p>This page is private. It says where the exports are wrong; no value of a row is in it.",
        "</p>",
    ]
    by_code: dict[str, list[Problem]] = {}
    for problem in error.problems:
        by_code.setdefault(problem.code, []).append(problem)
    for code, found in sorted(by_code.items()):
        parts += _section(code, found, error.counts[code])
    if error.asks:
        parts += [
            "<h2>What is known</h2>",
            f"<pre>{escape(chr(10).join(error.asks))}</pre>",
        ]
    return "\n".join([*parts, "</main>", "</body>", "</html>", ""])


def _section(code: str, found: Sequence[Problem], count: int) -> list[str]:
    fault = FAULTS.get(code)
    heading = f"{code}: {fault.en}" if fault else code
    parts = [f'<h2 id="{escape(code)}">{escape(heading)} ({count})</h2>']
    if fault and fault.step:
        parts.append(f"<p>{escape(fault.step)}.</p>")
    head = "".join(f'<th scope="col">{name}</th>' for name in HEADINGS)
    parts += ["<table>", f"<thead><tr>{head}</tr></thead>", "<tbody>"]
    for problem in found:
        cells = (
            problem.file,
            problem.cell or (f"line {problem.line}" if problem.line else ""),
            problem.column,
            problem.what,
            problem.expected,
            problem.next_step,
        )
        parts.append(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>")
    parts += ["</tbody>", "</table>"]
    if count > len(found):
        parts.append(f"<p>and {count - len(found)} more like these</p>")
    return parts
