"""Leave rows with faults out of a draft, with the rows that hang on them, and count them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpline_report.errors import Problem
from helpline_report.exports.corrected_exports import HANGS
from helpline_report.exports.export_files import Export
from helpline_report.exports.findings import Findings
from helpline_report.tables.table_rows import TableRows

MOST = 0.5
OF_FILES = "A draft leaves out rows; what stands here is wrong with a file as a whole."
OF_REPORTS = (
    "A draft leaves out rows, and a web analytics report has totals, from which no row can be taken"
    " away: export it again."
)


def leave_out_faulty(rows: TableRows) -> None:
    """Leave out rows that are at fault by themselves, and rows that hang on what is left out.

    To be called after each step that finds faults, tables from top to bottom.
    """
    for code, lines in sorted(rows.findings.faulty.items()):
        rows.outcomes.leave_out(f"faulty {code}", np.isin(rows.text.lines, lines))
    if rows.parent is not None and rows.parent_rows is not None:
        hangs = (rows.parent_rows < 0) | ~rows.parent.in_table()[rows.parent_rows]
        rows.outcomes.leave_out(f"faulty {HANGS}", hangs)


def faulty_lines(tables: Sequence[TableRows]) -> dict[str, frozenset[int]]:
    """The lines of the rows that a draft leaves out, by file."""
    by_file: dict[str, frozenset[int]] = {}
    for rows in tables:
        faulty = rows.outcomes.of_kind("faulty")
        if rows.first is not None:
            # The second count would take the next of the rows that repeat one for the first.
            faulty |= faulty[rows.first]
        if faulty.any():
            lines = frozenset(rows.text.lines[faulty].tolist())
            by_file[rows.export.file] = by_file.get(rows.export.file, frozenset()) | lines
    return by_file


def count_unread(export: Export) -> dict[str, int]:
    """The rows that no table could be made of (too long, too short, cut off), by their outcome."""
    table = export.rows.table
    read = set() if table is None else set(table.lines.tolist())
    counts = {}
    for code, lines in sorted(export.findings.faulty.items()):
        unread = set(lines) - read
        read |= unread
        if unread:
            counts[f"faulty {code}"] = len(unread)
    return counts


@dataclass(frozen=True)
class Stopping:
    """What stops a run: problems, how many there are of each code, and why a draft stops too."""

    problems: list[Problem]
    counts: Counter[str]
    why: list[str]


def find_stopping(
    exports: Sequence[Export], reports: Sequence[Findings], *, draft: bool
) -> Stopping:
    """The problems that stop a run; a draft leaves out rows, unless they are most of a file."""
    stopping = Stopping([], Counter(), [])
    for export in exports:
        problems, counts = _of_file(export) if draft else _of_findings(export.findings)
        stopping.problems.extend(problems)
        stopping.counts.update(counts)
    if draft and stopping.problems:
        stopping.why.append(OF_FILES)
    for findings in reports:
        stopping.problems.extend(findings.problems)
        stopping.counts.update(findings.counted)
    if draft and any(findings.problems for findings in reports):
        stopping.why.append(OF_REPORTS)
    return stopping


def _of_findings(findings: Findings) -> tuple[list[Problem], Mapping[str, int]]:
    return findings.problems, +findings.counted


def _of_file(export: Export) -> tuple[list[Problem], Mapping[str, int]]:
    """The problems of a file that are no faults of single rows."""
    findings = export.findings
    if export.rows.table is None:
        return _of_findings(findings)
    faulty = {code: set(lines) for code, lines in findings.faulty.items()}
    problems = [each for each in findings.problems if each.line not in faulty.get(each.code, ())]
    counts = findings.counted - Counter({c: len(lines) for c, lines in findings.faulty.items()})
    lines = set().union(*faulty.values())
    if len(lines) > MOST * export.rows.read:
        # A draft without most of its rows says nothing: then it is the layout that is wrong.
        code = max(sorted(faulty), key=lambda code: len(faulty[code]))
        what = f"{len(lines)} of {export.rows.read} rows have a fault, too many to leave out"
        step = "see that it is the right file, and that the layout says how it is written"
        problems.append(Problem(export.file, 0, "", code, what, next_step=step))
        counts[code] += 1
    return problems, counts
