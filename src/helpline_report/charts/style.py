"""How a chart looks: its colours by name, its sizes, and the two widths it is drawn at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from helpline_report.charts.font import SOURCE_SANS, Font
from helpline_report.parameters.look.tokens import tokens

FAMILY = SOURCE_SANS.family

# In light mode, on paper and in a file that stands alone. The page has the same names as custom
# properties (`--ink` and so on), with other values in dark mode.
NOT_IN_CHARTS = frozenset({"page", "soft", "on-main"})
COLOURS: Mapping[str, str] = MappingProxyType(
    {name: value for name, value in tokens().colours.light.items() if name not in NOT_IN_CHARTS}
)

STEPS = 5


@dataclass(frozen=True)
class Theme:
    """The width a chart is drawn at, whether its colours are the page's variables, and its font."""

    name: Literal["wide", "narrow"]
    width: float
    text: float
    small: float
    variables: bool
    colours: Mapping[str, str] = field(default_factory=lambda: COLOURS)
    font: Font = SOURCE_SANS

    @property
    def narrow(self) -> bool:
        """Whether labels stand above what they name, as there is no room beside it."""
        return self.name == "narrow"

    def colour(self, name: str) -> str:
        """What stands in the SVG for the colour called `name`."""
        value = self.colours[name]
        return f"var(--{name})" if self.variables else value


WIDE_PAGE = Theme(name="wide", width=680, text=15, small=13, variables=True)
NARROW_PAGE = Theme(name="narrow", width=320, text=14, small=12.5, variables=True)
PAPER = Theme(name="wide", width=680, text=15, small=13.5, variables=False)
