"""What a reader sees until the page's own font is there: the device's font, set to its measure.

A browser draws its first picture before it has read the fonts that stand in the page. Where
another font breaks the lines elsewhere, all that is below jumps when ours comes. So the fonts that
devices have are given the widths and the heights of ours, until then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from helpline_report.report.fonts import Face

# Letters as often as a text of a report has them; the widths below are of this line.
SAMPLE = (
    "Een op de tien mensen die in 2017 contact opnamen met de hulplijn, vroeg raad over geweld in "
    "het eigen gezin. Bij ruim 62 % van hen was kindermishandeling de aanleiding."
)


@dataclass(frozen=True)
class Device:
    """A font of a device: its names, and the mean width of a letter of the sample, in em."""

    weight: int
    names: tuple[str, ...]
    width: float


# Windows, macOS and iOS; Android; Linux. A copy with the same measures stands beside its model.
SANS = {
    "Arial": (
        Device(400, ("Arial", "ArialMT", "Liberation Sans"), 0.4556),
        Device(600, ("Arial Bold", "Arial-BoldMT", "Liberation Sans Bold"), 0.487),
    ),
    "Roboto": (
        Device(400, ("Roboto", "Roboto-Regular"), 0.4507),
        Device(600, ("Roboto Bold", "Roboto-Bold"), 0.4582),
    ),
    "DejaVu Sans": (
        Device(400, ("DejaVu Sans",), 0.5198),
        Device(600, ("DejaVu Sans Bold",), 0.5835),
    ),
}
SERIF = {
    "Times": (
        Device(
            600, ("Times New Roman Bold", "TimesNewRomanPS-BoldMT", "Liberation Serif Bold"), 0.4374
        ),
    ),
    "Noto Serif": (Device(600, ("Noto Serif Bold", "NotoSerif-Bold"), 0.5166),),
    "DejaVu Serif": (Device(600, ("DejaVu Serif Bold",), 0.5796),),
}


def first_families(names: Iterable[str]) -> str:
    """The families of `first_faces`, as a style sheet lists them."""
    return ", ".join(f'"{_family(name)}"' for name in names)


def first_faces(faces: tuple[Face, ...]) -> str:
    """`@font-face` rules that set each device's font to the measures of ours.

    `faces` are the text in weights 400 and 600, and the headings in 600.
    """
    *sans, serif = faces
    rules = [
        _rule(name, device, face)
        for devices, ours in ((SANS, sans), (SERIF, [serif]))
        for name, of_device in devices.items()
        for device, face in zip(of_device, ours, strict=True)
    ]
    return "\n".join(rules)


def _family(name: str) -> str:
    return f"{name} at first"


def _rule(name: str, device: Device, face: Face) -> str:
    width, ascent, descent = _measures(face)
    scale = width / device.width
    sources = ",".join(f"local('{name}')" for name in device.names)
    return (
        f"@font-face{{font-family:'{_family(name)}';font-weight:{device.weight};src:{sources};"
        f"size-adjust:{scale:.1%};ascent-override:{ascent / scale:.1%};"
        f"descent-override:{descent / scale:.1%};line-gap-override:0%}}"
    )


@cache
def _measures(face: Face) -> tuple[float, float, float]:
    """The mean width of a letter of the sample, and the height above and below the line, in em."""
    with TTFont(face.file, lazy=True) as font:
        widths, names = font["hmtx"], font.getBestCmap()
        known = [widths[names[ord(letter)]][0] for letter in SAMPLE if ord(letter) in names]
        height = font["hhea"]
        em = font["head"].unitsPerEm
        return sum(known) / len(known) / em, height.ascent / em, -height.descent / em
