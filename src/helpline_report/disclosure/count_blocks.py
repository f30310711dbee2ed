"""Make counts of people cells over rows: what each counts, and what rows there are or could be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import permutations
from math import ceil, inf

import numpy as np
import numpy.typing as npt

from helpline_report.figures.breakdown import narrow
from helpline_report.figures.counting import get_table, group_by_contact, make_mask
from helpline_report.figures.model import Condition, Key, PopulationSpec, make_key
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.parameters.row_layouts import DERIVED, SOURCE_FIELDS

Members = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
Range = tuple[float, float]
# What a count can be if nothing is known of it.
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
    and `printed` those that an earlier publication says of it; `printed_parts` are the ids of
    the cells whose counts were printed and whose rows are among its own. Of a `group` of so many
    rows all have one value of a sensitive field, the last of `conditions`: the cell counts the rows
    of the group with another value, which are 0. One that gives away a small count by a printed
    ratio `reaches` what it is where that one is the threshold: other registers have as many.
    """

    id: str
    value: int
    contacts: int
    conditions: Mapping[str, int] = field(default_factory=dict)
    fixed: bool = False
    derived: bool = False
    limits: Range = ANY
    printed: Range = ANY
    printed_parts: tuple[str, ...] = ()
    group: int = 0
    reaches: int = 0

    def is_small(self, threshold: int) -> bool:
        """Whether it is of so few people that it says something of each of them.

        Rows of one contact are about people who belong together: so its contacts count. That the
        rest of a group is 0 says something of each of the group.
        """
        is_few = bool(self.reaches) or 0 < self.contacts < threshold
        return bool(self.group) or (is_few and not self.fixed)

    @property
    def is_of_days(self) -> bool:
        """Whether it is of some days, of which no table says any more than that.

        A reader can't work it out; that it is small tells nobody who it was.
        """
        return self.derived and self.conditions.keys() == {"date"}


@dataclass(frozen=True)
class Limit:
    """What is known of two counts of a year, by the ids of their cells.

    The `first` less so many `times` the `second` is from `low` to `high`.
    """

    first: str
    second: str
    times: float
    low: float
    high: float


@dataclass(frozen=True)
class Part:
    """A condition on a field that others tell: to meet just those of `among` that are `met`."""

    among: tuple[int, ...]
    met: tuple[bool, ...]


@dataclass(frozen=True, eq=False)
class CountBlock:
    """The counts of people of one table of one year, as cells.

    `conditions` has, by field, the conditions that cells set on it; `members` (row × cell) says
    which rows are of which cells. `totals` are counts that no figure says: those that counts of
    another table limit, and larger ones of tables that aren't published. `limits` are what is
    known of two counts together, the first of which is one of the block.
    """

    table: str
    edition: str
    conditions: Mapping[str, tuple[PopulationSpec | Part, ...]]
    cells: tuple[CountCell, ...]
    totals: tuple[CountCell, ...] = ()
    members: Members = field(default_factory=lambda: np.zeros((0, 0), dtype=np.bool_))
    limits: tuple[Limit, ...] = ()

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
        # The rows of one cell lie together in memory: changes are counted in a quarter less time.
        members = np.ones((len(cells), rows), dtype=np.bool_)
        for place, cell in enumerate(cells):
            for name, condition in cell.conditions.items():
                members[place] &= meet(name, condition)
        return members.T


def intersect(first: Range, second: Range) -> Range:
    """What two statements of one count say together."""
    return max(first[0], second[0]), min(first[1], second[1])


class BlockBuilder:
    """Makes the block of one table of one year from its populations, by name.

    `make_cell` is called for each population first: it collects the conditions.
    """

    def __init__(self, register: Register, specs: Mapping[str, PopulationSpec]) -> None:
        self.register, self.specs = register, specs
        self.whole = Population.whole(register, next(iter(specs.values())).table).spec
        self.contact = group_by_contact(Population(register, self.whole)).astype(np.int64)
        # The conditions on each field, in the order in which they come.
        self.conditions: dict[str, dict[Key, PopulationSpec]] = {}

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
            fixed=is_printed,
            derived=not (named or is_printed),
            limits=limits,
            printed=printed,
        )

    def make_block(
        self,
        cells: Sequence[CountCell],
        totals: Sequence[CountCell],
        limits: Sequence[Limit],
        threshold: int,
    ) -> CountBlock:
        """The block of these cells, and of small parts and groups that they tell besides."""
        conditions: dict[str, tuple[PopulationSpec | Part, ...]] = {
            name: tuple(parts.values()) for name, parts in self.conditions.items()
        }
        every = [*cells]
        masks = {
            name: np.stack([make_mask(Population(self.register, each)) for each in specs], axis=1)
            for name, specs in ((name, parts.values()) for name, parts in self.conditions.items())
        }
        parts = self._list_parts(cells, masks, limits, threshold)
        for cell, name, part in (*parts, *self._list_groups((*cells, *totals))):
            conditions[name] = (*conditions[name], part)
            where = {**cell.conditions, name: len(conditions[name]) - 1}
            every.append(replace(cell, conditions=where))
        table, edition = self.whole.table, self.whole.edition
        block = CountBlock(table, edition, conditions, tuple(every), tuple(totals))
        members = block.find_members(self.register, every)
        return replace(block, members=members, limits=tuple(limits))

    def _list_parts(
        self,
        cells: Sequence[CountCell],
        masks: Mapping[str, Members],
        limits: Sequence[Limit],
        threshold: int,
    ) -> Iterator[tuple[CountCell, str, Part]]:
        """What cells tell apart besides: small parts that no cell is, each with its condition.

        Weeks and months together tell a part of a week; all persons and those of known ages tell
        the others. Such a part is a small count like any other, though it is published nowhere.
        One whose conditions say that it is a printed count is that count, and no other one.
        """
        by_conditions = {frozenset(each.conditions.items()): each for each in cells}
        # For each field: the sets of its conditions that rows meet, and which set each row meets.
        states = {
            name: np.unique(mask, axis=0, return_inverse=True) for name, mask in masks.items()
        }
        for rest, name, conditions in _list_overlaps(cells):
            inside = np.ones(len(self.contact), dtype=np.bool_)
            for other, each in rest.items():
                inside &= masks[other][:, each]
            met_by, state = states[name]
            parts, part = np.unique(met_by[:, conditions], axis=0, return_inverse=True)
            for number, met in enumerate(parts):
                rows = inside & (part.ravel() == number)[state.ravel()]
                contacts = len(np.unique(self.contact[rows]))
                if not 0 < contacts < threshold:
                    continue
                every = [
                    by_conditions[frozenset({**rest, name: each}.items())] for each in conditions
                ]
                among = [cell for cell, is_met in zip(every, met, strict=True) if is_met]
                others = [cell for cell, is_met in zip(every, met, strict=True) if not is_met]
                is_cell = len(among) == 1 and parts[:, met].sum() == 1
                if is_cell and not among[0].fixed:
                    continue
                whole = by_conditions.get(frozenset(rest.items()), every[0])
                names = " and ".join(cell.id for cell in among)
                title = f"part of {names}" if among else f"rest of {whole.id}"
                title += f" (by {name})"
                cell = CountCell(title, int(rows.sum()), contacts, rest, derived=True)
                known = self._find_printed(cell, among, others, name)
                if not among and len(others) == 1:
                    # A printed share of a count says what the rest of it is at least.
                    pair = others[0].id, whole.id
                    shares = (each.times for each in limits if (each.first, each.second) == pair)
                    known = ceil((1 - max(shares, default=1)) * whole.printed[0]), inf
                if known[0] < known[1]:
                    condition = Part(tuple(conditions), tuple(met.tolist()))
                    yield replace(cell, printed=known), name, condition

    def _find_printed(
        self, part: CountCell, among: Sequence[CountCell], others: Sequence[CountCell], name: str
    ) -> Range:
        """What was printed of a cell whose condition says that it is the part.

        Its rows meet the conditions of the cells `among`, and share no code with those of `others`.
        That a row may have several codes of the field isn't looked at.
        """
        specs, known = [*self.conditions[name].values()], ANY
        for cell in (each for each in among if each.value == part.value):
            own = specs[cell.conditions[name]]
            wholes = (Population(self.register, specs[each.conditions[name]]) for each in among)
            is_part = all(map(Population(self.register, own).is_part_of, wholes))
            may_overlap = any(_may_share(own, specs[each.conditions[name]]) for each in others)
            if is_part and not may_overlap:
                known = intersect(known, cell.printed)
        return known

    def _list_groups(self, cells: Sequence[CountCell]) -> Iterator[tuple[CountCell, str, Part]]:
        """The rest of each group whose rows have one value of a field, with its condition."""
        for cell in cells:
            name = self._find_common_field(self.specs[cell.id], cell.value)
            if name:
                rest = {other: each for other, each in cell.conditions.items() if other != name}
                title = f"that all of {cell.id} have one {name}"
                group = CountCell(title, 0, 0, rest, derived=True, group=cell.value)
                yield group, name, Part((cell.conditions[name],), (False,))

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
        parts, key = self.conditions.setdefault(field, {}), make_key(part)
        parts.setdefault(key, part)
        return list(parts).index(key)

    def _find_common_field(self, spec: PopulationSpec, number: int) -> str:
        """The field of which a group has one value, where that tells something of each of it."""
        for condition in spec.conditions:
            others = tuple(item for item in spec.conditions if item.field != condition.field)
            if not number or not (others or spec.having) or not self._is_sensitive(condition):
                continue
            group = spec.model_copy(update={"conditions": others})
            if int(make_mask(Population(self.register, group)).sum()) == number:
                codes = set(self.register.codes(condition.field) or ()) - set(condition.codes)
                specs = (narrow(group, condition.field, code) for code in codes)
                if not all(map(self._is_impossible, specs)):
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


def _may_share(first: PopulationSpec, second: PopulationSpec) -> bool:
    """Whether a row that has one code of each field may belong to two populations."""
    pairs = ((each, second.condition(each.field)) for each in first.conditions)
    if any(other and set(each.codes).isdisjoint(other.codes) for each, other in pairs):
        return False
    lower = [(each, other) for each in first.having for other in second.having]
    return not lower or any(
        each.table == other.table and _may_share(each, other) for each, other in lower
    )


def _find_source_field(field: str) -> str:
    """The field that a field is worked out from: months, weeks and days are all dates.

    Weekdays stand by themselves: each week and each month has all of them.
    """
    return field if field == "weekday" else SOURCE_FIELDS.get(field, field)


def _list_overlaps(cells: Sequence[CountCell]) -> Iterator[tuple[dict[str, int], str, list[int]]]:
    """Where cells differ in one field alone: what they share, the field, and its conditions.

    The cell without a condition on the field is one of them: it has none that isn't met.
    """
    shared: dict[tuple[tuple[tuple[str, int], ...], str], set[int]] = {}
    for cell in cells:
        for name, condition in cell.conditions.items():
            rest = tuple(sorted(item for item in cell.conditions.items() if item[0] != name))
            shared.setdefault((rest, name), set()).add(condition)
    wholes = {frozenset(cell.conditions.items()) for cell in cells}
    for (rest, name), conditions in sorted(shared.items()):
        if frozenset(rest) in wholes or len(conditions) > 1:
            yield dict(rest), name, sorted(conditions)
