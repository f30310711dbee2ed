"""What must not change: the numbers of 2017 and of Línea 144, whatever they are computed with."""

import json
from pathlib import Path

import pytest

from tests.golden.golden import HERE, PARTS, figures, hashes

pytestmark = pytest.mark.slow


def golden(name: str) -> dict[str, str]:
    """The hashes that an edition had when they were written."""
    values: dict[str, str] = json.loads((HERE / f"{name}.json").read_text())
    return values


def test_figures_of_2017_are_what_they_were(year_2017: Path) -> None:
    """Each line of `figures.csv`, but for the cell that computed it."""
    edition = year_2017 / "output" / "2017"
    assert figures(edition) == (HERE / "figures-2017.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("part", PARTS)
def test_ledger_of_2017_is_what_it_was(year_2017: Path, part: str) -> None:
    """Each figure, series and cross-table of the ledger."""
    assert hashes(year_2017 / "output" / "2017")[part] == golden("2017")[part]


@pytest.mark.parametrize("part", ["figures.csv", *PARTS])
def test_linea_is_what_it_was(linea: Path, part: str) -> None:
    """The numbers of a register that nobody here made up."""
    assert hashes(linea)[part] == golden("linea144-2021")[part]
