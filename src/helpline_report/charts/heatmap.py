"""A cross-table as squares from light to dark, each with its value."""

from __future__ import annotations

import math
from dataclasses import dataclass

from helpline_report.charts.bars import number_of
from helpline_report.charts.canvas import Box, Canvas
from helpline_report.charts.style import STEPS
from helpline_report.charts.type import shorten, width, wrap
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Cell, Crosstab, Figure

GAP = 6

# A label that is about this many times as wide as high is a numeral (an hour): never set upright,
# rather left out in between.
NUMERAL = 2

# Values that would be smaller than this are left to the table.
SMALLEST = 9.0

# As many columns as a phone shows with their values.
MOST_COLUMNS = 12


def draw_heatmap(canvas: Canvas, crosstab: Crosstab, ledger: Ledger) -> float:
    """Draw onto `canvas` and return the height that the drawing takes."""
    crosstab = _turned(crosstab) if canvas.theme.narrow else crosstab
    theme, words = canvas.theme, canvas.words
    figures = {(c.row, c.column): ledger.figures.get(c.figure) for c in crosstab.cells}
    rows = list(dict.fromkeys(row for row, _ in figures))
    columns = list(dict.fromkeys(column for _, column in figures))
    left = _left(rows, crosstab, canvas)
    step = (theme.width - left) / len(columns)
    y = _heads(canvas, _column_names(crosstab.columns, columns, canvas, step), left, step)
    tall = max(theme.text * 1.75, 26.0)
    ink = _ink(canvas, list(figures.values()), step)
    squares: dict[str, list[Box]] = {}
    for row in rows:
        label = words.label(crosstab.rows, row)
        if left:
            lines = shorten(wrap(label, theme.small, left - GAP), 2)
            _row_name(canvas, lines, y + tall / 2, left - GAP)
        else:
            y += theme.small * 1.3
            canvas.text(0, y - 3, label, size=theme.small)
        for place, column in enumerate(columns):
            box = (left + place * step + 1, y + 1, step - 2, tall - 2)
            shade = _say(canvas, box, figures.get((row, column)), ink)
            squares.setdefault(shade, []).append(box)
        y += tall
    # One shape a shade: a page of maps is a good deal smaller, and drawn sooner.
    for shade in sorted(filter(None, squares)):
        canvas.squares(squares[shade], shade)
    return y + 4


def _turned(crosstab: Crosstab) -> Crosstab:
    """Hours downwards where there are more of them than a phone has room for beside each other."""
    rows, columns = ({cell.row for cell in crosstab.cells}, {c.column for c in crosstab.cells})
    if len(columns) <= MOST_COLUMNS or len(rows) > MOST_COLUMNS:
        return crosstab
    order = list(dict.fromkeys(cell.column for cell in crosstab.cells))
    cells = sorted(crosstab.cells, key=lambda cell: order.index(cell.column))
    turned = (Cell(row=c.column, column=c.row, figure=c.figure) for c in cells)
    update = {"rows": crosstab.columns, "columns": crosstab.rows, "cells": tuple(turned)}
    return crosstab.model_copy(update=update)


@dataclass(frozen=True)
class Ink:
    """The value of the darkest square, and the size of the values; 0 where they don't fit."""

    most: float
    size: float


def _ink(canvas: Canvas, figures: list[Figure | None], step: float) -> Ink:
    known = [figure for figure in figures if number_of(figure) is not None]
    most = max((number_of(figure) or 0.0 for figure in known), default=0.0)
    widest = max((width(canvas.words.value(figure), 1) for figure in known), default=1.0)
    size = min(canvas.theme.small, (step - 4) / widest)
    return Ink(most, size if size >= SMALLEST else 0)


def _left(rows: list[str], crosstab: Crosstab, canvas: Canvas) -> float:
    """The room for the names of the rows; none where they stand above them, as on a phone."""
    theme = canvas.theme
    widest = max(width(canvas.words.label(crosstab.rows, row), theme.small) for row in rows)
    if theme.narrow and widest > theme.width * 0.28:
        return 0.0
    return min(widest, theme.width * 0.28) + GAP


def _row_name(canvas: Canvas, lines: list[str], middle: float, right: float) -> None:
    size = canvas.theme.small
    for number, line in enumerate(lines):
        y = middle + size * (0.34 + 1.0 * (number - (len(lines) - 1) / 2))
        canvas.text(right, y, line, size=size, align="right")


def _column_names(field: str, codes: list[str], canvas: Canvas, step: float) -> list[str]:
    """The labels of the columns; short ones where the field has them and the room is small."""
    names = [canvas.words.label(field, code) for code in codes]
    if all(width(name, canvas.theme.small) + 2 <= step for name in names):
        return names
    return [canvas.words.short(field, code) for code in codes]


def _heads(canvas: Canvas, names: list[str], left: float, step: float) -> float:
    size = canvas.theme.small
    if all(width(word, size) + 2 <= step for name in names for word in name.split()):
        wrapped = [shorten(wrap(name, size, step - 2), 3) for name in names]
        deep = max(len(lines) for lines in wrapped)
        for place, lines in enumerate(wrapped):
            for number, line in enumerate(lines):
                y = size * (0.95 + 1.15 * (deep - len(lines) + number))
                canvas.text(left + (place + 0.5) * step, y, line, size=size, align="center")
        return size * 1.15 * deep + 6
    if all(width(name, size) <= NUMERAL * size for name in names):
        every = math.ceil((max(width(name, size) for name in names) + 4) / step)
        for place, name in list(enumerate(names))[::every]:
            canvas.text(left + (place + 0.5) * step, size * 0.95, name, size=size, align="center")
        return size * 1.15 + 6
    wrapped = [shorten(wrap(name, size, 130), max(1, int(step / (size * 1.1)))) for name in names]
    bottom = max(width(line, size) for lines in wrapped for line in lines) + 4
    for place, lines in enumerate(wrapped):
        for number, line in enumerate(lines):
            middle = left + (place + 0.5) * step
            x = middle + size * (0.34 + 1.05 * (number - (len(lines) - 1) / 2))
            canvas.text(x, bottom - 4, line, size=size, upwards=True)
    return bottom + 2


def _say(canvas: Canvas, box: Box, figure: Figure | None, ink: Ink) -> str:
    """Write the value into its square, and return the square's colour; nothing where none is."""
    x, y, wide, tall = box
    value = number_of(figure)
    size = ink.size or canvas.theme.small
    middle, baseline = x + wide / 2, y + tall / 2 + size * 0.34
    if value is None:
        canvas.text(middle, baseline, "–", size=size, colour="muted", align="center")
        return ""
    shade = shade_of(value, ink.most)
    if ink.size:
        text, colour = canvas.words.value(figure), f"seqink{shade}"
        canvas.text(middle, baseline, text, size=size, colour=colour, align="center")
    return f"seq{shade}"


def shade_of(value: float, most: float) -> int:
    """The step of the sequence for a value: 0 for nothing, then equal parts up to the most."""
    if value <= 0 or most <= 0:
        return 0
    return min(STEPS, int(value / most * STEPS - 1e-9) + 1)
