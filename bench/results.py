"""What was measured, as it is kept in results.json: the table, the page and the picture read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).with_name("results.json")
FLOOR = "floor"


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Taken(_Kept):
    """What one run took: seconds on the clock, seconds of work, bytes at the peak."""

    wall: float
    cpu: float
    peak: int


class Together(_Kept):
    """Cases that were run in turns, so that what else the machine did hit each of them alike."""

    on: str
    machine: Mapping[str, str]
    # By the name of each.
    cases: Mapping[str, tuple[Taken, ...]]
    # What couldn't be run, and why.
    skipped: Mapping[str, str] = {}

    def wall(self, case: str) -> float:
        """The median of a case, in seconds."""
        return median(taken.wall for taken in self.cases[case])

    def spread(self, case: str) -> tuple[float, float]:
        """The fastest and the slowest run of a case, in seconds."""
        walls = [taken.wall for taken in self.cases[case]]
        return min(walls), max(walls)

    def cpu(self, case: str) -> float:
        """The median of the work of a case, in seconds of CPU."""
        return median(taken.cpu for taken in self.cases[case])

    def peak(self, case: str) -> int:
        """The most memory that any run of a case had, in bytes."""
        return max(taken.peak for taken in self.cases[case])

    def ratio(self, case: str) -> float:
        """The median of a case to that of the floor, of the same turns."""
        return self.wall(case) / self.wall(FLOOR)


class Grown(_Kept):
    """One size of a year: its first build, and the next one with another parameter."""

    on: str
    first: Taken
    again: Taken


class Release(_Kept):
    """What one version of the program took, beside the floor of the same day."""

    version: str
    on: str
    floor: float
    cold: float
    nothing: float
    prose: float
    parameter: float
    peak: int


class Results(_Kept):
    """All that was measured last, each part by itself: a quick run renews the first two."""

    program: Together
    stages: Mapping[str, float]
    designs: Together | None = None
    growth: Mapping[int, Grown] = {}
    releases: tuple[Release, ...] = ()


def load(file: Path = FILE) -> Results:
    """The results that are kept in the repository."""
    return Results.model_validate_json(file.read_bytes())


def save(results: Results, file: Path = FILE) -> None:
    """Keep results; the figures in them are rounded to what can be measured."""
    kept = _rounded(results.model_dump(mode="json"))
    text = Results.model_validate(kept).model_dump_json(indent=1)
    file.write_text(f"{text}\n", encoding="utf-8")


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_rounded(each) for each in value]
    return value


def with_growth(results: Results, contacts: int, grown: Grown) -> Results:
    """The results with a size of the year measured again."""
    return results.model_copy(update={"growth": {**results.growth, contacts: grown}})


def with_release(results: Results, version: str) -> Results:
    """The results with the row of this version, in the place of an older one of the same."""
    program = results.program
    row = Release(
        version=version,
        on=program.on,
        floor=program.wall(FLOOR),
        cold=program.wall("cold"),
        nothing=program.wall("nothing"),
        prose=program.wall("prose"),
        parameter=program.wall("parameter"),
        peak=program.peak("cold"),
    )
    others = tuple(each for each in results.releases if each.version != version)
    return results.model_copy(update={"releases": (*others, row)})
