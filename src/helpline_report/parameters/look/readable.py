"""Which colours must be read on which, and which must be told apart, by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coloraide import Color

from helpline_report.parameters.look.derived import contrast
from helpline_report.parameters.look.tokens import ColourName, Palettes, Scheme

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
class Fault:
    """A pair of colours that somebody can't read or tell apart."""

    scheme: Scheme
    colour: ColourName
    other: ColourName
    what: str


def faults(made: Palettes) -> Iterator[Fault]:
    """What is wrong with colours, in the order of the tables above; nothing if all is well."""
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for scheme in schemes:
        palette = made.of(scheme)
        for pair in READ_ON:
            colour, ground = palette[pair.colour], palette[pair.ground]
            ratio = contrast(colour, ground)
            if ratio < pair.needed:
                yield Fault(
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
                yield Fault(
                    scheme,
                    one,
                    other,
                    f"'{one}' ({palette[one]}) and '{other}' ({palette[other]}) look alike{seen} "
                    f"in the {scheme} colours (distance {_down(distance)} in OKLab); marks of a "
                    f"chart need {APART:g}",
                )
    if made.light["ground"] != PAPER:
        yield from _on_paper(made)


def _on_paper(made: Palettes) -> Iterator[Fault]:
    for name in ON_PAPER:
        ratio = contrast(made.light[name], PAPER)
        if ratio < TEXT:
            yield Fault(
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
