"""The trace of a figure: on its page and in the terminal, in words for every figure."""

import re
from dataclasses import replace

import pytest

from helpline_report.audit.pages import write_trace
from helpline_report.figures.model import Figure
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication

PHONE = "contacts.share.phone"
# Definition, name, place, value, counts and interval come first.
BEGIN = """\
Aandeel van de contactnames via telefoon in alle contactnames, 2017
contacts.share.phone   (contacts, cel count-by-channel)

Waarde: 86,4 %   (niet afgerond: 86.40897755610973)
Teller: 4.158
    contactnames via telefoon in 2017
Noemer: 4.812
    contactnames in 2017
Marge: 95 %: 85,4 % tot 87,3 %
"""
SQL = """\
Natellen in SQL (teller):
    SELECT count(*)
    FROM contacts
    WHERE date BETWEEN DATE '2017-01-01' AND DATE '2017-12-31'
      AND channel = 'phone'
"""


def test_a_share(publication: Publication) -> None:
    """From its definition to its statements, files and earlier prints."""
    text = write_trace(publication, PHONE).replace("\u00a0", " ")
    assert text.startswith(BEGIN)
    assert SQL in text
    source = next(s for s in publication.ledger.sources if s.file == "contactnames.csv")
    assert f"    contactnames.csv (2017), 4.812 rijen\n    SHA-256 {source.sha256}\n" in text
    assert "Eerder gedrukt: 86,41%: klopt\n    Het gedrukte cijfer klopt.\n" in text


def test_files_of_confidential_rows_are_named_alone(publication: Publication) -> None:
    """Neither their rows nor their hash is published."""
    ledger = publication.ledger
    hidden = [each.model_copy(update={"rows": None, "sha256": ""}) for each in ledger.sources]
    ledger = ledger.model_copy(update={"sources": tuple(hidden)})
    text = write_trace(replace(publication, ledger=ledger), PHONE)
    assert text.endswith("\nBronbestanden:\n    contactnames.csv (2017)\n")


def test_a_figure_of_each_kind_has_a_trace(publication: Publication) -> None:
    """None of the edition's kinds of figures is without words."""
    kinds = {
        (each.kind, each.population.noun, each.unit, each.of is None, bool(each.reason)): each.id
        for each in publication.ledger.figures.values()
    }
    assert len(kinds) > 20
    for name in kinds.values():
        assert f"{name}   (" in write_trace(publication, name)


def test_a_printed_total(with_trend: Publication) -> None:
    """A total of another year was never counted: its source stands for its calculation."""
    trend = with_trend.ledger.trend
    assert trend is not None
    point = next(item for item in trend.points if item.id == "trend.contacts.2012.1")
    text = write_trace(with_trend, point.id)
    assert text.startswith("Contactnames in 2012\ntrend.contacts.2012.1\n\nWaarde: 2.500\n")
    assert "Hoe we het weten: Gedrukt, niet geteld. Voorlopig" in text
    assert text.endswith(f"Bron: {point.source}\n    {point.address}\n")


# A code, a placeholder or the id of a figure; the names of files and sites are words.
CODE = re.compile(r"[_{}=|<>]|\bunknown\b|\bnone\b|  |\b[a-z]+\.[a-z]")
FILE_OR_SITE = re.compile(r"\b[\w-]+\.(csv|be)\b")


@pytest.fixture(scope="module")
def definitions(publication: Publication) -> list[tuple[Figure, str]]:
    """Each figure with its definition as `figures.csv` gives it."""
    words = EditionWords(publication)
    return [(figure, words.name(figure)) for figure in publication.ledger.figures.values()]


def test_each_is_in_words(definitions: list[tuple[Figure, str]]) -> None:
    """No definition is empty, holds a code or an id, or doesn't say the year that it is about."""
    assert len(definitions) > 1000
    bad = [
        (figure.id, text)
        for figure, text in definitions
        if len(text.split()) < 3
        or CODE.search(FILE_OR_SITE.sub("x", text))
        or str(figure.population.period.start.year) not in text
    ]
    assert bad == []


def test_the_same_words_are_the_same_figure(definitions: list[tuple[Figure, str]]) -> None:
    """Where two figures share a definition, they share their value too."""
    by_text: dict[tuple[str, str], set[object]] = {}
    for figure, text in definitions:
        by_text.setdefault((text, figure.unit), set()).add(figure.value)
    assert [text for text, values in by_text.items() if len(values) > 1] == []
