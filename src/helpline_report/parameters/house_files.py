"""Read the files of a house style: a logo that can do no harm, fonts that can be embedded."""

import io
import re
import shutil
import string
import struct
import tempfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree as ET

import typst
from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]
from PIL import Image

from helpline_report.errors import ParametersError
from helpline_report.parameters.house_style import OWN_SANS, OWN_SERIF, FontFile, HouseStyle
from helpline_report.parameters.values import Translated
from helpline_report.parameters.yaml import make_error


@dataclass(frozen=True)
class Logo:
    """A checked logo without its metadata, and its alternative text."""

    data: bytes
    kind: str
    alternative: Translated


@dataclass(frozen=True)
class House:
    """What of a house style stands in files: its logo, and fonts in place of the program's.

    Fonts have the weights that a page asks for: `sans` in 400 and 600, `serif` in 600.
    """

    logo: Logo | None = None
    sans: tuple[FontFile, FontFile] = OWN_SANS
    serif: FontFile = OWN_SERIF


def read_house(style: HouseStyle, root: Path) -> House:
    """The files of a house style, checked.

    Raises:
        ParametersError: a file isn't there, isn't of the project, or isn't safe.
    """
    sans, serif = style.fonts.sans, style.fonts.serif
    text, heading, logo = OWN_SANS, OWN_SERIF, None
    if sans:
        light, heavy = _read_font(sans.regular, root), _read_font(sans.semibold, root)
        if light.family != heavy.family or heavy.weight <= light.weight:
            values = {"heavy": heavy.family, "heavy_weight": heavy.weight}
            values |= {"light": light.family, "light_weight": light.weight}
            raise make_error(
                ParametersError, "lighter_font", sans.semibold, regular=sans.regular, **values
            )
        text = replace(light, weight=400), replace(heavy, weight=600)
    if serif:
        heading = replace(_read_font(serif.semibold, root), weight=600)
        if sans and heading.family == text[1].family and heading.file != text[1].file:
            raise make_error(ParametersError, "same_family", serif.semibold, family=heading.family)
    if style.logo:
        _, data = _read(style.logo.file, root)
        is_png = data.startswith(SIGNATURE)
        try:
            data = _strip_png(data) if is_png else _strip_svg(data)
        except LogoError as error:
            step = "save it as a plain SVG: shapes and texts alone; or as a PNG of about 600 pixels"
            what = f"the logo {error}"
            raise ParametersError(what, where=style.logo.file, next_step=step) from None
        logo = Logo(data, "image/png" if is_png else "image/svg+xml", style.logo.alternative)
    return House(logo=logo, sans=text, serif=heading)


def _read(name: str, root: Path) -> tuple[Path, bytes]:
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()):
        raise ParametersError("lies outside the project", where=name, next_step="copy it into it")
    try:
        return path, path.read_bytes()
    except OSError as error:
        raise make_error(ParametersError, "unread_house", name, reason=error.strerror) from None


# The logo

# Larger than this the page wouldn't stay small.
MOST_BYTES = 100_000
MOST_PIXELS = 4000
SIGNATURE = b"\x89PNG\r\n\x1a\n"
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
DRAWN = {
    *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
    *("svg", "g", "defs", "symbol", "use", "switch", "style", "clipPath", "mask", "marker"),
    *("linearGradient", "radialGradient", "stop", "pattern"),
}
# Who drew it, with which program, in which folder: nobody's business.
METADATA = {"metadata", "title", "desc"}
LENGTH = re.compile(r"\d+(\.\d+)?(px|pt|mm|cm|in)?")
BOX = re.compile(r"(?:[-+.\d]+[ ,]+){2}[.\d]*[1-9][.\d]*[ ,]+[.\d]*[1-9][.\d]*")
OUTSIDE = re.compile(r"url\(\s*['\"]?\s*(?!#|\s|['\"])|(image|image-set|src)\(", re.IGNORECASE)


class LogoError(Exception):
    """Why a file can't be a logo, as words after 'the logo'."""


def _refuse_size(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise LogoError(f"has {len(data)} bytes; at most {MOST_BYTES} fit in the page")


def _strip_png(data: bytes) -> bytes:
    _refuse_size(data)
    plain = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            if max(picture.size) > MOST_PIXELS:
                size = "{} by {} pixels".format(*picture.size)
                raise LogoError(f"is {size}; at most {MOST_PIXELS} by {MOST_PIXELS} can be shown")
            picture.verify()  # whole, chunk by chunk; it has to be opened again after this
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            picture.load()
            # What is left of what the file says is which colour is seen through.
            picture.info = {k: v for k, v in picture.info.items() if k == "transparency"}
            picture.save(plain, "PNG", optimize=True)
    except (OSError, SyntaxError, ValueError, zlib.error, struct.error):
        raise LogoError("is a broken PNG") from None
    return plain.getvalue()


class _NoDoctype(ET.TreeBuilder):
    """Stops at a document type, in whichever encoding: entities are declared there."""

    def doctype(self, *_: object) -> None:
        raise LogoError("declares a document type")


def _strip_svg(data: bytes) -> bytes:
    """The drawing alone as UTF-8: no metadata, no comment, nothing that could run or fetch."""
    _refuse_size(data)
    try:
        root = ET.fromstring(data, ET.XMLParser(target=_NoDoctype()))  # noqa: S314 - no entities
        if root.tag != f"{{{SVG}}}svg":
            raise LogoError("is XML, and no SVG")
        for element in root.iter():
            _strip_element(element)
        drawing = ET.tostring(root, encoding="unicode").encode()
    except (ET.ParseError, ValueError, LookupError):
        raise LogoError("is neither an SVG nor a PNG") from None
    except RecursionError:
        raise LogoError("is nested too deeply") from None
    lengths = [root.get(name, "").strip() for name in ("width", "height")]
    sized = BOX.fullmatch(root.get("viewBox", "").strip())
    if not sized and not all(map(LENGTH.fullmatch, lengths)):
        raise LogoError("says no size: neither viewBox nor width and height")
    return drawing


def _strip_element(element: ET.Element) -> None:
    """Leave in an element what is drawn, with names without their namespace."""
    for child in [*element]:
        name = child.tag.removeprefix(f"{{{SVG}}}")
        if name in METADATA or name.startswith("{"):
            element.remove(child)
        elif name not in DRAWN:
            raise LogoError(f"holds <{name}>")
    element.tag = element.tag.removeprefix(f"{{{SVG}}}")
    attributes = {key.replace(f"{{{XLINK}}}href", "href"): v for key, v in element.items()}
    element.attrib.clear()
    if element.tag == "svg":
        element.set("xmlns", SVG)
    texts = [("style", element.text or "")] if element.tag == "style" else []
    for name, value in attributes.items():
        if not re.match("{|data$|data-|aria-|on", name, re.IGNORECASE):
            texts.append((name, f"url({value})" if name == "href" else value))
            element.set(name, value)
    for name, text in texts:
        if OUTSIDE.search(text) or (name == "style" and ("@" in text or "\\" in text)):
            raise LogoError("refers to something outside itself")


# Fonts

FAMILY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,60}")
# Dutch, French, German and English, and the signs that the program writes.
LETTERS = frozenset(
    string.ascii_letters
    + string.digits
    + string.punctuation
    + "\N{NO-BREAK SPACE}"
    + "ÀÂÄÇÈÉÊËÎÏÔÖÙÛÜàáâäçèéêëíîïñóôöùúûüß"
    + "‘’“”–…·×−€§"
)
LISTED = 12
NO_EMBEDDING = 0x0002


def _read_font(name: str, root: Path) -> FontFile:
    """A font, as Typst reads it; one that can't be read, embedded or used is refused."""
    path, data = _read(name, root)
    try:
        with TTFont(io.BytesIO(data), lazy=True) as font:
            fault = _find_font_fault(font)
    # What fontTools raises at a broken table depends on the table.
    except (TTLibError, LookupError, AssertionError, ValueError, TypeError, struct.error):
        fault = "is no whole font", "give a .ttf or .otf file, unpacked, from its maker's archive"
    if fault is None:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copyfile(path, Path(folder) / f"font{path.suffix}")
            fonts = typst.Fonts(
                include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
            ).fonts()
        if len(fonts) != 1:
            fault = "is a font that Typst can't read", "name it .ttf or .otf, as its content is"
        elif fonts[0].style != "normal":
            fault = "is an italic", "give the upright font"
        elif not FAMILY.fullmatch(fonts[0].family):
            step = "letters, digits, spaces and hyphens can; ask its maker, or rename it"
            fault = "the font's family name can't be used in a page", step
        else:
            return FontFile(fonts[0].family, fonts[0].weight, path)
    raise ParametersError(fault[0], where=name, next_step=fault[1])


def _find_font_fault(font: TTFont) -> tuple[str, str] | None:
    """What keeps a font from being used, and what to do about it."""
    if "fvar" in font:
        return "is a variable font", "give the static font of each weight from its maker's archive"
    if font["OS/2"].fsType & NO_EMBEDDING:
        step = "ask its maker for a licence that allows it, or give another font"
        return "the font may not be embedded, says the file", step
    cmap = font.getBestCmap() or {}
    lacking = sorted(letter for letter in LETTERS if ord(letter) not in cmap)
    if lacking:
        listed = " ".join(letter.strip() or "U+00A0" for letter in lacking[:LISTED])
        more = f" and {len(lacking) - LISTED} more" if len(lacking) > LISTED else ""
        what = f"the font lacks letters that a report needs: {listed}{more}"
        return what, "give the whole font, not one cut down for a site"
    # Read, since a font that ends too early is found out only then.
    _ = font["hmtx"], font["CFF " if "CFF " in font else "glyf"], font["maxp"], font["head"]
    return None
