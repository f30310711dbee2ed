"""The colophon and the accessibility statement, and what an edition says of itself elsewhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from jinja2 import Template

from helpline_report.parameters.edition import Accessibility, Edition, Publisher
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.exporters import html_environment
from helpline_report.report.front import front_of
from helpline_report.report.house import logo_address, logo_alternative
from helpline_report.report.page import style_of, whole
from helpline_report.report.publication import Publication
from helpline_report.report.status import mark

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


@dataclass(frozen=True)
class Line:
    """A sentence, or the address that it stands for."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a page: its lines, and what is listed below them."""

    heading: str
    lines: tuple[Line, ...] = ()
    items: tuple[Line, ...] = ()


@dataclass(frozen=True)
class LegalPage:
    """A page without figures."""

    file: str
    title: str
    lead: str
    sections: tuple[Section, ...] = field(default=())


def legal_pages(publication: Publication, words: EditionWords) -> tuple[LegalPage, ...]:
    """The colophon, and the accessibility statement."""
    return colophon(publication, words), statement(publication, words)


def colophon(publication: Publication, words: EditionWords) -> LegalPage:
    """Who answers for the edition, which version it is, and what may be done with it."""
    front, say = front_of(publication, words), words.say
    publisher = publication.edition.publisher
    address = licence_url(publication.edition)
    sections = [
        Section(say("colophon.publisher"), _responsible(publisher, words)),
        Section(say("colophon.edition"), _edition(publication, words)),
        Section(say("cite.licence"), (Line(front.licence, address), Line(say("colophon.reuse")))),
        Section(say("cite.cite"), (Line(front.reference),)),
    ]
    if front.approval:
        sections.append(Section(say("cite.approval"), (Line(front.approval),)))
    if front.decision:
        sections.append(Section(say("cite.decision"), (Line(front.decision),)))
    links = {
        "cite.pdf": "report.pdf",
        "data.workbook": "data/tabellen.xlsx",
        "cite.figures": "data/figures.csv",
        "cite.package": "data/datapackage.json",
        "cite.audit": "audit/index.html",
        "statement.title": "toegankelijkheid.html",
    }
    items = tuple(Line(say(key), href) for key, href in links.items())
    sections.append(Section(say("colophon.made"), (_made_with(publication, words),), items))
    return LegalPage("colofon.html", say("colophon.title"), front.full_title, tuple(sections))


def _responsible(publisher: Publisher, words: EditionWords) -> tuple[Line, ...]:
    who = publisher.responsible or ""
    if publisher.role is not None and who:
        who = f"{who}, {words.translated(publisher.role)}"
    lines = [Line(capital(words.translated(publisher.name)))]
    if who:
        lines.append(Line(words.say("colophon.responsible", name=who)))
    if publisher.address:
        lines.append(Line(words.say("colophon.address", address=publisher.address)))
    return (*lines, *_reach(publisher.email, publisher.phone, words))


def _reach(email: str | None, phone: str | None, words: EditionWords) -> tuple[Line, ...]:
    lines = []
    if email:
        lines.append(Line(words.say("colophon.email", email=email), f"mailto:{email}"))
    if phone:
        lines.append(Line(words.say("colophon.phone", phone=phone)))
    return tuple(lines)


def _edition(publication: Publication, words: EditionWords) -> tuple[Line, ...]:
    say, imprint = words.say, imprint_of(publication, words)
    lines = [
        Line(f"{publication.title}."),
        Line(say("colophon.period", period=imprint.period)),
        Line(say("colophon.version", version=version_in_words(publication, words))),
    ]
    day = published_on(publication)
    if day is not None:
        lines.append(Line(say("colophon.published", day=words.day(day))))
    return (*lines, *map(Line, imprint.warnings))


def _made_with(publication: Publication, words: EditionWords) -> Line:
    made = words.say("cite.version_text", version=publication.version)
    once = publication.ledger.counted_once
    if once:
        number = words.number(once, "count")
        return Line(words.say("colophon.made_with_once", program=made, once=number))
    return Line(words.say("colophon.made_with", program=made))


def statement(publication: Publication, words: EditionWords) -> LegalPage:
    """The accessibility statement, in the order of the European model (2018/1523)."""
    publisher, say = publication.edition.publisher, words.say
    found = publisher.accessibility
    name = words.translated(publisher.name)
    sections = [Section(say("statement.status"), (Line(_status(found, words)),))]
    if found is not None:
        sections += _what_is_known(found, words)
    sections += [
        Section(say("statement.contact"), _contact(publisher, words)),
        Section(say("statement.enforcement"), (Line(_enforcement(found, words)),)),
    ]
    lead = say("statement.lead", publisher=capital(name), title=publication.title)
    return LegalPage("toegankelijkheid.html", say("statement.title"), lead, tuple(sections))


def _status(found: Accessibility | None, words: EditionWords) -> str:
    return words.say(f"statement.{found.conformity if found else 'unknown'}")


def _what_is_known(found: Accessibility, words: EditionWords) -> list[Section]:
    say = words.say
    limits = tuple(Line(words.translated(limit)) for limit in found.limits)
    told = say("statement.limits_text" if limits else "statement.no_limits")
    prepared = say("statement.prepared_text", day=words.day(found.prepared_on))
    return [
        Section(say("statement.limits"), (Line(told),), limits),
        Section(say("statement.prepared"), (Line(prepared), Line(words.translated(found.tested)))),
    ]


def _contact(publisher: Publisher, words: EditionWords) -> tuple[Line, ...]:
    found = publisher.accessibility
    email = (found.email if found else None) or publisher.email
    phone = (found.phone if found else None) or publisher.phone
    lines = [Line(words.say("statement.contact_text"))]
    reach = _reach(email, phone, words)
    if not reach and publisher.address:
        reach = (Line(words.say("colophon.address", address=publisher.address)),)
    return (*lines, *(reach or (Line(words.say("statement.no_contact")),)))


def _enforcement(found: Accessibility | None, words: EditionWords) -> str:
    if found is not None and found.enforcement is not None:
        return words.translated(found.enforcement)
    return words.say("statement.enforcement_text")


def legal_files(reader: ChapterReader) -> dict[str, bytes]:
    """Each page by the name of its file."""
    publication, words = reader.publication, reader.words
    template: Template = html_environment(reader).get_template("legal.html.j2")
    common = {
        "page": front_of(publication, words),
        "style": style_of(publication),
        "logo": logo_address(publication),
        "logo_alternative": logo_alternative(publication),
    }
    return {
        legal.file: whole(template.render(common, legal=legal), publication).encode()
        for legal in legal_pages(publication, words)
    }
