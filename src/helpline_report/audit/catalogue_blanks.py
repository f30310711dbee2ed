"""Refuse a catalogue whose phrase has lost the place of a value: what it says would say less."""

from collections.abc import Iterator, Mapping
from typing import Any

from helpline_report.audit.spelling import list_blanks
from helpline_report.errors import ParametersError
from helpline_report.parameters.values import LANGUAGES
from helpline_report.parameters.yaml import read_phrases

PACKAGES = ("prose", "charts", "report", "audit")
# Words that texts may use, and patterns of these: no values stand in them.
WITHOUT = "texts."


def refuse_lost_blanks(language: str) -> None:
    """Refuse the catalogues of a language whose phrases lack a value that another language has.

    Raises:
        ParametersError: a line for each phrase, with its file and key.
    """
    lost = [line for package in PACKAGES for line in _list_lost(package, language)]
    if lost:
        step = "write it where the value belongs, as the phrase of the other language does"
        raise ParametersError("\n".join(lost), next_step=step)


def _list_lost(package: str, language: str) -> Iterator[str]:
    own = _list_patterns(read_phrases(f"helpline_report.{package}", language))
    for other in LANGUAGES:
        theirs = _list_patterns(read_phrases(f"helpline_report.{package}", other))
        for key, pattern in own.items():
            known = set(list_blanks(pattern))
            for name in dict.fromkeys(list_blanks(theirs.get(key, ""))):
                if name not in known:
                    file = f"{package}/catalogue/{language}.yaml"
                    yield f"{file}, key {key}: the phrase has no {{{name}}}"


def _list_patterns(words: Mapping[str, Any], above: str = "") -> dict[str, str]:
    """The phrases of a catalogue by their dotted keys."""
    patterns = dict[str, str]()
    for name, value in words.items():
        key = f"{above}{name}"
        if isinstance(value, Mapping):
            patterns |= _list_patterns(value, f"{key}.")
        elif isinstance(value, str) and not key.startswith(WITHOUT):
            patterns[key] = value
    return patterns
