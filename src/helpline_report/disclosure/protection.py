"""Prove that each hidden small count could be 0 and could be large, whoever reads the rest.

The proof is another register: rows that give every published count as it is, and the small count as
0, or as the threshold or more. There must also be one for somebody who knows all about one contact:
its rows stand there as they are, and what is asked is asked of the other rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

from helpline_report.disclosure.suppression import group_rows, rest_members, suppress
from helpline_report.disclosure.system import CountBlock, CountCell, is_small

# What a solver calls whole.
WHOLE = 1e-6
# A search for whole numbers that takes more steps has failed: another count is hidden then.
STEPS = 20
# So many counts are hidden for one small count at most, and so many are tried for each.
MOST, TRIED = 6, 8

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Protection:
    """What is hidden of a block, by id, in the order in which it was chosen.

    `secondary` are hidden since small counts would follow from them; `further`, since a small count
    would be too narrowly known. `inferable` are small counts that follow from what was published
    before, and `unprotected` those that nothing protects.
    """

    primary: tuple[str, ...]
    secondary: tuple[str, ...]
    further: tuple[str, ...]
    inferable: tuple[str, ...]
    unprotected: tuple[str, ...]

    @property
    def hidden(self) -> frozenset[str]:
        """All that is hidden."""
        return frozenset((*self.primary, *self.secondary, *self.further))


def protect(block: CountBlock, threshold: int) -> Protection:
    """Hide the small counts of a block, and what would give them away or narrow them down.

    Where a small count can't be shown to be able to be 0 and to reach the threshold, the smallest
    counts of the same table that mend it are hidden as well.
    """
    first = suppress(block, threshold)
    hidden, further, unprotected = set(first.hidden), list[str](), list[str]()
    for target in _targets(block, threshold):
        if target.cell.id in first.inferable:
            continue
        protecting = _protecting(block, hidden, target, threshold)
        if protecting is None:
            unprotected.append(target.cell.id)
        else:
            hidden.update(protecting)
            further += protecting
    return Protection(
        first.primary, first.secondary, tuple(further), first.inferable, tuple(unprotected)
    )


def _protecting(
    block: CountBlock, hidden: set[str], target: ProtectedCount, threshold: int
) -> list[str] | None:
    """The counts to hide so that a target is protected: mostly none; None if nothing helps."""
    more: list[str] = []
    while not Registers(block, {*hidden, *more}, target).prove(threshold):
        candidates = _candidates(block, {*hidden, *more}, target.cell)
        if not candidates or len(more) == MOST:
            return None
        for cell in candidates[:TRIED]:
            if Registers(block, {*hidden, *more, cell.id}, target).prove(threshold):
                return [*more, cell.id]
        more.append(candidates[0].id)
    return more


@dataclass(frozen=True)
class ProtectedCount:
    """A count to protect: a small one, or the rest of a group that is all of one value."""

    cell: CountCell
    rest: int | None = None


def _targets(block: CountBlock, threshold: int) -> Iterator[ProtectedCount]:
    cells = {cell.id: cell for cell in block.cells}
    small = (cell for cell in block.cells if is_small(cell, threshold) and not cell.derived)
    yield from map(ProtectedCount, small)
    yield from (ProtectedCount(cells[group.cell], at) for at, group in enumerate(block.groups))


def _candidates(block: CountBlock, hidden: set[str], cell: CountCell) -> list[CountCell]:
    """Published counts that may protect one: those beside it in its table, then those above it.

    Small ones go first, equal ones in the order of their ids.
    """
    own = cell.conditions.items()
    near = [
        ((other.conditions.keys() != cell.conditions.keys(), other.value, other.id), other)
        for other in block.cells
        if other.id not in hidden
        and not other.known
        and (other.conditions.items() & own or len(other.conditions) <= 1)
        and other.conditions.keys() <= cell.conditions.keys()
    ]
    return [other for _, other in sorted(near, key=lambda item: item[0])]


class Registers:
    """Other registers that give the published counts, in rows that a target's table tells apart.

    `rows` are the kinds of rows that may change in number: those of hidden counts, and what these
    could be with one field of the table in another state. `count` is how many there are of each.
    """

    def __init__(self, block: CountBlock, hidden: set[str], target: ProtectedCount) -> None:
        fields = target.cell.conditions.keys()
        table = [c for c in block.cells if c.id in hidden and c.conditions.keys() <= fields]
        published = [cell for cell in block.cells if cell.id not in hidden]
        start = block.kinds[block.members(block.kinds, table).any(axis=1)]
        possible = np.concatenate([block.possible(start, fields), group_rows(block)])
        possible = np.unique(possible, axis=0)
        # A published 0 says that there is no such row.
        zeros = [cell for cell in published if cell.value == 0]
        possible = possible[~block.members(possible, zeros).any(axis=1)]
        self.rows = np.concatenate([start, possible])
        self.block = block
        self.contacts = self._contacts()
        self.count = np.sum([np.zeros(len(self.rows)), *self.contacts.values()], axis=0)
        if target.rest is None:
            inside = block.members(self.rows, [target.cell])[:, 0]
        else:
            inside = rest_members(block, self.rows, target.rest)
        self.target, self.inside = target, inside.astype(float)
        members = block.members(self.rows, published)
        members = np.unique(members[:, members.any(axis=0)], axis=1)
        self._equal = csr_array(members.T.astype(float))
        limited = [(cell, cell.limits) for cell in table if cell.limits is not None]
        self._limits = [limits for _, limits in limited]
        cells = [cell for cell, _ in limited]
        self._limited = block.members(self.rows, cells).T.astype(float)

    def _contacts(self) -> dict[int, Floats]:
        """By contact, how many rows of each kind it has among those that may change."""
        places = {tuple(row): place for place, row in enumerate(self.rows.tolist())}
        place = np.array([places.get(tuple(row), -1) for row in self.block.kinds.tolist()])
        rows = place[self.block.kind]
        contacts: dict[int, Floats] = {}
        for contact, row in zip(self.block.contact.tolist(), rows.tolist(), strict=True):
            if row >= 0:
                contacts.setdefault(contact, np.zeros(len(self.rows)))[row] += 1
        return contacts

    def prove(self, threshold: int) -> bool:
        """Whether the target can be 0 and reach the threshold, for whoever knows one contact."""
        if self.target.rest is not None:
            least = min(threshold, self.target.cell.value)
            return self._prove(least, np.inf, self.contacts.values())
        return self._prove(0, 0, self.contacts.values()) and self._prove(
            threshold, np.inf, self.contacts.values()
        )

    def _prove(self, least: float, most: float, contacts: Iterable[Floats]) -> bool:
        """Whether so many rows can be inside besides those of a contact, for each of them."""
        nobody = np.zeros(len(self.rows))
        witness = self.find(least, most, nobody)
        if witness is None:
            return False
        witnesses = [witness]
        for known in contacts:
            own = float(self.inside @ known)
            if any(self._serves(each, known, least + own, most + own) for each in witnesses):
                continue
            witness = self.find(least + own, most + own, known)
            if witness is None:
                return False
            witnesses.append(witness)
        return True

    def _serves(self, witness: Floats, known: Floats, least: float, most: float) -> bool:
        inside = float(self.inside @ witness)
        return bool((witness >= known).all()) and least <= inside <= most

    def find(self, least: float, most: float, known: Floats) -> Floats | None:
        """Another register, as the number of rows of each kind; None where none was found.

        It holds `known`, and from `least` to `most` rows inside the target. It differs in as few
        rows as it can.
        """
        now, room = float(self.inside @ self.count), self.count - known
        if least <= now <= most:
            return np.asarray(self.count, dtype=np.float64)
        # What is added and what is taken away, kind by kind.
        most_taken = np.concatenate([np.full(len(room), np.inf), room])
        lines = np.vstack([self.inside, self._limited])
        ends = np.array([(least, most), *self._limits]) - (lines @ self.count)[:, None]
        rules = [
            LinearConstraint(hstack([self._equal, -self._equal]).tocsr(), 0, 0),
            LinearConstraint(csr_array(np.hstack([lines, -lines])), ends[:, 0], ends[:, 1]),
        ]
        for whole in (0, 1):
            # Without whole numbers it is quick, and where there is nothing then, there is nothing.
            search = milp(
                np.ones(2 * len(room)),
                constraints=rules,
                integrality=np.full(2 * len(room), whole),
                bounds=Bounds(0, most_taken),
                options={"node_limit": STEPS},
            )
            if search.x is None:
                return None
            change = np.round(search.x)
            if np.abs(search.x - change).max() < WHOLE:
                added, taken = np.split(change, 2)
                return np.asarray(self.count + added - taken, dtype=np.float64)
        return None
