"""Why something is missing, in words."""

from __future__ import annotations

from helpline_report.errors import ProseError, nearest
from helpline_report.figures.model import Reason
from helpline_report.parameters.edition import Break
from helpline_report.prose import labels
from helpline_report.prose.catalogue import Nouns
from helpline_report.prose.names import Names


def clause(names: Names, reason: Reason) -> str:
    """Why, in a clause: 'de bron registreert geen kanaal'."""
    words = names.idiom.words.reasons.codes[reason.code]
    return words.clause.format(about=_about(names, reason))


def short(names: Names, reason: Reason) -> str:
    """Why, in a few words for a cell of a table: 'niet geregistreerd'."""
    return names.idiom.words.reasons.codes[reason.code].short


def note(names: Names, reason: Reason) -> str:
    """The line that stands for what was left out: 'Niet in dit verslag: …'."""
    return names.idiom.words.reasons.note.format(clause=clause(names, reason))


def break_note(names: Names, identifier: str) -> str:
    """The note of a declared break, of this edition or of the one it is compared with.

    Raises:
        ProseError: neither declares it.
    """
    known = {item.id: item for item in _breaks(names)}
    if identifier not in known:
        close = nearest(identifier, list(known))
        raise ProseError(f"there is no break '{identifier}'{close}")
    return known[identifier].note.in_language(names.language)


def _breaks(names: Names) -> list[Break]:
    earlier = names.comparison.breaks if names.comparison else []
    return [*earlier, *names.edition.breaks]


def _about(names: Names, reason: Reason) -> str:
    about, words = reason.about, names.idiom.words
    if reason.code == "no_source":
        return words.reasons.tables.get(about, about)
    if reason.code == "break" and any(item.id == about for item in _breaks(names)):
        return break_note(names, about).rstrip(".")
    if about in Nouns.model_fields:
        return labels.noun(names, about)
    return labels.field_name(names, about)
