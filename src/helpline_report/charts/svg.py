"""What is kept of the SVG that matplotlib writes: shapes, text, and colours by their names."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from helpline_report.charts.canvas import printable
from helpline_report.charts.style import MARKERS, Theme

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
    for element in written.iter():
        tag = element.tag.rpartition("}")[2]
        if tag in ("path", "text"):
            kept = ET.SubElement(root, tag, _attributes(element, theme))
            kept.text = element.text if tag == "text" else None
    return ET.tostring(root, encoding="unicode", short_empty_elements=True)


def _attributes(element: ET.Element, theme: Theme) -> dict[str, str]:
    found = {name: element.get(name, "") for name in KEPT if element.get(name)}
    for name in ("d", "x", "y", "transform"):
        if name in found:
            rounded = NUMBER.sub(lambda match: _short(float(match[0])), found[name])
            found[name] = " ".join(rounded.split())
    style = _style(found.pop("style", ""), theme)
    if found.get("transform", "").startswith("rotate(-0"):
        del found["transform"]
    return {**found, "style": style} if style else found


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
