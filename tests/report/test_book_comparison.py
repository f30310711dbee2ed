"""The PDF says what its description says: sound books pass, and planted errors are refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Name, Object, Pdf, String

from helpline_report.audit.book_comparison import compare_book, find_foreign_numbers
from helpline_report.audit.expectations import Element, Misreading, get_text, parse_page
from helpline_report.audit.pdf_blocks import read_book
from helpline_report.audit.pdf_texts import CONTENT
from helpline_report.description import Node
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.house import choose_faces
from helpline_report.report.page import write_page
from helpline_report.report.publication import Publication
from helpline_report.report.typesetting import compile_book, mark_row_headers, write_book
from tests.report.drawn_books import draw_publication
from tests.report.full_publication import with_hidden_counts, with_own_texts
from tests.report.small_publication import make_publication

PDF = "report.pdf"


@dataclass
class Written:
    """A book as Typst, and what it says."""

    text: str
    nodes: tuple[Node, ...]
    publication: Publication

    def set(self, text: str, folder: Path) -> Path:
        """The PDF of another text."""
        day, used = self.publication.edition.period.end, choose_faces(self.publication.house)
        path = folder / PDF
        path.write_bytes(mark_row_headers(compile_book(text, day, used)))
        return path

    def compare(self, path: Path) -> list[Misreading]:
        return list(compare_book(PDF, read_book(path), self.nodes, self.publication.house))


def write(publication: Publication) -> Written:
    book = write_book(ChapterReader(EditionWords(publication)))
    return Written(book.text, book.nodes, publication)


@pytest.fixture(scope="module")
def book() -> Written:
    """A book of all that can stand in one, with hostile labels."""
    return write(with_own_texts(with_hidden_counts(make_publication())))


@pytest.fixture(scope="module")
def pdf(book: Written, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("book")
    return book.set(book.text, folder)


def test_a_sound_book(book: Written, pdf: Path) -> None:
    assert book.compare(pdf) == []


# A label of 120 letters leaves a drawing no room, of which matplotlib warns.
@pytest.mark.filterwarnings("ignore:constrained_layout")
@pytest.mark.parametrize("seed", [1, 2, 3, 3032])
def test_drawn_books(seed: int, tmp_path: Path) -> None:
    """Sound ones pass, whatever labels, texts, fonts and sizes they have.

    One has a row on two pages. More are drawn by hand.

    That is so by their description, and by the page alone, as who has a copy of both reads them.
    """
    drawn = write(draw_publication(seed, tmp_path))
    path = drawn.set(drawn.text, tmp_path)
    assert drawn.compare(path) == []
    page = parse_page(write_page(ChapterReader(EditionWords(drawn.publication)), []).text)
    assert list(find_foreign_numbers(PDF, read_book(path), write_whole(page))) == []


def write_whole(page: Element) -> str:
    return "\n".join([get_text(page), *page.xpath("//@aria-label|//@alt")])


def test_a_copy_without_its_description(pdf: Path, book: Written, tmp_path: Path) -> None:
    """A number that the page hasn't is found; captions and contents have numbers of their own."""
    reader = ChapterReader(EditionWords(book.publication))
    whole = write_whole(parse_page(write_page(reader, []).text))
    assert list(find_foreign_numbers(PDF, read_book(pdf), whole)) == []
    text = replace_once(book.text, '#"4.812";#" contactnames."', '#"4.821";#" contactnames."')
    (misread,) = find_foreign_numbers(PDF, read_book(book.set(text, tmp_path)), whole)
    assert misread.text == "De hulplijn kreeg 4.821 contactnames."


def test_a_question_mark_for_a_letter_that_the_fonts_have(book: Written, tmp_path: Path) -> None:
    """Which letters these are, the fonts say and not what writes the book."""
    text = replace_once(book.text, "hulplijn kreeg", "hulpl?jn kreeg")
    (misread,) = book.compare(book.set(text, tmp_path))
    assert "hulpl?jn kreeg" in misread.text


def test_content_is_read_as_a_library_reads_it(pdf: Path) -> None:
    """Each text and mark of a page is found, and nothing else is taken for one."""
    operators = {"Tj": "text", "TJ": "text", "BDC": "top", "BMC": "top", "EMC": "end", "Tf": "font"}
    with pikepdf.open(pdf) as opened:
        for page in opened.pages:
            content = page.Contents.read_bytes()
            stands = [
                "top" if piece["tag"] else piece.lastgroup for piece in CONTENT.finditer(content)
            ]
            parsed = pikepdf.parse_content_stream(page, " ".join(operators))
            expected = [operators[str(instruction.operator)] for instruction in parsed]
            assert [kind for kind in stands if kind != "drawn"] == expected


def replace_once(text: str, old: str, new: str) -> str:
    assert old in text, old
    return text.replace(old, new, 1)


def exchange(text: str, one: str, other: str, start: str = "") -> str:
    """A text in which two others stand at each other's place, behind a `start`."""
    before, start, after = text.partition(start) if start else ("", "", text)
    first, last = after.index(one), after.index(other)
    assert first < last
    between = after[first + len(one) : last]
    rest = after[last + len(other) :]
    return f"{before}{start}{after[:first]}{other}{between}{one}{rest}"


# Other words: each is planted beside all others, and what was meant is named.
WORDS = {
    '#"4.812";#" contactnames."': ('#"4.821";#" contactnames."', "De hulplijn kreeg 4.812"),
    'head: "Mei", total: false, cells: ("412"': ('head: "Mei", total: false, cells: ("421"', "412"),
    'head: "Juni"': ('head: "Juli"', "Juni"),
    ">417</text>": (">471</text>", " 417 "),
    'value: "4.812", name': ('value: "4.821", name', "4.812"),
    '"Bel 1712"': ('"Direct gevaar: 106"', "Bel 1712"),
    'heads: ("Weekdag", "9 uur", "10 uur"': (
        'heads: ("Weekdag", "10 uur", "9 uur"',
        "head: '10 uur'",
    ),
    'title-text: "Jaarverslag 2017"': ('title-text: "Jaarverslag 2016"', "Jaarverslag 2017"),
    '#"Ik belde 3 keer.";': ('#"Ik belde 4 keer.";', "Ik belde 3 keer."),
    'alt: "Een huis met een tuin"': ('alt: "Een tuin met een huis"', "Een huis met een tuin"),
    'subtitle: "rijen zonder waarde': ('subtitle: "rijen met waarde', "rijen zonder waarde"),
    '#"Bron: het verslag van 2017";': (
        '#"Bron: het verslag van 2016";',
        "Bron: het verslag van 2017",
    ),
    '"het nummer bekend maken"': ('"het nummer bekend maken?"', "het nummer bekend maken"),
    'credit: "Beeld: An, 2017"': ('credit: "Beeld: Jan, 2017"', "Beeld: An, 2017"),
    '"0,80 tot 2,18"': ('"0,80 tot 2,81"', "0,80 tot 2,18"),
}


def test_other_words(book: Written, tmp_path: Path) -> None:
    """Each is found at its place: in sentences, cells, drawings, heads, captions, alternatives."""
    text = book.text
    for old, (new, _) in WORDS.items():
        text = replace_once(text, old, new)
    misread = book.compare(book.set(text, tmp_path))
    expected = "\n".join(difference.expected for difference in misread)
    assert [meant for _, meant in WORDS.values() if meant not in expected] == []


def drop_row(text: str) -> str:
    changed, times = re.subn(r'    \(head: "Maart", .*\n', "", text, count=1)
    assert times
    return changed


def exchange_alternatives(text: str) -> str:
    """The first two charts of the book say in words what the other one shows."""
    first, second = re.findall(r'  alt: "(?:Kolommen|Staaf)diagram[^\n]*', text)[:2]
    return exchange(text, first, second)


LEFT = "Niet in de grafiek, wel in de open data: nog 2."
Edit = Callable[[str], str]
# What is planted in the text of the book by itself: the edit, and what one of the differences says.
IN_TEXT: dict[str, tuple[Edit, str]] = {
    "a lost row": (drop_row, "Maart"),
    "rows in another order": (lambda text: exchange(text, '"Maart"', '"April"'), "Maart"),
    "a text at the end": (lambda text: f'{text}\n#pagebreak()\n#text("En 77.123.")', "77.123"),
    "a picture more": (
        lambda text: (
            f"{text}\n#photograph(svg: \"<svg xmlns='http://www.w3.org/2000/svg' "
            'viewBox=\'0 0 9 1\'/>", alt: "77.123 huizen")'
        ),
        "77.123 huizen",
    ),
    "exchanged alternative texts": (exchange_alternatives, "Kolommendiagram"),
    "a note under another chart": (
        lambda text: exchange(
            text, '("Bron', '("Niet in de grafiek, wel in de open data: nog 2.", "Bron', "#chart("
        ),
        "Niet in de grafiek",
    ),
    "another number of a table": (
        lambda text: replace_once(
            text, "\n#data-table(", "\n#counter(figure.where(kind: table)).update(3)\n#data-table("
        ),
        "Tabel 1:",
    ),
    "another page": (
        lambda text: replace_once(
            text, '#chapter("contacts"', '#counter(page).update(n => n + 3)\n#chapter("contacts"'
        ),
        "Contactnames 5",
    ),
    "a chapter's title": (
        lambda text: replace_once(
            text, '#chapter("summary", "Samenvatting"', '#chapter("summary", "In het kort"'
        ),
        "heading 1: 'Samenvatting'",
    ),
    "another title at the head of pages": (
        lambda text: replace_once(text, 'running: ("1712,', 'running: ("1711,'),
        "1712, hulplijn voor geweld: Jaarverslag 2017 · ontwerp",
    ),
    "a final edition": (lambda text: replace_once(text, '"ontwerp"', '"definitief"'), "ontwerp"),
    "another folio": (
        lambda text: replace_once(text, "bladzijde {number} van {total}", "bladzijde {number}"),
        "bladzijde 2 van",
    ),
    "another language": (
        lambda text: replace_once(text, '  language: "nl",', '  language: "en",'),
        "nl-BE",
    ),
    "another title of the file": (
        lambda text: replace_once(text, '  title: "1712, hulplijn', '  title: "1711, hulplijn'),
        "1712, hulplijn",
    ),
    "other keywords": (
        lambda text: replace_once(text, '("hulplijn", ', "("),
        "hulplijn, jaarverslag",
    ),
    "another number to call": (
        lambda text: replace_once(text, "tel:1712", "tel:1711"),
        "tel:1712",
    ),
    "a link to another chapter": (
        lambda text: replace_once(text, 'label("chapter-contacts"))', 'label("chapter-summary"))'),
        "('hier'",
    ),
    "a link to another note": (
        lambda text: replace_once(text, 'label("note-foreword-1")', 'label("note-foreword-2")'),
        "links [('1'",
    ),
    "a reference to another table": (
        lambda text: exchange(text, '"by_month.chart"', '"tab.chart"', "#show: report"),
        "links [('Decijfersvandezegrafiek",
    ),
    "a heading of another level": (
        lambda text: replace_once(text, "#heading(level: 2)", "#heading(level: 1)"),
        "heading 2: 'Via welk kanaal?'",
    ),
    "a quotation without a mark": (
        lambda text: replace_once(text, "#quote(block: true)", "#block"),
        "BlockQuote",
    ),
    "words that run together": (
        lambda text: replace_once(text, '#" contactnames."', '#"contactnames."'),
        "4.812 contactnames",
    ),
}


@pytest.mark.parametrize("name", IN_TEXT)
def test_planted_in_the_text(name: str, book: Written, tmp_path: Path) -> None:
    edit, expected = IN_TEXT[name]
    misread = book.compare(book.set(edit(book.text), tmp_path))
    assert expected in "\n".join(f"{each.text} {each.expected}" for each in misread)


# Errors in the structure, which looks like the sound one on paper.


def list_elements(pdf: Pdf, tag: str) -> list[Object]:
    def walk(element: Object) -> Iterator[Object]:
        inside = element.get("/K", Array())
        for child in inside if isinstance(inside, Array) else [inside]:
            if isinstance(child, pikepdf.Dictionary) and "/S" in child:
                yield child
                yield from walk(child)

    return [each for each in walk(pdf.Root.StructTreeRoot) if f"/{tag}" == each.S]


def find_row(pdf: Pdf) -> Object:
    return next(row for row in list_elements(pdf, "TR") if row.K[1].S == "/TD")


def move_head(pdf: Pdf) -> None:
    head = next(row for row in list_elements(pdf, "TR") if row.K[1].S == "/TH")
    head.K = Array([head.K[1], head.K[0], *list(head.K)[2:]])


def exchange_names(pdf: Pdf) -> None:
    """A cell is read with the head of another column."""
    table = next(each for each in list_elements(pdf, "Table") if len(find_row(pdf).K) > 1)
    assert table
    row = next(row for row in list_elements(pdf, "TR") if len(row.K) > 2 and row.K[1].S == "/TD")
    names = [next(each for each in cell.A if "/Headers" in each) for cell in list(row.K)[1:3]]
    names[0].Headers[0], names[1].Headers[0] = names[1].Headers[0], names[0].Headers[0]


def name_another_row(pdf: Pdf) -> None:
    cell = find_row(pdf).K[1]
    attributes = next(each for each in cell.A if "/Headers" in each)
    attributes.Headers[1] = String("row-1" if str(attributes.Headers[1]) == "row-0" else "row-0")


def move_cell(pdf: Pdf) -> None:
    """The last cell of a row is the first one of the next."""
    first, second = [row for row in list_elements(pdf, "TR") if row.K[1].S == "/TD"][:2]
    cells = list(first.K)
    first.K, second.K = Array(cells[:-1]), Array([cells[-1], *list(second.K)])


def say_no_head(pdf: Pdf) -> None:
    find_row(pdf).K[0].S = Name.TD


def hide_text(pdf: Pdf) -> None:
    """A paragraph that who hears the book never hears."""
    paragraph = next(each for each in list_elements(pdf, "P") if "/K" in each)
    del paragraph.K


def rename_bookmark(pdf: Pdf) -> None:
    pdf.Root.Outlines.First.Title = String("Voor u")


def move_bookmark(pdf: Pdf) -> None:
    first = pdf.Root.Outlines.First
    first.Dest = first.Next.Dest
    if "/A" in first:
        first.A = first.Next.A


def say_another_alternative(pdf: Pdf) -> None:
    list_elements(pdf, "Figure")[-1].Alt = String("Een andere grafiek")


def number_notes_wrong(pdf: Pdf) -> None:
    """The notes below a text are read with each other's numbers."""
    first, second = [each for each in list_elements(pdf, "LI") if each.K[0].S == "/Lbl"][:2]
    labels = first.K[0], second.K[0]
    first.K[0], second.K[0] = labels[1], labels[0]


IN_STRUCTURE: dict[str, tuple[Callable[[Pdf], None], str]] = {
    "heads in another order": (move_head, "head: 'Aantal'"),
    "a cell below another head": (exchange_names, "heads ["),
    "a cell of another row": (name_another_row, "heads ["),
    "a cell in another row": (move_cell, "one row"),
    "a row without a head": (say_no_head, "row: '"),
    "a hidden text": (hide_text, "nothing"),
    "another bookmark": (rename_bookmark, "Vooraf"),
    "a bookmark that leads elsewhere": (move_bookmark, "Vooraf"),
    "another alternative text": (say_another_alternative, "picture: '"),
    "numbers of notes": (number_notes_wrong, "1."),
}


@pytest.mark.parametrize("name", IN_STRUCTURE)
def test_planted_in_the_structure(name: str, book: Written, pdf: Path, tmp_path: Path) -> None:
    edit, expected = IN_STRUCTURE[name]
    with pikepdf.open(pdf) as changed:
        edit(changed)
        changed.save(tmp_path / PDF)
    misread = book.compare(tmp_path / PDF)
    assert expected in "\n".join(each.expected for each in misread)
