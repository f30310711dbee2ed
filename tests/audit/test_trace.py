"""The trace of a figure, in words for every figure; and the rows behind it, for a private file."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from helpline_report.audit.pages import write_trace
from helpline_report.audit.sources import read_row_exports, write_contributing_rows
from helpline_report.exports.export_files import Export
from helpline_report.figures.counting import list_lines
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, PopulationSpec
from helpline_report.figures.register import Register
from helpline_report.parameters.project import Project
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication
from tests.audit.in_process import register_of
from tests.present import present

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
    trend = present(with_trend.ledger.trend)
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


# The rows behind a figure

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def register(repository: Path) -> Register:
    return register_of(repository)


@pytest.fixture(scope="module")
def exports(repository: Path) -> Mapping[tuple[str, str], Export]:
    project = Project(repository)
    return read_row_exports(project, [project.edition("2017"), project.edition("2016")])


@pytest.fixture(scope="module")
def rows(
    sample_ledger: Ledger, register: Register, exports: dict[tuple[str, str], Export]
) -> Callable[[str], Rows]:
    """The rows behind a figure of the sample."""

    def lines(spec: PopulationSpec) -> list[int]:
        return list_lines(register, spec)

    def of(figure: str) -> Rows:
        text = write_contributing_rows(sample_ledger.figures[figure], lines, exports)
        return list(csv.DictReader(io.StringIO(text)))

    return of


@pytest.mark.parametrize(
    ("figure", "counts"),
    [
        ("contacts.share.phone", {"numerator": (4158, "C2017"), "of": (4812, "C2017")}),
        ("contacts.total.change", {"numerator": (4812, "C2017"), "of": (4596, "C2016")}),
        # What a mean is divided by are days, and no rows.
        ("contacts.daily_mean", {"numerator": (4812, "C2017")}),
    ],
)
def test_the_parts_of_a_figure(
    rows: Callable[[str], Rows], figure: str, counts: dict[str, tuple[int, str]]
) -> None:
    """The rows of the numerator, and those of what it is compared with, from their own year."""
    parts: dict[str, list[str]] = {}
    for row in rows(figure):
        parts.setdefault(row["part"], []).append(row["contactnummer"][:5])
    assert {part: (len(years), years[0]) for part, years in parts.items()} == counts


def test_a_row_as_it_stands_in_the_export(rows: Callable[[str], Rows], repository: Path) -> None:
    """File and line lead to the row itself, and every text of it is there."""
    row = rows("contacts.share.phone")[0]
    path = repository / "data" / "sample" / "2017" / row["file"]
    line = path.read_text(encoding="utf-8-sig").splitlines()[int(row["line"]) - 1]
    assert [text for name, text in row.items() if name not in ("part", "file", "line")] == (
        line.split(";")
    )
