"""Choose which counts to hide, so that no small count is a sum or difference of published ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpline_report.disclosure.system import CountBlock, Members, Numbers, is_small, tell_apart

# Vectors are whole numbers modulo this prime: no rounding can make two of them alike.
PRIME = 2_147_483_647


@dataclass(frozen=True)
class Suppression:
    """The hidden counts of a block by id: small ones, and those that would give them away.

    `inferable` are small counts that follow from what was published before.
    """

    primary: tuple[str, ...]
    secondary: tuple[str, ...]
    inferable: tuple[str, ...]

    @property
    def hidden(self) -> frozenset[str]:
        """All of them."""
        return frozenset((*self.primary, *self.secondary))


def suppress(block: CountBlock, threshold: int) -> Suppression:
    """Hide the small counts of a block, and others that would give them away.

    A count is published unless a small one would then be a sum or difference of published counts:
    known counts are taken first, then the largest, equal ones in the order of their ids. The same
    goes for the rest of a group, which is 0 where all of the group have one value.

    Complementary suppression by linear independence; `docs/disclosure.md` has the sources.
    """
    small = [cell for cell in block.cells if is_small(cell, threshold)]
    rows = np.concatenate([block.kinds, group_rows(block)])
    rests = [rest_members(block, rows, place) for place in range(len(block.groups))]
    names = [*(cell.id for cell in small), *(group.cell for group in block.groups)]
    span = Span(np.array([*block.members(rows, small).T, *rests]).reshape(len(names), len(rows)))
    secondary: list[str] = []
    inferable: list[str] = []
    protected = {cell.id for cell in small}
    others = [cell for cell in block.cells if cell.id not in protected]
    for cell in sorted(others, key=lambda cell: (not cell.known, -cell.value, cell.id)):
        vector = block.members(rows, [cell])[:, 0]
        if cell.known:
            inferable += [names[place] for place in span.add(vector)]
        elif not span.add_safely(vector):
            secondary.append(cell.id)
    return Suppression(tuple(cell.id for cell in small), tuple(secondary), tuple(inferable))


def group_rows(block: CountBlock) -> Numbers:
    """Rows that the members of each group could be, had they another value of its field."""
    cells = {cell.id: cell for cell in block.cells}
    rows = [np.empty((0, len(block.states)), dtype=np.int64)]
    for group in block.groups:
        inside = block.members(block.kinds, [cells[group.cell]])[:, 0]
        rows.append(block.possible(block.kinds[inside], [group.field], anywhere=True))
    every = np.concatenate(rows)
    return every[tell_apart(every)[0]]


def rest_members(block: CountBlock, rows: Numbers, place: int) -> Members:
    """Which rows would belong to a group, but with another value of its field."""
    group = block.groups[place]
    cell = next(cell for cell in block.cells if cell.id == group.cell)
    inside = np.ones(len(rows), dtype=np.bool_)
    for field, condition in cell.conditions.items():
        members = block.meets(rows, field, condition)
        inside &= ~members if field == group.field else members
    return inside


class Span:
    """What sums and differences of the added vectors give, and which protected ones are among it.

    Elimination modulo a prime; `_rest` is what is left of each protected vector.
    """

    def __init__(self, protected: Members) -> None:
        self._rest = protected.astype(np.int64)
        self._basis: list[tuple[int, Numbers]] = []

    def add(self, vector: Members) -> list[int]:
        """Add a vector; the places of the protected ones that follow from now on."""
        before = self._rest.any(axis=1)
        step = self._step(vector)
        if step is None:
            return []
        self._take(*step)
        return np.flatnonzero(before & ~self._rest.any(axis=1)).tolist()

    def add_safely(self, vector: Members) -> bool:
        """Add a vector unless a protected one follows then; False where it would."""
        step = self._step(vector)
        if step is None:
            return True
        if (self._rest.any(axis=1) & ~step[2].any(axis=1)).any():
            return False
        self._take(*step)
        return True

    def _step(self, vector: Members) -> tuple[int, Numbers, Numbers] | None:
        """Where and what a vector adds, and what it leaves of the rest; None if it adds nothing."""
        reduced = vector.astype(np.int64)
        for place, row in self._basis:
            if reduced[place]:
                reduced = (reduced - reduced[place] * row) % PRIME
        places = np.flatnonzero(reduced)
        if not len(places):
            return None
        place = int(places[0])
        row = reduced * pow(int(reduced[place]), -1, PRIME) % PRIME
        return place, row, (self._rest - self._rest[:, [place]] * row) % PRIME

    def _take(self, place: int, row: Numbers, rest: Numbers) -> None:
        self._basis.append((place, row))
        self._rest = rest
