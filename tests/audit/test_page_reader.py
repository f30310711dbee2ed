"""A page that is read back: its paragraphs, its title and its chapters."""

import pytest

from helpline_report.audit.expectations import Expectations, parse_page
from helpline_report.audit.page_reader import PAGE, PageReader, list_texts
from helpline_report.figures.ledger import ChapterRecord, Ledger
from tests.report.small_publication import Maker

PLACES = "{{ campaign.spring.start }} – {{ campaign.spring.name }}"


def read_texts(text: str) -> list[str]:
    """The texts of one cell of a notebook."""
    return [*filter(None, list_texts([{"cell_type": "markdown", "source": text}]))]


def reader(page: str, *chapters: str) -> PageReader:
    """The reader of a page of an edition that has some chapters."""
    records = tuple(ChapterRecord(name=name, cells=()) for name in chapters)
    expected = Expectations(Ledger(edition="2017", chapters=records), "nl")
    return PageReader(PAGE, parse_page(f"<html><body>{page}</body></html>"), expected, {})


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Er waren {{ a.b | noun }}.", "erwarena.bnoun"),
        ("Bel *{{ phone }}*[^x], nu.", "belphone,nu."),
        ("{{ else }} Zie [hier](<bron:een boek>).", "ziehier. broneenboek"),
        ("| A | {{ a.b | Noun }} |\n|---|---|\n", "a a.bnoun"),
        ("Dat is {{ a.b | finding }}.", "datisa.bfinding"),
        ("Zie [{{ club }}](<bron:{{ book }}>).", "zieclub bronbook"),
    ],
)
def test_what_a_page_says_by_a_paragraph(text: str, written: str) -> None:
    """Each text once: a figure and a parameter by name and form, without markup."""
    assert " ".join(dict.fromkeys(read_texts(text))) == written


def test_what_a_parameter_says_is_always_the_same() -> None:
    """It is what the audit has, where that isn't a date; else what it says first."""
    anchor = "<span data-source='parameters' data-parameter='{}' data-form=''>{}</span>".format
    page = "<section class='chapter' id='chapter-a'><p>{} – {}</p><p>{} – {}</p></section>"
    texts = {"a": {*read_texts(PLACES)}}
    names = ("campaign.spring.start", "campaign.spring.name")
    values = ("1 mei", "lente"), ("1 mei", "lente"), ("2 mei", "lente"), ("1 mei", "herfst")
    for (start, name), other in zip(values[1:], [[], ["1mei"], ["lente"]], strict=True):
        pairs = zip(names * 2, (*values[0], start, name), strict=True)
        of_page = reader(page.format(*(anchor(*each) for each in pairs)))
        of_page.expected.parameters = {
            "campaigns.spring.start": "2017-05-01",
            "campaigns.spring.name": "[lente](<bron:een boek>)",
        }
        assert [each.expected for each in of_page.read_prose(texts)] == other


def test_a_parameter_that_ends_a_sentence_says_the_same() -> None:
    """Its full stop is then that of the sentence."""
    page = "<section class='chapter' id='chapter-a'><p>Zie {}</p><p>Zie {} nu</p></section>"
    club = "<span data-parameter='club'>v.z.w.</span>"
    texts = {"a": {*read_texts("Zie {{ club }}.\n\nZie {{ club }} nu")}}
    assert list(reader(page.format(club, club)).read_prose(texts)) == []


def test_a_reason_in_the_place_of_a_figure() -> None:
    """It stands for the figure that its notebook names there, and for no other."""
    page = "<section class='chapter' id='chapter-a'><table><tr><td>{}</td></tr></table></section>"
    missing = "<span data-missing='{}' data-form='noun'>niet getoond</span>".format
    texts = {"a": {*read_texts("| A |\n|---|\n| {{ a.b | noun }} |")}}
    for name, places in (("a.b", 0), ("a.c", 1)):
        misread = [*reader(page.format(missing(name))).read_prose(texts)]
        assert len(misread) == places


@pytest.mark.parametrize(
    ("name", "form", "text", "misread"),
    [
        ("gone", "noun", "niet getoond", []),
        ("gone", "noun", "niet 4", ["its value"]),
        ("there", "noun", "niet getoond", ["its value"]),
        ("there", "interval", "niet gepubliceerd", []),
        ("year.previous", "", "geen vergelijking", []),
        ("year.previous", "", "geen 2016", ["no number"]),
    ],
    ids=[
        *("a reason", "a number in its place", "a value that is there"),
        *("no interval", "no year before", "a year in its place"),
    ],
)
def test_what_is_missing_is_not_there(name: str, form: str, text: str, misread: list[str]) -> None:
    """A reason stands in the place of a value that the ledger hasn't got, without a number."""
    span = f"<span data-missing='{name}' data-form='{form}'>{text}</span>"
    of_page = reader(f"<table><tr><td>{span}</td></tr></table>")
    make = Maker()
    make.figure("there", 4)
    make.figure("gone", None)
    of_page.expected.figures |= make.figures
    assert [each.expected for each in of_page.read_numbers()] == misread


def test_a_chapter_without_its_notebook() -> None:
    """Its texts can't be held to anything, and that is told; no notebook has the foreword."""
    page = "<section class='chapter' id='chapter-{}'><p>Een tekst.</p></section>"
    sections = "".join(map(page.format, ("foreword", "a", "b")))
    texts = {"a": {*read_texts("Een tekst.")}}
    (misread,) = reader(sections, "a", "b", "unseen").read_prose(texts)
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
