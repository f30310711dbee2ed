"""Derive the colours of a house style, and find those that can't be read or told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from coloraide import Color

from helpline_report.parameters.tokens import ColourName, Palette, Palettes, Scheme, tokens

BLACK, WHITE = "#0b1417", "#ffffff"
# How light each step of a sequence is, and which part of the main colour's chroma it has.
LIGHT_STEPS = ((0.965, 0.10), (0.90, 0.30), (0.79, 0.60), (0.63, 0.90), (0.50, 1.0), (0.36, 0.85))
DARK_STEPS = ((0.25, 0.20), (0.32, 0.50), (0.42, 0.70), (0.53, 0.90), (0.71, 0.95), (0.86, 0.60))
# A colour of the light scheme is made lighter in the dark one until it is read as well as this.
DARK_CONTRAST = 5.5


def palettes(light: Palette, dark: Palette) -> Palettes:
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


def _scheme(scheme: Scheme, given: Palette) -> Palette:
    made = {**tokens().colours.of(scheme), **given}
    if "main" in given:
        steps = LIGHT_STEPS if scheme == "light" else DARK_STEPS
        sequence: tuple[ColourName, ...] = ("seq0", "seq1", "seq2", "seq3", "seq4", "seq5")
        for name, (lightness, chroma) in zip(sequence, steps, strict=True):
            made[name] = _tone(given["main"], lightness, chroma)
        made["on-main"] = _text_on(made["main"])
    if "accent" in given:
        made["window"] = _mixed(made["accent"], made["ground"], 0.16)
    made |= given
    if "main" in given or any(name.startswith("seq") for name in given):
        pairs: tuple[tuple[ColourName, ColourName], ...] = (
            ("seqink0", "seq0"),
            ("seqink1", "seq1"),
            ("seqink2", "seq2"),
            ("seqink3", "seq3"),
            ("seqink4", "seq4"),
            ("seqink5", "seq5"),
        )
        for text, ground in pairs:
            made[text] = given.get(text) or _text_on(made[ground])
    return made


def _tone(colour: str, lightness: float, chroma: float) -> str:
    _, own, hue = Color(colour).convert("oklch").coords(nans=False)
    return _hex(Color("oklch", [lightness, own * chroma, hue]))


def _lighter(colour: str, ground: str) -> str:
    lightness, chroma, hue = Color(colour).convert("oklch").coords(nans=False)
    made = colour
    while contrast(made, ground) < DARK_CONTRAST and lightness < 1:
        lightness += 0.01
        made = _hex(Color("oklch", [lightness, chroma, hue]))
    return made


def _mixed(colour: str, ground: str, part: float) -> str:
    return _hex(Color(ground).mix(colour, part, space="oklab"))


def _text_on(ground: str) -> str:
    return max((BLACK, WHITE), key=lambda text: contrast(text, ground))


def _hex(colour: Color) -> str:
    return str(colour.convert("srgb").fit().to_string(hex=True))


STEP = 0.01


def find_nearest_colour(colour: str, passes: Callable[[str], bool]) -> str | None:
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


TEXT = 4.5
GRAPHIC = 3.0
# The least distance in OKLab between two marks, as each kind of eye sees them.
APART = 0.06


@dataclass(frozen=True)
class Pair:
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
    Pair("seqink0", "seq0", TEXT, "values in a cross-table"),
    Pair("seqink1", "seq1", TEXT, "values in a cross-table"),
    Pair("seqink2", "seq2", TEXT, "values in a cross-table"),
    Pair("seqink3", "seq3", TEXT, "values in a cross-table"),
    Pair("seqink4", "seq4", TEXT, "values in a cross-table"),
    Pair("seqink5", "seq5", TEXT, "values in a cross-table"),
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


@dataclass(frozen=True)
class ColourFault:
    """A pair of colours that somebody can't read or tell apart."""

    scheme: Scheme
    colour: ColourName
    other: ColourName
    what: str


def find_colour_faults(made: Palettes) -> Iterator[ColourFault]:
    """What is wrong with colours, in the order of the tables above; nothing if all is well."""
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for scheme in schemes:
        palette = made.of(scheme)
        for pair in READ_ON:
            colour, ground = palette[pair.colour], palette[pair.ground]
            ratio = contrast(colour, ground)
            if ratio < pair.needed:
                yield ColourFault(
                    scheme,
                    pair.colour,
                    pair.ground,
                    f"'{pair.colour}' ({colour}) on '{pair.ground}' ({ground}) has a contrast of "
                    f"{_down(ratio)}:1 in the {scheme} colours; {pair.use} need {pair.needed:g}:1",
                )
        for one, other in TOLD_APART:
            distance, eye = min((_distance(palette[one], palette[other], eye), eye) for eye in EYES)
            if distance < APART:
                seen = f" to an eye {EYES[eye]}" if eye else ""
                yield ColourFault(
                    scheme,
                    one,
                    other,
                    f"'{one}' ({palette[one]}) and '{other}' ({palette[other]}) look alike{seen} "
                    f"in the {scheme} colours (distance {_down(distance)} in OKLab); marks of a "
                    f"chart need {APART:g}",
                )
    if made.light["ground"] != PAPER:
        yield from _on_paper(made)


def _on_paper(made: Palettes) -> Iterator[ColourFault]:
    for name in ON_PAPER:
        ratio = contrast(made.light[name], PAPER)
        if ratio < TEXT:
            yield ColourFault(
                "light",
                name,
                "ground",
                f"'{name}' ({made.light[name]}) on white paper has a contrast of {_down(ratio)}:1; "
                f"the PDF and the workbook need {TEXT:g}:1",
            )


def _down(number: float) -> str:
    """Two decimals, cut off: what falls short is never shown as enough."""
    return f"{int(number * 100) / 100:.2f}"


def _distance(one: str, other: str, eye: str) -> float:
    first, second = Color(one), Color(other)
    if eye:
        first, second = first.filter(eye), second.filter(eye)
    return float(first.delta_e(second, method="ok"))
