"""Prove that each hidden small count could be 0 and could be large, whoever reads the rest.

The proof is another register: rows that give every published count as it is, and the small count as
0, or as the threshold or more. There must also be one for somebody who knows all about one contact:
its rows stand there as they are, and what is asked is asked of the other rows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

from helpline_report.disclosure.suppression import group_rows, rest_members, suppress
from helpline_report.disclosure.system import (
    ANY,
    CountBlock,
    CountCell,
    Members,
    Numbers,
    is_small,
    tell_apart,
)

# What a solver calls whole.
WHOLE = 1e-6
# A search for whole numbers that takes more steps has failed: another count is hidden then.
STEPS = 20
# So many counts are tried one by one: most often one more is enough.
TRIED = 8

Floats = npt.NDArray[np.float64]
Readers = npt.NDArray[np.int32]


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
    hidden, further = set(first.hidden), list[str]()
    targets = [each for each in _targets(block, threshold) if each.cell.id not in first.inferable]
    # What nothing helps is found first: then nobody waits for the rest.
    unprotected = [
        each.cell.id for each in targets if not _can_be_protected(block, hidden, each, threshold)
    ]
    for target in targets if not unprotected else ():
        protecting = _protecting(block, hidden, target, threshold)
        if protecting is None:
            unprotected.append(target.cell.id)
        else:
            hidden.update(protecting)
            further += protecting
    return Protection(
        first.primary, first.secondary, tuple(further), first.inferable, tuple(unprotected)
    )


def _can_be_protected(
    block: CountBlock, hidden: set[str], target: ProtectedCount, threshold: int
) -> bool:
    """Whether hiding more could protect a target, as far as parts of rows tell."""
    more = (cell.id for cell in _candidates(block, hidden, target.cell))
    return any(
        is_protected(block, each, target, threshold, whole=False)
        for each in (hidden, {*hidden, *more})
    )


def _protecting(
    block: CountBlock, hidden: set[str], target: ProtectedCount, threshold: int
) -> list[str] | None:
    """The counts to hide so that a target is protected: mostly none; None if nothing helps."""

    def suffices(*more: str) -> bool:
        return is_protected(block, {*hidden, *more}, target, threshold)

    if suffices():
        return []
    candidates = [cell.id for cell in _candidates(block, hidden, target.cell)]
    tried = candidates[:TRIED]
    # Where all of them together don't help, none of them does.
    for cell in tried if suffices(*tried) else ():
        if suffices(cell):
            return [cell]
    if not suffices(*candidates):
        return None
    # As many of the first ones as it takes, and of these the ones that are needed.
    lengths = range(len(candidates) + 1)
    chosen = candidates[: bisect_left(lengths, 1, key=lambda n: suffices(*candidates[:n]))]
    for cell in reversed(chosen[:-1]):
        others = [each for each in chosen if each != cell]
        chosen = others if suffices(*others) else chosen
    return chosen


@dataclass(frozen=True)
class ProtectedCount:
    """A count to protect: a small one, or the rest of a group that is all of one value."""

    cell: CountCell
    rest: int | None = None


def _targets(block: CountBlock, threshold: int) -> Iterator[ProtectedCount]:
    cells = {cell.id: cell for cell in block.cells}
    small = (cell for cell in block.cells if is_small(cell, threshold) and not _is_of_days(cell))
    yield from map(ProtectedCount, small)
    yield from (ProtectedCount(cells[group.cell], at) for at, group in enumerate(block.groups))


def _is_of_days(cell: CountCell) -> bool:
    """Whether a count is of some days, of which no table says any more than that.

    A reader can't work it out; that it is small tells nobody who it was.
    """
    return cell.derived and cell.conditions.keys() == {"date"}


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


def is_protected(
    block: CountBlock,
    hidden: set[str],
    target: ProtectedCount,
    threshold: int,
    *,
    whole: bool = True,
) -> bool:
    """Whether a count can be 0 and reach the threshold, for whoever knows one contact or none.

    Registers in which rows differ in one field alone are looked for first: there are few kinds of
    rows then, and mostly there is one. Without `whole` parts of rows are allowed, which is quick:
    where there is no such register, there is none.
    """
    asked: dict[tuple[float, float], Numbers | None] = {(0, 0): None, (threshold, np.inf): None}
    if target.rest is not None:
        asked = {(min(threshold, target.cell.value), np.inf): None}
    for field in (*sorted(target.cell.conditions), None):
        registers = Registers(block, hidden, target, field, whole=whole)
        for (least, most), readers in list(asked.items()):
            left = registers.find_unanswered(least, most, readers)
            asked[least, most] = left
            if not len(left):
                del asked[least, most]
        if not asked:
            return True
    return False


class Registers:
    """Other registers that give the published counts, in rows that a target's table tells apart.

    The rows that may change are those of hidden counts; they can become what differs from them in
    one field of the table. If `field` names it, only this one changes, and all that a row has
    besides stays. Rows that no count that matters tells apart are one kind: `count` says how many
    there are of each. `known` (reader × kind) is what readers know: nothing, or one contact.
    """

    def __init__(
        self,
        block: CountBlock,
        hidden: set[str],
        target: ProtectedCount,
        field: str | None,
        *,
        whole: bool,
    ) -> None:
        fields = target.cell.conditions.keys()
        table = [c for c in block.cells if c.id in hidden and c.conditions.keys() <= fields]
        existing = np.asarray(block.members(block.kinds, table).any(axis=1))
        start = block.kinds[existing]
        more = [block.possible(start, fields if field is None else [field]), group_rows(block)]
        possible = np.concatenate(more)
        possible = possible[tell_apart(possible)[0]]
        # A published 0 says that there is no such row.
        zeros = [cell for cell in block.cells if cell.id not in hidden and cell.value == 0]
        rows = np.concatenate([start, possible[~block.members(possible, zeros).any(axis=1)]])
        own = [cell for cell in block.cells if field is None or field in cell.conditions]
        limited = [cell for cell in own if cell.id in hidden and cell.limits != ANY]
        published = block.members(rows, [cell for cell in own if cell.id not in hidden])
        if field is not None:
            published = np.hstack([published, _what_stays(block, rows, own, field)])
        if target.rest is None:
            inside = block.members(rows, [target.cell])
        else:
            inside = rest_members(block, rows, target.rest)[:, None]
        every = np.hstack([published, block.members(rows, limited), inside])
        first, kind = tell_apart(every)
        kinds = every[first]
        equal = kinds[:, : published.shape[1]].T
        self._equal = equal[tell_apart(equal)[0]].astype(float)
        self._lines = kinds[:, published.shape[1] :].T[::-1].astype(float)
        self._limits = [cell.limits for cell in reversed(limited)]
        # What was printed of a count before, nobody else has to be able to think of.
        self._printed = ANY if target.rest is not None else target.cell.printed
        self._together, self._whole = field is not None, whole
        self.known = self._readers(block, existing, kind[: len(start)], len(kinds))
        self.count: Floats = self.known.sum(axis=0).astype(np.float64)
        self.inside = self._lines[0]

    @staticmethod
    def _readers(block: CountBlock, existing: Members, kind: Numbers, number: int) -> Readers:
        """What each reader knows (reader × kind): the first one nothing, the others one contact."""
        place = np.full(len(existing), -1)
        place[existing] = kind
        of_row = place[block.kind]
        contacts, reader = np.unique(block.contact[of_row >= 0], return_inverse=True)
        known = np.zeros((1 + len(contacts), number), dtype=np.int32)
        np.add.at(known, (1 + reader, of_row[of_row >= 0]), 1)
        return known

    def find_unanswered(self, least: float, most: float, readers: Numbers | None) -> Numbers:
        """The readers for whom no register has so many rows inside besides those they know of."""
        asking = np.arange(len(self.known)) if readers is None else readers
        own = self.known[asking] @ self.inside
        unanswered = [asking[:0]]
        for number in np.unique(own):
            left = asking[own == number]
            for together in (True, False) if self._together else (False,):
                while len(left):
                    known = self.known[left].max(axis=0) if together else self.known[left[0]]
                    low, high = np.clip((number + least, number + most), *self._printed)
                    register = self.find(low, high, known)
                    if register is None:
                        break
                    fewer = np.flatnonzero(register < self.count)
                    lacking = self.known[:, fewer][left] - register[fewer]
                    left = left[(lacking > WHOLE).any(axis=1)]
            if 0 in left:
                return asking
            unanswered.append(left)
        return np.concatenate(unanswered)

    def find(self, least: float, most: float, known: Readers) -> Floats | None:
        """Another register, as the number of rows of each kind; None where none was found.

        It holds `known`, and from `least` to `most` rows inside the target. It differs in as few
        rows as it can.
        """
        if least <= float(self.inside @ self.count) <= most:
            return self.count
        # What is added and what is taken away, kind by kind.
        size = len(self.count)
        room = np.concatenate([np.full(size, np.inf), self.count - known])
        ends = np.array([(least, most), *self._limits]) - (self._lines @ self.count)[:, None]
        rules = [
            LinearConstraint(np.hstack([self._equal, -self._equal]), 0, 0),
            LinearConstraint(np.hstack([self._lines, -self._lines]), ends[:, 0], ends[:, 1]),
        ]
        for whole in (0, 1):
            # Without whole numbers it is quick, and where there is nothing then, there is nothing.
            search = milp(
                np.ones(2 * size),
                constraints=rules,
                integrality=np.full(2 * size, whole),
                bounds=Bounds(0, room),
                # Any whole solution is one: it needn't be the one with the fewest changes.
                options={"node_limit": STEPS, "mip_rel_gap": 1.0},
            )
            if search.x is None:
                return None
            change = np.round(search.x) if self._whole else search.x
            if np.abs(search.x - change).max() < WHOLE:
                return np.asarray(self.count + change[:size] - change[size:], dtype=np.float64)
        return None


def _what_stays(
    block: CountBlock, rows: Numbers, cells: Sequence[CountCell], field: str
) -> Members:
    """Of each row, which it is of those that differ in what stays as a field changes (row × 1)."""
    conditions = [{**cell.conditions} for cell in cells]
    for each in conditions:
        del each[field]
    rests = [replace(cell, conditions=each) for cell, each in zip(cells, conditions, strict=True)]
    number = tell_apart(block.members(rows, rests))[1]
    return np.asarray(number[:, None] == np.unique(number), dtype=np.bool_)
