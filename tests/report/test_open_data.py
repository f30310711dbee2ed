from __future__ import annotations

import csv
import io

import pytest

from helpline_report.report.edition_words import EditionWords
from helpline_report.report.open_data import (
    DataFile,
    figures_file,
    harmless,
    part_files,
    plain_number,
)
from helpline_report.report.publication import Publication

CONTRACT = [
    "id",
    "value",
    "unit",
    "numerator",
    "denominator",
    "population",
    "period",
    "definition",
    "chapter",
    "cell",
    "status",
]


def rows(file: DataFile) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in csv.DictReader(io.StringIO(file.text()))}


def figures(publication: Publication) -> dict[str, dict[str, str]]:
    return rows(figures_file(publication, EditionWords(publication)))


def test_columns_of_the_contract_come_first(publication: Publication) -> None:
    """`figures.csv` has the columns of the contract, in its order, before any other."""
    head = figures_file(publication, EditionWords(publication)).text().splitlines()[0]
    assert head.split(",")[: len(CONTRACT)] == CONTRACT


def test_one_line_a_figure(publication: Publication) -> None:
    """Every figure of the ledger has its line, in the order it was computed."""
    assert list(figures(publication)) == list(publication.origins)


def test_values_are_not_rounded(publication: Publication) -> None:
    """A share is a plain number with all its decimals; a count has none."""
    found = figures(publication)
    assert found["contacts.share.phone"]["value"] == repr(4158 / 4812 * 100)
    assert found["contacts.total"]["value"] == "4812"
    assert found["contacts.change"]["value"] == "-4.5"


def test_unavailable_is_empty_and_says_why(publication: Publication) -> None:
    """A figure without a value has an empty one, and its status."""
    gone = figures(publication)["contacts.gone"]
    assert (gone["value"], gone["status"], gone["reason"]) == ("", "unavailable", "not_registered")


def test_origin(publication: Publication) -> None:
    """Each figure names its chapter and cell, its population and its period."""
    total = figures(publication)["contacts.total"]
    assert (total["chapter"], total["cell"]) == ("contacts", "count")
    assert (total["population"], total["period"]) == ("contacts", "2017-01-01/2017-12-31")


def test_no_formula(publication: Publication) -> None:
    """No label begins like a formula of a spreadsheet; a negative number stays a number."""
    words = EditionWords(publication)
    for file in part_files(publication, words):
        for row in csv.reader(io.StringIO(file.text())):
            assert not any(field.startswith(("=", "+", "@")) for field in row)


@pytest.mark.parametrize(
    "formula",
    [
        "=HYPERLINK(0)",
        "+1",
        "-1+1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        " =1",
        "\n=1",
        "\x00=1",
        "\N{RIGHT-TO-LEFT OVERRIDE}=1",
        "\N{ZERO WIDTH NO-BREAK SPACE}=1",
        "\N{FULLWIDTH EQUALS SIGN}1",
    ],
)
def test_an_apostrophe_keeps_a_formula_from_running(formula: str) -> None:
    """Whatever stands before its first letter and can't be seen."""
    assert harmless(formula) == f"'{formula}"


@pytest.mark.parametrize("text", ["", " ", "telefoon", "a=b", "1", "'=1", "\N{HEBREW LETTER ALEF}"])
def test_other_texts_stay(text: str) -> None:
    """To the letter."""
    assert harmless(text) == text


def test_plain_numbers() -> None:
    """Whole numbers have no decimal point, others all their decimals, labels stay."""
    assert [plain_number(value) for value in (3, 3.0, 2.5, "phone", None)] == [
        "3",
        "3",
        "2.5",
        "phone",
        "",
    ]


def test_no_mark_and_line_feeds(publication: Publication) -> None:
    """Files are UTF-8 without a byte order mark, with line feeds."""
    text = figures_file(publication, EditionWords(publication)).text()
    assert not text.startswith("\ufeff")
    assert "\r" not in text
