"""Read the drawing of a cross-table: squares in rows and columns, from light to dark."""

from collections.abc import Iterator
from functools import partial

from helpline_report.audit.drawing_reader import (
    GAP_EDGE,
    HALF,
    INKS,
    NEAR_TEXT,
    DrawingReader,
    is_broken,
    read_facts,
)
from helpline_report.audit.drawn_items import ACROSS, DOWN, DrawnItem
from helpline_report.audit.drawn_names import read_place
from helpline_report.audit.drawn_scales import NEAR, PlacedNumber, Scale, fit_scale
from helpline_report.audit.expectations import Misreading
from helpline_report.description import Node


class SquaresReader(DrawingReader):
    """Reads squares: each stands in its row and its column, and fills its place."""

    rows = columns = Scale(0, 0)

    def _read_places(self) -> Iterator[Misreading]:
        self.rows, self.columns = self._fit(DOWN), self._fit(ACROSS)
        for number in (*self.rows.outliers, *self.columns.outliers):
            yield self._differs(number.name, f"{number.pixel:.2f} pixels", "its row and column")
        if min(self.rows.slope, self.columns.slope) < 0:
            yield self._differs("the axes", "squares", "the other way round")
        yield from self._read_gaps()
        for kind, axis in (("row-name", DOWN), ("tick-name", ACROSS)):
            yield from self._read_heads(self.nodes[kind], axis)
        yield from self._read_numbers()

    def _fit(self, axis: int) -> Scale:
        """Where rows or columns are: both edges of each square, which has its place between."""
        placed = []
        for mark in self.marks:
            at = mark.at[0 if axis == DOWN else 1]
            edges = zip(mark.item.find_ends(axis), (at - 0.5, at + 0.5), strict=True)
            placed += [PlacedNumber(mark.node.about, pixel, value) for pixel, value in edges]
        return fit_scale(placed, near=2 * NEAR)

    def _find_middle(self, node: Node) -> tuple[float, float]:
        row, column = read_place(read_facts(node)["at"])
        return self.columns.find_pixel(column), self.rows.find_pixel(row)

    def _read_gaps(self) -> Iterator[Misreading]:
        """A count that is hidden is a gap with strokes, as large as a square."""
        for node in self.nodes["gap"]:
            row, column = read_place(read_facts(node)["at"])
            sides = [
                scale.find_pixel(place + half)
                for scale, place in ((self.columns, column), (self.rows, row))
                for half in (-0.5, 0.5)
            ]
            gaps = [item for item in self.rest if _is_gap(item, sides)]
            self._remove(gaps[:1])
            if not gaps:
                yield self._differs(node.about, "no gap", "one with strokes, in its place")

    def _read_heads(self, nodes: list[Node], axis: int) -> Iterator[Misreading]:
        """Names stand at their rows, and at their columns: all, or every second or so."""
        scale, written = (self.rows if axis == DOWN else self.columns), list[int]()
        for number, node in enumerate(nodes):
            lines = self._take_lines(partial(self._is_name, node))
            (at,) = read_place(read_facts(node)["at"])
            if not lines:
                continue
            written.append(number)
            yield from self._check_text(node, lines)
            middle = sum(line.find_middle(axis) for line in lines) / len(lines)
            is_here = abs(middle - scale.find_pixel(at)) <= NEAR_TEXT
            if axis == ACROSS and is_broken(lines):
                left = min(line.points[0][ACROSS] for line in lines)
                is_here = scale.slope > 0 and -HALF <= scale.find_value(left) - at <= 0
            if not is_here:
                yield self._differs(node.target, node.text, "its own row or column")
        yield from self._check_every(
            written, len(nodes), may_leave_out="room" in read_facts(nodes[0])
        )

    def _read_numbers(self) -> Iterator[Misreading]:
        """Each value stands in the middle of its own square, in the colour that is read on it."""
        written, shades = [], {mark.node.about: mark.facts["in"] for mark in self.marks}
        for node in self.nodes["mark-value"]:
            middle = self._find_middle(node)
            lines = self._take_lines(partial(self._is_value, node))
            if not node.about:
                near = [line for line in lines if _is_near(line, middle)]
                self.rest += [line for line in lines if line not in near]
                lines = near
            if not lines and "room" not in read_facts(node):
                yield self._differs(node.about or "a square", "no text", node.text)
            if lines:
                written.append(node)
                yield from self._check_text(node, lines)
                is_here = len(lines) == 1 and _is_near(lines[0], middle)
                ink = INKS[shades[node.about]] if node.about in shades else "muted"
                if not is_here or lines[0].fill != ink:
                    yield self._differs(node.about, node.text, "its own square, in its colour")
        yield from self._check_room(written)


def _is_gap(item: DrawnItem, sides: list[float]) -> bool:
    if item.look != GAP_EDGE or item.tag or item.element != "path" or len(item.strokes) < 3:  # noqa: PLR2004
        return False
    ends = [*item.find_ends(ACROSS), *item.find_ends(DOWN)]
    return all(abs(end - side) <= 4 * NEAR for end, side in zip(ends, sides, strict=True))


def _is_near(line: DrawnItem, middle: tuple[float, float]) -> bool:
    return all(abs(line.points[0][axis] - middle[axis]) <= NEAR_TEXT for axis in (ACROSS, DOWN))
