"""Two hundred sentences a language, half of them true."""

import csv
import re

import pytest

from helpline_report.parameters.values import LANGUAGES, Language
from tests.conftest import ROOT
from tests.prose.judged_sentences import read_judged_sentences

NAME = re.compile(r"\{\{ ([\w.-]+)")
OF_PARAMETERS = {"year", "year.previous"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_of_the_sentences_are_true(language: Language) -> None:
    """A hundred of each kind; no sentence stands twice, and each says why."""
    sentences = read_judged_sentences(language)
    assert [sentence.is_true for sentence in sentences].count(True) == 100
    assert len({sentence.text for sentence in sentences if sentence.why}) == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_name_figures_of_the_edition(language: Language) -> None:
    """A misspelt name would be refused for another reason than its wording."""
    with (ROOT / "tests/golden/figures-2017.csv").open(encoding="utf-8") as file:
        figures = {row["id"] for row in csv.DictReader(file)}
    names = {name for each in read_judged_sentences(language) for name in NAME.findall(each.text)}
    assert names - figures - OF_PARAMETERS == set()
