"""List what the parameters and code lists of an edition say: placeholders that are no figures."""

from __future__ import annotations

from collections.abc import Iterator

from helpline_report.figures.model import Reason
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.values import Period, Translated, remove_marks
from helpline_report.prose import dates
from helpline_report.prose.forms import Thing, fitting_forms
from helpline_report.prose.numbers import Idiom
from helpline_report.prose.vocabulary import Vocabulary

# The first part of every name that is no figure's.
HEADS = frozenset(
    {
        *("year", "period", "title", "helpline", "publisher", "licence", "n", "fact"),
        *("campaign", "event", "noun", "age", "person_age", "break", "field", "label"),
    }
)


def parameter_forms(words: Vocabulary) -> dict[str, list[str]]:
    """The forms that fit each name of `parameter_things`; a text is written one way."""
    return {
        name: [] if isinstance(thing, str | Reason) else fitting_forms(thing)
        for name, thing in parameter_things(words).items()
    }


def names_with_numbers(idiom: Idiom, edition: Edition) -> tuple[str, ...]:
    """The names and facts with a number in them, which texts may write as they are: '1712'."""
    helpline, language = edition.helpline, idiom.language
    facts = [_translated(fact, language) for fact in edition.facts.values()]
    ages = [*edition.age_classes, *edition.person_ages]
    names = [
        *(helpline.name, helpline.full_name.in_language(language)),
        *(remove_marks(fact) for fact in facts if isinstance(fact, str)),
        *(age.label.in_language(language) for age in ages),
        *(dates.ages(idiom, age) for age in ages),
    ]
    return tuple(name for name in dict.fromkeys(names) if any(map(str.isdigit, name)))


def _translated(thing: Thing | Translated, language: str) -> Thing:
    """A text in a language, with the marks of its sources; anything else as it is."""
    return thing.given(language) if isinstance(thing, Translated) else thing


def parameter_things(words: Vocabulary) -> dict[str, Thing]:
    """Everything that the parameters and code lists say, by name, in their order.

    Free texts keep the marks of their sources.
    """
    language, things = words.language, [*_of_edition(words), *_dated(words), *_terms(words)]
    return {name: _translated(thing, language) for name, thing in things}


def _of_edition(words: Vocabulary) -> Iterator[tuple[str, Thing | Translated]]:
    edition = words.edition
    helpline, publisher = edition.helpline, edition.publisher
    before = words.comparison.period if words.comparison else None
    missing = Reason(code="no_comparison")
    yield "year", dates.year(edition.period)
    yield "period", edition.period
    yield "year.previous", dates.year(before) if before else missing
    yield "period.previous", before or missing
    yield "title", edition.title
    yield "helpline", helpline.name
    yield "helpline.name", helpline.name
    yield "helpline.full_name", helpline.full_name
    yield "helpline.website", helpline.website
    yield "publisher", publisher.name
    yield "licence", publisher.licence
    yield "n.helplines", len(helpline.lines)
    yield "n.open_days", edition.calendar.open_days(edition.period)
    yield "n.campaigns", len(edition.campaigns)
    yield "n.events", len(edition.events)
    for name, fact in edition.facts.items():
        yield f"fact.{name}", fact


def _dated(words: Vocabulary) -> Iterator[tuple[str, Thing | Translated]]:
    """Campaigns and events."""
    for campaign in words.edition.campaigns:
        head = f"campaign.{campaign.id}"
        window = Period(start=campaign.start, end=campaign.end)
        yield f"{head}.name", campaign.name
        yield f"{head}.goal", campaign.goal
        yield f"{head}.means", campaign.means
        yield f"{head}.window", dates.span(words.idiom, window)
        yield f"{head}.start", campaign.start
        yield f"{head}.end", campaign.end
        if campaign.target:
            yield f"{head}.target", campaign.target.name
    for event in words.edition.events:
        yield f"event.{event.id}.name", event.name
        yield f"event.{event.id}.date", event.date
        yield f"event.{event.id}.source", event.source


def _terms(words: Vocabulary) -> Iterator[tuple[str, Thing | Translated]]:
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
