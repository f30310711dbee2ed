"""Hold the nodes of charts, tables and cards to what their places, ids and codes have to say.

Each kind of node has one rule, wherever on a page it stands.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, product
from typing import NamedTuple

from helpline_report.audit.exhibits import Said
from helpline_report.audit.interface_meanings import InterfaceMeanings
from helpline_report.audit.meanings import Meanings
from helpline_report.audit.part_meanings import LETTERS
from helpline_report.audit.text_meanings import Inline, WrittenText
from helpline_report.description import Node
from helpline_report.figures.model import Figure

CARD = "#figure-"
HEADINGS = ("heading", "campaign")
NOTE = "note-"


class Step(NamedTuple):
    """What the next node of a part has to be: its kind, words, and what it is about."""

    kind: str
    text: str
    about: str = ""
    target: str = ""


@dataclass
class NodeReading:
    """How far one file has been read: `rest` is what each part still has to say.

    `nodes` are all of the file, and `place` the number of the one that is read. Of each place it is
    known by which kind of node it was `called`, and which notes it `said`. Of texts, what of the
    last block is still to come (`inline`), how many blocks of a cell were read, and the `footnotes`
    that a place refers to, and of these how many were read. `numbers` counts the figures and the
    tables of a book.
    """

    meanings: Meanings
    nodes: Sequence[Node]
    place: int = 0
    rest: dict[tuple[str, str], list[Step]] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    said: dict[str, set[str]] = field(default_factory=dict)
    inline: list[Inline] = field(default_factory=list)
    blocks: dict[tuple[str, str, str], int] = field(default_factory=dict)
    footnotes: dict[str, list[WrittenText]] = field(default_factory=dict)
    read_notes: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    interface: InterfaceMeanings | None = None

    @property
    def node(self) -> Node:
        """The node that is read."""
        return self.nodes[self.place]

    def has_anchor(self, name: str) -> bool:
        """Whether something of the file can be led to by a name."""
        return name in self.anchors

    @cached_property
    def anchors(self) -> dict[str, int]:
        """The numbers of the nodes at which the places of the file stand, by their names."""
        anchors = dict[str, int]()
        for number, node in enumerate(self.nodes):
            if node.kind == "anchor":
                anchors[node.about] = number
            elif node.kind == "card":
                anchors[node.target.removeprefix("#")] = number
        return anchors

    @cached_property
    def notes(self) -> list[tuple[Node, Node]]:
        """The notes of the file, each with the node before it."""
        return [both for both in pairwise(self.nodes) if both[1].kind == "note"]

    def find_heading(self, anchor: str) -> Node | None:
        """The first heading, or name of a campaign, behind a place that something leads to."""
        start = self.anchors.get(anchor, len(self.nodes))
        return next((node for node in self.nodes[start:] if node.kind in HEADINGS), None)

    def before(self, kind: str) -> Node | None:
        """The node before this one, if it is of a kind."""
        last = self.nodes[self.place - 1] if self.place else None
        return last if last is not None and last.kind == kind else None

    def expect(self, part: str, steps: Callable[[], list[Step]]) -> Step | None:
        """The next step of a part of this node's place; a part that was said may be said again."""
        key = self.node.place, part
        if not self.rest.get(key):
            self.rest[key] = steps()
        return self.rest[key].pop(0) if self.rest[key] else None


Rule = Callable[[NodeReading, Node], Iterable[str]]


def find_figure(reading: NodeReading, name: str) -> Figure | None:
    """The figure of an id."""
    return reading.meanings.ledger.figures.get(name)


def check_text(node: Node, *texts: str) -> Iterator[str]:
    """What a node should have said, if it says none of some texts."""
    if node.text not in texts:
        yield " or ".join(f"'{text}'" for text in dict.fromkeys(texts)) or "nothing"


def check_target(node: Node, *targets: str) -> Iterator[str]:
    """Where a node should have led, if it leads elsewhere; it may lead nowhere."""
    if node.target and node.target not in targets:
        yield f"a link to {' or '.join(targets) or 'nothing'}, and not to {node.target}"


def check_step(node: Node, step: Step | None) -> Iterator[str]:
    """What a node should have been, by the next step of its part."""
    if step is None:
        yield "nothing: its part has said all"
    elif node.kind != step.kind:
        yield f"a {step.kind}: '{step.text}'"
    else:
        yield from check_text(node, step.text)
        yield from check_target(node, *filter(None, [step.target]))
        # An empty cell has nothing to open.
        if step.about and step.text and node.about != step.about:
            yield f"what is about '{step.about}', and not about '{node.about}'"


# Tables


def _list_cells(meanings: Meanings, place: str) -> Iterator[Step]:
    """The rows of the table at a place, with their cells: where a number leads is its own place."""
    table, root = meanings.find_table(place), meanings.root
    for row in table.rows if table else ():
        yield Step("row", row.label, row.code)
        for cell in row.cells:
            target = f"{CARD}{cell.figure}" if cell.figure else ""
            if cell.target and root is not None:
                target = f"{root}{cell.target}"
            yield Step("cell", cell.text, cell.figure, target)


def read_cell(reading: NodeReading, node: Node) -> Iterator[str]:
    """A row or a cell: the next of its table."""
    step = reading.expect("cells", lambda: [*_list_cells(reading.meanings, node.place)])
    yield from check_step(node, step)
    if step is not None and not step.about and find_figure(reading, node.about) is not None:
        yield f"a cell of no figure, and not of '{node.about}'"


def read_head(reading: NodeReading, node: Node) -> Iterator[str]:
    """The head of a column: the next of its table."""

    def list_heads() -> list[Step]:
        table = reading.meanings.find_table(node.place)
        return [Step("head", head.text, head.about) for head in table.heads] if table else []

    yield from check_step(node, reading.expect("heads", list_heads))


def read_caption(reading: NodeReading, node: Node) -> Iterator[str]:
    """What a chart or table is called: after what it shows."""
    reading.called[node.place] = node.kind
    yield from check_text(node, *_list_captions(reading, node.place))


def _list_captions(reading: NodeReading, place: str) -> list[str]:
    """The captions at a place: of a chart of weeks the table below has days."""
    table = reading.meanings.find_table(place)
    captions = [reading.meanings.caption(place), table.caption if table else ""]
    return [each for each in captions if each]


def read_headline(reading: NodeReading, node: Node) -> Iterator[str]:
    """The headline of a chart: the figure that stands out, and its words."""
    figure, text = reading.meanings.headline(node.place)
    reading.called[node.place] = node.kind
    if not figure:
        yield f"'{reading.meanings.caption(node.place)}': nothing stands out"
        return
    yield from check_text(node, text)
    if node.about != figure:
        yield f"a headline about '{figure}', and not about '{node.about}'"


def read_title(reading: NodeReading, node: Node) -> Iterator[str]:
    """A title that a text of the edition gives to a chart or a table."""
    reading.called[node.place] = node.kind
    if not reading.meanings.texts.is_title(node.text):
        yield "a title that a text of the edition gives"


def read_subtitle(reading: NodeReading, node: Node) -> Iterator[str]:
    """Unit, population and period; below a headline also what is drawn."""
    meanings, called = reading.meanings, reading.called.get(node.place, "")
    subtitle, caption = meanings.subtitle(node.place), meanings.caption(node.place)
    whole = meanings.words.say("part.shown", caption=caption, subtitle=subtitle)
    if called == "headline" or (called == "own-title" and node.text != subtitle):
        yield from check_text(node, whole)
    else:
        yield from check_text(node, subtitle)


def read_opener(reading: NodeReading, node: Node) -> Iterator[str]:
    """What opens a folded part: its caption, perhaps behind words for a table."""
    meanings = reading.meanings
    if meanings.texts.is_title(node.text):
        return
    terms, _ = meanings.list_terms(node.place)
    captions = [terms] if terms else [*_list_captions(reading, node.place)]
    words = meanings.words.say("part.table")
    behind = [f"{words}: {each}" for each in _list_behind(reading, captions)]
    yield from check_text(node, *captions, *behind)


def _list_behind(reading: NodeReading, captions: list[str]) -> list[str]:
    """What a table behind a chart may be called: after the next one that has rows."""
    following = reading.nodes[reading.place + 1 : reading.place + 6]
    places = [node.place for node in following if node.kind == "caption"]
    tables = [reading.meanings.find_table(place) for place in places[:1]]
    titles = [node.text for node in following if node.kind == "own-title"]
    known = [title for title in titles if reading.meanings.texts.is_title(title)]
    return [*captions, *known, *(table.caption for table in tables if table)]


# Notes, sources and files


def read_note(reading: NodeReading, node: Node) -> Iterator[str]:
    """A note: what its breaks and reasons say, perhaps with a letter, or where that is written."""
    meanings = reading.meanings
    known = meanings.list_notes(node.place)
    abouts = {note.about for note in known}
    if node.about:
        wanted = [node.about] if node.about in abouts else node.about.split()
        known = [note for about in wanted for note in known if note.about == about]
    reading.said.setdefault(node.place, set()).update(note.about for note in known)
    if node.target:
        chapter = node.target.removeprefix(f"#{NOTE}").rpartition("-")[0]
        yield from check_text(node, *_refer_to(reading, known, chapter))
        letters = _list_letters(reading, known[0], chapter) if known else []
        yield from check_target(node, *(f"#{NOTE}{chapter}-{letter}" for letter in letters))
        return
    anchor = reading.before("anchor")
    named = anchor.about.rpartition("-")[2] if anchor and anchor.about.startswith(NOTE) else ""
    lettered = {
        _write_letter(meanings, letter, note) for note in known for letter in (named or LETTERS)
    }
    plain = [] if named else [note.text for note in known]
    if node.text not in (*plain, *lettered):
        yield from check_text(node, *plain, *_refer_to(reading, known))


def _write_letter(meanings: Meanings, letter: str, note: Said) -> str:
    return meanings.words.say("part.note", letter=letter, note=note.text)


def _refer_to(reading: NodeReading, notes: Sequence[Said], chapter: str = "") -> list[str]:
    """What refers to notes that stand elsewhere, by each letter that they have in the file."""
    say, write = reading.meanings.words.say, reading.meanings.words.list
    letters = [_list_letters(reading, note, chapter) for note in notes]
    texts = []
    for each in product(*letters) if letters else ():
        names = [say("part.note_name", letter=letter) for letter in each]
        texts.append(say("part.note_elsewhere", notes=write(names)))
    return texts


def _list_letters(reading: NodeReading, note: Said, chapter: str) -> list[str]:
    """The letters under which a file has a note, or a chapter of it.

    Two breaks may have one note: it is written once.
    """
    known = {
        letter
        for anchor, each in reading.notes
        for letter in LETTERS
        if each.text == _write_letter(reading.meanings, letter, note)
        and (not chapter or anchor.about == f"{NOTE}{chapter}-{letter}")
    }
    return sorted(known)


def read_source(reading: NodeReading, node: Node) -> Iterator[str]:
    """Where what is shown comes from: by the population of what is at its place."""
    reading.said.setdefault(node.place, set())
    yield from check_text(node, *filter(None, [reading.meanings.find_source(node.place)]))


def read_file(reading: NodeReading, node: Node) -> Iterator[str]:
    """A link to a file of a chart or a table: it leads to its own."""
    meanings, root = reading.meanings, reading.meanings.root or ""
    targets = meanings.list_targets(node.place)
    words = targets.get(node.target.removeprefix(root))
    if words is None:
        yield from check_target(node, *(f"{root}{target}" for target in targets))
        return
    start, caption = f"{words}: ", node.text.removeprefix(f"{words}: ")
    if not node.text.startswith(start) or not _is_called(reading, node.place, caption):
        yield f"'{start}' and what it shows"


def _is_called(reading: NodeReading, place: str, caption: str) -> bool:
    """Whether something at a place, or the table behind it, is called so."""
    meanings = reading.meanings
    if meanings.texts.is_title(caption):
        return True
    if caption in _list_captions(reading, place):
        return True
    # A table of what a chart shows may stand in the place of its own.
    behind = (node for node in reading.nodes[: reading.place] if node.kind == "caption")
    return caption in [node.text for node in behind]


# Numbers


def read_value(reading: NodeReading, node: Node) -> Iterator[str]:
    """A number of a figure in words, by its form; what follows from a finding stands behind it."""
    figure, words = find_figure(reading, node.about), reading.meanings.words
    if figure is None:
        yield "a number of a figure"
        return
    yield from check_target(node, f"{CARD}{node.about}")
    if figure.value is None:
        yield f"'{words.write_in_table(figure)}'"
        return
    yield from check_text(node, words.spell_counted(figure, node.form))


def read_raw(reading: NodeReading, node: Node) -> Iterator[str]:
    """A value for machines: nothing rounded."""
    figure = find_figure(reading, node.about)
    value = "" if figure is None or figure.value is None else str(figure.value)
    yield from check_text(node, value)


# Headline figures, campaigns and lists of terms


def read_highlight(reading: NodeReading, node: Node) -> Iterator[str]:
    """A headline figure, its name, or the year before: the next of its list."""

    def list_steps() -> list[Step]:
        steps = []
        for each in reading.meanings.list_highlights(node.place):
            steps.append(Step("highlight", each.value, each.figure, f"{CARD}{each.figure}"))
            steps.append(Step("name", each.name, each.figure))
            if each.before.about:
                about, text = each.before
                steps.append(Step("before", text, about, f"{CARD}{about}"))
        return steps

    yield from check_step(node, reading.expect("highlights", list_steps))


def read_campaign(reading: NodeReading, node: Node) -> Iterator[str]:
    """Name, period, goal and means of a campaign."""
    campaign = reading.meanings.campaigns.get(node.place)
    if campaign is None or node.about != f"campaign={campaign.id}":
        yield "a campaign of its place"
        return
    part = "name" if node.kind == "campaign" else node.kind
    yield from check_text(node, str(getattr(campaign, part)))


def read_term(reading: NodeReading, node: Node) -> Iterator[str]:
    """A term and what it says: the next of its list; or a part of a campaign by its name."""
    meanings = reading.meanings
    if node.kind == "term" and node.about.startswith("campaign."):
        yield from check_text(node, meanings.words.say(node.about))
        return

    def list_steps() -> list[Step]:
        steps = []
        for about, term, text in meanings.list_terms(node.place)[1]:
            steps += [Step("term", term, about), Step("explanation", text, about)]
        return steps

    yield from check_step(node, reading.expect("terms", list_steps))


# Cards


def read_definition(reading: NodeReading, node: Node) -> Iterator[str]:
    """What a figure is, on its card."""
    figure = find_figure(reading, node.about)
    texts = [reading.meanings.define(figure)] if figure else []
    yield from check_text(node, *texts)


def read_numbers(reading: NodeReading, node: Node) -> Iterator[str]:
    """What a figure is made of; a card without numbers of it is about none."""
    figure = _find_card(reading)
    if figure is None:
        yield "a card of a figure"
        return
    parts, text = reading.meanings.say_numbers(figure)
    yield from check_text(node, text)
    if parts and (node.about, node.form) != (figure.id, parts):
        yield f"what is about '{figure.id}' ({parts})"


def _find_card(reading: NodeReading) -> Figure | None:
    """The figure of the card that is read: that of the last definition."""
    for node in reversed(reading.nodes[: reading.place]):
        if node.kind == "definition":
            return find_figure(reading, node.about)
    return None


def read_margin(reading: NodeReading, node: Node) -> Iterator[str]:
    """The interval of a comparison on its card."""
    figure = _find_card(reading)
    yield from check_text(node, *([reading.meanings.say_margin(figure)] if figure else []))


def read_year_before(reading: NodeReading, node: Node) -> Iterator[str]:
    """The year before on a card."""
    figure = _find_card(reading)
    if figure is None:
        yield "a card of a figure"
        return
    about, text = reading.meanings.say_year_before(figure)
    yield from check_text(node, text)
    if node.about != about:
        yield f"what is about '{about}', and not about '{node.about}'"


# The kinds of nodes of charts, tables and cards, and their rules.
RULES: Mapping[str, Rule] = {
    "row": read_cell,
    "cell": read_cell,
    "head": read_head,
    "caption": read_caption,
    "headline": read_headline,
    "own-title": read_title,
    "subtitle": read_subtitle,
    "opener": read_opener,
    "note": read_note,
    "source": read_source,
    "file": read_file,
    "value": read_value,
    "raw": read_raw,
    "highlight": read_highlight,
    "name": read_highlight,
    "before": read_highlight,
    "campaign": read_campaign,
    "period": read_campaign,
    "goal": read_campaign,
    "means": read_campaign,
    "term": read_term,
    "explanation": read_term,
    "definition": read_definition,
    "numbers": read_numbers,
    "margin": read_margin,
    "year-before": read_year_before,
}
