"""Rewrite what matplotlib draws as SVG that can stand in a page: known elements, named colours.

Nothing of the drawing is copied: each element is read, and written anew from lists of what may
stand in a page. So a project's own function brings no script, no link and no file along.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

# What XML can't hold.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

CALLED = "figure:"
# In the place of a figure: a mark that isn't drawn.
NO_FIGURE = "-"

_XLINK = "{http://www.w3.org/1999/xlink}href"
# What matplotlib draws of a dot: eight curves, of which the first ends an eighth further.
_CIRCLE = re.compile(r"M 0 (\d[\d.]*)\s+(?:C[^A-Z]*){8}z\s*$")
_TOKEN = re.compile(r"[MLCQz]|-?\d*\.?\d+(?:e-?\d+)?")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_CLIP = re.compile(r"url\(#(\w+)\)")
_PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=\s]+")
_PLAIN = re.compile(r"[\w.,#%\s-]*")
_MOVED = re.compile(r"translate\((-?[\d.]+) (-?[\d.]+)\)")
_TURNED = re.compile(r"rotate\((-?[\d.]+)")
# The properties that an element may have, each with the value that goes without saying.
STYLES = {
    "fill": "",
    "stroke": "none",
    "stroke-width": "1",
    "stroke-dasharray": "",
    "stroke-dashoffset": "0",
    "stroke-linecap": "butt",
    "fill-opacity": "1",
    "stroke-opacity": "1",
    "opacity": "1",
    "font-size": "",
    "font-weight": "400",
    "font-style": "normal",
    "text-anchor": "start",
}


def call(artist: Any, figures: Iterable[str]) -> None:
    """Call a mark after its figure, or those of a collection each after theirs, in their order.

    The SVG has the name as `data-figure`.
    """
    artist.set_gid(CALLED + " ".join(figures))


def printable(text: str) -> str:
    """`text` in one line, without characters that XML can't hold."""
    return UNPRINTABLE.sub("", " ".join(text.split()))


def number(value: float) -> str:
    """A number of pixels with at most two decimals.

    To a millionth first: a half that sums of fractions missed by a hair is rounded as a half.
    """
    text = f"{round(value, 6):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(frozen=True)
class _Element:
    """An element of the new drawing; what looks alike stands in one group."""

    tag: str
    attributes: str
    style: str
    clip: str = ""
    text: str = ""

    def written(self, style: str = "") -> str:
        end = f">{escape(self.text)}</{self.tag}>" if self.text else "/>"
        return f"<{self.tag} {self.attributes}{style}{end}"


@dataclass(frozen=True)
class _Surroundings:
    """What the groups around an element say: its clipping, and the figures that are still due."""

    clip: str = ""
    figures: Iterator[str] | None = None


def rewrite(drawn: str, *, colours: Mapping[str, str], family: str, alternative: str) -> str:
    """One `<svg>` of what matplotlib drew, as many can stand in a page.

    `colours` has what stands for each colour that has a name.
    """
    # matplotlib writes a label as it stands, also what XML can't hold; it declares no entities.
    root = ET.fromstring(UNPRINTABLE.sub("", drawn))  # noqa: S314
    marks = {item.attrib["id"]: item for item in root.findall(".//{*}path[@id]")}
    clips = _clips(root)
    elements = list(_Rewriter(colours, marks, frozenset(clips)).elements(root, _Surroundings()))
    # Texts stand above the shapes, those that look alike in one group.
    elements.sort(key=lambda one: (True, one.style) if one.tag == "text" else (False, ""))
    wide, high = (number(float(size)) for size in root.attrib["viewBox"].split()[2:])
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" '
        f'height="{high}" role="img" aria-label={quoteattr(printable(alternative))} '
        f"font-family=\"'{family}', sans-serif\">"
    )
    used = "".join(clips[name] for name in sorted({item.clip for item in elements} & set(clips)))
    defined = f"<defs>{used}</defs>" if used else ""
    runs = groupby(elements, key=lambda element: (element.style, element.clip))
    return head + defined + "".join(_alike(*look, list(run)) for look, run in runs) + "</svg>"


def _alike(style: str, clip: str, run: list[_Element]) -> str:
    look = f' style="{style}"' if style else ""
    look += f' clip-path="url(#{clip})"' if clip else ""
    if len(run) == 1 or not look:
        return "".join(element.written(look) for element in run)
    return f"<g{look}>{''.join(element.written() for element in run)}</g>"


def _clips(root: ET.Element) -> dict[str, str]:
    """The rectangles that a project's own function draws within, by their ids."""
    boxes = {item.attrib["id"]: item.find("{*}rect") for item in root.findall(".//{*}clipPath")}
    return {
        name: f'<clipPath id="{name}"><rect {_sides(box)}/></clipPath>'
        for name, box in boxes.items()
        if box is not None
    }


def _sides(box: ET.Element) -> str:
    names = ("x", "y", "width", "height")
    return " ".join(f'{name}="{number(float(box.attrib[name]))}"' for name in names)


def _look(element: _Element) -> str:
    return element.style


def _tag(item: ET.Element) -> str:
    return item.tag.rpartition("}")[2]


@dataclass(frozen=True)
class _Rewriter:
    """Walks a drawing; `marks` are the shapes of dots, by the id that each use of one names.

    `clips` are the ids of what a function of a project may draw within.
    """

    colours: Mapping[str, str]
    marks: Mapping[str, ET.Element]
    clips: frozenset[str]

    def elements(self, item: ET.Element, place: _Surroundings) -> Iterator[_Element]:
        """The elements of the new drawing that an element of the old one stands for."""
        clip = _CLIP.fullmatch(item.attrib.get("clip-path", ""))
        if clip and clip[1] in self.clips:
            place = replace(place, clip=clip[1])
        match _tag(item):
            case "svg" | "g" | "a":
                name = item.attrib.get("id", "")
                if name.startswith(CALLED):
                    place = replace(place, figures=iter(name.removeprefix(CALLED).split(" ")))
                inside = (element for child in item for element in self.elements(child, place))
                # The marks of a collection lie beside each other: those that look alike in a group.
                yield from sorted(inside, key=_look) if name.startswith(CALLED) else inside
            case "path":
                yield from self._shape(item.get("d", ""), item.get("style", ""), place)
            case "use":
                shape = self.marks.get(item.attrib.get(_XLINK, "").removeprefix("#"))
                if shape is not None:
                    style = f"{shape.attrib.get('style', '')}; {item.attrib.get('style', '')}"
                    at = (float(item.attrib["x"]), float(item.attrib["y"]))
                    yield from self._shape(shape.get("d", ""), style, place, at)
            case "text":
                yield self._text(item, place)
            case "image" if _PICTURE.fullmatch(item.attrib.get(_XLINK, "")):
                yield _picture(item, place)

    def _shape(
        self, d: str, style: str, place: _Surroundings, at: tuple[float, float] = (0, 0)
    ) -> Iterator[_Element]:
        figure = next(place.figures, "") if place.figures is not None else ""
        style = self._style(style)
        if (
            not d
            or figure == NO_FIGURE
            or (style.startswith("fill:none") and "stroke:" not in style)
        ):
            return
        called = f"data-figure={quoteattr(figure)} " if figure else ""
        circle = _CIRCLE.match(d)
        if circle:
            x, y, radius = map(number, (*at, float(circle[1])))
            yield _Element("circle", f'{called}cx="{x}" cy="{y}" r="{radius}"', style, place.clip)
        else:
            yield _Element("path", f'{called}d="{short_path(d, *at)}"', style, place.clip)

    def _text(self, item: ET.Element, place: _Surroundings) -> _Element:
        transform = item.attrib.get("transform", "")
        moved, turned = _MOVED.search(transform), _TURNED.search(transform)
        places = moved.groups() if moved else (item.attrib["x"], item.attrib["y"])
        x, y = (number(float(value)) for value in places)
        where = f'x="{x}" y="{y}"'
        if turned and float(turned[1]):
            where += f' transform="rotate({number(float(turned[1]))} {x} {y})"'
        text = printable("".join(item.itertext()))
        return _Element("text", where, self._style(item.attrib.get("style", "")), place.clip, text)

    def _style(self, text: str) -> str:
        """The style of an element; what goes without saying is left out."""
        pairs = (part.partition(":") for part in text.split(";"))
        values = {name.strip(): value.strip() for name, _, value in pairs}
        style = []
        for name, default in STYLES.items():
            value = values.get(name, default)
            if value != default and _PLAIN.fullmatch(value):
                style.append(f"{name}:{_COLOUR.sub(self._colour, value)}")
        return ";".join(style)

    def _colour(self, match: re.Match[str]) -> str:
        return self.colours.get(match[0], match[0])


def _picture(item: ET.Element, place: _Surroundings) -> _Element:
    data = "".join(item.attrib[_XLINK].split())
    return _Element("image", f'{_sides(item)} href="{data}"', "", place.clip)


def short_path(d: str, x: float = 0, y: float = 0) -> str:
    """A path moved by so many pixels, with each number once: level and upright lines, no spaces."""
    parts: list[str] = []
    tokens = iter(_TOKEN.findall(d))
    count = {"M": 1, "L": 1, "Q": 2, "C": 3}
    last = start = ("", "")
    for command in tokens:
        if command == "z":
            if parts[-1] != "z":
                parts.append("z")
            last = start
            continue
        places = [
            (number(float(next(tokens)) + x), number(float(next(tokens)) + y))
            for _ in range(count[command])
        ]
        here = places[-1]
        if command == "L" and here == last:
            continue
        if command == "L" and here == start:
            parts.append("z")
        elif command == "L" and here[0] == last[0]:
            parts.append(f"V{here[1]}")
        elif command == "L" and here[1] == last[1]:
            parts.append(f"H{here[0]}")
        else:
            parts.append(command + " ".join(f"{a} {b}" for a, b in places))
        if command == "M":
            start = here
        last = here
    return "".join(parts)
