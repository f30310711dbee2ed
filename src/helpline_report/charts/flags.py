"""Place names where no line runs through them: those of events are flags above a chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from helpline_report.charts.axes import GAP, count_lines, text_width, wrap

# How much of the width the names may take, in how many lines: the first where no line crosses a
# name is used, else the last. In that one each name has room on one side of its line.
TRIES = ((1.0, 1), (0.7, 2), (0.5, 3), (0.35, 3), (0.2, 3), (0.5, 3))
# The narrowest line of a name, in sizes of its letters: it holds about twelve of them.
LEAST = 6
# The least distance of a name from a line of another event, in pixels.
AIR = 6.0


class Flag(NamedTuple):
    """A name on its line: `left` or right of it, its lines, and how many lines stand below it.

    Lines of other events pass behind one that is `crossed`.
    """

    text: str
    left: bool
    lines: int
    below: int
    crossed: bool


def place_flags(
    places: Sequence[float], names: Sequence[str], size: float, room: float
) -> list[Flag]:
    """A flag for each event; its line stands at one of `places`, in pixels from the left of `room`.

    A line reaches up to its name: it passes the names that stand lower. Names stand right of their
    lines where that works, the earliest highest. Where nothing works, lines pass behind names.
    """
    flags: list[Flag] = []
    for share, most in TRIES:
        texts = [_shorten(name, size, room * share - GAP, most) for name in names]
        wide = [max(text_width(row, size) for row in text.split("\n")) + GAP for text in texts]
        # Both sides on which a name has room, the right one first.
        sides = [
            [left for left in (False, True) if (at if left else room - at) >= width]
            for at, width in zip(places, wide, strict=True)
        ]
        if all(sides) and room * share - GAP >= LEAST * size:
            flags = _stack(texts, places, wide, sides)
            if not any(flag.crossed for flag in flags):
                break
    return flags


def step_aside(lines: Sequence[float], half: float, most: float) -> float:
    """How far a name stands right of its place, so that none of the lines runs through it.

    `lines` are their distances from that place in pixels, and `half` is half the length of the
    name. Where it would have to go further than `most`, which is nearer to another place, it stays.
    """
    room = half + AIR / 2
    steps = [0.0, *(at - room for at in lines), *(at + room for at in lines)]
    near = (step for step in steps if abs(step) <= most)
    free = (step for step in near if all(abs(at - step) >= room for at in lines))
    return min(free, key=abs, default=0.0)


def _shorten(name: str, size: float, room: float, most: int) -> str:
    """A name in lines that are no longer than `room`: a longer word ends with an ellipsis."""
    rows = wrap(name, size, room, most).split("\n")
    for place in range(len(rows)):
        while text_width(rows[place], size) > room and len(rows[place]) > 1:
            rows[place] = f"{rows[place].rstrip('…')[:-1]}…"
    return "\n".join(rows)


def _stack(
    texts: Sequence[str],
    places: Sequence[float],
    wide: Sequence[float],
    sides: Sequence[Sequence[bool]],
) -> list[Flag]:
    """The flags, from the lowest name up: each a name that no line of those still to place crosses.

    A name that is free stays so while others are placed: if any order works, this one does.
    """
    placed: dict[int, Flag] = {}
    rest, below = [*range(len(texts))], 0

    def is_free(at: int, left: bool) -> bool:  # noqa: FBT001
        low, high = (-wide[at] - AIR, 0) if left else (0, wide[at] + AIR)
        return not any(low < places[other] - places[at] < high for other in rest)

    while rest:
        # The last of those on their first side, then on their other.
        ways = [(at, sides[at][which]) for which in (0, -1) for at in reversed(rest)]
        free = [way for way in ways if is_free(*way)]
        at, left = (free or ways)[0]
        lines = count_lines(texts[at])
        placed[at] = Flag(texts[at], left, lines, below, crossed=not free)
        below += lines
        rest.remove(at)
    return [placed[at] for at in range(len(texts))]
