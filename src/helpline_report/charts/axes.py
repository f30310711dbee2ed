"""Set up the axes that a chart is drawn on, in the house style, and write beside them.

Sizes are in pixels, of which a figure has 72 to the inch; matplotlib makes room for what is written
beside the axes.
"""

import math
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, cast

import matplotlib as mpl
import pandas as pd
from matplotlib import rcsetup
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, FontProperties, fontManager
from matplotlib.text import Annotation
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from helpline_report.charts.style import INK, Theme, write_number
from helpline_report.charts.svg import tag
from helpline_report.parameters.house_style import FontFile

# How something looks, as matplotlib names it.
Look = dict[str, Any]
# Pixels between what is drawn and what is written beside it.
GAP = 6
# A sample of a legend with the gaps around it is as wide as so many letters are high.
BESIDE_LABEL = 3
# If more names than this don't fit along an axis, only some of them are written.
MANY = 12
# How long a name along an axis may be that isn't wrapped to the width of its place.
LONGEST = 130
# The colours that series take, in this order: this year, the year before, and so on.
CYCLE = ("main", "axis", "accent", "seq3")
# The colours of the house; its other rules are matplotlib's own file of a style.
COLOUR_RULES: dict[str, Any] = {
    "axes.prop_cycle": rcsetup.cycler(color=[INK[name] for name in CYCLE]),
    "grid.color": INK["grid"],
    "patch.edgecolor": INK["main"],
    "text.color": INK["ink"],
    **dict.fromkeys(("axes.edgecolor", "hatch.color"), INK["axis"]),
    **dict.fromkeys(("axes.labelcolor", "xtick.color", "ytick.color"), INK["muted"]),
}
RULES = mpl.rc_params_from_file(
    Path(__file__).parent / "house.mplstyle", use_default_template=False
)
# matplotlib's settings are one for the whole process.
_DRAWING = Lock()
_FONTS: dict[str, tuple[FontFile, ...]] = {}


@contextmanager
def house_axes(theme: Theme, salt: str) -> Iterator[tuple[Figure, Axes]]:
    """Axes as wide as the theme, in the house style; the ids in its SVG are made with `salt`."""
    family = theme.fonts[0].family
    if _FONTS.get(family) != theme.fonts:
        _FONTS[family] = theme.fonts
        # matplotlib takes the first font of a name: ours, and not one of the machine.
        for face in theme.fonts:
            look = Look(name=family, weight=face.weight, size="scalable")
            fontManager.ttflist.insert(0, FontEntry(fname=str(face.file), **look))
    small_texts = ("xtick.labelsize", "ytick.labelsize", "legend.fontsize", "axes.labelsize")
    rules: Any = {
        **RULES,
        **COLOUR_RULES,
        "font.family": family,
        "font.size": theme.text,
        "svg.hashsalt": salt,
        **dict.fromkeys(small_texts, theme.small),
    }
    with _DRAWING, mpl.rc_context(rules), warnings.catch_warnings():
        # The reader's browser takes a letter that the font lacks from another font.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        size = (theme.width / 72, max(theme.width / 2, 230) / 72)
        figure = Figure(figsize=size, dpi=72, layout="constrained")
        figure.patch.set_visible(False)
        axes = figure.add_subplot()
        axes.patch.set_visible(False)
        yield figure, axes


def figure_of(ax: Axes) -> Figure:
    """The drawing that axes stand in."""
    return cast("Figure", ax.figure)


def width_of(ax: Axes) -> float:
    """The width of the drawing."""
    return float(figure_of(ax).get_figwidth()) * 72


def set_height(ax: Axes, pixels: float) -> None:
    """Set the height of the whole drawing, with what stands beside its axes."""
    figure_of(ax).set_figheight(pixels / 72)


def is_narrow(ax: Axes) -> bool:
    """Whether the drawing is for a phone: labels stand above what they name."""
    return width_of(ax) < 400  # noqa: PLR2004 - pixels


def sizes() -> tuple[float, float]:
    """The size of labels, and of what stands on an axis."""
    return float(mpl.rcParams["font.size"]), float(mpl.rcParams["xtick.labelsize"])


def text_width(text: str, size: float, weight: int = 400) -> float:
    """How wide a text runs in the font of the drawing."""
    return _measure(text, mpl.rcParams["font.family"][0], weight) * size


@lru_cache(maxsize=10_000)
def _measure(text: str, family: str, weight: int) -> float:
    """How wide a text runs at size 1."""
    font = FontProperties(family=family, size=10, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]) / 10


def shorten(text: str, size: float, room: float) -> str:
    """A text of one line, as much of it as there is room for, and then `…`."""
    shortened, letters = text, len(text)
    while letters > 1 and text_width(shortened, size) > room:
        letters -= 1
        shortened = f"{text[:letters]}…"
    return shortened


def wrap_whole(text: str, size: float, room: float, most: int | None = None) -> str:
    """As `wrap`; a word that is longer than a line is shortened."""
    rows = wrap(text, size, room, most).split("\n")
    return "\n".join(shorten(row, size, room) for row in rows)


def wrap(text: str, size: float, room: float, most: int | None = None) -> str:
    """A text in lines of `room` pixels; what comes after `most` lines is cut off with `…`."""
    rows: list[str] = []
    for word in text.split():
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and text_width(longer, size) <= room:
            rows[-1] = longer
        else:
            rows.append(word)
    if most is not None and len(rows) > most:
        rows = [*rows[: most - 1], f"{rows[most - 1]}…"]
    return "\n".join(rows)


def _balance(text: str, size: float, room: float) -> str:
    """A text in as few lines as possible, of lengths as even as possible."""
    choices = [wrap(text, size, room * part).split("\n") for part in (1, 0.9, 0.8, 0.7, 0.6, 0.5)]
    ranked = [(len(rows), max(text_width(row, size) for row in rows), rows) for rows in choices]
    return "\n".join(min(ranked)[-1])


def count_lines(text: str) -> int:
    """How many lines a wrapped text has."""
    return text.count("\n") + 1


def fits(name: str, room: float, most: int) -> bool:
    """Whether a name fits in `most` lines of `room` pixels."""
    rows = wrap(name, sizes()[1], room).split("\n")
    return len(rows) <= most and all(text_width(row, sizes()[1]) <= room for row in rows)


def write(
    ax: Axes,
    text: str,
    at: tuple[float, float],
    offset: tuple[float, float] = (0, 0),
    colour: str = "ink",
    **look: Any,
) -> Annotation | None:
    """Write a text at an offset in pixels (right, up) from a place, unless it is empty."""
    if not text:
        return None
    return ax.annotate(text, at, offset, textcoords="offset points", color=INK[colour], **look)


def write_places(
    ax: Axes,
    labels: tuple[Iterable[str], Iterable[str]],
    figures: Iterable[str],
    step: float,
    shift: float = 0,
) -> float:
    """Name the places of the x axis by labels, or by short ones; the height of the names.

    Each is tagged with its figure, and `step` is the width of a place. Names that are too wide are
    wrapped. Where that isn't enough, a few names are turned upright, and of many names only every
    second, third or so is written.
    """
    small, turn = sizes()[1], 0
    names = list(labels[0])
    if not all(text_width(name, small) + 4 <= step for name in names):
        names = list(labels[1])
    widest = max(text_width(name, small) for name in names)
    if all(fits(name, step - 2, 3) for name in names):
        names = [_balance(name, small, step - 2) for name in names]
    elif widest <= 2 * small or len(names) > MANY:
        names = [shorten(name, small, LONGEST) for name in names]
        every = math.ceil((min(widest, LONGEST) + 4) / step)
        names = ["" if place % every else name for place, name in enumerate(names)]
    else:
        turn, most_lines = 90, max(1, int(step / (small * 1.2)))
        names = [wrap_whole(name, small, LONGEST, most_lines) for name in names]
    ax.set_xticks([place + shift for place in range(len(names))], names, rotation=turn)
    tag_ticks(ax.xaxis, figures)
    if turn:
        return max(text_width(line, small) for line in "\n".join(names).split("\n"))
    return max(map(count_lines, names)) * small * 1.2


def tag_ticks(axis: Axis, figures: Iterable[str], kind: str = "name") -> None:
    """Tag the names along an axis with figures, one each."""
    for label, figure in zip(axis.get_ticklabels(), figures, strict=False):
        tag(label, figure, kind)


def write_legend(
    ax: Axes, handles: Sequence[Any], labels: Sequence[str], figures: Sequence[str] = ()
) -> float:
    """Write what marks stand for at the top left; the height of that.

    Two labels stand beside each other where there is room, else below. `figures` are those whose
    period the labels name, where they name a period.
    """
    look = Look(handlelength=0.9, handleheight=0.9, columnspacing=1.4, borderpad=0.1)
    small = sizes()[1]
    wide = sum(text_width(label, small) + BESIDE_LABEL * small for label in labels)
    columns = 2 if wide <= width_of(ax) else 1
    look |= {"borderaxespad": 0.1, "ncols": columns}
    legend = figure_of(ax).legend(handles, labels, loc="outside upper left", **look)
    for text, figure in zip(legend.get_texts(), figures, strict=False):
        tag(text, figure, "period")
    rows = -(-len(labels) // columns)
    return (0.7 + 1.5 * rows) * small


def draw_values(axis: Axis, frame: pd.DataFrame) -> None:
    """Write round values along an axis, as the page writes them, and draw thin lines at them."""
    unit, locale = frame.attrs["unit"], frame.attrs["locale"]
    axis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda x, _: write_number(x, unit, locale)))
    axis.set_minor_locator(NullLocator())
    axis.grid(visible=True)


def write_value(
    ax: Axes,
    row: Mapping[Any, Any],
    at: tuple[float, float],
    offset: tuple[float, float] = (0, 0),
    **look: Any,
) -> None:
    """Write the value of a mark as the page does, or why it has none."""
    look |= {"weight": 600} if pd.notna(row["value"]) else {"colour": "muted"}
    tag(write(ax, row["text"], at, offset, **look), row["figure"])
