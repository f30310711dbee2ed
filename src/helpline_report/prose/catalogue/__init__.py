"""The words of each language, as data: one YAML file a language, the same keys in each."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import Any

from helpline_report.parameters.values import LANGUAGES
from helpline_report.parameters.yaml import read_yaml


@cache
def catalogue(language: str) -> dict[str, Any]:
    """The words of a language (`nl` or `en`), as they stand in its file.

    Raises:
        KeyError: there is no catalogue of it.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    with as_file(files(__package__).joinpath(f"{language}.yaml")) as path:
        words: dict[str, Any] = read_yaml(path).data
    return words
