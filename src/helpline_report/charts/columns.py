"""Upright columns in the order of their codes, the comparison behind them in grey."""

from __future__ import annotations

from helpline_report.charts import scale
from helpline_report.charts.bars import Bar
from helpline_report.charts.canvas import Canvas
from helpline_report.charts.legend import legend
from helpline_report.charts.type import shorten, width, wrap
from helpline_report.charts.words import Words
from helpline_report.figures.model import Series

GAP = 6


def draw_columns(
    canvas: Canvas, bars: list[Bar], series: Series, against: Series | None, words: Words
) -> float:
    """Draw onto `canvas` and return the height that the drawing takes."""
    theme = canvas.theme
    top = legend(canvas, series, against, words)
    bottom = top + theme.small + (150 if theme.narrow else 210)
    values = [v for bar in bars for v in (bar.value, bar.before) if v is not None]
    heights = scale.from_zero(values, bottom, top + theme.small + GAP)
    labelled = _labelled(bars, words, theme.small, theme.width / len(bars))
    left = 0.0
    if len(labelled) < sum(bar.value is not None for bar in bars):
        left = _grid(canvas, heights, series, words)
    step = (theme.width - left) / len(bars)
    for place, bar in enumerate(bars):
        _column(canvas, bar, left + place * step, step, heights)
    canvas.line([((left, heights(0)), (theme.width, heights(0)))], "axis")
    for place, bar in enumerate(bars):
        middle = left + (place + 0.5) * step
        if bar.code in labelled and bar.figure and bar.value is not None:
            above = max(bar.value, 0.0)
            at = min(heights(above), heights(max(bar.before or 0.0, 0.0)))
            _value(canvas, middle, at - 4, words.value(bar.figure), left)
        elif bar.value is None:
            _absent(canvas, bar, middle, bottom - GAP, words)
    return _names(canvas, bars, series.by, words, (left, step, bottom))


def _value(canvas: Canvas, middle: float, y: float, text: str, left: float) -> None:
    half = width(text, canvas.theme.small, "semibold") / 2
    x = min(max(middle, left + half), canvas.theme.width - half)
    canvas.text(x, y, text, size=canvas.theme.small, weight="semibold", align="center")


def _column(canvas: Canvas, bar: Bar, x: float, step: float, heights: scale.Scale) -> None:
    zero = heights(0)
    if bar.before is not None:
        y = heights(bar.before)
        canvas.bar(x + step * 0.08, min(y, zero), step * 0.56, abs(zero - y), "compare")
    if bar.value is not None:
        y = heights(bar.value)
        start, wide = (0.3, 0.58) if bar.against is not None else (0.16, 0.68)
        canvas.bar(x + step * start, min(y, zero), step * wide, abs(zero - y), "main")


def _absent(canvas: Canvas, bar: Bar, middle: float, bottom: float, words: Words) -> None:
    """Where a column would stand: that there is none, in words, never a column of height 0."""
    text = words.value(bar.figure) if bar.figure else words.say("chart.not_registered")
    canvas.text(
        middle + canvas.theme.small * 0.35,
        bottom,
        text,
        size=canvas.theme.small,
        colour="muted",
        upwards=True,
    )


def _labelled(bars: list[Bar], words: Words, size: float, step: float) -> frozenset[str]:
    """The codes of the columns whose value is written: all where they fit, else the extremes."""
    known = [bar for bar in bars if bar.figure and bar.value is not None]
    texts = [words.value(bar.figure) for bar in known if bar.figure]
    if all(width(text, size, "semibold") + 3 <= step for text in texts):
        return frozenset(bar.code for bar in known)
    highest = max(known, key=lambda bar: bar.value or 0.0)
    return frozenset({highest.code})


def _grid(canvas: Canvas, heights: scale.Scale, series: Series, words: Words) -> float:
    marks = scale.ticks(heights, 4)
    texts = [words.number(mark, series.unit) for mark in marks]
    left = max(width(text, canvas.theme.small) for text in texts) + GAP
    lines = [((left, heights(mark)), (canvas.theme.width, heights(mark))) for mark in marks]
    canvas.line(lines, "grid")
    for mark, text in zip(marks, texts, strict=True):
        y = heights(mark) + canvas.theme.small * 0.33
        canvas.text(left - GAP, y, text, size=canvas.theme.small, colour="muted", align="right")
    return left


def _names(
    canvas: Canvas, bars: list[Bar], field: str, words: Words, frame: tuple[float, float, float]
) -> float:
    left, step, bottom = frame
    size = canvas.theme.small
    full = [words.label(field, bar.code) for bar in bars]
    names = full if _fit(full, size, step) else [words.short(field, bar.code) for bar in bars]
    every = 1
    if not _fit(names, size, step) and len(bars) > 12:
        every = next((n for n in (2, 3, 4, 6, 12) if _fit(names, size, step * n)), 12)
    lines = 1
    for place, name in enumerate(names):
        if place % every == 0:
            parts = shorten(wrap(name, size, step * every - 4), 3)
            lines = max(lines, len(parts))
            for number, part in enumerate(parts):
                middle = left + (place + 0.5) * step
                y = bottom + size * (1.35 + 1.15 * number)
                canvas.text(middle, y, part, size=size, colour="muted", align="center")
    return bottom + size * (1.35 + 1.15 * (lines - 1)) + 6


def _fit(names: list[str], size: float, step: float) -> bool:
    return all(width(name, size) + 4 <= step for name in names)
