"""HTML as a small tree, each element and each piece of text with its line in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr")
)
SILENT = frozenset(("script", "style", "svg", "template", "head"))


@dataclass(frozen=True)
class Text:
    """A piece of text, and the line it begins on."""

    text: str
    line: int


@dataclass(frozen=True)
class Element:
    """An element with its children; `line` is where its tag stands."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Element | Text] = field(default_factory=list)

    @property
    def classes(self) -> frozenset[str]:
        """Its classes."""
        return frozenset(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        """All text in it that a reader sees, white space as one space."""
        return re.sub(r"\s+", " ", "".join(piece.text for piece in self.texts())).strip()

    def texts(self, skip: Callable[[Element], bool] | None = None) -> Iterator[Text]:
        """The pieces of text in it, in order; elements to skip stand for a space."""
        for child in self.children:
            if isinstance(child, Text):
                yield child
            elif child.tag in SILENT or (skip is not None and skip(child)):
                yield Text(" ", child.line)
            else:
                yield from child.texts(skip)

    def all(self, *tags: str) -> Iterator[Element]:
        """Every element of these tags in it, in order."""
        for child in self.children:
            if isinstance(child, Element):
                if child.tag in tags:
                    yield child
                yield from child.all(*tags)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {}, 1)
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs}, self.getpos()[0])
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs}, self.getpos()[0])
        self.open[-1].children.append(element)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(Text(data, self.getpos()[0]))


def parse(source: str) -> Element:
    """The tree of a page; what isn't closed is closed at the end."""
    builder = _Builder()
    builder.feed(source)
    builder.close()
    return builder.root
