"""The words of the audit: the same keys in each language, with the same places to fill in."""

import re
from importlib.resources import files
from pathlib import Path

import yaml

from helpline_report.audit.catalogue import catalogue, hedges

FILE = Path(str(files("helpline_report.audit.catalogue").joinpath("hedges.yaml")))
PLACE = re.compile(r"\{(\w+)\}")


def test_both_languages_have_the_same_keys() -> None:
    """No phrase is missing in one of them."""
    assert catalogue("nl").keys() == catalogue("en").keys()


def test_both_languages_fill_in_the_same_places() -> None:
    """A number that the Dutch sentence gives, the English one gives too."""
    english = catalogue("en")
    differing = [
        key
        for key, phrase in catalogue("nl").items()
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
    assert (hedges()["ruim"], hedges()["nearly"]) == ("over", "under")
