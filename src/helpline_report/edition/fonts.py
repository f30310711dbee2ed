"""The page's fonts: the package's files, cut down to the letters that the page uses."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro
from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

SANS = Path(font_source_sans_pro.font_directory)
SERIF = Path(font_source_serif_pro.font_directory)

FEATURES = ["kern", "liga", "locl", "ccmp", "mark", "mkmk"]


@dataclass(frozen=True)
class Face:
    """One font of the page."""

    family: str
    weight: int
    style: str
    file: Path


FACES = (
    Face("Source Sans Pro", 400, "normal", SANS / "SourceSansPro-Regular.ttf"),
    Face("Source Sans Pro", 600, "normal", SANS / "SourceSansPro-Semibold.ttf"),
    Face("Source Serif Pro", 600, "normal", SERIF / "SourceSerifPro-Semibold.ttf"),
)

FOLDERS = (SANS, SERIF)


def font_faces(text: str) -> str:
    """`@font-face` rules that hold the fonts for the letters of `text`."""
    letters = frozenset(text) | frozenset(map(chr, range(0x20, 0x7F)))
    return "\n".join(_rule(face, _subset(face.file, letters)) for face in FACES)


@cache
def letters_of_all() -> frozenset[str]:
    """The letters that every font of the book has."""
    known = []
    for face in FACES:
        with TTFont(face.file, lazy=True) as font:
            known.append(frozenset(map(chr, font.getBestCmap())))
    return known[0].intersection(*known)


def _rule(face: Face, data: bytes) -> str:
    source = f"url(data:font/woff;base64,{b64encode(data).decode('ascii')}) format('woff')"
    return (
        f"@font-face{{font-family:'{face.family}';font-weight:{face.weight};"
        f"font-style:{face.style};font-display:swap;src:{source}}}"
    )


def _subset(file: Path, letters: frozenset[str]) -> bytes:
    """A font with these letters alone, as WOFF; the same bytes for the same letters."""
    options = Options(layout_features=FEATURES, hinting=False, desubroutinize=True)
    with TTFont(file, recalcTimestamp=False, lazy=True) as font:
        cutter = Subsetter(options)
        cutter.populate(unicodes=[ord(letter) for letter in letters])
        cutter.subset(font)
        font.flavor = "woff"
        out = BytesIO()
        font.save(out, reorderTables=None)
    return out.getvalue()
