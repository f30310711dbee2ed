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
from pathlib import Path
from xml.etree import ElementTree as ET

import typst
from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]
from PIL import Image

from helpline_report.errors import ParametersError
from helpline_report.parameters.house_style import HouseStyle, LogoFile, SansFiles, SerifFiles
from helpline_report.parameters.values import Translated

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS = 4000


class BrokenPngError(Exception):
    """Why a PNG can't be used, as words after 'the logo'."""


def sanitize_png(data: bytes) -> bytes:
    """The same picture without its metadata.

    Raises:
        BrokenPngError: it isn't whole, or larger than a logo is.
    """
    plain = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            width, height = picture.size
            if max(width, height) > MOST_PIXELS:
                most = f"at most {MOST_PIXELS} by {MOST_PIXELS} can be shown"
                raise BrokenPngError(f"is {width} by {height} pixels; {most}")
            picture.verify()  # whole, chunk by chunk; it has to be opened again after this
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            picture.load()
            # What is left of what the file says is which colour is seen through.
            picture.info = {k: v for k, v in picture.info.items() if k == "transparency"}
            picture.save(plain, "PNG", optimize=True)
    except (OSError, SyntaxError, ValueError, zlib.error, struct.error):
        raise BrokenPngError("is a broken PNG") from None
    return plain.getvalue()


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


def sanitize_svg(data: bytes) -> bytes:
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
    plain = ET.Element(name)
    for key, value in element.attrib.items():
        _take(plain, key, value)
    plain.text, plain.tail = element.text, element.tail
    if name == "style":
        _check_style(element.text or "")
    for child in element:
        if _is_drawn(child):
            plain.append(_plain(child, depth + 1))
    return plain


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


def _take(plain: ET.Element, key: str, value: str) -> None:
    namespace, _, name = key.rpartition("}")
    if name.lower().startswith("on"):
        raise NotPlainError(f"has an event ({name})")
    if name == "href" and namespace in ("", "{" + XLINK):
        if not value.strip().startswith("#"):
            raise NotPlainError("refers to something outside itself")
        plain.set("href", value.strip())
    elif not namespace and name != "data" and not name.startswith(("data-", "aria-")):
        if name == "style":
            _check_style(value)
        elif OUTSIDE.search(value):
            raise NotPlainError("refers to something outside itself")
        plain.set(name, value)


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
SHOWN = 12
NO_EMBEDDING = 0x0002


@dataclass(frozen=True)
class FontFile:
    """A font of the project. `family` is what Typst calls it: 'Condensed' and the like left out."""

    family: str
    weight: int
    file: Path


def read_font(name: str, path: Path, data: bytes) -> FontFile:
    """The font in a file, `name` as the parameters call it.

    Raises:
        ParametersError: it can't be read, embedded or used for a report.
    """
    if not data.startswith(BEGINS):
        raise ParametersError(
            "is no TrueType or OpenType font",
            where=name,
            next_step="give a .ttf or .otf file; a web font (.woff, .woff2) or a collection "
            "(.ttc) has to be unpacked first",
        )
    try:
        with TTFont(io.BytesIO(data), lazy=True) as font:
            _check(font, name)
    # What fontTools raises at a broken table depends on the table.
    except (TTLibError, LookupError, AssertionError, ValueError, TypeError, struct.error):
        raise ParametersError(
            "is a broken font", where=name, next_step="copy it anew from its maker's archive"
        ) from None
    return _as_typst_reads_it(name, path)


def _check(font: TTFont, name: str) -> None:
    if "fvar" in font:
        raise ParametersError(
            "is a variable font",
            where=name,
            next_step="give the static font of each weight; its maker's archive holds them too",
        )
    if font["OS/2"].fsType & NO_EMBEDDING:
        raise ParametersError(
            "the font may not be embedded, says the file",
            where=name,
            next_step="ask its maker for a licence that allows it, or give another font",
        )
    known = font.getBestCmap() or {}
    lacking = sorted(letter for letter in LETTERS if ord(letter) not in known)
    if lacking:
        listed = " ".join(letter.strip() or "U+00A0" for letter in lacking[:SHOWN])
        more = f" and {len(lacking) - SHOWN} more" if len(lacking) > SHOWN else ""
        raise ParametersError(
            f"the font lacks letters that a report needs: {listed}{more}",
            where=name,
            next_step="give the whole font, not one cut down for a site",
        )
    # Read, since a font that ends too early is found out only then.
    _ = font["hmtx"], font["CFF " if "CFF " in font else "glyf"], font["maxp"], font["head"]


def _as_typst_reads_it(name: str, path: Path) -> FontFile:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(path, Path(folder) / f"font{path.suffix}")
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
        ).fonts()
    if len(fonts) != 1:
        raise ParametersError(
            "is a font that Typst can't read",
            where=name,
            next_step="its name must end in .ttf or .otf, as its content does",
        )
    if fonts[0].style != "normal":
        raise ParametersError("is an italic", where=name, next_step="give the upright font")
    if not FAMILY.fullmatch(fonts[0].family):
        raise ParametersError(
            "the font's family name can't be used in a page",
            where=name,
            next_step="letters, digits, spaces and hyphens can; ask its maker, or rename it",
        )
    return FontFile(fonts[0].family, fonts[0].weight, path)


# Larger than this the page wouldn't stay small.
MOST_BYTES = 100_000


@dataclass(frozen=True)
class Logo:
    """A checked logo without its metadata, and its alternative text."""

    data: bytes
    kind: str
    alternative: Translated


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
    faces = _sans(sans, root) if sans else None
    return House(
        logo=_logo(style.logo, root) if style.logo else None,
        sans=faces,
        serif=_serif(serif, faces, root) if serif else None,
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


def _logo(logo: LogoFile, root: Path) -> Logo:
    _, data = _read(logo.file, root)
    if len(data) > MOST_BYTES:
        raise ParametersError(
            f"the logo has {len(data)} bytes; at most {MOST_BYTES} fit in the page",
            where=logo.file,
            next_step="save it as a plain SVG, or as a PNG of about 600 pixels wide",
        )
    try:
        if data.startswith(SIGNATURE):
            return Logo(sanitize_png(data), "image/png", logo.alternative)
        return Logo(sanitize_svg(data), "image/svg+xml", logo.alternative)
    except BrokenPngError as error:
        raise ParametersError(
            f"the logo {error}",
            where=logo.file,
            next_step="save it as a PNG anew, about 600 pixels wide",
        ) from None
    except NotPlainError as error:
        raise ParametersError(
            f"the logo {error}",
            where=logo.file,
            next_step="give a PNG, or save it as a plain SVG: shapes and texts alone",
        ) from None


def _font(name: str, root: Path) -> FontFile:
    path, data = _read(name, root)
    return read_font(name, path, data)


def _sans(files: SansFiles, root: Path) -> tuple[FontFile, FontFile]:
    regular, semibold = _font(files.regular, root), _font(files.semibold, root)
    if regular.family != semibold.family:
        raise ParametersError(
            f"is of the family '{semibold.family}', and '{files.regular}' of '{regular.family}'",
            where=files.semibold,
            next_step="give two weights of one family",
        )
    if semibold.weight <= regular.weight:
        raise ParametersError(
            f"is no heavier ({semibold.weight}) than '{files.regular}' ({regular.weight})",
            where=files.semibold,
            next_step="give the semibold (600) or bold (700) font of the family",
        )
    return regular, semibold


def _serif(files: SerifFiles, sans: tuple[FontFile, FontFile] | None, root: Path) -> FontFile:
    font = _font(files.semibold, root)
    if sans and font.family == sans[1].family and font.file != sans[1].file:
        raise ParametersError(
            f"is of the family '{font.family}', as the font of the text is",
            where=files.semibold,
            next_step="give the same file as 'fonts.sans.semibold', or another family",
        )
    return font
