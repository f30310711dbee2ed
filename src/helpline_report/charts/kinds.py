"""Draw each kind of chart: a function from a tidy frame onto matplotlib axes, with seaborn.

Each mark is called after its figure, so that a reader of the drawing can hold it to that figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from helpline_report.charts.axes import GAP, SHEET, ChartSheet, Look, value_ticks
from helpline_report.charts.style import INK
from helpline_report.charts.svg import call
from helpline_report.prose.numbers import capitalised as capital

Kind = Callable[[pd.DataFrame, Axes], None]
KINDS: dict[str, Kind] = {}

SQUARE = 12
# With more columns than this, names that don't fit are left out in between; of a cross-table with
# more columns a phone shows these below each other.
MANY = 12


def kind(*names: str) -> Callable[[Kind], Kind]:
    """Register the function that draws kinds of charts."""

    def register(draw: Kind) -> Kind:
        KINDS.update(dict.fromkeys(names, draw))
        return draw

    return register


@kind("columns")
def columns(frame: pd.DataFrame, ax: Axes) -> None:
    """Upright columns in the order of their codes, the year before behind them in grey.

    On a phone, columns whose names find no room become bars.
    """
    sheet, parts = ChartSheet(ax), split_series(frame)
    now, width, small = parts[0], sheet.width, sheet.small
    if (
        sheet.narrow
        and len(now) <= MANY
        and not _fit_below(sheet, now["short"], width / len(now) - 4)
    ):
        bars(frame, ax)
        return
    low, high = limits_from_zero(frame["value"])
    labelled = _labelled(sheet, parts, width / len(now))
    ticks = [] if labelled.equals(now["value"].notna()) else value_ticks(low, high)
    left = sheet.axis_room(ticks, frame)
    names = names_below(sheet, now, (width - left) / len(now))
    deep = max(map(len, names))
    tall, top = 150 if sheet.narrow else 204, _legend_room(frame) + small + GAP
    sheet.lay_out(tall, left=left, top=top, bottom=small * (1.35 + 1.15 * (deep - 1)) + 6)
    if len(parts) > 1:
        _draw_bars(ax, parts[1], "x", thick=0.56, shift=-0.14, behind=True)
    shift = 0.09 if len(parts) > 1 else 0.0
    _draw_bars(ax, now, "x", thick=0.66, shift=shift)
    ax.axhline(0, color=INK["axis"], lw=1)
    ax.set(xlim=(-0.5, len(now) - 0.5), ylim=(low, high))
    behind = parts[-1]["value"] if len(parts) > 1 else now["value"]
    for place, value, before in zip(range(len(now)), now["value"], behind, strict=True):
        text = now["text"][place]
        if pd.isna(value):
            look = Look(size=small, colour="muted", upwards=True)
            sheet.write(text, (place, 0), (small * 0.35, GAP), **look)
        elif labelled[place]:
            # Where the grey column behind is higher, the value stands inside its own.
            inside = before > value and value / (high - low) * tall > 2 * small
            half, middle = sheet.text_width(text, small, bold=True) / 2, place + shift
            x = left + (middle + 0.5) * (width - left) / len(now)
            offset = (min(max(x, half), width - half) - x, -small * 1.05 if inside else 4.0)
            look = Look(
                align="center", colour="on-main" if inside else "ink", size=small, bold=True
            )
            sheet.write(text, (middle, max(value, 0.0)), offset, **look)
    write_names(sheet, names)
    sheet.draw_values(ticks, frame)
    _draw_legend(sheet, frame)


@kind("bars")
def bars(frame: pd.DataFrame, ax: Axes) -> None:
    """Lying bars with their values beside them; on a phone the name stands above its bar."""
    sheet, parts = ChartSheet(ax), split_series(frame)
    now, narrow, size = parts[0], sheet.narrow, sheet.size
    labels = list(map(capital, now["label"]))
    widest = max(sheet.text_width(label, size) for label in labels)
    room = 0.0 if narrow else min(widest, sheet.width * 0.42) + 8
    names = [sheet.wrap(label, size, sheet.width if narrow else room - 8, 2) for label in labels]
    deep, thick = max(map(len, names)) * size * 1.2, 12.0 if narrow else 18.0
    below = 7.0 if len(parts) > 1 else 0.0
    pitch = 8 + (deep + 3 + thick + below if narrow else max(deep, thick + below))
    centre = deep + 3 + thick / 2 if narrow else (pitch - 8 - below) / 2
    known = now["value"].notna()
    values = [sheet.text_width(text, size, bold=True) for text in now["text"][known]]
    right, top = max(values, default=0.0) + 8, _legend_room(frame)
    sheet.lay_out(len(now) * pitch, left=room, right=right, top=top)
    low, high = limits_from_zero(frame["value"])
    ax.set(xlim=(low, high))
    if len(parts) > 1:
        shift = (centre + thick / 2 + 4) / pitch - 0.5
        _draw_bars(ax, parts[1], "y", thick=6 / pitch, shift=shift, behind=True)
    shift = centre / pitch - 0.5
    _draw_bars(ax, now, "y", thick=thick / pitch, shift=shift)
    if not narrow:
        ax.axvline(0, color=INK["axis"], lw=1)
    for place, lines in enumerate(names):
        value, text = now["value"][place], now["text"][place]
        at, offset = (max(0.0 if pd.isna(value) else value, 0.0), place + shift), (6, -size * 0.34)
        if known[place]:
            sheet.write(text, at, offset, bold=True)
        else:
            sheet.write(text, at, offset, colour="muted", size=sheet.small)
        up = size * 0.6 * (len(lines) - 1)
        within = ax.get_yaxis_transform()
        if narrow:
            sheet.write(lines, (0, place + shift), (0, thick / 2 + 6 + 2 * up), within=within)
        else:
            at, offset = (0.0, place + shift), (-8, up - size * 0.34)
            sheet.write(lines, at, offset, align="right", within=within)
    ax.set(xlim=(low, high), ylim=(len(now) - 0.5, -0.5))
    ax.xaxis.set_visible(False)
    ax.yaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    _draw_legend(sheet, frame)


def split_series(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """The series of a frame, this year's first, each with its rows numbered from 0."""
    return [part.reset_index(drop=True) for _, part in frame.groupby("series", sort=False)]


def limits_from_zero(values: pd.Series[float]) -> tuple[float, float]:
    """The limits of an axis that holds 0 and all values, and something above 0."""
    low, high = min(values.min(), 0.0), max(values.max(), 0.0)
    return low, high if high > low else low + 1


def _draw_bars(
    ax: Axes,
    part: pd.DataFrame,
    orient: str,
    *,
    thick: float,
    shift: float,
    behind: bool = False,
) -> None:
    """The bars of a series, `shift` from the middle of their places; grey for the year before.

    The grey is too light to be told from the page (WCAG 1.4.11): it has an edge.
    """
    other = "y" if orient == "x" else "x"
    look = Look(color=INK["main"], linewidth=0, width=thick)
    if behind:
        look |= Look(color=INK["compare"], linewidth=1, edgecolor=INK["axis"])
    before = len(ax.patches)
    # seaborn asks for the marks of both axes; those of values are made by who needs them.
    (ax.yaxis if orient == "x" else ax.xaxis).set_major_locator(NullLocator())
    places = {orient: part.index, other: part["value"]}
    sns.barplot(**places, orient=orient, saturation=1, errorbar=None, legend=False, ax=ax, **look)
    for patch in ax.patches[before:]:
        if not isinstance(patch, Rectangle):
            continue
        if orient == "x":
            place = round(patch.get_x() + patch.get_width() / 2)
            patch.set_x(patch.get_x() + shift)
        else:
            place = round(patch.get_y() + patch.get_height() / 2)
            patch.set_y(patch.get_y() + shift)
        call(patch, [part["figure"][place]])


def _legend_room(frame: pd.DataFrame) -> float:
    """The room above the axes that the names of two periods take."""
    return SQUARE + 16.0 if len(frame.attrs["periods"]) > 1 else 2.0


def _draw_legend(sheet: ChartSheet, frame: pd.DataFrame) -> None:
    """The names of two periods at the top left, each with a square."""
    periods, x, size = frame.attrs["periods"], 0.0, sheet.small
    if len(periods) == 1:
        return
    y = sheet.height - 2 - SQUARE
    for colour, edge, period in zip(("main", "compare"), (0, 1), periods.values(), strict=True):
        look = Look(fc=INK[colour], ec=INK["axis"], lw=edge, transform=SHEET)
        sheet.figure.add_artist(Rectangle((x, y), SQUARE, SQUARE, **look))
        sheet.write(period, (x + SQUARE + 6, y + 1.5), size=size, within=SHEET)
        x += SQUARE + 6 + sheet.text_width(period, size) + 20


def _labelled(sheet: ChartSheet, parts: Sequence[pd.DataFrame], step: float) -> pd.Series[bool]:
    """Which columns have their value written: all where they fit, else the highest."""
    now, small = parts[0], sheet.small
    known = now["value"].notna()
    inside = len(parts) > 1 and (parts[1]["value"] > now["value"].fillna(0)).any()
    room = step * 0.66 if inside else step - 3
    if all(sheet.text_width(text, small, bold=True) <= room for text in now["text"][known]):
        return known
    return pd.Series(now.index == now["value"].idxmax(), index=now.index)


def names_below(sheet: ChartSheet, now: pd.DataFrame, step: float) -> list[list[str]]:
    """The lines below each column: names, short ones, or those of every so many columns."""
    small = sheet.small
    names = list(now["label"] if sheet.fit(now["label"], small, step) else now["short"])
    every = 1
    if not sheet.fit(names, small, step) and len(names) > MANY:
        every = next((n for n in (2, 3, 4, 6) if sheet.fit(names, small, step * n)), MANY)
    return [
        sheet.wrap(name, small, step * every - 4, 3) if place % every == 0 else []
        for place, name in enumerate(names)
    ]


def write_names(sheet: ChartSheet, names: Iterable[Sequence[str]]) -> None:
    """Write lines below the places 0, 1 and so on of an axis."""
    within = sheet.ax.get_xaxis_transform()
    look = Look(size=sheet.small, align="center", colour="muted", within=within)
    for place, lines in enumerate(names):
        sheet.write(lines, (place, 0), (0, -sheet.small * 1.35), **look)


def _fit_below(sheet: ChartSheet, names: Iterable[str], step: float) -> bool:
    """Whether each name has room in two lines; bars have room for longer ones."""
    small = sheet.small
    return all(
        len(sheet.wrap(name, small, step)) <= 2  # noqa: PLR2004 - lines below a column
        and all(sheet.text_width(word, small) <= step for word in name.split())
        for name in names
    )
