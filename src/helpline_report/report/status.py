"""How an edition stands, in words: a draft, provisional or final, and what a draft leaves out."""

from __future__ import annotations

from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication


def warning(publication: Publication, words: EditionWords) -> str:
    """What every page of a draft says, with how many rows are left out; empty for no draft."""
    if publication.unreleased:
        return words.say("page.unreleased")
    if not publication.ledger.draft:
        return ""
    text = _left_out(publication, words)
    if not publication.edition.published:
        text = words.say("page.confidential", told=text)
    return capital(text)


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
    if not ledger.draft:
        return (words.say("page.draft_notice"),)
    key = "page.left_out_notice" if ledger.rows_left_out else "page.left_out_none_notice"
    return (f"{warning(publication, words)}.", words.say(key))


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
