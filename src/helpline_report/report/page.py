"""Write the published page: one HTML file that holds everything and requests nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from helpline_report.parameters.publisher import Accessibility, Publisher
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.chapters import ChapterReader, chapters_of
from helpline_report.report.edition_words import EditionWords, front_of, published_on
from helpline_report.report.frame import frame_of
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
    html_exporter,
    macros,
    made,
)
from helpline_report.report.open_data import DataFile
from helpline_report.report.publication import Publication

STYLE = Path(__file__).parent / "assets" / "style.css"
# Stands in the style sheet until the page's letters are known.
FONTS = "/* fonts */"
# Stands in the page until it is known which figures it shows.
CARDS = "<!-- cards -->"
# No page may hold these; a label of the data could.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def page(reader: ChapterReader, files: Sequence[DataFile]) -> str:
    """The whole page of a publication, with links to `files` where their place is known."""
    words, publication = reader.words, reader.publication
    exporter = html_exporter(reader, {f.name.removesuffix(".csv"): f.name for f in files})
    colophon, statement = legal_sections(words, publication.root)
    text = exporter.environment.get_template("page.html.j2").render(
        page=front_of(words),
        frame=frame_of(words),
        style=style_of(publication),
        logo=logo_address(publication),
        logo_alternative=logo_alternative(publication),
        help=publication.help,
        translated=words.translated,
        cover=reader.cover,
        lead=reader.lead,
        chapters=[reader.read(*item) for item in chapters_of(publication).items()],
        body=convert_all(exporter, reader),
        colophon=colophon,
        statement=statement,
        cards=made(CARDS),
    )
    cards = [card_of(name, words) for name in figures_in(text)]
    cards_html = str(macros(exporter.environment).show_cards(cards))
    return whole(text.replace(CARDS, cards_html, 1), publication)


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
    """Lines under a heading, and what is listed below them."""

    heading: str
    lines: Sequence[Line]
    items: Sequence[Line] = ()


class LegalText(NamedTuple):
    """A part of the page without figures, by the id that links lead to."""

    id: str
    title: str
    lead: str
    sections: Sequence[LegalSection]


def legal_sections(words: EditionWords, root: str | None) -> tuple[LegalText, LegalText]:
    """The colophon with links to the files below `root`, and the accessibility statement."""
    return _colophon(words, root), _statement(words)


def _colophon(words: EditionWords, root: str | None) -> LegalText:
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
        "data.charts": "data/charts/index.csv",
        "cite.package": "data/datapackage.json",
        **({"data.dcat": "data/dcat.jsonld"} if publication.edition.publisher.root else {}),
        "cite.audit": "audit/index.html",
    }
    items = [Line(say(key), f"{root}{file}") for key, file in links.items() if root is not None]
    lines = [Line(made_with), Line(say("colophon.data"))]
    sections.append(LegalSection(say("colophon.made"), lines, items))
    return LegalText("colofon", say("colophon.title"), front.full_title, sections)


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
    if phone:
        dialled = "".join(c for c in phone if c.isdigit() or c == "+")
        lines.append(Line(words.say("colophon.phone", phone=phone), f"tel:{dialled}"))
    return lines


def _statement(words: EditionWords) -> LegalText:
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
    return LegalText("toegankelijkheid", say("statement.title"), lead, sections)


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
