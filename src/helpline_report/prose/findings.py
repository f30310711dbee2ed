"""No typed findings: literal prose holds no number, no number word and no word of comparison.

What is looked for stands in the catalogue of each language. A number word is any word put together
of the parts of numbers ('vijfentwintig'); ordinals are claims of rank and count as numbers. The
Dutch 'een' is an article and passes; 'één' is a number. Whole words are matched: 'derde' is a
number, 'derden' is not. Phrases of the catalogue's `allowed` ('eerste hulp') pass, and those of
`beside_figure` ('bovenaan') do where a figure stands in the same sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from helpline_report.prose.catalogue import Findings, catalogue
from helpline_report.prose.nodes import Block, Inline, Note, blocks_of
from helpline_report.prose.place import Complaint
from helpline_report.prose.reading import SET_OUT, Letters, Reading, bare, read

NEXT_STEP = "write it as {{ figure | form }}, or mark its source: [words](<bron:the source>)"
GAP = rf"(?:\s+[\w{SET_OUT}'’-]+){{0,4}}?"
SENTENCE = re.compile(r"[^.!?]+")
# A Roman number in capitals: of I, V and X from two on, of others from four ('CD' and 'XL' pass).
ROMAN = re.compile(
    r"(?<!\w)(?=[IVX]{2}|[MDCLXVI]{4})"
    r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?!\w)"
)
BEFORE, AFTER = r"(?<!\w)", r"(?!\w)"


@dataclass(frozen=True)
class _Patterns:
    """What is looked for with accents and without, and what passes."""

    numbers: re.Pattern[str]
    accented_numbers: re.Pattern[str]
    findings: re.Pattern[str]
    shares: re.Pattern[str]
    beside_figure: re.Pattern[str]
    allowed: re.Pattern[str]


@dataclass(frozen=True, order=True)
class _Hit:
    first: int
    last: int
    is_number: bool

    def within(self, other: tuple[int, int]) -> bool:
        return other[0] <= self.first and self.last <= other[1]


def typed_findings(blocks: tuple[Block, ...], language: str) -> list[Complaint]:
    """A complaint for every typed numeral and finding of a text, in order."""
    found: list[Complaint] = []
    for block in blocks_of(blocks):
        if not isinstance(block, Note):
            found += _complaints(read(block.children), language)
    return found


def claims_of(children: tuple[Inline, ...], language: str, *, numerals: bool) -> list[str]:
    """The findings and the shares that a text holds, and with `numerals` every number."""
    reading, patterns = read(children), _patterns(language)
    hits = [
        hit
        for hit in _hits(reading, patterns)
        if numerals or not hit.is_number or set("%‰") & set(reading.words(hit.first, hit.last))
    ]
    hits += [_Hit(*span, is_number=False) for span in _spans(patterns.shares, reading.bare)]
    return [reading.words(hit.first, hit.last) for hit in _outermost(hits)]


def _complaints(reading: Reading, language: str) -> Iterator[Complaint]:
    for hit in _outermost(_hits(reading, _patterns(language))):
        words = reading.words(hit.first, hit.last)
        kind = "a number" if hit.is_number else "a finding"
        yield Complaint(reading.lines[hit.first], f"'{words}' is {kind} that is typed", NEXT_STEP)


def _hits(reading: Reading, patterns: _Patterns) -> list[_Hit]:
    passing = [reading.bare.span(*m.span()) for m in patterns.allowed.finditer(reading.bare.text)]
    hits = [_Hit(*span, is_number=True) for span in (*_numerals(reading), *_romans(reading))]
    hits += [_Hit(*span, is_number=False) for span in _alone(patterns.beside_figure, reading.bare)]
    searches = (
        (patterns.numbers, reading.bare, True),
        (patterns.accented_numbers, reading.accented, True),
        (patterns.findings, reading.bare, False),
    )
    for pattern, letters, is_number in searches:
        hits += [_Hit(*span, is_number=is_number) for span in _spans(pattern, letters)]
    return [hit for hit in hits if not any(hit.within(span) for span in passing)]


def _spans(pattern: re.Pattern[str], letters: Letters) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(letters.text):
        if match.end() > match.start():
            yield letters.span(*match.span())


def _alone(pattern: re.Pattern[str], letters: Letters) -> Iterator[tuple[int, int]]:
    """What is found in sentences without a figure."""
    for sentence in SENTENCE.finditer(letters.text):
        if SET_OUT not in sentence.group():
            for match in pattern.finditer(letters.text, *sentence.span()):
                yield letters.span(*match.span())


def _romans(reading: Reading) -> Iterator[tuple[int, int]]:
    for match in ROMAN.finditer("".join(bare(letter)[:1] or " " for letter in reading.shown)):
        yield match.start(), match.end() - 1


def _numerals(reading: Reading) -> Iterator[tuple[int, int]]:
    """Runs of digits of any script, fractions and percent signs, with the marks between them."""
    start = None
    for number, letter in enumerate((*reading.shown, " ")):
        numeral = any(character.isnumeric() or character in "%‰" for character in letter)
        if numeral and start is None:
            start = number
        elif not numeral and start is not None and not _joins(reading, number):
            yield start, number - 1
            start = None


def _joins(reading: Reading, number: int) -> bool:
    """Whether a mark stands between two digits, as in 4.812."""
    after = reading.shown[number + 1] if number + 1 < len(reading.shown) else ""
    return number < len(reading.shown) and reading.shown[number] in ".,:/–-" and after.isnumeric()


def _outermost(hits: list[_Hit]) -> list[_Hit]:
    """The hits in order, without those that lie within another one."""
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda item: (item.first, -item.last)):
        if not any(hit.within((other.first, other.last)) for other in kept):
            kept.append(hit)
    return kept


@cache
def _patterns(language: str) -> _Patterns:
    words = catalogue(language).findings
    with_accent = [word for word in words.numbers if bare(word) != word]
    without = [word for word in words.numbers if bare(word) == word]
    return _Patterns(
        numbers=re.compile(f"{_any(without)}|{_number_words(words)}"),
        accented_numbers=re.compile(_any(with_accent)),
        findings=re.compile(_any(words.findings)),
        shares=re.compile(_any(words.shares)),
        beside_figure=re.compile(_any(words.beside_figure)),
        allowed=re.compile(_any(words.allowed)),
    )


def _number_words(words: Findings) -> str:
    """Words made of the parts of numbers alone, with an ending or not: 'vijfentwintigste'."""
    parts, glue = _either(words.number_parts), _either(words.number_glue)
    endings = _either(words.number_endings)
    return rf"{BEFORE}(?:(?:{parts}|{glue})*(?:{parts})(?:{endings})?){AFTER}"


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _any(phrases: list[str]) -> str:
    if not phrases:
        return r"(?!)"
    return rf"{BEFORE}(?:{'|'.join(_phrase(phrase) for phrase in phrases)}){AFTER}"


def _phrase(phrase: str) -> str:
    """A phrase of the catalogue: '…' stands for up to four words, '*' for the rest of a word."""
    made = ""
    for word in phrase.split():
        if word == "…":
            made += GAP
            continue
        stem = re.escape(word.casefold().removesuffix("*"))
        made += (r"\s+" if made else "") + stem + (r"\w*" if word.endswith("*") else "")
    return made
