"""Every figure of the sample has a definition in words, and the trace of how it came about."""

import re

import pytest

from helpline_report.audit.trace import Tracer
from helpline_report.figures.model import Figure
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication

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
