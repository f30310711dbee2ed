"""The tokens of `tokens.yaml`: colours by name in light and dark, sizes on screen and on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, get_args

import yaml

Plain = Literal["ink", "muted", "grid", "axis", "ground", "page", "soft"]
Marked = Literal["main", "on-main", "accent", "compare", "window"]
Step = Literal["seq0", "seq1", "seq2", "seq3", "seq4", "seq5"]
StepText = Literal["seqink0", "seqink1", "seqink2", "seqink3", "seqink4", "seqink5"]
ColourName = Literal[Plain, Marked, Step, StepText]
NAMES: tuple[ColourName, ...] = get_args(ColourName)
SEQUENCE: tuple[Step, ...] = get_args(Step)
SEQUENCE_TEXTS: tuple[StepText, ...] = get_args(StepText)
Scheme = Literal["light", "dark"]
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
    colours = read["colours"]
    light, dark = ({name: colours[scheme][name] for name in NAMES} for scheme in ("light", "dark"))
    return Tokens(Palettes(light, dark), read["screen"], read["paper"])
