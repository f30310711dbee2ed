"""Describe counts as cells over rows: what each counts, and what rows there are or could be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

Members = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
Range = tuple[float, float]
# Of a count that nothing is known of.
ANY: Range = (0, np.inf)


@dataclass(frozen=True)
class CountCell:
    """One count: the rows of a block that meet one condition on each of some fields.

    `conditions` gives, by field, which of the conditions on this field it is (`Block.states`).
    `contacts` is from how many contacts its rows come. `known` says that the count was published
    before: it can't be hidden any more. What is `derived` stands nowhere, and other counts tell it.
    `limits` are the lowest and the highest that the count can be, as other published numbers say,
    and `printed` those of them that an earlier publication says of the very count. Of a `group` of
    so many rows all have one value of a sensitive field, the last of `conditions`: the cell counts
    the rows of the group with another value, which are 0.
    """

    id: str
    value: int
    contacts: int
    conditions: Mapping[str, int] = field(default_factory=dict)
    known: bool = False
    derived: bool = False
    limits: Range = ANY
    printed: Range = ANY
    group: int = 0

    def within(self, limits: Range) -> CountCell:
        """The count, of which these limits are known as well."""
        low, high = self.limits
        return replace(self, limits=(max(low, limits[0]), min(high, limits[1])))

    def is_small(self, threshold: int) -> bool:
        """Whether it is of so few people that it says something of each of them.

        Rows of one contact are about people who belong together: so its contacts count. That the
        rest of a group is 0 says something of each of the group.
        """
        return bool(self.group) or (0 < self.contacts < threshold and not self.known)


@dataclass(frozen=True, eq=False)
class CountBlock:
    """The rows of one table of one year, as far as the cells tell them apart.

    `states` has, by field, a matrix (state × condition): which conditions on the field a row in
    this state meets. `rows` (row × field) says in which state each row is, in the order of
    `states`; `contact` on which contact it hangs.
    """

    name: str
    states: Mapping[str, Members]
    rows: Numbers
    contact: Numbers
    cells: tuple[CountCell, ...]

    @cached_property
    def kinds(self) -> Numbers:
        """The different rows (kind × field), in order."""
        return self.rows[tell_apart(self.rows)[0]]

    @cached_property
    def kind(self) -> Numbers:
        """Of each row, which of `kinds` it is."""
        return tell_apart(self.rows)[1]

    @cached_property
    def others(self) -> Numbers:
        """Rows that the members of a group could be, had they another value of its field."""
        rows = [self.kinds[:0]]
        for cell in self.cells:
            if cell.group:
                *others, name = cell.conditions
                conditions = {other: cell.conditions[other] for other in others}
                inside = self.members(self.kinds, [replace(cell, conditions=conditions)])[:, 0]
                rows.append(self.possible(self.kinds[inside], [name], anywhere=True))
        every = np.concatenate(rows)
        return every[tell_apart(every)[0]]

    def members(self, rows: Numbers, cells: Sequence[CountCell]) -> Members:
        """Which rows belong to which cells (row × cell), whether such rows exist or not."""
        members = np.ones((len(rows), len(cells)), dtype=np.bool_)
        places = {name: place for place, name in enumerate(self.states)}
        for column, cell in enumerate(cells):
            for name, condition in cell.conditions.items():
                members[:, column] &= self.states[name][rows[:, places[name]], condition]
        return members

    def possible(self, start: Numbers, fields: Iterable[str], *, anywhere: bool = False) -> Numbers:
        """Rows that don't exist but could: those of `start` with one field in another state.

        A reader of the counts can't exclude them unless a published count is 0. The other states
        are those in `start`, or `anywhere` all that there are.
        """
        changed = [start]
        for name in sorted(fields):
            place = list(self.states).index(name)
            states = range(len(self.states[name])) if anywhere else np.unique(start[:, place])
            for state in states:
                other = start.copy()
                other[:, place] = state
                changed.append(other)
        every = np.concatenate(changed)
        every = every[tell_apart(every)[0]]
        return every[~np.isin(_as_texts(every), _as_texts(self.kinds))]

    def with_differences(self, threshold: int) -> CountBlock:
        """The block with what its cells tell apart besides: small parts that no cell is.

        Weeks and months together tell a part of a week; all persons and those of known ages tell
        the others. Such a part is a small count like any other, though it is published nowhere.
        """
        states, derived = dict(self.states), list[CountCell]()
        for rest, name, conditions in self._overlaps():
            inside = self.members(self.rows, [CountCell("", 0, 0, rest)])[:, 0]
            parts, part = np.unique(self.states[name][:, conditions], axis=0, return_inverse=True)
            own = part.ravel()[self.rows[:, list(states).index(name)]]
            for number, met in enumerate(parts):
                rows = inside & (own == number)
                contacts = len(np.unique(self.contact[rows]))
                is_cell = met.sum() == 1 and parts[:, met].sum() == 1
                if is_cell or not 0 < contacts < threshold:
                    continue
                states[name] = np.hstack([states[name], (part.reshape(-1, 1) == number)])
                where = {**rest, name: states[name].shape[1] - 1}
                title = f"{self.name}: a part told by {name} ({len(derived) + 1})"
                derived.append(CountCell(title, int(rows.sum()), contacts, where, derived=True))
        return replace(self, states=states, cells=(*self.cells, *derived))

    def _overlaps(self) -> Iterator[tuple[dict[str, int], str, list[int]]]:
        """Where cells differ in one field alone: what they share, the field, and its conditions.

        The cell without a condition on the field is one of them: it has none that isn't met.
        """
        shared: dict[tuple[tuple[tuple[str, int], ...], str], set[int]] = {}
        for cell in self.cells:
            for name, condition in cell.conditions.items():
                rest = tuple(sorted(item for item in cell.conditions.items() if item[0] != name))
                shared.setdefault((rest, name), set()).add(condition)
        wholes = {frozenset(cell.conditions.items()) for cell in self.cells}
        for (rest, name), conditions in sorted(shared.items()):
            if frozenset(rest) in wholes or len(conditions) > 1:
                yield dict(rest), name, sorted(conditions)

    def with_groups(self, groups: Iterable[tuple[CountCell, str]]) -> CountBlock:
        """The block with the rest of each group: a cell whose rows have one value of a field."""
        states, rests = dict(self.states), list[CountCell]()
        for cell, name in groups:
            states[name] = np.hstack([states[name], ~states[name][:, [cell.conditions[name]]]])
            others = {other: each for other, each in cell.conditions.items() if other != name}
            where = {**others, name: states[name].shape[1] - 1}
            title = f"{cell.id} (all of one {name})"
            rests.append(CountCell(title, 0, 0, where, derived=True, group=cell.value))
        return replace(self, states=states, cells=(*self.cells, *rests))


def tell_apart(rows: Members | Numbers) -> tuple[Numbers, Numbers]:
    """Where the first of each different row stands, in order, and which of them each row is."""
    first, number = np.unique(_as_texts(rows), return_index=True, return_inverse=True)[1:]
    return first, number


def _as_texts(rows: Members | Numbers) -> npt.NDArray[np.bytes_]:
    """A text a row, which is quicker to compare and to sort. Numbers have two bytes."""
    numbers = np.hstack([np.ones((len(rows), 1)), rows])
    if rows.dtype == np.bool_:
        packed = np.packbits(numbers.astype(np.bool_), axis=1)
    else:
        packed = numbers.astype(">u2", order="C").view(np.uint8)
    texts = np.ascontiguousarray(packed).view(f"S{packed.shape[1]}")
    return np.asarray(texts[:, 0], dtype=np.bytes_)
