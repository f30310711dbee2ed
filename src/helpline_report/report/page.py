"""Write the published page: one HTML file that holds everything and requests nothing."""

import re
from base64 import b64encode
from collections.abc import Container
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup, escape

from helpline_report.description import Node
from helpline_report.report import house, markup
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.page_nodes import describe_card, describe_page, list_cards
from helpline_report.report.page_parts import make_card, make_page_view, make_way_out
from helpline_report.report.views import PageView

ASSETS = Path(__file__).parent / "assets"
STYLE = ASSETS / "style.css"
SCRIPT = (ASSETS / "page.js").read_text(encoding="utf-8")
# Stands in the style sheet until the page's letters are known.
FONTS = "/* fonts */"
# No page may hold these; a label of the data could.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# This one script runs, and nothing is loaded. It never connects: `connect-src` lets a checker of
# pages ask for robots.txt.
POLICY = (
    "default-src 'none'; connect-src 'self'; script-src 'sha256-{hash}'; "
    "style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="{main}"/>'
    '<text x="16" y="23" text-anchor="middle" font-family="sans-serif" font-weight="bold" '
    'font-size="20" fill="{on_main}">{letter}</text></svg>'
)


def frame_of(words: EditionWords, *, hidden: bool | None = None) -> dict[str, object]:
    """What every page of a publication has, by the names that `frame.html.j2` knows.

    A page may be `hidden` from search engines though its edition isn't.
    """
    publication, light = words.publication, house.colours(words.publication).light
    logo = publication.house.logo
    letter = escape(publication.edition.helpline.name[:1])
    icon = ICON.format(main=light["main"], on_main=light["on-main"], letter=letter)
    digest = b64encode(sha256(SCRIPT.encode()).digest()).decode("ascii")
    return {
        "policy": POLICY.format(hash=digest),
        "hidden": publication.draft if hidden is None else hidden,
        "icon": f"data:image/svg+xml;base64,{b64encode(icon.encode()).decode('ascii')}",
        "way_out": make_way_out(words),
        "script": Markup(SCRIPT),
        "tokens": markup.trust_markup(FONTS + house.write_variables(publication)),
        "logo": f"data:image/png;base64,{b64encode(logo.data).decode('ascii')}" if logo else "",
        "logo_alternative": house.write_logo_alternative(publication),
    }


class WrittenPage(NamedTuple):
    """A page as HTML, and all that it says."""

    text: str
    nodes: tuple[Node, ...]


def write_page(reader: ChapterReader, files: Container[str]) -> WrittenPage:
    """The whole page of a publication, which leads to those CSV files that are among `files`."""
    view = make_page_view(reader, files)
    nodes = list(describe_page(view))
    cards = tuple(make_card(name, reader.words) for name in list_cards(nodes))
    nodes += [node for card in cards for node in describe_card(card)]
    return WrittenPage(_render(replace(view, cards=cards), reader), tuple(nodes))


def _render(page: PageView, reader: ChapterReader) -> str:
    publication = reader.publication
    chapters = {chapter.name: chapter for chapter in page.chapters}
    exporter = markup.make_exporter(
        reader, markup.HTML, lambda name, _: chapters[name], labels=page.labels
    )
    text = exporter.environment.get_template("page.html.j2").render(
        page=page,
        frame=frame_of(reader.words),
        style=markup.trust_markup(STYLE.read_text(encoding="utf-8")),
        body=markup.convert_all(exporter, reader),
    )
    text = CONTROLS.sub("", text)
    rules = house.write_font_faces(text, house.choose_faces(publication.house))
    return text.replace(FONTS, rules, 1) + "\n"
