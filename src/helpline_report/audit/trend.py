"""What the audit says of totals that others printed: their source, and that nobody counted them."""

from __future__ import annotations

from dataclasses import dataclass

from helpline_report.audit.words import AuditWords
from helpline_report.report.publication import Publication
from helpline_report.report.trend import standing

TREND = "trend.html"


@dataclass(frozen=True)
class PointTrace:
    """One printed total: what it says, how it stands, and who printed it."""

    id: str
    noun: str
    title: str
    value: str
    standing: str
    source: str
    address: str


def trend_traces(publication: Publication, words: AuditWords) -> tuple[PointTrace, ...]:
    """Every printed total of other years, in the order of its file."""
    shown = publication.ledger.trend
    return tuple(
        PointTrace(
            id=point.id,
            noun=point.noun,
            title=words.say(f"trend.{point.noun}", year=str(point.year)),
            value=words.count(point.value),
            standing=words.capital(standing(point, words.edition)),
            source=point.source,
            address=point.address,
        )
        for point in (shown.points if shown is not None else ())
    )
