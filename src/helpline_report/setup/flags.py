"""Yes and no columns of an unknown file: which of them together give one field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from helpline_report.exports.cell_texts import plain
from helpline_report.parameters.codelists import Code, CodeList
from helpline_report.setup.looks import NO, YES, Look
from helpline_report.setup.matching import GENERIC, Meaning
from helpline_report.setup.nearness import NEAR, SAME_WORD, named_in, words


@dataclass(frozen=True)
class FlagGroup:
    """Columns that together give one field; the meaning of each is what its name seems to say."""

    codelist: CodeList
    columns: tuple[tuple[Look, Meaning], ...]

    def written(self, *, yes: bool) -> list[str]:
        """How yes, or no, is written in these columns; blanks are told apart."""
        known = YES if yes else NO
        rows: Counter[str] = Counter()
        for look, _ in self.columns:
            rows.update({text: n for text, n in look.counts.items() if plain(text) in known})
        # What differs in case alone is read as one.
        forms: dict[str, str] = {}
        for text in sorted(rows, key=lambda text: (-rows[text], text)):
            forms.setdefault(plain(text), text)
        return sorted(forms.values())

    @property
    def blank(self) -> int:
        """How many cells hold nothing."""
        return sum(look.blank for look, _ in self.columns)


def flag_groups(looks: Sequence[Look], lists: Sequence[CodeList]) -> list[FlagGroup]:
    """Groups of two or more yes and no columns, each of the field that most names speak of.

    A column whose name says no code goes with those whose names begin alike, its code to decide.
    """
    flags = [look for look in looks if look.kind == "flag"]
    said = {look.name: _said(look.name, lists) for look in flags}
    named = {name: found for name, found in said.items() if found is not None}
    if len(flags) < 2 or not named:  # noqa: PLR2004 - one alone is no group
        return []
    by_field = {item.field: item for item in lists}
    groups: dict[str, list[tuple[Look, Meaning]]] = {}
    for look in flags:
        found = said[look.name]
        field = found[0].field if found else _alike(look.name, named)
        taken = {meaning.code for _, meaning in groups.get(field, [])}
        meaning = found[1] if found else _generic(look.name, by_field[field])
        if meaning.code in taken:
            meaning = Meaning(look.name, "", 0.0)
        groups.setdefault(field, []).append((look, meaning))
    return [FlagGroup(by_field[field], tuple(columns)) for field, columns in groups.items()]


def _said(name: str, lists: Sequence[CodeList]) -> tuple[CodeList, Meaning] | None:
    """The code that the name of a column speaks of, in the list where it is plainest."""
    best: tuple[CodeList, Meaning] | None = None
    for codelist in lists:
        for code in codelist.codes:
            score = max(named_in(name, text) for text in _texts(code))
            generic = code.code in GENERIC
            if not generic and score >= SAME_WORD and (not best or score > best[1].nearness):
                best = codelist, Meaning(name, code.code, score, code.nl)
    return best


def _texts(code: Code) -> tuple[str, ...]:
    return code.code, code.en, code.nl


def _generic(name: str, codelist: CodeList) -> Meaning:
    """'Other' or 'unknown', where the last word of a name says that."""
    for code, generic in GENERIC.items():
        if words(name)[-1] in generic and code in codelist.by_code:
            return Meaning(name, code, NEAR, codelist.by_code[code].nl)
    return Meaning(name, "", 0.0)


def _alike(name: str, named: dict[str, tuple[CodeList, Meaning]]) -> str:
    """The field of most columns whose names begin with the same word, or of most at all."""
    first = words(name)[0]
    alike = [item[0].field for other, item in named.items() if words(other)[0] == first]
    return Counter(alike or [item[0].field for item in named.values()]).most_common(1)[0][0]
