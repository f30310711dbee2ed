"""What must not change: the numbers of 2017 and of Línea 144, whatever they are computed with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import copy_project
from tests.golden.golden import HERE, PARTS, figures, hashes

pytestmark = pytest.mark.slow

PROGRAM = [sys.executable, "-c", "from helpline_report.cli import main; main()"]
NO_DATA = "real exports aren't here: set HELPLINE_REAL_DATA (docs/new-helpline.md)"


def build(folder: Path, edition: str) -> Path:
    """The edition as its command makes it, in a project of its own."""
    project = copy_project(folder)
    ended = subprocess.run(
        [*PROGRAM, "build", edition], cwd=project, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return project / "output" / edition


@pytest.fixture(scope="module")
def year_2017(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published edition of 2017."""
    return build(tmp_path_factory.mktemp("2017") / "project", "2017")


@pytest.fixture(scope="module")
def linea(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published edition of Línea 144, of exports that nobody here wrote."""
    if not os.environ.get("HELPLINE_REAL_DATA"):
        pytest.skip(NO_DATA)
    return build(tmp_path_factory.mktemp("linea") / "project", "linea144-2021")


def golden(name: str) -> dict[str, str]:
    """The hashes that an edition had when they were written."""
    values: dict[str, str] = json.loads((HERE / f"{name}.json").read_text())
    return values


def test_figures_of_2017_are_what_they_were(year_2017: Path) -> None:
    """Each line of `figures.csv`, but for the cell that computed it."""
    assert figures(year_2017) == (HERE / "figures-2017.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("part", PARTS)
def test_ledger_of_2017_is_what_it_was(year_2017: Path, part: str) -> None:
    """Each figure, series and cross-table of the ledger."""
    assert hashes(year_2017)[part] == golden("2017")[part]


@pytest.mark.parametrize("part", ["figures.csv", *PARTS])
def test_linea_is_what_it_was(linea: Path, part: str) -> None:
    """The numbers of a register that nobody here made up."""
    assert hashes(linea)[part] == golden("linea144-2021")[part]
