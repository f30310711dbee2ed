"""Read the drawing of a flow: a whole, what it branches into, and the bands between them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from helpline_report.audit.drawing_reader import (
    BRANCH,
    GAP,
    NEAR_TEXT,
    DrawingReader,
    DrawnMark,
    measure,
)
from helpline_report.audit.drawn_items import ACROSS, DOWN, DrawnItem, Place
from helpline_report.audit.drawn_scales import NEAR, PlacedNumber, fit_scale
from helpline_report.audit.expectations import Misreading

# The corners of a band: where it begins and ends above, and ends and begins below.
CORNERS = (0, 3, 4, 7)


class FlowReader(DrawingReader):
    """Reads blocks to one scale: high ones from left to right, on a phone long ones below each."""

    def _read_places(self) -> Iterator[Misreading]:
        blocks = {mark.node.about: mark for mark in self.marks}
        axis = ACROSS if self.is_narrow else DOWN
        placed = [PlacedNumber("", 0, 0)]
        placed += [
            PlacedNumber(name, measure(mark.item, axis), float(mark.facts["to"]))
            for name, mark in blocks.items()
        ]
        scale = fit_scale(placed)
        for number in scale.outliers:
            yield self._differs(number.name, f"{number.pixel:.2f} pixels", "on its scale")
        yield from self._check_levels(1 - axis)
        yield from self._read_words(blocks, is_wide=axis == DOWN)
        if axis == DOWN:
            yield from self._read_bands(blocks)

    def _check_levels(self, thick_axis: int) -> Iterator[Misreading]:
        """Blocks of a level stand below each other, further right for each, and are as thick."""
        lefts: dict[int, list[float]] = defaultdict(list)
        for mark in self.marks:
            lefts[int(mark.facts["level"])].append(mark.item.find_ends(ACROSS)[0])
        thick = [measure(mark.item, thick_axis) for mark in self.marks]
        firsts = [min(lefts[level]) for level in sorted(lefts)]
        is_even = all(max(each) - min(each) <= NEAR for each in (thick, *lefts.values()) if each)
        if not is_even or firsts != sorted(set(firsts)):
            yield self._differs("the levels", "blocks", "one below the other in each level")

    def _read_words(
        self, blocks: Mapping[str, DrawnMark], *, is_wide: bool
    ) -> Iterator[Misreading]:
        """Each part has its name and its value beside it, or above it, in their order."""
        heights: list[float] = []
        for node, value in zip(self.nodes["tick-name"], self.nodes["mark-value"], strict=True):
            names = self._take_lines(partial(self._is_name, node))
            values = self._take_lines(partial(self._is_value, value))
            yield from self._check_text(node, names)
            yield from self._check_text(value, values)
            if not names or len(values) != 1:
                continue
            middle = sum(line.points[0][DOWN] for line in names) / len(names)
            block, others = blocks.get(node.target), [*blocks.values()]
            beside = is_beside_block if is_wide else is_above_block
            if block and not beside(middle, names[0], values[0], block, others):
                yield self._differs(node.target, node.text, "a place at its own part")
            if heights and middle <= heights[-1]:
                yield self._differs(node.target, node.text, "its place in the order")
            heights.append(middle)

    def _read_bands(self, blocks: Mapping[str, DrawnMark]) -> Iterator[Misreading]:
        """A band leads from a block to each of its parts, as high as that, in their order."""
        leaves = {name: mark.item.find_ends(DOWN)[0] for name, mark in blocks.items()}
        for node in self.nodes["branch"]:
            child, parent = blocks.get(node.about), blocks.get(node.target)
            if child is None or parent is None:
                continue
            left, right = parent.item.find_ends(ACROSS)[1], child.item.find_ends(ACROSS)[0]
            (top, bottom), start = child.item.find_ends(DOWN), leaves[node.target]
            end = start + bottom - top
            corners = [(left, start), (right, top), (right, bottom), (left, end)]
            bands = [item for item in self.rest if _is_band(item, corners)]
            self._remove(bands[:1])
            if not bands:
                yield self._differs(node.about, "no band", "one from what it is a part of")
            leaves[node.target] = end


def _is_band(item: DrawnItem, corners: Sequence[Place]) -> bool:
    if item.look != BRANCH or not item.is_curved or len(item.points) <= max(CORNERS):
        return False
    pairs = zip((item.points[place] for place in CORNERS), corners, strict=True)
    return all(
        abs(a - b) <= 4 * NEAR for one, other in pairs for a, b in zip(one, other, strict=True)
    )


def _find_distance(middle: float, block: DrawnMark) -> float:
    """How far a height lies above or below a block; 0 beside it."""
    first, last = block.item.find_ends(DOWN)
    return max(first - middle, middle - last, 0)


def is_beside_block(
    middle: float, name: DrawnItem, value: DrawnItem, block: DrawnMark, others: Sequence[DrawnMark]
) -> bool:
    """Whether words stand beside a block or above it, the value first; no other one is nearer."""
    left = block.item.find_ends(ACROSS)[0]
    level = [other for other in others if other.facts["level"] == block.facts["level"]]
    nearest = min(_find_distance(middle, other) for other in level)
    is_level = abs(value.points[0][DOWN] - middle) <= NEAR_TEXT
    is_ordered = left - NEAR <= value.points[0][ACROSS] < name.points[0][ACROSS]
    is_own = _find_distance(middle, block) <= nearest + NEAR_TEXT
    return is_level and is_ordered and is_own and middle <= block.item.find_ends(DOWN)[1]


def is_above_block(
    middle: float, name: DrawnItem, value: DrawnItem, block: DrawnMark, others: Sequence[DrawnMark]
) -> bool:
    """Whether a name stands above a block, with no other between, and the value at its end."""
    left, right = block.item.find_ends(ACROSS)
    tops = [other.item.find_ends(DOWN)[0] for other in others]
    is_own = min((top for top in tops if top >= middle), default=0) == block.item.find_ends(DOWN)[0]
    x, y = value.points[0]
    is_at_end = abs(x - right - GAP) <= NEAR_TEXT and _find_distance(y, block) == 0
    return is_own and is_at_end and name.points[0][ACROSS] >= left - NEAR
