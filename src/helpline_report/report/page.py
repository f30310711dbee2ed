"""Write the published page: one HTML file that holds everything and requests nothing."""

import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import unescape
from pathlib import Path

from markupsafe import Markup, escape

from helpline_report.report import house, markup
from helpline_report.report.chapters import ChapterReader, list_chapters
from helpline_report.report.edition_words import EditionWords, Front
from helpline_report.report.legal import make_colophon, make_statement
from helpline_report.report.open_data import DataFile

ASSETS = Path(__file__).parent / "assets"
STYLE = ASSETS / "style.css"
SCRIPT = (ASSETS / "page.js").read_text(encoding="utf-8")
# Stands in the style sheet until the page's letters are known.
FONTS = "/* fonts */"
# Stands in the page until it is known which figures it shows.
CARDS = "<!-- cards -->"
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

    A page may be `hidden` from search engines though its edition isn't. `leave` is where the way
    out leads, which the helpline chooses.
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
        "leave": publication.help.leave,
        "leave_text": words.say("page.leave"),
        "leave_key": words.say("page.leave_key"),
        "script": Markup(SCRIPT),
        "tokens": markup.trust_markup(FONTS + house.write_variables(publication)),
        "logo": f"data:image/png;base64,{b64encode(logo.data).decode('ascii')}" if logo else "",
        "logo_alternative": house.write_logo_alternative(publication),
    }


def write_page(reader: ChapterReader, files: Sequence[DataFile]) -> str:
    """The whole page of a publication, with links to `files` where their place is known."""
    words, publication = reader.words, reader.publication
    by_id = {file.name.removesuffix(".csv"): file.name for file in files}
    exporter = markup.make_exporter(reader, markup.HTML, files=by_id)
    text = exporter.environment.get_template("page.html.j2").render(
        page=Front(words),
        publication=publication,
        words=words,
        frame=frame_of(words),
        style=markup.trust_markup(STYLE.read_text(encoding="utf-8")),
        cover=reader.cover,
        lead=reader.lead,
        legal_parts=[make_colophon(words, publication.root), make_statement(words)],
        chapters=[reader.read(*item) for item in list_chapters(publication).items()],
        body=markup.convert_all(exporter, reader),
        cards=markup.trust_markup(CARDS),
    )
    # Each once, in the order of the page.
    names = map(unescape, dict.fromkeys(markup.OPENS.findall(text)))
    cards = [markup.make_card(name, words) for name in names]
    text = text.replace(CARDS, str(markup.load_macros(exporter.environment).show_cards(cards)), 1)
    text = CONTROLS.sub("", text)
    rules = house.write_font_faces(text, house.choose_faces(publication.house))
    return text.replace(FONTS, rules, 1) + "\n"
