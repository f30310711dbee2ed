"""Whole projects, drawn: each passes or is refused as foretold, and says what was drawn."""

from pathlib import Path

import pytest

from tests.projects.project import draw_project
from tests.projects.running import run_project

# The seeds of the suite; others run by `python -m tests.projects.run`.
CHUNKS = [range(first, first + 20) for first in range(0, 300, 20)]


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seeds", CHUNKS, ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_projects_are_published_or_refused_as_foretold(seeds: range, tmp_path: Path) -> None:
    complaints = []
    for seed in seeds:
        drawn = draw_project(seed)
        outcome = run_project(drawn, tmp_path / str(seed))
        if outcome.verdict in ("false alarm", "missed"):
            complaints.append(f"{seed}: {outcome.verdict} ({drawn.foretold}): {outcome.message}")
        complaints += [f"{seed}: {line}" for line in outcome.differences]
    assert complaints == []
