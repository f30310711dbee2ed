"""The interface words of the page and of the PDF, as data: one YAML file a language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from types import MappingProxyType

from helpline_report.errors import ParametersError
from helpline_report.parameters.yaml import read_yaml


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The phrases of a language by their key.

    Raises:
        ParametersError: there is none, or a phrase is no text.
    """
    with as_file(files(__package__).joinpath(f"{language}.yaml")) as path:
        document = read_yaml(path)
    for key, phrase in document.data.items():
        if not isinstance(phrase, str):
            raise ParametersError(f"'{key}' is no text", where=document.place((key,)))
    return MappingProxyType(dict(document.data))
