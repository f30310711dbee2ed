"""Choose which counts to hide, and prove that each small one could be 0 and could be large.

No small count may be a sum or difference of published ones (`suppress`). The proof is another
register: rows that give every published count as it is, and the small count as 0, or as the
threshold or more. There must also be one for somebody who knows all about one contact: its rows
stand there as they are, and what is asked is asked of the other rows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

from helpline_report.disclosure.count_blocks import (
    ANY,
    CountBlock,
    CountCell,
    Members,
    Numbers,
    tell_apart,
)

# Vectors are whole numbers modulo this prime: no rounding can make two of them alike.
PRIME = 2_147_483_647
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
    secondary: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    inferable: tuple[str, ...] = ()
    unprotected: tuple[str, ...] = ()

    @property
    def hidden(self) -> frozenset[str]:
        """All that is hidden."""
        return frozenset((*self.primary, *self.secondary, *self.further))


def suppress(block: CountBlock, threshold: int) -> Protection:
    """Hide the small counts of a block, and others that would give them away.

    A count is published unless a small one would then be a sum or difference of published counts:
    known counts are taken first, then the largest, equal ones in the order of their ids.

    Complementary suppression by linear independence; `docs/disclosure.md` has the sources.
    """
    small = [cell for cell in block.cells if cell.is_small(threshold)]
    rows = np.concatenate([block.kinds, block.others])
    span = Span(block.members(rows, small).T)
    secondary, inferable = list[str](), list[str]()
    others = [cell for cell in block.cells if not cell.is_small(threshold)]
    for cell in sorted(others, key=lambda cell: (not cell.known, -cell.value, cell.id)):
        follows = span.add(block.members(rows, [cell])[:, 0], safely=not cell.known)
        if cell.known:
            inferable += [small[place].id for place in follows]
        elif follows:
            secondary.append(cell.id)
    ids = tuple(cell.id for cell in small)
    return Protection(ids, tuple(secondary), inferable=tuple(inferable))


class Span:
    """What sums and differences of the added vectors give, and which protected ones are among it.

    Elimination modulo a prime; `_rest` is what is left of each protected vector.
    """

    def __init__(self, protected: Members) -> None:
        self._rest = protected.astype(np.int64)
        self._basis: list[tuple[int, Numbers]] = []

    def add(self, vector: Members, *, safely: bool) -> list[int]:
        """The protected ones that follow by a vector, which is added; `safely`, if none does."""
        reduced = vector.astype(np.int64)
        for place, row in self._basis:
            if reduced[place]:
                reduced = (reduced - reduced[place] * row) % PRIME
        if not reduced.any():
            return []
        place = int(np.flatnonzero(reduced)[0])
        row = reduced * pow(int(reduced[place]), -1, PRIME) % PRIME
        rest = (self._rest - self._rest[:, [place]] * row) % PRIME
        follows = np.flatnonzero(self._rest.any(axis=1) & ~rest.any(axis=1)).tolist()
        if not (safely and follows):
            self._basis.append((place, row))
            self._rest = rest
        return follows


def protect(block: CountBlock, threshold: int) -> Protection:
    """Hide the small counts of a block, and what would give them away or narrow them down.

    Where a small count can't be shown to be able to be 0 and to reach the threshold, the smallest
    counts of the same table that mend it are hidden as well.
    """
    first = suppress(block, threshold)
    hidden, further, unprotected = set(first.hidden), list[str](), list[str]()
    targets = [
        cell
        for cell in block.cells
        if cell.is_small(threshold) and cell.id not in first.inferable and not _is_of_days(cell)
    ]
    # What nothing helps is found first: then nobody waits for the rest.
    for target in targets:
        everything = {*hidden, *_candidates(block, hidden, target)}
        if not any(
            is_protected(block, each, target, threshold, whole=False)
            for each in (hidden, everything)
        ):
            unprotected.append(target.id)
    for target in targets if not unprotected else ():
        protecting = _protecting(block, hidden, target, threshold)
        if protecting is None:
            unprotected.append(target.id)
        else:
            hidden.update(protecting)
            further += protecting
    return replace(first, further=tuple(further), unprotected=tuple(unprotected))


def _is_of_days(cell: CountCell) -> bool:
    """Whether a count is of some days, of which no table says any more than that.

    A reader can't work it out; that it is small tells nobody who it was.
    """
    return cell.derived and cell.conditions.keys() == {"date"}


def _protecting(
    block: CountBlock, hidden: set[str], target: CountCell, threshold: int
) -> list[str] | None:
    """The counts to hide so that a target is protected: mostly none; None if nothing helps."""

    def suffices(*more: str) -> bool:
        return is_protected(block, {*hidden, *more}, target, threshold)

    if suffices():
        return []
    candidates = _candidates(block, hidden, target)
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


def _candidates(block: CountBlock, hidden: set[str], target: CountCell) -> list[str]:
    """Published counts that may protect one: those beside it in its table, then those above it.

    Small ones go first, equal ones in the order of their ids.
    """
    fields, own = target.conditions.keys(), target.conditions.items()
    near = [
        (other.conditions.keys() != fields, other.value, other.id)
        for other in block.cells
        if other.id not in hidden
        and not other.known
        and (other.conditions.items() & own or len(other.conditions) <= 1)
        and other.conditions.keys() <= fields
    ]
    return [name for *_, name in sorted(near)]


def is_protected(
    block: CountBlock, hidden: set[str], target: CountCell, threshold: int, *, whole: bool = True
) -> bool:
    """Whether a count can be 0 and reach the threshold, for whoever knows one contact or none.

    Registers in which rows differ in one field alone are looked for first: there are few kinds of
    rows then, and mostly there is one. Without `whole` parts of rows are allowed, which is quick:
    where there is no such register, there is none.
    """
    asked: dict[float, tuple[float, Numbers | None]] = {0: (0, None), threshold: (np.inf, None)}
    if target.group:
        asked = {min(threshold, target.group): (np.inf, None)}
    for field in (*sorted(target.conditions), None):
        registers = Registers(block, hidden, target, field, whole=whole)
        for least, (most, readers) in list(asked.items()):
            left = registers.find_unanswered(least, most, readers)
            asked[least] = most, left
            if not len(left):
                del asked[least]
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
        target: CountCell,
        field: str | None,
        *,
        whole: bool,
    ) -> None:
        fields = target.conditions.keys()
        table = [c for c in block.cells if c.id in hidden and c.conditions.keys() <= fields]
        existing = np.asarray(block.members(block.kinds, table).any(axis=1))
        start = block.kinds[existing]
        more = block.possible(start, fields if field is None else [field])
        possible = np.concatenate([more, block.others])
        possible = possible[tell_apart(possible)[0]]
        # A published 0 says that there is no such row.
        zeros = [cell for cell in block.cells if cell.id not in hidden and cell.value == 0]
        rows = np.concatenate([start, possible[~block.members(possible, zeros).any(axis=1)]])
        own = [cell for cell in block.cells if field is None or field in cell.conditions]
        limited = [cell for cell in own if cell.id in hidden and cell.limits != ANY]
        published = block.members(rows, [cell for cell in own if cell.id not in hidden])
        if field is not None:
            published = np.hstack([published, _what_stays(block, rows, own, field)])
        every = np.hstack([published, block.members(rows, [*limited, target])])
        first, kind = tell_apart(every)
        kinds = every[first]
        equal = kinds[:, : published.shape[1]].T
        self._equal = equal[tell_apart(equal)[0]].astype(float)
        self._lines = kinds[:, published.shape[1] :].T[::-1].astype(float)
        self._limits = [cell.limits for cell in reversed(limited)]
        # What was printed of a count before, nobody else has to be able to think of.
        self._printed = target.printed
        self._together, self._whole = field is not None, whole
        # What each reader knows (reader × kind): the first one nothing, the others one contact.
        place = np.full(len(existing), -1)
        place[existing] = kind[: len(start)]
        of_row = place[block.kind]
        contacts, reader = np.unique(block.contact[of_row >= 0], return_inverse=True)
        self.known: Readers = np.zeros((1 + len(contacts), len(kinds)), dtype=np.int32)
        np.add.at(self.known, (1 + reader, of_row[of_row >= 0]), 1)
        self.count: Floats = self.known.sum(axis=0).astype(np.float64)
        self.inside = self._lines[0]

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
    rests = [
        replace(
            cell, conditions={name: each for name, each in cell.conditions.items() if name != field}
        )
        for cell in cells
    ]
    number = tell_apart(block.members(rows, rests))[1]
    return np.asarray(number[:, None] == np.unique(number), dtype=np.bool_)
