"""Check the free texts of the parameters for numbers: they are published, and nothing counts them.

What describes the helpline's year (campaigns, events, breaks, reasons) holds ordinary numbers
alone: dates, names, laws. Names, facts and statements may hold any, but no percentage. Words may
stand on a source's word, marked as in the texts: `[honderd](<bron:het persbericht>)`.
"""

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
# The keys of every text of the parameters that is published and is no label of a code and no
# address; `*` is each item.
STATEMENTS = (
    *("facts.*", "title", "helpline.full_name", "publisher.name", "publisher.role"),
    *("publisher.accessibility.tested", "publisher.accessibility.limits.*"),
    *("publisher.accessibility.enforcement", "calendar.closed.*.reason", "disclosure.reason"),
    "house_style.logo.alternative",
)
# The same of what describes the year.
ACCOUNTS = (
    *("campaigns.*.name", "campaigns.*.goal", "campaigns.*.means", "campaigns.*.target.name"),
    *("events.*.name", "breaks.*.note", "trend.breaks.*.note", "acknowledged.*.reason"),
    "correction_reasons.*",
)


class FreeText(NamedTuple):
    """A text of the parameters in one language: its keys and place; an `account` is of a year."""

    path: KeyPath
    place: str
    language: str
    text: str
    account: bool


def check_free_texts(edition: Edition, document: Document, *, breaks_alone: bool = False) -> None:
    """Refuse free texts of an edition that say what figures should.

    With `breaks_alone` it is a comparison year: only the notes of its breaks are published.

    Raises:
        ParametersError: with each such text and its line.
    """
    complaints: dict[str, str] = {}
    for item in free_texts(edition, document):
        about = f"{item.place}: '{'.'.join(map(str, item.path))}'"
        if breaks_alone and "breaks" not in item.path:
            continue
        if has_broken_mark(item.text):
            complaints[f"{about} holds a mark of a source that isn't one"] = MARK_STEP
            continue
        literal = "".join(SET_OUT if source else words for words, source in split_marks(item.text))
        for number in read_literal(literal, item.language, [edition.helpline.name]).numbers:
            if item.account or number.is_share:
                what = f"{about} says '{number.words}', which no figure bears out"
                complaints[what] = NUMBER_STEP
    if complaints:
        steps = "\n  → ".join(dict.fromkeys(complaints.values()))
        raise ParametersError("\n".join(complaints), next_step=steps)


def list_marked_words(edition: Edition, document: Document) -> tuple[Exemption, ...]:
    """The words of the parameters that stand on a source's word, each with its key."""
    return tuple(
        Exemption(words, source, f"{document.label}, {'.'.join(map(str, item.path))}")
        for item in free_texts(edition, document)
        for words, source in split_marks(item.text)
        if source is not None
    )


def free_texts(edition: Edition, document: Document) -> Iterator[FreeText]:
    """Every published text of the parameters that is no label and no address, by language."""
    for keys in (*STATEMENTS, *ACCOUNTS):
        for path, text in _find_values(edition, keys.split(".")):
            texts: dict[str, str] = {edition.language: text} if isinstance(text, str) else {}
            if isinstance(text, Translated):
                texts = {language: text.with_marks(language) for language in LANGUAGES}
            for language, words in texts.items():
                with_language = (*path, language)
                keys_of_place = with_language if with_language in document.places else path
                place = document.place(keys_of_place)
                yield FreeText(path, place, language, words, keys in ACCOUNTS)


def _find_values(value: Any, keys: list[str]) -> Iterator[tuple[KeyPath, Any]]:
    """What stands at some keys within a value, each with its path; nothing where there is none."""
    if not keys or value is None:
        yield from [] if value is None else [((), value)]
        return
    head, *rest = keys
    items: Iterable[tuple[Any, Any]] = [(head, getattr(value, head, None))]
    if head == "*":
        items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        for path, inside in _find_values(item, rest):
            yield (key, *path), inside
