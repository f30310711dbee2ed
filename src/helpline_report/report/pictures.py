"""Say what the pictures of an edition show, and set them by Typst as PNG: the cover, and charts.

A picture of a chart has its title and its source, for a press release or another site.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import typst

from helpline_report.description import Node
from helpline_report.prose import nodes as tree
from helpline_report.report import house, markup
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import Front
from helpline_report.report.open_data import CHARTS
from helpline_report.report.part_nodes import describe_caption
from helpline_report.report.typesetting import ASSETS, fit_letters, open_typst
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

    publisher: str
    title: str
    notices: str
    highlights: tuple[Highlight, ...]

    def describe(self) -> Iterator[Node]:
        """What it says, from the top down."""
        yield Node("cover", "publisher", self.publisher)
        yield Node("cover", "title", self.title)
        if self.notices:
            yield Node("cover", "picture-notice", self.notices)
        for entry in self.highlights:
            about = entry.value.figure or entry.value.about
            yield Node("cover", "picture-highlight", entry.value.text, about)
            yield Node("cover", "picture-name", entry.name, about)

    def write(self) -> str:
        """It as a call of Typst."""
        highlights = [[entry.value.text, entry.name] for entry in self.highlights]
        values = [self.publisher, self.title, self.notices, highlights]
        return f"#cover-picture{markup.write_literal(values)}"


@dataclass(frozen=True)
class ChartPicture:
    """A chart that stands alone, with its title, its notes and its source."""

    view: ChartView
    notices: str
    source: str
    version: str

    def describe(self) -> Iterator[Node]:
        """What it says, from the top down; its drawing as in any other file."""
        place = self.view.id
        yield from (node for node in describe_caption(self.view) if node.kind != "value")
        if self.notices:
            yield Node(place, "picture-notice", self.notices)
        yield from self.view.paper.nodes
        for text, about in zip_longest(self.view.notes, self.view.notes_about, fillvalue=""):
            yield Node(place, "note", text, about)
        yield Node(place, "picture-source", self.source)
        yield Node(place, "picture-version", self.version)

    def write(self) -> str:
        """It as a call of Typst."""
        view, below = self.view, [self.source, self.version]
        values = [view.caption, view.subtitle, self.notices, view.paper.svg, view.notes, below]
        return f"#picture{markup.write_literal(values)}"


Picture = CoverPicture | ChartPicture


def list_pictures(reader: ChapterReader, charts: Sequence[ChartView]) -> dict[str, Picture]:
    """The pictures of the cover and of charts by their names in `data/`."""
    words, publication = reader.words, reader.publication
    front, say = Front(words), words.say
    source = say("chart.source", reference=front.reference.rstrip("."))
    if publication.synthetic:
        source = say("part.synthetic", source=source)
    which = {"period": front.period, "version": front.standing, "licence": front.licence}
    version, notices = say("chart.version", **which), " ".join(front.notices)
    entries = reader.cover.entries[:ON_COVER] if reader.cover else ()
    pictures: dict[str, Picture] = {
        COVER: CoverPicture(front.full_name, publication.title, notices, entries)
    }
    for view in charts:
        pictures[f"{CHARTS}/{view.id}.png"] = ChartPicture(view, notices, source, version)
    return pictures


def describe_pictures(pictures: Mapping[str, Picture]) -> dict[str, tuple[Node, ...]]:
    """What each picture says, by its name, whether or not its fonts have all of the letters."""
    return {
        name: tuple(node._replace(text=tree.settable(node.text)) for node in picture.describe())
        for name, picture in pictures.items()
    }


def write_source(pictures: Sequence[Picture], reader: ChapterReader) -> bytes:
    """Pictures as one document of Typst, a page each."""
    publication = reader.publication
    style = house.write_constants(publication) + Path(STYLE).read_text(encoding="utf-8")
    text = "\n".join([style, *(picture.write() for picture in pictures)])
    return fit_letters(text, house.choose_faces(publication.house)).encode()


def draw_pictures(pictures: Mapping[str, Picture], reader: ChapterReader) -> dict[str, bytes]:
    """The pictures by their names: always the same bytes.

    Raises:
        MachineError: the compiler refuses one.
    """
    source = write_source([*pictures.values()], reader)
    with open_typst(house.choose_faces(reader.publication.house), "a picture") as fonts:
        images = typst.compile(source, format="png", ppi=PIXELS_AN_INCH, **fonts)
    # Typst returns one picture if there is one page, and a list if there are more.
    pages = images if isinstance(images, list) else [images]
    return dict(zip(pictures, pages, strict=True))
