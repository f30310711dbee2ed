"""Say what stands around the chapters: title, status, notices, help, how to cite, licence."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from helpline_report.parameters.edition import Edition, describe_overrides
from helpline_report.parameters.project import what_if
from helpline_report.parameters.values import Translated, remove_marks
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication

HELP = ("what", "hours", "cost", "closed", "youth", "emergency", "website")
# The texts of licences by SPDX identifier; another one says its own address in the parameters.
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


@dataclass(frozen=True)
class Front:
    """The words around the chapters, for the page, the PDF and the open data alike.

    `version` is that of the program, `content_version` and `standing` are the edition's;
    `warnings` is what nobody may overlook.
    """

    language: str
    region: str
    title: str
    full_title: str
    year: str
    shown_year: str
    period: str
    helpline: str
    full_name: str
    publisher: str
    licence: str
    licence_url: str
    decision: str
    description: str
    keywords: tuple[str, ...]
    reference: str
    phone: str
    help: tuple[str, ...]
    draft: bool
    notices: tuple[str, ...]
    mark: str
    approval: str
    warning: str
    warnings: tuple[str, ...]
    folio: str
    version: str
    content_version: str
    standing: str
    portal: bool


def front_of(words: EditionWords) -> Front:
    """The words around the chapters of a publication."""
    publication = words.publication
    edition, title, year = publication.edition, publication.title, publication.edition.year
    publisher = capital(words.translated(edition.publisher.name))
    full_name = f"{edition.helpline.name}, {words.translated(edition.helpline.full_name)}"
    facts, marked = _facts(words), mark(words)
    key = "cite.reference_marked" if marked else "cite.reference"
    synthetic = (words.say("page.synthetic"),) if publication.synthetic else ()
    unfinished = f"{warning(words)}." if warning(words) else words.say("page.draft_notice")
    standing = marked or words.say("colophon.final")
    version = version_of(publication)
    return Front(
        language=publication.language,
        region=edition.locale.partition("_")[2].lower(),
        title=title,
        full_title=f"{full_name}: {title}",
        year=year,
        shown_year="" if year in title else year,
        period=words.days(edition.period.start, edition.period.end),
        helpline=edition.helpline.name,
        full_name=full_name,
        publisher=publisher,
        licence=edition.publisher.licence,
        licence_url=licence_url(edition),
        decision=_decision(words),
        description=words.say("page.description", title=title, name=full_name),
        keywords=tuple(words.say("page.keywords").split(", ")),
        reference=words.say(key, publisher=publisher, title=title, name=full_name, mark=marked),
        phone=facts.get("phone", ""),
        help=tuple(_help(facts, words)),
        draft=publication.draft,
        notices=(*status_notices(words), *synthetic),
        mark=marked,
        approval=approval(words),
        warning=warning(words),
        warnings=(*([unfinished] if warning(words) or publication.draft else []), *synthetic),
        folio=words.say("page.number", number="{number}", total="{total}"),
        version=publication.version,
        content_version=version,
        standing=words.say("colophon.version_text", version=version, standing=standing),
        portal=edition.publisher.url is not None,
    )


def _facts(words: EditionWords) -> dict[str, str]:
    """The facts of the parameters as text, with the helpline's own names."""
    edition = words.publication.edition
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


def _help(facts: dict[str, str], words: EditionWords) -> list[str]:
    """The sentences for a reader who came for help, as far as the facts are known."""
    sentences = []
    for key in HELP:
        try:
            sentences.append(words.say(f"help.{key}", **facts))
        except KeyError:
            continue
    return sentences


def _decision(words: EditionWords) -> str:
    """Who decided what may be published, and why; empty where nobody had to."""
    decided = words.publication.edition.disclosure
    if decided is None:
        return ""
    return words.say(
        "cite.decision_text",
        threshold=str(decided.threshold),
        who=decided.decided_by,
        day=words.day(decided.decided_on),
        reason=words.translated(decided.reason),
    )


def warning(words: EditionWords) -> str:
    """What every page of a what-if or a draft says; empty for an edition.

    Of a what-if this is what was set, of a draft how many rows are left out.
    """
    publication, ledger = words.publication, words.ledger
    parts = []
    if overrides := what_if(describe_overrides(ledger.overrides)):
        parts.append(words.say("page.what_if", overrides=", ".join(overrides)))
    if ledger.draft:
        text = _left_out(words)
        confidential = not publication.edition.published
        parts.append(words.say("page.confidential", told=text) if confidential else text)
    return capital("; ".join(parts))


def _left_out(words: EditionWords) -> str:
    rows = words.ledger.rows_with_faults
    belonging = words.ledger.rows_left_out - rows
    count, more = (words.number(number, "count") for number in (rows, belonging))
    text = words.say(f"page.left_out_{_amount(rows)}", count=count)
    if rows and belonging:
        text = words.say(f"page.left_out_belong_{_amount(belonging)}", told=text, count=more)
    return text


def _amount(rows: int) -> str:
    return "none" if not rows else "one" if rows == 1 else "more"


def mark(words: EditionWords) -> str:
    """The word beside the title: draft or provisional; nothing once it is final."""
    signed = words.publication.signed
    if what_if(words.ledger.overrides):
        return words.say("page.what_if_mark")
    if signed is None:
        return words.say("page.draft")
    return words.say("page.provisional") if signed.status == "provisional" else ""


def status_notices(words: EditionWords) -> tuple[str, ...]:
    """What the front of an edition says of how it stands, a sentence or two each."""
    signed, ledger = words.publication.signed, words.ledger
    if signed is None and what_if(ledger.overrides):
        return (f"{warning(words)}.", words.say("page.what_if_notice"))
    if signed is None and ledger.draft:
        key = "page.left_out_notice" if ledger.rows_left_out else "page.left_out_none_notice"
        return (f"{warning(words)}.", words.say(key))
    if signed is None:
        return (words.say("page.draft_notice"),)
    notices = [words.say("page.provisional_notice")] if signed.status == "provisional" else []
    if signed.embargo is not None:
        notices.append(words.say("page.embargo", day=words.day(signed.embargo)))
    return tuple(notices)


def approval(words: EditionWords) -> str:
    """Who approved it, and when; empty where nobody did."""
    signed = words.publication.signed
    if signed is None:
        return ""
    day = words.day(signed.date)
    return words.say(f"cite.approved_{signed.status}", name=signed.name, role=signed.role, day=day)


def version_of(publication: Publication) -> str:
    """The version of an edition: the beginning of the number of its content."""
    return publication.content[:12]


def published_on(publication: Publication) -> dt.date | None:
    """The day an edition came out, by its parameters or by its approval; None for a draft."""
    if publication.signed is None:
        return None
    return publication.edition.publisher.published_on or publication.signed.date


def licence_url(edition: Edition) -> str:
    """Where the text of the licence stands; empty where nobody says it."""
    publisher = edition.publisher
    return publisher.licence_url or LICENCES.get(publisher.licence, "")
