"""The words of the audit, as data: one YAML file a language, and the words printed reports use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from types import MappingProxyType
from typing import Literal

from helpline_report.errors import ParametersError
from helpline_report.parameters.yaml import Closed, Document, read_yaml, validate


class Hedges(Closed):
    """Words before a printed number that say on which side of it the true one lies."""

    over: tuple[str, ...]
    under: tuple[str, ...]
    near: tuple[str, ...]
    above: tuple[str, ...]
    below: tuple[str, ...]


Hedge = Literal["over", "under", "near", "above", "below"]


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The phrases of a language by their key.

    Raises:
        ParametersError: there is none, or a phrase is no text.
    """
    document = _document(f"{language}.yaml")
    for key, phrase in document.data.items():
        if not isinstance(phrase, str):
            raise ParametersError(f"'{key}' is no text", where=document.place((key,)))
    return MappingProxyType(dict(document.data))


@cache
def hedges() -> Mapping[str, Hedge]:
    """What each hedge of a printed report means, in whichever language it was printed."""
    found = validate(Hedges, _document("hedges.yaml"))
    meanings: dict[str, Hedge] = {}
    for meaning in ("over", "under", "near", "above", "below"):
        meanings |= dict.fromkeys(getattr(found, meaning), meaning)
    return MappingProxyType(meanings)


def _document(name: str) -> Document:
    with as_file(files(__package__).joinpath(name)) as path:
        return read_yaml(path)
