"""Lying bars with their values beside them, ranked unless their codes have an order."""

from __future__ import annotations

from helpline_report.charts import scale
from helpline_report.charts.bars import Bar
from helpline_report.charts.canvas import Canvas
from helpline_report.charts.legend import legend
from helpline_report.charts.type import capital, shorten, width, wrap
from helpline_report.charts.words import Words
from helpline_report.figures.model import Series

GAP = 8
MOST_LABEL = 230


def draw_bars(canvas: Canvas, bars: list[Bar], series: Series, against: Series | None) -> float:
    """Draw onto `canvas` and return the height that the drawing takes."""
    theme, words = canvas.theme, canvas.words
    y = legend(canvas, series, against)
    names = {bar.code: capital(words.label(series.by, bar.code)) for bar in bars}
    room = 0.0 if theme.narrow else _room(list(names.values()), theme.text)
    values = [v for bar in bars for v in (bar.value, bar.before) if v is not None]
    lengths = scale.from_zero(values, room, theme.width - _reserve(bars, words, theme.text))
    first = y
    for bar in bars:
        y = _row(canvas, bar, lengths, name=names[bar.code], y=y)
    zero = lengths(0)
    if not theme.narrow:
        canvas.line([((zero, first), (zero, y - GAP / 2))], "axis")
    return y


def _room(names: list[str], size: float) -> float:
    widest = max(width(name, size) for name in names)
    return min(widest, MOST_LABEL) + GAP


def _reserve(bars: list[Bar], words: Words, size: float) -> float:
    """The room that the longest value needs to the right of its bar."""
    texts = [words.value(bar.figure) for bar in bars if bar.figure and bar.value is not None]
    return max((width(text, size, "semibold") for text in texts), default=0.0) + GAP


def _row(canvas: Canvas, bar: Bar, lengths: scale.Scale, *, name: str, y: float) -> float:
    theme = canvas.theme
    thick = 12.0 if theme.narrow else 18.0
    lines = shorten(wrap(name, theme.text, theme.width if theme.narrow else lengths.start - GAP), 2)
    tall = len(lines) * theme.text * 1.2
    top = y + tall + 3 if theme.narrow else y + max(0.0, (tall - thick) / 2)
    for number, line in enumerate(lines):
        if theme.narrow:
            canvas.text(0, y + theme.text * (0.95 + 1.2 * number), line)
        else:
            middle = top + thick / 2 + theme.text * (0.34 + 1.2 * (number - (len(lines) - 1) / 2))
            canvas.text(lengths.start - GAP, middle, line, align="right")
    bottom = _bar(canvas, bar, lengths, top=top, thick=thick)
    return max(bottom, y + (0 if theme.narrow else tall)) + GAP


def _bar(canvas: Canvas, bar: Bar, lengths: scale.Scale, *, top: float, thick: float) -> float:
    size = canvas.theme.text
    zero = lengths(0)
    bottom = top + thick
    if bar.before is not None:
        end = lengths(bar.before)
        canvas.bar((min(zero, end), bottom + 1), abs(end - zero), 6, "compare", edge="axis")
    baseline = top + thick / 2 + size * 0.34
    if bar.value is None or bar.figure is None:
        text = canvas.words.value(bar.figure)
        canvas.text(zero + 6, baseline, text, colour="muted", size=canvas.theme.small)
    else:
        end = lengths(bar.value)
        canvas.bar((min(zero, end), top), abs(end - zero), thick, "main")
        canvas.text(max(zero, end) + 6, baseline, canvas.words.value(bar.figure), weight="semibold")
    return bottom + (7 if bar.against is not None else 0)
