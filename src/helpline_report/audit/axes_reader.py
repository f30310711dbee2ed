"""Read a drawing with one axis of numbers: columns, bars, lines, weeks, years and estimates."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from helpline_report.audit.drawing_reader import (
    ABOVE,
    AXIS,
    BAND,
    EVENT,
    GAP,
    GRID,
    GROUND,
    HALF,
    LOOKS,
    NEAR_TEXT,
    SHORT,
    DrawingReader,
    holds,
    is_broken,
    measure,
    place_mark,
    read_facts,
)
from helpline_report.audit.drawn_items import ACROSS, DOWN, DrawnItem, Place
from helpline_report.audit.drawn_names import read_place
from helpline_report.audit.drawn_scales import NEAR, AxisSpelling, PlacedNumber, Scale, fit_scale
from helpline_report.audit.expectations import Misreading
from helpline_report.description import Node


class AxesReader(DrawingReader):
    """Reads a drawing with one axis of numbers; marks stand beside each other along the other."""

    # Along which axis numbers grow.
    axis, order_axis = DOWN, ACROSS
    scale = order = Scale(0, 0)
    placed: Sequence[PlacedNumber] = ()

    def _read_places(self) -> Iterator[Misreading]:
        facts = read_facts(self.nodes["scale"][0])
        yield from self._read_axes(facts)
        yield from self._read_names()
        yield from self._read_values()
        yield from self._read_events()
        yield from self._read_links()
        yield from self._read_scale(facts)

    # Axes

    def _read_axes(self, facts: Mapping[str, str]) -> Iterator[Misreading]:
        """Marks are as long, or stand where, their numbers say, on one scale; and in their order.

        A scale from 0 has its line there, within the drawing.
        """
        self.axis = self._find_axis(facts["along"])
        lines = [item for item in self.rest if self._is_across(item, self.axis)]
        lines = sorted(lines, key=lambda line: measure(line, 1 - self.axis))[-1:]
        placed = [number for mark in self.marks for number in place_mark(mark, self.axis)]
        if "from" in facts:
            placed += [
                PlacedNumber("the baseline", line.find_middle(self.axis), 0) for line in lines
            ]
        self.placed = placed
        self.scale = fit_scale(placed, is_logarithmic="logarithmic" in facts)
        self.order_axis = 1 - self.axis
        for number in self.scale.outliers:
            yield self._differs(number.name, f"{number.pixel:.2f} pixels", "on its scale")
        if self.scale.slope * (1 if self.axis == ACROSS else -1) < 0:
            yield self._differs("the axis", "numbers", "larger ones to the right, or higher")
        if "from" in facts:
            yield from self._check_baseline(lines)
        self.order = self._fit_order()
        for number in self.order.outliers:
            yield self._differs(number.name, f"{number.pixel:.2f} pixels", "its place in the order")
        if self.order.slope < 0:
            yield self._differs("the axis", "marks", "the other way round")

    def _find_axis(self, along: str) -> int:
        """Along which axis numbers grow. On a phone columns that have no line at 0 became bars."""
        if along == "up or across":
            is_up = not self.is_narrow or any(self._is_across(item, DOWN) for item in self.rest)
            return DOWN if is_up else ACROSS
        return DOWN if along == "up" else ACROSS

    def _is_across(self, item: DrawnItem, axis: int) -> bool:
        """Whether it is a line in the colour of axes at one place along an axis."""
        return item.is_line and item.look == AXIS and measure(item, axis) == 0

    def _check_baseline(self, lines: Sequence[DrawnItem]) -> Iterator[Misreading]:
        """A line at 0 that runs along all marks; bars on a phone have none."""
        pixel = self.scale.find_pixel(0)
        if not -NEAR <= pixel <= self.size[self.axis] + NEAR:
            yield self._differs("the baseline", f"{pixel:.2f} pixels", "0, within the drawing")
        if not lines and not (self.is_narrow and self.axis == ACROSS):
            yield self._differs("the baseline", "no line", "one, at 0")
        for line in lines:
            first, last = line.find_ends(self.order_axis)
            middles = [mark.item.find_middle(self.order_axis) for mark in self.marks]
            if middles and not first <= min(middles) <= max(middles) <= last:
                yield self._differs("the baseline", "a line", "one along all marks")
        self._take(lambda item: item in lines)

    def _fit_order(self) -> Scale:
        """Where places are along the axis of the order: by marks, or by words if there is one."""
        placed = [
            PlacedNumber(mark.node.about, mark.item.find_middle(self.order_axis), mark.at[-1])
            for mark in self.marks
        ]
        if len({number.value for number in placed}) > 1:
            return fit_scale(placed)
        words, roughly = self._place_words()
        events = [
            PlacedNumber(node.about, item.find_middle(ACROSS), self._place_event(node))
            for node in (*self.nodes["event"], *self.nodes["break-line"])
            for item in self.rest
            if self._is_event(node, "path", item)
        ]
        named = [*words, *events]
        if not named:
            return fit_scale(placed)
        order = fit_scale([*named, *placed] if events else named, near=NEAR_TEXT)
        if roughly:
            order = replace(order, outliers=())
        if self.is_narrow and self.axis == ACROSS and order.slope and placed:
            # All words stand above what they are about, by as much.
            (_, pixel, value), *_ = placed
            off = order.find_value(pixel) - value
            start = pixel - order.slope * value
            return replace(order, start=start) if 0 <= off < 1 else order
        return order

    def _place_words(self) -> tuple[list[PlacedNumber], bool]:
        """Where names stand, or values: beside estimates names are higher that have counts.

        Of names in several lines beside each other the middle is known roughly: where two others
        are there, these alone say it. Also whether it is known roughly.
        """
        kind, is_of = "tick-name", self._is_name
        if not self._has_baseline:
            kind, is_of = "mark-value", self._is_value
        whole, broken = list[PlacedNumber](), list[PlacedNumber]()
        for node in self.nodes[kind]:
            if lines := [text for text in self.texts if is_of(node, text)]:
                at = read_place(read_facts(node)["at"])[0]
                is_rough = self.order_axis == ACROSS and is_broken(lines)
                middle = sum(line.find_middle(self.order_axis) for line in lines) / len(lines)
                middle = guess_middle(lines) if is_rough else middle
                (broken if is_rough else whole).append(PlacedNumber(node.target, middle, at))
        if len({word.value for word in whole}) > 1:
            return whole, False
        return [*whole, *broken], bool(broken)

    # Names and values

    def _read_names(self) -> Iterator[Misreading]:
        """Each name is written at its own place; where there is no room, every second or so."""
        written: list[int] = []
        nodes = self.nodes["tick-name"]
        for number, node in enumerate(nodes):
            facts = read_facts(node)
            (at,) = read_place(facts["at"])
            lines = self._take_lines(partial(self._is_name, node))
            if not node.target:
                # Two months of one name, in two years.
                near = [line for line in lines if self._is_near(line, at)]
                self.rest += [line for line in lines if line not in near]
                lines = near
            if lines:
                written.append(number)
                yield from self._check_text(node, lines)
                if not self._is_at(lines, at, is_name=True):
                    yield self._differs(node.target or node.text, node.text, "its own place")
            elif "room" not in facts:
                yield self._differs(node.target or node.text, "no name", node.text)
        if nodes and "room" in read_facts(nodes[0]):
            yield from self._check_every(written, len(nodes), may_leave_out=True)
        for node in self.nodes["mark-counts"]:
            lines = self._take_lines(partial(self._is_counts, node))
            yield from self._check_text(node, lines)
            if lines and not self._is_at(lines, *read_place(read_facts(node)["at"]), is_name=True):
                yield self._differs(node.about, node.text, "its own place")

    def _is_counts(self, node: Node, item: DrawnItem) -> bool:
        return (item.tag, item.role) == (node.about, "denominator numerator")

    def _is_near(self, line: DrawnItem, at: float) -> bool:
        return abs(line.find_middle(self.order_axis) - self.order.find_pixel(at)) <= NEAR_TEXT

    def _is_at(self, lines: Sequence[DrawnItem], at: float, *, is_name: bool) -> bool:
        """Whether a text stands at a place of the order.

        Beside estimates it may stand a bit higher or lower, and where words stand above what they
        are about, it does so below the mark before.
        """
        if not self.order.slope:
            return True
        if self.axis == DOWN and is_broken(lines):
            # Where its longest line begins is known.
            left = min(line.points[0][ACROSS] for line in lines)
            nearest = max(left, min(guess_middle(lines), self.order.find_pixel(at)))
            return abs(self.order.find_value(nearest) - at) <= HALF
        middle = sum(line.find_middle(self.order_axis) for line in lines) / len(lines)
        off = self.order.find_value(middle) - at
        if self.axis == DOWN or (self._has_baseline and not (self.is_narrow and is_name)):
            return abs(off * self.order.slope) <= NEAR_TEXT
        is_above = self.is_narrow or not self.nodes["tick-name"]
        if is_above:
            return -1 < off <= HALF
        return abs(off) < HALF if is_name else abs(off * self.order.slope) <= NEAR_TEXT

    @property
    def _has_baseline(self) -> bool:
        return "from" in read_facts(self.nodes["scale"][0])

    def _read_values(self) -> Iterator[Misreading]:
        """Each value is written beside its own mark; where there is no room, the highest alone."""
        nodes, written = self.nodes["mark-value"], list[Node]()
        for node in nodes:
            facts = read_facts(node)
            (at,) = read_place(facts["at"])
            lines = self._take_lines(partial(self._is_value, node))
            if not node.about:
                near = [line for line in lines if self._is_at([line], at, is_name=False)]
                self.rest += [line for line in lines if line not in near[:1]]
                lines = near[:1]
            if lines:
                written.append(node)
                yield from self._check_text(node, lines)
                is_beside = len(lines) == 1 and self._is_beside(lines[0], at, facts)
                if not (is_beside and self._is_at(lines, at, is_name=False)):
                    yield self._differs(node.about, node.text, "a place at its own mark")
            elif "room" not in facts or (facts["room"] == "highest" and self.axis == ACROSS):
                yield self._differs(node.about, "no number", node.text)
        yield from self._check_room(written)

    def _is_beside(self, line: DrawnItem, at: float, facts: Mapping[str, str]) -> bool:
        """Whether a value stands at the end of the marks of its place, along the axis of values."""
        if not self._has_baseline:
            return True
        ends = [self.scale.find_pixel(0)]
        own: list[float] = []
        for mark in self.marks:
            if mark.at[-1] == at:
                first, last = mark.item.find_ends(self.axis)
                ends += [first, last]
                own += [first] if mark.node.about == line.tag else []
        pixel = line.points[0][self.axis]
        if self.axis == ACROSS:
            return abs(pixel - max(ends) - GAP) <= NEAR_TEXT
        if facts["as"] == "missing":
            return pixel <= ends[0] + NEAR_TEXT
        # Above the higher column, or inside its own; totals of one year stand above each other.
        most = ABOVE * sum(
            read_place(read_facts(node)["at"]) == (at,) for node in self.nodes["mark-value"]
        )
        return min(ends) - most <= pixel <= min(own, default=ends[0]) + ABOVE

    # Lines, bands and numbers of the scale

    def _read_events(self) -> Iterator[Misreading]:
        """Bands reach from their first day to their last, and lines stand at their days."""
        if not self.order.slope:
            self._take(lambda item: item.look == BAND)
        for node in self.nodes["band"] if self.order.slope else ():
            facts = read_facts(node)
            (first,), (last,) = read_place(facts["from"]), read_place(facts["to"])
            wanted = self.order.find_pixel(first), self.order.find_pixel(last + 1)
            bands = [item for item in self.rest if self._is_band(item, wanted)]
            if not bands:
                yield self._differs(node.about, "no band", "one from its first to its last day")
            self._remove(bands[:1])
        for node in (*self.nodes["event"], *self.nodes["break-line"]):
            pixel = self.order.find_pixel(self._place_event(node))
            lines = self._take(partial(self._is_event, node, "path"))
            if len(lines) != 1 or not lines[0].is_line or lines[0].look != EVENT:
                yield self._differs(node.about, f"{len(lines)} lines", "one, at its day")
            elif self.order.slope and abs(lines[0].find_middle(ACROSS) - pixel) > 4 * NEAR:
                yield self._differs(node.about, "a line", "one at its day")
            texts = self._take_lines(partial(self._is_event, node, "text"))
            yield from self._check_text(node, texts)
            pixel = lines[0].find_middle(ACROSS) if lines else pixel
            if texts and not self._is_at_line(texts, pixel):
                yield self._differs(node.about, texts[0].text, "a place at its line")

    def _is_at_line(self, texts: Sequence[DrawnItem], pixel: float) -> bool:
        """Whether a text begins or ends at a line, or stands above it; of lines the ground does."""
        if len(texts) == 1:
            gap = {"start": GAP, "end": -GAP}.get(texts[0].anchor, 0)
            return abs(texts[0].points[0][ACROSS] - gap - pixel) <= NEAR_TEXT
        places = [text.points[0] for text in texts]
        grounds = [
            item
            for item in self.rest
            if item.is_box and item.look == GROUND and all(holds(item, place) for place in places)
        ]
        edges = [edge for ground in grounds for edge in ground.find_ends(ACROSS)]
        return any(abs(abs(edge - pixel) - GAP) <= NEAR_TEXT for edge in edges)

    def _is_band(self, item: DrawnItem, ends: Place) -> bool:
        if not (item.is_box and item.look == BAND):
            return False
        across = zip(item.find_ends(ACROSS), ends, strict=True)
        is_low = abs(item.find_ends(DOWN)[1] - self.scale.find_pixel(0)) <= 2 * NEAR
        return is_low and all(abs(pixel - wanted) <= 4 * NEAR for pixel, wanted in across)

    def _is_event(self, node: Node, element: str, item: DrawnItem) -> bool:
        return item.element == element and (item.tag, item.role) == (node.about, "event")

    def _place_event(self, node: Node) -> float:
        """The day of an event; a break of a chart by year stands between two years, or in one."""
        text = read_facts(node)["at"]
        if node.kind == "event":
            return read_place(text)[0]
        day = dt.date.fromisoformat(text)
        return day.year - 0.5 + (day.timetuple().tm_yday - 1) / 366

    def _read_links(self) -> Iterator[Misreading]:
        """Lines join the dots that are described as joined, and no others."""
        dots = {mark.node.about: mark.item.points[0] for mark in self.marks}
        wanted: Counter[tuple[tuple[str, str], Place, Place]] = Counter()
        for node in self.nodes["join"]:
            look = LOOKS["join", read_facts(node)["in"]]
            if node.about in dots and node.target in dots:
                wanted[look, dots[node.about], dots[node.target]] += 1
        for item in list(self.rest):
            if item.element != "path" or item.tag:
                continue
            # A point by itself draws nothing.
            parts = [(item.look, *pair) for stroke in item.strokes for pair in pairwise(stroke)]
            if all(wanted[part] > 0 for part in parts):
                wanted.subtract(parts)
                self._remove([item])
        for _ in (+wanted).elements():
            yield self._differs("the lines", "no line", "one between the dots it joins")

    def _read_scale(self, facts: Mapping[str, str]) -> Iterator[Misreading]:
        """Numbers of the axis stand where they are, with thin lines at them and at no others."""
        spelling = AxisSpelling(self.nodes["scale"][0].text)
        for node in self.nodes["reference-line"]:
            pixel = self.scale.find_pixel(float(read_facts(node)["at"]))
            lines = self._take(lambda item: self._is_across(item, self.axis))
            if not lines or any(abs(line.find_middle(self.axis) - pixel) > NEAR for line in lines):
                yield self._differs(node.text, "a line", "one where nothing differs")
            texts = self._take(partial(self._says, node))
            if len(texts) != 1 or abs(texts[0].points[0][self.axis] - pixel) > NEAR_TEXT:
                yield self._differs(node.text, "a name", "one above its line")
        numbers = [
            PlacedNumber(item.text, item.find_middle(self.axis), value)
            for item in self.rest
            if self._is_number(item) and (value := spelling.read(item.text)) is not None
        ]
        self._take(lambda item: self._is_number(item) and spelling.read(item.text) is not None)
        if not self.scale.slope:
            # All marks stand for one number: then those of the axis alone are a scale.
            self.scale = fit_scale([*self.placed, *self._find_thin_lines(numbers)])
        pixels = [self.scale.find_pixel(number.value) for number in numbers]
        for number, pixel in zip(numbers, pixels, strict=True):
            if abs(number.pixel - pixel) > NEAR_TEXT:
                where = f"{pixel:.0f} pixels from the edge"
                yield self._differs("the axis", number.name, f"a number of the scale, {where}")
        if "from" in facts and pixels and self.scale.find_pixel(0) not in pixels:
            yield self._differs("the axis", "no 0", "0, where it begins")
        if "from" not in facts:
            # The line below estimates.
            self._take(lambda item: self._is_across(item, self.order_axis))
        yield from self._read_thin_lines(pixels)

    def _find_thin_lines(self, numbers: Sequence[PlacedNumber]) -> Iterator[PlacedNumber]:
        """Numbers of the axis at the thin lines beside which they are written."""
        lines = [item.find_middle(self.axis) for item in self.rest if item.look == GRID]
        for number in numbers:
            near = [pixel for pixel in lines if abs(pixel - number.pixel) <= NEAR_TEXT]
            yield from (number._replace(pixel=pixel) for pixel in near[:1])

    def _is_number(self, item: DrawnItem) -> bool:
        """Whether a text stands left of all marks, or below them, as numbers of an axis do."""
        if item.element != "text" or item.tag or item.fill != "muted" or item.is_upright:
            return False
        ends = [mark.item.find_ends(self.order_axis) for mark in self.marks]
        if self.axis == DOWN:
            left = min((first for first, _ in ends), default=math.inf)
            return item.anchor == "end" and item.points[0][ACROSS] <= left
        low = max((last for _, last in ends), default=0)
        return item.anchor == "middle" and item.points[0][DOWN] >= low

    def _read_thin_lines(self, pixels: Sequence[float]) -> Iterator[Misreading]:
        """Lines of the grid, and short ones at the axis."""
        for line in self._take(lambda item: item.is_line and item.look == GRID):
            is_at = any(abs(line.find_middle(self.axis) - pixel) <= NEAR for pixel in pixels)
            if measure(line, self.axis) or not is_at:
                yield self._differs("the axis", "a thin line", "one at a number of the scale")
        places = [read_place(read_facts(node)["at"])[0] for node in self.nodes["tick-name"]]
        wanted = [*map(self.order.find_pixel, places)] if self.axis == DOWN else pixels
        for line in self._take(lambda item: item.look == ("axis", "axis") and not item.tag):
            is_short = measure(line, DOWN) <= SHORT and measure(line, ACROSS) == 0
            if not is_short or all(
                abs(line.find_middle(ACROSS) - pixel) > 2 * NEAR for pixel in wanted
            ):
                yield self._differs("the axis", "a short line", "one at a name or a number")


def guess_middle(lines: Sequence[DrawnItem]) -> float:
    """About where the middle of lines below each other is; a letter is half as wide as high."""
    longest = min(lines, key=lambda line: line.points[0][ACROSS])
    return longest.points[0][ACROSS] + longest.size * len(longest.text) / 4
