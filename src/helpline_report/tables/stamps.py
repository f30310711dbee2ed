"""Dates and times of a table together: by whose clock, and at hours that there were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpline_report.tables.reading import Mask, Values
from helpline_report.tables.values import MINUTES_A_DAY, NO_DAY, UNKNOWN_VALUE
from helpline_report.tables.zones import in_zone, never_and_twice

if TYPE_CHECKING:
    from helpline_report.tables.part import Part

MINUTES_AN_HOUR = 60


@dataclass
class Stamps:
    """What the columns of dates and times give: days since 1970, and minutes of the day.

    A date that can't be read is `NO_DAY`, an unknown time -1.
    """

    days: Values | None = None
    minutes: Values | None = None
    date_column: str = ""
    time_column: str = ""

    def set_both(self, stamps: Values) -> None:
        """Take both from minutes since 1970."""
        known = stamps != NO_DAY
        self.days = np.where(known, stamps // MINUTES_A_DAY, NO_DAY)
        self.minutes = np.where(known, stamps % MINUTES_A_DAY, UNKNOWN_VALUE)

    def known(self) -> Mask:
        """The rows with a date and a time."""
        assert self.days is not None  # noqa: S101 - the callers looked
        assert self.minutes is not None  # noqa: S101
        known: Mask = (self.days != NO_DAY) & (self.minutes != UNKNOWN_VALUE)
        return known


def add_stamps(part: Part, stamps: Stamps) -> None:
    """The columns `date` and `hour`, by the clock that the report counts by.

    Times by another clock are mended, and counted where the date changes (B51). An hour that the
    clock left out is unknown, and to be acknowledged (B47); one that it had twice is counted (B48).
    """
    if stamps.days is not None and stamps.minutes is not None:
        _by_local_clock(part, stamps)
    if stamps.days is not None:
        days = stamps.days.astype("datetime64[D]").astype("datetime64[s]")
        part.columns["date"] = pd.Series(days)
    if stamps.minutes is not None:
        part.columns["hour"] = pd.Series((stamps.minutes // MINUTES_AN_HOUR).astype(np.int8))


def _by_local_clock(part: Part, stamps: Stamps) -> None:
    assert stamps.days is not None  # noqa: S101 - the caller looked
    assert stamps.minutes is not None  # noqa: S101
    rows = np.flatnonzero(stamps.known())
    wall = stamps.days[rows] * MINUTES_A_DAY + stamps.minutes[rows]
    written, local = part.file.written_zone, part.file.local_zone
    never, twice = never_and_twice(wall, written)
    _note_hours(part, stamps, rows[never], int(twice.sum()))
    if written != local:
        moved = in_zone(wall, written, local)
        changed = np.zeros(len(stamps.days), dtype=np.bool_)
        changed[rows] = moved // MINUTES_A_DAY != stamps.days[rows]
        if changed.any():
            part.repairs.add("B51", changed)
        stamps.days[rows] = moved // MINUTES_A_DAY
        stamps.minutes[rows] = moved % MINUTES_A_DAY
    stamps.minutes[rows[never]] = UNKNOWN_VALUE


def _note_hours(part: Part, stamps: Stamps, never: Values, twice: int) -> None:
    if never.size:
        part.findings.acknowledge(
            "B47",
            f"time(s) in an hour that the clocks of {part.file.written_zone} left out: the date "
            "counts, the hour is unknown",
            rows=int(never.size),
            lines=part.text.lines[never].tolist(),
            column=stamps.time_column,
            next_step="look up how the source sets its clock, then acknowledge it",
        )
    if twice:
        part.findings.noted["B48"] += twice
