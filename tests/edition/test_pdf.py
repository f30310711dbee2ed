from __future__ import annotations

import datetime as dt
import io

import pypdf
import pytest

from helpline_report.edition.chapters import ChapterReader
from helpline_report.edition.pdf import pdf, settable, source
from helpline_report.edition.publication import Publication
from helpline_report.edition.words import EditionWords
from helpline_report.errors import MachineError


@pytest.fixture(scope="module")
def book(publication: Publication) -> pypdf.PdfReader:
    text = source(ChapterReader(publication, EditionWords(publication)))
    return pypdf.PdfReader(io.BytesIO(pdf(text, publication.edition.period.end)))


def words_of(book: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in book.pages).split())


def test_is_tagged_and_says_so(book: pypdf.PdfReader) -> None:
    """The PDF is tagged, in Dutch, and declares PDF/UA-1."""
    catalog = book.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "nl-BE"
    assert b"pdfuaid" in catalog["/Metadata"].get_data()


def test_metadata(book: pypdf.PdfReader) -> None:
    """Title, author, keywords and a fixed date are in the file."""
    found = book.metadata
    assert found is not None
    assert found.title == "1712, hulplijn voor geweld: Jaarverslag 2017"
    assert found.author == "De hulplijn"
    assert found.creation_date is not None
    assert found.creation_date.date() == dt.date(2017, 12, 31)


def test_chapters_are_bookmarked(book: pypdf.PdfReader) -> None:
    """Each chapter is a bookmark, and starts on a page of its own."""
    marks = [item for item in book.outline if not isinstance(item, list)]
    titles = [str(item.title) for item in marks]
    legal = ["Colofon", "Toegankelijkheidsverklaring"]
    assert titles == ["Samenvatting", "Contactnames", "Over deze uitgave", *legal]
    pages = [book.get_destination_page_number(item) for item in marks]
    assert len(set(pages)) == len(pages)


def test_every_page_says_draft(book: pypdf.PdfReader) -> None:
    """Each page of a draft says that it is one."""
    assert all("ontwerp" in page.extract_text() for page in book.pages)


def test_cover_says_synthetic(book: pypdf.PdfReader) -> None:
    """The cover says that the rows are synthetic."""
    assert "synthetische registraties" in book.pages[0].extract_text()


def test_labels_are_text(book: pypdf.PdfReader) -> None:
    """What a label holds is shown as it is, and is no markup."""
    text = words_of(book)
    assert "<script>alert(1)</script>" in text
    assert "$x$ #strong[y]" in text
    assert "{{ contacts.total }}" in text


def test_text_of_charts_is_text(book: pypdf.PdfReader) -> None:
    """Months and values of a chart can be searched for."""
    text = words_of(book)
    assert "521" in text
    assert "lentecampagne" in text


def test_fonts_are_the_package_s(book: pypdf.PdfReader) -> None:
    """No font of the machine is in the file."""
    names = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in book.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert names
    assert all(name.startswith("Source") for name in names)


def test_letters_that_fonts_lack() -> None:
    """A letter that can't be set becomes a question mark; a mark of direction goes."""
    assert settable("a\N{GRINNING FACE}\N{LEFT-TO-RIGHT MARK}é\N{NARROW NO-BREAK SPACE}\n") == (
        "a?é\N{NO-BREAK SPACE}\n"
    )


def test_refusal_is_told() -> None:
    """A document that breaks PDF/UA is refused by the compiler's own words."""
    with pytest.raises(MachineError, match="Typst refuses the report"):
        pdf("= Zonder titel", dt.date(2017, 12, 31))
