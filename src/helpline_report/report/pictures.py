"""Say what the pictures of an edition show, and set them by Typst as PNG: the cover, and charts.

A picture of a chart has its title and its source, for a press release or another site.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import typst

from helpline_report.charts.drawing_steps import Drawing
from helpline_report.description import Node
from helpline_report.report import house, markup
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import Front
from helpline_report.report.open_data import CHARTS
from helpline_report.report.typesetting import ASSETS, fit_letters, list_charts, open_typst
from helpline_report.report.views import ChartView, Highlight

STYLE = ASSETS / "pictures.typ"
COVER = "cover.png"
# The picture of the cover shows this many headline figures.
ON_COVER = 3
# A picture is 1600 pixels wide: for print, twice the size at which a screen shows it.
PIXELS_AN_INCH = 1600 / 540 * 72


@dataclass(frozen=True)
class CoverPicture:
    """The cover of a report for whoever links to it."""

    organisation: str
    title: str
    notices: str
    highlights: tuple[Highlight, ...]

    def describe(self) -> Iterator[Node]:
        """What it says, from the top down."""
        yield Node("cover", "organisation", self.organisation)
        yield Node("cover", "title", self.title)
        if self.notices:
            yield Node("cover", "notice", self.notices)
        for entry in self.highlights:
            about = entry.value.figure or entry.value.about
            yield Node("cover", "value", entry.value.text, about)
            yield Node("cover", "row", entry.name, about)

    def write(self) -> str:
        """It as a call of Typst."""
        highlights = [[entry.value.text, entry.name] for entry in self.highlights]
        values = [self.organisation, self.title, self.notices, highlights]
        return f"#cover-picture{markup.write_literal(values)}"


@dataclass(frozen=True)
class ChartPicture:
    """A chart that stands alone, with its title, its notes and its source."""

    chart: str
    title: str
    subtitle: str
    notices: str
    drawing: Drawing
    notes: tuple[str, ...]
    sources: tuple[str, ...]

    def describe(self) -> Iterator[Node]:
        """What it says, from the top down; its drawing as in any other file."""
        yield Node(self.chart, "caption", self.title)
        yield Node(self.chart, "subtitle", self.subtitle)
        if self.notices:
            yield Node(self.chart, "notice", self.notices)
        yield from self.drawing.nodes
        for note in self.notes:
            yield Node(self.chart, "note", note)
        for source in self.sources:
            yield Node(self.chart, "source", source)

    def write(self) -> str:
        """It as a call of Typst."""
        values = [self.title, self.subtitle, self.notices, self.drawing.svg, self.notes]
        return f"#picture{markup.write_literal([*values, self.sources])}"


Picture = CoverPicture | ChartPicture


def list_pictures(reader: ChapterReader, charts: Sequence[ChartView]) -> dict[str, Picture]:
    """The pictures of the cover and of charts by their names in `data/`."""
    words, publication = reader.words, reader.publication
    front, say = Front(words), words.say
    source = say("chart.source", reference=front.reference.rstrip("."))
    if publication.synthetic:
        source = say("part.synthetic", source=source)
    which = {"period": front.period, "version": front.standing, "licence": front.licence}
    sources, notices = (source, say("chart.version", **which)), " ".join(front.notices)
    entries = reader.cover.entries[:ON_COVER] if reader.cover else ()
    cover = CoverPicture(front.full_name, publication.title, notices, entries)
    pictures: dict[str, Picture] = {COVER: cover}
    for view in charts:
        pictures[f"{CHARTS}/{view.id}.png"] = ChartPicture(
            chart=view.id,
            title=view.caption,
            subtitle=view.subtitle,
            notices=notices,
            drawing=view.paper,
            notes=view.notes,
            sources=sources,
        )
    return pictures


def describe_pictures(reader: ChapterReader) -> dict[str, tuple[Node, ...]]:
    """What each picture of an edition says, by its path in the folder of the edition."""
    pictures = list_pictures(reader, list_charts(reader))
    return {f"data/{name}": tuple(picture.describe()) for name, picture in pictures.items()}


def write_source(pictures: Sequence[Picture], reader: ChapterReader) -> bytes:
    """Pictures as one document of Typst, a page each."""
    publication = reader.publication
    style = house.write_constants(publication) + Path(STYLE).read_text(encoding="utf-8")
    text = "\n".join([style, *(picture.write() for picture in pictures)])
    return fit_letters(text, house.choose_faces(publication.house)).encode()


def draw_pictures(reader: ChapterReader, charts: Sequence[ChartView]) -> dict[str, bytes]:
    """The pictures of the cover and of charts by their names in `data/`: always the same bytes.

    Raises:
        MachineError: the compiler refuses one.
    """
    pictures = list_pictures(reader, charts)
    source = write_source([*pictures.values()], reader)
    with open_typst(house.choose_faces(reader.publication.house), "a picture") as fonts:
        images = typst.compile(source, format="png", ppi=PIXELS_AN_INCH, **fonts)
    # Typst returns one picture if there is one page, and a list if there are more.
    pages = images if isinstance(images, list) else [images]
    return dict(zip(pictures, pages, strict=True))
