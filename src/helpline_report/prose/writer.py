"""Write figures and texts in one language of one edition: a text is checked and filled in.

A block whose figure has no value is left out, and a note says why in its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import quote

from helpline_report.errors import ProseError, nearest
from helpline_report.figures.model import Figure, Reason
from helpline_report.prose.bound_figures import false_nouns, typed_numbers
from helpline_report.prose.edition_values import (
    names_with_numbers,
    parameter_sources,
    parameter_words,
)
from helpline_report.prose.forms import counted_words, figure_words, table_words
from helpline_report.prose.literal_text import SET_OUT, read, read_literal
from helpline_report.prose.markdown import (
    CHAPTER_ANCHOR,
    LINKS,
    SCHEMES,
    WRITTEN_OUT,
    Complaint,
    Exemption,
    Place,
    TextError,
    parse,
    split_placeholder,
)
from helpline_report.prose.nodes import (
    ELSE,
    Element,
    Exempt,
    Node,
    Placeholder,
    Text,
    Value,
    plain,
    text_blocks,
    walk,
)
from helpline_report.prose.numbers import raw
from helpline_report.prose.vocabulary import Unavailable, Vocabulary

SENTENCE = re.compile(r"[^.!?]+[.!?]?|[.!?]+")
DIGIT = re.compile(r"\d")
# The chapter that no notebook computes.
FOREWORD = "foreword"


@dataclass(frozen=True)
class Dropped:
    """A figure or a name of the comparison year without a value: its block was left out."""

    name: str
    reason: Reason
    place: str


@dataclass(frozen=True)
class Claim:
    """A word that claims a finding, for who approves the text: with its sentence and place."""

    words: str
    sentence: str
    place: str


@dataclass(frozen=True)
class Resolved:
    """A text with its figures filled in, and what is to be known of it; see `Writer.markdown`."""

    nodes: tuple[Element, ...]
    exemptions: tuple[Exemption, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    claims: tuple[Claim, ...] = ()


class Writer(Vocabulary):
    """Writes the figures of a ledger in one language.

    Every method is pure: the same ledger, parameters and code lists give the same words. Where a
    method takes a figure it takes the figure or its id.
    """

    def value(self, figure: Figure | str, form: str | None = None) -> str:
        """A figure in words, by a form of `forms.FORMS`; without one, the natural way of its unit.

        Raises:
            Unavailable: the figure is unavailable or suppressed; its `reason` says why.
            ProseError: there is no such figure or form, or the form doesn't fit the unit.
        """
        return figure_words(self, self.figure(figure), form)

    def shown(self, figure: Figure | str) -> str:
        """A figure in a cell of a table: where there is no value, a few words that say why."""
        figure = self.figure(figure)
        return self.short_reason(figure.reason) if figure.reason else table_words(self, figure)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the parameters call by a name with a number in it: '1712'."""
        return names_with_numbers(self.idiom, self.edition)

    def markdown(self, text: str, where: Place) -> Resolved:
        """A text in Markdown, parsed, checked for typed numbers, and with its figures filled in.

        `Resolved` holds `nodes` (for `rendering.html` and `rendering.typst`), `exemptions` (what
        is marked with a source, or quoted), `dropped` (blocks left out because a figure in them is
        unavailable or suppressed; a note stands in their place) and `claims` (words for who
        approves).

        Raises:
            TextError: a `ProseError` with every complaint: typed numbers, unknown names and forms,
                forms that don't fit, Markdown that isn't allowed.
        """
        blocks = parse(text, where)
        resolver = _Resolver(self, where)
        resolver.complaints += typed_numbers(blocks, self.language, self.names, self)
        resolver.complaints += false_nouns(blocks, self.ledger.figures, self.language)
        nodes = resolver.document(blocks)
        if resolver.complaints:
            raise TextError(resolver.complaints, where)
        claims, quotations = self._claims(blocks, where)
        exemptions = (*resolver.exemptions, *quotations)
        return Resolved(nodes, exemptions, tuple(resolver.dropped), claims)

    def _claims(
        self, blocks: tuple[Element, ...], where: Place
    ) -> tuple[tuple[Claim, ...], tuple[Exemption, ...]]:
        """What of a text is for who approves: claiming words, and quotations with a number."""
        claims, quotations = [], []
        for block in text_blocks(blocks, quoted=False):
            reading = read(block.children)
            literal = read_literal(reading.text, self.language, self.names)
            sentences = [match.span() for match in SENTENCE.finditer(reading.text)]
            for start, end in literal.claims:
                span = next(each for each in sentences if each[0] <= start < each[1])
                sentence = reading.text[slice(*span)].replace(SET_OUT, "…").strip()
                place = where.at(*reading.places[start])
                claims.append(Claim(reading.text[start:end], sentence, place))
            for (start, end), kind in literal.ordinary:
                words, _, credit = reading.text[start:end].rpartition(" ")
                if kind == "quotation" and DIGIT.search(words):
                    place = where.at(*reading.places[start])
                    quotations.append(Exemption(words, credit.strip("() "), place))
        for node in walk(blocks):
            if isinstance(node, Element) and node.is_credited:
                quoted = " ".join(plain([each]) for each in node.children[:-1])
                if DIGIT.search(quoted):
                    by = plain(node.children[-1:])
                    quotations.append(Exemption(quoted, by, where.at(node.line)))
        return tuple(claims), tuple(quotations)


def _is_instead(block: Element) -> bool:
    """Whether a block stands for the one before where that lacks a figure."""
    return block.holds_text and block.children[:1] == (Placeholder(ELSE),)


def _without_mark(block: Element) -> Element:
    first, *others = block.children[1:] or (Text(""),)
    text = replace(first, text=first.text.lstrip()) if isinstance(first, Text) else first
    return replace(block, children=(text, *others))


class _Resolver:
    """Walks the tree once; keeps complaints, exemptions, and what has no value."""

    def __init__(self, writer: Writer, where: Place) -> None:
        self.writer = writer
        self.where = where
        self.complaints: list[Complaint] = []
        self.exemptions: list[Exemption] = []
        self.dropped: list[Dropped] = []

    def document(self, blocks: tuple[Element, ...]) -> tuple[Element, ...]:
        """The top level: behind each block stand the notes of what was left out of it.

        A block that begins with `{{ else }}` takes the place of one before that lacks something.
        """
        nodes: list[Element] = []
        place, lacking = 0, False
        for block in blocks:
            before, instead = len(self.dropped), _is_instead(block)
            resolved = self.block(_without_mark(block) if instead else block)
            dropped = self.dropped[before:]
            if instead and (dropped or not lacking):
                # What a text that isn't needed lacks is nobody's business.
                del self.dropped[before:]
                continue
            if instead:
                del nodes[place:]
            place, lacking = len(nodes), bool(dropped)
            nodes += [resolved] if resolved else []
            for text in dict.fromkeys(self.writer.note(each.reason) for each in dropped):
                note = Element("note", (Text(text),))
                nodes += [] if nodes and nodes[-1] == note else [note]
        return tuple(nodes)

    def block(self, block: Element) -> Element | None:
        """A block with its values, or None where one is missing or nothing is left of it.

        A list loses the items whose own text lacks a value, and a quotation its paragraphs.
        """
        if block.kind == "picture":
            block = self.picture(block)
        if block.holds_text:
            before = len(self.dropped)
            inner = tuple(node for child in block.children for node in self.inline(child))
            if len(self.dropped) == before:
                return replace(block, children=inner)
            if block.kind not in ("head", "cell"):
                return None
            # A row keeps its columns.
            return replace(
                block, children=(Text(self.writer.short_reason(self.dropped[-1].reason)),)
            )
        inside = [child for child in block.children if isinstance(child, Element)]
        resolved = [self.block(child) for child in inside]
        children = tuple(child for child in resolved if child is not None)
        own_text = [new for old, new in zip(inside, resolved, strict=True) if old.holds_text]
        if (block.kind == "item" and None in own_text) or (inside and not children):
            return None
        return replace(block, children=children)

    def inline(self, node: Node) -> tuple[Node, ...]:
        """One inline node with its values."""
        match node:
            case Placeholder():
                return self.value(node)
            case Element():
                href = self.address(node) if node.kind == "link" else ""
                inner = tuple(each for child in node.children for each in self.inline(child))
                return (replace(node, href=href, children=inner),)
            case Exempt():
                self.exemptions.append(Exemption(node.text, node.source, self.where.at(node.line)))
                return (node, self.source(node.source))
        return (node,)

    def source(self, source: str) -> Element:
        """The footnote that says where something comes from."""
        text = self.writer.idiom.say("notes.source", source=source)
        return Element("footnote", (Text(text),))

    def picture(self, picture: Element) -> Element:
        """A picture with its photograph."""
        photograph = self.where.photographs.get(picture.href)
        if picture.href not in self.where.photographs:
            what = f"the image '{picture.href}' isn't beside the texts of the edition"
            step = (
                "an image stands in a text of params/ or of a translation, and its file beside it"
            )
            self.complaints.append(Complaint(picture.line, what, step))
        return replace(picture, photograph=photograph)

    def value(self, node: Placeholder) -> tuple[Node, ...]:
        """A figure in words, or what the parameters say; of a finding what was counted is it."""
        figure = self.writer.ledger.figures.get(node.name)
        try:
            if figure is None:
                self.writer.refuse_missing_code(node.name)
                words = parameter_words(self.writer, node.name, node.form)
                sources = map(self.source, parameter_sources(self.writer, node.name))
                return (Value(words, form=node.form), *sources)
            phrase = figure_words(self.writer, figure, node.form)
            counted = len(counted_words(self.writer, figure, node.form) or phrase)
            value = Value(phrase[:counted], figure.id, node.form, raw(figure.value))
            follows = Value(phrase[counted:], about=figure.id)
        except (Unavailable, ProseError) as error:
            self.note(error, node.line, node.column)
            return (Value(""),)
        return (value, follows) if follows.text else (value,)

    def address(self, link: Element) -> str:
        """The address of a link, in which parameters may stand: `tel:{{ fact.phone }}`."""
        try:
            if link.href.startswith(CHAPTER_ANCHOR):
                self.check_chapter(link.href.removeprefix(CHAPTER_ANCHOR))
            return self.filled_in(link.href)
        except (Unavailable, ProseError) as error:
            self.note(error, link.line)
        return link.href

    def check_chapter(self, name: str) -> None:
        """Refuse a link to a chapter that the report hasn't.

        Raises:
            ProseError: it hasn't.
        """
        known = [FOREWORD, *(chapter.name for chapter in self.writer.ledger.chapters)]
        if name not in known:
            step = f"the chapters are: {', '.join(known)}"
            raise ProseError(f"there is no chapter '{name}'{nearest(name, known)}", next_step=step)

    def filled_in(self, address: str) -> str:
        """An address with what the parameters say, checked like any other.

        Raises:
            Unavailable, ProseError: as of `parameter_words`, or it leads where no link may.
        """

        def words(match: re.Match[str]) -> str:
            parts = split_placeholder(match["inside"])
            if parts is None:
                raise ProseError(f"'{match[0]}' is no placeholder")
            return quote(parameter_words(self.writer, *parts), safe="/:?#@.+-_~")

        href = WRITTEN_OUT.sub(words, address)
        if not href.startswith(SCHEMES):
            raise ProseError(f"a link to '{href}'", next_step=LINKS)
        return href

    def note(self, error: Unavailable | ProseError, line: int, column: int = 0) -> None:
        """Keep what is wrong, or what has no value."""
        if isinstance(error, Unavailable):
            self.dropped.append(Dropped(error.name, error.reason, self.where.at(line)))
        else:
            self.complaints.append(Complaint(line, error.what, error.next_step, column))
