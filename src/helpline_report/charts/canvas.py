"""A sheet to draw on in pixels from the top left, which matplotlib then writes as SVG."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Literal

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Sheet
from matplotlib.patches import Circle, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from helpline_report.charts.font import Weight
from helpline_report.charts.style import MARKERS, Theme
from helpline_report.charts.type import properties
from helpline_report.charts.words import Words
from helpline_report.figures.model import Figure

Align = Literal["left", "center", "right"]
Point = tuple[float, float]
Segment = tuple[Point, Point]
Box = tuple[float, float, float, float]

METADATA = {"Date": None, "Creator": None, "Type": None}

# What XML can't hold.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """`text` in one line, without characters that XML can't hold."""
    return UNPRINTABLE.sub("", " ".join(text.split()))


@dataclass
class Canvas:
    """Shapes and texts, kept until the height of the sheet is known."""

    theme: Theme
    words: Words
    shapes: list[Artist] = field(default_factory=list)

    def bar(
        self, corner: Point, width: float, height: float, colour: str, *, edge: str | None = None
    ) -> None:
        """A filled rectangle by its top left corner, with an `edge` inside it where one is named.

        A fill that is too light to be told from the page (WCAG 1.4.11) needs an edge.
        """
        (x, y), inset = corner, 0.5 if edge and min(width, height) > 1 else 0.0
        shape = Rectangle(
            (x + inset, y + inset),
            width - 2 * inset,
            height - 2 * inset,
            facecolor=MARKERS[colour],
            edgecolor=MARKERS[edge] if edge else None,
            linewidth=1 if edge else 0,
        )
        self._keep(shape)

    def squares(self, boxes: Sequence[Box], colour: str) -> None:
        """Filled rectangles as one shape; each is its left, its top, its width and its height."""
        vertices: list[Point] = []
        for x, y, width, height in boxes:
            right, bottom = x + width, y + height
            vertices += [(x, y), (right, y), (right, bottom), (x, bottom), (x, y)]
        codes = [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY] * len(boxes)
        look = {"facecolor": MARKERS[colour], "linewidth": 0}
        self._keep(PathPatch(Path(vertices, codes), **look))

    def band(self, start: Segment, end: Segment, colour: str, *, edge: str) -> None:
        """A band that runs from one upright side to another, each from its top to its bottom."""
        (left, top), (_, bottom) = start
        (right, end_top), (_, end_bottom) = end
        middle = (left + right) / 2
        vertices = [
            *((left, top), (middle, top), (middle, end_top), (right, end_top)),
            *((right, end_bottom), (middle, end_bottom), (middle, bottom), (left, bottom)),
        ]
        curve = [Path.CURVE4] * 3
        codes = [Path.MOVETO, *curve, Path.LINETO, *curve]
        look = {"facecolor": MARKERS[colour], "edgecolor": MARKERS[edge], "linewidth": 0.75}
        self._keep(PathPatch(Path(vertices, codes), **look))

    def line(
        self, points: Sequence[Segment], colour: str, *, thick: float = 1, behind: bool = False
    ) -> None:
        """Straight pieces of line, as one shape; `behind` what is drawn already, if told so."""
        vertices = [point for segment in points for point in segment]
        if not vertices:
            return
        codes = [Path.MOVETO, Path.LINETO] * len(points)
        shape = PathPatch(
            Path(vertices, codes), fill=False, edgecolor=MARKERS[colour], linewidth=thick
        )
        self._keep(shape, behind=behind)

    def dot(self, middle: Point, radius: float, colour: str) -> None:
        """A filled circle."""
        self._keep(Circle(middle, radius, facecolor=MARKERS[colour], linewidth=0))

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
        """One line of text with its baseline at `y`; `$` and the like are text."""
        shape = Text(
            x,
            y,
            printable(words),
            color=MARKERS[colour],
            fontproperties=properties(size or self.theme.text, weight),
            horizontalalignment=align,
            verticalalignment="baseline",
            rotation=90 if upwards else 0,
            rotation_mode="anchor",
            parse_math=False,
        )
        self._keep(shape)

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

    def _keep(self, shape: Artist, *, behind: bool = False) -> None:
        shape.set_clip_on(False)
        self.shapes.insert(0 if behind else len(self.shapes), shape)

    def svg(self, height: float, salt: str) -> str:
        """The sheet as matplotlib writes it: the same bytes for the same shapes."""
        with rc_context({"svg.fonttype": "none", "svg.hashsalt": salt, "path.simplify": False}):
            figure = Sheet(figsize=(self.theme.width / 72, height / 72), dpi=72)
            figure.patch.set_visible(False)
            down = Affine2D().scale(1, -1).translate(0, height)
            for shape in self.shapes:
                shape.set_transform(down)
                figure.add_artist(shape)
            out = StringIO()
            with warnings.catch_warnings():
                # A letter that the font lacks is measured as a box, and shown by another font.
                warnings.filterwarnings("ignore", message="Glyph .* missing from font")
                FigureCanvasSVG(figure).print_figure(out, format="svg", metadata=METADATA)
        return out.getvalue()
