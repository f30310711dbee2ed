"""A count with its parts behind it: 'namelijk 14, 2 en 3', 'waarvan 38', 'samen 62'."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from helpline_report.audit.printing import Bounds
from helpline_report.audit.proofreading.arithmetic import minus, total
from helpline_report.audit.proofreading.evidence import Evidence
from helpline_report.audit.proofreading.findings import (
    Finding,
    Outcome,
    Outcomes,
    Verdict,
    between,
    count,
    quoted,
    say,
)
from helpline_report.audit.proofreading.mentions import Mention
from helpline_report.audit.proofreading.vocabulary import dutch, either

CHECK = "enumeration"
FEWEST = 2
NEARLY = Decimal("0.9")


def enumeration(evidence: Evidence) -> Outcomes:
    """Each list of parts in one sentence, and each part of a count before it."""
    by_sentence: dict[int, list[Mention]] = {}
    for item in evidence.mentions:
        if item.role == "count" and not item.time:
            by_sentence.setdefault(item.where, []).append(item)
    for here in by_sentence.values():
        yield from _list(here)
        yield from _parts(here)


def _list(here: Sequence[Mention]) -> Iterator[Outcome]:
    """A count, a word that announces its parts ('namelijk', a colon), and at least two of them."""
    text = here[0].sentence.text
    for index, whole in enumerate(here[:-FEWEST]):
        parts = _own_parts(whole, here[index + 1 :])
        if len(parts) < FEWEST:
            continue
        lead = text[whole.numeral.end : parts[0].numeral.start]
        announced = re.search(either(dutch().all_parts), lead, re.IGNORECASE)
        colon = ":" in lead
        if (announced or colon) and _alike(whole, parts) and not _bracketed(text, parts):
            yield _sum(whole, parts, all_of_them=bool(announced))
            return


def _own_parts(whole: Mention, parts: Sequence[Mention]) -> list[Mention]:
    """Parts of a count without the parts of these: '380 van volwassenen, van wie 200 vrouwen'."""
    text, past, found = whole.sentence.text, whole, list[Mention]()
    for part in parts:
        lead = text[past.numeral.end : part.numeral.start]
        if not found or not re.search(either(dutch().part_of), lead, re.IGNORECASE):
            found.append(part)
        past = part
    return found


def _alike(whole: Mention, parts: Sequence[Mention]) -> bool:
    """Whether none of the parts counts another population that the vocabulary knows."""
    known = {part.population for part in parts if part.population in dutch().populations}
    return whole.population not in dutch().populations or known <= {whole.population}


def _bracketed(text: str, parts: Sequence[Mention]) -> bool:
    """Whether one of the parts stands in brackets behind another: parts of parts."""
    inside = [
        text[: p.numeral.start].count("(") > text[: p.numeral.start].count(")") for p in parts
    ]
    return any(inside) and not all(inside)


def _sum(whole: Mention, parts: Sequence[Mention], *, all_of_them: bool) -> Outcome:
    sum_ = total(part.bounds for part in parts)
    if not sum_.excludes(whole.bounds):
        return None
    if sum_.high < whole.bounds.low and not all_of_them and sum_.high < NEARLY * whole.value:
        return None
    less = sum_.high < whole.bounds.low
    gap = minus(whole.bounds, sum_)
    text = say(
        "enumeration.less" if less else "enumeration.more",
        sum=between(sum_),
        whole=count(whole.value),
        gap=between(gap) if less else "",
    )
    verdict: Verdict = "incomplete" if less else "contradicts"
    quote = quoted(whole.sentence, whole.numeral.start, parts[-1].numeral.end)
    return Finding(whole.place, CHECK, verdict, quote, text)


def _parts(here: Sequence[Mention]) -> Iterator[Outcome]:
    """A part that is more than what it is said to be a part of: '157, waarvan 381'."""
    text = here[0].sentence.text
    for whole, part in pairwise(here):
        lead = text[whole.numeral.end : part.numeral.start]
        word = re.search(either(("waarvan", "waaronder")), lead, re.IGNORECASE)
        same = part.population in (None, whole.population)
        if not word or not same or re.search(r"[.;]", lead):
            continue
        yield _part(whole, part)


def _part(whole: Mention, part: Mention) -> Outcome:
    fits: Bounds = minus(whole.bounds, part.bounds)
    if fits.high >= 0:
        return None
    text = say("enumeration.part", part=count(part.value), whole=count(whole.value))
    quote = quoted(whole.sentence, whole.numeral.start, part.numeral.end)
    return Finding(part.place, CHECK, "contradicts", quote, text)
