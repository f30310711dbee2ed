"""What was published otherwise: the acknowledged revisions, for the chapter on data quality."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from helpline_report.figures.printed import Reconciled
from helpline_report.figures.revisions import known, revised
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.publication import Publication
from helpline_report.report.reconciled import as_published
from helpline_report.report.views import Term
from helpline_report.report.words import EditionWords

NAMED = 3


def revised_terms(publication: Publication, words: EditionWords) -> Iterator[Term]:
    """A term for each report that said otherwise: which numbers, and the reasons that are known.

    All of them stand in the reconciliation; here the first few, with both their values.
    """
    found = revised(publication.reconciled)
    for source in dict.fromkeys(item.printed.source for item in found):
        items = [item for item in found if item.printed.source == source]
        told = [_both(item, publication, words) for item in items[:NAMED]]
        if len(items) > NAMED:
            told.append(words.say("quality.revised_more"))
        reasons = _reasons(items, publication, words, among=len(found))
        yield Term(words.say("quality.revised", source=source), " ".join((*told, *reasons)))


def _both(item: Reconciled, publication: Publication, words: EditionWords) -> str:
    figure = publication.ledger.figures.get(item.held)
    name = capital(words.name(figure)) if figure else item.printed.id
    computed = words.value(figure) if figure else item.computed
    printed = as_published(item, figure, words)
    return words.say("quality.revised_text", name=name, printed=printed, computed=computed)


def _reasons(
    items: Sequence[Reconciled], publication: Publication, words: EditionWords, *, among: int
) -> Iterator[str]:
    entries = (known(item, publication.edition, among) for item in items)
    notes = [words.translated(entry.reason).strip().rstrip(".") for entry in entries if entry]
    for note in dict.fromkeys(notes):
        yield words.say("quality.revised_why", reason=note)
