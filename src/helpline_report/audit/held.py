"""Which figure of the ledger a printed one is held against: by its name, and by its year."""

from __future__ import annotations

from functools import cached_property

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure
from helpline_report.figures.printed import PrintedFigure
from helpline_report.figures.same import Key, kind_of


class Held:
    """Finds the figures of a ledger for printed ones, of its own year and of another."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def of(self, item: PrintedFigure) -> Figure | None:
        """The figure that says the same of the same year, or None where the ledger has none."""
        named = self._ledger.figures.get(item.id)
        year = item.edition or self._ledger.edition
        if named is not None and named.population.edition == year:
            return named
        if not item.edition:
            return named
        previous = self._ledger.figures.get(f"{item.id}.previous")
        if previous is not None and previous.population.edition == year:
            return previous
        return self._of_another_year.get((year, *_key(named))) if named is not None else None

    @cached_property
    def _of_another_year(self) -> dict[Key, Figure]:
        """The figures of other years, by what they are of; of a window before those of the year."""
        others = [
            figure
            for figure in self._ledger.figures.values()
            if figure.population.edition != self._ledger.edition
        ]
        others.sort(key=lambda figure: figure.population.period.days)
        return {(figure.population.edition, *_key(figure)): figure for figure in others}


def _key(figure: Figure) -> Key:
    """What a figure says and of what, whenever."""
    ranked = figure.kind in ("top", "rank", "maximum")
    return (
        figure.kind,
        kind_of(figure.population),
        kind_of(figure.of) if figure.of is not None else None,
        figure.by if ranked else (),
        figure.code if figure.kind == "rank" else None,
        (figure.place, figure.lowest, figure.among),
        figure.exposure.unit if figure.exposure else "",
    )
