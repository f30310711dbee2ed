"""Columns of an unknown file against the fields of the code lists, and labels against codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from helpline_report.exports.cell_texts import plain
from helpline_report.parameters.codelists import Code, CodeList
from helpline_report.setup.looks import Look
from helpline_report.setup.nearness import NEAR, named_in, nearness

SURE = 1.0
NAMED = 0.8
BY_NAME = 0.3
EVIDENCE = 0.35

# Words that every list may hold, and that tell no list from another.
GENERIC = {
    "unknown": ("onbekend", "unknown", "niet gekend", "desconocido", "inconnu"),
    "other": (
        "andere",
        "ander",
        "anders",
        "overige",
        "overig",
        "other",
        "otro",
        "otra",
        "otros",
        "otras",
        "autre",
        "autres",
    ),
}


@dataclass(frozen=True)
class Meaning:
    """A label and the code that it seems to stand for: `nearness` 1 is the same words."""

    label: str
    code: str
    nearness: float
    like: str = ""

    @property
    def sure(self) -> bool:
        """Whether the label is a label, or the code itself, of the list."""
        return bool(self.code) and self.nearness >= SURE


@dataclass(frozen=True)
class Match:
    """A coded column and the field that it seems to give."""

    look: Look
    codelist: CodeList
    meanings: tuple[Meaning, ...]
    score: float


def fields_of(
    looks: Sequence[Look], lists: Iterable[CodeList], said: Mapping[str, str]
) -> dict[str, Match]:
    """The best match of each column, each field once; `said` are fields by column that a user gave.

    A column of which nothing says that it holds codes has none: its texts may be names.
    """
    found: dict[str, Match] = {}
    taken: set[str] = set()
    for match in sorted(_matches(looks, list(lists), said), key=lambda match: -match.score):
        if match.look.name not in found and match.codelist.field not in taken:
            found[match.look.name] = match
            taken.add(match.codelist.field)
    return found


def _matches(
    looks: Sequence[Look], lists: Sequence[CodeList], said: Mapping[str, str]
) -> Iterable[Match]:
    for look in looks:
        given = said.get(look.name)
        if given is None and look.kind != "coded":
            continue
        for codelist in lists:
            match = _match(look, codelist)
            if given == codelist.field:
                yield Match(look, codelist, match.meanings, match.score + len(lists))
            elif given is None and _is_evident(match):
                yield match


def _match(look: Look, codelist: CodeList) -> Match:
    # Of a column that a user says is coded there may be thousands of texts, and few labels.
    labels = look.counts if look.kind == "coded" else look.frequent()
    meanings = tuple(meaning_of(label, codelist) for label in labels)
    telling = [item for item in meanings if plain(item.label) not in _ALL_GENERIC]
    score = sum(item.nearness for item in telling) / len(telling) if telling else 0.0
    return Match(look, codelist, meanings, score + BY_NAME * name_score(look.name, codelist))


def name_score(name: str, codelist: CodeList) -> float:
    """How much the name of a column says that it holds a field, from 0 to 1."""
    subjects = (codelist.name.nl, codelist.name.en, codelist.field)
    return max(named_in(name, subject) for subject in subjects)


def _is_evident(match: Match) -> bool:
    """Whether labels or the name say that a column holds this field."""
    telling = [item for item in match.meanings if plain(item.label) not in _ALL_GENERIC]
    known = any(item.nearness >= NAMED for item in telling)
    named = name_score(match.look.name, match.codelist) >= NAMED
    return match.score >= EVIDENCE and (known or (named and bool(telling)))


def meaning_of(label: str, codelist: CodeList) -> Meaning:
    """The code that a label seems to stand for, or none."""
    for code, generic in GENERIC.items():
        if plain(label) in generic and code in codelist.by_code:
            return Meaning(label, code, SURE)
    scored = sorted(((_near(label, code), code) for code in codelist.codes), key=_by_nearness)
    if not scored or scored[0][0] < NEAR:
        return Meaning(label, "", 0.0)
    if len(scored) > 1 and scored[1][0] == scored[0][0]:
        return Meaning(label, "", scored[0][0] / 2)
    return Meaning(label, scored[0][1].code, scored[0][0], scored[0][1].nl)


def _by_nearness(scored: tuple[float, Code]) -> float:
    return -scored[0]


def _near(label: str, code: Code) -> float:
    return max(nearness(label, text) for text in (code.nl, code.en, code.code))


_ALL_GENERIC = frozenset(word for generic in GENERIC.values() for word in generic)
