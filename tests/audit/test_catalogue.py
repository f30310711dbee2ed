"""The words of the audit: the same keys in each language, with the same places to fill in."""

import re

import yaml

from helpline_report.audit.audit_words import CATALOGUE, read_phrases
from helpline_report.audit.printed_numbers import read_hedges

FILE = CATALOGUE / "hedges.yaml"
PLACE = re.compile(r"\{(\w+)\}")


def test_both_languages_have_the_same_keys() -> None:
    """No phrase is missing in one of them."""
    assert read_phrases("nl").keys() == read_phrases("en").keys()


def test_both_languages_fill_in_the_same_places() -> None:
    """A number that the Dutch sentence gives, the English one gives too."""
    english = read_phrases("en")
    differing = [
        key
        for key, phrase in read_phrases("nl").items()
        if set(PLACE.findall(phrase)) != set(PLACE.findall(english[key]))
    ]
    assert differing == []


def _hedges() -> list[str]:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [word for words in data.values() for word in words]


def test_a_hedge_means_one_thing() -> None:
    """No word stands on two sides."""
    found = _hedges()
    assert len(found) == len(set(found))


def test_hedges_are_known_in_both_languages() -> None:
    """A Dutch print is understood by an English edition too."""
    assert (read_hedges()["ruim"], read_hedges()["nearly"]) == ("over", "under")
