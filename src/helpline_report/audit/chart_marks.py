"""Read the marks and labels of a drawn chart back, and hold them to the released ledger.

Bars have to be as long as their values, dots, intervals and numbers of an axis to stand where their
values are, and every label beside its own mark. Places are those of the SVG, in pixels.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
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

POINT = re.compile(r"[ML](-?[\d.]+) (-?[\d.]+)")
# Every place of a drawing is written with two decimals; the middle of a text is less certain.
NEAR, NEAR_TEXT = 0.05, 3
# A letter reaches so much of its size above its line, on the middle.
MIDDLE = 0.35
# So many of the largest and smallest marks may say what the scale is.
REFERENCES = 3
# How far a name may stand from the number before it, and a dot of the legend from its text.
ROOM, LEGEND = 80, 4
# A drawing that is less wide is for a phone: names stand above what they name.
PHONE = 400

Scale = Callable[[float], float]


class DrawnMark(NamedTuple):
    """A shape that is called after its figure, by the points that it goes through."""

    figure: str
    points: Sequence[tuple[float, float]]
    fill: str
    dot: bool
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


class ChartReader:
    """Reads one drawing of a chart; without a `chart` it is that of totals of other years."""

    def __init__(self, svg: str, chart: Chart | None, expected: Expectations, place: str) -> None:
        self.root = ET.fromstring(svg)  # noqa: S314 - written by this program, without entities
        self.chart, self.expected, self.place = chart, expected, place
        self.narrow = float(self.root.get("width", "0")) < PHONE
        self.marks, self.labels = _list_shapes(self.root)

    def read(self) -> Iterator[Misreading]:
        """What it says otherwise than the ledger; of an own chart the alternative text alone."""
        yield from self._alternative(self.root.get("aria-label", ""))
        kind = self.chart.kind if self.chart else "lines"
        figures, series = self.expected.figures, self.expected.ledger.series
        for mark in self.marks if kind != "own" else ():
            if mark.figure in figures and figures[mark.figure].value is None:
                yield self._differs(mark.figure, "a mark", "none, since it has no value")
        names = {name for name, figure in figures.items() if has_number(figure)} | {*series}
        self.marks = [mark for mark in self.marks if mark.figure in names]
        own_series = series.get((self.chart and self.chart.series) or "")
        members = {member.figure for member in own_series.members} if own_series else names
        # Without those of another series behind them.
        self.own = [mark for mark in self.marks if mark.figure in members]
        if self.marks and kind != "own":
            readers = {
                **dict.fromkeys(("daily", "weeks"), self._strokes),
                **dict.fromkeys(("intervals", "changes"), self._estimates),
                "lines": self._dots,
                "heatmap": self._squares,
            }
            yield from readers.get(kind, self._bars)()

    def _differs(self, figure: str, text: str, expected: str) -> Misreading:
        return Misreading("index.html", self.place, figure, text, expected)

    def _value(self, mark: DrawnMark) -> float:
        return self.expected.figures[mark.figure].number

    # Scales

    def _fit(
        self, places: Sequence[tuple[str, float, float]], zero: float | None = None
    ) -> tuple[list[Misreading], Scale]:
        """What lies off the scale that most of some places agree with, and that scale.

        A place has its figure and its value; `zero` is the place of nothing, where that is known.
        """
        ordered = sorted(places, key=lambda each: each[2])
        lowest = [("", zero, 0.0)] if zero is not None else ordered[:REFERENCES]
        scales = [(zero, 0.0)] if zero is not None else []
        for (_, x, low), (_, y, high) in product(lowest, ordered[-REFERENCES:]):
            if high > low:
                slope = (y - x) / (high - low)
                scales.append((x - slope * low, slope))
        missed = [
            [each for each in places if abs(each[1] - start - slope * each[2]) > NEAR]
            for start, slope in scales
        ]
        if not scales:
            return [], lambda _: math.nan
        best = min(range(len(scales)), key=lambda at: len(missed[at]))
        start, slope = scales[best]
        misses = [
            self._differs(name, f"{x:.2f} pixels", f"{start + slope * value:.2f}, on its scale")
            for name, x, value in missed[best]
        ]
        return misses, lambda value: start + slope * value

    def _ticks(self, scale: Scale, *, across: bool = False) -> Iterator[Misreading]:
        """The numbers along an axis stand where the scale of the marks puts them."""
        left, lowest = min(m.left for m in self.marks), max(m.bottom for m in self.marks)
        for label in self.labels:
            tokens = NUMERAL.findall(label.text)
            beside = label.anchor == "end" and label.x <= left
            if across:
                beside = label.anchor == "middle" and label.y > lowest
            if label.muted and beside and tokens and not label.turned:
                place = scale(self.expected.read_number(tokens[0]))
                if abs(place - (label.x if across else label.y)) > NEAR_TEXT:
                    wanted = f"a number of the scale, {place:.0f} pixels from the edge"
                    yield self._differs("the axis", label.text, wanted)

    def _bars(self) -> Iterator[Misreading]:
        """Columns, or bars that lie: whichever way most lengths are those of their values."""
        marks = self.marks
        sizes = [(mark.right - mark.left, mark.bottom - mark.top) for mark in marks]
        values = [(mark.figure, abs(self._value(mark))) for mark in marks]
        (across, _), (along, scale) = (
            self._fit([(n, size[way], v) for (n, v), size in zip(values, sizes, strict=True)], 0)
            for way in (0, 1)
        )
        level = len({round(mark.bottom, 1) for mark in marks}) == 1 < len(marks)
        lying = len(across) <= len(along) and not level
        yield from across if lying else along
        if self.chart is not None and self.chart.kind == "flow":
            yield from self._flow()
        elif lying and len(self.own) > 1:
            yield from self._beside_marks(1, min(mark.left for mark in self.own) + 2)
        elif not lying:
            base = max(marks, key=self._value).bottom
            yield from self._ticks(lambda value: base - scale(value))
            yield from self._beside_marks(0, max(mark.bottom for mark in self.own))

    def _strokes(self) -> Iterator[Misreading]:
        """A path with a stroke for each week of a series by day or by week."""
        mark, weeks = self.marks[0], dict[str, tuple[str, float]]()
        for member in self.expected.ledger.series[mark.figure].members:
            week = f"{dt.date.fromisoformat(member.code):%G-W%V}"
            name, total = weeks.get(week, (member.figure, 0.0))
            value = self.expected.parts(self.expected.figures[member.figure]).get("value", 0)
            weeks[week] = (name, total + value)
        ends = list(zip(mark.points[::2], mark.points[1::2], strict=True))
        if len(ends) != len(weeks):
            yield self._differs(mark.figure, f"{len(ends)} strokes", str(len(weeks)))
            return
        strokes = zip(weeks.values(), ends, strict=True)
        misses, scale = self._fit(
            [(name, abs(a[1] - b[1]), total) for (name, total), (a, b) in strokes], 0
        )
        yield from misses
        yield from self._ticks(lambda value: mark.bottom - scale(value))

    def _dots(self) -> Iterator[Misreading]:
        misses, scale = self._fit([(m.figure, m.centre[1], self._value(m)) for m in self.marks])
        yield from misses
        yield from self._ticks(scale)
        yield from self._beside_marks(0, max(mark.bottom for mark in self.own))

    def _estimates(self) -> Iterator[Misreading]:
        """Dots at their values between the ends of their intervals, of ratios by logarithms."""
        figures, places = self.expected.figures, []
        logarithmic = any(figures[mark.figure].unit == "ratio" for mark in self.marks)
        to_scale: Scale = math.log if logarithmic else float
        for mark in self.marks:
            figure, interval = figures[mark.figure], figures[mark.figure].interval
            values = [figure.number]
            if not mark.dot and interval is not None:
                values = [interval.low, interval.high]
            for (x, _), value in zip(mark.points, values, strict=False):
                if value > 0 or not logarithmic:
                    places.append((mark.figure, x, to_scale(value)))
        misses, scale = self._fit(places)
        yield from misses
        yield from self._ticks(lambda value: scale(to_scale(value)), across=True)
        self.own = self.marks
        yield from self._beside_marks(1, math.inf)

    # Labels

    def _beside_marks(self, axis: int, edge: float) -> Iterator[Misreading]:
        """Number and name beside each mark along an axis: of columns (0), or of what lies (1).

        Names of columns stand below their `edge`, those of bars left of theirs. On a phone names of
        what lies stand above it, and all that is said of an estimate.
        """
        marks, estimates = self.own, edge == math.inf
        places = sorted({round(mark.centre[axis], 1) for mark in marks})
        # Of one mark by itself nothing tells what belongs to it.
        pitch = min((later - one for one, later in pairwise(places)), default=math.inf)
        numbers, names = Counter[str](), dict[str, list[str]]()
        for label in sorted(self.labels, key=lambda each: (each.x if each.turned else 0, each.y)):
            above = self.narrow and axis == 1 and (estimates or not label.bold)
            x_or_y = (label.x, label.y)[axis]
            near = [
                (round(abs(m.centre[axis] - x_or_y), 1), abs(m.centre[1] - label.y), m)
                for m in marks
                if m.centre[1] > label.y or not above
            ]
            # A name below the last mark is that of a bar that is hidden.
            away, _, mark = min(near, default=(math.inf, 0, marks[0]))
            if away > (pitch - 2 if above else pitch / 2):
                continue
            role = self._role(label, axis, edge)
            if role == "name":
                names.setdefault(mark.figure, []).append(label.text)
            elif role and DIGIT.search(label.text):
                numbers[mark.figure] += role == "value"
                counts = role == "counts"
                parts = ("denominator", "numerator") if counts else ("value",)
                form = "from_to" if counts else None
                if wanted := self.expected.misread(label.text, mark.figure, parts, form):
                    yield self._differs(mark.figure, label.text, wanted)
        for name in {mark.figure for mark in marks} if axis == 1 else ():
            if numbers[name] != 1:
                yield self._differs(name, f"{numbers[name]} numbers", "one beside its mark")
        if pitch < math.inf:
            yield from self._names(names)

    def _role(self, label: Label, axis: int, edge: float) -> str:
        """What a label says of the mark beside it: its value, its counts or its name."""
        if axis == 0:
            upright = label.anchor == "middle" or label.turned
            return ("name" if label.y > edge else "value") if upright else ""
        if label.bold:
            return "value"
        if label.muted:
            return "counts" if edge == math.inf and label.anchor != "middle" else ""
        return "name" if label.x <= edge and (self.narrow or label.anchor == "end") else ""

    def _names(self, names: dict[str, list[str]]) -> Iterator[Misreading]:
        """The lines of a name beside each mark, which have to be a name of its figure."""
        for figure, lines in names.items():
            if not self.expected.is_called(" ".join(lines), figure):
                yield self._differs(figure, " ".join(lines), "its own name beside the mark")

    def _flow(self) -> Iterator[Misreading]:
        """The number at each node, and the name beside its number or above it."""
        numbers = [label for label in self.labels if label.bold or label.muted]
        owners = {
            label: min(self.marks, key=lambda mark: mark.distance(label.x, label.y)).figure
            for label in numbers
            if DIGIT.search(label.text) and label.text != "0"
        }
        for label, figure in owners.items():
            if wanted := self.expected.misread(label.text, figure):
                yield self._differs(figure, label.text, wanted)
        names: dict[str, list[str]] = {}
        for label in sorted({*self.labels} - {*numbers}, key=lambda each: each.y):
            beside = [
                each
                for each in numbers
                if (each.y > label.y if self.narrow else 0 < label.x - each.x < ROOM)
            ]
            number = min(beside, key=lambda each: abs(each.y - label.y), default=None)
            # A part of nothing has a name and no mark.
            if number in owners:
                names.setdefault(owners[number], []).append(label.text)
        yield from self._names(names)

    def _squares(self) -> Iterator[Misreading]:
        """Darker squares for more; a number in its square, and the names of rows and columns."""
        marks = self.marks
        table = self.expected.ledger.crosstabs.get((self.chart and self.chart.crosstab) or "")
        # Each row is shaded by itself, but for days and hours.
        by_row = table is not None and table.rows not in ("month", "weekday")
        row = {cell.figure: cell.row for cell in table.cells} if table and by_row else {}
        order = sorted(marks, key=lambda mark: (row.get(mark.figure, ""), self._value(mark)))
        for one, other in pairwise(order):
            if row.get(one.figure) == row.get(other.figure) and one.fill > other.fill:
                yield self._differs(one.figure, one.fill, f"no darker than {other.fill}")
        top, left = min(mark.top for mark in marks), min(mark.left for mark in marks)
        for label in self.labels:
            inside = [mark for mark in marks if not mark.distance(label.x, label.y)]
            if inside and DIGIT.search(label.text) and label.anchor == "middle":
                if wanted := self.expected.misread(label.text, inside[0].figure):
                    yield self._differs(inside[0].figure, label.text, wanted)
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
        if self.chart is None:
            return
        figures = [*self.expected.figures_of(self.chart), *self.chart.figures]
        for token in self.expected.unexplained(text, figures):
            yield self._differs("a number of no figure", token, "a number of the chart")
        called: dict[str, set[str]] = {}
        for figure in figures if self.chart.crosstab is None else ():
            for name in self.expected.names(figure):
                called.setdefault(name, set()).add(figure)
        names = "|".join(re.escape(name) for name in sorted(called, key=len, reverse=True))
        pattern = re.compile(rf"(?<!\w)({names}):? ({NUMERAL.pattern})(?![\d.,]*\w)")
        for match in pattern.finditer(plain(text)) if called else ():
            wanted = [self.expected.misread(match[2], each) for each in sorted(called[match[1]])]
            if all(wanted):
                yield self._differs(min(called[match[1]]), match[0], " or ".join(wanted))


def _list_shapes(root: ET.Element) -> tuple[list[DrawnMark], list[Label]]:
    """The marks and the texts of a drawing, with the style of the group they stand in."""
    marks, labels, keys = list[DrawnMark](), list[Label](), list[float]()
    shapes = [
        (item, f"{outer.get('style', '')};{item.get('style', '')}")
        for outer in root
        for item in ([outer, *outer] if outer.tag.endswith("}g") else [outer])
    ]
    for item, style in shapes:
        name, dot = item.get("data-figure"), item.tag.endswith("}circle")
        if item.tag.endswith("}text"):
            labels.append(_read_label(item, style))
        elif name is None and dot:
            keys.append(float(item.get("cy", "0")))
        elif name is not None:
            path = (
                [(item.get("cx", "0"), item.get("cy", "0"))]
                if dot
                else POINT.findall(item.get("d", ""))
            )
            points = [(float(x), float(y)) for x, y in path]
            across, down = zip(*points, strict=True)
            fill = ["", *re.findall(r"fill:var\(--([a-z0-9]+)", style)][-1]
            edges = (min(across), min(down), max(across), max(down))
            marks.append(DrawnMark(name, points, fill, dot, *edges))
    # What a dot of the legend stands for is no name of a mark.
    return marks, [label for label in labels if all(abs(label.y - y) > LEGEND for y in keys)]


def _read_label(item: ET.Element, style: str) -> Label:
    size = ["0", *re.findall(r"font-size:([\d.]+)", style)][-1]
    turned, lift = "rotate(" in item.get("transform", ""), float(size) * MIDDLE
    x, y = float(item.get("x", "0")), float(item.get("y", "0"))
    return Label(
        text="".join(item.itertext()),
        x=x - lift if turned else x,
        y=y if turned else y - lift,
        anchor=["start", *re.findall(r"text-anchor:(\w+)", style)][-1],
        bold="font-weight:600" in style,
        muted="--muted" in style,
        turned=turned,
    )
