"""Check what must hold of every count, whatever the rows are, on the rows of this edition.

Counts don't change with the order of the rows; without one contact and what hangs on it, each
population loses exactly those of its rows; and the counts of a breakdown add up to its whole.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpline_report.errors import RefusedError
from helpline_report.exports.text_tables import Mask
from helpline_report.figures import counting
from helpline_report.figures.ledger import Check, Ledger
from helpline_report.figures.model import PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.parameters.yaml import make_error
from helpline_report.tables.dataset import RowNumbers, Table

ROWS = ("contacts", "persons", "followups")
SEED = 1712
# At most this many rows times populations: of a large register only some populations are tried.
MOST = 200_000_000
NAMED = 5


class CheckedCounts(NamedTuple):
    """How many populations or breakdowns were checked, and those that failed."""

    of: int
    failed: tuple[str, ...] = ()


def check_soundness(register: Register, ledger: Ledger) -> tuple[Check, ...]:
    """Run these checks over a ledger; returns their results.

    Raises:
        RefusedError: one fails; nothing that depends on it may be released.
    """
    checks: list[Check] = []
    for name, (check, fault) in CHECKS.items():
        of, failed = check(register, ledger)
        if failed:
            named = ", ".join(failed[:NAMED])
            raise make_error(RefusedError, "unsound", fault=fault, failed=named)
        checks.append(Check(name=name, passed=True, of=of))
    return tuple(checks)


def count_in_other_order(register: Register, ledger: Ledger) -> CheckedCounts:
    """Count every population again with the rows of each table in another order."""
    random = np.random.default_rng(SEED)
    rows: dict[str, RowNumbers] = {}
    for name, table in _tables_of_rows(register).items():
        rows[name] = random.permutation(np.arange(len(table), dtype=np.int32))
    return _count_again(register, ledger, rows, lambda spec: _count(register, spec))


def count_without_contact(register: Register, ledger: Ledger) -> CheckedCounts:
    """Count every population again without one contact and what belongs to it.

    Each must lose the rows that belonged to that contact, and no other.
    """
    contacts = register.table("contacts")
    if contacts is None or not len(contacts):
        return CheckedCounts(0)
    stays, rows = dict[str, Mask](), dict[str, RowNumbers]()
    for name, table in _tables_of_rows(register).items():
        stays[name] = counting.find_rows_above(register, table, contacts) != len(contacts) // 2
        rows[name] = np.flatnonzero(stays[name]).astype(np.int32)

    def count_staying(spec: PopulationSpec) -> int:
        mask = counting.make_mask(Population(register, spec))
        return int(np.count_nonzero(mask & stays[spec.table]))

    return _count_again(register, ledger, rows, count_staying)


def _count_again(
    register: Register,
    ledger: Ledger,
    rows: Mapping[str, RowNumbers],
    expected: Callable[[PopulationSpec], int],
) -> CheckedCounts:
    """Count the populations of a ledger in other rows of the tables."""
    other, specs = _rearrange(register, rows), _list_populations(register, ledger)
    failed = (name for name, spec in specs if _count(other, spec) != expected(spec))
    return CheckedCounts(len(specs), tuple(failed))


def add_up(_: Register, ledger: Ledger) -> CheckedCounts:
    """Add up every breakdown whose codes don't overlap; its whole is the sum."""
    whole = {
        figure.population.model_dump_json(): figure.number
        for figure in ledger.figures.values()
        if figure.kind == "count" and figure.status == "ok" and figure.population.table in ROWS
    }
    checked, failed = 0, []
    for series in ledger.breakdowns.values():
        total = whole.get(series.population.model_dump_json())
        members = [ledger.figures[member.figure] for member in series.members]
        known = series.reason is None and all(figure.status == "ok" for figure in members)
        if series.adds_up and total is not None and known:
            checked += 1
            if sum(figure.number for figure in members) != total:
                failed.append(series.id)
    return CheckedCounts(checked, tuple(failed))


def _list_populations(register: Register, ledger: Ledger) -> list[tuple[str, PopulationSpec]]:
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
    return int(np.count_nonzero(counting.make_mask(Population(register, spec))))


def _rearrange(register: Register, rows: Mapping[str, RowNumbers]) -> Register:
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


CHECKS: Mapping[str, tuple[Callable[[Register, Ledger], CheckedCounts], str]] = {
    "other_order": (count_in_other_order, "the counts change with the order of the rows"),
    "one_contact_less": (
        count_without_contact,
        "without one contact the counts lose something else than its rows",
    ),
    "sums": (add_up, "the counts of a breakdown don't add up to its whole"),
}
