"""Read the shapes and texts of a drawing: where they stand, in pixels, and whose they are."""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from helpline_report.audit.expectations import Element, get_text

# The axes of a drawing. Pixels are counted from the left, and from the top.
ACROSS, DOWN = 0, 1
POINT = re.compile(r"[ML](-?[\d.]+) (-?[\d.]+)")
# The middle of a letter stands so much of its size above the line that it is written on.
MIDDLE_OF_LETTER = 0.35

Place = tuple[float, float]


class Label(NamedTuple):
    """A text of a drawing; `middle` is that of its letters.

    It says `parts` of a `figure`, such as its value or its name, or is the name of an `event`.
    `anchor` says which end of the text stands at its place; what belongs to an axis is `muted`.
    """

    text: str
    figure: str
    parts: tuple[str, ...]
    middle: Place
    anchor: str
    is_muted: bool
    is_upright: bool
    event: str


class DrawnShape(NamedTuple):
    """A path or a circle: its points and its fill, and the figure that it is called after, if any.

    `numbers` are those that it stands for: a value, or the ends of an interval.
    """

    figure: str
    points: Sequence[Place]
    fill: str
    numbers: Sequence[float] = ()

    @property
    def is_dot(self) -> bool:
        """Whether it is a dot; an interval is a line, and a bar has four corners."""
        return len(self.points) == 1

    def find_ends(self, axis: int) -> Place:
        """Its first and its last pixel along an axis."""
        pixels = [point[axis] for point in self.points]
        return min(pixels), max(pixels)

    def find_middle(self, axis: int) -> float:
        """Its middle along an axis."""
        return sum(self.find_ends(axis)) / 2

    def measure_distance(self, place: Place) -> float:
        """How far a place lies from its edge; 0 inside."""
        gaps = []
        for axis, pixel in enumerate(place):
            first, last = self.find_ends(axis)
            gaps.append(max(first - pixel, pixel - last, 0))
        return math.hypot(*gaps)


def read_shape(item: Element) -> DrawnShape:
    """A path or a circle of a drawing, without the numbers that it stands for."""
    points = [(float(x), float(y)) for x, y in POINT.findall(item.get("d", ""))]
    if not points:
        points = [(float(item.get("cx")), float(item.get("cy")))]
    fills = re.findall(r"fill:(?:var\(--([a-z0-9]+)|none)", _read_style(item))
    return DrawnShape(item.get("data-figure", ""), points, fills[-1] if fills else "")


def read_label(item: Element) -> Label:
    """A text of a drawing."""
    style = _read_style(item)
    sizes = re.findall(r"font-size:([\d.]+)", style)
    anchors = re.findall(r"text-anchor:(\w+)", style)
    lift = float(sizes[-1]) * MIDDLE_OF_LETTER if sizes else 0
    x, y = float(item.get("x")), float(item.get("y"))
    is_upright, name_of = "rotate(" in item.get("transform", ""), item.get("data-about", "")
    return Label(
        text=get_text(item),
        figure=name_of or item.get("data-figure", ""),
        parts=tuple(item.get("data-parts", "name" if name_of else "value").split()),
        middle=(x - lift, y) if is_upright else (x, y - lift),
        anchor=anchors[-1] if anchors else "start",
        is_muted="--muted" in style,
        is_upright=is_upright,
        event=item.get("data-event", ""),
    )


def _read_style(item: Element) -> str:
    """The style of an element, after that of the group that it stands in."""
    return f"{item.getparent().get('style', '')};{item.get('style', '')}"
