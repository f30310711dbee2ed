"""Which noun a number counts, what a share is a share of, and which characteristics are named."""

from __future__ import annotations

import re
from functools import cache

from helpline_report.audit.proofreading.vocabulary import dutch, either

REACH = 5
WORD = re.compile(r"[^\W\d][\w’'-]*|[.,;:()!?…%=]")
OF = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:van|der)\s+(?:(?:de|het|alle|al|deze|die|dat|dit|hun|onze|haar|zijn|"
    r"totaal|totale|aantal|van)\s+)+",
    re.IGNORECASE,
)


def counted(after: str, *, listed: bool = False) -> str | None:
    """The population of the noun behind a number; with `listed`, of one that the vocabulary has.

    Adjectives and small words may stand between; a verb, a bracket or a comma ends the search.
    """
    words = dutch()
    for seen, match in enumerate(WORD.finditer(after), 1):
        word = match[0]
        if not word[0].isalpha():
            return None
        population = words.population(word)
        if population is not None and (words.listed(word) or not listed):
            return population
        if word.casefold() in words.no_nouns or word.casefold() in words.times:
            return None
        if seen >= REACH or not _between(word):
            return None
    return None


def _between(word: str) -> bool:
    """Whether a word may stand between a number and its noun."""
    word = word.casefold()
    return word in dutch().little or word.endswith(("e", "en"))


def share_of(after: str) -> str | None:
    """The population that '… % van de …' names."""
    match = OF.match(after)
    if match:
        return counted(after[match.end() :])
    direct = re.match(r"\s*([^\W\d][\w-]*)", after)
    if direct and dutch().listed(direct[1]):
        return dutch().population(direct[1])
    return None


def values_of(text: str) -> frozenset[tuple[str, str]]:
    """The values of characteristics that a text names; 'onbekend' is a value of each of them."""
    words = dutch()
    lowered = text.casefold()
    if _unknown().search(lowered):
        return frozenset({("", "unknown")})
    found = re.findall(r"[^\W\d][\w-]*", lowered)
    return frozenset(words.values[word] for word in found if word in words.values)


@cache
def _unknown() -> re.Pattern[str]:
    return re.compile(either(dutch().unknown))


def names_singular(text: str, population: str) -> bool:
    """Whether a text speaks of one member of a population."""
    known = dutch().populations.get(population)
    if known is None or not known.singular:
        return False
    return bool(re.search(either(known.singular), text, re.IGNORECASE))
