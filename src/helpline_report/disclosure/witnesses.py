"""Prove over all tables of a year together that each small count could be 0 and could be large.

A witness is another register that gives every published number as it is. In some of its contacts
rows have another value of one field, or there is one row more or fewer. What that does to each
count is counted on a register of such contacts, as every figure is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, csr_array, hstack, vstack
from scipy.sparse.csgraph import maximum_bipartite_matching

from helpline_report.disclosure.count_blocks import (
    ANY,
    PEOPLE,
    CountBlock,
    CountCell,
    Numbers,
    Range,
)
from helpline_report.figures.counting import SOURCE_FIELDS, find_rows_above
from helpline_report.figures.model import PopulationSpec
from helpline_report.figures.register import Register
from helpline_report.tables.dataset import Table

# What a solver calls whole.
WHOLE = 1e-6
# A search for whole numbers that takes more steps has failed.
STEPS = 20
# A solution in whole numbers may cost so much more than the best one, as a part of it.
GAP = 0.3
# That a published count changes costs so many moves, times the logarithm of it.
PRICE = 3
# So many kinds of moves a programme chooses from, and from more if it has no solution.
COLUMNS = (600, 4000)
# So often contacts that are too few for a witness become a limit.
CUTS = 8
# A move that changes a hidden count beside the target may change so many published ones more.
NEAR = 6
# Moves of whole persons and contacts, which change many counts, come after so many.
LATE = 100

Floats = npt.NDArray[np.float64]
Matrix = csr_array
# A register of copies of contacts, and by table of which copy each row is.
Copies = tuple[Register, Mapping[str, Numbers]]


class Moves:
    """What a contact can be instead, and what that does to each count.

    `effects` (move × cell) has by how much each count changes; `able` (move × contact) which
    contacts can make the move: none where it is one more contact. `base` (contact × cell) is what
    each contact adds to each count.
    """

    def __init__(
        self, register: Register, blocks: Sequence[CountBlock], fields: Collection[str]
    ) -> None:
        self.register, self.blocks = register, {each.table: each for each in blocks}
        self.cells = [(each.table, cell) for each in blocks for cell in (*each.cells, *each.totals)]
        self.tables = {name: t for name in PEOPLE if (t := register.table(name)) is not None}
        contacts = self.tables["contacts"]
        every = np.arange(len(contacts))
        self.above = {
            name: find_rows_above(register, table, contacts).astype(np.int64)
            for name, table in self.tables.items()
        }
        self.base = self._count(self._copy("contacts", every), range(len(self.cells)))
        origins, effects = [every, np.full(len(every), -1)], [-self.base, self.base]
        rank = [np.full(2 * len(every), LATE)]
        for late, origin, effect in self._list_changes(fields):
            rank.append(np.full(len(origin), late))
            origins.append(origin)
            effects.append(effect)
        effect, origin = csr_array(vstack(effects)), np.concatenate(origins)
        effect.eliminate_zeros()
        # Moves that do the same are one kind: two of them by a large number made of what they do.
        numbers = np.random.default_rng(0).integers(-(2**62), 2**62, len(self.cells))
        _, first, kind = np.unique(effect @ numbers, return_index=True, return_inverse=True)
        self.effects = csr_array(effect[first])
        self.rank = np.full(len(first), LATE)
        np.minimum.at(self.rank, kind, np.concatenate(rank))
        real = origin >= 0
        shape = len(first), len(contacts)
        able = csr_array((np.ones(real.sum()), (kind[real], origin[real])), shape=shape)
        able.sum_duplicates()
        able.data[:] = 1
        self.able = able
        self.value = np.array([cell.value for _, cell in self.cells])
        # Moves that the same contacts can make are a set: they are at most as many as these.
        numbers = np.random.default_rng(1).integers(1, 2**62, len(contacts))
        _, first, of = np.unique(
            able.astype(np.int64) @ numbers, return_index=True, return_inverse=True
        )
        # Contacts that can make the same moves are alike.
        numbers = np.random.default_rng(2).integers(1, 2**62, len(able.indptr) - 1)
        self.alike = able.T.astype(np.int64) @ numbers
        # In the order in which they come, whatever the order of contacts.
        self.set_of = np.argsort(np.argsort(first))[of]
        self._sets = csc_array(able[np.sort(first)])

    def count_able(self, fixed: Collection[int]) -> Floats:
        """How many contacts that aren't fixed can make the moves of each set."""
        number = np.diff(csr_array(self._sets).indptr).astype(float)
        left = number - self._sets[:, [*fixed]].sum(axis=1)
        return np.where(number > 0, left, np.inf)

    def match(self, moves: Numbers, fixed: Collection[int]) -> tuple[list[int], list[int]]:
        """The contacts that make these moves, one move each, and those that are too few.

        None of the contacts that make them is fixed. Those that are too few for some of the moves
        are all that could make these.
        """
        used = np.flatnonzero(moves)
        used = used[np.diff(self.able.indptr)[used] > 0]
        free = np.setdiff1d(np.unique(self.able[used].indices), [*fixed])
        graph = csr_array(csr_array(self.able[np.repeat(used, moves[used])])[:, free])
        matched = maximum_bipartite_matching(graph, perm_type="column")
        owner = {contact: row for row, contact in enumerate(matched.tolist()) if contact >= 0}
        # From all moves that are left over: so it's the same whatever the order of contacts.
        todo, few = np.flatnonzero(matched < 0).tolist(), dict.fromkeys(fixed)
        while todo:
            row = todo.pop()
            for contact in graph.indices[graph.indptr[row] : graph.indptr[row + 1]].tolist():
                if int(free[contact]) not in few:
                    few[int(free[contact])] = None
                    todo.append(owner[contact])
        is_one = not (matched < 0).any()
        return (free[matched].tolist(), []) if is_one else ([], [*few, -1])

    def _list_changes(self, fields: Collection[str]) -> Iterator[tuple[int, Numbers, Matrix]]:
        """Changes of the rows of contacts: how late, of which contact, and what each does."""
        for name, table in self.tables.items():
            every = np.arange(len(table))
            for field in sorted(table.fields & set(fields)):
                places = [at for at, of in enumerate(self.fields_of_cells) if field in of]
                columns = [c for c in table.frame.columns if c.partition(":")[0] == field]
                state, values = pd.factorize(pd.MultiIndex.from_frame(table.frame[columns]))
                pair = self.above[name] * len(values) + state
                _, first, times = np.unique(pair, return_index=True, return_counts=True)
                for number, value in enumerate(values):
                    # One row changes, or all rows of the contact that are alike in the field.
                    for rows, alike in ((every, every), (first[times > 1], state)):
                        others = rows[state[rows] != number]
                        new = dict(zip(columns, value, strict=True))
                        copies = self._copy(name, others, new=new, alike=alike)
                        yield 0, *self._compare(copies, self.above[name][others], places)
            if table.parent is not None and table.parent_rows is not None:
                size = np.bincount(table.parent_rows, minlength=len(table.parent))
                # That each has one, or one alone, a reader may know.
                some = np.flatnonzero((size[table.parent_rows] > 1) | (size.min() == 0))
                more = every if size.max() > 1 else every[:0]
                for rows, times in ((some, 0), (more, 2)):
                    copies = self._copy(name, rows, times)
                    late = LATE if name == "persons" else 0
                    all_cells = range(len(self.cells))
                    yield late, *self._compare(copies, self.above[name][rows], all_cells)

    def _compare(
        self, copies: Copies, origin: Numbers, places: Sequence[int]
    ) -> tuple[Numbers, Matrix]:
        ones = np.ones(len(places), dtype=np.int64)
        chosen = csr_array((ones, (places, places)), shape=2 * (len(self.cells),))
        return origin, self._count(copies, places) - self.base[origin] @ chosen

    @cached_property
    def fields_of_cells(self) -> list[set[str]]:
        """The fields of the sources that each cell asks of."""
        return [list_fields(self.blocks[table], cell) for table, cell in self.cells]

    def _copy(
        self,
        name: str,
        rows: Numbers,
        times: int = 1,
        new: Mapping[str, Any] | None = None,
        alike: Numbers | None = None,
    ) -> Copies:
        """A copy of the contact of each row, with all that hangs on it: the row so many times.

        Rows of the contact that are `alike` have new values.
        """
        tables = dict[str, Table]()
        # Of each row of the copies, which copy it is of, and of which row it is one.
        copy, places = dict[str, Numbers](), dict[str, Numbers]()
        for each, table in self.tables.items():
            if table.parent is None or table.parent_rows is None:
                places[each], parent = self.above[name][rows], None
                copy[each] = np.arange(len(rows))
            else:
                order = np.argsort(table.parent_rows, kind="stable")
                size = np.bincount(table.parent_rows, minlength=len(table.parent))
                of = places[table.parent.name]
                parent = np.repeat(np.arange(len(of)), size[of])
                start = np.cumsum(size[of]) - size[of]
                within = np.arange(len(parent)) - start[parent]
                places[each] = order[(np.cumsum(size) - size)[of][parent] + within]
                copy[each] = copy[table.parent.name][parent]
            if each == name and times != 1:
                is_row = places[each] == rows[copy[each]]
                chosen = np.repeat(np.arange(len(is_row)), np.where(is_row, times, 1))
                places[each], copy[each] = places[each][chosen], copy[each][chosen]
                parent = None if parent is None else parent[chosen]
            frame = table.frame.iloc[places[each]].reset_index(drop=True)
            if each == name and new is not None and alike is not None:
                changed = np.flatnonzero(alike[places[each]] == alike[rows[copy[each]]])
                for column, code in new.items():
                    frame.loc[changed.tolist(), column] = code
            tables[each] = replace(
                table,
                frame=frame,
                parent=tables[table.parent.name] if table.parent is not None else None,
                parent_rows=None if parent is None else parent.astype(np.int32),
            )
        dataset = self.register.dataset
        dataset = replace(dataset, tables={**dataset.tables, **tables})
        return replace(self.register, dataset=dataset), copy

    def _count(self, copies: Copies, places: Sequence[int]) -> Matrix:
        """How many rows each copy adds to some of the cells (copy × cell)."""
        register, copy = copies
        number = len(copy["contacts"])
        counts: Matrix = csr_array((number, len(self.cells)), dtype=np.int64)
        for name, block in self.blocks.items():
            own = [at for at in places if self.cells[at][0] == name]
            members = block.find_members(register, [self.cells[at][1] for at in own])
            column, row = np.nonzero(members.T)
            ones = np.ones(len(row), dtype=np.int64)
            at = copy[name][row], np.array(own, dtype=np.int64)[column]
            counts = counts + csr_array((ones, at), shape=counts.shape)
        return counts


def list_fields(block: CountBlock, cell: CountCell) -> set[str]:
    """The fields of the sources that say whether a row is one of a cell, of its table or below."""
    fields = set[str]()
    for name in cell.conditions:
        for each in block.conditions[name]:
            if isinstance(each, PopulationSpec):
                for spec in each.list_nested():
                    fields |= {SOURCE_FIELDS.get(field, field) for field in spec.fields}
        fields |= {name} & {"date"}
    return fields


class Witnesses:
    """The witnesses of a year, as far as they are needed."""

    def __init__(self, register: Register, blocks: Sequence[CountBlock], threshold: int) -> None:
        self.threshold = threshold
        fields = {
            name
            for block in blocks
            for cell in block.cells
            if cell.is_small(threshold) and not cell.is_of_days
            for name in list_fields(block, cell)
        }
        self.moves = Moves(register, blocks, fields)
        self.cells = [cell for _, cell in self.moves.cells]
        # How often each move is made in each that was found, and by how much cells change.
        self._pool: list[tuple[Numbers, Numbers]] = []
        self._hidden = frozenset[str]()
        self._searches: dict[tuple[str, frozenset[str], tuple[int, ...]], Search] = {}
        # The cell, by how much it has to change, and who may not, of the last that wasn't found.
        self._lacking: tuple[int, Range, Sequence[int]] = (0, ANY, ())

    def is_protected(self, hidden: frozenset[str], target: CountCell) -> bool:
        """Whether a count can be 0 and be large, for whoever knows one contact or none."""
        at, least = self.cells.index(target), float(self.threshold)
        if self._hidden != hidden:
            self._hidden = hidden
            self._searches.clear()
        if target.group:
            return self._exist(at, (min(least, target.group), np.inf), [])
        own = self.moves.base[:, [at]].toarray()[:, 0]
        # By contact, how many are known beside hers: those of a printed part that aren't hers.
        parts = [n for n, each in enumerate(self.cells) if each.id in target.printed_parts]
        others = self.moves.value[parts] - self.moves.base[:, parts].toarray()
        beside = others.max(axis=1, initial=0)
        readers = [(target.printed[0], list[int]())]
        for number, more in sorted({*zip(own.tolist(), beside.tolist(), strict=True)}):
            if number:
                readers.append((more, np.flatnonzero((own == number) & (beside == more)).tolist()))
        return all(
            self._exist(at, ends, each)
            for more, each in readers
            for ends in ((0, more), (least, np.inf))
        )

    def list_to_hide(self) -> list[CountCell] | None:
        """The published counts that change in another witness, in place of the one that is lacking.

        That is the one that `is_protected` looked for last. Those counts change first that ask of
        no field but those of the target. None is the answer if there is no such witness either.
        """
        at, ends, fixed = self._lacking
        fields = self.moves.fields_of_cells
        published = [
            place
            for place, cell in enumerate(self.cells)
            if not (cell.fixed or cell.id in self._hidden)
        ]
        near = [place for place in published if fields[place] <= fields[at]]
        for soft in (near, published):
            search = self._search(at, tuple(soft))
            witness = search.find(at, ends, fixed)
            if witness is not None:
                change = self.moves.effects.T @ witness
                self._pool.append((witness, change))
                return [self.cells[place] for place in search.list_broken(change)]
        return None

    def _exist(self, at: int, ends: Range, inside: list[int]) -> bool:
        """Whether there are so many rows beside those of a contact: of each of some, or of others.

        All of those that are `inside` have as many rows of the cell.
        """
        cell, base = self.cells[at], self.moves.base
        known = int(base[inside[0], at]) if inside else 0
        # What was printed of a count before, nobody else has to be able to think of.
        low, high = np.clip((known + ends[0], known + ends[1]), *cell.printed) - cell.value
        left = inside
        if not inside:
            moves = self._find(at, (low, high), [])
            if moves is None:
                return False
            own = base[:, [at]].toarray()[:, 0]
            left = [each for each in self._list_needed(moves) if not own[each]]
        together = len(left) * known <= high + cell.value
        if not left or (together and self._find(at, (low, high), left) is not None):
            return True
        # Each by itself, one of those that are alike.
        _, first = np.unique(self.moves.alike[left], return_index=True)
        return len(left) > 1 and all(
            self._find(at, (low, high), [left[place]]) is not None for place in first.tolist()
        )

    def _find(self, at: int, ends: Range, fixed: Sequence[int]) -> Numbers | None:
        """How often each move is made in a witness in which a cell changes by so much.

        Some contacts stay as they are. It has no moves where none are needed, or none are known.
        """
        nothing = np.zeros(self.moves.effects.shape[0], dtype=np.int64)
        if ends[0] <= 0 <= ends[1]:
            return nothing
        search = self._search(at)
        for moves, change in self._pool:
            is_one = ends[0] <= change[at] <= ends[1] and not search.list_broken(change)
            if is_one and not self.moves.match(moves, fixed)[1]:
                return moves
        witness = search.find(at, ends, fixed)
        if witness is None:
            self._lacking = at, ends, fixed
        elif witness.any():
            self._pool.append((witness, self.moves.effects.T @ witness))
        return witness

    def _search(self, at: int, soft: tuple[int, ...] = ()) -> Search:
        """The search beside what is published, for the table of a cell; soft counts may change."""
        table, fields = self.moves.cells[at][0], frozenset(self.cells[at].conditions)
        if (table, fields, soft) not in self._searches:
            ends = [
                each.limits if each.id in self._hidden else (each.value, each.value)
                for each in self.cells
            ]
            room = np.array(ends, dtype=np.float64).T - self.moves.value
            near = [
                place
                for place, (of, cell) in enumerate(self.moves.cells)
                if of == table and cell.conditions.keys() == fields and cell.id in self._hidden
            ]
            self._searches[table, fields, soft] = Search(self.moves, room, near, soft)
        return self._searches[table, fields, soft]

    def _list_needed(self, moves: Numbers) -> list[int]:
        """The contacts without which these moves can't be made."""
        matched = self.moves.match(moves, [])[0]
        return [each for each in matched if self.moves.match(moves, [each])[1]]


class Search:
    """The programmes that look for witnesses beside the same published counts.

    `room` (2 × cell) is by how much each cell may change. Moves that change hidden cells that are
    `near` come first. Published counts that are `soft` may change too, as far as other numbers let
    them: the fewer and the smaller, the better.
    """

    def __init__(
        self, moves: Moves, room: Floats, near: Sequence[int], soft: Sequence[int] = ()
    ) -> None:
        self.moves, self.room, self.soft = moves, room, soft
        # That no count is below 0 each register sees to.
        least = np.where((room[0] == -moves.value) & (room[1] > 0), -np.inf, room[0])
        lines = np.flatnonzero(np.isfinite(least) | np.isfinite(room[1]))
        weight = np.zeros(len(moves.value), dtype=np.int64)
        weight[lines] = 1
        weight[[*soft]] = 0
        weight[[*near]] -= NEAR
        late = moves.rank + moves.effects.astype(np.bool_).astype(np.int64) @ weight
        self._columns = np.argsort(late, kind="stable")[: COLUMNS[-1]]
        self._used, which = np.unique(moves.set_of[self._columns], return_inverse=True)
        size = len(self._columns)
        uses = csc_array((np.ones(size), (which, np.arange(size))))
        effects = moves.effects[self._columns].astype(np.float64)
        self._matrix = csc_array(vstack([effects[:, lines].T, uses]))
        self._least = np.append(least[lines], np.zeros(len(self._used)))
        self._most = room[1][lines]
        # How many fewer and how many more there are of each soft count; a last line is the target.
        place = np.searchsorted(lines, soft), np.arange(len(soft))
        fewer = csr_array((np.ones(len(soft)), place), shape=(len(self._least) + 1, len(soft)))
        self._slack = hstack([fewer, -fewer])
        value = moves.value[[*soft]]
        limits = np.array([moves.cells[each][1].limits for each in soft]).reshape(-1, 2).T
        self._most_slack = np.abs(limits - value).ravel()
        self._price = np.tile(PRICE * np.log2(2 + value), 2)

    def list_broken(self, change: Numbers) -> list[int]:
        """The cells that change by more than they may."""
        return np.flatnonzero((change < self.room[0]) | (self.room[1] < change)).tolist()

    def find(self, at: int, ends: Range, fixed: Collection[int]) -> Numbers | None:
        """How often each move is made in a witness in which a cell changes by so much.

        A programme in fractions chooses among many moves, and one in whole numbers among the first
        moves and those that it chose. Contacts that are too few for the moves are a limit of the
        next one. None is the answer where none was found.
        """
        target = csc_array(self.moves.effects[self._columns][:, [at]].T.astype(np.float64))
        most = np.concatenate([self._most, self.moves.count_able(fixed)[self._used], ends[1:]])
        least, matrix = np.append(self._least, ends[0]), csc_array(vstack([self._matrix, target]))
        none, too_few = np.zeros(len(self._price)), list[list[int]]()
        for first in COLUMNS:
            columns = np.arange(len(self._columns))[:first]
            for whole in (0, *[1] * CUTS):
                inside = [self._count_inside(columns, each) for each in too_few]
                free = [len({*each} - {*fixed}) for each in too_few]
                search = milp(
                    np.append(np.ones(len(columns)), self._price),
                    bounds=Bounds(0, np.append(np.full(len(columns), np.inf), self._most_slack)),
                    constraints=LinearConstraint(
                        vstack([hstack([matrix[:, columns], self._slack]), *inside]),
                        np.append(least, np.zeros(len(free))),
                        np.append(most, free),
                    ),
                    integrality=np.append(np.full(len(columns), whole), none),
                    options={"node_limit": STEPS, "mip_rel_gap": GAP} if whole else None,
                )
                if search.x is None:
                    break
                times = search.x[: len(columns)]
                number = np.round(times)
                if np.abs(times - number).max(initial=0) < WHOLE:
                    moves = np.zeros(self.moves.effects.shape[0], dtype=np.int64)
                    moves[self._columns[columns]] = number.astype(np.int64)
                    few = self.moves.match(moves, fixed)[1]
                    if not few:
                        change = self.moves.effects.T @ moves
                        broken = {*self.list_broken(change)} - {*self.soft}
                        if ends[0] <= change[at] <= ends[1] and not broken:
                            return moves
                        break
                    too_few.append([each for each in few if each >= 0])
                columns = np.union1d(columns[: COLUMNS[0]], columns[times > WHOLE])
        return None

    def _count_inside(self, columns: Numbers, contacts: Collection[int]) -> Matrix:
        """Which moves none but some contacts can make, and no slack (1 × column)."""
        able = csr_array(self.moves.able[self._columns[columns]])
        size = np.diff(able.indptr)
        inside = (size > 0) & (np.asarray(able[:, [*contacts]].sum(axis=1)) == size)
        return csr_array(np.append(inside, np.zeros(len(self._price)))[None])
