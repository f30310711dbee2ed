"""Counts, and figures of two counts, as chapters compute them."""

from functools import partial

from helpline_report.figures.model import Figure, PopulationSpec
from tests.prose.two_years import figure


def count(name: str, number: float, population: PopulationSpec) -> Figure:
    return figure("count", number, id=name, counts=(number,), population=population)


def ratio(
    kind: tuple[str, str], name: str, counts: tuple[int, int], *specs: PopulationSpec
) -> Figure:
    """A figure of two counts, of a kind and a unit: of what is counted, and of what."""
    above, below = counts
    value = 100 * (above if kind[0] == "share" else above - below) / below
    parts = {"id": name, "unit": kind[1], "counts": counts}
    return figure(kind[0], value, **parts, population=specs[0], of=specs[1])


share = partial(ratio, ("share", "percent"))
change = partial(ratio, ("change", "percent change"))
