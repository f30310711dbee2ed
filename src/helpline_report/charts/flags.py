"""Place names where no line runs through them: those of events are flags above a chart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from helpline_report.charts.axes import GAP, text_width, wrap

# How much of the width the names may take, in how many lines: the first that works is used.
TRIES = ((1.0, 1), (0.7, 2), (0.5, 3), (0.35, 3), (0.2, 3), (0.1, 3))
# So close to a name no other line passes.
AIR = 6.0


class Flag(NamedTuple):
    """A name on its line: `left` or right of it, its lines, and how many lines stand below it."""

    text: str
    left: bool
    lines: int
    below: int


def place_flags(
    places: Sequence[float], names: Sequence[str], size: float, room: float
) -> list[Flag]:
    """A flag for each event, whose line stands so many pixels from the left of `room` pixels.

    A line reaches up to its name: it passes the names that stand lower. Names stand right of their
    lines where that works, the earliest highest. Where nothing works, no event has a name.
    """
    for share, most in TRIES:
        texts = [_shorten(name, size, room * share - GAP, most) for name in names]
        wide = [max(text_width(row, size) for row in text.split("\n")) + GAP for text in texts]
        fitting = [
            [left for left in (False, True) if (at if left else room - at) >= width]
            for at, width in zip(places, wide, strict=True)
        ]
        for sides in product(*fitting):
            if order := _stack(places, wide, sides):
                lines = [text.count("\n") + 1 for text in texts]
                below = [
                    sum(lines[i] for i in order[: order.index(at)]) for at in range(len(names))
                ]
                return [*map(Flag, texts, sides, lines, below)]
    return [Flag("", left=False, lines=0, below=0) for _ in names]


def step_aside(lines: Sequence[float], half: float) -> float:
    """How far a name stands right of its place, so that none of the lines runs through it.

    The lines stand so many pixels from that place; `half` is half of how long the name is.
    """
    room = half + AIR / 2
    steps = [0.0, *(at - room for at in lines), *(at + room for at in lines)]
    free = (step for step in steps if all(abs(at - step) >= room for at in lines))
    return min(free, key=abs, default=0.0)


def _shorten(name: str, size: float, room: float, most: int) -> str:
    """A name in lines that are no longer than `room`: a longer word ends with an ellipsis."""
    rows = wrap(name, size, room, most).split("\n")
    for place in range(len(rows)):
        while text_width(rows[place], size) > room and len(rows[place]) > 1:
            rows[place] = f"{rows[place].rstrip('…')[:-1]}…"
    return "\n".join(rows)


def _stack(places: Sequence[float], wide: Sequence[float], sides: Sequence[bool]) -> list[int]:
    """The events from the lowest to the highest name; empty where a line would cross a name."""
    ends = [
        (at - width - AIR, at) if left else (at, at + width + AIR)
        for at, width, left in zip(places, wide, sides, strict=True)
    ]
    order: list[int] = []
    rest = [*range(len(places))]
    while rest:
        free = [i for i in rest if not any(ends[i][0] < places[j] < ends[i][1] for j in rest)]
        if not free:
            return []
        order.append(free[-1])
        rest.remove(free[-1])
    return order
