"""Read tables of cases: YAML files that stand beside the tests that try them."""

from functools import cache
from pathlib import Path
from typing import Any

from helpline_report.parameters.yaml import read_yaml


@cache
def read_cases(file: Path) -> dict[str, list[Any]]:
    """The cases of a file, by their heading; each is what `parametrize` takes."""
    tables: dict[str, list[Any]] = read_yaml(file).data
    return tables
