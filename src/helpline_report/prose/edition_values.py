"""List what the parameters of an edition say: placeholders that are no figures."""

from helpline_report.figures.model import Reason
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.values import Period, Translated, remove_marks
from helpline_report.prose.forms import Thing, list_fitting_forms
from helpline_report.prose.numbers import Idiom
from helpline_report.prose.vocabulary import Vocabulary


def list_parameter_forms(words: Vocabulary) -> dict[str, list[str]]:
    """The forms that fit each name of `list_parameter_things`; a text is written one way."""
    return {
        name: [] if isinstance(thing, str | Reason) else list_fitting_forms(thing)
        for name, thing in list_parameter_things(words).items()
    }


def list_names_with_numbers(idiom: Idiom, edition: Edition) -> tuple[str, ...]:
    """The names and facts with a number in them, which texts may write as they are: '1712'."""
    helpline, language = edition.helpline, idiom.language
    facts = [_translated(fact, language) for fact in edition.facts.values()]
    ages = [*edition.age_classes, *edition.person_ages]
    names = [
        *(helpline.name, helpline.full_name.in_language(language)),
        *(remove_marks(fact) for fact in facts if isinstance(fact, str)),
        *(age.label.in_language(language) for age in ages),
        *(idiom.ages(age) for age in ages),
    ]
    return tuple(name for name in dict.fromkeys(names) if any(map(str.isdigit, name)))


def _translated(thing: Thing | Translated, language: str) -> Thing:
    """A text in a language, with the marks of its sources; anything else as it is."""
    return thing.with_marks(language) if isinstance(thing, Translated) else thing


def list_parameter_things(words: Vocabulary) -> dict[str, Thing]:
    """Everything that the parameters say, by name, in their order.

    Free texts keep the marks of their sources.
    """
    edition, idiom = words.edition, words.idiom
    helpline = edition.helpline
    before = words.comparison.period if words.comparison else None
    missing = Reason(code="no_comparison")
    things: dict[str, Thing | Translated] = {
        "year": idiom.year(edition.period),
        "period": edition.period,
        "year.previous": idiom.year(before) if before else missing,
        "period.previous": before or missing,
        "title": edition.title,
        "helpline": helpline.name,
        "helpline.name": helpline.name,
        "helpline.full_name": helpline.full_name,
        "helpline.website": helpline.website,
        "publisher": edition.publisher.name,
        "licence": edition.publisher.licence,
        "n.helplines": len(helpline.lines),
        "n.open_days": edition.calendar.open_days(edition.period),
        "n.campaigns": len(edition.campaigns),
        "n.events": len(edition.events),
        **{f"fact.{name}": fact for name, fact in edition.facts.items()},
    }
    for campaign in edition.campaigns:
        window = Period(start=campaign.start, end=campaign.end)
        parts: dict[str, Thing | Translated] = {
            **{key: getattr(campaign, key) for key in ("name", "goal", "means")},
            "window": idiom.span(window),
            "start": campaign.start,
            "end": campaign.end,
            **({"target": campaign.target.name} if campaign.target else {}),
        }
        things |= {f"campaign.{campaign.id}.{key}": part for key, part in parts.items()}
    for event in edition.events:
        for key in ("name", "date", "source"):
            things[f"event.{event.id}.{key}"] = getattr(event, key)
    things |= {f"age.{ages.code}": idiom.ages(ages) for ages in edition.age_classes}
    things |= {f"person_age.{ages.code}": idiom.ages(ages) for ages in edition.person_ages}
    return {name: _translated(thing, words.language) for name, thing in things.items()}
