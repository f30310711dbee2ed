"""Draw a cross-table as squares from light to dark."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from helpline_report.charts.axes import GAP, ChartSheet, Look
from helpline_report.charts.kinds import MANY, kind
from helpline_report.charts.style import INK
from helpline_report.charts.svg import NO_FIGURE, call

STEPS = 5
SHADES = ListedColormap([INK[f"seq{step}"] for step in range(STEPS + 1)])
# Values that would be smaller than this are left to the table.
SMALLEST = 9.0

Numbers = npt.NDArray[np.float64]


@kind("heatmap")
def heatmap(frame: pd.DataFrame, ax: Axes) -> None:
    """A cross-table as squares from light to dark, each with its value.

    On a phone many columns become rows, and names of rows that find no room beside them stand
    above theirs.
    """
    sheet = ChartSheet(ax)
    rows, cols = (frame.attrs["rows"], "row"), (frame.attrs["by"], "column")
    small, width = sheet.small, sheet.width
    if sheet.narrow and frame[cols[0]].nunique() > MANY >= frame[rows[0]].nunique():
        rows, cols = cols, rows
    order = pd.MultiIndex.from_product([frame[rows[0]].unique(), frame[cols[0]].unique()])
    cells = frame.set_index([rows[0], cols[0]]).reindex(order)
    shape = tuple(map(len, order.levels))
    value, text, figure = (
        cells[name].to_numpy().reshape(shape) for name in ("value", "text", "figure")
    )
    names = list(frame.drop_duplicates(rows[0])[rows[1]])
    widest, most_room = max(sheet.text_width(name, small) for name in names), width * 0.28
    above = sheet.narrow and widest > most_room
    left = 0.0 if above else min(widest, most_room) + GAP
    step = (width - left) / value.shape[1]
    heads = _heads(sheet, frame.drop_duplicates(cols[0]), cols[1], step)
    strip, tall = small * 1.3 if above else 0.0, max(sheet.size * 1.75, 26.0)
    sheet.lay_out(len(names) * (strip + tall), left=left, top=heads.tall, bottom=4)

    shade = shades(value)
    _draw_squares(ax, shade, figure, (strip, tall))
    most = max(sheet.text_width(one, 1) for one in text[~np.isnan(value)])
    size = min(small, (step - 4) / most)
    centre = Look(align="center")
    for (row, col), number in np.ndenumerate(value):
        at = (col + 0.5, row + 0.5 + (row + 1 if above else 0))
        if np.isnan(number):
            sheet.write("–", at, (0, -small * 0.34), size=small, colour="muted", **centre)
        elif size >= SMALLEST:
            colour = f"seqink{shade[row, col]:.0f}"
            sheet.write(
                str(text[row, col]), at, (0, -size * 0.34), size=size, colour=colour, **centre
            )
    across = ax.get_yaxis_transform()
    for row, name in enumerate(names):
        if above:
            sheet.write(name, (0, 2 * row + 1), (0, 3), size=small, within=across)
        else:
            lines = sheet.wrap(name, small, left - GAP, 2)
            offset = (-GAP, small * (0.6 * (len(lines) - 1) - 0.34))
            sheet.write(lines, (0, row + 0.5), offset, size=small, align="right", within=across)
    heads.draw(sheet)
    ax.set_axis_off()


def shades(value: Numbers) -> Numbers:
    """The step of each value in the sequence of shades: 0 for nothing, then equal parts."""
    most = max(np.nanmax(value), 0.0) or 1.0
    shade = np.where(value > 0, np.ceil(value / most * STEPS - 1e-9).clip(1, STEPS), 0.0)
    return np.where(np.isnan(value), np.nan, shade)


def _draw_squares(
    ax: Axes, shade: Numbers, figures: npt.NDArray[np.object_], talls: tuple[float, float]
) -> None:
    """The squares, a row of them as high as the second of `talls`; the first is the strip above."""
    ids = np.where(np.isnan(shade), NO_FIGURE, figures)
    if talls[0]:
        rows = range(len(shade))
        shade, ids = np.insert(shade, rows, np.nan, axis=0), np.insert(ids, rows, NO_FIGURE, axis=0)
        edges = np.concatenate([[0.0], np.cumsum(np.tile(talls, len(rows)))])
        units = np.arange(len(edges))
        scale = (lambda y: np.interp(y, units, edges), lambda y: np.interp(y, edges, units))
        ax.set_yscale("function", functions=scale)
    look = Look(linewidths=2, linecolor=INK["ground"], cmap=SHADES, vmin=-0.5, vmax=STEPS + 0.5)
    sns.heatmap(shade, ax=ax, cbar=False, xticklabels=False, yticklabels=False, **look)
    call(ax.collections[0], ids.ravel())


@dataclass(frozen=True)
class _Heads:
    """The lines above each column, from where the first of them stands, and their room."""

    lines: list[list[str]]
    offsets: list[tuple[float, float]]
    tall: float
    upwards: bool = False

    def draw(self, sheet: ChartSheet) -> None:
        """Write them above the axes."""
        look = Look(size=sheet.small, within=sheet.ax.get_xaxis_transform(), upwards=self.upwards)
        look["align"] = "left" if self.upwards else "center"
        for col, (lines, offset) in enumerate(zip(self.lines, self.offsets, strict=True)):
            sheet.write(lines, (col + 0.5, 1), offset, **look)


def _heads(sheet: ChartSheet, columns: pd.DataFrame, name: str, step: float) -> _Heads:
    """The names of columns: upright where words are too wide; of many numerals every so many."""
    small = sheet.small
    labels = list(columns[name])
    if not sheet.fit(labels, small, step + 2):
        labels = list(columns[f"short_{name}"])
    widest = max(sheet.text_width(label, small) for label in labels)
    if all(sheet.text_width(word, small) + 2 <= step for label in labels for word in label.split()):
        wrapped = [sheet.wrap(label, small, step - 2, 3) for label in labels]
        offsets = [(0.0, small * (0.2 + 1.2 * (len(lines) - 1))) for lines in wrapped]
        return _Heads(wrapped, offsets, small * 1.2 * max(map(len, wrapped)) + 6)
    if widest <= 2 * small:
        every = math.ceil((widest + 4) / step)
        some = [[label] if place % every == 0 else [] for place, label in enumerate(labels)]
        return _Heads(some, [(0.0, small * 0.3)] * len(some), small * 1.15 + 6)
    wrapped = [sheet.wrap(label, small, 130, max(1, int(step / (small * 1.1)))) for label in labels]
    offsets = [(small * (0.34 - 0.6 * (len(lines) - 1)), 4.0) for lines in wrapped]
    deep = max(sheet.text_width(line, small) for lines in wrapped for line in lines) + 6
    return _Heads(wrapped, offsets, deep, upwards=True)
