"""Tables of cases: drawn with bars in a test, or YAML files that stand beside it."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from helpline_report.parameters.yaml import read_yaml


@cache
def read_cases(file: Path) -> dict[str, list[Any]]:
    """The cases of a file, by their heading; each is what `parametrize` takes."""
    tables: dict[str, list[Any]] = read_yaml(file).data
    return tables


def draw_rows(table: str) -> list[list[str]]:
    """The texts of a table drawn with bars, a line a row."""
    lines = [line for line in table.splitlines() if line.strip() and line.strip()[0] != "#"]
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def draw_cases(table: str) -> list[ParameterSet]:
    """The cases of a table drawn with bars, a line each: what a case is called, then its texts."""
    return [pytest.param(*cells, id=name) for name, *cells in draw_rows(table)]
