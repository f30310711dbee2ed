from __future__ import annotations

from collections.abc import Mapping

import pytest

from bench.goals import GOALS
from bench.growth import MILLIONS
from bench.results import Grown, Results, Taken, Together, with_release

MACHINE = {"load before": "0.1"}


def taken(*walls: float, peak: int = 0) -> tuple[Taken, ...]:
    return tuple(Taken(wall=wall, cpu=wall, peak=peak) for wall in walls)


def together(**cases: tuple[Taken, ...]) -> Together:
    return Together(on="2017-12-31", machine=MACHINE, cases=cases)


@pytest.fixture
def results() -> Results:
    """Measured by hand.

    floor        4, 4, 10 s
    cold         6, 6, 90 s
    the others   1 s
    designs      floor 5 s, papermill 50 s
    """
    quick = {name: taken(1) for name in ("nothing", "prose", "parameter", "help", "misspelt")}
    program = together(floor=taken(4, 4, 10), cold=taken(6, 6, 90), **quick)
    designs = together(floor=taken(5), papermill=taken(50))
    return Results(program=program, stages={"imports": 1.0}, designs=designs)


def reached(results: Results) -> Mapping[str, bool | None]:
    return {goal.name: goal.reached(results) for goal in GOALS}


def test_medians_decide(results: Results) -> None:
    """One slow run among three changes nothing: 6 s to 4 s is 1.5 times the floor."""
    assert reached(results)["cold"] is True


def test_designs_are_compared_by_the_floor_of_their_own_turns(results: Results) -> None:
    """6/4 of one floor beside 50/5 of another: 0.15, which is below a sixth."""
    assert {goal.name: goal.measure(results) for goal in GOALS}["papermill"] == 0.15
    assert reached(results)["papermill"] is True


def test_what_takes_longer_isnt_reached(results: Results) -> None:
    """Nothing changed, in a second, is above a quarter of a second."""
    assert reached(results)["nothing"] is False


def test_what_nobody_measured_is_neither(results: Results) -> None:
    """No millions were measured, nor Jupyter Book."""
    unknown = {name for name, answer in reached(results).items() if answer is None}
    assert unknown == {"book 1", "book 2", "millions", "memory", "again", "growth"}


def test_growth_is_of_the_first_builds(results: Results) -> None:
    """From 5 s to 60 s is twelve times, whatever the next builds took."""
    sizes = {
        size: Grown(on="2017-12-31", first=taken(wall, peak=3 * 10**9)[0], again=taken(1)[0])
        for size, wall in ((MILLIONS // 10, 5), (MILLIONS, 60))
    }
    grown = reached(results.model_copy(update={"growth": sizes}))
    assert [grown[name] for name in ("millions", "memory", "again", "growth")] == [
        True,
        True,
        True,
        False,
    ]


def test_a_release_has_one_row(results: Results) -> None:
    """Measured again, a version's row is replaced; another version's row stays."""
    twice = with_release(with_release(with_release(results, "1.0"), "1.1"), "1.1")
    assert [each.version for each in twice.releases] == ["1.0", "1.1"]
