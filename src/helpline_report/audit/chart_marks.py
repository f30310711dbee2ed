"""Read the marks and labels of a drawn chart back, and hold them to the released ledger.

A bar has to be as long as its value. Dots, intervals and numbers of an axis have to stand where
their values are, and each label beside its own mark.
"""

import datetime as dt
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import groupby, pairwise, product
from typing import NamedTuple

from helpline_report.audit.expectations import (
    CALENDAR,
    Element,
    Expectations,
    Misreading,
    drop_sources,
    get_text,
    plain,
    squeeze,
)
from helpline_report.audit.numerals import NUMERAL, list_numerals, round_half_up
from helpline_report.figures.model import Chart

# The axes of a drawing. Pixels are counted from the left, and from the top.
ACROSS, DOWN = 0, 1
# Along which axis the numbers of a kind of chart grow, if it isn't down alone. What may be drawn
# either way is read both ways, and that which fits most marks counts.
AXES = {
    "columns": (DOWN, ACROSS),
    "flow": (ACROSS, DOWN),
    **dict.fromkeys(("bars", "intervals", "changes"), (ACROSS,)),
}
ESTIMATES, OF_WEEKS = ("intervals", "changes"), ("daily", "weeks")
DOTTED = ("lines", "trend", *ESTIMATES)
MARKS = ".//*[self::path or self::circle][@data-figure]"
SQUARES = ".//path[contains(@d, 'L')][not(@data-figure or @transform)]"
POINT = re.compile(r"[ML](-?[\d.]+) (-?[\d.]+)")
# The middle of a letter stands so much of its size above the line that it is written on.
MIDDLE_OF_LETTER = 0.35
# How many pixels a mark may lie off its place, which is written with two decimals, and a text.
NEAR, NEAR_TEXT = 0.05, 3
# The scale is read from at most this many of the largest and of the smallest numbers.
REFERENCES = 3
# A drawing that is less wide is for a phone: names stand above what they name.
PHONE = 400
# How far a square of the legend may stand before its text, and above or below it.
BESIDE, LEGEND = 25, 4
EXTREMES = ((re.compile("(?:hoogste|highest): "), max), (re.compile("(?:laagste|lowest): "), min))
# The shades of a square, after the one of nothing.
SHADES = 5
# An interval has so many decimals at most.
DECIMALS = 4
# The parts of a figure that are names; the period stands in the legend, away from its marks.
PERIOD = ("period",)
NAMES = (("name",), ("row",), PERIOD)

Place = tuple[float, float]


class DrawnItem(NamedTuple):
    """A path, a circle or a text of a drawing; of a text `points` has the middle of its letters.

    It is called after a `figure` or an `event`, if any. A mark stands for `numbers`: those at the
    ends of a bar or an interval, or that of a dot. A text says `parts` of its figure, such as its
    value or its name; `anchor` says which end of it stands at its place, and what belongs to an
    axis is `muted`.
    """

    figure: str
    event: str
    points: Sequence[Place]
    fill: str
    text: str
    parts: tuple[str, ...]
    anchor: str
    is_muted: bool
    is_upright: bool
    numbers: Sequence[float] = ()

    @property
    def is_dot(self) -> bool:
        """Whether it is a dot; an interval is a line, and a bar has four corners."""
        return len(self.points) == 1

    def find_ends(self, axis: int) -> Place:
        """Its first and its last pixel along an axis."""
        pixels = [point[axis] for point in self.points]
        return min(pixels), max(pixels)

    def find_middle(self, axis: int) -> float:
        """Its middle along an axis."""
        return sum(self.find_ends(axis)) / 2


def read_item(item: Element) -> DrawnItem:
    """A path, a circle or a text, without the numbers that it stands for."""
    style = f"{item.getparent().get('style', '')};{item.get('style', '')}"
    # The last of several counts: that of the element itself, after that of its group.
    fill, size, anchor = (
        ["", *re.findall(pattern, style)][-1]
        for pattern in (r"fill:(?:var\(--([a-z0-9]+)|none)", r"size:([\d.]+)", r"anchor:(\w+)")
    )
    name_of, is_upright = item.get("data-about", ""), "rotate(" in item.get("transform", "")
    points = [(float(x), float(y)) for x, y in POINT.findall(item.get("d", ""))]
    if item.tag == "circle":
        points = [(float(item.get("cx")), float(item.get("cy")))]
    elif item.tag == "text":
        x, y, lift = float(item.get("x")), float(item.get("y")), float(size or 0) * MIDDLE_OF_LETTER
        points = [(x - lift, y) if is_upright else (x, y - lift)]
    return DrawnItem(
        figure=name_of or item.get("data-figure", ""),
        event=item.get("data-event", ""),
        points=points,
        fill=fill,
        text=get_text(item),
        parts=tuple(item.get("data-parts", "name" if name_of else "value").split()),
        anchor=anchor or "start",
        is_muted="--muted" in style,
        is_upright=is_upright,
    )


class PlacedNumber(NamedTuple):
    """A number of a figure, and the pixel that shows it along an axis."""

    figure: str
    pixel: float
    value: float


class ChartReader:
    """Reads one drawing of a chart; `place` is a file and where in it the drawing stands."""

    def __init__(
        self, svg: Element, chart: Chart, expected: Expectations, place: tuple[str, str]
    ) -> None:
        self.chart, self.expected, self.place = chart, expected, place
        self.kind = chart.kind
        self.alternative = svg.get("aria-label", "")
        self.size = float(svg.get("width")), float(svg.get("height"))
        items = [*map(read_item, svg.xpath(MARKS))]
        if self.kind == "flow" and not any(item.figure in chart.figures for item in items):
            # A flow whose whole has no value is drawn as bars of its codes.
            self.kind = "bars"
        self.marks = [mark for item in items for mark in self._read_marks(item)]
        # The lines of a text from the top down; those of an upright one from the left.
        texts = sorted(
            map(read_item, svg.xpath(".//text")),
            key=lambda text: (text.is_upright * text.points[0][ACROSS], text.points[0][DOWN]),
        )
        self.labels = [text for text in texts if not text.event]
        self.events = [text for text in texts if text.event]
        lines = map(read_item, svg.xpath(".//path[@data-event]"))
        self.event_lines = {line.event: line for line in lines}
        self.squares = [item for item in map(read_item, svg.xpath(SQUARES)) if item.fill]

    def read(self) -> Iterator[Misreading]:
        """What it says otherwise than the ledger; of an own chart the alternative text alone."""
        yield from self._check_alternative()
        yield from self._check_extremes()
        if self.kind == "own":
            return
        yield from self._count_marks()
        self.marks = [mark for mark in self.marks if mark.numbers]
        yield from self._check_colours()
        if self.marks:
            # Marks stand beside each other along this axis; those of a flow or squares on both.
            check_numbers = self._check_shades if self.kind == "heatmap" else self._check_scale
            order_axis = yield from check_numbers()
            if self.kind in OF_WEEKS:
                yield from self._check_days()
            yield from self._check_labels(order_axis)

    def _differs(self, figure: str, text: str, expected: str) -> Misreading:
        return Misreading(*self.place, figure, text, expected)

    # Marks

    def _read_marks(self, item: DrawnItem) -> Iterator[DrawnItem]:
        """The mark of a figure; of a series one for each of its weeks, a stroke each."""
        name, values = item.figure, self.expected.values
        if name in self.expected.ledger.breakdowns:
            for week, days in enumerate(self._list_weeks(name)):
                if ends := item.points[2 * week : 2 * week + 2]:
                    total = sum(values.get(day, 0) for day in days)
                    yield item._replace(figure=days[0], points=ends, numbers=(0, total))
        elif name not in values:
            yield item
        elif item.is_dot:
            yield item._replace(numbers=(values[name],))
        elif self.kind in ESTIMATES:
            interval = self.expected.figures[name].interval
            yield item._replace(numbers=(interval.low, interval.high) if interval else ())
        else:
            yield item._replace(numbers=(min(values[name], 0), max(values[name], 0)))

    def _list_weeks(self, series: str) -> list[list[str]]:
        """The figures of the days of each week of a series by date."""
        members = self.expected.ledger.breakdowns[series].members
        weeks = groupby(members, lambda day: f"{dt.date.fromisoformat(day.codes[0]):%G-W%V}")
        return [[day.figure for day in days] for _, days in weeks]

    def _list_figures(self) -> list[str]:
        """The figures that have a mark: of weeks the first days."""
        chart, known = self.chart, self.expected.ledger.breakdowns
        series = [name for name in (chart.breakdown, chart.against) if name]
        if self.kind in OF_WEEKS:
            return [week[0] for name in series for week in self._list_weeks(name)]
        names = [member.figure for name in series for member in known[name].members]
        return names if self.kind == "bars" else [*dict.fromkeys([*names, *chart.figures])]

    def _count_marks(self) -> Iterator[Misreading]:
        """Each figure with a number has one mark, and of estimates one interval."""
        chart, figures, values = self.chart, self._list_figures(), self.expected.values
        counts = Counter((mark.figure, mark.is_dot) for mark in self.marks if mark.numbers)
        # A week has a stroke also where its first day has no number, a part of nothing no band.
        least = 0 if self.kind == "flow" else None
        numbered = [
            name for name in figures if self.kind in OF_WEEKS or values.get(name, least) != least
        ]
        lacking = [name for name in numbered if not counts[name, self.kind in DOTTED]]
        # A chart may show the first of its figures alone.
        most = (chart.most or len(figures)) * (2 if chart.against is not None else 1)
        for name in lacking if len(lacking) > max(0, len(figures) - most) else ():
            yield self._differs(name, "no mark", "one")
        for name in numbered if self.kind in ESTIMATES else ():
            if self.expected.figures[name].interval is not None and not counts[name, False]:
                yield self._differs(name, "no line", "one, its interval")
        for name, is_dot in counts:
            if counts[name, is_dot] > 1:
                yield self._differs(name, "several marks", "one")
        for mark in self.marks:
            if not mark.numbers:
                yield self._differs(mark.figure, "a mark", "none, since it has no value")
            ends = [(*mark.find_ends(axis), self.size[axis]) for axis in (ACROSS, DOWN)]
            if any(first < -NEAR or last > length + NEAR for first, last, length in ends):
                yield self._differs(mark.figure, "a mark that is cut off", "one in the drawing")

    def _check_colours(self) -> Iterator[Misreading]:
        """A mark has the colour beside the year of its figure; what may be chance is hollow."""
        legend: dict[str, list[str]] = defaultdict(list)
        for label, square in product(self.labels, self.squares):
            before = label.find_middle(ACROSS) - square.find_middle(ACROSS)
            above = label.find_middle(DOWN) - square.find_middle(DOWN)
            if label.parts == PERIOD and 0 < before < BESIDE and abs(above) < LEGEND:
                legend[square.fill].append(label.text)
        for mark in self.marks:
            figure, periods = mark.figure, legend.get(mark.fill, [])
            if legend and not any(self.expected.is_called(period, figure) for period in periods):
                yield self._differs(figure, ", ".join(periods), "the year of its colour")
            is_estimate = self.kind in ESTIMATES and mark.is_dot
            interval = self.expected.figures[figure].interval if is_estimate else None
            if interval is not None and interval.null_value is not None:
                low, high = (round_half_up(end, DECIMALS) for end in (interval.low, interval.high))
                is_hollow = low <= interval.null_value <= high
                if is_hollow != (mark.fill == "page"):
                    yield self._differs(figure, "a dot", "hollow" if is_hollow else "full")

    def _check_shades(self) -> Generator[Misreading, None, None]:
        """Darker squares for more: each row is shaded by itself, but for days and hours."""
        table = self.expected.ledger.breakdowns[self.chart.breakdown or ""]
        by_row = table.by[0] not in CALENDAR
        codes = {member.figure: member.codes[0] if by_row else "" for member in table.members}
        rows: dict[str, list[DrawnItem]] = defaultdict(list)
        for mark in self.marks:
            rows[codes.get(mark.figure, "")].append(mark)
        for row in rows.values():
            most = max(mark.numbers[1] for mark in row) or 1
            for mark in row:
                shade = f"seq{math.ceil(mark.numbers[1] / most * SHADES - 1e-9)}"
                if mark.fill != shade:
                    yield self._differs(mark.figure, mark.fill, shade)

    # Scales

    def _check_scale(self) -> Generator[Misreading, None, int | None]:
        """Each mark is as long, or stands where, its number says, and so do numbers of an axis.

        Returns along which axis marks stand beside each other; those of a flow on both.
        """
        unit = self.expected.figures[self.marks[0].figure].unit
        least = min(min(mark.numbers) for mark in self.marks)
        is_logarithmic = self.kind in ESTIMATES and unit == "ratio" and least > 0
        measure = math.log if is_logarithmic else float
        fits = []
        for axis in AXES.get(self.kind, (DOWN,)):
            placed = [place for mark in self.marks for place in self._place(mark, axis, measure)]
            fits.append((*_fit_scale(placed), axis))
        start, slope, outliers, axis = min(fits, key=lambda fit: len(fit[2]))
        for number in outliers:
            yield self._differs(number.figure, f"{number.pixel:.2f} pixels", "on its scale")
        if self.kind == "flow":
            return None
        left = min(mark.find_ends(ACROSS)[0] for mark in self.marks)
        lowest = max(mark.find_ends(DOWN)[1] for mark in self.marks)
        for label in self.labels if slope else ():
            if axis == DOWN:
                is_on_axis = label.anchor == "end" and label.find_middle(ACROSS) <= left
            else:
                is_on_axis = label.anchor == "middle" and label.find_middle(DOWN) > lowest
            numerals = NUMERAL.findall(label.text)
            if is_on_axis and numerals and label.is_muted and not label.is_upright:
                pixel = start + slope * measure(self.expected.style.read(numerals[0]))
                if abs(pixel - label.find_middle(axis)) > NEAR_TEXT:
                    wanted = f"a number of the scale, {pixel:.0f} pixels from the edge"
                    yield self._differs("the axis", label.text, wanted)
        return ACROSS if axis == DOWN else DOWN

    def _place(
        self, mark: DrawnItem, axis: int, measure: Callable[[float], float]
    ) -> list[PlacedNumber]:
        """Where a mark shows its numbers along an axis."""
        first, last = mark.find_ends(axis)
        pixels: Sequence[float] = (first, last)
        if self.kind == "flow":
            # A band is as wide as its number, wherever it lies.
            pixels = (0, last - first)
        elif self.kind in DOTTED:
            pixels = [point[axis] for point in mark.points]
        elif axis == DOWN:
            # Numbers grow upwards, and pixels downwards.
            pixels = (last, first)
        pairs = zip(pixels, map(measure, mark.numbers), strict=False)
        return [PlacedNumber(mark.figure, *pair) for pair in pairs]

    def _check_days(self) -> Iterator[Misreading]:
        """Months and events stand at their days between the weeks; each event has its name."""
        parameters, placed = self.expected.parameters, list[PlacedNumber]()
        series = self.expected.ledger.breakdowns[self.chart.breakdown or ""]
        days = {each.figure: dt.date.fromisoformat(each.codes[0]) for each in series.members}
        for mark in self.marks:
            if day := days.get(mark.figure):
                middle = day.toordinal() - day.weekday() + 3.5
                placed.append(PlacedNumber(mark.figure, mark.find_middle(ACROSS), middle))
        months: dict[str | None, list[int]] = defaultdict(list)
        for day in (day for day in days.values() if day.day == 1):
            name = self.expected.find_label("month", f"{day:%m}", short=True)
            months[name].append(day.toordinal())
        # A name that stands for months of two years says nothing.
        for label in (label for label in self.labels if len(months[label.text]) == 1):
            placed.append(PlacedNumber("the axis", label.points[0][ACROSS], *months[label.text]))
        names = {f"{mark.kind}s.{mark.id}" for mark in self.chart.marks}
        for name in sorted(name for name in names if f"{name}.name" in parameters):
            # The end of a word that is too long is left out.
            text = " ".join(label.text for label in self.events if label.event == name)
            pattern = ".*".join(re.escape(squeeze(start)) for start in text.split("…"))
            wanted = drop_sources(parameters[f"{name}.name"])
            if not text or not re.fullmatch(pattern, squeeze(wanted)):
                yield self._differs(name, text, wanted)
            if name not in self.event_lines:
                yield self._differs(name, "no line", "one, at its day")
            else:
                start = parameters.get(f"{name}.start") or parameters[f"{name}.date"]
                pixel = self.event_lines[name].find_middle(ACROSS)
                placed.append(PlacedNumber(name, pixel, dt.date.fromisoformat(start).toordinal()))
        for number in _fit_scale(placed)[2]:
            yield self._differs(number.figure, f"{number.pixel:.2f} pixels", "at its day")

    # Labels

    def _check_labels(self, order_axis: int | None) -> Iterator[Misreading]:
        """Each number and name is that of the figure that it is called after, and at its mark."""
        labels: dict[tuple[str, tuple[str, ...]], list[DrawnItem]] = defaultdict(list)
        for label in self.labels:
            labels[label.figure, label.parts].append(label)
        names = [name for mark in self.marks for name in self.expected.names(mark.figure)]
        known = self.expected.explained_numerals | list_numerals(*names)
        for label in labels.pop(("", ("value",)), ()):
            # Those of the scale are muted.
            if not label.is_muted and not list_numerals(label.text) <= known:
                yield self._differs("a number of no figure", label.text, "no number")
        for (figure, parts), lines in labels.items():
            text = " ".join(line.text for line in lines)
            if parts in NAMES:
                is_right = self.expected.is_called(text, figure)
                wanted = "" if is_right else "its own name beside the mark"
            else:
                wanted = self.expected.check_text(text, figure, parts, in_prose=len(parts) > 1)
            if not wanted and parts != PERIOD and not self._is_at_mark(lines, order_axis):
                wanted = "a place at its own mark"
            if wanted:
                yield self._differs(figure, text, wanted)
        # A lying mark has its number beside it; the year before, behind it, has none.
        numbered = self.expected.list_main_figures(self.chart) if order_axis == DOWN else []
        for mark in self.marks:
            if mark.figure in numbered and (mark.figure, ("value",)) not in labels:
                yield self._differs(mark.figure, "no number", "one beside its mark")

    def _is_at_mark(self, lines: Sequence[DrawnItem], order_axis: int | None) -> bool:
        """Whether no other mark is nearer to the middle of a label than the one of its figure."""
        figure, parts = lines[0].figure, lines[0].parts
        if self.kind == "heatmap":
            # The name of a row or of a column of squares.
            order_axis = {"row": DOWN, "name": ACROSS}.get(parts[0])
        x, y = (
            sum(line.find_middle(axis) for line in lines) / len(lines) for axis in (ACROSS, DOWN)
        )
        distances: dict[str, float] = {}
        for mark in self.marks:
            if order_axis is not None:
                distance = abs(mark.find_middle(order_axis) - (x, y)[order_axis])
            else:
                # How far it lies from the edge of the mark; 0 inside.
                ends = zip((x, y), map(mark.find_ends, (ACROSS, DOWN)), strict=True)
                distance = math.hypot(
                    *(max(first - at, at - last, 0) for at, (first, last) in ends)
                )
            # On a phone what is said of a lying mark stands above it, and never below.
            is_lying = self.size[ACROSS] < PHONE and order_axis != ACROSS
            if not is_lying or mark.find_ends(DOWN)[1] >= y:
                distances[mark.figure] = min(distance, distances.get(mark.figure, distance))
        near = float(NEAR_TEXT)
        if self.kind == "trend":
            # Totals of other years make way for the lines of breaks: by less than half a year.
            places = sorted({mark.find_middle(ACROSS) for mark in self.marks})
            near += min((right - left for left, right in pairwise(places)), default=0) / 2
        return distances.get(figure, 0) <= min(distances.values(), default=0) + near

    # The alternative

    def _check_alternative(self) -> Iterator[Misreading]:
        """Every number of the alternative is of the chart; behind a label it is of that label."""
        chart, expected = self.chart, self.expected
        figures = [*expected.figures_of(chart), *chart.figures]
        for numeral in expected.list_unexplained(self.alternative, figures):
            yield self._differs("a number of no figure", numeral, "a number of the chart")
        if not figures or len(expected.fields_of(chart)) > 1:
            return
        figures_by_name: dict[str, set[str]] = defaultdict(set)
        for figure in figures:
            for name in expected.names(figure):
                figures_by_name[name].add(figure)
        any_name = "|".join(map(re.escape, sorted(figures_by_name, key=len, reverse=True)))
        pattern = rf"(?<!\w)({any_name})(?::|, met|, with)? ({NUMERAL.pattern})(?![\d.,]*\w)"
        for match in re.finditer(pattern, plain(self.alternative)):
            called = sorted(figures_by_name[match[1]])
            wanted = [expected.check_text(match[2], figure) for figure in called]
            if all(wanted):
                yield self._differs(called[0], match[0], " or ".join(wanted))

    def _check_extremes(self) -> Iterator[Misreading]:
        """What the alternative calls the highest and the lowest is."""
        values, drawn = self.expected.values, {mark.figure for mark in self.marks}
        # If a chart shows only some codes, one that it leaves out may be the highest.
        figures = self.expected.list_main_figures(self.chart)
        numbers = [
            values[name]
            for name in figures
            if name in values and (name in drawn or not self.chart.most)
        ]
        for words, choose in EXTREMES if numbers else ():
            for text in words.split(plain(self.alternative))[1:]:
                numerals = NUMERAL.findall(re.split(r"\.(?: |$)", text)[0])
                extreme, writes = choose(numbers), self.expected.style.writes
                if not any(writes(numeral, extreme, in_prose=True) for numeral in numerals):
                    yield self._differs(self.chart.id, text, f"{extreme:g} ({choose.__name__})")


def _fit_scale(placed: Sequence[PlacedNumber]) -> tuple[float, float, Sequence[PlacedNumber]]:
    """The line on which most numbers lie: the pixel of 0, how many pixels 1 is, and what lies off.

    One is drawn through each of the smallest and each of the largest numbers. Equal numbers end at
    one place, and those of nothing have no length: that is no scale.
    """
    ordered = sorted(placed, key=lambda number: number.value)
    scales = []
    for low, high in product(ordered[:REFERENCES], ordered[-REFERENCES:]):
        rise = high.value - low.value
        slope = (high.pixel - low.pixel) / rise if rise > 0 else 0.0
        start = low.pixel - slope * low.value
        outliers = [
            number for number in placed if abs(number.pixel - start - slope * number.value) > NEAR
        ]
        scales.append((start, slope, outliers))
    return min(scales, key=lambda scale: len(scale[2]))
