"""Words of change: which number is a growth, which way it goes, and what it is held against."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from helpline_report.audit.proofreading.numerals import Numeral
from helpline_report.audit.proofreading.vocabulary import dutch, either

Way = Literal["rise", "fall"]

REACH = 45


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(either(words), re.IGNORECASE)


def change_at(text: str, numeral: Numeral) -> bool:
    """Whether a percentage is said to be a growth."""
    if numeral.signed:
        return True
    after = text[numeral.end : numeral.end + 20]
    if re.match(rf"\s*(?:{'|'.join((*dutch().more, *dutch().fewer))})\b", after):
        return True
    if re.match(r"\s*(?:van|der)\s", after):
        return False
    words = (*dutch().rise, *dutch().fall, *dutch().change)
    if re.match(rf"\s*{either(words)}", after, re.IGNORECASE):
        return True
    before = text[max(0, numeral.start - REACH) : numeral.start]
    clause = re.split(r"[.;:(]", before)[-1]
    near = re.search(r"(?:\bmet|\bvan|\bwas|\bis|\bbedroeg|\bbedraagt)\s+$", clause)
    return bool(near and (_pattern(words).search(clause) or _in_parts(text, numeral)))


def _in_parts(text: str, numeral: Numeral) -> bool:
    return way_of(text) is not None and bool(
        re.search(r"\b(?:nam|namen|neemt|nemen)\b", text[: numeral.start], re.IGNORECASE)
    )


def way_of(text: str) -> Way | None:
    """Whether a text says that something rose or fell; None where it says neither, or both."""
    words = dutch()
    rises = bool(_pattern(words.rise).search(text)) or _parts(text, words.rise_parts)
    falls = bool(_pattern(words.fall).search(text)) or _parts(text, words.fall_parts)
    more = re.search(rf"(?:%|procent)\s*(?:{'|'.join(words.more)})\b", text)
    fewer = re.search(rf"(?:%|procent)\s*(?:{'|'.join(words.fewer)})\b", text)
    rises, falls = rises or bool(more), falls or bool(fewer)
    if rises == falls:
        return None
    return "rise" if rises else "fall"


def _parts(text: str, verbs: dict[str, str]) -> bool:
    return any(
        re.search(rf"\b{verb}\b[^.;]*\b{particle}\b", text, re.IGNORECASE)
        for verb, particle in verbs.items()
    )


def against_at(text: str) -> int | None:
    """Where the words begin that name the earlier number, if they do."""
    match = _pattern(dutch().against).search(text)
    return match.start() if match else None
