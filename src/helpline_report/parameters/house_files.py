"""Read the files of a house style: a logo that can do no harm, fonts that can be embedded."""

from __future__ import annotations

import io
import re
import shutil
import string
import struct
import tempfile
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import typst
from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]
from PIL import Image

from helpline_report.errors import ParametersError
from helpline_report.parameters.house_style import HouseStyle
from helpline_report.parameters.values import Translated


@dataclass(frozen=True)
class Logo:
    """A checked logo without its metadata, and its alternative text."""

    data: bytes
    kind: str
    alternative: Translated


@dataclass(frozen=True)
class FontFile:
    """A font of the project. `family` is what Typst calls it: 'Condensed' and the like left out."""

    family: str
    weight: int
    file: Path


@dataclass(frozen=True)
class House:
    """What of a house style stands in files; nothing of it without one."""

    logo: Logo | None = None
    sans: tuple[FontFile, FontFile] | None = None
    serif: FontFile | None = None


def read_house(style: HouseStyle, root: Path) -> House:
    """The files of a house style, checked.

    Raises:
        ParametersError: a file isn't there, isn't of the project, or isn't safe.
    """
    sans, serif = style.fonts.sans, style.fonts.serif
    logo = style.logo
    text = heading = None
    if sans:
        text = _read_font(sans.regular, root), _read_font(sans.semibold, root)
        _check_weights(text, sans.regular, sans.semibold)
    if serif:
        heading = _read_font(serif.semibold, root)
        if text and heading.family == text[1].family and heading.file != text[1].file:
            raise ParametersError(
                f"is of the family '{heading.family}', as the font of the text is",
                where=serif.semibold,
                next_step="give the same file as 'fonts.sans.semibold', or another family",
            )
    return House(
        logo=Logo(*_read_logo(logo.file, root), logo.alternative) if logo else None,
        sans=text,
        serif=heading,
    )


def _read(name: str, root: Path) -> tuple[Path, bytes]:
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()):
        raise ParametersError("lies outside the project", where=name, next_step="copy it into it")
    try:
        return path, path.read_bytes()
    except OSError as error:
        raise ParametersError(
            f"can't be read ({error.strerror})",
            where=name,
            next_step="the path counts from the project's folder, the one that holds params/",
        ) from None


# The logo

# Larger than this the page wouldn't stay small.
MOST_BYTES = 100_000
MOST_PIXELS = 4000
SIGNATURE = b"\x89PNG\r\n\x1a\n"
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"}
GROUPS = {"svg", "g", "defs", "symbol", "use", "switch", "style", "clipPath", "mask", "marker"}
PAINTS = {"linearGradient", "radialGradient", "stop", "pattern"}
DRAWN = SHAPES | GROUPS | PAINTS
# Who drew it, with which program, in which folder: nobody's business.
METADATA = {"metadata", "title", "desc"}
# A drawing that is deeper, or repeats itself more often, is made to stop a reader.
DEEPEST = 60
MOST_USES = 200
LENGTH = re.compile(r"\d+(\.\d+)?(px|pt|mm|cm|in)?")
OUTSIDE = re.compile(r"url\(\s*['\"]?\s*(?!#|\s|['\"])|(image|image-set|src)\(", re.IGNORECASE)
REFERS_OUTSIDE = "refers to something outside itself"


class LogoError(Exception):
    """Why a file can't be a logo, as words after 'the logo'."""


def _read_logo(name: str, root: Path) -> tuple[bytes, str]:
    """A logo without its metadata, and what kind of picture it is."""
    _, data = _read(name, root)
    if len(data) > MOST_BYTES:
        raise ParametersError(
            f"the logo has {len(data)} bytes; at most {MOST_BYTES} fit in the page",
            where=name,
            next_step="save it as a plain SVG, or as a PNG of about 600 pixels wide",
        )
    is_png = data.startswith(SIGNATURE)
    try:
        if is_png:
            return _plain_png(data), "image/png"
        return _plain_svg(data), "image/svg+xml"
    except LogoError as error:
        raise ParametersError(
            f"the logo {error}",
            where=name,
            next_step="save it as a PNG anew, about 600 pixels wide"
            if is_png
            else "give a PNG, or save it as a plain SVG: shapes and texts alone",
        ) from None


def _plain_png(data: bytes) -> bytes:
    """The same picture without its metadata."""
    plain = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            width, height = picture.size
            if max(width, height) > MOST_PIXELS:
                most = f"at most {MOST_PIXELS} by {MOST_PIXELS} can be shown"
                raise LogoError(f"is {width} by {height} pixels; {most}")
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


def _plain_svg(data: bytes) -> bytes:
    """The drawing alone as UTF-8: no metadata, no comment, nothing that could run or fetch."""
    try:
        root = ET.fromstring(data, ET.XMLParser(target=_NoDoctype()))  # noqa: S314 - no entities
    except (ET.ParseError, ValueError, LookupError):
        raise LogoError("is neither an SVG nor a PNG") from None
    if root.tag != f"{{{SVG}}}svg":
        raise LogoError("is XML, and no SVG")
    plain = _plain_element(root, 0)
    # A copy of a copy of a copy grows without end; a logo copies shapes.
    uses = list(plain.iter("use"))
    by_id = {element.get("id"): element for element in plain.iter() if element.get("id")}
    targets = [by_id.get(use.get("href", "").removeprefix("#")) for use in uses]
    copied = any(target is not None and target.find(".//use") is not None for target in targets)
    if len(uses) > MOST_USES or copied or any(target in uses for target in targets):
        raise LogoError("copies copies of itself")
    box = plain.get("viewBox", "").replace(",", " ").split()
    try:
        sized = len(box) == len("xywh") and float(box[2]) > 0 and float(box[3]) > 0
    except ValueError:
        sized = False
    lengths = [plain.get(name, "") for name in ("width", "height")]
    if not sized and not all(LENGTH.fullmatch(length.strip()) for length in lengths):
        raise LogoError("says no size: neither viewBox nor width and height")
    plain.set("xmlns", SVG)
    return ET.tostring(plain, encoding="unicode").encode()


def _plain_element(element: ET.Element, depth: int) -> ET.Element:
    """An element and what it holds, as far as it is drawn; names without their namespace."""
    if depth > DEEPEST:
        raise LogoError(f"is nested deeper than {DEEPEST} times")
    plain = ET.Element(element.tag.rpartition("}")[2])
    plain.text, plain.tail = element.text, element.tail
    if plain.tag == "style":
        _refuse_outside(element.text or "", is_style=True)
    for key, value in element.attrib.items():
        _take_attribute(plain, key, value)
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name in METADATA or not child.tag.startswith(f"{{{SVG}}}"):
            continue
        if name not in DRAWN:
            what = "a picture of another kind" if name == "image" else f"<{name}>"
            raise LogoError(f"holds {what}")
        plain.append(_plain_element(child, depth + 1))
    return plain


def _take_attribute(plain: ET.Element, key: str, value: str) -> None:
    namespace, _, name = key.rpartition("}")
    if name.lower().startswith("on"):
        raise LogoError(f"has an event ({name})")
    if name == "href" and namespace in ("", "{" + XLINK):
        if not value.strip().startswith("#"):
            raise LogoError(REFERS_OUTSIDE)
        plain.set("href", value.strip())
    elif not namespace and name != "data" and not name.startswith(("data-", "aria-")):
        _refuse_outside(value, is_style=name == "style")
        plain.set(name, value)


def _refuse_outside(text: str, *, is_style: bool) -> None:
    if OUTSIDE.search(text) or (is_style and ("@" in text or "\\" in text)):
        raise LogoError(REFERS_OUTSIDE)


# Fonts

FAMILY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,60}")
# TrueType and OpenType; a web font (WOFF) is packed, and Typst doesn't read it.
BEGINS = (b"\x00\x01\x00\x00", b"OTTO", b"true")
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
    refusal = partial(ParametersError, where=name)
    if not data.startswith(BEGINS):
        unpacked = "a web font (.woff, .woff2) or a collection (.ttc) has to be unpacked first"
        step = f"give a .ttf or .otf file; {unpacked}"
        raise refusal("is no TrueType or OpenType font", next_step=step)
    try:
        with TTFont(io.BytesIO(data), lazy=True) as font:
            _check_font(font, refusal)
    # What fontTools raises at a broken table depends on the table.
    except (TTLibError, LookupError, AssertionError, ValueError, TypeError, struct.error):
        raise refusal(
            "is a broken font", next_step="copy it anew from its maker's archive"
        ) from None
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(path, Path(folder) / f"font{path.suffix}")
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
        ).fonts()
    if len(fonts) != 1:
        step = "its name must end in .ttf or .otf, as its content does"
        raise refusal("is a font that Typst can't read", next_step=step)
    if fonts[0].style != "normal":
        raise refusal("is an italic", next_step="give the upright font")
    if not FAMILY.fullmatch(fonts[0].family):
        step = "letters, digits, spaces and hyphens can; ask its maker, or rename it"
        raise refusal("the font's family name can't be used in a page", next_step=step)
    return FontFile(fonts[0].family, fonts[0].weight, path)


def _check_font(font: TTFont, refusal: partial[ParametersError]) -> None:
    if "fvar" in font:
        step = "give the static font of each weight; its maker's archive holds them too"
        raise refusal("is a variable font", next_step=step)
    if font["OS/2"].fsType & NO_EMBEDDING:
        step = "ask its maker for a licence that allows it, or give another font"
        raise refusal("the font may not be embedded, says the file", next_step=step)
    cmap = font.getBestCmap() or {}
    lacking = sorted(letter for letter in LETTERS if ord(letter) not in cmap)
    if lacking:
        listed = " ".join(letter.strip() or "U+00A0" for letter in lacking[:LISTED])
        more = f" and {len(lacking) - LISTED} more" if len(lacking) > LISTED else ""
        what = f"the font lacks letters that a report needs: {listed}{more}"
        raise refusal(what, next_step="give the whole font, not one cut down for a site")
    # Read, since a font that ends too early is found out only then.
    _ = font["hmtx"], font["CFF " if "CFF " in font else "glyf"], font["maxp"], font["head"]


def _check_weights(fonts: tuple[FontFile, FontFile], regular: str, semibold: str) -> None:
    """Refuse two fonts that aren't two weights of one family."""
    light, heavy = fonts
    if light.family != heavy.family:
        raise ParametersError(
            f"is of the family '{heavy.family}', and '{regular}' of '{light.family}'",
            where=semibold,
            next_step="give two weights of one family",
        )
    if heavy.weight <= light.weight:
        raise ParametersError(
            f"is no heavier ({heavy.weight}) than '{regular}' ({light.weight})",
            where=semibold,
            next_step="give the semibold (600) or bold (700) font of the family",
        )
