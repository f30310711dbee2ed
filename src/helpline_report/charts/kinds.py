"""Draw each kind of chart: a function from a tidy frame onto matplotlib axes.

Each mark is tagged with its figure, so that a reader of the drawing can hold it to that figure.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import LogLocator

from helpline_report.charts.axes import (
    GAP,
    MANY,
    Look,
    count_lines,
    draw_values,
    fits,
    is_narrow,
    set_height,
    sizes,
    tag_ticks,
    text_width,
    width_of,
    wrap_whole,
    write,
    write_legend,
    write_places,
    write_value,
)
from helpline_report.charts.flow import flow
from helpline_report.charts.mark_values import (
    WEEK,
    add_up_weeks,
    find_span,
    is_logarithmic,
    list_ends,
    list_joined_years,
    list_months,
    list_places,
    name_places,
    name_series,
    shade_squares,
    split_series,
)
from helpline_report.charts.style import INK
from helpline_report.charts.svg import tag
from helpline_report.prose.numbers import capitalised as capital

Kind = Callable[[pd.DataFrame, Axes], None]

# Values of a cross-table that would be smaller than this many pixels are left to the table.
SMALLEST = 9.0
# The strokes over a square whose value is hidden, each from edge to edge; its sides are 1 long.
STROKES = (((0.5, 0.0), (0.0, 0.5)), ((1.0, 0.0), (0.0, 1.0)), ((1.0, 0.5), (0.5, 1.0)))
# The width of a column, and of the grey one behind it, as a part of the room of a name.
COLUMN, COLUMN_BEHIND = 0.62, 0.88
# A box behind words that stand on a line.
GROUND = {"facecolor": INK["ground"], "lw": 0, "pad": 1}


def columns(frame: pd.DataFrame, ax: Axes) -> None:
    """Upright columns in the order of their codes, the year before behind them in grey.

    On a phone, columns whose names find no room become bars.
    """
    series, (_, small), narrow = split_series(frame), sizes(), is_narrow(ax)
    now, step = series[0], width_of(ax) / len(series[0])
    if narrow and len(now) <= MANY and not all(fits(name, step - 2, 2) for name in now["short"]):
        bars(frame, ax)
        return
    low, high = _limits_from_zero(frame["value"])
    tall, tops = 140 if narrow else 200, _list_highest(series)
    # Where the grey column behind is higher, the value stands inside its own, if it has the room.
    is_lower = tops > now["value"].fillna(0)
    is_inside = is_lower & (now["value"] / (high - low) * tall > 2 * small)
    # Each column shows its value if all values fit, else the highest column alone.
    widths = now["text"].map(lambda text: text_width(text, small, 600))
    room = step * COLUMN if is_lower.any() else step - 3
    all_fit = all(widths[now["value"].notna()] <= room)
    labelled = now["value"].notna()
    if not all_fit:
        labelled = pd.Series(now.index == now["value"].idxmax(), index=now.index)
        # A text wider than its column would lie across the grey one, which has another value.
        labelled &= ~is_lower | (widths <= step * COLUMN)
        step = (width_of(ax) - 40) / len(now)
    for year, width in reversed([*zip(series, (COLUMN, COLUMN_BEHIND), strict=False)]):
        _draw_bars(ax, year, "x", width=width, behind=year is not now)
    ax.axhline(0, color=INK["axis"], lw=1)
    for place, row in enumerate(now.to_dict("records")):
        look, text, written = Look(ha="center", va="bottom", size=small), row["text"], None
        if pd.isna(row["value"]):
            # Muted letters can't be read on the grey of the column behind.
            look |= {"bbox": GROUND} if tops[place] > 0 else {}
            written = write(ax, text, (place, 0), (0, GAP), "muted", rotation=90, **look)
        elif labelled[place] and is_inside[place]:
            look |= {"va": "top", "weight": 600}
            written = write(ax, text, (place, row["value"]), (0, -3), "on-main", **look)
        elif labelled[place]:
            written = write(ax, text, (place, tops[place]), (0, 2), weight=600, **look)
        tag(written, row["figure"])
    ax.set(xlim=(-0.5, len(now) - 0.5), ylim=(low, high), xlabel="", ylabel="")
    deep = write_places(ax, (now["label"], now["short"]), name_places(series), step)
    if all_fit:
        ax.yaxis.set_visible(False)
    else:
        draw_values(ax.yaxis, frame)
    set_height(ax, tall + deep + 2 * small + _draw_legend(ax, frame))


def bars(frame: pd.DataFrame, ax: Axes) -> None:
    """Lying bars with their values beside them; on a phone the name stands above its bar."""
    series, (size, _), narrow = split_series(frame), sizes(), is_narrow(ax)
    now, room = series[0], width_of(ax) * (1 if narrow else 0.42)
    thick, behind = 12 if narrow else 18, 6 if len(series) > 1 else 0
    names = [wrap_whole(capital(label), size, room, 2) for label in now["label"]]
    lines = [count_lines(name) for name in names]
    # Beside a bar a name of two lines may reach into the room of a neighbour that has one.
    most = max(lines) if narrow else max(map(sum, pairwise(lines)), default=2 * lines[0]) / 2
    deep, whole = most * size * 1.25, thick + behind
    pitch = whole + deep + 8 if narrow else max(deep + 2, whole + 8)
    for year, width in reversed([*zip(series, (thick, whole), strict=False)]):
        _draw_bars(ax, year, "y", width=width / pitch, behind=year is not now)
    ends, tags = _list_highest(series), name_places(series)
    for place, row in enumerate(now.to_dict("records")):
        write_value(ax, row, (ends[place], place), (GAP, 0), va="center")
        if narrow:
            look = Look(va="bottom", xycoords=ax.get_yaxis_transform())
            above = (0, whole / 2 + 1)
            tag(write(ax, names[place], (0, place), above, **look), tags[place], "name")
    top = (whole / 2 + deep) / pitch if narrow else 0.5
    ax.set(xlabel="", ylabel="", xlim=_limits_from_zero(frame["value"]))
    ax.set_ylim(len(now) - 1 + (whole / 2 + 2) / pitch, -top)
    ax.set_yticks([] if narrow else range(len(now)), [] if narrow else names)
    tag_ticks(ax.yaxis, tags)
    ax.tick_params("y", labelsize=size, labelcolor=INK["ink"], pad=GAP)
    ax.xaxis.set_visible(False)
    if not narrow:
        ax.axvline(0, color=INK["axis"], lw=1)
    set_height(ax, len(now) * pitch + _draw_legend(ax, frame))


def lines(frame: pd.DataFrame, ax: Axes) -> None:
    """A line a year over the codes in their order, each with its period at its end."""
    series, (_, small), tall = split_series(frame), sizes(), 200.0
    low, high = _limits_from_zero(frame["value"])
    ends: list[float] = []
    for year, colour in reversed([*zip(series, ("main", "axis"), strict=False)]):
        # A line stops where there is no value.
        ax.plot(year.index, year["value"], color=INK[colour], lw=2)
        known = year[year["value"].notna()]
        for place, value, figure in zip(known.index, known["value"], known["figure"], strict=True):
            _draw_dot(ax, (place, value), figure, ms=6, mew=0, mfc=INK[colour])
        place, end = known.index[-1], float(known["value"].iloc[-1])
        # Two names at nearly one height stand above each other.
        apart = [(end - other) / (high - low) * tall for other in ends]
        up = sum(math.copysign(max(small * 1.2 - abs(pixels), 0), pixels) for pixels in apart)
        ends.append(end)
        look = Look(weight=600) if colour == "main" else Look(colour="muted")
        name = frame.attrs["periods"][year["series"][0]]
        written = write(ax, name, (place, end), (8, up), size=small, va="center", **look)
        tag(written, name_series(year), "period")
    ax.axhline(0, color=INK["axis"], lw=1)
    ax.set(xlim=(-0.5, len(series[0]) - 0.5), ylim=(low, high * 1.04))
    step = (width_of(ax) - 80) / len(series[0])
    now = series[0]
    deep = write_places(ax, (now["label"], now["short"]), name_places(series), step)
    draw_values(ax.yaxis, frame)
    set_height(ax, tall + deep + 2 * small)


def daily(frame: pd.DataFrame, ax: Axes) -> None:
    """A year week by week, a stroke each: campaigns are windows, events lines.

    Days are added up to their weeks; the first and the last may have fewer of them.
    """
    marks, now, (_, small) = frame.attrs["marks"], split_series(frame)[0], sizes()
    line, tall, inside = small * 1.35, 145 if is_narrow(ax) else 195, width_of(ax) - 40
    weeks = add_up_weeks(now, frame.attrs["by"])
    start, end = find_span(weeks, marks)
    span = (end - start).days
    # One path, with a stroke for each week: of no length where it has no value.
    places = np.repeat([(week - start).days + WEEK / 2 for week in weeks.mondays], 3)
    zeros = np.zeros(len(weeks.sums))
    heights = np.column_stack([zeros, weeks.sums, zeros + np.nan]).ravel()
    (strokes,) = ax.plot(places, heights, color=INK["main"], lw=0.75 * WEEK * inside / span)
    tag(strokes, now["series"][0])
    firsts = [(dt.date.fromisoformat(mark["start"]) - start).days for mark in marks]
    lasts = [(dt.date.fromisoformat(mark["end"]) - start).days for mark in marks]
    poles = [first / span * inside for first in firsts]
    flags = _place_flags(poles, [mark["name"] for mark in marks], small, inside)
    for mark, first, last, flag in zip(marks, firsts, lasts, flags, strict=True):
        if first != last:
            ax.axvspan(first, last + 1, color=INK["window"], lw=0, zorder=0)
        top = GAP + flag.height * line
        # The name makes the room for both.
        pole = ax.axvline(first, ymax=1 + top / tall, color=INK["accent"], lw=1, in_layout=False)
        tag(pole, mark["id"], "event")
        look = Look(xycoords=ax.get_xaxis_transform(), size=small, va="top", bbox=GROUND)
        aside, side = (-GAP, "right") if flag.left else (GAP, "left")
        name = write(ax, flag.text, (first, 1), (aside, top), "accent", ha=side, **look)
        tag(name, mark["id"], "event")
    ax.axhline(0, color=INK["axis"], lw=1)
    ax.set(xlim=(0, span), ylim=_limits_from_zero(pd.Series(weeks.sums)))
    months = list_months(weeks, frame.attrs["locale"])
    months = months[:: 2 if len(months) * 2.4 * small > inside else 1]
    days = [(day - start).days for day, _ in months]
    ax.set_xticks(days, [name for _, name in months], ha="left")
    ax.tick_params("x", length=3, color=INK["axis"])
    draw_values(ax.yaxis, frame)
    rows = max((flag.height for flag in flags), default=0)
    # So the axes are as high as the lines above them take them to be.
    set_height(ax, tall + rows * line + GAP + 1.65 * small)


class Flag(NamedTuple):
    """The name of an event, `left` or right of its line; `height` counts lines of text up to it."""

    text: str
    left: bool
    height: int


def _place_flags(
    poles: Sequence[float], names: Sequence[str], size: float, room: float
) -> list[Flag]:
    """A flag for each event, below each other; its line stands at a pole, in pixels from the left.

    Each name lies over the wider side of its line. The lines of others pass behind it.
    """
    flags: dict[int, Flag] = {}
    height, wide = 0, room / 2 - GAP

    def rank(place: int) -> tuple[bool, float]:
        """From the lowest up: names at an edge stand highest, so that few lines cross them."""
        left = poles[place] > room / 2
        return not left, poles[place] if left else -poles[place]

    for place in sorted(range(len(poles)), key=rank):
        rows = wrap_whole(names[place], size, wide, 3).split("\n")
        height += len(rows)
        flags[place] = Flag("\n".join(rows), poles[place] > room / 2, height)
    return [flags[place] for place in range(len(poles))]


def trend(frame: pd.DataFrame, ax: Axes) -> None:
    """Totals by year, joined where each year has one that stands and no break lies between them.

    Two prints of one year stand above each other; one that is provisional is hollow.
    """
    (_, small), tall, across = sizes(), 190 if is_narrow(ax) else 240, ax.get_xaxis_transform()
    first, last = int(frame["year"].min()), int(frame["year"].max())
    step = (width_of(ax) - 50) / (last - first + 1)
    # Without room, one value of each year is written, upright.
    upwards = max(text_width(text, small) for text in frame["text"]) + 3 > step
    breaks = [dt.date.fromisoformat(mark["date"]) for mark in frame.attrs["breaks"]]
    for mark, day in zip(frame.attrs["breaks"], breaks, strict=True):
        letter, place = mark["letter"], day.year - 0.5 + (day.timetuple().tm_yday - 1) / 366
        tag(ax.axvline(place, color=INK["accent"], lw=1, zorder=1), letter, "event")
        look = Look(ha="center", size=small, xycoords=across)
        tag(write(ax, letter, (place, 1), (0, 4), "accent", **look), letter, "event")
    ordered = frame.sort_values(["value", "figure"], ascending=[False, True])
    for _, prints in ordered.groupby("year"):
        rows = prints.to_dict("records")
        year, highest = rows[0]["year"], rows[0]["value"]
        for row in rows:
            fill = INK["main" if row["standing"] == "final" else "ground"]
            _draw_dot(ax, (year, row["value"]), row["figure"], ms=7, mfc=fill)
        look = Look(ha="center", va="bottom", size=small, bbox=GROUND)
        look["rotation"] = 90 if upwards else 0
        # The highest stands highest, above the others.
        for up, row in enumerate(reversed(rows[:1] if upwards else rows)):
            above = (0, GAP + 1 + up * small * 1.2)
            tag(write(ax, row["text"], (year, highest), above, **look), row["figure"])
    for one, other in list_joined_years(frame):
        years, totals = (one["year"], other["year"]), (one["value"], other["value"])
        ax.plot(years, totals, color=INK["main"], lw=1.5)
    ax.axhline(0, color=INK["axis"], lw=1)
    every = 1 if text_width("2022", small) + 4 <= step else 2
    # Above the highest dot there is room for the values of its year.
    high = (frame["value"].max() or 1.0) * tall / (tall - 3.5 * small)
    ax.set(xlim=(first - 0.5, last + 0.5), ylim=(0, high), xticks=range(first, last + 1, every))
    draw_values(ax.yaxis, frame)
    set_height(ax, tall + 3.5 * small)


def intervals(frame: pd.DataFrame, ax: Axes) -> None:
    """Estimates as dots with their intervals, around the line that says 'no difference'.

    A dot is hollow where no difference fits the numbers too: that is seen without colour. Ratios
    stand on a logarithmic scale, unless one is 0.
    """
    (size, small), none = sizes(), frame.attrs["none"]
    room = width_of(ax) * (0.75 if is_narrow(ax) else 0.34)
    names = [wrap_whole(capital(label), size, room) for label in frame["label"]]
    # On a phone, and where there is but one, the words stand above the line and not beside it.
    above = is_narrow(ax) or not any(names)
    notes = small * 1.3 if frame["note"].any() else 0
    pitch = max(map(count_lines, names)) * size * 1.25 + notes + (20 if above else 10)
    lift, left, within = 9 if above else 0, 0 if above else -GAP, ax.get_yaxis_transform()
    words = Look(xycoords=within, ha="left" if above else "right")
    for place, row in enumerate(frame.to_dict("records")):
        if pd.notna(row["value"]):
            (line,) = ax.plot([row["low"], row["high"]], [place, place], color=INK["main"], lw=3)
            tag(line, row["figure"])
            fill = INK["ground" if row["unproven"] else "main"]
            _draw_dot(ax, (row["value"], place), row["figure"], ms=9, mew=2, mfc=fill)
        below, side = (lift + notes, "bottom") if above else (0, "center")
        up = "bottom" if row["note"] else side
        name = write(ax, names[place], (0, place), (left, below), va=up, **words)
        tag(name, row["figure"], "name")
        look = words | {"va": "bottom" if above else "top", "size": small}
        note = write(ax, row["note"], (0, place), (left, lift), "muted", **look)
        tag(note, row["figure"], "counts")
        value = Look(ha="right" if above else "left", va=side, xycoords=within)
        write_value(ax, row, (1, place), (0 if above else GAP, below), **value)
        if none is not None:
            # Where words stand above, the line stops at them.
            reach = 9 / pitch if above else 0.5
            ends = [place - reach, place + reach]
            ax.plot([none, none], ends, color=INK["axis"], lw=1.5, zorder=0)
    if none is not None:
        look = Look(ha="center", size=small, xycoords=ax.get_xaxis_transform())
        write(ax, frame.attrs["no_difference"], (none, 1), (0, 4), "muted", **look)
    bottom = 12 / pitch if above else 0.5
    ax.set_ylim(len(frame) - 1 + bottom, bottom - 1)
    ax.yaxis.set_visible(False)
    ax.spines["bottom"].set_visible(True)
    _draw_scale(ax, frame)
    tall = len(frame) * pitch + 4.5 * small
    if frame["unproven"].any():
        dot = Look(mec=INK["main"], mfc=INK["ground"], ms=9, mew=2, ls="")
        handle = Line2D([], [], marker="o", **dot)
        tall += write_legend(ax, [handle], [frame.attrs["unproven"]])
    set_height(ax, tall)


def heatmap(frame: pd.DataFrame, ax: Axes) -> None:
    """A cross-table as squares from light to dark within each row, each with its value.

    Days and hours are shaded over the whole table: busy is the same on each day. A count that is
    hidden is a gap with diagonal strokes.
    """
    rows, columns = frame.attrs["rows"], frame.attrs["by"]
    by_row, by_column = frame.drop_duplicates(rows), frame.drop_duplicates(columns)
    (size, small), room = sizes(), width_of(ax) * 0.28
    names = [wrap_whole(name, small, room, 2) for name in by_row["row"]]
    beside = max(text_width(line, small) for line in "\n".join(names).split("\n"))
    step = (width_of(ax) - beside - GAP) / len(by_column)
    tops, lefts = list_places(frame, rows), list_places(frame, columns)
    frame = frame.assign(shade=pd.array(shade_squares(frame), dtype="Int64"))
    fitting = min(small, (step - 4) / max(text_width(text, 1) for text in frame["text"]))
    # Squares of a shade stand beside each other in the file.
    for row in frame.sort_values("shade", kind="stable").to_dict("records"):
        _draw_square(ax, row, (lefts[row[columns]], tops[row[rows]]), fitting)
    ax.set_yticks([top + 0.5 for top in tops.values()], names)
    tag_ticks(ax.yaxis, by_row["figure"], "row")
    ax.xaxis.tick_top()
    heads = by_column["column"], by_column["short_column"]
    deep = write_places(ax, heads, by_column["figure"], step, shift=0.5)
    ax.tick_params(labelcolor=INK["ink"])
    ax.set(xlim=(0, len(lefts)), ylim=(len(tops), 0))
    set_height(ax, len(tops) * max(size * 1.75, 26.0) + deep + 10)


_ALL = (columns, bars, lines, daily, trend, intervals, heatmap, flow)
KINDS: dict[str, Kind] = {draw.__name__: draw for draw in _ALL}
KINDS |= {"weeks": daily, "changes": intervals}


def _draw_square(ax: Axes, row: Mapping[Any, Any], at: tuple[int, int], size: float) -> None:
    """A square of a cross-table, with its value if `size` is that of a text that can be read."""
    left, top = at
    middle = (left + 0.5, top + 0.5)
    look = Look(ha="center", va="center", in_layout=False)
    if row["status"] == "suppressed":
        ends = [(left + x, top + y) for stroke in STROKES for x, y in stroke]
        strokes = Path(ends, [Path.MOVETO, Path.LINETO] * len(STROKES))
        ax.add_patch(PathPatch(strokes, fill=False, ec=INK["axis"], lw=1, in_layout=False))
    elif pd.isna(row["value"]):
        write(ax, "–", middle, colour="muted", size=sizes()[1], **look)
    else:
        shade = row["shade"]
        colours = Look(fc=INK[f"seq{shade}"], ec=INK["ground"], lw=2, in_layout=False)
        tag(ax.add_patch(Rectangle(at, 1, 1, **colours)), row["figure"])
        if size >= SMALLEST:
            look |= {"colour": f"seqink{shade}", "size": size}
            tag(write(ax, row["text"], middle, **look), row["figure"])


def _draw_dot(ax: Axes, at: tuple[Any, float], figure: str, **look: Any) -> None:
    (dot,) = ax.plot(*at, "o", zorder=3, **Look(mew=1.5, mec=INK["main"]) | look)
    tag(dot, figure)


def _draw_bars(ax: Axes, year: pd.DataFrame, orient: str, *, width: float, behind: bool) -> None:
    """The bars of a series; grey for the year before.

    The grey is too light to be told from the page (WCAG 1.4.11): it has an edge.
    """
    known = year[year["value"].notna()]
    look = Look(color=INK["main"], linewidth=0)
    if behind:
        look = Look(color=INK["compare"], linewidth=1, edgecolor=INK["axis"])
    look |= {"saturation": 1, "errorbar": None, "legend": False, "width": width}
    places = {orient: year.index, "y" if orient == "x" else "x": year["value"]}
    if len(known):
        sns.barplot(**places, orient=orient, ax=ax, **look)
        for patch, figure in zip(ax.containers[-1], known["figure"], strict=True):
            tag(patch, figure)


def _draw_legend(ax: Axes, frame: pd.DataFrame) -> float:
    """The names of two periods at the top left, each with a square; their height."""
    periods = list(frame.attrs["periods"].values())
    if len(periods) == 1:
        return 4.0
    squares = [Patch(fc=INK["main"], lw=0), Patch(fc=INK["compare"], ec=INK["axis"], lw=1)]
    figures = list(map(name_series, split_series(frame)))
    return write_legend(ax, squares, periods, figures)


def _draw_scale(ax: Axes, frame: pd.DataFrame) -> None:
    """The axis of estimates, with a little air on both sides."""
    ends = list_ends(frame)
    air = (max(ends) - min(ends)) * 0.08 or 1
    low, high = min(ends) - air, max(ends) + air
    locator: LogLocator | None = None
    if is_logarithmic(frame):
        ax.set_xscale("log")
        low, high = min(ends) / 1.15, max(ends) * 1.15
        locator = LogLocator(subs=(1.0, 1.5, 2.0, 3.0, 5.0, 7.0) if high < 10 * low else (1.0,))
    draw_values(ax.xaxis, frame)
    if locator is not None:
        ax.xaxis.set_major_locator(locator)
    ax.grid(visible=False)
    ax.set_xlim(low, high)
    ax.tick_params("x", length=5, color=INK["axis"])


def _list_highest(series: list[pd.DataFrame]) -> pd.Series[float]:
    """The highest value of both years at each place; at least 0."""
    both = pd.concat([year["value"] for year in series], axis=1)
    return both.max(axis=1).fillna(0).clip(lower=0)


def _limits_from_zero(values: pd.Series[float]) -> tuple[float, float]:
    """The limits of an axis that holds 0 and all values, and something above 0."""
    low, high = min(values.min(), 0.0), max(values.max(), 0.0)
    return low, high if high > low else low + 1
