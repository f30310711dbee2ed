"""Decide what stops a run: faults and totals, and what the parameters don't acknowledge."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from helpline_report.errors import Problem
from helpline_report.exports.corrections import HANGS, LEFT_OUT
from helpline_report.exports.export_files import Export
from helpline_report.exports.faults import Findings, make_problem
from helpline_report.parameters.acknowledgements import (
    find_acknowledgement,
    find_entries,
    write_acknowledgement,
)
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.tables.dataset import SettledFault, Table, mask_rows
from helpline_report.tables.table_rows import TableRows

MOST_FAULTY = 0.5


@dataclass
class Settled:
    """Faults that the parameters acknowledge, and others: each is one of `problems` and `waiting`.

    `lines` are what to add to the parameters to acknowledge these others too.
    """

    acknowledged: list[SettledFault] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    waiting: list[SettledFault] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def settle(self, edition: Edition, problem: Problem, about: str, rows: int = 0) -> bool:
        """File a fault as acknowledged or as a problem; return whether it is acknowledged."""
        code, file = problem.code, problem.file
        fault = SettledFault(code, file, rows, about)
        entry = find_acknowledgement(edition, code=code, file=file, about=about, rows=rows)
        if entry is not None:
            self.acknowledged.append(replace(fault, reason=entry.reason, by=entry.by or ""))
            return True
        entries = find_entries(edition, code=code, file=file, about=about)
        if entries:
            fewer = max(entry.rows or 0 for entry in entries)
            problem = replace(problem, what=f"{problem.what}; {fewer} of them acknowledged")
        self.problems.append(problem)
        self.waiting.append(fault)
        self.lines.append(write_acknowledgement(code, file=file, about=about, rows=rows))
        return False


def settle_files(files: Iterable[Findings], edition: Edition) -> Settled:
    """Note in each file's findings what the parameters acknowledge; the rest becomes problems."""
    settled = Settled()
    for findings in files:
        for problem, rows in findings.to_acknowledge:
            is_acknowledged = settled.settle(edition, problem, problem.column, rows)
            # Rows outside the period are counted where they are left out.
            if is_acknowledged and problem.code != "B49":
                findings.noted[problem.code] += rows
    return settled


def leave_out_faulty(rows: TableRows) -> None:
    """Leave out rows with a fault of their own, and rows that hang on rows that are left out.

    Call it after each step that finds faults, for the upper tables first.
    """
    for code, lines in sorted(rows.findings.faulty.items()):
        rows.outcomes.leave_out(f"faulty {code}", np.isin(rows.text.lines, lines))
    if rows.parent is not None and rows.parent_rows is not None:
        hangs = (rows.parent_rows < 0) | ~rows.parent.in_table()[rows.parent_rows]
        rows.outcomes.leave_out(f"faulty {HANGS}", hangs)


def list_faulty_lines(tables: Sequence[TableRows]) -> dict[str, frozenset[int]]:
    """The lines of the rows that a draft leaves out, by file."""
    by_file: dict[str, frozenset[int]] = {}
    for rows in tables:
        faulty = rows.outcomes.of_kind("faulty")
        if rows.first is not None:
            # All repeats of a faulty row go: else the second count would use one of them.
            faulty |= faulty[rows.first]
        if faulty.any():
            lines = frozenset(rows.text.lines[faulty].tolist())
            by_file[rows.export.file] = by_file.get(rows.export.file, frozenset()) | lines
    return by_file


def count_unread(export: Export) -> Counter[str]:
    """The rows that couldn't become rows of a table (too long, short, cut off), by outcome."""
    table = export.table
    read = set() if table is None else set(table.lines.tolist())
    counts: Counter[str] = Counter()
    for code, lines in sorted(export.findings.faulty.items()):
        unread = set(lines) - read
        read |= unread
        counts[f"faulty {code}"] = len(unread)
    return +counts


def find_stopping(
    exports: Sequence[Export], reports: Sequence[Findings], *, draft: bool
) -> tuple[list[Problem], Counter[str]]:
    """The problems that stop a run, and their number by code.

    A draft isn't stopped by faults of rows, unless most rows of a file have one; a web analytics
    report has totals, from which no row can be taken away.
    """
    problems: list[Problem] = []
    counts: Counter[str] = Counter()
    of_files = [_drop_row_faults(export) if draft else export.findings for export in exports]
    for findings in (*of_files, *reports):
        problems += findings.problems
        counts += findings.counted
    return problems, counts


def _drop_row_faults(export: Export) -> Findings:
    """The findings of a file without faults of rows; many of these are a problem of the file."""
    findings = export.findings
    if export.table is None:
        return findings
    faulty = {code: set(lines) for code, lines in findings.faulty.items()}
    problems = [each for each in findings.problems if each.line not in faulty.get(each.code, ())]
    of_rows = Counter({code: len(lines) for code, lines in findings.faulty.items()})
    counts = findings.counted - of_rows
    lines = set().union(*faulty.values())
    if len(lines) > MOST_FAULTY * export.read:
        code = max(sorted(faulty), key=lambda code: len(faulty[code]))
        what = f"{len(lines)} of {export.read} rows have a fault, too many to leave out"
        step = "see that it is the right file, and that the layout says how it is written"
        problems.append(Problem(export.file, 0, "", code, what, next_step=step))
        counts[code] += 1
    return Findings(export.file, problems, counts)


def check_files(edition: Edition, exports: Sequence[Export]) -> Iterator[Problem]:
    """A problem for each file with fewer rows than its total (B10), or with more (B70).

    Blank rows, repeated headers, total rows and footers don't count as rows of the system. Rows
    that corrections leave out do.
    """
    for place, total in enumerate(edition.control_totals):
        for export in exports:
            is_named = total.file is not None and f"/{export.file}".endswith(f"/{total.file}")
            if not is_named or export.table is None:
                continue
            excluded = export.findings.excluded
            rows = export.read - excluded.total() + excluded[LEFT_OUT] + excluded[HANGS]
            if rows != total.rows:
                code = "B10" if rows < total.rows else "B70"
                yield _make_total_problem(edition, place, code, file=export.file, rows=rows)


def check_tables(
    edition: Edition,
    tables: Mapping[str, Table],
    files: Mapping[str, str],
    lists: Mapping[str, CodeList],
) -> Iterator[Problem]:
    """A problem for each table, or part of one, whose rows aren't as many as its total (B70).

    A draft, which leaves rows out, isn't checked.
    """
    for place, total in enumerate(edition.control_totals):
        if total.table is None or edition.draft:
            continue
        table = tables[total.table]
        counted = np.ones(len(table), dtype=np.bool_)
        for name, labels in total.where.items():
            owner = table.owner(name)
            assert owner is not None  # noqa: S101 - names were checked before
            codes = {code for label in labels for code in lists[name].expand(label)}
            counted &= table.down(mask_rows(owner.frame, name, codes), owner).astype(np.bool_)
        if total.month is not None:
            counted &= table.dates().astype("datetime64[M]") == np.datetime64(total.month)
        rows = int(counted.sum())
        if rows != total.rows:
            yield _make_total_problem(edition, place, "B70", file=files[total.table], rows=rows)


def _make_total_problem(
    edition: Edition, place: int, code: str, *, file: str, rows: int
) -> Problem:
    total = edition.control_totals[place]
    described: str = total.table or "rows"
    for name, codes in total.where.items():
        described += f" with {name} {' or '.join(codes)}"
    described += f" in {total.month}" if total.month else ""
    on_day = f", as was seen on {total.seen}" if total.seen else ""
    values = {
        "rows": rows,
        "described": described,
        "total": f"{total.rows}{on_day}",
        "place": f"control_totals.{place} in params/{edition.edition}.yaml",
    }
    return make_problem(code, "total", values, file=file, line=0, column="")
