"""The trace of a figure: on its page and in the terminal, in words for every figure."""

import re
from dataclasses import replace

import pytest

from helpline_report.audit.pages import write_trace
from helpline_report.audit.trace import Tracer
from helpline_report.figures.model import Figure
from helpline_report.parameters.earlier_reports import PrintedYear
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication

PHONE = """\
Aandeel van de contactnames via telefoon in alle contactnames, 2017
contacts.share.phone   (contacts, cel count-by-channel)

Waarde: 86,41 %   (niet afgerond: 86.40897755610973)
Teller: 4.158
    contactnames via telefoon in 2017
Noemer: 4.812
    contactnames in 2017
Marge: 95 %-interval 85,41 % tot 87,35 %
"""
SQL = """\
Natellen in SQL (teller):
    SELECT count(*)
    FROM contacts
    WHERE date BETWEEN DATE '2017-01-01' AND DATE '2017-12-31'
      AND channel = 'phone'
"""


def test_a_share(publication: Publication) -> None:
    """Definition, name, place, value, counts and interval come first."""
    text = write_trace(publication, "contacts.share.phone")
    assert text.replace("\u00a0", " ").startswith(PHONE)


def test_its_sql(publication: Publication) -> None:
    """Each statement stands under what it gives."""
    assert SQL in write_trace(publication, "contacts.share.phone")


def test_its_files(publication: Publication) -> None:
    """Each file with its edition, its rows and its content."""
    text = write_trace(publication, "contacts.share.phone")
    source = next(s for s in publication.ledger.sources if s.file == "contactnames.csv")
    assert f"    contactnames.csv (2017), 4.812 rijen\n    SHA-256 {source.sha256}\n" in text


def test_what_earlier_reports_printed(publication: Publication) -> None:
    """With the verdict, and the reason below it."""
    text = write_trace(publication, "contacts.share.phone")
    assert "Eerder gedrukt: 86,41%: klopt\n    Het gedrukte cijfer klopt.\n" in text


def test_where_it_is_used(publication: Publication) -> None:
    """Chapter, cell and what stands there."""
    text = write_trace(publication, "contacts.share.phone")
    assert text.endswith(
        "In het verslag:\n"
        "    summary, cel count-headline (kerncijfers)\n"
        "    contacts, cel finding (tekst)\n"
        "    contacts, cel channel (tekst)\n"
    )


def test_every_figure_has_a_trace(publication: Publication) -> None:
    """None of the edition's figures is without words."""
    for name in publication.ledger.figures:
        text = write_trace(publication, name)
        assert f"{name}   (" in text


def test_a_figure_that_is_used_nowhere(publication: Publication) -> None:
    """It says so."""
    nowhere = replace(publication, notebooks={}, texts={})
    text = write_trace(nowhere, "contacts.share.phone")
    assert text.endswith("In het verslag:\n    staat niet in een tekst, grafiek of tabel\n")


def test_no_such_figure(publication: Publication) -> None:
    """The caller knows what figures there are."""
    with pytest.raises(KeyError):
        write_trace(publication, "contacts.share.phon")


def test_a_printed_total(with_trend: Publication) -> None:
    """A total of another year was never counted: its source stands for its calculation."""
    point = next(item for item in _points(with_trend) if item.id == "trend.contacts.2012.1")
    text = write_trace(with_trend, point.id)
    assert text.startswith("Contactnames in 2012\ntrend.contacts.2012.1\n\nWaarde: 2.500\n")
    assert "Hoe we het weten: Gedrukt, niet geteld. Voorlopig" in text
    assert text.endswith(f"Bron: {point.source}\n    {point.address}\n")


def _points(publication: Publication) -> tuple[PrintedYear, ...]:
    trend = publication.ledger.trend
    assert trend is not None
    return trend.points


# A code or a placeholder; the names of files and sites are words to their readers.
CODE = re.compile(r"[_{}=|<>]|\bunknown\b|\bnone\b|  ")
FILE_OR_SITE = re.compile(r"\b[\w-]+\.(csv|be)\b")


@pytest.fixture(scope="module")
def definitions(publication: Publication) -> list[tuple[Figure, str]]:
    """Each figure with its definition as `figures.csv` gives it."""
    words = EditionWords(publication)
    return [(figure, words.name(figure)) for figure in publication.ledger.figures.values()]


def test_each_is_in_words(definitions: list[tuple[Figure, str]]) -> None:
    """No definition is empty, or holds a code, a placeholder or two spaces."""
    assert len(definitions) > 1000
    bad = [
        (figure.id, text)
        for figure, text in definitions
        if len(text.split()) < 3 or CODE.search(FILE_OR_SITE.sub("x", text))
    ]
    assert bad == []


def test_none_is_an_id(definitions: list[tuple[Figure, str]]) -> None:
    """No definition says the id of a figure, or of the chapter that counts it."""
    dotted = re.compile(r"\b[a-z]+\.[a-z]")
    said = [text for _, text in definitions if dotted.search(FILE_OR_SITE.sub("x", text))]
    assert said == []


def test_each_says_its_year(definitions: list[tuple[Figure, str]]) -> None:
    """A definition stands alone in a file: it says the year that it is about."""
    silent = [
        figure.id
        for figure, text in definitions
        if str(figure.population.period.start.year) not in text
    ]
    assert silent == []


def test_the_same_words_are_the_same_figure(definitions: list[tuple[Figure, str]]) -> None:
    """Where two figures share a definition, they share their value too."""
    by_text: dict[tuple[str, str], set[object]] = {}
    for figure, text in definitions:
        by_text.setdefault((text, figure.unit), set()).add(figure.value)
    assert [text for text, values in by_text.items() if len(values) > 1] == []


def test_each_has_its_trace(publication: Publication) -> None:
    """The pages of the audit have an anchor for every figure of `figures.csv`."""
    anchors: set[str] = set()
    tracer = Tracer(publication)
    for chapter in publication.ledger.chapters:
        for cell in chapter.cells:
            for trace in tracer.trace_all(cell.id, cell.figures):
                anchors |= {trace.id, *(trace.rows or ())}
    assert set(publication.ledger.figures) - anchors == set()
