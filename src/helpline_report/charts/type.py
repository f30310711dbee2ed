"""Type in charts: the package's own font files, how wide a text runs, and where it breaks."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import font_source_sans_pro
from matplotlib.font_manager import FontProperties, get_font

from helpline_report.charts.style import FAMILY

Weight = Literal["regular", "semibold"]

FILES: dict[Weight, str] = {
    "regular": "SourceSansPro-Regular.ttf",
    "semibold": "SourceSansPro-Semibold.ttf",
}


def font_file(weight: Weight) -> Path:
    """Where the font package keeps this weight."""
    return Path(font_source_sans_pro.font_directory) / FILES[weight]


def properties(size: float, weight: Weight) -> FontProperties:
    """The font for matplotlib: named in the SVG, measured from the package's file."""
    number = 600 if weight == "semibold" else 400
    return FontProperties(family=FAMILY, size=size, weight=number, fname=str(font_file(weight)))


@cache
def _advance(character: str, weight: Weight) -> float:
    """The width of one character at size 1; one that the font lacks counts as a full square."""
    font = get_font(str(font_file(weight)))
    glyph = font.get_char_index(ord(character))
    if glyph == 0:
        return 1.0
    font.set_size(100, 72)
    return float(font.load_glyph(glyph).linearHoriAdvance) / 65536 / 100


def width(text: str, size: float, weight: Weight = "regular") -> float:
    """How wide `text` runs, in pixels, without kerning (a little more than it is drawn)."""
    return sum(_advance(character, weight) for character in text) * size


def wrap(text: str, size: float, room: float, weight: Weight = "regular") -> list[str]:
    """`text` in lines of at most `room` pixels; a word that is too long stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, weight) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def shorten(lines: list[str], most: int) -> list[str]:
    """The first `most` lines, with an ellipsis where something is left out."""
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1] + "…"]


def capital(text: str) -> str:
    """`text` with a capital at its start, as it stands alone."""
    return text[:1].upper() + text[1:]
