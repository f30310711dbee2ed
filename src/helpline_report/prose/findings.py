"""Find what literal prose may not say: typed numbers and findings, and claims beside a figure.

Literal prose holds no number, no number word and no word of comparison. What is looked for stands
in the catalogue of each language. A number word is any word put together of the parts of numbers
('vijfentwintig'); ordinals are claims of rank and count as numbers. The Dutch 'een' is an article
and passes; 'één' is a number. Whole words are matched: 'derde' is a number, 'derden' is not.
Phrases of the catalogue's `allowed` ('eerste hulp') pass, and those of `beside_figure` ('bovenaan')
do where a figure stands in the same sentence.

The noun behind a figure is its population's, and no hedge stands before it: '86 % van de oproepen'
behind a share of follow-ups is the commonest mistake of a printed report.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from helpline_report.figures.model import Figure
from helpline_report.prose.catalogue import catalogue
from helpline_report.prose.markdown import Complaint
from helpline_report.prose.nodes import (
    Element,
    Node,
    Placeholder,
    SoftBreak,
    Text,
    text_blocks,
    walk,
)

NEXT_STEP = "write it as {{ figure | form }}, or mark its source: [words](<bron:the source>)"
NOUN_STEP = "write {{ figure | noun }}, which names what was counted, or take another figure"
HEDGE_STEP = "write {{ figure | about }}, which says 'ruim', 'bijna' or 'ongeveer' where it is so"
COUNTED = ("count", "percent", "percent change", "mean", "ratio")

# Stands for a placeholder, and for a text whose source is marked: it is part of no word.
SET_OUT = "\N{OBJECT REPLACEMENT CHARACTER}"
GAP = rf"(?:\s+[\w{SET_OUT}'’-]+){{0,4}}?"
SENTENCE = re.compile(r"[^.!?]+")
# Runs of digits (each drawn as 0) and percent signs, with the marks between digits, as in 4.812.
NUMERALS = re.compile(r"[0%‰]+(?:[.,:/–-]0[0%‰]*)*")

Span = tuple[int, int]


@dataclass(frozen=True)
class BlockText:
    """The text of a block as a reader sees it, and the line of each of its letters.

    Emphasis doesn't interrupt a word, the end of a line is a space, and what is invisible (a soft
    hyphen, a zero-width space) is gone. `bare` and `accented` are the same letters in lower case,
    without their accents and with them.
    """

    text: str
    lines: tuple[int, ...]

    @property
    def accented(self) -> str:
        """In lower case, a letter for a letter."""
        return "".join(letter.lower()[:1] for letter in self.text)

    @property
    def bare(self) -> str:
        """In lower case and without accents, a letter for a letter."""
        return "".join(bare(letter).lower()[:1] or " " for letter in self.text)


def read(nodes: Iterable[Node]) -> BlockText:
    """Read the inline nodes of one paragraph or heading."""
    letters: list[str] = []
    lines: list[int] = []
    line = 0
    for node in walk(nodes):
        if isinstance(node, Element):
            continue
        line = node.line if isinstance(node, Text) else line
        text = node.text.replace(SET_OUT, " ") if isinstance(node, Text) else SET_OUT
        for letter in " " if isinstance(node, SoftBreak) else unicodedata.normalize("NFC", text):
            if unicodedata.category(letter) not in ("Cf", "Mn", "Mc", "Me"):
                letters.append(letter)
                lines.append(line)
    return BlockText("".join(letters), tuple(lines))


def bare(text: str) -> str:
    """A text without accents and other marks, and its letters in their plain shapes."""
    taken_apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in taken_apart if not unicodedata.category(c).startswith("M"))


# Typed findings


def typed_findings(blocks: tuple[Element, ...], language: str) -> list[Complaint]:
    """A complaint for every typed numeral and finding of a text, in order."""
    complaints = []
    for block in text_blocks(blocks):
        reading = read(block.children)
        for (start, end), is_number in _outermost(_hits(reading, language)):
            kind = "a number" if is_number else "a finding"
            what = f"'{reading.text[start:end]}' is {kind} that is typed"
            complaints.append(Complaint(reading.lines[start], what, NEXT_STEP))
    return complaints


def claims_of(nodes: tuple[Node, ...], language: str, *, numerals: bool) -> list[str]:
    """The findings and the shares that a text holds, and with `numerals` every number."""
    reading = read(nodes)
    hits = {
        span: is_number
        for span, is_number in _hits(reading, language).items()
        if numerals or not is_number or set("%‰") & set(reading.text[slice(*span)])
    }
    shares = _spans(_patterns(language)["shares"], reading.bare)
    hits = {**dict.fromkeys(shares, False), **hits}
    return [reading.text[start:end] for (start, end), _ in _outermost(hits)]


def _hits(reading: BlockText, language: str) -> dict[Span, bool]:
    """The typed numbers and findings of a text by their places: whether each is a number."""
    patterns, text, accented = _patterns(language), reading.bare, reading.accented
    digits = "".join("0" if letter.isnumeric() else letter for letter in reading.text)
    passing = list(_spans(patterns["allowed"], text))
    alone = (
        span
        for sentence in SENTENCE.finditer(text)
        if SET_OUT not in sentence.group()
        for span in _spans(patterns["beside_figure"], text, *sentence.span())
    )
    numbers = (
        *_spans(NUMERALS, digits),
        *_spans(patterns["numbers"], text),
        *_spans(patterns["accented_numbers"], accented),
    )
    findings = (*alone, *_spans(patterns["findings"], text))
    hits = {**dict.fromkeys(findings, False), **dict.fromkeys(numbers, True)}
    return {
        (start, end): is_number
        for (start, end), is_number in hits.items()
        if not any(first <= start and end <= last for first, last in passing)
    }


def _spans(pattern: re.Pattern[str], text: str, *within: int) -> Iterator[Span]:
    return (match.span() for match in pattern.finditer(text, *within) if match.group())


def _outermost(hits: Mapping[Span, bool]) -> list[tuple[Span, bool]]:
    """The hits in order, without those that lie within another one."""
    outer: list[tuple[Span, bool]] = []
    for (start, end), is_number in sorted(hits.items(), key=lambda hit: (hit[0][0], -hit[0][1])):
        if not any(first <= start and end <= last for (first, last), _ in outer):
            outer.append(((start, end), is_number))
    return outer


@cache
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    words = catalogue(language)["findings"]
    accented = [word for word in words["numbers"] if bare(word) != word]
    plain = [word for word in words["numbers"] if bare(word) == word]
    parts, glue = _either(words["number_parts"]), _either(words["number_glue"])
    endings = _either(words["number_endings"])
    # Words made of the parts of numbers alone, with an ending or not: 'vijfentwintigste'.
    number_word = rf"(?<!\w)(?:(?:{parts}|{glue})*(?:{parts})(?:{endings})?)(?!\w)"
    phrases = ("findings", "shares", "beside_figure", "allowed")
    return {
        "numbers": re.compile(f"{_any(plain)}|{number_word}"),
        "accented_numbers": re.compile(_any(accented)),
        **{name: re.compile(_any(words[name])) for name in phrases},
    }


def _either(words: Iterable[str]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)


def _any(phrases: list[str]) -> str:
    """A pattern of phrases: '…' stands for up to four words, '*' for the rest of a word."""
    if not phrases:
        return r"(?!)"
    either = "|".join(re.escape(phrase.casefold()) for phrase in phrases)
    either = either.replace(r"\ …", GAP).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
    return rf"(?<!\w)(?:{either})(?!\w)"


# Claims beside a figure


def false_claims(
    blocks: tuple[Element, ...], figures: Mapping[str, Figure], language: str
) -> list[Complaint]:
    """A complaint for every noun or hedge beside a figure that its population doesn't bear out."""
    complaints: list[Complaint] = []
    for block in text_blocks(blocks):
        reading = read(block.children).bare
        set_out = (n for n in walk(block.children) if not isinstance(n, Element | Text | SoftBreak))
        for place, node in zip(re.finditer(SET_OUT, reading), set_out, strict=True):
            figure = figures.get(node.name) if isinstance(node, Placeholder) else None
            if isinstance(node, Placeholder) and figure and figure.unit in COUNTED:
                before = reading[: place.start()].rpartition(SET_OUT)[2]
                after = reading[place.end() :].partition(SET_OUT)[0]
                complaints += _beside(node, figure, before, after, language)
    return complaints


def _beside(
    piece: Placeholder, figure: Figure, before: str, after: str, language: str
) -> Iterator[Complaint]:
    hedge = _hedge(language).search(before)
    if hedge:
        what = f"'{hedge.group().strip()}' before '{figure.id}' is typed"
        yield Complaint(piece.line, what, HEDGE_STEP)
    share = figure.unit == "percent"
    # 'Van de …' always stands behind a share, and maybe behind a count with its noun.
    with_noun = (piece.form or "").lower().startswith("noun")
    of = "always" if share else "maybe" if with_noun else "never"
    counted = figure.of if share and figure.of else figure.population
    for noun, pattern in _nouns(language, of).items():
        claimed = pattern.match(after)
        if claimed and noun != counted.noun:
            kind = "a share of" if share else "about"
            what = f"'{figure.id}' is {kind} {counted.noun}, and the text says '{claimed['noun']}'"
            yield Complaint(piece.line, what, NOUN_STEP)


@cache
def _hedge(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_bare(catalogue(language)['claims']['hedges'])})\s+$")


@cache
def _nouns(language: str, of: str) -> dict[str, re.Pattern[str]]:
    """By population, the pattern of its nouns right behind a number, or behind 'van de'.

    The longest noun wins, so that 'gemelde personen' isn't read as something else.
    """
    words = catalogue(language)["claims"]
    of_the = rf"(?:{_bare(words['of'])})\s+(?:{_bare(words['determiners'])})\s+"
    head = {"always": of_the, "maybe": f"(?:{of_the})?", "never": ""}[of]
    head += rf"(?:(?:{_bare(words['adjectives'])})\s+)?"
    return {
        noun: re.compile(rf"\s*{head}(?P<noun>{_bare(names)})(?!\w)")
        for noun, names in words["nouns"].items()
    }


def _bare(words: Iterable[str]) -> str:
    return _either(bare(word).casefold() for word in words)
