"""Write the colophon and the accessibility statement, for page and book alike."""

from collections.abc import Iterator

from helpline_report.report.edition_words import EditionWords, Front
from helpline_report.report.views import LegalPart, LegalView, Line, Lines

# Files of the edition that the colophon leads to, and what it calls them.
FILES = {
    "report.pdf": "cite.pdf",
    "data/tabellen.xlsx": "data.workbook",
    "data/figures.csv": "cite.figures",
    "data/charts/index.csv": "data.charts",
    "data/datapackage.json": "cite.package",
    "data/dcat.jsonld": "data.dcat",
    "audit/index.html": "cite.audit",
}
PORTAL = "data/dcat.jsonld"
DIALLED = "+0123456789"


def make_colophon(words: EditionWords, root: str | None) -> LegalView:
    """Who publishes the edition, which one it is, and how it may be used.

    `root` is what links to its files begin with; without one there are none.
    """
    front, say = Front(words), words.say
    parts = [
        LegalPart(say("colophon.publisher"), tuple(_describe_publisher(words, front))),
        LegalPart(say("colophon.edition"), tuple(_describe_edition(words, front))),
        LegalPart(
            say("cite.licence"),
            (Line(front.licence, front.licence_url), Line(say("colophon.reuse"))),
        ),
    ]
    texts = {"cite": front.reference, "approval": front.approval, "decision": front.decision}
    parts += [LegalPart(say(f"cite.{key}"), (Line(text),)) for key, text in texts.items() if text]
    parts.append(LegalPart(say("colophon.made"), tuple(_describe_making(words, root))))
    return LegalView("colofon", say("colophon.title"), front.full_title, tuple(parts))


def _describe_publisher(words: EditionWords, front: Front) -> Iterator[Line]:
    publisher, say = words.publication.edition.publisher, words.say
    yield Line(front.publisher)
    if publisher.responsible:
        role = f", {words.translated(publisher.role)}" if publisher.role else ""
        yield Line(say("colophon.responsible", name=f"{publisher.responsible}{role}"))
    if publisher.address:
        yield Line(say("colophon.address", address=publisher.address))
    yield from _list_contacts(words, publisher.email, publisher.phone)


def _list_contacts(words: EditionWords, email: str | None, phone: str | None) -> Iterator[Line]:
    if email:
        yield Line(words.say("colophon.email", email=email), f"mailto:{email}")
    if phone:
        dialled = "".join(letter for letter in phone if letter in DIALLED)
        yield Line(words.say("colophon.phone", phone=phone), f"tel:{dialled}")


def _describe_edition(words: EditionWords, front: Front) -> Iterator[Line]:
    say = words.say
    yield Line(f"{words.publication.title}.")
    yield Line(say("colophon.period", period=front.period))
    yield Line(say("colophon.version", version=front.standing))
    if front.published:
        yield Line(say("colophon.published", day=front.published))
    yield from map(Line, front.notices)


def _describe_making(words: EditionWords, root: str | None) -> Iterator[Line | Lines]:
    publication, say, once = words.publication, words.say, words.ledger.counted_once
    yield Line(
        say(
            "colophon.made_with_once" if once else "colophon.made_with",
            program=say("cite.version_text", version=publication.version),
            once=words.number(once, "count"),
        )
    )
    yield Line(say("colophon.data"))
    if root is None:
        return
    # The description for a portal is of the whole edition: a translation has none of its own.
    places = {PORTAL: "../" if publication.folder else ""}
    has_portal = bool(publication.edition.publisher.root)
    files = [file for file in FILES if file != PORTAL or has_portal]
    links = (Line(say(FILES[file]), f"{root}{places.get(file, '')}{file}") for file in files)
    yield Lines(tuple(links))


def make_statement(words: EditionWords) -> LegalView:
    """The accessibility statement, in the order of the European model (2018/1523)."""
    front, say = Front(words), words.say
    known = words.publication.edition.publisher.accessibility
    status = words.statement(known.conformity if known else "unknown")
    parts = [LegalPart(say("statement.status"), (Line(status),))]
    if known:
        limits = tuple(Line(words.translated(limit)) for limit in known.limits)
        about = Line(say("statement.limits_text" if limits else "statement.no_limits"))
        blocks = (about, Lines(limits)) if limits else (about,)
        parts.append(LegalPart(say("statement.limits"), blocks))
        prepared = Line(say("statement.prepared_text", day=words.day(known.prepared_on)))
        tested = Line(words.translated(known.tested))
        parts.append(LegalPart(say("statement.prepared"), (prepared, tested)))
    parts.append(LegalPart(say("statement.contact"), tuple(_describe_contact(words))))
    enforcement = known.enforcement if known else None
    text = words.translated(enforcement) if enforcement else say("statement.enforcement_text")
    parts.append(LegalPart(say("statement.enforcement"), (Line(text),)))
    lead = words.statement("lead", publisher=front.publisher, title=words.publication.title)
    title = say("statement.title")
    return LegalView("toegankelijkheid", title, lead, tuple(parts), folded=True)


def _describe_contact(words: EditionWords) -> Iterator[Line]:
    publisher, say = words.publication.edition.publisher, words.say
    known = publisher.accessibility
    email = (known and known.email) or publisher.email
    phone = (known and known.phone) or publisher.phone
    if not (email or phone or publisher.address):
        yield Line(say("statement.no_contact"))
        return
    yield Line(say("statement.contact_text"))
    yield from _list_contacts(words, email, phone)
    if publisher.address and not (email or phone):
        yield Line(say("colophon.address", address=publisher.address))
