"""Read from a ledger which counts of people its figures say, as cells over rows of the register."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product
from math import ceil, inf

import numpy as np

from helpline_report.disclosure.count_blocks import (
    ANY,
    PEOPLE,
    BlockBuilder,
    CountBlock,
    CountCell,
    Limit,
    Members,
    Range,
    intersect,
)
from helpline_report.disclosure.published_counts import (
    PublishedRange,
    find_register,
    limit_beside_tops,
    list_parts,
    make_rest_of_year,
    read_order,
    tells_counts,
)
from helpline_report.errors import PopulationError
from helpline_report.figures.breakdown import narrow
from helpline_report.figures.counting import group_by_contact, make_mask
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, Key, PopulationSpec, make_key
from helpline_report.figures.population import Population, describe
from helpline_report.figures.register import Register


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

    def count_contacts(self, name: str) -> int:
        """How many contacts the rows of a cell are of."""
        spec = self.specs[name]
        whole = Population.whole(self.registers[spec.edition], spec.table)
        return len(np.unique(group_by_contact(whole)[self.rows[name]]))

    def list_of_table(self, table: str, edition: str) -> dict[str, PopulationSpec]:
        """Those of one table of one year of which there are rows, or could be."""
        rows = ((name, self.specs[name]) for name in self.rows)
        return {name: spec for name, spec in rows if (spec.table, spec.edition) == (table, edition)}


def read_cells(
    ledger: Ledger, register: Register, published: Sequence[PublishedRange], threshold: int
) -> Cells:
    """The cells of a ledger, whose rows are those of its register.

    What was `published` before of other populations are cells too, so that what follows from both
    is found; so are the small counts that were hidden before.
    """
    registers = {each.edition.edition: each for each in (register, register.previous) if each}
    counts = _Counts(registers)
    needs = _name_cells(ledger, register, counts, threshold)
    named = set(counts.specs)
    figures = [each for each in ledger.figures.values() if each.status == "ok"]
    of_days = (each for each in figures if each.kind == "maximum" and "date" in each.by)
    maxima = (each for figure in of_days for each in read_order(figure, register))
    largest = (each for each in figures if _publishes_largest_only(each, register, threshold))
    others = (replace(each, assumed=True) for each in limit_beside_tops(largest, register))
    known, reaches = _resolve_ratios(counts, published, threshold)
    every = (*known, *_list_impossible(registers), *maxima, *others)
    printed, ranges, limits = _read_published(counts, every)
    blocks = []
    for (edition, year), table in product(registers.items(), PEOPLE):
        specs = counts.list_of_table(table, edition)
        if not specs:
            continue
        builder = BlockBuilder(year, specs)
        cells = []
        for name in specs:
            both = printed[name], ranges[name]
            cell = builder.make_cell(name, counts.rows[name], *both, named=name in named)
            cell = replace(cell, reaches=reaches.get(name, 0))
            is_small = cell.is_small(threshold)
            cells.append(_limit_by_prints(cell, counts, printed, year) if is_small else cell)
        # What is counted no more and was hidden before is a cell where it is small.
        totals = [each for each in cells if each.derived and not each.is_small(threshold)]
        own = [each for each in cells if each not in totals]
        of_table = [each for each in limits if each.first in specs]
        blocks.append(builder.make_block(own, totals, of_table, threshold))
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
    # A table that lacks one of both fields is skipped.
    for (register, field, code, other, each), table in product(pairs, PEOPLE):
        spec = narrow(Population.whole(register, table).spec, field, code)
        yield PublishedRange(narrow(spec, other, each), 0, 0)


def _resolve_ratios(
    counts: _Counts, published: Sequence[PublishedRange], threshold: int
) -> tuple[list[PublishedRange], dict[str, int]]:
    """What was published before, as counts where readers of a ratio know these.

    A ratio beside a count that was published says the other one, and one beside a large count says
    both. If the count beside it is small, both stay hidden, and the ratio holds between them. By
    name it says what the other one is where the small one is the threshold.
    """
    resolved = [each for each in published if each.beside is None]
    known = {make_key(each.spec) for each in resolved if each.low == each.high and not each.assumed}
    ratios = list[tuple[int, str, str, PublishedRange, PopulationSpec]]()
    for each in published:
        with suppress(PopulationError, KeyError):
            if each.beside is not None:
                name, beside = counts.name(each.spec), counts.name(each.beside)
                size = int(counts.rows[beside].sum()) if beside in counts.rows else -1
                ratios.append((size, name, beside, each, each.beside))
    reaches = dict[str, int]()
    # The largest first: a share of it may be what another one is a share of.
    for size, name, beside, each, spec in sorted(ratios, key=lambda ratio: -ratio[0]):
        if size >= 0 and make_key(spec) not in known:
            if 0 < counts.count_contacts(beside) < threshold:
                reaches[name] = max(reaches.get(name, 1), ceil(threshold * each.ratio[0]))
                resolved += _limit_by_ratio(each, spec, size)
                continue
            resolved.append(PublishedRange(spec, size, size))
            known.add(make_key(spec))
        if each.low == each.high:
            known.add(make_key(each.spec))
        resolved.append(each)
    return resolved, reaches


def _limit_by_ratio(
    published: PublishedRange, beside: PopulationSpec, size: int
) -> Iterator[PublishedRange]:
    """What a ratio between two hidden counts says of both: whole numbers that have this ratio."""
    spec, (low, high) = published.spec, published.ratio
    yield PublishedRange(spec, 0, inf, less=beside, times=low)
    yield PublishedRange(spec, -inf, 0, less=beside, times=high)
    least = next((n for n in range(1, size) if ceil(n * low) <= n * high), size)
    yield PublishedRange(beside, least, inf)
    yield PublishedRange(spec, ceil(least * low), 0 if size * high < 1 else inf)


def _read_published(
    counts: _Counts, published: Iterable[PublishedRange]
) -> tuple[dict[str, Range], dict[str, Range], list[Limit]]:
    """What was published before of each cell, its range in other registers, and limits of two.

    Those that were published before alone are cells as well; of single days none is.
    """
    printed = dict.fromkeys(counts.specs, ANY)
    ranges, is_assumed = dict(printed), dict[Limit, bool]()
    for each in published:
        if each.assumed and "date" in each.spec.fields and make_key(each.spec) not in counts.names:
            continue
        # A count published before may be of a field or code that no longer exists: it is skipped.
        with suppress(PopulationError, KeyError):
            names = [counts.name(spec) for spec in (each.spec, each.less) if spec]
            for name in names:
                ranges.setdefault(name, printed.setdefault(name, ANY))
            number, *others = (int(counts.rows[name].sum()) for name in names)
            # A count that changed since is a new one: what was published of it says nothing.
            if not each.low <= number - each.times * sum(others) <= each.high:
                continue
            if others:
                limit = Limit(names[0], names[1], each.times, each.low, each.high)
                is_assumed[limit] = each.assumed and is_assumed.get(limit, True)
                continue
            for known in (ranges,) if each.assumed else (ranges, printed):
                known[names[0]] = intersect(known[names[0]], (each.low, each.high))
    for limit in (each for each, assumed in is_assumed.items() if each.times and not assumed):
        most = (printed[limit.first][1] - limit.low) / limit.times
        for known in (ranges, printed):
            known[limit.second] = intersect(known[limit.second], (0, most))
    return printed, ranges, [*is_assumed]


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
        # Which day has the most isn't told.
        yield from list_parts(spec, by, register) if "date" not in by else ()
        return
    unit = figure.exposure.unit if figure.exposure else ""
    for side in sides if unit == "rest_of_year" else ():
        yield make_rest_of_year(side, register)
    if unit == "contact":
        yield spec.all_contacts()
    if _publishes_largest_only(figure, register, threshold):
        yield from (narrow(spec, by[0], each) for each in (str(figure.code), *figure.tied))
    elif figure.kind in ("top", "rank", "flag") and by:
        codes = register.codes(by[0]) or ()
        yield from (narrow(side, by[0], code) for code, side in product(codes, sides))


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


def _publishes_largest_only(figure: Figure, register: Register, threshold: int) -> bool:
    """Whether a top publishes the largest count alone.

    That count must be at least twice the threshold, so that the others keep a wide range. The
    denominator, which is the sum of all codes, must be the number of rows: where rows have several
    codes or none, it publishes one more total.
    """
    first = figure.kind == "top" and figure.place == 1 and not figure.lowest
    if not first or (figure.numerator or 0) < 2 * threshold:
        return False
    year = find_register(figure.population, register)
    rows = year.table(figure.population.table)
    whole = Population(year, figure.population)
    return not rows or int(make_mask(whole).sum()) == figure.denominator
