"""All registers that give what is published, as one programme in whole numbers.

It shares nothing with the gate. Unknown is how many contacts there are of each state, how many
persons of each kind in contacts with some codes, and how many follow-ups of each kind on these. The
state of a contact says which kinds of persons it has, and the kind of a person which follow-ups.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import numpy.typing as npt
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

from helpline_report.figures.model import Condition, PopulationSpec

Floats = npt.NDArray[np.float64]
# What a row has of each field: a code, or several.
Codes = tuple[tuple[str, tuple[str, ...]], ...]
# By field, what a row can have of it.
Sets = Mapping[str, Sequence[tuple[str, ...]]]
# A sum of unknowns by their places, and the least and the most that it is.
Line = tuple[dict[int, float], float, float]
# More rows of one kind than any register here has.
MANY = 1000.0


@dataclass(frozen=True, order=True)
class State:
    """One state of a row of a table, and those of the rows that hang on it."""

    table: str
    codes: Codes
    below: tuple[State, ...] = ()

    def meets(self, spec: PopulationSpec) -> bool:
        """Whether a row in this state is one of a population."""
        return all(self._has(each) for each in spec.conditions) and all(
            any(row.meets(lower) for row in self.list_rows(lower.table)) for lower in spec.having
        )

    def _has(self, condition: Condition) -> bool:
        codes, wanted = {*dict(self.codes)[condition.field]}, {*condition.codes}
        return bool(codes & wanted) and not (condition.negated and codes - wanted)

    def list_rows(self, table: str) -> Iterator[State]:
        """The rows of a lower table that hang on it."""
        for each in self.below:
            yield from [each] if each.table == table else each.list_rows(table)


@dataclass(frozen=True)
class Shape:
    """What the rows of each table can have of its fields, and what everybody knows of contacts.

    That is whether each is about a person, and whether about one alone.
    """

    contacts: Sets
    persons: Sets
    followups: Sets
    some_person: bool
    one_person: bool


@dataclass(frozen=True, eq=False)
class Known:
    """What somebody knows of a count: of which table it is, of which unknowns, and its range."""

    table: str
    among: Floats
    low: float
    high: float


class JointRegisters:
    """The registers of a shape that give what somebody learned: as many as there are unknowns.

    `states` gives the place of each unknown.
    """

    def __init__(self, shape: Shape) -> None:
        self.states: dict[State, int] = {}
        self.known: list[Known] = []
        lines: list[Line] = []
        for own in list_choices(shape.contacts):
            kinds = [own + further for further in list_choices(shape.persons)]
            persons = [
                State("persons", codes, below)
                for codes in kinds
                for below in list_subsets(
                    [State("followups", codes + last) for last in list_choices(shape.followups)]
                    if shape.followups
                    else []
                )
            ]
            several = [each for each in list_subsets(persons) if each or not shape.some_person]
            several = [each for each in several if len(each) == 1 or not shape.one_person]
            contacts = [State("contacts", own, each) for each in several]
            places = [self._place(each) for each in contacts]
            for person in persons:
                above = [at for at, each in zip(places, several, strict=True) if person in each]
                lines += hang(self._place(person), above, one=shape.one_person)
                for last in person.below:
                    row = self._place(State("followups", last.codes, (person,)))
                    lines += hang(row, [self.states[person]], one=False)
        cells = [
            (number, *each) for number, (line, *_) in enumerate(lines) for each in line.items()
        ]
        number, place, factor = zip(*cells, strict=True)
        size = len(lines), len(self.states)
        self.structure = csr_array((factor, (number, place)), shape=size)
        self.ends = np.array([ends for _, *ends in lines]).T

    def _place(self, state: State) -> int:
        return self.states.setdefault(state, len(self.states))

    def among(self, spec: PopulationSpec) -> Floats:
        """Which unknowns add up to the count of a population."""
        of_table = (each.table == spec.table for each in self.states)
        pairs = zip(self.states, of_table, strict=True)
        return np.array([float(is_one and each.meets(spec)) for each, is_one in pairs])

    def learn(self, spec: PopulationSpec, low: float, high: float) -> None:
        """Know that the count of a population is from one number to another."""
        self.known.append(Known(spec.table, self.among(spec), low, high))

    def learn_order(self, first: PopulationSpec, second: PopulationSpec) -> None:
        """Know that the count of a population isn't below that of another."""
        difference = self.among(first) - self.among(second)
        self.known.append(Known(first.table, difference, 0, np.inf))

    def vector(self, contacts: Sequence[State], rows: Sequence[State]) -> Floats:
        """A register, or a part of it: its contacts, and its persons and follow-ups."""
        numbers = np.zeros(len(self.states))
        for state in (*contacts, *rows):
            numbers[self.states[state]] += 1
        return numbers

    def lack_one(
        self, target: Floats, least: float, most: float, readers: Floats, table: str = ""
    ) -> bool:
        """Whether for one of the readers (reader × unknown: what each knows) there is none.

        The target is to have from `least` to `most` rows besides the known ones. With a `table`,
        nothing is known but its counts.
        """
        known = [each for each in self.known if table in ("", each.table)]
        lines = np.array([target, *(each.among for each in known)])
        ends = np.array([(least, most), *((each.low, each.high) for each in known)]).T
        left = readers
        while len(left):
            own = np.append(0, lines[1:] @ left[0])
            search = milp(
                np.zeros(len(target)),
                constraints=[
                    LinearConstraint(self.structure, *self.ends),
                    LinearConstraint(csr_array(lines), *(ends - own)),
                ],
                integrality=np.ones(len(target), dtype=np.int8),
            )
            if search.x is None:
                return True
            # Whoever knows a contact that this register has, has one as well.
            rest = (np.round(search.x) + left[0] - left).T
            inside, parts = target @ rest, self.structure @ rest
            ok = (rest >= 0).all(axis=0) & (least <= inside) & (inside <= most)
            ok &= ((parts >= self.ends[0][:, None]) & (parts <= self.ends[1][:, None])).all(axis=0)
            left = left[~ok]
        return False


def hang(lower: int, upper: Sequence[int], *, one: bool) -> Iterator[Line]:
    """Each of some rows has at least one of the lower ones, which hang on no others."""
    yield {lower: 1.0, **dict.fromkeys(upper, -1.0)}, 0.0, 0.0 if one else np.inf
    yield {lower: 1.0, **dict.fromkeys(upper, -MANY)}, -np.inf, 0.0


def list_choices(fields: Sets) -> list[Codes]:
    """All that a row can have of some fields together."""
    return [tuple(zip(fields, codes, strict=True)) for codes in product(*fields.values())]


def list_subsets(items: Sequence[State]) -> list[tuple[State, ...]]:
    """All subsets of some states, in order."""
    return [each for size in range(len(items) + 1) for each in combinations(sorted(items), size)]
