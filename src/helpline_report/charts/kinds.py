"""Draw each kind of chart: a function from a tidy frame onto matplotlib axes, with seaborn.

Each mark is called after its figure, so that a reader of the drawing can hold it to that figure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from babel.dates import format_date
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from helpline_report.charts.axes import (
    SHEET,
    Look,
    is_narrow,
    lay_out,
    sheet_height,
    sheet_width,
    small_size,
    text_size,
    text_width,
    value_ticks,
    wrap,
    write,
)
from helpline_report.charts.style import INK, write_number
from helpline_report.charts.svg import call
from helpline_report.prose.numbers import capitalised as capital

Kind = Callable[[pd.DataFrame, Axes], None]
KINDS: dict[str, Kind] = {}

GAP = 6
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
    parts, small = _parts(frame), small_size()
    now, width = parts[0], sheet_width(ax)
    if is_narrow(ax) and len(now) <= MANY and not _fit_below(now["short"], width / len(now) - 4):
        bars(frame, ax)
        return
    low, high = _from_zero(frame["value"])
    labelled = _labelled(parts, width / len(now))
    ticks = [] if labelled.equals(now["value"].notna()) else value_ticks(low, high)
    left = axis_room(ticks, frame)
    names = _names_below(now, (width - left) / len(now))
    deep = max(map(len, names))
    tall, top = 150 if is_narrow(ax) else 204, _legend_room(frame) + small + GAP
    lay_out(ax, tall, left=left, top=top, bottom=small * (1.35 + 1.15 * (deep - 1)) + 6)
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
            write(ax, text, (place, 0), (small * 0.35, GAP), **look)
        elif labelled[place]:
            # Where the grey column behind is higher, the value stands inside its own.
            inside = before > value and value / (high - low) * tall > 2 * small
            half, middle = text_width(text, small, bold=True) / 2, place + shift
            x = left + (middle + 0.5) * (width - left) / len(now)
            offset = (min(max(x, half), width - half) - x, -small * 1.05 if inside else 4.0)
            look = Look(
                align="center", colour="on-main" if inside else "ink", size=small, bold=True
            )
            write(ax, text, (middle, max(value, 0.0)), offset, **look)
    for place, lines in enumerate(names):
        look = Look(size=small, align="center", colour="muted", within=ax.get_xaxis_transform())
        write(ax, lines, (place, 0), (0, -small * 1.35), **look)
    draw_values_at_left(ax, ticks, frame)
    _draw_legend(ax, frame)


@kind("bars")
def bars(frame: pd.DataFrame, ax: Axes) -> None:
    """Lying bars with their values beside them; on a phone the name stands above its bar."""
    parts, size = _parts(frame), text_size()
    now, narrow = parts[0], is_narrow(ax)
    labels = list(map(capital, now["label"]))
    widest = max(text_width(label, size) for label in labels)
    room = 0.0 if narrow else min(widest, sheet_width(ax) * 0.42) + 8
    names = [wrap(label, size, sheet_width(ax) if narrow else room - 8, 2) for label in labels]
    deep, thick = max(map(len, names)) * size * 1.2, 12.0 if narrow else 18.0
    below = 7.0 if len(parts) > 1 else 0.0
    pitch = 8 + (deep + 3 + thick + below if narrow else max(deep, thick + below))
    centre = deep + 3 + thick / 2 if narrow else (pitch - 8 - below) / 2
    known = now["value"].notna()
    values = [text_width(text, size, bold=True) for text in now["text"][known]]
    right, top = max(values, default=0.0) + 8, _legend_room(frame)
    lay_out(ax, len(now) * pitch, left=room, right=right, top=top)
    low, high = _from_zero(frame["value"])
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
            write(ax, text, at, offset, bold=True)
        else:
            write(ax, text, at, offset, colour="muted", size=small_size())
        up = size * 0.6 * (len(lines) - 1)
        within = ax.get_yaxis_transform()
        if narrow:
            write(ax, lines, (0, place + shift), (0, thick / 2 + 6 + 2 * up), within=within)
        else:
            at, offset = (0.0, place + shift), (-8, up - size * 0.34)
            write(ax, lines, at, offset, align="right", within=within)
    ax.set(xlim=(low, high), ylim=(len(now) - 0.5, -0.5))
    ax.xaxis.set_visible(False)
    ax.yaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    _draw_legend(ax, frame)


@kind("daily", "weeks")
def daily(frame: pd.DataFrame, ax: Axes) -> None:
    """A year day by day (or week by week), a stroke each: campaigns are windows, events lines."""
    small, width, marks = small_size(), sheet_width(ax), frame.attrs["marks"]
    now = _parts(frame)[0]
    low, high = _from_zero(now["value"])
    ticks = value_ticks(low, high)
    left, line = axis_room(ticks, frame), small * 1.3
    tall = 144 if is_narrow(ax) else 194
    lay_out(ax, tall, left=left, top=len(marks) * line + 8 + GAP, bottom=small + 12)
    days = [_first_day(code) for code in now[frame.attrs["by"]]]
    long = (days[1] - days[0]).days if len(days) > 1 else 1
    start, span = days[0], (days[-1] - days[0]).days + long
    ax.set(xlim=(0, span), ylim=(low, high))
    for place, mark in enumerate(marks):
        first, last = (dt.date.fromisoformat(mark[end]) for end in ("start", "end"))
        top = 1 + (GAP + 4 + (len(marks) - place - 1) * line) / tall
        begin = (first - start).days
        if first != last:
            look = Look(color=INK["window"], lw=0, zorder=0)
            ax.axvspan(begin, (last - start).days + 1, ymax=top, **look)
        ax.axvline(begin, ymax=top, color=INK["accent"], lw=1)
    pixel = (width - left) / span
    places = np.repeat([(day - start).days + long / 2 for day in days], 3)
    # One path, with a stroke for each member of the series: of no length where it has no value.
    zeros, values = np.zeros(len(now)), now["value"].fillna(0)
    heights = np.column_stack([zeros, values, zeros + np.nan]).ravel()
    thick = max(0.7, 0.75 * long * pixel)
    (strokes,) = ax.plot(places, heights, color=INK["main"], lw=thick)
    call(strokes, [now["series"][0]])
    ax.axhline(0, color=INK["axis"], lw=1)
    for place, mark in enumerate(marks):
        (text,) = wrap(mark["name"], small, width - left, 1)
        x = left + (dt.date.fromisoformat(mark["start"]) - start).days * pixel
        x = max(min(x, width - text_width(text, small)), 0)
        y = sheet_height(ax) - small - place * line
        ground = Look(facecolor=INK["ground"], lw=0, pad=2)
        write(ax, text, (x, y), size=small, colour="accent", within=SHEET, bbox=ground)
    draw_values_at_left(ax, ticks, frame)
    months = [day for day in (start + dt.timedelta(days=n) for n in range(span)) if day.day == 1]
    names = [format_date(day, "LLL", locale=frame.attrs["locale"]).rstrip(".") for day in months]
    every = 1 if names_fit(names, small, 30 * pixel) else 2
    ax.set_xticks([(day - start).days for day in months], [])
    ax.tick_params("x", length=4, color=INK["axis"])
    for day, name in list(zip(months, names, strict=True))[::every]:
        begin, look = (day - start).days, Look(size=small, colour="muted")
        if left + begin * pixel + text_width(name, small) <= width:
            at, within = (begin, 0.0), ax.get_xaxis_transform()
            write(ax, name, at, (1, -small - 4), within=within, **look)


def _first_day(code: str | dt.datetime) -> dt.date:
    """The day, or the first one of the week (`2017-W05`), that a code stands for."""
    return code.date() if isinstance(code, dt.datetime) else dt.date.fromisoformat(code)


@kind("lines")
def lines(frame: pd.DataFrame, ax: Axes) -> None:
    """A line a year over the codes in their order, each with its period at its end."""
    parts, small = _parts(frame), small_size()
    now = parts[0]
    low, high = _from_zero(frame["value"])
    ticks = value_ticks(low, high)
    left = axis_room(ticks, frame)
    periods = frame.attrs["periods"]
    right = max(text_width(period, small, bold=True) for period in periods.values()) + GAP + 4
    names = _names_below(now, (sheet_width(ax) - left - right) / len(now))
    bottom = small * (1.35 + 1.15 * (max(map(len, names)) - 1)) + 6
    lay_out(ax, 204, left=left, right=right, top=small, bottom=bottom)
    ax.set(xlim=(-0.5, len(now) - 0.5), ylim=(low, high * 1.04))
    ends: list[float] = []
    for part, colour in reversed([*zip(parts, ("main", "axis"), strict=False)]):
        # A line stops where there is no value: each run of values is a line of its own.
        runs = part["value"].isna().cumsum()
        known = part["value"].notna()
        sns.lineplot(
            x=part.index[known],
            y=part["value"][known],
            units=runs[known],
            estimator=None,
            color=INK[colour],
            linewidth=2,
            ax=ax,
        )
        for place in part.index[known]:
            (dot,) = ax.plot(place, part["value"][place], "o", ms=6, mew=0, color=INK[colour])
            call(dot, [part["figure"][place]])
        last = part.index[known][-1]
        end, tall = part["value"][last], 204 / (high * 1.04 - low)
        # Two names at nearly one height stand above each other.
        near = [other for other in ends if abs(other - end) * tall < small * 1.2]
        down = (
            (small * 1.2 - abs(near[0] - end) * tall) * (1 if end < near[0] else -1) if near else 0
        )
        ends.append(end)
        offset, period = (8, -small * 0.34 - down), periods[part["series"][0]]
        shade = "ink" if colour == "main" else "muted"
        write(ax, period, (last, end), offset, size=small, colour=shade, bold=colour == "main")
    ax.axhline(0, color=INK["axis"], lw=1)
    for place, text in enumerate(names):
        look = Look(size=small, align="center", colour="muted")
        write(ax, text, (place, 0), (0, -small * 1.35), within=ax.get_xaxis_transform(), **look)
    draw_values_at_left(ax, ticks, frame)


def _parts(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """The series of a frame, this year's first, each with its rows numbered from 0."""
    return [part.reset_index(drop=True) for _, part in frame.groupby("series", sort=False)]


def _from_zero(values: pd.Series[float]) -> tuple[float, float]:
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


def _draw_legend(ax: Axes, frame: pd.DataFrame) -> None:
    """The names of two periods at the top left, each with a square."""
    periods, x, size = frame.attrs["periods"], 0.0, small_size()
    if len(periods) == 1:
        return
    y = sheet_height(ax) - 2 - SQUARE
    for colour, edge, period in zip(("main", "compare"), (0, 1), periods.values(), strict=True):
        look = Look(fc=INK[colour], ec=INK["axis"], lw=edge, transform=SHEET)
        ax.figure.add_artist(Rectangle((x, y), SQUARE, SQUARE, **look))
        write(ax, period, (x + SQUARE + 6, y + 1.5), size=size, within=SHEET)
        x += SQUARE + 6 + text_width(period, size) + 20


def _labelled(parts: Sequence[pd.DataFrame], step: float) -> pd.Series[bool]:
    """Which columns have their value written: all where they fit, else the highest."""
    now, small = parts[0], small_size()
    known = now["value"].notna()
    inside = len(parts) > 1 and (parts[1]["value"] > now["value"].fillna(0)).any()
    room = step * 0.66 if inside else step - 3
    if all(text_width(text, small, bold=True) <= room for text in now["text"][known]):
        return known
    return pd.Series(now.index == now["value"].idxmax(), index=now.index)


def axis_room(ticks: Sequence[float], frame: pd.DataFrame) -> float:
    """The room that the values at the left of upright axes take; none without any."""
    unit, locale = frame.attrs["unit"], frame.attrs["locale"]
    texts = [write_number(tick, unit, locale) for tick in ticks]
    return max(text_width(text, small_size()) for text in texts) + GAP if texts else 0.0


def draw_values_at_left(ax: Axes, ticks: Sequence[float], frame: pd.DataFrame) -> None:
    """Values at the left of upright axes, as the page writes them, with thin lines behind."""
    unit, locale = frame.attrs["unit"], frame.attrs["locale"]
    ax.set_yticks(ticks, [write_number(tick, unit, locale) for tick in ticks])
    ax.tick_params("y", pad=GAP)
    ax.set(xlabel="", ylabel="", xticks=[])
    ax.grid(axis="y")
    ax.spines["bottom"].set_visible(False)


def _names_below(now: pd.DataFrame, step: float) -> list[list[str]]:
    """The lines below each column: names, short ones, or those of every so many columns."""
    small = small_size()
    names = list(now["label"] if names_fit(now["label"], small, step) else now["short"])
    every = 1
    if not names_fit(names, small, step) and len(names) > MANY:
        every = next((n for n in (2, 3, 4, 6) if names_fit(names, small, step * n)), MANY)
    return [
        wrap(name, small, step * every - 4, 3) if place % every == 0 else []
        for place, name in enumerate(names)
    ]


def names_fit(names: Iterable[str], size: float, step: float) -> bool:
    """Whether each name is narrower than a step."""
    return all(text_width(name, size) + 4 <= step for name in names)


def _fit_below(names: Iterable[str], step: float) -> bool:
    """Whether each name has room in two lines; bars have room for longer ones."""
    small = small_size()
    return all(
        len(wrap(name, small, step)) <= 2  # noqa: PLR2004 - lines below a column
        and all(text_width(word, small) <= step for word in name.split())
        for name in names
    )
