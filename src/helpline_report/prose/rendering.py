"""Write nodes as HTML and as Typst: every text escaped, so no text can become markup."""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from markupsafe import Markup, escape

from helpline_report.prose.markdown import CHAPTER_ANCHOR
from helpline_report.prose.nodes import (
    Element,
    Exempt,
    Node,
    Photograph,
    SoftBreak,
    Text,
    Value,
    plain,
    settable,
)

LOWEST_HEADING = 6
DIGIT = re.compile(r"\d")
NUMERAL = re.compile(r"(\d+(?:[.,:/–-]\d+)*)")
HTML = {
    "paragraph": Markup("<p>{}</p>"),
    "note": Markup('<p class="note">{}</p>'),
    "bullets": Markup("<ul>\n{}\n</ul>"),
    "numbers": Markup("<ol>\n{}\n</ol>"),
    "item": Markup("<li>{}</li>"),
    "quote": Markup("<blockquote>\n{}\n</blockquote>"),
    "credit": Markup('<p class="credit">{}</p>'),
    "row": Markup("<tr>{}</tr>"),
    "emphasis": Markup("<em>{}</em>"),
    "strong": Markup("<strong>{}</strong>"),
}
TYPST = {
    "paragraph": "#par[{}]",
    "note": "#par[#emph[{}]]",
    "bullets": "#list(tight: {tight}, {})",
    "numbers": "#enum(tight: {tight}, {})",
    "item": "[{}]",
    "quote": "#quote(block: true)[{}]",
    "credit": "#par[— {}]",
    "emphasis": "#emph[{}]",
    "strong": "#strong[{}]",
}

TEXT_TABLE = Markup(
    '<div class="text-table"><table class="text">\n<thead>{}</thead>\n'
    "<tbody>\n{}\n</tbody>\n</table></div>"
)
PICTURE = Markup(
    '<figure class="photograph"><img src="{address}" width="{width}" height="{height}" alt="{alt}">'
    "<figcaption>{credit}</figcaption></figure>"
)
REFERENCE = Markup('<sup data-source="note"><a id="ref-{0}" href="#note-{0}">{1}</a></sup>')
NOTE = Markup('<li id="note-{0}">{1} <a href="#ref-{0}" aria-label="{2}">↩</a></li>')
# Typst reads a picture from its source alone.
IMAGE_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
    '<image href="{address}" width="{width}" height="{height}"/></svg>'
)

Output = TypeVar("Output", str, Markup)
ShowFigure = Callable[[Value], Markup]


def html(
    nodes: tuple[Node, ...],
    *,
    shift: int = 0,
    prefix: str = "",
    figure: ShowFigure | None = None,
    back: str = "",
) -> Markup:
    """The blocks of a resolved text as HTML.

    Args:
        nodes: `Resolved.nodes`.
        shift: how many levels headings are lowered (1 makes `#` an h2).
        prefix: stands before the ids of headings; one a cell keeps them apart on a page.
        figure: writes a figure's value in place of the usual `<data class="figure">`.
        back: what the link says that leads from a footnote back to its text.
    """
    return _HtmlRenderer(shift, prefix, figure or _figure, back).blocks(nodes)


def typst(nodes: tuple[Node, ...]) -> str:
    """The blocks of a resolved text as Typst markup; `nodes` as `html` takes them.

    A link to an anchor of the page is set as plain text: the book has no such anchors.
    """
    return _TypstRenderer().blocks(nodes)


def literal(text: str) -> str:
    """A text as Typst's string literal: quotes and backslashes escaped, nothing else special."""
    escaped = settable(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def slug(text: str) -> str:
    """A text as an id: 'Per maand' is 'per-maand'."""
    bare = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


class _Renderer(ABC, Generic[Output]):
    """The walk that HTML and Typst share; `between` is what stands between nodes."""

    between: dict[str, Output]

    def blocks(self, nodes: tuple[Node, ...]) -> Output:
        """Some blocks."""
        return self.between["blocks"].join(map(self.node, nodes))

    def inside(self, node: Element) -> Output:
        """What an element holds; a tight item holds its text without a paragraph around it."""
        match node.kind:
            case "quote":
                return self.blocks(node.children)
            case "bullets" | "numbers" | "footnotes":
                return self.between["items"].join(map(self.node, node.children))
            case "item":
                return self.between["lines"].join(
                    self.inside(child)
                    if node.tight and isinstance(child, Element) and child.kind == "paragraph"
                    else self.node(child)
                    for child in node.children
                )
        return self.between["texts"].join(map(self.node, node.children))

    @abstractmethod
    def node(self, node: Node) -> Output:
        """One node."""


@dataclass
class _HtmlRenderer(_Renderer[Markup]):
    shift: int
    prefix: str
    figure: ShowFigure
    back: str
    ids: dict[str, int] = field(default_factory=dict)

    between = {
        "blocks": Markup("\n"),
        "items": Markup("\n"),
        "lines": Markup("\n"),
        "texts": Markup(""),
    }

    def node(self, node: Node) -> Markup:
        match node:
            case Element(kind="heading"):
                level = min(node.level + self.shift, LOWEST_HEADING)
                pattern = Markup('<h{level} id="{id}">{inner}</h{level}>')
                return pattern.format(level=level, id=self.new_id(node), inner=self.inside(node))
            case Element(kind="link"):
                return Markup('<a href="{}">{}</a>').format(node.href, self.inside(node))
            case Element(kind="table" | "head" | "cell" | "picture" | "footnote" | "footnotes"):
                return self.block(node)
            case Element():
                return HTML[node.kind].format(self.inside(node))
            case Value():
                return self.value(node)
            case Text():
                return _literal_text(node.text)
            case Exempt():
                return _answered(node.text, node.source)
            case SoftBreak():
                return Markup("\n")
        raise ValueError(f"'{node.name}' isn't resolved")

    def block(self, node: Element) -> Markup:
        """A table, a picture, a footnote's number, or the footnotes below a text."""
        inner = Markup("") if node.kind == "table" else self.inside(node)
        side = Markup(' class="right"') if node.right else ""
        match node.kind:
            case "head":
                return Markup('<th scope="col"{}>{}</th>').format(side, inner)
            case "cell":
                return Markup("<td{}>{}</td>").format(side, inner)
            case "table":
                head, *rows = map(self.node, node.children)
                body = Markup("\n").join(rows)
                return TEXT_TABLE.format(head, body)
            case "footnotes":
                return Markup('<ol id="notes-{}">\n{}\n</ol>').format(
                    node.href, Markup("\n").join(map(self.note, node.children))
                )
            case "picture" if node.photograph:
                return PICTURE.format(
                    **_image(node.photograph), alt=plain(node.children), credit=node.credit
                )
            case "footnote" if node.level:
                return REFERENCE.format(node.href, node.level)
        # A page that shows how a text is written has neither numbers of notes nor photographs.
        if node.kind == "footnote":
            return Markup(" ({})").format(inner)
        return Markup("<p><em>{}</em></p>").format(inner)

    def note(self, note: Node) -> Markup:
        """A footnote below a text, with the way back."""
        if not isinstance(note, Element):
            raise TypeError(note)
        return NOTE.format(note.href, self.inside(note), self.back)

    def value(self, value: Value) -> Markup:
        """A figure, what follows from one, or what the parameters say."""
        if value.figure is not None:
            return self.figure(value)
        if value.about:
            pattern = Markup('<span data-about="{}">{}</span>')
            return pattern.format(value.about, settable(value.text))
        if DIGIT.search(value.text):
            return _answered(value.text, "parameters")
        return escape(settable(value.text))

    def new_id(self, heading: Element) -> str:
        """An id that no heading has yet."""
        name = "-".join(part for part in (self.prefix, slug(plain(heading.children))) if part)
        self.ids[name] = self.ids.get(name, 0) + 1
        return name if self.ids[name] == 1 else f"{name}-{self.ids[name]}"


def _literal_text(text: str) -> Markup:
    """Literal text: whoever reads it back asks of every numeral what answers for it."""
    pieces = enumerate(NUMERAL.split(settable(text)))
    return Markup("").join(
        _answered(each, "text") if at % 2 else escape(each) for at, each in pieces
    )


def _image(photograph: Photograph) -> dict[str, object]:
    """A photograph as attributes of an image: its data as an address, its width and height."""
    data = b64encode(photograph.data).decode("ascii")
    address = f"data:{photograph.kind};base64,{data}"
    return {"address": address, "width": photograph.width, "height": photograph.height}


def _answered(text: str, source: str) -> Markup:
    """A text that isn't counted, with what answers for its numerals: who reads it back asks."""
    pattern = Markup('<span data-source="{}">{}</span>')
    return pattern.format(settable(source), settable(text))


def _figure(value: Value) -> Markup:
    words = settable(value.text)
    return Markup('<data class="figure" value="{}">{}</data>').format(value.raw, words)


class _TypstRenderer(_Renderer[str]):
    between = {"blocks": "\n\n", "items": ", ", "lines": "\n", "texts": ""}

    def node(self, node: Node) -> str:
        match node:
            case Element(kind="heading"):
                return f"#heading(level: {node.level})[{self.inside(node)}]"
            case Element(kind="link"):
                inner = self.inside(node)
                away = not node.href.startswith("#")
                if node.href.startswith(CHAPTER_ANCHOR):
                    return f"#link(label({literal(node.href[1:])}))[{inner}]"
                return f"#link({literal(node.href)})[{inner}]" if away else inner
            case Element(kind="table" | "picture" | "footnote" | "footnotes"):
                return self.block(node)
            case Element():
                tight = all(isinstance(c, Element) and c.tight for c in node.children)
                return TYPST[node.kind].format(self.inside(node), tight=str(tight).lower())
            case Text() | Value() | Exempt():
                return f"#{literal(node.text)};" if node.text else ""
            case SoftBreak():
                return '#" ";'
        raise ValueError(f"'{node.name}' isn't resolved")

    def block(self, node: Element) -> str:
        """A table, a picture, a footnote's number, or the footnotes below a text."""
        match node.kind:
            case "table":
                head, *rows = [_elements(row) for row in _elements(node)]
                sides = ", ".join("right" if cell.right else "left" for cell in head)
                heads = ", ".join(f"strong[{self.inside(cell)}]" for cell in head)
                cells = ", ".join(f"[{self.inside(cell)}]" for row in rows for cell in row)
                return f"#text-table(({sides},), ({heads},), ({cells}{',' if cells else ''}))"
            case "footnotes":
                notes = (f"({literal(x.href)}, [{self.inside(x)}])" for x in _elements(node))
                return f"#footnotes(({', '.join(notes)},))"
            case "picture" if node.photograph:
                svg = literal(IMAGE_SVG.format(**_image(node.photograph)))
                alt, credit = literal(plain(node.children)), literal(node.credit)
                return f"#photograph(svg: {svg}, alt: {alt}, credit: {credit})"
        return f"#super[#link(label({literal('note-' + node.href)}))[{node.level}]];"


def _elements(node: Element) -> list[Element]:
    return [each for each in node.children if isinstance(each, Element)]
