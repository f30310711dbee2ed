"""Free texts of the parameters say no findings: they are published unbound, so nothing counts them.

Names, facts and statements may hold numerals (a telephone number, hours, a law), but neither a word
of comparison nor a percentage. What tells of the helpline's year (campaigns, events, breaks,
reasons) holds no numeral either, but for the dates that stand beside it. Words may stand on a
source's word, marked as in the texts: `[honderd](<bron:het persbericht>)`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpline_report.errors import ParametersError
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.values import Translated, has_broken_mark, split_marks
from helpline_report.parameters.yaml import Document, KeyPath
from helpline_report.prose import dates
from helpline_report.prose.catalogue import LANGUAGES
from helpline_report.prose.findings import claims_of
from helpline_report.prose.nodes import Exempt, Inline, Text, Value
from helpline_report.prose.numbers import Idiom
from helpline_report.prose.place import Exemption

CLAIM_STEP = (
    "count it in a chapter and write it as {{ figure | form }}, say it without a claim, or mark "
    "its source: [words](<bron:the source>)"
)
MARK_STEP = "a source is marked [words](<bron:the source>)"
LOCALES = {"en": "en_GB"}


@dataclass(frozen=True)
class FreeText:
    """A text of the parameters: where it stands, what it is of, and the dates it may name.

    `dated` is None where numerals of any kind may stand.
    """

    path: KeyPath
    name: str
    text: Translated | str
    dated: tuple[dt.date, ...] | None = None


def check_free_texts(edition: Edition, document: Document) -> None:
    """Refuse free texts of an edition that say what figures should.

    Raises:
        ParametersError: with each such text and its line.
    """
    _refuse(edition, document, free_texts(edition))


def check_breaks(edition: Edition, document: Document) -> None:
    """The same of the notes of breaks alone: those of the comparison year are published too.

    Raises:
        ParametersError: with each such note and its line.
    """
    _refuse(edition, document, _breaks(edition))


def marked_words(edition: Edition, document: Document) -> tuple[Exemption, ...]:
    """What free texts say on a source's word, for the auditor."""
    return tuple(
        Exemption(words, source, document.place(path))
        for item in free_texts(edition)
        for path, _, text in _languages(item, edition, document)
        for words, source in split_marks(text)
        if source is not None
    )


def free_texts(edition: Edition) -> Iterator[FreeText]:
    """Every text of the parameters that is published and is no label of a code and no address."""
    for name, fact in edition.facts.items():
        if not isinstance(fact, dt.date):
            yield FreeText(("facts", name), f"the fact '{name}'", fact)
    yield FreeText(("title",), "the title", edition.title)
    yield FreeText(("helpline", "full_name"), "the helpline's name", edition.helpline.full_name)
    yield from _publisher(edition)
    for at, day in enumerate(edition.calendar.closed):
        yield FreeText(("calendar", "closed", at, "reason"), "the reason", day.reason)
    if edition.disclosure is not None:
        yield FreeText(("disclosure", "reason"), "the reason", edition.disclosure.reason)
    if edition.house_style.logo is not None:
        path = ("house_style", "logo", "alternative")
        yield FreeText(path, "the logo's words", edition.house_style.logo.alternative)
    yield from _campaigns(edition)
    for at, event in enumerate(edition.events):
        what = f"the name of the event '{event.id}'"
        yield FreeText(("events", at, "name"), what, event.name, (event.date,))
    yield from _breaks(edition)
    yield from _reasons(edition)


def _publisher(edition: Edition) -> Iterator[FreeText]:
    publisher, head = edition.publisher, "publisher"
    yield FreeText((head, "name"), "the publisher's name", publisher.name)
    if publisher.role is not None:
        yield FreeText((head, "role"), "the publisher's role", publisher.role)
    statement = publisher.accessibility
    if statement is None:
        return
    what = "the accessibility statement"
    yield FreeText((head, "accessibility", "tested"), what, statement.tested)
    for at, limit in enumerate(statement.limits):
        yield FreeText((head, "accessibility", "limits", at), what, limit)
    if statement.enforcement is not None:
        yield FreeText((head, "accessibility", "enforcement"), what, statement.enforcement)


def _campaigns(edition: Edition) -> Iterator[FreeText]:
    for at, campaign in enumerate(edition.campaigns):
        dated = (campaign.start, campaign.end)
        for key in ("name", "goal", "means"):
            what = f"the {key} of the campaign '{campaign.id}'"
            yield FreeText(("campaigns", at, key), what, getattr(campaign, key), dated)
        if campaign.target is not None:
            what = f"the target of the campaign '{campaign.id}'"
            yield FreeText(("campaigns", at, "target", "name"), what, campaign.target.name, dated)


def _breaks(edition: Edition) -> Iterator[FreeText]:
    for at, item in enumerate(edition.breaks):
        what = f"the note of the break '{item.id}'"
        yield FreeText(("breaks", at, "note"), what, item.note, (item.date,))
    for at, drawn in enumerate(edition.trend.breaks if edition.trend else ()):
        what = f"the note of the break of {drawn.date}"
        yield FreeText(("trend", "breaks", at, "note"), what, drawn.note, (drawn.date,))


def _reasons(edition: Edition) -> Iterator[FreeText]:
    for at, known in enumerate(edition.acknowledged):
        yield FreeText(("acknowledged", at, "reason"), "the reason", known.reason, ())
    for code, reason in edition.correction_reasons.items():
        yield FreeText(("correction_reasons", code), f"the reason '{code}'", reason, ())


def _refuse(edition: Edition, document: Document, found: Iterator[FreeText]) -> None:
    complaints: list[str] = []
    steps: list[str] = []
    for item in found:
        for path, language, text in _languages(item, edition, document):
            where = document.place(path)
            if has_broken_mark(text):
                complaints.append(f"{where}: {item.name} holds a mark of a source that isn't one")
                steps.append(MARK_STEP)
                continue
            for words in _claims(item, edition, language, text):
                what = f"{item.name} says '{words}', which no figure bears out"
                complaints.append(f"{where}: {what}")
                steps.append(CLAIM_STEP)
    if complaints:
        told = "\n".join(dict.fromkeys(complaints))
        raise ParametersError(told, next_step="\n  → ".join(dict.fromkeys(steps)))


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


def _claims(item: FreeText, edition: Edition, language: str, text: str) -> list[str]:
    if item.dated is None:
        return claims_of(_read(text, None), language, numerals=False)
    known = _dates(edition, item.dated, language)
    return claims_of(_read(text, known), language, numerals=True)


def _read(text: str, known: re.Pattern[str] | None) -> tuple[Inline, ...]:
    """A text whose marked words and known dates are set out of what is searched."""
    made: list[Inline] = []
    for words, source in split_marks(text):
        if source is not None:
            made.append(Exempt(words, source))
            continue
        for at, piece in enumerate(known.split(words) if known else [words]):
            made += ([Value("")] if at else []) + [Text(piece)]
    return tuple(made)


def _dates(edition: Edition, dated: tuple[dt.date, ...], language: str) -> re.Pattern[str]:
    """The dates that stand beside a text, and the years of the edition and of its comparison."""
    idiom = Idiom(language, LOCALES.get(language, edition.locale))
    years = {str(day.year) for day in (*dated, edition.period.start, edition.period.end)}
    if re.fullmatch(r"\d{4}", edition.comparison or ""):
        years.add(str(edition.comparison))
    said = {
        write(idiom, day)
        for day in dated
        for write in (dates.date, dates.day_month, dates.month_year)
    }
    ordered = sorted(said | years, key=len, reverse=True)
    spelled = (re.escape(each).replace(r"\ ", r"\s+") for each in ordered)
    return re.compile(rf"(?<![\w.,])(?:{'|'.join(spelled)})(?!\w|[.,]\d)")
