"""The PDF: tagged, set in its own fonts, each chart and table in reach."""

import datetime as dt
import io
import json
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
import typst

from helpline_report.errors import MachineError
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.house import write_constants
from helpline_report.report.publication import Publication
from helpline_report.report.typesetting import (
    STYLE,
    compile_book,
    fit_letters,
    mark_row_headers,
    write_book,
)
from helpline_report.report.views import ChartView
from tests.report.book_structure import alternatives, embedded_fonts


@pytest.fixture(scope="module")
def book(publication: Publication) -> pypdf.PdfReader:
    text = write_book(ChapterReader(EditionWords(publication))).text
    return pypdf.PdfReader(io.BytesIO(compile_book(text, publication.edition.period.end)))


def test_is_tagged_and_says_what_it_is(book: pypdf.PdfReader) -> None:
    """Tagged, in Dutch, as PDF/UA-1; title, author, a fixed date; fonts are the package's."""
    catalog: Any = book.root_object
    metadata: Any = book.metadata
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "nl-BE"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in catalog["/Metadata"].get_data()
    assert metadata.title == "1712, hulplijn voor geweld: Jaarverslag 2017"
    assert metadata.author == "De hulplijn"
    assert metadata.creation_date.date() == dt.date(2017, 12, 31)
    assert {name.startswith("Source") for name in embedded_fonts(book)} == {True}


def test_chapters_are_bookmarked(book: pypdf.PdfReader) -> None:
    """Each chapter is a bookmark, and starts on a page of its own."""
    marks = [item for item in book.outline if not isinstance(item, list)]
    titles = [str(item.title) for item in marks]
    behind = ["De cijfers achter de grafieken", "Colofon", "Toegankelijkheidsverklaring"]
    assert titles == ["Samenvatting", "Contactnames", *behind]
    pages = [book.get_destination_page_number(item) for item in marks]
    assert len(set(pages)) == len(pages)


def test_what_its_pages_say(book: pypdf.PdfReader) -> None:
    """Each says that it is a draft, and the cover that rows are synthetic. Charts have text."""
    texts = [page.extract_text() for page in book.pages]
    assert all("ontwerp" in text for text in texts)
    assert "verzonnen gegevens" in texts[0]
    assert [part for part in ("521", "lentecampagne") if part not in "".join(texts)] == []


def test_every_chart_has_its_alternative(book: pypdf.PdfReader, publication: Publication) -> None:
    """Each drawing of the book says in words what it shows, as the page does."""
    reader = ChapterReader(EditionWords(publication))
    views = reader.read("contacts", publication.notebooks["contacts"]).views
    drawn = [view.paper.alt for view in views if isinstance(view, ChartView)]
    texts = alternatives(book)
    assert len(texts) == len(drawn)
    assert {alt for alt in drawn if fit_letters(alt) == alt} <= set(texts)


def pages_of(text: str) -> list[str]:
    document = compile_book(text, dt.date(2017, 12, 31))
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages]


@pytest.mark.parametrize(("filled", "pages"), [("155mm", 1), ("175mm", 2)])
def test_chart_stays_with_its_text(publication: Publication, filled: str, pages: int) -> None:
    """A chart slightly too high for the page is drawn smaller; a higher one begins a new page."""
    assert len(pages_of(make_sheet(publication, filled))) == pages


def test_no_chart_stands_before_an_earlier_one(publication: Publication) -> None:
    """A chart that would still fit waits, with its heading, for one that begins the next page."""
    low = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 1'/>"
    text = (
        f"{make_sheet(publication, '175mm')}tussenin\n#block(sticky: true)[Kop]\n"
        f'#chart(svg: "{low}", alt: "b", caption: "d")\n'
    )
    pages = pages_of(text)
    parts = ("tussenin", "Figuur 1", "Kop", "Figuur 2")
    assert [[part for part in parts if part in " ".join(page.split())] for page in pages] == [
        ["tussenin"],
        ["Figuur 1", "Kop", "Figuur 2"],
    ]
    words = " ".join(pages[1].split())
    assert words.index("Figuur 1") < words.index("Kop") < words.index("Figuur 2")


def test_row_of_a_table_stays_whole(publication: Publication) -> None:
    """A row that doesn't fit any more begins the next page with all its lines."""
    row = 'head: "voor", total: false, cells: ("a", "begin " + "x " * 600 + "eind")'
    table = (
        '#data-table(caption: "c", heads: ("a", "b", "c"), numeric: (true, false), '
        f"rows: (({row}), ({row})))\n"
    )
    pages = pages_of(write_style(publication) + "#block(height: 165mm)\n" + table)
    assert [(text.count("begin"), text.count("eind")) for text in pages] == [(1, 1), (1, 1)]


HOURS = [f"{hour} uur" for hour in range(24)]


@pytest.mark.parametrize(
    ("heads", "cell"),
    [
        (["Gedrukt", "Berekend", "Oordeel"], "een heel lange zin die niet in een regel past"),
        (["Partnergeweld", "Geweld tegen volwassenen", "Verwijzing naar hulpverlening"] * 2, "9"),
        (HOURS, "123"),
        (HOURS, "123.456"),
    ],
)
def test_short_words_of_heads_stay_whole(
    publication: Publication, heads: list[str], cell: str
) -> None:
    """A word of a dozen letters or fewer is never broken, in any of the heads.

    The type has 7 points or more, except with two dozen columns of numbers of six digits.
    """
    numeric, cells = cell[0].isdigit(), ", ".join([f'"{cell}"'] * len(heads))
    table = (
        f'#data-table(caption: "c", heads: ("Rij", {", ".join(map(json.dumps, heads))}), '
        f"numeric: ({', '.join(['true' if numeric else 'false'] * len(heads))}), "
        f'rows: ((head: "Gemelde personen", total: false, cells: ({cells})),) * 2)\n'
    )
    document = compile_book(f"{write_style(publication)}{table}", dt.date(2017, 12, 31))
    page = pypdf.PdfReader(io.BytesIO(document)).pages[0]
    text, words = page.extract_text(), [word for head in heads for word in head.split()]
    short = [word for word in words if len(word) < 13]
    assert [word for word in short if text.count(word) < words.count(word)] == []
    sizes: list[float] = []
    page.extract_text(
        visitor_text=lambda text, *more: sizes.append(more[3]) if cell[:3] in text else None
    )
    assert min(sizes) >= (5 if len(cell) > 6 and numeric else 7)


def test_book_whose_pages_never_settle_is_set_again() -> None:
    """Its page numbers would be wrong: it is set again without making charts smaller."""
    text = """
    #set document(title: "t")
    #let steady = sys.inputs.at("steady", default: "") != ""
    #if steady [vast] else [los]
    #context if not steady { for _ in range(query(<more>).len() + 1) [#metadata(0)<more>] }
    """
    assert pages_of(text) == ["vast"]


def make_sheet(publication: Publication, filled: str) -> str:
    """A page that is filled to a height, and then a chart twice as wide as high."""
    square = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 2 1'/>"
    return (
        f"{write_style(publication)}#block(height: {filled}, below: 0pt)\n"
        f'#chart(svg: "{square}", alt: "a", caption: "c")\n'
    )


def write_style(publication: Publication) -> str:
    style = f"{write_constants(publication)}{STYLE.read_text(encoding='utf-8')}"
    options = 'title: "t", region: "be", figure-pattern: "Figuur {number}:"'
    return f"{style}#show: report.with({options})\n"


def test_letters_that_fonts_lack() -> None:
    """A letter that can't be set becomes a question mark; a mark of direction goes."""
    assert fit_letters("a\N{GRINNING FACE}\N{LEFT-TO-RIGHT MARK}é\N{NARROW NO-BREAK SPACE}\n") == (
        "a?é\N{NO-BREAK SPACE}\n"
    )


def test_a_refused_document_is_an_error() -> None:
    """A document that breaks PDF/UA is refused, in the compiler's words."""
    with pytest.raises(MachineError, match="Typst refuses the report"):
        compile_book("= Zonder titel", dt.date(2017, 12, 31))


TABLE = """\
#set document(title: "t")
#table(columns: 3, table.header([Kanaal], [2017], [2016]), [Telefoon], [5], [6], [E-mail], [7], [8])
"""


@pytest.fixture(scope="module")
def table() -> bytes:
    return bytes(typst.compile(TABLE.encode(), format="pdf", pdf_standards=["ua-1"]))


def rows(book: bytes) -> list[list[Any]]:
    def walk(element: Any) -> Iterator[list[Any]]:
        inside = element.get("/K", [])
        inside = inside if isinstance(inside, list) else [inside]
        children = [each for child in inside if isinstance(each := child.get_object(), dict)]
        children = [child for child in children if "/S" in child]
        if element.get("/S") == "/TR":
            yield children
        for child in children:
            yield from walk(child)

    return [*walk(pypdf.PdfReader(io.BytesIO(book)).root_object["/StructTreeRoot"])]


def test_the_first_cell_is_the_header_of_its_row(table: bytes) -> None:
    """Rows of the head stay heads of columns; each cell names its row and its column."""
    head, *body = rows(mark_row_headers(table))
    kinds = [[cell["/S"] for cell in row] for row in (head, *body)]
    assert kinds == [["/TH"] * 3, ["/TH", "/TD", "/TD"], ["/TH", "/TD", "/TD"]]
    for first, *cells in body:
        assert first["/A"][0]["/Scope"] == "/Row"
        for cell, column in zip(cells, head[1:], strict=True):
            assert cell["/A"][0]["/Headers"] == [column["/ID"], first["/ID"]]


def test_a_document_without_tables_stays_as_it_is() -> None:
    plain = bytes(typst.compile(b'#set document(title: "t")\nEen zin.', format="pdf"))
    assert mark_row_headers(plain) == plain
