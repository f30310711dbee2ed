"""A catalogue with a phrase that can't be used is refused, by its file, line and key."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from helpline_report.audit.catalogue_phrases import refuse_unfit_catalogues
from helpline_report.errors import ParametersError
from helpline_report.parameters.project import Project
from helpline_report.parameters.values import LANGUAGES
from helpline_report.parameters.yaml import read_phrases
from helpline_report.preparation import check_parameters

Change = Callable[[str, str], None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_are_sound(language: str) -> None:
    refuse_unfit_catalogues(language)


@pytest.mark.parametrize(
    "phrase", ["{number} procent", "{number}%", "pct. {number}", "{{}} {number}"]
)
def test_other_words_with_the_same_values(change_catalogue: Change, phrase: str) -> None:
    """How a language says it is its own affair."""
    change_catalogue("percent", phrase)
    refuse_unfit_catalogues("nl")


@pytest.mark.parametrize(
    ("phrase", "what"),
    [
        ("procent", "the phrase has no {number}"),
        ("{nummer} %", "the phrase has no {number}"),
        ("{number} {unit}", "there is no value {unit} here"),
        ("{number} %}", "a brace too many or too few"),
        ("{number", "a brace too many or too few"),
        ("{number:d} %", "a value is written by its name alone: {number}"),
        ("{} %", "a value is written by its name alone: {number}"),
        (12, "a phrase was expected, not a whole number"),
    ],
)
def test_a_phrase_that_cant_be_filled_in(
    change_catalogue: Change, repository: Path, phrase: str, what: str
) -> None:
    """It is refused before anything runs: some page would stop, or lack its number."""
    change_catalogue("percent", phrase)
    place = r"src/helpline_report/prose/catalogue/nl\.yaml:\d+, key percent: "
    with pytest.raises(ParametersError, match=place + ".*" + re.escape(what)) as error:
        check_parameters(Project(repository, {}), "2017")
    assert error.value.exit_code == 2
    assert "at this key" in error.value.next_step


def test_a_phrase_that_isnt_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(read_phrases("helpline_report.report", "en"), "part.source")
    with pytest.raises(ParametersError, match=r"en\.yaml:\d+, key part\.source: there is no such"):
        refuse_unfit_catalogues("en")
