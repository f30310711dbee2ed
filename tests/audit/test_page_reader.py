"""A page that is read back: its paragraphs, its title and its chapters."""

import re
from time import perf_counter

import pytest

from helpline_report.audit.expectations import Expectations, parse_page
from helpline_report.audit.page_reader import PAGE, PageReader, Template, list_templates
from helpline_report.figures.ledger import ChapterRecord, Ledger

PLACES = "{{ campaign.spring.start }} – {{ campaign.spring.end }}"


def read_paragraph(text: str, *figures: str, **parameters: str) -> Template:
    """The pattern of one paragraph of a notebook."""
    (template,) = list_templates([{"cell_type": "markdown", "source": text}], figures, parameters)
    return template


def reader(page: str, *chapters: str) -> PageReader:
    """The reader of a page of an edition that has some chapters."""
    records = tuple(ChapterRecord(name=name, cells=()) for name in chapters)
    expected = Expectations(Ledger(edition="2017", chapters=records), "nl")
    return PageReader(PAGE, parse_page(f"<html><body>{page}</body></html>"), expected, {})


@pytest.mark.parametrize(
    ("text", "pattern", "names"),
    [
        ("Er waren {{ a.b | noun }}.", "erwaren<a\\.b\\ noun>\\.?", []),
        ("Zie {{ a.b | finding }}.", "zie<a\\.b\\ finding>.*\\.?", []),
        ("Bel {{ phone }}.", "bel1712\\.", []),
        ("Bel {{ club }}.", "belv\\.z\\.w\\.", []),
        ("In {{ year }}, op {{ day }}", "in(.{0,60}?),op(.{0,60}?)", [("year", ""), ("day", "")]),
        (
            PLACES,
            "(.{0,120}?)",
            [("campaign.spring.start campaign.spring.end", " ")],
        ),
    ],
)
def test_what_a_page_says_by_a_paragraph(
    text: str, pattern: str, names: list[tuple[str, str]]
) -> None:
    """A figure by its name and form, a text by itself, another parameter by a few letters."""
    template = read_paragraph(text, "a.b", phone="1712", club="v.z.w.")
    assert (template.pattern, list(template.parameters)) == (pattern, names)


def test_many_parameters_side_by_side() -> None:
    """A paragraph that isn't the one of the page is soon known as such."""
    template = read_paragraph(" ".join(f"{{{{ day{at} }}}}" for at in range(8)) + " einde")
    start = perf_counter()
    assert re.fullmatch(template.pattern, "x" * 400) is None
    assert re.fullmatch(template.pattern, "x" * 400 + "einde")
    assert perf_counter() - start < 1


def test_what_parameters_side_by_side_say_is_always_the_same() -> None:
    """Two paragraphs of a page by one of the notebook."""
    page = "<section class='chapter' id='chapter-a'><p>{}</p><p>{}</p></section>"
    templates = {"a": [read_paragraph(PLACES)]}
    texts = ("mei – juni", "mei – juli")
    assert list(reader(page.format(*texts[:1] * 2)).read_prose(templates)) == []
    (misread,) = reader(page.format(*texts)).read_prose(templates)
    assert (misread.text, misread.expected) == ("meijuli", "meijuni")


def test_a_parameter_that_ends_a_sentence_says_the_same() -> None:
    """Its full stop is then that of the sentence."""
    page = "<section class='chapter' id='chapter-a'><p>Zie v.z.w.</p><p>Zie v.z.w. nu</p></section>"
    templates = {"a": [read_paragraph("Zie {{ day }}."), read_paragraph("Zie {{ day }} nu")]}
    assert list(reader(page).read_prose(templates)) == []


def test_a_chapter_without_its_notebook() -> None:
    """Its texts can't be held to anything, and that is told; no notebook has the foreword."""
    page = "<section class='chapter' id='chapter-{}'><p>Een tekst.</p></section>"
    sections = "".join(map(page.format, ("foreword", "a", "b")))
    templates = {"a": [read_paragraph("Een tekst.")]}
    (misread,) = reader(sections, "a", "b", "unseen").read_prose(templates)
    assert str(misread) == "index.html, chapter 'b': b: 'its texts', expected its notebook"


@pytest.mark.parametrize(
    ("page", "title", "misread"),
    [
        ("<title>Verslag: alles</title><h1>Verslag</h1>", "Verslag", []),
        ("<title>Verslag</title><h1>Verlsag</h1>", "Verslag", ["Verlsag"]),
        ("<title>Verslag</title>", "Verslag", [""]),
        ("<title>Verslag</title><h1>Verslag</h1>", "", ["Verslag", "Verslag"]),
    ],
)
def test_the_title(page: str, title: str, misread: list[str]) -> None:
    """It stands in the head and over the page, and the parameters have one."""
    of_page = reader(page)
    of_page.expected.parameters = {"title": title} if title else {}
    assert [each.text for each in of_page.read_parameters()] == misread
