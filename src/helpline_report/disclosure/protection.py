"""Choose which counts to hide: small ones, and those that would tell these.

No small count may be a sum or difference of published ones (`suppress`). Nor may it be known too
closely: `protect` hides more until there are witnesses (`witnesses`) in which it is 0, and in which
it is the threshold or more.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import numpy as np

from helpline_report.disclosure.count_blocks import ANY, CountBlock, CountCell, Numbers
from helpline_report.disclosure.witnesses import Witnesses
from helpline_report.figures.register import Register, list_years

# Vectors are whole numbers modulo this prime: no rounding can make two of them alike.
PRIME = 2_147_483_647


@dataclass(frozen=True)
class Protection:
    """What is hidden of a ledger, by the ids of cells.

    `secondary` are hidden since a small count would follow from them, `further` since one would be
    known too closely; `protects` says which small counts each of these protects. `inferable` are
    small counts that follow from what was published before, `unprotected` those that can't be
    protected.
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


def suppress(blocks: Iterable[CountBlock], threshold: int) -> Protection:
    """Hide the small counts of blocks, and others that would give them away.

    A count is published unless a small one would then be a sum or difference of published counts:
    fixed counts are taken first, then the largest, equal ones in the order of their ids.

    Complementary suppression by linear dependence: elimination modulo a prime over kinds of rows.
    `docs/disclosure.md` has the sources.
    """
    primary, inferable = list[str](), list[str]()
    protects = dict[str, tuple[str, ...]]()
    for block in blocks:
        is_small = np.array([cell.is_small(threshold) for cell in block.cells], dtype=np.bool_)
        small = [cell for cell in block.cells if cell.is_small(threshold)]
        primary += (cell.id for cell in small)
        if not small:
            continue
        # Rows that are in the same cells are one kind of row: a matrix of cells × kinds.
        kinds = np.unique(block.members, axis=0).T.astype(np.int64)
        pairs = zip(block.cells, kinds, strict=True)
        others = [pair for pair in pairs if not pair[0].is_small(threshold)]
        others.sort(key=lambda pair: (not pair[0].fixed, -pair[0].value, pair[0].id))
        # `rest` is what published counts don't give of the small ones. They are the `basis`.
        rest = kinds[is_small]
        basis: dict[int, Numbers] = {}
        for cell, members in others:
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
    return Protection(
        tuple(primary), tuple(protects), inferable=tuple(inferable), protects=protects
    )


def protect(
    blocks: Sequence[CountBlock], register: Register, threshold: int, *, trial: bool = False
) -> Protection:
    """Hide the small counts of blocks, and what would give them away or narrow them down.

    A small count must be able to be 0, and to reach the threshold. If it isn't, the smallest counts
    of its year that make it so are hidden as well. A trial ends at a count that none make so.
    """
    first = suppress(blocks, threshold)
    hidden = {*first.hidden, *(cell.id for block in blocks for cell in block.totals)}
    inferable, unprotected = [*first.inferable], list[str]()
    further = dict[str, tuple[str, ...]]()
    for year in list_years(register):
        of_year = [each for each in blocks if each.edition == year.edition.edition]
        small = [
            cell
            for block in of_year
            for cell in block.cells
            if cell.is_small(threshold) and cell.id not in first.inferable and not cell.is_of_days
        ]
        if not small:
            continue
        witnesses = Witnesses(year, of_year, threshold)
        for target in small:
            more = _find_protecting(witnesses, target, hidden)
            if more is None:
                # Does it follow from what was published before, even if all else is hidden?
                every = frozenset(cell.id for cell in witnesses.cells if not cell.fixed)
                printed = any(cell.printed != ANY for cell in witnesses.cells)
                follows = printed and not witnesses.is_protected(every, target)
                (inferable if follows else unprotected).append(target.id)
                if trial:
                    break
            hidden.update(more or ())
            further |= dict.fromkeys(more or (), (target.id,))
    return replace(
        first,
        further=tuple(further),
        inferable=tuple(inferable),
        unprotected=tuple(unprotected),
        protects={**first.protects, **further},
    )


def _find_protecting(
    witnesses: Witnesses, target: CountCell, hidden: AbstractSet[str]
) -> list[str] | None:
    """The counts to hide so that a target is protected, often none; None if nothing helps."""
    changed: dict[str, int] = {}
    while not witnesses.is_protected(frozenset({*hidden, *changed}), target):
        more = witnesses.list_to_hide()
        if more is None:
            return None
        changed |= {cell.id: cell.value for cell in more}
    needed = {*changed}
    for name in sorted(changed, key=lambda each: (-changed[each], each)):
        if witnesses.is_protected(frozenset({*hidden, *needed}) - {name}, target):
            needed.remove(name)
    return sorted(needed)
