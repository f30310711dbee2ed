"""The rows that a population is made of, by their physical lines in the export."""

from __future__ import annotations

from helpline_report.figures import counting
from helpline_report.figures.model import PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register


def lines_of(register: Register, spec: PopulationSpec) -> list[int]:
    """The lines of a population of rows, in the register that it is of, in order.

    Raises:
        PopulationError: no source gives its table.
    """
    of = register if spec.edition == register.edition.edition else register.previous
    population = Population(of or register, spec)
    lines = counting.table_of(population).frame["line"].to_numpy()
    return sorted(int(line) for line in lines[counting.mask(population)])
