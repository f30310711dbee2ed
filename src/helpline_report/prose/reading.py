"""Literal prose as a reader sees it: letters without disguise, each with its line in the source.

Emphasis doesn't interrupt a word, the end of a line is a space, and what is invisible (a soft
hyphen, a zero-width space) is gone. A placeholder and a text whose source is marked are one
character, `SET_OUT`, which is part of no word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from helpline_report.prose.nodes import (
    Emphasis,
    Exempt,
    Inline,
    Link,
    Placeholder,
    SoftBreak,
    Strong,
    Text,
    Value,
)

SET_OUT = "\N{OBJECT REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Letters:
    """A text to search in; for each character of it the number of the letter it comes from."""

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The first and the last letter of a stretch of the text."""
        return self.origin[start], self.origin[end - 1]


@dataclass(frozen=True)
class Reading:
    """Prose in lower case, with its accents and without; `lines` holds the line of each letter."""

    accented: Letters
    bare: Letters
    lines: tuple[int, ...]
    shown: tuple[str, ...]

    def words(self, first: int, last: int) -> str:
        """The letters from `first` to `last` as they stand in the text."""
        return "".join(self.shown[first : last + 1])


def read(children: tuple[Inline, ...]) -> Reading:
    """Read the inline nodes of one paragraph or heading."""
    letters = list(_letters(children))
    shown = tuple(letter for letter, _ in letters)
    return Reading(
        accented=_spelled([unicodedata.normalize("NFC", letter) for letter in shown]),
        bare=_spelled([bare(letter) for letter in shown]),
        lines=tuple(line for _, line in letters),
        shown=shown,
    )


def bare(text: str) -> str:
    """A text without accents and other marks, and its letters in their plain shapes."""
    taken_apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in taken_apart if not unicodedata.category(c).startswith("M"))


def _spelled(letters: list[str]) -> Letters:
    text, origin = [], []
    for number, letter in enumerate(letters):
        for character in letter.casefold():
            text.append(character)
            origin.append(number)
    return Letters("".join(text), tuple(origin))


def _letters(children: tuple[Inline, ...]) -> Iterator[tuple[str, int]]:
    """Letters with the marks that hang on them, and their lines; nothing that can't be seen."""
    letter, at = "", 0
    for character, line in _characters(children, [0]):
        category = unicodedata.category(character)
        if category == "Cf":
            continue
        if category.startswith("M") and letter:
            letter += character
            continue
        if letter:
            yield letter, at
        letter, at = character, line
    if letter:
        yield letter, at


def _characters(children: tuple[Inline, ...], line: list[int]) -> Iterator[tuple[str, int]]:
    for child in children:
        match child:
            case Text(text, number):
                line[0] = number
                yield from ((character, number) for character in text)
            case SoftBreak():
                yield " ", line[0]
            case Placeholder() | Exempt() | Value():
                yield SET_OUT, line[0]
            case Emphasis(inner) | Strong(inner) | Link(children=inner):
                yield from _characters(inner, line)
