"""Settle what would stop a run against what the parameters acknowledge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from helpline_report.errors import Problem
from helpline_report.exports.findings import Findings, ToAcknowledge
from helpline_report.parameters.acknowledging import acknowledging, entries_about, is_about, line
from helpline_report.parameters.called import called_ledger
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.known import Acknowledged
from helpline_report.tables.dataset import AcknowledgedFault, WaitingFault

MOST_LINES = 10


@dataclass
class Settled:
    """What is known, and what isn't: problems, and the lines that would say that it is known."""

    known: list[AcknowledgedFault] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    waiting: list[WaitingFault] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def settle(files: Iterable[Findings], edition: Edition) -> Settled:
    """Note in its file what the parameters acknowledge; the rest becomes problems."""
    settled = Settled()
    for findings in files:
        for item in findings.to_acknowledge:
            file, about, rows = findings.file, item.column, item.rows
            entry = acknowledging(edition, code=item.code, file=file, about=about, rows=rows)
            if entry is not None:
                findings.noted[item.code] += rows
                settled.known.append(AcknowledgedFault(item.code, entry.reason, file, rows, about))
                continue
            settled.problems.append(_problem(edition, findings, item))
            settled.lines.append(line(item.code, file=file, about=about, rows=rows))
            settled.waiting.append(WaitingFault(item.code, file, rows, about))
    return settled


def superfluous(edition: Edition, known: Iterable[AcknowledgedFault]) -> list[Acknowledged]:
    """The entries of the parameters that speak of nothing that there is.

    What they say of last year's ledger is held against figures, and there are none yet.
    """
    faults = list(known)
    ledger = called_ledger(edition.comparison) if edition.comparison else ""
    return [
        entry
        for entry in edition.acknowledged
        if entry.file != ledger
        and not any(
            is_about(entry, code=item.code, file=item.file, about=item.about) for item in faults
        )
    ]


def _problem(edition: Edition, findings: Findings, item: ToAcknowledge) -> Problem:
    entries = entries_about(edition, code=item.code, file=findings.file, about=item.column)
    rows = [entry.rows or 0 for entry in entries]
    fewer = f"; {max(rows)} of them acknowledged" if rows else ""
    first = item.lines[0] if item.lines else 0
    return Problem(
        findings.file,
        first,
        item.column,
        item.code,
        f"{item.rows} {item.what}{_on_lines(item)}{fewer}",
        next_step=item.next_step,
        cell=findings.cell(first, item.column) if findings.cell and first else "",
    )


def _on_lines(item: ToAcknowledge) -> str:
    if len(item.lines) <= 1:
        return ""
    numbers = ", ".join(str(number) for number in item.lines[:MOST_LINES])
    more = item.rows - min(len(item.lines), MOST_LINES)
    return f" (lines {numbers}{f' and {more} more' if more > 0 else ''})"
