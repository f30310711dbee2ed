"""Type in charts: its font, how wide a text runs, and where it breaks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from matplotlib.font_manager import FontProperties, get_font

from helpline_report.charts.font import SOURCE_SANS, Font, Weight

__all__ = ["Weight", "capital", "properties", "set_in", "shorten", "width", "wrap"]

# What a chart is set in while it is drawn: measuring is asked for in every corner of a drawing.
_SET_IN: ContextVar[Font] = ContextVar("set_in", default=SOURCE_SANS)


@contextmanager
def set_in(font: Font) -> Iterator[None]:
    """Measure and set text in a font, within the block."""
    token = _SET_IN.set(font)
    try:
        yield
    finally:
        _SET_IN.reset(token)


def properties(size: float, weight: Weight) -> FontProperties:
    """The font for matplotlib: named in the SVG, measured from its file."""
    font, number = _SET_IN.get(), 600 if weight == "semibold" else 400
    return FontProperties(
        family=font.family, size=size, weight=number, fname=str(font.file(weight))
    )


@cache
def _advance(character: str, weight: Weight, face: Font) -> float:
    """The width of one character at size 1; one that the font lacks counts as a full square."""
    font = get_font(str(face.file(weight)))
    glyph = font.get_char_index(ord(character))
    if glyph == 0:
        return 1.0
    font.set_size(100, 72)
    return float(font.load_glyph(glyph).linearHoriAdvance) / 65536 / 100


def width(text: str, size: float, weight: Weight = "regular") -> float:
    """How wide `text` runs, in pixels, without kerning (a little more than it is drawn)."""
    face = _SET_IN.get()
    return sum(_advance(character, weight, face) for character in text) * size


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
