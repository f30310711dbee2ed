"""Match columns of an unknown file with fields of the code lists, and labels with codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from helpline_report.exports.cell_texts import plain
from helpline_report.parameters.codelists import Code, CodeList
from helpline_report.setup.column_profiles import ColumnProfile, hints, words

SURE = 1.0
NAMED = 0.8
BY_NAME = 0.3
EVIDENCE = 0.35
NEAR = 0.6
SAME_WORD = 0.7
BEGINNING = 4
ABBREVIATION = 3
BEGINS_ALIKE = 0.75

# Codes that every list may hold, and whose labels tell no list from another.
GENERIC = ("unknown", "other")


@dataclass(frozen=True)
class Meaning:
    """A label and the code that it seems to stand for: `nearness` 1 is the same words."""

    label: str
    code: str = ""
    nearness: float = 0.0
    like: str = ""

    @property
    def sure(self) -> bool:
        """Whether the label is a label, or the code itself, of the list."""
        return bool(self.code) and self.nearness >= SURE


@dataclass(frozen=True)
class Match:
    """A coded column and the field that it seems to give."""

    column: ColumnProfile
    codelist: CodeList
    meanings: tuple[Meaning, ...]
    score: float


@dataclass(frozen=True)
class FlagGroup:
    """Columns that together give one field; the meaning of each is what its name seems to say."""

    codelist: CodeList
    columns: tuple[tuple[ColumnProfile, Meaning], ...]

    def written(self, *, yes: bool) -> list[str]:
        """How yes, or no, is written in these columns; blanks are told apart."""
        known = hints()["yes" if yes else "no"]
        rows: Counter[str] = Counter()
        for column, _ in self.columns:
            rows.update({text: n for text, n in column.counts.items() if plain(text) in known})
        # What differs in case alone is read as one.
        forms: dict[str, str] = {}
        for text in sorted(rows, key=lambda text: (-rows[text], text)):
            forms.setdefault(plain(text), text)
        return sorted(forms.values())

    @property
    def blank(self) -> int:
        """How many cells hold nothing."""
        return sum(column.blank for column, _ in self.columns)


def match_columns(
    columns: Sequence[ColumnProfile], lists: Sequence[CodeList], coded: Mapping[str, str]
) -> dict[str, Match]:
    """The best match of each column, each field once; `coded` are fields by column, as given.

    A column of which nothing says that it holds codes has none: its texts may be names.
    """
    best: dict[str, Match] = {}
    taken: set[str] = set()
    for match in sorted(_matches(columns, lists, coded), key=lambda match: -match.score):
        if match.column.name not in best and match.codelist.field not in taken:
            best[match.column.name] = match
            taken.add(match.codelist.field)
    return best


def _matches(
    columns: Sequence[ColumnProfile], lists: Sequence[CodeList], coded: Mapping[str, str]
) -> Iterator[Match]:
    for column in columns:
        field = coded.get(column.name)
        if field is None and column.kind != "coded":
            continue
        # Of a column that a user says is coded there may be thousands of texts, and few labels.
        labels = list(column.counts) if column.kind == "coded" else column.frequent()
        for codelist in lists:
            meanings = tuple(_meaning(label, codelist) for label in labels)
            telling = [m.nearness for m in meanings if plain(m.label) not in generic_labels()]
            by_labels = sum(telling) / len(telling) if telling else 0.0
            by_name = name_score(column.name, codelist)
            score = by_labels + BY_NAME * by_name
            if field == codelist.field:
                yield Match(column, codelist, meanings, score + len(lists))
            # Labels or the name say that a column holds this field.
            evident = score >= EVIDENCE and telling and max(by_name, *telling) >= NAMED
            if field is None and evident:
                yield Match(column, codelist, meanings, score)


def generic_labels() -> frozenset[str]:
    """Labels that every code list may hold."""
    return frozenset().union(*(hints()[code] for code in GENERIC))


def name_score(name: str, codelist: CodeList) -> float:
    """How much the name of a column says that it holds a field, from 0 to 1."""
    subjects = (codelist.name.nl, codelist.name.en, codelist.field)
    return max(_share_named(name, subject) for subject in subjects)


def _meaning(label: str, codelist: CodeList) -> Meaning:
    """The code that a label seems to stand for, or none."""
    for code in GENERIC:
        if plain(label) in hints()[code] and code in codelist.by_code:
            return Meaning(label, code, SURE)
    scored = [(max(_nearness(label, text) for text in _texts(c)), c) for c in codelist.codes]
    scored.sort(key=lambda item: -item[0])
    if not scored or scored[0][0] < NEAR:
        return Meaning(label)
    score, nearest = scored[0]
    if len(scored) > 1 and scored[1][0] == score:
        return Meaning(label, nearness=score / 2)
    return Meaning(label, nearest.code, score, nearest.nl)


def _texts(code: Code) -> tuple[str, ...]:
    return code.nl, code.en, code.code


# Yes and no columns


def group_flags(columns: Iterable[ColumnProfile], lists: Sequence[CodeList]) -> list[FlagGroup]:
    """Groups of two or more yes and no columns, each of the field that most names speak of.

    A column whose name says no code goes with those whose names begin alike, its code to decide.
    """
    flags = [column for column in columns if column.kind == "flag"]
    by_name = {column.name: _said_by_name(column.name, lists) for column in flags}
    named = {name: both for name, both in by_name.items() if both is not None}
    if len(flags) < 2 or not named:  # noqa: PLR2004 - one alone is no group
        return []
    groups: dict[str, list[tuple[ColumnProfile, Meaning]]] = {}
    by_field = {item.field: item for item in lists}
    for column in flags:
        both = by_name[column.name]
        field = both[0].field if both else _field_of_neighbours(column.name, named)
        meaning = both[1] if both else _generic_meaning(column.name, by_field[field])
        if meaning.code in {other.code for _, other in groups.get(field, [])}:
            meaning = Meaning(column.name)
        groups.setdefault(field, []).append((column, meaning))
    return [FlagGroup(by_field[field], tuple(group)) for field, group in groups.items()]


def _said_by_name(name: str, lists: Sequence[CodeList]) -> tuple[CodeList, Meaning] | None:
    """The code that the name of a column speaks of, in the list where it is plainest."""
    best: tuple[CodeList, Meaning] | None = None
    for codelist in lists:
        for code in codelist.codes:
            score = max(_share_named(name, text) for text in _texts(code))
            better = not best or score > best[1].nearness
            if code.code not in GENERIC and score >= SAME_WORD and better:
                best = codelist, Meaning(name, code.code, score, code.nl)
    return best


def _generic_meaning(name: str, codelist: CodeList) -> Meaning:
    """'Other' or 'unknown', where the last word of a name says that."""
    for code in GENERIC:
        if words(name)[-1] in hints()[code] and code in codelist.by_code:
            return Meaning(name, code, NEAR, codelist.by_code[code].nl)
    return Meaning(name)


def _field_of_neighbours(name: str, named: Mapping[str, tuple[CodeList, Meaning]]) -> str:
    """The field of most columns whose names begin with the same word, or of most at all."""
    first = words(name)[0]
    alike = [both[0].field for other, both in named.items() if words(other)[0] == first]
    return Counter(alike or [both[0].field for both in named.values()]).most_common(1)[0][0]


# How near two texts are


def _nearness(one: str, other: str) -> float:
    """From 0, no word in common, to 1, the same words."""
    these, those = words(one), words(other)
    if not these or not those:
        return 0.0
    if these == those:
        return 1.0
    shorter, longer = sorted((these, those), key=len)
    shared = sum(_nearest(word, longer) for word in shorter)
    return min(2 * shared / (len(shorter) + len(longer)), 0.99)


def _share_named(name: str, subject: str) -> float:
    """How much of `subject` the name of a column holds, from 0 to 1."""
    wanted, named = words(subject), words(name)
    if not wanted or not named:
        return 0.0
    return sum(_nearest(word, named) for word in wanted) / len(wanted)


def _nearest(word: str, others: Sequence[str]) -> float:
    return max(_word_nearness(word, other) for other in others)


@lru_cache(maxsize=65536)
def _word_nearness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    shorter = min(len(one), len(other))
    alike = one[:BEGINNING] == other[:BEGINNING] and shorter >= BEGINNING
    abbreviated = one[:shorter] == other[:shorter] and shorter >= ABBREVIATION
    if alike or abbreviated:
        ratio = max(ratio, BEGINS_ALIKE)
    return ratio if ratio >= SAME_WORD else 0.0
