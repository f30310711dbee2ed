"""Write figures and texts in one language of one edition: a text is checked and filled in.

A block whose figure has no value is left out, and a note says why in its place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from helpline_report.errors import ProseError, nearest
from helpline_report.figures.model import Figure, Reason
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.values import Period, Translated, remove_marks, split_marks
from helpline_report.prose import literal_text as literal
from helpline_report.prose import markdown as md
from helpline_report.prose import nodes as tree
from helpline_report.prose.forms import (
    Thing,
    list_fitting_forms,
    write_counted,
    write_in_table,
    write_thing,
)
from helpline_report.prose.nodes import Element, Node
from helpline_report.prose.numbers import Idiom, raw
from helpline_report.prose.vocabulary import Unavailable, Vocabulary

SENTENCE = re.compile(r"[^.!?]+[.!?]?|[.!?]+")
DIGIT = re.compile(r"\d")
# The chapter that no notebook computes.
FOREWORD = "foreword"
# The line of what stands in no text.
NOWHERE = -1
PICTURE_STEP = "an image stands in a text of params/ or of a translation, and its file beside it"


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
    chapter: str = ""


@dataclass(frozen=True)
class Resolved:
    """A text with its figures filled in, and what is to be known of it; see `Writer.markdown`."""

    nodes: tuple[Element, ...]
    exemptions: tuple[md.Exemption, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    claims: tuple[Claim, ...] = ()


class Writer(Vocabulary):
    """Writes the figures of a ledger in one language.

    Every method is pure: the same ledger, parameters and code lists give the same words.
    """

    def value(self, name: Figure | str, form: str | None = None) -> str:
        """A figure, or what a name stands for, in words, by a form of `forms.yaml` or naturally.

        Raises:
            Unavailable: it is unavailable or suppressed; its `reason` says why.
            ProseError: there is no such name or form, or the form doesn't fit.
        """
        if isinstance(name, Figure):
            return write_thing(self, name.id, name, form)
        return write_thing(self, name, self.thing(name), form)

    def cell_text(self, figure: Figure) -> str:
        """A figure in a cell of a table: where there is no value, a few words that say why."""
        return self.short_reason(figure.reason) if figure.reason else write_in_table(self, figure)

    def thing(self, name: str) -> Thing:
        """The figure of a name, or what the parameters say by it."""
        figures = self.ledger.figures
        if name in figures:
            return figures[name]
        self.refuse_missing(name)
        if name not in self._things:
            kind, edition, names = name.partition(".")[0], self.edition.edition, [*self._things]
            if kind in ("fact", "campaign", "event"):
                close = nearest(name, [other for other in names if other.startswith(f"{kind}.")])
                step = f"add it under '{kind}s:' in params/{edition}.yaml, or name another"
            else:
                close = nearest(name, [*figures, *names])
                offered = f"the desk offers all there are: helpline-report desk {edition}"
                step = "" if close else offered
            raise ProseError(f"there is no figure and no parameter '{name}'{close}", next_step=step)
        return self._things[name]

    @cached_property
    def _things(self) -> dict[str, Thing]:
        return list_parameter_things(self)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the parameters call by a name with a number in it: '1712'."""
        return list_names_with_numbers(self.idiom, self.edition)

    def markdown(self, text: str, where: md.Place) -> Resolved:
        """A text in Markdown, parsed, checked for typed numbers, and with its figures filled in.

        `Resolved` holds `nodes` (for `rendering.html` and `rendering.typst`), `exemptions` (what
        is marked with a source, or quoted), `dropped` (blocks left out because a figure in them is
        unavailable or suppressed; a note stands in their place) and `claims` (words for who
        approves).

        Raises:
            TextError: a `ProseError` with every complaint: typed numbers, unknown names and forms,
                forms that don't fit, Markdown that isn't allowed.
        """
        blocks = md.parse(text, where)
        resolver = _Resolver(self, where)
        resolver.complaints += literal.find_typed_numbers(blocks, self.language, self.names, self)
        figures = self.ledger.figures
        resolver.complaints += literal.find_false_nouns(blocks, figures, self.language)
        nodes = resolver.document(blocks)
        if resolver.complaints:
            raise md.TextError(resolver.complaints, where)
        claims = tuple(resolver.claims(blocks, nodes))
        return Resolved(nodes, tuple(resolver.exemptions), tuple(resolver.dropped), claims)


# What the parameters of an edition say: placeholders that are no figures


def list_names_with_numbers(idiom: Idiom, edition: Edition) -> tuple[str, ...]:
    """The names and facts with a number in them, which texts may write as they are: '1712'."""
    helpline, language = edition.helpline, idiom.language
    facts = [_translated(fact, language) for fact in edition.facts.values()]
    ages = [*edition.age_classes, *edition.person_ages]
    names = [
        *(helpline.name, helpline.full_name.in_language(language)),
        *(remove_marks(fact) for fact in facts if isinstance(fact, str)),
        *(age.label.in_language(language) for age in ages),
        *(idiom.ages(age) for age in ages),
    ]
    return tuple(name for name in dict.fromkeys(names) if any(map(str.isdigit, name)))


def list_parameter_forms(words: Vocabulary) -> dict[str, list[str]]:
    """The forms that fit each name of `list_parameter_things`; a text is written one way."""
    return {
        name: [] if isinstance(thing, str | Reason) else list_fitting_forms(thing)
        for name, thing in list_parameter_things(words).items()
    }


def list_parameter_things(words: Vocabulary) -> dict[str, Thing]:
    """Everything that the parameters say, by name, in their order.

    Free texts keep the marks of their sources.
    """
    edition, idiom = words.edition, words.idiom
    helpline = edition.helpline
    before = words.comparison.period if words.comparison else None
    missing = Reason(code="no_comparison")
    things: dict[str, Thing | Translated] = {
        "year": idiom.year(edition.period),
        "period": edition.period,
        "year.previous": idiom.year(before) if before else missing,
        "period.previous": before or missing,
        "title": edition.title,
        "helpline": helpline.name,
        "helpline.full_name": helpline.full_name,
        "publisher": edition.publisher.name,
        "licence": edition.publisher.licence,
        **{f"fact.{name}": fact for name, fact in edition.facts.items()},
    }
    for campaign in edition.campaigns:
        window = Period(start=campaign.start, end=campaign.end)
        parts: dict[str, Thing | Translated] = {
            **{key: getattr(campaign, key) for key in ("name", "goal", "means")},
            "window": idiom.span(window),
            "start": campaign.start,
            "end": campaign.end,
            **({"target": campaign.target.name} if campaign.target else {}),
        }
        things |= {f"campaign.{campaign.id}.{key}": part for key, part in parts.items()}
    for event in edition.events:
        for key in ("name", "date", "source"):
            things[f"event.{event.id}.{key}"] = getattr(event, key)
    things |= {f"age.{ages.code}": idiom.ages(ages) for ages in edition.age_classes}
    things |= {f"person_age.{ages.code}": idiom.ages(ages) for ages in edition.person_ages}
    return {name: _translated(thing, words.language) for name, thing in things.items()}


def _translated(thing: Thing | Translated, language: str) -> Thing:
    """A text in a language, with the marks of its sources; anything else as it is."""
    return thing.with_marks(language) if isinstance(thing, Translated) else thing


@dataclass
class _Resolver:
    """Fills in a text; keeps complaints, exemptions, and what has no value."""

    writer: Writer
    where: md.Place
    complaints: list[md.Complaint] = field(default_factory=list)
    exemptions: list[md.Exemption] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    def claims(self, blocks: tuple[Element, ...], nodes: tuple[Element, ...]) -> Iterator[Claim]:
        """The claiming words of a text; quotations with a number in them are exemptions.

        `nodes` are what of its blocks stands on the page: nobody judges what was left out.
        """
        lines = {block.line for block in tree.text_blocks(nodes)}

        def is_shown(block: Element) -> bool:
            return any(each.line in lines for each in tree.text_blocks([block]))

        for node in tree.walk(nodes):
            if isinstance(node, tree.Exempt):
                place = self.where.at(node.line)
                self.exemptions.append(md.Exemption(node.text, node.source, place))
        for block in filter(is_shown, tree.text_blocks(blocks, quoted=False)):
            reading = literal.read_block(block.children)
            text, places = reading.text, reading.places
            words_read = literal.read_literal(text, self.writer.language, self.writer.names)
            sentences = [match.span() for match in SENTENCE.finditer(text)]
            for start, end in words_read.claims:
                first, last = next(span for span in sentences if span[0] <= start < span[1])
                sentence = "".join(self.fill_in(text, block)[first:last]).strip()
                yield Claim(text[start:end], sentence, self.where.at(*places[start]))
            for (start, end), kind in words_read.ordinary:
                words, _, credit = text[start:end].rpartition(" ")
                if kind == "quotation":
                    self.exempt_quotation(words, credit.strip("() "), *places[start])
        for node in tree.walk(blocks):
            if isinstance(node, Element) and node.is_credited and is_shown(node):
                quoted = " ".join(tree.plain([child]) for child in node.children[:-1])
                self.exempt_quotation(quoted, tree.plain(node.children[-1:]), node.line)

    def fill_in(self, text: str, block: Element) -> list[str]:
        """The letters of a block's text, with its values; three dots stand for a missing one."""
        letters = [*text]
        set_out = [at for at, letter in enumerate(text) if letter == literal.SET_OUT]
        nodes = filter(literal.is_set_out, tree.leaves(block.children))
        for at, node in zip(set_out, nodes, strict=True):
            if not isinstance(node, tree.Placeholder):
                letters[at] = tree.plain([node])
            elif node.name == tree.ELSE:
                letters[at] = ""
            else:
                try:
                    letters[at] = tree.plain(self.value(node.name, node.form))
                except Unavailable:
                    letters[at] = "…"
        return letters

    def exempt_quotation(self, words: str, credit: str, line: int, column: int = 0) -> None:
        if DIGIT.search(words):
            self.exemptions.append(md.Exemption(words, credit, self.where.at(line, column)))

    def document(self, blocks: tuple[Element, ...]) -> tuple[Element, ...]:
        """The top level: behind each block stand the notes of what was left out of it.

        A block that begins with `{{ else }}` takes the place of one before that lacks something.
        """
        nodes: list[Element] = []
        # Where the block before begins, and how many values it lacks.
        place, lacking = 0, 0
        for block in blocks:
            before = len(self.dropped)
            is_replacement = block.holds_text and block.children[:1] == (
                tree.Placeholder(tree.ELSE),
            )
            resolved = self.block(_remove_mark(block) if is_replacement else block)
            dropped = self.dropped[before:]
            if is_replacement and (dropped or not lacking):
                # A replacement that isn't needed, or lacks a value itself, is left out silently.
                del self.dropped[before:]
                continue
            if is_replacement:
                del nodes[place:], self.dropped[before - lacking :]
            place, lacking = len(nodes), len(dropped)
            if resolved is not None:
                nodes.append(resolved)
            for text in dict.fromkeys(self.writer.note(missing.reason) for missing in dropped):
                note = Element("note", (tree.Text(text),), line=NOWHERE)
                if nodes[-1:] != [note]:
                    nodes.append(note)
        return tuple(nodes)

    def block(self, block: Element) -> Element | None:
        """A block with its values, or None where one is missing or nothing is left of it.

        A list loses the items whose own text lacks a value, and a quotation its paragraphs.
        """
        if block.kind == "picture":
            photographs = self.where.photographs
            if block.href not in photographs:
                what = f"the image '{block.href}' isn't beside the texts of the edition"
                self.complaints.append(md.Complaint(block.line, what, PICTURE_STEP))
            block = replace(block, photograph=photographs.get(block.href))
        if block.holds_text:
            before = len(self.dropped)
            inner = self.inlines(block)
            if len(self.dropped) == before:
                return replace(block, children=inner)
            if block.kind not in ("head", "cell"):
                return None
            # A row keeps its columns.
            values = (node for node in inner if isinstance(node, tree.Value) and not node.text)
            short = self.writer.short_reason(self.dropped[-1].reason)
            lacks = next(values, tree.Value(""))
            return replace(block, children=(replace(lacks, text=short, about=lacks.name),))
        inside = [child for child in block.children if isinstance(child, Element)]
        resolved = [self.block(child) for child in inside]
        children = tuple(child for child in resolved if child is not None)
        own_text = [new for old, new in zip(inside, resolved, strict=True) if old.holds_text]
        if (block.kind == "item" and None in own_text) or (inside and not children):
            return None
        return replace(block, children=children)

    def inlines(self, parent: Element) -> tuple[Node, ...]:
        """The text of an element; a value that ends with a full stop has no other behind it."""
        nodes: list[Node] = []
        stopped = False
        for child in parent.children:
            for node in self.inline(child):
                if isinstance(node, tree.Text):
                    # What begins with more than one is an ellipsis.
                    text = node.text
                    is_second = stopped and text.startswith(".") and not text.startswith("..")
                    nodes.append(replace(node, text=text[1:]) if is_second else node)
                    stopped = False
                else:
                    nodes.append(node)
                    if not (isinstance(node, Element) and node.kind == "footnote"):
                        stopped = tree.plain([node]).endswith(".")
        return tuple(nodes)

    def inline(self, node: Node) -> tuple[Node, ...]:
        match node:
            case tree.Placeholder():
                try:
                    return self.value(node.name, node.form)
                except Unavailable as error:
                    place = self.where.at(node.line)
                    self.dropped.append(Dropped(error.name, error.reason, place))
                except ProseError as error:
                    complaint = md.Complaint(node.line, error.what, error.next_step, node.column)
                    self.complaints.append(complaint)
                return (tree.Value("", form=node.form, name=node.name),)
            case Element():
                self.check_chapter(node)
                return (replace(node, children=self.inlines(node)),)
            case tree.Exempt():
                return (node, self.footnote(node.source))
        return (node,)

    def footnote(self, source: str) -> Element:
        text = self.writer.idiom.say("notes.source", source=source)
        return Element("footnote", (tree.Text(text),), line=NOWHERE)

    def value(self, name: str, form: str | None) -> tuple[Node, ...]:
        """A figure or a parameter in words; of a finding only the counted part is the value."""
        thing = self.writer.thing(name)
        phrase = write_thing(self.writer, name, thing, form)
        if not isinstance(thing, Figure):
            marks = split_marks(thing) if isinstance(thing, str) else ()
            sources = [self.footnote(source) for _, source in marks if source is not None]
            return (tree.Value(phrase, form=form, name=name), *sources)
        counted = len(write_counted(self.writer, thing, form) or phrase)
        value = tree.Value(phrase[:counted], thing.id, form, raw(thing.value))
        follows = tree.Value(phrase[counted:], about=thing.id)
        return (value, follows) if follows.text else (value,)

    def check_chapter(self, link: Element) -> None:
        """Complain of a link to a chapter that the edition hasn't."""
        name, chapters = link.href.removeprefix(md.CHAPTER_ANCHOR), self.writer.ledger.chapters
        names = [FOREWORD, *(chapter.name for chapter in chapters)]
        if name != link.href and name not in names:
            what = f"there is no chapter '{name}'{nearest(name, names)}"
            step = f"the chapters are: {', '.join(names)}"
            self.complaints.append(md.Complaint(link.line, what, step))


def _remove_mark(block: Element) -> Element:
    """A block without the `{{ else }}` that it begins with, and without the blank behind that."""
    first, *others = block.children[1:] or (tree.Text(""),)
    if isinstance(first, tree.Text):
        first = replace(first, text=first.text.lstrip())
    return replace(block, children=(first, *others))
