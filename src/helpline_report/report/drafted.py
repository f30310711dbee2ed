"""How a draft is told apart from an edition that only isn't released yet: in strong words."""

from __future__ import annotations

from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.publication import Publication
from helpline_report.report.words import EditionWords


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
