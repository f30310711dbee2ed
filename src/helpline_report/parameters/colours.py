"""Derive the colours of a house style, and find those that can't be read or told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from coloraide import Color

from helpline_report.parameters.tokens import (
    SEQUENCE,
    SEQUENCE_TEXTS,
    ColourName,
    Palette,
    Palettes,
    Scheme,
    tokens,
)

BLACK, WHITE = "#0b1417", "#ffffff"
# How light each step of a sequence is, and which part of the main colour's chroma it has.
LIGHT_STEPS = ((0.965, 0.10), (0.90, 0.30), (0.79, 0.60), (0.63, 0.90), (0.50, 1.0), (0.36, 0.85))
DARK_STEPS = ((0.25, 0.20), (0.32, 0.50), (0.42, 0.70), (0.53, 0.90), (0.71, 0.95), (0.86, 0.60))
# A colour of the light scheme is made lighter in the dark one until it is read as well as this.
DARK_CONTRAST = 5.5


def make_palettes(light: Palette, dark: Palette) -> Palettes:
    """All colours, when a house style gives `light` and `dark` ones."""
    own = _scheme("light", light)
    follow: dict[ColourName, str] = {}
    for name in ("main", "accent"):
        if name in light:
            follow[name] = _lighter(light[name], dark.get("page", tokens().colours.dark["page"]))
    return Palettes(own, _scheme("dark", {**follow, **dark}))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG 2.2 defines it: 1 to 21."""
    return float(Color(one).contrast(other, method="wcag21"))


def _scheme(scheme: Scheme, own: Palette) -> Palette:
    """The colours of a scheme, of which a house style names some."""
    colours: dict[ColourName, str] = {**tokens().colours.of(scheme), **own}
    if "main" in own:
        steps = LIGHT_STEPS if scheme == "light" else DARK_STEPS
        tones = (_tone(own["main"], lightness, chroma) for lightness, chroma in steps)
        colours |= dict(zip(SEQUENCE, tones, strict=True))
        colours["on-main"] = _text_on(colours["main"])
    if "accent" in own:
        window = Color(colours["ground"]).mix(colours["accent"], 0.16, space="oklab")
        colours["window"] = _hex(window)
    colours |= own
    if "main" in own or any(name in own for name in SEQUENCE):
        for text, ground in zip(SEQUENCE_TEXTS, SEQUENCE, strict=True):
            colours[text] = own.get(text) or _text_on(colours[ground])
    return colours


def _tone(colour: str, lightness: float, chroma: float) -> str:
    _, own, hue = Color(colour).convert("oklch").coords(nans=False)
    return _hex(Color("oklch", [lightness, own * chroma, hue]))


def _lighter(colour: str, ground: str) -> str:
    lightness, chroma, hue = Color(colour).convert("oklch").coords(nans=False)
    lighter = colour
    while contrast(lighter, ground) < DARK_CONTRAST and lightness < 1:
        lightness += 0.01
        lighter = _hex(Color("oklch", [lightness, chroma, hue]))
    return lighter


def _text_on(ground: str) -> str:
    return max((BLACK, WHITE), key=lambda text: contrast(text, ground))


def _hex(colour: Color) -> str:
    return str(colour.convert("srgb").fit().to_string(hex=True))


STEP = 0.01


def find_nearest_colour(colour: str, passes: Callable[[str], bool]) -> str | None:
    """The colour of the same hue and least change of lightness that `passes`, or None."""
    lightness, chroma, hue = Color(colour).convert("oklch").coords(nans=False)
    for step in range(1, round(1 / STEP)):
        for other in (lightness + step * STEP, lightness - step * STEP):
            if 0 <= other <= 1 and passes(near := _hex(Color("oklch", [other, chroma, hue]))):
                return near
    return None


TEXT = 4.5
GRAPHIC = 3.0
# The least distance in OKLab between two marks, as each kind of eye sees them.
APART = 0.06


class Pair(NamedTuple):
    """A colour on another, and what is drawn with it."""

    colour: ColourName
    ground: ColourName
    needed: float
    use: str


READ_ON: tuple[Pair, ...] = (
    *(Pair("ink", ground, TEXT, "text") for ground in ("page", "ground", "soft")),
    *(Pair("muted", ground, TEXT, "subtitles and notes") for ground in ("page", "ground", "soft")),
    *(Pair("main", ground, TEXT, "links") for ground in ("page", "ground", "soft")),
    *(Pair("accent", ground, TEXT, "notices") for ground in ("page", "ground")),
    Pair("on-main", "main", TEXT, "the text of buttons"),
    Pair("ground", "main", TEXT, "values in bars"),
    Pair("page", "accent", TEXT, "the warning of a draft"),
    Pair("axis", "page", GRAPHIC, "axes and edges"),
    Pair("axis", "ground", GRAPHIC, "axes and edges"),
    Pair("main", "compare", GRAPHIC / 2, "this year's bars before last year's"),
    *(
        Pair(text, ground, TEXT, "values in a cross-table")
        for text, ground in zip(SEQUENCE_TEXTS, SEQUENCE, strict=True)
    ),
)
# What the PDF and the workbook set on paper, which is white whatever the page stands on.
ON_PAPER: tuple[ColourName, ...] = ("ink", "muted", "main", "accent")
PAPER = "#ffffff"
TOLD_APART: tuple[tuple[ColourName, ColourName], ...] = (
    ("main", "compare"),
    ("main", "accent"),
    ("accent", "compare"),
)
EYES = {"": "", "protan": "without red", "deutan": "without green", "tritan": "without blue"}


# In which scheme, which colour, with which other one, and in words.
ColourFault = tuple[Scheme, ColourName, ColourName, str]


def find_colour_faults(palettes: Palettes) -> Iterator[ColourFault]:
    """Pairs that somebody can't read or tell apart, in the order of the tables above."""
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for scheme in schemes:
        palette = palettes.of(scheme)
        for pair in READ_ON:
            colour, ground = palette[pair.colour], palette[pair.ground]
            ratio = contrast(colour, ground)
            if ratio < pair.needed:
                what = (
                    f"'{pair.colour}' ({colour}) on '{pair.ground}' ({ground}) has a contrast of "
                    f"{_down(ratio)}:1 in the {scheme} colours; {pair.use} need {pair.needed:g}:1"
                )
                yield scheme, pair.colour, pair.ground, what
        for one, other in TOLD_APART:
            distance, eye = min((_distance(palette[one], palette[other], eye), eye) for eye in EYES)
            if distance < APART:
                to = f" to an eye {EYES[eye]}" if eye else ""
                what = (
                    f"'{one}' ({palette[one]}) and '{other}' ({palette[other]}) look alike{to} "
                    f"in the {scheme} colours (distance {_down(distance)} in OKLab); marks of a "
                    f"chart need {APART:g}"
                )
                yield scheme, one, other, what
    for name in ON_PAPER if palettes.light["ground"] != PAPER else ():
        ratio = contrast(palettes.light[name], PAPER)
        if ratio < TEXT:
            what = (
                f"'{name}' ({palettes.light[name]}) on white paper has a contrast of "
                f"{_down(ratio)}:1; the PDF and the workbook need {TEXT:g}:1"
            )
            yield "light", name, "ground", what


def _down(number: float) -> str:
    """Two decimals, cut off: what falls short is never shown as enough."""
    return f"{int(number * 100) / 100:.2f}"


def _distance(one: str, other: str, eye: str) -> float:
    first, second = Color(one), Color(other)
    if eye:
        first, second = first.filter(eye), second.filter(eye)
    return float(first.delta_e(second, method="ok"))
