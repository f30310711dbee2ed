"""Hold what stands around the chapters to catalogue, parameters and help numbers, by its role."""

from collections.abc import Iterator, Mapping, Sequence

from babel import Locale

from helpline_report.audit.interface_meanings import InterfaceMeanings
from helpline_report.audit.node_rules import NodeReading, Rule, check_target, check_text
from helpline_report.audit.text_rules import RULES as OF_TEXTS
from helpline_report.description import Node
from helpline_report.parameters.help_numbers import HelpNumber
from helpline_report.parameters.yaml import read_resource

# Which phrases may stand at a kind of node, or at a kind and a place.
ROLES: Mapping[str, Sequence[str]] = read_resource(__package__, "roles.yaml").data
PAGE, COVER_PICTURE = "index.html", "data/cover.png"
HELP = "help="
# The place of what is said of a page as a whole; a book has another.
PAGE_PLACE = "page"


def make_interface(reading: NodeReading) -> InterfaceMeanings:
    """What stands around the chapters, made once for a file."""
    if reading.interface is None:
        reading.interface = InterfaceMeanings(reading.meanings)
    return reading.interface


def find_role(node: Node) -> Sequence[str]:
    """The phrases that may stand at a node, by its kind and its place or by its kind alone."""
    return ROLES.get(f"{node.kind} {node.place}", ROLES.get(node.kind, ()))


def read_role(reading: NodeReading, node: Node) -> Iterator[str]:
    """Words of the interface: a phrase of its role."""
    interface = make_interface(reading)
    yield from check_text(node, *map(interface.say, find_role(node)))


def read_role_or(kind: str) -> Rule:
    """A rule for a kind that some places have for words of their own: these have no role."""
    rule = OF_TEXTS[kind]

    def read(reading: NodeReading, node: Node) -> Iterator[str]:
        yield from (read_role if find_role(node) else rule)(reading, node)

    return read


def read_anchor_link(reading: NodeReading, node: Node) -> Iterator[str]:
    """Words that lead to a place of the page."""
    yield from read_role(reading, node)
    if node.target and not reading.has_anchor(node.target.removeprefix("#")):
        yield f"an anchor '{node.target}' of the page"


def read_label(reading: NodeReading, node: Node) -> Iterator[str]:
    """What is heard of a table before it, or of what leads back to a text."""
    meanings, say = reading.meanings, reading.meanings.words.say
    texts = list(map(make_interface(reading).say, find_role(node)))
    texts.append(meanings.words.write("notes.back"))
    following = reading.nodes[reading.place + 1 : reading.place + 4]
    texts += [say("part.scroll", caption=each.text) for each in following if each.kind in CAPTIONS]
    yield from check_text(node, *texts)


CAPTIONS = ("caption", "own-title")


# Who, what, and how it stands


def _read(write: str) -> Rule:
    """A rule for what the interface has by a name: a text, or several of which it is one."""

    def read(reading: NodeReading, node: Node) -> Iterator[str]:
        value = getattr(make_interface(reading), write)
        texts = value() if callable(value) else [value]
        yield from check_text(node, *texts)

    return read


def read_document_title(reading: NodeReading, node: Node) -> Iterator[str]:
    """What a window is called: the title, who it is of, and how it stands; or a book."""
    interface = make_interface(reading)
    standing = interface.warning or interface.mark
    mark = f" ({standing})" if interface.mark else ""
    page = f"{interface.title} · {interface.full_name}{mark}"
    yield from check_text(node, page if node.place == PAGE_PLACE else interface.full_title)


def read_year(reading: NodeReading, node: Node) -> Iterator[str]:
    """The year of the report."""
    yield from check_text(node, reading.meanings.data.edition.year)


def read_translation(reading: NodeReading, node: Node) -> Iterator[str]:
    """A link to the page in another language: in that language's own words, to its folder."""
    edition, root = reading.meanings.data.edition, reading.meanings.root
    name = str(Locale.parse(node.about).language_name)
    if node.about not in (edition.language, *edition.languages) or root is None:
        yield "a language of the edition"
        return
    yield from check_text(node, name)
    yield from check_target(node, f"{root}{_find_folder(reading, node.about)}{PAGE}")


def _find_folder(reading: NodeReading, language: str) -> str:
    """The way from the folder of this language to that of another one."""
    up = "../" if reading.meanings.folder else ""
    return up if language == reading.meanings.data.edition.language else f"{up}{language}/"


def read_meta(reading: NodeReading, node: Node) -> Iterator[str]:
    """What a page says of itself to machines."""
    interface, address = make_interface(reading), reading.meanings.address or ""
    about = interface.say("page.description", name=interface.full_name)
    texts = {
        "description": about,
        "author": interface.publisher,
        "og:type": "article",
        "og:title": f"{interface.title} · {interface.helpline}",
        "og:description": about,
        "og:site_name": interface.full_name,
        "og:locale": reading.meanings.words.locale,
        "og:url": f"{address}{PAGE}",
        "og:image": f"{address}{COVER_PICTURE}",
        "og:image:alt": interface.say("page.cover_text"),
    }
    yield from check_text(node, *([texts[node.about]] if node.about in texts else []))


def read_address(reading: NodeReading, node: Node) -> Iterator[str]:
    """The address of the page, or of the page in another language."""
    address = reading.meanings.address or ""
    folder = _find_folder(reading, node.about) if node.about else ""
    if node.target != f"{address}{folder}{PAGE}":
        yield f"{address}{folder}{PAGE}"


def read_language(reading: NodeReading, node: Node) -> Iterator[str]:
    """The language of what stands before it, or of the page."""
    edition = reading.meanings.data.edition
    known = {reading.meanings.data.language, edition.language, *edition.languages}
    known.add(reading.meanings.words.locale.replace("_", "-"))
    yield from check_text(node, *sorted(known))


# Help


def find_number(reading: NodeReading, node: Node) -> HelpNumber | None:
    """The number of the help file that a node is about."""
    numbers, place = reading.meanings.data.help.numbers, node.about.removeprefix(HELP)
    known = {str(number): each for number, each in enumerate(numbers, 1)}
    return known.get(place)


def read_help(reading: NodeReading, node: Node) -> Iterator[str]:
    """A line of help: for whom, the number as it is dialled, the site, and when it answers."""
    number, language = find_number(reading, node), reading.meanings.data.language
    if number is None:
        yield "a number of the help file"
        return
    dialled = f"tel:{number.dialled}"
    about = number.about.in_language(language) if number.about else ""
    text, target = {
        "help-for": (number.who.in_language(language), dialled),
        "help-number": (number.phone or "", dialled),
        "help-site": (number.site, number.address or ""),
        "help-about": (about, ""),
    }[node.kind]
    yield from check_text(node, text)
    yield from check_target(node, *filter(None, [target]))


def read_way_out(reading: NodeReading, node: Node) -> Iterator[str]:
    """The way out of the page leads where the helpline chooses."""
    yield from read_role(reading, node)
    yield from check_target(node, reading.meanings.data.help.leave)


# Legal texts, and cards


def read_line(reading: NodeReading, node: Node) -> Iterator[str]:
    """A line of the colophon or the statement."""
    known = dict(make_interface(reading).list_lines())
    yield from check_text(node, *([node.text] if node.text in known else sorted(known)[:3]))
    if node.text in known:
        yield from check_target(node, *filter(None, [known[node.text]]))


def read_how(reading: NodeReading, node: Node) -> Iterator[str]:
    """How cards are opened; on a card, where its figure is traced."""
    if node.about not in reading.meanings.ledger.figures:
        yield from read_role(reading, node)
        return
    say, root = reading.meanings.words.say, reading.meanings.root
    if root is None:
        yield from check_text(node, f"{say('figure.where')} {node.about}")
        yield from check_target(node)
    else:
        yield from check_text(node, say("figure.how"))
        yield from check_target(node, f"{root}{reading.meanings.find_trace(node.about)}")


def read_card(reading: NodeReading, node: Node) -> Iterator[str]:
    """A card of a figure, by its own name."""
    yield from read_role(reading, node)
    if node.about not in reading.meanings.ledger.figures:
        yield "a card of a figure"
    yield from check_target(node, f"#figure-{node.about}")


def read_nothing(_: NodeReading, __: Node) -> Iterator[str]:
    """A place that links lead to: what it belongs to is said beside it."""
    return iter(())


# What typesetting adds


def read_number(reading: NodeReading, node: Node) -> Iterator[str]:
    """The number of a figure or a table in a book: the next one."""
    is_table = reading.before("table") is not None
    key = "part.table_number" if is_table else "part.figure_number"
    reading.numbers[key] = number = reading.numbers.get(key, 0) + 1
    yield from check_text(node, reading.meanings.words.say(key, number=str(number)))


def read_page_reference(reading: NodeReading, node: Node) -> Iterator[str]:
    """On which page the table of a chart stands."""
    text = reading.meanings.words.say("part.behind_page", page="{page}")
    yield from check_text(node, text)
    yield from check_target(node, f"#table-{node.place}")


def read_folio(reading: NodeReading, node: Node) -> Iterator[str]:
    """The number of a page, and of how many."""
    text = reading.meanings.words.say("page.number", number="{number}", total="{total}")
    yield from check_text(node, text)


# The kinds of nodes around the chapters, and their rules.
RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("skip", "to-contents"), read_anchor_link),
    **dict.fromkeys(("keys", "traces", "step", "close", "help-title", "keywords"), read_role),
    **{kind: read_role_or(kind) for kind in ("heading", "opener")},
    **dict.fromkeys(("help-for", "help-number", "help-site", "help-about"), read_help),
    **dict.fromkeys(("canonical", "alternate"), read_address),
    **dict.fromkeys(("warning", "sheet-foot"), _read("warning")),
    "helpline": _read("helpline"),
    "edition": _read("title"),
    "mark": _read("mark"),
    "publisher": _read("full_name"),
    "foot": _read("foot"),
    "notice": _read("list_notices"),
    "title": _read("title"),
    "document-title": read_document_title,
    "year": read_year,
    "translation": read_translation,
    "meta": read_meta,
    "language": read_language,
    "label": read_label,
    "way-out": read_way_out,
    "line": read_line,
    "how": read_how,
    "card": read_card,
    "author": _read("publisher"),
    "running": _read("running"),
    "running-mark": _read("mark"),
    "folio": read_folio,
    "caption-number": read_number,
    "page-reference": read_page_reference,
    "anchor": read_nothing,
    "table": read_nothing,
    # The words of a drawing are held to its own nodes.
    "drawn": read_nothing,
    "way-back": read_nothing,
}
