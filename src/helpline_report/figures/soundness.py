"""What must hold of every count whatever the rows are, tried on the rows of this edition.

Counts don't change with the order of the rows; without one contact and what hangs on it, each
population loses exactly those of its rows; and the counts of a breakdown add up to its whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpline_report.errors import RefusedError
from helpline_report.figures import counting
from helpline_report.figures.counting import SOURCES, rows_above
from helpline_report.figures.ledger import Check, Ledger
from helpline_report.figures.model import PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.tables.dataset import TABLES, Mask, Rows, Table

ROWS = ("contacts", "persons", "followups")
SEED = 1712
# Rows times populations: of a large register some populations are tried, evenly spread, in seconds.
MOST = 200_000_000
NAMED = 5


@dataclass(frozen=True)
class Tried:
    """Over how many populations or breakdowns something was tried, and those that failed."""

    of: int
    failed: tuple[str, ...] = ()


FAULTS = {
    "other_order": "the counts change with the order of the rows",
    "one_contact_less": "without one contact the counts lose something else than its rows",
    "sums": "the counts of a breakdown don't add up to its whole",
}


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
    specs = _specs(register, ledger)
    tables = _shuffled(_of_rows(register), _fields(register, specs))
    shuffled = _with_tables(register, tables)
    failed = [name for name, spec in specs if _count(register, spec) != _count(shuffled, spec)]
    return Tried(len(specs), tuple(failed))


def one_contact_less(register: Register, ledger: Ledger) -> Tried:
    """Every population counted again without one contact, and what hangs on it.

    Each must lose the rows that belonged to that contact, and no other.
    """
    contacts = register.table("contacts")
    if contacts is None or not len(contacts):
        return Tried(0)
    dropped = len(contacts) // 2
    stays = {
        name: np.asarray(rows_above(register, table, contacts) != dropped)
        for name, table in _of_rows(register).items()
    }
    specs = _specs(register, ledger)
    tables = _rearranged(_of_rows(register), stays, _fields(register, specs))
    reduced = _with_tables(register, tables)
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
        if series.kind != "count" or series.overlapping or total is None or not known:
            continue
        tried += 1
        if sum(figure.number for figure in members) != total:
            failed.append(series.id)
    return Tried(tried, tuple(failed))


def _specs(register: Register, ledger: Ledger) -> list[tuple[str, PopulationSpec]]:
    """The populations of rows of the edition, each once, under the first figure that counts it."""
    specs: dict[str, tuple[str, PopulationSpec]] = {}
    for figure in ledger.figures.values():
        specs_of = (figure.population, figure.of) if figure.status == "ok" else ()
        for spec in filter(None, specs_of):
            if spec.edition == register.edition.edition and spec.table in ROWS:
                specs.setdefault(spec.model_dump_json(), (figure.id, spec))
    rows = max((len(table) for table in register.dataset.tables.values()), default=0)
    step = max(1, len(specs) * rows // MOST)
    return list(specs.values())[::step]


def _of_rows(register: Register) -> dict[str, Table]:
    return {name: table for name, table in register.dataset.tables.items() if name in ROWS}


def _count(register: Register, spec: PopulationSpec) -> int:
    return int(np.count_nonzero(counting.mask(Population(register, spec))))


def _with_tables(register: Register, tables: Mapping[str, Table]) -> Register:
    return replace(register, dataset=replace(register.dataset, tables=tables))


def _fields(register: Register, specs: Sequence[tuple[str, PopulationSpec]]) -> set[str]:
    """The fields of tables that these populations are counted by."""
    named = set[str]().union(*(Population(register, spec).fields() for _, spec in specs))
    # By the day a window of the period is counted.
    return {SOURCES.get(field, field) for field in named} | named | {"date"}


def _shuffled(tables: Mapping[str, Table], fields: AbstractSet[str]) -> dict[str, Table]:
    random = np.random.default_rng(SEED)
    orders = {name: np.arange(len(table), dtype=np.int32) for name, table in tables.items()}
    for order in orders.values():
        random.shuffle(order)
    return _rearranged(tables, orders, fields)


def _rearranged(
    tables: Mapping[str, Table], orders: Mapping[str, Mask | Rows], fields: AbstractSet[str]
) -> dict[str, Table]:
    """These fields of tables, with other rows or in another order.

    `orders` are the rows to take, by their place or by whether they stay.
    """
    rearranged: dict[str, Table] = {}
    for name in filter(orders.__contains__, TABLES):
        table, order = tables[name], orders[name]
        parent_rows = table.parent_rows
        if table.parent is not None and parent_rows is not None:
            above = rearranged[table.parent.name]
            places = np.full(len(table.parent), -1, dtype=np.int32)
            places[orders[above.name]] = np.arange(len(above), dtype=np.int32)
            parent_rows = places[parent_rows[order]]
        else:
            above = None
        frame = _taken(table.frame, order, fields)
        rearranged[name] = replace(table, frame=frame, parent=above, parent_rows=parent_rows)
    return rearranged


def _taken(frame: pd.DataFrame, order: Mask | Rows, fields: AbstractSet[str]) -> pd.DataFrame:
    rows = int(np.count_nonzero(order)) if order.dtype == np.bool_ else len(order)
    columns = {
        name: column.array[order]
        for name, column in frame.items()
        if str(name).partition(":")[0] in fields
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(rows))
