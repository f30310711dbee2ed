"""The lines of the rows of a population, and the exports of which all rows stand as they are."""

from __future__ import annotations

from helpline_report.figures import counting
from helpline_report.figures.model import PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.tables.dataset import FileBalance

# Faults of the reading have codes before and after these.
FIRST_OF_CELLS, LAST_OF_CELLS = "B33", "B64"


def lines_of(register: Register, spec: PopulationSpec) -> list[int]:
    """The lines of a population of rows, in the register that it is of, in order.

    Raises:
        PopulationError: no source gives its table.
    """
    of = register if spec.edition == register.edition.edition else register.previous
    population = Population(of or register, spec)
    lines = counting.table_of(population).frame["line"].to_numpy()
    return sorted(int(line) for line in lines[counting.mask(population)])


def as_they_stand(register: Register) -> dict[tuple[str, str], FileBalance]:
    """The files of rows in which the reading mended and left out nothing, by edition and name.

    What became of cells and of rows after that is told by other codes: B33 to B64.
    """
    found: dict[tuple[str, str], FileBalance] = {}
    for each in (register, register.previous):
        dataset = each.dataset if each is not None else None
        if dataset is None or dataset.corrections or dataset.left_out:
            continue
        touched = {item.file for item in dataset.balances if _is_touched(item)}
        found |= {
            (dataset.edition, item.file): item
            for item in dataset.balances
            if item.file not in touched and item.table != "traffic"
        }
    return found


def _is_touched(balance: FileBalance) -> bool:
    codes = {*balance.repaired, *balance.excluded, *balance.noted} - {"repeat"}
    return bool(balance.reasons) or not all(
        FIRST_OF_CELLS <= code <= LAST_OF_CELLS for code in codes
    )
