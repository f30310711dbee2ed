"""Check the free texts of the parameters for numbers: they are published, and nothing counts them.

What tells of the helpline's year (campaigns, events, breaks, reasons) holds ordinary numbers alone:
dates, names, laws. Names, facts and statements may hold any, but no percentage. Words may stand on
a source's word, marked as in the texts: `[honderd](<bron:het persbericht>)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from helpline_report.errors import ParametersError
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.values import LANGUAGES, Translated, has_broken_mark, split_marks
from helpline_report.parameters.yaml import Document, KeyPath
from helpline_report.prose.literal_text import SET_OUT, read_literal
from helpline_report.prose.markdown import Exemption

NUMBER_STEP = (
    "count it in a chapter and write it as {{ figure | form }} in a text, say it without a number, "
    "or mark its source: [words](<bron:the source>)"
)
MARK_STEP = "a source is marked [words](<bron:the source>)"

# Every text of the parameters that is published and is no label of a code and no address: the keys
# that hold it (`*` is each item), its keys there, and what it is. `item` is what holds it, `at` the
# key of that.
STATEMENTS = (
    ("facts", "*", "the fact '{at}'"),
    ("", "title", "the title"),
    ("helpline", "full_name", "the helpline's name"),
    ("publisher", "name", "the publisher's name"),
    ("publisher", "role", "the publisher's role"),
    ("publisher.accessibility", "tested limits.* enforcement", "the accessibility statement"),
    ("calendar.closed.*", "reason", "the reason"),
    ("disclosure", "reason", "the reason"),
    ("house_style.logo", "alternative", "the logo's words"),
)
CAMPAIGN = "of the campaign '{item.id}'"
# The same of what tells of the year.
ACCOUNTS = (
    ("campaigns.*", "name goal means target.name", f"the {{key}} {CAMPAIGN}"),
    ("events.*", "name", "the name of the event '{item.id}'"),
    ("breaks.*", "note", "the note of the break '{item.id}'"),
    ("trend.breaks.*", "note", "the note of the break of {item.date}"),
    ("acknowledged.*", "reason", "the reason"),
    ("correction_reasons", "*", "the reason '{at}'"),
)


@dataclass(frozen=True)
class FreeText:
    """A text of the parameters: where it stands, what it is of, and whether it tells of a year."""

    path: KeyPath
    name: str
    text: Translated | str
    tells: bool


def check_free_texts(edition: Edition, document: Document) -> None:
    """Refuse free texts of an edition that say what figures should.

    Raises:
        ParametersError: with each such text and its line.
    """
    _refuse(edition, document, free_texts(edition))


def check_breaks(edition: Edition, document: Document) -> None:
    """The same of the notes of breaks alone: those of the comparison year are published too.

    Raises:
        ParametersError: with each such text and its line.
    """
    _refuse(edition, document, (t for t in free_texts(edition) if "breaks" in t.path))


def marked_words(edition: Edition, document: Document) -> tuple[Exemption, ...]:
    """The words of the parameters that stand on a source's word, each with its line."""
    return tuple(
        Exemption(words, source, document.place(path))
        for item in free_texts(edition)
        for path, _, text in _languages(item, edition, document)
        for words, source in split_marks(text)
        if source is not None
    )


def free_texts(edition: Edition) -> Iterator[FreeText]:
    """Every text of the parameters that is published and is no label of a code and no address."""
    for at_all in (*STATEMENTS, *ACCOUNTS):
        holder, keys, what = at_all
        for path, item in _inside(edition, holder.split(".") if holder else []):
            for key in keys.split():
                for below, text in _inside(item, key.split(".")):
                    if isinstance(text, str | Translated):
                        at = below[-1]
                        name = what.format(item=item, at=at, key=key.partition(".")[0])
                        yield FreeText((*path, *below), name, text, at_all in ACCOUNTS)


def _inside(value: Any, keys: list[str]) -> Iterator[tuple[KeyPath, Any]]:
    """What stands at some keys within a value, each with its path; nothing where there is none."""
    if not keys or value is None:
        yield from [] if value is None else [((), value)]
        return
    head, *rest = keys
    items: Iterable[tuple[Any, Any]] = [(head, getattr(value, head, None))]
    if head == "*":
        items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        for path, inside in _inside(item, rest):
            yield (key, *path), inside


def _refuse(edition: Edition, document: Document, texts: Iterator[FreeText]) -> None:
    complaints: list[str] = []
    steps: list[str] = []
    for item in texts:
        for path, language, text in _languages(item, edition, document):
            where = document.place(path)
            if has_broken_mark(text):
                complaints.append(f"{where}: {item.name} holds a mark of a source that isn't one")
                steps.append(MARK_STEP)
                continue
            literal = "".join(SET_OUT if source else words for words, source in split_marks(text))
            for number in read_literal(literal, language, [edition.helpline.name]).numbers:
                if item.tells or number.unit == "percent":
                    what = f"{item.name} says '{number.words}', which no figure bears out"
                    complaints.append(f"{where}: {what}")
                    steps.append(NUMBER_STEP)
    if complaints:
        message = "\n".join(dict.fromkeys(complaints))
        raise ParametersError(message, next_step="\n  → ".join(dict.fromkeys(steps)))


def _languages(
    item: FreeText, edition: Edition, document: Document
) -> Iterator[tuple[KeyPath, str, str]]:
    """The text in each of its languages, as it was given, and where."""
    if isinstance(item.text, str):
        yield item.path, edition.language, item.text
        return
    for language in LANGUAGES:
        own = (*item.path, language)
        path = own if own in document.lines else item.path
        yield path, language, item.text.given(language)
