"""The notebooks' own explanations as HTML: figures are shown by name, each linked to its trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from markupsafe import Markup

from helpline_report.audit.uses import REPORT
from helpline_report.prose.markdown import parse
from helpline_report.prose.nodes import (
    Block,
    BulletList,
    Emphasis,
    Heading,
    Inline,
    Item,
    Link,
    Note,
    OrderedList,
    Placeholder,
    Quote,
    Strong,
    Value,
    plain,
)
from helpline_report.prose.place import Place
from helpline_report.prose.render_html import html

Address = Callable[[str], str | None]
Listed = TypeVar("Listed", BulletList, OrderedList)


def explanation(text: str, where: Place, address: Address) -> tuple[str, Markup]:
    """The title of a text (its first heading of level 1, or nothing), and the rest as HTML.

    Raises:
        TextError: the text holds Markdown that can't be set.
    """
    blocks = parse(text, where)
    title = ""
    if blocks and isinstance(blocks[0], Heading) and blocks[0].level == 1:
        title, blocks = plain(blocks[0].children), blocks[1:]
    shown = tuple(_block(block) for block in blocks)
    return title, html(shown, prefix=f"text-{where.cell}", figure=lambda v: _named(v, address))


def _named(value: Value, address: Address) -> Markup:
    """A placeholder as it is written, and the trace of its figure."""
    written = Markup("<code>{}</code>").format(value.text)
    href = address(value.figure or "")
    return Markup('<a href="{}">{}</a>').format(href, written) if href else written


def _block(block: Block) -> Block:
    match block:
        case Note():
            return block
        case BulletList():
            return _listed(block)
        case OrderedList():
            return _listed(block)
        case Heading():
            level = max(2, min(3, block.level))
            return replace(block, level=level, children=_inlines(block.children))
        case Quote():
            return Quote(tuple(_block(child) for child in block.children))
    return replace(block, children=_inlines(block.children))


def _listed(block: Listed) -> Listed:
    return replace(block, items=tuple(_item(item) for item in block.items))


def _item(item: Item) -> Item:
    return replace(item, children=tuple(_block(child) for child in item.children))


def _inlines(children: tuple[Inline, ...]) -> tuple[Inline, ...]:
    return tuple(_inline(child) for child in children)


def _inline(node: Inline) -> Inline:
    match node:
        case Placeholder():
            form = f" | {node.form}" if node.form else ""
            return Value(text=f"{{{{ {node.name}{form} }}}}", figure=node.name)
        case Link():
            href = f"{REPORT}{node.href}" if node.href.startswith("#") else node.href
            return Link(href, _inlines(node.children), node.line)
        case Emphasis():
            return Emphasis(_inlines(node.children))
        case Strong():
            return Strong(_inlines(node.children))
    return node
