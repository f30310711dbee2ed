"""Small registers drawn as text, all counts of which are cells; and somebody who tries them all."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from helpline_report.disclosure.system import CountBlock, CountCell, Group

Row = tuple[int, ...]
# Of rows that no published count limits, so many at most.
MOST = 5


def register(
    counts: Mapping[str, int],
    *,
    margins: Sequence[Sequence[str]],
    known: Sequence[str] = (),
    contacts: Mapping[str, int] | None = None,
    groups: Sequence[Group] = (),
) -> CountBlock:
    """A block of rows with one code a field, such as `{'role=a problem=x': 3}`.

    `margins` name the tables that are counted: `[], ['role'], ['role', 'problem']`; a cell's id is
    written as its codes. `contacts` says on how many contacts the rows of a kind hang.
    """
    kinds = {_read(text): number for text, number in counts.items()}
    fields = [name for name, _ in next(iter(kinds))]
    codes = {field: sorted({dict(kind)[field] for kind in kinds}) for field in fields}
    rows: list[Row] = []
    contact: list[int] = []
    for kind, number in kinds.items():
        row = tuple(codes[field].index(code) for field, code in kind)
        on = (contacts or {}).get(" ".join(f"{f}={c}" for f, c in kind), number)
        first = (contact[-1] + 1) if contact else 0
        rows += [row] * number
        contact += [first + min(place, on - 1) for place in range(number)]
    states = {field: np.eye(len(codes[field]), dtype=bool) for field in fields}
    table = np.array(rows, dtype=np.int64).reshape(len(rows), len(fields))
    hung = np.array(contact, dtype=np.int64)
    cells = []
    for margin in margins:
        for choice in itertools.product(*(range(len(codes[field])) for field in margin)):
            conditions = dict(zip(margin, choice, strict=True))
            inside = np.ones(len(rows), dtype=bool)
            for field, state in conditions.items():
                inside &= table[:, fields.index(field)] == state
            name = " ".join(f"{f}={codes[f][s]}" for f, s in conditions.items()) or "all"
            number = int(inside.sum())
            on = len(set(hung[inside].tolist()))
            cells.append(CountCell(name, number, on, conditions, known=name in known))
    return CountBlock("rows", states, table, hung, tuple(cells), tuple(groups))


def _read(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(tuple(part.split("=")) for part in text.split())  # type: ignore[misc]


class EveryRegister:
    """All registers that give the published counts of a block: what a patient reader could list."""

    def __init__(self, block: CountBlock, hidden: frozenset[str], known: Mapping[Row, int]) -> None:
        kinds = list(itertools.product(*(range(len(s)) for s in block.states.values())))
        self.kinds = np.array(kinds, dtype=np.int64)
        self.least = [known.get(kind, 0) for kind in kinds]
        published = [cell for cell in block.cells if cell.id not in hidden]
        inside = block.members(self.kinds, published)
        self.places = [np.flatnonzero(row).tolist() for row in inside]
        # After the last kind that a published count holds, nothing of it may be left.
        self.last = [max(np.flatnonzero(column), default=-1) for column in inside.T]
        self.values = [cell.value for cell in published]
        self.block = block

    def values_of(self, cells: Sequence[CountCell]) -> dict[str, set[int]]:
        """Every value that each count has in one of them."""
        every = np.array(list(self._all(0, tuple(self.values))), dtype=np.int64)
        every = every.reshape(-1, len(self.kinds))
        inside = self.block.members(self.kinds, cells).astype(np.int64)
        return {
            cell.id: set(column)
            for cell, column in zip(cells, (every @ inside).T.tolist(), strict=True)
        }

    def _all(self, place: int, left: Row) -> Iterator[Row]:
        if place == len(self.kinds):
            if not any(left):
                yield ()
            return
        within = self.places[place]
        most = min((left[at] for at in within), default=MOST)
        for number in range(self.least[place], most + 1):
            after = list(left)
            for at in within:
                after[at] -= number
            if any(after[at] and self.last[at] == place for at in within):
                continue
            for others in self._all(place + 1, tuple(after)):
                yield (number, *others)
