"""Type in charts: its font, how wide a text runs, and where it breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from helpline_report.charts.font import SOURCE_SANS, Font, Weight

__all__ = ["Weight", "capital", "set_in", "shorten", "width", "wrap"]

# A letter that the font lacks is shown by another one, as wide as a full square at most.
UNKNOWN = 1.0

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


@cache
def _advances(file: Path) -> Mapping[str, float]:
    """The width of each character of a font at size 1."""
    with TTFont(file, lazy=True) as font:
        widths, em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {chr(code): widths[name][0] / em for code, name in font.getBestCmap().items()}


def width(text: str, size: float, weight: Weight = "regular") -> float:
    """How wide `text` runs, in pixels, without kerning (a little more than it is drawn)."""
    known = _advances(_SET_IN.get().file(weight))
    return sum(known.get(character, UNKNOWN) for character in text) * size


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
