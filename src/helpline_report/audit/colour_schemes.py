"""Read the colours of a page as they come out, and whether what is drawn in them can be read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from helpline_report.audit.drawn_grounds import PAGE, DrawnGrounds
from helpline_report.audit.drawn_items import DrawnItem
from helpline_report.audit.expectations import Element, Misreading
from helpline_report.parameters.house_style import Palettes

# The rules of a style sheet that say what colours are called, each behind its question if any.
NAMES = re.compile(r"(?:@media ([^{}]+)\{\s*)?:root \{([^{}]*)\}")
NAME = re.compile(r"--([\w-]+): (#[0-9A-Fa-f]{6})\b")
DARK, PRINT = "screen and (prefers-color-scheme: dark)", "print"
# What a text needs on its ground, and what a mark: as WCAG 2.2 counts.
OF_TEXTS, OF_MARKS = 4.5, 3.0
# How light red, green and blue are, by where they stand in a colour; darker parts count straight.
WEIGHTS, DARKEST = {1: 0.2126, 3: 0.7152, 5: 0.0722}, 0.04045
# A mark of the colour of nothing, or of next to nothing, has its number in it.
SHADE = "seq"

Colours = Mapping[str, str]


class Schemes(NamedTuple):
    """The colours of a page by name: on a light ground, on a dark one, and on paper."""

    light: Colours
    dark: Colours
    paper: Colours


def read_schemes(page: Element) -> Schemes:
    """The colours that the style sheets of a page name."""
    named: dict[str, dict[str, str]] = {"": {}, DARK: {}, PRINT: {}}
    for style in page.iter("style"):
        for question, names in NAMES.findall(style.text or ""):
            named.setdefault(question.strip(), {}).update(NAME.findall(names))
    light = named[""]
    return Schemes(light, {**light, **named[DARK]}, {**light, **named[PRINT]})


def compare_schemes(file: str, schemes: Schemes, palettes: Palettes) -> Iterator[Misreading]:
    """Each colour of a page is the one that the house style gives its name."""
    pairs = {"light": (schemes.light, palettes.light), "dark": (schemes.dark, palettes.dark)}
    for scheme, (colours, palette) in pairs.items():
        for name, wanted in palette.items():
            if colours.get(name) != wanted:
                text = colours.get(name, "no colour")
                yield Misreading(file, f"the colours, {scheme}", str(name), text, wanted)


class ContrastReader:
    """Reads whether texts and marks of the drawings of a page stand out from their grounds."""

    def __init__(self, schemes: Schemes) -> None:
        self._schemes = schemes._asdict()
        self._known: dict[tuple[str, str], dict[str, float]] = {}

    def read(self, items: Sequence[DrawnItem], place: tuple[str, str]) -> Iterator[Misreading]:
        """What of a drawing can't be read."""
        grounds = DrawnGrounds(items)
        for item in items:
            if item.element == "text":
                ground = grounds.find_colour(_find_middle(item), below_texts=True)
                if ground is not None:
                    yield from self._check(item, [item.fill], ground, OF_TEXTS, place)
            elif item.role == "value" and not item.fill.startswith(SHADE):
                colours = [colour for colour in item.look if colour]
                yield from self._check(item, colours, PAGE, OF_MARKS, place)

    def _check(
        self,
        item: DrawnItem,
        colours: Sequence[str],
        ground: str,
        needed: float,
        place: tuple[str, str],
    ) -> Iterator[Misreading]:
        """One of the colours has to stand out from the ground in every scheme."""
        contrasts = [self._measure(colour, ground) for colour in colours]
        for scheme in self._schemes:
            most = max((each[scheme] for each in contrasts), default=needed)
            if most < needed:
                what = f"{' '.join(item.look).strip()} on {ground}: {most:.1f}:1, {scheme}"
                yield Misreading(*place, item.tag or item.text, what, f"a contrast of {needed}:1")

    def _measure(self, colour: str, ground: str) -> dict[str, float]:
        """The contrast of two colours in each scheme."""
        if (colour, ground) not in self._known:
            lights = {
                scheme: sorted(_find_light(names.get(each, each)) for each in (colour, ground))
                for scheme, names in self._schemes.items()
            }
            self._known[colour, ground] = {
                scheme: (light + 0.05) / (dark + 0.05) for scheme, (dark, light) in lights.items()
            }
        return self._known[colour, ground]


def _find_middle(text: DrawnItem) -> tuple[float, float]:
    """A place below the letters of a text, beside the end that it is written at."""
    x, y = text.points[0]
    inside = {"start": 1, "middle": 0, "end": -1}[text.anchor] * text.size / 2
    return (x, y - inside) if text.is_upright else (x + inside, y)


def _find_light(colour: str) -> float:
    """How light a colour is, as WCAG 2.2 counts it: from 0 to 1."""
    light = 0.0
    for place, weight in WEIGHTS.items():
        part = int(colour[place : place + 2], 16) / 255
        light += weight * (part / 12.92 if part <= DARKEST else ((part + 0.055) / 1.055) ** 2.4)
    return light
