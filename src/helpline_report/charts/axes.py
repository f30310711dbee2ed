"""Set up the axes that a chart is drawn on: colours, type and room, in the house style."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, Literal

import matplotlib as mpl
from matplotlib import rcsetup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, fontManager
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import IdentityTransform

from helpline_report.charts.style import INK, Font, Theme

Align = Literal["left", "center", "right"]
# How something looks, as matplotlib or `write` names it.
Look = dict[str, Any]
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


def sheet(ax: Axes) -> Figure:
    """The whole drawing that axes stand in."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("these axes stand in no drawing")
    return figure


def sheet_width(ax: Axes) -> float:
    """The width of the drawing in pixels."""
    return float(sheet(ax).get_figwidth()) * 72


def sheet_height(ax: Axes) -> float:
    """The height of the drawing in pixels."""
    return float(sheet(ax).get_figheight()) * 72


def is_narrow(ax: Axes) -> bool:
    """Whether the drawing is for a phone: labels stand above what they name."""
    return sheet_width(ax) < 400  # noqa: PLR2004 - pixels


def text_size() -> float:
    """The size of labels, in pixels."""
    return float(mpl.rcParams["font.size"])


def small_size() -> float:
    """The size of what stands on an axis, in pixels."""
    return float(mpl.rcParams["xtick.labelsize"])


def lay_out(
    ax: Axes, tall: float, *, left: float = 0, right: float = 0, top: float = 0, bottom: float = 0
) -> None:
    """Make the axes `tall` pixels high, with so many pixels around them."""
    width, height = sheet_width(ax), top + tall + bottom
    sheet(ax).set_layout_engine("none")
    sheet(ax).set_figheight(height / 72)
    ax.set_position((left / width, bottom / height, (width - left - right) / width, tall / height))


def write(
    ax: Axes,
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
    """Lines of text, the baseline of the first `offset` pixels (to the right, up) from a place."""
    size = size or text_size()
    for number, line in enumerate([lines] if isinstance(lines, str) else lines):
        down = number * size * 1.2
        ax.annotate(
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


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text runs in the font of the drawing, in pixels."""
    return _font().width(text, size, bold=bold)


def wrap(text: str, size: float, room: float, most: int | None = None) -> list[str]:
    """A text in at most so many lines of `room` pixels (`Font.wrap`)."""
    return _font().wrap(text, size, room, most=most)


def _font() -> Font:
    return _FONTS[mpl.rcParams["font.family"][0]]


def value_ticks(low: float, high: float) -> list[float]:
    """About four round values between two."""
    ticks = MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    air = (high - low) * 1e-9
    return [float(tick) + 0.0 for tick in ticks if low - air <= tick <= high + air]
