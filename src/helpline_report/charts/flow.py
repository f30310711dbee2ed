"""Draw a flow: a whole, the groups that it branches into, and their codes, all to one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from helpline_report.charts.axes import (
    GAP,
    count_lines,
    figure_of,
    is_narrow,
    set_height,
    sizes,
    text_width,
    width_of,
    wrap_whole,
    write,
    write_value,
)
from helpline_report.charts.style import INK
from helpline_report.charts.svg import tag
from helpline_report.prose.numbers import capitalised as capital

# The height of the whole, the width of a node, where each level stands (as a part of the
# width), and on a phone how far each level is moved in.
FLOW_HEIGHT, NODE, LEVELS, INDENT = 200.0, 12.0, (0.0, 0.25, 0.45), 16.0


def flow(frame: pd.DataFrame, ax: Axes) -> None:
    """A flow from left to right; on a phone bars that hang on each other, all to one scale.

    A part without a value is named and has no height.
    """
    draw = _hang_flow if is_narrow(ax) else _run_flow
    parts = frame.assign(size=frame["value"].fillna(0)).to_dict("records")
    tall = draw(parts, ax, max(frame["value"][0], 1.0))
    figure_of(ax).set_layout_engine("none")
    ax.set_position((0, 0, 1, 1))
    ax.set(xlim=(0, width_of(ax)), ylim=(tall, 0))
    ax.set_axis_off()
    set_height(ax, tall)


def _hang_flow(parts: Sequence[Mapping[Any, Any]], ax: Axes, whole: float) -> float:
    """Draw each part as a bar below what it is a part of; how far down they reach."""
    size, y = sizes()[0], 0.0
    room = width_of(ax) - 2 * INDENT - text_width(parts[0]["text"], size, 600) - GAP
    for part in parts:
        left, long = INDENT * part["level"], part["size"] * room / whole
        name = wrap_whole(capital(part["label"]), size, width_of(ax) - left)
        tag(write(ax, name, (left, y), va="top"), part["figure"], "name")
        y += count_lines(name) * size * 1.25 + 1
        _draw_part(ax, part, (left, y), (long, 12))
        write_value(ax, part, (left + long + GAP, y + 6), va="center")
        y += 18
    return y


def _run_flow(parts: Sequence[Mapping[Any, Any]], ax: Axes, whole: float) -> float:
    """Draw the whole, its groups and their codes in columns; how far down they reach."""
    size, width, y, reach = sizes()[0], width_of(ax), 0.0, 0.0
    # Where the next band leaves the node of each level.
    leaves = [0.0] * len(LEVELS)
    for part, after in zip(parts, [*parts[1:], parts[0]], strict=True):
        level, tall = part["level"], part["size"] * FLOW_HEIGHT / whole
        x, is_leaf = LEVELS[level] * width, after["level"] <= level
        lead = text_width(part["text"], size, 600) + GAP
        # All that the whole branches into stands below its words.
        room = width - x - lead - (NODE + GAP if is_leaf else 0)
        name = wrap_whole(part["label"], size, room, 2)
        deep = count_lines(name) * size * 1.25
        # The parts of the whole stand apart, and below all that the one before branches into.
        y = max(y, reach) + 14 if level == 1 else y
        # Words stand beside a code and above what has parts.
        slot = max(tall, deep) if is_leaf else deep
        top = y + (slot - tall) / 2 if is_leaf else y + deep + 2
        at = (x + (NODE + GAP if is_leaf else 0), y + slot / 2)
        write_value(ax, part, at, va="center")
        tag(write(ax, name, (at[0] + lead, at[1]), va="center"), part["figure"], "name")
        _draw_part(ax, part, (x, top), (NODE, tall))
        if level and tall:
            start = (LEVELS[level - 1] * width + NODE, leaves[level - 1])
            _draw_band(ax, start, (x, top), tall)
            leaves[level - 1] += tall
        leaves[level], reach = top, max(reach, top + tall if level else 0)
        y = y + slot + 3 if is_leaf else top
    return max(y, reach, leaves[0]) + 4


def _draw_part(
    ax: Axes, part: Mapping[Any, Any], at: tuple[float, float], size: tuple[float, float]
) -> None:
    if part["size"]:
        tag(ax.add_patch(Rectangle(at, *size, fc=INK["main"], lw=0)), part["figure"])


def _draw_band(ax: Axes, start: tuple[float, float], end: tuple[float, float], tall: float) -> None:
    """A band from a node to another, as high as the part that it carries."""
    (left, top), (right, end_top) = start, end
    middle, bottom, end_bottom = (left + right) / 2, top + tall, end_top + tall
    there = [(left, top), (middle, top), (middle, end_top), (right, end_top)]
    back = [(right, end_bottom), (middle, end_bottom), (middle, bottom), (left, bottom)]
    curve = [Path.CURVE4] * 3
    codes = [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY]
    path = Path([*there, *back, (left, top)], codes)
    ax.add_patch(PathPatch(path, fc=INK["seq1"], ec=INK["seq3"], lw=0.75, zorder=0.5))
