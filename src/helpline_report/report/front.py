"""What stands around the chapters: title, notices, headline figures, help, how to cite."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from helpline_report.figures.ledger import Reference
from helpline_report.parameters.values import Translated, remove_marks
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication
from helpline_report.report.status import approval, mark, standing, warning
from helpline_report.report.views import HighlightsView

HELP = ("what", "hours", "cost", "closed", "youth", "emergency", "website")


@dataclass(frozen=True)
class Front:
    """The words around the chapters, for the page and the PDF alike."""

    language: str
    region: str
    title: str
    full_title: str
    year: str
    shown_year: str
    helpline: str
    full_name: str
    publisher: str
    licence: str
    decision: str
    description: str
    keywords: tuple[str, ...]
    reference: str
    phone: str
    help: tuple[str, ...]
    draft: bool
    synthetic: bool
    notices: tuple[str, ...]
    mark: str
    approval: str
    warning: str
    folio: str
    version: str
    portal: bool


def front_of(publication: Publication, words: EditionWords) -> Front:
    """The words around the chapters of a publication."""
    edition, title, year = publication.edition, publication.title, publication.edition.year
    publisher = words.translated(edition.publisher.name)
    full_name = f"{edition.helpline.name}, {words.translated(edition.helpline.full_name)}"
    return Front(
        language=publication.language,
        region=edition.locale.partition("_")[2].lower(),
        title=title,
        full_title=f"{full_name}: {title}",
        year=year,
        shown_year="" if year in title else year,
        helpline=edition.helpline.name,
        full_name=full_name,
        publisher=capital(publisher),
        licence=edition.publisher.licence,
        decision=_decision(publication, words),
        description=words.say("page.description", title=title, name=full_name),
        keywords=tuple(words.say("page.keywords").split(", ")),
        reference=_reference(publication, words, capital(publisher), full_name),
        phone=_facts(publication, words).get("phone", ""),
        help=_help(publication, words),
        draft=publication.draft,
        synthetic=publication.synthetic,
        notices=_notices(publication, words),
        mark=mark(publication, words),
        approval=approval(publication, words),
        warning=warning(publication, words),
        folio=words.say("page.number", number="{number}", total="{total}"),
        version=publication.version,
        portal=edition.publisher.url is not None,
    )


def _reference(publication: Publication, words: EditionWords, publisher: str, name: str) -> str:
    marked = mark(publication, words)
    key = "cite.reference_marked" if marked else "cite.reference"
    title = publication.title
    return words.say(key, publisher=publisher, title=title, name=name, mark=marked)


def _notices(publication: Publication, words: EditionWords) -> tuple[str, ...]:
    found = standing(publication, words)
    return (*found, *([words.say("page.synthetic")] if publication.synthetic else []))


def _facts(publication: Publication, words: EditionWords) -> dict[str, str]:
    """The facts of the parameters as text, with the helpline's own names."""
    edition = publication.edition
    facts = {
        "name": edition.helpline.name,
        "full_name": words.translated(edition.helpline.full_name),
        "website": edition.helpline.website,
    }
    for name, value in edition.facts.items():
        if isinstance(value, Translated):
            facts[name] = words.translated(value)
        else:
            facts[name] = words.day(value) if isinstance(value, dt.date) else remove_marks(value)
    return facts


def _help(publication: Publication, words: EditionWords) -> tuple[str, ...]:
    """The sentences for a reader who came for help, as far as the facts are known."""
    facts = _facts(publication, words)
    sentences = []
    for key in HELP:
        try:
            sentences.append(words.say(f"help.{key}", **facts))
        except KeyError:
            continue
    return tuple(sentences)


def _decision(publication: Publication, words: EditionWords) -> str:
    """Who decided what may be published, and why; empty where nobody had to."""
    decided = publication.edition.disclosure
    if decided is None:
        return ""
    return words.say(
        "cite.decision_text",
        threshold=str(decided.threshold),
        who=decided.decided_by,
        day=words.day(decided.decided_on),
        reason=words.translated(decided.reason),
    )


def cover_highlights(publication: Publication, parts: Parts) -> HighlightsView | None:
    """The headline figures of the first chapter that has any."""
    for chapter in publication.ledger.chapters:
        for cell in chapter.cells:
            for reference in cell.shows:
                if reference.kind == "highlights":
                    return _highlights(reference, parts)
    return None


def _highlights(reference: Reference, parts: Parts) -> HighlightsView | None:
    found = parts.of(reference)[0]
    return found if isinstance(found, HighlightsView) else None
