"""A flow as it is drawn: bands from left to right, and on a phone bars that hang on each other."""

from __future__ import annotations

from collections.abc import Sequence

from helpline_report.charts.branches import Branch
from helpline_report.charts.canvas import Canvas
from helpline_report.charts.type import capital, shorten, width, wrap

# The height of the whole, and the width of a node.
TALL = 260.0
NODE = 12.0
GAP = 8.0
BETWEEN = 14.0

# Where the groups and the codes stand, as parts of the width.
GROUPS, CODES = 0.29, 0.57

# On a phone: how far a part is moved in below what it is a part of.
STEP = 16.0
THICK = 12.0


def draw_flow(canvas: Canvas, whole: Branch) -> float:
    """Draw onto `canvas` and return the height that the drawing takes."""
    if canvas.theme.narrow:
        return _hung(canvas, whole)
    return _Sheet(canvas, whole).draw()


class _Sheet:
    """The flow from left to right: the whole, its parts, and theirs."""

    def __init__(self, canvas: Canvas, whole: Branch) -> None:
        self.canvas = canvas
        self.whole = whole
        self.scale = TALL / max(whole.value, 1.0)
        self.line = canvas.theme.text * 1.25

    def draw(self) -> float:
        """Draw, part by part from the top."""
        top = self._say(self.whole, 0.0, 0.0, self._x(GROUPS) - 2 * GAP)
        self.canvas.bar((0.0, top), NODE, self.whole.value * self.scale, "main")
        leaves, y = top, top
        for part in self.whole.parts:
            y, node = self._part(part, y)
            tall = part.value * self.scale
            self._band((NODE, leaves), (self._x(GROUPS), node), tall)
            leaves += tall
            y += BETWEEN
        return max(y - BETWEEN, top + self.whole.value * self.scale) + 4

    def _x(self, part: float) -> float:
        return part * self.canvas.theme.width

    def _part(self, part: Branch, y: float) -> tuple[float, float]:
        """Draw a part of the whole with its own parts; where it ends, and the top of its node."""
        x, tall = self._x(GROUPS), part.value * self.scale
        if not part.parts:
            lines = max(tall, self._lines(part) * self.line)
            node = y + (lines - tall) / 2
            self._node(x, node, tall)
            self._beside(part, x + NODE + GAP, y + lines / 2)
            return y + lines, node
        y = self._say(part, x, y, self.canvas.theme.width - x)
        self._node(x, y, tall)
        ends, leaves = y, y
        for leaf in part.parts:
            own = leaf.value * self.scale
            slot = max(own, self._lines(leaf) * self.line)
            node = ends + (slot - own) / 2
            self._node(self._x(CODES), node, own)
            self._band((x + NODE, leaves), (self._x(CODES), node), own)
            self._beside(leaf, self._x(CODES) + NODE + GAP, ends + slot / 2)
            leaves, ends = leaves + own, ends + slot + 3
        return max(ends, y + tall), y

    def _say(self, part: Branch, x: float, y: float, room: float) -> float:
        """A value with its label as a line above a node; returns where the node may start."""
        value = self.canvas.words.value(part.figure)
        lead = width(value, self.canvas.theme.text, "semibold") + 6
        self.canvas.value(x, y + self.canvas.theme.text, part.figure)
        lines = wrap(part.label, self.canvas.theme.text, room - lead)
        for number, line in enumerate(lines):
            self.canvas.text(x + lead, y + self.canvas.theme.text + number * self.line, line)
        return y + len(lines) * self.line + 4

    def _beside(self, part: Branch, x: float, middle: float) -> None:
        size = self.canvas.theme.text
        value = self.canvas.words.value(part.figure)
        lines = self._wrapped(part)
        first = middle + size * 0.34 - (len(lines) - 1) * self.line / 2
        lead = width(value, size, "semibold") + 6
        self.canvas.value(x, first, part.figure)
        for number, line in enumerate(lines):
            self.canvas.text(x + lead, first + number * self.line, line)

    def _wrapped(self, part: Branch) -> list[str]:
        size = self.canvas.theme.text
        lead = width(self.canvas.words.value(part.figure), size, "semibold") + 6
        room = self.canvas.theme.width - self._x(CODES) - NODE - GAP - lead
        return shorten(wrap(part.label, size, room), 2)

    def _lines(self, part: Branch) -> int:
        return len(self._wrapped(part))

    def _node(self, x: float, y: float, tall: float) -> None:
        if tall > 0:
            self.canvas.bar((x, y), NODE, max(tall, 1.0), "main")

    def _band(self, start: tuple[float, float], end: tuple[float, float], tall: float) -> None:
        if tall <= 0:
            return
        (left, top), (right, end_top) = start, end
        sides = (((left, top), (left, top + tall)), ((right, end_top), (right, end_top + tall)))
        self.canvas.band(*sides, "seq1", edge="seq3")


def _hung(canvas: Canvas, whole: Branch) -> float:
    """The whole as a bar, its parts below it, and theirs below them: all to one scale."""
    room = canvas.theme.width - 2 * STEP - _widest(canvas, [whole]) - GAP
    scale = room / max(whole.value, 1.0)
    return _bar(canvas, whole, depth=0, y=0.0, scale=scale)


def _widest(canvas: Canvas, parts: Sequence[Branch]) -> float:
    """The room that the longest value needs behind its bar."""
    texts = [canvas.words.value(part.figure) for part in parts]
    return max(width(text, canvas.theme.text, "semibold") for text in texts)


def _bar(canvas: Canvas, part: Branch, *, depth: int, y: float, scale: float) -> float:
    theme, x = canvas.theme, depth * STEP
    for line in wrap(capital(part.label), theme.text, theme.width - x):
        y += theme.text * 1.2
        canvas.text(x, y - 2, line)
    y += 3
    long = part.value * scale
    if long > 0:
        canvas.bar((x, y), max(long, 1.0), THICK, "main")
    canvas.value(x + long + 6, y + THICK / 2 + theme.text * 0.34, part.figure)
    stem, y = (x + 2, y + THICK), y + THICK + GAP
    for child in part.parts:
        turn = y + theme.text * 0.7
        y = _bar(canvas, child, depth=depth + 1, y=y, scale=scale)
        bend = (stem[0], turn)
        canvas.line([(stem, bend), (bend, (x + STEP - 4, turn))], "axis")
        stem = bend
    return y
