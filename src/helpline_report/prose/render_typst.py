"""Nodes are written as Typst: every text is a string literal, so no text can become markup."""

from __future__ import annotations

from collections.abc import Collection

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
    settable,
)


def typst(nodes: tuple[Block, ...], *, shift: int = 0, labels: Collection[str] = ()) -> str:
    """The blocks of a resolved text as Typst markup.

    Args:
        nodes: `Resolved.nodes`.
        shift: how many levels headings are lowered.
        labels: the labels of the document; a link to another `#anchor` is set as plain text.
    """
    return _Renderer(shift, frozenset(labels)).blocks(nodes)


def literal(text: str) -> str:
    """A text as Typst's string literal: quotes and backslashes escaped, nothing else special."""
    escaped = settable(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def content(text: str) -> str:
    """A text as content, for use in markup."""
    return f"#{literal(text)};" if text else ""


class _Renderer:
    def __init__(self, shift: int, labels: frozenset[str]) -> None:
        self.shift = shift
        self.labels = labels

    def blocks(self, nodes: tuple[Block, ...]) -> str:
        return "\n\n".join(self.block(node) for node in nodes)

    def block(self, node: Block) -> str:
        match node:
            case Heading():
                level = node.level + self.shift
                return f"#heading(level: {level})[{self.inlines(node.children)}]"
            case Paragraph():
                return f"#par[{self.inlines(node.children)}]"
            case BulletList():
                return f"#list({self.items(node.items)})"
            case OrderedList():
                return f"#enum({self.items(node.items)})"
            case Quote():
                return f"#quote(block: true)[{self.blocks(node.children)}]"
            case Note():
                return f"#par[#emph[{content(node.text)}]]"

    def items(self, items: tuple[Item, ...]) -> str:
        tight = "true" if all(item.tight for item in items) else "false"
        bodies = ", ".join(f"[{self.item(item)}]" for item in items)
        return f"tight: {tight}, {bodies}"

    def item(self, item: Item) -> str:
        """A tight item holds its text without a paragraph around it."""
        return "\n".join(
            self.inlines(child.children)
            if item.tight and isinstance(child, Paragraph)
            else self.block(child)
            for child in item.children
        )

    def inlines(self, children: tuple[Inline, ...]) -> str:
        return "".join(self.inline(child) for child in children)

    def inline(self, node: Inline) -> str:
        match node:
            case Text() | Value() | Exempt():
                return content(node.text)
            case SoftBreak():
                return content(" ")
            case Emphasis():
                return f"#emph[{self.inlines(node.children)}]"
            case Strong():
                return f"#strong[{self.inlines(node.children)}]"
            case Link():
                return self.link(node)
            case Placeholder():
                raise ValueError(f"'{node.name}' isn't resolved")

    def link(self, node: Link) -> str:
        inner = self.inlines(node.children)
        if not node.href.startswith("#"):
            return f"#link({literal(node.href)})[{inner}]"
        anchor = node.href.removeprefix("#")
        return f"#link(label({literal(anchor)}))[{inner}]" if anchor in self.labels else inner
