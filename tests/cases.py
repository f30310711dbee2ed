"""Read tables of cases: YAML files that stand beside the tests that try them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def read_cases(file: Path) -> dict[str, list[Any]]:
    """The cases of a file, by their heading; each is what `parametrize` takes."""
    tables: dict[str, list[Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return tables
