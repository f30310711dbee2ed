"""A helpline's house style: its logo, colours and fonts, in place of those of `tokens.yaml`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args

import font_source_sans_pro
import font_source_serif_pro
from coloraide import Color
from pydantic import Field

from helpline_report.parameters.values import Translated
from helpline_report.parameters.yaml import (
    CheckedModel,
    Closed,
    KeyPath,
    match_pattern,
    read_resource,
)

Plain = Literal["ink", "muted", "grid", "axis", "ground", "page", "soft"]
Marked = Literal["main", "on-main", "accent", "compare", "window"]
Step = Literal["seq0", "seq1", "seq2", "seq3", "seq4", "seq5"]
StepText = Literal["seqink0", "seqink1", "seqink2", "seqink3", "seqink4", "seqink5"]
ColourName = Literal[Plain, Marked, Step, StepText]
NAMES: tuple[ColourName, ...] = get_args(ColourName)
SEQUENCE: tuple[Step, ...] = get_args(Step)
SEQUENCE_TEXTS: tuple[StepText, ...] = get_args(StepText)
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
Palette = Mapping[ColourName, str]

BLACK, WHITE = "#0b1417", "#ffffff"
# In the dark scheme a colour of the light one is made lighter until it has this contrast.
DARK_CONTRAST = 5.5
# The least distance in OKLab between two marks, as each kind of eye sees them.
APART = 0.06
EYES = {"": "", "protan": "without red", "deutan": "without green", "tritan": "without blue"}


class Palettes(NamedTuple):
    """Each colour by name, in each of `SCHEMES`: on a light ground and on a dark one."""

    light: Palette
    dark: Palette


@dataclass(frozen=True)
class Tokens:
    """Colours, sizes by name as CSS (`screen`) and as Typst (`paper`) write them, and rules."""

    colours: Palettes
    screen: Mapping[str, str]
    paper: Mapping[str, str]
    rules: Mapping[str, Any]


@cache
def tokens() -> Tokens:
    """The tokens of the program, before any house style."""
    data = read_resource("helpline_report.parameters", "tokens.yaml").data
    light, dark = ({name: data["colours"][each][name] for name in NAMES} for each in SCHEMES)
    return Tokens(Palettes(light, dark), data["screen"], data["paper"], data)


@dataclass(frozen=True)
class FontFile:
    """A font. `family` is what Typst calls it: 'Condensed' and the like left out."""

    family: str
    weight: int
    file: Path


SANS_FOLDER = Path(font_source_sans_pro.font_directory)
SERIF_FOLDER = Path(font_source_serif_pro.font_directory)
# The fonts of the program: of text, tables and charts, and of headings.
OWN_SANS = (
    FontFile("Source Sans Pro", 400, SANS_FOLDER / "SourceSansPro-Regular.ttf"),
    FontFile("Source Sans Pro", 600, SANS_FOLDER / "SourceSansPro-Semibold.ttf"),
)
OWN_SERIF = FontFile("Source Serif Pro", 600, SERIF_FOLDER / "SourceSerifPro-Semibold.ttf")
OWN_FONTS = (*OWN_SANS, OWN_SERIF)

Colour = Annotated[str, match_pattern(r"^#[0-9a-fA-F]{6}$", "#0b5f6e")]
ProjectFile = Annotated[str, Field(min_length=1, max_length=200)]


class LogoFile(Closed):
    """A logo: a PNG of the project, and what it says to who can't see it."""

    file: ProjectFile
    alternative: Translated


class SansFiles(Closed):
    """The font of text, tables and charts, as TrueType or OpenType files of the project."""

    regular: ProjectFile
    semibold: ProjectFile


class SerifFiles(Closed):
    """The font of headings and headline figures."""

    semibold: ProjectFile


class FontFiles(Closed):
    """Fonts that replace those of the program."""

    sans: SansFiles | None = None
    serif: SerifFiles | None = None


class HouseStyle(CheckedModel):
    """What of the tokens a helpline replaces; the rest stays or follows.

    Colours that can't be read, or that somebody can't distinguish, are refused: WCAG 2.2 AA.
    """

    logo: LogoFile | None = None
    colours: dict[ColourName, Colour] = {}
    dark: dict[ColourName, Colour] = {}
    fonts: FontFiles = FontFiles()

    def _complaints(self) -> Iterator[tuple[KeyPath, str]]:
        faults = find_colour_faults(self.palettes) if self.colours or self.dark else ()
        for scheme, names, what in faults:
            groups = {"dark": self.dark} if scheme == "dark" else {}
            groups["colours"] = self.colours
            places: list[KeyPath] = []
            for candidates in (names, ("main", "accent")):
                for group, colours in groups.items():
                    places += [(group, name) for name in candidates if name in colours]
            yield places[0] if places else (), what

    def files(self) -> list[tuple[str, str]]:
        """What of it stands in files of the project: `logo` or `font`, and the path."""
        logo = [("logo", self.logo.file)] if self.logo else []
        fonts = [each for each in (self.fonts.sans, self.fonts.serif) if each is not None]
        files = dict.fromkeys(file for each in fonts for file in each.model_dump().values())
        return [*logo, *(("font", file) for file in files)]

    @cached_property
    def palettes(self) -> Palettes:
        """All colours: those that are named here, those that follow from them, and the rest."""
        if not self.colours and not self.dark:
            return tokens().colours
        light: dict[ColourName, str] = {name: value.lower() for name, value in self.colours.items()}
        ground = self.dark.get("page", tokens().colours.dark["page"])
        dark: dict[ColourName, str] = {}
        for name in ("main", "accent"):
            if name in light:
                dark[name] = _lighten(light[name], ground)
        dark |= {name: value.lower() for name, value in self.dark.items()}
        return Palettes(_fill("light", light), _fill("dark", dark))


def get_contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG 2.2 defines it: 1 to 21."""
    return float(Color(one).contrast(Color(other), method="wcag21"))


def _fill(scheme: Scheme, own: Palette) -> Palette:
    """The colours of a scheme, of which a house style names some: others follow from these."""
    colours: dict[ColourName, str] = {**getattr(tokens().colours, scheme), **own}
    if "main" in own:
        _, chroma, hue = Color(own["main"]).convert("oklch").coords(nans=False)
        steps = tokens().rules["steps"][scheme]
        for name, (lightness, part) in zip(SEQUENCE, steps, strict=True):
            colours[name] = _fit_srgb(lightness, chroma * part, hue)
        colours["on-main"] = _choose_text(colours["main"])
    if "accent" in own:
        window = Color(colours["ground"]).mix(Color(colours["accent"]), 0.16, space="oklab")
        colours["window"] = window.convert("srgb").fit().to_string(hex=True)
    colours |= own
    if "main" in own or not own.keys().isdisjoint(SEQUENCE):
        for text, ground in zip(SEQUENCE_TEXTS, SEQUENCE, strict=True):
            colours[text] = own.get(text) or _choose_text(colours[ground])
    return colours


def _lighten(colour: str, ground: str) -> str:
    lightness, chroma, hue = Color(colour).convert("oklch").coords(nans=False)
    while get_contrast(colour, ground) < DARK_CONTRAST and lightness < 1:
        lightness += 0.01
        colour = _fit_srgb(lightness, chroma, hue)
    return colour


def _fit_srgb(lightness: float, chroma: float, hue: float) -> str:
    colour = Color(f"oklch({lightness} {chroma} {hue})")
    return str(colour.convert("srgb").fit().to_string(hex=True))


def _choose_text(ground: str) -> str:
    return max((BLACK, WHITE), key=lambda text: get_contrast(text, ground))


def find_colour_faults(palettes: Palettes) -> Iterator[tuple[Scheme, tuple[str, ...], str]]:
    """Pairs that somebody can't read or tell apart: the scheme, the colours, and in words."""
    rules = tokens().rules
    for scheme, colours in zip(SCHEMES, palettes, strict=True):
        palette: dict[str, str] = {str(name): value for name, value in colours.items()}
        if scheme == "light" and palette["ground"] != WHITE:
            palette["paper"] = WHITE
        pairs = [(c, g, needed, use) for c, on, needed, use in rules["read_on"] for g in on.split()]
        for colour, ground, needed, use in pairs:
            ratio = get_contrast(palette[colour], palette[ground]) if ground in palette else needed
            if ratio < needed:
                what = (
                    f"'{colour}' ({palette[colour]}) on '{ground}' ({palette[ground]}) has a "
                    f"contrast of {_cut_off(ratio)}:1 in the {scheme} colours; "
                    f"{use} need {needed:g}:1"
                )
                yield scheme, (colour, ground), what
        for one, other in rules["told_apart"]:
            ends = [Color(palette[one]), Color(palette[other])]
            seen = {eye: [end.filter(eye) if eye else end for end in ends] for eye in EYES}
            distance, eye = min(
                (float(first.delta_e(second, method="ok")), eye)
                for eye, (first, second) in seen.items()
            )
            if distance < APART:
                to = f" to an eye {EYES[eye]}" if eye else ""
                what = (
                    f"'{one}' ({palette[one]}) and '{other}' ({palette[other]}) look alike{to} "
                    f"in the {scheme} colours (distance {_cut_off(distance)} in OKLab); marks of a "
                    f"chart need {APART:g}"
                )
                yield scheme, (one, other), what


def _cut_off(number: float) -> str:
    """Two decimals, cut off: what falls short is never shown as enough."""
    return f"{int(number * 100) / 100:.2f}"
