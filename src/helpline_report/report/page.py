"""Write the published page: one HTML file that holds everything and requests nothing."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup, escape

from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.chapters import ChapterReader, chapters_of
from helpline_report.report.edition_words import EditionWords, front_of, published_on
from helpline_report.report.house import (
    colours,
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

ASSETS = Path(__file__).parent / "assets"
STYLE = ASSETS / "style.css"
SCRIPT = (ASSETS / "page.js").read_text(encoding="utf-8")
# Stands in the style sheet until the page's letters are known.
FONTS = "/* fonts */"
# Stands in the page until it is known which figures it shows.
CARDS = "<!-- cards -->"
# No page may hold these; a label of the data could.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# This one script runs, and nothing is loaded. It never connects: `connect-src` lets a checker of
# pages ask for robots.txt.
POLICY = (
    "default-src 'none'; connect-src 'self'; script-src 'sha256-{hash}'; "
    "style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="{main}"/>'
    '<text x="16" y="23" text-anchor="middle" font-family="sans-serif" font-weight="bold" '
    'font-size="20" fill="{on_main}">{letter}</text></svg>'
)


@dataclass(frozen=True)
class Frame:
    """The parts of a page that are the same on each; `hidden` is it from search engines.

    `leave` is where the way out leads, which the helpline chooses.
    """

    policy: str
    hidden: bool
    icon: str
    leave: str
    leave_text: str
    leave_key: str
    script: Markup


def frame_of(words: EditionWords, *, hidden: bool | None = None) -> Frame:
    """What every page of a publication has; a page may be hidden though its edition isn't."""
    publication, light = words.publication, colours(words.publication).light
    letter = escape(publication.edition.helpline.name[:1])
    icon = ICON.format(main=light["main"], on_main=light["on-main"], letter=letter)
    digest = b64encode(sha256(SCRIPT.encode()).digest()).decode("ascii")
    return Frame(
        policy=POLICY.format(hash=digest),
        hidden=publication.draft if hidden is None else hidden,
        icon=f"data:image/svg+xml;base64,{b64encode(icon.encode()).decode('ascii')}",
        leave=publication.help.leave,
        leave_text=words.say("page.leave"),
        leave_key=words.say("page.leave_key"),
        script=Markup(SCRIPT),
    )


def page(reader: ChapterReader, files: Sequence[DataFile]) -> str:
    """The whole page of a publication, with links to `files` where their place is known."""
    words, publication = reader.words, reader.publication
    exporter = html_exporter(reader, {f.name.removesuffix(".csv"): f.name for f in files})
    style = FONTS + variables(publication) + STYLE.read_text(encoding="utf-8")
    colophon, statement = legal_sections(words, publication.root)
    text = exporter.environment.get_template("page.html.j2").render(
        page=front_of(words),
        publication=publication,
        words=words,
        frame=frame_of(words),
        style=made(style),
        logo=logo_address(publication),
        logo_alternative=logo_alternative(publication),
        cover=reader.cover,
        lead=reader.lead,
        chapters=[reader.read(*item) for item in chapters_of(publication).items()],
        body=convert_all(exporter, reader),
        colophon=colophon,
        statement=statement,
        cards=made(CARDS),
    )
    cards = [card_of(name, words) for name in figures_in(text)]
    text = text.replace(CARDS, str(macros(exporter.environment).show_cards(cards)), 1)
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
    publisher, day = publication.edition.publisher, published_on(publication)
    who = publisher.responsible or ""
    if who and publisher.role is not None:
        who = f"{who}, {words.translated(publisher.role)}"
    address = publisher.address
    responsible = [
        capital(words.translated(publisher.name)),
        *([say("colophon.responsible", name=who)] if who else []),
        *([say("colophon.address", address=address)] if address else []),
    ]
    edition = [
        f"{publication.title}.",
        say("colophon.period", period=front.period),
        say("colophon.version", version=front.standing),
        *([say("colophon.published", day=words.day(day))] if day else []),
        *front.warnings,
    ]
    reach = _reach(publisher.email, publisher.phone, words)
    licence = (Line(front.licence, front.licence_url), Line(say("colophon.reuse")))
    sections = [
        LegalSection(say("colophon.publisher"), [*map(Line, responsible), *reach]),
        LegalSection(say("colophon.edition"), [*map(Line, edition)]),
        LegalSection(say("cite.licence"), licence),
    ]
    texts = {"cite": front.reference, "approval": front.approval, "decision": front.decision}
    sections += [
        LegalSection(say(f"cite.{key}"), (Line(text),)) for key, text in texts.items() if text
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
        **({"data.dcat": "data/dcat.jsonld"} if publisher.root else {}),
        "cite.audit": "audit/index.html",
    }
    items = [Line(say(key), f"{root}{file}") for key, file in links.items() if root is not None]
    lines = [Line(made_with), Line(say("colophon.data"))]
    sections.append(LegalSection(say("colophon.made"), lines, items))
    return LegalText("colofon", say("colophon.title"), front.full_title, sections)


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
    email, phone = publisher.email, publisher.phone
    status = say(f"statement.{known.conformity if known else 'unknown'}")
    sections = [LegalSection(say("statement.status"), (Line(status),))]
    enforcement = say("statement.enforcement_text")
    if known is not None:
        email, phone = known.email or email, known.phone or phone
        limits = [Line(words.translated(limit)) for limit in known.limits]
        text = say("statement.limits_text" if limits else "statement.no_limits")
        prepared = say("statement.prepared_text", day=words.day(known.prepared_on))
        tested = Line(words.translated(known.tested))
        sections += [
            LegalSection(say("statement.limits"), (Line(text),), limits),
            LegalSection(say("statement.prepared"), (Line(prepared), tested)),
        ]
        if known.enforcement is not None:
            enforcement = words.translated(known.enforcement)
    reach = _reach(email, phone, words)
    if not reach and publisher.address:
        reach = [Line(say("colophon.address", address=publisher.address))]
    reach = reach or [Line(say("statement.no_contact"))]
    contact = [Line(say("statement.contact_text")), *reach]
    sections += [
        LegalSection(say("statement.contact"), contact),
        LegalSection(say("statement.enforcement"), (Line(enforcement),)),
    ]
    name = capital(words.translated(publisher.name))
    lead = say("statement.lead", publisher=name, title=publication.title)
    return LegalText("toegankelijkheid", say("statement.title"), lead, sections)
