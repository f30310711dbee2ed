"""Read the marks and labels of a drawn chart back, and hold them to the released ledger.

Bars have to be as long as their values, dots, intervals and numbers of an axis to stand where their
values are, and every label beside its own mark. Places are those of the SVG, in pixels.
"""

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise, product
from typing import NamedTuple

from helpline_report.audit.expectations import (
    NUMERAL,
    Element,
    Expectations,
    Misreading,
    drop_sources,
    get_text,
    list_numerals,
    plain,
    squeeze,
)
from helpline_report.figures.model import Chart

# What of a mark says its number, along which axis (0 across, 1 upwards): its two `edges`, of which
# one is nothing; its `points`; or its `length`. Of two ways that which fits best is meant.
MEASURES: dict[str, Sequence[tuple[str, int]]] = {
    "columns": (("edges", 1), ("edges", 0)),
    "bars": (("edges", 0),),
    "daily": (("edges", 1),),
    "weeks": (("edges", 1),),
    "lines": (("points", 1),),
    "trend": (("points", 1),),
    "intervals": (("points", 0),),
    "changes": (("points", 0),),
    "flow": (("length", 0), ("length", 1)),
}
ESTIMATES, OF_WEEKS = ("intervals", "changes"), ("daily", "weeks")
SHAPES = ".//*[self::path or self::circle][@data-figure]"
POINT = re.compile(r"[ML](-?[\d.]+) (-?[\d.]+)")
# Every place of a drawing is written with two decimals; the middle of a text is less certain.
NEAR, NEAR_TEXT = 0.05, 3
# A letter reaches so much of its size above its line, on the middle.
MIDDLE = 0.35
# The scale is read from at most this many of the largest and of the smallest numbers.
REFERENCES = 3
# A drawing that is less wide is for a phone: names stand above what they name.
PHONE = 400
# How far a square of the legend may stand before its text, and above or below it.
BESIDE, LEGEND = 25, 4
HIGHEST, LOWEST = re.compile("(?:hoogste|highest): "), re.compile("(?:laagste|lowest): ")
# The shades of a square, after the one of nothing.
SHADES = 5
# What a text says that stands about a figure: of a legend the period, which has no place.
PERIOD = ("period",)
NAMES = (("name",), ("row",), PERIOD)

Scale = Callable[[float], float]


class Label(NamedTuple):
    """A text of a drawing; `at` is the middle of its letters, across and downwards.

    It says `parts` of a `figure`, if it is called after one, or is the name of an `event`.
    """

    text: str
    figure: str
    parts: Sequence[str]
    at: tuple[float, float]
    anchor: str
    muted: bool
    turned: bool
    event: str


class DrawnMark(NamedTuple):
    """A shape that is called after its figure: its points, and the numbers that it stands for.

    Those are a value, or the ends of an interval; none of what has no number. `ends` are the least
    and the most of the points across, and downwards.
    """

    figure: str
    points: Sequence[tuple[float, float]]
    numbers: Sequence[float]
    ends: Sequence[tuple[float, float]]
    fill: str

    def middle(self, axis: int) -> float:
        """Its middle along an axis."""
        return sum(self.ends[axis]) / 2

    def distance(self, place: Sequence[float]) -> float:
        """How far a place lies from its edge; 0 inside."""
        ends = zip(self.ends, place, strict=True)
        return math.hypot(*(max(low - at, at - high, 0) for (low, high), at in ends))


class ChartReader:
    """Reads one drawing of a chart; `place` is a file and where in it the drawing stands."""

    def __init__(
        self, svg: Element, chart: Chart, expected: Expectations, place: tuple[str, str]
    ) -> None:
        self.chart, self.kind, self.expected, self.place = chart, chart.kind, expected, place
        self.alternative = svg.get("aria-label", "")
        self.narrow = float(svg.get("width")) < PHONE
        self.marks = [mark for item in svg.xpath(SHAPES) for mark in self._list_marks(item)]
        labels = [_read_label(item) for item in svg.xpath(".//text")]
        self.labels = [each for each in labels if not each.event]
        self.events = sorted((each for each in labels if each.event), key=lambda each: each.at[1])
        poles = svg.xpath(".//path[@data-event]")
        self.poles = {item.get("data-event"): _read_shape(item) for item in poles}
        squares = svg.xpath(".//path[contains(@d, 'L')][not(@data-figure or @transform)]")
        self.squares = [shape for shape in map(_read_shape, squares) if shape.fill]

    def read(self) -> Iterator[Misreading]:
        """What it says otherwise than the ledger; of an own chart the alternative text alone."""
        yield from self._read_alternative()
        if self.kind == "own":
            return
        yield from self._count_marks()
        self.marks = [mark for mark in self.marks if mark.numbers]
        yield from self._read_fills()
        yield from self._read_legend()
        if not self.marks:
            return
        axis = None
        if self.kind == "heatmap":
            yield from self._read_squares()
        else:
            fits = [(*self._fit_marks(*measure), measure[1]) for measure in MEASURES[self.kind]]
            misses, scale, along = min(fits, key=lambda fit: len(fit[0]))
            yield from misses
            if self.kind != "flow":
                yield from self._read_ticks(scale, along)
                axis = 1 - along
        yield from self._read_events()
        yield from self._read_labels(axis)

    def _differs(self, figure: str, text: str, expected: str) -> Misreading:
        return Misreading(*self.place, figure, text, expected)

    # Marks

    def _list_weeks(self, series: str) -> list[list[str]]:
        """The figures of the days of each week of a series by date."""
        members = self.expected.ledger.breakdowns[series].members
        weeks = groupby(members, lambda each: f"{dt.date.fromisoformat(each.codes[0]):%G-W%V}")
        return [[member.figure for member in week] for _, week in weeks]

    def _list_marks(self, item: Element) -> Iterator[DrawnMark]:
        """The mark of a figure; of a series one for each of its weeks."""
        name, numbers = item.get("data-figure"), self.expected.numbers
        shape = _read_shape(item, name)
        if name in self.expected.ledger.breakdowns:
            for at, days in enumerate(self._list_weeks(name)):
                if points := shape.points[2 * at : 2 * at + 2]:
                    yield _read_shape(item, days[0], points, [sum(numbers.get(d, 0) for d in days)])
        elif self.kind in ESTIMATES and len(shape.points) > 1 and name in numbers:
            interval = self.expected.figures[name].interval
            yield shape._replace(numbers=[interval.low, interval.high] if interval else [])
        else:
            yield shape._replace(numbers=[numbers[name]] if name in numbers else [])

    def _list_figures(self) -> list[str]:
        """The figures that have a mark: of weeks the first days."""
        chart, known = self.chart, self.expected.ledger.breakdowns
        series = [known[each] for each in (chart.breakdown, chart.against) if each]
        if self.kind in OF_WEEKS:
            return [week[0] for each in series for week in self._list_weeks(each.id)]
        return [*(member.figure for each in series for member in each.members), *chart.figures]

    def _count_marks(self) -> Iterator[Misreading]:
        """Each figure with a number has one mark; of a chart that is cut, so many have."""
        numbers, dots = self.expected.numbers, self.kind in ("lines", "trend", *ESTIMATES)
        drawn = Counter((mark.figure, len(mark.points) == 1) for mark in self.marks if mark.numbers)
        wanted = {name: numbers.get(name) for name in self._list_figures()}
        most = (self.chart.most or len(wanted)) * (1 + (self.chart.against is not None))
        # One without a number may have a place among them.
        least = min(most, len(wanted)) - [*wanted.values()].count(None)
        cut = most < len(wanted) and len(drawn) >= least
        for name, number in wanted.items():
            # A part of nothing has no band.
            absent = cut or (self.kind == "flow" and not number)
            if self.kind in OF_WEEKS or number is not None:
                times = drawn[name, dots]
                if times > 1 or (times == 0 and not absent):
                    yield self._differs(name, f"{times} marks", "one")
            interval = self.expected.figures[name].interval
            if self.kind in ESTIMATES and number is not None and interval is not None:
                absent = drawn[name, False] != 1
                yield from [self._differs(name, "no line", "one, its interval")] * absent
        for mark in (mark for mark in self.marks if not mark.numbers):
            yield self._differs(mark.figure, "a mark", "none, since it has no value")

    def _read_fills(self) -> Iterator[Misreading]:
        """A dot is hollow where it may be chance."""
        for mark in self.marks if self.kind in ESTIMATES else ():
            interval = self.expected.figures[mark.figure].interval
            if len(mark.points) == 1 and interval is not None and interval.null_value is not None:
                # By its ends as they are written: ratios have two decimals, changes one.
                read, write = self.expected.read_number, self.expected.write_number
                decimals, ends = 2 if interval.null_value else 1, (interval.low, interval.high)
                low, high = (math.copysign(read(write(end, decimals)), end) for end in ends)
                hollow = low <= interval.null_value <= high
                if hollow != (mark.fill == "page"):
                    yield self._differs(mark.figure, "a dot", "hollow" if hollow else "full")

    def _read_legend(self) -> Iterator[Misreading]:
        """A mark has the colour that stands beside the year of its figure."""
        legend: dict[str, list[str]] = {}
        for label, square in product(self.labels, self.squares):
            before, above = label.at[0] - square.middle(0), label.at[1] - square.middle(1)
            if label.parts == PERIOD and 0 < before < BESIDE and abs(above) < LEGEND:
                legend.setdefault(square.fill, []).append(label.text)
        for mark in self.marks if legend else ():
            texts = legend.get(mark.fill, [])
            if not any(self.expected.is_called(text, mark.figure) for text in texts):
                yield self._differs(mark.figure, ", ".join(texts), "the year of its colour")

    def _fit_marks(self, measure: str, axis: int) -> tuple[list[Misreading], Scale]:
        """What lies off the scale that most marks agree with, and that scale."""
        places: list[tuple[str, float, float]] = []
        for mark in self.marks:
            low, high = mark.ends[axis] if axis == 0 else mark.ends[axis][::-1]
            value, along = mark.numbers[0], [point[axis] for point in mark.points]
            ends = list(zip(along, mark.numbers, strict=False))
            if measure == "edges":
                ends = [(low, min(value, 0)), (high, max(value, 0))]
            elif measure == "length":
                ends = [(0, 0), (abs(high - low), abs(value))]
            places += [(mark.figure, place, number) for place, number in ends]
        unit = getattr(self.expected.figures.get(self.marks[0].figure), "unit", "")
        if self.kind not in ESTIMATES or unit != "ratio":
            return self._fit(places)
        logarithms = [(name, place, math.log(n)) for name, place, n in places if n > 0]
        misses, scale = self._fit(logarithms)
        return misses, lambda number: scale(math.log(number))

    def _fit(self, places: Sequence[tuple[str, float, float]]) -> tuple[list[Misreading], Scale]:
        """What lies off the line that most places of numbers lie on, and that line.

        `places` are names with their pixels and their numbers.
        """
        ordered, fits = sorted(places, key=lambda place: place[2]), []
        for (_, x, low), (_, y, high) in product(ordered[:REFERENCES], ordered[-REFERENCES:]):
            if high > low:
                slope = (y - x) / (high - low)
                start = x - slope * low
                off = [each for each in places if abs(each[1] - start - slope * each[2]) > NEAR]
                fits.append((len(off), start, slope, off))
        # Of equal values all marks end at one place, and those of nothing have no length.
        place = places[0][1]
        equal = [each for each in places if abs(each[1] - place) > NEAR]
        _, start, slope, off = min(fits, default=(0, place, math.nan, equal))
        wanted = "on its scale" if fits else f"{place:.2f}, as the others"
        misses = [self._differs(name, f"{x:.2f} pixels", wanted) for name, x, _ in off]
        return misses, lambda number: start + slope * number

    def _read_ticks(self, scale: Scale, axis: int) -> Iterator[Misreading]:
        """The numbers along an axis stand where the scale of the marks puts them."""
        left, lowest = min(m.ends[0][0] for m in self.marks), max(m.ends[1][1] for m in self.marks)
        for label in (label for label in self.labels if label.muted and not label.turned):
            tokens, anchor = NUMERAL.findall(label.text), ("middle", "end")[axis]
            beside = label.at[0] <= left if axis == 1 else label.at[1] > lowest
            if label.anchor == anchor and beside and tokens:
                place = scale(self.expected.read_number(tokens[0]))
                if abs(place - label.at[axis]) > NEAR_TEXT:
                    wanted = f"a number of the scale, {place:.0f} pixels from the edge"
                    yield self._differs("the axis", label.text, wanted)

    def _read_events(self) -> Iterator[Misreading]:
        """Each event has its name, and its line stands at its day between the weeks."""
        parameters, days = self.expected.parameters, list[tuple[str, float, float]]()
        if self.chart.marks:
            members = self.expected.ledger.breakdowns[self.chart.breakdown or ""].members
            codes = {member.figure: member.codes[0] for member in members}
            for mark in (mark for mark in self.marks if mark.figure in codes):
                day = dt.date.fromisoformat(codes[mark.figure])
                days.append((mark.figure, mark.middle(0), day.toordinal() - day.weekday() + 3.5))
        names = {f"{each.kind}s.{each.id}" for each in self.chart.marks}
        for name in sorted(each for each in names if f"{each}.name" in parameters):
            # Of a word that is too long the rest is left out.
            text = " ".join(each.text for each in self.events if each.event == name)
            pattern = ".*".join(re.escape(squeeze(each)) for each in text.split("…"))
            wanted = drop_sources(parameters[f"{name}.name"])
            if not text or not re.fullmatch(pattern, squeeze(wanted)):
                yield self._differs(name, text, wanted)
            if name not in self.poles:
                yield self._differs(name, "no line", "one, at its day")
            else:
                start = parameters.get(f"{name}.start") or parameters[f"{name}.date"]
                number = dt.date.fromisoformat(start).toordinal()
                days.append((name, self.poles[name].middle(0), number))
        yield from self._fit(days)[0] if days else ()

    # Labels

    def _read_labels(self, axis: int | None) -> Iterator[Misreading]:
        """Each number and name is that of the figure that it is called after, and at its mark.

        Columns stand beside each other along axis 0, what lies along 1, squares and parts of a flow
        along both. A text may have several lines.
        """
        texts: dict[tuple[str, Sequence[str]], list[Label]] = {}
        for label in sorted(self.labels, key=lambda each: (each.at[0] * each.turned, each.at[1])):
            texts.setdefault((label.figure, label.parts), []).append(label)
        names = (name for mark in self.marks for name in self.expected.names(mark.figure))
        known = self.expected.explained_numerals | list_numerals(*names)
        for label in texts.pop(("", ("value",)), ()):
            # Those of the scale are muted.
            if not label.muted and not list_numerals(label.text) <= known:
                yield self._differs("a number of no figure", label.text, "no number")
        for (figure, parts), lines in texts.items():
            text = " ".join(line.text for line in lines)
            if parts in NAMES:
                called = self.expected.is_called(text, figure)
                wanted = "" if called else "its own name beside the mark"
            else:
                form = "from_to" if len(parts) > 1 else None
                wanted = self.expected.find_expected(text, figure, parts, form)
            if not wanted and parts != PERIOD and not self._is_at_mark(figure, parts, lines, axis):
                wanted = "a place at its own mark"
            if wanted:
                yield self._differs(figure, text, wanted)
        series = self.expected.ledger.breakdowns.get(self.chart.breakdown or "")
        members = {member.figure for member in series.members} if series else set[str]()
        for mark in self.marks if axis == 1 else ():
            alone = mark.figure in members or not members
            if alone and (mark.figure, ("value",)) not in texts:
                yield self._differs(mark.figure, "no number", "one beside its mark")

    def _is_at_mark(
        self, figure: str, parts: Sequence[str], lines: Sequence[Label], axis: int | None
    ) -> bool:
        """Whether no other mark is nearer to the middle of a text than the one of its figure.

        On a phone what is said of a lying mark stands above it, and never below.
        """
        at = [sum(line.at[way] for line in lines) / len(lines) for way in (0, 1)]
        away: dict[str, float] = {}
        for mark in self.marks:
            if self.narrow and axis != 0 and mark.ends[1][1] < at[1]:
                continue
            ways = [abs(mark.middle(way) - at[way]) for way in (0, 1)]
            far = min(ways) if axis is None else ways[axis]
            if self.kind == "flow" or (axis is None and parts not in NAMES):
                far = mark.distance(at)
            away[mark.figure] = min(far, away.get(mark.figure, far))
        near = float(NEAR_TEXT)
        if self.kind == "trend":
            # Totals of other years make way for the lines of breaks: at most so far.
            places = sorted({mark.middle(0) for mark in self.marks})
            near += min((b - a for a, b in pairwise(places)), default=0) / 2
        return away.get(figure, 0) <= min(away.values(), default=0) + near

    def _read_squares(self) -> Iterator[Misreading]:
        """Darker squares for more: each row is shaded by itself, but for days and hours."""
        table = self.expected.ledger.breakdowns[self.chart.breakdown or ""]
        by_row = table.by[0] not in ("month", "weekday")
        rows = {each.figure: each.codes[0] if by_row else "" for each in table.members}
        for mark in self.marks:
            row = rows.get(mark.figure)
            own = [each.numbers[0] for each in self.marks if rows.get(each.figure) == row]
            shade = f"seq{math.ceil(mark.numbers[0] / (max(own) or 1) * SHADES - 1e-9)}"
            if mark.fill != shade:
                yield self._differs(mark.figure, mark.fill, shade)

    def _read_alternative(self) -> Iterator[Misreading]:
        """Every number of the alternative is of the chart; behind a label it is of that label."""
        chart, expected = self.chart, self.expected
        figures = [*expected.figures_of(chart), *chart.figures]
        for token in expected.list_unexplained(self.alternative, figures):
            yield self._differs("a number of no figure", token, "a number of the chart")
        text, drawn = plain(self.alternative), {mark.figure for mark in self.marks}
        # Of a chart that is cut one that is left out may be the highest.
        own = [each for each in expected.list_own(chart) if not chart.most or each in drawn]
        numbers = [expected.numbers[each] for each in own if each in expected.numbers]
        for words, choose in ((HIGHEST, max), (LOWEST, min)):
            for rest in words.split(text)[1:] if numbers else ():
                tokens = NUMERAL.findall(re.split(r"\.(?: |$)", rest)[0])
                extreme = choose(numbers)
                if not any(expected.is_written(token, extreme, "text") for token in tokens):
                    yield self._differs(chart.id, rest, f"{extreme:g} ({choose.__name__})")
        called: dict[str, set[str]] = {}
        for figure in figures if not expected.fields_of(chart)[1:] else ():
            for name in expected.names(figure):
                called.setdefault(name, set()).add(figure)
        names = "|".join(re.escape(name) for name in sorted(called, key=len, reverse=True))
        pattern = re.compile(rf"(?<!\w)({names}):? ({NUMERAL.pattern})(?![\d.,]*\w)")
        for match in pattern.finditer(text) if called else ():
            wanted = [expected.find_expected(match[2], each) for each in sorted(called[match[1]])]
            if all(wanted):
                yield self._differs(min(called[match[1]]), match[0], " or ".join(wanted))


def _style_of(item: Element) -> str:
    """The style of a shape, after that of the group that it stands in."""
    return f"{item.getparent().get('style', '')};{item.get('style', '')}"


def _read_shape(
    item: Element,
    figure: str = "",
    points: Sequence[tuple[float, float]] = (),
    numbers: Sequence[float] = (),
) -> DrawnMark:
    """A shape with its own points if no others are given."""
    points = points or [(float(x), float(y)) for x, y in POINT.findall(item.get("d", ""))]
    points = points or [(float(item.get("cx")), float(item.get("cy")))]
    ends = [(min(along), max(along)) for along in zip(*points, strict=True)]
    fill = ["", *re.findall(r"fill:(?:var\(--([a-z0-9]+)|none)", _style_of(item))][-1]
    return DrawnMark(figure, points, numbers, ends, fill)


def _read_label(item: Element) -> Label:
    style, turned = _style_of(item), "rotate(" in item.get("transform", "")
    lift = float(re.findall(r"font-size:([\d.]+)", f"font-size:0;{style}")[-1]) * MIDDLE
    x, y = float(item.get("x")), float(item.get("y"))
    anchor = re.findall(r"text-anchor:(\w+)", f"text-anchor:start;{style}")[-1]
    at, about = (x - lift, y) if turned else (x, y - lift), item.get("data-about", "")
    parts = tuple(item.get("data-parts", "name" if about else "value").split())
    figure, event = about or item.get("data-figure", ""), item.get("data-event", "")
    return Label(get_text(item), figure, parts, at, anchor, "--muted" in style, turned, event)
