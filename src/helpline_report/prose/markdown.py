"""Markdown is parsed once, to our own tree; what the tree has no node for is refused."""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from helpline_report.parameters.values import SOURCES
from helpline_report.prose import placeholders
from helpline_report.prose.nodes import (
    Block,
    BulletList,
    Emphasis,
    Exempt,
    Heading,
    Inline,
    Item,
    Link,
    OrderedList,
    Paragraph,
    Placeholder,
    Quote,
    SoftBreak,
    Strong,
    Text,
    plain,
)
from helpline_report.prose.place import Complaint, Place, TextError

ALLOWED = (
    "allowed are: headings, paragraphs, lists, quotations, *emphasis*, **strong emphasis**, links "
    "and {{ figures }}"
)
SCHEMES = ("https:", "mailto:", "tel:", "#")
LINKS = "a link leads to https:, mailto:, tel: or #anchor; a source is marked [text](<bron:…>)"
COMMENT = re.compile(r"\s*<!--(?:(?!-->).)*-->\s*", re.DOTALL)

NAMES = {
    "html_block": "HTML",
    "html_inline": "HTML",
    "image": "an image",
    "fence": "a block of code",
    "code_block": "a block of code (a line that begins with four spaces)",
    "code_inline": "code",
    "table": "a table",
    "hr": "a rule across the page",
}


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    placeholders.use_placeholders(parser)
    # Which links are allowed is decided here, with a message, and not by leaving them unparsed.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


def parse(text: str, where: Place) -> tuple[Block, ...]:
    """The blocks of a text, with its placeholders unresolved.

    Raises:
        TextError: with every construct that isn't allowed.
    """
    found: list[Complaint] = []
    root = SyntaxTreeNode(_parser().parse(text))
    blocks = _Reader(found).blocks(root, 0)
    if found:
        raise TextError(found, where)
    return blocks


class _Reader:
    """Turns the parser's tree into ours, and keeps count of lines and of what is refused."""

    def __init__(self, complaints: list[Complaint]) -> None:
        self.complaints = complaints

    def refuse(self, line: int, what: str, step: str = ALLOWED) -> None:
        """Note that something can't be set."""
        self.complaints.append(Complaint(line, what, step))

    def blocks(self, parent: SyntaxTreeNode, line: int) -> tuple[Block, ...]:
        """The block nodes below a parser's node."""
        made = (self.block(node, node.map[0] if node.map else line) for node in parent.children)
        return tuple(block for block in made if block is not None)

    def block(self, node: SyntaxTreeNode, line: int) -> Block | None:
        """One block, or None for a comment or for what is refused."""
        match node.type:
            case "heading":
                return Heading(int(node.tag[1:]), self.inline_of(node, line))
            case "paragraph":
                return Paragraph(self.inline_of(node, line))
            case "blockquote":
                return Quote(self.blocks(node, line))
            case "bullet_list":
                return BulletList(self.items(node, line))
            case "ordered_list":
                if node.attrs.get("start", 1) != 1:
                    self.refuse(line, "a list is numbered from 1", "number the list from 1")
                return OrderedList(self.items(node, line))
            case "html_block" if COMMENT.fullmatch(node.content):
                return None
        self.refuse(line, f"{NAMES.get(node.type, node.type)} can't be set")
        return None

    def items(self, node: SyntaxTreeNode, line: int) -> tuple[Item, ...]:
        """The items of a list."""
        return tuple(
            Item(self.blocks(item, item.map[0] if item.map else line), tight=_is_tight(item))
            for item in node.children
        )

    def inline_of(self, node: SyntaxTreeNode, line: int) -> tuple[Inline, ...]:
        """The inline nodes of a paragraph or a heading."""
        return self.inlines(node.children[0], _Line(line)) if node.children else ()

    def inlines(self, parent: SyntaxTreeNode, line: _Line) -> tuple[Inline, ...]:
        """The inline nodes below a parser's node, neighbouring texts as one."""
        made: list[Inline] = []
        for node in parent.children:
            one = self.inline(node, line)
            last = made[-1] if made else None
            if isinstance(one, Text) and isinstance(last, Text):
                made[-1] = Text(last.text + one.text, last.line)
            elif one is not None:
                made.append(one)
        return tuple(made)

    def inline(self, node: SyntaxTreeNode, line: _Line) -> Inline | None:
        """One inline node, or None for a comment or for what is refused."""
        match node.type:
            case "text" | "text_special":
                return self.text(node.content, line.number)
            case "softbreak" | "hardbreak":
                line.number += 1
                return SoftBreak()
            case "em":
                return Emphasis(self.inlines(node, line))
            case "strong":
                return Strong(self.inlines(node, line))
            case placeholders.KIND:
                return self.placeholder(node.content, line.number)
            case "link":
                return self.link(node, line)
            case "html_inline" if COMMENT.fullmatch(node.content):
                line.number += node.content.count("\n")
                return None
        self.refuse(line.number, f"{NAMES.get(node.type, node.type)} can't be set")
        return None

    def text(self, content: str, line: int) -> Text | None:
        """Literal text; braces in it are a placeholder that isn't one."""
        if placeholders.OPEN in content or placeholders.CLOSE in content:
            self.refuse(
                line, "a placeholder that isn't closed, or isn't opened", "write {{ name | form }}"
            )
        return Text(content, line) if content else None

    def placeholder(self, inside: str, line: int) -> Placeholder | None:
        """`{{ name | form }}`."""
        found = placeholders.parse(inside)
        if found is None:
            step = "write {{ name }} or {{ name | form }}: one name, and at most one form"
            self.refuse(line, f"'{{{{{inside}}}}}' is no placeholder", step)
            return None
        return Placeholder(*found, line)

    def link(self, node: SyntaxTreeNode, line: _Line) -> Inline | None:
        """A link, or text that is exempt because its source is marked."""
        href, start = str(node.attrs.get("href", "")), line.number
        children = self.inlines(node, line)
        if "title" in node.attrs:
            self.refuse(start, "a link has no title", LINKS)
        source = next((href[len(s) :].strip() for s in SOURCES if href.startswith(s)), None)
        if source is not None:
            return self.exempt(children, source, start)
        if not href.startswith(SCHEMES) and not href.startswith(placeholders.OPEN):
            self.refuse(start, f"a link to '{href}'", LINKS)
        return Link(href, children, start)

    def exempt(self, children: tuple[Inline, ...], source: str, line: int) -> Inline | None:
        """Text as it stands in its source."""
        if not source:
            self.refuse(line, "a source that says nothing", "name it: [text](<bron:the source>)")
        if any(not isinstance(child, Text | SoftBreak) for child in children):
            self.refuse(line, "what is marked with a source is plain text", "take the markup out")
        return Exempt(plain(children), source, line)


class _Line:
    """The line that is being read, from 0."""

    def __init__(self, number: int) -> None:
        self.number = number


def _is_tight(item: SyntaxTreeNode) -> bool:
    return all(child.hidden for child in item.children if child.type == "paragraph")
