"""Draw a flow: bands from the whole, by way of groups of codes, to each code."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from helpline_report.charts.axes import Align, ChartSheet, Look
from helpline_report.charts.kinds import kind
from helpline_report.charts.style import INK
from helpline_report.charts.svg import call
from helpline_report.prose.numbers import capitalised as capital

# The height of the whole, the width of a node, and air.
TALL, NODE, GAP, BETWEEN = 260.0, 12.0, 8.0, 14.0
# Where the groups and the codes stand, as parts of the width.
GROUPS, CODES = 0.29, 0.57
# On a phone: how far a part is moved in below what it is a part of, and how thick it is.
STEP, THICK = 16.0, 12.0


@dataclass
class _Part:
    """The whole or a part of it, with its own parts; `value` is 0 where there is none to draw."""

    label: str
    text: str
    figure: str
    value: float
    known: bool
    parts: list[_Part] = field(default_factory=list)


@kind("flow")
def flow(frame: pd.DataFrame, ax: Axes) -> None:
    """A flow from left to right; on a phone bars that hang on each other, all to one scale.

    A part without a value is named and has no height.
    """
    path: list[_Part] = []
    for row in frame.to_dict("records"):
        value, known = row["value"], pd.notna(row["value"])
        words = (row["label"], row["text"], row["figure"])
        part = _Part(*words, value=value if known else 0.0, known=known)
        path[row["level"] :] = [part]
        if row["level"]:
            path[-2].parts.append(part)
    sheet, whole = ChartSheet(ax), path[0]
    width = sheet.width
    if sheet.narrow:
        room = width - 2 * STEP - sheet.text_width(whole.text, sheet.size, bold=True) - GAP
        tall = _hang(sheet, whole, depth=0, y=0.0, scale=room / max(whole.value, 1.0))
    else:
        tall = _run(sheet, whole, TALL / max(whole.value, 1.0))
    sheet.lay_out(tall)
    ax.set(xlim=(0, width), ylim=(tall, 0))
    ax.set_axis_off()


def _run(sheet: ChartSheet, whole: _Part, scale: float) -> float:
    """Draw the whole and its parts in pixels from the top left; how far down they reach."""
    groups = GROUPS * sheet.width
    top = _write_above(sheet, whole, 0.0, 0.0, groups - 2 * GAP)
    _draw_node(sheet, whole, 0.0, top, whole.value * scale)
    leaves, y = top, top
    for part in whole.parts:
        tall = part.value * scale
        y, node = _run_part(sheet, part, y, scale)
        _draw_band(sheet, (NODE, leaves), (groups, node), tall)
        leaves += tall
        y += BETWEEN
    return max(y - BETWEEN, top + whole.value * scale) + 4


def _run_part(sheet: ChartSheet, part: _Part, y: float, scale: float) -> tuple[float, float]:
    """Draw a part of the whole with its own parts; where it ends, and the top of its node."""
    x, codes, tall = GROUPS * sheet.width, CODES * sheet.width, part.value * scale
    if not part.parts:
        slot = _write_beside(sheet, part, x + NODE + GAP, y, tall)
        node = y + (slot - tall) / 2
        _draw_node(sheet, part, x, node, tall)
        return y + slot, node
    y = _write_above(sheet, part, x, y, sheet.width - x)
    _draw_node(sheet, part, x, y, tall)
    ends, leaves = y, y
    for leaf in part.parts:
        own = leaf.value * scale
        slot = _write_beside(sheet, leaf, codes + NODE + GAP, ends, own)
        node = ends + (slot - own) / 2
        _draw_node(sheet, leaf, codes, node, own)
        _draw_band(sheet, (x + NODE, leaves), (codes, node), own)
        leaves, ends = leaves + own, ends + slot + 3
    return max(ends, y + tall), y


def _write_above(sheet: ChartSheet, part: _Part, x: float, y: float, room: float) -> float:
    """Write a value with its label above a node; where the node may start."""
    size = sheet.size
    lead = sheet.text_width(part.text, size, bold=True) + 6
    lines = sheet.wrap(part.label, size, room - lead)
    _write_value(sheet, part, x, y + size)
    sheet.write(lines, (x + lead, y + size))
    return y + len(lines) * size * 1.2 + 6


def _write_beside(sheet: ChartSheet, part: _Part, x: float, y: float, tall: float) -> float:
    """Write a value with its label in the middle of its slot; how high the slot is."""
    size = sheet.size
    lead = sheet.text_width(part.text, size, bold=True) + 6
    lines = sheet.wrap(part.label, size, (1 - CODES) * sheet.width - NODE - GAP - lead, 2)
    slot = max(tall, len(lines) * size * 1.25)
    first = y + slot / 2 + size * (0.34 - (len(lines) - 1) * 0.6)
    _write_value(sheet, part, x, first)
    sheet.write(lines, (x + lead, first))
    return slot


def _write_value(sheet: ChartSheet, part: _Part, x: float, y: float, align: Align = "left") -> None:
    look = Look(bold=True) if part.known else Look(colour="muted")
    sheet.write(part.text, (x, y), align=align, **look)


def _draw_node(sheet: ChartSheet, part: _Part, x: float, y: float, tall: float) -> None:
    if tall > 0:
        node = Rectangle((x, y), NODE, tall, fc=INK["main"], lw=0)
        call(sheet.ax.add_patch(node), [part.figure])


def _draw_band(
    sheet: ChartSheet, start: tuple[float, float], end: tuple[float, float], tall: float
) -> None:
    """A band from a node to another, as high as the part that it carries."""
    if tall <= 0:
        return
    (left, top), (right, end_top) = start, end
    middle, bottom, end_bottom = (left + right) / 2, top + tall, end_top + tall
    there = [(left, top), (middle, top), (middle, end_top), (right, end_top)]
    back = [(right, end_bottom), (middle, end_bottom), (middle, bottom), (left, bottom)]
    curve = [Path.CURVE4] * 3
    path = Path(
        [*there, *back, (left, top)], [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY]
    )
    sheet.ax.add_patch(PathPatch(path, fc=INK["seq1"], ec=INK["seq3"], lw=0.75, zorder=0.5))


def _hang(sheet: ChartSheet, part: _Part, *, depth: int, y: float, scale: float) -> float:
    """Draw a part as a bar, and its own parts below it; how far down they reach."""
    size, x = sheet.size, depth * STEP
    lines = sheet.wrap(capital(part.label), size, sheet.width - x)
    sheet.write(lines, (x, y + size * 1.2 - 2))
    y += len(lines) * size * 1.2 + 3
    long = part.value * scale
    if long > 0:
        bar = Rectangle((x, y), long, THICK, fc=INK["main"], lw=0)
        call(sheet.ax.add_patch(bar), [part.figure])
    _write_value(sheet, part, x + long + 6, y + THICK / 2 + size * 0.34)
    stem, y = y + THICK, y + THICK + GAP
    for child in part.parts:
        turn = y + size * 0.7
        y = _hang(sheet, child, depth=depth + 1, y=y, scale=scale)
        sheet.ax.plot([x + 2, x + 2, x + STEP - 4], [stem, turn, turn], color=INK["axis"], lw=1)
        stem = turn
    return y
