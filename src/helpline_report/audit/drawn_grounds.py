"""Say which colour a drawing has at a place: that of what was drawn there last, where it's sure.

Beside an edge colours run into each other, and of letters and curves only their boxes are known.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import NamedTuple

from helpline_report.audit.drawn_items import ACROSS, DOWN, DrawnItem, Place

# The ground of the page, on which all is drawn.
PAGE = "page"
# So far from an edge a colour is sure, in pixels of a drawing.
CLEAR = 1.0
# How many heights of its letters a text may be long, by itself and for each of them; and how high
# they reach above and below their middle.
LONGEST, HIGHEST = (0.3, 0.62), 0.75


class _Shape(NamedTuple):
    """What may have a colour in a box: a box itself, a disc, a stroke, or nobody knows where."""

    kind: str
    colour: str
    box: tuple[float, float, float, float]
    ends: tuple[Place, ...] = ()
    width: float = 0


class DrawnGrounds:
    """The colours of one drawing by their names, at each of its places."""

    def __init__(self, items: Sequence[DrawnItem]) -> None:
        self._shapes = [shape for item in items for shape in _list_shapes(item)]
        # The one that was drawn last is seen.
        self._shapes.reverse()

    def find_colour(self, place: Place, *, below_texts: bool = False) -> str | None:
        """The colour at a place; None where nobody can tell. What is written may be left out."""
        x, y = place
        for kind, colour, (left, top, right, bottom), ends, width in self._shapes:
            if not (left <= x <= right and top <= y <= bottom):
                continue
            if kind == "text" and below_texts:
                continue
            is_in: bool | None = None
            if kind == "box":
                edge = width + 2 * CLEAR
                is_in = None if min(x - left, right - x, y - top, bottom - y) < edge else True
            elif kind == "disc":
                is_in = _compare(math.dist(place, ends[0]), width)
            elif kind == "stroke":
                way, is_beside = _measure_way(place, ends)
                # How a stroke ends isn't known.
                is_in = _compare(way, width / 2) if is_beside else None
            if is_in is None:
                return None
            if is_in:
                return colour
        return PAGE

    def list_samples(self) -> Iterator[tuple[Place, str]]:
        """Places inside and just outside of each shape, with the colour that each has for sure."""
        for shape in reversed(self._shapes):
            for place in _list_places(shape):
                colour = self.find_colour(place)
                if colour is not None:
                    yield place, colour


def _compare(distance: float, reach: float) -> bool | None:
    """Whether something reaches so far: True, False, or None where colours run together.

    A picture has whole pixels, and stands at a whole height: outside, what was rounded is added.
    """
    if distance < reach - CLEAR / 2:
        return True
    return False if distance > reach + CLEAR else None


def _list_shapes(item: DrawnItem) -> Iterator[_Shape]:
    """The shapes of an item with the boxes that they may reach to."""
    edge = item.width / 2 + CLEAR
    if not item.points:
        return
    if item.element == "text":
        yield _Shape("text", item.fill, _find_text(item))
    elif item.is_sheer:
        yield _Shape("curve", "", _find_box(item.points, edge + item.size))
    elif item.element == "circle":
        yield from _list_discs(item)
    elif item.is_box:
        yield _Shape("box", item.fill, _find_box(item.points, edge), (), item.width)
    elif item.element == "path" and not item.fill and not item.is_curved:
        for ends in (ends for stroke in item.strokes for ends in pairwise(stroke)):
            yield _Shape("stroke", item.stroke, _find_box(ends, edge), ends, item.width)
    else:
        yield _Shape("curve", "", _find_box(item.points, edge))


def _list_discs(item: DrawnItem) -> Iterator[_Shape]:
    """The edge of a circle is drawn over its disc: here it is a larger one below."""
    centre, reach = item.points[0], item.size + item.width / 2
    box = _find_box([centre], reach + CLEAR)
    if item.stroke:
        yield _Shape("disc", item.stroke, box, (centre,), reach)
    if item.fill:
        yield _Shape("disc", item.fill, box, (centre,), item.size - item.width / 2)


def _find_box(points: Sequence[Place], edge: float) -> tuple[float, float, float, float]:
    across, down = ([point[axis] for point in points] for axis in (ACROSS, DOWN))
    return min(across) - edge, min(down) - edge, max(across) + edge, max(down) + edge


def _find_text(item: DrawnItem) -> tuple[float, float, float, float]:
    """The box that the letters of a text don't leave, by the end of it that stands at its place."""
    (x, y), high = item.points[0], item.size * HIGHEST + CLEAR
    long = item.size * (LONGEST[0] + LONGEST[1] * len(item.text))
    before = {"start": 0.0, "middle": 0.5, "end": 1.0}[item.anchor] * long + CLEAR
    after = long + 2 * CLEAR - before
    if item.is_upright:
        return x - high, y - after, x + high, y + before
    return x - before, y - high, x + after, y + high


def _list_places(shape: _Shape) -> Iterator[Place]:
    left, top, right, bottom = shape.box
    x, y, step = (left + right) / 2, (top + bottom) / 2, 2 * CLEAR + shape.width / 2
    if shape.kind == "box":
        yield x, y
        for inside in (step + CLEAR, -CLEAR):
            yield from ((x, top + inside), (x, bottom - inside))
            yield from ((left + inside, y), (right - inside, y))
        # Its value may be written in the middle of an end.
        yield from product(
            (left + step + CLEAR, right - step - CLEAR), (top - CLEAR, bottom + CLEAR)
        )
        yield from product(
            (left + step + CLEAR, right - step - CLEAR), (top + step + CLEAR, bottom - step - CLEAR)
        )
    elif shape.kind == "disc":
        yield from ((x, y), (left - CLEAR, y), (right + CLEAR, y), (x, top - CLEAR))
    elif shape.kind == "stroke":
        yield x, y


def _measure_way(place: Place, ends: Sequence[Place]) -> tuple[float, bool]:
    """How far a place is from a line between two others, and whether it's well beside that."""
    (x, y), ((left, top), (right, bottom)) = place, ends
    long = math.dist(*ends)
    along = ((x - left) * (right - left) + (y - top) * (bottom - top)) / long if long else 0
    near = min(1, max(0, along / long)) if long else 0
    way = math.dist(place, (left + near * (right - left), top + near * (bottom - top)))
    return way, CLEAR <= along <= long - CLEAR
