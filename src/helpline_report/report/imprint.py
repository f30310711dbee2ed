"""What an edition says of itself wherever a part of it may stand alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from helpline_report.parameters.edition import Edition
from helpline_report.report.front import front_of
from helpline_report.report.publication import Publication
from helpline_report.report.standing import mark
from helpline_report.report.words import EditionWords

# The texts of licences by SPDX identifier; another one says its own address in the parameters.
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


@dataclass(frozen=True)
class Imprint:
    """Reference, period, version and licence in words, and what nobody may overlook."""

    reference: str
    period: str
    version: str
    licence: str
    warnings: tuple[str, ...]


def imprint_of(publication: Publication, words: EditionWords) -> Imprint:
    """What each part of an edition says of it."""
    front = front_of(publication, words)
    period = publication.edition.period
    warnings = [f"{front.warning}."] if front.warning else []
    if publication.draft and not warnings:
        warnings.append(words.say("page.draft_notice"))
    if publication.synthetic:
        warnings.append(words.say("page.synthetic"))
    return Imprint(
        reference=front.reference,
        period=words.days(period.start, period.end),
        version=version_in_words(publication, words),
        licence=front.licence,
        warnings=tuple(warnings),
    )


def version_of(publication: Publication) -> str:
    """The version of an edition: the beginning of the number of its content."""
    return publication.content[:12]


def version_in_words(publication: Publication, words: EditionWords) -> str:
    """The version and how it stands."""
    standing = mark(publication, words) or words.say("colophon.final")
    return words.say("colophon.version_text", version=version_of(publication), standing=standing)


def published_on(publication: Publication) -> dt.date | None:
    """The day an edition came out, by its parameters or by its approval; None for a draft."""
    declared = publication.edition.publisher.published_on
    if publication.signed is None:
        return None
    return declared or publication.signed.date


def licence_url(edition: Edition) -> str:
    """Where the text of the licence stands; empty where nobody says it."""
    publisher = edition.publisher
    return publisher.licence_url or LICENCES.get(publisher.licence, "")
