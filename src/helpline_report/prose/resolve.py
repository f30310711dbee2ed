"""A text is resolved: checked for what it may not say, and its placeholders filled in.

A block whose figure has no value is left out, and a note says why in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from helpline_report.errors import ProseError
from helpline_report.figures.model import Reason
from helpline_report.prose import claims, findings, markdown, placeholders, reasons
from helpline_report.prose.names import Names, Unavailable
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
    Strong,
    Value,
)
from helpline_report.prose.numbers import raw
from helpline_report.prose.parameters import parameter_words
from helpline_report.prose.place import Complaint, Exemption, Place, TextError
from helpline_report.prose.words import figure_words


@dataclass(frozen=True)
class Dropped:
    """A figure or a name of the comparison year without a value: its block was left out."""

    name: str
    reason: Reason
    place: str


@dataclass(frozen=True)
class Resolved:
    """A text with its figures filled in, its exemptions, and what was left out of it."""

    nodes: tuple[Block, ...]
    exemptions: tuple[Exemption, ...] = ()
    dropped: tuple[Dropped, ...] = ()


def resolve_text(text: str, where: Place, names: Names) -> Resolved:
    """Parse, check and resolve a text in Markdown; see `Writer.markdown`.

    Raises:
        TextError: with every complaint about the text.
    """
    return resolve(markdown.parse(text, where), where, names)


def resolve(blocks: tuple[Block, ...], where: Place, names: Names) -> Resolved:
    """Check and resolve the blocks of a text.

    Raises:
        TextError: with every complaint about the text.
    """
    resolver = _Resolver(names, where)
    resolver.complaints += findings.typed_findings(blocks, names.language)
    resolver.complaints += claims.false_claims(blocks, names.ledger.figures.get, names.language)
    nodes = resolver.document(blocks)
    if resolver.complaints:
        raise TextError(resolver.complaints, where)
    return Resolved(nodes, tuple(resolver.exemptions), tuple(resolver.dropped))


class _Resolver:
    """Walks the tree once; keeps complaints, exemptions, and what has no value."""

    def __init__(self, names: Names, where: Place) -> None:
        self.names = names
        self.where = where
        self.complaints: list[Complaint] = []
        self.exemptions: list[Exemption] = []
        self.dropped: list[Dropped] = []

    def document(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """The top level: behind each block stand the notes of what was left out of it."""
        made: list[Block] = []
        for block in blocks:
            before = len(self.dropped)
            kept = self.block(block)
            notes = [reasons.note(self.names, item.reason) for item in self.dropped[before:]]
            made += [] if kept is None else [kept]
            for note in dict.fromkeys(notes):
                if not made or made[-1] != Note(note):
                    made.append(Note(note))
        return tuple(made)

    def block(self, block: Block) -> Block | None:
        """A block with its values, or None where one is missing or nothing is left of it."""
        match block:
            case Heading():
                inner = self.whole(block.children)
                return None if inner is None else Heading(block.level, inner)
            case Paragraph():
                inner = self.whole(block.children)
                return None if inner is None else Paragraph(inner)
            case BulletList():
                items = self.items(block.items)
                return BulletList(items) if items else None
            case OrderedList():
                items = self.items(block.items)
                return OrderedList(items) if items else None
            case Quote():
                kept = tuple(b for b in map(self.block, block.children) if b is not None)
                return Quote(kept) if kept else None
            case Note():
                return block

    def items(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        """The items of a list whose own text is whole."""
        kept = []
        for item in items:
            made = [(child, self.block(child)) for child in item.children]
            own = [found for child, found in made if isinstance(child, Paragraph | Heading)]
            if None not in own:
                left = tuple(found for _, found in made if found is not None)
                kept.append(Item(left, item.tight))
        return tuple(kept)

    def whole(self, children: tuple[Inline, ...]) -> tuple[Inline, ...] | None:
        """Inline nodes with their values, or None where one of them has none."""
        before = len(self.dropped)
        made = self.inlines(children)
        return made if len(self.dropped) == before else None

    def inlines(self, children: tuple[Inline, ...]) -> tuple[Inline, ...]:
        """Inline nodes with their values."""
        return tuple(self.inline(child) for child in children)

    def inline(self, node: Inline) -> Inline:
        """One inline node with its values."""
        match node:
            case Placeholder():
                return self.value(node)
            case Emphasis():
                return Emphasis(self.inlines(node.children))
            case Strong():
                return Strong(self.inlines(node.children))
            case Link():
                return Link(self.address(node), self.inlines(node.children), node.line)
            case Exempt():
                self.exemptions.append(Exemption(node.text, node.source, self.where.at(node.line)))
        return node

    def value(self, node: Placeholder) -> Value:
        """A figure in words, or what the parameters say."""
        figure = self.names.ledger.figures.get(node.name)
        try:
            if figure is None:
                self.names.check_said(node.name)
                return Value(parameter_words(self.names, node.name, node.form), form=node.form)
            said = figure_words(self.names, figure, node.form)
            return Value(said, figure.id, node.form, raw(figure.value))
        except Unavailable as missing:
            place = self.where.at(node.line)
            self.dropped.append(Dropped(missing.name, missing.reason, place))
        except ProseError as error:
            self.complaints.append(Complaint(node.line, error.what, error.next_step))
        return Value("")

    def address(self, link: Link) -> str:
        """The address of a link, in which parameters may stand: `tel:{{ fact.phone }}`."""
        try:
            return _address(link.href, self.names)
        except Unavailable as missing:
            self.dropped.append(Dropped(missing.name, missing.reason, self.where.at(link.line)))
        except ProseError as error:
            self.complaints.append(Complaint(link.line, error.what, error.next_step))
        return link.href


def _address(written: str, names: Names) -> str:
    def fill(inside: str) -> str:
        found = placeholders.parse(inside)
        if found is None:
            raise ProseError(f"'{{{{{inside}}}}}' is no placeholder")
        return quote(parameter_words(names, *found), safe="/:?#@.+-_~")

    made = placeholders.WRITTEN_OUT.sub(lambda match: fill(match["inside"]), written)
    if not made.startswith(markdown.SCHEMES):
        raise ProseError(f"a link to '{made}'", next_step=markdown.LINKS)
    return made
