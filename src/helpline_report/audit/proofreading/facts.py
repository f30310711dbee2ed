"""The numbers of our page that are no figures: each stands in the parameters, in the same words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from helpline_report.audit.proofreading.vocabulary import dutch

ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
# Hours of a table, what it leaves out, the level of intervals, a flag, the program's version.
OWN_WORDS = (
    r"^(?:1?\d|2[0-3]) uur$",
    r"\bnog \d+(?=\.)",
    r"\b95\s%",
    r"\b1 is ja, 0 is nee\b",
    r"\bhelpline-report \d+(?:\.\d+)*",
)


def strange_numbers(text: str, facts: Sequence[str], years: Iterable[str]) -> list[str]:
    """The runs of digits of a text that no fact accounts for and that are no year of the report."""
    rest = text
    for phrase in _phrases(tuple(facts)):
        rest = phrase.sub(" ", rest)
    known = set(years)
    return [run for run in re.findall(r"\d+(?:[.,]\d+)*", rest) if run not in known]


@cache
def _phrases(facts: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Patterns of what the facts say, the longest first; a date also as a page writes it."""
    said = {phrase for fact in facts for phrase in _said(" ".join(fact.split()))}
    ordered = sorted(said, key=lambda phrase: (-len(phrase), phrase))
    exact = [rf"(?<![\d.,]){re.escape(phrase)}(?!\d|[.,]\d)" for phrase in ordered]
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in (*exact, *OWN_WORDS))


def _said(fact: str) -> Iterator[str]:
    date = ISO.fullmatch(fact)
    if date:
        day, month = int(date[3]), dutch().months[int(date[2]) - 1]
        yield from (f"{day} {month} {date[1]}", f"{day} {month}", f"{month} {date[1]}")
    elif re.fullmatch(r"\d{1,2}", fact):
        yield from (f"{fact} jaar", f"{fact} tot en met", f": {fact}")
    elif re.search(r"\d", fact):
        yield fact
