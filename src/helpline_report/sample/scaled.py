"""A year of any size, as a stream: the contacts of a reference year on other days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from helpline_report.sample.days import hour_steps, minute_of, schedule, year_weights
from helpline_report.sample.quotas import apportion
from helpline_report.sample.records import Contact
from helpline_report.sample.registration_files import Case, Occurrence, written_case
from helpline_report.sample.seeds import stream
from helpline_report.sample.targets import patterns, year_totals

Place = tuple[int, str]


@dataclass(slots=True)
class _Pool:
    """The cases of one month and rhythm, dealt without repeats until all have had their turn."""

    cases: list[Case] = field(default_factory=list)
    left: list[Case] = field(default_factory=list)

    def deal(self, rng: Random) -> Case:
        if not self.left:
            self.left = list(self.cases)
            rng.shuffle(self.left)
        return self.left.pop()


def scaled_occurrences(
    reference: list[Contact], *, year: int, contacts: int, seed: int
) -> Iterator[Occurrence]:
    """`contacts` contacts in order of time, in about the proportions of the reference.

    Holds the reference and one day, never the year. The helpline is closed at weekends and on the
    closed days of 2016 and 2017; of another year it knows no closed days.
    """
    rng = stream(seed, year, f"scaled/{contacts}")
    pools = _pools(reference)
    steps = hour_steps(patterns().hours)
    lines = [line for line, weight in patterns().helplines.items() for _ in range(weight)]
    for day, counts in _days(pools, year=year, contacts=contacts, rng=rng).items():
        written = f"{day:%d/%m}/{day.year}"
        drawn = [
            (minute_of(day, rhythm, steps[rhythm], rng), place, pools[day.month, rhythm].deal(rng))
            for rhythm, count in counts.items()
            for place in range(count)
        ]
        drawn.sort(key=lambda one: one[0])
        for minute, _, case in drawn:
            time = f"{minute // 60:02d}:{minute % 60:02d}"
            yield Occurrence(written, time, lines[int(rng.random() * len(lines))], case)


def _pools(reference: list[Contact]) -> dict[Place, _Pool]:
    pools: dict[Place, _Pool] = defaultdict(_Pool)
    for contact in reference:
        pools[contact.day.month, schedule(contact.channel)].cases.append(written_case(contact))
    return dict(sorted(pools.items()))


def _days(
    pools: dict[Place, _Pool], *, year: int, contacts: int, rng: Random
) -> dict[date, dict[str, int]]:
    """How many contacts of each rhythm fall on each day of the year."""
    totals = year_totals(year)
    closed = totals.closed_days if totals.year == year else frozenset[date]()
    weights = year_weights(year, closed, patterns(), rng)
    by_place = apportion(contacts, {place: len(pool.cases) for place, pool in pools.items()})
    days: dict[date, dict[str, int]] = defaultdict(dict)
    for (month, rhythm), count in by_place.items():
        for day, share in apportion(count, weights[month, rhythm]).items():
            days[day][rhythm] = share
    return dict(sorted(days.items()))
