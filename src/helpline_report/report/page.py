"""The published page: one HTML file that holds everything and requests nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Template
from markupsafe import Markup

from helpline_report.report.chapters import ChapterReader
from helpline_report.report.exporters import HtmlChapterExporter
from helpline_report.report.fonts import faces, first_faces, font_faces
from helpline_report.report.front import front_of
from helpline_report.report.house import logo_address, logo_alternative, variables
from helpline_report.report.markup import Card, card_of, figures_in, made
from helpline_report.report.open_data import DataFile
from helpline_report.report.publication import Publication
from helpline_report.report.views import Chapter, Prose

# The line of the window that decides which chapter is read: a fifth from the top.
LINE = "20% 79%"


def following(names: Sequence[str]) -> str:
    """Rules of a style sheet that mark the chapter that is read in the contents."""
    if not names:
        return ""
    rules = [f":root {{ timeline-scope: {', '.join(f'--at-{name}' for name in names)}; }}"]
    for name in names:
        link = f'.contents a[href="#chapter-{name}"]'
        rules += [
            f"#chapter-{name} {{ view-timeline: --at-{name} block; view-timeline-inset: {LINE}; }}",
            f"{link} {{ animation: here 1s linear; animation-timeline: --at-{name}; }}",
        ]
    inside = "\n".join(rules)
    condition = "(timeline-scope: --any) and (animation-timeline: --any)"
    return f"@supports {condition} {{\n{inside}\n}}\n"


STYLE = Path(__file__).parent / "assets" / "style.css"

# Stands in the style sheet until the page's letters are known.
FONTS = "/* fonts */"

# No page may hold these; a label of the data could.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def page(reader: ChapterReader, files: list[DataFile]) -> str:
    """The whole page of a publication."""
    publication = reader.publication
    exporter = HtmlChapterExporter(
        reader, {item.name.removesuffix(".csv"): item.name for item in files}
    )
    names = list(publication.notebooks)
    sections = [exporter.convert(name, node)[1] for name, node in publication.notebooks.items()]
    chapters = [reader.read(name, publication.notebooks[name]) for name in names]
    template: Template = exporter.environment.get_template("page.html.j2")
    text = template.render(
        page=front_of(publication, reader.words),
        style=style_of(publication),
        following=made(following(names)),
        logo=logo_address(publication),
        logo_alternative=logo_alternative(publication),
        cover=reader.cover,
        lead=reader.lead,
        chapters=chapters,
        body=made("\n".join(sections)),
        cards=_cards(chapters, reader),
    )
    return whole(text, publication)


def chapter_page(reader: ChapterReader) -> str:
    """A page of the chapters of a publication alone, for who converts a notebook by hand."""
    exporter = HtmlChapterExporter(reader, {})
    sections = [exporter.convert(*item) for item in reader.publication.notebooks.items()]
    chapters = [reader.read(*item) for item in reader.publication.notebooks.items()]
    text = exporter.environment.get_template("single.html.j2").render(
        page=front_of(reader.publication, reader.words),
        style=style_of(reader.publication),
        title=sections[0][0],
        body=made("\n".join(body for _, body in sections)),
        cards=_cards(chapters, reader),
    )
    return whole(text, reader.publication)


def style_of(publication: Publication) -> Markup:
    """The style sheet of the edition's pages, with a mark where `whole` puts the fonts."""
    return made(FONTS + variables(publication) + STYLE.read_text(encoding="utf-8"))


def whole(text: str, publication: Publication) -> str:
    """A page with the fonts for its letters, and without what no page may hold."""
    text = CONTROLS.sub("", text)
    used = faces(publication.house)
    return text.replace(FONTS, f"{font_faces(text, used)}\n{first_faces(used)}", 1) + "\n"


def _cards(chapters: list[Chapter], reader: ChapterReader) -> list[Card]:
    """A card for each figure that a text shows, in the order of the texts."""
    views = [reader.lead, *(view for item in chapters for view in item.views)]
    nodes = [view.nodes for view in views if isinstance(view, Prose)]
    names = dict.fromkeys(name for blocks in nodes for name in figures_in(blocks))
    return [card_of(name, reader.publication, reader.words) for name in names]
