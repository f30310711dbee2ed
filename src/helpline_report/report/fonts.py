"""Fonts: found in their packages, and cut down to the letters of a page."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro
import uharfbuzz
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from helpline_report.errors import MachineError
from helpline_report.parameters.house_files import House

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


SANS_FOLDER = Path(font_source_sans_pro.font_directory)
SERIF_FOLDER = Path(font_source_serif_pro.font_directory)

# What a page draws letters with; what an editor of fonts leaves for itself stays behind.
SHAPES = ("cmap", "glyf", "loca", "CFF ", "cvt ", "fpgm", "prep")
MEASURES = ("head", "hhea", "hmtx", "maxp", "name", "OS/2", "post", "BASE", "GDEF", "GPOS", "GSUB")
TABLES = frozenset(("kern", *SHAPES, *MEASURES))

FEATURES = ("kern", "liga", "locl", "ccmp", "mark", "mkmk")
# What an editor of fonts made for a screen of coarse pixels, and routines that outlines share.
PLAIN = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.DESUBROUTINIZE


@dataclass(frozen=True)
class Face:
    """One font of the page."""

    family: str
    weight: int
    style: str
    file: Path


SANS_FACES = (
    Face("Source Sans Pro", 400, "normal", SANS_FOLDER / "SourceSansPro-Regular.ttf"),
    Face("Source Sans Pro", 600, "normal", SANS_FOLDER / "SourceSansPro-Semibold.ttf"),
)
SERIF_FACE = Face("Source Serif Pro", 600, "normal", SERIF_FOLDER / "SourceSerifPro-Semibold.ttf")
OWN_FACES = (*SANS_FACES, SERIF_FACE)

FOLDERS = (SANS_FOLDER, SERIF_FOLDER)


def faces(house: House) -> tuple[Face, ...]:
    """The fonts of the text in two weights, and that of the headings: the house style's or ours.

    Raises:
        MachineError: a font of ours isn't where its package puts it.
    """
    sans, serif = SANS_FACES, SERIF_FACE
    if house.sans is not None:
        regular, semibold = house.sans
        sans = (
            Face(regular.family, 400, "normal", regular.file),
            Face(regular.family, 600, "normal", semibold.file),
        )
    if house.serif is not None:
        serif = Face(house.serif.family, 600, "normal", house.serif.file)
    found = (*sans, serif)
    for face in found:
        if not face.file.is_file():
            raise MachineError(
                "this font of the page is gone",
                where=face.file.name,
                next_step="set up anew: make clean report",
            )
    return found


def font_faces(text: str, used: Sequence[Face]) -> str:
    """`@font-face` rules that hold the fonts for the letters of `text`, each once."""
    letters = frozenset(text) | frozenset(map(chr, range(0x20, 0x7F)))
    return "\n".join(_embedded(face, _subset(face.file, letters)) for face in dict.fromkeys(used))


@cache
def letters_of_all(used: tuple[Face, ...]) -> frozenset[str]:
    """The letters that every font of the book has."""
    known = [frozenset(map(chr, _opened(face.file).unicodes)) for face in used]
    return known[0].intersection(*known)


def _embedded(face: Face, data: bytes) -> str:
    source = f"url(data:font/woff;base64,{b64encode(data).decode('ascii')}) format('woff')"
    return (
        f"@font-face{{font-family:'{face.family}';font-weight:{face.weight};"
        f"font-style:{face.style};font-display:swap;src:{source}}}"
    )


@lru_cache(maxsize=16)
def _subset(file: Path, letters: frozenset[str]) -> bytes:
    """A font with these letters alone, as WOFF; the same bytes for the same letters."""
    face = _opened(file)
    cut = uharfbuzz.SubsetInput()
    cut.unicode_set.update(map(ord, letters))
    cut.layout_feature_tag_set.clear()
    cut.layout_feature_tag_set.update(map(_number, FEATURES))
    cut.drop_table_tag_set.update(map(_number, set(face.table_tags) - TABLES))
    cut.flags |= PLAIN
    out = BytesIO()
    with TTFont(BytesIO(uharfbuzz.subset(face, cut).blob.data), recalcTimestamp=False) as font:
        font.flavor = "woff"
        font.save(out, reorderTables=None)
    return out.getvalue()


def _opened(file: Path) -> uharfbuzz.Face:
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file)))


def _number(tag: str) -> int:
    """A tag of four letters as the number that it is in a font."""
    return int.from_bytes(tag.encode("ascii"), "big")
