"""What stands beside a figure: the noun behind it is its population's, and no hedge before it.

'86 % van de oproepen' behind a share of follow-ups is the commonest mistake of a printed report:
right number, wrong whole. Where a noun that the catalogue knows stands right behind a figure, it is
checked against the population that was counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from helpline_report.figures.model import Figure
from helpline_report.prose.catalogue import catalogue
from helpline_report.prose.nodes import (
    Block,
    Emphasis,
    Inline,
    Link,
    Note,
    Placeholder,
    SoftBreak,
    Strong,
    Text,
    blocks_of,
)
from helpline_report.prose.place import Complaint
from helpline_report.prose.reading import bare

NUMBERS = ("count", "percent", "percent change", "mean", "ratio")
NOUN_STEP = "write {{ figure | noun }}, which names what was counted, or take another figure"
HEDGE_STEP = "write {{ figure | about }}, which says 'ruim', 'bijna' or 'ongeveer' where it is so"

Find = Callable[[str], Figure | None]


def false_claims(blocks: tuple[Block, ...], find: Find, language: str) -> list[Complaint]:
    """A complaint for every noun or hedge beside a figure that its population doesn't bear out."""
    found: list[Complaint] = []
    for block in blocks_of(blocks):
        if not isinstance(block, Note):
            found += _block(tuple(_flat(block.children)), find, language)
    return found


def _block(pieces: tuple[str | Placeholder, ...], find: Find, language: str) -> Iterator[Complaint]:
    for index, piece in enumerate(pieces):
        if isinstance(piece, str):
            continue
        figure = find(piece.name)
        if figure is None or figure.unit not in NUMBERS:
            continue
        before, after = _text(pieces, index - 1), _text(pieces, index + 1)
        hedge = _hedge(language).search(before)
        if hedge:
            said = hedge.group().strip()
            yield Complaint(piece.line, f"'{said}' before '{figure.id}' is typed", HEDGE_STEP)
        yield from _noun(piece, figure, after, language)


def _noun(piece: Placeholder, figure: Figure, after: str, language: str) -> Iterator[Complaint]:
    counted = figure.of if figure.unit == "percent" and figure.of else figure.population
    for noun, pattern in _nouns(language, _whole(piece, figure)).items():
        claimed = pattern.match(after)
        if claimed and noun != counted.noun:
            kind = "a share of" if figure.unit == "percent" else "about"
            what = f"'{figure.id}' is {kind} {counted.noun}, and the text says '{claimed['noun']}'"
            yield Complaint(piece.line, what, NOUN_STEP)


def _text(pieces: tuple[str | Placeholder, ...], index: int) -> str:
    piece = pieces[index] if 0 <= index < len(pieces) else ""
    return bare(piece).casefold() if isinstance(piece, str) else ""


def _flat(children: tuple[Inline, ...]) -> Iterator[str | Placeholder]:
    """Texts and placeholders in turn; anything else that stands between is a text of its own."""
    text = ""
    for child in _leaves(children):
        match child:
            case Text():
                text += child.text
            case SoftBreak():
                text += " "
            case Placeholder():
                yield text
                yield child
                text = ""
            case _:
                text += "\N{OBJECT REPLACEMENT CHARACTER}"
    yield text


def _leaves(children: tuple[Inline, ...]) -> Iterator[Inline]:
    for child in children:
        match child:
            case Emphasis() | Strong() | Link():
                yield from _leaves(child.children)
            case _:
                yield child


@cache
def _hedge(language: str) -> re.Pattern[str]:
    words = catalogue(language).claims.hedges
    return re.compile(rf"(?<!\w)(?:{_either(words)})\s+$")


def _whole(piece: Placeholder, figure: Figure) -> str:
    """Whether 'van de …' stands behind it: always of a share, maybe of a count with its noun."""
    if figure.unit == "percent":
        return "always"
    return "maybe" if (piece.form or "").lower().startswith("noun") else "never"


@cache
def _nouns(language: str, whole: str) -> dict[str, re.Pattern[str]]:
    """By population, the pattern of its nouns right behind a number, or behind 'van de'.

    The longest noun wins, so that 'gemelde personen' isn't read as something else.
    """
    words = catalogue(language).claims
    adjectives = rf"(?:(?:{_either(words.adjectives)})\s+)?"
    of_the = rf"(?:{_either(words.of)})\s+(?:{_either(words.determiners)})\s+"
    of = {"always": of_the, "maybe": f"(?:{of_the})?", "never": ""}[whole]
    head = rf"\s*{of}{adjectives}"
    return {
        noun: re.compile(rf"{head}(?P<noun>{_either(names)})(?!\w)")
        for noun, names in words.nouns.items()
    }


def _either(words: list[str]) -> str:
    ordered = sorted((bare(word).casefold() for word in words), key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)
