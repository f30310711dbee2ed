"""The words in charts and in their alternative texts, as data: one YAML file a language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from types import MappingProxyType

from helpline_report.parameters.yaml import read_yaml


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The phrases of a language by their key."""
    with as_file(files(__package__).joinpath(f"{language}.yaml")) as path:
        return MappingProxyType(dict(read_yaml(path).data))
