"""What must hold of every count whatever the rows are, tried on the rows of this edition.

Counts don't change with the order of the rows; without one contact and what hangs on it, each
population loses exactly those of its rows; and the counts of a breakdown add up to its whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpline_report.errors import RefusedError
from helpline_report.figures import counting
from helpline_report.figures.ledger import Check, Ledger
from helpline_report.figures.model import PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.tables.dataset import Rows, Table

ROWS = ("contacts", "persons", "followups")
SEED = 1712
# Rows times populations: of a large register some populations are tried, evenly spread, in seconds.
MOST = 200_000_000
NAMED = 5

FAULTS = {
    "other_order": "the counts change with the order of the rows",
    "one_contact_less": "without one contact the counts lose something else than its rows",
    "sums": "the counts of a breakdown don't add up to its whole",
}


@dataclass(frozen=True)
class Tried:
    """Over how many populations or breakdowns something was tried, and those that failed."""

    of: int
    failed: tuple[str, ...] = ()


def check_soundness(register: Register, ledger: Ledger) -> tuple[Check, ...]:
    """These checks of a ledger, with their results.

    Raises:
        RefusedError: one fails; nothing that depends on it may be released.
    """
    tried = {
        "other_order": other_order(register, ledger),
        "one_contact_less": one_contact_less(register, ledger),
        "sums": sums(ledger),
    }
    for name, outcome in tried.items():
        if outcome.failed:
            raise RefusedError(
                f"{FAULTS[name]}: {', '.join(outcome.failed[:NAMED])}; nothing was released",
                next_step="this is a fault of the program: please report this line",
            )
    return tuple(
        Check.model_validate({"name": name, "passed": True, "of": outcome.of})
        for name, outcome in tried.items()
    )


def other_order(register: Register, ledger: Ledger) -> Tried:
    """Every population counted again with the rows of each table in another order."""
    random = np.random.default_rng(SEED)
    orders = {
        name: random.permutation(np.arange(len(table), dtype=np.int32))
        for name, table in _tables_of_rows(register).items()
    }
    shuffled, specs = _rearrange(register, orders), _specs(register, ledger)
    failed = [name for name, spec in specs if _count(register, spec) != _count(shuffled, spec)]
    return Tried(len(specs), tuple(failed))


def one_contact_less(register: Register, ledger: Ledger) -> Tried:
    """Every population counted again without one contact, and what hangs on it.

    Each must lose the rows that belonged to that contact, and no other.
    """
    contacts = register.table("contacts")
    if contacts is None or not len(contacts):
        return Tried(0)
    stays = {
        name: counting.rows_above(register, table, contacts) != len(contacts) // 2
        for name, table in _tables_of_rows(register).items()
    }
    rows = {name: np.flatnonzero(each).astype(np.int32) for name, each in stays.items()}
    reduced, specs = _rearrange(register, rows), _specs(register, ledger)
    failed = []
    for name, spec in specs:
        mask = counting.mask(Population(register, spec))
        if _count(reduced, spec) != int(np.count_nonzero(mask & stays[spec.table])):
            failed.append(name)
    return Tried(len(specs), tuple(failed))


def sums(ledger: Ledger) -> Tried:
    """Every breakdown whose codes don't overlap adds up to the whole that it breaks down."""
    whole = {
        figure.population.model_dump_json(): figure.number
        for figure in ledger.figures.values()
        if figure.kind == "count" and figure.status == "ok" and figure.population.table in ROWS
    }
    tried, failed = 0, []
    for series in ledger.series.values():
        total = whole.get(series.population.model_dump_json())
        members = [ledger.figures[member.figure] for member in series.members]
        known = all(figure.status == "ok" for figure in members)
        if series.kind == "count" and not series.overlapping and total is not None and known:
            tried += 1
            if sum(figure.number for figure in members) != total:
                failed.append(series.id)
    return Tried(tried, tuple(failed))


def _specs(register: Register, ledger: Ledger) -> list[tuple[str, PopulationSpec]]:
    """The populations of rows of the edition, each once, under the first figure that counts it."""
    specs: dict[str, tuple[str, PopulationSpec]] = {}
    for figure in ledger.figures.values():
        for spec in (figure.population, figure.of) if figure.status == "ok" else ():
            if spec and spec.edition == register.edition.edition and spec.table in ROWS:
                specs.setdefault(spec.model_dump_json(), (figure.id, spec))
    rows = max((len(table) for table in register.dataset.tables.values()), default=0)
    return list(specs.values())[:: max(1, len(specs) * rows // MOST)]


def _tables_of_rows(register: Register) -> dict[str, Table]:
    return {name: register.dataset.tables[name] for name in ROWS if register.table(name)}


def _count(register: Register, spec: PopulationSpec) -> int:
    return int(np.count_nonzero(counting.mask(Population(register, spec))))


def _rearrange(register: Register, rows: Mapping[str, Rows]) -> Register:
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
