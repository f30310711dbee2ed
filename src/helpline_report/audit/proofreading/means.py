"""Means over months, weeks and days, against the number they are a mean of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from helpline_report.audit.printing import Bounds
from helpline_report.audit.proofreading.arithmetic import over, point
from helpline_report.audit.proofreading.arithmetic import part as part_of
from helpline_report.audit.proofreading.evidence import Evidence
from helpline_report.audit.proofreading.findings import (
    Finding,
    Outcomes,
    count,
    quoted,
    say,
)
from helpline_report.audit.proofreading.mentions import Mention
from helpline_report.audit.proofreading.vocabulary import dutch

CHECK = "means"
YEAR = {"month": (Decimal(12),), "week": (Decimal(52),), "day": (Decimal(365), Decimal(366))}
DAYS = re.compile(r"\b(\d{1,3})\s+(?:\w+\s+)?(?:dagen|openingsdagen|werkdagen)\b", re.IGNORECASE)
PER_TWO = re.compile(r"\bper\s+\w+\s+(?:en\s+)?per\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Whole:
    """What a mean may be a mean of: a count, or a share of a total."""

    bounds: Bounds
    share: Mention | None = None
    total: Decimal | None = None


def means(evidence: Evidence) -> Outcomes:
    """Each mean of a population of which the document gives the number for the year."""
    for item in evidence.mentions:
        if item.role != "mean" or item.population is None or item.nested:
            continue
        if PER_TWO.search(item.sentence.text) or _part_of_a_year(item):
            continue
        yield from _mean(item, evidence)


def _part_of_a_year(item: Mention) -> bool:
    months = "|".join(dutch().months)
    return bool(
        re.search(
            rf"\b(?:{months}|weekend|zomer|winter|herfst|lente|najaar|voorjaar|sinds|vanaf|vorig"
            rf"|eerste|laatste|tweede|kwartaal|half|\d+ maanden)\b",
            item.sentence.text,
            re.IGNORECASE,
        )
    )


def _mean(item: Mention, evidence: Evidence) -> Iterator[Finding | None]:
    wholes = list(_wholes(item, evidence))
    divisors = _divisors(item, evidence)
    if not wholes or not divisors:
        return
    printed = item.bounds
    for whole in wholes:
        for divisor in divisors:
            if not over(whole.bounds, point(divisor)).excludes(printed):
                yield None
                return
    if len(divisors) == 1 and (item.values or not _qualified(item)):
        yield _finding(item, wholes[0], divisors[0])


def _qualified(item: Mention) -> bool:
    """Whether a mean is one of some of its population: 'gemiddeld 12 oproepen over …'."""
    after = re.split(r"[.;:()]", item.sentence.text[item.numeral.end :])[0]
    return bool(re.search(r"\b(?:over|van|uit|met|door|voor|bij|in|op|tijdens|aan)\b", after))


def _wholes(item: Mention, evidence: Evidence) -> Iterator[_Whole]:
    """The numbers with the same characteristics as a mean; without any, the total."""
    population = str(item.population)
    size = evidence.totals.get(population)
    if size is None:
        yield from _close_by(item, evidence)
        return
    if not item.values:
        yield from (_Whole(one) for one in _whole_sizes(evidence, population, size))
        return
    for other in evidence.mentions:
        if other.population != population or other.values != item.values:
            continue
        if other.role == "count" and other.section == item.section:
            yield _Whole(other.bounds)
        elif other.role == "share" and other.pair is None and other.section == item.section:
            yield _Whole(part_of(other.bounds, point(size)), other, size)


def _close_by(item: Mention, evidence: Evidence) -> Iterator[_Whole]:
    """Of a population that no list knows, the counts of the same and the previous sentence."""
    for other in evidence.counts(str(item.population)):
        if 0 <= item.where - other.where <= 1 and not other.nested:
            yield _Whole(other.bounds)


def _whole_sizes(evidence: Evidence, population: str, size: Decimal) -> Iterator[Bounds]:
    """The total, and each other count: of another year, or of a part that the words don't name."""
    yield point(size)
    yield from (item.bounds for item in evidence.counts(population))


def _divisors(item: Mention, evidence: Evidence) -> Sequence[Decimal]:
    """By how many months, weeks or days a mean may have been divided.

    For days only where the document says how many there were: a service has closing days.
    """
    if item.per != "day":
        return YEAR[str(item.per)]
    return [
        Decimal(match[1])
        for paragraph in evidence.document.paragraphs
        if paragraph.section == item.section
        for sentence in paragraph.sentences
        for match in DAYS.finditer(sentence.text)
    ]


def _finding(item: Mention, whole: _Whole, divisor: Decimal) -> Finding:
    units = {"month": "means.months", "week": "means.weeks", "day": "means.days"}
    own = over(whole.bounds, point(divisor))
    said = {
        "divisor": say(units[str(item.per)], number=count(divisor)),
        "own": count(((own.low + own.high) / 2).quantize(Decimal("0.01"))),
        "printed": item.said.strip(),
        "whole": count(((whole.bounds.low + whole.bounds.high) / 2).to_integral_value()),
    }
    if whole.share is not None and whole.total is not None:
        text = say("means.share", share=whole.share.said.strip(), total=count(whole.total), **said)
    else:
        text = say("means.count", **said)
    quote = quoted(item.sentence, item.numeral.start, item.numeral.end)
    return Finding(item.place, CHECK, "contradicts", quote, text)
