"""A logo as SVG: what is drawn is kept, what is said beside it goes, what could act is refused."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"

SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"}
GROUPS = {"svg", "g", "defs", "symbol", "use", "switch", "style", "clipPath", "mask", "marker"}
PAINTS = {"linearGradient", "radialGradient", "stop", "pattern"}
DRAWN = SHAPES | GROUPS | PAINTS

# Who drew it, with which program, in which folder: nobody's business.
SAID = {"metadata", "title", "desc"}

# A drawing that is deeper, or repeats itself more often, is made to stop a reader.
DEEPEST = 60
MOST_USES = 200

LENGTH = re.compile(r"\d+(\.\d+)?(px|pt|mm|cm|in)?")
OUTSIDE = re.compile(r"url\(\s*['\"]?\s*(?!#|\s|['\"])|(image|image-set|src)\(", re.IGNORECASE)


class NotPlainError(Exception):
    """Why a file is no SVG that may stand in a page, as words after 'the logo'."""


class _NoDoctype(ET.TreeBuilder):
    """Stops at a document type, in whichever encoding: entities are declared there."""

    def doctype(self, *_: object) -> None:
        raise NotPlainError("declares a document type")


def drawn(data: bytes) -> bytes:
    """The drawing alone as UTF-8: no metadata, no comment, nothing of the program that made it.

    Raises:
        NotPlainError: it isn't an SVG, or holds what could run, or fetch something.
    """
    try:
        root = ET.fromstring(data, ET.XMLParser(target=_NoDoctype()))  # noqa: S314 - no entities
    except (ET.ParseError, ValueError, LookupError):
        raise NotPlainError("is neither an SVG nor a PNG") from None
    if root.tag != f"{{{SVG}}}svg":
        raise NotPlainError("is XML, and no SVG")
    plain = _plain(root, 0)
    _check_uses(plain)
    _check_size(plain)
    plain.set("xmlns", SVG)
    return ET.tostring(plain, encoding="unicode").encode()


def _plain(element: ET.Element, depth: int) -> ET.Element:
    """An element and what it holds, as far as it is drawn; names without their namespace."""
    if depth > DEEPEST:
        raise NotPlainError(f"is nested deeper than {DEEPEST} times")
    name = _own(element.tag)
    made = ET.Element(name)
    for key, value in element.attrib.items():
        _take(made, key, value)
    made.text, made.tail = element.text, element.tail
    if name == "style":
        _check_style(element.text or "")
    for child in element:
        if _is_drawn(child):
            made.append(_plain(child, depth + 1))
    return made


def _own(tag: str) -> str:
    return tag.rpartition("}")[2]


def _is_drawn(child: ET.Element) -> bool:
    """Whether something is part of the drawing, or only stands beside it.

    Raises:
        NotPlainError: it is neither.
    """
    name = _own(child.tag)
    if name in SAID or not child.tag.startswith(f"{{{SVG}}}"):
        return False
    if name == "image":
        raise NotPlainError("holds a picture of another kind")
    if name not in DRAWN:
        raise NotPlainError(f"holds <{name}>")
    return True


def _take(made: ET.Element, key: str, value: str) -> None:
    namespace, _, name = key.rpartition("}")
    if name.lower().startswith("on"):
        raise NotPlainError(f"has an event ({name})")
    if name == "href" and namespace in ("", "{" + XLINK):
        if not value.strip().startswith("#"):
            raise NotPlainError("refers to something outside itself")
        made.set("href", value.strip())
    elif not namespace and name != "data" and not name.startswith(("data-", "aria-")):
        if name == "style":
            _check_style(value)
        elif OUTSIDE.search(value):
            raise NotPlainError("refers to something outside itself")
        made.set(name, value)


def _check_style(rules: str) -> None:
    if OUTSIDE.search(rules) or "@" in rules or "\\" in rules:
        raise NotPlainError("refers to something outside itself")


def _check_uses(root: ET.Element) -> None:
    """A copy of a copy of a copy grows without end; a logo copies shapes."""
    uses = list(root.iter("use"))
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    targets = [by_id.get(use.get("href", "").removeprefix("#")) for use in uses]
    copied = any(target is not None and target.find(".//use") is not None for target in targets)
    if len(uses) > MOST_USES or copied or any(target in uses for target in targets):
        raise NotPlainError("copies copies of itself")


def _check_size(root: ET.Element) -> None:
    box = root.get("viewBox", "").replace(",", " ").split()
    try:
        sized = len(box) == len("xywh") and float(box[2]) > 0 and float(box[3]) > 0
    except ValueError:
        sized = False
    lengths = [root.get(name, "") for name in ("width", "height")]
    if not sized and not all(LENGTH.fullmatch(length.strip()) for length in lengths):
        raise NotPlainError("says no size: neither viewBox nor width and height")
