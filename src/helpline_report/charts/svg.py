"""What is kept of the SVG that matplotlib writes: shapes, text, and colours by their names."""

from __future__ import annotations

import re
from itertools import groupby
from xml.etree import ElementTree as ET

from helpline_report.charts.canvas import printable
from helpline_report.charts.style import MARKERS, Theme

# Between a letter of a path and its numbers no space is needed, and the corners of a rectangle say
# its width and height: a third of what matplotlib writes.
SPACED = re.compile(r" ?([MLCQVHZ]) ?", re.IGNORECASE)
N = r"(-?[\d.]+)"
UPRIGHT = re.compile(rf"M{N} {N}L\1 {N}(?=M|$)")
RECTANGLE = re.compile(rf"M{N} {N}L{N} \2L\3 {N}L\1 \4[zZ]")
NUMBER = re.compile(r"-?\d+\.\d+")
KEPT = ("d", "x", "y", "transform", "style")
DROPPED_STYLE = ("font-family", "font", "stroke-linejoin", "stroke-miterlimit", "stroke-linecap")
DEFAULT_STYLE = {"font-weight": "400", "font-style": "normal", "text-anchor": "start"}


def finish(svg: str, theme: Theme, *, width: float, height: float, alt: str) -> str:
    """One `<svg>` element without ids, so that many can stand in one page.

    matplotlib names the parts of each figure alike, writes a document type and the default of every
    style; none of that belongs in a page.
    """
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_short(width)} {_short(height)}",
            "width": _short(width),
            "height": _short(height),
            "role": "img",
            "aria-label": printable(alt),
            "font-family": f"'{theme.font.family}', sans-serif",
        },
    )
    written = ET.fromstring(svg)
    kept = [made for element in written.iter() if (made := _kept(element, theme)) is not None]
    for style, alike in groupby(kept, key=lambda made: made.get("style", "")):
        _add(root, style, list(alike))
    return ET.tostring(root, encoding="unicode", short_empty_elements=True)


def _kept(element: ET.Element, theme: Theme) -> ET.Element | None:
    """A path or a text as it stands in a page; nothing else of what matplotlib writes."""
    tag = element.tag.rpartition("}")[2]
    if tag not in ("path", "text"):
        return None
    made = ET.Element(tag, _attributes(element, theme))
    made.text = element.text if tag == "text" else None
    return made


def _add(root: ET.Element, style: str, alike: list[ET.Element]) -> None:
    """Put elements that look alike into a drawing: more than one have their style once."""
    if len(alike) == 1 or not style:
        root.extend(alike)
        return
    group = ET.SubElement(root, "g", {"style": style})
    for element in alike:
        del element.attrib["style"]
        group.append(element)


def _attributes(element: ET.Element, theme: Theme) -> dict[str, str]:
    found = {name: element.get(name, "") for name in KEPT if element.get(name)}
    for name in ("d", "x", "y", "transform"):
        if name in found:
            rounded = NUMBER.sub(lambda match: _short(float(match[0])), found[name])
            found[name] = " ".join(rounded.split())
    if "d" in found:
        found["d"] = _shorter(found["d"])
    style = _style(found.pop("style", ""), theme)
    if found.get("transform", "").startswith("rotate(-0"):
        del found["transform"]
    return {**found, "style": style} if style else found


def _shorter(path: str) -> str:
    without = SPACED.sub(r"\1", path)
    return UPRIGHT.sub(r"M\1 \2V\3", RECTANGLE.sub(r"M\1 \2H\3V\4H\1z", without))


def _style(style: str, theme: Theme) -> str:
    by_marker = {marker: theme.colour(name) for name, marker in MARKERS.items()}
    kept = []
    for part in style.split(";"):
        name, _, value = (piece.strip() for piece in part.partition(":"))
        if name and name not in DROPPED_STYLE and DEFAULT_STYLE.get(name) != value:
            kept.append(f"{name}:{by_marker.get(value, value)}")
    return ";".join(kept)


def _short(number: float) -> str:
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
