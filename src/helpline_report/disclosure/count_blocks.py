"""Make counts of people cells over rows: what each counts, and what rows there are or could be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import permutations

import numpy as np
import numpy.typing as npt

from helpline_report.figures.breakdown import narrow
from helpline_report.figures.counting import SOURCE_FIELDS, get_table, group_by_contact, make_mask
from helpline_report.figures.model import Condition, Key, PopulationSpec, make_key
from helpline_report.figures.population import Population
from helpline_report.figures.register import DERIVED, Register

Members = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
Range = tuple[float, float]
# Of a count that nothing is known of.
ANY: Range = (0, np.inf)
# The tables whose rows are about people, each below the one before.
PEOPLE = ("contacts", "persons", "followups")
# Conditions on the tables below are one field, since they often imply one another.
BELOW = "having"


@dataclass(frozen=True)
class CountCell:
    """One count: the rows of a block that meet one condition on each of some fields.

    `conditions` gives, by field, which of the conditions on this field it is (`Block.states`).
    `contacts` is from how many contacts its rows come. A `fixed` one can't be hidden: it was
    published before, or must be 0. What is `derived` stands nowhere, and other counts tell it.
    `limits` are the lowest and the highest that the count can be, as other published numbers say,
    and `printed` those that an earlier publication says of the very count. Of a `group` of so many
    rows all have one value of a sensitive field, the last of `conditions`: the cell counts the rows
    of the group with another value, which are 0.
    """

    id: str
    value: int
    contacts: int
    conditions: Mapping[str, int] = field(default_factory=dict)
    fixed: bool = False
    derived: bool = False
    limits: Range = ANY
    printed: Range = ANY
    group: int = 0

    def is_small(self, threshold: int) -> bool:
        """Whether it is of so few people that it says something of each of them.

        Rows of one contact are about people who belong together: so its contacts count. That the
        rest of a group is 0 says something of each of the group.
        """
        return bool(self.group) or (0 < self.contacts < threshold and not self.fixed)

    @property
    def is_of_days(self) -> bool:
        """Whether it is of some days, of which no table says any more than that.

        A reader can't work it out; that it is small tells nobody who it was.
        """
        return self.derived and self.conditions.keys() == {"date"}


@dataclass(frozen=True)
class Part:
    """A condition on a field that others tell: to meet just those of `among` that are `met`."""

    among: tuple[int, ...]
    met: tuple[bool, ...]


@dataclass(frozen=True, eq=False)
class CountBlock:
    """The rows of one table of one year, as far as the cells tell them apart.

    `states` has, by field, a matrix (state × condition): which conditions on the field a row in
    this state meets. `rows` (row × field) says in which state each row is, in the order of
    `states`; `contact` on which contact it hangs. `totals` are counts that no figure says: those
    that counts of another table limit, and larger ones of tables that aren't published.
    """

    name: str
    states: Mapping[str, Members]
    rows: Numbers
    contact: Numbers
    cells: tuple[CountCell, ...] = ()
    totals: tuple[CountCell, ...] = ()
    conditions: Mapping[str, tuple[PopulationSpec | Part, ...]] = field(default_factory=dict)

    @cached_property
    def _different(self) -> tuple[Numbers, Numbers]:
        return tell_apart(self.rows)

    @property
    def kind(self) -> Numbers:
        """Of each row, which of `kinds` it is."""
        return self._different[1]

    @cached_property
    def kinds(self) -> Numbers:
        """The different rows (kind × field), in order.

        After them come those that the members of a group could be, had they another value of its
        field: of these there are none.
        """
        kinds = [self.rows[self._different[0]]]
        for cell in self.cells:
            if cell.group:
                *others, name = cell.conditions
                group = replace(cell, conditions={each: cell.conditions[each] for each in others})
                members = kinds[0][self.members(kinds[0], [group])[:, 0]]
                kinds.append(self.vary(members, name, range(len(self.states[name]))))
        return np.concatenate(kinds)

    def members(self, rows: Numbers, cells: Sequence[CountCell]) -> Members:
        """Which rows belong to which cells (row × cell), whether such rows exist or not."""
        members = np.ones((len(rows), len(cells)), dtype=np.bool_)
        for place, (name, met) in enumerate(self.states.items()):
            for column, cell in enumerate(cells):
                if name in cell.conditions:
                    members[:, column] &= met[rows[:, place], cell.conditions[name]]
        return members

    def find_members(self, register: Register, cells: Sequence[CountCell]) -> Members:
        """Which rows of a register belong to which cells (row × cell)."""

        @cache
        def meet(name: str, place: int) -> Members:
            condition = self.conditions[name][place]
            if not isinstance(condition, Part):
                return make_mask(Population(register, condition))
            others = np.stack([meet(name, each) for each in condition.among])
            return np.asarray((others == np.array(condition.met)[:, None]).all(axis=0))

        rows = len(get_table(register, self.table))
        members = np.ones((rows, len(cells)), dtype=np.bool_)
        for place, cell in enumerate(cells):
            for name, condition in cell.conditions.items():
                members[:, place] &= meet(name, condition)
        return members

    @property
    def table(self) -> str:
        """The name of its table."""
        return self.name.partition(" ")[0]

    @property
    def edition(self) -> str:
        """The name of its year."""
        return self.name.partition(" ")[2]

    def vary(self, rows: Numbers, name: str, states: Iterable[int] | None = None) -> Numbers:
        """These rows with one field in each of some states: else in those of any of them."""
        place = list(self.states).index(name)
        others = np.unique(rows[:, place]) if states is None else np.array([*states])
        varied = np.repeat(rows, len(others), axis=0)
        varied[:, place] = np.tile(others, len(rows))
        return varied

    def with_differences(self, threshold: int) -> CountBlock:
        """The block with what its cells tell apart besides: small parts that no cell is.

        Weeks and months together tell a part of a week; all persons and those of known ages tell
        the others. Such a part is a small count like any other, though it is published nowhere.
        """
        block, ids = self, {frozenset(each.conditions.items()): each.id for each in self.cells}
        for rest, name, conditions in self._overlaps():
            inside = self.members(self.rows, [CountCell("", 0, 0, rest)])[:, 0]
            parts, part = np.unique(self.states[name][:, conditions], axis=0, return_inverse=True)
            of_row = part.ravel()[self.rows[:, list(self.states).index(name)]]
            for number, met in enumerate(parts):
                rows = inside & (of_row == number)
                contacts = len(np.unique(self.contact[rows]))
                is_cell = met.sum() == 1 and parts[:, met].sum() == 1
                if not is_cell and 0 < contacts < threshold:
                    every = [ids[frozenset({**rest, name: each}.items())] for each in conditions]
                    among = [each for each, is_met in zip(every, met, strict=True) if is_met]
                    whole = ids.get(frozenset(rest.items()), every[0])
                    title = f"part of {' and '.join(among)}" if among else f"rest of {whole}"
                    title += f" (by {name})"
                    cell = CountCell(title, int(rows.sum()), contacts, rest, derived=True)
                    condition = Part(tuple(conditions), tuple(met.tolist()))
                    block = block.derive(cell, name, condition)
        return block

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
        block = self
        for cell, name in groups:
            rest = {other: each for other, each in cell.conditions.items() if other != name}
            other_value = Part((cell.conditions[name],), (False,))
            title = f"that all of {cell.id} have one {name}"
            group = CountCell(title, 0, 0, rest, derived=True, group=cell.value)
            block = block.derive(group, name, other_value)
        return block

    def derive(self, cell: CountCell, name: str, condition: Part) -> CountBlock:
        """The block with one more cell, on whose field `name` there is a condition of its own."""
        states = (self.states[name][:, condition.among] == condition.met).all(axis=1)
        matrix = np.hstack([self.states[name], states[:, None]])
        conditions = {**self.conditions, name: (*self.conditions.get(name, ()), condition)}
        where = {**cell.conditions, name: matrix.shape[1] - 1}
        more = replace(cell, conditions=where)
        return replace(
            self,
            states={**self.states, name: matrix},
            conditions=conditions,
            cells=(*self.cells, more),
        )


def intersect(first: Range, second: Range) -> Range:
    """What two statements of one count say together."""
    return max(first[0], second[0]), min(first[1], second[1])


def tell_apart(rows: Members | Numbers) -> tuple[Numbers, Numbers]:
    """Where the first of each different row stands, in order, and which of them each row is."""
    # A text a row is quicker to compare and to sort. Each number has two bytes.
    numbers = np.hstack([np.ones((len(rows), 1)), rows]).astype(">u2", order="C")
    texts = numbers.view(f"S{2 * numbers.shape[1]}")[:, 0]
    first, number = np.unique(texts, return_index=True, return_inverse=True)[1:]
    return first, number


class BlockBuilder:
    """Makes the block of one table of one year from its populations, by name.

    `make_cell` is called for each population first: it collects the conditions of which
    `make_block` then makes states.
    """

    def __init__(self, register: Register, specs: Mapping[str, PopulationSpec]) -> None:
        self.register, self.specs = register, specs
        self.whole = Population.whole(register, next(iter(specs.values())).table).spec
        self.contact = group_by_contact(Population(register, self.whole)).contacts.astype(np.int64)
        # By field, the conditions on it in the order in which they come, and their rows.
        self.masks: dict[str, dict[Key, Members]] = {}
        self.parts: dict[str, dict[Key, PopulationSpec]] = {}

    def make_cell(
        self, name: str, rows: Members, printed: Range, limits: Range, *, named: bool
    ) -> CountCell:
        """The cell of a population; one that isn't `named` is no figure of the ledger."""
        is_printed = printed[0] == printed[1]
        return CountCell(
            name,
            int(rows.sum()),
            len(np.unique(self.contact[rows])),
            {
                field: self._add_condition(field, part)
                for field, part in self._split_by_field(self.specs[name])
            },
            fixed=is_printed or self._is_impossible(self.specs[name]),
            derived=not (named or is_printed),
            limits=limits,
            printed=printed,
        )

    def make_block(self, name: str, cells: Sequence[CountCell], threshold: int) -> CountBlock:
        """The block of these cells, with its rows in their states."""
        states: dict[str, Members] = {}
        rows = np.zeros((len(self.contact), len(self.masks)), dtype=np.int64)
        for column, (of_field, masks) in enumerate(sorted(self.masks.items())):
            matrix = np.stack(list(masks.values()), axis=1)
            states[of_field], place = np.unique(matrix, axis=0, return_inverse=True)
            rows[:, column] = place.ravel()
        conditions = {field: tuple(parts.values()) for field, parts in self.parts.items()}
        block = CountBlock(name, states, rows, self.contact, tuple(cells), conditions=conditions)
        groups = [
            (cell, self._find_common_field(self.specs[cell.id], cell.value)) for cell in cells
        ]
        return block.with_differences(threshold).with_groups(each for each in groups if each[1])

    def _split_by_field(self, spec: PopulationSpec) -> Iterator[tuple[str, PopulationSpec]]:
        """What a population asks of each field that distinguishes rows."""
        parts: dict[str, PopulationSpec] = {}
        if spec.period != self.whole.period or spec.without is not None:
            update = {"period": spec.period, "without": spec.without}
            parts["date"] = self.whole.model_copy(update=update)
        for each in spec.conditions:
            field = _find_source_field(each.field)
            part = parts.get(field, self.whole)
            parts[field] = part.model_copy(update={"conditions": (*part.conditions, each)})
        if spec.having:
            parts[BELOW] = self.whole.model_copy(update={"having": spec.having})
        yield from sorted(parts.items())

    def _add_condition(self, field: str, part: PopulationSpec) -> int:
        masks, key = self.masks.setdefault(field, {}), make_key(part)
        if key not in masks:
            masks[key] = make_mask(Population(self.register, part))
            self.parts.setdefault(field, {})[key] = part
        return list(masks).index(key)

    def _find_common_field(self, spec: PopulationSpec, number: int) -> str:
        """The field of which a group has one value, where that tells something of each of it."""
        for condition in spec.conditions:
            others = tuple(item for item in spec.conditions if item.field != condition.field)
            if not number or not (others or spec.having) or not self._is_sensitive(condition):
                continue
            group = spec.model_copy(update={"conditions": others})
            if int(make_mask(Population(self.register, group)).sum()) == number:
                listed = self.register.codes(condition.field)
                codes = set(listed or ()) - set(condition.codes)
                specs = (narrow(group, condition.field, code) for code in codes)
                if listed is None or not all(map(self._is_impossible, specs)):
                    return _find_source_field(condition.field)
        return ""

    def _is_impossible(self, spec: PopulationSpec) -> bool:
        """Whether two of its conditions never go together, by the code lists."""
        for each, other in permutations(spec.conditions, 2):
            codelist = self.register.codelists.get(each.field)
            codes = [codelist.by_code.get(code) for code in each.codes] if codelist else []
            never = [set(code.never_with.get(other.field, ())) if code else set() for code in codes]
            if never and all(set(other.codes) <= codes for codes in never):
                return True
        return False

    def _is_sensitive(self, condition: Condition) -> bool:
        """Whether the value of a field says something of a person that others needn't know."""
        if condition.field in DERIVED:
            return DERIVED[condition.field] == "persons"
        codelist = self.register.codelists.get(condition.field)
        if codelist is None or not codelist.sensitive:
            return False
        codes = (codelist.by_code.get(code) for code in condition.codes)
        return not any(code.missing for code in codes if code)


def _find_source_field(field: str) -> str:
    """The field that a field is worked out from: months, weeks and days are all dates.

    Weekdays stand by themselves: each week and each month has all of them.
    """
    return field if field == "weekday" else SOURCE_FIELDS.get(field, field)
