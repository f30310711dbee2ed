"""Changes, means, ranks and maxima by the codes of a field: a figure a code, as a series."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from helpline_report.figures import measures, rankings, rates
from helpline_report.figures.breakdown import breakdown, is_overlapping, narrowed, promised
from helpline_report.figures.model import Figure, Member, Series, SeriesKind, Unit
from helpline_report.figures.population import Population

Made = tuple[Series, list[Figure]]
Make = Callable[[str, str, Population], Figure]


def change_series(name: str, population: Population, by: str, bridge: Sequence[str] = ()) -> Made:
    """The change in percent of each code against the same code in the comparison year.

    Raises:
        PopulationError: a declared break of the field lies between the two years.
    """
    population.previous(*bridge, by=(by,))

    def make(figure: str, _: str, part: Population) -> Figure:
        return rates.change(figure, part, part.previous(*bridge))

    return _series(name, population, by, make, ("change", "percent change"))


def mean_series(name: str, population: Population, by: str, per: str) -> Made:
    """The count of each code divided by months, open days or calendar days."""

    def make(figure: str, _: str, part: Population) -> Figure:
        return measures.mean(figure, part, (per,))

    return _series(name, population, by, make, ("mean", "mean"))


def maximum_series(name: str, population: Population, by: str, over: str) -> Made:
    """The most rows that each code has on one day (or in one month, at one weekday)."""

    def make(figure: str, _: str, part: Population) -> Figure:
        return measures.maximum(figure, part, (over,))

    return _series(name, population, by, make, ("maximum", "count"))


def rank_series(name: str, population: Population, by: str) -> Made:
    """The place of each code among the codes of its field; one without rows has none."""

    def make(figure: str, code: str, _: Population) -> Figure:
        return rankings.rank(figure, population, by, code)

    return _series(name, population, by, make, ("rank", "rank"))


def _series(
    name: str, population: Population, by: str, make: Make, told: tuple[SeriesKind, Unit]
) -> Made:
    found, absent = breakdown(population, by)
    figures = []
    for code in promised(population, by) if absent else found:
        part = Population(population.register, narrowed(population.spec, by, code), absent)
        figure = make(f"{name}.{code}", code, part)
        figures.append(figure.model_copy(update={"code": code}))
    members = tuple(Member(code=str(figure.code), figure=figure.id) for figure in figures)
    kind, unit = told
    series = Series(
        id=name,
        by=by,
        unit=unit,
        kind=kind,
        members=members,
        population=population.spec,
        overlapping=is_overlapping(population, by),
    )
    return series, figures
