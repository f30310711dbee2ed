"""A year day by day: a thin stroke a day, campaigns as windows, events as marked lines."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from helpline_report.charts import scale
from helpline_report.charts.bars import Bar
from helpline_report.charts.canvas import Canvas
from helpline_report.charts.type import shorten, width, wrap
from helpline_report.charts.words import Window
from helpline_report.figures.model import Mark, Series

GAP = 6


@dataclass(frozen=True)
class Frame:
    """The days that are drawn, and where they and their values lie."""

    first: dt.date
    days: int
    left: float
    right: float
    heights: scale.Scale

    def x(self, day: dt.date) -> float:
        """The left edge of a day."""
        return self.left + (day - self.first).days / self.days * (self.right - self.left)


def draw_daily(canvas: Canvas, bars: list[Bar], series: Series, marks: tuple[Mark, ...]) -> float:
    """Draw onto `canvas` and return the height that the drawing takes."""
    theme, words = canvas.theme, canvas.words
    period = series.population.period
    found = [window for mark in marks if (window := words.window(mark))]
    windows = sorted(found, key=lambda window: (window.start, window.name))
    names_at, top = _name_rows(windows, canvas)
    bottom = top + (150 if theme.narrow else 200)
    values = [bar.value for bar in bars if bar.value is not None]
    heights = scale.from_zero(values, bottom, top + GAP)
    marked = scale.ticks(heights, 4)
    texts = [words.number(mark, series.unit) for mark in marked]
    left = max(width(text, theme.small) for text in texts) + GAP
    frame = Frame(period.start, period.days, left, theme.width, heights)
    for window in windows:
        _window(canvas, window, frame, (names_at[window.name], bottom))
    canvas.line([((left, heights(m)), (theme.width, heights(m))) for m in marked], "grid")
    for mark, text in zip(marked, texts, strict=True):
        y = heights(mark) + theme.small * 0.33
        canvas.text(left - GAP, y, text, size=theme.small, colour="muted", align="right")
    _days(canvas, bars, frame)
    canvas.line([((left, bottom), (theme.width, bottom))], "axis")
    _names(canvas, windows, frame, names_at)
    return _months(canvas, frame, bottom)


def _days(canvas: Canvas, bars: list[Bar], frame: Frame) -> None:
    half = (frame.right - frame.left) / frame.days / 2
    strokes = [
        ((x, frame.heights(0)), (x, frame.heights(bar.value)))
        for bar in bars
        if bar.value and (x := frame.x(dt.date.fromisoformat(bar.code)) + half)
    ]
    canvas.line(strokes, "main", thick=max(0.7, half * 1.5))


def _name_rows(windows: list[Window], canvas: Canvas) -> tuple[dict[str, float], float]:
    """The baseline of each name, one line a name in the order of the days, and what they take."""
    row = canvas.theme.small * 1.3
    rows = {window.name: canvas.theme.small + row * at for at, window in enumerate(windows)}
    return rows, len(windows) * row + 8


def _window(canvas: Canvas, window: Window, frame: Frame, ends: tuple[float, float]) -> None:
    top, bottom = ends[0] + 4, ends[1]
    start, end = frame.x(window.start), frame.x(window.end + dt.timedelta(days=1))
    if window.start != window.end:
        canvas.bar((start, top), end - start, bottom - top, "window")
    canvas.line([((start, top), (start, bottom))], "accent")


def _names(
    canvas: Canvas, windows: list[Window], frame: Frame, baselines: dict[str, float]
) -> None:
    size = canvas.theme.small
    for window in windows:
        text = shorten(wrap(window.name, size, frame.right - frame.left), 1)[0]
        wide = width(text, size)
        x = max(min(frame.x(window.start), frame.right - wide), 0)
        y = baselines[window.name]
        canvas.bar((x - 2, y - size), wide + 4, size * 1.3, "ground")
        canvas.text(x, y, text, size=size, colour="accent")


def _months(canvas: Canvas, frame: Frame, bottom: float) -> float:
    size = canvas.theme.small
    last = frame.first + dt.timedelta(days=frame.days - 1)
    day = frame.first
    starts = []
    while day <= last:
        starts.append(day)
        day = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    canvas.line([((frame.x(at), bottom), (frame.x(at), bottom + 4)) for at in starts], "axis")
    names = [canvas.words.short("month", f"{at.month:02d}") for at in starts]
    room = (frame.right - frame.left) / max(len(starts), 1)
    every = 1 if all(width(name, size) + 3 <= room for name in names) else 2
    for at, name in list(zip(starts, names, strict=True))[::every]:
        if frame.x(at) + width(name, size) <= frame.right:
            canvas.text(frame.x(at) + 1, bottom + size + 4, name, size=size, colour="muted")
    return bottom + size + 12
