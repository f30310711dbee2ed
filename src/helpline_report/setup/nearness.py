"""How near two labels are: the same words, nearly the same, or others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from helpline_report.exports.cell_texts import plain

NEAR = 0.6
SAME_WORD = 0.7
BEGINNING = 4
ABBREVIATION = 3
BEGINS_ALIKE = 0.75

# Words that say nothing about which label it is: Dutch, English, French, Spanish.
_EMPTY = """
een het de van naar bij met uit mensen personen en of in op door is zijn via als
the a an of by with and or to at on from la el los las le les des du un une una et y o
"""
EMPTY_WORDS = frozenset(_EMPTY.split())


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a label that matter, in lower case and without accents."""
    folded = unicodedata.normalize("NFD", plain(text))
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    # What a word may hold, or not, belongs to it: ouderenmis(be)handeling.
    whole = re.sub(r"(?<=[a-z0-9])\(([a-z0-9]+)\)(?=[a-z0-9])", r"\1", bare)
    found = re.findall(r"[a-z0-9]+", whole)
    return tuple(word for word in found if word not in EMPTY_WORDS) or tuple(found)


def nearness(one: str, other: str) -> float:
    """From 0, no word in common, to 1, the same words."""
    these, those = words(one), words(other)
    if not these or not those:
        return 0.0
    if these == those:
        return 1.0
    shorter, longer = sorted((these, those), key=len)
    found = sum(_best(word, longer) for word in shorter)
    return min(2 * found / (len(shorter) + len(longer)), 0.99)


def named_in(name: str, subject: str) -> float:
    """How much of `subject` the name of a column holds, from 0 to 1."""
    wanted, held = words(subject), words(name)
    if not wanted or not held:
        return 0.0
    return sum(_best(word, held) for word in wanted) / len(wanted)


def _best(word: str, others: Sequence[str]) -> float:
    return max(_word(word, other) for other in others)


@lru_cache(maxsize=65536)
def _word(one: str, other: str) -> float:
    if one == other:
        return 1.0
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    shorter = min(len(one), len(other))
    alike = one[:BEGINNING] == other[:BEGINNING] and shorter >= BEGINNING
    abbreviated = one[:shorter] == other[:shorter] and shorter >= ABBREVIATION
    if alike or abbreviated:
        ratio = max(ratio, BEGINS_ALIKE)
    return ratio if ratio >= SAME_WORD else 0.0
