"""A helpline's house style: its logo, colours and fonts, in place of those of `tokens.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import yaml
from pydantic import Field

from helpline_report.parameters.values import Translated
from helpline_report.parameters.yaml import CheckedModel, Closed, KeyPath

if TYPE_CHECKING:
    from coloraide import Color

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


@dataclass(frozen=True)
class Palettes:
    """Each colour by name, on a light ground and on a dark one."""

    light: Palette
    dark: Palette

    def of(self, scheme: Scheme) -> Palette:
        """The colours of one scheme."""
        return self.light if scheme == "light" else self.dark


@dataclass(frozen=True)
class Tokens:
    """Colours, and sizes by name as CSS (`screen`) and as Typst (`paper`) write them."""

    colours: Palettes
    screen: Mapping[str, str]
    paper: Mapping[str, str]


@cache
def tokens() -> Tokens:
    """The tokens of the program, before any house style."""
    file = resources.files(__package__) / "tokens.yaml"
    read = yaml.safe_load(file.read_text(encoding="utf-8"))
    light, dark = ({name: read["colours"][each][name] for name in NAMES} for each in SCHEMES)
    return Tokens(Palettes(light, dark), read["screen"], read["paper"])


Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
ProjectFile = Annotated[str, Field(min_length=1, max_length=200)]


class LogoFile(Closed):
    """A logo: an SVG or PNG of the project, and what it says to who can't see it."""

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

    Colours that can't be read, or not be told apart by everybody, are refused: WCAG 2.2 AA.
    """

    logo: LogoFile | None = None
    colours: dict[ColourName, Colour] = {}
    dark: dict[ColourName, Colour] = {}
    fonts: FontFiles = FontFiles()

    def _complaints(self) -> Iterator[tuple[KeyPath, str]]:
        for scheme, names, what in find_colour_faults(self.palettes) if self._is_coloured else ():
            groups = {"dark": self.dark} if scheme == "dark" else {}
            groups["colours"] = self.colours
            blamed: list[KeyPath] = [
                (group, name)
                for candidates in (names, ("main", "accent"))
                for group, colours in groups.items()
                for name in candidates
                if name in colours
            ]
            yield next(iter(blamed), ()), what

    @property
    def _is_coloured(self) -> bool:
        return bool(self.colours or self.dark)

    def files(self) -> list[tuple[str, str]]:
        """What of it stands in files of the project: `logo` or `font`, and the path."""
        logo = [("logo", self.logo.file)] if self.logo else []
        fonts = [each for each in (self.fonts.sans, self.fonts.serif) if each is not None]
        files = dict.fromkeys(file for each in fonts for file in each.model_dump().values())
        return [*logo, *(("font", file) for file in files)]

    @cached_property
    def palettes(self) -> Palettes:
        """All colours: those that are named here, those that follow from them, and the rest."""
        if not self._is_coloured:
            return tokens().colours
        light: dict[ColourName, str] = {name: value.lower() for name, value in self.colours.items()}
        ground = self.dark.get("page", tokens().colours.dark["page"])
        dark = {
            name: _lighter(light[name], ground) for name in ("main", "accent") if name in light
        } | {name: value.lower() for name, value in self.dark.items()}
        return Palettes(_fill("light", light), _fill("dark", dark))


# How colours follow from those of a house style

BLACK, WHITE = "#0b1417", "#ffffff"
# How light each step of a sequence is, and which part of the main colour's chroma it has.
STEPS: Mapping[Scheme, tuple[tuple[float, float], ...]] = {
    "light": ((0.965, 0.10), (0.90, 0.30), (0.79, 0.60), (0.63, 0.90), (0.50, 1.0), (0.36, 0.85)),
    "dark": ((0.25, 0.20), (0.32, 0.50), (0.42, 0.70), (0.53, 0.90), (0.71, 0.95), (0.86, 0.60)),
}
# A colour of the light scheme is made lighter in the dark one until it is read as well as this.
DARK_CONTRAST = 5.5


def _colour(text: str) -> Color:
    from coloraide import Color  # noqa: PLC0415 - few editions have a house style

    return Color(text)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG 2.2 defines it: 1 to 21."""
    return float(_colour(one).contrast(_colour(other), method="wcag21"))


def _fill(scheme: Scheme, own: Palette) -> Palette:
    """The colours of a scheme, of which a house style names some."""
    colours: dict[ColourName, str] = {**tokens().colours.of(scheme), **own}
    if "main" in own:
        _, chroma, hue = _colour(own["main"]).convert("oklch").coords(nans=False)
        for name, (lightness, part) in zip(SEQUENCE, STEPS[scheme], strict=True):
            colours[name] = _in_srgb(lightness, chroma * part, hue)
        colours["on-main"] = _text_on(colours["main"])
    if "accent" in own:
        window = _colour(colours["ground"]).mix(_colour(colours["accent"]), 0.16, space="oklab")
        colours["window"] = window.convert("srgb").fit().to_string(hex=True)
    colours |= own
    if "main" in own or not own.keys().isdisjoint(SEQUENCE):
        for text, ground in zip(SEQUENCE_TEXTS, SEQUENCE, strict=True):
            colours[text] = own.get(text) or _text_on(colours[ground])
    return colours


def _lighter(colour: str, ground: str) -> str:
    lightness, chroma, hue = _colour(colour).convert("oklch").coords(nans=False)
    lighter = colour
    while contrast(lighter, ground) < DARK_CONTRAST and lightness < 1:
        lightness += 0.01
        lighter = _in_srgb(lightness, chroma, hue)
    return lighter


def _in_srgb(lightness: float, chroma: float, hue: float) -> str:
    colour = _colour(f"oklch({lightness} {chroma} {hue})")
    return str(colour.convert("srgb").fit().to_string(hex=True))


def _text_on(ground: str) -> str:
    return max((BLACK, WHITE), key=lambda text: contrast(text, ground))


# Which colours must be read on each other, and which be told apart

TEXT, GRAPHIC = 4.5, 3.0
# The least distance in OKLab between two marks, as each kind of eye sees them.
APART = 0.06
# A colour, what it stands on, the contrast that it needs there, and what is drawn with it. PDF and
# workbook are set on paper, which is white whatever the page stands on.
PAPER = "paper"
READ_ON: tuple[tuple[ColourName, str, float, str], ...] = (
    ("ink", "page ground soft paper", TEXT, "text"),
    ("muted", "page ground soft paper", TEXT, "subtitles and notes"),
    ("main", "page ground soft paper", TEXT, "links"),
    ("accent", "page ground paper", TEXT, "notices"),
    ("on-main", "main", TEXT, "the text of buttons"),
    ("ground", "main", TEXT, "values in bars"),
    ("page", "accent", TEXT, "the warning of a draft"),
    ("axis", "page ground", GRAPHIC, "axes and edges"),
    ("main", "compare", GRAPHIC / 2, "this year's bars before last year's"),
    *(
        (text, ground, TEXT, "values in a cross-table")
        for text, ground in zip(SEQUENCE_TEXTS, SEQUENCE, strict=True)
    ),
)
TOLD_APART: tuple[tuple[ColourName, ColourName], ...] = (
    ("main", "compare"),
    ("main", "accent"),
    ("accent", "compare"),
)
EYES = {"": "", "protan": "without red", "deutan": "without green", "tritan": "without blue"}


def find_colour_faults(
    palettes: Palettes,
) -> Iterator[tuple[Scheme, tuple[ColourName, ...], str]]:
    """Pairs that somebody can't read or tell apart: the scheme, the colours, and in words."""
    for scheme in SCHEMES:
        palette: dict[str, str] = {str(name): value for name, value in palettes.of(scheme).items()}
        if scheme == "light" and palette["ground"] != WHITE:
            palette[PAPER] = WHITE
        pairs = [(c, g, needed, use) for c, on, needed, use in READ_ON for g in on.split()]
        for colour, ground, needed, use in pairs:
            ratio = contrast(palette[colour], palette[ground]) if ground in palette else needed
            if ratio < needed:
                what = (
                    f"'{colour}' ({palette[colour]}) on '{ground}' ({palette[ground]}) has a "
                    f"contrast of {_down(ratio)}:1 in the {scheme} colours; {use} need {needed:g}:1"
                )
                yield scheme, (colour, *(name for name in NAMES if name == ground)), what
        for one, other in TOLD_APART:
            distance, eye = min((_distance(palette[one], palette[other], eye), eye) for eye in EYES)
            if distance < APART:
                to = f" to an eye {EYES[eye]}" if eye else ""
                what = (
                    f"'{one}' ({palette[one]}) and '{other}' ({palette[other]}) look alike{to} "
                    f"in the {scheme} colours (distance {_down(distance)} in OKLab); marks of a "
                    f"chart need {APART:g}"
                )
                yield scheme, (one, other), what


def _down(number: float) -> str:
    """Two decimals, cut off: what falls short is never shown as enough."""
    return f"{int(number * 100) / 100:.2f}"


def _distance(one: str, other: str, eye: str) -> float:
    first, second = (_colour(each).filter(eye) if eye else _colour(each) for each in (one, other))
    return float(first.delta_e(second, method="ok"))
