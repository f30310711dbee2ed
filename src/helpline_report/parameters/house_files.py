"""Read the files of a house style: the pixels of a logo, fonts that can be embedded."""

import io
import re
import shutil
import string
import struct
import tempfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from warnings import catch_warnings

import typst
from fontTools.ttLib import TTFont, TTLibError
from PIL import Image

from helpline_report.errors import ParametersError
from helpline_report.parameters.house_style import OWN_SANS, OWN_SERIF, FontFile, HouseStyle
from helpline_report.parameters.values import Translated
from helpline_report.parameters.yaml import make_error


@dataclass(frozen=True)
class Logo:
    """A logo as PNG, its pixels alone, and its alternative text."""

    data: bytes
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
        ParametersError: a file isn't there, isn't of the project, or can't be used.
    """
    sans, serif = style.fonts.sans, style.fonts.serif
    text, heading, logo = OWN_SANS, OWN_SERIF, None
    if sans:
        light, heavy = _read_font(sans.regular, root), _read_font(sans.semibold, root)
        text = replace(light, weight=400), replace(heavy, weight=600)
    if serif:
        heading = replace(_read_font(serif.semibold, root), weight=600)
    if style.logo:
        logo = Logo(_read_logo(style.logo.file, root), style.logo.alternative)
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
# Pillow's error of so many pixels that it opens none of them.
BOMB = Image.DecompressionBombError


def _read_logo(name: str, root: Path) -> bytes:
    """The pixels of a PNG: what its file says of who made it, when and where, stays behind."""
    _, data = _read(name, root)
    plain = io.BytesIO()
    if len(data) > MOST_BYTES:
        fault = f"has {len(data)} bytes; at most {MOST_BYTES} fit in the page"
        raise make_error(ParametersError, "no_logo", name, fault=fault)
    try:
        # Pillow only warns of a picture with too many pixels.
        with (
            catch_warnings(action="ignore", category=Image.DecompressionBombWarning),
            Image.open(io.BytesIO(data), formats=["PNG"]) as picture,
        ):
            width, height = picture.size
            if max(width, height) > MOST_PIXELS:
                most = f"at most {MOST_PIXELS} by {MOST_PIXELS} can be shown"
                fault = f"is {width} by {height} pixels; {most}"
                raise make_error(ParametersError, "no_logo", name, fault=fault)
            picture.verify()  # whole, chunk by chunk; it has to be opened again after this
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            picture.load()
            # What is left of what the file says is which colour is seen through.
            picture.info = {k: v for k, v in picture.info.items() if k == "transparency"}
            picture.save(plain, "PNG", optimize=True)
    except (OSError, SyntaxError, ValueError, zlib.error, struct.error, BOMB):
        raise make_error(ParametersError, "no_logo", name, fault="is no whole PNG") from None
    return plain.getvalue()


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
