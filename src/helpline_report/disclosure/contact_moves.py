"""What contacts can be instead: other values in a field, a row more or fewer; and what that does.

What a change does to each count is counted on a register of changed contacts, as every figure is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csc_array, csr_array, hstack, lil_array, vstack
from scipy.sparse.csgraph import maximum_bipartite_matching

from helpline_report.disclosure.count_blocks import PEOPLE, CountBlock, CountCell, Limit, Numbers
from helpline_report.figures.counting import find_rows_above
from helpline_report.figures.model import PopulationSpec
from helpline_report.figures.register import Register
from helpline_report.parameters.row_layouts import SOURCE_FIELDS
from helpline_report.tables.dataset import Table

# At most this many contacts are copied at a time.
BATCH = 20_000
# Moves of whole persons and contacts, which change many counts, come after so many.
LATE = 100

Floats = npt.NDArray[np.float64]
Matrix = csr_array
# A register of copies of contacts, and by table of which copy each row is.
Copies = tuple[Register, Mapping[str, Numbers]]
# How late changes come, by contact the one that it is like, the contact of each, and its effect.
Change = tuple[int, Numbers, Numbers, Matrix]


class Moves:
    """What a contact can be instead, and what that does to each count.

    `effects` (move × cell, and × limit behind that) has by how much each count and what each limit
    is about changes, and `value` what they are; `able` (move × contact) which contacts can make the
    move: none where it is one more contact. `base` (contact × cell) is what each contact adds to
    each count.
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
        nobody = np.full(len(every), -1)
        changes = [(LATE, every, every, -self.base), (LATE, every, nobody, self.base)]
        changes += self._list_changes(fields)
        late, alike, origins, effects = zip(*changes, strict=True)
        effect = csr_array(vstack(effects))
        effect.eliminate_zeros()
        # Moves that do the same are one kind: two of them by a large number made of what they do.
        numbers = np.random.default_rng(0).integers(-(2**62), 2**62, len(self.cells))
        _, first, kind = np.unique(effect @ numbers, return_index=True, return_inverse=True)
        self.limits, sums = self._list_limits()
        self.effects = csr_array(hstack([effect[first], effect[first] @ sums.T]))
        number_of_rows = np.array([cell.value for _, cell in self.cells])
        self.value = np.append(number_of_rows, sums @ number_of_rows)
        self.rank = np.full(len(first), LATE)
        sizes = [*map(len, origins)]
        np.minimum.at(self.rank, kind, np.repeat(late, sizes))
        able: Matrix = csr_array((len(first), len(contacts)), dtype=np.int64)
        for of, origin, same in zip(np.split(kind, np.cumsum(sizes)), origins, alike, strict=False):
            # What one contact can do, all that are alike can.
            own = np.flatnonzero(origin >= 0)
            one = csr_array((np.ones_like(own), (of[own], origin[own])), shape=able.shape)
            size = len(every), len(every)
            able = able + one @ csr_array((np.ones_like(every), (same, every)), shape=size)
        able.data[:] = 1
        self.able = able
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

    def _list_limits(self) -> tuple[list[Limit], Matrix]:
        """What is known of two counts of this year, and these counts' factors (limit × cell)."""
        # A part may be called like a cell, which comes before it.
        place = {cell.id: at for at, (_, cell) in reversed([*enumerate(self.cells)])}
        every = (limit for block in self.blocks.values() for limit in block.limits)
        limits = [each for each in every if each.second in place]
        sums = lil_array((len(limits), len(self.cells)))
        for at, each in enumerate(limits):
            sums[at, place[each.first]] += 1
            sums[at, place[each.second]] -= each.times
        return limits, csr_array(sums)

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
        # It begins with all moves that are left over: the order of contacts makes no difference.
        todo, few = np.flatnonzero(matched < 0).tolist(), dict.fromkeys(fixed)
        while todo:
            row = todo.pop()
            for contact in graph.indices[graph.indptr[row] : graph.indptr[row + 1]].tolist():
                if int(free[contact]) not in few:
                    few[int(free[contact])] = None
                    todo.append(owner[contact])
        is_one = not (matched < 0).any()
        return (free[matched].tolist(), []) if is_one else ([], [*few, -1])

    def _list_changes(self, fields: Collection[str]) -> Iterator[Change]:
        """Changes of the rows of contacts: how late, of which contact, and what each does.

        Of contacts that are alike, one is changed; before it stands which one that is of each.
        """
        for name, table in self.tables.items():
            for field in sorted(table.fields & set(fields)):
                yield from self._change_values(name, field)
            if table.parent is not None and table.parent_rows is not None:
                size = np.bincount(table.parent_rows, minlength=len(table.parent))
                yield from self._change_numbers(name, size, size[table.parent_rows])

    def _change_values(self, name: str, field: str) -> Iterator[Change]:
        """Another value of a field: in one row, or in all rows of a contact that have the same."""
        frame = self.tables[name].frame
        columns = [column for column in frame.columns if column.partition(":")[0] == field]
        value_of_row = pd.factorize(pd.MultiIndex.from_frame(frame[columns]))[0]
        values = frame[columns].iloc[np.unique(value_of_row, return_index=True)[1]]
        if field == "date":
            values = pd.concat([values, self._list_free_days(values["date"])])
        places = [at for at, asked in enumerate(self.fields_of_cells) if field in asked]
        asked = {field}.union(*(self.fields_of_cells[at] for at in places))
        alike, rows = self._group_alike(name, asked)
        pair = self.above[name] * len(values) + value_of_row
        _, first, times = np.unique(pair, return_index=True, return_counts=True)
        several = np.intersect1d(first[times > 1], rows)
        origins, effects = [np.zeros(0, dtype=np.int64)], [self.base[:0]]
        for changed, same in ((rows, np.arange(len(frame))), (several, value_of_row)):
            new, at = np.nonzero(np.arange(len(values))[:, None] != value_of_row[changed])
            for start in range(0, len(new), BATCH):
                row, value = changed[at[start : start + BATCH]], new[start : start + BATCH]
                copies = self._copy(name, row, new=values.iloc[value], alike=same)
                origins.append(self.above[name][row])
                effects.append(self._compare(copies, origins[-1], places))
        yield 0, alike, np.concatenate(origins), csr_array(vstack(effects))

    def _change_numbers(self, name: str, size: Numbers, beside: Numbers) -> Iterator[Change]:
        """One row fewer, or one more that is like it, of those that hang on one row above.

        `size` says by row above how many these are, and `beside` by row how many are its own and
        those beside it.
        """
        alike, rows = self._group_alike(name, set[str]().union(*self.fields_of_cells))
        # That each has one, or one alone, a reader may know.
        fewer = rows[(beside[rows] > 1) | (size.min() == 0)]
        more = rows if size.max() > 1 else rows[:0]
        for row, times in ((fewer, 0), (more, 2)):
            origin = self.above[name][row]
            effect = self._compare(self._copy(name, row, times), origin, range(len(self.cells)))
            yield LATE if name == "persons" else 0, alike, origin, effect

    def _list_free_days(self, dates: pd.Series[pd.Timestamp]) -> pd.DataFrame:
        """Days on which nobody called, of months and weekdays on which somebody did.

        None is a closing day: that nobody called then a reader may know.
        """
        edition = self.register.edition
        days = pd.Series(pd.date_range(edition.period.start, edition.period.end))
        closed = pd.to_datetime([each.date for each in edition.calendar.closed])
        days = days[~days.isin(closed)].astype(dates.dtype)
        is_free = ~days.isin(dates) & days.dt.day_of_week.isin(dates.dt.day_of_week)
        is_free &= days.dt.to_period("M").isin(dates.dt.to_period("M"))
        return pd.DataFrame({"date": days[is_free]})

    def _group_alike(self, table: str, fields: Collection[str]) -> tuple[Numbers, Numbers]:
        """The first contact that is like each in some fields, and the rows of these first ones.

        It is like it in the fields of all rows that hang on it.
        """
        below = {name: np.zeros(len(each), dtype=np.int64) for name, each in self.tables.items()}
        for name, each in reversed(self.tables.items()):
            columns = [c for c in each.frame.columns if c.partition(":")[0] in fields]
            states = each.frame[columns].assign(below=below[name])
            kinds = states.groupby([*states], dropna=False, observed=True).ngroup().to_numpy()
            numbers = np.random.default_rng(3).integers(-(2**62), 2**62, len(each))[kinds]
            if each.parent is not None and each.parent_rows is not None:
                np.add.at(below[each.parent.name], each.parent_rows, numbers)
        _, first, of = np.unique(numbers, return_index=True, return_inverse=True)
        alike = first[of]
        return alike, np.flatnonzero(alike[self.above[table]] == self.above[table])

    def _compare(self, copies: Copies, origin: Numbers, places: Sequence[int]) -> Matrix:
        """By how much copies add more than their contacts to some of the cells (copy × cell)."""
        ones = np.ones(len(places), dtype=np.int64)
        chosen = csr_array((ones, (places, places)), shape=2 * (len(self.cells),))
        return csr_array(self._count(copies, places) - self.base[origin] @ chosen)

    @cached_property
    def fields_of_cells(self) -> list[set[str]]:
        """The fields of the sources that each cell asks of."""
        return [list_fields(self.blocks[table], cell) for table, cell in self.cells]

    def _copy(
        self,
        name: str,
        rows: Numbers,
        times: int = 1,
        new: pd.DataFrame | None = None,
        alike: Numbers | None = None,
    ) -> Copies:
        """A copy of the contact of each row, with all that hangs on it: the row so many times.

        Rows of the contact that are `alike` have the values in the row of `new` for their copy.
        """
        tables = dict[str, Table]()
        # For each row of the copies: the copy that it belongs to, and the row that it copies.
        copy, places = dict[str, Numbers](), dict[str, Numbers]()
        for each, table in self.tables.items():
            if table.parent is None or table.parent_rows is None:
                places[each], parent = self.above[name][rows], None
                copy[each] = np.arange(len(rows))
            else:
                of = places[table.parent.name]
                above = pd.DataFrame({"of": of, "parent": np.arange(len(of))})
                below = pd.DataFrame({"of": table.parent_rows, "row": np.arange(len(table))})
                joined = above.merge(below, on="of")
                parent, places[each] = joined["parent"].to_numpy(), joined["row"].to_numpy()
                copy[each] = copy[table.parent.name][parent]
            if each == name and times != 1:
                is_row = places[each] == rows[copy[each]]
                chosen = np.repeat(np.arange(len(is_row)), np.where(is_row, times, 1))
                places[each], copy[each] = places[each][chosen], copy[each][chosen]
                parent = None if parent is None else parent[chosen]
            frame = table.frame.iloc[places[each]].reset_index(drop=True)
            if each == name and new is not None and alike is not None:
                changed = np.flatnonzero(alike[places[each]] == alike[rows[copy[each]]])
                for column in new.columns:
                    values = frame[column].array.copy()
                    values[changed] = new[column].array[copy[each][changed]]
                    frame[column] = values
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
                    # A source gives ages, or classes of ages.
                    fields |= {"age_class"} & {*spec.fields}
                    fields |= {SOURCE_FIELDS.get(field, field) for field in spec.fields}
        fields |= {name} & {"date"}
    return fields
