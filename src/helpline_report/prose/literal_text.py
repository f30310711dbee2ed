"""Find the numbers that literal prose types, and the words in it that claim a finding.

A typed number has no figure behind it: it is written in digits, in words ('drieëntwintig') or as a
fraction ('de helft'). Ordinary numbers count nothing: dates and years, hours, laws, telephone
numbers, addresses, names, and quotations with their credit. Words that claim something ('steeg')
are for whoever approves the text. The words and patterns of each language stand in its catalogue.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from babel import Locale
from babel.dates import get_month_names
from babel.numbers import NumberFormatError, parse_decimal

from helpline_report.prose.catalogue import catalogue
from helpline_report.prose.nodes import Node, SoftBreak, Text, leaves

# Stands for a placeholder, and for a text whose source is marked: it is part of no word.
SET_OUT = "\N{OBJECT REPLACEMENT CHARACTER}"
GAP = rf"(?:\s+[\w{SET_OUT}'’-]+){{0,4}}?"
# Runs of digits (each drawn as 0) and percent signs, with the marks between digits, as in 4.812.
NUMERALS = re.compile(r"[0%‰]+(?:[.,:/–-]0[0%‰]*)*")
# What counts where a counted noun stands behind it, or a word like 'ruim' before it.
MAY_COUNT = ("year", "name", "telephone", "law")
MOST_OF_A_GROUP = 100

Span = tuple[int, int]
Unit = Literal["percent", ""]


@dataclass(frozen=True)
class BlockText:
    """The text of a block as a reader sees it, and the line and column of each of its letters.

    Emphasis doesn't interrupt a word, the end of a line is a space, and what is invisible (a soft
    hyphen, a zero-width space) is gone. `bare` has the same letters without their accents.
    """

    text: str
    places: tuple[tuple[int, int], ...]

    @property
    def bare(self) -> str:
        """Without accents, a letter for a letter."""
        return "".join(bare(letter)[:1] or " " for letter in self.text)


@dataclass(frozen=True)
class TypedNumber:
    """A number that no figure answers for, as it is written, with its value where it has one."""

    span: Span
    words: str
    value: Decimal | None
    unit: Unit


@dataclass(frozen=True)
class Reading:
    """What literal prose says: typed numbers, ordinary ones with their kind, claiming words."""

    numbers: tuple[TypedNumber, ...]
    ordinary: tuple[tuple[Span, str], ...]
    claims: tuple[Span, ...]


def read(nodes: Iterable[Node]) -> BlockText:
    """The text of the inline nodes of one block."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    line = column = 0
    for node in leaves(nodes):
        text = SET_OUT
        if isinstance(node, Text):
            line, column = node.line, node.column
            text = node.text.replace(SET_OUT, " ")
        for at, letter in enumerate(" " if isinstance(node, SoftBreak) else nfc(text)):
            if unicodedata.category(letter) not in ("Cf", "Mn", "Mc", "Me"):
                letters.append(letter)
                places.append((line, column + at))
    return BlockText("".join(letters), tuple(places))


def nfc(text: str) -> str:
    """A text with each letter and its accents as one character, where there is one."""
    return unicodedata.normalize("NFC", text)


def bare(text: str) -> str:
    """A text without accents and other marks, and its letters in their plain shapes."""
    taken_apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in taken_apart if not unicodedata.category(c).startswith("M"))


def read_literal(text: str, language: str, names: Collection[str] = ()) -> Reading:
    """What a text says by itself; `names` are those with a number in them: '1712'."""
    patterns, plain = _patterns(language), BlockText(text, ()).bare
    ordinary = list(_ordinary(plain, language, names))
    digits = "".join("0" if letter.isnumeric() else letter for letter in text)
    hits = [*_spans(NUMERALS, digits), *_spans(patterns["numbers"], plain)]
    typed = _outermost(hit for hit in hits if not _lies_in(hit, (each for each, _ in ordinary)))
    numbers = [_number(span, text, plain, language) for span in typed]
    # The percent sign of the number before it is no number.
    numbers = [
        each
        for each in numbers
        if not any(other.span[0] < each.span[0] < other.span[1] for other in numbers)
    ]
    claims = _outermost(_spans(patterns["claims"], text))
    return Reading(
        numbers=tuple(numbers),
        ordinary=tuple(ordinary),
        claims=tuple(each for each in claims if not _lies_in(each, typed)),
    )


def _ordinary(text: str, language: str, names: Collection[str]) -> Iterator[tuple[Span, str]]:
    """The ordinary numbers of a text without accents; a year that counts something is none."""
    patterns = _patterns(language)
    own = ("name", _name_pattern(tuple(names)))
    for kind, pattern in (*_ordinary_patterns(language).items(), own):
        for span in _spans(pattern, text):
            counts = (
                patterns["counted"].match(text, span[1])
                or patterns["percent"].match(text, span[1])
                or patterns["before_counts"].search(text[: span[0]])
            )
            if not counts or kind not in MAY_COUNT:
                yield span, kind


def _number(span: Span, text: str, plain: str, language: str) -> TypedNumber:
    """A typed number with its value; a percent sign or word behind it belongs to it."""
    words = text[slice(*span)].casefold()
    sign = _patterns(language)["percent"].match(plain, span[1])
    end = sign.end() if sign else span[1]
    value = _digits(words.rstrip("%‰"), language) or _words(bare(words), language)
    fractions = catalogue(language)["shares"]["fractions"]
    fraction = next((each for each in reversed(fractions) if each["words"] in words), None)
    if fraction:
        value = Decimal(fraction["parts"] * 100) / fraction["of"]
    unit: Unit = "percent" if sign or fraction or "%" in words else ""
    return TypedNumber((span[0], end), text[span[0] : end], value, unit)


def _digits(words: str, language: str) -> Decimal | None:
    try:
        return parse_decimal(words, Locale.parse(language), strict=True)
    except NumberFormatError:
        return None


def _words(words: str, language: str) -> Decimal | None:
    """The value of a number in words: 'tweehonderddrieëntwintig' is 223."""
    parts = catalogue(language)["texts"]["number_parts"]
    if not _patterns(language)["number"].fullmatch(words):
        return None
    whole = total = 0
    for part in re.findall(_either(parts), words):
        value = parts[part]
        if value < MOST_OF_A_GROUP:
            total += value
        elif value == MOST_OF_A_GROUP:
            total = max(total, 1) * value
        else:
            whole, total = whole + max(total, 1) * value, 0
    return Decimal(whole + total) if whole + total else None


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (match.span() for match in pattern.finditer(text) if match.group())


def _lies_in(span: Span, spans: Iterable[Span]) -> bool:
    return any(first <= span[0] and span[1] <= last for first, last in spans)


def _outermost(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, without those that lie within another one."""
    outer: list[Span] = []
    for span in sorted(spans, key=lambda each: (each[0], -each[1])):
        if not _lies_in(span, outer):
            outer.append(span)
    return outer


@cache
def _name_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,])(?:{_either(map(bare, names)) or '(?!)'})(?!\w|[.,]\d)")


@cache
def _ordinary_patterns(language: str) -> dict[str, re.Pattern[str]]:
    """Of each kind of ordinary number its pattern; MONTH stands for the names of months."""
    months = "|".join(map(bare, get_month_names("wide", locale=language).values()))
    return {
        kind: re.compile("|".join(f"(?:{pattern.replace('MONTH', months)})" for pattern in listed))
        for kind, listed in catalogue(language)["texts"]["ordinary"].items()
    }


@cache
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    words = catalogue(language)["texts"]
    nouns = [noun for names in words["nouns"].values() for noun in names]
    parts, glue = _either(words["number_parts"]), _either(words["number_glue"])
    # Words made of the parts of numbers alone, with an ending or not: 'vijfentwintigste'.
    endings = _either(words["number_endings"])
    number = rf"(?<!\w)(?:(?:{parts}|{glue})-?)*(?:{parts})(?:{endings})?(?!\w)"
    counted = any_of([*nouns, *words["counted"]])
    return {
        "numbers": re.compile(f"{any_of(words['numbers'])}|{number}", re.IGNORECASE),
        "number": re.compile(number),
        "percent": re.compile(rf"\s*(?:[%‰]|{any_of(words['percent'])})", re.IGNORECASE),
        "claims": re.compile(
            rf"{any_of(words['claims'])}|{any_of(words['hedges'])}(?=\s+{SET_OUT})", re.IGNORECASE
        ),
        "counted": re.compile(rf"\s+(?:{words['adjective']}\s+)?{counted}", re.IGNORECASE),
        "before_counts": re.compile(rf"{any_of(words['before_counts'])}\s+$", re.IGNORECASE),
    }


def _either(words: Iterable[str]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)


def any_of(phrases: Iterable[str]) -> str:
    """A pattern of phrases: '…' stands for up to four words, '*' for the rest of a word."""
    either = _either(phrases).replace(r"\s+…", GAP).replace(r"\*", r"\w*")
    return rf"(?<!\w)(?:{either})(?!\w)"
