"""Tell who makes an edition of problems of its exports: in private files and in lines."""

import csv
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path

from helpline_report.errors import ExportError, Problem
from helpline_report.exports.corrections import COLUMNS, find_key_column
from helpline_report.exports.export_files import read_export
from helpline_report.exports.faults import FAULTS, describe_outcome
from helpline_report.exports.text_tables import get_value
from helpline_report.figures.register import Register, count_left_out, is_draft
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.input_files import list_row_files
from helpline_report.parameters.project import Project
from helpline_report.private_files import make_private_folder, write_private
from helpline_report.report.open_data import escape_formula, write_rows
from helpline_report.tables.dataset import FileBalance, SettledFault

PROBLEM_COLUMNS = ("file", "line", "cell", "column", "code", "what", "expected", "next_step")


@contextmanager
def keep_problems(project: Project, edition: str) -> Iterator[None]:
    """Keep the problems of a reading in `.helpline/problems/<edition>/`, the last reading's alone.

    Corrections of faulty cells are begun there too.

    Raises:
        ExportError: the one that stopped the reading; it names the file that holds all of it.
        MachineError: the files can't be written.
    """
    folder = project.private / "problems" / edition
    try:
        yield
    except ExportError as error:
        make_private_folder(folder)
        write_private(folder / "problems.csv", write_problems(error.problems))
        begun = _begin_corrections(project, edition, error.problems, folder / "corrections.csv")
        label = project.label(folder)
        report = f"{label}/problems.csv (private: for who mends the exports)"
        raise ExportError(
            error.problems, error.counts, asks=(*error.asks, *begun), report=report
        ) from None
    shutil.rmtree(folder, ignore_errors=True)


def write_problems(problems: Sequence[Problem]) -> str:
    """A line a problem: a file or a column may be called anything, and none is a formula."""
    rows = []
    for problem in problems:
        named = replace(problem, column=problem.column or problem.header)
        texts = [escape_formula(str(getattr(named, name) or "")) for name in PROBLEM_COLUMNS]
        rows.append(["".join(c if c.isprintable() else " " for c in text) for text in texts])
    return write_rows([PROBLEM_COLUMNS, *rows])


def _begin_corrections(
    project: Project, name: str, problems: Sequence[Problem], place: Path
) -> list[str]:
    """Write the begun corrections of a run's problems; returns the line that says so, or nothing.

    A file that somebody began to fill in stays as it is.
    """
    if not project.parameters_file(name).is_file():
        return []
    edition = project.edition(name)
    # The corrections of the comparison may be begun too.
    editions = [edition, *([project.edition(edition.comparison)] if edition.comparison else [])]
    begun = [line for year in editions for line in _list_begun_lines(project, year, problems)]
    lines, label = list(dict.fromkeys(begun)), project.label(place)
    if not lines:
        return []
    if place.is_file():
        rows = csv.DictReader(StringIO(place.read_text(encoding="utf-8")))
        if any(row.get("becomes") or row.get("reason") for row in rows):
            return [f"  → {label} is filled in already, and stays as it is"]
    write_private(place, write_rows([COLUMNS, *lines]))
    begun_in = f"correct in {label} ({len(lines)} begun; private: it holds values)"
    return [f"  → what can't be mended in the source, {begun_in} and put that beside the exports"]


def _list_begun_lines(
    project: Project, edition: Edition, problems: Sequence[Problem]
) -> Iterator[tuple[str, ...]]:
    """A line for each problem of one cell: file, key or line, column, what stands there."""
    for file in list_row_files(edition, project.layouts([edition])):
        here = [item for item in problems if item.file == file.label and item.line and item.column]
        table = read_export(file.path(project), file.label, file.layout).table if here else None
        if table is None:
            continue
        rows = {int(line): row for row, line in enumerate(table.lines)}
        keys = table.columns.get(find_key_column(file.layout) or "")
        for problem in here:
            row = rows.get(problem.line)
            if row is None or problem.column not in table.columns:
                continue
            key = ""
            if keys is not None and (keys.codes == keys.codes[row]).sum() == 1:
                key = get_value(keys, row).strip()
            value = get_value(table.columns[problem.column], row).strip()
            yield file.file_name, key or f"line {problem.line}", problem.column, value, "", ""


def summarise_check(register: Register) -> Iterator[str]:
    """The lines that a check prints of a year and of the one whose rows it is compared with."""
    before = register.previous
    years = [register] if before is None or before.released else [register, before]
    for year in years:
        yield year.edition.edition
        yield from _describe_files(year.dataset.balances)
        for note in year.dataset.notes:
            yield f"  {note}"
        for item in year.dataset.acknowledged:
            reason = item.reason.in_language("en") if item.reason else ""
            yield f"  acknowledged: {_describe_settled(item)} ({reason})"
        for waits in year.dataset.waiting:
            yield f"  not acknowledged yet: {_describe_settled(waits)}"
        if totals := len(year.edition.control_totals):
            yield f"  {totals} control total(s) agree"


def _describe_files(balances: Sequence[FileBalance]) -> Iterator[str]:
    """A line a file, and what became of rows; web reports, which are many alike, have it once."""
    web = [balance for balance in balances if balance.table == "traffic"]
    for group in (*([balance] for balance in balances if balance.table != "traffic"), web):
        for balance in group:
            used = balance.used + sum(balance.repaired.values())
            how = "all used" if used == balance.read else f"{used} used"
            table = "" if balance.table == "traffic" else f" as {balance.table}"
            yield f"  {Path(balance.file).name}: {balance.read} rows, {how}{table}"
        for what in ("repaired", "excluded", "noted"):
            counts = Counter[str]()
            for balance in group:
                counts.update(getattr(balance, what))
            for code, count in sorted(counts.items()):
                of_fault = f" [{code}]" if code in FAULTS else ""
                yield f"      {what} {count} × {describe_outcome(code, 'en')}{of_fault}"


def _describe_settled(item: SettledFault) -> str:
    rows = f"{item.rows} × " if item.rows else ""
    about = f", {item.about}" if item.about else ""
    file = f", {Path(item.file).name}" if item.file else ""
    return f"{rows}{FAULTS[item.code].en} [{item.code}]{file}{about}"


def describe_draft(register: Register) -> Iterator[str]:
    """How many rows a draft leaves out; else nothing."""
    if is_draft(register):
        rows = sum(item.rows for item in count_left_out(register))
        yield f"  a draft: {rows} row(s) are left out, for faults or with rows that have some"
