"""The bench measures what it says: the floor draws as much as the edition, and tables are rows."""

import json

import pytest

from bench import __main__ as bench
from bench import floor
from tests.conftest import ROOT


def test_the_floor_draws_as_many_charts_as_the_edition() -> None:
    """A floor that draws less would be no floor."""
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


@pytest.mark.slow
@pytest.mark.parametrize("chapter", list(floor.CHARTS))
def test_the_floor_draws_each_chapter(chapter: str) -> None:
    """Each of its charts is drawn from the bundled exports."""
    floor.plt.switch_backend("svg")
    tables = floor.read(ROOT / "data")
    for number in range(len(floor.CHARTS[chapter])):
        floor.draw(chapter, number, tables)
        assert floor.plt.gca().has_data()
        floor.plt.close()


def test_a_row_gives_the_median() -> None:
    """And the least and the most beside it."""
    case = bench.Case("x", wall=[3.0, 1.0, 2.0], cpu=[1.0, 1.0, 4.0], memory=[2**20, 2**21, 0])
    assert case.row() == "| x | 2.00 | 1.00 – 3.00 | 1.00 | 2 |"
