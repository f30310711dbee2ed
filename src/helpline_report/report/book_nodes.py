"""Describe the book of a publication as nodes, in the order in which it is read.

The parts of chapters are the same nodes as on the page, without what the page alone has: openers,
labels, files, ways back. What typesetting adds has nodes too: `caption-number`; the contents, each
`entry` of which ends in the page of its target; `page-reference`, in which `{page}` is that of its
target; `drawn`, the words of a drawing; and at the head and foot of pages `warning`, `running`,
`running-mark` and `folio`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

from helpline_report.description import Node
from helpline_report.prose.markdown import CHAPTER_ANCHOR
from helpline_report.report.page_nodes import describe_legal
from helpline_report.report.part_nodes import (
    describe_campaign,
    describe_caption,
    describe_highlights,
    describe_line,
    describe_notes,
    describe_part,
    describe_prose,
    describe_table,
)
from helpline_report.report.views import (
    BookLabels,
    BookView,
    CampaignView,
    ChapterPart,
    ChartView,
    HelpView,
    Labels,
    Note,
    TableView,
)

BOOK = "book"
# What the parts of the page have alone; and what is drawn, in the language of drawings.
OF_THE_PAGE = ("opener", "label", "raw", "way-back", "file")
DRAWN_TEXT = "{http://www.w3.org/2000/svg}text"
# The contents have the headings of chapters, and those one level lower.
DEEPEST_ENTRY = 2
# What stands before who is quoted.
QUOTED = "— "
NO_LABELS = Labels("", "", None)


def describe_book(book: BookView) -> Iterator[Node]:
    """All that the book says, with the places that something in it leads to."""
    front, inside = list(_describe_front(book)), list(_describe_inside(book))
    contents = [Node("contents", "heading", book.contents, form="1"), *_list_entries(inside)]
    nodes = [*front, *contents, *inside]
    targets = {node.target.removeprefix("#") for node in nodes}
    return (node for node in nodes if node.kind != "anchor" or node.about in targets)


def _describe_front(book: BookView) -> Iterator[Node]:
    """What the book says of itself, its margins, and its cover."""
    yield Node(BOOK, "language", book.language)
    yield Node(BOOK, "document-title", book.document_title)
    yield Node(BOOK, "author", book.author)
    yield Node(BOOK, "keywords", ", ".join(book.keywords))
    if book.warning:
        yield Node(BOOK, "warning", book.warning)
    for kind, text in zip(("running", "running-mark"), book.running, strict=True):
        if text:
            yield Node(BOOK, kind, text)
    yield Node(BOOK, "folio", book.labels.folio)
    if book.logo_alternative:
        yield Node(BOOK, "alternative", book.logo_alternative, "logo")
    yield Node(BOOK, "publisher", book.publisher)
    yield Node(BOOK, "title", book.title)
    if book.year:
        yield Node(BOOK, "year", book.year)
    if book.lead:
        prose = describe_prose(book.lead, ("cover", "lead", book.lead.cell), "lead", "")
        yield from _put_on_paper(prose)
    for notice in book.notices:
        yield Node("cover", "notice", notice)
    if book.highlights:
        yield from _put_on_paper(describe_highlights(book.highlights))
    if book.help.lines:
        yield from _describe_help(book.help)


def _describe_help(view: HelpView) -> Iterator[Node]:
    yield Node("help", "help-title", view.title)
    for number, line in enumerate(view.lines, 1):
        about = f"help={number}"
        yield describe_line(line.who, "help", "help-for", about)
        if line.phone:
            yield describe_line(line.phone, "help", "help-number", about)
        if line.site:
            yield describe_line(line.site, "help", "help-site", about)
        if line.about:
            yield Node("help", "help-about", line.about, about)
    yield Node("help", "traces", view.traces)


def _list_entries(nodes: Iterable[Node]) -> Iterator[Node]:
    """The contents of a book with such nodes; `form` is the level of what an entry leads to."""
    anchor = ""
    for node in nodes:
        if node.kind == "anchor":
            anchor = node.about
        level = "2" if node.kind == "campaign" else node.form if node.kind == "heading" else ""
        if level and int(level) <= DEEPEST_ENTRY:
            yield Node("contents", "entry", node.text, target=f"#{anchor}", form=level)


def _describe_inside(book: BookView) -> Iterator[Node]:
    """The chapters, the tables behind charts, and the end."""
    describer = _PartDescriber(book.labels)
    for chapter in book.chapters:
        yield Node(chapter.name, "anchor", about=f"chapter-{chapter.name}")
        yield Node(chapter.name, "heading", chapter.title, form="1")
        for number, part in enumerate(chapter.parts, 1):
            yield from describer.describe(part, chapter.name, f"{chapter.name}-{number}")
    if book.tables:
        yield Node("tables", "anchor", about="tables")
        yield Node("tables", "heading", book.behind, form="1")
    for part in book.tables:
        if isinstance(part.view, TableView):
            yield Node(part.view.id, "anchor", about=f"table-{part.cell}")
            yield from describer.describe_table(part.view, part.notes)
    for view in book.legal:
        yield from _name_headings(describe_legal(view), view.id)


def _name_headings(nodes: Iterable[Node], name: str) -> Iterator[Node]:
    """Nodes of a part that others lead to, with an anchor before each of its headings."""
    number = 0
    for node in nodes:
        if node.kind == "heading":
            yield Node(node.place, "anchor", about=f"{name}-{number}" if number else name)
            number += 1
        yield node


class _PartDescriber:
    """Describes the parts of the book, in which figures and tables are numbered one by one."""

    def __init__(self, labels: BookLabels) -> None:
        self._labels = labels
        self._numbers: Counter[str] = Counter()

    def describe(self, part: ChapterPart, place: str, prefix: str) -> Iterator[Node]:
        """A part of the chapter at a place; `prefix` stands before the names of its headings."""
        match part.view:
            case ChartView() as view:
                yield from self._describe_chart(view, part.notes)
            case TableView() as view:
                yield from self.describe_table(view, part.notes)
            case CampaignView() as view:
                nodes = list(_put_on_paper(describe_campaign(view, part.notes, NO_LABELS)))
                start = next(at for at, node in enumerate(nodes) if node.kind == "table")
                yield from nodes[:start]
                yield from self.describe_table(view.table, part.notes)
            case _:
                yield from _put_on_paper(describe_part(part, place, NO_LABELS, prefix))

    def _describe_chart(self, view: ChartView, notes: Sequence[Note]) -> Iterator[Node]:
        place, about = view.id, f"chart={view.id}"
        yield self._number(self._labels.figure, place)
        yield from _put_on_paper(describe_caption(view))
        yield Node(place, "alternative", view.paper.alt, about)
        yield Node(place, "drawn", _read_drawing(view.paper.svg), about)
        yield from _put_on_paper(describe_notes(notes, view.source, place))
        if view.table.is_short:
            target = f"#table-{place}"
            yield Node(place, "page-reference", self._labels.to_table, target=target)

    def describe_table(self, view: TableView, notes: Sequence[Note]) -> Iterator[Node]:
        """A table with its number and what stands below it."""
        table, *cells = _put_on_paper(describe_table(replace(view, label=""), "", NO_LABELS))
        yield table
        yield self._number(self._labels.table, view.id)
        yield from (node for node in cells if node.kind != "anchor")
        yield from _put_on_paper(describe_notes(notes, view.source, view.id))

    def _number(self, pattern: str, place: str) -> Node:
        self._numbers[pattern] += 1
        text = pattern.replace("{number}", str(self._numbers[pattern]))
        return Node(place, "caption-number", text)


def _put_on_paper(nodes: Iterable[Node]) -> Iterator[Node]:
    """Nodes of the page as the book has them: it leads to chapters and notes of its texts alone."""
    before = Node("", "")
    for node in nodes:
        is_note = before.kind == "anchor" and before.about == node.target.replace("#note-", "ref-")
        if node.kind == "credit" and before.kind != "alternative":
            yield node._replace(text=f"{QUOTED}{node.text}")
        elif node.kind == "note":
            yield node._replace(target="")
        elif node.kind == "link" and node.target.startswith("#"):
            if is_note or node.target.startswith(CHAPTER_ANCHOR):
                yield node
        elif node.kind not in OF_THE_PAGE:
            yield node
        before = node


def _read_drawing(svg: str) -> str:
    """The words of a drawing, one text after the other."""
    drawing = ET.fromstring(svg)  # noqa: S314 - we drew it
    return " ".join("".join(text.itertext()) for text in drawing.iter(DRAWN_TEXT))
