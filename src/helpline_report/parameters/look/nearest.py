"""The colour nearest to one that was refused: lighter or darker, of the same hue."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from coloraide import Color

STEP = 0.01


def nearest(colour: str, passes: Callable[[str], bool]) -> str | None:
    """The colour of the least change of lightness that `passes`; None where no lightness does."""
    return next((other for other in _outward(colour) if passes(other)), None)


def _outward(colour: str) -> Iterator[str]:
    """Colours of the same hue, ever further from this one in lightness (OKLCH), both ways."""
    lightness, chroma, hue = Color(colour).convert("oklch").coords(nans=False)
    for step in range(1, round(1 / STEP)):
        for far in (step * STEP, -step * STEP):
            if 0 <= lightness + far <= 1:
                made = Color("oklch", [lightness + far, chroma, hue]).convert("srgb").fit()
                yield str(made.to_string(hex=True))
