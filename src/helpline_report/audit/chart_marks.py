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
from string import ascii_lowercase
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
    "intervals": (("points", 0),),
    "changes": (("points", 0),),
    "flow": (("length", 0), ("length", 1)),
}
ESTIMATES, OF_WEEKS = ("intervals", "changes"), ("daily", "weeks")
# Shapes in the colours of marks, or white: lines, and what a legend explains.
OF_MARK = "contains(concat(@style, ../@style), '--{}')".format
OTHERS = f".//*[self::circle or self::path][{OF_MARK('main')} or {OF_MARK('compare')}]"
OTHERS += "[not(@data-figure)][not(@transform)]"
HIGHEST, LOWEST = ("hoogste: ", "highest: "), ("laagste: ", "lowest: ")
POINT = re.compile(r"[ML](-?[\d.]+) (-?[\d.]+)")
# Every place of a drawing is written with two decimals; the middle of a text is less certain.
NEAR, NEAR_TEXT = 0.05, 3
# A letter reaches so much of its size above its line, on the middle.
MIDDLE = 0.35
# The scale is read from at most this many of the largest and of the smallest numbers.
REFERENCES = 3
# How far a dot of the legend may stand from its text.
LEGEND, BESIDE = 4, 25
# A drawing that is less wide is for a phone: names stand above what they name.
PHONE = 400
# The shades of a square, after the one of nothing.
SHADES = 5

SHAPES = ".//*[self::path or self::circle][@data-figure]"
EVENT, POLES = ("data-event",), ".//path[@data-event]"
HIDES = re.compile(r"\b((?:fill-|stroke-)?opacity|display|visibility|transform|mask|filter)\b")
# What a text says that stands about a figure.
NAMES = (("name",), ("row",))

Scale = Callable[[float], float]


class Label(NamedTuple):
    """A text of a drawing; `at` is the middle of its letters, across and downwards.

    It says `parts` of a `figure`, if it is called after one, or is the name of an event.
    """

    text: str
    figure: str
    parts: Sequence[str]
    at: tuple[float, float]
    anchor: str
    muted: bool
    turned: bool


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
    """Reads one drawing of a chart; without a `chart` it is that of totals of other years.

    `place` is a file and where in it the drawing stands.
    """

    def __init__(
        self, svg: Element, chart: Chart | None, expected: Expectations, place: tuple[str, str]
    ) -> None:
        self.chart, self.expected, self.place = chart, expected, place
        self.kind = chart.kind if chart is not None else "lines"
        self.alternative = svg.get("aria-label", "")
        self.narrow = float(svg.get("width")) < PHONE
        self.marks = [m for item in svg.xpath(SHAPES) for m in self._list_marks(item)]
        # Lines, squares and dots of no figure: with what a legend explains.
        self.others = [_read_shape(item) for item in svg.xpath(OTHERS)]
        labels = [_read_label(item) for item in svg.xpath(".//text")]
        self.labels = [each for each in labels if each.parts != EVENT]
        # The line and the name of each event, which may have several lines.
        self.poles = {item.get(EVENT[0]): _read_shape(item) for item in svg.xpath(POLES)}
        self.events = [each for each in labels if each.parts == EVENT]
        self.events.sort(key=lambda each: each.at[1])
        self.drawn = (svg, *svg.xpath(f"{SHAPES} | .//g"))

    def read(self) -> Iterator[Misreading]:
        """What it says otherwise than the ledger; of an own chart the alternative text alone."""
        if self.chart is not None:
            yield from self._read_alternative(self.chart)
        if self.kind == "own":
            return
        for mark in (mark for mark in self.marks if not mark.numbers):
            wanted = "none, since it has no value"
            if mark.figure in self.expected.ledger.breakdowns:
                wanted = f"{len(self._list_weeks(mark.figure))} strokes, one a week"
            yield self._differs(mark.figure, f"{len(mark.points)} points", wanted)
        self.marks = [mark for mark in self.marks if mark.numbers]
        yield from self._count_marks()
        yield from self._read_legend()
        if self.marks and (self.chart is None or self.kind in OF_WEEKS):
            yield from self._read_events()
        if self.marks and self.kind == "heatmap":
            yield from self._read_squares()
            yield from self._read_labels(None)
        elif self.marks:
            fits = [(*self._fit(measure, axis), axis) for measure, axis in MEASURES[self.kind]]
            misses, scale, axis = min(fits, key=lambda fit: len(fit[0]))
            yield from misses
            if self.kind == "flow":
                yield from self._read_labels(None)
            else:
                yield from self._read_ticks(scale, axis)
                yield from self._read_labels(1 - axis)

    def _differs(self, figure: str, text: str, expected: str) -> Misreading:
        return Misreading(*self.place, figure, text, expected)

    # Marks

    def _list_weeks(self, series: str) -> list[list[str]]:
        """The figures of the days of each week of a series by date."""
        members = self.expected.ledger.breakdowns[series].members
        weeks = groupby(members, lambda each: f"{dt.date.fromisoformat(each.codes[0]):%G-W%V}")
        return [[member.figure for member in week] for _, week in weeks]

    def _list_figures(self) -> list[str]:
        """The figures that have a mark: of weeks the first days."""
        chart, ledger = self.chart, self.expected.ledger
        if chart is None:
            # Totals of other years are called after the same noun.
            start = self.marks[0].figure.rsplit(".", 2)[0] if self.marks else ""
            return [each for each in self.expected.figures if each.rsplit(".", 2)[0] == start]
        series = [ledger.breakdowns[each] for each in (chart.breakdown, chart.against) if each]
        if self.kind in OF_WEEKS:
            return [week[0] for each in series for week in self._list_weeks(each.id)]
        return [*(member.figure for each in series for member in each.members), *chart.figures]

    def _count_marks(self) -> Iterator[Misreading]:
        """Each figure with a number has one mark, that is seen; of a chart that is cut, so many."""
        for item in self.drawn:
            if hides := HIDES.search(" ".join((*item.attrib, item.get("style", "")))):
                yield self._differs(item.get("data-figure", ""), hides[1], "what is seen")
        numbers, dots = self.expected.numbers, self.kind in ("lines", *ESTIMATES)
        drawn = Counter((mark.figure, len(mark.points) == 1) for mark in self.marks)
        wanted = {name: numbers.get(name) for name in self._list_figures()}
        most = len(wanted)
        if self.chart is not None and self.chart.most is not None:
            most = self.chart.most * (1 + (self.chart.against is not None))
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

    def _read_legend(self) -> Iterator[Misreading]:
        """A year beside a colour is that of the marks in it; a hollow dot may be chance.

        A line goes by the dots of figures alone.
        """
        dots = [mark.points[0] for mark in self.marks if len(mark.points) == 1]
        for other in self.others:
            near = [
                each.text
                for each in self.labels
                if 0 < each.at[0] - other.middle(0) < BESIDE
                and abs(each.at[1] - other.middle(1)) < LEGEND
            ]
            for mark in self.marks if near and near[0].isdigit() else ():
                if mark.fill == other.fill and near[0] not in self.expected.names(mark.figure):
                    yield self._differs(mark.figure, near[0], "the year of its colour")
            for point in other.points if self.kind == "lines" and other.fill == "" else ():
                if not any(math.dist(point, dot) < NEAR for dot in dots):
                    yield self._differs("a line", f"{point}", "the place of a dot")
        for mark in self.marks if self.kind in ESTIMATES else ():
            interval = self.expected.figures[mark.figure].interval
            if len(mark.points) == 1 and interval is not None and interval.null_value is not None:
                # By its ends as they are written: ratios have two decimals, changes one.
                read, write = self.expected.read_number, self.expected.write_number
                decimals, ends = 2 if interval.null_value else 1, (interval.low, interval.high)
                low, high = (math.copysign(read(write(end, decimals)), end) for end in ends)
                hollow = low <= interval.null_value <= high
                if hollow != (mark.fill == "page"):
                    wanted = "a hollow one" if hollow else "a full one"
                    yield self._differs(mark.figure, "a dot", wanted)

    def _list_marks(self, item: Element) -> Iterator[DrawnMark]:
        """The mark of a figure; of a series one for each of its weeks."""
        name, numbers = item.get("data-figure"), self.expected.numbers
        points = _read_shape(item).points
        shapes: list[tuple[str, Sequence[tuple[float, float]], list[float]]]
        shapes = [(name, points, [numbers[name]] if name in numbers else [])]
        if name in self.expected.ledger.breakdowns:
            days = self._list_weeks(name)
            if len(points) == 2 * len(days):
                shapes = [
                    (week[0], points[2 * at : 2 * at + 2], [sum(numbers.get(d, 0) for d in week)])
                    for at, week in enumerate(days)
                ]
        elif self.kind in ESTIMATES and len(points) > 1 and name in numbers:
            interval = self.expected.figures[name].interval
            shapes = [(name, points, [interval.low, interval.high] if interval else [])]
        for figure, places, own in shapes:
            yield _read_shape(item, figure, places, own)

    def _fit(self, measure: str, axis: int) -> tuple[list[Misreading], Scale]:
        """What lies off the scale that most marks agree with, and that scale."""
        unit = getattr(self.expected.figures.get(self.marks[0].figure), "unit", "")
        ratios = self.kind in ESTIMATES and unit == "ratio"
        scaled: Scale = math.log if ratios else float
        places: list[tuple[str, float, float]] = []
        for mark in self.marks:
            low, high = mark.ends[axis] if axis == 0 else mark.ends[axis][::-1]
            value, along = mark.numbers[0], [point[axis] for point in mark.points]
            ends = list(zip(along, mark.numbers, strict=False))
            if measure == "edges":
                ends = [(low, min(value, 0)), (high, max(value, 0))]
            elif measure == "length":
                ends = [(0, 0), (abs(high - low), abs(value))]
            places += [(mark.figure, x, scaled(n)) for x, n in ends if n > 0 or not ratios]
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
        _, start, slope, off = min(fits, default=(0, place, 0.0, equal))
        misses = [
            self._differs(name, f"{x:.2f} pixels", f"{start + slope * n:.2f}, on its scale")
            for name, x, n in off
        ]
        return misses, lambda number: start + slope * scaled(number) if fits else math.nan

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

    def _list_events(self) -> Iterator[tuple[str, dt.date, str]]:
        """The events that a drawing has to name: the id, day and name of each.

        Of other years a letter stands for each break.
        """
        trend, parameters = self.expected.ledger.trend, self.expected.parameters
        for mark in self.chart.marks if self.chart is not None else ():
            name = f"{mark.kind}s.{mark.id}"
            if text := parameters.get(f"{name}.name"):
                day = parameters.get(f"{name}.start") or parameters[f"{name}.date"]
                yield name, dt.date.fromisoformat(day), drop_sources(text)
        if self.chart is None and trend is not None:
            years = [self._number_days(mark) for mark in self.marks]
            breaks = sorted(each.date for each in trend.breaks)
            within = [each for each in breaks if min(years) <= each.year <= max(years)]
            for letter, of_break in zip(ascii_lowercase, within, strict=False):
                yield letter, of_break, letter

    def _number_days(self, mark: DrawnMark) -> float:
        """Where on the axis of time a mark stands: a total at its year, others amid their week."""
        if self.chart is None:
            return self.expected.figures[mark.figure].population.period.start.year
        members = self.expected.ledger.breakdowns[self.chart.breakdown or ""].members
        code = next(each.codes[0] for each in members if each.figure == mark.figure)
        day = dt.date.fromisoformat(code)
        return day.toordinal() - day.weekday() + 3.5

    def _read_events(self) -> Iterator[Misreading]:
        """Each event has its line at its day, and its name at its line."""
        places = sorted((self._number_days(mark), mark.middle(0)) for mark in self.marks)
        (first, left), (last, right) = places[0], places[-1]
        scale = (right - left) / ((last - first) or 1)
        names = set[str]()
        for name, day, wanted in self._list_events():
            names.add(name)
            lines, pole = (
                [each for each in self.events if each.figure == name],
                self.poles.get(name),
            )
            number = float(day.toordinal())
            if self.chart is None:
                # A year has its middle where its total stands.
                number = day.year - 0.5 + (day.timetuple().tm_yday - 1) / 366
            place, text = left + scale * (number - first), " ".join(line.text for line in lines)
            # Of a word that is too long the rest is left out.
            pattern = ".*".join(re.escape(squeeze(each)) for each in text.split("…"))
            if not lines or not re.fullmatch(pattern, squeeze(wanted)):
                yield self._differs(name, text, wanted)
            if pole is None or abs(pole.middle(0) - place) > NEAR:
                yield self._differs(name, "its line", f"one {place:.2f} pixels from the edge")
            elif lines and self._measure(lines[0], pole) > min(
                self._measure(lines[0], each) for each in self.poles.values()
            ):
                yield self._differs(name, text, "a place at its own line")
        for line in (each for each in self.events if each.figure not in names):
            yield self._differs(line.figure, line.text, "no event")

    def _measure(self, line: Label, pole: DrawnMark) -> float:
        """How far a name stands from the line of an event: a flag at its top, a letter above it."""
        below = line.at[1] - pole.ends[1][0]
        return abs(line.at[0] - pole.middle(0) if self.chart is None else below)

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
            if not wanted and not self._is_at_mark(figure, parts, lines, axis):
                wanted = "a place at its own mark"
            if wanted:
                yield self._differs(figure, text, wanted)
        breakdown_id = (self.chart and self.chart.breakdown) or ""
        series = self.expected.ledger.breakdowns.get(breakdown_id)
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
        if self.chart is None:
            # Totals of other years make way for the lines of breaks: at most so far.
            places = sorted({mark.middle(0) for mark in self.marks})
            near += min((b - a for a, b in pairwise(places)), default=0) / 2
        return away.get(figure, 0) <= min(away.values(), default=0) + near

    def _read_squares(self) -> Iterator[Misreading]:
        """Darker squares for more; a number in its square, and the names of rows and columns."""
        table = self.expected.ledger.breakdowns[(self.chart and self.chart.breakdown) or ""]
        # Each row is shaded by itself, but for days and hours.
        by_row = table.by[0] not in ("month", "weekday")
        rows = {each.figure: each.codes[0] if by_row else "" for each in table.members}
        for mark in self.marks:
            row = rows.get(mark.figure)
            own = [each.numbers[0] for each in self.marks if rows.get(each.figure) == row]
            shade = f"seq{math.ceil(mark.numbers[0] / (max(own) or 1) * SHADES - 1e-9)}"
            if mark.fill != shade:
                yield self._differs(mark.figure, mark.fill, shade)

    def _read_alternative(self, chart: Chart) -> Iterator[Misreading]:
        """Every number of the alternative is of the chart; behind a label it is of that label."""
        expected, figures = self.expected, [*self.expected.figures_of(chart), *chart.figures]
        for token in expected.list_unexplained(self.alternative, figures):
            yield self._differs("a number of no figure", token, "a number of the chart")
        called: dict[str, set[str]] = {}
        for figure in figures if not expected.fields_of(chart)[1:] else ():
            for name in expected.names(figure):
                called.setdefault(name, set()).add(figure)
        names = "|".join(re.escape(name) for name in sorted(called, key=len, reverse=True))
        pattern = re.compile(rf"(?<!\w)({names}):? ({NUMERAL.pattern})(?![\d.,]*\w)")
        series = expected.ledger.breakdowns.get(chart.breakdown or "")
        members = [member.figure for member in series.members] if series else []
        pool = sorted(expected.numbers[each] for each in members if each in expected.numbers)
        pool = pool[-(chart.most or len(pool)) :]
        text = plain(self.alternative)
        for match in pattern.finditer(text) if called else ():
            wanted = [expected.find_expected(match[2], each) for each in sorted(called[match[1]])]
            if all(wanted):
                yield self._differs(min(called[match[1]]), match[0], " or ".join(wanted))
            for choose, words in ((max, HIGHEST), (min, LOWEST)):
                extreme = choose(pool, default=math.nan)
                named = text[: match.start()].endswith(words) and pool
                if named and not expected.is_written(match[2], extreme, "text"):
                    yield self._differs(min(called[match[1]]), match[0], f"{extreme}")


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
    figure = about or item.get("data-figure", "")
    if event := item.get(EVENT[0]):
        figure, parts = event, EVENT
    return Label(get_text(item), figure, parts, at, anchor, "--muted" in style, turned)
