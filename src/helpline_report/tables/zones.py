"""Clocks: which hours of a zone didn't exist or existed twice, and times of one zone in another."""

from __future__ import annotations

import datetime as dt
import importlib.resources
from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import tzdata

from helpline_report.tables.reading import Mask, Values

EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - the wall of any clock
# Clocks are set at whole quarters everywhere, so the minutes within one have one offset; and no
# clock is set there and back within a day.
STEP, DAY = 15, 24 * 60
# Days that no clock need be known of: a date beyond them is refused elsewhere.
FIRST, LAST = (
    int((dt.datetime(year, 1, 1) - EPOCH).total_seconds()) // 60  # noqa: DTZ001
    for year in (1950, 2150)
)


@cache
def zone(name: str) -> ZoneInfo:
    """A time zone from the package of zones, whatever the machine knows."""
    path = importlib.resources.files(tzdata).joinpath("zoneinfo", *name.split("/"))
    with path.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def never_and_twice(minutes: Values, name: str) -> tuple[Mask, Mask]:
    """Which minutes since 1970, by the clock of a zone, didn't exist, and which existed twice."""
    clock = zone(name)
    before, after = (_offsets(minutes, clock, fold=fold) for fold in (0, 1))
    return before < after, before > after


def in_zone(minutes: Values, written: str, local: str) -> Values:
    """Minutes since 1970 by the clock of one zone, by that of another.

    Of an hour that existed twice the first is taken.
    """
    universal: Values = minutes - _offsets(minutes, zone(written), fold=0)
    return universal + _offsets_of_utc(universal, zone(local))


def _offsets(minutes: Values, clock: ZoneInfo, *, fold: int) -> Values:
    """Minutes that a clock is ahead of UTC, at times of its own wall."""

    def offset(at: int) -> int:
        wall = (EPOCH + dt.timedelta(minutes=at)).replace(tzinfo=clock, fold=fold)
        return _whole_minutes(wall.utcoffset())

    return _by_step(minutes, offset)


def _offsets_of_utc(minutes: Values, clock: ZoneInfo) -> Values:
    """The same at times of UTC."""

    def offset(at: int) -> int:
        there = (EPOCH + dt.timedelta(minutes=at)).replace(tzinfo=dt.UTC).astimezone(clock)
        return _whole_minutes(there.utcoffset())

    return _by_step(minutes, offset)


def _whole_minutes(offset: dt.timedelta | None) -> int:
    assert offset is not None  # noqa: S101 - every zone of the package has one
    return round(offset.total_seconds() / 60)


def _by_step(minutes: Values, offset: Callable[[int], int]) -> Values:
    """An offset for each time, asked once for each day that occurs.

    On a day that begins and ends with different ones: once for each quarter of an hour.
    """
    within = np.clip(minutes, FIRST, LAST)
    places, days = pd.factorize(within // DAY)
    begun = np.array([offset(int(day) * DAY) for day in days], dtype=np.int64)
    ended = np.array([offset(int(day) * DAY + DAY) for day in days], dtype=np.int64)
    offsets: Values = begun[places]
    changing = np.flatnonzero((begun != ended)[places])
    places, steps = pd.factorize(within[changing] // STEP)
    offsets[changing] = np.array([offset(int(step) * STEP) for step in steps], dtype=np.int64)[
        places
    ]
    return offsets
