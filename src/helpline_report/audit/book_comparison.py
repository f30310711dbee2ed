"""Compare a finished PDF with its description: it says all of it, in order, and nothing more.

The blocks of its structure are compared one by one with what the nodes mean them to be: their
words and tags, where they lead, the heads beside cells. What only the set book knows follows from
its structure: the page of a chapter in the contents, that of a table below its chart, page numbers.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product, zip_longest

from helpline_report.audit.book_plan import (
    CAPTION,
    CELL,
    DRAWN,
    ENTRY,
    FOLIO,
    HEAD,
    PICTURE,
    ROW,
    RUNNING,
    TEXT,
    TITLE,
    WARNING,
    Plan,
    PlannedBlock,
    leave_seen,
    plan_book,
    squeeze,
)
from helpline_report.audit.expectations import Misreading
from helpline_report.audit.font_letters import MISSING, write_in_fonts
from helpline_report.audit.numerals import DIGIT
from helpline_report.audit.page_comparison import find_gaps
from helpline_report.audit.pdf_blocks import LIST, Book, LinkTarget, PdfBlock
from helpline_report.description import Node
from helpline_report.parameters.house_files import House

# What the PDF says of itself, by the kinds of nodes.
DOCUMENT: Mapping[str, Callable[[Book], str]] = {
    "language": lambda book: book.language,
    "document-title": lambda book: book.title,
    "author": lambda book: book.author,
    "keywords": lambda book: book.keywords,
}
HEADING, HIGHEST = "heading ", "heading 1"
TAGS = {"TD": CELL, "Caption": CAPTION, "Figure": PICTURE, "Title": TITLE}
# What texts of some kinds stand in: an item of a list, or a quotation.
INSIDE = {"item": "LI", "footnote": "LI", "quote": "BlockQuote"}
CONTENTS, FOOTNOTE = "contents", "footnote"
# What is drawn where nobody reads: dots that lead to the number of a page.
DOTS = {"."}
NUMBERED = re.compile(r"(\d+)\.")
# Who follows a link sees this much of what stands above its place, in points.
SEEN_ABOVE = 10
# How much of a text is named.
MOST_LETTERS = 150

# A block of the plan, what stands there, and the number of both.
Pair = tuple[PlannedBlock, PdfBlock, int]


def compare_book(
    file: str, book: Book, nodes: Sequence[Node], house: House
) -> Iterator[Misreading]:
    """Every place where a PDF says something else than its nodes, in the fonts of a house."""
    plan = plan_book([*write_in_fonts(nodes, house)])
    yield from BookComparison(file, book, plan).compare()


def find_foreign_numbers(file: str, book: Book, page: str) -> Iterator[Misreading]:
    """The texts of a PDF with numbers that the text of a page hasn't, where no description is.

    Typesetting numbers captions, and says on which page something stands. A question mark may stand
    for a letter that the page has.
    """
    whole = squeeze(page)
    for block in book.blocks:
        role, texts = find_role(block), [block.text, block.alternative]
        if role == PICTURE:
            texts = [block.alternative]
        elif role == CAPTION:
            texts = [block.text.partition(":")[2]]
        elif any(not link.target.address for link in block.links):
            texts = []
        for text in texts:
            is_known = squeeze(text) in whole or MISSING in text
            if DIGIT.search(text) and not is_known:
                yield Misreading(file, role, "", text, "a text of the page")


def find_role(block: PdfBlock) -> str:
    """What a block is: a heading with its level, a cell, a caption and so on."""
    tag, around = block.tag, block.tags
    if tag[:1] == "H" and tag[1:].isdigit():
        return f"{HEADING}{tag[1:]}"
    if tag == "TH":
        return HEAD if "THead" in around else ROW
    return ENTRY if "TOCI" in around else TAGS.get(tag, TEXT)


def _write_block(block: PdfBlock, role: str) -> str:
    """The words of a block; of a picture its alternative text, and what is drawn in it."""
    return f"{block.alternative}{DRAWN}{block.text}" if role == PICTURE else block.text


class BookComparison:
    """Compares a PDF with its plan."""

    def __init__(self, file: str, book: Book, plan: Plan) -> None:
        self.file, self.book, self.plan = file, book, plan
        # Nobody sees a block without words; a cell stands there all the same.
        self.blocks = [
            block for block in book.blocks if block.text or block.tag in ("TH", "TD", "Figure")
        ]
        self.roles = [find_role(block) for block in self.blocks]
        self._places = {
            anchor: number for number, meant in enumerate(plan.blocks) for anchor in meant.anchors
        }

    def compare(self) -> Iterator[Misreading]:
        """Yield each difference; what follows from the places of blocks only if all are right."""
        for kind, node in self.plan.document.items():
            if (stands := DOCUMENT[kind](self.book)) != node.text:
                yield self._differ(node, stands, f"'{node.text}'")
        for text in self.book.untagged:
            yield Misreading(self.file, "no block", "", text, "nothing")
        gaps = list(find_gaps(*self._list_keys()))
        for first, last, lower, upper in gaps:
            for meant, place in zip_longest(range(first, last), range(lower, upper)):
                yield self._name_gap(meant, place, first)
        if not gaps:
            numbers = range(len(self.blocks))
            pairs = list(zip(self.plan.blocks, self.blocks, numbers, strict=True))
            for pair in pairs:
                yield from self._compare_block(*pair)
            yield from self._compare_rows(pairs)
            yield from self._compare_lists(pairs)
            yield from self._compare_margins()
            yield from self._compare_bookmarks()

    def _list_keys(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """What each block is and says: as it is meant, and as it stands there."""
        meant = [(block.role, squeeze(self._write(block))) for block in self.plan.blocks]
        stands = [
            (role, squeeze(_write_block(block, role)))
            for role, block in zip(self.roles, self.blocks, strict=True)
        ]
        return meant, stands

    def _write(self, meant: PlannedBlock, between: Sequence[str] = ()) -> str:
        """The words of a block as it is meant, with the page that it names."""
        number = self._places[meant.page_of] if meant.page_of else len(self.blocks)
        page = self.blocks[number].page if number < len(self.blocks) else ""
        return meant.write(str(page), between)

    def _name_gap(self, meant: int | None, stands: int | None, first: int) -> Misreading:
        number = meant if meant is not None else min(first, len(self.plan.blocks)) - 1
        block = self.plan.blocks[max(0, number)]
        expected = f"{block.role}: '{self._write(block)[:MOST_LETTERS]}'"
        text = ""
        if stands is not None:
            role = self.roles[stands]
            text = f"{role}: {_write_block(self.blocks[stands], role)[:MOST_LETTERS]}"
        return self._differ(block.node, text, "nothing" if meant is None else expected)

    def _differ(self, node: Node, stands: object, expected: object) -> Misreading:
        place = f"'{node.place}', {node.kind}"
        return Misreading(self.file, place, node.about or node.target, str(stands), str(expected))

    # Blocks

    def _compare_block(self, meant: PlannedBlock, block: PdfBlock, _: int) -> Iterator[Misreading]:
        """The rest of a block whose words are right: spaces, list, language and links."""
        node, text = meant.node, block.text
        if meant.role != PICTURE and not self._has_spaces(meant, text):
            yield self._differ(node, text, f"'{self._write(meant)}'")
        if node.kind in INSIDE and INSIDE[node.kind] not in block.tags:
            yield self._differ(node, "/".join(block.tags), INSIDE[node.kind])
        if meant.language and not block.language.startswith(meant.language):
            yield self._differ(node, block.language, f"the language '{meant.language}'")
        links = [(squeeze(link.text), self._resolve(link.target)) for link in block.links]
        expected = [(words, self._find_place(target)) for words, target in meant.links]
        if meant.page_of:
            # All of it is one link, the page too. A heading's own links stand in the contents too.
            expected = [(squeeze(text), place) for _, place in expected]
        if meant.role == ENTRY:
            of_heading = self.plan.blocks[self._places[meant.page_of]].links
            expected[:0] = [(words, self._find_place(target)) for words, target in of_heading]
        if links != expected:
            yield self._differ(node, links, f"links {expected}")

    def _has_spaces(self, meant: PlannedBlock, text: str) -> bool:
        """Whether words are parted where they are meant to be; a line may end between pieces."""
        stands = leave_seen(" ".join(text.split()))
        joints = product((" ", ""), repeat=len(meant.pieces) - 1)
        return any(
            leave_seen(" ".join(self._write(meant, between).split())) == stands
            for between in joints
        )

    def _find_place(self, target: str) -> str | int:
        """Where a target leads: to a block by its number, or to an address."""
        return self._places[target.removeprefix("#")] if target.startswith("#") else target

    def _resolve(self, target: LinkTarget) -> str | int:
        """Where a place of the PDF is: at the beginning of a block, by its number; or an address.

        That is the highest block below it, and of those in one line the first.
        """
        if target.address:
            return target.address
        top = target.top - SEEN_ABOVE
        below = (place for place in self._tops.get(target.page, ()) if place[0] <= top)
        _, number = max(below, default=(0, 1))
        return -number

    @cached_property
    def _tops(self) -> Mapping[int, Sequence[tuple[float, int]]]:
        """How high the blocks of each page stand, each with its number below zero."""
        tops: dict[int, list[tuple[float, int]]] = {}
        for number, block in enumerate(self.blocks):
            if block.top:
                tops.setdefault(block.page, []).append((block.top, -number))
        return tops

    # Tables and lists

    def _compare_rows(self, pairs: Sequence[Pair]) -> Iterator[Misreading]:
        """Hold each cell to its row and its column, by its place and by the names of its heads."""
        heads: list[PdfBlock] = []
        before = 0
        for first, row in self._list_rows(pairs):
            is_heads = first.role == HEAD
            heads = row if is_heads else heads
            if {block.row for block in row} != {row[0].row} or row[0].row <= before:
                yield self._differ(first.node, "cells of several rows", "one row")
            if len(row) != len(heads):
                yield self._differ(first.node, f"{len(row)} cells", f"{len(heads)}")
            names = [(head.name, *([row[0].name] if at else [])) for at, head in enumerate(heads)]
            if not is_heads and [block.heads for block in row] != names:
                yield self._differ(first.node, [block.heads for block in row], f"heads {names}")
            before = row[0].row

    def _list_rows(self, pairs: Sequence[Pair]) -> Iterator[tuple[PlannedBlock, list[PdfBlock]]]:
        """Each row of heads, or of cells behind their head, as it is meant; with its first cell."""
        before = ""
        rows: list[tuple[PlannedBlock, list[PdfBlock]]] = []
        for meant, block, _ in pairs:
            if meant.role == ROW or (meant.role == HEAD and before != HEAD):
                rows.append((meant, [block]))
            elif meant.role in (HEAD, CELL) and rows:
                rows[-1][1].append(block)
            before = meant.role
        return iter(rows)

    def _compare_lists(self, pairs: Sequence[Pair]) -> Iterator[Misreading]:
        """Hold the items of a list to their numbers: 1, 2, 3; each list inside has its own."""
        numbers: list[int] = []
        notes = 0
        for meant, block, _ in pairs:
            notes = notes + 1 if meant.node.kind == FOOTNOTE else 0
            if LIST not in block.tags:
                numbers = []
                continue
            for depth, label in block.labels:
                numbers = [*numbers, *[0] * depth][:depth]
                number = NUMBERED.fullmatch(label)
                expected = notes or numbers[-1] + 1
                if number and int(number[1]) not in (expected, *([] if notes else [1])):
                    yield self._differ(meant.node, label, f"{expected}.")
                numbers[-1] = int(number[1]) if number else 0

    # Margins

    def _compare_margins(self) -> Iterator[Misreading]:
        """Hold head and foot of each page to its chapter and number, and repeated heads to theirs.

        The cover has the warning alone.
        """
        margins, sheets = self.plan.margins, self.book.sheets
        texts = {kind: node.text for kind, node in margins.items()}
        starts = [
            (block.page, block.text)
            for role, block in zip(self.roles, self.blocks, strict=True)
            if role == HIGHEST
        ]
        repeated = self._list_repeated()
        for page, sheet in enumerate(sheets, 1):
            head, foot = texts.get(WARNING, ""), ""
            if page > 1:
                titles = [text for start, text in starts if start <= page]
                head += "".join(texts.get(kind, "") for kind in RUNNING) + "".join(titles[-1:])
                foot = texts[FOLIO].replace("{total}", str(len(sheets)))
                foot = foot.replace("{number}", str(page))
            expected = (head, foot, repeated.get(page, ""))
            stands = (sheet.header.text, sheet.footer.text, sheet.repeated.text)
            for name, here, there in zip(("head", "foot", "table"), expected, stands, strict=True):
                if squeeze(here) != squeeze(there):
                    yield Misreading(self.file, f"{name} of page {page}", "", there, f"'{here}'")
            if not DOTS.issuperset(squeeze(sheet.decoration.text)):
                text = sheet.decoration.text
                yield Misreading(self.file, f"page {page}, drawn", "", text, "dots alone")

    def _list_repeated(self) -> Mapping[int, str]:
        """The heads of tables that begin on an earlier page than they end, by the later pages."""
        repeated: dict[int, str] = {}
        heads: list[PdfBlock] = []
        last, before = 0, ""
        for role, block in zip(self.roles, self.blocks, strict=True):
            if role == HEAD:
                heads = [*heads, block] if before == HEAD else [block]
                last = block.last
            elif role in (ROW, CELL):
                for page in range(last + 1, block.last + 1):
                    text = "".join(head.text for head in heads)
                    repeated[page] = repeated.get(page, "") + text
                last = max(last, block.last)
            before = role
        return repeated

    def _compare_bookmarks(self) -> Iterator[Misreading]:
        """The outline has every heading but that of the contents."""
        meant = [
            (int(block.role.removeprefix(HEADING)), squeeze(self._write(block)), number)
            for number, block in enumerate(self.plan.blocks)
            if block.role.startswith(HEADING) and block.node.place != CONTENTS
        ]
        stands = [
            (mark.level, squeeze(mark.text), self._resolve(mark.target))
            for mark in self.book.bookmarks
        ]
        for first, last, lower, upper in find_gaps(meant, stands):
            text = str(stands[lower:upper])
            yield Misreading(self.file, "the outline", "", text, str(meant[first:last]))
