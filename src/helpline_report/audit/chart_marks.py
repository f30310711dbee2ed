"""Read the marks and labels of a drawn chart back, and hold them to the released ledger.

Bars have to be as long as their values, dots and intervals to stand where their values are, and
every label beside its own mark. Lengths and places are those of the SVG, in pixels.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import NamedTuple
from xml.etree import ElementTree as ET

from helpline_report.audit.expectations import DIGIT, NUMERAL, Expectations, Misreading, plain
from helpline_report.figures.model import Chart

POINT = re.compile(r"([ML])(-?[\d.]+) (-?[\d.]+)")
TURNED = re.compile(r"rotate\(")
# Every place of a drawing is written with two decimals.
NEAR = 0.05
# A letter reaches so much of its size above its line, on the middle.
MIDDLE = 0.35
# So many of the largest and smallest marks may say what the scale is.
REFERENCES = 3
# How far a name may stand from the number before it.
ROOM = 80
# A drawing that is less wide is for a phone: names stand above what they name.
PHONE = 400
LYING = ("columns", "bars", "flow")
ESTIMATES = ("intervals", "changes")
DOT = "dot"

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
    """Reads the drawings of one chart; `values` are those of its marks by their names."""

    expected: Expectations
    chart: Chart | None
    values: Mapping[str, float]
    place: str

    def read(self, svg: str) -> Iterator[Misreading]:
        """What a drawing says otherwise than the ledger; of an own chart the alternative alone."""
        root = ET.fromstring(svg)  # noqa: S314 - written by this program, without entities
        yield from self._alternative(root.get("aria-label", ""))
        kind = self.chart.kind if self.chart else "trend"
        if kind == "own":
            return
        marks, labels = _parts(root)
        narrow = float(root.get("width", "0")) < PHONE
        readers: dict[str, Callable[[ChartDrawing], Iterator[Misreading]]] = {
            **dict.fromkeys(("daily", "weeks"), self._strokes),
            **dict.fromkeys(LYING, self._bars),
            **dict.fromkeys(ESTIMATES, self._estimates),
            "lines": self._dots,
            "trend": self._dots,
            "heatmap": self._squares,
        }
        for mark in marks:
            figure = self.expected.ledger.figures.get(mark.figure)
            if figure is not None and figure.value is None:
                yield self._difference(mark.figure, "a mark", "none, since it has no value")
        known = self.values.keys() | self.expected.ledger.series.keys()
        marks = [mark for mark in marks if mark.figure in known]
        if marks:
            yield from readers[kind](ChartDrawing(marks, labels, narrow))

    def _difference(self, figure: str, text: str, expected: str) -> Misreading:
        return Misreading("index.html", self.place, figure, text, expected)

    def _number(self, label: Label, figure: str) -> Iterator[Misreading]:
        wanted = ""
        if figure in self.expected.ledger.figures:
            wanted = self.expected.misread(label.text, figure)
        elif label.text != self.expected.number(self.values[figure], 0):
            wanted = self.expected.number(self.values[figure], 0)
        if wanted:
            yield self._difference(figure, label.text, wanted)

    def _name(self, labels: Iterable[Label], figure: str) -> Iterator[Misreading]:
        """The lines of a name beside a mark, which have to be a name of its figure."""
        text = " ".join(label.text for label in labels)
        if text and not self.expected.is_called(text, figure):
            yield self._difference(figure, text, "its own name beside the mark")

    # Scales

    def _lengths(self, places: Places) -> list[Misreading]:
        """The marks whose length over their value isn't the constant of the others."""
        largest = sorted(places, key=lambda each: -abs(each[2]))[:REFERENCES]
        scales = [(0.0, length / abs(value)) for _, length, value in largest if value]
        sizes = [(name, length, abs(value)) for name, length, value in places]
        return self._outliers(sizes, scales or [(0.0, 0.0)])

    def _positions(self, places: Places) -> list[Misreading]:
        """The marks that don't stand where their value is, on the scale of the others."""
        ordered = sorted(places, key=lambda each: each[2])
        scales = []
        for (_, x, low), (_, y, high) in product(ordered[:REFERENCES], ordered[-REFERENCES:]):
            if high > low:
                slope = (y - x) / (high - low)
                scales.append((x - slope * low, slope))
        return self._outliers(places, scales) if scales else []

    def _outliers(self, places: Places, scales: Sequence[tuple[float, float]]) -> list[Misreading]:
        """What lies off the one of some scales (zero and slope) that most marks agree with."""
        missed = [
            [each for each in places if abs(each[1] - zero - slope * each[2]) > NEAR]
            for zero, slope in scales
        ]
        best = min(range(len(scales)), key=lambda at: len(missed[at]))
        zero, slope = scales[best]
        return [
            self._difference(
                name, f"{place:.2f} pixels", f"{zero + slope * value:.2f}, on its chart's scale"
            )
            for name, place, value in missed[best]
        ]

    # Kinds

    def _bars(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        marks, labels, narrow = drawn
        lengths = (
            self._lengths([(m.figure, m.right - m.left, self.values[m.figure]) for m in marks]),
            self._lengths([(m.figure, m.bottom - m.top, self.values[m.figure]) for m in marks]),
        )
        lying = len(lengths[0]) <= len(lengths[1])
        if len({round(mark.bottom, 1) for mark in marks}) == 1 < len(marks):
            lying = False
        yield from lengths[0 if lying else 1]
        chart = self.chart
        if chart is not None and chart.kind == "flow":
            yield from self._flow_labels(drawn)
            return
        own = self._own(marks)
        if len(own) > 1 and lying:
            yield from self._lying_labels(ChartDrawing(own, labels, narrow))
        elif len(own) > 1:
            yield from self._column_labels(ChartDrawing(own, labels, narrow))

    def _own(self, marks: Sequence[DrawnMark]) -> list[DrawnMark]:
        """The marks of the series that is shown, without those behind them."""
        series = self.expected.ledger.series.get((self.chart and self.chart.series) or "")
        names = {member.figure for member in series.members} if series else set()
        return [mark for mark in marks if mark.figure in names]

    def _column_labels(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        marks, labels, _ = drawn
        base = max(mark.bottom for mark in marks)
        pitch = _pitch(mark.centre[0] for mark in marks)
        names: dict[str, list[Label]] = {}
        for label in labels:
            mark = min(marks, key=lambda mark: abs(mark.centre[0] - label.x))
            near = abs(mark.centre[0] - label.x) < pitch / 2
            if not near or not (label.anchor == "middle" or label.turned):
                continue
            if label.y > base:
                names.setdefault(mark.figure, []).append(label)
            elif DIGIT.search(label.text):
                yield from self._number(label, mark.figure)
        for figure, lines in names.items():
            order = sorted(lines, key=lambda line: (line.x, line.y) if line.turned else (0, line.y))
            yield from self._name(order, figure)

    def _lying_labels(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        marks, labels, narrow = drawn
        base = min(mark.left for mark in marks)
        pitch = _pitch(mark.centre[1] for mark in marks)
        names: dict[str, list[Label]] = {}
        numbers: dict[str, list[Label]] = {mark.figure: [] for mark in marks}
        for label in sorted(labels, key=lambda label: label.y):
            mark = min(marks, key=lambda mark: abs(mark.centre[1] - label.y))
            if label.x > base + 2 and label.anchor == "start":
                if mark.top < label.y < mark.bottom and DIGIT.search(label.text):
                    numbers[mark.figure].append(label)
                continue
            if narrow:
                below = [each for each in marks if each.centre[1] > label.y] or [mark]
                mark = min(below, key=lambda mark: mark.centre[1])
            if abs(mark.centre[1] - label.y) < (pitch - 2 if narrow else pitch / 2):
                names.setdefault(mark.figure, []).append(label)
        for figure, beside in numbers.items():
            if len(beside) != 1:
                text = " ".join(label.text for label in beside)
                yield self._difference(figure, text, "one number beside its bar")
            for label in beside:
                yield from self._number(label, figure)
        for figure, lines in names.items():
            yield from self._name(lines, figure)

    def _flow_labels(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        marks, labels, narrow = drawn
        numbers = [each for each in labels if each.bold and each.text not in ("", "0")]
        owner = {
            number: min(marks, key=lambda mark: mark.distance(number.x, number.y))
            for number in numbers
            if DIGIT.search(number.text)
        }
        for number, mark in owner.items():
            yield from self._number(number, mark.figure)
        names: dict[str, list[Label]] = {}
        for label in sorted(labels, key=lambda label: label.y):
            if label.bold or label.muted:
                continue
            if narrow:
                below = [mark for mark in marks if mark.top >= label.y]
                beside = sorted(below, key=lambda mark: mark.top)
            else:
                row = [each for each in owner if 0 < label.x - each.x < ROOM]
                row.sort(key=lambda each: abs(each.y - label.y))
                beside = [owner[each] for each in row]
            for mark in beside[:1]:
                names.setdefault(mark.figure, []).append(label)
        if len(owner) == len(marks) == len([each for each in labels if each.bold or each.muted]):
            for figure, lines in names.items():
                yield from self._name(lines, figure)

    def _strokes(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        ledger = self.expected.ledger
        for mark in drawn.marks:
            names = [member.figure for member in ledger.series[mark.figure].members]
            ends = list(zip(mark.points[::2], mark.points[1::2], strict=True))
            if len(ends) != len(names):
                text = f"{len(ends)} strokes"
                yield self._difference(mark.figure, text, str(len(names)))
                continue
            strokes = zip(names, ends, strict=True)
            values = (
                (name, abs(a[1] - b[1]), self.values.get(name, 0.0)) for name, (a, b) in strokes
            )
            yield from self._lengths(list(values))

    def _dots(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        marks, labels, narrow = drawn
        yield from self._positions([(m.figure, m.centre[1], self.values[m.figure]) for m in marks])
        lowest = max((mark.bottom for mark in marks), default=0)
        if self.chart is not None:
            own = self._own(marks)
            below = [each for each in labels if each.y > lowest and each.anchor == "middle"]
            if len(own) > 1:
                yield from self._column_labels(ChartDrawing(own, below, narrow))
            return
        for label in labels:
            if not DIGIT.search(label.text) or (label.anchor == "end" and not label.turned):
                continue
            x = min((mark.centre[0] for mark in marks), key=lambda x: abs(x - label.x))
            above = [mark.figure for mark in marks if abs(mark.centre[0] - x) < 1]
            known = {self.expected.number(self.values[name], 0) for name in above}
            if label.y < lowest and label.text not in known:
                yield self._difference(above[0], label.text, " or ".join(sorted(known)))

    def _squares(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        marks, labels, _ = drawn
        ordered = sorted(marks, key=lambda mark: self.values[mark.figure])
        for one, other in pairwise(ordered):
            if one.fill > other.fill:
                yield self._difference(one.figure, one.fill, f"no darker than {other.fill}")
        top, left = min(mark.top for mark in marks), min(mark.left for mark in marks)
        for label in labels:
            inside = [mark for mark in marks if not mark.distance(label.x, label.y)]
            if inside and DIGIT.search(label.text) and label.anchor == "middle":
                yield from self._number(label, inside[0].figure)
            elif label.y < top - 1 and label.anchor == "middle" and not label.turned:
                column = [m for m in marks if abs(m.centre[0] - label.x) < 1]
                yield from self._heads(label, column)
            elif label.x < left and label.anchor == "end":
                yield from self._heads(label, [m for m in marks if m.top < label.y < m.bottom])

    def _heads(self, label: Label, marks: Sequence[DrawnMark]) -> Iterator[Misreading]:
        """A line of the name of a row or a column: each of its marks has it in one of its names."""
        text = plain(label.text).rstrip("…")
        for mark in marks:
            if not any(text in each for each in self.expected.names(mark.figure)):
                yield self._difference(mark.figure, label.text, "its own name at its row or column")

    def _estimates(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        figures, places = self.expected.ledger.figures, []
        for mark in drawn.marks:
            figure, interval = figures[mark.figure], figures[mark.figure].interval
            values = [figure.number]
            if mark.fill != DOT and interval is not None:
                values = [interval.low, interval.high]
            ends = (mark.centre,) if mark.fill == DOT else mark.points
            places += [(mark.figure, x, v) for (x, _), v in zip(ends, values, strict=False)]
        if any(figures[mark.figure].unit == "ratio" for mark in drawn.marks):
            places = [(name, x, math.log(v)) for name, x, v in places if v > 0]
        yield from self._positions(places)
        yield from self._estimate_labels(drawn)

    def _estimate_labels(self, drawn: ChartDrawing) -> Iterator[Misreading]:
        pitch = _pitch(mark.centre[1] for mark in drawn.marks)
        reach = pitch / (1 if drawn.narrow else 2)
        names: dict[str, list[Label]] = {}
        for label in sorted(drawn.labels, key=lambda label: label.y):
            beside = [m for m in drawn.marks if m.centre[1] > label.y or not drawn.narrow]
            mark = min(beside, key=lambda m: abs(m.centre[1] - label.y), default=drawn.marks[0])
            far = abs(mark.centre[1] - label.y) > reach
            if far or pitch == math.inf or label.anchor == "middle":
                continue
            if not label.bold and not label.muted:
                names.setdefault(mark.figure, []).append(label)
            elif DIGIT.search(label.text):
                yield from (self._number if label.bold else self._counts)(label, mark.figure)
        for figure, lines in names.items():
            yield from self._name(lines, figure)

    def _counts(self, label: Label, figure: str) -> Iterator[Misreading]:
        parts = ("denominator", "numerator")
        wanted = self.expected.misread(label.text, figure, parts, "from_to")
        if wanted:
            yield self._difference(figure, label.text, wanted)

    def _alternative(self, text: str) -> Iterator[Misreading]:
        """Every label of the alternative with the number behind it."""
        called: dict[str, set[str]] = {}
        for figure in self._told():
            for name in self.expected.names(figure):
                called.setdefault(name, set()).add(figure)
        if not called:
            return
        names = "|".join(re.escape(name) for name in sorted(called, key=len, reverse=True))
        pattern = re.compile(rf"(?<!\w)({names}):? ({NUMERAL.pattern})(?![\d.,]*\w)")
        for match in pattern.finditer(plain(text)):
            figures = called[match[1]]
            if all(self.expected.misread(match[2], each) for each in figures):
                wanted = " or ".join(sorted(self.expected.misread(match[2], f) for f in figures))
                yield self._difference(min(figures), match[0], wanted)

    def _told(self) -> list[str]:
        """The figures that the alternative tells of."""
        if self.chart is None:
            return []
        series = self.expected.ledger.series.get(self.chart.series or "")
        members = [member.figure for member in series.members] if series else []
        return [*members, *self.chart.figures]


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
    turned = bool(TURNED.search(item.get("transform", "")))
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
