"""Nodes are written as HTML: every text escaped, every figure marked with its value and its id."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from helpline_report.prose.nodes import (
    Block,
    BulletList,
    Emphasis,
    Exempt,
    Heading,
    Inline,
    Item,
    Link,
    Note,
    OrderedList,
    Paragraph,
    Placeholder,
    Quote,
    SoftBreak,
    Strong,
    Text,
    Value,
    plain,
    settable,
)

LOWEST_HEADING = 6

Address = Callable[[str], str]
ShowFigure = Callable[[Value], Markup]


def html(
    nodes: tuple[Block, ...],
    *,
    href: Address | None = None,
    shift: int = 0,
    prefix: str = "",
    figure: ShowFigure | None = None,
) -> Markup:
    """The blocks of a resolved text as HTML.

    Args:
        nodes: `Resolved.nodes`.
        href: the address of a figure's page in the audit, by its id; without it, no link.
        shift: how many levels headings are lowered (1 makes `#` an h2).
        prefix: stands before the ids of headings; one a cell keeps them apart on a page.
        figure: writes a figure's value in place of the usual `<data class="figure">`.
    """
    return _Renderer(href, shift, prefix, figure).blocks(nodes)


def figure_html(value: Value, href: Address | None = None) -> Markup:
    """A figure in words with its value for machines, linked to its page in the audit."""
    said = escape(settable(value.text))
    if href is not None and value.figure is not None:
        said = Markup('<a href="{}">{}</a>').format(href(value.figure), said)
    return Markup('<data class="figure" value="{}">{}</data>').format(value.raw, said)


def slug(text: str) -> str:
    """A text as an id: 'Per maand' is 'per-maand'."""
    bare = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


@dataclass
class _Renderer:
    href: Address | None
    shift: int
    prefix: str
    figure: ShowFigure | None
    ids: dict[str, int] = field(default_factory=dict)

    def blocks(self, nodes: tuple[Block, ...]) -> Markup:
        return Markup("\n").join(self.block(node) for node in nodes)

    def block(self, node: Block) -> Markup:
        match node:
            case Heading():
                level = min(node.level + self.shift, LOWEST_HEADING)
                inner = self.inlines(node.children)
                pattern = Markup('<h{level} id="{id}">{inner}</h{level}>')
                return pattern.format(level=level, id=self.heading_id(node), inner=inner)
            case Paragraph():
                return Markup("<p>{}</p>").format(self.inlines(node.children))
            case BulletList():
                return Markup("<ul>\n{}\n</ul>").format(self.items(node.items))
            case OrderedList():
                return Markup("<ol>\n{}\n</ol>").format(self.items(node.items))
            case Quote():
                inner = self.blocks(node.children)
                return Markup("<blockquote>\n{}\n</blockquote>").format(inner)
            case Note():
                return Markup('<p class="note">{}</p>').format(settable(node.text))

    def items(self, items: tuple[Item, ...]) -> Markup:
        made = (Markup("<li>{}</li>").format(self.item(item)) for item in items)
        return Markup("\n").join(made)

    def item(self, item: Item) -> Markup:
        """A tight item holds its text without a paragraph around it."""
        return Markup("\n").join(
            self.inlines(child.children)
            if item.tight and isinstance(child, Paragraph)
            else self.block(child)
            for child in item.children
        )

    def heading_id(self, heading: Heading) -> str:
        name = "-".join(part for part in (self.prefix, slug(plain(heading.children))) if part)
        self.ids[name] = self.ids.get(name, 0) + 1
        return name if self.ids[name] == 1 else f"{name}-{self.ids[name]}"

    def inlines(self, children: tuple[Inline, ...]) -> Markup:
        return Markup("").join(self.inline(child) for child in children)

    def inline(self, node: Inline) -> Markup:
        match node:
            case Text():
                return escape(settable(node.text))
            case SoftBreak():
                return Markup("\n")
            case Value():
                return self.value(node)
            case Exempt():
                return Markup("<span>{}</span>").format(settable(node.text))
            case Emphasis():
                return Markup("<em>{}</em>").format(self.inlines(node.children))
            case Strong():
                return Markup("<strong>{}</strong>").format(self.inlines(node.children))
            case Link():
                inner = self.inlines(node.children)
                return Markup('<a href="{}">{}</a>').format(node.href, inner)
            case Placeholder():
                raise ValueError(f"'{node.name}' isn't resolved")

    def value(self, value: Value) -> Markup:
        if value.figure is None:
            return escape(settable(value.text))
        return self.figure(value) if self.figure else figure_html(value, self.href)
