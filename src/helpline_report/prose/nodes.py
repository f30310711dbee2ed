"""The tree of a text: elements, and leaves that hold text as it is.

A node never holds markup. What a renderer writes of a node's text it escapes, so a label from the
data stays a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Text:
    """Literal text; `line` is its line in the source, from 0, and `column` its column, from 1."""

    text: str
    line: int = field(default=0, compare=False)
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class SoftBreak:
    """The end of a line inside a paragraph: a space."""


# `{{ else }}` at its beginning: a block stands for the one before where that lacks a figure.
ELSE = "else"


@dataclass(frozen=True)
class Placeholder:
    """`{{ name | form }}` before it is resolved; a resolved tree holds none."""

    name: str
    form: str | None = None
    line: int = field(default=0, compare=False)
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Value:
    """A figure in words, or something of the parameters (`figure` is None).

    `raw` is the figure's value for machines: a decimal point, nothing rounded. What follows from a
    figure is `about` it.
    """

    text: str
    figure: str | None = None
    form: str | None = None
    raw: str = ""
    about: str = ""


@dataclass(frozen=True)
class Exempt:
    """Text that may hold numerals and findings of its own, because its source is given."""

    text: str
    source: str
    line: int = field(default=0, compare=False)


Kind = Literal[
    "heading",
    "paragraph",
    "note",
    "bullets",
    "numbers",
    "item",
    "quote",
    "emphasis",
    "strong",
    "link",
]


@dataclass(frozen=True)
class Element:
    """A node with others inside.

    `level` is that of a heading (1 is the highest). A `tight` item holds its text without a
    paragraph's space. `href` is where a link leads: `https:`, `mailto:`, `tel:`, or an anchor of
    the page (`#name`). A note stands where something was left out, and says why.
    """

    kind: Kind
    children: tuple[Node, ...]
    level: int = 0
    tight: bool = False
    href: str = ""
    line: int = field(default=0, compare=False)

    @property
    def holds_text(self) -> bool:
        """Whether it is a block with text of its own, and none inside others."""
        return self.kind in ("heading", "paragraph", "note")


Node = Element | Text | SoftBreak | Placeholder | Value | Exempt

SPACES = re.compile(r"[\t\n\r]")
# The controls (Cc) and the surrogates (Cs) of Unicode, which no version of it adds to.
UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def settable(text: str) -> str:
    """A text that any page can hold: no control characters, no halves of characters, one line."""
    return UNFIT.sub("\N{REPLACEMENT CHARACTER}", SPACES.sub(" ", text))


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node of some trees, in order, an element before what it holds."""
    for node in nodes:
        yield node
        if isinstance(node, Element):
            yield from walk(node.children)


def text_blocks(nodes: Iterable[Node]) -> Iterator[Element]:
    """Every block that holds text itself, in order, out of lists and quotations."""
    return (node for node in walk(nodes) if isinstance(node, Element) and node.holds_text)


def values(nodes: Iterable[Node]) -> Iterator[Value]:
    """Every value that a resolved text shows, in order."""
    return (node for node in walk(nodes) if isinstance(node, Value))


def plain(nodes: Iterable[Node]) -> str:
    """The text of nodes without any markup; a placeholder shows as it is written."""
    texts = []
    for node in walk(nodes):
        match node:
            case Text() | Value() | Exempt():
                texts.append(node.text)
            case SoftBreak():
                texts.append(" ")
            case Placeholder():
                texts.append(f"{{{{ {node.name} }}}}")
    return "".join(texts)
