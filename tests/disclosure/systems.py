"""Small registers drawn as text, all counts of which are cells; and somebody who tries them all."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpline_report.disclosure.cells import read_cells
from helpline_report.disclosure.count_blocks import CountBlock
from helpline_report.disclosure.published_counts import PublishedRange
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.measures import count
from helpline_report.figures.register import Register
from tests.figures.drawn import register, whole

CODES = {
    "role": {"a": "victim", "b": "parent", "c": "perpetrator"},
    "problem": {"x": "child_abuse", "y": "partner_violence", "z": "elder_abuse"},
}
# Of rows that no published count limits, so many at most.
MOST = 5


@dataclass(frozen=True)
class System:
    """A register, the counts of its persons that are cells, and of which kinds these may be."""

    year: Register
    block: CountBlock
    kinds: tuple[str, ...]


def system(
    counts: Mapping[str, int],
    *,
    margins: Sequence[Sequence[str]],
    known: Collection[str] = (),
    unpublished: Collection[Sequence[str]] = (),
    contacts: Mapping[str, int] | None = None,
    threshold: int = 5,
) -> System:
    """So many persons with one code a field, such as `{'role=a problem=x': 3}`.

    `margins` name the tables that are counted: `[], ['role'], ['role', 'problem']`; a cell's id is
    written as its codes. Those that are `known` were published before, and tables that are
    `unpublished` are counted for nobody. `contacts` says in how many contacts the persons of a kind
    come: else each in one.
    """
    lines, persons = ["nr | date | role"], ["contact | problem"]
    for text, number in counts.items():
        role, problem = (CODES[f][dict(_read(text)).get(f, least)] for f, least in _LEAST)
        first, on = len(lines), (contacts or {}).get(text, number)
        lines += [f"{first + place} | 02-01 | {role}" for place in range(on)]
        persons += [f"{first + min(place, on - 1)} | {problem}" for place in range(number)]
    # A contact without persons, so that nobody takes contacts and persons for one another.
    lines.append("0 | 02-01 | victim")
    year = register(contacts="\n".join(lines), persons="\n".join(persons))
    figures, published = {}, []
    for margin in (*margins, *unpublished):
        codes = ({each[field] for each in map(dict, map(_read, counts))} for field in margin)
        for choice in itertools.product(*map(sorted, codes)):
            chosen = dict(zip(margin, choice, strict=True))
            name = " ".join(f"{field}={code}" for field, code in chosen.items()) or "all"
            where = {field: CODES[field][code] for field, code in chosen.items()}
            population = whole(year, "persons").where(**where)
            figure = count(name, population)
            if margin in unpublished:
                published.append(PublishedRange(population.spec, 0, np.inf))
                continue
            figures[name] = figure
            if name in known:
                published.append(PublishedRange(population.spec, figure.number, figure.number))
    ledger = Ledger(edition="2017", figures=figures)
    (block,) = read_cells(ledger, year, published, threshold).blocks
    return System(year, block, tuple(counts))


_LEAST = (("role", "a"), ("problem", "x"))


def _read(text: str) -> list[list[str]]:
    return [part.split("=") for part in text.split()]


class EveryRegister:
    """All registers that give the published counts of a block: what a patient reader could list.

    `kinds` (kind × cell) says of each kind of person which counts hold it, and `numbers` (register
    × kind) how many there are of it in each of them.
    """

    def __init__(self, drawn: System, hidden: frozenset[str]) -> None:
        block, one_each = drawn.block, system(dict.fromkeys(drawn.kinds, 1), margins=[()])
        self.kinds = block.find_members(one_each.year, block.cells)
        published = [cell for cell in block.cells if cell.id not in hidden]
        inside = self.kinds[:, [cell.id not in hidden for cell in block.cells]]
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

    def values_of(self, kind: int | None) -> Iterator[set[int]]:
        """Every value that each count has in one of them, for who knows of a person of a kind."""
        numbers = self.numbers if kind is None else self.numbers[self.numbers[:, kind] > 0]
        for column in self.kinds.T:
            yield set(np.unique(numbers[:, column].sum(axis=1)).tolist())
