"""The page: its structure, its texts, what it says of its status, and nothing else."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from helpline_report.figures.ledger import LeftOut
from helpline_report.prose.nodes import Element, Text, Value
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords, write_notices, write_warning
from helpline_report.report.markup import render_prose, write_foot
from helpline_report.report.open_data import make_exhibit_files
from helpline_report.report.page import write_page
from helpline_report.report.publication import Publication
from tests.report.small_publication import SIGNED, change_edition

VOID = {"meta", "br", "img", "input", "link", "hr", "data-void"}


class Outline(HTMLParser):
    """Tags, ids, addresses and text; an end tag that doesn't fit is an error."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page_of(publication: Publication) -> str:
    words = EditionWords(publication)
    reader, files = ChapterReader(words), [file.name for file in make_exhibit_files(words)]
    return write_page(reader, files).text


@pytest.fixture(scope="module")
def html(publication: Publication) -> str:
    return page_of(publication)


@pytest.fixture(scope="module")
def outline(html: str) -> Outline:
    parser = Outline()
    parser.feed(html)
    parser.close()
    return parser


def test_structure(outline: Outline) -> None:
    """Tags are closed in order, ids stand once, links of the page lead somewhere, heads have scope.

    One heading is the title, and none skips a level. Each drawing is said in words, each table has
    a caption.
    """
    assert outline.open == []
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    inside = [a["href"] or "" for a in outline.all("a") if (a["href"] or "").startswith("#")]
    assert inside
    assert {href[1:] for href in inside} <= set(ids)
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(outline.all("caption")) == len(outline.all("table"))
    assert all(head.get("scope") in ("row", "col") for head in outline.all("th"))
    drawings = outline.all("svg")
    # Wide and narrow, but for the cross-table: on a phone its table takes its place.
    assert len(drawings) == 2 * 5 - 1
    assert all(drawing.get("role") == "img" and drawing.get("aria-label") for drawing in drawings)


def test_policy(html: str, outline: Outline) -> None:
    """Nothing is loaded; of scripts the page's own runs; icon and fonts stand in the page."""
    (policy,) = (m["content"] for m in outline.all("meta") if m.get("http-equiv"))
    (script,) = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; connect-src 'self'; script-src 'sha256-{digest}'; style-src "
        "'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )
    assert '<html lang="nl">' in html
    metas = {meta.get("name"): meta["content"] for meta in outline.all("meta") if "name" in meta}
    assert metas["description"]
    assert metas["viewport"] == "width=device-width, initial-scale=1"
    assert not any(outline.all(tag) for tag in ("iframe", "object", "img"))
    assert not any("src" in attributes for _, attributes in outline.tags)
    assert [link["rel"] for link in outline.all("link")] == ["icon"]
    addresses = [link["href"] or "" for link in outline.all("link")]
    addresses += re.findall(r"url\((.{0,20})", html)
    assert all(address.startswith(("data:font/woff", "data:image/svg")) for address in addresses)


def links_of(html: str) -> list[str]:
    """Where a page leads to, but for places within it."""
    parser = Outline()
    parser.feed(html)
    return [a["href"] or "" for a in parser.all("a") if not (a["href"] or "").startswith("#")]


def test_links_to_files_lead_where_these_stand(html: str, publication: Publication) -> None:
    """Of a page alone none does; beside its files, or with their address, each number's card does.

    The address is that of search engines too, and of the picture that others show.
    """
    assert {link.partition(":")[0] for link in links_of(html)} == {"https", "tel"}
    beside = links_of(page_of(replace(publication, beside=True)))
    assert {"report.pdf", "data/figures.csv", "audit/contacts.html#contacts.total"} <= set(beside)
    publisher = publication.edition.publisher.model_copy(
        update={"url": "https://www.example.org/2017"}
    )
    addressed = page_of(change_edition(publication, publisher=publisher))
    root = "https://www.example.org/2017/"
    assert {f"{root}{link}" for link in beside if ":" not in link} <= set(links_of(addressed))
    head = addressed.partition("</head>")[0]
    assert f'<link rel="canonical" href="{root}index.html">' in head
    assert f'<meta property="og:image" content="{root}data/cover.png">' in head


def test_what_a_page_says(html: str, outline: Outline, publication: Publication) -> None:
    """The cover and the help first, then the contents, then the chapters; of a draft that it is.

    What a label holds is shown as it is. Headline figures stand on the cover alone, and what is
    left out is said once, however many cells lack it.
    """
    places = [html.index(f'id="{name}"') for name in ("title", "help", "contents", "title-summary")]
    assert places == sorted(places)
    assert (html.count("<script"), html.count("<b>")) == (1, 0)
    assert "<script>alert(1)</script>" in outline.text
    assert "ontwerp" in outline.text
    assert "verzonnen gegevens" in outline.text
    assert "ontwerp" not in page_of(replace(publication, signed=SIGNED))
    assert [item.get("class") for item in outline.all("ul")].count("highlights") == 1
    assert outline.text.count("er zijn geen bronbestanden met gemelde personen") == 1
    assert "Over de personen" not in outline.text
    assert "dit werd in die periode niet apart geregistreerd" in outline.text.lower()
    assert "by_nothing.chart" not in {attributes.get("id") for _, attributes in outline.tags}
    assert '<details class="table" id="quality"><summary>Rijen per bestand' in html


def test_numbers_open_their_cards(html: str, outline: Outline) -> None:
    """Each number of texts, tables, headlines and the cover opens a card that stands once.

    It says what the figure is, its numerator and denominator, and the year before.
    """
    cards = {aside["id"] for aside in outline.all("aside")}
    assert {b["popovertarget"] for b in outline.all("button")} == cards
    assert {"figure-contacts.total", "figure-contacts.share.phone", "figure-tab.3.10"} <= cards
    card = html.partition('id="figure-contacts.total"')[2].partition("</aside>")[0]
    assert re.findall(r"<p[^>]*>(.*?)</p>", card)[1:3] == [
        "Teller: 4.812, zonder noemer.",
        "Het jaar ervoor: 4.596.",
    ]
    share = html.partition('id="figure-contacts.share.phone"')[2].partition("</aside>")[0]
    assert "Teller: 4.158. Noemer: 4.812." in share


def test_a_number_is_one_with_what_touches_it(html: str) -> None:
    """A point can't begin a line, or stand alone at its end; in a link a number is no button."""
    assert re.search(r'data-form="">86.%</data></button>\.</span>', html)
    number = Value("4.812", figure="contacts.total", raw="4812")
    link = Element("link", (Text("zie "), number), href="https://a.example")
    text = render_prose((Element("paragraph", (link, Text("."))),), "", back="")
    assert text == (
        '<p><a href="https://a.example">zie <data value="4812" data-figure="contacts.total" '
        'data-form="">4.812</data></a>.</p>'
    )


def test_of_a_phrase_the_number_is_the_button() -> None:
    """A line may break in the words around it, which are the figure's too."""
    name = 'type="button" class="number" popovertarget="figure-a"'
    for text, written in (
        (
            "juni (521 contactnames)",
            f'juni <span class="touching">(<button {name}>521</button></span> contactnames)'
            "</data>.",
        ),
        (
            "5,1\N{NO-BREAK SPACE}% meer",
            f"<button {name}>5,1\N{NO-BREAK SPACE}%</button> meer</data>.",
        ),
        ("ruim 86", "ruim 86</data></button>.</span>"),
        ("meer &#5 dan", "meer &amp;#5 dan</data></button>.</span>"),
    ):
        sentence = Element("paragraph", (Text("Nu "), Value(text, figure="a"), Text(".")))
        page = render_prose((sentence,), "", back="")
        assert page.endswith(f"{written}</p>")
        assert re.sub("<[^>]+>", "", page) == f"Nu {Text(text).text.replace('&', '&amp;')}."


def test_help_stands_before_all_figures(html: str, outline: Outline) -> None:
    """Each number can be called, each address opened; what a visit leaves behind is said there."""
    help_section = html[html.index('id="help"') : html.index('class="cover"')]
    assert '<a href="tel:1712">Bel 1712</a>' in help_section
    assert '<a href="https://www.1712.be/" rel="noreferrer">www.1712.be</a>' in help_section
    assert "blijft staan in de lijst van je telefoon" in help_section
    (leave,) = (a for a in outline.all("a") if a.get("class") == "leave")
    assert (leave["href"], leave["target"]) == ("https://www.example.org/", "_top")


def draft(publication: Publication, faulty: int, hanging: int = 0, **changes: Any) -> EditionWords:
    """The words of a draft with so many rows left out."""
    left = [
        LeftOut(edition="2017", file="x.csv", code=code, rows=rows)
        for code, rows in (("B43", faulty), ("hangs", hanging))
        if rows
    ]
    ledger = publication.ledger.model_copy(update={"draft": True, "left_out": tuple(left)})
    edition = publication.edition.model_copy(update=changes)
    return EditionWords(replace(publication, ledger=ledger, edition=edition))


COUNTED = "Ontwerp met weggelaten rijen: "
PRIVATE = "Vertrouwelijk, niet vrijgegeven, alleen voor wie het maakte: ontwerp dat niet"


@pytest.mark.parametrize(
    ("faulty", "hanging", "rows", "text"),
    [
        (0, 0, "synthetic", "Ontwerp dat niet vrijgegeven kan worden"),
        (0, 0, "confidential", f"{PRIVATE} vrijgegeven kan worden"),
        (1, 0, "synthetic", f"{COUNTED}1"),
        (6, 23, "public", f"{COUNTED}29"),
    ],
)
def test_the_warning_says_how_many_rows_are_left_out(
    publication: Publication, faulty: int, hanging: int, rows: str, text: str
) -> None:
    """With those that belong to them; whom it is for comes before all else."""
    words = draft(publication, faulty, hanging, rows=rows, draft=True)
    assert write_warning(words) == text


def test_a_draft_says_that_it_cant_be_released(publication: Publication) -> None:
    """Without faults it says that all rows count; an edition has no warning."""
    assert write_warning(EditionWords(publication)) == ""
    assert write_notices(draft(publication, 0))[1] == (
        "Dit ontwerp mocht rijen met fouten weglaten. Er waren er geen: alle rijen tellen mee. "
        "Het kan niet vrijgegeven worden."
    )


def test_a_text_cant_end_a_style_sheet() -> None:
    """Quotes, backslashes and tags are written by their number."""
    assert write_foot('a "b" \\ </style>', "#a8481a") == (
        "@page { margin-bottom: 20mm; @bottom-center { "
        'content: "a \\000022b\\000022 \\00005c \\00003c\\00002fstyle\\00003e"; '
        "color: #a8481a; font: 600 10pt sans-serif } }"
    )


def test_templates_and_settings_of_the_host_change_nothing(
    publication: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a template by the same name as nbconvert's own, nor a setting of its exporters."""
    before = page_of(publication)
    base = tmp_path / "nbconvert" / "templates" / "base"
    base.mkdir(parents=True)
    for name in ("null.j2", "display_priority.j2"):
        (base / name).write_text("van de machine", encoding="utf-8")
    settings = "c.TemplateExporter.exclude_markdown = True\n"
    (tmp_path / "jupyter_nbconvert_config.py").write_text(settings, encoding="utf-8")
    for name in ("JUPYTER_PATH", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert page_of(publication) == before
