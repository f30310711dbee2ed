"""Placeholders that are no figures: what the parameters and code lists of an edition say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from helpline_report.errors import ProseError, nearest
from helpline_report.parameters.edition import Edition, FactValue
from helpline_report.parameters.values import Period, Translated, remove_marks
from helpline_report.prose import dates, labels, reasons
from helpline_report.prose.catalogue import Noun
from helpline_report.prose.forms import find
from helpline_report.prose.names import Names
from helpline_report.prose.numbers import Idiom, capitalised, cardinal, number

# The first part of every name that is no figure's.
HEADS = frozenset(
    {
        *("year", "period", "title", "helpline", "publisher", "licence", "n", "fact"),
        *("campaign", "event", "noun", "age", "person_age", "break", "field", "label"),
    }
)

Thing = str | int | dt.date | Period | Noun
Get = Callable[[], Thing]

PERIOD_FORMS: dict[str, Callable[[Idiom, Period], str]] = {
    "in": dates.within,
    "dates": dates.span,
    "year": lambda idiom, period: dates.year(period),
}
DATE_FORMS: dict[str, Callable[[Idiom, dt.date], str]] = {
    "date": dates.date,
    "day_month": dates.day_month,
    "month_year": dates.month_year,
    "month": lambda idiom, day: dates.month(idiom, day.month),
    "weekday": lambda idiom, day: dates.weekday(idiom, day.isoweekday()),
    "year": lambda idiom, day: str(day.year),
}
NUMBER_FORMS: dict[str, Callable[[Idiom, int], str]] = {"words": cardinal, "value": number}
NOUN_FORMS: dict[str, Callable[[Idiom, Noun], str]] = {
    "one": lambda idiom, noun: noun.one,
    "many": lambda idiom, noun: noun.many,
    "the": lambda idiom, noun: idiom.words.counts.the.format(noun=noun.many),
}
TEXT_FORMS: dict[str, Callable[[Idiom, str], str]] = {"text": lambda idiom, text: text}


def parameter_words(names: Names, name: str, form: str | None = None) -> str:
    """What the parameters say under a name, in words.

    Raises:
        Unavailable: it is about the comparison year, and there is none.
        ProseError: there is no such name, or the form doesn't fit it.
    """
    known = dict(_known(names))
    if name not in known:
        close = nearest(name, [*names.ledger.figures, *known])
        raise ProseError(f"there is no figure and no parameter '{name}'{close}")
    return _write(names.idiom, name, known[name](), form)


def parameter_names(names: Names) -> list[str]:
    """Every name that `parameter_words` knows."""
    return [name for name, _ in _known(names)]


def parameter_forms(names: Names, name: str) -> list[str]:
    """The forms that fit a name of `parameter_names`.

    Raises:
        Unavailable: it is about the comparison year, and there is none.
    """
    match dict(_known(names))[name]():
        case Period():
            return list(PERIOD_FORMS)
        case dt.date():
            return list(DATE_FORMS)
        case int():
            return list(NUMBER_FORMS)
        case Noun():
            return list(NOUN_FORMS)
    return []


def _write(idiom: Idiom, name: str, thing: Thing, form: str | None) -> str:
    what = f"'{name}'"
    match thing:
        case Period():
            write, capital = find(PERIOD_FORMS, form, what) if form else (dates.period_noun, False)
            said = write(idiom, thing)
        case dt.date():
            as_date, capital = find(DATE_FORMS, form or "date", what)
            said = as_date(idiom, thing)
        case int():
            as_number, capital = find(NUMBER_FORMS, form or "value", what)
            said = as_number(idiom, thing)
        case Noun():
            as_noun, capital = find(NOUN_FORMS, form or "many", what)
            said = as_noun(idiom, thing)
        case str():
            as_text, capital = find(TEXT_FORMS, form or "text", what)
            said = as_text(idiom, thing)
    return capitalised(said) if capital else said


def _known(names: Names) -> Iterator[tuple[str, Get]]:
    yield from _edition("", lambda _: names.edition)
    yield from _edition(".previous", names.previous)
    yield from _about_helpline(names)
    yield from _facts(names)
    yield from _campaigns_and_events(names)
    yield from _words(names)


def _edition(tail: str, edition: Callable[[str], Edition]) -> Iterator[tuple[str, Get]]:
    yield f"year{tail}", lambda: dates.year(edition(f"year{tail}").period)
    yield f"period{tail}", lambda: edition(f"period{tail}").period


def _about_helpline(names: Names) -> Iterator[tuple[str, Get]]:
    edition, language = names.edition, names.language
    helpline, publisher = edition.helpline, edition.publisher
    texts: dict[str, Thing] = {
        "title": edition.title.in_language(language),
        "helpline": helpline.name,
        "helpline.name": helpline.name,
        "helpline.full_name": helpline.full_name.in_language(language),
        "helpline.website": helpline.website,
        "publisher": publisher.name.in_language(language),
        "licence": publisher.licence,
        "n.helplines": len(helpline.lines),
        "n.open_days": edition.calendar.open_days(edition.period),
        "n.campaigns": len(edition.campaigns),
        "n.events": len(edition.events),
    }
    for name, thing in texts.items():
        yield name, _constant(thing)


def _facts(names: Names) -> Iterator[tuple[str, Get]]:
    for name, fact in names.edition.facts.items():
        yield f"fact.{name}", _constant(_fact(fact, names.language))


def _fact(fact: FactValue, language: str) -> Thing:
    if isinstance(fact, Translated):
        return fact.in_language(language)
    return remove_marks(fact) if isinstance(fact, str) else fact


def _campaigns_and_events(names: Names) -> Iterator[tuple[str, Get]]:
    language = names.language
    for campaign in names.edition.campaigns:
        head = f"campaign.{campaign.id}"
        window = Period(start=campaign.start, end=campaign.end)
        yield f"{head}.name", _constant(campaign.name.in_language(language))
        yield f"{head}.goal", _constant(campaign.goal.in_language(language))
        yield f"{head}.means", _constant(campaign.means.in_language(language))
        yield f"{head}.window", _constant(dates.span(names.idiom, window))
        yield f"{head}.start", _constant(campaign.start)
        yield f"{head}.end", _constant(campaign.end)
        if campaign.target:
            yield f"{head}.target", _constant(campaign.target.name.in_language(language))
    for event in names.edition.events:
        yield f"event.{event.id}.name", _constant(event.name.in_language(language))
        yield f"event.{event.id}.date", _constant(event.date)
        yield f"event.{event.id}.source", _constant(event.source)


def _words(names: Names) -> Iterator[tuple[str, Get]]:
    nouns = names.idiom.words.nouns
    for noun in type(nouns).model_fields:
        yield f"noun.{noun}", _constant(nouns.of(noun))
    for group, head in (
        (names.edition.age_classes, "age"),
        (names.edition.person_ages, "person_age"),
    ):
        for ages in group:
            yield f"{head}.{ages.code}", _constant(dates.ages(names.idiom, ages))
    for item in names.edition.breaks:
        yield f"break.{item.id}", _constant(reasons.break_note(names, item.id))
    for field, codelist in names.codelists.items():
        yield f"field.{field}", _constant(labels.field_name(names, field))
        for code in codelist.by_code:
            yield f"label.{field}.{code}", _constant(labels.code_label(names, field, code))


def _constant(thing: Thing) -> Get:
    return lambda: thing
