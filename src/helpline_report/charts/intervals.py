"""Figures as dots with their intervals, around the line that says 'no difference'.

A dot is hollow where no difference at all fits the numbers too: that is seen without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpline_report.charts import scale
from helpline_report.charts.bars import Bar, number_of
from helpline_report.charts.canvas import Canvas
from helpline_report.charts.type import capital, width, wrap
from helpline_report.figures.model import Figure

RADIUS = 5.5
GAP = 8


@dataclass(frozen=True)
class Line:
    """What a line of the chart shows: its name, a figure, and a word on what it was made of."""

    name: str
    figure: Figure | None
    under: str = ""


def lines_of(canvas: Canvas, figures: Sequence[Figure]) -> list[Line]:
    """A line a figure; a single one has its name above the chart already."""
    if len(figures) == 1:
        return [Line("", figures[0])]
    return [Line(capital(canvas.words.name(figure)), figure) for figure in figures]


def changes_of(canvas: Canvas, bars: Sequence[Bar], field: str) -> list[Line]:
    """A line a code: its change, and the two counts that it is made of."""
    words = canvas.words
    return [
        Line(capital(words.label(field, bar.code)), bar.figure, words.counts(bar.figure))
        for bar in bars
    ]


def draw_intervals(canvas: Canvas, lines: Sequence[Line]) -> float:
    """Draw onto `canvas` and return the height that the drawing takes.

    At least one figure has a value. Ratios stand on a logarithmic scale.
    """
    theme = canvas.theme
    drawn = [line.figure for line in lines if line.figure and number_of(line.figure) is not None]
    none = next((f.interval.none for f in drawn if f.interval), None)
    left, right = (0.0, theme.width) if theme.narrow else _sides(canvas, lines)
    axis = _axis(drawn, none, left + 16, right - 16)
    start = top = y = _legend(canvas, drawn) + (0.0 if none is None else theme.small + 10)
    for line in lines:
        y = _row(canvas, line, axis, y=y, left=left)
        if none is not None and _known(line):
            _none(canvas, axis(none), top if left else y - 3 * GAP, y)
            top = y
    if none is not None:
        _none_named(canvas, axis(none), start)
    return _marks(canvas, axis, drawn[0], y)


def _sides(canvas: Canvas, lines: Sequence[Line]) -> tuple[float, float]:
    """Between which places the dots stand, so that names fit on the left and values right."""
    theme, words = canvas.theme, canvas.words
    names = [width(line.name, theme.text) for line in lines]
    under = [width(line.under, theme.small) for line in lines]
    values = [width(words.value(f.figure), theme.text, "semibold") for f in lines if _known(f)]
    left = min(max([*names, *under]), theme.width * 0.34)
    return left, theme.width - max(values) - GAP


def _known(line: Line) -> bool:
    return number_of(line.figure) is not None


def _axis(figures: Sequence[Figure], none: float | None, start: float, end: float) -> scale.Scale:
    values = [figure.number for figure in figures]
    values += [end for f in figures if f.interval for end in (f.interval.low, f.interval.high)]
    values += [] if none is None else [none]
    ratio = figures[0].unit == "ratio" and any(value > 0 for value in values)
    return scale.around(values, start, end, logarithmic=ratio)


def _legend(canvas: Canvas, figures: Sequence[Figure]) -> float:
    """What a hollow dot says, where there is one; returns where the chart may start."""
    if not any(_unproven(figure) for figure in figures):
        return 2.0
    size, middle = canvas.theme.small, 8.0
    canvas.dot((RADIUS, middle), RADIUS, "main")
    canvas.dot((RADIUS, middle), RADIUS - 2, "ground")
    canvas.text(2 * RADIUS + 6, middle + size * 0.34, canvas.words.say("unproven"), size=size)
    return middle + size


def _unproven(figure: Figure) -> bool:
    return figure.interval is not None and figure.interval.includes_none


def _none(canvas: Canvas, at: float, top: float, bottom: float) -> None:
    """The line of no difference, behind the dots; names that stand above them it leaves free."""
    canvas.line([((at, top - 4), (at, bottom))], "axis", thick=1.5, behind=True)


def _none_named(canvas: Canvas, at: float, y: float) -> None:
    size, head = canvas.theme.small, canvas.words.say("no_difference")
    half = width(head, size) / 2
    x = min(max(at, half), canvas.theme.width - half)
    canvas.text(x, y - 8, head, size=size, colour="muted", align="center")


def _marks(canvas: Canvas, axis: scale.Scale, first: Figure, y: float) -> float:
    size = canvas.theme.small
    marks = scale.ticks(axis, 4)
    canvas.line([((axis(mark), y), (axis(mark), y + 5)) for mark in marks], "axis")
    canvas.line([((axis.start, y), (axis.end, y))], "axis")
    for mark in marks:
        text = canvas.words.number(mark, first.unit)
        canvas.text(axis(mark), y + size + 8, text, size=size, colour="muted", align="center")
    return y + size + 14


def _row(canvas: Canvas, line: Line, axis: scale.Scale, *, y: float, left: float) -> float:
    if canvas.theme.narrow or not left:
        top = _name_above(canvas, line, y)
        _dot(canvas, line.figure, axis, top + GAP + RADIUS)
        return top + 2 * (GAP + RADIUS)
    name = wrap(line.name, canvas.theme.text, left)
    tall = len(name) * canvas.theme.text * 1.2 + (canvas.theme.small * 1.25 if line.under else 0)
    _name_beside(canvas, line, name, y)
    middle = y + tall / 2
    _dot(canvas, line.figure, axis, middle)
    baseline = middle + canvas.theme.text * 0.34
    canvas.value(canvas.theme.width, baseline, line.figure, align="right")
    return y + tall + GAP


def _name_beside(canvas: Canvas, line: Line, name: Sequence[str], y: float) -> None:
    theme = canvas.theme
    for part in name:
        y += theme.text * 1.2
        canvas.text(0, y - theme.text * 0.25, part)
    if line.under:
        canvas.text(0, y + theme.small, line.under, size=theme.small, colour="muted")


def _name_above(canvas: Canvas, line: Line, y: float) -> float:
    theme = canvas.theme
    room = theme.width - width(canvas.words.value(line.figure), theme.text, "semibold") - 16
    baseline = y + theme.text * 1.25
    for number, part in enumerate(wrap(line.name, theme.text, room)):
        canvas.text(0, baseline + number * theme.text * 1.25, part)
        y += theme.text * 1.25
    canvas.value(theme.width, baseline, line.figure, align="right")
    if line.under:
        y += theme.small * 1.25
        canvas.text(0, y, line.under, size=theme.small, colour="muted")
    return y


def _dot(canvas: Canvas, figure: Figure | None, axis: scale.Scale, middle: float) -> None:
    at = number_of(figure)
    if figure is None or at is None:
        return
    if figure.interval:
        ends = (axis(figure.interval.low), axis(min(figure.interval.high, axis.high)))
        canvas.line([((ends[0], middle), (ends[1], middle))], "main", thick=3)
    canvas.dot((axis(at), middle), RADIUS, "main")
    if _unproven(figure):
        canvas.dot((axis(at), middle), RADIUS - 2, "ground")
