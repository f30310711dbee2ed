"""Prove over all tables of a year together that each small count could be 0 and could be large.

A witness is another register that gives every published number as it is. In some of its contacts
rows have another value of one field, or there is one row more or fewer (`contact_moves`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, csr_array, hstack, vstack

from helpline_report.disclosure.contact_moves import Floats, Matrix, Moves, list_fields
from helpline_report.disclosure.count_blocks import ANY, CountBlock, CountCell, Numbers, Range
from helpline_report.figures.register import Register

# What a solver calls whole.
WHOLE = 1e-6
# A search for whole numbers that takes more steps has failed.
STEPS = 20
# A solution in whole numbers may cost so much more than the best one, as a part of it.
GAP = 0.3
# That a published count changes costs so many moves, times the logarithm of it.
PRICE = 3
# How many kinds of moves a programme chooses from; the second if the first has no solution.
COLUMNS = (600, 4000)
# How often contacts that are too few for a witness may become a limit.
CUTS = 8
# A move that changes a hidden count beside the target may change so many published ones more.
NEAR = 6


@dataclass(frozen=True)
class Goal:
    """What a witness is to do: change a cell by so much, and leave some contacts as they are."""

    at: int
    ends: Range = ANY
    fixed: Sequence[int] = ()


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
        # That of the last witness that wasn't found.
        self._lacking = Goal(0)

    def is_protected(self, hidden: frozenset[str], target: CountCell) -> bool:
        """Whether a count can be 0 and be large, for whoever knows one contact or none."""
        at, least = self.cells.index(target), float(max(self.threshold, target.reaches))
        if self._hidden != hidden:
            self._hidden = hidden
            self._searches.clear()
        if target.group:
            return self._exist(at, (min(least, target.group), np.inf), [])
        own = self.moves.base[:, [at]].toarray()[:, 0]
        # How many each contact knows besides its own: those of a printed part that aren't its own.
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
        goal, fields = self._lacking, self.moves.fields_of_cells
        published = [
            place
            for place, cell in enumerate(self.cells)
            if not (cell.fixed or cell.id in self._hidden)
        ]
        near = [place for place in published if fields[place] <= fields[goal.at]]
        for soft in (near, published):
            search = self._search(goal.at, tuple(soft))
            witness = search.find(goal)
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
            moves = self._find(Goal(at, (low, high)))
            if moves is None:
                return False
            own = base[:, [at]].toarray()[:, 0]
            left = [each for each in self._list_needed(moves) if not own[each]]
        together = len(left) * known <= high + cell.value
        if not left or (together and self._find(Goal(at, (low, high), left)) is not None):
            return True
        # Each by itself, one of those that are alike.
        _, first = np.unique(self.moves.alike[left], return_index=True)
        return len(left) > 1 and all(
            self._find(Goal(at, (low, high), [left[place]])) is not None for place in first.tolist()
        )

    def _find(self, goal: Goal) -> Numbers | None:
        """How often each move is made in a witness.

        It has no moves where none are needed. None is the answer where no witness was found.
        """
        least, most = goal.ends
        if least <= 0 <= most:
            return np.zeros(self.moves.effects.shape[0], dtype=np.int64)
        search = self._search(goal.at)
        for moves, change in self._pool:
            is_one = least <= change[goal.at] <= most and not search.list_broken(change)
            if is_one and not self.moves.match(moves, goal.fixed)[1]:
                return moves
        witness = search.find(goal)
        if witness is None:
            self._lacking = goal
        else:
            self._pool.append((witness, self.moves.effects.T @ witness))
        return witness

    def _search(self, at: int, soft: tuple[int, ...] = ()) -> Search:
        """The search beside what is published, for the table of a cell; soft counts may change."""
        table, fields = self.moves.cells[at][0], frozenset(self.cells[at].conditions)
        if (table, fields, soft) not in self._searches:
            ends = [
                each.limits if each.id in self._hidden else (each.value, each.value)
                for each in self.cells
            ] + [(each.low, each.high) for each in self.moves.limits]
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

    `room` (2 × cell and limit) is by how much each may change. Moves that change hidden cells that
    are `near` come first. Published counts that are `soft` may change too, as far as other numbers
    let them: the fewer and the smaller, the better.
    """

    def __init__(
        self, moves: Moves, room: Floats, near: Sequence[int], soft: Sequence[int] = ()
    ) -> None:
        self.moves, self.room, self.soft = moves, room, soft
        # That no count is below 0 each register sees to.
        is_count = np.arange(len(moves.value)) < len(moves.cells)
        no_limit = is_count & (room[0] == -moves.value) & (room[1] > 0)
        least = np.where(no_limit, -np.inf, room[0])
        self._lines = lines = np.flatnonzero(np.isfinite(least) | np.isfinite(room[1]))
        self._least, self._most = least[lines], room[1][lines]
        weight = np.zeros((len(moves.value), 2), dtype=np.int64)
        weight[lines] = 1
        weight[[*soft]] = 0
        weight[[*near], 1] -= NEAR
        changed = moves.effects.astype(np.bool_).astype(np.int64) @ weight
        # For each move, how many published counts it changes.
        self._changed = moves.rank + changed[:, 0]
        self._columns = np.argsort(moves.rank + changed[:, 1], kind="stable")[: COLUMNS[-1]]
        # How many fewer and how many more there are of each soft count.
        place = np.searchsorted(lines, soft), np.arange(len(soft))
        fewer = csr_array((np.ones(len(soft)), place), shape=(len(lines), len(soft)))
        self._slack = hstack([fewer, -fewer])
        value = moves.value[[*soft]]
        limits = np.array([moves.cells[each][1].limits for each in soft]).reshape(-1, 2).T
        self._most_slack = np.abs(limits - value).ravel()
        self._price = np.tile(PRICE * np.log2(2 + value), 2)

    def list_broken(self, change: Numbers) -> list[int]:
        """The cells and limits that change by more than they may."""
        least, most = self.room[0] - WHOLE, self.room[1] + WHOLE
        return np.flatnonzero((change < least) | (most < change)).tolist()

    def find(self, goal: Goal) -> Numbers | None:
        """How often each move is made in a witness, or None where none was found.

        The first moves are tried, then more of them, and last all that change the cell as they
        have to.
        """
        effect = self.moves.effects[:, [goal.at]].toarray()[:, 0] * (1 if goal.ends[0] > 0 else -1)
        own = np.flatnonzero(effect > 0)
        own = own[np.argsort(self._changed[own], kind="stable")][: COLUMNS[-1]]
        first, more = (self._columns[:number] for number in COLUMNS)
        last = np.append(own, first[~np.isin(first, own)])
        too_few = list[list[int]]()
        witnesses = (self._choose(each, goal, too_few) for each in (first, more, last))
        return next((each for each in witnesses if each is not None), None)

    def _choose(self, candidates: Numbers, goal: Goal, too_few: list[list[int]]) -> Numbers | None:
        """A witness among some moves, or None.

        A programme in fractions chooses among all of them, and those in whole numbers among the
        first ones and those that it chose. Contacts that are too few for the moves of one are a
        limit of the next: they are added to `too_few`.
        """
        for is_whole in (False, *[True] * CUTS):
            times = self._solve(candidates, goal, too_few, is_whole=is_whole)
            if times is None:
                return None
            number = np.round(times)
            if np.abs(times - number).max(initial=0) < WHOLE:
                moves = np.zeros(self.moves.effects.shape[0], dtype=np.int64)
                moves[candidates] = number.astype(np.int64)
                few = self.moves.match(moves, goal.fixed)[1]
                if not few:
                    change = self.moves.effects.T @ moves
                    broken = {*self.list_broken(change)} - {*self.soft}
                    is_one = goal.ends[0] <= change[goal.at] <= goal.ends[1] and not broken
                    return moves if is_one else None
                too_few.append([each for each in few if each >= 0])
            is_first = np.arange(len(candidates)) < COLUMNS[0]
            candidates = candidates[is_first | (times > WHOLE)]
        return None

    def _solve(
        self, columns: Numbers, goal: Goal, too_few: Sequence[Sequence[int]], *, is_whole: bool
    ) -> Floats | None:
        """How often each of some moves is made, as few as will do; None if nothing will do.

        The limits are the room of cells, the goal, and how many contacts can make moves of a set,
        or moves that none but those which were too few can make.
        """
        moves = self.moves
        sets, set_of = np.unique(moves.set_of[columns], return_inverse=True)
        uses = csc_array((np.ones(len(set_of)), (set_of, np.arange(len(set_of)))))
        inside = [self._list_inside(columns, each) for each in too_few]
        free = [len({*each} - {*goal.fixed}) for each in too_few]
        effects = csc_array(moves.effects[columns].T)
        without_slack = vstack([effects[[goal.at]], uses, *inside])
        zeros = csr_array((without_slack.shape[0], len(self._price)))
        matrix = vstack(
            [hstack([effects[self._lines], self._slack]), hstack([without_slack, zeros])]
        )
        able = np.append(moves.count_able(goal.fixed)[sets], free)
        least = np.concatenate([self._least, goal.ends[:1], np.zeros(len(able))])
        most = np.concatenate([self._most, goal.ends[1:], able])
        search = milp(
            np.append(np.ones(len(columns)), self._price),
            bounds=Bounds(0, np.append(np.full(len(columns), np.inf), self._most_slack)),
            constraints=LinearConstraint(matrix, least, most),
            integrality=np.append(np.full(len(columns), is_whole), np.zeros(len(self._price))),
            options={"node_limit": STEPS, "mip_rel_gap": GAP} if is_whole else None,
        )
        return None if search.x is None else search.x[: len(columns)]

    def _list_inside(self, moves: Numbers, contacts: Collection[int]) -> Matrix:
        """Which of some moves none but these contacts can make (1 × move)."""
        able = csr_array(self.moves.able[moves])
        size = np.diff(able.indptr)
        inside = (size > 0) & (np.asarray(able[:, [*contacts]].sum(axis=1)) == size)
        return csr_array(inside[None].astype(float))
