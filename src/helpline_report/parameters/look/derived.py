"""The colours that follow from those a house style names: dark ones, sequences, text on colour."""

from __future__ import annotations

from coloraide import Color

from helpline_report.parameters.look.tokens import ColourName, Palette, Palettes, Scheme, tokens

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
