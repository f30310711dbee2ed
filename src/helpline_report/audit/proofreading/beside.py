"""What stands beside a number: brackets, the count of a share, the time of a mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from helpline_report.audit.proofreading.numerals import Numeral
from helpline_report.audit.proofreading.vocabulary import dutch, either

# 'van de leden', 'van alle oproepen': what may stand between a share and its count in brackets.
OF_NOUN = r"van\s+(?:de|het|alle|die|deze)\s+[\w-]+(?:\s+[\w-]+)?\s*"
# 'oproepen per maand': a number so many a month, also without 'gemiddeld'.
RATE = r"\s+(?:[\w-]+\s+){1,2}per\s+"


def in_brackets(text: str, numeral: Numeral) -> bool:
    """Whether a number stands in brackets."""
    opened = text.rfind("(", 0, numeral.start)
    return opened >= 0 and ")" not in text[opened : numeral.start]


def count_beside(
    text: str, share: Numeral, counts: Sequence[Numeral], others: Sequence[Numeral]
) -> Numeral | None:
    """The count that stands for the same as a share: '35 % (n=1.675)', '946 … (14 %)'."""
    for count in counts:
        between = text[share.end : count.start] if count.start > share.end else ""
        crossed = any(share.end <= other.start < count.start for other in others)
        marked = bool(re.search(r"\(\s*n\s*=\s*$", between))
        opened = bool(re.fullmatch(rf"\s*(?:{OF_NOUN})?\(\s*(?:n\s*=\s*)?", between))
        if (marked or opened) and not crossed:
            return count
    for count in reversed(counts):
        if count.end > share.start:
            continue
        between = text[count.end : share.start]
        crossed = any(count.end <= other.start < share.start for other in (*others, *counts)
                      if other not in (share, count))  # fmt: skip
        if crossed:
            return None
        joined = re.fullmatch(r"\s*(?:\)?\s*(?:of|ofwel|oftewel|,)\s*)", between)
        bracket = re.fullmatch(r"[^().;:]*\(\s*(?:of\s*)?", between)
        return count if joined or bracket else None
    return None


@cache
def _means() -> re.Pattern[str]:
    return re.compile(either(dutch().mean), re.IGNORECASE)


def mean_per(text: str, numeral: Numeral) -> str | None:
    """The unit of time that a number is a mean over: 'gemiddeld 12 per dag'.

    A number that stands behind them both is no mean: 'gemiddeld 12 per dag, en 400 in totaal'.
    """
    if in_brackets(text, numeral):
        return None
    start, end = _clause(text, numeral)
    for unit, words in dutch().per.items():
        if re.match(rf"{RATE}(?:{'|'.join(words)})\b", text[numeral.end :], re.IGNORECASE):
            return unit
    means = list(_means().finditer(text[start : numeral.start]))
    if not means:
        return None
    since = start + means[-1].end()
    for unit, words in dutch().per.items():
        per = re.compile(rf"\b(?:per|elke|iedere)\s+(?:{'|'.join(words)})\b", re.IGNORECASE)
        between = per.search(text[since : numeral.start])
        if per.search(text[numeral.end : end]) and not between:
            return unit
        if per.search(text[start:since]) and not between:
            return unit
    return None


def _clause(text: str, numeral: Numeral) -> tuple[int, int]:
    """Where the clause of a number begins and ends."""
    start = max((m.end() for m in re.finditer(r"[;:(]", text[: numeral.start])), default=0)
    ends = re.search(r"[;:()]", text[numeral.end :])
    return start, numeral.end + (ends.start() if ends else len(text))
