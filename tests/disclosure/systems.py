"""Small registers drawn as text, all counts of which are cells; and somebody who tries them all."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from helpline_report.disclosure.count_blocks import CountBlock, CountCell

Row = tuple[int, ...]
# Of rows that no published count limits, so many at most.
MOST = 5


def register(
    counts: Mapping[str, int],
    *,
    margins: Sequence[Sequence[str]],
    known: Sequence[str] = (),
    contacts: Mapping[str, int] | None = None,
) -> CountBlock:
    """A block of rows with one code a field, such as `{'role=a problem=x': 3}`.

    `margins` name the tables that are counted: `[], ['role'], ['role', 'problem']`; a cell's id is
    written as its codes. `contacts` says on how many contacts the rows of a kind hang.
    """
    kinds = {text: dict(part.split("=") for part in text.split()) for text in counts}
    fields = list(next(iter(kinds.values())))
    codes = {field: sorted({kind[field] for kind in kinds.values()}) for field in fields}
    rows: list[Row] = []
    contact: list[int] = []
    for text, number in counts.items():
        first = contact[-1] + 1 if contact else 0
        on = (contacts or {}).get(text, number)
        rows += [tuple(codes[field].index(kinds[text][field]) for field in fields)] * number
        contact += [first + min(place, on - 1) for place in range(number)]
    states = {field: np.eye(len(codes[field]), dtype=bool) for field in fields}
    table = np.array(rows, dtype=np.int64).reshape(len(rows), len(fields))
    hung = np.array(contact, dtype=np.int64)
    block = CountBlock("rows", states, table, hung, ())
    cells = []
    for margin in margins:
        for choice in itertools.product(*(range(len(codes[field])) for field in margin)):
            cell = CountCell("", 0, 0, dict(zip(margin, choice, strict=True)))
            inside = block.members(table, [cell])[:, 0]
            name = " ".join(f"{f}={codes[f][s]}" for f, s in cell.conditions.items()) or "all"
            number, on = int(inside.sum()), len(set(hung[inside].tolist()))
            cells.append(CountCell(name, number, on, cell.conditions, known=name in known))
    return CountBlock("rows", states, table, hung, tuple(cells))


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
        inside = self.block.members(self.kinds, cells).astype(np.int64)
        values = (every.reshape(-1, len(self.kinds)) @ inside).T.tolist()
        return {cell.id: set(column) for cell, column in zip(cells, values, strict=True)}

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
