"""A sheet to draw on in pixels from the top left: shapes, and texts above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from helpline_report.charts.font import Weight
from helpline_report.charts.style import Theme
from helpline_report.charts.svg import (
    Mark,
    Point,
    circle,
    drawing,
    look,
    number,
    points,
    printable,
    rectangle,
    segment,
)
from helpline_report.charts.words import Words
from helpline_report.figures.model import Figure

Align = Literal["left", "center", "right"]
Segment = tuple[Point, Point]
Box = tuple[float, float, float, float]

ANCHORS: dict[Align, str] = {"left": "", "center": "middle", "right": "end"}


@dataclass
class Canvas:
    """Shapes and texts, kept until the height of the sheet is known."""

    theme: Theme
    words: Words
    shapes: list[Mark] = field(default_factory=list)
    texts: list[Mark] = field(default_factory=list)

    def bar(
        self, corner: Point, width: float, height: float, colour: str, *, edge: str | None = None
    ) -> None:
        """A filled rectangle by its top left corner, with an `edge` inside it where one is named.

        A fill that is too light to be told from the page (WCAG 1.4.11) needs an edge.
        """
        (x, y), inset = corner, 0.5 if edge and min(width, height) > 1 else 0.0
        path = rectangle(x + inset, y + inset, width - 2 * inset, height - 2 * inset)
        self._keep(path, fill=self._colour(colour), stroke=self._colour(edge) if edge else "")

    def squares(self, boxes: Sequence[Box], colour: str) -> None:
        """Filled rectangles as one shape; each is its left, its top, its width and its height."""
        self._keep("".join(rectangle(*box) for box in boxes), fill=self._colour(colour))

    def band(self, start: Segment, end: Segment, colour: str, *, edge: str) -> None:
        """A band that runs from one upright side to another, each from its top to its bottom."""
        (left, top), (_, bottom) = start
        (right, end_top), (_, end_bottom) = end
        middle = (left + right) / 2
        there = points((middle, top), (middle, end_top), (right, end_top))
        back = points((middle, end_bottom), (middle, bottom), (left, bottom))
        self._keep(
            f"M{points((left, top))}C{there}L{points((right, end_bottom))}C{back}",
            fill=self._colour(colour),
            stroke=self._colour(edge),
            stroke_width="0.75",
        )

    def line(
        self, segments: Sequence[Segment], colour: str, *, thick: float = 1, behind: bool = False
    ) -> None:
        """Straight pieces of line, as one shape; `behind` what is drawn already, if told so."""
        if segments:
            self._keep(
                "".join(segment(start, end) for start, end in segments),
                behind=behind,
                fill="none",
                stroke=self._colour(colour),
                stroke_width="" if thick == 1 else number(thick),
            )

    def dot(self, middle: Point, radius: float, colour: str) -> None:
        """A filled circle."""
        self._keep(circle(middle, radius), fill=self._colour(colour))

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        colour: str = "ink",
        size: float | None = None,
        weight: Weight = "regular",
        align: Align = "left",
        upwards: bool = False,
    ) -> None:
        """One line of text with its baseline at `y`."""
        said = printable(words)
        if not said:
            return
        place = f'x="{number(x)}" y="{number(y)}"'
        if upwards:
            place += f' transform="rotate(-90 {points((x, y))})"'
        style = look(
            font_weight="600" if weight == "semibold" else "",
            font_size=f"{number(size or self.theme.text)}px",
            text_anchor=ANCHORS[align],
            fill=self._colour(colour),
        )
        self.texts.append(Mark("text", place, style, said))

    def value(self, x: float, y: float, figure: Figure | None, *, align: Align = "left") -> None:
        """The value of a figure; where it has none, in a few muted words why."""
        known = figure is not None and figure.value is not None
        self.text(
            x,
            y,
            self.words.value(figure),
            colour="ink" if known else "muted",
            weight="semibold" if known else "regular",
            align=align,
        )

    def svg(self, height: float, alternative: str) -> str:
        """The sheet as SVG, with the same in words: the same bytes for the same shapes."""
        return drawing(
            [*self.shapes, *self.texts],
            self.theme,
            width=self.theme.width,
            height=height,
            alternative=alternative,
        )

    def _colour(self, name: str) -> str:
        return self.theme.colour(name)

    def _keep(self, path: str, *, behind: bool = False, **properties: str) -> None:
        mark = Mark("path", f'd="{path}"', look(**properties))
        self.shapes.insert(0 if behind else len(self.shapes), mark)
