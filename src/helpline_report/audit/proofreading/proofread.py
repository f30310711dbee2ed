"""Proofread a report: read the file, make every statement anew, keep what doesn't fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from helpline_report.audit.proofreading.against_ledger import against_ledger, is_ours
from helpline_report.audit.proofreading.beside_page import own_page
from helpline_report.audit.proofreading.blocks import document_of
from helpline_report.audit.proofreading.breakdown import breakdown
from helpline_report.audit.proofreading.document import Document
from helpline_report.audit.proofreading.enumeration import enumeration
from helpline_report.audit.proofreading.evidence import Evidence, read_evidence
from helpline_report.audit.proofreading.files import decoded, is_html, lines_of, read_bytes
from helpline_report.audit.proofreading.findings import Finding, Outcome, Outcomes, found
from helpline_report.audit.proofreading.granularity import granularity
from helpline_report.audit.proofreading.growth import growth
from helpline_report.audit.proofreading.markup import parse
from helpline_report.audit.proofreading.means import means
from helpline_report.audit.proofreading.page import document_of_page
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
    """Proofread one file: a text, a PDF or a page; a page of ours also against its ledger.

    Raises:
        UserError: it can't be read as a report, or a page of ours stands without its ledger.
    """
    content = read_bytes(path)
    if not is_html(content):
        return proof_of(document_of(lines_of(content, path.name)))
    root = parse(decoded(content, path.name))
    more = against_ledger(own_page(root, path)) if is_ours(root) else ()
    return proof_of(document_of_page(root), more)


def proof_of(document: Document, more: Iterable[Outcome] = ()) -> Proof:
    """Proofread a document that was read; `more` are outcomes of other checks."""
    evidence = read_evidence(document)
    outcomes = [outcome for check in CHECKS for outcome in check(evidence)]
    findings, statements = found([*more, *outcomes])
    rows = [row for table in document.tables for row in (*table.rows, table.total) if row]
    cells = sum(1 for row in rows for cell in row.cells if cell is not None)
    return Proof(tuple(findings), len(evidence.mentions) + cells, statements)
