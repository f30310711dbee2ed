"""Compare a finished page with its description: it says all of it, in order, and nothing more.

What was meant is known, so nothing is guessed: words are compared one by one, and with them what
hangs on each (its figure, where it leads, the name it is called by), and the heads beside cells.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest

from helpline_report.audit.expectations import Element, Misreading
from helpline_report.audit.page_texts import (
    PageMark,
    PagePlace,
    PageText,
    clean,
    read_page,
    split_words,
)
from helpline_report.description import Node

# Nodes that have no words of their own: they say more of the words before them.
BESIDE_WORDS = ("value", "raw", "missing", "parameter", "sourced", "link", "label", "alternative")
OF_PAGES = ("anchor", "language", "table", "meta", "alternate", "canonical", "sheet-foot", "card")
MARKS = frozenset([*BESIDE_WORDS, *OF_PAGES])
# Nodes that hold a number of a figure where they lead to its card, and those that are about one.
CARD = "#figure-"
ABOUT_FIGURES = frozenset(["numbers", "margin", "year-before"])
# The elements that words of some kinds stand in; no others stand in these. A heading has its level.
TAGS = {
    "document-title": {"title"},
    "title": {"h1"},
    "head": {"th"},
    "row": {"th", "td"},
    "cell": {"td"},
    "campaign": {"h3"},
    "opener": {"summary"},
    "headline": {"figcaption"},
    "caption": {"figcaption", "caption"},
    "own-title": {"figcaption", "caption"},
    "subtitle": {"figcaption", "caption"},
    "credit": {"figcaption", "p"},
    "term": {"dt"},
    "explanation": {"dd"},
    "goal": {"dd"},
    "means": {"dd"},
}
LEVELS = [f"h{level}" for level in range(1, 7)]
RESERVED = {*LEVELS, *(tag for tags in TAGS.values() for tag in tags)} - {"p"}
# How many words of a difference are named.
MOST_WORDS = 12

# From and up to where two sequences differ: in the one, and in the other.
Gap = tuple[int, int, int, int]


@dataclass
class Meant:
    """What nodes mean a page to say: its words and marks, each with the number of its node.

    `spans` are the words beside which the marks of each node stand.
    """

    text: PageText = field(default_factory=PageText)
    of_words: list[int] = field(default_factory=list)
    of_marks: list[int] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)


def compare_page(file: str, page: Element, nodes: Sequence[Node]) -> Iterator[Misreading]:
    """Every place where a page says something else than its nodes."""
    stands, meant = read_page(page), list_meant(nodes)
    for gap in find_gaps(meant.text.words, stands.words):
        yield _name_words(file, nodes, meant, stands, gap)
    for gap in find_gaps(meant.text.marks, stands.marks):
        yield from _name_marks(file, nodes, meant, stands, gap)
    if stands.words != meant.text.words:
        return
    for number, here, there in zip(meant.of_words, meant.text.places, stands.places, strict=True):
        if not _fits(nodes[number], here, there):
            yield _differ(file, nodes[number], f"in {_name_place(there)}", _name_place(here))
    if stands.marks == meant.text.marks:
        for number, position in zip(meant.of_marks, stands.positions, strict=True):
            first, last = meant.spans[number]
            if not first <= position <= last:
                beside = " ".join(stands.words[max(0, position - MOST_WORDS) : position])
                yield _differ(file, nodes[number], f"behind '{beside}'", "its own place")


# What was meant


def list_meant(nodes: Sequence[Node]) -> Meant:
    """What nodes mean a page to say, in their order."""
    meant, row, column, span = Meant(), 0, -1, (0, 0)
    for number, node in enumerate(nodes):
        if node.kind == "table":
            row, column = 0, -1
        elif node.kind == "row":
            row, column = row + 1, 0
        elif node.kind in ("head", "cell"):
            column += 1
        if node.kind not in MARKS:
            words = split_words(node.text)
            is_cell = node.kind in ("head", "row", "cell")
            place = (
                PagePlace(_find_tag(node), row, column) if is_cell else PagePlace(_find_tag(node))
            )
            span = (len(meant.text.words), len(meant.text.words) + len(words))
            meant.text.words += words
            meant.text.places += [place] * len(words)
            meant.of_words += [number] * len(words)
        meant.spans.append(span)
        marks = list(_list_marks(node))
        meant.text.marks += marks
        meant.of_marks += [number] * len(marks)
    return meant


def _find_tag(node: Node) -> str:
    """The element that the words of a node stand in; empty where there are several, or any."""
    if node.kind == "heading":
        # The page is the highest heading, and a chapter the next.
        return LEVELS[min(int(node.form), len(LEVELS) - 1)]
    tags = TAGS.get(node.kind, set())
    return next(iter(tags)) if len(tags) == 1 else ""


def _list_marks(node: Node) -> list[PageMark]:
    """What hangs on a node."""
    text, about, target = clean(node.text), node.about, node.target
    match node.kind:
        case "card":
            return [PageMark("anchor", about=target.removeprefix("#")), PageMark("label", text)]
        case "alternative" if node.form:
            # A picture is known by its bytes.
            return [PageMark(node.kind, text, form=node.form)]
        case kind if kind in MARKS:
            return [PageMark(kind, text, about, target, node.form)]
        case kind if about and (kind in ABOUT_FIGURES or target.startswith(CARD)):
            return [PageMark("value", text, about, target, node.form)]
        case kind if target:
            return [PageMark("link", text, about if kind == "translation" else "", target)]
    return [PageMark("hidden", text)] if node.form == "hidden" else []


# What differs


def _fits(node: Node, meant: PagePlace, stands: PagePlace) -> bool:
    """Whether a word stands in an element, row and column where its node may stand."""
    if meant.tag:
        is_right = stands.tag == meant.tag
    else:
        tags = TAGS.get(node.kind)
        is_right = stands.tag in tags if tags else stands.tag not in RESERVED
    return is_right and (stands.row, stands.column) == (meant.row, meant.column)


def _name_place(place: PagePlace) -> str:
    cell = f", row {place.row}, column {place.column + 1}" if place.tag in ("th", "td") else ""
    return f"<{place.tag}>{cell}"


def find_gaps(meant: Sequence[Hashable], stands: Sequence[Hashable]) -> Iterator[Gap]:
    """Where two sequences differ; nothing where they are the same."""
    if meant == stands:
        return
    shorter = min(len(meant), len(stands))
    start = next((at for at in range(shorter) if meant[at] != stands[at]), shorter)
    rest = shorter - start
    end = next((at for at in range(rest) if meant[-1 - at] != stands[-1 - at]), rest)
    here, there = meant[start : len(meant) - end], stands[start : len(stands) - end]
    for kind, first, last, lower, upper in SequenceMatcher(None, here, there).get_opcodes():
        if kind != "equal":
            yield first + start, last + start, lower + start, upper + start


def _name_words(
    file: str, nodes: Sequence[Node], meant: Meant, stands: PageText, gap: Gap
) -> Misreading:
    first, last, lower, upper = gap
    numbers = meant.of_words
    # Words that were added stand behind the node before them.
    at = first if first < last else first - 1
    node = nodes[numbers[at]] if 0 <= at < len(numbers) else nodes[0]
    expected = f"'{_shorten(meant.text.words[first:last])}'" if first < last else "nothing"
    return _differ(file, node, _shorten(stands.words[lower:upper]), expected)


def _name_marks(
    file: str, nodes: Sequence[Node], meant: Meant, stands: PageText, gap: Gap
) -> Iterator[Misreading]:
    first, last, lower, upper = gap
    pairs = zip_longest(range(first, last), stands.marks[lower:upper])
    for at, mark in pairs:
        place = min(first if at is None else at, len(meant.of_marks) - 1)
        expected = "nothing" if at is None else f"{meant.text.marks[at]}"
        yield _differ(file, nodes[meant.of_marks[place]], str(mark or ""), expected)


def _shorten(words: Sequence[str]) -> str:
    return " ".join(words[:MOST_WORDS]) + (" …" if len(words) > MOST_WORDS else "")


def _differ(file: str, node: Node, stands: str, expected: str) -> Misreading:
    place = f"'{node.place}', {node.kind}"
    return Misreading(file, place, node.about or node.target, stands, expected)
