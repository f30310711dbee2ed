"""Match columns of an unknown file with fields of the code lists, and labels with codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain, combinations

from helpline_report.exports.cell_texts import plain, shape
from helpline_report.parameters.codelists import Code, CodeList
from helpline_report.setup.column_profiles import ColumnProfile, read_hints, words

SURE = 1.0
NAMED = 0.8
BY_NAME = 0.3
EVIDENCE = 0.35
NEAR = 0.6
SAME_WORD = 0.7
BEGINNING = 4
ABBREVIATION = 3
BEGINS_ALIKE = 0.75
# A label with two words for one code: 'girl or woman'.
OR = re.compile(r"(\w+) (?:of|or) (\w+)")
# Codes that every list may hold, and whose labels tell no list from another.
GENERIC = ("unknown", "other")
# The words of `read_hints` that say whom a column is about, by the table that it then feeds.
WHOSE = {"contacts": "caller", "persons": "victim"}


@dataclass(frozen=True)
class Meaning:
    """A label and the code that it seems to mean; `nearness` 1 is the same words.

    A `foreign` one is like a word of another language than the file's, and proposes nothing.
    """

    label: str
    code: str = ""
    nearness: float = 0.0
    like: str = ""
    foreign: bool = False

    @property
    def sure(self) -> bool:
        """Whether the label is a label of the list, or the code itself."""
        return bool(self.code) and self.nearness >= SURE


@dataclass(frozen=True)
class Match:
    """A coded column and a field that it may give, with its score by labels alone and in all.

    `is_named` says that the name tells the field, `is_backed` that name or labels do.
    """

    column: ColumnProfile
    codelist: CodeList
    meanings: tuple[Meaning, ...]
    by_labels: float
    score: float
    is_named: bool
    is_backed: bool

    @property
    def nearnesses(self) -> list[float]:
        """The nearness of each label that has a code in the file's language."""
        return [item.nearness for item in self.meanings if item.code and not item.foreign]

    @property
    def is_evident(self) -> bool:
        """Whether the name, or most labels, say which field it is."""
        near = self.nearnesses
        return self.is_named or bool(near and sum(near) >= NAMED * len(self.meanings))

    @property
    def public(self) -> list[Meaning]:
        """The labels that may be shown: many rows hold them, or the code lists do."""
        codes = self.codelist.codes
        listed = {plain(text) for code in codes for text in _texts(code)}
        listed |= list_generic_labels()
        by_label = {meaning.label: meaning for meaning in self.meanings}
        rare = sorted(label for label in by_label if plain(label) in listed)
        return [by_label[label] for label in dict.fromkeys((*self.column.frequent(), *rare))]

    @property
    def hidden_shapes(self) -> list[str]:
        """The shapes of the labels that may not be shown."""
        public = self.public
        return sorted({shape(item.label) for item in self.meanings if item not in public})

    @property
    def missing(self) -> str:
        """The code that a blank may be: the only missing one that no label has; '' if none."""
        codes = {meaning.code for meaning in self.meanings}
        unused = [c.code for c in self.codelist.codes if c.missing and c.code not in codes]
        return unused[0] if len(unused) == 1 else ""


@dataclass(frozen=True)
class FlagGroup:
    """Columns of yes and no that together give one field, each with the meaning of its name."""

    codelist: CodeList
    columns: tuple[tuple[ColumnProfile, Meaning], ...]

    def written(self, *, yes: bool) -> list[str]:
        """The ways in which yes, or no, is written in these columns; blanks are neither."""
        rows: Counter[str] = Counter()
        for column, _ in self.columns:
            rows.update(column.counts)
        # Forms that differ in case alone are one.
        forms: dict[str, str] = {}
        for text in sorted(rows, key=lambda text: (-rows[text], text)):
            if plain(text) in read_hints()["yes" if yes else "no"]:
                forms.setdefault(plain(text), text)
        return sorted(forms.values())

    @property
    def blank(self) -> int:
        """How many cells hold nothing."""
        return sum(column.blank for column, _ in self.columns)


@dataclass(frozen=True)
class Matcher:
    """Matches columns with the fields of some code lists, in the language of their files.

    `coded` are fields by column that a user gave. A column that nothing says is coded has no match:
    its texts may be names.
    """

    lists: Sequence[CodeList]
    coded: Mapping[str, str]
    language: str

    def restrict(self, tables: Sequence[str], without: Sequence[str] = ()) -> Matcher:
        """The same with the fields of some tables, `without` some of them."""
        lists = [each for each in self.lists if each.table in tables and each.field not in without]
        return replace(self, lists=lists)

    def match_columns(self, columns: Sequence[ColumnProfile]) -> dict[str, Match]:
        """The best match of each column, each field once.

        Only columns whose names differ by a number alone may give a field together.
        """
        best: dict[str, Match] = {}
        ordered = sorted(self.find_matches(columns), key=lambda match: -match.score)
        for match in ordered:
            taken = any(match.codelist.field == other.codelist.field for other in best.values())
            if not taken:
                best.setdefault(match.column.name, match)
        numbered = {(each.codelist.field, _unnumbered(each.column.name)) for each in best.values()}
        for match in ordered:
            if (match.codelist.field, _unnumbered(match.column.name)) in numbered:
                best.setdefault(match.column.name, match)
        return best

    def find_matches(self, columns: Sequence[ColumnProfile]) -> Iterator[Match]:
        """Every field that a column may hold, by its labels and its name."""
        siblings = find_siblings(self.lists)
        for column in columns:
            field = self.coded.get(column.name)
            if field is None and column.kind != "coded":
                continue
            labels = list(column.counts) if column.kind == "coded" else column.frequent()
            for codelist in self.lists:
                if field in (None, codelist.field):
                    match = self._match(column, codelist, labels, siblings)
                    if field is not None:
                        score = match.score + len(self.lists)
                        yield replace(match, score=score, is_named=True)
                    elif match.is_backed:
                        yield match

    def _match(
        self,
        column: ColumnProfile,
        codelist: CodeList,
        labels: Sequence[str],
        siblings: frozenset[str],
    ) -> Match:
        meanings = tuple(self._find_meaning(label, codelist) for label in labels)
        specific = [item for item in meanings if plain(item.label) not in list_generic_labels()]
        # Labels that are all like words of another language say nothing of the field.
        is_told = any(item.nearness and not item.foreign for item in specific)
        telling = [item.nearness if is_told else 0.0 for item in specific]
        by_labels = sum(telling) / len(telling) if telling else 0.0
        subjects = (codelist.name.nl, codelist.name.en, codelist.field)
        by_name = max(_score_words(column.name, subject) for subject in subjects)
        score = by_labels + BY_NAME * by_name
        if codelist.field in siblings and column.is_named(WHOSE[codelist.table]):
            score += BY_NAME
        evident = score >= EVIDENCE and bool(telling) and max(by_name, *telling) >= NAMED
        named = by_name >= NAMED and self.language != "other"
        return Match(column, codelist, meanings, by_labels, score, named, evident)

    def _find_meaning(self, label: str, codelist: CodeList) -> Meaning:
        """The meaning of a label in a code list, perhaps without a code."""
        for code in GENERIC:
            if plain(label) in read_hints()[code]:
                return Meaning(label, code, SURE) if code in codelist.by_code else Meaning(label)
        scored = [(max(_compare(label, text) for text in _texts(c)), c) for c in codelist.codes]
        scored.sort(key=lambda item: -item[0])
        if not scored or scored[0][0] < NEAR:
            return Meaning(label)
        score, nearest = scored[0]
        if len(scored) > 1 and scored[1][0] == score:
            return Meaning(label, nearness=score / 2)
        return Meaning(
            label, nearest.code, score, nearest.nl, _is_foreign(label, nearest, self.language)
        )

    def group_flags(self, columns: Iterable[ColumnProfile]) -> list[FlagGroup]:
        """The groups of yes and no columns, by the fields that their names tell.

        A column whose name tells no code joins those that begin with the same word.
        """
        flags = [column for column in columns if column.kind == "flag"]
        named = {column.name: self._code_in_name(column.name) for column in flags}
        fields = {name: codelist for name, (codelist, _) in named.items() if codelist is not None}
        if len(flags) < 2 or not fields:  # noqa: PLR2004 - one alone is no group
            return []
        groups: dict[str, list[tuple[ColumnProfile, Meaning]]] = {}
        for column in flags:
            codelist, meaning = named[column.name]
            if codelist is None:
                # The field of most columns whose names begin with the same word, or of most at all.
                first = words(column.name)[:1]
                alike = [each.field for name, each in fields.items() if words(name)[:1] == first]
                every = alike or [each.field for each in fields.values()]
                field = Counter(every).most_common(1)[0][0]
                codelist = next(each for each in fields.values() if each.field == field)
                last = [code for code in GENERIC if read_hints()[code] & {*words(column.name)[-1:]}]
                code = next((code for code in last if code in codelist.by_code), "")
                like = codelist.label(code, "nl") if code else ""
                meaning = Meaning(column.name, code, NEAR, like)
            group = groups.setdefault(codelist.field, [])
            if meaning.code in {other.code for _, other in group}:
                # Several columns may be of one code: that is a question.
                meaning = replace(meaning, nearness=min(meaning.nearness, NEAR))
            group.append((column, meaning))
        by_field = {each.field: each for each in self.lists}
        return [FlagGroup(by_field[field], tuple(group)) for field, group in groups.items()]

    def _code_in_name(self, name: str) -> tuple[CodeList | None, Meaning]:
        """The list and the meaning of the code that is nearest to the name of a column."""
        best: tuple[CodeList | None, Meaning] = None, Meaning(name)
        for codelist in self.lists:
            for code in codelist.codes:
                score = max(_score_words(name, text) for text in _texts(code))
                if code.code not in GENERIC and score >= SAME_WORD and score > best[1].nearness:
                    foreign = _is_foreign(name, code, self.language)
                    best = codelist, Meaning(name, code.code, score, code.nl, foreign)
        return best


def find_siblings(lists: Iterable[CodeList]) -> frozenset[str]:
    """The fields that callers have as well as persons: ages, and lists that share two codes."""
    siblings: set[str] = set()
    for one, other in combinations(lists, 2):
        shared = set(one.order) & set(other.order) - set(GENERIC)
        fields = {one.field, other.field}
        are_alike = len(shared) > 1 or fields == {"age_class", "caller_age_class"}
        if are_alike and {one.table, other.table} == {"contacts", "persons"}:
            siblings |= fields
    return frozenset(siblings)


def list_generic_labels() -> frozenset[str]:
    """Labels that every code list may hold."""
    return frozenset().union(*(read_hints()[code] for code in GENERIC))


def _is_foreign(label: str, code: Code, language: str) -> bool:
    """Whether a label is like a text of the code in another language than that of the file."""
    holds = any(set(words(text)) <= set(words(label)) for text in _texts(code))
    if not language or holds:
        return False
    texts = _texts(code, language) if language in ("nl", "en") else ()
    own = (max(_compare(label, text), _score_words(label, text)) for text in texts)
    return max(own, default=0.0) < NEAR


def _texts(code: Code, *languages: str) -> tuple[str, ...]:
    """The labels of a code in these languages, or in all; of 'meisje of vrouw' each word too."""
    labels = [code.label(language) for language in languages or ("nl", "en")]
    pairs = [pair.groups() for pair in map(OR.fullmatch, labels) if pair is not None]
    return (*labels, *chain.from_iterable(pairs), code.code)


def _unnumbered(name: str) -> tuple[str, ...]:
    """The words of a column's name without its numbers."""
    return words(re.sub(r"\d+", " ", name))


def _compare(one: str, other: str) -> float:
    """How alike two labels are: from 0, no word in common, to 1, the same words."""
    if words(one) == words(other):
        return float(bool(words(one)))
    shorter, longer = sorted((_telling_words(one), _telling_words(other)), key=len)
    shared = sum(_score_nearest(word, longer) for word in shorter)
    return min(2 * shared / (len(shorter) + len(longer)), 0.99)


def _telling_words(text: str) -> tuple[str, ...]:
    """The words of a label without 'other', which labels of any meaning have."""
    return tuple(word for word in words(text) if word not in read_hints()["other"]) or words(text)


def _score_words(name: str, subject: str) -> float:
    """How much of `subject` the name of a column holds, from 0 to 1."""
    wanted = words(subject)
    return sum(_score_nearest(word, words(name)) for word in wanted) / max(len(wanted), 1)


def _score_nearest(word: str, others: Sequence[str]) -> float:
    return max((_compare_words(word, other) for other in others), default=0.0)


@lru_cache(maxsize=65536)
def _compare_words(one: str, other: str) -> float:
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    shorter = min(len(one), len(other))
    alike = one[:BEGINNING] == other[:BEGINNING] and shorter >= BEGINNING
    abbreviated = one[:shorter] == other[:shorter] and shorter >= ABBREVIATION
    if alike or abbreviated:
        ratio = max(ratio, BEGINS_ALIKE)
    return ratio if ratio >= SAME_WORD else 0.0
