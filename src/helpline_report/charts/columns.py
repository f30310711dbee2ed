"""Upright columns in the order of their codes, the comparison behind them in grey."""

from __future__ import annotations

from dataclasses import dataclass

from helpline_report.charts import scale
from helpline_report.charts.bars import Bar
from helpline_report.charts.canvas import Canvas
from helpline_report.charts.legend import legend
from helpline_report.charts.type import shorten, width, wrap
from helpline_report.charts.words import Words
from helpline_report.figures.model import Series

GAP = 6

# Where a column stands in its step before the grey one of last year, and how wide it is.
BESIDE = (0.26, 0.66)

# With more columns than this, names that don't fit are left out in between.
MANY = 12


def draw_columns(canvas: Canvas, bars: list[Bar], series: Series, against: Series | None) -> float:
    """Draw onto `canvas` and return the height that the drawing takes."""
    theme = canvas.theme
    top = legend(canvas, series, against)
    bottom = top + theme.small + (150 if theme.narrow else 210)
    values = [v for bar in bars for v in (bar.value, bar.before) if v is not None]
    heights = scale.from_zero(values, bottom, top + theme.small + GAP)
    labelled = _labelled(bars, canvas.words, theme.small, theme.width / len(bars))
    left = 0.0
    if len(labelled) < sum(bar.value is not None for bar in bars):
        left = _grid(canvas, heights, series)
    places = Places(left, (theme.width - left) / len(bars))
    for place, bar in enumerate(bars):
        _column(canvas, bar, heights, x=places.start(place), step=places.step)
    canvas.line([((left, heights(0)), (theme.width, heights(0)))], "axis")
    for place, bar in enumerate(bars):
        told = bar.code in labelled
        _say(canvas, bar, heights, middle=places.middle(place), step=places.step, told=told)
    return _names(canvas, [bar.code for bar in bars], series.by, places=places, bottom=bottom)


@dataclass(frozen=True)
class Places:
    """Where the columns stand: the left of the first, and the step to the next."""

    left: float
    step: float

    def start(self, place: int) -> float:
        """The left of a column's place."""
        return self.left + place * self.step

    def middle(self, place: int) -> float:
        """The middle of a column's place."""
        return self.left + (place + 0.5) * self.step


def _say(
    canvas: Canvas, bar: Bar, heights: scale.Scale, *, middle: float, step: float, told: bool
) -> None:
    """The value above a column, or in its place that there is none."""
    if bar.value is None:
        text = canvas.words.value(bar.figure)
        x, y = middle + canvas.theme.small * 0.35, heights(0) - GAP
        canvas.text(x, y, text, size=canvas.theme.small, colour="muted", upwards=True)
    elif told:
        _tell(canvas, bar, heights, middle=middle, step=step)


def _tell(canvas: Canvas, bar: Bar, heights: scale.Scale, *, middle: float, step: float) -> None:
    """The value on its own column: above it, or inside where the grey one behind is higher."""
    size = canvas.theme.small
    text, value, before = canvas.words.value(bar.figure), bar.value or 0.0, bar.before
    y = heights(max(value, 0.0))
    behind = before is not None and before > value
    inside = behind and heights(0) - y > 2 * size
    half = width(text, size, "semibold") / 2
    own = middle + (step * (sum(BESIDE) - BESIDE[1] / 2 - 0.5) if bar.against is not None else 0.0)
    x = min(max(own, half), canvas.theme.width - half)
    y = y + size * 1.05 if inside else y - 4
    colour = "ground" if inside else "ink"
    canvas.text(x, y, text, size=size, weight="semibold", align="center", colour=colour)


def _column(canvas: Canvas, bar: Bar, heights: scale.Scale, *, x: float, step: float) -> None:
    zero = heights(0)
    if bar.before is not None:
        y = heights(bar.before)
        corner = (x + step * 0.08, min(y, zero))
        canvas.bar(corner, step * 0.56, abs(zero - y), "compare", edge="axis")
    if bar.value is not None:
        y = heights(bar.value)
        start, wide = BESIDE if bar.against is not None else (0.16, 0.68)
        canvas.bar((x + step * start, min(y, zero)), step * wide, abs(zero - y), "main")


def _labelled(bars: list[Bar], words: Words, size: float, step: float) -> frozenset[str]:
    """The codes of the columns whose value is written: all where they fit, else the highest."""
    known = [bar for bar in bars if bar.value is not None]
    texts = [words.value(bar.figure) for bar in known]
    inside = any(bar.before is not None and bar.before > (bar.value or 0) for bar in known)
    room = step * BESIDE[1] if inside else step - 3
    if all(width(text, size, "semibold") <= room for text in texts):
        return frozenset(bar.code for bar in known)
    highest = max(known, key=lambda bar: bar.value or 0.0)
    return frozenset({highest.code})


def _grid(canvas: Canvas, heights: scale.Scale, series: Series) -> float:
    marks = scale.ticks(heights, 4)
    texts = [canvas.words.number(mark, series.unit) for mark in marks]
    left = max(width(text, canvas.theme.small) for text in texts) + GAP
    lines = [((left, heights(mark)), (canvas.theme.width, heights(mark))) for mark in marks]
    canvas.line(lines, "grid")
    for mark, text in zip(marks, texts, strict=True):
        y = heights(mark) + canvas.theme.small * 0.33
        canvas.text(left - GAP, y, text, size=canvas.theme.small, colour="muted", align="right")
    return left


def _names(canvas: Canvas, codes: list[str], field: str, *, places: Places, bottom: float) -> float:
    size = canvas.theme.small
    names = [canvas.words.label(field, code) for code in codes]
    if not _fit(names, size, places.step):
        names = [canvas.words.short(field, code) for code in codes]
    every = 1
    if not _fit(names, size, places.step) and len(codes) > MANY:
        every = next((n for n in (2, 3, 4, 6) if _fit(names, size, places.step * n)), MANY)
    lines = 1
    for place, name in list(enumerate(names))[::every]:
        parts = shorten(wrap(name, size, places.step * every - 4), 3)
        lines = max(lines, len(parts))
        for number, part in enumerate(parts):
            y = bottom + size * (1.35 + 1.15 * number)
            canvas.text(places.middle(place), y, part, size=size, colour="muted", align="center")
    return bottom + size * (1.35 + 1.15 * (lines - 1)) + 6


def not_too_narrow(canvas: Canvas, bars: list[Bar], series: Series) -> bool:
    """Whether the names fit below their columns in two lines; bars have room for longer ones."""
    size = canvas.theme.small
    step = canvas.theme.width / max(len(bars), 1) - 4
    names = [canvas.words.short(series.by, bar.code) for bar in bars]
    if not canvas.theme.narrow or len(bars) > MANY:
        return True
    return all(
        len(wrap(name, size, step)) <= 2  # noqa: PLR2004 - lines below a column
        and max(width(word, size) for word in name.split()) <= step
        for name in names
        if name.strip()
    )


def _fit(names: list[str], size: float, step: float) -> bool:
    return all(width(name, size) + 4 <= step for name in names)
