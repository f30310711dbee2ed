"""Draw each chart as a picture of its own, SVG and PNG, for a press release or another site.

It holds its title, its notes and its source, and is at home on any page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr
from zlib import crc32

import typst

from helpline_report.charts.style import Theme
from helpline_report.charts.svg import printable
from helpline_report.errors import MachineError
from helpline_report.prose.rendering import literal
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.front import Front, front_of
from helpline_report.report.house import Face, faces, font_faces, themes
from helpline_report.report.open_data import DataFile
from helpline_report.report.pdf import settable, typst_fonts
from helpline_report.report.views import ChartView

FOLDER = "charts"
INDEX = f"{FOLDER}/index.csv"
INDEX_COLUMNS = ("id", "title", "subtitle", "alternative_text", "svg", "png", "csv")

# In pixels of a screen: the width of a picture, and its margins.
WIDTH = 720.0
MARGIN = 20.0
LEADING = 1.35
# Heights are of so many units, each of which is whole pixels in a picture 1600 wide: of a height
# in between, a picture would leave out a row of pixels, in the midst of a line of text.
STEP = 9
# A picture for print: twice the size at which a screen shows it.
PNG_WIDTH = 1600
# Two pixels a point, which is exact, so that whole pixels stay whole (`_points`).
PIXELS_A_POINT = 2
# A PNG begins with its signature (8 bytes) and its header (25 bytes).
END_OF_HEADER = 33


class Picture(NamedTuple):
    """A chart of the report as a picture that stands alone: its height, itself, and in words.

    `svg` is without the fonts, which Typst has as files; `style` are the rules that hold them.
    """

    view: ChartView
    svg: str
    alt: str
    height: float
    style: str = ""

    @property
    def with_fonts(self) -> str:
        """The picture as a file of its own."""
        before, end, rest = self.svg.partition("</desc>\n")
        return f"{before}{end}<style>{self.style}</style>\n{rest}"


@dataclass
class _PictureSheet:
    """Lines of text below each other; `y` is how far down the sheet they go."""

    theme: Theme
    lines: list[str] = field(default_factory=list)
    y: float = MARGIN

    def add(self, texts: Sequence[str], *, size: float, colour: str, bold: bool = False) -> None:
        """Each text from a new line, broken where it has to be."""
        number = 600 if bold else 400
        look = f'font-size="{size}" font-weight="{number}" fill="{self.theme.colours[colour]}"'
        for text in filter(None, map(printable, texts)):
            for line in self.theme.font.wrap(text, size, WIDTH - 2 * MARGIN, bold=bold):
                self.y += size * LEADING
                place = f'x="{MARGIN:g}" y="{round(self.y - size * 0.3, 2):g}"'
                self.lines.append(f"<text {place} {look}>{escape(line)}</text>")


def single_charts(reader: ChapterReader) -> list[Picture]:
    """Every chart that the report shows, once, in the order of the ids."""
    publication, theme = reader.publication, themes(reader.publication)[0]
    views = {
        view.id: view
        for name, node in publication.notebooks.items()
        for view in reader.read(name, node).views
        if isinstance(view, ChartView)
    }
    front = front_of(reader.words)
    pictures = [_picture(views[name], front, reader.words, theme) for name in sorted(views)]
    # One subset of the fonts for all charts: the same letters stand in nearly all of them.
    letters = "".join(picture.svg for picture in pictures)
    style = font_faces(letters, faces(publication.house)[:2])
    return [picture._replace(style=style) for picture in pictures]


def _picture(view: ChartView, front: Front, words: EditionWords, theme: Theme) -> Picture:
    """A chart between what stands above it, title and subtitle, and below it, notes and source."""
    sheet, drawing, warning = _PictureSheet(theme), view.paper, " ".join(front.warnings)
    sheet.add([view.caption], size=21, colour="ink", bold=True)
    sheet.add([view.subtitle], size=15, colour="muted")
    sheet.y += 6 if warning else 0
    sheet.add([warning], size=13.5, colour="accent", bold=True)
    sheet.y += 14
    left = MARGIN + (WIDTH - 2 * MARGIN - drawing.width) / 2
    inner = drawing.svg.partition(">")[2].removesuffix("</svg>")
    sheet.lines.append(f'<g transform="translate({left:g} {sheet.y:g})">{inner}</g>')
    sheet.y += drawing.height + 8
    sheet.add(view.notes, size=13, colour="muted")
    sheet.y += 4 if view.notes else 0
    source = words.say("chart.source", reference=front.reference.rstrip("."))
    if words.publication.synthetic:
        source = words.say("part.synthetic", source=source)
    which = {"period": front.period, "version": front.standing, "licence": front.licence}
    sheet.add([source, words.say("chart.version", **which)], size=13, colour="muted")
    height = ceil((sheet.y + MARGIN - 4) / STEP) * STEP
    alt = printable(" ".join(filter(None, (warning, drawing.alt))))
    size = f'viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" height="{height:g}"'
    family = quoteattr(f"'{theme.font.family}', sans-serif")
    says = f'role="img" aria-labelledby="title desc" font-family={family}'
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {says}>',
        f'<title id="title">{escape(printable(view.caption))}</title>',
        f'<desc id="desc">{escape(alt)}</desc>',
        f'<rect width="100%" height="100%" fill="{theme.colours["ground"]}"/>',
        *sheet.lines,
        "</svg>",
    )
    return Picture(view, "\n".join(parts) + "\n", alt, height)


def svg_files(charts: Sequence[Picture]) -> dict[str, bytes]:
    """The drawings by their names in `data/`."""
    return {f"{FOLDER}/{chart.view.id}.svg": chart.with_fonts.encode() for chart in charts}


def png_files(
    charts: Sequence[Picture], used: tuple[Face, ...], remark: str = ""
) -> dict[str, bytes]:
    """The pictures by their names in `data/`; a `remark` stands in the metadata of each.

    Raises:
        MachineError: the compiler refuses one.
    """
    pictures = pngs([(chart.svg, chart.height) for chart in charts], used)
    return {
        f"{FOLDER}/{chart.view.id}.png": _with_remark(picture, remark)
        for chart, picture in zip(charts, pictures, strict=True)
    }


def _with_remark(picture: bytes, remark: str) -> bytes:
    """A PNG with a remark as its `Disclaimer` (PNG specification, 11.3.4: tEXt, in Latin-1)."""
    if not remark:
        return picture
    chunk = b"tEXt" + b"Disclaimer\0" + remark.encode("latin-1")
    text = (len(chunk) - 4).to_bytes(4) + chunk + crc32(chunk).to_bytes(4)
    return picture[:END_OF_HEADER] + text + picture[END_OF_HEADER:]


def index_file(charts: Sequence[Picture], words: EditionWords) -> DataFile:
    """What each picture shows in words, for whoever puts it on a page; paths are relative to it."""
    rows = []
    for view, alt in ((chart.view, chart.alt) for chart in charts):
        files = (f"{view.id}.svg", f"{view.id}.png", f"../{view.id}.csv")
        rows.append((view.id, view.caption, view.subtitle, alt, *files))
    return DataFile(
        name=INDEX,
        title=words.say("data.charts"),
        columns=tuple((name, "string") for name in INDEX_COLUMNS),
        rows=tuple(rows),
        heads=tuple(words.say(f"column.{name}") for name in INDEX_COLUMNS),
    )


def pngs(pictures: Sequence[tuple[str, float]], used: tuple[Face, ...]) -> list[bytes]:
    """Pictures, each with its height, as PNG, set in these fonts alone: always the same bytes.

    Raises:
        MachineError: the compiler refuses one.
    """
    if not pictures:
        return []
    pages = "".join(
        f"#page(width: {_points(WIDTH)}pt, height: {_points(height)}pt, margin: 0pt, "
        f'image(bytes({literal(svg)}), format: "svg", width: 100%))\n'
        for svg, height in pictures
    )
    try:
        with typst_fonts(used) as fonts:
            written = settable(pages, used).encode()
            images = typst.compile(written, format="png", ppi=72 * PIXELS_A_POINT, **fonts)
    except typst.TypstError as error:
        raise MachineError(f"Typst refuses a chart: {error.message}") from None
    # Of one page Typst gives the picture, of more than one a list.
    return list(images) if isinstance(images, list) else [images]


def _points(length: float) -> float:
    """A length of a drawing on its page: whole pixels (`STEP`).

    Typst draws an image on as many pixels as it touches, and leaves some of these out where they
    are more than the page has: a row in a line of text, half of a thin letter.
    """
    return length * PNG_WIDTH / WIDTH / PIXELS_A_POINT
