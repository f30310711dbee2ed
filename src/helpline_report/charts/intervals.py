"""Figures as dots with their intervals, around the line that says 'no difference'."""

from __future__ import annotations

from helpline_report.charts import scale
from helpline_report.charts.bars import number_of
from helpline_report.charts.canvas import Canvas
from helpline_report.charts.type import capital, width, wrap
from helpline_report.figures.model import Figure


def draw_intervals(canvas: Canvas, figures: list[Figure]) -> float:
    """Draw onto `canvas` and return the height that the drawing takes.

    At least one figure has a value. Ratios stand on a logarithmic scale.
    """
    theme, words = canvas.theme, canvas.words
    drawn = [figure for figure in figures if number_of(figure) is not None]
    none = next(
        (f.interval.none for f in drawn if f.interval and f.interval.none is not None), None
    )
    axis = _axis(canvas, drawn, none)
    y = 4.0
    if none is not None:
        head = words.say("no_difference")
        half = width(head, theme.small) / 2
        x = min(max(axis(none), half), theme.width - half)
        canvas.text(x, theme.small, head, size=theme.small, colour="muted", align="center")
        y = theme.small + 8
        canvas.line([((axis(none), y - 4), (axis(none), y + 2))], "axis", thick=1.5)
    for figure in figures:
        y = _row(canvas, figure, axis, y=y, none=none)
    marks = scale.ticks(axis, 4)
    canvas.line([((axis(mark), y), (axis(mark), y + 5)) for mark in marks], "axis")
    canvas.line([((axis.start, y), (axis.end, y))], "axis")
    for mark in marks:
        text = words.number(mark, drawn[0].unit)
        x, baseline = axis(mark), y + theme.small + 8
        canvas.text(x, baseline, text, size=theme.small, colour="muted", align="center")
    return y + theme.small + 14


def _axis(canvas: Canvas, figures: list[Figure], none: float | None) -> scale.Scale:
    values = [figure.number for figure in figures]
    values += [end for f in figures if f.interval for end in (f.interval.low, f.interval.high)]
    values += [] if none is None else [none]
    ratio = figures[0].unit == "ratio" and any(value > 0 for value in values)
    return scale.around(values, 16, canvas.theme.width - 16, logarithmic=ratio)


def _row(
    canvas: Canvas, figure: Figure, axis: scale.Scale, *, y: float, none: float | None
) -> float:
    theme, words = canvas.theme, canvas.words
    value = words.value(figure)
    room = theme.width - width(value, theme.text, "semibold") - 16
    for number, line in enumerate(wrap(capital(words.name(figure)), theme.text, room)):
        y += theme.text * 1.25
        canvas.text(0, y, line)
        if number == 0:
            has = number_of(figure) is not None
            colour = "ink" if has else "muted"
            canvas.text(theme.width, y, value, colour=colour, weight="semibold", align="right")
    middle = y + 14
    if none is not None:
        canvas.line([((axis(none), middle - 9), (axis(none), middle + 9))], "axis", thick=1.5)
    at = number_of(figure)
    if at is not None:
        if figure.interval:
            ends = (axis(figure.interval.low), axis(min(figure.interval.high, axis.high)))
            canvas.line([((ends[0], middle), (ends[1], middle))], "main", thick=3)
        canvas.dot((axis(at), middle), 5.5, "main")
    return middle + 14
