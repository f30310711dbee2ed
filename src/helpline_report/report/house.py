"""Bring the look of an edition to page, audit, charts and PDF: colours, logo, and fonts.

Fonts are found in their packages or in the house style, and cut down to the letters of a page.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

import uharfbuzz
from fontTools.ttLib import TTFont

from helpline_report.charts.style import NARROW, WIDE, Theme
from helpline_report.errors import MachineError
from helpline_report.parameters.house_files import House
from helpline_report.parameters.house_style import ColourName, FontFile, Palette, Palettes, tokens
from helpline_report.parameters.yaml import make_error
from helpline_report.prose.rendering import literal
from helpline_report.report.publication import Publication

SANS_BEHIND = '"Source Sans Pro", "Source Sans 3", system-ui, sans-serif'
SERIF_BEHIND = '"Source Serif Pro", "Source Serif 4", Georgia, serif'

# The colours that the book is set in; some others have names that Typst uses for its own colours.
ON_PAPER: tuple[ColourName, ...] = ("ink", "muted", "ground", "soft", "main", "accent", "compare")

# Leaves out hints for screens of coarse pixels, and writes shared parts of outlines out.
PLAIN = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.DESUBROUTINIZE


def colours(publication: Publication) -> Palettes:
    """The colours of an edition."""
    return publication.edition.house_style.palettes


def themes(publication: Publication) -> tuple[Theme, Theme]:
    """How charts are drawn: wide for page and paper, narrow for a phone."""
    wide, narrow = (replace(theme, fonts=publication.house.sans) for theme in (WIDE, NARROW))
    return wide, narrow


def write_variables(publication: Publication) -> str:
    """The tokens as custom properties of a style sheet, in light and in dark."""

    def declare(values: Palette | Mapping[str, str]) -> str:
        return "".join(f"  --{name}: {value};\n" for name, value in values.items())

    both, (sans, _, serif) = colours(publication), choose_faces(publication.house)
    fonts = {
        "sans": f'"{sans.family}", {SANS_BEHIND}',
        "serif": f'"{serif.family}", {SERIF_BEHIND}',
    }
    always = declare(both.light) + declare(tokens().screen) + declare(fonts)
    query = "@media screen and (prefers-color-scheme: dark)"
    return f":root {{\n{always}}}\n{query} {{\n:root {{\n{declare(both.dark)}}}\n}}\n"


def write_constants(publication: Publication) -> str:
    """The tokens as constants of a Typst file: `main`, `size-body` and so on."""
    sans, _, serif = choose_faces(publication.house)
    light = colours(publication).light
    lines = [f"#let {name} = rgb({literal(light[name])})" for name in ON_PAPER]
    lines += [f"#let size-{name} = {value}" for name, value in tokens().paper.items()]
    lines += [f"#let sans = {literal(sans.family)}", f"#let serif = {literal(serif.family)}"]
    return "\n".join(lines) + "\n"


def write_logo_alternative(publication: Publication) -> str:
    """What the logo says to who can't see it; nothing without one."""
    logo = publication.house.logo
    return logo.alternative.in_language(publication.language) if logo else ""


def choose_faces(house: House) -> tuple[FontFile, FontFile, FontFile]:
    """The fonts of the text in two weights, and that of the headings.

    Raises:
        MachineError: a font of ours isn't where its package puts it.
    """
    faces = (*house.sans, house.serif)
    for face in faces:
        if not face.file.is_file():
            raise make_error(MachineError, "font_gone", face.file.name)
    return faces


def write_font_faces(text: str, used: Sequence[FontFile]) -> str:
    """`@font-face` rules that hold the fonts for the letters of `text`, each once.

    Nothing is loaded, so a page is drawn in its fonts at once, and no line of it moves.
    """
    letters = frozenset(text) | frozenset(map(chr, range(0x20, 0x7F)))
    rules = []
    for face in dict.fromkeys(used):
        data = b64encode(_subset(face.file, letters)).decode("ascii")
        rules.append(
            f"@font-face{{font-family:'{face.family}';font-weight:{face.weight};font-style:normal;"
            f"font-display:block;src:url(data:font/woff;base64,{data}) format('woff')}}"
        )
    return "\n".join(rules)


@cache
def find_common_letters(used: tuple[FontFile, ...]) -> frozenset[str]:
    """The letters that every font of the book has."""
    known = [frozenset(map(chr, _opened(face.file).unicodes)) for face in used]
    return known[0].intersection(*known)


@lru_cache(maxsize=16)
def _subset(file: Path, letters: frozenset[str]) -> bytes:
    """A font with these letters alone, as WOFF; the same bytes for the same letters."""
    cut = uharfbuzz.SubsetInput()
    cut.unicode_set.update(map(ord, letters))
    cut.flags |= PLAIN
    fewer, out = uharfbuzz.subset(_opened(file), cut).blob.data, BytesIO()
    with TTFont(BytesIO(fewer), recalcTimestamp=False) as font:
        font.flavor = "woff"
        font.save(out, reorderTables=None)
    return out.getvalue()


def _opened(file: Path) -> uharfbuzz.Face:
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file)))
