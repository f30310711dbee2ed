"""Parts of a population that are nearly all of it: who is in none of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from helpline_report.audit.printing import Bounds
from helpline_report.audit.proofreading.arithmetic import minus, point, total, whole_numbers
from helpline_report.audit.proofreading.arithmetic import part as part_of
from helpline_report.audit.proofreading.changes import against_at
from helpline_report.audit.proofreading.document import Table
from helpline_report.audit.proofreading.evidence import Evidence
from helpline_report.audit.proofreading.findings import (
    QUOTE,
    Finding,
    Outcome,
    Outcomes,
    between,
    count,
    say,
)
from helpline_report.audit.proofreading.mentions import Mention
from helpline_report.audit.proofreading.vocabulary import dutch

CHECK = "breakdown"
NEARLY = Decimal("0.95")
NEARLY_TWO = Decimal("0.97")
FEWEST = 2


def breakdown(evidence: Evidence) -> Outcomes:
    """Each paragraph that lists parts of one population which make up nearly all of it.

    Reported is only a gap that the print tells to the unit, and that no other number of the section
    accounts for: rounded percentages that add up to 98 prove nothing.
    """
    for mentions in evidence.paragraphs():
        for population in dict.fromkeys(item.population for item in mentions):
            if population in evidence.totals:
                yield from _parts(mentions, str(population), evidence)


def _parts(mentions: Sequence[Mention], population: str, evidence: Evidence) -> Iterator[Outcome]:
    size = evidence.totals[population]
    parts = [item for item in mentions if _is_part(item, population, size, mentions)]
    if len(parts) < FEWEST:
        return
    sizes = [_size(item, size) for item in parts]
    sum_, whole = total(sizes), point(size)
    least = NEARLY if len(parts) > FEWEST else NEARLY_TWO
    if sum_.high < least * size or not _one_list(parts):
        return
    gap = minus(whole, sum_)
    if gap.low <= 0:
        yield None
        return
    exact = whole_numbers(gap)
    if exact is None or not exact.is_point:
        return
    yield (
        _finding(parts, sum_, exact.low, population, size)
        if not _told(exact.low, parts, evidence)
        else None
    )


def _is_part(item: Mention, population: str, size: Decimal, mentions: Sequence[Mention]) -> bool:
    """Whether a number is a part of the whole on its own: no part of a part, and not the whole."""
    if item.population != population or item.nested or item.time or item.numeral.fraction:
        return False
    if item.role == "count":
        shared = any(other.pair is item.numeral for other in mentions)
        before = item.sentence.text[: item.numeral.start][-60:]
        return item.value != size and (shared or against_at(before) is None)
    return item.role == "share" and item.pair is None


def _size(item: Mention, size: Decimal) -> Bounds:
    return (
        item.numeral.bounds(exact=True)
        if item.role == "count"
        else part_of(item.bounds, point(size))
    )


def _one_list(parts: Sequence[Mention]) -> bool:
    """Whether parts are values of one characteristic, or a list of counts, or set side by side."""
    counts = [item for item in parts if item.role == "count"]
    if len(counts) == len(parts) and len(parts) > FEWEST:
        return True
    named = [{key for key, _ in item.values} for item in parts if item.values]
    if len(named) >= len(parts) - 1 and len(parts) == FEWEST and len(set.union(set(), *named)) == 1:
        return True
    if len(named) == len(parts) and bool(set.intersection(*({"", *keys} for keys in named))):
        return len({key for keys in named for key in keys if key}) == 1
    return len({id(item.sentence) for item in parts}) == 1 and any(
        word in parts[0].sentence.text.casefold() for word in dutch().contrast
    )


def _told(gap: Decimal, parts: Sequence[Mention], evidence: Evidence) -> bool:
    """Whether another number of the section accounts for a gap, or two of one paragraph do."""
    first = parts[0]
    others = [
        item
        for item in evidence.mentions
        if item.section == first.section
        and item.role == "count"
        and not item.time
        and item not in parts
        and item.population in (None, first.population)
    ]
    cells = [
        cell.value
        for table in evidence.document.tables
        if table.section == first.section
        for row in table.rows
        for cell in row.cells
        if cell is not None
    ]
    if any(_complete(table, parts, evidence) for table in evidence.document.tables):
        return True
    together = [item.value for item in others if item.paragraph == first.paragraph]
    pairs = (one + other for one, other in combinations(together, 2))
    return gap in {*(item.value for item in others), *cells, *pairs}


def _complete(table: Table, parts: Sequence[Mention], evidence: Evidence) -> bool:
    """Whether a table of the section has the parts among others that make up the whole."""
    size = evidence.totals[str(parts[0].population)]
    if table.section != parts[0].section:
        return False
    for index in range(table.width):
        column = [cell.value for cell in table.column(index) if not cell.is_share]
        sizes = [_size(part, size) for part in parts]
        if sum(column, Decimal(0)) == size and all(
            any(low <= value <= high for value in column) for low, high in sizes
        ):
            return True
    return False


def _finding(
    parts: Sequence[Mention], sum_: Bounds, gap: Decimal, population: str, size: Decimal
) -> Finding:
    text = say(
        "breakdown.missing",
        sum=between(sum_ if sum_.is_point else point(size - gap)),
        whole=count(size),
        gap=count(gap),
        name=dutch().name(population),
    )
    sentences = dict.fromkeys(item.sentence for item in parts)
    quote = " ".join(sentence.text.strip() for sentence in sentences)
    if len(quote) > QUOTE:
        quote = " … ".join(item.said.strip() for item in parts)
    return Finding(parts[0].place, CHECK, "incomplete", quote, text)
