"""Choose which counts to hide, and prove that each small one could be 0 and could be large.

No small count may be a sum or difference of published ones (`suppress`). The proof is another
register: rows that give every published count as it is, and the small count as 0, or as the
threshold or more. There must also be one for somebody who knows all about one contact: its rows
stand there as they are, and what is asked is asked of the other rows.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from helpline_report.disclosure.count_blocks import ANY, CountBlock, CountCell, Numbers, tell_apart
from helpline_report.disclosure.witnesses import Witnesses, list_fields
from helpline_report.figures.register import Register

# Vectors are whole numbers modulo this prime: no rounding can make two of them alike.
PRIME = 2_147_483_647
# What a solver calls whole.
WHOLE = 1e-6
# A search for whole numbers that takes more steps has failed: another count is hidden then.
STEPS = 20
# At most this many counts are tried one by one: most often one more is enough.
TRIED = 8
# Of so few kinds of rows all registers are looked for at once.
FEW = 20

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Protection:
    """What is hidden of a block, by id, in the order in which it was chosen.

    `secondary` are hidden since small counts would follow from them; `further`, since a small count
    would be too narrowly known; `protects` says which small counts each of both. `inferable` are
    small counts that follow from what was published before, `unprotected` those that nothing
    protects.
    """

    primary: tuple[str, ...]
    secondary: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    inferable: tuple[str, ...] = ()
    unprotected: tuple[str, ...] = ()
    protects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def hidden(self) -> frozenset[str]:
        """All that is hidden."""
        return frozenset((*self.primary, *self.secondary, *self.further))


def suppress(block: CountBlock, threshold: int) -> Protection:
    """Hide the small counts of a block, and others that would give them away.

    A count is published unless a small one would then be a sum or difference of published counts:
    fixed counts are taken first, then the largest, equal ones in the order of their ids.

    Complementary suppression by linear dependence: elimination modulo a prime over kinds of rows.
    `docs/disclosure.md` has the sources.
    """
    small = [cell for cell in block.cells if cell.is_small(threshold)]
    others = [cell for cell in block.cells if not cell.is_small(threshold)]
    others.sort(key=lambda cell: (not cell.fixed, -cell.value, cell.id))
    vectors = block.members(block.kinds, others).T.astype(np.int64)
    # What is left of each small count, less what published ones give; and these, by their pivots.
    rest = block.members(block.kinds, small).T.astype(np.int64)
    basis: dict[int, Numbers] = {}
    inferable, protects = list[str](), dict[str, tuple[str, ...]]()
    for cell, members in zip(others, vectors, strict=True):
        vector = members
        for pivot, row in basis.items():
            if vector[pivot]:
                vector = (vector - vector[pivot] * row) % PRIME
        if not vector.any():
            continue
        pivot = int(np.flatnonzero(vector)[0])
        row = vector * pow(int(vector[pivot]), -1, PRIME) % PRIME
        after = (rest - rest[:, [pivot]] * row) % PRIME
        places = np.flatnonzero(rest.any(axis=1) & ~after.any(axis=1))
        following = tuple(small[place].id for place in places)
        if following and not cell.fixed:
            protects[cell.id] = following
            continue
        inferable += following
        basis[pivot], rest = row, after
    ids = tuple(cell.id for cell in small)
    return Protection(ids, tuple(protects), inferable=tuple(inferable), protects=protects)


def protect(block: CountBlock, threshold: int) -> Protection:
    """Hide the small counts of a block, and what would give them away or narrow them down.

    Where a small count can't be shown to be able to be 0 and to reach the threshold, the smallest
    counts of the same table that mend it are hidden as well.
    """
    first = suppress(block, threshold)
    hidden = {*first.hidden, *(each.id for each in block.totals)}
    unprotected = list[str]()
    further = dict[str, tuple[str, ...]]()
    for target in block.cells:
        if not target.is_small(threshold) or target.id in first.inferable or target.is_of_days:
            continue

        @cache
        def suffices(chosen: frozenset[str], target: CountCell = target) -> bool:
            return is_protected(block, {*hidden, *chosen}, target, threshold)

        more = _find_protecting(_list_near(block, hidden, target), suffices)
        if more is None:
            unprotected.append(target.id)
        else:
            hidden.update(more)
            further |= dict.fromkeys(more, (target.id,))
    return replace(
        first,
        further=tuple(further),
        unprotected=tuple(unprotected),
        protects={**first.protects, **further},
    )


def protect_together(
    blocks: Sequence[CountBlock],
    protections: Mapping[str, Protection],
    register: Register,
    threshold: int,
) -> dict[str, Protection]:
    """Hide what would narrow a small count down, where all tables of a year are taken together."""
    small = [
        (block, cell)
        for block in blocks
        for cell in block.cells
        if cell.id in protections[block.name].primary and not cell.is_of_days
    ]
    protections = dict(protections)
    if not small:
        return protections
    witnesses = Witnesses(register, blocks, threshold)
    every = [*blocks]
    fields_of = {cell.id: list_fields(block, cell) for block in blocks for cell in block.cells}
    hidden = {name for each in blocks for name in protections[each.name].hidden}
    hidden |= {cell.id for block in blocks for cell in block.totals}
    for block, target in small:
        if target.id in protections[block.name].inferable:
            continue
        fields = fields_of[target.id]
        others = [
            (other, each)
            for other in (block, *(each for each in every if each is not block))
            for each in other.cells
            if fields_of[each.id] <= fields
        ]

        @cache
        def suffices(more: frozenset[str], target: CountCell = target) -> bool:
            return witnesses.is_protected(frozenset({*hidden, *more}), target)

        near = [
            (other is not block, fields_of[each.id] != fields, each.value, each.id)
            for other, each in others
            if each.id not in hidden and not each.fixed
        ]
        more = _find_protecting([name for *_, name in sorted(near)], suffices)
        if more is None:
            first = protections[block.name]
            unprotected = (*first.unprotected, target.id)
            protections[block.name] = replace(first, unprotected=unprotected)
        own = {each.id: other.name for other, each in others}
        for name in more or ():
            hidden.add(name)
            first = protections[own[name]]
            protects = {**first.protects, name: (target.id,)}
            further = (*first.further, name)
            protections[own[name]] = replace(first, further=further, protects=protects)
    return protections


def _list_near(block: CountBlock, hidden: Collection[str], target: CountCell) -> list[str]:
    """The published counts of the table of a target, and of those above it, that may protect it.

    Those beside it in its table come before those above it; small ones go first, equal ones in the
    order of their ids.
    """
    fields, own = target.conditions.keys(), target.conditions.items()
    near = [
        (other.conditions.keys() != fields, other.value, other.id)
        for other in block.cells
        if other.id not in hidden
        and not other.fixed
        and (other.conditions.items() & own or len(other.conditions) <= 1)
        and other.conditions.keys() <= fields
    ]
    return [name for *_, name in sorted(near)]


def _find_protecting(
    candidates: Sequence[str], suffices: Callable[[frozenset[str]], bool]
) -> list[str] | None:
    """The counts to hide so that a target is protected: mostly none; None if nothing helps."""
    alone = [[name] for name in candidates[:TRIED]]
    several = [[*candidates[: 2**power]] for power in range(1, len(candidates).bit_length() + 1)]
    for chosen in ([], *alone, *several):
        if suffices(frozenset(chosen)):
            needed = frozenset(chosen)
            for name in reversed(chosen):
                needed -= {name} if suffices(needed - {name}) else set()
            return sorted(needed, key=chosen.index)
    return None


def is_protected(
    block: CountBlock, hidden: Collection[str], target: CountCell, threshold: int
) -> bool:
    """Whether a count can be 0 and reach the threshold, for whoever knows one contact or none.

    Of many rows, registers in which they differ in one field alone are looked for first: they are
    fewer.
    """
    ranges = [(0.0, 0.0), (float(threshold), np.inf)]
    if target.group:
        ranges = [(float(min(threshold, target.group)), np.inf)]

    @cache
    def changing(name: str | None) -> Registers:
        return Registers(block, hidden, target, name)

    fields = target.conditions if len(block.kinds) > FEW else ()
    left = [ends for ends in ranges if not any(changing(each).exist(*ends) for each in fields)]
    # Before a search for whole numbers it is known that the other range is there in fractions.
    may_exist = all(changing(None).exist(*ends, whole=False) for ends in left[1:])
    return may_exist and all(changing(None).exist(*ends) for ends in left)


class Registers:
    """Other registers that give what is published, in rows that a target's table tells apart.

    The rows that may change are those of hidden counts of the table: they can become what differs
    from one of them in one field of it. A reader can't exclude such rows unless a published count
    is 0. Rows that no count tells apart are one kind; `count` (kind) says how many there are, and
    `known` (reader × kind) what readers know of them: nothing, or one contact.
    """

    def __init__(
        self, block: CountBlock, hidden: Collection[str], target: CountCell, changing: str | None
    ) -> None:
        fields = target.conditions.keys()
        table = [c for c in block.cells if c.id in hidden and c.conditions.keys() <= fields]
        if changing is not None:
            # The rows of a table that isn't published are too many to change several fields.
            table += [cell for cell in block.totals if cell.conditions.keys() == fields]
        movable = block.members(block.kinds, table).any(axis=1)
        start = block.kinds[movable]
        varied = (block.vary(start, name) for name in fields if changing in (name, None))
        rows = np.concatenate([start, *varied])
        every = (*block.cells, *block.totals)
        cells = [cell for cell in every if cell.id not in hidden or cell.limits != ANY]
        if changing is not None:
            cells = [cell for cell in cells if changing in cell.conditions]
        members = block.members(rows, cells)
        # Of a count that has none of these rows there is nothing to change.
        places = np.flatnonzero(members.any(axis=0))
        cells = [cells[place] for place in places]
        members = np.hstack([members[:, places], block.members(rows, [target])])
        # By how much each count may change.
        ends = [cell.limits if cell.id in hidden else (cell.value, cell.value) for cell in cells]
        self._room = np.array(ends).reshape(-1, 2).T - [cell.value for cell in cells]
        if changing is not None:
            # What a row has besides stays: of rows that are alike in it there are as many.
            rests = (
                {name: each for name, each in cell.conditions.items() if name != changing}
                for cell in (*cells, target)
            )
            number = tell_apart(block.members(rows, [CountCell("", 0, 0, r) for r in rests]))[1]
            stays = number[:, None] == np.unique(number)
            members = np.hstack([stays, members])
            self._room = np.hstack([np.zeros((2, stays.shape[1])), self._room])
        first, kind = tell_apart(members)
        lines = members[first].T.astype(float)
        # What is added and what is taken away, kind by kind.
        self._changes = csc_array(np.hstack([lines, -lines]))
        # What each reader knows: the first one nothing, the others one contact.
        place = np.full(len(block.kinds), -1)
        place[movable] = kind[: len(start)]
        of_row = place[block.kind]
        contacts, reader = np.unique(block.contact[of_row >= 0], return_inverse=True)
        self.known = np.zeros((1 + len(contacts), len(first)), dtype=np.int32)
        np.add.at(self.known, (1 + reader, of_row[of_row >= 0]), 1)
        self.count: Floats = self.known.sum(axis=0).astype(np.float64)
        self._inside, self._printed = lines[-1], target.printed

    def exist(self, least: float, most: float, *, whole: bool = True) -> bool:
        """Whether for every reader there is one with so many rows inside beside those known.

        Where it needn't be a `whole` one, parts of rows will do: no is then the answer to both.
        """
        own = self.known @ self._inside
        for number in np.unique(own):
            # What was printed of a count before, nobody else has to be able to think of.
            ends = np.clip((number + least, number + most), *self._printed)
            left = self.known[own == number]
            while len(left):
                register = self.find(ends, left.max(axis=0), whole=whole)
                if register is None and (left != left[0]).any():
                    register = self.find(ends, left[0], whole=whole)
                if register is None:
                    return False
                left = left[(left > register + WHOLE).any(axis=1)]
        return True

    def find(self, ends: Floats, known: Numbers, *, whole: bool) -> Floats | None:
        """One that holds `known`, with so many rows inside the target, as the number of each kind.

        It differs in as few rows as it can. None is the answer where none was found.
        """
        if ends[0] <= self._inside @ self.count <= ends[1]:
            return self.count
        if self._inside @ known > ends[1]:
            return None
        size = len(self.count)
        room = np.hstack([self._room, (ends - self._inside @ self.count)[:, None]])
        for integrality in (0, 1):
            # Without whole numbers it is quick, and where there is nothing then, there is nothing.
            search = milp(
                np.ones(2 * size),
                constraints=LinearConstraint(self._changes, *room),
                integrality=np.full(2 * size, integrality),
                bounds=Bounds(0, np.concatenate([np.full(size, np.inf), self.count - known])),
                # Any whole solution is one: it needn't be the one with the fewest changes.
                options={"node_limit": STEPS, "mip_rel_gap": 1.0} if integrality else None,
            )
            if search.x is None:
                return None
            change = np.round(search.x) if whole else search.x
            if np.abs(search.x - change).max() < WHOLE:
                return np.asarray(self.count + change[:size] - change[size:], dtype=np.float64)
        return None
