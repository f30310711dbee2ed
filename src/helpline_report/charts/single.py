"""A chart that stands alone: with its title, its notes and its source, at home on another site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil
from xml.sax.saxutils import escape, quoteattr

from helpline_report.charts.drawing_steps import Drawing
from helpline_report.charts.style import Theme
from helpline_report.charts.svg import printable

WIDTH = 720.0
MARGIN = 20.0
LEADING = 1.35
# Heights are of so many units, each of which is whole pixels in a picture 1600 wide: of a height
# in between, a picture would leave out a row of pixels, in the midst of a line of text.
STEP = 9


@dataclass(frozen=True)
class Frame:
    """What stands around a chart: above it title and subtitle, below it notes and source.

    `warning` is what nobody may overlook: that it is a draft, or of rows about nobody.
    """

    title: str
    subtitle: str
    warning: str = ""
    notes: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


@dataclass(frozen=True)
class Single:
    """A chart of its own as SVG, its size in pixels, and the same in words."""

    svg: str
    alt: str
    width: float
    height: float


@dataclass
class _Sheet:
    """Lines of text below each other; `y` is how far down the sheet they go."""

    theme: Theme
    lines: list[str] = field(default_factory=list)
    y: float = MARGIN

    def add(self, texts: Iterable[str], *, size: float, colour: str, bold: bool = False) -> None:
        """Each text from a new line, broken where it has to be."""
        number = 600 if bold else 400
        look = f'font-size="{size}" font-weight="{number}" fill="{self.theme.colours[colour]}"'
        for text in filter(None, map(printable, texts)):
            for line in self.theme.font.wrap(text, size, WIDTH - 2 * MARGIN, bold=bold):
                self.y += size * LEADING
                place = f'x="{MARGIN:g}" y="{round(self.y - size * 0.3, 2):g}"'
                self.lines.append(f"<text {place} {look}>{escape(line)}</text>")


def single(drawing: Drawing, frame: Frame, theme: Theme, style: str = "") -> Single:
    """A drawing in the plain colours of `theme`; `style` are the rules of its fonts."""
    sheet = _Sheet(theme)
    _write(sheet, drawing, frame)
    height = ceil((sheet.y + MARGIN - 4) / STEP) * STEP
    alt = printable(" ".join(filter(None, (frame.warning, drawing.alt))))
    title = printable(frame.title)
    return Single(_svg(sheet, title, alt, style, height=height), alt, WIDTH, height)


def _write(sheet: _Sheet, drawing: Drawing, frame: Frame) -> None:
    sheet.add([frame.title], size=21, colour="ink", bold=True)
    sheet.add([frame.subtitle], size=15, colour="muted")
    sheet.y += 6 if frame.warning else 0
    sheet.add([frame.warning], size=13.5, colour="accent", bold=True)
    sheet.y += 14
    left = MARGIN + (WIDTH - 2 * MARGIN - drawing.width) / 2
    inner = drawing.svg.partition(">")[2].removesuffix("</svg>")
    sheet.lines.append(f'<g transform="translate({left:g} {sheet.y:g})">{inner}</g>')
    sheet.y += drawing.height + 8
    sheet.add(frame.notes, size=13, colour="muted")
    sheet.y += 4 if frame.notes else 0
    sheet.add(frame.source, size=13, colour="muted")


def _svg(sheet: _Sheet, title: str, alt: str, style: str, *, height: float) -> str:
    size = f'viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" height="{height:g}"'
    family = quoteattr(f"'{sheet.theme.font.family}', sans-serif")
    says = f'role="img" aria-labelledby="title desc" font-family={family}'
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {says}>',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(alt)}</desc>',
        f"<style>{style}</style>" if style else "",
        f'<rect width="100%" height="100%" fill="{sheet.theme.colours["ground"]}"/>',
        *sheet.lines,
        "</svg>",
    )
    return "\n".join(filter(None, parts)) + "\n"
