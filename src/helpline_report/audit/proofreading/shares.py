"""A count beside a share: which whole they fit, and whether that is what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from helpline_report.audit.printing import Bounds
from helpline_report.audit.proofreading.arithmetic import point
from helpline_report.audit.proofreading.arithmetic import share as in_percent
from helpline_report.audit.proofreading.evidence import Evidence
from helpline_report.audit.proofreading.findings import (
    Finding,
    Outcome,
    Outcomes,
    Verdict,
    count,
    quoted,
    say,
    share,
)
from helpline_report.audit.proofreading.mentions import Mention
from helpline_report.audit.proofreading.vocabulary import dutch

CHECK = "shares"
NEAR = 3
ENOUGH = 2
ALL_OF = ("van alle ", "van het totaal")
WHOLE = r"\b(?:van|bij)\s+(?:de|alle|die|deze)\s+$"


def shares(evidence: Evidence) -> Outcomes:
    """Each count with a share of it beside it."""
    for item in evidence.mentions:
        if item.role != "share" or item.pair is None:
            continue
        part = next(
            (m for m in evidence.mentions
             if m.sentence is item.sentence and m.numeral is item.pair), None
        )  # fmt: skip
        if part is not None:
            yield from _pair(item, part, evidence)


def _pair(item: Mention, part: Mention, evidence: Evidence) -> Iterator[Outcome]:
    claimed = item.population
    if claimed is None:
        return
    if any(_fits(part.bounds, item.bounds, size) for size in evidence.sizes(claimed)):
        yield None
        return
    if claimed not in evidence.totals:
        whole = _whole_of(item, part, evidence) or _whole_of_others(item, evidence)
        if whole is not None:
            yield _fits_none(item, part, whole.value)
        return
    other = _other_whole(item, part, evidence)
    if other is not None:
        yield _wrong_base(item, part, other, evidence.totals[claimed])
    elif _whole_is_said(item) or _whole_of(item, part, evidence) is not None:
        yield _fits_none(item, part, evidence.totals[claimed])


def _fits(part: Bounds, printed: Bounds, whole: Bounds) -> bool:
    return whole.low >= part.low and not in_percent(part, whole).excludes(printed)


def _other_whole(item: Mention, part: Mention, evidence: Evidence) -> Mention | None:
    """A count of another population that the pair is a share of: its total, or one close by."""
    for population, total in evidence.totals.items():
        if population == item.population:
            continue
        for other in evidence.counts(population):
            close = other.section == item.section and 0 < item.where - other.where <= NEAR
            if (other.value == total or close) and _fits(part.bounds, item.bounds, other.bounds):
                return other
    return None


def _wrong_base(item: Mention, part: Mention, other: Mention, whole: Decimal) -> Finding:
    words = dutch()
    claimed, actual = str(item.population), str(other.population)
    own = in_percent(part.bounds, point(whole)) if whole >= part.value else None
    text = say(
        "shares.base" if own else "shares.base_only",
        part=count(part.value),
        printed=item.said.strip(),
        base=count(other.value),
        actual=words.name(actual),
        whole=count(whole),
        claimed=words.name(claimed),
        own=share(own.low) if own else "",
    )
    return _finding(item, part, "wrong_population", text)


def _whole_of(item: Mention, part: Mention, evidence: Evidence) -> Mention | None:
    """A larger count of the same population that the same sentence begins with: 'van de 300 …'."""
    text = item.sentence.text
    for other in evidence.counts(str(item.population)):
        before = other.sentence is item.sentence and other.numeral.start < item.numeral.start
        if not before or other.value <= part.value or other.numeral is part.numeral:
            continue
        if re.search(WHOLE, text[: other.numeral.start], re.IGNORECASE):
            return other
    return None


def _whole_of_others(item: Mention, evidence: Evidence) -> Mention | None:
    """The count that other pairs of the same paragraph are shares of, two of them or more."""
    counts = evidence.counts(str(item.population))
    whole = max(counts, key=lambda count: count.value, default=None)
    if whole is None:
        return None
    others = [
        (other, part)
        for other in evidence.mentions
        for part in counts
        if other is not item
        and other.paragraph == item.paragraph
        and other.population == item.population
        and part.sentence is other.sentence
        and part.numeral is other.pair
    ]
    borne_out = [1 for other, part in others if _fits(part.bounds, other.bounds, whole.bounds)]
    return whole if len(borne_out) >= ENOUGH else None


def _whole_is_said(item: Mention) -> bool:
    """Whether the words name the whole population: 'van alle bezoekers', 'van de bezoekers'."""
    text = item.sentence.text.casefold()
    after = text[item.numeral.end :].lstrip()
    return text.startswith(ALL_OF) or (item.explicit and after.startswith(ALL_OF))


def _fits_none(item: Mention, part: Mention, whole: Decimal) -> Finding:
    own = in_percent(part.bounds, point(whole))
    text = say(
        "shares.fits_none",
        part=count(part.value),
        own=share((own.low + own.high) / 2),
        whole=count(whole),
        claimed=dutch().name(str(item.population)),
        printed=item.said.strip(),
    )
    return _finding(item, part, "contradicts", text)


def _finding(item: Mention, part: Mention, verdict: Verdict, text: str) -> Finding:
    start = min(item.numeral.start, part.numeral.start)
    end = max(item.numeral.end, part.numeral.end)
    return Finding(item.place, CHECK, verdict, quoted(item.sentence, start, end), text)
