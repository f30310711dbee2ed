"""Hold what every drawing has to its description: marks, their colours, the legend, and no more.

What stands in a drawing and isn't described is a difference, like what is described and doesn't
stand there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from helpline_report.audit.drawn_items import ACROSS, DOWN, DrawnItem, Place, read_items
from helpline_report.audit.drawn_names import fold_first, read_place, squash, stands_for
from helpline_report.audit.drawn_scales import NEAR, PlacedNumber
from helpline_report.audit.expectations import Element, Misreading
from helpline_report.description import Node

# The colours of what a mark or a line means: what fills it, and its edge.
LOOKS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("bar", "this-year"): ("main", ""),
    ("bar", "year-before"): ("compare", "axis"),
    ("stroke", "this-year"): ("", "main"),
    ("dot", "this-year"): ("main", ""),
    ("dot", "year-before"): ("axis", ""),
    ("join", "this-year"): ("", "main"),
    ("join", "year-before"): ("", "axis"),
    ("join", "final"): ("", "main"),
    **{("dot", meaning): ("main", "main") for meaning in ("sure", "final")},
    **{("dot", meaning): ("page", "main") for meaning in ("may-be-chance", "provisional")},
    ("line", "margin"): ("", "main"),
    ("block", "part"): ("main", ""),
    **{("square", f"shade-{shade}"): (f"seq{shade}", "page") for shade in range(6)},
}
# The colour of the value in a square.
INKS = {f"shade-{shade}": f"seqink{shade}" for shade in range(6)}
BAND, EVENT, BRANCH, GRID, AXIS, GROUND, GAP_EDGE = (
    ("window", ""),
    ("", "accent"),
    ("seq1", "seq3"),
    ("", "grid"),
    ("", "axis"),
    ("page", ""),
    ("", "axis"),
)
# How many pixels a text may lie off its place.
NEAR_TEXT = 3
# A drawing that is less wide is for a phone: names stand above what they name.
PHONE = 400
# How far the sample of a colour may stand before its text, and above or below it.
BESIDE, LEVEL = 25, 8
# Pixels between what is drawn and what is written beside it, and how far a short line reaches.
GAP, SHORT = 6, 6
# Lines of a text that is broken begin left of the middle of their place, at most so much of it.
HALF = 0.5
# How much higher than the end of its mark a value may stand.
ABOVE = 18
# What is drawn as a shape of which sort.
SHAPES: Mapping[str, Callable[[DrawnItem], bool]] = {
    "dot": lambda item: item.element == "circle",
    "line": lambda item: item.is_line,
    **dict.fromkeys(("bar", "square", "block"), lambda item: item.is_box),
}


class DrawnMark(NamedTuple):
    """A mark: what is described of it, by its words, and what is drawn of it."""

    node: Node
    facts: Mapping[str, str]
    item: DrawnItem

    @property
    def at(self) -> tuple[float, ...]:
        """Its place; a stroke stands in the middle of its week."""
        middle = 3.5 if self.facts["as"] == "stroke" else 0
        return tuple(place + middle for place in read_place(self.facts["at"]))


def read_facts(node: Node) -> dict[str, str]:
    """What the form of a node says, by word; `short` is the last of them, whatever it holds."""
    form, _, short = f"; {node.form}".partition("; short ")
    facts = dict(fact.partition(" ")[::2] for fact in form.split("; ") if fact)
    return facts | ({"short": short} if short else {})


class DrawingReader:
    """Reads one drawing; what is read leaves `rest`, so that in the end nothing may be there."""

    def __init__(self, svg: Element, nodes: Sequence[Node], place: tuple[str, str]) -> None:
        self.place = place
        self.alternative = svg.get("aria-label", "")
        self.size = float(svg.get("width", "0")), float(svg.get("height", "0"))
        self.rest = list(read_items(svg))
        self.texts = [item for item in self.rest if item.element == "text"]
        self.nodes: dict[str, list[Node]] = defaultdict(list)
        for node in nodes:
            self.nodes[node.kind].append(node)
        self.marks: list[DrawnMark] = []
        self.is_narrow = self.size[ACROSS] < PHONE

    def read(self) -> Iterator[Misreading]:
        """What it says otherwise."""
        for node in self.nodes["alternative"]:
            if squash(node.text) != squash(self.alternative):
                yield self._differs(node.place, self.alternative, node.text)
        if not self.nodes["scale"]:
            return
        yield from self._read_marks()
        yield from self._check_looks()
        yield from self._read_places()
        yield from self._read_legend()
        yield from self._read_rest()

    def _read_places(self) -> Iterator[Misreading]:
        """What the places of marks, names and values say otherwise: each reader has its own."""
        yield from ()

    def _differs(self, name: str, text: str, expected: str) -> Misreading:
        return Misreading(*self.place, name, text, expected)

    def _take(self, condition: Callable[[DrawnItem], bool]) -> list[DrawnItem]:
        """The items of the rest that fit; they leave it."""
        taken = [item for item in self.rest if condition(item)]
        self.rest = [item for item in self.rest if not condition(item)]
        return taken

    def _read_rest(self) -> Iterator[Misreading]:
        """Nothing else stands there but grounds behind texts; and all stands in the drawing."""
        places = [text.points[0] for text in self.texts]
        for item in self.rest:
            is_ground = item.is_box and item.look == GROUND
            if not (is_ground and any(holds(item, place) for place in places)):
                what = item.text or f"a {item.element}"
                yield self._differs(item.tag or "the drawing", what, "nothing that isn't described")
        inside = [*((mark.node.about, mark.item) for mark in self.marks)]
        inside += [(text.tag or text.text, text) for text in self.texts]
        for name, item in inside:
            for axis in (ACROSS, DOWN):
                first, last = item.find_ends(axis)
                if first < -NEAR or last > self.size[axis] + NEAR:
                    yield self._differs(name, "what is cut off", "a place in the drawing")

    # Marks

    def _read_marks(self) -> Iterator[Misreading]:
        """Each mark that is described is drawn once, and no other."""
        tagged: dict[str, list[DrawnItem]] = defaultdict(list)
        for item in self._take(lambda item: item.role == "value" and item.element != "text"):
            tagged[item.tag].append(item)
        strokes: dict[str, list[Node]] = defaultdict(list)
        for node in self.nodes["mark"]:
            facts = read_facts(node)
            if facts["as"] == "stroke":
                strokes[node.about].append(node)
                continue
            items = [item for item in tagged[node.about] if SHAPES[facts["as"]](item)]
            if len(items) != 1:
                number = "several marks" if items else "no mark"
                yield self._differs(node.about, number, f"one, a {facts['as']}")
            for item in items[:1]:
                tagged[node.about].remove(item)
                self.marks.append(DrawnMark(node, facts, item))
        for name, nodes in strokes.items():
            yield from self._read_strokes(nodes, tagged.pop(name, []))
        for name, items in tagged.items():
            for _ in items:
                yield self._differs(name, "a mark", "none that isn't described")

    def _read_strokes(
        self, nodes: Sequence[Node], items: Sequence[DrawnItem]
    ) -> Iterator[Misreading]:
        """The strokes of a series are one path, each of them a mark."""
        parts = [stroke for item in items for stroke in item.strokes]
        if [len(part) for part in parts] != [2] * len(nodes):
            yield self._differs(nodes[0].about, f"{len(parts)} strokes", str(len(nodes)))
        for node, part in zip(nodes, parts, strict=False):
            self.marks.append(DrawnMark(node, read_facts(node), replace(items[0], strokes=(part,))))

    def _check_looks(self) -> Iterator[Misreading]:
        """Each mark has the colour of what it means, and those of one meaning are as thick."""
        for mark in self.marks:
            wanted = LOOKS[mark.facts["as"], mark.facts["in"]]
            if mark.item.look != wanted:
                meaning = mark.facts["in"]
                yield self._differs(mark.node.about, " ".join(mark.item.look), meaning)

    # Texts

    def _take_lines(self, condition: Callable[[DrawnItem], bool]) -> list[DrawnItem]:
        """The lines of a text in the order in which they are read."""
        lines = self._take(lambda item: item.element == "text" and condition(item))
        return sorted(lines, key=lambda line: line.points[0][ACROSS if line.is_upright else DOWN])

    def _check_text(self, node: Node, lines: Sequence[DrawnItem]) -> Iterator[Misreading]:
        """A text says what is described, or what there is room for."""
        text = " ".join(line.text for line in lines)
        facts = read_facts(node)
        texts = [node.text, *filter(None, [facts.get("short")])]
        if "capital" in facts:
            text, *texts = map(fold_first, [text, *texts])
        if not any(stands_for(text, wanted) for wanted in texts):
            yield self._differs(node.target or node.about or node.place, text, node.text)

    def _remove(self, items: Sequence[DrawnItem]) -> None:
        """Take items out of the rest, each once."""
        for item in items:
            self.rest.remove(item)

    def _says(self, node: Node, item: DrawnItem) -> bool:
        """Whether an item has the words of a node."""
        return squash(item.text) == squash(node.text)

    def _is_value(self, node: Node, item: DrawnItem) -> bool:
        if node.about:
            return (item.tag, item.role) == (node.about, "value")
        return not item.tag and squash(item.text) == squash(node.text)

    def _is_name(self, node: Node, item: DrawnItem) -> bool:
        """Whether a text is a line of a name that is described; one without a tag is muted."""
        if node.target:
            return (item.tag, item.role) == (node.target, _role_of(node))
        return not item.tag and item.fill == "muted" and squash(item.text) == squash(node.text)

    def _check_every(
        self, written: Sequence[int], number: int, *, may_leave_out: bool
    ) -> Iterator[Misreading]:
        """Where there is no room, every second, third or so of names is written."""
        every = written[1] if len(written) > 1 and may_leave_out else 1
        if may_leave_out and len(written) == 1:
            every = number
        if [*written] != list(range(0, number, every)):
            yield self._differs("the axis", "names", "all, or every second, third or so")

    def _check_room(self, written: Sequence[Node]) -> Iterator[Misreading]:
        """Of values that find no room either all are written, or one at most: the highest."""
        tops = {mark.node.about: float(mark.facts["to"]) for mark in self.marks}
        for room in ("highest", "none"):
            nodes = [
                node for node in self.nodes["mark-value"] if read_facts(node).get("room") == room
            ]
            those = [node for node in nodes if node in written]
            if len(those) in (0, len(nodes)):
                continue
            highest = max(tops.get(node.about, 0) for node in nodes)
            is_highest = len(those) == 1 and tops.get(those[0].about, 0) == highest
            if not (room == "highest" and is_highest):
                lacking = next(node for node in nodes if node not in written)
                yield self._differs(lacking.about, "no number", "all, or the highest alone")

    # The legend

    def _read_legend(self) -> Iterator[Misreading]:
        """Each meaning of a colour stands beside a sample of it, or at the end of its line."""
        for node in self.nodes["legend"]:
            facts = read_facts(node)
            texts = self._take(partial(self._is_period, node))
            if len(texts) != 1 or squash(texts[0].text) != squash(node.text):
                text = " ".join(text.text for text in texts)
                yield self._differs(node.target or "the legend", text, node.text)
            for item in texts[:1]:
                yield from self._check_sample(node, item, facts)

    def _is_period(self, node: Node, item: DrawnItem) -> bool:
        if item.element != "text":
            return False
        if node.target:
            return (item.tag, item.role) == (node.target, "period")
        return not item.tag and squash(item.text) == squash(node.text)

    def _check_sample(
        self, node: Node, text: DrawnItem, facts: Mapping[str, str]
    ) -> Iterator[Misreading]:
        x, y = text.points[0]
        if facts["stands"] == "end":
            ends = [mark.item.points[0] for mark in self.marks if mark.facts["in"] == facts["in"]]
            last = max(ends, default=(0.0, 0.0))
            is_near = 0 < x - last[ACROSS] <= 2 * GAP and abs(y - last[DOWN]) <= 2 * ABOVE
            if not is_near:
                yield self._differs(node.target, text.text, "the end of its own line")
            return
        shape = "dot" if facts["in"] == "may-be-chance" else "bar"
        samples = [
            item
            for item in self.rest
            if not item.tag
            and SHAPES[shape](item)
            and 0 < x - item.find_middle(ACROSS) < BESIDE
            and abs(y - item.find_middle(DOWN)) < LEVEL
        ]
        self._remove(samples[:1])
        if [item.look for item in samples] != [LOOKS[shape, facts["in"]]]:
            colours = ", ".join(" ".join(item.look) for item in samples)
            yield self._differs(node.target or "the legend", colours, facts["in"])


# Places


def place_mark(mark: DrawnMark, axis: int) -> Iterator[PlacedNumber]:
    """Where a mark shows its numbers along an axis."""
    name, facts = mark.node.about, mark.facts
    low, high = float(facts.get("from", "nan")), float(facts["to"])
    if facts["as"] == "dot":
        yield PlacedNumber(name, mark.item.points[0][axis], high)
    elif facts["as"] == "line":
        for place, value in zip(mark.item.points, (low, high), strict=False):
            yield PlacedNumber(name, place[axis], value)
    else:
        first, last = mark.item.find_ends(axis)
        # Numbers grow upwards, and pixels downwards.
        pixels = (last, first) if axis == DOWN else (first, last)
        for pixel, value in zip(pixels, (low, high), strict=True):
            yield PlacedNumber(name, pixel, value)


def is_broken(lines: Sequence[DrawnItem]) -> bool:
    """Whether a text is broken into lying lines, each of which begins where it does."""
    return len(lines) > 1 and not any(line.is_upright for line in lines)


def measure(item: DrawnItem, axis: int) -> float:
    """How long an item is along an axis."""
    first, last = item.find_ends(axis)
    return last - first


def holds(box: DrawnItem, place: Place) -> bool:
    """Whether a place lies in a box."""
    ends = map(box.find_ends, (ACROSS, DOWN))
    return all(first <= at <= last for (first, last), at in zip(ends, place, strict=True))


def _role_of(node: Node) -> str:
    return "row" if node.kind == "row-name" else "name"
