"""A font file of a house style: whole, embeddable, and with the letters that a report needs."""

from __future__ import annotations

import re
import shutil
import string
import struct
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]

from helpline_report.errors import ParametersError

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


def font_file(name: str, path: Path, data: bytes) -> FontFile:
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
        with TTFont(BytesIO(data), lazy=True) as font:
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
        told = " ".join(letter.strip() or "U+00A0" for letter in lacking[:SHOWN])
        more = f" and {len(lacking) - SHOWN} more" if len(lacking) > SHOWN else ""
        raise ParametersError(
            f"the font lacks letters that a report needs: {told}{more}",
            where=name,
            next_step="give the whole font, not one cut down for a site",
        )
    # Read, since a font that ends too early is found out only then.
    _ = font["hmtx"], font["CFF " if "CFF " in font else "glyf"], font["maxp"], font["head"]


def _as_typst_reads_it(name: str, path: Path) -> FontFile:
    import typst  # noqa: PLC0415 - half of the commands never see a font

    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(path, Path(folder) / f"font{path.suffix}")
        found = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
        ).fonts()
    if len(found) != 1:
        raise ParametersError(
            "is a font that Typst can't read",
            where=name,
            next_step="its name must end in .ttf or .otf, as its content does",
        )
    if found[0].style != "normal":
        raise ParametersError("is an italic", where=name, next_step="give the upright font")
    if not FAMILY.fullmatch(found[0].family):
        raise ParametersError(
            "the font's family name can't be used in a page",
            where=name,
            next_step="letters, digits, spaces and hyphens can; ask its maker, or rename it",
        )
    return FontFile(found[0].family, found[0].weight, path)
