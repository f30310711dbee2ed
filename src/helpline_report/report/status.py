"""How an edition stands, in words: a draft, provisional or final, and what a draft leaves out."""

from __future__ import annotations

from helpline_report.parameters.edition import describe_overrides
from helpline_report.parameters.project import what_if
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication


def warning(publication: Publication, words: EditionWords) -> str:
    """What every page of a what-if or a draft says; empty for an edition.

    Of a what-if this is what was set, of a draft how many rows are left out.
    """
    if publication.unreleased:
        return words.say("page.unreleased")
    parts = []
    if overrides := what_if(describe_overrides(publication.ledger.overrides)):
        parts.append(words.say("page.what_if", overrides=", ".join(overrides)))
    if publication.ledger.draft:
        text = _left_out(publication, words)
        confidential = not publication.edition.published
        parts.append(words.say("page.confidential", told=text) if confidential else text)
    return capital("; ".join(parts))


def _left_out(publication: Publication, words: EditionWords) -> str:
    ledger = publication.ledger
    rows = ledger.rows_with_faults
    if not rows:
        return words.say("page.left_out_none")
    belonging = ledger.rows_left_out - rows
    count, more = (words.number(number, "count") for number in (rows, belonging))
    one = rows == 1
    told = words.say("page.left_out_one") if one else words.say("page.left_out_more", count=count)
    if belonging == 1:
        told = words.say("page.left_out_belong_one", told=told)
    elif belonging:
        told = words.say("page.left_out_belong_more", told=told, count=more)
    return told


def notices(publication: Publication, words: EditionWords) -> tuple[str, ...]:
    """What the front of an edition says before it is released, or of a draft."""
    ledger = publication.ledger
    if what_if(ledger.overrides):
        return (f"{warning(publication, words)}.", words.say("page.what_if_notice"))
    if not ledger.draft:
        return (words.say("page.draft_notice"),)
    key = "page.left_out_notice" if ledger.rows_left_out else "page.left_out_none_notice"
    return (f"{warning(publication, words)}.", words.say(key))


def mark(publication: Publication, words: EditionWords) -> str:
    """The word beside the title: draft or provisional; nothing once it is final."""
    signed = publication.signed
    if what_if(publication.ledger.overrides):
        return words.say("page.what_if_mark")
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
