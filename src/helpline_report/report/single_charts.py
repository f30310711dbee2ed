"""Each chart as a picture of its own, SVG and PNG, for a press release or another site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import typst

from helpline_report.charts.single import WIDTH, Frame, Single, single
from helpline_report.errors import MachineError
from helpline_report.prose.rendering import literal
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.fonts import Face, faces, font_faces
from helpline_report.report.house import themes
from helpline_report.report.legal import imprint_of
from helpline_report.report.open_data import DataFile
from helpline_report.report.pdf import settable, typst_fonts
from helpline_report.report.publication import Publication
from helpline_report.report.views import ChartView

FOLDER = "charts"
INDEX = f"{FOLDER}/index.csv"

# A picture for print: twice the size at which a screen shows it.
PNG_WIDTH = 1600
# Two pixels a point, which is exact, so that whole pixels stay whole (`_points`).
PIXELS_A_POINT = 2
# A PNG begins with its signature (8 bytes) and its header (25 bytes).
END_OF_HEADER = 33


@dataclass(frozen=True)
class Pictured:
    """A chart of the report, and the picture that stands alone."""

    view: ChartView
    picture: Single


def single_charts(reader: ChapterReader) -> list[Pictured]:
    """Every chart that the report shows, in the order of the ids."""
    publication = reader.publication
    views = sorted(_views(reader), key=lambda view: view.id)
    frames = {view.id: _frame(view, publication, reader.words) for view in views}
    theme = themes(publication)[0]
    # One subset of the fonts for all charts: the same letters stand in nearly all of them.
    letters = "".join(single(view.paper, frames[view.id], theme).svg for view in views)
    style = font_faces(letters, faces(publication.house)[:2])
    return [Pictured(view, single(view.paper, frames[view.id], theme, style)) for view in views]


def _views(reader: ChapterReader) -> Iterator[ChartView]:
    """Each chart once, wherever it is shown."""
    seen = set()
    for name, node in reader.publication.notebooks.items():
        for view in reader.read(name, node).views:
            if isinstance(view, ChartView) and view.id not in seen:
                seen.add(view.id)
                yield view


def _frame(view: ChartView, publication: Publication, words: EditionWords) -> Frame:
    imprint = imprint_of(publication, words)
    source = words.say("chart.source", reference=imprint.reference.rstrip("."))
    if publication.synthetic:
        source = words.say("part.synthetic", source=source)
    return Frame(
        title=view.caption,
        subtitle=view.subtitle,
        warning=" ".join(imprint.warnings),
        notes=view.notes,
        source=(
            source,
            words.say(
                "chart.version",
                period=imprint.period,
                version=imprint.version,
                licence=imprint.licence,
            ),
        ),
    )


def svg_files(charts: Sequence[Pictured]) -> dict[str, bytes]:
    """The drawings by their names in `data/`."""
    return {f"{FOLDER}/{chart.view.id}.svg": chart.picture.svg.encode() for chart in charts}


def png_files(
    charts: Sequence[Pictured], used: tuple[Face, ...], remark: str = ""
) -> dict[str, bytes]:
    """The pictures by their names in `data/`; a `remark` stands in the metadata of each.

    Raises:
        MachineError: the compiler refuses one.
    """
    pictures = pngs([chart.picture for chart in charts], used)
    return {
        f"{FOLDER}/{chart.view.id}.png": with_remark(picture, remark)
        for chart, picture in zip(charts, pictures, strict=True)
    }


def with_remark(picture: bytes, remark: str) -> bytes:
    """A PNG with a remark as its `Disclaimer` (PNG specification, 11.3.4: tEXt, in Latin-1)."""
    if not remark:
        return picture
    chunk = b"tEXt" + b"Disclaimer\0" + remark.encode("latin-1")
    text = (len(chunk) - 4).to_bytes(4) + chunk + crc32(chunk).to_bytes(4)
    return picture[:END_OF_HEADER] + text + picture[END_OF_HEADER:]


def index_file(charts: Sequence[Pictured], words: EditionWords) -> DataFile:
    """What each picture shows in words, for whoever puts it on a page; paths are relative to it."""
    names = ("id", "title", "subtitle", "alternative_text", "svg", "png", "csv")
    return DataFile(
        name=INDEX,
        title=words.say("data.charts"),
        columns=tuple((name, "string") for name in names),
        rows=tuple(_row(chart) for chart in charts),
        heads=tuple(words.say(f"column.{name}") for name in names),
    )


def _row(chart: Pictured) -> tuple[str, ...]:
    view, name = chart.view, chart.view.id
    files = (f"{name}.svg", f"{name}.png", f"../{name}.csv")
    return (name, view.caption, view.subtitle, chart.picture.alt, *files)


def pngs(charts: Sequence[Single], used: tuple[Face, ...]) -> list[bytes]:
    """Charts as PNG, set in these fonts alone: the same bytes on every machine.

    Raises:
        MachineError: the compiler refuses one.
    """
    if not charts:
        return []
    pages = "".join(
        f"#page(width: {_points(chart.width)}pt, height: {_points(chart.height)}pt, margin: 0pt, "
        f'image(bytes({literal(_unstyled(chart.svg))}), format: "svg", width: 100%))\n'
        for chart in charts
    )
    try:
        with typst_fonts(used) as fonts:
            made: Any = typst.compile(
                settable(pages, used).encode(),
                format="png",
                ppi=72 * PIXELS_A_POINT,
                font_paths=fonts,
                ignore_system_fonts=True,
            )
    except typst.TypstError as error:
        raise MachineError(f"Typst refuses a chart: {error.message}") from None
    # Of one page Typst gives the picture, of more than one a list.
    return list(made) if isinstance(made, list) else [made]


def _points(length: float) -> float:
    """A length of a drawing on its page: whole pixels (`charts.single.STEP`).

    Typst draws an image on as many pixels as it touches, and leaves some of these out where they
    are more than the page has: a row in a line of text, half of a thin letter.
    """
    return length * PNG_WIDTH / WIDTH / PIXELS_A_POINT


def _unstyled(svg: str) -> str:
    """A drawing without the fonts that it holds: Typst has them as files."""
    before, style, rest = svg.partition("<style>")
    return before + rest.partition("</style>\n")[2] if style else svg
