from __future__ import annotations

import itertools
import time

import pytest

from bench.stages import STAGES, Clock, found


@pytest.mark.parametrize("place", STAGES)
def test_what_is_timed_is_there(place: str) -> None:
    """Each function that is timed exists: one that was renamed is renamed here too."""
    owner, name = found(place)
    assert callable(getattr(owner, name, None))


def test_an_inner_stage_is_no_part_of_the_outer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outer from 0 to 3 and inner from 1 to 2, on a clock that ticks when it is looked at."""
    ticks = itertools.count()
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(ticks)))
    clock = Clock()
    inner = clock.timed("charts", lambda: None)
    clock.timed("pages", inner)()
    assert dict(clock.seconds) == {"charts": 1.0, "pages": 2.0}
