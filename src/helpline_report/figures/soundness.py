"""Check what must hold of every count, whatever the rows are, on the rows of this edition.

Counts don't change with the order of the rows; without one contact and what hangs on it, each
population loses exactly those of its rows; and the counts of a breakdown add up to its whole.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.errors import RefusedError
from helpline_report.figures import counting
from helpline_report.figures.ledger import Check, Ledger
from helpline_report.figures.model import PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.parameters.row_layouts import ROW_TABLES
from helpline_report.parameters.yaml import make_error
from helpline_report.tables.dataset import Table

SEED = 1712
# At most this many rows times populations: of a large register only some populations are tried.
MOST = 200_000_000
NAMED = 5
FAULTS = {
    "other_order": "the counts change with the order of the rows",
    "one_contact_less": "without one contact the counts lose something else than its rows",
    "sums": "the counts of a breakdown don't add up to its whole",
}
# How many populations or breakdowns were checked, and the names of those that failed.
CheckedCounts = tuple[int, list[str]]


def check_soundness(register: Register, ledger: Ledger) -> tuple[Check, ...]:
    """Run these checks over a ledger; returns their results.

    Raises:
        RefusedError: one fails; nothing that depends on it may be released.
    """
    checks = {
        "other_order": count_in_other_order(register, ledger),
        "one_contact_less": count_without_contact(register, ledger),
        "sums": add_up(ledger),
    }
    for name, (_, failed) in checks.items():
        if failed:
            named = ", ".join(failed[:NAMED])
            raise make_error(RefusedError, "unsound", fault=FAULTS[name], failed=named)
    return tuple(Check(name=name, passed=True, of=of) for name, (of, _) in checks.items())


def count_in_other_order(register: Register, ledger: Ledger) -> CheckedCounts:
    """Count every population again with the rows of each table in another order."""
    random, specs = np.random.default_rng(SEED), _list_populations(register, ledger)
    tables = _tables_of_rows(register)
    rows = {name: random.permutation(len(table)) for name, table in tables.items()}
    other = _rearrange(register, rows)
    failed = [n for spec, n in specs.items() if _count(other, spec) != _count(register, spec)]
    return len(specs), failed


def count_without_contact(register: Register, ledger: Ledger) -> CheckedCounts:
    """Count every population again without one contact and what belongs to it.

    Each must lose the rows that belonged to that contact, and no other.
    """
    contacts, specs = register.table("contacts"), _list_populations(register, ledger)
    if contacts is None or not len(contacts):
        return 0, []
    stays = {
        name: counting.find_rows_above(register, table, contacts) != len(contacts) // 2
        for name, table in _tables_of_rows(register).items()
    }
    other = _rearrange(register, {name: np.flatnonzero(rows) for name, rows in stays.items()})
    failed = []
    for spec, name in specs.items():
        staying = counting.make_mask(Population(register, spec)) & stays[spec.table]
        if _count(other, spec) != np.count_nonzero(staying):
            failed.append(name)
    return len(specs), failed


def add_up(ledger: Ledger) -> CheckedCounts:
    """Add up every breakdown whose codes don't overlap; its whole is the sum."""
    whole = {
        figure.population: figure.number
        for figure in ledger.figures.values()
        if figure.kind == "count"
        and figure.status == "ok"
        and figure.population.table in ROW_TABLES
    }
    checked, failed = 0, []
    for series in ledger.breakdowns.values():
        members = [ledger.figures[member.figure] for member in series.members]
        known = series.reason is None and all(figure.status == "ok" for figure in members)
        if series.adds_up and series.population in whole and known:
            checked += 1
            if sum(figure.number for figure in members) != whole[series.population]:
                failed.append(series.id)
    return checked, failed


def _list_populations(register: Register, ledger: Ledger) -> dict[PopulationSpec, str]:
    """The populations of rows of the edition, each with the first figure that counts it."""
    specs: dict[PopulationSpec, str] = {}
    for figure in ledger.figures.values():
        for spec in (figure.population, figure.of) if figure.status == "ok" else ():
            if spec and spec.edition == register.edition.edition and spec.table in ROW_TABLES:
                specs.setdefault(spec, figure.id)
    rows = max((len(table) for table in register.dataset.tables.values()), default=0)
    return dict(list(specs.items())[:: max(1, len(specs) * rows // MOST)])


def _tables_of_rows(register: Register) -> dict[str, Table]:
    return {name: register.dataset.tables[name] for name in ROW_TABLES if register.table(name)}


def _count(register: Register, spec: PopulationSpec) -> int:
    return int(np.count_nonzero(counting.make_mask(Population(register, spec))))


def _rearrange(register: Register, rows: Mapping[str, npt.NDArray[np.integer]]) -> Register:
    """The register with these rows of each table, in this order."""
    tables: dict[str, Table] = {}
    for name, table in _tables_of_rows(register).items():
        frame = pd.DataFrame({key: each.array[rows[name]] for key, each in table.frame.items()})
        tables[name] = replace(table, frame=frame)
        if table.parent is not None and table.parent_rows is not None:
            above = table.parent.name
            places = np.full(len(table.parent), -1, dtype=np.int32)
            places[rows[above]] = np.arange(len(rows[above]), dtype=np.int32)
            links = places[table.parent_rows[rows[name]]]
            tables[name] = replace(tables[name], parent=tables[above], parent_rows=links)
    return replace(register, dataset=replace(register.dataset, tables=tables))
