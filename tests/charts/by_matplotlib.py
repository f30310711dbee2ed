"""The same sheet drawn by matplotlib, whose SVG is cut down to what a page needs of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import StringIO
from itertools import groupby
from xml.etree import ElementTree as ET

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Sheet
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from helpline_report.charts.canvas import Box, Canvas, Segment
from helpline_report.charts.style import COLOURS, Theme
from helpline_report.charts.svg import Point, number, printable

# matplotlib knows colours, not names: each name is a colour that nothing else uses.
MARKERS = {name: f"#01{at:02x}a7" for at, name in enumerate(COLOURS, start=1)}

SPACED = re.compile(r" ?([MLCQVHZ]) ?", re.IGNORECASE)
N = r"(-?[\d.]+)"
UPRIGHT = re.compile(rf"M{N} {N}L\1 {N}(?=M|$)")
TWICE = re.compile(rf"(L{N} {N})\1$")
RECTANGLE = re.compile(rf"M{N} {N}L{N} \2L\3 {N}L\1 \4[zZ]")
DECIMAL = re.compile(r"-?\d+\.\d+")
DROPPED = ("font-family", "stroke-linejoin")
DEFAULTS = {"text-anchor": "start"}


class ByMatplotlib(Canvas):
    """A canvas whose shapes are matplotlib's."""

    def __init__(self, theme: Theme, words: object) -> None:
        super().__init__(theme, words)  # type: ignore[arg-type]
        self.artists: list[Artist] = []

    def bar(
        self, corner: Point, width: float, height: float, colour: str, *, edge: str | None = None
    ) -> None:
        (x, y), inset = corner, 0.5 if edge and min(width, height) > 1 else 0.0
        shape = Rectangle(
            (x + inset, y + inset),
            width - 2 * inset,
            height - 2 * inset,
            facecolor=MARKERS[colour],
            edgecolor=MARKERS[edge] if edge else None,
            linewidth=1 if edge else 0,
        )
        self._add(shape)

    def squares(self, boxes: Sequence[Box], colour: str) -> None:
        vertices: list[Point] = []
        for x, y, width, height in boxes:
            right, bottom = x + width, y + height
            vertices += [(x, y), (right, y), (right, bottom), (x, bottom), (x, y)]
        codes = [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY] * len(boxes)
        self._add(PathPatch(Path(vertices, codes), facecolor=MARKERS[colour], linewidth=0))

    def band(self, start: Segment, end: Segment, colour: str, *, edge: str) -> None:
        (left, top), (_, bottom) = start
        (right, end_top), (_, end_bottom) = end
        middle = (left + right) / 2
        vertices = [
            *((left, top), (middle, top), (middle, end_top), (right, end_top)),
            *((right, end_bottom), (middle, end_bottom), (middle, bottom), (left, bottom)),
        ]
        curve = [Path.CURVE4] * 3
        path = Path(vertices, [Path.MOVETO, *curve, Path.LINETO, *curve])
        fill, line = MARKERS[colour], MARKERS[edge]
        self._add(PathPatch(path, facecolor=fill, edgecolor=line, linewidth=0.75))

    def line(
        self, segments: Sequence[Segment], colour: str, *, thick: float = 1, behind: bool = False
    ) -> None:
        vertices = [point for segment in segments for point in segment]
        if vertices:
            path = Path(vertices, [Path.MOVETO, Path.LINETO] * len(segments))
            shape = PathPatch(path, fill=False, edgecolor=MARKERS[colour], linewidth=thick)
            self._add(shape, behind=behind)

    def dot(self, middle: Point, radius: float, colour: str) -> None:
        self._add(Circle(middle, radius, facecolor=MARKERS[colour], linewidth=0))

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        colour: str = "ink",
        size: float | None = None,
        weight: str = "regular",
        align: str = "left",
        upwards: bool = False,
    ) -> None:
        font = self.theme.font
        shape = Text(
            x,
            y,
            printable(words),
            color=MARKERS[colour],
            fontproperties=FontProperties(
                family=font.family,
                size=size or self.theme.text,
                weight=600 if weight == "semibold" else 400,
                fname=str(font.file("semibold" if weight == "semibold" else "regular")),
            ),
            horizontalalignment=align,
            verticalalignment="baseline",
            rotation=90 if upwards else 0,
            rotation_mode="anchor",
            parse_math=False,
        )
        self._add(shape)

    def svg(self, height: float, alternative: str) -> str:
        theme = self.theme
        with rc_context({"svg.fonttype": "none", "path.simplify": False}):
            figure = Sheet(figsize=(theme.width / 72, height / 72), dpi=72)
            figure.patch.set_visible(False)
            down = Affine2D().scale(1, -1).translate(0, height)
            for shape in self.artists:
                shape.set_transform(down)
                figure.add_artist(shape)
            out = StringIO()
            FigureCanvasSVG(figure).print_figure(out, format="svg", metadata={"Date": None})
        return _cut_down(out.getvalue(), theme, height, alternative)

    def _add(self, shape: Artist, *, behind: bool = False) -> None:
        shape.set_clip_on(False)
        self.artists.insert(0 if behind else len(self.artists), shape)


def _cut_down(svg: str, theme: Theme, height: float, alternative: str) -> str:
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {number(theme.width)} {number(height)}",
            "width": number(theme.width),
            "height": number(height),
            "role": "img",
            "aria-label": printable(alternative),
            "font-family": f"'{theme.font.family}', sans-serif",
        },
    )
    found = [element for element in ET.fromstring(svg).iter() if _tag(element) in ("path", "text")]  # noqa: S314 - it has just been drawn
    for style, alike in groupby(found, key=lambda element: _style(element, theme)):
        elements = list(alike)
        single = len(elements) == 1
        parent = root if single else ET.SubElement(root, "g", {"style": style})
        for element in elements:
            made = ET.SubElement(parent, _tag(element), _place(element))
            made.text = element.text if _tag(element) == "text" else None
            if single:
                made.set("style", style)
    return ET.tostring(root, encoding="unicode")


def _two_decimals(match: re.Match[str]) -> str:
    return number(float(match[0]))


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _place(element: ET.Element) -> dict[str, str]:
    kept = {}
    for name in ("d", "x", "y", "transform"):
        if value := element.get(name, ""):
            rounded = DECIMAL.sub(_two_decimals, value)
            kept[name] = " ".join(rounded.split())
    if "d" in kept:
        # Where it looks for what lies outside the sheet, it says the last point twice.
        tight = TWICE.sub(r"\1", SPACED.sub(r"\1", kept["d"]))
        kept["d"] = UPRIGHT.sub(r"M\1 \2V\3", RECTANGLE.sub(r"M\1 \2H\3V\4H\1z", tight))
    if kept.get("transform", "").startswith("rotate(-0"):
        del kept["transform"]
    return kept


def _style(element: ET.Element, theme: Theme) -> str:
    named = {marker: theme.colour(name) for name, marker in MARKERS.items()}
    pairs = [part.partition(":") for part in element.get("style", "").split(";")]
    kept = [(name.strip(), value.strip()) for name, _, value in pairs]
    return ";".join(
        f"{name}:{named.get(value, DECIMAL.sub(_two_decimals, value))}"
        for name, value in kept
        if name not in DROPPED and DEFAULTS.get(name) != value
    )
