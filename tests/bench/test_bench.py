"""The bench measures what it says: the floor draws as much as the edition, and tables are rows."""

import json
from importlib import import_module
from types import ModuleType

import pytest

from bench import __main__ as bench
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def floor() -> ModuleType:
    """The floor, with seaborn, which takes a second to load."""
    return import_module("bench.floor")


def test_the_floor_draws_as_many_charts_as_the_edition(floor: ModuleType) -> None:
    calls = sum(
        "".join(cell["source"]).count("chapter.chart(")
        + "".join(cell["source"]).count("chapter.flow(")
        + "".join(cell["source"]).count("chapter.intervals(")
        + 2 * "".join(cell["source"]).count("chapter.trend(")
        for path in (ROOT / "notebooks").glob("*.ipynb")
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    )
    assert sum(map(len, floor.CHARTS.values())) >= calls


def test_the_floor_draws_each_chart(floor: ModuleType) -> None:
    """From the bundled exports."""
    floor.plt.switch_backend("svg")
    tables = floor.read(ROOT / "data")
    for chapter, charts in floor.CHARTS.items():
        for number in range(len(charts)):
            floor.draw(chapter, number, tables)
            assert floor.plt.gca().has_data(), (chapter, number)
            floor.plt.close()


def test_a_row_gives_the_median() -> None:
    """And the least and the most beside it."""
    case = bench.Case("x", wall=[3.0, 1.0, 2.0], cpu=[1.0, 1.0, 4.0], memory=[2**20, 2**21, 0])
    assert case.row() == "| x | 2.00 | 1.00 – 3.00 | 1.00 | 2 |"
