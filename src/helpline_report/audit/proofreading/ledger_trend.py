"""The totals of other years on our own page: printed by others, and held to the ledger as such."""

from __future__ import annotations

from helpline_report.figures.ledger import Ledger
from helpline_report.prose.numbers import Idiom, number

NL = Idiom("nl", "nl_BE")
PREFIX = "trend."

Texts = tuple[str | None, ...]


def trend_rows(name: str, ledger: Ledger) -> list[Texts] | None:
    """The cells of the table of a trend: its value, nothing of how it stands, and its source."""
    if ledger.trend is None or not name.startswith(PREFIX):
        return None
    noun = name.removeprefix(PREFIX)
    points = [point for point in ledger.trend.points if point.noun == noun]
    ordered = sorted(points, key=lambda point: point.year)
    return [(number(NL, point.value, 0), None, point.source) for point in ordered] or None


def trend_facts(ledger: Ledger) -> tuple[str, ...]:
    """What the notes of a trend may say: its years, its values, its sources and its breaks."""
    if ledger.trend is None:
        return ()
    points = ledger.trend.points
    said = {str(point.year) for point in points} | {point.source for point in points}
    said |= {number(NL, point.value, 0) for point in points}
    said |= {item.note.in_language("nl") for item in ledger.trend.breaks}
    return tuple(sorted(said))
