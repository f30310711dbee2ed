"""Write the published pages: HTML files that hold everything and request nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from helpline_report.parameters.edition import Accessibility, Publisher
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords, front_of, published_on
from helpline_report.report.house import (
    faces,
    font_faces,
    logo_address,
    logo_alternative,
    variables,
)
from helpline_report.report.markup import (
    card_of,
    convert_all,
    figures_in,
    html_environment,
    html_exporter,
    made,
)
from helpline_report.report.open_data import DataFile
from helpline_report.report.publication import Publication
from helpline_report.report.views import Prose

STYLE = Path(__file__).parent / "assets" / "style.css"
# Stands in the style sheet until the page's letters are known.
FONTS = "/* fonts */"
# No page may hold these; a label of the data could.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def page(reader: ChapterReader, files: Sequence[DataFile]) -> str:
    """The whole page of a publication, with links to `files`."""
    exporter = html_exporter(reader, {f.name.removesuffix(".csv"): f.name for f in files})
    body = convert_all(exporter, reader)
    chapters = [reader.read(*item) for item in reader.publication.notebooks.items()]
    # A card for each figure that a text shows, in the order of the texts.
    views = [reader.lead, *(view for chapter in chapters for view in chapter.views)]
    texts = [view for view in views if isinstance(view, Prose)]
    names = dict.fromkeys(name for text in texts for name in figures_in(text.nodes))
    text = exporter.environment.get_template("page.html.j2").render(
        _common(reader.words),
        cover=reader.cover,
        lead=reader.lead,
        chapters=chapters,
        body=body,
        cards=[card_of(name, reader.words) for name in names],
    )
    return whole(text, reader.publication)


def _common(words: EditionWords) -> dict[str, object]:
    """What the templates of all pages ask for."""
    publication = words.publication
    return {
        "page": front_of(words),
        "style": style_of(publication),
        "logo": logo_address(publication),
        "logo_alternative": logo_alternative(publication),
    }


def style_of(publication: Publication) -> Markup:
    """The style sheet of the edition's pages, with a mark where `whole` puts the fonts."""
    return made(FONTS + variables(publication) + STYLE.read_text(encoding="utf-8"))


def whole(text: str, publication: Publication) -> str:
    """A page with the fonts for its letters, and without what no page may hold."""
    text = CONTROLS.sub("", text)
    return text.replace(FONTS, font_faces(text, faces(publication.house)), 1) + "\n"


class Line(NamedTuple):
    """A sentence, or the address that it stands for."""

    text: str
    href: str = ""


class LegalSection(NamedTuple):
    """A part of a page: its lines, and what is listed below them."""

    heading: str
    lines: Sequence[Line]
    items: Sequence[Line] = ()


class LegalPage(NamedTuple):
    """A page without figures."""

    file: str
    title: str
    lead: str
    sections: Sequence[LegalSection]


def legal_files(words: EditionWords) -> dict[str, bytes]:
    """The colophon and the accessibility statement, by the name of their files."""
    template = html_environment(words).get_template("legal.html.j2")
    common, publication = _common(words), words.publication
    return {
        legal.file: whole(template.render(common, legal=legal), publication).encode()
        for legal in legal_pages(words)
    }


def legal_pages(words: EditionWords) -> tuple[LegalPage, ...]:
    """The colophon, and the accessibility statement."""
    return _colophon(words), _statement(words)


def _colophon(words: EditionWords) -> LegalPage:
    """Who answers for the edition, which version it is, and what may be done with it."""
    front, say, publication = front_of(words), words.say, words.publication
    edition = [
        f"{publication.title}.",
        say("colophon.period", period=front.period),
        say("colophon.version", version=front.standing),
    ]
    day = published_on(publication)
    if day is not None:
        edition.append(say("colophon.published", day=words.day(day)))
    licence = (Line(front.licence, front.licence_url), Line(say("colophon.reuse")))
    sections = [
        LegalSection(say("colophon.publisher"), _responsible(publication.edition.publisher, words)),
        LegalSection(say("colophon.edition"), [Line(text) for text in (*edition, *front.warnings)]),
        LegalSection(say("cite.licence"), licence),
    ]
    sections += [
        LegalSection(say(f"cite.{key}"), (Line(text),))
        for key, text in (
            ("cite", front.reference),
            ("approval", front.approval),
            ("decision", front.decision),
        )
        if text
    ]
    program, once = say("cite.version_text", version=publication.version), words.ledger.counted_once
    key = "colophon.made_with_once" if once else "colophon.made_with"
    made_with = say(key, program=program, once=words.number(once, "count"))
    links = {
        "cite.pdf": "report.pdf",
        "data.workbook": "data/tabellen.xlsx",
        "cite.figures": "data/figures.csv",
        "cite.package": "data/datapackage.json",
        "cite.audit": "audit/index.html",
        "statement.title": "toegankelijkheid.html",
    }
    items = [Line(say(key), href) for key, href in links.items()]
    sections.append(LegalSection(say("colophon.made"), (Line(made_with),), items))
    return LegalPage("colofon.html", say("colophon.title"), front.full_title, sections)


def _responsible(publisher: Publisher, words: EditionWords) -> list[Line]:
    who = publisher.responsible or ""
    if publisher.role is not None and who:
        who = f"{who}, {words.translated(publisher.role)}"
    lines = [Line(capital(words.translated(publisher.name)))]
    if who:
        lines.append(Line(words.say("colophon.responsible", name=who)))
    if publisher.address:
        lines.append(Line(words.say("colophon.address", address=publisher.address)))
    return lines + _reach(publisher.email, publisher.phone, words)


def _reach(email: str | None, phone: str | None, words: EditionWords) -> list[Line]:
    lines = [Line(words.say("colophon.email", email=email), f"mailto:{email}")] if email else []
    return [*lines, Line(words.say("colophon.phone", phone=phone))] if phone else lines


def _statement(words: EditionWords) -> LegalPage:
    """The accessibility statement, in the order of the European model (2018/1523)."""
    publication, say = words.publication, words.say
    publisher = publication.edition.publisher
    known = publisher.accessibility
    status = say(f"statement.{known.conformity if known else 'unknown'}")
    sections = [LegalSection(say("statement.status"), (Line(status),))]
    if known is not None:
        limits = [Line(words.translated(limit)) for limit in known.limits]
        text = say("statement.limits_text" if limits else "statement.no_limits")
        prepared = say("statement.prepared_text", day=words.day(known.prepared_on))
        tested = Line(words.translated(known.tested))
        sections += [
            LegalSection(say("statement.limits"), (Line(text),), limits),
            LegalSection(say("statement.prepared"), (Line(prepared), tested)),
        ]
    enforcement = say("statement.enforcement_text")
    if known is not None and known.enforcement is not None:
        enforcement = words.translated(known.enforcement)
    sections += [
        LegalSection(say("statement.contact"), _contact(publisher, known, words)),
        LegalSection(say("statement.enforcement"), (Line(enforcement),)),
    ]
    name = capital(words.translated(publisher.name))
    lead = say("statement.lead", publisher=name, title=publication.title)
    return LegalPage("toegankelijkheid.html", say("statement.title"), lead, sections)


def _contact(publisher: Publisher, known: Accessibility | None, words: EditionWords) -> list[Line]:
    email = (known.email if known else None) or publisher.email
    phone = (known.phone if known else None) or publisher.phone
    lines = _reach(email, phone, words)
    if not lines and publisher.address:
        lines = [Line(words.say("colophon.address", address=publisher.address))]
    return [
        Line(words.say("statement.contact_text")),
        *(lines or [Line(words.say("statement.no_contact"))]),
    ]
