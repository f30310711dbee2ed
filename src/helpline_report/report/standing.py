"""How an edition stands: a draft until somebody signs for it, then provisional or final."""

from __future__ import annotations

from helpline_report.report.drafted import notices
from helpline_report.report.publication import Publication
from helpline_report.report.words import EditionWords


def mark(publication: Publication, words: EditionWords) -> str:
    """The word beside the title: draft or provisional; nothing once it is final."""
    signed = publication.signed
    if signed is None:
        return words.say("page.draft")
    return words.say("page.provisional") if signed.status == "provisional" else ""


def standing(publication: Publication, words: EditionWords) -> tuple[str, ...]:
    """What the front of an edition says of how it stands, a sentence or two each."""
    signed = publication.signed
    if signed is None:
        return notices(publication, words)
    found = [words.say("page.provisional_notice")] if signed.status == "provisional" else []
    if signed.embargo is not None:
        found.append(words.say("page.embargo", day=words.day(signed.embargo)))
    return tuple(found)


def approval(publication: Publication, words: EditionWords) -> str:
    """Who approved it, and when; empty where nobody did."""
    signed = publication.signed
    if signed is None:
        return ""
    day = words.day(signed.date)
    return words.say(f"cite.approved_{signed.status}", name=signed.name, role=signed.role, day=day)
