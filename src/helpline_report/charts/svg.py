"""Rewrite what matplotlib draws as SVG that can stand in a page: known elements, named colours.

Nothing of the drawing is copied: each element is read, and written anew from lists of what may
stand in a page. So a project's own function brings no script, no link and no file along.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

# What XML can't hold.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# The attributes of a mark or a text, by what of its figure it shows, or of an event.
ANCHORS = {
    "figure": "data-figure={}",
    "counts": 'data-figure={} data-parts="denominator numerator"',
    "name": "data-about={}",
    "row": 'data-about={} data-parts="row"',
    "period": 'data-about={} data-parts="period"',
    "event": "data-event={}",
}

_XLINK = "{http://www.w3.org/1999/xlink}href"
# What matplotlib draws of a dot: eight curves, of which the first ends an eighth further.
_CIRCLE = re.compile(r"M 0 (\d[\d.]*)\s+(?:C[^A-Z]*){8}z\s*$")
_PATH = re.compile(r"[MLCQzZ\d\s.e+-]*")
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
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


def tag(artist: Any, figure: str, kind: str = "figure") -> None:
    """Tag a mark or a text with its figure or event, and with what of it it shows (`ANCHORS`)."""
    if artist is not None and figure:
        artist.set_gid(f"{kind}:{figure}")


def printable(text: str) -> str:
    """`text` in one line, without characters that XML can't hold."""
    return UNPRINTABLE.sub("", " ".join(text.split()))


def number(value: float | str) -> str:
    """A number of pixels with at most two decimals.

    It is rounded to a millionth first, so that a half that a sum missed by a hair counts as one.
    """
    text = f"{round(float(value), 6):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(frozen=True)
class _Element:
    """An element of the new drawing; what looks alike stands in one group."""

    tag: str
    attributes: str
    look: str
    text: str = ""

    def written(self, look: str = "") -> str:
        end = f">{escape(self.text)}</{self.tag}>" if self.text else "/>"
        return f"<{self.tag} {self.attributes}{look}{end}"


def rewrite(drawn: str, *, colours: Mapping[str, str], family: str, alternative: str) -> str:
    """One `<svg>` of what matplotlib drew, as many can stand in a page.

    `colours` has what stands for each colour that has a name.
    """
    # matplotlib writes a label as it stands, also what XML can't hold; it declares no entities.
    root = ET.fromstring(UNPRINTABLE.sub("", drawn))  # noqa: S314
    marks = {item.attrib["id"]: item for item in root.findall(".//{*}path[@id]")}
    boxes = {item.attrib["id"]: item.find("{*}rect") for item in root.findall(".//{*}clipPath")}
    clips = {
        name: f'<clipPath id="{name}"><rect {_write_sides(box)}/></clipPath>'
        for name, box in boxes.items()
        if box is not None
    }
    elements = list(_Rewriter(colours, marks, frozenset(clips)).elements(root, "", ""))
    # Texts stand above the shapes, those that look alike in one group.
    elements.sort(
        key=lambda element: (element.tag == "text", element.look if element.tag == "text" else "")
    )
    used = {clip[1] for element in elements for clip in _CLIP.finditer(element.look)}
    defined = "".join(clips[name] for name in sorted(used))
    wide, high = map(number, root.attrib["viewBox"].split()[2:])
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" '
        f'height="{high}" role="img" aria-label={quoteattr(printable(alternative))} '
        f"font-family=\"'{family}', sans-serif\">"
    )
    written = [opening, f"<defs>{defined}</defs>" if defined else ""]
    for look, alike in groupby(elements, key=lambda element: element.look):
        run = list(alike)
        if len(run) == 1 or not look:
            written += [element.written(look) for element in run]
        else:
            written += [f"<g{look}>", *(element.written() for element in run), "</g>"]
    return "".join([*written, "</svg>"])


def _write_anchor(name: str, outer: str) -> str:
    """The attributes of what stands in a group, by its name; else those of the group around it."""
    kind, _, figure = name.partition(":")
    if kind in ANCHORS:
        return " " + ANCHORS[kind].format(quoteattr(figure))
    # The ground behind a text is no mark.
    return "" if kind.startswith("patch_") else outer


def _write_sides(box: ET.Element) -> str:
    names = ("x", "y", "width", "height")
    return " ".join(f'{name}="{number(box.attrib[name])}"' for name in names)


@dataclass(frozen=True)
class _Rewriter:
    """Walks a drawing; `marks` are the shapes of dots, by the id that each use of one names.

    `clips` are the ids of what a function of a project may draw within.
    """

    colours: Mapping[str, str]
    marks: Mapping[str, ET.Element]
    clips: frozenset[str]

    def elements(self, item: ET.Element, clip: str, figure: str) -> Iterator[_Element]:
        """The elements of the new drawing that an element of the old one stands for."""
        named = _CLIP.fullmatch(item.attrib.get("clip-path", ""))
        if named and named[1] in self.clips:
            clip = f' clip-path="{named[0]}"'
        style = item.attrib.get("style", "")
        match item.tag.rpartition("}")[2]:
            case "svg" | "g" | "a":
                figure = _write_anchor(item.attrib.get("id", ""), figure)
                for child in item:
                    yield from self.elements(child, clip, figure)
            case "path":
                yield from self._shape(item.get("d", ""), style, clip, figure)
            case "use":
                shape = self.marks.get(item.attrib.get(_XLINK, "").removeprefix("#"))
                if shape is not None:
                    style = f"{shape.attrib.get('style', '')}; {style}"
                    at = (item.attrib["x"], item.attrib["y"])
                    yield from self._shape(shape.get("d", ""), style, clip, figure, at)
            case "text":
                yield self._text(item, clip, figure)
            case "image" if _PICTURE.fullmatch(item.attrib.get(_XLINK, "")):
                data = "".join(item.attrib[_XLINK].split())
                yield _Element("image", f'{_write_sides(item)} href="{data}"', clip)

    def _shape(
        self, d: str, style: str, clip: str, figure: str, at: tuple[str, str] | None = None
    ) -> Iterator[_Element]:
        look = self._style(style)
        if not d or not _PATH.fullmatch(d) or ("fill:none" in look and "stroke:" not in look):
            return
        x, y = map(number, at or ("0", "0"))
        circle = _CIRCLE.match(d)
        if circle:
            place = f'cx="{x}" cy="{y}" r="{number(circle[1])}"'
            yield _Element("circle", place + figure, look + clip)
            return
        path = _NUMBER.sub(lambda match: number(match[0]), " ".join(d.split()))
        path = re.sub(r" ?([MLCQz]) ?", r"\1", path)
        place = f' transform="translate({x} {y})"' if at else ""
        yield _Element("path", f'd="{path}"{place}{figure}', look + clip)

    def _text(self, item: ET.Element, clip: str, figure: str) -> _Element:
        transform = item.attrib.get("transform", "")
        moved, turned = _MOVED.search(transform), _TURNED.search(transform)
        x, y = map(number, moved.groups() if moved else (item.attrib["x"], item.attrib["y"]))
        where = f'x="{x}" y="{y}"'
        if turned and float(turned[1]):
            where += f' transform="rotate({number(turned[1])} {x} {y})"'
        text = printable("".join(item.itertext()))
        style = self._style(item.attrib.get("style", ""))
        return _Element("text", where + figure, style + clip, text)

    def _style(self, text: str) -> str:
        """The style of an element; what goes without saying is left out."""
        pairs = (part.partition(":") for part in text.split(";"))
        values = {name.strip(): value.strip() for name, _, value in pairs}
        style = [
            f"{name}:{_COLOUR.sub(lambda match: self.colours.get(match[0], match[0]), value)}"
            for name, default in STYLES.items()
            if (value := values.get(name, default)) != default and _PLAIN.fullmatch(value)
        ]
        return f' style="{";".join(style)}"' if style else ""
