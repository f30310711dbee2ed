"""The tree of a text: elements, and leaves that hold text as it is.

A node never holds markup. What a renderer writes of a node's text it escapes, so a label from the
data stays a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from helpline_report.parameters.values import is_blank

# A block that begins with `{{ else }}` takes the place of the one before, if that lacks a figure.
ELSE = "else"
# The kinds that have text of their own, and no block inside.
TEXTS = ("heading", "paragraph", "note", "credit", "head", "cell", "picture", "footnote")
SPACES = re.compile(r"[\t\n\r]")
# The controls (Cc) and the surrogates (Cs) of Unicode, which no version of it adds to.
UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Text:
    """Literal text; `line` is its line in the source, from 0, and `column` its column, from 1."""

    text: str
    line: int = field(default=0, compare=False)
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class SoftBreak:
    """The end of a line inside a paragraph: a space."""


@dataclass(frozen=True)
class Placeholder:
    """`{{ name | form }}` before it is resolved; a resolved tree holds none."""

    name: str
    form: str | None = None
    line: int = field(default=0, compare=False)
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Value:
    """A figure in words, or something of the parameters (`figure` is None) by its `name`.

    `raw` is the figure's value for machines: a decimal point, nothing rounded. What follows from a
    figure is `about` it; where it has a `name` too, it says why that has no value.
    """

    text: str
    figure: str | None = None
    form: str | None = None
    raw: str = ""
    about: str = ""
    name: str = field(default="", compare=False)


@dataclass(frozen=True)
class Exempt:
    """Text that may hold numerals and findings of its own, because its source is given."""

    text: str
    source: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Photograph:
    """A picture as it is published, without what its file said of camera and place."""

    data: bytes = field(repr=False)
    kind: str
    width: int
    height: int


@dataclass(frozen=True)
class Element:
    """A node with others inside.

    Its `kind` is one of `TEXTS` (a note stands where something was left out, and says why), of what
    holds blocks (`bullets`, `numbers`, `item`, `quote`, `table`, `row`, `footnotes`), or of what
    stands in a line (`emphasis`, `strong`, `link`). `level` is that of a heading (1 is the
    highest), or a footnote's number. A `tight` item holds its text without a paragraph's space, a
    `right` cell at its right side. `href` is where a link leads (`https:`, `mailto:`, `tel:`, or an
    anchor of the page: `#name`), the file of a picture, or a footnote's name in the report. A
    picture holds its alternative text. A footnote stands where its number does, and holds its text.
    """

    kind: str
    children: tuple[Node, ...]
    level: int = 0
    tight: bool = False
    right: bool = False
    href: str = ""
    credit: str = ""
    photograph: Photograph | None = None
    line: int = field(default=0, compare=False)

    @property
    def holds_text(self) -> bool:
        """Whether it has text of its own, and no block inside."""
        return self.kind in TEXTS

    @property
    def is_credited(self) -> bool:
        """Whether it is a quotation that says who is quoted."""
        elements = [child for child in self.children if isinstance(child, Element)]
        return any(element.kind == "credit" for element in elements)


Node = Element | Text | SoftBreak | Placeholder | Value | Exempt


def settable(text: str) -> str:
    """A text that any page can hold: no control characters, no halves of characters, one line."""
    return UNFIT.sub("\N{REPLACEMENT CHARACTER}", SPACES.sub(" ", text))


def has_words(nodes: Iterable[Node]) -> bool:
    """Whether some nodes say or show something; a placeholder may."""
    shown = ("footnote", "picture")
    return any(
        not is_blank(node.text)
        if isinstance(node, Text | Exempt | Value)
        else isinstance(node, Placeholder) or (isinstance(node, Element) and node.kind in shown)
        for node in walk(nodes)
    )


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node of some trees, in order, an element before what it holds."""
    for node in nodes:
        yield node
        if isinstance(node, Element):
            yield from walk(node.children)


def text_blocks(nodes: Iterable[Node], *, quoted: bool = True) -> Iterator[Element]:
    """Every block that holds text itself, in order, out of lists, tables and footnotes.

    What is `quoted` with its credit is among them unless told otherwise.
    """
    for node in nodes:
        if isinstance(node, Element):
            if node.holds_text:
                yield node
            if quoted or not node.is_credited:
                yield from text_blocks(node.children, quoted=quoted)


def leaves(nodes: Iterable[Node]) -> Iterator[Text | SoftBreak | Placeholder | Value | Exempt]:
    """The leaves of a text in order, without those of its footnotes."""
    for node in nodes:
        if not isinstance(node, Element):
            yield node
        elif node.kind != "footnote":
            yield from leaves(node.children)


def values(nodes: Iterable[Node]) -> Iterator[Value]:
    """Every value that a resolved text shows, in order."""
    return (node for node in walk(nodes) if isinstance(node, Value))


def plain(nodes: Iterable[Node]) -> str:
    """The text of nodes without markup and footnotes; a placeholder shows as it is written."""
    texts = []
    for node in leaves(nodes):
        if isinstance(node, Placeholder):
            texts.append(f"{{{{ {node.name} }}}}")
        else:
            texts.append(" " if isinstance(node, SoftBreak) else node.text)
    return "".join(texts)
