"""Read a tagged PDF by its structure: blocks of text in logical order, with their tags and links.

Neither a line nor a place on a sheet comes into it: a paragraph that goes on over a page is one
block, and a cell of a table has the tag that says what it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, NameTree, Object, Pdf, String

from helpline_report.audit.pdf_texts import Sheet, SheetReader

# What stands in a line of a block, unless it says that it is a block by itself.
INLINE = ("Span", "Strong", "Em", "Link", "Reference", "Quote", "Code", "Datetime")
# What is one block, whatever it holds.
WHOLE = ("TH", "TD", "Caption")
LABEL, LINK, FIGURE, ROW, LIST = "Lbl", "Link", "Figure", "TR", "L"


class LinkTarget(NamedTuple):
    """Where a link or a bookmark leads: an address, or the height of a place on a page."""

    address: str = ""
    page: int = 0
    top: float = 0


class Link(NamedTuple):
    """A text of a block that leads somewhere."""

    text: str
    target: LinkTarget


class Bookmark(NamedTuple):
    """An entry of the outline that a reader opens beside the pages; `level` is 1 or more."""

    level: int
    text: str
    target: LinkTarget


@dataclass
class PdfBlock:
    """A run of text that belongs together, or a picture.

    `tags` are those of the elements around it and its own, the outermost first; `page` and `top`
    are where it begins, and `last` is the page on which it ends. An item of a list has its number
    or sign in `labels`, with the number of lists around it; where it is the first of a list that an
    item begins with, that one's stands before it. A text in another language than the book says
    which. A picture has its `alternative` text, and as its text what is drawn in it. A cell stands
    in a `row`, of which each in the book has a number of its own; it has a `name`, and the names of
    the cells at its `heads`.
    """

    tags: tuple[str, ...]
    text: str = ""
    page: int = 0
    last: int = 0
    top: float = 0
    labels: tuple[tuple[int, str], ...] = ()
    language: str = ""
    alternative: str = ""
    row: int = 0
    name: str = ""
    heads: tuple[str, ...] = ()
    links: list[Link] = field(default_factory=list)

    @property
    def tag(self) -> str:
        """What it is."""
        return self.tags[-1]


@dataclass(frozen=True)
class Book:
    """What a tagged PDF says: its blocks in their order, and what stands on each sheet beside them.

    `untagged` are texts that no element of the structure owns.
    """

    title: str
    language: str
    author: str
    keywords: str
    blocks: tuple[PdfBlock, ...]
    sheets: tuple[Sheet, ...]
    bookmarks: tuple[Bookmark, ...]
    untagged: tuple[str, ...]


def read_book(path: Path) -> Book:
    """Read a tagged PDF.

    Raises:
        pikepdf.PdfError: it is no PDF, or a damaged one.
        AttributeError: it isn't tagged.
    """
    # A damaged one could be read all the same, without what is lost.
    with pikepdf.open(path, attempt_recovery=False) as pdf:
        sheets = SheetReader().read(pdf)
        tree = TreeReader(pdf, sheets)
        tree.visit(pdf.Root.StructTreeRoot, ())
        info = {str(key): str(value) for key, value in pdf.docinfo.items()}
        return Book(
            title=info.get("/Title", ""),
            language=str(pdf.Root.get("/Lang", "")),
            author=info.get("/Author", ""),
            keywords=info.get("/Keywords", ""),
            blocks=tuple(tree.blocks),
            sheets=tuple(sheets),
            bookmarks=tuple(tree.list_bookmarks(pdf.Root.get("/Outlines"))),
            untagged=tuple(tree.list_untagged()),
        )


class TreeReader:
    """Reads the structure of a PDF as `blocks`; `sheets` have the texts that its elements own."""

    def __init__(self, pdf: Pdf, sheets: Sequence[Sheet]) -> None:
        self.blocks: list[PdfBlock] = []
        self._sheets = sheets
        self._pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        names = pdf.Root.get("/Names", Dictionary())
        self._places = NameTree(names.Dests) if "/Dests" in names else {}
        self._owned: set[tuple[int, int]] = set()
        self._rows = count(1)
        self._row = 0
        self._labels: list[tuple[int, str]] = []

    # Blocks

    def visit(self, element: Object, around: tuple[str, ...], page: int = 0) -> None:
        """Collect the blocks of an element that isn't in a line of one."""
        tag, page = _get_tag(element), self._find_page(element, page)
        tags = (*around, tag) if tag else around
        if tag == ROW:
            self._row = next(self._rows)
        if tag == FIGURE or tag in WHOLE:
            self._fill(self._begin(element, tags), element, page)
            return
        block: PdfBlock | None = None
        for child in _list_children(element):
            kind = _get_tag(child)
            if kind == LABEL:
                label = PdfBlock(())
                self._fill(label, child, page)
                self._labels.append((tags.count(LIST), label.text))
            elif kind and not _is_inline(child, kind):
                block = None
                self.visit(child, tags, page)
            else:
                block = block or self._begin(element, tags)
                self._add(block, child, page)

    def _begin(self, element: Object, tags: tuple[str, ...]) -> PdfBlock:
        block = PdfBlock(tags, labels=tuple(self._labels))
        self._labels = []
        if tags[-1] in WHOLE:
            block.row = self._row
            block.name, block.heads = str(element.get("/ID", "")), tuple(_list_heads(element))
        block.alternative = str(element.get("/Alt", ""))
        self.blocks.append(block)
        return block

    def _fill(self, block: PdfBlock, element: Object, page: int) -> None:
        """Add all that an element holds to a block."""
        page = self._find_page(element, page)
        block.language = block.language or str(element.get("/Lang", ""))
        for child in _list_children(element):
            self._add(block, child, page)

    def _add(self, block: PdfBlock, child: Any, page: int) -> None:
        """Add an element, or a piece of a page, to a block."""
        if isinstance(child, int):
            self._add_mark(block, child, page)
        elif "/MCID" in child:
            self._add_mark(block, int(child.MCID), self._find_page(child, page))
        elif tag := _get_tag(child):
            before = len(block.text)
            if tag == FIGURE:
                self.visit(child, block.tags, page)
            else:
                self._fill(block, child, page)
            if tag == LINK:
                self._add_links(block, child, block.text[before:])

    def _add_mark(self, block: PdfBlock, number: int, page: int) -> None:
        mark = self._sheets[page - 1].marks.get(number)
        self._owned.add((page, number))
        if mark is not None:
            block.text += mark.text
            block.language = block.language or mark.language
            block.last = page
            if not block.page:
                block.page, block.top = page, mark.top

    def _find_page(self, element: Object, page: int) -> int:
        place = element.get("/Pg")
        return page if place is None else self._pages[place.objgen]

    def list_untagged(self) -> Iterator[str]:
        """Yield each text of a page that no element owns."""
        for page, sheet in enumerate(self._sheets, 1):
            if sheet.unmarked.text:
                yield sheet.unmarked.text
            for number, mark in sheet.marks.items():
                if mark.text and (page, number) not in self._owned:
                    yield mark.text

    # Links

    def _add_links(self, block: PdfBlock, element: Object, text: str) -> None:
        """Add where a text leads; one in several lines has as many places that can be touched."""
        children = _list_children(element)
        touched = [each.Obj for each in children if isinstance(each, Dictionary) and "/Obj" in each]
        targets = dict.fromkeys(map(self._find_target, touched))
        block.links += [Link(text, target) for target in targets]

    def _find_target(self, item: Object) -> LinkTarget:
        """Where an annotation or a bookmark leads."""
        action = item.get("/A", Dictionary())
        if "/URI" in action:
            return LinkTarget(str(action.URI))
        place: Any = action.get("/D") if "/D" in action else item.get("/Dest")
        if isinstance(place, String):
            place = self._places[str(place)]
        place = place.D if isinstance(place, Dictionary) else place
        return LinkTarget(page=self._pages[place[0].objgen], top=float(place[3]))

    def list_bookmarks(self, item: Object | None, level: int = 0) -> Iterator[Bookmark]:
        """Yield the entries below an entry of the outline, in the order of the book."""
        below = None if item is None else item.get("/First")
        while below is not None:
            yield Bookmark(level + 1, str(below.Title), self._find_target(below))
            yield from self.list_bookmarks(below, level + 1)
            below = below.get("/Next")


def _list_children(element: Object) -> Sequence[Any]:
    """What an element holds: others, and the numbers of pieces of its page."""
    inside = element.get("/K")
    if isinstance(inside, Array):
        return list(inside)
    return [] if inside is None else [inside]


def _get_tag(element: Any) -> str:
    """The tag of an element; empty for a piece of a page, and for the root of the structure."""
    return str(element.get("/S", ""))[1:] if isinstance(element, Dictionary) else ""


def _list_attributes(element: Object) -> Sequence[Object]:
    attributes = element.get("/A")
    if isinstance(attributes, Array):
        return list(attributes)
    return [] if attributes is None else [attributes]


def _is_inline(element: Object, tag: str) -> bool:
    """Whether an element stands in a line of the one around it."""
    blocks = (each for each in _list_attributes(element) if each.get("/Placement") == "/Block")
    return tag in INLINE and not any(blocks)


def _list_heads(cell: Object) -> Iterator[str]:
    for attributes in _list_attributes(cell):
        yield from map(str, attributes.get("/Headers", ()))
