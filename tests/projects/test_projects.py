"""Whole projects, drawn: each passes or is refused as foretold, and says what was drawn."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import run_program
from tests.projects.people import read_truth
from tests.projects.project import draw_project
from tests.projects.running import run_project
from tests.projects.truth import Oracle, find_differences

# The seeds of the suite; others run by `python -m tests.projects.run`.
CHUNKS = [range(first, first + 20) for first in range(0, 300, 20)]
# Others that found a mistake once.
FOUND = (99511, 709169, 818145, 818252, 818276, 879248, 879285)
# Those that the program builds too, as anybody runs it: by papermill, each chapter in its kernel.
BY_PROGRAM = range(0, 300, 10)
ALWAYS = (9, 23)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seeds", [*CHUNKS, FOUND], ids=lambda seeds: f"{seeds[0]}-{seeds[-1]}")
def test_projects_are_published_or_refused_as_foretold(
    seeds: Sequence[int], tmp_path: Path
) -> None:
    complaints = []
    for seed in seeds:
        drawn = draw_project(seed)
        outcome = run_project(drawn, tmp_path / str(seed))
        if outcome.verdict in ("false alarm", "missed"):
            complaints.append(f"{seed}: {outcome.verdict} ({drawn.foretold}): {outcome.message}")
        complaints += [f"{seed}: {line}" for line in outcome.differences]
    assert complaints == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "seed", [*ALWAYS, *(pytest.param(seed, marks=pytest.mark.long) for seed in BY_PROGRAM)]
)
def test_the_program_makes_of_it_what_was_foretold(seed: int, tmp_path: Path) -> None:
    """With what is asked about acknowledged; each number that is published is the drawn one.

    What is published is then read again without its description.
    """
    drawn = draw_project(seed)
    expected = run_project(drawn, tmp_path)
    edition = tmp_path / "output" / drawn.name
    here = read_released(edition)
    ended = run_program(tmp_path, "build", drawn.name, "--again")
    assert ended.returncode == expected.exit_code, ended.stderr
    assert drawn.foretold.judge(ended.returncode, ended.stderr) == expected.verdict
    if expected.exit_code:
        return
    released = read_released(edition)
    assert find_differences(released, Oracle(read_truth(tmp_path / "data" / "truth.json"))) == []
    assert released["figures"] == here["figures"]
    if drawn.threshold == 0:
        ended = run_program(tmp_path, "verify", "--published", f"output/{drawn.name}")
        assert ended.returncode == 0, ended.stderr


def read_released(edition: Path) -> dict[str, dict[str, object]]:
    """The released ledger of an edition; an empty one where there is none."""
    file = edition / "data" / "ledger.json"
    read: dict[str, dict[str, object]] = (
        json.loads(file.read_text("utf-8")) if file.exists() else {}
    )
    return read
