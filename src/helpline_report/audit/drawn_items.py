"""Read a drawing in a page: its shapes and texts with their places, colours and tags."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from helpline_report.audit.expectations import Element, get_text

# The axes of a drawing. Pixels are counted from the left, and from the top.
ACROSS, DOWN = 0, 1
# The middle of a letter stands so much of its size above the line that it is written on.
MIDDLE_OF_LETTER = 0.35
COLOUR = re.compile(r"(fill|stroke):(?:var\(--([a-z0-9-]+)\)|([^;]+))")
WIDTH = re.compile(r"stroke-width:([\d.]+)")
SIZE, ANCHOR = re.compile(r"font-size:([\d.]+)"), re.compile(r"text-anchor:(\w+)")
STEP = re.compile(r"([MLCQz])([^MLCQz]*)")
PAIR = re.compile(r"(-?[\d.]+)[ ,]+(-?[\d.]+)")
MOVED = re.compile(r"translate\((-?[\d.]+) (-?[\d.]+)\)")

Place = tuple[float, float]


@dataclass(frozen=True)
class DrawnItem:
    """A path, a circle, a text or a picture of a drawing.

    `strokes` are the points of each part of a path; a circle and a text have one point, that of the
    text in the middle of its letters. `tag` is the figure, the campaign, the event or the break
    that it is called after, and `role` says what of it it shows; both are empty where it is called
    after none. `anchor` says which end of a text stands at its place. `size` is that of its
    letters, or the radius of a circle, and `width` that of its edge. What lies below one that is
    `sheer` is seen through it.
    """

    element: str
    strokes: tuple[tuple[Place, ...], ...]
    fill: str
    stroke: str
    tag: str = ""
    role: str = ""
    text: str = ""
    size: float = 0
    width: float = 0
    anchor: str = "start"
    is_upright: bool = False
    is_curved: bool = False
    is_sheer: bool = False

    @property
    def points(self) -> Sequence[Place]:
        """All points that it goes through."""
        return [point for stroke in self.strokes for point in stroke]

    @property
    def is_line(self) -> bool:
        """Whether it is one straight line."""
        return self.element == "path" and not self.fill and [*map(len, self.strokes)] == [2]

    @property
    def is_box(self) -> bool:
        """Whether it is a rectangle with upright sides."""
        sides = [len({point[axis] for point in self.points}) for axis in (ACROSS, DOWN)]
        points, lengths = self.points, [*map(len, self.strokes)]
        # It may come back to where it began.
        is_closed = lengths == [4] or (lengths == [5] and points[0] == points[-1])
        is_filled = self.element == "path" and bool(self.fill) and not self.is_curved
        return is_filled and is_closed and max(sides) <= 2  # noqa: PLR2004

    @property
    def look(self) -> tuple[str, str]:
        """The names of its colours: what fills it, and its edge."""
        return self.fill, self.stroke

    def find_ends(self, axis: int) -> Place:
        """Its first and its last pixel along an axis."""
        pixels = [point[axis] for point in self.points]
        return min(pixels), max(pixels)

    def find_middle(self, axis: int) -> float:
        """Its middle along an axis."""
        return sum(self.find_ends(axis)) / 2


def read_items(svg: Element) -> Iterator[DrawnItem]:
    """Every shape and text of a drawing in its order; what isn't known is an item too."""
    for item in svg.iter():
        if isinstance(item.tag, str) and item.tag not in ("svg", "g"):
            read = read_item(item)
            yield read if "clip-path" not in item.attrib else _clip(read, svg, item)


def _clip(read: DrawnItem, svg: Element, item: Element) -> DrawnItem:
    """An item of which a rectangle cuts off a part; nobody knows what is left, if it does."""
    name = item.get("clip-path").removeprefix("url(#").removesuffix(")")
    for box in svg.xpath("//*[@id=$id]/rect", id=name):
        left, top, wide, high = (float(box.get(key)) for key in ("x", "y", "width", "height"))
        if all(
            left - 1 <= x <= left + wide + 1 and top - 1 <= y <= top + high + 1
            for x, y in read.points
        ):
            return read
    return replace(read, is_sheer=True)


def read_item(item: Element) -> DrawnItem:
    """An element of a drawing."""
    outer = item.getparent()
    # The last of several counts: that of the element itself, after that of its group.
    style = f"{outer.get('style', '') if outer.tag == 'g' else ''};{item.get('style', '')}"
    colours = {"fill": "", "stroke": ""}
    for name, variable, other in COLOUR.findall(style):
        colours[name] = variable or ("" if other == "none" else other)
    tag, role = _read_tag(item)
    is_upright = "rotate(" in item.get("transform", "")
    facts: dict[str, Any] = {"tag": tag, "role": role, "is_upright": is_upright, **colours}
    facts["is_sheer"] = "opacity" in style
    if colours["stroke"]:
        # A stroke is 1 pixel wide where nothing else is written.
        facts["width"] = float(["1", *WIDTH.findall(style)][-1])
    match item.tag:
        case "circle":
            facts["strokes"] = (((float(item.get("cx")), float(item.get("cy"))),),)
            facts["size"] = float(item.get("r", "0"))
        case "text":
            size = float(["0", *SIZE.findall(style)][-1])
            x, y, lift = float(item.get("x")), float(item.get("y")), size * MIDDLE_OF_LETTER
            facts["strokes"] = (((x - lift, y) if is_upright else (x, y - lift),),)
            facts |= {"size": size, "anchor": ["start", *ANCHOR.findall(style)][-1]}
            facts["text"] = " ".join(get_text(item).split())
        case _:
            drawn, moved = item.get("d", ""), MOVED.search(item.get("transform", ""))
            shift = (float(moved[1]), float(moved[2])) if moved else (0.0, 0.0)
            facts["strokes"] = tuple(_read_strokes(drawn, shift))
            facts["is_curved"] = "C" in drawn or "Q" in drawn
    return DrawnItem(element=str(item.tag), **facts)


def _read_tag(item: Element) -> tuple[str, str]:
    """What an element is called after, and which part of it it shows."""
    parts = item.get("data-parts", "")
    if event := item.get("data-event", ""):
        return event, "event"
    if name := item.get("data-about", ""):
        return name, parts or "name"
    name = item.get("data-figure", "")
    return name, parts or ("value" if name else "")


def _read_strokes(drawn: str, shift: Place) -> Iterator[tuple[Place, ...]]:
    """The points of each part of a path, those that bend a curve included."""
    stroke: list[Place] = []
    for letter, numbers in STEP.findall(drawn):
        if letter == "M" and stroke:
            yield tuple(stroke)
            stroke = []
        stroke += [(float(x) + shift[0], float(y) + shift[1]) for x, y in PAIR.findall(numbers)]
    if stroke:
        yield tuple(stroke)
