"""Proofread a report: read the file, make every statement anew, keep what doesn't fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from helpline_report.audit.proofreading.blocks import document_of
from helpline_report.audit.proofreading.breakdown import breakdown
from helpline_report.audit.proofreading.document import Document
from helpline_report.audit.proofreading.enumeration import enumeration
from helpline_report.audit.proofreading.evidence import Evidence, read_evidence
from helpline_report.audit.proofreading.files import lines_of, read_bytes
from helpline_report.audit.proofreading.findings import Finding, Outcomes, found
from helpline_report.audit.proofreading.granularity import granularity
from helpline_report.audit.proofreading.growth import growth
from helpline_report.audit.proofreading.means import means
from helpline_report.audit.proofreading.periods import periods
from helpline_report.audit.proofreading.shares import shares
from helpline_report.audit.proofreading.table_shares import table_shares
from helpline_report.audit.proofreading.table_sums import table_sums

CHECKS: tuple[Callable[[Evidence], Outcomes], ...] = (
    growth,
    shares,
    granularity,
    table_shares,
    breakdown,
    means,
    periods,
    enumeration,
    table_sums,
)


@dataclass(frozen=True)
class Proof:
    """What came of proofreading: the findings, and how much was read and made anew."""

    findings: tuple[Finding, ...]
    numbers: int
    statements: int


def proofread(path: Path) -> Proof:
    """Proofread one file.

    Raises:
        UserError: it can't be read as a report.
    """
    return proof_of(document_of(lines_of(read_bytes(path), path.name)))


def proof_of(document: Document) -> Proof:
    """Proofread a document that was read."""
    evidence = read_evidence(document)
    findings, statements = found(outcome for check in CHECKS for outcome in check(evidence))
    cells = (cell for table in document.tables for row in table.rows for cell in row.cells)
    totals = (cell for table in document.tables if table.total for cell in table.total.cells)
    numbers = len(evidence.mentions) + sum(1 for cell in (*cells, *totals) if cell is not None)
    return Proof(tuple(findings), numbers, statements)
