"""Draw what happens in time: a year day by day, lines by year, and printed totals of many years."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import seaborn as sns
from babel.dates import format_date
from matplotlib.axes import Axes

from helpline_report.charts.axes import GAP, SHEET, ChartSheet, Look, value_ticks
from helpline_report.charts.kinds import (
    kind,
    limits_from_zero,
    names_below,
    split_series,
    write_names,
)
from helpline_report.charts.style import INK
from helpline_report.charts.svg import call

RADIUS = 4.0

# Left, top, right and bottom, in pixels.
Box = tuple[float, float, float, float]


@kind("daily", "weeks")
def daily(frame: pd.DataFrame, ax: Axes) -> None:
    """A year day by day (or week by week), a stroke each: campaigns are windows, events lines."""
    sheet, marks, now = ChartSheet(ax), frame.attrs["marks"], split_series(frame)[0]
    small, width = sheet.small, sheet.width
    low, high = limits_from_zero(now["value"])
    ticks = value_ticks(low, high)
    left, line = sheet.axis_room(ticks, frame), small * 1.3
    tall = 144 if sheet.narrow else 194
    sheet.lay_out(tall, left=left, top=len(marks) * line + 8 + GAP, bottom=small + 12)
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
        (text,) = sheet.wrap(mark["name"], small, width - left, 1)
        x = left + (dt.date.fromisoformat(mark["start"]) - start).days * pixel
        x = max(min(x, width - sheet.text_width(text, small)), 0)
        y = sheet.height - small - place * line
        ground = Look(facecolor=INK["ground"], lw=0, pad=2)
        sheet.write(text, (x, y), size=small, colour="accent", within=SHEET, bbox=ground)
    sheet.draw_values(ticks, frame)
    months = [day for day in (start + dt.timedelta(days=n) for n in range(span)) if day.day == 1]
    names = [format_date(day, "LLL", locale=frame.attrs["locale"]).rstrip(".") for day in months]
    every = 1 if sheet.fit(names, small, 30 * pixel) else 2
    ax.set_xticks([(day - start).days for day in months], [])
    ax.tick_params("x", length=4, color=INK["axis"])
    for day, name in list(zip(months, names, strict=True))[::every]:
        begin, look = (day - start).days, Look(size=small, colour="muted")
        if left + begin * pixel + sheet.text_width(name, small) <= width:
            at, within = (begin, 0.0), ax.get_xaxis_transform()
            sheet.write(name, at, (1, -small - 4), within=within, **look)


def _first_day(code: str | dt.datetime) -> dt.date:
    """The day, or the first one of the week (`2017-W05`), that a code stands for."""
    return code.date() if isinstance(code, dt.datetime) else dt.date.fromisoformat(code)


@kind("lines")
def lines(frame: pd.DataFrame, ax: Axes) -> None:
    """A line a year over the codes in their order, each with its period at its end."""
    sheet, parts = ChartSheet(ax), split_series(frame)
    now, small = parts[0], sheet.small
    low, high = limits_from_zero(frame["value"])
    ticks = value_ticks(low, high)
    left = sheet.axis_room(ticks, frame)
    periods = frame.attrs["periods"]
    right = max(sheet.text_width(period, small, bold=True) for period in periods.values()) + GAP + 4
    names = names_below(sheet, now, (sheet.width - left - right) / len(now))
    bottom = small * (1.35 + 1.15 * (max(map(len, names)) - 1)) + 6
    sheet.lay_out(204, left=left, right=right, top=small, bottom=bottom)
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
        sheet.write(period, (last, end), offset, size=small, colour=shade, bold=colour == "main")
    ax.axhline(0, color=INK["axis"], lw=1)
    write_names(sheet, names)
    sheet.draw_values(ticks, frame)


@kind("trend")
def trend(frame: pd.DataFrame, ax: Axes) -> None:
    """Totals by year, joined where each year has one that stands and no break lies between them.

    Two prints of one year stand above each other.
    """
    sheet = ChartSheet(ax)
    small, width = sheet.small, sheet.width
    highest = frame["value"].max() or 1.0
    tall = 190 if sheet.narrow else 240
    # Above the highest dot there is room for the values of its year.
    high = highest * tall / (tall - 3 * small)
    ticks = value_ticks(0, highest)
    left, first = sheet.axis_room(ticks, frame), int(frame["year"].min())
    count = int(frame["year"].max()) - first + 1
    sheet.lay_out(tall, left=left, top=small * 1.5, bottom=small * 1.35 + 6)
    ax.set(xlim=(first - 0.5, first + count - 0.5), ylim=(0, high))
    step, pixel = (width - left) / count, tall / high
    boxes: list[Box] = []
    single: dict[int, float] = {}
    ordered = frame.sort_values(["value", "figure"], ascending=[False, True])
    for year in sorted(frame["year"].unique()):
        prints = ordered[ordered["year"] == year]
        if len(prints) == 1 and prints["standing"].iloc[0] == "final":
            single[int(year)] = prints["value"].iloc[0]
        for mark in prints.to_dict("records"):
            fill = INK["main" if mark["standing"] == "final" else "ground"]
            look = Look(ms=2 * RADIUS - 1.5, mew=1.5, mec=INK["main"], mfc=fill)
            (dot,) = ax.plot(year, mark["value"], "o", zorder=3, **look)
            call(dot, [mark["figure"]])
        boxes.append(_write_values(sheet, prints, step, pixel))
    breaks = {item["letter"]: dt.date.fromisoformat(item["date"]) for item in frame.attrs["breaks"]}
    for year, value in single.items():
        days = (dt.date(year, 1, 1), dt.date(year + 1, 12, 31))
        if year + 1 in single and not any(days[0] < day <= days[1] for day in breaks.values()):
            ax.plot([year, year + 1], [value, single[year + 1]], color=INK["main"], lw=1.5)
    across = ax.get_xaxis_transform()
    for letter, day in breaks.items():
        start, end = dt.date(day.year, 1, 1), dt.date(day.year + 1, 1, 1)
        x = day.year - 0.5 + (day - start) / (end - start)
        for top, bottom in pieces_between((x - first + 0.5) * step, (-small * 0.2, tall), boxes):
            ends = [1 - top / tall, 1 - bottom / tall]
            ax.plot([x, x], ends, color=INK["accent"], lw=1, transform=across)
        look = Look(size=small, colour="accent", align="center")
        sheet.write(letter, (x, 1), (0, small * 0.5), within=across, **look)
    ax.axhline(0, color=INK["axis"], lw=1)
    for year in range(
        first, first + count, 1 if sheet.text_width("2022", small) + 4 <= step else 2
    ):
        look = Look(size=small, colour="muted", align="center")
        sheet.write(str(year), (year, 0), (0, -small * 1.35), within=across, **look)
    sheet.draw_values(ticks, frame)


def _write_values(sheet: ChartSheet, prints: pd.DataFrame, step: float, pixel: float) -> Box:
    """Write the values of a year above its highest dot; the room that they take on the axes.

    One of them, upwards, where there is no room.
    """
    ax, small, texts = sheet.ax, sheet.small, list(prints["text"])
    at = (int(prints["year"].iloc[0]), float(prints["value"].iloc[0]))
    x = (at[0] - ax.get_xlim()[0]) * step
    y = (ax.get_ylim()[1] - at[1]) * pixel - RADIUS - 3
    widths = [sheet.text_width(text, small) for text in texts]
    if max(widths) + 3 > step:
        sheet.write(texts[0], at, (small * 0.35, RADIUS + 3), size=small, upwards=True)
        return x - small, y - widths[0] - 3, x + 3, y + 3
    first = RADIUS + 3 + (len(texts) - 1) * small * 1.2
    sheet.write(texts, at, (0, first), size=small, align="center")
    half = max(widths) / 2 + 2
    return x - half, y - small * (1 + 1.2 * (len(texts) - 1)), x + half, y + 3


def pieces_between(
    x: float, line: tuple[float, float], boxes: list[Box]
) -> list[tuple[float, float]]:
    """The pieces of an upright line from its top down that no text stands on."""
    top, bottom = line
    pieces: list[tuple[float, float]] = []
    for left, above, right, below in sorted(boxes, key=lambda box: box[1]):
        if left < x < right and above < bottom and below > top:
            pieces += [(top, above)] if above > top else []
            top = below
    return [*pieces, (top, bottom)] if top < bottom else pieces
