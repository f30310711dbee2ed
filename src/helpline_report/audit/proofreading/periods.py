"""A rise or a fall between counts of periods of another length."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from helpline_report.audit.proofreading.changes import Way, way_of
from helpline_report.audit.proofreading.evidence import Evidence
from helpline_report.audit.proofreading.findings import (
    NL,
    Finding,
    Outcome,
    Outcomes,
    count,
    quoted,
    say,
)
from helpline_report.audit.proofreading.mentions import Mention
from helpline_report.audit.proofreading.vocabulary import dutch
from helpline_report.figures.intervals import exact_rate_ratio
from helpline_report.prose.numbers import number

CHECK = "periods"
YEAR = Decimal(12)
RATIO_DECIMALS = 2


@dataclass(frozen=True)
class _Observed:
    """A count with the months in which it was counted."""

    mention: Mention
    months: Decimal


def periods(evidence: Evidence) -> Outcomes:
    """Each sentence that says that something rose or fell, beside counts of unequal periods."""
    by_sentence: dict[int, list[Mention]] = {}
    for item in evidence.mentions:
        if item.role == "count" and not item.time and item.population:
            by_sentence.setdefault(item.where, []).append(item)
    for where, here in by_sentence.items():
        way = way_of(here[0].sentence.text)
        if way is None:
            continue
        before = [i for i in by_sentence.get(where - 1, []) if i.section == here[0].section]
        pair = _unequal(here) or _unequal([*before, *here])
        if pair:
            yield _pair(pair, way)


def _unequal(mentions: Sequence[Mention]) -> tuple[_Observed, _Observed] | None:
    """The earlier and the later of two counts of one population, if one period is told apart."""
    own = [(item, months_of(item)) for item in mentions]
    told = [(item, months) for item, months in own if months is not None]
    if not told:
        return None
    item, months = told[-1]
    others = [(o, m) for o, m in own if o is not item and o.population == item.population]
    for other, given in reversed(others):
        length = given or YEAR
        if length != months and other.year != item.year:
            pair = _Observed(item, months), _Observed(other, length)
            later = (other.year or 0) > (item.year or 0)
            return pair if later or item.year is None else (pair[1], pair[0])
    return None


def months_of(item: Mention) -> Decimal | None:
    """The length of the period that stands beside a count, in months."""
    text, numeral = item.sentence.text, item.numeral
    start = max((m.end() for m in re.finditer(r"[.;(]", text[: numeral.start])), default=0)
    ends = re.search(r"[.;)(]", text[numeral.end :])
    clause = text[start : numeral.end + (ends.start() if ends else len(text))]
    lengths = list(_lengths(clause))
    return lengths[0] if lengths else None


def _lengths(clause: str) -> Iterator[Decimal]:
    words = dutch()
    numbers = "|".join(words.words)
    for match in re.finditer(
        rf"\b(?:op|over|in|gedurende|tijdens|van|eerste|laatste)\s+(?:de\s+)?(?:eerste\s+|laatste\s+)?"
        rf"(\d+|{numbers})\s+maanden\b",
        clause,
        re.IGNORECASE,
    ):
        said = match[1].casefold()
        yield Decimal(words.words.get(said, 0) or said)
    for name, months in words.spans.items():
        if re.search(rf"\b{name}\b", clause, re.IGNORECASE):
            yield Decimal(months)
    yield from _named_months(clause)


def _named_months(clause: str) -> Iterator[Decimal]:
    """'sinds juli', 'van januari tot en met juni'; whole months only."""
    names = [name.casefold() for name in dutch().months]
    month = "|".join(names)
    first = r"(?:1\s+)?"
    both = re.search(
        rf"\b(?:van|tussen)\s+{first}({month})\s*(?:\d{{4}}\s+)?(?:tot(?: en met)?|t/m|en)\s+"
        rf"(?:\d+\s+)?({month})\b",
        clause,
        re.IGNORECASE,
    )
    if both:
        yield Decimal(names.index(both[2].casefold()) - names.index(both[1].casefold()) + 1)
        return
    since = re.search(rf"\b(?:sinds|vanaf)\s+{first}({month})\b", clause, re.IGNORECASE)
    if since:
        yield Decimal(12 - names.index(since[1].casefold()))


def _pair(pair: tuple[_Observed, _Observed], way: Way) -> Outcome:
    then, now = pair
    events = int(now.mention.value), int(then.mention.value)
    if sum(events) == 0 or min(then.months, now.months) <= 0:
        return None
    low, high = exact_rate_ratio(events, (float(now.months), float(then.months)))
    if (way == "rise" and low > 1) or (way == "fall" and high < 1):
        return None
    ratio = events[0] / float(now.months) / (events[1] / float(then.months)) if events[1] else 0
    text = say(
        f"periods.{way}",
        now=count(now.mention.value),
        then=count(then.mention.value),
        long=say("means.months", number=count(now.months)),
        short=say("means.months", number=count(then.months)),
        unit=dutch().per["month"][0],
        ratio=number(NL, ratio, RATIO_DECIMALS),
        low=number(NL, low, RATIO_DECIMALS),
        high=number(NL, min(high, 999.0), RATIO_DECIMALS),
    )
    first, last = sorted((then.mention, now.mention), key=lambda m: (m.where, m.numeral.start))
    start = first.numeral.start if first.where == last.where else 0
    quote = quoted(last.sentence, start, last.numeral.end)
    return Finding(last.place, CHECK, "not_supported", quote, text)
