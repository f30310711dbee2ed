"""How do we know? Each check of an edition with its result, for who signs it and who asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from helpline_report.audit.audit_words import AuditWords
from helpline_report.figures.printed import Verdict
from helpline_report.report.publication import Publication

# The verdicts that find nothing wrong, neither with the print nor with this edition.
AGREE: tuple[Verdict, ...] = ("agrees", "agrees_rounded")


@dataclass(frozen=True)
class Evidence:
    """One check: what was asked, over how much it went, and what came out."""

    name: str
    question: str
    how: str
    result: str


def evidence(publication: Publication, words: AuditWords) -> tuple[Evidence, ...]:
    """The checks of an edition, in the order in which they were made."""
    return tuple(_evidence(publication, words))


def _evidence(publication: Publication, words: AuditWords) -> Iterator[Evidence]:
    ledger = publication.ledger
    yield _told("rows", words, _rows(publication, words))
    for check in ledger.checks:
        result = words.say(f"evidence.{check.name}_of", of=words.count(check.of))
        yield _told(check.name, words, result)
    if publication.reconciled:
        yield _told("reconciliation", words, _reconciled(publication, words))
    without = len([figure for figure in ledger.figures.values() if figure.value is None])
    figures = words.count(len(ledger.figures))
    result = words.say("evidence.without_value", figures=figures, without=words.count(without))
    yield _told("values", words, result)


def _told(name: str, words: AuditWords, result: str) -> Evidence:
    return Evidence(name, words.say(f"evidence.{name}"), words.say(f"evidence.{name}_how"), result)


def _rows(publication: Publication, words: AuditWords) -> str:
    """Rows read, and the files that they stand in: each once, whatever tables it feeds."""
    files = {
        (source.edition, source.file): source.rows
        for source in publication.ledger.sources
        if source.table not in ("corrections", "ledger")
    }
    rows, count = words.count(sum(files.values())), words.count(len(files))
    return words.say("evidence.rows_of", rows=rows, files=count)


def _reconciled(publication: Publication, words: AuditWords) -> str:
    found = Counter(item.verdict for item in publication.reconciled)
    total = sum(found.values())
    agree = sum(found[verdict] for verdict in AGREE)
    others = "; ".join(
        f"{words.say(f'verdict.{verdict}')} ({words.count(number)})"
        for verdict, number in found.items()
        if verdict not in AGREE
    )
    told = words.say(
        "evidence.reconciled", total=words.count(total), agree=words.count(agree), others=others
    )
    return told if others else words.say("evidence.reconciled_all", total=words.count(total))
