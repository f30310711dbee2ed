"""Growth between two numbers that stand beside it: '8 % meer dan in 2016 (n=6.272)'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from helpline_report.audit.printing import Bounds
from helpline_report.audit.proofreading.arithmetic import change, minus
from helpline_report.audit.proofreading.changes import Way, against_at, way_of
from helpline_report.audit.proofreading.evidence import Evidence
from helpline_report.audit.proofreading.findings import (
    Finding,
    Outcome,
    Outcomes,
    between,
    count,
    quoted,
    say,
    share,
)
from helpline_report.audit.proofreading.mentions import Mention

CHECK = "growth"
FROM_TO = re.compile(r"\bvan\s+$")
TO = re.compile(r"^[^.;]*?\b(?:naar|tot)\s+$")


def growth(evidence: Evidence) -> Outcomes:
    """Each growth in percent against its two numbers, and each 'van … naar …' against its verb."""
    for item in evidence.mentions:
        if item.role == "change":
            yield from _percent(item, evidence)
    for then, now in _from_to(evidence):
        yield _way(then, now)


def _percent(item: Mention, evidence: Evidence) -> Iterator[Outcome]:
    operands = _operands(item, evidence)
    if operands is None:
        return
    then, now = operands
    if then.bounds.low <= 0:
        return
    own = change(then.bounds, now.bounds)
    yield None if not _excluded(item, own) else _finding(item, then, now, own)


def _excluded(item: Mention, own: Bounds) -> bool:
    """Whether the print is no rounding of the growth; a fall may be printed without its sign."""
    printed = item.bounds
    way = way_of(_clause(item))
    low, high = abs(printed.low), abs(printed.high)
    size = Bounds(min(low, high), max(low, high))
    back = Bounds(-size.high, -size.low)
    if item.numeral.signed:
        return own.excludes(printed)
    if way == "fall":
        return own.excludes(back)
    if way == "rise":
        return own.excludes(size)
    return own.excludes(size) and own.excludes(back)


def _clause(item: Mention) -> str:
    """The words around a growth, up to the numbers beside it."""
    text, numeral = item.sentence.text, item.numeral
    start = max((m.end() for m in re.finditer(r"[;(]", text[: numeral.start])), default=0)
    near = text[max(start, numeral.start - 60) : numeral.end + 25]
    return near if way_of(near) else text


def _finding(item: Mention, then: Mention, now: Mention, own: Bounds) -> Finding:
    start = min(m.numeral.start for m in (item, then, now) if m.sentence is item.sentence)
    end = max(m.numeral.end for m in (item, then, now) if m.sentence is item.sentence)
    middle = (own.low + own.high) / 2
    text = say(
        "growth.percent",
        then=count(then.value),
        now=count(now.value),
        own=_said(middle, max(1, item.numeral.decimals)),
        printed=item.said.strip(),
    )
    return Finding(item.place, CHECK, "contradicts", quoted(item.sentence, start, end), text)


def _said(value: Decimal, decimals: int) -> str:
    if value == 0:
        return say("growth.none")
    key = "growth.rise" if value > 0 else "growth.fall"
    return say(key, percent=share(abs(value), decimals))


def _operands(item: Mention, evidence: Evidence) -> tuple[Mention, Mention] | None:
    """The earlier and the later number of a growth, where the words leave no doubt."""
    near = [
        other
        for other in evidence.mentions
        if other.role == "count"
        and not other.time
        and other.section == item.section
        and 0 <= item.where - other.where <= 1
    ]
    here = [other for other in near if other.sentence is item.sentence]
    pair = _nearest(item, list(_pairs_from_to(here)))
    if pair:
        return pair
    then = _earlier(item, here)
    if then is None:
        return _said_before(item, [other for other in near if other.where < item.where])
    candidates = [
        other
        for other in near
        if other is not then
        and not other.nested
        and other.population == then.population
        and (other.year is None or then.year is None or other.year != then.year)
        and not _against(other)
        and (other.where < item.where or other.numeral.start < item.numeral.start
             or then.numeral.start < other.numeral.start)
    ]  # fmt: skip
    here_first = [other for other in candidates if other.sentence is item.sentence] or candidates
    values = {other.value for other in here_first}
    return (then, here_first[-1]) if len(values) == 1 else None


def _said_before(item: Mention, before: list[Mention]) -> tuple[Mention, Mention] | None:
    """The two numbers of the sentence before, for one that begins with 'Dat is 20 % meer'."""
    if not re.match(r"\s*(?:dat|dit)\b", item.sentence.text, re.IGNORECASE):
        return None
    if against_at(item.sentence.text[item.numeral.end :]) is not None:
        return None
    pairs = list(_pairs_from_to(before))
    if pairs or len(before) != 2:  # noqa: PLR2004 - one number and the earlier one
        return pairs[0] if len(pairs) == 1 else None
    now, then = before
    same = now.population == then.population or then.population is None
    text = now.sentence.text[now.numeral.end : then.numeral.start]
    return (then, now) if same and against_at(text) is not None else None


def _earlier(item: Mention, here: list[Mention]) -> Mention | None:
    """The number that a sentence holds a growth against: the first behind 'ten opzichte van'."""
    text = item.sentence.text
    at = against_at(text[item.numeral.end :])
    if at is not None:
        behind = [o for o in here if o.numeral.start >= item.numeral.end + at]
        return behind[0] if behind and _reaches(text, item, behind[0]) else None
    return None


def _reaches(text: str, item: Mention, other: Mention) -> bool:
    """Whether no other clause stands between a growth and a number."""
    return not re.search(r"[;:]|,\s+(?:en|maar|terwijl|waarvan)\b",
                         text[item.numeral.end : other.numeral.start])  # fmt: skip


def _against(item: Mention) -> bool:
    """Whether a number stands behind the words that name an earlier one."""
    before = item.sentence.text[: item.numeral.start]
    return against_at(before[-60:]) is not None


def _pairs_from_to(here: list[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """Each 'van A naar B' among numbers of one sentence."""
    for first, second in pairwise(here):
        text = first.sentence.text
        if first.sentence is not second.sentence:
            continue
        if first.numeral.is_share or second.numeral.is_share:
            continue
        between_them = text[first.numeral.end : second.numeral.start]
        if FROM_TO.search(text[: first.numeral.start]) and TO.search(between_them):
            yield first, second


def _nearest(item: Mention, pairs: list[tuple[Mention, Mention]]) -> tuple[Mention, Mention] | None:
    """The 'van A naar B' right before a growth; where none is, the one right behind it."""
    before = [pair for pair in pairs if pair[1].numeral.end <= item.numeral.start]
    return before[-1] if before else pairs[0] if pairs else None


def _from_to(evidence: Evidence) -> Iterator[tuple[Mention, Mention]]:
    by_sentence: dict[int, list[Mention]] = {}
    for item in evidence.mentions:
        if item.role in ("count", "mean") and not item.time:
            by_sentence.setdefault(item.where, []).append(item)
    for here in by_sentence.values():
        for pair in _pairs_from_to(here):
            if way_of(_before(pair)) is not None:
                yield pair


def _before(pair: tuple[Mention, Mention]) -> str:
    then, now = pair
    text = then.sentence.text
    ends = re.search(r"[;.]", text[now.numeral.end :])
    return text[: now.numeral.end + (ends.start() if ends else len(text))]


def _way(then: Mention, now: Mention) -> Outcome:
    way: Way | None = way_of(_before((then, now)))
    own = minus(now.bounds, then.bounds)
    wrong = own.high < 0 if way == "rise" else own.low > 0
    if not wrong:
        return None
    text = say(f"growth.way_{way}", then=between(then.bounds), now=between(now.bounds))
    quote = quoted(then.sentence, then.numeral.start, now.numeral.end)
    return Finding(then.place, CHECK, "contradicts", quote, text)
