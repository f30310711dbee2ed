"""Check the free texts of the parameters for numbers: they are published, and nothing counts them.

What tells of the helpline's year (campaigns, events, breaks, reasons) holds ordinary numbers alone:
dates, names, laws. Names, facts and statements may hold any, but no percentage. Words may stand on
a source's word, marked as in the texts: `[honderd](<bron:het persbericht>)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

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


class FreeText(NamedTuple):
    """A text of the parameters in one language: its keys and place, what it is, what it says.

    An `account` tells of the year.
    """

    path: KeyPath
    place: str
    language: str
    name: str
    text: str
    account: bool


def check_free_texts(edition: Edition, document: Document, *, breaks_alone: bool = False) -> None:
    """Refuse free texts of an edition that say what figures should.

    Of a comparison year the notes of breaks alone are published.

    Raises:
        ParametersError: with each such text and its line.
    """
    complaints: list[str] = []
    steps: list[str] = []
    for item in free_texts(edition, document):
        if breaks_alone and "breaks" not in item.path:
            continue
        if has_broken_mark(item.text):
            complaints.append(f"{item.place}: {item.name} holds a mark of a source that isn't one")
            steps.append(MARK_STEP)
            continue
        marks = split_marks(item.text)
        literal = "".join(SET_OUT if source else words for words, source in marks)
        for number in read_literal(literal, item.language, [edition.helpline.name]).numbers:
            if item.account or number.is_share:
                what = f"{item.name} says '{number.words}', which no figure bears out"
                complaints.append(f"{item.place}: {what}")
                steps.append(NUMBER_STEP)
    if complaints:
        message = "\n".join(dict.fromkeys(complaints))
        raise ParametersError(message, next_step="\n  → ".join(dict.fromkeys(steps)))


def marked_words(edition: Edition, document: Document) -> tuple[Exemption, ...]:
    """The words of the parameters that stand on a source's word, each with its line."""
    return tuple(
        Exemption(words, source, item.place)
        for item in free_texts(edition, document)
        for words, source in split_marks(item.text)
        if source is not None
    )


def free_texts(edition: Edition, document: Document) -> Iterator[FreeText]:
    """Every published text of the parameters that is no label and no address, by language."""
    for at_all in (*STATEMENTS, *ACCOUNTS):
        holder, keys, what = at_all
        for outer, item in _inside(edition, holder.split(".") if holder else []):
            for key in keys.split():
                for inner, text in _inside(item, key.split(".")):
                    path = (*outer, *inner)
                    name = what.format(item=item, at=inner[-1], key=key.partition(".")[0])
                    texts: dict[str, str] = {}
                    if isinstance(text, str):
                        texts = {edition.language: text}
                    if isinstance(text, Translated):
                        texts = {language: text.given(language) for language in LANGUAGES}
                    for language, words in texts.items():
                        own = (*path, language)
                        place = document.place(own if own in document.lines else path)
                        yield FreeText(path, place, language, name, words, at_all in ACCOUNTS)


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
