"""Read the marks and labels of a drawn chart back, and hold them to the released ledger.

Bars have to be as long as their values, dots, intervals and numbers of an axis to stand where their
values are, and every label beside its own mark. Places are those of the SVG, in pixels.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import NamedTuple
from xml.etree import ElementTree as ET

from helpline_report.audit.expectations import (
    DIGIT,
    NUMERAL,
    Expectations,
    Misreading,
    has_number,
    plain,
)
from helpline_report.figures.model import Chart

POINT = re.compile(r"([ML])(-?[\d.]+) (-?[\d.]+)")
# Every place of a drawing is written with two decimals; the middle of a text is less certain.
NEAR, NEAR_TEXT = 0.05, 3
# A letter reaches so much of its size above its line, on the middle.
MIDDLE = 0.35
# So many of the largest and smallest marks may say what the scale is.
REFERENCES = 3
# How far a name may stand from the number before it.
ROOM = 80
# A drawing that is less wide is for a phone: names stand above what they name.
PHONE = 400
DOT = "dot"

# Names of figures, each with a place or a length, and a value.
Places = list[tuple[str, float, float]]


class DrawnMark(NamedTuple):
    """A shape that is called after its figure, by the points that it goes through."""

    figure: str
    points: tuple[tuple[float, float], ...]
    fill: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def size(self) -> tuple[float, float]:
        """How wide and how high it is."""
        return self.right - self.left, self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of it."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def distance(self, x: float, y: float) -> float:
        """How far a point lies from its edge; 0 inside."""
        across = max(self.left - x, x - self.right, 0)
        return math.hypot(across, max(self.top - y, y - self.bottom, 0))


class Label(NamedTuple):
    """A text of a drawing; `y` is the middle of its letters."""

    text: str
    x: float
    y: float
    anchor: str
    bold: bool
    muted: bool
    turned: bool


class ChartDrawing(NamedTuple):
    """The marks and the labels of a drawing; one that is `narrow` is for a phone."""

    marks: Sequence[DrawnMark]
    labels: Sequence[Label]
    narrow: bool


@dataclass(frozen=True)
class ChartReader:
    """Reads the drawings of one chart; of `points` that others printed it knows year and value."""

    expected: Expectations
    chart: Chart | None
    points: Mapping[str, tuple[int, float]]
    place: str

    def read(self, svg: str) -> Iterator[Misreading]:
        """What a drawing says otherwise than the ledger; of an own chart the alternative alone."""
        root = ET.fromstring(svg)  # noqa: S314 - written by this program, without entities
        yield from self._alternative(root.get("aria-label", ""))
        kind, ledger = self.chart.kind if self.chart else "trend", self.expected.ledger
        if kind == "own":
            return
        marks, labels = _parts(root)
        for mark in marks:
            figure = ledger.figures.get(mark.figure)
            if figure is not None and figure.value is None:
                yield self._differs(mark.figure, "a mark", "none, since it has no value")
        marks = [m for m in marks if self._value(m.figure) is not None or m.figure in ledger.series]
        readers = {
            **dict.fromkeys(("daily", "weeks"), self._strokes),
            **dict.fromkeys(("intervals", "changes"), self._estimates),
            **dict.fromkeys(("lines", "trend"), self._dots),
            "heatmap": self._squares,
        }
        if marks:
            narrow = float(root.get("width", "0")) < PHONE
            yield from readers.get(kind, self._bars)(ChartDrawing(marks, labels, narrow))

    def _differs(self, figure: str, text: str, expected: str) -> Misreading:
        return Misreading("index.html", self.place, figure, text, expected)

    def _value(self, name: str) -> float | None:
        """The value of a figure or of a point; None of what has no number."""
        figure = self.expected.ledger.figures.get(name)
        if figure is not None and has_number(figure):
            return figure.number
        return self.points[name][1] if name in self.points else None

    def _own(self, marks: Sequence[DrawnMark]) -> list[DrawnMark]:
        """The marks of the series that is shown, without those behind them."""
        series = self.expected.ledger.series.get((self.chart and self.chart.series) or "")
        names = {member.figure for member in series.members} if series else set()
        return [mark for mark in marks if mark.figure in names]

    def _number(self, label: Label, figure: str) -> Iterator[Misreading]:
        if wanted := self.expected.misread(label.text, figure):
            yield self._differs(figure, label.text, wanted)

    def _names(self, names: Mapping[str, Sequence[Label]]) -> Iterator[Misreading]:
        """The lines of a name beside each mark, which have to be a name of its figure."""
        for figure, lines in names.items():
            text = " ".join(line.text for line in lines)
            if not self.expected.is_called(text, figure):
                yield self._differs(figure, text, "its own name beside the mark")

    # Scales

    def _fit(
        self, places: Places, zero: float | None = None
    ) -> tuple[list[Misreading], Callable[[float], float]]:
        """What lies off the scale that most of some places agree with, and that scale.

        `zero` is the place of nothing, where that is known.
        """
        ordered = sorted(places, key=lambda each: each[2])
        lowest = [("", zero, 0.0)] if zero is not None else ordered[:REFERENCES]
        scales = [(zero, 0.0)] if zero is not None else []
        for (_, x, low), (_, y, high) in product(lowest, ordered[-REFERENCES:]):
            if high > low:
                slope = (y - x) / (high - low)
                scales.append((x - slope * low, slope))
        missed = [
            [each for each in places if abs(each[1] - zero - slope * each[2]) > NEAR]
            for zero, slope in scales
        ]
        if not scales:
            return [], lambda _: math.nan
        best = min(range(len(scales)), key=lambda at: len(missed[at]))
        zero, slope = scales[best]
        misses = []
        for name, place, value in missed[best]:
            wanted = f"{zero + slope * value:.2f}, on its chart's scale"
            misses.append(self._differs(name, f"{place:.2f} pixels", wanted))
        return misses, lambda value: zero + slope * value

    def _ticks(
        self, drawn: ChartDrawing, scale: Callable[[float], float], *, across: bool = False
    ) -> Iterator[Misreading]:
        """The numbers along an axis stand where the scale of the marks puts them."""
        left, lowest = min(m.left for m in drawn.marks), max(m.bottom for m in drawn.marks)
        for label in drawn.labels:
            tokens = NUMERAL.findall(label.text)
            beside = label.anchor == "end" and label.x <= left
            if across:
                beside = label.anchor == "middle" and label.y > lowest
            if label.muted and beside and tokens and not label.turned:
                place = scale(self.expected.read_number(tokens[0]))
                if abs(place - (label.x if across else label.y)) > NEAR_TEXT:
                    wanted = f"a number of the scale, {place:.0f} pixels from the edge"
                    yield self._differs("the axis", label.text, wanted)

    def _bars(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        marks, values = drawn.marks, [abs(self._value(m.figure) or 0) for m in drawn.marks]
        (across, _), (along, scale) = (
            self._fit([(m.figure, m.size[axis], v) for m, v in zip(marks, values, strict=True)], 0)
            for axis in (0, 1)
        )
        level = len({round(mark.bottom, 1) for mark in marks}) == 1 < len(marks)
        lying = len(across) <= len(along) and not level
        yield from across if lying else along
        own = drawn._replace(marks=self._own(marks))
        if self.chart is not None and self.chart.kind == "flow":
            yield from self._flow(drawn)
        elif lying and len(own.marks) > 1:
            yield from self._labels(own, 1, min(mark.left for mark in own.marks) + 2)
        elif not lying:
            base = max(marks, key=lambda mark: self._value(mark.figure) or 0).bottom
            yield from self._ticks(drawn, lambda value: base - scale(value))
            yield from self._labels(own, 0, max(mark.bottom for mark in own.marks))

    def _strokes(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        """A path with a stroke for each week of a series by day or by week."""
        mark, weeks = drawn.marks[0], dict[str, tuple[str, float]]()
        for member in self.expected.ledger.series[mark.figure].members:
            week = f"{dt.date.fromisoformat(member.code):%G-W%V}"
            name, total = weeks.get(week, (member.figure, 0.0))
            weeks[week] = (name, total + (self._value(member.figure) or 0))
        ends = list(zip(mark.points[::2], mark.points[1::2], strict=True))
        if len(ends) != len(weeks):
            yield self._differs(mark.figure, f"{len(ends)} strokes", str(len(weeks)))
            return
        strokes = zip(weeks.values(), ends, strict=True)
        sizes = [(name, abs(a[1] - b[1]), total) for (name, total), (a, b) in strokes]
        misses, scale = self._fit(sizes, 0)
        yield from misses
        yield from self._ticks(drawn, lambda value: mark.bottom - scale(value))

    def _dots(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        misses, scale = self._fit(
            [(mark.figure, mark.centre[1], self._value(mark.figure) or 0) for mark in drawn.marks]
        )
        yield from misses
        yield from self._ticks(drawn, scale)
        if self.chart is None:
            yield from self._years(drawn)
        else:
            own = drawn._replace(marks=self._own(drawn.marks))
            yield from self._labels(own, 0, max(mark.bottom for mark in own.marks))

    def _estimates(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        figures, places = self.expected.ledger.figures, []
        for mark in drawn.marks:
            figure, interval = figures[mark.figure], figures[mark.figure].interval
            values = [figure.number]
            if mark.fill != DOT and interval is not None:
                values = [interval.low, interval.high]
            ends = (mark.centre,) if mark.fill == DOT else mark.points
            places += [(mark.figure, x, v) for (x, _), v in zip(ends, values, strict=False)]
        logarithmic = any(figures[mark.figure].unit == "ratio" for mark in drawn.marks)
        to_scale = math.log if logarithmic else float
        misses, scale = self._fit(
            [(name, x, to_scale(v)) for name, x, v in places if v > 0 or not logarithmic]
        )
        yield from misses
        yield from self._ticks(drawn, lambda value: scale(to_scale(value)), across=True)
        yield from self._labels(drawn, 1, math.inf)

    # Labels

    def _labels(self, drawn: ChartDrawing, axis: int, edge: float) -> Iterator[Misreading]:
        """Number and name beside each mark along an axis: of columns (0), or of what lies (1).

        Names of columns stand below their `edge`, those of bars left of theirs. On a phone names of
        what lies stand above it, and all that is said of an estimate.
        """
        marks, labels, narrow = drawn
        pitch = _pitch(mark.centre[axis] for mark in marks)
        numbers, names = Counter[str](), dict[str, list[Label]]()
        for label in sorted(labels, key=lambda each: (each.x if each.turned else 0, each.y)):
            above = narrow and axis == 1 and (edge == math.inf or not label.bold)
            below = [mark for mark in marks if mark.centre[1] > label.y or not above]
            # A name below the last mark is that of a bar that is hidden.
            mark, away = _nearest(below or marks, label, axis)
            role = self._role(label, axis, edge, narrow=narrow)
            if not below or away > (pitch - 2 if above else pitch / 2):
                continue
            if role == "name":
                names.setdefault(mark.figure, []).append(label)
            elif role and DIGIT.search(label.text):
                numbers[mark.figure] += role == "value"
                parts = ("value",) if role == "value" else ("denominator", "numerator")
                form = None if role == "value" else "from_to"
                if wanted := self.expected.misread(label.text, mark.figure, parts, form):
                    yield self._differs(mark.figure, label.text, wanted)
        for figure in {mark.figure for mark in marks} if axis == 1 else ():
            if numbers[figure] != 1:
                text = f"{numbers[figure]} numbers"
                yield self._differs(figure, text, "one number beside its mark")
        if pitch < math.inf:
            yield from self._names(names)

    def _role(self, label: Label, axis: int, edge: float, *, narrow: bool) -> str:
        """What a label says of the mark beside it: its value, its counts or its name."""
        if axis == 0:
            upright = label.anchor == "middle" or label.turned
            return ("name" if label.y > edge else "value") if upright else ""
        if label.bold:
            return "value"
        if label.muted:
            return "counts" if edge == math.inf and label.anchor != "middle" else ""
        return "name" if label.x <= edge and (narrow or label.anchor == "end") else ""

    def _flow(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        """The number at each node, and the name beside its number or above it."""
        marks, labels, narrow = drawn
        numbers = [label for label in labels if label.bold or label.muted]
        owners = {
            label: min(marks, key=lambda mark: mark.distance(label.x, label.y))
            for label in numbers
            if DIGIT.search(label.text) and label.text != "0"
        }
        for label, mark in owners.items():
            yield from self._number(label, mark.figure)
        names: dict[str, list[Label]] = {}
        for label in sorted({*labels} - {*numbers}, key=lambda each: each.y):
            if narrow:
                beside = [each for each in numbers if each.y > label.y]
            else:
                beside = [each for each in numbers if 0 < label.x - each.x < ROOM]
            number = min(beside, key=lambda each: abs(each.y - label.y), default=None)
            # A part of nothing has a name and no mark.
            if number in owners:
                names.setdefault(owners[number].figure, []).append(label)
        yield from self._names(names)

    def _years(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        """Printed totals: the values that stand above each year, and the years below."""
        marks, labels, _ = drawn
        lowest = max(mark.bottom for mark in marks)
        for label in labels:
            if not DIGIT.search(label.text) or (label.anchor == "end" and not label.turned):
                continue
            x = min((mark.centre[0] for mark in marks), key=lambda x: abs(x - label.x))
            above = [mark.figure for mark in marks if abs(mark.centre[0] - x) < 1]
            known = {self.expected.number(self.points[name][1], 0) for name in above}
            if label.y > lowest:
                known = {str(self.points[name][0]) for name in above if abs(x - label.x) < 1}
            if known and label.text not in known:
                yield self._differs(above[0], label.text, " or ".join(sorted(known)))

    def _squares(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        marks, labels, _ = drawn
        table = self.expected.ledger.crosstabs.get((self.chart and self.chart.crosstab) or "")
        # Each row is shaded by itself, but for days and hours.
        by_row = table is not None and table.rows not in ("month", "weekday")
        row = {cell.figure: cell.row for cell in table.cells} if table and by_row else {}
        order = sorted(marks, key=lambda m: (row.get(m.figure, ""), self._value(m.figure) or 0))
        for one, other in pairwise(order):
            if row.get(one.figure) == row.get(other.figure) and one.fill > other.fill:
                yield self._differs(one.figure, one.fill, f"no darker than {other.fill}")
        top, left = min(mark.top for mark in marks), min(mark.left for mark in marks)
        for label in labels:
            inside = [mark for mark in marks if not mark.distance(label.x, label.y)]
            if inside and DIGIT.search(label.text) and label.anchor == "middle":
                yield from self._number(label, inside[0].figure)
                continue
            named: list[DrawnMark] = []
            if label.y < top - 1 and label.anchor == "middle" and not label.turned:
                named = [mark for mark in marks if abs(mark.centre[0] - label.x) < 1]
            elif label.x < left and label.anchor == "end":
                named = [mark for mark in marks if mark.top < label.y < mark.bottom]
            # A line of the name of a row or a column.
            text = plain(label.text).rstrip("…")
            for mark in named:
                if not any(text in each for each in self.expected.names(mark.figure)):
                    yield self._differs(mark.figure, label.text, "its own name at its place")

    def _alternative(self, text: str) -> Iterator[Misreading]:
        """Every number of the alternative is of the chart; behind a label it is of that label."""
        figures = [
            *self.expected.figures_of(self.chart),
            *(self.chart.figures if self.chart else ()),
        ]
        for token in self.expected.unexplained(text, figures) if self.chart else ():
            yield self._differs("a number of no figure", token, "a number of the chart")
        called: dict[str, set[str]] = {}
        for figure in figures:
            for name in self.expected.names(figure):
                called.setdefault(name, set()).add(figure)
        if not called or (self.chart and self.chart.crosstab):
            return
        names = "|".join(re.escape(name) for name in sorted(called, key=len, reverse=True))
        pattern = re.compile(rf"(?<!\w)({names}):? ({NUMERAL.pattern})(?![\d.,]*\w)")
        for match in pattern.finditer(plain(text)):
            wanted = [self.expected.misread(match[2], each) for each in sorted(called[match[1]])]
            if all(wanted):
                yield self._differs(min(called[match[1]]), match[0], " or ".join(wanted))


def _nearest(marks: Sequence[DrawnMark], label: Label, axis: int) -> tuple[DrawnMark, float]:
    """The mark that is nearest to a label along an axis, and how far away it is."""
    place = (label.x, label.y)[axis]
    mark = min(marks, key=lambda mark: abs(mark.centre[axis] - place))
    return mark, abs(mark.centre[axis] - place)


def _pitch(places: Iterable[float]) -> float:
    """How far marks stand apart; of one by itself nothing tells what belongs to it."""
    ordered = sorted({round(place, 1) for place in places})
    return min((later - one for one, later in pairwise(ordered)), default=math.inf)


def _parts(root: ET.Element) -> tuple[list[DrawnMark], list[Label]]:
    """The marks and the texts of a drawing, with the style of the group they stand in."""
    marks: list[DrawnMark] = []
    labels: list[Label] = []
    keys: list[float] = []
    for outer in root:
        group = outer.get("style", "")
        for item in [outer, *outer] if outer.tag.endswith("}g") else [outer]:
            style = group + ";" + item.get("style", "")
            name = item.get("data-figure")
            if item.tag.endswith("}text"):
                labels.append(_label(item, style))
            elif name is None and item.tag.endswith("}circle"):
                keys.append(float(item.get("cy", "0")))
            elif name is not None:
                fill = re.findall(r"fill:var\(--([a-z0-9]+)", style)
                if item.tag.endswith("}circle"):
                    point = (float(item.get("cx", "0")), float(item.get("cy", "0")))
                    marks.append(_mark(name, (point,), DOT))
                else:
                    path = POINT.findall(item.get("d", ""))
                    points = tuple((float(x), float(y)) for _, x, y in path)
                    marks.append(_mark(name, points, fill[-1] if fill else ""))
    # What a dot of the legend stands for is no name of a mark.
    beside = [label for label in labels if all(abs(label.y - y) > 4 for y in keys)]  # noqa: PLR2004
    return marks, beside


def _mark(figure: str, points: tuple[tuple[float, float], ...], fill: str) -> DrawnMark:
    across, down = zip(*points, strict=True)
    return DrawnMark(figure, points, fill, min(across), min(down), max(across), max(down))


def _label(item: ET.Element, style: str) -> Label:
    size = re.findall(r"font-size:([\d.]+)", style)
    anchor = re.findall(r"text-anchor:(\w+)", style)
    turned = "rotate(" in item.get("transform", "")
    x, y = float(item.get("x", "0")), float(item.get("y", "0"))
    lift = float(size[-1]) * MIDDLE if size else 0
    return Label(
        "".join(item.itertext()),
        x - lift if turned else x,
        y if turned else y - lift,
        anchor[-1] if anchor else "start",
        "font-weight:600" in style,
        "--muted" in style,
        turned,
    )
