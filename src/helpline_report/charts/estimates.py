"""Draw estimates with their intervals: ratios, shares and changes."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullLocator

from helpline_report.charts.axes import SHEET, ChartSheet, Look, value_ticks
from helpline_report.charts.kinds import kind
from helpline_report.charts.style import INK, write_number
from helpline_report.charts.svg import call
from helpline_report.prose.numbers import capitalised as capital

RADIUS, GAP, AIR = 5.5, 8.0, 16.0


@kind("intervals", "changes")
def intervals(frame: pd.DataFrame, ax: Axes) -> None:
    """Estimates as dots with their intervals, around the line that says 'no difference'.

    A dot is hollow where no difference fits the numbers too: that is seen without colour. Ratios
    stand on a logarithmic scale.
    """
    sheet = ChartSheet(ax)
    size, small, width = sheet.size, sheet.small, sheet.width
    none, known = frame.attrs["none"], frame["value"].notna()
    level = math.nan if none is None else none
    hollow = frame["low"].le(level) & frame["high"].ge(level)
    labels = list(map(capital, frame["label"]))
    beside = any(labels) and not sheet.narrow
    right = max(sheet.text_width(text, size, bold=True) for text in frame["text"][known]) + GAP
    longest = [sheet.text_width(label, size) for label in labels]
    longest += [sheet.text_width(note, small) for note in frame["note"]]
    left, room = (min(max(longest), width * 0.34), right) if beside else (0.0, 0.0)
    names = [sheet.wrap(label, size, left if beside else width - right - GAP) for label in labels]
    note = small * 1.25 if frame["note"].any() else 0.0
    deep = max(1, *map(len, names)) * size * 1.2 + note
    # Where names stand above, a row has its dot below them.
    pitch = deep + GAP + (0 if beside else 2 * RADIUS + GAP)
    head = (size + GAP if hollow.any() else 2.0) + (0.0 if none is None else small + 10)
    margins = Look(left=left + AIR, right=room + AIR, top=head, bottom=small + 14)
    sheet.lay_out(len(frame) * pitch, **margins)
    limits = _draw_scale(ax, frame)
    # A unit of the upright axis is a pixel, from the top down.
    ax.set_ylim(len(frame) * pitch, 0)
    tops = np.arange(len(frame)) * pitch
    middles = tops + (deep / 2 if beside else deep + GAP + RADIUS)
    if none is not None:
        reach = pitch / 2 if beside else GAP + RADIUS
        ends, line = (middles - reach, middles + reach), Look(color=INK["axis"], lw=1.5, zorder=0)
        ax.vlines(np.full(len(middles), none), *ends, **line)
        text = frame.attrs["no_difference"]
        sheet.write(text, (none, 0), (0, GAP), size=small, colour="muted", align="center")
    for row, mark in enumerate(frame.to_dict("records")):
        if known[row]:
            _draw_estimate(ax, mark, middles[row], limits, hollow=hollow[row])
    across = ax.get_yaxis_transform()
    for row, (lines, top) in enumerate(zip(names, tops, strict=True)):
        text = frame["note"][row]
        used = len(lines) * size * 1.2 + (note if text else 0)
        first = top + size * 0.95 + ((deep - used) / 2 if beside else 0)
        sheet.write(lines, (0, first), (-left - AIR, 0), within=across)
        below, muted = first + size * (len(lines) * 1.2 - 0.1), Look(size=small, colour="muted")
        sheet.write(text, (0, below), (-left - AIR, 0), within=across, **muted)
        look = Look(bold=True) if known[row] else Look(colour="muted")
        at = (1.0, middles[row] + size * 0.34 if beside else top + size * 0.95)
        sheet.write(frame["text"][row], at, (room + AIR, 0), align="right", within=across, **look)
    if hollow.any():
        y = sheet.height - GAP
        ax.plot(RADIUS, y, "o", transform=SHEET, **_dot(hollow=True))
        at = (2 * RADIUS + 6, y - small * 0.34)
        sheet.write(frame.attrs["unproven"], at, size=small, within=SHEET)


def _draw_scale(ax: Axes, frame: pd.DataFrame) -> tuple[float, float]:
    """The axis of values, with a little air on both sides; its ends."""
    unit, none = frame.attrs["unit"], frame.attrs["none"]
    known = frame[frame["value"].notna()]
    numbers = pd.concat([known[name] for name in ("value", "low", "high")]).dropna()
    ends = [*numbers, *([] if none is None else [none])]
    logarithmic = unit == "ratio" and max(ends) > 0
    if logarithmic:
        ax.set_xscale("log")
        ends = [end for end in ends if end > 0]
        limits = (min(ends) / 1.15, max(ends) * 1.15)
    else:
        air = (max(ends) - min(ends)) * 0.08 or 1
        limits = (min(ends) - air, max(ends) + air)
    ax.set_xlim(*limits)
    ticks = _ratio_ticks(*limits) if logarithmic else value_ticks(*limits)
    ax.set_xticks(ticks, [write_number(tick, unit, frame.attrs["locale"]) for tick in ticks])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.tick_params("x", length=5, color=INK["axis"])
    ax.yaxis.set_visible(False)
    return limits


def _ratio_ticks(low: float, high: float) -> list[float]:
    """At most five round ratios between two."""
    ticks: list[float] = []
    for factors in ((1.0, 1.5, 2.0, 3.0, 5.0, 7.0), (1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
        places = LogLocator(subs=factors, numticks=99).tick_values(low, high)
        ticks = [float(tick) for tick in places if low <= tick <= high]
        if len(ticks) <= 5:  # noqa: PLR2004
            break
    return ticks


def _draw_estimate(
    ax: Axes,
    mark: Mapping[Hashable, Any],
    middle: float,
    limits: tuple[float, float],
    *,
    hollow: bool,
) -> None:
    """A dot on the line of its interval, which stays within the axis."""
    low, high = max(mark["low"], limits[0]), min(mark["high"], limits[1])
    call(ax.hlines(middle, low, high, color=INK["main"], lw=3), [mark["figure"]])
    (dot,) = ax.plot(mark["value"], middle, "o", zorder=3, **_dot(hollow=hollow))
    call(dot, [mark["figure"]])


def _dot(*, hollow: bool) -> Look:
    fill = INK["ground" if hollow else "main"]
    return Look(ms=2 * RADIUS - 2, mew=2, mec=INK["main"], mfc=fill)
