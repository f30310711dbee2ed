"""Give a verdict on claims of printed reports that no printed figure carries."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.reconciliation import refute_rise
from helpline_report.figures.printed import JudgedClaim, Verdict
from helpline_report.parameters.edition import PrintedClaim
from helpline_report.prose.writer import Writer
from helpline_report.report.open_data import ROWS, SYNTHETIC

COLUMNS = ("id", "printed", "verdict", "reason", "figure", "section", "source")


def judge_claims(claims: Sequence[PrintedClaim], writer: Writer) -> tuple[JudgedClaim, ...]:
    """Each claim of the parameters with its verdict: by a ratio, or by the totals printed since."""
    words = AuditWords(writer)
    return tuple(_judge(claim, words) for claim in claims)


def _judge(claim: PrintedClaim, words: AuditWords) -> JudgedClaim:
    since = claim.since is not None
    verdict, reason = _judge_since(claim, words) if since else _judge_ratio(claim, words)
    return JudgedClaim(
        id=claim.id,
        printed=claim.text,
        section=claim.section,
        source=claim.source,
        figure=claim.figure or "",
        verdict=verdict,
        reason=reason,
    )


def _judge_ratio(claim: PrintedClaim, words: AuditWords) -> tuple[Verdict, str]:
    """A rise, held against the interval of a ratio and against the breaks between its sides."""
    figure = words.writer.ledger.figures.get(claim.figure or "")
    if figure is None or figure.reason is not None:
        return "not_computable", words.say("reason.unknown")
    breaks = "; ".join(words.writer.break_note(name).rstrip(".") for name in figure.breaks)
    rises = figure.interval is not None and figure.interval.low > 1
    if rises and breaks:
        return "not_comparable", words.say("reason.not_comparable", clause=breaks)
    definition = words.writer.definition(figure)
    if rises:
        return "agrees", words.say("reason.claim_agrees", definition=definition)
    what = words.say("reason.claim_held", definition=definition)
    return "not_supported", f"{refute_rise(figure, words)} {what}"


def _judge_since(claim: PrintedClaim, words: AuditWords) -> tuple[Verdict, str]:
    """A rise since a year of which only printed totals are known, with breaks after it."""
    trend = words.writer.ledger.trend
    points = [item for item in (trend.points if trend else ()) if item.year == claim.since]
    edition = words.writer.edition.period.end
    later = [item for item in (trend.breaks if trend else ()) if item.date <= edition]
    breaks = [item for item in later if item.date.year > (claim.since or 0)]
    if not points or not breaks:
        return "not_computable", words.say("reason.unknown")
    totals = "; ".join(words.count(point.value) for point in points)
    language = words.writer.language
    clauses = "; ".join(item.note.in_language(language).rstrip(".") for item in breaks)
    year = str(claim.since)
    return "not_comparable", words.say(
        "reason.claim_since", year=year, totals=totals, clauses=clauses
    )


def write_claims(claims: Sequence[JudgedClaim], path: Path, *, synthetic: bool = False) -> None:
    """Write a line a claim, in their order, as comma-separated UTF-8.

    A last column says of `synthetic` rows that they are.
    """
    mark = {ROWS: SYNTHETIC} if synthetic else {}
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, (*COLUMNS, *mark), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**claim.model_dump(), **mark} for claim in claims)
    path.write_text(text.getvalue(), encoding="utf-8", newline="\n")
