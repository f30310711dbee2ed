"""Write what the parameters and code lists of an edition say: placeholders that are no figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from helpline_report.errors import ProseError, nearest
from helpline_report.figures.model import Reason
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.values import Period, Translated, remove_marks, split_marks
from helpline_report.prose import dates
from helpline_report.prose.forms import find_form
from helpline_report.prose.numbers import Idiom, capitalised, cardinal, number
from helpline_report.prose.vocabulary import Unavailable, Vocabulary

# The first part of every name that is no figure's.
HEADS = frozenset(
    {
        *("year", "period", "title", "helpline", "publisher", "licence", "n", "fact"),
        *("campaign", "event", "noun", "age", "person_age", "break", "field", "label"),
    }
)

# A noun is a mapping of `one` and `many`; a reason says why there is nothing.
Thing = str | int | dt.date | Period | Mapping[str, str] | Reason
Forms = Mapping[str, Callable[[Idiom, Any], str]]
Say = Callable[[Translated | str], str]

PERIOD_FORMS: Forms = {
    "in": dates.within,
    "dates": dates.span,
    "year": lambda _, period: dates.year(period),
}
DATE_FORMS: Forms = {
    "date": dates.date,
    "day_month": dates.day_month,
    "month_year": dates.month_year,
    "month": lambda idiom, day: dates.month(idiom, day.month),
    "weekday": lambda idiom, day: dates.weekday(idiom, day.isoweekday()),
    "year": lambda _, day: str(day.year),
}
NUMBER_FORMS: Forms = {"words": cardinal, "value": number}
NOUN_FORMS: Forms = {
    "one": lambda _, noun: noun["one"],
    "many": lambda _, noun: noun["many"],
    "the": lambda idiom, noun: idiom.say("counts.the", noun=noun["many"]),
}
TEXT_FORMS: Forms = {"text": lambda _, text: text}
VALUE_FORMS = {**PERIOD_FORMS, **DATE_FORMS, **NUMBER_FORMS, **NOUN_FORMS, **TEXT_FORMS}


def parameter_words(words: Vocabulary, name: str, form: str | None = None) -> str:
    """What the parameters say under a name, in words.

    Raises:
        Unavailable: it is about the comparison year, and there is none.
        ProseError: there is no such name, or the form doesn't fit it.
    """
    things = _things(words)
    if name not in things:
        close = nearest(name, [*words.ledger.figures, *things])
        raise ProseError(f"there is no figure and no parameter '{name}'{close}")
    thing = things[name]
    if isinstance(thing, Reason):
        raise Unavailable(name, thing)
    forms, natural = _forms(thing)
    if form is None:
        return natural(words.idiom, thing)
    write, capital = find_form(forms, form, f"'{name}'")
    phrase = write(words.idiom, thing)
    return capitalised(phrase) if capital else phrase


def parameter_forms(words: Vocabulary) -> dict[str, list[str]]:
    """The forms that fit each name that `parameter_words` knows; a text is written one way."""
    things = _things(words)
    return {
        name: [] if isinstance(thing, str | Reason) else list(_forms(thing)[0])
        for name, thing in things.items()
    }


def names_with_numbers(idiom: Idiom, edition: Edition) -> tuple[str, ...]:
    """The names and facts with a number in them, which texts may write as they are: '1712'."""
    helpline, language = edition.helpline, idiom.language
    facts = [
        fact.in_language(language) if isinstance(fact, Translated) else remove_marks(fact)
        for fact in edition.facts.values()
        if isinstance(fact, str | Translated)
    ]
    ages = [*edition.age_classes, *edition.person_ages]
    names = [
        *(helpline.name, helpline.full_name.in_language(language)),
        *facts,
        *(age.label.in_language(language) for age in ages),
        *(dates.ages(idiom, age) for age in ages),
    ]
    return tuple(name for name in dict.fromkeys(names) if any(map(str.isdigit, name)))


def _forms(thing: Thing) -> tuple[Forms, Callable[[Idiom, Any], str]]:
    """The forms that fit a thing, and how it is written without one."""
    match thing:
        case Period():
            return PERIOD_FORMS, dates.period_noun
        case dt.date():
            return DATE_FORMS, DATE_FORMS["date"]
        case int():
            return NUMBER_FORMS, NUMBER_FORMS["value"]
        case str():
            return TEXT_FORMS, TEXT_FORMS["text"]
    return NOUN_FORMS, NOUN_FORMS["many"]


def parameter_sources(words: Vocabulary, name: str) -> list[str]:
    """The sources that the words of a name stand on."""
    thing = _things(words, marked=True).get(name)
    marks = split_marks(thing) if isinstance(thing, str) else ()
    return [source for _, source in marks if source is not None]


def _things(words: Vocabulary, *, marked: bool = False) -> dict[str, Thing]:
    """Everything that the parameters and code lists say, by name, in their order.

    Free texts keep the marks of their sources where they are `marked`.
    """
    language = words.language

    def say(text: Translated | str) -> str:
        translation = text if isinstance(text, str) else text.given(language)
        return translation if marked else remove_marks(translation)

    return {**_of_edition(words, say), **dict(_dated(words, say)), **dict(_terms(words))}


def _of_edition(words: Vocabulary, say: Say) -> dict[str, Thing]:
    edition, language = words.edition, words.language
    helpline, publisher = edition.helpline, edition.publisher
    before = words.comparison.period if words.comparison else None
    missing = Reason(code="no_comparison")
    return {
        "year": dates.year(edition.period),
        "period": edition.period,
        "year.previous": dates.year(before) if before else missing,
        "period.previous": before or missing,
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
        **{
            f"fact.{name}": say(fact) if isinstance(fact, str | Translated) else fact
            for name, fact in edition.facts.items()
        },
    }


def _dated(words: Vocabulary, say: Say) -> Iterator[tuple[str, Thing]]:
    """Campaigns and events."""
    for campaign in words.edition.campaigns:
        head = f"campaign.{campaign.id}"
        window = Period(start=campaign.start, end=campaign.end)
        yield f"{head}.name", say(campaign.name)
        yield f"{head}.goal", say(campaign.goal)
        yield f"{head}.means", say(campaign.means)
        yield f"{head}.window", dates.span(words.idiom, window)
        yield f"{head}.start", campaign.start
        yield f"{head}.end", campaign.end
        if campaign.target:
            yield f"{head}.target", say(campaign.target.name)
    for event in words.edition.events:
        yield f"event.{event.id}.name", say(event.name)
        yield f"event.{event.id}.date", event.date
        yield f"event.{event.id}.source", event.source


def _terms(words: Vocabulary) -> Iterator[tuple[str, Thing]]:
    """Nouns, age classes, notes of breaks, and the words of code lists."""
    for noun, forms in words.idiom.words["nouns"].items():
        yield f"noun.{noun}", forms
    for ages in words.edition.age_classes:
        yield f"age.{ages.code}", dates.ages(words.idiom, ages)
    for ages in words.edition.person_ages:
        yield f"person_age.{ages.code}", dates.ages(words.idiom, ages)
    for item in words.edition.breaks:
        yield f"break.{item.id}", words.break_note(item.id)
    for field, codelist in words.codelists.items():
        yield f"field.{field}", words.field(field)
        for code in codelist.by_code:
            yield f"label.{field}.{code}", words.label(field, code)
