"""Small registers drawn as text, all counts of which are cells; and somebody who tries them all."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

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
            cells.append(CountCell(name, number, on, cell.conditions, fixed=name in known))
    return CountBlock("rows", states, table, hung, tuple(cells))


class EveryRegister:
    """All registers that give the published counts of a block: what a patient reader could list.

    `numbers` (register × kind) says how many rows of each kind there are in each of them.
    """

    def __init__(self, block: CountBlock, hidden: frozenset[str]) -> None:
        self.block = block
        kinds = list(itertools.product(*(range(len(s)) for s in block.states.values())))
        self.kinds = np.array(kinds, dtype=np.int64)
        published = [cell for cell in block.cells if cell.id not in hidden]
        inside = block.members(self.kinds, published)
        # The numbers of the first kinds, and what is left then of each published count.
        numbers = np.zeros((1, 0), dtype=np.int8)
        left = np.array([[cell.value for cell in published]], dtype=np.int8)
        for place, of_cells in enumerate(inside):
            most = left[:, of_cells].min(axis=1) if of_cells.any() else np.full(len(left), MOST)
            before = np.repeat(np.arange(len(left)), most + 1)
            number = np.arange(len(before)) - np.repeat(np.cumsum(most + 1) - most - 1, most + 1)
            left = left[before] - number[:, None] * of_cells
            # After the last kind that a published count holds, nothing of it may be left.
            done = ~inside[place + 1 :].any(axis=0)
            right = ~left[:, done].any(axis=1)
            left = left[right].astype(np.int8)
            numbers = np.column_stack([numbers[before], number])[right].astype(np.int8)
        self.numbers = numbers

    def values_of(self, cells: Sequence[CountCell], known: Row = ()) -> dict[str, set[int]]:
        """Every value that each count has in one of them, for who knows of a row of a kind."""
        numbers = self.numbers
        if known:
            numbers = numbers[numbers[:, (self.kinds == known).all(axis=1)][:, 0] > 0]
        inside = self.block.members(self.kinds, cells)
        return {
            cell.id: set(np.unique(numbers[:, column].sum(axis=1)).tolist())
            for cell, column in zip(cells, inside.T, strict=True)
        }
