"""What each number of a document is said to count, to share or to average."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Literal

from helpline_report.audit.printing import Bounds
from helpline_report.audit.proofreading.beside import count_beside, in_brackets, mean_per
from helpline_report.audit.proofreading.changes import change_at
from helpline_report.audit.proofreading.document import Document, Paragraph, Place, Sentence
from helpline_report.audit.proofreading.nouns import counted, share_of, values_of
from helpline_report.audit.proofreading.numerals import Numeral, find_numerals
from helpline_report.audit.proofreading.vocabulary import dutch, either

Role = Literal["count", "share", "change", "mean"]

TIMES = ("maand", "maanden", "week", "weken", "dag", "dagen", "uur", "uren", "jaar", "jaren",
         "minuten", "kwartaal", "kwartalen", "openingsdagen", "werkdagen")  # fmt: skip
YEAR = re.compile(r"(?<![\d.,])((?:19|20)\d\d)(?!\d|[.,]\d)")


@dataclass(frozen=True)
class Mention:
    """A number in its sentence.

    `population` is what a count counts and what a share is a share of; None where the words don't
    say. `explicit` says whether a share names it itself ('86 % van de oproepen'). `values` are the
    characteristics that the words beside it name. `nested` numbers are parts of an earlier one.
    """

    numeral: Numeral
    role: Role
    sentence: Sentence
    where: int
    paragraph: int
    section: int
    population: str | None = None
    explicit: bool = False
    values: frozenset[tuple[str, str]] = frozenset()
    year: int | None = None
    per: str | None = None
    nested: bool = False
    time: bool = False
    pair: Numeral | None = field(default=None, repr=False)

    @property
    def bounds(self) -> Bounds:
        """The numbers it may stand for; a mean is rounded, and a count is one."""
        found = self.numeral.bounds()
        if self.role == "mean" and found.is_point:
            half = self.numeral.step / 2
            return Bounds(found.low - half, found.high + half)
        return found

    @property
    def value(self) -> Decimal:
        """The number as it is printed."""
        return self.numeral.value

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.sentence.place(self.numeral.start)

    @property
    def said(self) -> str:
        """The number as it stands there."""
        return self.sentence.text[self.numeral.start : self.numeral.end]


def read_mentions(document: Document) -> tuple[Mention, ...]:
    """Every number of the sentences, in order."""
    found: list[Mention] = []
    where = 0
    for number, paragraph in enumerate(document.paragraphs):
        found += _paragraph(document, paragraph, number, where)
        where += len(paragraph.sentences) + 1
    return tuple(found)


def _paragraph(
    document: Document, paragraph: Paragraph, number: int, where: int
) -> Iterator[Mention]:
    share: str | None = None
    inside = False
    for index, sentence in enumerate(paragraph.sentences):
        numerals = find_numerals(sentence.text, document.names)
        mentions = [
            Mention(numeral, _role(sentence.text, numeral), sentence, where + index, number,
                    paragraph.section)
            for numeral in numerals
        ]  # fmt: skip
        mentions = [_described(mention, numerals) for mention in mentions]
        mentions = _with_shares(_with_counts(mentions), share)
        inside = _goes_on(sentence.text, mentions, inside=inside)
        yield from (replace(item, nested=inside or _nested(item)) for item in mentions)
        shares = [item.population for item in mentions if item.role == "share"]
        share = next((item for item in reversed(shares) if item), share)


def _role(text: str, numeral: Numeral) -> Role:
    if numeral.is_share:
        return "change" if change_at(text, numeral) else "share"
    return "mean" if mean_per(text, numeral) else "count"


def _described(mention: Mention, numerals: Sequence[Numeral]) -> Mention:
    text, numeral = mention.sentence.text, mention.numeral
    after, before = _segment(text, numeral, numerals)
    noun = counted(after) if not numeral.is_share else None
    time = bool(re.match(rf"\s*(?:{'|'.join(TIMES)})\b", after, re.IGNORECASE))
    base = share_of(after) if numeral.is_share else None
    return replace(
        mention,
        population=noun or base,
        explicit=base is not None,
        values=values_of(after) or values_of(before),
        year=_year(text, numeral),
        per=mean_per(text, numeral),
        time=time and not numeral.is_share,
    )


def _segment(text: str, numeral: Numeral, numerals: Sequence[Numeral]) -> tuple[str, str]:
    """The words between a number and the next one, and those since the one before.

    A number in brackets belongs to what stands before it.
    """
    rest = [item.start for item in numerals if item.start > numeral.start]
    past = [item.end for item in numerals if item.end <= numeral.start]
    after = text[numeral.end : rest[0] if rest else len(text)]
    if rest and re.match(r"\s*\(\s*(?:n\s*=)?\s*$", after):
        after = text[numeral.end :]
        closed = re.match(r"\s*\([^)]*\)", after)
        after = after[closed.end() :] if closed else after
        later = [start for start in rest if start > len(text) - len(after)]
        after = after[: later[0] - (len(text) - len(after))] if later else after
    before = text[past[-1] if past else 0 : numeral.start]
    if in_brackets(text, numeral):
        return after.partition(")")[0], before
    return after, before


def _with_counts(mentions: Sequence[Mention]) -> list[Mention]:
    """Counts without a noun of their own take the one before them; in brackets, the nearest."""
    found: list[Mention] = []
    last: str | None = None
    for item in mentions:
        named = item
        if item.role in ("count", "mean") and item.population is None and not item.time:
            noun = _noun_around(item.sentence.text, item.numeral) or last
            named = replace(item, population=noun)
        if item.role == "count":
            last = named.population or last
        found.append(named)
    return found


def _noun_around(text: str, numeral: Numeral) -> str | None:
    before, after = text[: numeral.start], text[numeral.end :]
    named = re.findall(r"\baantal\s+((?:[\w-]+\s+){0,2}?[\w-]+)", before, re.IGNORECASE)
    for words in reversed(named):
        found = counted(" " + words, listed=True)
        if found:
            return found
    times = re.match(rf"\s*{either(dutch().times)}", after, re.IGNORECASE)
    sides = (after, before) if times else (before, after)
    if in_brackets(text, numeral) or times:
        return _last(sides[0]) if sides[0] is before else _first(after) or _last(before)
    return _last(before)


def _listed(text: str) -> list[str]:
    words = re.findall(r"[^\W\d][\w-]*", text)
    return [key for word in words if dutch().listed(word) and (key := dutch().population(word))]


def _last(text: str) -> str | None:
    found = _listed(text)
    return found[-1] if found else None


def _first(text: str) -> str | None:
    found = _listed(text)
    return found[0] if found else None


def _with_shares(mentions: Sequence[Mention], inherited: str | None) -> list[Mention]:
    """Shares with the count beside them, and with what they are a share of."""
    found: list[Mention] = []
    counts = [item for item in mentions if item.role == "count" and not item.time]
    shares = [item.numeral for item in mentions if item.role == "share"]
    last = inherited
    for item in mentions:
        if item.role != "share":
            found.append(item)
            continue
        text, numeral = item.sentence.text, item.numeral
        pair = count_beside(text, numeral, [m.numeral for m in counts], shares)
        beside = next((other.population for other in counts if other.numeral is pair), None)
        near = _last(text[: numeral.start]) if not item.explicit else None
        base = item.population or beside or near or last
        found.append(replace(item, population=base, pair=pair))
        last = base
    found = _first_like_the_next(found)
    bases = {item.pair: item for item in found if item.pair is not None}
    return [
        replace(item, population=bases[item.numeral].population)
        if item.role == "count" and item.population is None and item.numeral in bases
        else item
        for item in found
    ]


def _first_like_the_next(mentions: Sequence[Mention]) -> list[Mention]:
    """A share that names no whole, before one in the same sentence that does."""
    named = [item.population for item in mentions if item.role == "share" and item.population]
    return [
        replace(item, population=named[0])
        if item.role == "share" and item.population is None and named
        else item
        for item in mentions
    ]


def _year(text: str, numeral: Numeral) -> int | None:
    """The year nearest to a number: before it, or right behind it."""
    before = list(YEAR.finditer(text[: numeral.start]))
    after = YEAR.search(text[numeral.end : numeral.end + 40])
    if after and re.search(r"\(\s*$|^[^.;(]{0,30}\bin\s+$", text[numeral.end :][: after.start()]):
        return int(after[1])
    return int(before[-1][1]) if before else int(after[1]) if after else None


@cache
def _parts() -> re.Pattern[str]:
    return re.compile(either(dutch().part_of), re.IGNORECASE)


def _nested(mention: Mention) -> bool:
    """Whether a number is said to be part of one before it."""
    return bool(_parts().search(mention.sentence.text[: mention.numeral.start]))


def _goes_on(text: str, mentions: Sequence[Mention], *, inside: bool) -> bool:
    """Whether a sentence goes on with the parts of the sentence before it.

    'Daarvan …' begins a list of parts; 'In 12 van de …' points back to it, and '12 …' begins anew.
    """
    if not mentions:
        return inside
    if _parts().match(text):
        return True
    first = mentions[0].numeral
    return inside and bool(re.match(r"\s*van\s+(?:de|die|deze|hen)\b", text[first.end :]))
