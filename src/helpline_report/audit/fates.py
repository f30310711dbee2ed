"""In which files rows were left out or repaired, for each reason: what the totals are sums of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from helpline_report.audit.words import AuditWords
from helpline_report.exports.fates import fate_words
from helpline_report.figures.ledger import Quality
from helpline_report.report.publication import Publication
from helpline_report.report.quality_parts import fate_anchor

FATES = ("excluded", "repaired")


@dataclass(frozen=True)
class FateLine:
    """The rows of an edition with one fate for one reason; `sum` has the rows of each file."""

    id: str
    reason: str
    fate: str
    edition: str
    rows: str
    sum: str


def fate_lines(publication: Publication, words: AuditWords) -> tuple[FateLine, ...]:
    """A line for each fate, reason and edition, in the order of the page."""
    return tuple(
        _line(quality, (fate, code, edition), words)
        for quality in publication.ledger.quality.values()
        for fate in FATES
        for code in sorted(_codes(quality, fate))
        for edition in dict.fromkeys(file.edition for file in quality.files)
    )


def _codes(quality: Quality, fate: str) -> set[str]:
    return {item.code for file in quality.files for item in file.fates if item.fate == fate}


def _line(quality: Quality, about: tuple[str, str, str], words: AuditWords) -> FateLine:
    fate, code, edition = about
    found = list(_rows(quality, about))
    return FateLine(
        id=fate_anchor(*about),
        reason=words.capital(fate_words(code, words.edition.language)),
        fate=words.say(f"fate.{fate}"),
        edition=edition,
        rows=words.count(sum(rows for _, rows in found)),
        sum=" + ".join(f"{words.count(rows)} ({file})" for file, rows in found),
    )


def _rows(quality: Quality, about: tuple[str, str, str]) -> Iterator[tuple[str, int]]:
    """The files that had such rows, and how many."""
    fate, code, edition = about
    for file in quality.files:
        for item in file.fates:
            if (item.fate, item.code, file.edition) == (fate, code, edition):
                yield file.file, item.rows
