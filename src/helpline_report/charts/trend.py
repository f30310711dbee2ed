"""Draw printed totals by year: a dot each, hollow where it is provisional, with breaks marked."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from matplotlib.axes import Axes

from helpline_report.charts.axes import (
    Look,
    is_narrow,
    lay_out,
    sheet_width,
    small_size,
    text_width,
    value_ticks,
    write,
)
from helpline_report.charts.kinds import axis_room, draw_values_at_left, kind
from helpline_report.charts.style import INK
from helpline_report.charts.svg import call

RADIUS = 4.0

# Left, top, right and bottom, in pixels.
Box = tuple[float, float, float, float]


@kind("trend")
def trend(frame: pd.DataFrame, ax: Axes) -> None:
    """Totals by year, joined where each year has one that stands and no break lies between them.

    Two prints of one year stand above each other.
    """
    small, width = small_size(), sheet_width(ax)
    highest = frame["value"].max() or 1.0
    tall = 190 if is_narrow(ax) else 240
    # Above the highest dot there is room for the values of its year.
    high = highest * tall / (tall - 3 * small)
    ticks = value_ticks(0, highest)
    left, first = axis_room(ticks, frame), int(frame["year"].min())
    count = int(frame["year"].max()) - first + 1
    lay_out(ax, tall, left=left, top=small * 1.5, bottom=small * 1.35 + 6)
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
        boxes.append(_write_values(ax, prints, step, pixel))
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
        write(ax, letter, (x, 1), (0, small * 0.5), within=across, **look)
    ax.axhline(0, color=INK["axis"], lw=1)
    for year in range(first, first + count, 1 if text_width("2022", small) + 4 <= step else 2):
        look = Look(size=small, colour="muted", align="center")
        write(ax, str(year), (year, 0), (0, -small * 1.35), within=across, **look)
    draw_values_at_left(ax, ticks, frame)


def _write_values(ax: Axes, prints: pd.DataFrame, step: float, pixel: float) -> Box:
    """Write the values of a year above its highest dot; the room that they take on the axes.

    One of them, upwards, where there is no room.
    """
    small, texts = small_size(), list(prints["text"])
    at = (int(prints["year"].iloc[0]), float(prints["value"].iloc[0]))
    x = (at[0] - ax.get_xlim()[0]) * step
    y = (ax.get_ylim()[1] - at[1]) * pixel - RADIUS - 3
    widths = [text_width(text, small) for text in texts]
    if max(widths) + 3 > step:
        write(ax, texts[0], at, (small * 0.35, RADIUS + 3), size=small, upwards=True)
        return x - small, y - widths[0] - 3, x + 3, y + 3
    first = RADIUS + 3 + (len(texts) - 1) * small * 1.2
    write(ax, texts, at, (0, first), size=small, align="center")
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
