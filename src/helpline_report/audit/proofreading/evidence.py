"""What a document says of sizes: of each population, in sentences and in tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from helpline_report.audit.printing import Bounds
from helpline_report.audit.proofreading.document import Document, Table
from helpline_report.audit.proofreading.mentions import Mention, read_mentions
from helpline_report.audit.proofreading.nouns import WORD
from helpline_report.audit.proofreading.numerals import Numeral
from helpline_report.audit.proofreading.vocabulary import dutch

SMALLEST_TOTAL = 50


@dataclass(frozen=True)
class Evidence:
    """A document with the numbers of its sentences read."""

    document: Document
    mentions: tuple[Mention, ...] = field(repr=False)

    @cached_property
    def by_population(self) -> Mapping[str, tuple[Mention, ...]]:
        """The counts of each population in sentences; means are none."""
        found: dict[str, list[Mention]] = {}
        for item in self.mentions:
            if item.role == "count" and item.population and not item.time:
                found.setdefault(item.population, []).append(item)
        return {key: tuple(items) for key, items in found.items()}

    @cached_property
    def totals(self) -> Mapping[str, Decimal]:
        """The size of each listed population: the largest count of it."""
        sizes = {
            key: max(item.value for item in items)
            for key, items in self.by_population.items()
            if key in dutch().populations
        }
        for table in self.document.tables:
            for index in range(table.width):
                total, key = table.total_of(index), self.column_population(table, index)
                if total is not None and not total.is_share and key in dutch().populations:
                    sizes[str(key)] = max(total.value, sizes.get(str(key), Decimal(0)))
        return {key: size for key, size in sizes.items() if size >= SMALLEST_TOTAL}

    def column_population(self, table: Table, index: int) -> str | None:
        """What a column of a table counts: what its words say, or what a text says of its total."""
        named = table_population(table, index)
        total = table.total_of(index)
        if named is not None or total is None or total.is_share or total.value < SMALLEST_TOTAL:
            return named
        said = {
            key
            for key, items in self.by_population.items()
            if key in dutch().populations and any(item.value == total.value for item in items)
        }
        return said.pop() if len(said) == 1 else None

    def counts(self, population: str) -> tuple[Mention, ...]:
        """The counts of one population."""
        return self.by_population.get(population, ())

    def sizes(self, population: str) -> list[Bounds]:
        """Every size the document gives for some of a population, its months and rows too."""
        found = [item.bounds for item in self.counts(population)]
        for table in self.document.tables:
            for index in range(table.width):
                if self.column_population(table, index) == population:
                    total = [table.total_of(index)] if table.total else []
                    cells: list[Numeral | None] = [*table.column(index), *total]
                    found += [cell.bounds() for cell in cells if cell and not cell.is_share]
        return [size for size in found if size.low > 0]

    def paragraphs(self) -> Iterator[list[Mention]]:
        """The numbers of each paragraph that has any."""
        found: dict[int, list[Mention]] = {}
        for item in self.mentions:
            found.setdefault(item.paragraph, []).append(item)
        yield from found.values()


def read_evidence(document: Document) -> Evidence:
    """Read the numbers of a document."""
    return Evidence(document, read_mentions(document))


def table_population(table: Table, index: int) -> str | None:
    """What a column of a table counts, by its head or by the words above the table.

    Where the words above name as many populations as there are columns of counts, in their order.
    """
    named = _named(table.heads[index])
    if named:
        return named[-1]
    above = _named(table.caption)
    counts = [at for at in range(table.width) if any(not c.is_share for c in table.column(at))]
    if len(above) == len(counts) > 1 and index in counts:
        return above[counts.index(index)]
    return above[0] if len(set(above)) == 1 else None


def _named(text: str) -> list[str]:
    words = dutch()
    found = (match[0] for match in WORD.finditer(text.casefold()))
    keys = (words.population(word) for word in found if words.listed(word))
    return [key for key in keys if key]
