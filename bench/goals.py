"""The numbers to reach, and what was measured of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.growth import MILLIONS
from bench.results import Results

GB = 1e9


@dataclass(frozen=True)
class Goal:
    """What is to be at most how much; `measured` is None where it wasn't measured."""

    name: str
    what: str
    most: float
    unit: str
    measure: Callable[[Results], float | None]

    def reached(self, results: Results) -> bool | None:
        """Whether it is; None where nobody measured."""
        measured = self.measure(results)
        return None if measured is None else measured <= self.most

    @property
    def asked(self) -> str:
        """The goal as the table writes it."""
        part = self.most < 1 and self.unit == "×"
        return f"≤ 1/{1 / self.most:.0f}" if part else f"≤ {self.said(self.most)}"

    def said(self, value: float | None) -> str:
        """A number as the table writes it."""
        return "not measured" if value is None else f"{value:.3g} {self.unit}"


def _against(design: str) -> Callable[[Results], float | None]:
    """The whole edition as a part of what a design takes: each against the floor of its own run."""

    def measure(results: Results) -> float | None:
        if results.designs is None or design not in results.designs.cases:
            return None
        return results.program.ratio("cold") / results.designs.ratio(design)

    return measure


def _wall(case: str) -> Callable[[Results], float | None]:
    return lambda results: results.program.wall(case)


def _million(results: Results) -> float | None:
    found = results.growth.get(MILLIONS)
    return found.first.wall if found else None


def _peak(results: Results) -> float | None:
    found = results.growth.get(MILLIONS)
    return found.first.peak / GB if found else None


def _again(results: Results) -> float | None:
    found = results.growth.get(MILLIONS)
    return found.again.wall if found else None


def _growth(results: Results) -> float | None:
    found, before = results.growth.get(MILLIONS), results.growth.get(MILLIONS // 10)
    return found.first.wall / before.first.wall if found and before else None


EDITION = "the whole edition, cold"
COLD = f"{EDITION}: HTML, PDF, open data, audit, second count"
GOALS = (
    Goal("cold", COLD, 1.5, "× the floor", lambda results: results.program.ratio("cold")),
    Goal(
        "papermill", f"{EDITION}, beside papermill and nbconvert", 1 / 6, "×", _against("papermill")
    ),
    Goal("book 1", f"{EDITION}, beside Jupyter Book 1", 1 / 3, "×", _against("book_1")),
    Goal("book 2", f"{EDITION}, beside Jupyter Book 2", 1 / 3, "×", _against("book_2")),
    Goal("nothing", "nothing changed, whole command", 0.25, "s", _wall("nothing")),
    Goal("prose", "prose changed", 1, "s", _wall("prose")),
    Goal("parameter", "one parameter changed that one chapter reads", 2, "s", _wall("parameter")),
    Goal("help", "`--help`", 0.25, "s", _wall("help")),
    Goal("misspelt", "a misspelt parameter refused", 0.5, "s", _wall("misspelt")),
    Goal("millions", "5 million contacts, from CSV to edition", 60, "s", _million),
    Goal("memory", "5 million contacts: peak memory of all processes", 4, "GB", _peak),
    Goal("again", "5 million contacts, with another parameter", 20, "s", _again),
    Goal("growth", "from 500 thousand to 5 million contacts", 10, "× the time", _growth),
)
