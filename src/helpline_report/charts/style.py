"""How a chart looks: its colours by name, its sizes, and the two widths it is drawn at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

FAMILY = "Source Sans Pro"

# In light mode, on paper and in a file that stands alone. The page's style sheet has the same names
# as custom properties (`--ink` and so on) and gives them other values in dark mode.
COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "ink": "#1c2b33",
        "muted": "#51626c",
        "grid": "#dfe5e6",
        "axis": "#8b9aa2",
        "ground": "#ffffff",
        "main": "#0b6070",
        "accent": "#a8481a",
        "compare": "#c2cbcf",
        "window": "#f4e6d6",
        "seq0": "#eef4f4",
        "seq1": "#d3e5e6",
        "seq2": "#9cc7cb",
        "seq3": "#4f96a0",
        "seq4": "#1c6f7d",
        "seq5": "#0a4652",
        "seqink0": "#1c2b33",
        "seqink1": "#1c2b33",
        "seqink2": "#1c2b33",
        "seqink3": "#0b1417",
        "seqink4": "#ffffff",
        "seqink5": "#ffffff",
    }
)

# matplotlib knows colours, not names: each name is drawn as a colour that nothing else uses, and
# replaced in the finished SVG.
MARKERS: Mapping[str, str] = MappingProxyType(
    {name: f"#01{number:02x}a7" for number, name in enumerate(COLOURS, start=1)}
)

STEPS = 5


@dataclass(frozen=True)
class Theme:
    """The width a chart is drawn at, and whether its colours are the page's variables."""

    name: Literal["wide", "narrow"]
    width: float
    text: float
    small: float
    variables: bool

    @property
    def narrow(self) -> bool:
        """Whether labels stand above what they name, as there is no room beside it."""
        return self.name == "narrow"

    def colour(self, name: str) -> str:
        """What stands in the SVG for the colour called `name`."""
        return f"var(--{name})" if self.variables else COLOURS[name]


WIDE_PAGE = Theme(name="wide", width=680, text=15, small=13, variables=True)
NARROW_PAGE = Theme(name="narrow", width=320, text=14, small=12.5, variables=True)
PAPER = Theme(name="wide", width=680, text=15, small=13.5, variables=False)
