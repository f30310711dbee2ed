"""SVG as it stands in a page: shapes and texts without ids, colours by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape

from helpline_report.charts.style import Theme

Point = tuple[float, float]

# What XML can't hold.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

# The first two eighths of the unit circle from its top, as Bézier curves: how far the handles are
# from their ends (Lancaster, 'Approximating a circle or an ellipse using four Bézier splines').
HANDLE, DIAGONAL = 0.2652031, 0.5**0.5
NEAR, FAR = DIAGONAL * (1 - HANDLE), DIAGONAL * (1 + HANDLE)
FIRST_EIGHTH = ((HANDLE, -1.0), (NEAR, -FAR), (DIAGONAL, -DIAGONAL))
SECOND_EIGHTH = ((FAR, -NEAR), (1.0, -HANDLE), (1.0, 0.0))


@dataclass(frozen=True)
class Mark:
    """One element of a drawing: its tag, its attributes, how it looks, and what it says."""

    tag: str
    attributes: str
    style: str
    text: str = ""

    def written(self, style: str) -> str:
        """The element; `style` is empty where what stands around it has the style."""
        look = f' style="{style}"' if style else ""
        end = f">{escape(self.text)}</{self.tag}>" if self.text else " />"
        return f"<{self.tag} {self.attributes}{look}{end}"


def printable(text: str) -> str:
    """`text` in one line, without characters that XML can't hold."""
    return UNPRINTABLE.sub("", " ".join(text.split()))


def number(value: float) -> str:
    """A number of pixels with at most two decimals.

    To a millionth first: a half that sums of fractions missed by a hair is rounded as a half.
    """
    text = f"{round(value, 6):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def points(*given: Point) -> str:
    """Points as they stand in a path."""
    return " ".join(f"{number(x)} {number(y)}" for x, y in given)


def rectangle(left: float, top: float, width: float, height: float) -> str:
    """The path of a rectangle."""
    right, bottom = number(left + width), number(top + height)
    return f"M{points((left, top))}H{right}V{bottom}H{number(left)}z"


def segment(start: Point, end: Point) -> str:
    """The path of a straight line."""
    (from_x, _), (to_x, to_y) = start, end
    upright = number(from_x) == number(to_x)
    return f"M{points(start)}" + (f"V{number(to_y)}" if upright else f"L{points(end)}")


def circle(middle: Point, radius: float) -> str:
    """The path of a circle, from its top with the clock, in eight curves."""
    x, y = middle
    path = f"M{points((x, y - radius))}"
    quarter: list[Point] = [*FIRST_EIGHTH, *SECOND_EIGHTH]
    for _ in range(4):
        first, second = (
            points(*((x + radius * dx, y + radius * dy) for dx, dy in eighth))
            for eighth in (quarter[:3], quarter[3:])
        )
        path += f"C{first}C{second}"
        quarter = [(-dy, dx) for dx, dy in quarter]
    return f"{path}z"


def look(**properties: str) -> str:
    """Properties as a style; those that say nothing are left out."""
    return ";".join(
        f"{name.replace('_', '-')}:{value}" for name, value in properties.items() if value
    )


def drawing(
    marks: Iterable[Mark], theme: Theme, *, width: float, height: float, alternative: str
) -> str:
    """One `<svg>` element, as many can stand in a page; what looks alike has its style once."""
    wide, high = number(width), number(height)
    told = escape(printable(alternative), {'"': "&quot;"})
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" '
        f'height="{high}" role="img" aria-label="{told}" '
        f"font-family=\"'{theme.font.family}', sans-serif\">"
    )
    runs = groupby(marks, key=lambda mark: mark.style)
    return head + "".join(_alike(style, list(alike)) for style, alike in runs) + "</svg>"


def _alike(style: str, marks: Sequence[Mark]) -> str:
    if len(marks) == 1:
        return marks[0].written(style)
    return f'<g style="{style}">{"".join(mark.written("") for mark in marks)}</g>'
