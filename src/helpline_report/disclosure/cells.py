"""Read from a ledger which counts of people its figures say, as cells over rows of the register."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from helpline_report.disclosure.count_blocks import (
    ANY,
    PEOPLE,
    BlockBuilder,
    CountBlock,
    CountCell,
    Members,
    Range,
    intersect,
)
from helpline_report.errors import PopulationError
from helpline_report.figures.breakdown import list_missing_codes, narrow
from helpline_report.figures.counting import make_mask
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, Key, PopulationSpec, is_protected, make_key
from helpline_report.figures.population import Population, describe
from helpline_report.figures.register import Register, list_counts

# Why a figure has no value, where that says of its counts that they are 0.
EMPTY = ("no_rows", "zero_denominator")


@dataclass(frozen=True)
class PublishedRange:
    """What was published before of the count of a population: it is from `low` to `high`.

    A count that was hidden before is from 0 to infinity.
    """

    spec: PopulationSpec
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a ledger in `blocks`, and which cells each figure needs, by its id.

    A figure that needs no cell isn't about people. A cell is named by the id of a figure that
    counts it, or else by the description of its population.
    """

    blocks: Sequence[CountBlock]
    needs: Mapping[str, tuple[str, ...]]


class _Counts:
    """The populations that somebody counts, by the name of their cell, and the rows of each."""

    def __init__(self, registers: Mapping[str, Register]) -> None:
        self.registers = registers
        self.names: dict[Key, str] = {}
        self.specs: dict[str, PopulationSpec] = {}
        self.rows: dict[str, Members] = {}

    def name(self, spec: PopulationSpec, figure: str = "") -> str:
        """The name of the cell of a population: that of the first figure, or its description."""
        key, name = make_key(spec), figure or describe(spec)
        if key not in self.names:
            register = self.registers.get(spec.edition)
            counted = spec.table in PEOPLE and register is not None and register.table(spec.table)
            members = make_mask(Population(register, spec)) if register and counted else None
            self.names[key] = name if name not in self.specs else f"{name} ({len(self.names)})"
            self.specs[self.names[key]] = spec
            if members is not None:
                self.rows[self.names[key]] = members
        return self.names[key]

    def list_of_table(self, table: str, edition: str) -> dict[str, PopulationSpec]:
        """Those of one table of one year of which there are rows, or could be."""
        rows = ((name, self.specs[name]) for name in self.rows)
        return {name: spec for name, spec in rows if (spec.table, spec.edition) == (table, edition)}


def read_cells(
    ledger: Ledger, register: Register, published: Iterable[PublishedRange], threshold: int
) -> Cells:
    """The cells of a ledger, whose rows are those of its register.

    What was `published` before of other populations are cells too, so that what follows from both
    is found; so are the small counts that were hidden before.
    """
    registers = {each.edition.edition: each for each in (register, register.previous) if each}
    counts = _Counts(registers)
    needs = _name_cells(ledger, register, counts, threshold)
    named = set(counts.specs)
    printed = _read_published(counts, (*published, *_list_impossible(registers)))
    limits = dict(printed)
    largest = (f for f in ledger.figures.values() if f.status == "ok")
    largest = (f for f in largest if _publishes_largest_only(f, register, threshold))
    for each in _limit_beside_tops(largest, register):
        if (name := counts.names.get(make_key(each.spec), "")) in limits:
            limits[name] = intersect(limits[name], (each.low, each.high))
    blocks = []
    for (edition, year), table in product(registers.items(), PEOPLE):
        specs = counts.list_of_table(table, edition)
        if not specs:
            continue
        builder = BlockBuilder(year, specs)
        cells = []
        for name in specs:
            ranges = printed[name], limits[name]
            cell = builder.make_cell(name, counts.rows[name], *ranges, named=name in named)
            is_small = cell.is_small(threshold)
            cells.append(_limit_by_prints(cell, counts, printed, year) if is_small else cell)
        # What is counted no more and was hidden before is a cell where it is small.
        totals = [each for each in cells if each.derived and not each.is_small(threshold)]
        own = [each for each in cells if each not in totals]
        blocks.append(builder.make_block(own, totals, (), threshold))
    return Cells(blocks, needs)


def _name_cells(
    ledger: Ledger, register: Register, counts: _Counts, threshold: int
) -> dict[str, tuple[str, ...]]:
    """Name the cells of a ledger; the result says, by the id of a figure, which it needs."""
    needs: dict[str, tuple[str, ...]] = {}
    of_files = dict(_list_file_totals(ledger, counts.registers))
    for figure in sorted(ledger.figures.values(), key=lambda each: (each.kind != "count", each.id)):
        count = figure.id if figure.kind == "count" else ""
        specs = _list_populations(figure, register, threshold)
        cells = [counts.name(spec, count) for spec in specs]
        cells += [counts.name(spec) for spec in of_files.get(figure.id, ())]
        if cells:
            needs[figure.id] = tuple(dict.fromkeys(cells))
    return needs


def _list_impossible(registers: Mapping[str, Register]) -> Iterator[PublishedRange]:
    """The counts that are 0 since two codes never go together, which everybody knows."""
    pairs = [
        (register, own.field, code.code, other, each)
        for register in registers.values()
        for own in register.codelists.values()
        for code in own.codes
        for other, codes in code.never_with.items()
        for each in codes
    ]
    # Of a table that lacks one of both fields, it is skipped.
    for (register, field, code, other, each), table in product(pairs, PEOPLE):
        spec = narrow(Population.whole(register, table).spec, field, code)
        yield PublishedRange(narrow(spec, other, each), 0, 0)


def _read_published(counts: _Counts, published: Iterable[PublishedRange]) -> dict[str, Range]:
    """What was published before of each cell, those that were published before alone included."""
    printed = dict.fromkeys(counts.specs, ANY)
    for each in published:
        # A count published before may be of a field or code that no longer exists: it is skipped.
        with suppress(PopulationError, KeyError):
            name = counts.name(each.spec)
            earlier = printed.setdefault(name, ANY)
            # A count that changed since is a new one: what was published of it says nothing.
            if each.low <= counts.rows[name].sum() <= each.high:
                printed[name] = intersect(earlier, (each.low, each.high))
    return printed


def _limit_by_prints(
    cell: CountCell, counts: _Counts, printed: Mapping[str, Range], year: Register
) -> CountCell:
    """A small cell with what counts published before say of it by their conditions alone.

    Where three contacts about an abused child were printed, there are at least three such children.
    Where ten children were printed, at most ten of them are girls.
    """
    (low, high), parts = cell.printed, list[str]()
    population = Population(year, counts.specs[cell.id])
    for name, (number, most) in printed.items():
        spec = counts.specs[name]
        if number != most or spec.edition != year.edition.edition:
            continue
        other = Population(year, spec)
        below = (Population(year, each) for each in spec.having)
        if other.is_part_of(population) or any(each.is_part_of(population) for each in below):
            low = max(low, number)
            parts.append(name)
        if population.is_part_of(other):
            high = min(high, number)
    return replace(cell, printed=(low, high), printed_parts=tuple(parts))


def tells_counts(figure: Figure) -> bool:
    """Whether a figure says counts by its value, or by why it has none."""
    if figure.reason is not None:
        return figure.reason.code in EMPTY
    return figure.status == "ok" and figure.kind != "own"


def _list_populations(
    figure: Figure, register: Register, threshold: int
) -> Iterator[PopulationSpec]:
    """The populations whose counts a figure says or can only be made from."""
    spec, by = figure.population, figure.by
    if spec.table not in PEOPLE or not tells_counts(figure):
        return
    sides = [spec] if figure.of is None else [spec, figure.of]
    yield from sides
    if figure.kind == "maximum":
        yield from _list_parts(figure, register)
        return
    unit = figure.exposure.unit if figure.exposure else ""
    for side in sides if unit == "rest_of_year" else ():
        yield _make_rest_of_year(side, register)
    if unit == "contact":
        yield spec.all_contacts()
    if _publishes_largest_only(figure, register, threshold):
        yield from (narrow(spec, by[0], each) for each in (str(figure.code), *figure.tied))
    elif figure.kind in ("top", "rank", "flag") and by:
        codes = register.codes(by[0]) or ()
        yield from (narrow(side, by[0], code) for code, side in product(codes, sides))


def _list_parts(figure: Figure, register: Register) -> Sequence[PopulationSpec]:
    """The counts of which a maximum is the largest: which day it was isn't told."""
    parts = [] if "date" in figure.by else [figure.population]
    for field in figure.by:
        parts = [narrow(p, field, code) for p in parts for code in register.codes(field) or ()]
    return parts


def _list_file_totals(
    ledger: Ledger, years: Mapping[str, Register]
) -> Iterator[tuple[str, list[PopulationSpec]]]:
    """The id of each figure of a file's rows, and the whole tables of people that it counts."""
    for file in (file for each in ledger.quality.values() for file in each.files):
        wholes = [
            Population.whole(years[each.edition], each.table).spec
            for each in ledger.sources
            if (each.edition, each.file) == (file.edition, file.file) and each.table in PEOPLE
        ]
        yield from ((name, wholes) for name in (file.read, file.used))


def _make_rest_of_year(spec: PopulationSpec, register: Register) -> PopulationSpec:
    """The rows of a population outside its window."""
    period = _find_register(spec, register).edition.period
    return spec.update_each(lambda part: {"period": period, "without": part.period})


def _find_register(spec: PopulationSpec, register: Register) -> Register:
    """The register of the year that a population is of."""
    then = register.previous
    return then if then and then.edition.edition == spec.edition else register


def _publishes_largest_only(figure: Figure, register: Register, threshold: int) -> bool:
    """Whether a top publishes the largest count alone.

    That count must be at least twice the threshold, so that the others keep a wide range. The
    denominator, which is the sum of all codes, must be the number of rows: where rows have several
    codes or none, it publishes one more total.
    """
    first = figure.kind == "top" and figure.place == 1 and not figure.lowest
    if not first or (figure.numerator or 0) < 2 * threshold:
        return False
    year = _find_register(figure.population, register)
    rows = year.table(figure.population.table)
    whole = Population(year, figure.population)
    return not rows or int(make_mask(whole).sum()) == figure.denominator


def _limit_beside_tops(tops: Iterable[Figure], register: Register) -> Iterator[PublishedRange]:
    """What tops say of the counts that they don't name: these are smaller.

    Tops of a place behind the first say so where each place before it is named as well. If `among`
    isn't empty, a code of what is missing has more rows than one that is named. If the field has
    one such code only, readers know that its count isn't below the published one.
    """
    named: dict[tuple[Key, str], set[str]] = {}
    for figure in sorted(tops, key=lambda each: each.place or 0):
        spec, by, number = figure.population, figure.by[0], float(figure.numerator or 0)
        first = named.setdefault((make_key(spec), by), set())
        # Those that tie with it are named too.
        first |= {str(figure.code), *figure.tied}
        missing = list_missing_codes(register, by) if figure.among else frozenset[str]()
        of_missing = (number, np.inf) if len(missing) == 1 else ANY
        is_whole = len(first) >= (figure.place or 0)
        for code in (register.codes(by) or ()) if is_whole else ():
            if code not in first:
                low, high = of_missing if code in missing else (0, number - 1)
                yield PublishedRange(narrow(spec, by, code), low, high)


def read_counts(published: Ledger, register: Register) -> Iterator[PublishedRange]:
    """What a released ledger says of counts, and which of them it hides."""
    figures = published.figures.values()
    for figure in figures:
        yield from (PublishedRange(spec, number, number) for spec, number in list_counts(figure))
        if figure.kind == "count" and is_protected(figure):
            yield PublishedRange(figure.population, 0, np.inf)
    of_people = [f for f in figures if f.status == "ok" and f.population.table in PEOPLE]
    for figure in of_people:
        whole = figure.of if figure.kind == "rate_ratio" else None
        if figure.exposure is not None and figure.exposure.unit == "contact":
            whole = figure.population.all_contacts()
        if whole is not None and figure.denominator is not None:
            yield PublishedRange(whole, figure.denominator, figure.denominator)
        for part in _list_parts(figure, register) if figure.kind == "maximum" else ():
            yield PublishedRange(part, 0, figure.number)
    ranked = [each for each in of_people if each.kind in ("top", "rank")]
    for figure in ranked:
        for code in (str(figure.code), *figure.tied):
            number = float(figure.numerator or 0)
            yield PublishedRange(narrow(figure.population, figure.by[0], code), number, number)
    tops = [each for each in ranked if each.kind == "top" and not each.lowest]
    for figure in tops:
        number = float(figure.denominator or 0)
        yield PublishedRange(figure.population, number, number)
    yield from _limit_beside_tops(tops, register)
