"""The legend above a chart that shows two periods: a square and the period's name."""

from __future__ import annotations

from helpline_report.charts.canvas import Canvas
from helpline_report.charts.type import width
from helpline_report.figures.model import Series

SQUARE = 12


def legend(canvas: Canvas, series: Series, against: Series | None) -> float:
    """Draw the legend if there is a comparison, and return where the chart may start."""
    if against is None:
        return 2
    x = 0.0
    for colour, shown in (("main", series), ("compare", against)):
        text = canvas.words.period(shown.population)
        size = canvas.theme.small
        edge = "axis" if colour == "compare" else None
        canvas.bar((x, 2), SQUARE, SQUARE, colour, edge=edge)
        canvas.text(x + SQUARE + 6, 2 + SQUARE - 1.5, text, size=size)
        x += SQUARE + 6 + width(text, size) + 20
    return SQUARE + 16
