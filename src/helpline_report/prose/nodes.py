"""The tree of a text: a few kinds of block and of inline node, frozen, that hold text as it is.

A node never holds markup. What a renderer writes of a node's text it escapes, so a label from the
data stays a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Text:
    """Literal text; `line` is its line in the source, from 0."""

    text: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class SoftBreak:
    """The end of a line inside a paragraph: a space."""


@dataclass(frozen=True)
class Placeholder:
    """`{{ name | form }}` before it is resolved; a resolved tree holds none."""

    name: str
    form: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Value:
    """A figure in words, or something of the parameters (`figure` is None).

    `raw` is the figure's value for machines: a decimal point, nothing rounded.
    """

    text: str
    figure: str | None = None
    form: str | None = None
    raw: str = ""


@dataclass(frozen=True)
class Exempt:
    """Text that may hold numerals and findings of its own, because its source is given."""

    text: str
    source: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Emphasis:
    """Emphasised text."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Strong:
    """Strongly emphasised text."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Link:
    """A link to `https:`, `mailto:`, `tel:` or an anchor of the page (`#name`)."""

    href: str
    children: tuple[Inline, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the highest."""

    level: int
    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Item:
    """One item of a list; `tight` items hold their text without a paragraph's space."""

    children: tuple[Block, ...]
    tight: bool = True


@dataclass(frozen=True)
class BulletList:
    """A list without numbers."""

    items: tuple[Item, ...]


@dataclass(frozen=True)
class OrderedList:
    """A list numbered from 1."""

    items: tuple[Item, ...]


@dataclass(frozen=True)
class Quote:
    """A quotation."""

    children: tuple[Block, ...]


@dataclass(frozen=True)
class Note:
    """Stands where something was left out, and says why."""

    text: str


Inline = Text | SoftBreak | Placeholder | Value | Exempt | Emphasis | Strong | Link
Block = Heading | Paragraph | BulletList | OrderedList | Quote | Note


SPACES = re.compile(r"[\t\n\r]")
# The controls (Cc) and the surrogates (Cs) of Unicode, which no version of it adds to.
UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def settable(text: str) -> str:
    """A text that any page can hold: no control characters, no halves of characters, one line."""
    return UNFIT.sub("\N{REPLACEMENT CHARACTER}", SPACES.sub(" ", text))


def plain(children: tuple[Inline, ...]) -> str:
    """The text of inline nodes without any markup; a placeholder shows as it is written."""
    return "".join(_plain(child) for child in children)


def _plain(node: Inline) -> str:
    match node:
        case Text() | Value() | Exempt():
            return node.text
        case SoftBreak():
            return " "
        case Placeholder():
            return f"{{{{ {node.name} }}}}"
        case Emphasis() | Strong() | Link():
            return plain(node.children)


def blocks_of(blocks: tuple[Block, ...]) -> Iterator[Heading | Paragraph | Note]:
    """Every block that holds text itself, in order, out of lists and quotations."""
    for block in blocks:
        match block:
            case BulletList() | OrderedList():
                for item in block.items:
                    yield from blocks_of(item.children)
            case Quote():
                yield from blocks_of(block.children)
            case _:
                yield block


def values(blocks: tuple[Block, ...]) -> Iterator[Value]:
    """Every value that a resolved text shows, in order."""
    for block in blocks_of(blocks):
        if not isinstance(block, Note):
            yield from _values(block.children)


def _values(children: tuple[Inline, ...]) -> Iterator[Value]:
    for child in children:
        match child:
            case Value():
                yield child
            case Emphasis() | Strong() | Link():
                yield from _values(child.children)
            case _:
                pass
