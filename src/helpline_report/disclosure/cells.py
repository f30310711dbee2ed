"""Read from a ledger which counts of people its figures say, as cells over rows of the register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from helpline_report.disclosure.count_blocks import (
    ANY,
    CountBlock,
    CountCell,
    Members,
    Numbers,
    Range,
)
from helpline_report.errors import PopulationError
from helpline_report.figures.breakdown import narrowed
from helpline_report.figures.counting import SOURCES, clusters, mask
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Condition, Figure, Key, PopulationSpec, key_of
from helpline_report.figures.population import Population
from helpline_report.figures.register import DERIVED, Register

PEOPLE = ("contacts", "persons", "followups")
# Conditions on a lower table belong together, since they often imply one another.
BELOW = "having"


@dataclass(frozen=True)
class KnownCount:
    """What was published before of the count of a population: from `low` to `high`.

    Of one that was hidden before nothing is known: it is from 0 to infinity.
    """

    spec: PopulationSpec
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a ledger: `blocks` by name, and which cells each figure needs, by its id.

    A figure that needs no cell isn't about people. `names` has the cell of each population.
    """

    blocks: Mapping[str, CountBlock]
    needs: Mapping[str, tuple[str, ...]]
    names: Mapping[Key, str]


def read_cells(
    ledger: Ledger, register: Register, known: Iterable[KnownCount], threshold: int
) -> Cells:
    """The cells of a ledger, whose rows are those of its register.

    What is `known` from before of other populations are cells too, so that what follows from both
    is found; so are the small counts that were hidden before.
    """
    specs: dict[Key, PopulationSpec] = {}
    names: dict[Key, str] = {}
    needs: dict[str, tuple[str, ...]] = {}
    for figure in sorted(ledger.figures.values(), key=lambda each: (each.kind != "count", each.id)):
        cells = []
        for name, spec in _needed(figure, register, threshold):
            specs.setdefault(key_of(spec), spec)
            cells.append(names.setdefault(key_of(spec), name))
        if cells:
            needs[figure.id] = tuple(dict.fromkeys(cells))
    earlier: dict[str, list[Range]] = {}
    for each in known:
        key = key_of(each.spec)
        if key in names or _can_be_counted(each.spec, register):
            specs.setdefault(key, each.spec)
            name = names.setdefault(key, f"published before ({len(names) + 1})")
            earlier.setdefault(name, []).append((each.low, each.high))
    tops = dict(_tops(ledger, register, names, threshold))
    blocks = {}
    for year, table in product(filter(None, (register, register.previous)), PEOPLE):
        edition = year.edition.edition
        own = {k: s for k, s in specs.items() if (s.table, s.edition) == (table, edition)}
        if own and year.table(table) is not None:
            name, builder = f"{table} {edition}", _BlockBuilder(year, next(iter(own.values())))
            every = [
                builder.cell(names[key], spec, earlier.get(names[key], ()))
                for key, spec in own.items()
            ]
            # What is counted no more and was hidden before is a cell where it is small.
            ranged = [
                each.within(tops.get(each.id, ANY))
                for each in every
                if not each.derived or each.is_small(threshold)
            ]
            specs_of = {names[key]: spec for key, spec in own.items()}
            blocks[name] = builder.block(name, ranged, specs_of, threshold)
    return Cells(_paired(specs, names, blocks, threshold), needs, names)


def _can_be_counted(spec: PopulationSpec, register: Register) -> bool:
    """Whether the rows of a population are there, in a year of the register."""
    for year in filter(None, (register, register.previous)) if spec.table in PEOPLE else ():
        if year.edition.edition == spec.edition and year.table(spec.table) is not None:
            with suppress(PopulationError, KeyError):
                mask(Population(year, spec))
                return True
    return False


def _needed(
    figure: Figure, register: Register, threshold: int
) -> Iterator[tuple[str, PopulationSpec]]:
    """The populations whose counts a figure says or can only be made from, each with a name."""
    spec, name = figure.population, figure.id
    if spec.table not in PEOPLE or figure.status != "ok" or figure.kind == "own":
        return
    codes = register.codes(figure.by[-1]) or [] if figure.by else []
    if figure.kind == "maximum":
        # Which day it was isn't told; of other fields each code might be it.
        for code in codes if DERIVED.get(figure.by[-1]) != "contacts" else ():
            yield f"{name} ({code})", narrowed(spec, figure.by[-1], code)
        return
    sides = [spec] if figure.of is None else [spec, figure.of]
    yield (name if figure.kind == "count" else f"{name} (numerator)"), spec
    yield from ((f"{name} (denominator)", side) for side in sides[1:])
    unit = figure.exposure.unit if figure.exposure else ""
    if unit == "rest_of_year":
        for side in sides:
            yield f"{name} (rest of {side.edition})", _rest_of_year(side, register)
    if unit == "contact":
        yield f"{name} (contacts)", _contacts_with(spec)
    if _is_first(figure, threshold):
        yield f"{name} ({figure.code})", narrowed(spec, figure.by[0], str(figure.code))
    elif figure.kind in ("top", "rank", "flag") and figure.by:
        for code, side in product(codes, sides):
            yield f"{name} ({code})", narrowed(side, figure.by[0], code)


def _contacts_with(spec: PopulationSpec) -> PopulationSpec:
    """The contacts that have a row of a population."""
    update = {"table": "contacts", "noun": "contacts", "conditions": (), "having": (spec,)}
    return spec.model_copy(update=update)


def _rest_of_year(spec: PopulationSpec, register: Register) -> PopulationSpec:
    """The rows of a population outside its window."""
    then = register.previous
    year = then if then and then.edition.edition == spec.edition else register

    def outside(each: PopulationSpec) -> PopulationSpec:
        having = tuple(map(outside, each.having))
        period, window = year.edition.period, each.period
        return each.model_copy(update={"period": period, "without": window, "having": having})

    return outside(spec)


def _is_first(figure: Figure, threshold: int) -> bool:
    """Whether a figure names a largest count that leaves the others room enough below it."""
    first = figure.kind == "top" and figure.place == 1 and not figure.lowest
    return first and (figure.numerator or 0) >= 2 * threshold


def _tops(
    ledger: Ledger, register: Register, names: Mapping[Key, str], threshold: int
) -> Iterator[tuple[str, Range]]:
    """Of counts beside a largest one that is published: that they aren't larger."""
    for figure in ledger.figures.values():
        if figure.status == "ok" and _is_first(figure, threshold):
            for code in register.codes(figure.by[0]) or ():
                key = key_of(narrowed(figure.population, figure.by[0], code))
                if key in names and code != figure.code:
                    yield names[key], (0, float(figure.numerator or 0))


def _paired(
    specs: Mapping[Key, PopulationSpec],
    names: Mapping[Key, str],
    blocks: Mapping[str, CountBlock],
    threshold: int,
) -> Mapping[str, CountBlock]:
    """The blocks with what contacts and persons of one kind say of each other.

    A contact has a person, so there are no more contacts than persons.
    """
    cells = {cell.id: cell for block in blocks.values() for cell in block.cells}
    for key, spec in specs.items():
        same = spec.model_copy(update={"table": "contacts", "noun": "contacts"})
        for other in (_contacts_with(spec), same) if spec.table == "persons" else ():
            contacts, persons = names.get(key_of(other), ""), names[key]
            if contacts in cells and cells[contacts].contacts >= threshold:
                cells[persons], cells[contacts] = (
                    cells[persons].within((float(cells[contacts].value), np.inf)),
                    cells[contacts].within((0, float(cells[persons].value))),
                )
    return {
        name: replace(block, cells=tuple(cells[cell.id] for cell in block.cells))
        for name, block in blocks.items()
    }


class _BlockBuilder:
    """Makes the block of one table of one year; `spec` is one of its populations."""

    def __init__(self, register: Register, spec: PopulationSpec) -> None:
        self.register = register
        period = register.edition.period
        nothing = {"conditions": (), "having": (), "without": None, "period": period}
        self.whole = spec.model_copy(update=nothing)
        # By field, the conditions on it in the order in which they come, and their rows.
        self.masks: dict[str, dict[Key, Members]] = {}

    def cell(self, name: str, spec: PopulationSpec, earlier: Iterable[Range]) -> CountCell:
        """The cell of a population, of whose count `earlier` publications say something."""
        population = Population(self.register, spec)
        value = int(mask(population).sum())
        ranges = [each for each in earlier if each[0] <= value <= each[1]]
        low = max((low for low, _ in ranges), default=0.0)
        high = min((high for _, high in ranges), default=np.inf)
        return CountCell(
            name,
            value,
            clusters(population).number,
            {field: self._place(field, part) for field, part in self._parts(spec)},
            known=low == high or self._is_impossible(spec),
            derived=name.startswith("published before") and low < high,
            limits=(low, high),
            printed=(low, high),
        )

    def block(
        self,
        name: str,
        cells: Iterable[CountCell],
        specs: Mapping[str, PopulationSpec],
        threshold: int,
    ) -> CountBlock:
        """The block of these cells, with its rows in their states."""
        states: dict[str, Members] = {}
        columns: list[Numbers] = []
        for field in sorted(self.masks):
            matrix = np.stack(list(self.masks[field].values()), axis=1)
            states[field], place = np.unique(matrix, axis=0, return_inverse=True)
            columns.append(place.ravel())
        contact = clusters(Population(self.register, self.whole)).contacts.astype(np.int64)
        rows = np.stack(columns, axis=1) if columns else np.zeros((len(contact), 0), dtype=np.int64)
        block = CountBlock(name, states, rows, contact, tuple(cells))
        groups = [(cell, self._common_field(specs[cell.id], cell.value)) for cell in block.cells]
        return block.with_differences(threshold).with_groups(
            (cell, field) for cell, field in groups if field
        )

    def _parts(self, spec: PopulationSpec) -> Iterator[tuple[str, PopulationSpec]]:
        """What a population asks of each field that rows are told apart by."""
        fields: dict[str, list[Condition]] = {}
        for condition in spec.conditions:
            fields.setdefault(_source(condition.field), []).append(condition)
        if spec.period != self.whole.period or spec.without is not None:
            fields.setdefault("date", [])
        for field, conditions in sorted(fields.items()):
            update: dict[str, object] = {"conditions": tuple(conditions)}
            if field == "date":
                update |= {"period": spec.period, "without": spec.without}
            yield field, self.whole.model_copy(update=update)
        if spec.having:
            yield BELOW, self.whole.model_copy(update={"having": spec.having})

    def _place(self, field: str, part: PopulationSpec) -> int:
        masks, key = self.masks.setdefault(field, {}), key_of(part)
        if key not in masks:
            masks[key] = mask(Population(self.register, part))
        return list(masks).index(key)

    def _common_field(self, spec: PopulationSpec, number: int) -> str:
        """The field of which a group has one value, where that tells something of each of it."""
        for condition in spec.conditions:
            others = tuple(item for item in spec.conditions if item.field != condition.field)
            if not (others or spec.having) or not self._is_sensitive(condition):
                continue
            group = Population(self.register, spec.model_copy(update={"conditions": others}))
            if number and int(mask(group).sum()) == number:
                codes = set(self.register.codes(condition.field) or ()) - set(condition.codes)
                specs = (narrowed(group.spec, condition.field, code) for code in codes)
                if not all(map(self._is_impossible, specs)):
                    return _source(condition.field)
        return ""

    def _is_impossible(self, spec: PopulationSpec) -> bool:
        """Whether two of its conditions never go together, by the code lists."""
        for condition in spec.conditions:
            codelist = self.register.codelists.get(condition.field)
            codes = [codelist.by_code.get(code) for code in condition.codes] if codelist else []
            for other in spec.conditions:
                never = [code.never_with.get(other.field, ()) if code else () for code in codes]
                if never and all(set(other.codes) <= set(each) for each in never):
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


def _source(field: str) -> str:
    """The field that a field is worked out from: months, weeks and days are all dates.

    Weekdays stand by themselves: each week and each month has all of them.
    """
    return field if field == "weekday" else SOURCES.get(field, field)
