"""Set up the axes that a chart is drawn on: colours, type and room, in the house style."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, Literal

import matplotlib as mpl
import pandas as pd
from matplotlib import rcsetup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, fontManager
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import IdentityTransform

from helpline_report.charts.style import INK, Font, Theme, write_number

Align = Literal["left", "center", "right"]
# How something looks, as matplotlib or `ChartSheet.write` names it.
Look = dict[str, Any]
# Between what is drawn and what is written beside it.
GAP = 6
# Places in pixels from the bottom left of the drawing.
SHEET = IdentityTransform()

RULES: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": INK["axis"],
    "axes.labelcolor": INK["muted"],
    "axes.prop_cycle": rcsetup.cycler(
        color=[INK[name] for name in ("main", "axis", "accent", "seq3")]
    ),
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.unicode_minus": False,
    "grid.color": INK["grid"],
    "grid.linewidth": 1,
    "hatch.color": INK["axis"],
    "legend.frameon": False,
    "lines.solid_capstyle": "butt",
    "path.simplify": False,
    "patch.edgecolor": INK["main"],
    "svg.fonttype": "none",
    "text.color": INK["ink"],
    "text.parse_math": False,
    "xtick.color": INK["muted"],
    "xtick.major.size": 0,
    "ytick.color": INK["muted"],
    "ytick.major.size": 0,
}
# matplotlib's settings are one for the whole process.
_DRAWING = Lock()
_FONTS: dict[str, Font] = {}


@contextmanager
def house_axes(theme: Theme, salt: str) -> Iterator[Axes]:
    """Axes as wide as the theme, under the rules of the house; `salt` makes the ids of its SVG.

    A pixel is a point here: the figure has 72 to the inch.
    """
    _add_font(theme.font)
    rules: Any = {
        **RULES,
        "font.family": theme.font.family,
        "font.size": theme.text,
        "svg.hashsalt": salt,
        **dict.fromkeys(("xtick.labelsize", "ytick.labelsize", "legend.fontsize"), theme.small),
        "axes.labelsize": theme.small,
    }
    with _DRAWING, mpl.rc_context(rules), warnings.catch_warnings():
        # A letter that the font lacks: the reader's browser has it in another one.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(
            figsize=(theme.width / 72, max(theme.width / 2, 230) / 72), dpi=72, layout="constrained"
        )
        figure.patch.set_visible(False)
        axes = figure.add_subplot()
        axes.patch.set_visible(False)
        yield axes


def _add_font(font: Font) -> None:
    """Let matplotlib find a font by its family, before one of the machine that is called so."""
    if _FONTS.get(font.family) != font:
        _FONTS[font.family] = font
        for weight, file in ((400, font.regular), (600, font.semibold)):
            entry = FontEntry(fname=str(file), name=font.family, weight=weight, size="scalable")
            fontManager.ttflist.insert(0, entry)


class ChartSheet:
    """The drawing that axes stand in, and its letters: sizes and places are in pixels."""

    def __init__(self, ax: Axes) -> None:
        figure = ax.get_figure(root=True)
        if figure is None:
            raise ValueError("these axes stand in no drawing")
        self.ax, self.figure = ax, figure
        # The size of labels, and of what stands on an axis.
        self.size = float(mpl.rcParams["font.size"])
        self.small = float(mpl.rcParams["xtick.labelsize"])
        self.font = _FONTS[mpl.rcParams["font.family"][0]]

    @property
    def width(self) -> float:
        """The width of the drawing."""
        return float(self.figure.get_figwidth()) * 72

    @property
    def height(self) -> float:
        """The height of the drawing."""
        return float(self.figure.get_figheight()) * 72

    @property
    def narrow(self) -> bool:
        """Whether the drawing is for a phone: labels stand above what they name."""
        return self.width < 400  # noqa: PLR2004 - pixels

    def lay_out(
        self, tall: float, *, left: float = 0, right: float = 0, top: float = 0, bottom: float = 0
    ) -> None:
        """Make the axes `tall` pixels high, with so many pixels around them."""
        width, height = self.width, top + tall + bottom
        self.figure.set_layout_engine("none")
        self.figure.set_figheight(height / 72)
        place = (left / width, bottom / height, (width - left - right) / width, tall / height)
        self.ax.set_position(place)

    def write(
        self,
        lines: str | Sequence[str],
        at: tuple[float, float],
        offset: tuple[float, float] = (0, 0),
        *,
        align: Align = "left",
        colour: str = "ink",
        size: float | None = None,
        bold: bool = False,
        upwards: bool = False,
        within: Any = "data",
        bbox: Mapping[str, Any] | None = None,
    ) -> None:
        """Lines of text, the baseline of the first `offset` pixels (right, up) from a place."""
        size = size or self.size
        for number, line in enumerate([lines] if isinstance(lines, str) else lines):
            down = number * size * 1.2
            self.ax.annotate(
                line,
                at,
                (offset[0] + down, offset[1]) if upwards else (offset[0], offset[1] - down),
                xycoords=within,
                textcoords="offset points",
                ha=align,
                va="baseline",
                color=INK[colour],
                size=size,
                weight=600 if bold else 400,
                rotation=90 if upwards else 0,
                rotation_mode="anchor",
                annotation_clip=False,
                bbox=bbox,
            )

    def text_width(self, text: str, size: float, *, bold: bool = False) -> float:
        """How wide a text runs in the font of the drawing."""
        return self.font.width(text, size, bold=bold)

    def wrap(self, text: str, size: float, room: float, most: int | None = None) -> list[str]:
        """A text in at most so many lines of `room` pixels (`Font.wrap`)."""
        return self.font.wrap(text, size, room, most=most)

    def axis_room(self, ticks: Sequence[float], frame: pd.DataFrame) -> float:
        """The room that the values at the left of upright axes take; none without any."""
        texts = _tick_labels(ticks, frame)
        return max(self.text_width(text, self.small) for text in texts) + GAP if texts else 0.0

    def draw_values(self, ticks: Sequence[float], frame: pd.DataFrame) -> None:
        """Values at the left of upright axes, as the page writes them, with thin lines behind."""
        self.ax.set_yticks(ticks, _tick_labels(ticks, frame))
        self.ax.tick_params("y", pad=GAP)
        self.ax.set(xlabel="", ylabel="", xticks=[])
        self.ax.grid(axis="y")
        self.ax.spines["bottom"].set_visible(False)

    def fit(self, names: Iterable[str], size: float, step: float) -> bool:
        """Whether each name is narrower than a step."""
        return all(self.text_width(name, size) + 4 <= step for name in names)


def _tick_labels(ticks: Sequence[float], frame: pd.DataFrame) -> list[str]:
    unit, locale = frame.attrs["unit"], frame.attrs["locale"]
    return [write_number(tick, unit, locale) for tick in ticks]


def value_ticks(low: float, high: float) -> list[float]:
    """About four round values between two."""
    ticks = MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    air = (high - low) * 1e-9
    return [float(tick) + 0.0 for tick in ticks if low - air <= tick <= high + air]
