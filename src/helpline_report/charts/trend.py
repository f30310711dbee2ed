"""Printed totals by year: a dot each, hollow where it is provisional, with the breaks marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from helpline_report.charts import scale
from helpline_report.charts.canvas import Align, Canvas, Segment
from helpline_report.charts.draw import Drawing
from helpline_report.charts.style import Theme
from helpline_report.charts.type import set_in, width
from helpline_report.charts.words import Labels, Words
from helpline_report.parameters.other_years import OtherYears, PrintedYear

GAP = 6
RADIUS = 4.0
LETTERS = "abcdefghijklmnopqrstuvwxyz"


# Left, top, right and bottom.
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Label:
    """A value as it is written above a dot, upwards where the years are narrow."""

    x: float
    y: float
    text: str
    upwards: bool = False

    def box(self, size: float) -> Box:
        """The room that it takes, with a little air."""
        long = width(self.text, size)
        if self.upwards:
            return self.x - size, self.y - long - 3, self.x + 3, self.y + 3
        return self.x - long / 2 - 2, self.y - size, self.x + long / 2 + 2, self.y + 3


@dataclass(frozen=True)
class Years:
    """The years from first to last, and where they and their values lie."""

    first: int
    count: int
    left: float
    right: float
    heights: scale.Scale

    @property
    def step(self) -> float:
        """The width of a year."""
        return (self.right - self.left) / self.count

    def middle(self, year: int) -> float:
        """The middle of a year."""
        return self.left + (year - self.first + 0.5) * self.step

    def day(self, day: dt.date) -> float:
        """The place of a day."""
        start, end = dt.date(day.year, 1, 1), dt.date(day.year + 1, 1, 1)
        part = (day - start).days / (end - start).days
        return self.left + (day.year - self.first + part) * self.step


def draw_trend(name: str, shown: OtherYears, labels: Labels, theme: Theme, alt: str) -> Drawing:
    """Draw the totals at the width of `theme`: the same bytes each time.

    Years are joined where each has one value that stands, and no break lies between them.

    Raises:
        ValueError: there is no total to draw.
    """
    if not shown.points:
        raise ValueError(f"the trend '{name}' has nothing to draw")
    canvas = Canvas(theme, Words(labels))
    with set_in(theme.font):
        height = _drawn(canvas, shown)
    return Drawing(canvas.svg(height, alt), alt, theme.width, height)


def _drawn(canvas: Canvas, shown: OtherYears) -> float:
    years = _years(canvas, shown)
    bottom = years.heights(0)
    _breaks(canvas, shown, years)
    canvas.line([((years.left, bottom), (years.right, bottom))], "axis")
    _joined(canvas, shown, years)
    for points in _by_year(shown):
        _year(canvas, points, years)
    return _names(canvas, years)


def _years(canvas: Canvas, shown: OtherYears) -> Years:
    theme = canvas.theme
    top = theme.small * 1.5
    bottom = top + (190 if theme.narrow else 240)
    values = [float(point.value) for point in shown.points]
    heights = scale.from_zero(values, bottom, top + 3 * theme.small)
    marks = scale.ticks(heights, 4)
    texts = [canvas.words.number(mark, "count") for mark in marks]
    left = max(width(text, theme.small) for text in texts) + GAP
    canvas.line([((left, heights(mark)), (theme.width, heights(mark))) for mark in marks], "grid")
    for mark, text in zip(marks, texts, strict=True):
        y = heights(mark) + theme.small * 0.33
        canvas.text(left - GAP, y, text, size=theme.small, colour="muted", align="right")
    of = [point.year for point in shown.points]
    return Years(min(of), max(of) - min(of) + 1, left, theme.width, heights)


def _breaks(canvas: Canvas, shown: OtherYears, years: Years) -> None:
    size = canvas.theme.small
    boxes = [
        label.box(size) for points in _by_year(shown) for label in _labels(canvas, points, years)
    ]
    for letter, item in zip(LETTERS, shown.breaks, strict=False):
        x = years.day(item.date)
        canvas.line(pieces_between(x, (size * 1.3, years.heights(0)), boxes), "accent")
        canvas.text(x, size, letter, size=size, colour="accent", align="center")


def pieces_between(x: float, line: tuple[float, float], boxes: Sequence[Box]) -> list[Segment]:
    """The pieces of an upright line from its top down that no label stands on."""
    top, bottom = line
    pieces: list[Segment] = []
    for left, above, right, below in sorted(boxes, key=lambda box: box[1]):
        if left < x < right and above < bottom and below > top:
            pieces += [((x, top), (x, above))] if above > top else []
            top = below
    return [*pieces, ((x, top), (x, bottom))] if top < bottom else pieces


def _joined(canvas: Canvas, shown: OtherYears, years: Years) -> None:
    single = {}
    for year in range(years.first, years.first + years.count):
        of_year = [point for point in shown.points if point.year == year]
        if len(of_year) == 1 and of_year[0].standing == "final":
            single[year] = of_year[0].value
    for year, value in single.items():
        following = single.get(year + 1)
        start, end = dt.date(year, 1, 1), dt.date(year + 1, 12, 31)
        if following is None or any(start < item.date <= end for item in shown.breaks):
            continue
        ends = [(years.middle(year), value), (years.middle(year + 1), following)]
        (x, low), (to, high) = ends
        segment = ((x, years.heights(low)), (to, years.heights(high)))
        canvas.line([segment], "main", thick=1.5)


def _year(canvas: Canvas, ordered: Sequence[PrintedYear], years: Years) -> None:
    """The dots of a year, from the highest down, and their values above them."""
    x, size = years.middle(ordered[0].year), canvas.theme.small
    for point in ordered:
        y = years.heights(point.value)
        canvas.dot((x, y), RADIUS, "main")
        if point.standing == "provisional":
            canvas.dot((x, y), RADIUS - 1.5, "ground")
    for label in _labels(canvas, ordered, years):
        align: Align = "left" if label.upwards else "center"
        canvas.text(label.x, label.y, label.text, size=size, align=align, upwards=label.upwards)


def _labels(canvas: Canvas, ordered: Sequence[PrintedYear], years: Years) -> list[Label]:
    """The values of a year above its highest dot; one of them, upwards, where there is no room."""
    x, size = years.middle(ordered[0].year), canvas.theme.small
    texts = [canvas.words.number(point.value, "count") for point in ordered]
    y = years.heights(ordered[0].value) - RADIUS - 3
    if max(width(text, size) for text in texts) + 3 <= years.step:
        return [
            Label(x, y - place * size * 1.1, text) for place, text in enumerate(reversed(texts))
        ]
    return [Label(x + size * 0.35, y, texts[0], upwards=True)]


def _by_year(shown: OtherYears) -> list[list[PrintedYear]]:
    """The totals of each year, from the highest down."""
    years = sorted({point.year for point in shown.points})
    ordered = sorted(shown.points, key=lambda point: (-point.value, point.id))
    return [[point for point in ordered if point.year == year] for year in years]


def _names(canvas: Canvas, years: Years) -> float:
    size, bottom = canvas.theme.small, years.heights(0)
    every = 1 if width("2022", size) + 4 <= years.step else 2
    for year in range(years.first, years.first + years.count, every):
        canvas.text(
            years.middle(year),
            bottom + size * 1.35,
            str(year),
            size=size,
            colour="muted",
            align="center",
        )
    return bottom + size * 1.35 + 6
